# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: summarize
short_description: Count tasks of the common model
version_added: 0.1.0
description:
  - Gives the same counts as RV(multivendor.backup.backup_task_info#module:summary) of
    M(multivendor.backup.backup_task_info), for tasks from anywhere.
  - It counts what it is given. Whether that is everything, it does not say.
author:
  - multivendor.backup contributors (@multivendor-backup)
options:
  _input:
    description:
      - A list of tasks of the common model, a whole result of M(multivendor.backup.backup_task_info), or a list
        of such results.
      - Tasks of a single vendor go through P(multivendor.backup.normalize_tasks#filter) first.
    type: raw
    required: true
seealso:
  - plugin: multivendor.backup.normalize_tasks
    plugin_type: filter
  - plugin: multivendor.backup.freshness
    plugin_type: filter
  - module: multivendor.backup.backup_task_info
"""

EXAMPLES = r"""
# backup_sources is a variable that holds a list of sources
- name: Read the tasks of all systems
  multivendor.backup.backup_task_info:
    sources: "{{ backup_sources }}"
  register: night

- name: Count what concerns databases only
  ansible.builtin.debug:
    msg: >-
      {{ night.tasks | selectattr('resource') | selectattr('resource.type', 'eq', 'database')
         | multivendor.backup.summarize }}

- name: Count the tasks of two vendors together
  ansible.builtin.debug:
    msg: >-
      {{ (night.tasks + azure_jobs | multivendor.backup.normalize_tasks('azure'))
         | multivendor.backup.summarize }}
"""

RETURN = r"""
_value:
  description: The counts.
  type: dict
  contains:
    total:
      description: Number of tasks.
      type: int
    by_state:
      description: Number of tasks in each state.
      type: dict
    by_result:
      description: Number of finished tasks with each result.
      type: dict
    by_severity:
      description: Number of finished tasks of each severity.
      type: dict
    by_operation:
      description: Number of tasks of each operation.
      type: dict
    by_provider:
      description: Number of tasks of each provider.
      type: dict
    by_source:
      description: For each source, how many tasks it has of each severity, and how many have not finished.
      type: list
      elements: dict
    by_day:
      description: The same for each day (UTC) on which tasks were created.
      type: list
      elements: dict
    newest_success:
      description: The newest task that proves a backup, in short. V(null) if there is none.
      type: dict
    newest_failure:
      description: The newest failure, in short. V(null) if there is none.
      type: dict
    failures:
      description: Failures that say the same, the most frequent first, at most 50 groups.
      type: list
      elements: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.multivendor.backup.plugins.module_utils._model.summary import summarize as count
from ansible_collections.multivendor.backup.plugins.plugin_utils._inputs import filter_plugin
from ansible_collections.multivendor.backup.plugins.plugin_utils._verdicts import read_model


@filter_plugin("summarize")
def summarize(value: Any) -> dict[str, Any]:
    return count(read_model(value, "tasks").records)


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"summarize": summarize}
