# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Clumio in the common model."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from .._core.records import Record
from .._model.resource import new_resource
from .._model.task import complete, latest, named, pattern, resource_of, translate, unknown

STATES = {
    "queued": "queued",
    "in_progress": "running",
    "aborting": "cancelling",
    "completed": "finished",
    "failed": "finished",
    "aborted": "finished",
}
RESULTS = {"completed": "success", "failed": "failed", "aborted": "cancelled"}

#: category -> (operation, level). The word in `type` does not tell: `aws_ebs_volume_backup_indexing` is no backup.
CATEGORIES = {
    "backup": ("backup", "item"),
    "restore": ("restore", "item"),
    "snapshot": ("snapshot", "item"),
    "snapshot_restore": ("snapshot_restore", "item"),
    "system": ("management", "control"),
    "report_generation": ("report", "control"),
    "management": ("management", "control"),
}

#: What the document says of a type, for tasks without a category.
CATEGORY_BY_TYPE = {
    "aws_ebs_volume_file_restore": "restore",
    "aws_ebs_volume_backup_seeding": "backup",
    "aws_ebs_volume_incremental_backup": "backup",
    "aws_ebs_volume_backup_indexing": "system",
    "aws_ebs_volume_restore": "restore",
    "microsoft365_mailbox_seeding": "backup",
    "microsoft365_mailbox_backup": "backup",
    "microsoft365_inventory_sync": "system",
    "microsoft365_mail_restore": "restore",
}

#: Within a category, the type tells more: (category, its ending or beginning) -> operation.
SYSTEM_ENDINGS = {"_indexing": "indexing", "_inventory_sync": "inventory"}
MANAGEMENT_BEGINNINGS = {"policy_": "policy_change"}

BACKUP_LEVELS = {"_seeding": "full", "_incremental_backup": "incremental", "_mailbox_backup": "incremental"}

#: The beginning of a native type -> the model's type of resource.
RESOURCE_TYPES = {
    "aws_ebs_volume": "volume",
    "aws_ec2_instance": "instance",
    "aws_rds": "database",
    "aws_dynamodb": "database",
    "aws_s3_bucket": "bucket",
    "protection_group": "bucket",
    "microsoft365_mailbox": "mailbox",
    "vmware_vm": "vm",
}

#: kind of a resource -> the model's type, the API's type, the field with the id that AWS gave, those with its claim
KINDS = {
    "ebs_volumes": ("volume", "aws_ebs_volume", "volume_native_id", ("last_backup_timestamp",)),
    "ec2_instances": ("instance", "aws_ec2_instance", "instance_native_id", ("last_backup_timestamp",)),
    "rds_resources": (
        *("database", "aws_rds_resource", "resource_native_id"),
        ("last_clumio_snapshot_timestamp", "last_granular_backup_timestamp"),
    ),
    "dynamodb_tables": ("database", "aws_dynamodb_table", "table_native_id", ("last_snapshot_timestamp",)),
    "s3_buckets": ("bucket", "aws_s3_bucket", "name", ("last_backup_timestamp",)),
    "protection_groups": ("bucket", "protection_group", "name", ("last_backup_timestamp",)),
}
PROTECTIONS = {"protected": "protected", "unprotected": "unprotected", "unsupported": "unsupported"}


def normalize_task(record: Record, source: str) -> Record:
    """The model's task for a record of `clumio_backup_task_info`. It never has a reason: the API gives none."""
    task = _pattern(record["category"], record["type"], record["status"]).copy()
    entity, parent = record["primary_entity"], record["parent_entity"]
    task["progress_percent"] = _percent(record["progress_percentage"])
    task["created_at"] = record["created_timestamp"]
    task["started_at"] = record["start_timestamp"]
    task["finished_at"] = record["end_timestamp"]
    task["cancellable"] = record["is_abortable"]
    task["resource"] = resource_of(entity["id"], entity["value"], resource_type(entity["type"]), entity["type"])
    task["parent"] = named(parent["id"], parent["value"])
    return complete(task, source, record["id"])


@lru_cache(maxsize=1024)
def _pattern(category: str | None, native: str | None, status: str | None) -> Record:
    """What follows from the words of a task."""
    operation, level, backup_level, told = _classified(category, native or "")
    notes = list(told)
    words = {
        "level": level,
        "operation": operation,
        "state": translate(STATES, status, "state", notes, "unknown"),
        "result": RESULTS.get(status or ""),
        "native_operation": native,
        "native_state": status,
        "native_result": status if status in RESULTS else None,
        "backup_level": backup_level,
        "notes": notes,
    }
    return pattern("clumio", words)


def _classified(category: str | None, native: str) -> tuple[str, str, str | None, tuple[str, ...]]:
    """Operation, level and backup level of a task, by its category first; and notes."""
    notes = () if category else ("no_category",)
    category = category or CATEGORY_BY_TYPE.get(native)
    if category not in CATEGORIES:
        return "other", "control", None, (*notes, unknown("operation", category or native))
    operation, level = CATEGORIES[category]
    if category == "system":
        operation = _by_ending(SYSTEM_ENDINGS, native) or operation
    elif category == "management":
        operation = _by_beginning(MANAGEMENT_BEGINNINGS, native) or operation
    return operation, level, _by_ending(BACKUP_LEVELS, native) if operation == "backup" else None, notes


def _by_ending(table: Mapping[str, str], native: str) -> str | None:
    return next((word for ending, word in table.items() if native.endswith(ending)), None)


def _by_beginning(table: Mapping[str, str], native: str) -> str | None:
    return next((word for beginning, word in table.items() if native.startswith(beginning)), None)


@lru_cache(maxsize=256)
def resource_type(native: str | None) -> str | None:
    """The model's type for a native one; `other` for one that nobody knows."""
    return (_by_beginning(RESOURCE_TYPES, native) or "other") if native else None


def _percent(value: int | None) -> float | None:
    return float(value) if value is not None and 0 <= value <= 100 else None


def normalize_resource(record: Record, source: str) -> Record:
    """The model's resource for a record of `clumio_backup_resource_info`, before any verdict."""
    notes: list[str] = []
    kind, native_kind, native_id, claims = KINDS[record["kind"]]
    policy = named(record["protection_info"]["policy_id"])
    alternate = record[native_id]
    return new_resource(
        "clumio",
        source,
        record["id"],
        name=record["name"] or alternate,
        type=kind,
        native_type=native_kind,
        protection=_protection(record, notes),
        policies=[policy] if policy else [],
        alternate_ids=[alternate] if alternate else [],
        last_success_at=latest(record[claim] for claim in claims),
        notes=notes,
    )


def _protection(record: Record, notes: list[str]) -> str:
    if record["is_deleted"]:
        return "deleted"
    if record["is_supported"] is False:
        return "unsupported"
    if record["kind"] == "s3_buckets":  # buckets are protected by the groups they are in
        groups = record["protection_group_count"]
        return "unknown" if groups is None else ("protected" if groups else "unprotected")
    if "protection_status" in record.get("additional_fields", ()):  # something that is no word
        return "unknown"
    if record["protection_status"] is None:  # deleted, unless it is said to be there
        return "deleted" if record["is_deleted"] is None else "unknown"
    return translate(PROTECTIONS, record["protection_status"], "protection", notes, "unknown")
