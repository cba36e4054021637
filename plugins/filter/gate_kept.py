# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: gate_kept
short_description: Give what was read before in this run of Ansible
version_added: 0.1.0
description:
  - Gives the newest result that P(multivendor.backup.gate_keep#filter) kept for the same options, in this run of
    Ansible.
author:
  - multivendor.backup contributors (@multivendor-backup)
positional: max_age, resource
options:
  _input:
    description:
      - What it was read with, as it was given to P(multivendor.backup.gate_keep#filter).
    type: dict
    required: true
  max_age:
    description:
      - How old the reading may be. A length of time, for example V(30m). Of any age, if not given.
    type: str
  resource:
    description:
      - Give only those of the resources that have this id, alternate id or name, in upper or lower case. All of them,
        if not given.
      - Ansible takes long to hand a large reading from one filter to the next.
    type: str
seealso:
  - plugin: multivendor.backup.gate_keep
    plugin_type: filter
  - plugin: multivendor.backup.gate
    plugin_type: filter
"""

EXAMPLES = r"""
# options is a variable that holds what was given to the module
- name: Judge this host by what was read
  ansible.builtin.set_fact:
    verdict: "{{ options | multivendor.backup.gate_kept(resource=name) | multivendor.backup.gate(name) }}"
  vars:
    name: "{{ inventory_hostname }}"
"""

RETURN = r"""
_value:
  description:
    - The C(resources), C(sources) and C(complete) of that result, with C(read_at), the time when its reading began.
      Empty if there is none, or if it is too old.
  type: dict
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible import constants

from ansible_collections.multivendor.backup.plugins.plugin_utils._gate import narrowed
from ansible_collections.multivendor.backup.plugins.plugin_utils._inputs import filter_plugin, length
from ansible_collections.multivendor.backup.plugins.plugin_utils._readings import kept


@filter_plugin("gate_kept")
def gate_kept(value: Any, max_age: Any = None, resource: Any = None) -> dict[str, Any]:
    oldest = length("max_age", max_age, lowest=0)
    reading = kept(value, Path(constants.DEFAULT_LOCAL_TMP), time.time(), oldest) or {}
    return narrowed(reading, resource) if reading and resource is not None else reading


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"gate_kept": gate_kept}
