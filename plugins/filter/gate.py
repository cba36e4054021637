# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: gate
short_description: Say whether a host has a good backup that is young enough
version_added: 0.1.0
description:
  - Gives the verdict on one host before something is done to it, for example before it is patched. It is what the role
    C(gate) of this collection decides by.
  - The age of a backup counts from the moment it began to the time of the check, and not to the time of the reading.
  - What is unknown is never V(pass). Where something was not read, a good backup that was read still counts.
  - A resource whose backups are switched off, or that nobody meant to back up, passes if it has a young enough good
    backup. One that its backup system has deleted never passes.
  - The same machine may be backed up by several sources. The newest good backup counts.
  - Within one source an id goes before a name. If a source has several resources of one name, nobody knows which of
    them is the host. It passes if all of them do, it fails if none has what it takes, and otherwise it is V(unknown).
  - Resources of the same name in different sources are taken for the same machine. Where that is not so, use ids or
    O(source).
author:
  - multivendor.backup contributors (@multivendor-backup)
positional: resource
options:
  _input:
    description:
      - A result of M(multivendor.backup.backup_resource_info), or what P(multivendor.backup.gate_kept#filter) gives.
        Empty if nothing was read.
      - It has to be read with O(multivendor.backup.backup_resource_info#module:on_error=warn), and at least with the
        C(fields) V(source), V(id), V(name), V(alternate_ids), V(protection), V(reasons), V(freshness),
        V(last_attempt_at), V(last_result), V(last_success_at), V(last_success_basis) and V(last_success_task).
    type: dict
    required: true
  resource:
    description:
      - The id or name of the host in the backup systems, compared exactly. Empty if it has none.
    type: str
    required: true
  host:
    description:
      - The name of the host, to which O(waivers) are given.
    type: str
  rpo:
    description:
      - How old its newest good backup may be. A length of time, for example V(90m), V(24h), V(7d).
    type: str
    default: 24h
  grace:
    description:
      - How much older than O(rpo) it may be and still pass. A length of time. There is no grace if not given.
    type: str
  match:
    description:
      - What O(resource) is compared with. V(id) includes alternate ids. V(any) is an id, or a name where a source has
        no such id.
    type: str
    choices: [any, id, name]
    default: any
  source:
    description:
      - The name of a source, or a list of names. Only these are looked at. All of them, if not given.
    type: raw
  history:
    description:
      - How far back tasks were read. If O(rpo) and O(grace) together are longer, that is refused, because a good backup
        could be overlooked.
    type: str
  waivers:
    description:
      - Leave to go on without a good backup.
    type: list
    elements: dict
    default: []
    suboptions:
      host:
        description:
          - The host that it is for, compared exactly with O(host). Either this or O(waivers[].resource) is needed.
        type: str
      resource:
        description:
          - The resource that it is for, compared exactly with O(resource).
        type: str
      until:
        description:
          - When it expires. A date, to the end of that day in UTC, or an RFC 3339 time.
        type: str
        required: true
      reason:
        description:
          - Why there is one.
        type: str
        required: true
      approved_by:
        description:
          - Who gave it.
        type: str
  now:
    description:
      - The time of the check, RFC 3339 or seconds since 1970. By default the clock of the control node.
    type: raw
seealso:
  - module: multivendor.backup.backup_resource_info
  - plugin: multivendor.backup.gate_kept
    plugin_type: filter
"""

EXAMPLES = r"""
# backup_sources is a variable that holds a list of sources
- name: Read what is protected
  multivendor.backup.backup_resource_info:
    sources: "{{ backup_sources }}"
    on_error: warn
  register: estate

- name: Check the database server
  ansible.builtin.assert:
    that: verdict.verdict == 'pass'
    fail_msg: "{{ verdict.message }}"
  vars:
    verdict: "{{ estate | multivendor.backup.gate('orders-db', rpo='8h', source='hq-veeam') }}"
"""

RETURN = r"""
_value:
  description:
    - The verdict.
  type: dict
  contains:
    verdict:
      description:
        - V(pass), it has a good backup that is young enough. V(fail), it has none. V(unknown), nobody can say.
          V(waived), it does not pass, but there is a waiver that has not expired.
      type: str
    reason:
      description:
        - Why, in a word for programs.
        - With V(pass), V(young_enough), or V(within_grace), older than O(rpo) but not by more than O(grace).
        - With V(fail), V(too_old); V(no_good_backup), none was found; V(disabled), V(unprotected), V(unsupported),
          V(orphaned) or V(registration_failed), none is young enough, and that is why; V(deleted), the source has
          deleted it or no longer lists it; V(not_found), no source knows it; V(no_mapping), O(resource) is empty.
        - With V(unknown), V(incomplete_data), not everything was read; V(ambiguous), a source has several resources of
          this name, and only some of them pass; V(in_the_future), its newest backup seems to begin after the check, so
          a clock is wrong; V(not_read), there is no reading.
        - With V(waived), any of V(fail) and V(unknown).
      type: str
    message:
      description: The verdict for people, with the evidence.
      type: str
    evidence:
      description: What it rests on. V(null) where there is nothing.
      type: dict
      contains:
        task:
          description: The C(uid) of the task that made the newest good backup. V(null) if no task proves it.
          type: str
        time:
          description: When that backup began.
          type: str
        source:
          description: The name of the source.
          type: str
        age_seconds:
          description: How old it is at the time of the check.
          type: float
        basis:
          description:
            - What proves it, as RV(multivendor.backup.backup_resource_info#module:resources[].last_success_basis).
          type: str
    waiver:
      description:
        - The waiver for this host, with C(expired). Of several, the one that expires last. V(null) if there is none, or
          none was needed.
      type: dict
"""

import time
from collections.abc import Callable
from typing import Any

from ansible_collections.multivendor.backup.plugins.plugin_utils._gate import judge, read_question
from ansible_collections.multivendor.backup.plugins.plugin_utils._inputs import filter_plugin


@filter_plugin("gate")
def gate(
    value: Any,
    resource: Any,
    host: Any = None,
    rpo: Any = "24h",
    grace: Any = None,
    match: Any = "any",
    source: Any = None,
    history: Any = None,
    waivers: Any = (),
    now: Any = None,
) -> dict[str, Any]:
    question = read_question(
        resource=resource,
        host=host,
        rpo=rpo,
        grace=grace,
        match=match,
        source=source,
        history=history,
        waivers=waivers,
        now=time.time() if now is None else now,
    )
    return judge(value, question)


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"gate": gate}
