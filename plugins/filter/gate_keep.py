# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: gate_keep
short_description: Keep what was read for the rest of this run of Ansible
version_added: 0.1.0
description:
  - Keeps a result of M(multivendor.backup.backup_resource_info), so that other hosts of the play, later batches and
    later plays need not read it again. P(multivendor.backup.gate_kept#filter) gives it back.
  - It is there for the role C(gate). Facts would not do, because with the strategy P(ansible.builtin.free#strategy) a
    host sees the facts of another too late.
  - The result is a file in the folder that Ansible makes for one run, which only its user may enter, and which is gone
    when the run ends. It holds resources and how sources were read, and no option.
author:
  - multivendor.backup contributors (@multivendor-backup)
positional: options
options:
  _input:
    description:
      - A result of M(multivendor.backup.backup_resource_info).
    type: dict
    required: true
  options:
    description:
      - What it was read with, in any form. The same has to be given to P(multivendor.backup.gate_kept#filter).
      - Secrets among them are not kept.
    type: dict
    required: true
seealso:
  - plugin: multivendor.backup.gate_kept
    plugin_type: filter
  - plugin: multivendor.backup.gate
    plugin_type: filter
"""

EXAMPLES = r"""
# options is a variable that holds what is given to the module
- name: Read what is protected, once for all hosts
  multivendor.backup.backup_resource_info:
    sources: "{{ options.sources }}"
    on_error: warn
  run_once: true
  throttle: 1
  delegate_to: localhost
  when: not (options | multivendor.backup.gate_kept)
  register: reading
  failed_when: reading is failed or not (reading | multivendor.backup.gate_keep(options))
"""

RETURN = r"""
_value:
  description: V(true), it is kept.
  type: bool
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible import constants

from ansible_collections.multivendor.backup.plugins.plugin_utils._inputs import filter_plugin
from ansible_collections.multivendor.backup.plugins.plugin_utils._readings import keep


@filter_plugin("gate_keep")
def gate_keep(value: Any, options: Any) -> bool:
    keep(value, options, Path(constants.DEFAULT_LOCAL_TMP), time.time())
    return True


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"gate_keep": gate_keep}
