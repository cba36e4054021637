#!/usr/bin/python
# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: clumio_backup_resource_info
short_description: Read the resources that Clumio protects or could protect
version_added: 0.1.0
description:
  - Reads what Clumio knows of an organization's EBS volumes, EC2 instances, RDS resources, DynamoDB tables, S3 buckets
    and protection groups.
  - Clumio has a list for each kind. They are read side by side and returned as one, and every resource has the fields
    of all kinds. What a kind does not have is V(null).
  - Each list is read to its end. If anything is missing the module fails, and the failure carries what was read.
author:
  - multivendor.backup contributors (@multivendor-backup)
extends_documentation_fragment:
  - multivendor.backup._attributes.info
  - multivendor.backup._clumio
  - multivendor.backup._connection
options:
  kinds:
    description:
      - Return only resources of these kinds. By default all kinds are read.
    type: list
    elements: str
    choices: [ebs_volumes, ec2_instances, rds_resources, dynamodb_tables, s3_buckets, protection_groups]
  lookback_days:
    description:
      - How many days Clumio looks back, from 1 to 3650, to say how the backups of each resource went. The answer is in
        RV(resources[].backup_status_info.backup_status), which is V(unknown) unless this is given.
    type: int
seealso:
  - module: multivendor.backup.clumio_backup_task_info
  - module: multivendor.backup.backup_resource_info
"""

EXAMPLES = r"""
- name: Read what Clumio protects
  multivendor.backup.clumio_backup_resource_info:
    url: https://us-west-2.api.clumio.com
    api_token: "{{ vault_clumio_api_token }}"
  register: clumio

- name: Show what is not protected
  ansible.builtin.debug:
    msg: "{{ item.kind }} {{ item.name }} in {{ item.aws_region }}"
  loop: "{{ clumio.resources | selectattr('protection_status', 'eq', 'unprotected') }}"
  loop_control:
    label: "{{ item.id }}"

# Address and token come from the environment: CLUMIO_API_BASE_URL and CLUMIO_API_TOKEN
- name: Read the volumes and instances, and how their backups of the last week went
  multivendor.backup.clumio_backup_resource_info:
    kinds: [ebs_volumes, ec2_instances]
    lookback_days: 7

- name: Read the buckets of one organizational unit
  multivendor.backup.clumio_backup_resource_info:
    url: https://eu-central-1.de.api.clumio.com
    api_token: "{{ vault_clumio_api_token }}"
    organizational_unit_context: 0a6f0c1e-7d3b-4f5e-9c55-2b8f3b6a1d20
    kinds: [s3_buckets, protection_groups]

- name: Read from a bastion, with the token of the bastion's environment
  multivendor.backup.clumio_backup_resource_info:
    url: https://us-west-2.api.clumio.com
  delegate_to: bastion.example.com
"""

RETURN = r"""
resources:
  description:
    - The resources, in the order of O(kinds), and within one kind in the order of the API, which promises none.
    - The API's own fields in snake case. Times are RFC 3339 in UTC. What the API leaves out, or a kind does not have,
      is V(null).
  returned: always, unless the module fails before its first request
  type: list
  elements: dict
  contains:
    etag:
      description: The ETag of the resource.
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
          description: How the link is related to the resource.
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
          sample: /datasources/aws/ebs-volumes/9a2b3e2c-5d3f-4f0e-8c52-0f7e6f0a3b11
        name:
          description: Name of the link, V(null) in this API.
          type: str
          returned: always
    id:
      description: Id of the resource in Clumio. Tasks name it as the id of their primary entity.
      type: str
      returned: always
      sample: 9a2b3e2c-5d3f-4f0e-8c52-0f7e6f0a3b11
    name:
      description: Its name.
      type: str
      returned: always
      sample: orders-db-data
    volume_native_id:
      description: Id that AWS gave to the volume. Only EBS volumes have it.
      type: str
      returned: always
      sample: vol-0a1b2c3d4e5f60718
    instance_native_id:
      description: Id that AWS gave to the instance. Only EC2 instances have it.
      type: str
      returned: always
      sample: i-0a1b2c3d4e5f60718
    resource_native_id:
      description: Id that AWS gave to the cluster or instance. Only RDS resources have it.
      type: str
      returned: always
      sample: cluster-4QH7ZVXN2M5K3J6D
    table_native_id:
      description: Id that AWS gave to the table. Only DynamoDB tables have it.
      type: str
      returned: always
      sample: 0c9f1f6e-5b0e-4b55-9d0c-2a6f1f7e0c11
    account_native_id:
      description: Id of the AWS account.
      type: str
      returned: always
      sample: '123456789012'
    aws_region:
      description: The region of AWS.
      type: str
      returned: always
      sample: us-west-2
    engine:
      description: The database engine. Only RDS resources have it.
      type: str
      returned: always
      sample: aurora-postgresql
    state:
      description: What AWS says of the instance. Only EC2 instances have it.
      type: str
      returned: always
      sample: running
    protection_status:
      description:
        - Whether a policy protects it. V(protected), V(unprotected), V(unsupported), or V(null) for what is deleted.
        - S3 buckets have none, they are protected by the groups they are in.
      type: str
      returned: always
      sample: protected
    protection_info:
      description: The protection, where there is one.
      type: dict
      returned: always
      contains:
        policy_id:
          description: Id of the policy.
          type: str
          returned: always
          sample: 6f0d2b1a-3c4e-4d5f-8a6b-7c8d9e0f1a2b
    protection_group_count:
      description: In how many protection groups it is. Only S3 buckets have it.
      type: int
      returned: always
      sample: 1
    last_backup_timestamp:
      description: When it was last backed up. RDS resources and DynamoDB tables do not have it.
      type: str
      returned: always
      sample: '2026-11-21T01:35:02Z'
    last_snapshot_timestamp:
      description: When its last snapshot was made.
      type: str
      returned: always
      sample: '2026-11-21T01:35:02Z'
    last_clumio_snapshot_timestamp:
      description: When Clumio last made a snapshot. Only RDS resources have it.
      type: str
      returned: always
      sample: '2026-11-21T01:35:02Z'
    last_granular_backup_timestamp:
      description: When its last granular backup was made. Only RDS resources have it.
      type: str
      returned: always
      sample: '2026-11-21T01:35:02Z'
    backup_status_info:
      description: How its backups went.
      type: dict
      returned: always
      contains:
        backup_status:
          description:
            - V(success), V(partial_success), V(failure), V(no_backup), or V(unknown), which it always is unless
              O(lookback_days) is given.
          type: str
          returned: always
          sample: success
    is_supported:
      description: Whether Clumio can back it up.
      type: bool
      returned: always
      sample: true
    is_deleted:
      description: Whether it is deleted.
      type: bool
      returned: always
      sample: false
    kind:
      description: The kind of resource, a word of O(kinds). The module adds this field.
      type: str
      returned: always
      sample: ebs_volumes
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
from ..module_utils._clumio.records import KINDS


def main() -> None:
    run_list(
        CLUMIO.merge(
            {
                "kinds": {"type": "list", "elements": "str", "choices": list(KINDS)},
                "lookback_days": {"type": "int"},
            },
        ),
        ClumioClient,
        ClumioClient.resources,
        returns="resources",
    )


if __name__ == "__main__":
    main()
