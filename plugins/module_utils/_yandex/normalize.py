# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Yandex Cloud Backup in the common model."""

from __future__ import annotations

from functools import lru_cache

from .._core.records import Record
from .._model.resource import new_resource
from .._model.task import complete, named, pattern, resource_of, translate

STATES = {
    "ENQUEUED": "queued",
    "ASSIGNED": "queued",
    "STARTED": "running",
    "PAUSED": "paused",
    "COMPLETED": "finished",
}
RESULTS = {
    "OK": "success",
    "WARNING": "warning",
    "ERROR": "failed",
    "CANCELLED": "cancelled",
    "ABANDONED": "abandoned",
    "TIMEDOUT": "timed_out",
}
UNSPECIFIED = (None, "", "CODE_UNSPECIFIED")
OPERATIONS = {
    "BACKUP": "backup",
    "RETENTION": "retention",
    "RECOVERY": "restore",
    "APPLY_POLICY": "policy_change",
    "REVOKE_POLICY": "policy_change",
}

RESOURCE_TYPES = {
    "COMPUTE": "vm",
    "EXTERNAL_VM": "vm",
    "BMS": "bare_metal",
    "EXTERNAL_SERVER": "bare_metal",
}
ACTIVITIES = {
    "IDLE": "idle",
    "BACKUPING": "backing_up",
    "RECOVERING": "restoring",
    "FAILED": "failed",
    "OTHER": "other",
}


def normalize_task(record: Record, source: str) -> Record:
    """The model's task for a record of `yandex_backup_task_info`."""
    error = record["error"] or None
    task = _pattern(record["type"], record["status"], record["result_code"], error is not None).copy()
    task["message"] = error
    task["progress_percent"] = _percent(record["progress"])
    task["created_at"] = record["enqueued_at"]
    task["started_at"] = record["started_at"]
    task["updated_at"] = record["updated_at"]
    task["finished_at"] = record["completed_at"]
    task["resource"] = resource_of(record["compute_instance_id"], None, None, None)
    task["policy"] = named(record["policy_id"])
    return complete(task, source, record["id"])


@lru_cache(maxsize=1024)
def _pattern(native: str | None, status: str | None, code: str | None, has_error: bool) -> Record:
    """What follows from the words of a task."""
    notes: list[str] = []
    words = {
        "level": "item",
        "operation": translate(OPERATIONS, native, "operation", notes, "other"),
        "state": translate(STATES, status, "state", notes, "unknown"),
        "result": _result(code, has_error, notes),
        "native_operation": native,
        "native_state": status,
        "native_result": code,
        "cancellable": False,  # the document says that cancelling is not supported yet, whatever the field says
        "notes": notes,
    }
    return pattern("yandex", words)


def _result(code: str | None, has_error: bool, notes: list[str]) -> str:
    if code in UNSPECIFIED:
        return "failed" if has_error else "unknown"
    return translate(RESULTS, code, "result", notes, "unknown")


def _percent(progress: Record) -> float | None:
    current: int | None
    total: int | None
    current, total = progress["current"], progress["total"]
    if current is None or not total or not 0 <= current <= total:
        return None
    return (2000 * current + total) // (2 * total) / 10  # rounded in whole numbers: these may be larger than any float


def normalize_resource(record: Record, source: str) -> Record:
    """The model's resource for a record of `yandex_backup_resource_info`, before any verdict.

    It is known by the id of its Compute instance, as its tasks are; an external server, which has none, by its own.
    """
    instance, own = record["compute_instance_id"] or None, record["resource_id"] or None
    notes = [] if instance else ["no_tasks"]  # the API has tasks of Compute instances only
    return new_resource(
        "yandex",
        source,
        instance or own,
        type=translate(RESOURCE_TYPES, record["type"], "type", notes, "other") if record["type"] else None,
        native_type=record["type"],
        protection=_protection(record, notes),
        activity=translate(ACTIVITIES, record["status"], "activity", notes, "unknown"),
        online=record["online"],
        enabled=record["enabled"],
        alternate_ids=[own] if instance and own else [],
        last_success_at=record["last_backup_time"],
        next_run_at=record["next_backup_time"],
        message=record["status_details"] or None,
        created_at=record["created_at"],
        updated_at=record["updated_at"],
        notes=notes,
    )


def _protection(record: Record, notes: list[str]) -> str:
    """The first that fits: a resource that is gone or never came needs no look at the rest."""
    stages = {
        "DELETED": "deleted",
        "FAILED_REGISTRATION": "registration_failed",
        "REGISTERING": "pending",
    }
    if record["init_status"] in stages:
        return stages[record["init_status"]]
    if record["enabled"] is False:
        return "disabled"
    if record["is_active"] is False:
        return "orphaned"
    return translate({"REGISTRED": "protected"}, record["init_status"], "protection", notes, "unknown")
