# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Alibaba Cloud PetaData in the common model."""

from __future__ import annotations

from functools import lru_cache

from .._core.records import Record
from .._model.task import complete, named, pattern, resource_of, translate

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
    instance, status = record["instance_id"], record["status"]
    task = _pattern(record["task_action"], status).copy()
    task["message"] = record["progress_info"] or None
    task["progress_percent"] = _percent(record["progress"])
    task["created_at"] = record["begin_time"]
    task["started_at"] = record["begin_time"] if status != "0" else None
    # an end that is told of a task at work is a forecast at best
    task["finished_at"] = record["finish_time"] if status not in ("0", "1") else None
    task["expected_finish_at"] = record["expected_finish_time"]
    task["resource"] = _resource(instance, record["db_name"])
    task["parent"] = named(instance)
    return complete(task, source, record["task_id"], scope=instance or "")


@lru_cache(maxsize=1024)
def _pattern(action: str | None, status: str | None) -> Record:
    """What follows from the words of a task."""
    notes: list[str] = []
    words = {
        "level": "item" if action in ITEMS else "control",
        "operation": _operation(action or ""),
        "state": translate(STATES, status, "state", notes, "unknown"),
        "result": RESULTS.get(status or ""),
        "native_operation": action,
        "native_state": status,
        "native_result": status if status in RESULTS else None,
        "notes": notes,
    }
    return pattern("petadata", words)


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
