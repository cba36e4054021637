#!/usr/bin/python
# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_task_abort
short_description: Cancel running backup tasks, as far as the backup system can
version_added: 0.1.0
description:
  - Has tasks cancelled, and says of each what came of it. It does not wait until they have ended. For that, run
    M(multivendor.backup.backup_task_wait) afterwards.
  - All tasks are read before anything is asked of a server. What cannot be cancelled is refused then, with the reason,
    and costs the others nothing. The module fails in the end if any was refused.
  - A task that has ended, or that is being cancelled already, is no change.
  - A request whose answer is lost is never repeated. What came of it is told from the task itself, which is read once
    more.
  - In Clumio, tasks that are queued or in progress can be aborted, unless Clumio says otherwise of them, or they are
    neither backups nor restores (level V(control)).
  - In Veeam, the session of a backup job is stopped, and with it the work on all its objects. The session of a
    replication job is stopped by its job. The session of one object cannot be stopped alone, so it is refused, and the
    session of its job is named. Restores cannot be stopped.
  - A request to Veeam that still runs (level V(control), for example C(StartJob)) is deleted, which stops its
    execution. It needs the O(sources[].veeam.session_token) of the logon session in which it was made. What it has
    begun by then goes on. Once it is deleted nothing is left of it, so a second run does not find it.
  - The APIs of Yandex Cloud Backup and PetaData cannot cancel tasks. Theirs are V(unsupported).
author:
  - multivendor.backup contributors (@multivendor-backup)
extends_documentation_fragment:
  - multivendor.backup._sources
attributes:
  check_mode:
    description: Can run in check mode and return changed status prediction without modifying target.
    support: full
    details:
      - In check mode the tasks are read, and nothing is asked of the servers beyond that.
  diff_mode:
    description: Returns details on what has changed, or possibly needs changing in check mode, when in diff mode.
    support: none
    details:
      - The states before and after are returned in RV(aborts).
  idempotent:
    description: When run twice in a row, the second run changes nothing.
    support: partial
    details:
      - The second run does not find a request to Veeam that the first one deleted, and fails.
options:
  tasks:
    description:
      - The tasks to cancel, by their uids, as M(multivendor.backup.backup_task_info) returns them in
        RV(multivendor.backup.backup_task_info#module:tasks[].uid).
      - A uid that is malformed, or of a source that O(sources) does not name, fails the module before anything is done.
    type: list
    elements: str
    required: true
seealso:
  - module: multivendor.backup.backup_task_info
  - module: multivendor.backup.backup_task_wait
"""

EXAMPLES = r"""
- name: Cancel a task whose uid is known
  multivendor.backup.backup_task_abort:
    sources:
      - name: clumio-us
        clumio:
          url: https://us-west-2.api.clumio.com
          api_token: "{{ vault_clumio_api_token }}"
      - name: hq-veeam
        veeam:
          url: https://em.example.com:9398
          username: EXAMPLE\svc-backup
          password: "{{ vault_veeam_password }}"
          ca_path: /etc/pki/tls/certs/em.pem
    tasks: ["clumio:clumio-us::1048576"]

# From here on backup_sources is a variable that holds such a list, for example in group_vars
- name: Find the backups of a volume that are running
  multivendor.backup.backup_task_info:
    sources: "{{ backup_sources }}"
    resources: [orders-db-data]
    operations: [backup]
    states: [queued, running]
  register: running

- name: Cancel them
  multivendor.backup.backup_task_abort:
    sources: "{{ backup_sources }}"
    tasks: "{{ running.tasks | map(attribute='uid') }}"
  when: running.tasks | length > 0

- name: Wait until they have stopped, however they end
  multivendor.backup.backup_task_wait:
    sources: "{{ backup_sources }}"
    tasks: "{{ running.tasks | map(attribute='uid') }}"
    fail_on: []
    wait_timeout: 600
  when: running.tasks | length > 0

- name: Stop a run of a Veeam job, with all its objects
  multivendor.backup.backup_task_abort:
    sources: "{{ backup_sources }}"
    tasks: ["veeam:hq-veeam::urn:veeam:BackupJobSession:0f9e1c7a-5b0e-4b55-9d0c-2a6f1f7e0c11"]

- name: See what would be cancelled
  multivendor.backup.backup_task_abort:
    sources: "{{ backup_sources }}"
    tasks: "{{ running.tasks | map(attribute='uid') }}"
  check_mode: true
  register: plan
  when: running.tasks | length > 0

- name: Cancel what can be cancelled, and say what could not
  block:
    - name: Try
      multivendor.backup.backup_task_abort:
        sources: "{{ backup_sources }}"
        tasks: "{{ running.tasks | map(attribute='uid') }}"
      register: tried
      ignore_errors: true

    - name: Show what was not cancelled, and why
      ansible.builtin.debug:
        msg: "{{ item.uid }}: {{ item.reason }}"
      loop: "{{ tried.aborts | rejectattr('outcome', 'in', ['aborted', 'already_finished', 'already_cancelling']) }}"
      loop_control:
        label: "{{ item.uid }}"

# Address and token come from the environment of the bastion: CLUMIO_API_BASE_URL and CLUMIO_API_TOKEN
- name: Cancel a task from a bastion
  multivendor.backup.backup_task_abort:
    sources:
      - clumio: {}
    tasks: ["clumio:clumio::1048576"]
  delegate_to: bastion.example.com
"""

RETURN = r"""
aborts:
  description: What came of each task, in the order of O(tasks).
  returned: always, unless the module fails before its first request
  type: list
  elements: dict
  contains:
    uid:
      description: Its uid.
      type: str
      returned: always
      sample: clumio:clumio-us::1048576
    source:
      description: Name of its source.
      type: str
      returned: always
      sample: clumio-us
    provider:
      description: V(yandex), V(clumio), V(veeam) or V(petadata).
      type: str
      returned: always
      sample: clumio
    outcome:
      description:
        - V(aborted), the server has accepted to cancel it; V(would_abort), the same in check mode.
        - V(already_finished) and V(already_cancelling), there is nothing to do.
        - V(refused), it cannot be cancelled; V(unsupported), the API cannot cancel anything; V(missing), the source
          does not have it; V(failed), the source could not be read, or the server did not do it. These fail the module.
      type: str
      returned: always
      sample: aborted
    reason:
      description: Why it was not cancelled, or what else is to be said, V(null) if nothing.
      type: str
      returned: always
      sample: Clumio says that it cannot be aborted.
    before:
      description: How it stood when it was read first, V(null) if it was not found.
      type: dict
      returned: always
      contains:
        state:
          description: The state, in the words of RV(multivendor.backup.backup_task_info#module:tasks[].state).
          type: str
          returned: always
          sample: running
        result:
          description: The result, in the words of RV(multivendor.backup.backup_task_info#module:tasks[].result).
          type: str
          returned: always
          sample: cancelled
        native_state:
          description: The state in the provider's own word.
          type: str
          returned: always
          sample: in_progress
    after:
      description: How it stood when it was read last. Right after it was cancelled it usually has not ended yet.
        V(null) if it was not found.
      type: dict
      returned: always
      contains:
        state:
          description: The state, in the words of RV(multivendor.backup.backup_task_info#module:tasks[].state).
          type: str
          returned: always
          sample: cancelling
        result:
          description: The result, in the words of RV(multivendor.backup.backup_task_info#module:tasks[].result).
          type: str
          returned: always
          sample: cancelled
        native_state:
          description: The state in the provider's own word.
          type: str
          returned: always
          sample: aborting
complete:
  description: Whether all sources were read completely. What could not be read is told in RV(sources) and RV(errors).
  returned: always, unless the module fails before its first request
  type: bool
  sample: true
schema_version:
  description: Version of the common model. It changes when a field changes its meaning or goes away.
  returned: always, unless the module fails before its first request
  type: int
  sample: 1
sources:
  description: How each source was read, and whether that is all of it, in the order of O(sources).
  returned: always, unless the module fails before its first request
  type: list
  elements: dict
  sample:
    - name: clumio-us
      provider: clumio
      coverage: listed
      complete: true
      incomplete_reason:
      failed_scopes: []
      pages: 3
      received: 2417
      returned: 221
      duplicates: 0
      server_total: 2417
      requests: 3
      retries: 0
      throttled: 0
      elapsed_seconds: 0.412
      clock_offset_seconds: 0
  contains:
    name:
      description: Name of the source.
      type: str
      returned: always
    provider:
      description: Its provider.
      type: str
      returned: always
    coverage:
      description:
        - Where the resources of the source come from. V(listed), the provider lists them. V(tasks_only), it does not,
          as in PetaData, so only resources with tasks in the period are known.
        - It matters to M(multivendor.backup.backup_resource_info) only.
      type: str
      returned: always
    complete:
      description: Whether everything that the server has was read.
      type: bool
      returned: always
    incomplete_reason:
      description:
        - Why the source is incomplete, V(null) when it is complete.
        - One of V(repeated_token), V(page_missing), V(total_mismatch), V(list_moved), V(deadline), V(failed_scopes) and
          V(source_failed).
      type: str
      returned: always
    failed_scopes:
      description: What could not be read of a source that has several lists.
      type: list
      elements: dict
      returned: always
      contains:
        scope:
          description: The id or kind whose list could not be read.
          type: str
          returned: always
        incomplete_reason:
          description: Why, in the words of RV(sources[].incomplete_reason).
          type: str
          returned: always
        code:
          description: The kind of error, in the words of RV(error.code).
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
          description: The name of the source, V(null) where it is the one above.
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
    pages:
      description: Number of pages that were read.
      type: int
      returned: always
    received:
      description: Number of records that were read, each counted once, before filters of the module.
      type: int
      returned: always
    returned:
      description: Number of tasks, or of resources, of this source that match.
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
    clock_offset_seconds:
      description:
        - Seconds that the server's clock is ahead of the clock of the machine that runs the module, 0 if they differ by
          a minute at most.
      type: int
      returned: always
errors:
  description: One entry for each source that was not read completely. Empty when RV(complete) is true.
  returned: always, unless the module fails before its first request
  type: list
  elements: dict
  sample:
    - code: forbidden
      provider_code: PERMISSION_DENIED
      provider: yandex
      source: yc-prod
      http_status: 403
      message: Permission denied
      request_id: 8f2e1c7a-5b0e-4b55-9d0c-2a6f1f7e0c11
      hint: Give the account the role backup.viewer on the folder.
  contains:
    code:
      description: The kind of error, in the words of RV(error.code).
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
      description: The name of the source.
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

from ..module_utils._ansible.module import run
from ..module_utils._unified.abort import ABORT_OPTIONS, abort_tasks


def main() -> None:
    run(ABORT_OPTIONS, abort_tasks)


if __name__ == "__main__":
    main()
