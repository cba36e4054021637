#!/usr/bin/python
# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_task_wait
short_description: Wait until backup tasks have ended, on any backup system
version_added: 0.1.0
description:
  - Waits until all the given tasks have ended, or all that match a filter, and fails if one of them ended badly.
  - Every final state is an end. Lifecycle and outcome are told apart as in M(multivendor.backup.backup_task_info). What
    is unknown never counts as success.
  - While it waits, only what has not ended is asked for, as far as the API can be asked so. Clumio and Veeam are asked
    for these tasks alone, PetaData for the tasks of their instances since they began, Yandex for the tasks of their
    instances.
  - A source that cannot be read in the middle of the wait does not end it. It is read again the next time. If it stays
    like that until the time is up, the failure names it, and carries the last known state of its tasks. Errors that do
    not heal, for example wrong credentials, end the wait at once, or after three reads in a row if the source could be
    read before.
  - A request to Veeam, as C(StartJob) answers it, is followed to the sessions that it began, and the wait ends when
    these have. Its own success only says that the job was triggered. If it succeeds and names no session within
    O(appear_timeout), its outcome is V(unknown). Its uid only means something to the logon session in which the request
    was made, so give that as O(sources[].veeam.session_token).
  - Whatever happens, the result tells what was seen last of every task.
  - The module works under C(async) and C(poll), also for longer than a connection to a managed node would last.
author:
  - multivendor.backup contributors (@multivendor-backup)
extends_documentation_fragment:
  - multivendor.backup._sources
attributes:
  check_mode:
    description: Can run in check mode and return changed status prediction without modifying target.
    support: full
    details:
      - The module changes nothing. In check mode it reads the tasks once and returns what it saw, without waiting and
        without failing for it, since the tasks that began them may not have run.
  diff_mode:
    description: Returns details on what has changed, or possibly needs changing in check mode, when in diff mode.
    support: N/A
    details:
      - The module changes nothing.
  idempotent:
    description: When run twice in a row, the second run changes nothing.
    support: full
    details:
      - The module changes nothing.
options:
  tasks:
    description:
      - The tasks to wait for, by their uids, as M(multivendor.backup.backup_task_info) returns them in
        RV(multivendor.backup.backup_task_info#module:tasks[].uid).
      - Mutually exclusive with all options that describe tasks, which are O(since), O(until), O(states), O(operations),
        O(levels) and O(resources). One of all these is needed, so that nobody waits for everything by accident.
      - Tasks of PetaData that began more than seven days ago are not found.
    type: list
    elements: str
  since:
    description:
      - Wait for tasks that were still going on at this time or began after it. An RFC 3339 time, or an age like V(15m).
      - If not given, it is the moment at which the wait begins. A task that has ended by then does not match, for the
        backup of last night says nothing about the one that was begun a moment ago. So if the task may be a quick one,
        give a time from before it was begun.
      - As in M(multivendor.backup.backup_task_info), servers that filter by creation are asked from seven days earlier.
    type: str
  until:
    description:
      - Wait for tasks that were created before this time. An RFC 3339 time, or an age like V(5m). Without it, there is
        no bound.
    type: str
  states:
    description:
      - Wait for tasks that are in one of these states when they are found. RV(tasks[].state) explains them.
    type: list
    elements: str
    choices: [queued, running, paused, finalizing, cancelling, finished, unknown]
  operations:
    description:
      - Wait for tasks with these operations.
    type: list
    elements: str
    choices: [backup, restore, snapshot, snapshot_restore, backup_copy, replication, retention, verification, indexing,
      inventory, policy_change, report, management, other]
  levels:
    description:
      - Wait for tasks of these levels. V(item) counts every object once; V(job) counts the runs of jobs, which only
        Veeam has; V(control) are requests to the system, which say nothing about data.
    type: list
    elements: str
    choices: [item, job, control]
  resources:
    description:
      - Wait for tasks on resources with one of these ids or names, written exactly as they are. There has to be one of
        each resource, so one that has no task fails the module. To wait for whatever runs on some resources, read that
        with M(multivendor.backup.backup_task_info), and give the uids as O(tasks).
      - Of all options that describe tasks, only those count that are given, and a task has to match all of them. What
        matches when all sources have been read for the first time is followed from then on. What begins later is not
        waited for. Tasks that have ended and do not tell when are left out.
    type: list
    elements: str
  wait_timeout:
    description:
      - Wait for so many seconds at most, up to a week. V(0) reads once.
      - The last pause is cut to end with this time, and followed by one last read. Each read has a time limit of its
        own, O(connection.deadline), so the module may take that much longer.
    type: int
    default: 3600
  wait_interval:
    description:
      - Seconds from the first read to the second, from 1 to 600.
      - Every later pause is longer by half than the one before, up to 60 seconds, or up to this value if that is more.
      - It is never so long that a logon session of Veeam ends, which takes 15 idle minutes.
    type: int
    default: 10
  appear_timeout:
    description:
      - Go on looking for so many seconds for tasks that are not there yet, for example because they were begun only a
        moment ago. It also applies to a filter that nothing matches.
      - A task that no complete read has shown by then is V(missing), and fails the module. So does a resource of
        O(resources) without any task, and a filter that matches nothing.
    type: int
    default: 60
  fail_on:
    description:
      - Fail if a task ends with one of these results, but only once all have ended.
      - With an empty list, every end is fine. A task that never turns up, and one that does not end in time, fail the
        module all the same.
    type: list
    elements: str
    choices: [warning, partial, cancelled, skipped, failed, timed_out, abandoned, unknown]
    default: [partial, cancelled, failed, timed_out, abandoned, unknown]
seealso:
  - module: multivendor.backup.backup_task_info
  - module: multivendor.backup.backup_task_abort
  - module: multivendor.backup.veeam_logon_session
"""

EXAMPLES = r"""
- name: Wait until two volumes have been backed up, the backups of which were begun a moment ago
  multivendor.backup.backup_task_wait:
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
    resources: [orders-db-data, orders-db-log]
    operations: [backup]
    levels: [item]
    since: 5m

# From here on backup_sources is a variable that holds such a list, for example in group_vars
- name: Find what is running
  multivendor.backup.backup_task_info:
    sources: "{{ backup_sources }}"
    states: [queued, running, finalizing]
    operations: [backup]
  register: running

- name: Wait for it before the maintenance begins
  multivendor.backup.backup_task_wait:
    sources: "{{ backup_sources }}"
    tasks: "{{ running.tasks | map(attribute='uid') }}"
    wait_timeout: 7200
  when: running.tasks | length > 0

- name: Wait for the next backup, up to six hours, without holding the connection
  multivendor.backup.backup_task_wait:
    sources: "{{ backup_sources }}"
    resources: [orders-db-data]
    operations: [backup]
    levels: [item]
    appear_timeout: 10800
    wait_timeout: 21600
  async: 22600
  poll: 60

- name: Run a job of Veeam, and wait for the backup itself
  vars:
    em: https://em.example.com:9398
  block:
    - name: Open a session that the request and the wait share
      multivendor.backup.veeam_logon_session:
        url: "{{ em }}"
        username: EXAMPLE\svc-backup
        password: "{{ vault_veeam_password }}"
        ca_path: /etc/pki/tls/certs/em.pem
      register: logon
      no_log: true

    - name: Start the job
      ansible.builtin.uri:
        url: "{{ em }}/api/jobs/b0d7b298-3bbc-4e01-8a78-068cb98b5412?action=start"
        method: POST
        headers:
          X-RestSvcSessionId: "{{ logon.session_token }}"
          Accept: application/json
        status_code: 202
        ca_path: /etc/pki/tls/certs/em.pem
      register: started
      no_log: true

    - name: Read the request, to learn its uid
      multivendor.backup.backup_task_info:
        sources:
          - name: hq-veeam
            veeam: &shared
              url: "{{ em }}"
              session_token: "{{ logon.session_token }}"
              ca_path: /etc/pki/tls/certs/em.pem
        levels: [control]
      register: requests

    - name: Wait until the backup has ended that it began
      multivendor.backup.backup_task_wait:
        sources:
          - name: hq-veeam
            veeam: *shared
        tasks: "{{ requests.tasks | selectattr('id', 'eq', started.json.TaskId) | map(attribute='uid') }}"
        wait_timeout: 14400
  always:
    - name: Close the session
      multivendor.backup.veeam_logon_session:
        state: absent
        url: "{{ em }}"
        session_token: "{{ logon.session_token }}"
        session_id: "{{ logon.session_id }}"
        ca_path: /etc/pki/tls/certs/em.pem

- name: Cancel a task
  multivendor.backup.backup_task_abort:
    sources: "{{ backup_sources }}"
    tasks: ["clumio:clumio-us::1048576"]

- name: Wait until it has stopped, however it ends
  multivendor.backup.backup_task_wait:
    sources: "{{ backup_sources }}"
    tasks: ["clumio:clumio-us::1048576"]
    fail_on: []
    wait_timeout: 600
  register: stopped

- name: Say what became of it
  ansible.builtin.debug:
    msg: "{{ stopped.outcomes | map(attribute='outcome') | join(', ') }}"

# Address and token come from the environment of the bastion: CLUMIO_API_BASE_URL and CLUMIO_API_TOKEN
- name: Wait from a bastion until no restore is running
  multivendor.backup.backup_task_wait:
    sources:
      - clumio: {}
    operations: [restore]
    appear_timeout: 0
  delegate_to: bastion.example.com
  register: restores
  # That no restore matches is no failure here. But nothing matches either when the source could not be read, for
  # example with a wrong token, and that proves nothing. Then complete is false, or not there at all.
  failed_when: >-
    restores is failed and (not restores.complete | default(false) or restores.outcomes | length > 0)
"""

RETURN = r"""
tasks:
  description:
    - All tasks that were waited for and have been seen, as they were when they were read last, with the sessions that
      requests to Veeam began. The newest come first by creation, those without any time last.
    - Times are RFC 3339 in UTC. What is not known is V(null).
  returned: always, unless the module fails before its first request
  type: list
  elements: dict
  contains:
    uid:
      description:
        - Unique across all sources and runs, C(provider:source:scope:id). The scope is the instance in PetaData, a
          short hash of the logon session for requests to Veeam (level V(control)), and empty otherwise.
      type: str
      returned: always
      sample: clumio:clumio-us::1048576
    provider:
      description: V(yandex), V(clumio), V(veeam) or V(petadata).
      type: str
      returned: always
      sample: clumio
    source:
      description: Name of the source.
      type: str
      returned: always
      sample: clumio-us
    id:
      description: The provider's own id, as text.
      type: str
      returned: always
      sample: '1048576'
    level:
      description:
        - V(item), one object in one run; V(job), one run over many objects; V(control), a request to the system, whose
          success says nothing about data.
      type: str
      returned: always
      sample: item
    operation:
      description:
        - What was done, V(backup), V(restore), V(snapshot), V(snapshot_restore), V(backup_copy), V(replication),
          V(retention), V(verification), V(indexing), V(inventory), V(policy_change), V(report), V(management) or
          V(other).
      type: str
      returned: always
      sample: backup
    state:
      description:
        - Where the task stands. V(queued); V(running); V(paused); V(finalizing), at the last steps; V(cancelling);
          V(finished); V(unknown), a word that this collection does not know.
        - Only V(finished) is an end. It does not mean success, see RV(tasks[].result).
      type: str
      returned: always
      sample: finished
    result:
      description:
        - How it ended, V(null) until it has.
        - V(success); V(warning), done, with something to look at; V(partial), done in part; V(failed); V(timed_out);
          V(abandoned), given up by the system; V(cancelled), by somebody; V(skipped), not needed; V(unknown), ended,
          and nobody says how.
        - Only V(success) and V(warning) leave something that can be restored. V(unknown) is never taken for success.
      type: str
      returned: always
      sample: failed
    severity:
      description:
        - What the result means to whoever is on call, V(null) until there is one.
        - V(ok), for V(success); V(warning), for V(warning), V(partial), V(cancelled) and V(skipped); V(critical), for
          V(failed), V(timed_out) and V(abandoned); V(unknown).
      type: str
      returned: always
      sample: critical
    native_operation:
      description: The operation in the provider's own word, exactly as sent.
      type: str
      returned: always
      sample: aws_ebs_volume_incremental_backup
    native_state:
      description: The state in the provider's own word, exactly as sent.
      type: str
      returned: always
      sample: failed
    native_result:
      description: The result in the provider's own word, exactly as sent.
      type: str
      returned: always
      sample: failed
    protects:
      description:
        - Whether this task proves that its resource can be restored. It does if it is a finished backup of one object
          that ended in V(success) or V(warning).
      type: bool
      returned: always
      sample: false
    backup_level:
      description: V(full), V(incremental), V(differential) or V(log), where the provider says so.
      type: str
      returned: always
      sample: incremental
    message:
      description: What the provider says about it, most of all why it failed. Clumio says nothing here.
      type: str
      returned: always
      sample: 'Snapshot creation failed: not enough space.'
    error_code:
      description: The provider's code of the failure, where there is one. None of the four providers has one.
      type: str
      returned: always
      sample: STORAGE_FULL
    progress_percent:
      description: How far it has got, from 0 to 100.
      type: float
      returned: always
      sample: 42.5
    created_at:
      description: When it was created or queued.
      type: str
      returned: always
      sample: '2026-11-21T01:34:19Z'
    started_at:
      description: When it began.
      type: str
      returned: always
      sample: '2026-11-21T01:35:02Z'
    updated_at:
      description: When the provider last touched it.
      type: str
      returned: always
      sample: '2026-11-21T01:56:02Z'
    finished_at:
      description: When it ended, V(null) until it has.
      type: str
      returned: always
      sample: '2026-11-21T01:56:02Z'
    expected_finish_at:
      description: When the provider expects it to end.
      type: str
      returned: always
      sample: '2026-11-21T02:05:00Z'
    duration_seconds:
      description:
        - Seconds from RV(tasks[].started_at) to RV(tasks[].finished_at), V(null) if one of them is not known, or if it
          ended before it started.
      type: float
      returned: always
      sample: 1260.0
    cancellable:
      description: Whether the provider could still cancel it.
      type: bool
      returned: always
      sample: false
    resource:
      description:
        - What the task works on, V(null) if it works on no single thing, or the provider does not tell.
        - Its id is the one that M(multivendor.backup.backup_resource_info) has for the resource.
      type: dict
      returned: always
      contains:
        id:
          description: Its id.
          type: str
          returned: always
          sample: 9a2b3e2c-5d3f-4f0e-8c52-0f7e6f0a3b11
        name:
          description: Its name. Yandex tells none with a task.
          type: str
          returned: always
          sample: orders-db-data
        type:
          description: V(vm), V(bare_metal), V(volume), V(instance), V(database), V(mailbox), V(bucket) or V(other).
          type: str
          returned: always
          sample: volume
        native_type:
          description: The type in the provider's own word.
          type: str
          returned: always
          sample: aws_ebs_volume
    job:
      description: The job that the task belongs to, V(null) if there is none. Only Veeam has jobs.
      type: dict
      returned: always
      contains:
        id:
          description: Its id.
          type: str
          returned: always
          sample: urn:veeam:Job:5a7c2f40-6d0c-4a7b-9a52-0d5c4f4b8b11
        name:
          description: Its name.
          type: str
          returned: always
          sample: Nightly VMs
    policy:
      description: The policy that asked for it, V(null) if the provider does not tell.
      type: dict
      returned: always
      contains:
        id:
          description: Its id.
          type: str
          returned: always
          sample: cdgtvmp4jlrmmn2gd2ps
        name:
          description: Its name. No provider tells it with a task.
          type: str
          returned: always
          sample: Daily
    parent:
      description:
        - What the resource belongs to, for example an account or an instance; for an object of a Veeam job, the session
          of the job. V(null) if there is nothing above it.
      type: dict
      returned: always
      contains:
        id:
          description: Its id.
          type: str
          returned: always
          sample: '123456789012'
        name:
          description: Its name.
          type: str
          returned: always
          sample: '123456789012'
    related:
      description: What came of a request to Veeam. Empty for all other tasks.
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
        id:
          description: Its id.
          type: str
          returned: always
          sample: 0f9e1c7a-5b0e-4b55-9d0c-2a6f1f7e0c11
        name:
          description: Its name.
          type: str
          returned: always
          sample: Nightly VMs@2026-11-21 01:30:00
    notes:
      description:
        - What was odd about the task, in words for programs.
        - V(unknown_state:FOO), V(unknown_result:FOO) and V(unknown_operation:FOO), a word of the provider that this
          collection does not know; V(negative_duration), it ended before it started; V(impossible_time), on a day that
          does not exist; V(finish_time_before_end), a time of the end although it goes on; V(no_time), no time at all;
          V(no_finish_time), finished, but nobody says when, and begun before O(since); V(no_id); V(no_category), Clumio
          did not tell the category; V(no_job_type), an item of Veeam whose job does not tell whether it makes backups
          or copies of them; V(idle), a continuous job of Veeam that waits for its next run; V(vanished), it
          was there, and then it was not.
      type: list
      elements: str
      returned: always
      sample: []
outcomes:
  description: What came of each task, in the order in which they were given or found. What a request began comes last.
  returned: always, unless the module fails before its first request
  type: list
  elements: dict
  contains:
    uid:
      description: Its uid.
      type: str
      returned: always
      sample: veeam:hq-veeam::urn:veeam:BackupJobSession:0f9e1c7a-5b0e-4b55-9d0c-2a6f1f7e0c11
    source:
      description: Name of its source.
      type: str
      returned: always
      sample: hq-veeam
    provider:
      description: V(yandex), V(clumio), V(veeam) or V(petadata).
      type: str
      returned: always
      sample: veeam
    outcome:
      description:
        - How it ended, in the words of RV(tasks[].result).
        - V(unknown) also if it vanished before it had ended, or if it is a request that should have begun something and
          does not say what.
        - V(pending), it has not ended; V(missing), it never turned up.
      type: str
      returned: always
      sample: success
    reason:
      description: What else is to be said of the outcome, V(null) if nothing.
      type: str
      returned: always
      sample: It vanished before it had ended.
    begun_by:
      description: The uid of the request to Veeam that began it, V(null) for all others.
      type: str
      returned: always
      sample: veeam:hq-veeam:5d2c8e6a4b19:task-5
pending:
  description: The uids of the tasks that had not ended when the module did.
  returned: always, unless the module fails before its first request
  type: list
  elements: str
  sample: ['clumio:clumio-us::1048576']
missing:
  description: The uids of O(tasks) that never turned up, and the names of O(resources) that no task was found of.
  returned: always, unless the module fails before its first request
  type: list
  elements: str
  sample: []
summary:
  description: What the tasks amount to.
  returned: always, unless the module fails before its first request
  type: dict
  contains:
    total:
      description: How many tasks there are.
      type: int
      returned: always
      sample: 221
    by_state:
      description: How many are in each state. States that do not occur are left out.
      type: dict
      returned: always
      sample:
        finished: 217
        queued: 1
        running: 3
    by_result:
      description: How many ended with each result. What has not ended is not counted.
      type: dict
      returned: always
      sample:
        failed: 2
        success: 212
        warning: 3
    by_severity:
      description: How many ended with each severity.
      type: dict
      returned: always
      sample:
        critical: 2
        ok: 212
        warning: 3
    by_operation:
      description: How many there are of each operation.
      type: dict
      returned: always
      sample:
        backup: 209
        restore: 1
        retention: 11
    by_provider:
      description: How many there are of each provider.
      type: dict
      returned: always
      sample:
        clumio: 140
        veeam: 81
    by_source:
      description: The tasks of each source. Sources without tasks are left out.
      type: list
      elements: dict
      returned: always
      contains:
        source:
          description: Name of the source.
          type: str
          returned: always
          sample: clumio-us
        provider:
          description: Its provider.
          type: str
          returned: always
          sample: clumio
        ok:
          description: How many ended well.
          type: int
          returned: always
          sample: 212
        warning:
          description: How many ended with a warning, in part, cancelled or skipped.
          type: int
          returned: always
          sample: 3
        critical:
          description: How many failed, timed out or were abandoned.
          type: int
          returned: always
          sample: 2
        unknown:
          description: Those whose state or result nobody knows.
          type: int
          returned: always
          sample: 0
        unfinished:
          description: How many have not ended. Those of unknown state are not among them.
          type: int
          returned: always
          sample: 4
        total:
          description: How many there are.
          type: int
          returned: always
          sample: 221
    by_day:
      description:
        - The tasks of each day, by the day (UTC) on which they were created, the oldest first. Tasks without that time
          are left out.
      type: list
      elements: dict
      returned: always
      contains:
        date:
          description: The day.
          type: str
          returned: always
          sample: '2026-11-21'
        ok:
          description: How many ended well.
          type: int
          returned: always
          sample: 212
        warning:
          description: How many ended with a warning, in part, cancelled or skipped.
          type: int
          returned: always
          sample: 3
        critical:
          description: How many failed, timed out or were abandoned.
          type: int
          returned: always
          sample: 2
        unknown:
          description: Those whose state or result nobody knows.
          type: int
          returned: always
          sample: 0
        unfinished:
          description: How many have not ended. Those of unknown state are not among them.
          type: int
          returned: always
          sample: 4
        total:
          description: How many there are.
          type: int
          returned: always
          sample: 221
    newest_success:
      description: The backup of one object that was the last to end well, V(null) if there is none.
      type: dict
      returned: always
      contains:
        uid:
          description: The task.
          type: str
          returned: always
          sample: clumio:clumio-us::1048576
        finished_at:
          description: When it ended.
          type: str
          returned: always
          sample: '2026-11-21T01:56:02Z'
        resource:
          description: Name of what it worked on, or its id if there is no name.
          type: str
          returned: always
          sample: orders-db-data
        message:
          description: What the provider said.
          type: str
          returned: always
          sample: 'Snapshot creation failed: not enough space.'
    newest_failure:
      description: The task that was the last to fail, V(null) if there is none.
      type: dict
      returned: always
      contains:
        uid:
          description: The task.
          type: str
          returned: always
          sample: clumio:clumio-us::1048576
        finished_at:
          description: When it ended.
          type: str
          returned: always
          sample: '2026-11-21T01:56:02Z'
        resource:
          description: Name of what it worked on, or its id if there is no name.
          type: str
          returned: always
          sample: orders-db-data
        message:
          description: What the provider said.
          type: str
          returned: always
          sample: 'Snapshot creation failed: not enough space.'
    failures:
      description:
        - Failed tasks with the same message of the same provider, taken together, the most frequent first, at most 50
          of them.
      type: list
      elements: dict
      returned: always
      contains:
        provider:
          description: Their provider.
          type: str
          returned: always
          sample: veeam
        message:
          description: What they say, V(null) for those that say nothing.
          type: str
          returned: always
          sample: 'Snapshot creation failed: not enough space.'
        count:
          description: How many there are.
          type: int
          returned: always
          sample: 2
        sources:
          description: Names of their sources.
          type: list
          elements: str
          returned: always
          sample: [hq-veeam]
        resource_names:
          description: Names of what they worked on, at most 10.
          type: list
          elements: str
          returned: always
          sample: [orders-db, orders-web]
        newest_at:
          description: When the last of them ended.
          type: str
          returned: always
          sample: '2026-11-21T01:56:02Z'
reads:
  description: How often the sources were read.
  returned: always, unless the module fails before its first request
  type: int
  sample: 12
elapsed_seconds:
  description: Seconds that the wait took.
  returned: always, unless the module fails before its first request
  type: float
  sample: 412.7
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
from ..module_utils._unified.wait import WAIT_OPTIONS, wait_for_tasks


def main() -> None:
    run(WAIT_OPTIONS, wait_for_tasks)


if __name__ == "__main__":
    main()
