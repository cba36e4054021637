#!/usr/bin/python
# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_task_info
short_description: Read what ran, and what failed, on all backup systems at once
version_added: 0.1.0
description:
  - Reads the tasks of many backup systems side by side and returns them as one list in one vocabulary, the newest
    first, with a summary.
  - Lifecycle, outcome and severity of a task are separate fields. The provider's own words are always kept beside them.
    What is unknown is called unknown, and never counts as success.
  - Each source is read to its end. If anything is missing the module fails, and the failure carries what was read,
    unless O(on_error=warn).
  - Veeam has no tasks without a shared logon session, so its job sessions, the sessions of their objects and its
    restore sessions are read. With O(sources[].veeam.session_token) the tasks of that session are read, too.
author:
  - multivendor.backup contributors (@multivendor-backup)
extends_documentation_fragment:
  - multivendor.backup._attributes.info
  - multivendor.backup._sources
options:
  since:
    description:
      - Keep what was still going on at this time or later, that is, tasks that have not finished or finished after it.
        An RFC 3339 time, or an age like V(36h) or V(7d).
      - Clumio, Veeam and PetaData filter by creation only. They are asked from seven days earlier, so a task that was
        created even earlier is not found. Clumio tells of the last six months only, and a warning says so where more
        was asked for.
      - Where a finished task does not say when it ended, the last change counts. If it does not tell that either, and
        began before this time, it is kept with the note V(no_finish_time). Tasks without any time are kept at the end
        of the list, with the note V(no_time). They may have been in the period.
    type: str
    default: 24h
  until:
    description:
      - Keep what was created before this time. An RFC 3339 time, or an age like V(36h) or V(7d). The present moment, if
        not given.
    type: str
  states:
    description:
      - Keep only tasks in these states. RV(tasks[].state) explains them.
    type: list
    elements: str
    choices: [queued, running, paused, finalizing, cancelling, finished, unknown]
  results:
    description:
      - Keep only tasks with these results, and so only tasks that have finished. RV(tasks[].result) explains them.
      - What a night watch wants to see is usually V(failed), V(timed_out), V(abandoned), V(partial) and V(unknown).
    type: list
    elements: str
    choices: [success, warning, partial, cancelled, skipped, failed, timed_out, abandoned, unknown]
  operations:
    description:
      - Keep only tasks with these operations.
    type: list
    elements: str
    choices: [backup, restore, snapshot, snapshot_restore, backup_copy, replication, retention, verification, indexing,
      inventory, policy_change, report, management, other]
  levels:
    description:
      - Keep only tasks of these levels. V(item) counts every object once; V(job) counts the runs of jobs, which only
        Veeam has; V(control) are requests to the system, which say nothing about data.
      - Without this option, an object of Veeam that failed counts twice, once itself and once as the run of its job.
    type: list
    elements: str
    choices: [item, job, control]
  resources:
    description:
      - Keep only tasks on resources with one of these ids or names, written exactly as they are.
    type: list
    elements: str
  limit:
    description:
      - Return so many tasks at most, the newest. V(0) returns the summary alone.
      - RV(summary) and RV(matched) count all the same what was left out.
    type: int
  fields:
    description:
      - Return only these fields of each task, and always C(uid). Results become smaller and plays faster.
      - A field within another is named with a dot, for example V(resource.name). Fields that are lists come whole. The
        fields are those of RV(tasks).
    type: list
    elements: str
  detail:
    description:
      - V(raw) adds the provider's own record to each task, as RV(tasks[].raw).
      - It makes results several times as large. Records may hold more than a report should show.
    type: str
    choices: [normal, raw]
    default: normal
  on_error:
    description:
      - What to do when a source cannot be read completely.
      - With V(fail) the module fails, and the failure carries what was read of all sources.
      - With V(warn) it succeeds with a warning for each of these sources. RV(complete) is then V(false), and RV(errors)
        says why.
    type: str
    choices: [fail, warn]
    default: fail
seealso:
  - module: multivendor.backup.backup_resource_info
  - module: multivendor.backup.yandex_backup_task_info
  - module: multivendor.backup.clumio_backup_task_info
  - module: multivendor.backup.veeam_backup_session_info
  - module: multivendor.backup.petadata_backup_task_info
"""

EXAMPLES = r"""
- name: Read what ran in the last 24 hours, anywhere
  multivendor.backup.backup_task_info:
    sources:
      - name: yc-prod
        yandex:
          folder_id: b1gvmob95yysaplct532
          service_account_key_file: /etc/backup-report/sa-key.json
      - name: clumio-us
        clumio:
          url: https://us-west-2.api.clumio.com
          api_token: "{{ vault_clumio_api_token }}"
      - name: hq-veeam
        veeam:
          url: https://em.example.com:9398
          username: svc-backup-report
          password: "{{ vault_veeam_password }}"
          ca_path: /etc/pki/tls/certs/em.pem
      - name: orders-db
        petadata:
          instance_ids: [pd-bp1x2y3z4a5b6c7d]
          access_key_id: LTAI5tExampleExample
          access_key_secret: "{{ vault_alibaba_access_key_secret }}"
  register: night

- name: Show the night at a glance
  ansible.builtin.debug:
    msg: "{{ night.summary.by_source }}"

# From here on backup_sources is a variable that holds such a list, for example in group_vars
- name: Read the twenty newest failures, and only what a person wants to see
  multivendor.backup.backup_task_info:
    sources: "{{ backup_sources }}"
    results: [failed, timed_out, abandoned, partial, unknown]
    limit: 20
    fields: [source, resource.name, operation, result, finished_at, message]
  register: failures

- name: Show them
  ansible.builtin.debug:
    msg: "{{ item.source }} {{ item.resource.name }}: {{ item.result }} {{ item.message | default('', true) }}"
  loop: "{{ failures.tasks }}"
  loop_control:
    label: "{{ item.uid }}"

- name: Report what can be read, even if a source is down
  multivendor.backup.backup_task_info:
    sources: "{{ backup_sources }}"
    since: 36h
    on_error: warn
    connection:
      deadline: 60
  register: report

- name: Say what the report does not cover
  ansible.builtin.debug:
    msg: "{{ item.source }} is missing: {{ item.message }}. {{ item.hint }}"
  loop: "{{ report.errors }}"
  loop_control:
    label: "{{ item.source }}"

- name: Set the sources once
  module_defaults:
    group/multivendor.backup.unified:
      sources: "{{ backup_sources }}"
  block:
    - name: Count what is running
      multivendor.backup.backup_task_info:
        states: [queued, running, paused, finalizing, cancelling]
        limit: 0
      register: running

    - name: Read this week's restores
      multivendor.backup.backup_task_info:
        since: 7d
        operations: [restore, snapshot_restore]
      register: restores

# Address and token come from the environment: CLUMIO_API_BASE_URL and CLUMIO_API_TOKEN
- name: Read one source as the environment describes it
  multivendor.backup.backup_task_info:
    sources:
      - clumio: {}

- name: Read from a bastion, with the credentials of the bastion's environment and files
  multivendor.backup.backup_task_info:
    sources:
      - yandex:
          folder_id: b1gvmob95yysaplct532
          instance_metadata: true
      - petadata:
          instance_ids: [pd-bp1x2y3z4a5b6c7d]
  delegate_to: bastion.example.com
"""

RETURN = r"""
tasks:
  description:
    - The tasks, the newest first by creation, those without any time last. With O(fields) they have only these fields
      and C(uid).
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
          or copies of them; V(idle), a continuous job of Veeam that waits for its next run.
      type: list
      elements: str
      returned: always
      sample: []
    raw:
      description: The record as the provider's own module returns it.
      type: dict
      returned: when O(detail=raw)
summary:
  description: What the tasks amount to. It counts all that match, whatever O(limit) is.
  returned: always, unless the module fails before its first request
  type: dict
  contains:
    total:
      description: How many tasks match.
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
matched:
  description: How many tasks match, before O(limit).
  returned: always, unless the module fails before its first request
  type: int
  sample: 221
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
from ..module_utils._unified.tasks import TASK_OPTIONS, find_tasks


def main() -> None:
    run(TASK_OPTIONS, find_tasks)


if __name__ == "__main__":
    main()
