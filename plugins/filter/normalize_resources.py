# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: normalize_resources
short_description: Turn resources of one vendor into the common model
version_added: 0.1.0
description:
  - Takes what a module of one vendor returned, of this collection or of another, and gives the same resources in the
    common model of M(multivendor.backup.backup_resource_info), without any verdict. Nothing is read from
    anywhere.
  - Give them to P(multivendor.backup.freshness#filter) to learn which of them have no good backup.
  - From a whole result the filter knows whether the list was read to its end. If it was not, each resource carries the
    note V(incomplete_listing). An incomplete result without any resource is refused.
author:
  - multivendor.backup contributors (@multivendor-backup)
positional: provider, source
options:
  _input:
    description:
      - A list of resources, the whole result of a module, that of a module in a loop, or a list of such results.
    type: raw
    required: true
  provider:
    description:
      - Whose resources these are.
      - V(yandex), those of M(multivendor.backup.yandex_backup_resource_info).
      - V(clumio), those of M(multivendor.backup.clumio_backup_resource_info).
      - V(aws_backup), what C(list-protected-resources) of AWS Backup gives. What has no recovery point is not among
        them.
      - V(proxmox), guests of C(community.proxmox.proxmox_vm_info).
      - V(nutanix), machines of C(nutanix.ncp.ntnx_vms_info_v2).
      - Veeam and PetaData have no module that lists resources. M(multivendor.backup.backup_resource_info) knows
        theirs. For Azure, the jobs name the resources.
    type: str
    required: true
    choices: [yandex, clumio, aws_backup, proxmox, nutanix]
  source:
    description:
      - A label for the system that the resources come from. Tasks need the same one to be found for them.
      - By default the provider.
    type: str
seealso:
  - plugin: multivendor.backup.normalize_tasks
    plugin_type: filter
  - plugin: multivendor.backup.freshness
    plugin_type: filter
  - module: multivendor.backup.backup_resource_info
"""

EXAMPLES = r"""
- name: Read the resources of a folder
  multivendor.backup.yandex_backup_resource_info:
    folder_id: b1gvmob95yysaplct532
    service_account_key_file: /etc/backup-report/sa-key.json
  register: resources

- name: Show what is switched off
  ansible.builtin.debug:
    msg: >-
      {{ resources | multivendor.backup.normalize_resources('yandex', 'yc-prod')
         | selectattr('protection', 'eq', 'disabled') | map(attribute='id') }}

- name: Read the guests of Proxmox
  community.proxmox.proxmox_vm_info:
    api_host: pve.example.com
    api_user: backup-report@pve
    api_token_id: report
    api_token_secret: "{{ vault_proxmox_token }}"
  register: guests

# proxmox_tasks is a variable that holds tasks of the guests
- name: Show guests without a good backup
  ansible.builtin.debug:
    msg: >-
      {{ guests | multivendor.backup.normalize_resources('proxmox')
         | multivendor.backup.freshness(rpo='26h', history='14d',
                                        tasks=proxmox_tasks | multivendor.backup.normalize_tasks('proxmox'))
         | rejectattr('freshness.status', 'in', ['met', 'not_applicable']) | map(attribute='name') }}
"""

RETURN = r"""
_value:
  description:
    - The resources in the common model, in the order given. All fields are described with
      M(multivendor.backup.backup_resource_info). Those of the verdict are V(null).
  type: list
  elements: dict
  contains:
    uid:
      description: Unique across all sources.
      type: str
    id:
      description: The id by which tasks know it.
      type: str
    protection:
      description: Whether it is meant to be backed up. V(unknown) where the vendor does not say.
      type: str
    last_success_at:
      description: The time of the last backup, as the vendor itself tells it.
      type: str
    notes:
      description: What is remarkable, for example V(unknown_protection:FOO) or V(incomplete_listing).
      type: list
      elements: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.multivendor.backup.plugins.plugin_utils._inputs import filter_plugin
from ansible_collections.multivendor.backup.plugins.plugin_utils._normalize import RESOURCES, normalize


@filter_plugin("normalize_resources")
def normalize_resources(value: Any, provider: Any, source: Any = None) -> list[dict[str, Any]]:
    return normalize(value, provider, source, "resources", RESOURCES)


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"normalize_resources": normalize_resources}
