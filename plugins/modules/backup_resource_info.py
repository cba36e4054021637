#!/usr/bin/python
# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_resource_info
short_description: Read what is protected on all backup systems, and what has no good backup
version_added: 0.1.0
description:
  - Reads the protected resources of many backup systems side by side, with their tasks, and says of each whether its
    newest good backup is young enough. The worst come first.
  - The age of a backup counts from the moment it B(began), for that is the state that it can bring back.
  - Only a backup of the resource itself that ended in V(success) or V(warning) counts as good. The run of a job proves
    nothing about a single machine in it, and what is unknown never counts as success.
  - Where anything about a resource could not be read, its verdict may be V(met), but never V(late), V(missed), V(never)
    or V(pending). It is V(unknown) instead, with the reason V(incomplete_data). The backup that seems to be missing may
    stand in the very page that did not arrive, and nobody should be called at night for that. A good backup that was
    read, on the other hand, remains one whatever else is missing.
  - Each source is read to its end. If anything is missing the module fails, and the failure carries what was read,
    unless O(on_error=warn).
  - PetaData lists no databases. Those that have tasks within O(history) are known, and no others. Name yours in
    O(expected).
author:
  - multivendor.backup contributors (@multivendor-backup)
extends_documentation_fragment:
  - multivendor.backup._attributes.info
  - multivendor.backup._sources
options:
  rpo:
    description:
      - The recovery point objective, or how old the newest good backup of a resource may be. A length of time, for
        example V(90m), V(24h), V(7d).
      - O(sources[].rpo) takes its place for one source. Empty text means that there is no target.
    type: str
    default: 24h
  grace:
    description:
      - How much older than the target a backup may be and still count as V(late) and not as V(missed). A length of
        time. A quarter of the target, if not given; V(0s) for none.
      - With a target of V(24h), when the newest good backup began 27 hours ago, the resource is V(late), for tonight's
        may only be running long. After 30 hours it is V(missed).
    type: str
  history:
    description:
      - How far back tasks are read. A length of time.
      - It bounds what can be known of attempts, failures in a row and restores, and should be some times the target. It
        is made longer where target and grace together, or O(history_days), need more. Empty text means just as long as
        they need.
      - A longer history takes longer to read. Clumio tells of the last six months only, and a warning says so where
        more was asked for.
    type: str
    default: 14d
  evidence:
    description:
      - What proves a good backup.
      - V(tasks) believes finished tasks. The provider's own time of the last backup counts only where no good task was
        read, for example because the backup is older than O(history), and never when it is the time of an attempt that
        brought nothing. A restore point of Veeam is a fact, so it counts also where it is newer than the newest good
        task.
      - External servers of Yandex have no tasks that could be read, so their own time of the last backup counts either
        way.
      - V(resource_field) believes the provider's own time of the last backup, or in Veeam the newest restore point. No
        tasks are read, which is fast, but there is no word about attempts, failures and restores, and Yandex does not
        say whether that backup succeeded. PetaData has no such field, so its tasks are read all the same.
    type: str
    choices: [tasks, resource_field]
    default: tasks
  count_snapshots:
    description:
      - Whether a snapshot counts as a backup. Mostly it dies with the thing that it was taken of.
    type: bool
    default: false
  expected:
    description:
      - Ids or names of resources that must have backups, written exactly as they are. Alternate ids count, too.
      - One of them that a source has is measured even if its RV(resources[].protection) says that it is not meant to be
        backed up.
      - One that no source has is returned, too, with the note V(not_found), and measured by O(rpo).
      - Its verdict is V(never) where all sources list their resources. Where one cannot, as PetaData, the resource may
        have had backups before the history that was read, so it is V(missed), with the reason
        V(no_success_in_history). If not all sources were read completely, it is V(unknown), with the reason
        V(incomplete_data).
    type: list
    elements: str
  freshness:
    description:
      - Return only resources with these verdicts.
      - V(met), the newest good backup is young enough.
      - V(late), it is older than the target, but within the grace.
      - V(missed), it is older than target and grace together; or there is no good backup in the history that was read,
        and the resource is older than that or of unknown age.
      - V(never), there is no good backup, and what was read covers the whole life of the resource, or the provider
        itself says so; or O(expected) names it, and all sources list their resources, and none has it.
      - V(pending), there is no good backup yet, but the resource is younger than one target.
      - V(not_applicable), there is nothing to measure, because it has no target, or its RV(resources[].protection) is
        V(unprotected), V(disabled), V(deleted) or V(unsupported) and O(expected) does not name it.
      - V(unknown), nobody can say, because something about the resource could not be read.
    type: list
    elements: str
    choices: [never, missed, unknown, late, pending, met, not_applicable]
  resources:
    description:
      - Return only resources with one of these ids or names, written exactly as they are. Alternate ids count, too.
    type: list
    elements: str
  history_days:
    description:
      - For so many days, return the worst result of each, as RV(resources[].days). From 0 to 366.
    type: int
    default: 0
  fields:
    description:
      - Return only these fields of each resource, and always C(uid). Results become smaller and plays faster.
      - A field within another is named with a dot, for example V(freshness.status). Fields that are lists come whole.
        The fields are those of RV(resources).
    type: list
    elements: str
  detail:
    description:
      - V(raw) adds the provider's own record to each resource, as RV(resources[].raw).
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
  - module: multivendor.backup.backup_task_info
  - module: multivendor.backup.yandex_backup_resource_info
  - module: multivendor.backup.clumio_backup_resource_info
"""

EXAMPLES = r"""
- name: Read what has no good backup, anywhere
  multivendor.backup.backup_resource_info:
    sources:
      - name: yc-prod
        yandex:
          folder_id: b1gvmob95yysaplct532
          service_account_key_file: /etc/backup-report/sa-key.json
      - name: clumio-us
        rpo: 26h
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
        rpo: 8h
        petadata:
          instance_ids: [pd-bp1x2y3z4a5b6c7d]
          access_key_id: LTAI5tExampleExample
          access_key_secret: "{{ vault_alibaba_access_key_secret }}"
    freshness: [never, missed, unknown]
  register: gaps

- name: Show the gaps
  ansible.builtin.debug:
    msg: "{{ item.name or item.id }} in {{ item.source }}: {{ item.freshness.status }}, {{ item.reasons }}"
  loop: "{{ gaps.resources }}"
  loop_control:
    label: "{{ item.uid }}"

# From here on backup_sources is a variable that holds such a list, for example in group_vars
- name: Read all verdicts, and only what a person wants to see
  multivendor.backup.backup_resource_info:
    sources: "{{ backup_sources }}"
    fields: [source, name, freshness.status, reasons]
  register: estate

- name: Fail the play when anything has no good backup
  ansible.builtin.assert:
    that: estate.summary.without_good_backup == 0
    fail_msg: "{{ estate.summary.without_good_backup }} resources have no good backup"

- name: Read how three machines are backed up, and whether any system knows them at all
  multivendor.backup.backup_resource_info:
    sources: "{{ backup_sources }}"
    expected: [orders-db-data, orders-web, billing]
    resources: [orders-db-data, orders-web, billing]

- name: Report what can be read, with a strip of the last 14 days, even if a source is down
  multivendor.backup.backup_resource_info:
    sources: "{{ backup_sources }}"
    history_days: 14
    on_error: warn
  register: report

- name: Set the sources once
  module_defaults:
    group/multivendor.backup.unified:
      sources: "{{ backup_sources }}"
      connection:
        deadline: 120
  block:
    - name: Look at the providers' own fields only, which is fast
      multivendor.backup.backup_resource_info:
        evidence: resource_field
      register: quick

    - name: Measure weekly backups
      multivendor.backup.backup_resource_info:
        rpo: 7d
        grace: 1d
        history: 30d
      register: weekly

# Address and token come from the environment: CLUMIO_API_BASE_URL and CLUMIO_API_TOKEN
- name: Read one source as the environment describes it
  multivendor.backup.backup_resource_info:
    sources:
      - clumio:
          kinds: [ebs_volumes, ec2_instances]

- name: Read from a bastion, with the credentials of the bastion's environment and files
  multivendor.backup.backup_resource_info:
    sources:
      - yandex:
          folder_id: b1gvmob95yysaplct532
          instance_metadata: true
      - petadata:
          instance_ids: [pd-bp1x2y3z4a5b6c7d]
  delegate_to: bastion.example.com
"""

RETURN = r"""
resources:
  description:
    - The resources, the worst first, that is by verdict in the order of the choices of O(freshness), then the oldest
      good backup first. With O(fields) they have only these fields and C(uid).
    - Times are RFC 3339 in UTC. What is not known is V(null).
  returned: always, unless the module fails before its first request
  type: list
  elements: dict
  contains:
    uid:
      description:
        - Unique across all sources, C(provider:source::id). For what O(expected) names and no source has, C(:::name).
      type: str
      returned: always
      sample: clumio:clumio-us::9a2b3e2c-5d3f-4f0e-8c52-0f7e6f0a3b11
    provider:
      description: V(yandex), V(clumio), V(veeam) or V(petadata). V(null) for what O(expected) names and no source has.
      type: str
      returned: always
      sample: clumio
    source:
      description: Name of the source. V(null) for what O(expected) names and no source has.
      type: str
      returned: always
      sample: clumio-us
    id:
      description:
        - The id by which tasks know it. In Yandex the id of the Compute instance, or its own where there is none, in
          PetaData C(instance/database). Its name, where nothing else is known.
      type: str
      returned: always
      sample: 9a2b3e2c-5d3f-4f0e-8c52-0f7e6f0a3b11
    name:
      description: Its name. Yandex tells none. In Clumio the id that AWS gave, where there is no name.
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
    protection:
      description:
        - Whether it is meant to be backed up. V(protected), also if tasks name it and the provider lists nothing of its
          kind; V(unprotected), by no policy or job; V(disabled), switched off; V(pending), being registered;
          V(registration_failed); V(orphaned), no longer tied to its machine; V(deleted), also if tasks name it and the
          provider's list of all such resources does not; V(unsupported), the provider cannot back it up; V(unknown).
        - A machine of Veeam that no job names is V(unknown) where jobs hold folders, hosts or the like, for it may be
          in one of them. So is one that only sessions name.
      type: str
      returned: always
      sample: protected
    activity:
      description: What it is doing, V(idle), V(backing_up), V(restoring), V(failed), V(other) or V(unknown).
      type: str
      returned: always
      sample: idle
    online:
      description: Whether the provider can reach it. Only Yandex says so.
      type: bool
      returned: always
      sample: true
    enabled:
      description: Whether its backups are switched on. Only Yandex says so.
      type: bool
      returned: always
      sample: true
    policies:
      description: The policies or jobs that protect it, as far as the provider tells.
      type: list
      elements: dict
      returned: always
      contains:
        id:
          description: Its id.
          type: str
          returned: always
          sample: 6f0d2b1a-3c4e-4d5f-8a6b-7c8d9e0f1a2b
        name:
          description: Its name.
          type: str
          returned: always
          sample: Nightly VMs
    alternate_ids:
      description:
        - Other ids by which the provider knows it, for example the one that AWS gave, or that of Yandex's own record.
      type: list
      elements: str
      returned: always
      sample: [vol-0a1b2c3d4e5f60718]
    coverage:
      description:
        - How it was found. V(listed), the provider lists it. V(tasks_only), only tasks name it. V(expected), only
          O(expected) names it.
      type: str
      returned: always
      sample: listed
    last_attempt_at:
      description: When its newest finished backup ended, however it did.
      type: str
      returned: always
      sample: '2026-11-21T01:56:02Z'
    last_result:
      description:
        - How that backup ended. V(null) if there is none within O(history), or tasks were not read.
        - V(success); V(warning), done, with something to look at; V(partial), done in part; V(failed); V(timed_out);
          V(abandoned), given up by the system; V(cancelled), by somebody; V(skipped), not needed; V(unknown), ended,
          and nobody says how.
        - Only V(success) and V(warning) leave something that can be restored. V(unknown) is never taken for success.
      type: str
      returned: always
      sample: success
    last_success_at:
      description:
        - When its newest good backup began, for that is the state that can be brought back. V(null) if none is known.
      type: str
      returned: always
      sample: '2026-11-21T01:35:02Z'
    last_success_basis:
      description:
        - What says so. V(task), a finished task; V(recovery_point), a restore point that exists; V(resource_field), the
          provider's own time of the last backup; V(none), nothing does.
      type: str
      returned: always
      sample: task
    last_success_task:
      description:
        - The C(uid) of that task, as M(multivendor.backup.backup_task_info) returns it. V(null) if
          something else says so.
      type: str
      returned: always
      sample: clumio:clumio-us::4f0b7a1e-2c3d-4e5f-9a6b-7c8d9e0f1a2b
    next_run_at:
      description: When the next backup is planned. Only Yandex says so.
      type: str
      returned: always
      sample: '2026-11-22T01:30:00Z'
    overdue:
      description:
        - Whether the next backup should have begun by now, and longer ago than half the time that lay between the last
          one and it, or than the grace if no last one is known, and nothing is running. V(null) if that cannot be
          known.
      type: bool
      returned: always
      sample: false
    consecutive_failures:
      description:
        - How many backups failed, timed out or were abandoned since the last good one. Others that brought nothing do
          not count, and do not end the row. V(null) if tasks were not read.
      type: int
      returned: always
      sample: 0
    failing_since:
      description: When the first of these failures began, V(null) if there is none.
      type: str
      returned: always
      sample: '2026-11-19T01:35:02Z'
    last_restore_at:
      description: When its newest finished restore ended. V(null) if there is none within O(history).
      type: str
      returned: always
      sample: '2026-11-12T09:15:40Z'
    last_restore_result:
      description: How that restore ended, in the words of RV(resources[].last_result).
      type: str
      returned: always
      sample: success
    freshness:
      description: The verdict on its backups.
      type: dict
      returned: always
      contains:
        target_seconds:
          description:
            - How old its newest good backup may be, from O(sources[].rpo) or O(rpo). V(null) if there is no target.
          type: float
          returned: always
          sample: 86400.0
        grace_seconds:
          description: How much older it may be and count as V(late) only. V(null) if there is no target.
          type: float
          returned: always
          sample: 21600.0
        age_seconds:
          description: How old its newest good backup is, from its beginning. V(null) if none is known.
          type: float
          returned: always
          sample: 19498.0
        status:
          description:
            - The verdict.
            - V(met), the newest good backup is young enough.
            - V(late), it is older than the target, but within the grace.
            - V(missed), it is older than target and grace together; or there is no good backup in the history that was
              read, and the resource is older than that or of unknown age.
            - V(never), there is no good backup, and what was read covers the whole life of the resource, or the
              provider itself says so; or O(expected) names it, and all sources list their resources, and none has it.
            - V(pending), there is no good backup yet, but the resource is younger than one target.
            - V(not_applicable), there is nothing to measure, because it has no target, or its
              RV(resources[].protection) is V(unprotected), V(disabled), V(deleted) or V(unsupported) and O(expected)
              does not name it.
            - V(unknown), nobody can say, because something about the resource could not be read.
          type: str
          returned: always
          sample: met
        evaluated_at:
          description:
            - The moment of the verdict, by the clock of the server when it differs from ours by more than a minute.
          type: str
          returned: always
          sample: '2026-11-21T07:00:00Z'
    days:
      description:
        - One entry for each of the last O(history_days) days (UTC), the oldest first. Empty without that option, and
          where tasks were not read.
      type: list
      elements: dict
      returned: always
      contains:
        date:
          description: The day.
          type: str
          returned: always
          sample: '2026-11-21'
        result:
          description:
            - The worst result of the backups that ended on that day, in the words of RV(resources[].last_result),
              V(null) if none did.
          type: str
          returned: always
          sample: success
    reasons:
      description:
        - What a person should know about it, whatever the verdict.
        - V(never_backed_up), it never had a good backup.
        - V(no_success_in_history), it had none within O(history), and is older than that, or its age is not known; or
          O(expected) names it, no source has it, and not all of them list their resources.
        - V(rpo_missed), its newest good backup is older than target and grace.
        - V(rpo_late), its newest good backup is older than the target, within the grace.
        - V(last_failed), its newest finished backup failed, timed out or was abandoned.
        - V(failure_streak), RV(resources[].consecutive_failures) is three or more.
        - V(stuck_task), a backup has been running for longer than 4 hours and longer than three times the usual, or
          past the end that the provider expects. What waits in a queue, and a continuous job of Veeam between two runs,
          is not stuck.
        - V(overdue), its next backup should have begun, and nothing is running.
        - V(never_restored), nothing of it was ever restored, as far as tasks tell, and they cover its whole life.
        - V(offline), the provider cannot reach it.
        - V(disabled), its backups are switched off.
        - V(not_controlling), it is no longer tied to the machine that it belongs to.
        - V(registration_failed), it could not be registered for backups.
        - V(warning_result), its newest finished backup ended with a warning, in part, cancelled or skipped.
        - V(incomplete_data), something about it could not be read, so what is missing may be the very backup that was
          looked for.
        - V(unknown_status), its newest finished backup ended, and nobody says how.
        - V(unknown_task), a task that would be young enough may have been a good backup, but tells so in a word that
          nobody here knows, so the verdict is unknown instead of a bad one.
        - V(in_the_future), its newest good backup seems to begin in the future. A clock is wrong, so the verdict is
          unknown.
      type: list
      elements: str
      returned: always
      sample: [last_failed, failure_streak]
    message:
      description: What the provider says about its newest backup, or about its state.
      type: str
      returned: always
      sample: 'Snapshot creation failed: not enough space.'
    created_at:
      description: When it was created or connected. Only Yandex says so.
      type: str
      returned: always
      sample: '2026-02-03T09:12:44Z'
    updated_at:
      description: When it last changed. Only Yandex says so.
      type: str
      returned: always
      sample: '2026-11-21T01:56:02Z'
    notes:
      description:
        - What was odd about it, in words for programs.
        - V(unknown_protection:FOO), V(unknown_activity:FOO) and V(unknown_type:FOO), a word of the provider that this
          collection does not know; V(no_tasks), an external server of Yandex, whose API has tasks of Compute instances
          only; V(in_no_job), no job of Veeam names it, though one may hold a folder with it; V(not_found),
          O(expected) names it, and no source has it; V(clock_offset:90), the clock of the server is ahead of ours by so
          many seconds, and the verdict is by that clock.
      type: list
      elements: str
      returned: always
      sample: []
    raw:
      description:
        - The record as the provider's own module returns it. For Veeam, which has no such module, what was put together
          from its jobs and restore points. V(null) for what only tasks or O(expected) name.
      type: dict
      returned: when O(detail=raw)
summary:
  description: What the verdicts amount to. It counts the resources that are returned.
  returned: always, unless the module fails before its first request
  type: dict
  contains:
    total:
      description: How many resources there are.
      type: int
      returned: always
      sample: 140
    by_freshness:
      description: How many have each verdict, zeros included.
      type: dict
      returned: always
      sample:
        never: 1
        missed: 2
        unknown: 0
        late: 3
        pending: 1
        met: 130
        not_applicable: 3
    by_protection:
      description: How many there are of each RV(resources[].protection). Words that do not occur are left out.
      type: dict
      returned: always
      sample:
        protected: 137
        unprotected: 3
    by_reason:
      description: How many have each reason. Reasons that do not occur are left out.
      type: dict
      returned: always
      sample:
        last_failed: 2
        rpo_late: 3
        rpo_missed: 2
    by_provider:
      description: How many there are of each provider. What no source has is left out.
      type: dict
      returned: always
      sample:
        clumio: 99
        veeam: 41
    without_good_backup:
      description:
        - How many are V(never), V(missed) or V(unknown). The number to alarm on. What nobody meant to back up is
          V(not_applicable) and not among them, see V(unprotected) in RV(summary.by_protection).
      type: int
      returned: always
      sample: 3
matched:
  description: How many resources are returned.
  returned: always, unless the module fails before its first request
  type: int
  sample: 140
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
from ..module_utils._unified.resources import RESOURCE_OPTIONS, find_resources


def main() -> None:
    run(RESOURCE_OPTIONS, find_resources)


if __name__ == "__main__":
    main()
