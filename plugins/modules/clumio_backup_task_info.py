#!/usr/bin/python
# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: clumio_backup_task_info
short_description: Read the tasks of Clumio
version_added: 0.1.0
description:
  - Reads the tasks (backups, restores, snapshots, and what Clumio does beside them) from Clumio.
  - The server filters. Filters on different fields must all be met.
  - The list ends at the present moment, unless O(created_before) or O(filter) say otherwise, so that new tasks do not
    move it while it is read.
  - The list is read to its end. If anything is missing the module fails, and the failure carries what was read.
  - A task of Clumio has no reason of failure. Clumio keeps the reasons in its alerts.
author:
  - multivendor.backup contributors (@multivendor-backup)
extends_documentation_fragment:
  - multivendor.backup._attributes.info
  - multivendor.backup._clumio
  - multivendor.backup._connection
options:
  ids:
    description:
      - Return only tasks with these ids.
    type: list
    elements: str
  statuses:
    description:
      - Return only tasks with these statuses. The API knows V(queued), V(in_progress), V(completed), V(failed),
        V(aborting) and V(aborted).
    type: list
    elements: str
  types:
    description:
      - Return only tasks of these types. Clumio adds types as it grows.
      - Documented are V(aws_ebs_volume_backup_seeding), V(aws_ebs_volume_incremental_backup),
        V(aws_ebs_volume_backup_indexing), V(aws_ebs_volume_restore), V(aws_ebs_volume_file_restore),
        V(microsoft365_mailbox_seeding), V(microsoft365_mailbox_backup), V(microsoft365_inventory_sync) and
        V(microsoft365_mail_restore).
    type: list
    elements: str
  categories:
    description:
      - Return only tasks of these categories. Clumio adds categories as it grows.
      - Documented are V(backup), V(restore), V(snapshot), V(snapshot_restore), V(system), V(report_generation) and
        V(management).
      - To find backups, ask for the category V(backup), not for a word in the type. Indexing a backup, for example, is
        V(system).
    type: list
    elements: str
  genres:
    description:
      - Return only tasks of these genres. V(operational) are backups, restores and snapshots, V(administrative) is
        everything else.
    type: list
    elements: str
  created_after:
    description:
      - Return only tasks that were created at this time or later. An RFC 3339 time, or an age like V(24h) or V(7d).
      - Clumio accepts at most six months back.
    type: str
  created_before:
    description:
      - Return only tasks that were created at this time or earlier. An RFC 3339 time, or an age like V(24h) or V(7d).
    type: str
  primary_entity_id:
    description:
      - Return only tasks on the thing whose id contains this text.
    type: str
  primary_entity_value:
    description:
      - Return only tasks on things whose name contains this text.
    type: str
  filter:
    description:
      - A filter in the API's own words, as a dictionary. It is sent as it is, together with the filters of the other
        options. A field that is here may not be in another option, too.
    type: dict
seealso:
  - name: List tasks
    description: The API behind this module.
    link: https://api.commvault.com/docs/SP38/api/cv/ClumioAPIs/list-tasks
"""

EXAMPLES = r"""
- name: Read the backups of the last day that failed
  multivendor.backup.clumio_backup_task_info:
    url: https://us-west-2.api.clumio.com
    api_token: "{{ vault_clumio_api_token }}"
    categories: [backup]
    statuses: [failed]
    created_after: 24h
  register: night

- name: Show what failed
  ansible.builtin.debug:
    msg: "{{ item.primary_entity.value }}: {{ item.type }} at {{ item.created_timestamp }}"
  loop: "{{ night.tasks }}"
  loop_control:
    label: "{{ item.id }}"

# Address and token come from the environment: CLUMIO_API_BASE_URL and CLUMIO_API_TOKEN
- name: Read what is running
  multivendor.backup.clumio_backup_task_info:
    statuses: [queued, in_progress]

- name: Read the tasks of one volume in one organizational unit
  multivendor.backup.clumio_backup_task_info:
    url: https://eu-central-1.de.api.clumio.com
    api_token: "{{ vault_clumio_api_token }}"
    organizational_unit_context: 0a6f0c1e-7d3b-4f5e-9c55-2b8f3b6a1d20
    primary_entity_value: orders-db-data
    created_after: "2026-11-01T00:00:00Z"
    created_before: "2026-11-08T00:00:00Z"

- name: Filter in the API's own words
  multivendor.backup.clumio_backup_task_info:
    url: https://us-west-2.api.clumio.com
    api_token: "{{ vault_clumio_api_token }}"
    filter:
      status: {$in: [failed, aborted]}
      created_timestamp: {$gte: "2026-11-20T00:00:00Z"}

- name: Read from a bastion, with the token of the bastion's environment
  multivendor.backup.clumio_backup_task_info:
    url: https://us-west-2.api.clumio.com
    created_after: 7d
  delegate_to: bastion.example.com
"""

RETURN = r"""
tasks:
  description:
    - The tasks, in the order of the API, which promises none.
    - The API's own fields in snake case. Times are RFC 3339 in UTC. What the API leaves out is V(null).
  returned: always, unless the module fails before its first request
  type: list
  elements: dict
  contains:
    etag:
      description: The ETag of the task.
      type: str
      returned: always
      sample: "'2f9c1d5e'"
    links:
      description: Links to related things.
      type: list
      elements: dict
      returned: always
      contains:
        rel:
          description: How the link is related to the task.
          type: str
          returned: always
          sample: _self
        type:
          description: The HTTP method to use.
          type: str
          returned: always
          sample: get
        href:
          description: Address of it.
          type: str
          returned: always
          sample: /tasks/1048576
        name:
          description: Name of the link, V(null) in this API.
          type: str
          returned: always
    category:
      description: What kind of work it is.
      type: str
      returned: always
      sample: backup
    created_timestamp:
      description: When the task was created.
      type: str
      returned: always
      sample: '2026-11-21T01:34:19Z'
    end_timestamp:
      description: When it ended.
      type: str
      returned: always
      sample: '2026-11-21T01:56:02Z'
    genre:
      description: The group of categories.
      type: str
      returned: always
      sample: operational
    id:
      description: Id of the task.
      type: str
      returned: always
      sample: '1048576'
    is_abortable:
      description: Whether the task can be aborted.
      type: bool
      returned: always
      sample: false
    parent_entity:
      description: What the primary entity belongs to.
      type: dict
      returned: always
      contains:
        id:
          description: Its id.
          type: str
          returned: always
          sample: '123456789012'
        type:
          description: What it is.
          type: str
          returned: always
          sample: aws_account
        value:
          description: Its name.
          type: str
          returned: always
          sample: '123456789012'
    primary_entity:
      description: What the task works on.
      type: dict
      returned: always
      contains:
        id:
          description: Its id.
          type: str
          returned: always
          sample: 9a2b3e2c-5d3f-4f0e-8c52-0f7e6f0a3b11
        type:
          description: What it is.
          type: str
          returned: always
          sample: aws_ebs_volume
        value:
          description: Its name.
          type: str
          returned: always
          sample: orders-db-data
    progress_percentage:
      description: How far the task has got, from 0 to 100.
      type: int
      returned: always
      sample: 100
    start_timestamp:
      description: When it began.
      type: str
      returned: always
      sample: '2026-11-21T01:35:02Z'
    status:
      description: Where the task stands. V(completed), V(failed) and V(aborted) are the ends.
      type: str
      returned: always
      sample: completed
    type:
      description: What the task does.
      type: str
      returned: always
      sample: aws_ebs_volume_incremental_backup
    additional_fields:
      description: Fields that this module does not know, or whose values have an unexpected type, as the API sent them.
      type: dict
      returned: always
      sample: {}
listing:
  description: How the list was read, and whether it is complete. An incomplete list makes the module fail.
  returned: always, unless the module fails before its first request
  type: dict
  sample:
    complete: true
    incomplete_reason:
    failed_scopes: []
    pages: 3
    received: 2417
    returned: 2417
    duplicates: 0
    server_total: 2417
    requests: 3
    retries: 0
    throttled: 0
    elapsed_seconds: 0.412
  contains:
    complete:
      description: Whether everything that the server has was read.
      type: bool
      returned: always
    incomplete_reason:
      description:
        - Why the list is incomplete, V(null) when it is complete.
        - One of V(repeated_token), V(page_missing), V(total_mismatch), V(list_moved), V(deadline), V(failed_scopes) and
          V(source_failed).
      type: str
      returned: always
    failed_scopes:
      description: What could not be read, when several lists are read side by side.
      type: list
      elements: dict
      returned: always
      contains:
        scope:
          description: The id whose list could not be read.
          type: str
          returned: always
        incomplete_reason:
          description: Why, in the words of RV(listing.incomplete_reason).
          type: str
          returned: always
        code:
          description: The kind of error, see RV(error.code).
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
          description: What went wrong.
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
      description: Number of records in the result.
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

from ..module_utils._ansible.module import run_list
from ..module_utils._clumio.client import ClumioClient
from ..module_utils._clumio.options import CLUMIO


def main() -> None:
    run_list(
        CLUMIO.merge(
            {
                "ids": {"type": "list", "elements": "str"},
                "statuses": {"type": "list", "elements": "str"},
                "types": {"type": "list", "elements": "str"},
                "categories": {"type": "list", "elements": "str"},
                "genres": {"type": "list", "elements": "str"},
                "created_after": {"type": "str"},
                "created_before": {"type": "str"},
                "primary_entity_id": {"type": "str"},
                "primary_entity_value": {"type": "str"},
                "filter": {"type": "dict"},
            },
        ),
        ClumioClient,
        ClumioClient.tasks,
        returns="tasks",
    )


if __name__ == "__main__":
    main()
