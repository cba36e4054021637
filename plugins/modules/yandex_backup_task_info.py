#!/usr/bin/python
# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: yandex_backup_task_info
short_description: Read the backup tasks of Yandex Cloud Backup
version_added: 0.1.0
description:
  - Reads the tasks (backups, recoveries, retention and policy changes) of Compute instances from Yandex Cloud Backup.
  - The API has tasks by instance only, without any filter or order. For a whole folder the module reads the list of
    resources first, and then the tasks of all of them side by side.
  - The list is read to its end. If anything is missing the module fails, and the failure carries what was read.
author:
  - multivendor.backup contributors (@multivendor-backup)
extends_documentation_fragment:
  - multivendor.backup._attributes.info
  - multivendor.backup._yandex
  - multivendor.backup._connection
options:
  compute_instance_ids:
    description:
      - Ids of the Compute instances to read the tasks of.
      - Mutually exclusive with O(folder_id).
    type: list
    elements: str
  folder_id:
    description:
      - Id of a folder, to read the tasks of all its resources.
      - If neither this nor O(compute_instance_ids) is given, E(YC_FOLDER_ID) counts.
      - Resources that are no Compute instances (external servers) have no tasks in the API. A warning names them.
    type: str
  types:
    description:
      - Return only tasks of these types, for example V(BACKUP), V(RECOVERY), V(RETENTION), V(APPLY_POLICY) or
        V(REVOKE_POLICY).
    type: list
    elements: str
  statuses:
    description:
      - Return only tasks with these statuses, for example V(ENQUEUED), V(ASSIGNED), V(STARTED), V(PAUSED) or
        V(COMPLETED).
      - V(COMPLETED) says nothing about the outcome. See O(result_codes) for it.
    type: list
    elements: str
  result_codes:
    description:
      - Return only tasks with these results, for example V(OK), V(WARNING), V(ERROR), V(CANCELLED), V(ABANDONED) or
        V(TIMEDOUT).
    type: list
    elements: str
  since:
    description:
      - Return only tasks that were enqueued at this time or later. An RFC 3339 time, or an age like V(24h) or V(7d).
      - Tasks without such a time are always returned.
    type: str
  until:
    description:
      - Return only tasks that were enqueued before this time. An RFC 3339 time, or an age like V(24h) or V(7d).
    type: str
seealso:
  - module: multivendor.backup.yandex_backup_resource_info
  - name: Resource.listTasks
    description: The API behind this module.
    link: https://yandex.cloud/en/docs/backup/backup/api-ref/Resource/listTasks
"""

EXAMPLES = r"""
- name: Read the backups of the last day in a folder
  multivendor.backup.yandex_backup_task_info:
    folder_id: b1gvmob95yysaplct532
    service_account_key_file: /etc/backup-report/sa-key.json
    types: [BACKUP]
    since: 24h
  register: night

- name: Show what failed, and why
  ansible.builtin.debug:
    msg: "{{ item.compute_instance_id }}: {{ item.result_code }} {{ item.error }}"
  loop: "{{ night.tasks | rejectattr('result_code', 'in', ['OK', 'WARNING', none]) }}"
  loop_control:
    label: "{{ item.id }}"

# The token comes from the environment: YC_IAM_TOKEN
- name: Read the tasks of two instances
  multivendor.backup.yandex_backup_task_info:
    compute_instance_ids:
      - epdlhlmjl1tabcdefgh1
      - epdlhlmjl1tabcdefgh2

- name: Use a key that is kept in the vault
  multivendor.backup.yandex_backup_task_info:
    folder_id: b1gvmob95yysaplct532
    service_account_key: "{{ vault_yandex_service_account_key }}"
    statuses: [STARTED, PAUSED]

- name: Read from a bastion, as the service account of that VM
  multivendor.backup.yandex_backup_task_info:
    folder_id: b1gvmob95yysaplct532
    instance_metadata: true
  delegate_to: bastion.example.com
"""

RETURN = r"""
tasks:
  description:
    - The tasks, in the order of the instances, and within one instance in the order of the API, which promises none.
    - The API's own fields in snake case. Times are RFC 3339 in UTC. What the API leaves out is V(null).
  returned: always, unless the module fails before its first request
  type: list
  elements: dict
  contains:
    id:
      description: Id of the task. It is text, for it may be larger than other programs can count.
      type: str
      returned: always
      sample: '9007199254741023'
    cancellable:
      description: Whether the task can be cancelled. Cloud Backup does not support that yet.
      type: bool
      returned: always
    policy_id:
      description: Id of the backup policy.
      type: str
      returned: always
      sample: cbpvtdjvc6dm6100h15q
    type:
      description: What the task does.
      type: str
      returned: always
      sample: BACKUP
    progress:
      description: How far the task has got.
      type: dict
      returned: always
      contains:
        current:
          description: What is done.
          type: int
          returned: always
          sample: 156492
        total:
          description: What is to be done.
          type: int
          returned: always
          sample: 156492
    status:
      description: Where the task stands. V(COMPLETED) is the only end, whatever the outcome.
      type: str
      returned: always
      sample: COMPLETED
    enqueued_at:
      description: When the task was queued.
      type: str
      returned: always
      sample: '2026-11-21T01:34:19Z'
    started_at:
      description: When it began.
      type: str
      returned: always
      sample: '2026-11-21T01:35:02.016034Z'
    updated_at:
      description: When it last changed.
      type: str
      returned: always
      sample: '2026-11-21T01:56:02.569Z'
    completed_at:
      description: When it ended.
      type: str
      returned: always
      sample: '2026-11-21T01:56:02.569745Z'
    compute_instance_id:
      description: Id of the Compute instance.
      type: str
      returned: always
      sample: fhmc3j5kqalt28l8mtqu
    result_code:
      description: The outcome.
      type: str
      returned: always
      sample: OK
    error:
      description: Why the task failed.
      type: str
      returned: always
      sample: Not enough space on the storage.
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
                "compute_instance_ids": {"type": "list", "elements": "str"},
                "folder_id": {"type": "str"},
                "types": {"type": "list", "elements": "str"},
                "statuses": {"type": "list", "elements": "str"},
                "result_codes": {"type": "list", "elements": "str"},
                "since": {"type": "str"},
                "until": {"type": "str"},
            },
            mutually_exclusive=[("compute_instance_ids", "folder_id")],
        ),
        YandexClient,
        YandexClient.tasks,
        returns="tasks",
    )


if __name__ == "__main__":
    main()
