#!/usr/bin/python
# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: petadata_backup_task_info
short_description: Read the tasks of Alibaba Cloud PetaData instances
version_added: 0.1.0
description:
  - Reads the tasks (backups, restores, and what else an instance does) of Alibaba Cloud PetaData, which is HybridDB for
    MySQL.
  - The API has tasks by instance only, and no list of instances. The lists of several instances are read side by side.
  - The API leaves out tasks that succeeded, were closed or were canceled, unless it is asked for them. This module
    always asks for all that O(task_statuses) names.
  - Each list is read to its end. If anything is missing the module fails, and the failure carries what was read.
author:
  - multivendor.backup contributors (@multivendor-backup)
extends_documentation_fragment:
  - multivendor.backup._attributes.info
  - multivendor.backup._petadata
  - multivendor.backup._connection
options:
  instance_ids:
    description:
      - Ids of the instances to read the tasks of.
    type: list
    elements: str
    required: true
  task_action:
    description:
      - Return only tasks with this action, for example V(CreateDatabaseBackup), V(RestoreDatabase) or
        V(ModifyBackupPolicy). By default all actions are returned.
    type: str
  task_statuses:
    description:
      - Return only tasks with these statuses. V(0) is not started, V(1) in progress, V(2) success, V(3) failed, V(4)
        closed, V(5) canceled. By default all six are returned.
    type: list
    elements: str
    choices: ['0', '1', '2', '3', '4', '5']
    default: ['0', '1', '2', '3', '4', '5']
  start_time:
    description:
      - The beginning of the period to read. An RFC 3339 time, or an age like V(24h) or V(7d).
      - If not given, it is 24 hours before O(end_time).
    type: str
  end_time:
    description:
      - The end of the period to read. An RFC 3339 time, or an age like V(24h) or V(7d).
      - If not given, it is the present moment.
    type: str
seealso:
  - name: aliyun-python-sdk-petadata
    description: The vendor's own client of the API behind this module, DescribeTasks of version 2016-01-01.
    link: https://pypi.org/project/aliyun-python-sdk-petadata/
"""

EXAMPLES = r"""
- name: Read the tasks of the last 24 hours
  multivendor.backup.petadata_backup_task_info:
    instance_ids: [pd-bp1x2y3z4a5b6c7d]
    access_key_id: LTAI5tExampleExample
    access_key_secret: "{{ vault_alibaba_access_key_secret }}"
  register: night

- name: Show what failed, and why
  ansible.builtin.debug:
    msg: "{{ item.instance_id }} {{ item.db_name }}: {{ item.progress_info }}"
  loop: "{{ night.tasks | selectattr('status', 'eq', '3') }}"
  loop_control:
    label: "{{ item.task_id }}"

# The access key comes from the environment: ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY
- name: Read a week of backups that failed or were canceled
  multivendor.backup.petadata_backup_task_info:
    instance_ids:
      - pd-bp1x2y3z4a5b6c7d
      - pd-bp9z8y7x6w5v4u3t
    task_action: CreateDatabaseBackup
    task_statuses: ['3', '5']
    start_time: 7d

- name: Read a certain period with a temporary key of STS
  multivendor.backup.petadata_backup_task_info:
    instance_ids: [pd-bp1x2y3z4a5b6c7d]
    access_key_id: "{{ sts.access_key_id }}"
    access_key_secret: "{{ sts.access_key_secret }}"
    security_token: "{{ sts.security_token }}"
    start_time: "2026-11-20T00:00:00Z"
    end_time: "2026-11-21T00:00:00Z"

- name: Read from a bastion, with the access key of the bastion's environment
  multivendor.backup.petadata_backup_task_info:
    instance_ids: [pd-bp1x2y3z4a5b6c7d]
  delegate_to: bastion.example.com
"""

RETURN = r"""
tasks:
  description:
    - The tasks, in the order of O(instance_ids), and within one instance in the order of the API, which promises none.
    - The API's own fields in snake case. Times are RFC 3339 in UTC. What the API leaves out is V(null).
  returned: always, unless the module fails before its first request
  type: list
  elements: dict
  contains:
    task_id:
      description: Id of the task, unique within its instance only.
      type: str
      returned: always
      sample: '1017'
    begin_time:
      description: When the task began.
      type: str
      returned: always
      sample: '2026-11-21T01:35:02Z'
    finish_time:
      description: When it ended.
      type: str
      returned: always
      sample: '2026-11-21T01:56:02Z'
    expected_finish_time:
      description: When it is expected to end.
      type: str
      returned: always
      sample: '2026-11-21T02:35:02Z'
    status:
      description: Where the task stands, and its outcome, see O(task_statuses). V(2), V(3), V(4) and V(5) are the ends.
      type: str
      returned: always
      sample: '2'
    task_action:
      description: What the task does.
      type: str
      returned: always
      sample: CreateDatabaseBackup
    progress:
      description: How far the task has got. The API does not say in which form.
      type: str
      returned: always
      sample: 100%
    db_name:
      description: Name of the database.
      type: str
      returned: always
      sample: orders
    progress_info:
      description: What the server says about the task, errors included.
      type: str
      returned: always
      sample: Copying data files.
    instance_id:
      description: Id of the instance.
      type: str
      returned: always
      sample: pd-bp1x2y3z4a5b6c7d
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
from ..module_utils._petadata.client import PetaDataClient
from ..module_utils._petadata.options import PETADATA
from ..module_utils._petadata.records import STATUSES


def main() -> None:
    run_list(
        PETADATA.merge(
            {
                "instance_ids": {"type": "list", "elements": "str", "required": True},
                "task_action": {"type": "str"},
                "task_statuses": {
                    "type": "list",
                    "elements": "str",
                    "choices": list(STATUSES),
                    "default": list(STATUSES),
                },
                "start_time": {"type": "str"},
                "end_time": {"type": "str"},
            },
        ),
        PetaDataClient,
        PetaDataClient.tasks,
        returns="tasks",
    )


if __name__ == "__main__":
    main()
