# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: freshness
short_description: Say which resources have no good backup that is young enough
version_added: 0.1.0
description:
  - Takes tasks of the common model from anywhere, and gives the resources that they are about, each with the verdict of
    M(multivendor.backup.backup_resource_info). The worst come first.
  - It also takes resources of the common model, with their tasks in O(tasks). Then it judges these resources and no
    others. Without O(tasks) it believes what the provider itself says of the last backup.
  - The age of a backup counts from the moment it began. Only a backup of the resource itself that ended in V(success)
    or V(warning) counts as good. What is unknown never counts as success.
  - What may be missing because something was not read is never held against a resource. A whole result that says that
    it is not complete, a task or resource with the note V(incomplete_listing), and O(complete=false) can still give
    V(met). Instead of V(late), V(missed), V(never) and V(pending) they give V(unknown), with the reason
    V(incomplete_data).
author:
  - multivendor.backup contributors (@multivendor-backup)
positional: rpo, grace
options:
  _input:
    description:
      - A list of tasks or of resources of the common model, a whole result of
        M(multivendor.backup.backup_task_info) or M(multivendor.backup.backup_resource_info), also of one
        that failed but carries what it read, or a list of such results.
      - Records of a single vendor go through P(multivendor.backup.normalize_tasks#filter) or
        P(multivendor.backup.normalize_resources#filter) first.
    type: raw
    required: true
  rpo:
    description:
      - The recovery point objective, or how old the newest good backup of a resource may be. A length of time, for
        example V(90m), V(24h), V(7d). Empty text means that there is no target.
    type: str
    default: 24h
  grace:
    description:
      - How much older than the target a backup may be and still count as V(late) and not as V(missed). A length of
        time. A quarter of the target, if not given.
    type: str
  now:
    description:
      - The time of the judgement, RFC 3339 or seconds since 1970. By default the clock of the control node.
    type: raw
  history:
    description:
      - From when on all tasks are in the list, as an age like V(14d), or a time. Give what O(tasks) or the input were
        read with.
      - If not given, it begins with the oldest task in the list.
      - A resource without a good backup in a history that is shorter than O(rpo) and O(grace) together gives
        V(unknown), for its last good backup may just be older than the history. So tasks of the last 24 hours do not
        suffice for a target of V(24h).
    type: str
  complete:
    description:
      - Whether everything was read that belongs into the list. A whole result says so itself. For a list give
        RV(multivendor.backup.backup_task_info#module:complete), or C(listing.complete) of a module that reads one
        vendor.
    type: bool
    default: true
  snapshots:
    description:
      - Whether a snapshot counts as a backup. Mostly it dies with the thing that it was taken of.
    type: bool
    default: false
  expected:
    description:
      - Ids or names of resources that must exist. One that neither a task nor a resource has is returned, too, with the
        note V(not_found). Its verdict is V(never) when the input is resources, and V(missed) when it is tasks. It is
        V(unknown) if something was not read, or if the history of tasks is too short, see O(history).
      - What is expected is judged even if its provider says that it is not meant to be backed up.
    type: list
    elements: str
    default: []
  tasks:
    description:
      - The tasks of the resources, when the input is resources. As the input, a list or whole results.
      - Tasks find their resource within the same provider and source, by its id, or by its name where they tell no id.
        What several resources are called proves nothing about any of them.
    type: raw
seealso:
  - plugin: multivendor.backup.normalize_tasks
    plugin_type: filter
  - plugin: multivendor.backup.normalize_resources
    plugin_type: filter
  - module: multivendor.backup.backup_resource_info
"""

EXAMPLES = r"""
# backup_sources is a variable that holds a list of sources
- name: Read the tasks of two weeks
  multivendor.backup.backup_task_info:
    sources: "{{ backup_sources }}"
    since: 14d
    on_error: warn
  register: fortnight

- name: Show what has no good backup
  ansible.builtin.debug:
    msg: "{{ item.name or item.id }}: {{ item.freshness.status }}, {{ item.reasons }}"
  loop: >-
    {{ fortnight | multivendor.backup.freshness(rpo='26h', history='14d')
       | selectattr('freshness.status', 'in', ['never', 'missed', 'unknown']) }}
  loop_control:
    label: "{{ item.uid }}"

# aws_jobs and azure_jobs are variables that hold what modules returned
- name: Judge the jobs of two clouds together, with different targets
  ansible.builtin.set_fact:
    estate: >-
      {{ aws_jobs | multivendor.backup.normalize_tasks('aws_backup', 'aws-prod')
         | multivendor.backup.freshness('26h', history='30d')
         + azure_jobs | multivendor.backup.normalize_tasks('azure', 'azure-prod')
         | multivendor.backup.freshness('8h', '1h', history='7d') }}

# What could not be read is unknown, and proves no backup
- name: Check that every machine of a group has a backup
  ansible.builtin.assert:
    that:
      - >-
        fortnight | multivendor.backup.freshness(history='14d', expected=groups['databases'])
        | selectattr('freshness.status', 'in', ['never', 'missed', 'unknown']) | length == 0

- name: Judge resources by tasks that were read before
  ansible.builtin.set_fact:
    judged: >-
      {{ resources | multivendor.backup.normalize_resources('yandex', 'yc-prod')
         | multivendor.backup.freshness(tasks=yandex | multivendor.backup.normalize_tasks('yandex', 'yc-prod'),
                                        history='14d') }}
"""

RETURN = r"""
_value:
  description:
    - The resources, the worst first. All fields are described with M(multivendor.backup.backup_resource_info).
  type: list
  elements: dict
  contains:
    uid:
      description: Unique across all sources.
      type: str
    coverage:
      description: V(tasks_only), only tasks name it; V(expected), only O(expected) names it; else as it was given.
      type: str
    last_success_at:
      description: When its newest good backup began. V(null) if none is known.
      type: str
    consecutive_failures:
      description: How many backups failed since the last good one. V(null) without tasks.
      type: int
    freshness:
      description: The verdict.
      type: dict
      contains:
        target_seconds:
          description: How old the backup may be.
          type: float
        grace_seconds:
          description: How much older it may be before the target counts as missed.
          type: float
        age_seconds:
          description: How old it is.
          type: float
        status:
          description:
            - V(met), young enough; V(late), older than the target but within the grace; V(missed), older than both, or
              none in the history; V(never), none at all; V(pending), none yet, but the resource is younger than one
              target; V(not_applicable), nothing to measure; V(unknown), nobody can say.
          type: str
        evaluated_at:
          description: The time of the judgement.
          type: str
    reasons:
      description: What a person should know, for example V(rpo_missed), V(failure_streak) or V(incomplete_data).
      type: list
      elements: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.multivendor.backup.plugins.plugin_utils._inputs import filter_plugin
from ansible_collections.multivendor.backup.plugins.plugin_utils._verdicts import freshness as judge_all
from ansible_collections.multivendor.backup.plugins.plugin_utils._verdicts import read_question


@filter_plugin("freshness")
def freshness(
    value: Any,
    rpo: Any = "24h",
    grace: Any = None,
    now: Any = None,
    history: Any = None,
    complete: Any = True,
    snapshots: Any = False,
    expected: Any = (),
    tasks: Any = None,
) -> list[dict[str, Any]]:
    return judge_all(value, tasks, read_question(rpo, grace, now, history, complete, snapshots, expected))


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"freshness": freshness}
