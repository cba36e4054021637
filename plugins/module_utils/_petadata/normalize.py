# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Alibaba Cloud PetaData in the common model."""

from __future__ import annotations

from .._core.records import Record
from .._model.task import named, new_task, resource_of, translate

STATES = {
    "0": "queued",
    "1": "running",
    "2": "finished",
    "3": "finished",
    "4": "finished",
    "5": "finished",
}
RESULTS = {
    "2": "success",
    "3": "failed",
    "4": "unknown",  # "Closed": what that says of the data is documented nowhere
    "5": "cancelled",
}
OPERATIONS = {
    "CreateDatabaseBackup": "backup",
    "RestoreDatabase": "restore",
    "ModifyBackupPolicy": "policy_change",
}
ITEMS = ("CreateDatabaseBackup", "RestoreDatabase")


def normalize_task(record: Record, source: str) -> Record:
    """The model's task for a record of `petadata_backup_task_info`."""
    notes: list[str] = []
    instance, action = record["instance_id"], record["task_action"]
    database = record["db_name"]
    return new_task(
        "petadata",
        source,
        record["task_id"],
        scope=instance or "",
        level="item" if action in ITEMS else "control",
        operation=_operation(action or ""),
        state=translate(STATES, record["status"], "state", notes, "unknown"),
        result=RESULTS.get(record["status"] or ""),
        native_operation=action,
        native_state=record["status"],
        native_result=record["status"] if record["status"] in RESULTS else None,
        message=record["progress_info"] or None,
        progress_percent=_percent(record["progress"]),
        created_at=record["begin_time"],
        started_at=record["begin_time"] if record["status"] != "0" else None,
        # an end that is told of a task at work is a forecast at best
        finished_at=record["finish_time"] if record["status"] not in ("0", "1") else None,
        expected_finish_at=record["expected_finish_time"],
        resource=_resource(instance, database),
        parent=named(instance),
        notes=notes,
    )


def _resource(instance: str | None, database: str | None) -> Record | None:
    """The database that a task is about, or the instance as a whole."""
    if not database:
        return resource_of(instance, None, "instance", None)
    return resource_of(f"{instance or ''}/{database}", database, "database", None)


def _operation(action: str) -> str:
    """By the table; other actions of the product by how their names begin and end."""
    if action in OPERATIONS:
        return OPERATIONS[action]
    if action.startswith(("Restore", "Recover")):
        return "restore"
    if action.endswith("Backup") and not action.startswith(("Modify", "Describe", "Delete")):
        return "backup"
    return "management"


def _percent(text: str | None) -> float | None:
    """`42` and `42%` are understood; the format is documented nowhere."""
    try:
        value = float((text or "").strip().rstrip("%"))
    except ValueError:
        return None
    return value if 0 <= value <= 100 else None
