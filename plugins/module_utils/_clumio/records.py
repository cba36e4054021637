# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The records of the Clumio API and the words in them, as "List tasks" documents them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._core.records import Record, Shape, flag, integer, text, time, word


def links(value: Any) -> list[Record]:
    """HAL links ({relation: link}) as a list of {rel, type, href, name}; here `type` is the HTTP method."""
    if not isinstance(value, dict) or not all(isinstance(link, dict) for link in value.values()):
        raise ValueError("no links")
    return [
        {"rel": relation, "type": link.get("type"), "href": link.get("href"), "name": link.get("name")}
        for relation, link in value.items()
    ]


_ENTITY = {"id": word, "type": word, "value": word}

TASK = Shape(
    {
        "_etag": text,
        "_links": links,
        "category": word,
        "created_timestamp": time,
        "end_timestamp": time,
        "genre": word,
        "id": text,
        "is_abortable": flag,
        "parent_entity": Shape(_ENTITY),
        "primary_entity": Shape(_ENTITY),
        "progress_percentage": integer,
        "start_timestamp": time,
        "status": word,
        "type": word,
    },
    lists=("links",),
)

#: What the model needs of a task.
LEAN_TASK = TASK.only(
    *("id", "category", "type", "status", "progress_percentage", "is_abortable", "primary_entity", "parent_entity"),
    *("created_timestamp", "start_timestamp", "end_timestamp"),
)

# One shape for all kinds of resources: what a kind does not have is null.
RESOURCE = Shape(
    {
        "_etag": text,
        "_links": links,
        "id": text,
        "name": text,
        "volume_native_id": text,
        "instance_native_id": text,
        "resource_native_id": text,
        "table_native_id": text,
        "account_native_id": word,
        "aws_region": word,
        "engine": word,
        "state": word,
        "protection_status": word,
        "protection_info": Shape({"policy_id": word}),
        "protection_group_count": integer,
        "last_backup_timestamp": time,
        "last_snapshot_timestamp": time,
        "last_clumio_snapshot_timestamp": time,
        "last_granular_backup_timestamp": time,
        "backup_status_info": Shape({"backup_status": word}),
        "is_supported": flag,
        "is_deleted": flag,
    },
    lists=("links",),
    derived={"kind": None},
)


@dataclass(frozen=True)
class Kind:
    """A kind of resource: where its list is, and the name of its media type."""

    path: str
    media_type: str


KINDS = {
    "ebs_volumes": Kind("/datasources/aws/ebs-volumes", "aws-ebs-volumes"),
    "ec2_instances": Kind("/datasources/aws/ec2-instances", "aws-ec2-instances"),
    "rds_resources": Kind("/datasources/aws/rds-resources", "aws-rds-resources"),
    "dynamodb_tables": Kind("/datasources/aws/dynamodb-tables", "aws-dynamodb-tables"),
    "s3_buckets": Kind("/datasources/aws/s3-buckets", "aws-s3-buckets"),
    "protection_groups": Kind("/datasources/protection-groups", "protection-groups"),
}

# Types and categories are open sets; these two are closed in the document, but other words are allowed here, too.
STATUSES = ("queued", "in_progress", "completed", "failed", "aborting", "aborted")
GENRES = ("operational", "administrative")
