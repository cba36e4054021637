# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Veeam Backup Enterprise Manager in the common model: its tasks are requests, its sessions are what was done."""

from __future__ import annotations

from collections.abc import Sequence

from .._core.records import Record
from .._model.resource import new_resource
from .._model.task import named, new_task, resource_of, translate

TASK_STATES = {"Running": "running", "OperationFinished": "finalizing", "Finished": "finished"}

#: What a task began, by the type of its related link.
TASK_OPERATIONS = {
    "BackupJobSession": "backup",
    "ReplicaJobSession": "replication",
    "RestoreSession": "restore",
}

SESSION_STATES = {
    "Starting": "running",
    "Working": "running",
    "Pausing": "running",
    "Resuming": "running",
    "Idle": "running",
    "Postprocessing": "finalizing",
    "Stopping": "finalizing",
    "Stopped": "finished",
    "InProgress": "running",
    "Pending": "queued",
    "Completed": "finished",
}
SESSION_RESULTS = {"Success": "success", "Warning": "warning", "Failed": "failed"}

#: kind -> (operation, level)
KINDS = {
    "job": ("backup", "job"),
    "item": ("backup", "item"),
    "restore": ("restore", "item"),
    "replica_job": ("replication", "job"),
    "replica_item": ("replication", "item"),
}


def normalize_task(record: Record, source: str, *, scope: str = "") -> Record:
    """The model's task for a record of `veeam_backup_task_info`. It never proves a backup: it only asked for one.

    :param scope: tells logon sessions apart, for task ids start anew in each.
    """
    notes: list[str] = []
    related = [_related(link) for link in record["links"] if (link["rel"] or "").lower() == "related"]
    operations = (TASK_OPERATIONS[link["type"]] for link in related if link["type"] in TASK_OPERATIONS)
    success = record["result"]["success"]
    return new_task(
        "veeam",
        source,
        record["task_id"],
        scope=scope,
        level="control",
        operation=next(operations, "management"),
        state=translate(TASK_STATES, record["state"], "state", notes, "unknown"),
        result="unknown" if success is None else ("success" if success else "failed"),
        native_operation=record["operation"],
        native_state=record["state"],
        native_result=None if success is None else str(success).lower(),
        message=record["result"]["message"] or None,
        related=related,
        notes=notes,
    )


def normalize_session(record: Record, source: str) -> Record:
    """The model's task for a record of `veeam_backup_session_info`."""
    notes: list[str] = []
    operation, level = KINDS[record["kind"]]
    if operation == "backup" and _is_copy(record["job_type"]):
        operation = "backup_copy"
    item = level == "item"
    return new_task(
        "veeam",
        source,
        record["uid"],
        level=level,
        operation=operation,
        state=_session_state(record["state"], notes),
        result=_session_result(record["result"], notes),
        native_operation=record["job_type"] or record["type"],
        native_state=record["state"],
        native_result=record["result"],
        message=record["reason"] or record["failure_message"] or None,
        progress_percent=float(record["progress"]) if 0 <= (record["progress"] or -1) <= 100 else None,
        created_at=record["creation_time_utc"],
        started_at=record["creation_time_utc"],
        finished_at=record["end_time_utc"],
        resource=resource_of(record["vm_uid"], record["vm_display_name"], "vm", None) if item else None,
        job=named(record["job_uid"], record["job_name"]),
        parent=named(record["job_session_uid"]),
        notes=notes,
    )


def _session_state(native: str | None, notes: list[str]) -> str:
    if native == "Idle":
        notes.append("idle")  # a continuous job waits for its next run, for days if need be
    if native and native.startswith("Waiting"):
        return "running"
    return translate(SESSION_STATES, native, "state", notes, "unknown")


def _session_result(native: str | None, notes: list[str]) -> str:
    """While a session runs it has no result: `new_task` sees to that. Afterwards "None" is nobody's success."""
    return "unknown" if native in (None, "", "None") else translate(SESSION_RESULTS, native, "result", notes, "unknown")


def _is_copy(job_type: str | None) -> bool:
    return bool(job_type) and any(word in str(job_type).lower() for word in ("copy", "sync"))


def _related(link: Record) -> Record:
    """What came of a task; its id is the last part of its address."""
    path = (link["href"] or "").partition("?")[0]
    return {"rel": "Related", "type": link["type"], "id": path.rpartition("/")[2] or None, "name": link["name"]}


def protected_machines(objects: Sequence[Record]) -> list[Record]:
    """Objects in jobs and restore points, brought together by machine: {id, name, jobs, last_point_at}, by name.

    A machine is known by its reference in the hierarchy, which is the VmUid of sessions; where a version leaves that
    out, by its name.
    """
    machines: dict[str, Record] = {}
    for record in objects:
        name = record["vm_display_name"] or record["display_name"] or record["name"]
        key = record["hierarchy_obj_ref"] or name
        if not key:
            continue
        machine = machines.setdefault(key, {"id": key, "name": name, "jobs": [], "last_point_at": None})
        job = named(record["job_uid"], record["job_name"])
        if job and job not in machine["jobs"]:
            machine["jobs"].append(job)
        if record["type"] == "VmRestorePoint" and record["creation_time_utc"]:
            machine["last_point_at"] = max(machine["last_point_at"] or "", record["creation_time_utc"])
    return sorted(machines.values(), key=lambda machine: (str(machine["name"]), str(machine["id"])))


def normalize_machine(machine: Record, source: str) -> Record:
    """The model's resource for one of `protected_machines`, before any verdict. Its jobs are its policies."""
    return new_resource(
        "veeam",
        source,
        machine["id"],
        name=machine["name"],
        type="vm",
        native_type="VirtualMachine",
        protection="protected" if machine["jobs"] else "unprotected",
        policies=machine["jobs"],
        last_success_at=machine["last_point_at"],
        last_success_basis="recovery_point",
        notes=[] if machine["jobs"] else ["in_no_job"],
    )
