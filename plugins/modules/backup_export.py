#!/usr/bin/python
# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_export
short_description: Write all backup tasks or resources of many systems to a file
version_added: 0.1.0
description:
  - Reads the same sources as M(multivendor.backup.backup_task_info) and M(multivendor.backup.backup_resource_info),
    with the same options, and writes all that they have to a file on the machine that runs the module.
  - Records do not pass through the controller, and tasks do not pass through memory all at once. A million of them take
    less than 300 MiB of memory, and some hundred MiB of disk in C(remote_tmp) while the module runs.
  - The file is put in place whole, or not at all. When anything is missing the module fails and leaves the old file as
    it was, unless O(on_error=warn).
  - Two files that differ only in when they were collected, and in how old things were then, say the same. Such a file
    is left alone, and the module reports no change. So the time in the file is that of the first collection that saw
    this content, unless O(refresh=true).
  - The secrets of the sources are masked in the file, too.
author:
  - multivendor.backup contributors (@multivendor-backup)
extends_documentation_fragment:
  - multivendor.backup._attributes.file
  - multivendor.backup._sources
  - ansible.builtin.files
options:
  dest:
    description:
      - The file to write. Its folder must exist. A link is followed.
    type: path
    required: true
  format:
    description:
      - What to write. If not given, the end of O(dest) tells, V(.json), V(.jsonl) or V(.ndjson), V(.csv), V(.prom).
      - V(json) is one object with C(schema_version), C(collection) (what was asked for and when, and whether it is
        complete), C(summary) as the module of that kind returns it, and C(tasks) or C(resources).
      - V(jsonl) has one record a line. The first line is no record but says what the file is, under C(collection).
      - V(csv) is a table for spreadsheets. The lines above its head begin with V(#) and say what the file is. Cells
        that a spreadsheet would run as a formula begin with an apostrophe.
      - V(prometheus) is text for the textfile collector of node_exporter. It holds counts of tasks, or the last good
        backup and the verdict of each resource, not the records themselves.
    type: str
    choices: [json, jsonl, csv, prometheus]
  kind:
    description:
      - Which records to write. V(tasks) takes the options of M(multivendor.backup.backup_task_info), V(resources) those
        of M(multivendor.backup.backup_resource_info). An option of the other kind is refused.
    type: str
    choices: [tasks, resources]
    default: tasks
  refresh:
    description:
      - Whether to write the file, and report a change, even if nothing but times has changed. Set it where something
        watches the time of the collection or that of the file, as an alert on metrics that are too old does.
    type: bool
    default: false
  since:
    description:
      - With O(kind=tasks), keep what was still going on at this time or later. An RFC 3339 time, or an age like V(36h)
        or V(7d). V(24h), if not given. See O(multivendor.backup.backup_task_info#module:since).
    type: str
  until:
    description:
      - With O(kind=tasks), keep what was created before this time. The present moment, if not given.
    type: str
  states:
    description:
      - With O(kind=tasks), keep only tasks in these states.
    type: list
    elements: str
    choices: [queued, running, paused, finalizing, cancelling, finished, unknown]
  results:
    description:
      - With O(kind=tasks), keep only tasks with these results, and so only tasks that have finished.
    type: list
    elements: str
    choices: [success, warning, partial, cancelled, skipped, failed, timed_out, abandoned, unknown]
  operations:
    description:
      - With O(kind=tasks), keep only tasks with these operations.
    type: list
    elements: str
    choices: [backup, restore, snapshot, snapshot_restore, backup_copy, replication, retention, verification, indexing,
      inventory, policy_change, report, management, other]
  levels:
    description:
      - With O(kind=tasks), keep only tasks of these levels.
    type: list
    elements: str
    choices: [item, job, control]
  rpo:
    description:
      - With O(kind=resources), how old the newest good backup of a resource may be. A length of time. V(24h), if not
        given. See O(multivendor.backup.backup_resource_info#module:rpo).
    type: str
  grace:
    description:
      - With O(kind=resources), how much older it may be and still count as V(late). A quarter of the target, if not
        given.
    type: str
  history:
    description:
      - With O(kind=resources), how far back tasks are read. V(14d), if not given.
    type: str
  evidence:
    description:
      - With O(kind=resources), what proves a good backup. V(tasks), if not given.
    type: str
    choices: [tasks, resource_field]
  count_snapshots:
    description:
      - With O(kind=resources), whether a snapshot counts as a backup. It does not, if not given.
    type: bool
  expected:
    description:
      - With O(kind=resources), ids or names of resources that must have backups.
    type: list
    elements: str
  freshness:
    description:
      - With O(kind=resources), keep only resources with these verdicts.
    type: list
    elements: str
    choices: [never, missed, unknown, late, pending, met, not_applicable]
  history_days:
    description:
      - With O(kind=resources), for so many days, the worst result of each, in V(json) and V(jsonl). V(0), if not given.
    type: int
  resources:
    description:
      - Keep only resources, or tasks on resources, with one of these ids or names, written exactly as they are.
    type: list
    elements: str
  fields:
    description:
      - Write only these fields of each record, and always C(uid). A field within another is named with a dot, for
        example V(resource.name). In V(csv) they are the columns, in this order, and one that has fields within it is a
        column for each of them. Metrics have no fields.
    type: list
    elements: str
  detail:
    description:
      - V(raw) adds the provider's own record to each, under C(raw), in V(json) and V(jsonl). V(normal), if not given.
    type: str
    choices: [normal, raw]
  on_error:
    description:
      - What to do when a source cannot be read completely.
      - With V(fail), which it is if not given, the module fails and leaves the file as it was.
      - With V(warn) it writes what was read, with a warning for each of these sources. The file says that it is not
        complete.
    type: str
    choices: [fail, warn]
seealso:
  - module: multivendor.backup.backup_task_info
  - module: multivendor.backup.backup_resource_info
"""

EXAMPLES = r"""
- name: Keep all tasks of the last month for the auditor
  multivendor.backup.backup_export:
    sources:
      - name: clumio-us
        clumio:
          url: https://us-west-2.api.clumio.com
          api_token: "{{ vault_clumio_token }}"
      - name: hq-veeam
        veeam:
          url: https://em.example.com:9398
          username: EXAMPLE\backup-audit
          password: "{{ vault_veeam_password }}"
    connection:
      deadline: 3600
    since: 30d
    dest: /srv/audit/backup-tasks.csv
    mode: "0640"

# The environment is that of the machine that runs the module, and so is the folder.
- name: Export from a bastion, with the token exported there as CLUMIO_API_TOKEN and the address as CLUMIO_API_BASE_URL
  multivendor.backup.backup_export:
    sources:
      - clumio: {}
    dest: /srv/audit/clumio-tasks.jsonl
  delegate_to: bastion.example.com

- name: Feed a log pipeline, one record a line
  multivendor.backup.backup_export:
    sources: "{{ backup_sources }}"
    dest: /var/spool/backup/tasks.jsonl
    detail: raw

- name: Let Prometheus watch the last good backup of every resource
  multivendor.backup.backup_export:
    sources: "{{ backup_sources }}"
    kind: resources
    rpo: 24h
    on_error: warn
    refresh: true
    dest: /var/lib/node_exporter/textfile/backup.prom
    mode: "0644"
  become: true

- name: Write a small table of what has no good backup
  multivendor.backup.backup_export:
    sources: "{{ backup_sources }}"
    kind: resources
    freshness: [never, missed, unknown]
    fields: [name, source, freshness.status, last_success_at, reasons]
    dest: /srv/audit/without-good-backup.csv
"""

RETURN = r"""
dest:
  description: The file, with links followed.
  returned: always, unless the module fails before its first request
  type: str
  sample: /srv/audit/backup-tasks.csv
kind:
  description: What was asked for.
  returned: always, unless the module fails before its first request
  type: str
  sample: tasks
format:
  description: What the file is written as.
  returned: always, unless the module fails before its first request
  type: str
  sample: csv
checksum:
  description: SHA-256 of the file. In check mode, of the file as it would be.
  returned: success
  type: str
  sample: 6c2b3b6c8f2f1e6d7a5d0c9e4b8a7f6e5d4c3b2a190817161514131211100f0e
matched:
  description: How many records there are.
  returned: always, unless the module fails before its first request
  type: int
  sample: 48211
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
owner:
  description: Owner of the file.
  returned: success, when the file exists
  type: str
  sample: root
group:
  description: Group of the file.
  returned: success, when the file exists
  type: str
  sample: root
uid:
  description: Number of the owner.
  returned: success, when the file exists
  type: int
  sample: 0
gid:
  description: Number of the group.
  returned: success, when the file exists
  type: int
  sample: 0
mode:
  description: Permissions of the file.
  returned: success, when the file exists
  type: str
  sample: "0640"
size:
  description: Size of the file in bytes.
  returned: success, when the file exists
  type: int
  sample: 19284113
state:
  description: V(file).
  returned: success, when the file exists
  type: str
  sample: file
"""

from ..module_utils._ansible.files import run_file
from ..module_utils._unified.export import EXPORT_OPTIONS, collect


def main() -> None:
    run_file(EXPORT_OPTIONS, collect)


if __name__ == "__main__":
    main()
