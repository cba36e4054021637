#!/usr/bin/python
# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: veeam_backup_task_info
short_description: Read the tasks of a Veeam logon session
version_added: 0.1.0
description:
  - Reads the tasks of Veeam Backup Enterprise Manager. A task is a request to the system, like the start of a job.
  - Tasks belong to the logon session that began them. With O(session_token) the module reads those of that session.
    Without it the module logs on anew, and a new session has no tasks. The module says so in a warning.
  - A task V(StartJob) that succeeded has started a job, no more. It is no backup. What became of the backup is in
    M(multivendor.backup.veeam_backup_session_info), under the link that the task has.
  - The list is read to its end. If anything is missing the module fails, and the failure carries what was read.
  - If the session ends while it is read, the module fails with RV(error.code=session_expired). It never logs on again,
    for the tasks went with the session.
author:
  - multivendor.backup contributors (@multivendor-backup)
extends_documentation_fragment:
  - multivendor.backup._attributes.info
  - multivendor.backup._veeam
  - multivendor.backup._connection
options:
  task_ids:
    description:
      - Ids of the tasks to read, for example V(task-5). By default all tasks of the session are read.
      - A task that the session does not have makes the module fail.
    type: list
    elements: str
  states:
    description:
      - Return only tasks in these states. The API knows V(Running), V(OperationFinished) (the server has finished, but
        Enterprise Manager has not collected the data yet) and V(Finished).
    type: list
    elements: str
  operations:
    description:
      - Return only tasks with these operations, for example V(StartJob), V(StopJob) or V(VmRestore).
    type: list
    elements: str
notes:
  - A task has no times. The API does not tell when it began or ended.
seealso:
  - module: multivendor.backup.veeam_logon_session
  - module: multivendor.backup.veeam_backup_session_info
  - name: GET /query?type=Task
    description: The API behind this module.
    link: https://helpcenter.veeam.com/docs/backup/em_rest/get_query_task.html
"""

EXAMPLES = r"""
- name: Read the tasks of a session that is open already
  multivendor.backup.veeam_backup_task_info:
    url: https://em.example.com:9398
    session_token: "{{ em_session_token }}"
    ca_path: /etc/pki/em.pem
  register: asked

- name: Show the requests that failed
  ansible.builtin.debug:
    msg: "{{ item.operation }}: {{ item.result.message }}"
  loop: "{{ asked.tasks | selectattr('result.success', 'false') }}"
  loop_control:
    label: "{{ item.task_id }}"

# Address and token come from the environment: VEEAM_EM_URL and VEEAM_EM_SESSION_TOKEN
- name: Wait until two tasks have ended
  multivendor.backup.veeam_backup_task_info:
    task_ids: [task-5, task-6]
  register: started
  until: started.tasks | rejectattr('state', 'eq', 'Finished') | length == 0
  retries: 30
  delay: 10

- name: Read which jobs were started
  multivendor.backup.veeam_backup_task_info:
    url: https://em.example.com:9398
    session_token: "{{ em_session_token }}"
    ca_path: /etc/pki/em.pem
    states: [Finished]
    operations: [StartJob]

- name: Open a session, work with it, and close it
  module_defaults:
    group/multivendor.backup.veeam:
      url: https://em.example.com:9398
      ca_path: /etc/pki/em.pem
  block:
    - name: Log on with a password that is kept in the vault
      multivendor.backup.veeam_logon_session:
        username: EXAMPLE\svc-backup
        password: "{{ vault_veeam_password }}"
      register: em
      no_log: true
      check_mode: false

    - name: Read the tasks of this session
      multivendor.backup.veeam_backup_task_info:
        session_token: "{{ em.session_token }}"
  always:
    - name: Log off
      multivendor.backup.veeam_logon_session:
        state: absent
        session_id: "{{ em.session_id }}"
        session_token: "{{ em.session_token }}"
      when: em is success
      no_log: true
      check_mode: false

- name: Read from a bastion that may reach Enterprise Manager
  multivendor.backup.veeam_backup_task_info:
    url: https://em.example.com:9398
    session_token: "{{ em_session_token }}"
    ca_path: /etc/pki/em.pem
  delegate_to: bastion.example.com
"""

RETURN = r"""
tasks:
  description:
    - The tasks, in the order of O(task_ids), or else in that of the API, which promises none.
    - The API's own fields in snake case. What the API leaves out is V(null).
  returned: always, unless the module fails before its first request
  type: list
  elements: dict
  contains:
    task_id:
      description: Id of the task, good only within its session.
      type: str
      returned: always
      sample: task-5
    type:
      description: What kind of record it is.
      type: str
      returned: always
      sample: Task
    href:
      description: Address of the task.
      type: str
      returned: always
      sample: https://em.example.com:9398/api/tasks/task-5
    links:
      description: Links to related things.
      type: list
      elements: dict
      returned: always
      contains:
        rel:
          description: How it is related to the task.
          type: str
          returned: always
          sample: Related
        type:
          description: What it is.
          type: str
          returned: always
          sample: BackupJobSession
        href:
          description: Address of it.
          type: str
          returned: always
          sample: https://em.example.com:9398/api/backupSessions/35c24055-bdee-4e43-b655-a42de408d2ec?format=Entity
        name:
          description: Its name.
          type: str
          returned: always
          sample: Nightly@2026-11-21 01:30:00
    state:
      description: Where the task stands. V(Finished) is the only end, whatever the outcome.
      type: str
      returned: always
      sample: Finished
    operation:
      description: What was asked for.
      type: str
      returned: always
      sample: StartJob
    result:
      description: The outcome of the request. Its fields are V(null) until the task has ended.
      type: dict
      returned: always
      contains:
        success:
          description: Whether the system did what was asked for.
          type: bool
          returned: always
          sample: true
        message:
          description: What the server says about it.
          type: str
          returned: always
          sample: Ok
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
from ..module_utils._veeam.client import VeeamClient
from ..module_utils._veeam.options import VEEAM


def main() -> None:
    run_list(
        VEEAM.merge(
            {
                "task_ids": {"type": "list", "elements": "str"},
                "states": {"type": "list", "elements": "str"},
                "operations": {"type": "list", "elements": "str"},
            },
        ),
        VeeamClient,
        VeeamClient.tasks,
        returns="tasks",
    )


if __name__ == "__main__":
    main()
