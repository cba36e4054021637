#!/usr/bin/python
# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: yandex_backup_resource_info
short_description: Read the resources of Yandex Cloud Backup
version_added: 0.1.0
description:
  - Reads what a folder protects, or could protect, from Yandex Cloud Backup. That is Compute instances, bare metal
    servers and external machines.
  - The list is read to its end. If anything is missing the module fails, and the failure carries what was read.
author:
  - multivendor.backup contributors (@multivendor-backup)
extends_documentation_fragment:
  - multivendor.backup._attributes.info
  - multivendor.backup._yandex
  - multivendor.backup._connection
options:
  folder_id:
    description:
      - Id of the folder. Required, unless E(YC_FOLDER_ID) is set.
    type: str
  type:
    description:
      - Return only resources of this type, for example V(COMPUTE), V(BMS), V(EXTERNAL_VM) or V(EXTERNAL_SERVER).
    type: str
seealso:
  - module: multivendor.backup.yandex_backup_task_info
  - name: Resource.list
    description: The API behind this module.
    link: https://yandex.cloud/en/docs/backup/backup/api-ref/Resource/list
"""

EXAMPLES = r"""
- name: Read what a folder protects
  multivendor.backup.yandex_backup_resource_info:
    folder_id: b1gvmob95yysaplct532
    service_account_key_file: /etc/backup-report/sa-key.json
  register: protected

- name: Show the machines that did not register
  ansible.builtin.debug:
    msg: "{{ item.compute_instance_id }}: {{ item.metadata }}"
  loop: "{{ protected.resources | selectattr('init_status', 'eq', 'FAILED_REGISTRATION') }}"
  loop_control:
    label: "{{ item.resource_id }}"

# Token and folder come from the environment: YC_IAM_TOKEN and YC_FOLDER_ID
- name: Read only the Compute instances
  multivendor.backup.yandex_backup_resource_info:
    type: COMPUTE

- name: Use a key that is kept in the vault
  multivendor.backup.yandex_backup_resource_info:
    folder_id: b1gvmob95yysaplct532
    service_account_key: "{{ vault_yandex_service_account_key }}"

- name: Read from a bastion, as the service account of that VM
  multivendor.backup.yandex_backup_resource_info:
    folder_id: b1gvmob95yysaplct532
    instance_metadata: true
  delegate_to: bastion.example.com
"""

RETURN = r"""
resources:
  description:
    - The resources, in the order of the API, which promises none.
    - The API's own fields in snake case. Times are RFC 3339 in UTC. What the API leaves out is V(null).
  returned: always, unless the module fails before its first request
  type: list
  elements: dict
  contains:
    compute_instance_id:
      description: Id of the Compute instance, V(null) for machines that are none.
      type: str
      returned: always
      sample: fhmc3j5kqalt28l8mtqu
    created_at:
      description: When the resource was connected.
      type: str
      returned: always
      sample: '2026-02-03T09:12:44Z'
    updated_at:
      description: When it last changed.
      type: str
      returned: always
      sample: '2026-11-21T01:56:02.569Z'
    online:
      description: Whether the machine can be reached.
      type: bool
      returned: always
      sample: true
    enabled:
      description: Whether backups are switched on for it.
      type: bool
      returned: always
      sample: true
    status:
      description: What it is doing, for example V(IDLE), V(BACKUPING), V(RECOVERING), V(FAILED) or V(OTHER).
      type: str
      returned: always
      sample: IDLE
    status_details:
      description: More about the status, mostly if it is V(FAILED) or V(OTHER).
      type: str
      returned: always
      sample: Not enough space on the storage.
    status_progress:
      description: How far a backup or recovery has got.
      type: int
      returned: always
      sample: 42
    last_backup_time:
      description:
        - When it was last backed up.
        - The API does not say whether that backup succeeded. M(multivendor.backup.yandex_backup_task_info) does.
      type: str
      returned: always
      sample: '2026-11-21T01:56:02Z'
    next_backup_time:
      description: When the next backup is due.
      type: str
      returned: always
      sample: '2026-11-22T01:30:00Z'
    resource_id:
      description: Id of the resource in the backup service.
      type: str
      returned: always
      sample: 5a7c2f40-6d0c-4a7b-9a52-0d5c4f4b8b11
    is_active:
      description: Whether the instance controls this resource. If not, it cannot be backed up by it.
      type: bool
      returned: always
      sample: true
    init_status:
      description:
        - How the registration went, for example V(REGISTERING), V(REGISTRED), V(FAILED_REGISTRATION) or V(DELETED).
      type: str
      returned: always
      sample: REGISTRED
    metadata:
      description: More about the registration, while it runs or when it failed.
      type: str
      returned: always
      sample: The agent could not reach the registration service.
    type:
      description: What kind of machine it is.
      type: str
      returned: always
      sample: COMPUTE
    tenant_info:
      description: Whom the resource belongs to, where the API says so.
      type: dict
      returned: always
      contains:
        folder_id:
          description: Id of the folder.
          type: str
          returned: always
          sample: b1gvmob95yysaplct532
        personal_tenant_id:
          description: Id of the tenant in the backup service.
          type: str
          returned: always
          sample: '4182744'
        user_id:
          description: Id of the user in the backup service.
          type: str
          returned: always
          sample: 2f0c7f5e-4a2b-4d0e-8e5b-3f1f0b8f2c7d
    agent_info:
      description: The backup agent on the machine, where the API says so.
      type: dict
      returned: always
      contains:
        current_version:
          description: Version of the agent.
          type: str
          returned: always
          sample: '24.1.38235'
        latest_version:
          description: The newest version there is.
          type: str
          returned: always
          sample: '25.3.39870'
        can_update:
          description: Whether it can be updated.
          type: bool
          returned: always
          sample: true
    additional_fields:
      description: Fields that this module does not know, or whose values have an unexpected type, as the API sent them.
      type: dict
      returned: always
      sample: {}
listing:
  description: How the list was read, and whether it is complete. An incomplete list makes the module fail.
  returned: always, unless the module fails before its first request
  type: dict
  sample:
    complete: true
    incomplete_reason:
    failed_scopes: []
    pages: 3
    received: 2417
    returned: 2417
    duplicates: 0
    server_total: 2417
    requests: 3
    retries: 0
    throttled: 0
    elapsed_seconds: 0.412
  contains:
    complete:
      description: Whether everything that the server has was read.
      type: bool
      returned: always
    incomplete_reason:
      description:
        - Why the list is incomplete, V(null) when it is complete.
        - One of V(repeated_token), V(page_missing), V(total_mismatch), V(list_moved), V(deadline), V(failed_scopes) and
          V(source_failed).
      type: str
      returned: always
    failed_scopes:
      description: What could not be read, when several lists are read side by side.
      type: list
      elements: dict
      returned: always
      contains:
        scope:
          description: The id whose list could not be read.
          type: str
          returned: always
        incomplete_reason:
          description: Why, in the words of RV(listing.incomplete_reason).
          type: str
          returned: always
        code:
          description: The kind of error, see RV(error.code).
          type: str
          returned: always
        provider_code:
          description: The provider's own code.
          type: str
          returned: always
        provider:
          description: The provider's key.
          type: str
          returned: always
        source:
          description: The name of the source, V(null) in modules that read only one.
          type: str
          returned: always
        http_status:
          description: The HTTP status, if there was an answer.
          type: int
          returned: always
        message:
          description: What went wrong.
          type: str
          returned: always
        request_id:
          description: The provider's id of the failed request, for its support.
          type: str
          returned: always
        hint:
          description: What to do next.
          type: str
          returned: always
    pages:
      description: Number of pages that were read.
      type: int
      returned: always
    received:
      description: Number of records that were read, each counted once, before filters of the module.
      type: int
      returned: always
    returned:
      description: Number of records in the result.
      type: int
      returned: always
    duplicates:
      description: Number of records that came more than once and were dropped.
      type: int
      returned: always
    server_total:
      description: Number of records by the server's own count, V(null) if it gives none.
      type: int
      returned: always
    requests:
      description: Number of HTTP requests, with those for logging in.
      type: int
      returned: always
    retries:
      description: Number of requests that were repeats.
      type: int
      returned: always
    throttled:
      description: Number of times the server asked to slow down.
      type: int
      returned: always
    elapsed_seconds:
      description: Seconds that the reading took.
      type: float
      returned: always
error:
  description: What went wrong, for programs; RV(ignore:msg) says the same for people.
  returned: failure
  type: dict
  sample:
    code: forbidden
    provider_code: PERMISSION_DENIED
    provider: yandex
    source:
    http_status: 403
    message: Permission denied
    request_id: 8f2e1c7a-5b0e-4b55-9d0c-2a6f1f7e0c11
    hint: Give the account the role backup.viewer on the folder.
  contains:
    code:
      description:
        - The kind of error.
        - One of V(bad_option), V(missing_library), V(auth_failed), V(forbidden), V(not_found), V(rejected),
          V(throttled), V(unavailable), V(timeout), V(deadline), V(tls), V(connection), V(redirect), V(bad_answer),
          V(too_large), V(incomplete), V(session_expired), V(unsupported), V(task_failed) and V(defect).
      type: str
      returned: always
    provider_code:
      description: The provider's own code.
      type: str
      returned: always
    provider:
      description: The provider's key.
      type: str
      returned: always
    source:
      description: The name of the source, V(null) in modules that read only one.
      type: str
      returned: always
    http_status:
      description: The HTTP status, if there was an answer.
      type: int
      returned: always
    message:
      description: What went wrong, without the secrets that a server may have repeated.
      type: str
      returned: always
    request_id:
      description: The provider's id of the failed request, for its support.
      type: str
      returned: always
    hint:
      description: What to do next.
      type: str
      returned: always
"""

from ..module_utils._ansible.module import run_list
from ..module_utils._yandex.client import YandexClient
from ..module_utils._yandex.options import YANDEX


def main() -> None:
    run_list(
        YANDEX.merge(
            {
                "folder_id": {"type": "str"},
                "type": {"type": "str"},
            },
        ),
        YandexClient,
        YandexClient.resources,
        returns="resources",
    )


if __name__ == "__main__":
    main()
