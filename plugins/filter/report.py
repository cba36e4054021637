# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: report
short_description: Make what was read the report of the role of the same name
version_added: 0.1.0
description:
  - Takes the results of M(multivendor.backup.backup_task_info) and M(multivendor.backup.backup_resource_info), and
    gives all that the role P(multivendor.backup.report#role) writes. Most people use the role.
  - Results that are not complete are welcome. The report then says so, and its verdict is never good.
author:
  - multivendor.backup contributors (@multivendor-backup)
positional: resources
options:
  _input:
    description:
      - The whole result of M(multivendor.backup.backup_task_info), with all tasks, that is without its option
        O(multivendor.backup.backup_task_info#module:limit).
    type: dict
    required: true
  resources:
    description:
      - The whole result of M(multivendor.backup.backup_resource_info).
    type: dict
    required: true
  collected_at:
    description:
      - When the reading began, RFC 3339.
    type: str
    required: true
  filters:
    description:
      - What was asked for, to be told in each file. Two dictionaries, V(tasks) and V(resources), with options of the
        two modules. From C(since) and C(history_days) among them the period follows.
    type: dict
    default:
      tasks: {}
      resources: {}
  title:
    description:
      - The title.
    type: str
    default: Backup report
  formats:
    description:
      - Which files to make, except the page itself, for which there is RV(_value.view).
    type: list
    elements: str
    choices: [html, json, csv, markdown, prometheus]
    default: [html, json, csv, markdown, prometheus]
  previous:
    description:
      - The text of an earlier C(report.json). If it says the same apart from when it was collected, its times and ages
        are kept, so that all files stay as they are. One that cannot be understood is passed over.
    type: str
seealso:
  - plugin: multivendor.backup.report
    plugin_type: role
  - module: multivendor.backup.backup_task_info
  - module: multivendor.backup.backup_resource_info
"""

EXAMPLES = r"""
# backup_sources is a variable that holds a list of sources
- name: Read what ran
  multivendor.backup.backup_task_info:
    sources: "{{ backup_sources }}"
    since: 7d
    on_error: warn
  register: tasks

- name: Read what is protected
  multivendor.backup.backup_resource_info:
    sources: "{{ backup_sources }}"
    history_days: 7
    on_error: warn
  register: resources

- name: Show the report in a few lines
  ansible.builtin.debug:
    msg: >-
      {{ (tasks | multivendor.backup.report(resources, collected_at=now(utc=true, fmt='%Y-%m-%dT%H:%M:%SZ'),
                                            formats=['markdown'])).files['report.md'] }}
"""

RETURN = r"""
_value:
  description: The report.
  type: dict
  contains:
    verdict:
      description: The verdict in a line, and what else is worth a sentence.
      type: dict
      contains:
        level:
          description: V(ok), V(warning), V(critical) or V(unknown). It is V(ok) only if everything was read.
          type: str
        headline:
          description: The verdict.
          type: str
        detail:
          description: Some more sentences.
          type: str
        complete:
          description: Whether everything was read.
          type: bool
        mark:
          description: A sign for the level.
          type: str
    view:
      description:
        - What the page shows, for its template, with all texts escaped for HTML. It may change with every release.
      type: dict
    names:
      description: The names of all files to write, C(report.html) among them.
      type: list
      elements: str
    files:
      description: The text of each file by its name, but for the page, which its template makes.
      type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.multivendor.backup.plugins.plugin_utils._inputs import filter_plugin
from ansible_collections.multivendor.backup.plugins.plugin_utils._report import FORMATS, make_report


@filter_plugin("report")
def report(
    tasks: Any,
    resources: Any,
    collected_at: Any,
    filters: Any = None,
    title: Any = "Backup report",
    formats: Any = FORMATS,
    previous: Any = None,
) -> dict[str, Any]:
    return make_report(tasks, resources, collected_at, filters or {}, title, formats, previous)


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"report": report}
