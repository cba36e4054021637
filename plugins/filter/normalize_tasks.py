# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: normalize_tasks
short_description: Turn tasks of one vendor into the common model
version_added: 0.1.0
description:
  - Takes what a module of one vendor returned, of this collection or of another, and gives the same tasks in the common
    model of M(multivendor.backup.backup_task_info). Nothing is read from anywhere.
  - State, result and severity are separate, and the vendor's own words are kept. A word that the filter does not know
    gives V(unknown), or V(other) for an operation, and a note. It never gives V(success).
  - From a whole result the filter knows whether the list was read to its end. If it was not, each task carries the note
    V(incomplete_listing), and P(multivendor.backup.freshness#filter) draws no conclusion from what is missing. A list
    alone does not tell.
  - An incomplete result without any task is refused, for nothing follows from it.
author:
  - multivendor.backup contributors (@multivendor-backup)
positional: provider, source
options:
  _input:
    description:
      - A list of tasks, the whole result of a module, that of a module in a loop, or a list of such results.
      - Each record needs its id. The filter refuses records that have none, because then they are most likely those of
        another vendor.
    type: raw
    required: true
  provider:
    description:
      - Whose tasks these are.
      - V(yandex), those of M(multivendor.backup.yandex_backup_task_info).
      - V(clumio), those of M(multivendor.backup.clumio_backup_task_info).
      - V(veeam), those of M(multivendor.backup.veeam_backup_task_info) and the sessions of
        M(multivendor.backup.veeam_backup_session_info). Tasks only asked for something to be done, and prove
        no backup. Sessions do.
      - V(petadata), those of M(multivendor.backup.petadata_backup_task_info).
      - V(aws_backup), backup, restore and copy jobs of AWS Backup, as boto3 and the AWS command line print them, or in
        snake case. A job that completed with issues is a V(warning). A composite job is of the level V(job), the jobs
        within it are items.
      - V(azure), jobs of C(azure.azcollection.azure_rm_backupjob_info).
      - V(proxmox), those of C(community.proxmox.proxmox_tasks_info). One C(vzdump) of several guests names none
        of them, so it is of the level V(job), and proves no backup of a guest. Fifty tasks are taken for the beginning
        of a longer list, because Proxmox gives no more unless asked to.
      - V(nutanix), tasks of Prism Central, as modules of the collection nutanix.ncp return them, or read by
        C(ansible.builtin.uri) from the APIs v4 and v3. Recovery points are snapshots.
    type: str
    required: true
    choices: [yandex, clumio, veeam, petadata, aws_backup, azure, proxmox, nutanix]
  source:
    description:
      - A label for the system that the tasks come from. It is part of each RV(_value[].uid).
      - By default the provider.
    type: str
seealso:
  - plugin: multivendor.backup.normalize_resources
    plugin_type: filter
  - plugin: multivendor.backup.freshness
    plugin_type: filter
  - module: multivendor.backup.backup_task_info
notes:
  - The fields of other vendors are those of botocore, azure-mgmt-recoveryservicesbackup, community.proxmox and
    ntnx-prism-py-client, as they were in 2026. Where these leave words open, the filter is careful.
"""

EXAMPLES = r"""
- name: Read the tasks of a folder
  multivendor.backup.yandex_backup_task_info:
    folder_id: b1gvmob95yysaplct532
    service_account_key_file: /etc/backup-report/sa-key.json
  register: yandex

- name: Show what failed
  ansible.builtin.debug:
    msg: "{{ item.native_operation }} of {{ item.resource.id }}: {{ item.message }}"
  loop: >-
    {{ yandex | multivendor.backup.normalize_tasks('yandex', 'yc-prod')
       | selectattr('severity', 'eq', 'critical') }}
  loop_control:
    label: "{{ item.uid }}"

- name: Read the backup jobs of AWS, which no module of amazon.aws lists
  ansible.builtin.command:
    cmd: aws backup list-backup-jobs --output json
  register: aws
  changed_when: false

- name: Count the jobs by result
  ansible.builtin.debug:
    var: aws.stdout | from_json | multivendor.backup.normalize_tasks('aws_backup') | multivendor.backup.summarize

- name: Read what Proxmox did
  community.proxmox.proxmox_tasks_info:
    api_host: pve.example.com
    api_user: backup-report@pve
    api_token_id: report
    api_token_secret: "{{ vault_proxmox_token }}"
    node: "{{ item }}"
  loop: [pve1, pve2]
  register: proxmox

- name: Keep backups only, of both nodes
  ansible.builtin.set_fact:
    backups: >-
      {{ proxmox | multivendor.backup.normalize_tasks(provider='proxmox', source='pve')
         | selectattr('operation', 'eq', 'backup') }}
"""

RETURN = r"""
_value:
  description:
    - The tasks in the common model, in the order given. All fields are described with
      M(multivendor.backup.backup_task_info).
    - Times are RFC 3339 in UTC. What is not known is V(null).
  type: list
  elements: dict
  contains:
    uid:
      description: Unique across all sources.
      type: str
    level:
      description: V(item), one object in one run; V(job), one run over many; V(control), a request to the system.
      type: str
    operation:
      description: What was done, for example V(backup), V(restore) or V(snapshot).
      type: str
    state:
      description: Where it stands. Only V(finished) is the end.
      type: str
    result:
      description: How it ended, V(null) until then.
      type: str
    protects:
      description: Whether it proves that its resource can be restored.
      type: bool
    notes:
      description:
        - What is remarkable, for example V(unknown_state:FOO), V(unreadable_field:endtime) or V(incomplete_listing).
      type: list
      elements: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.multivendor.backup.plugins.plugin_utils._inputs import filter_plugin
from ansible_collections.multivendor.backup.plugins.plugin_utils._normalize import TASKS, normalize


@filter_plugin("normalize_tasks")
def normalize_tasks(value: Any, provider: Any, source: Any = None) -> list[dict[str, Any]]:
    return normalize(value, provider, source, "tasks", TASKS)


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"normalize_tasks": normalize_tasks}
