#!/usr/bin/python
# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: veeam_backup_session_info
short_description: Read what Veeam jobs did
version_added: 0.1.0
description:
  - Reads the sessions of jobs, of single machines in them, and of restores from Veeam Backup Enterprise Manager.
  - A session is one run. It has times, a state and a result, so this is where to see what was backed up.
  - The server keeps sessions for about 30 days, depending on its settings. Older ones are not in the list.
  - The server filters, and the module checks. The list is read to its end. If anything is missing the module fails, and
    the failure carries what was read.
author:
  - multivendor.backup contributors (@multivendor-backup)
extends_documentation_fragment:
  - multivendor.backup._attributes.info
  - multivendor.backup._veeam
  - multivendor.backup._connection
options:
  kind:
    description:
      - The kind of sessions to read. V(job) is one run of a backup job, V(item) one machine in such a run, V(restore) a
        restore, V(replica_job) one run of a replication job, V(replica_item) one machine in such a run.
      - Only V(item) and V(replica_item) say for each machine whether it was saved. A job ends with V(Failed) if one
        machine of many failed.
    type: str
    choices: [job, item, restore, replica_job, replica_item]
    default: job
  since:
    description:
      - Return only sessions that were created at this time or later. An RFC 3339 time, or an age like V(24h) or V(7d).
      - Sessions without such a time are always returned.
    type: str
  until:
    description:
      - Return only sessions that were created before this time. An RFC 3339 time, or an age like V(24h) or V(7d).
    type: str
  states:
    description:
      - Return only sessions in these states.
      - Jobs and restores have, for example, V(Starting), V(Working), V(Postprocessing), V(Stopping), V(Stopped) and
        V(Idle), items V(Pending), V(InProgress) and V(Completed).
    type: list
    elements: str
  results:
    description:
      - Return only sessions with these results. The API knows V(None), V(Success), V(Warning) and V(Failed).
      - A result counts only when the session has ended. An item V(InProgress) may already carry V(Success). Read the
        state first.
    type: list
    elements: str
  job_names:
    description:
      - Return only sessions of jobs with these names. Restores have no job.
    type: list
    elements: str
seealso:
  - module: multivendor.backup.veeam_backup_task_info
  - module: multivendor.backup.veeam_logon_session
  - name: Queries
    description: The API behind this module.
    link: https://helpcenter.veeam.com/docs/backup/em_rest/query_service.html
"""

EXAMPLES = r"""
- name: Read the job runs of the last day
  multivendor.backup.veeam_backup_session_info:
    url: https://em.example.com:9398
    username: EXAMPLE\svc-backup
    password: "{{ vault_veeam_password }}"
    ca_path: /etc/pki/em.pem
    since: 24h
  register: night

- name: Show what failed, and why
  ansible.builtin.debug:
    msg: "{{ item.job_name }}: {{ item.failure_message }}"
  loop: "{{ night.sessions | selectattr('state', 'eq', 'Stopped') | selectattr('result', 'eq', 'Failed') }}"
  loop_control:
    label: "{{ item.uid }}"

- name: Read which machines of two jobs were not saved
  multivendor.backup.veeam_backup_session_info:
    url: https://em.example.com:9398
    username: EXAMPLE\svc-backup
    password: "{{ vault_veeam_password }}"
    ca_path: /etc/pki/em.pem
    kind: item
    states: [Completed]
    results: [Warning, Failed]
    job_names:
      - SAP HANA nightly
      - File servers
    since: 24h

# Address and password come from the environment: VEEAM_EM_URL, VEEAM_EM_USERNAME and VEEAM_EM_PASSWORD
- name: Read the restores of a month
  multivendor.backup.veeam_backup_session_info:
    kind: restore
    since: 30d

- name: Read with a session that is open already
  multivendor.backup.veeam_backup_session_info:
    url: https://em.example.com:9398
    session_token: "{{ em_session_token }}"
    ca_path: /etc/pki/em.pem
    kind: replica_job
    since: "2026-11-20T00:00:00Z"
    until: "2026-11-21T00:00:00Z"

- name: Read from a bastion, with the password of the bastion's environment
  multivendor.backup.veeam_backup_session_info:
    url: https://em.example.com:9398
    ca_path: /etc/pki/em.pem
    since: 24h
  delegate_to: bastion.example.com
"""

RETURN = r"""
sessions:
  description:
    - The sessions, the oldest first.
    - The API's own fields in snake case, the same for all kinds. Times are RFC 3339 in UTC. What the API leaves out, or
      a kind does not have, is V(null).
  returned: always, unless the module fails before its first request
  type: list
  elements: dict
  contains:
    uid:
      description: Id of the session.
      type: str
      returned: always
      sample: urn:veeam:BackupJobSession:35c24055-bdee-4e43-b655-a42de408d2ec
    name:
      description: Name of the session.
      type: str
      returned: always
      sample: SAP HANA nightly@2026-11-21 01:30:00
    type:
      description: What kind of record it is.
      type: str
      returned: always
      sample: BackupJobSession
    href:
      description: Address of the session.
      type: str
      returned: always
      sample: https://em.example.com:9398/api/backupSessions/35c24055-bdee-4e43-b655-a42de408d2ec?format=Entity
    links:
      description: Links to related things.
      type: list
      elements: dict
      returned: always
      contains:
        rel:
          description: How it is related to the session.
          type: str
          returned: always
          sample: Up
        type:
          description: What it is.
          type: str
          returned: always
          sample: JobReference
        href:
          description: Address of it.
          type: str
          returned: always
          sample: https://em.example.com:9398/api/jobs/b0d7b298-3bbc-4e01-8a78-068cb98b5412
        name:
          description: Its name.
          type: str
          returned: always
          sample: SAP HANA nightly
    job_uid:
      description: Id of the job.
      type: str
      returned: always
      sample: urn:veeam:Job:b0d7b298-3bbc-4e01-8a78-068cb98b5412
    job_name:
      description: Name of the job.
      type: str
      returned: always
      sample: SAP HANA nightly
    job_type:
      description: Type of the job.
      type: str
      returned: always
      sample: Backup
    job_session_uid:
      description: Id of the job's session that an item belongs to.
      type: str
      returned: always
      sample: urn:veeam:BackupJobSession:35c24055-bdee-4e43-b655-a42de408d2ec
    creation_time_utc:
      description: When the session was created.
      type: str
      returned: always
      sample: '2026-11-21T01:30:00.54Z'
    end_time_utc:
      description: When it ended.
      type: str
      returned: always
      sample: '2026-11-21T02:14:31.12Z'
    state:
      description: Where the session stands. V(Stopped) is the end of jobs and restores, V(Completed) that of items.
      type: str
      returned: always
      sample: Stopped
    result:
      description:
        - The outcome. It counts only when the session has ended. An item V(InProgress) may already carry V(Success).
        - V(None) is a word of the API.
      type: str
      returned: always
      sample: Success
    progress:
      description: How far the session has got, in percent.
      type: int
      returned: always
      sample: 100
    is_retry:
      description: Whether the job tries again what failed before.
      type: bool
      returned: always
      sample: false
    failure_message:
      description: Why a job failed.
      type: str
      returned: always
      sample: Not enough space on the disk of repository NAS-2.
    reason:
      description: Why an item failed, or what it warns of.
      type: str
      returned: always
      sample: VMware Tools are not running on the VM.
    total_size:
      description: Size of an item in bytes.
      type: int
      returned: always
      sample: 42949672960
    vm_uid:
      description: Id of an item's machine.
      type: str
      returned: always
      sample: urn:VMware:Vm:0d5c4f4b-8b11-4a7b-9a52-5a7c2f406d0c.vm-1204
    vm_display_name:
      description: Name of the machine of an item or a restore.
      type: str
      returned: always
      sample: sap-hana-01
    kind:
      description: The kind of session, as in O(kind).
      type: str
      returned: always
      sample: job
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
                "kind": {
                    "type": "str",
                    "choices": ["job", "item", "restore", "replica_job", "replica_item"],
                    "default": "job",
                },
                "since": {"type": "str"},
                "until": {"type": "str"},
                "states": {"type": "list", "elements": "str"},
                "results": {"type": "list", "elements": "str"},
                "job_names": {"type": "list", "elements": "str"},
            },
        ),
        VeeamClient,
        VeeamClient.sessions,
        returns="sessions",
    )


if __name__ == "__main__":
    main()
