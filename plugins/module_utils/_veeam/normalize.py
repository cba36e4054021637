# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Veeam Backup Enterprise Manager in the common model: its tasks are requests, its sessions are what was done."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from .._core.records import Record
from .._model.resource import new_resource
from .._model.task import complete, latest, named, new_task, pattern, resource_of, translate

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


#: Types of objects in a hierarchy that are machines; all others hold some.
MACHINES = ("vm", "template", "vmtemplate")


def normalize_task(record: Record, source: str, *, scope: str = "") -> Record:
    """The model's task for a record of `veeam_backup_task_info`. It never proves a backup: it only asked for one.

    :param scope: tells logon sessions apart, for task ids start anew in each.
    """
    notes: list[str] = []
    related = [_related(link) for link in record["links"] or () if str(link["rel"]).lower() == "related"]
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


def normalize_session(record: Record, source: str, *, job_is_known: bool = True) -> Record:
    """The model's task for a record of `veeam_backup_session_info`.

    :param job_is_known: False for an item when its job was looked for and tells no type: then it may have been a copy.
    """
    words = record["kind"], record["job_type"], record["type"], record["state"], record["result"]
    task = _session_pattern(*words, job_is_known).copy()
    task["message"] = record["reason"] or record["failure_message"] or None
    task["progress_percent"] = _percent(record["progress"])
    task["created_at"] = task["started_at"] = record["creation_time_utc"]
    task["finished_at"] = record["end_time_utc"]
    if task["level"] == "item":
        task["resource"] = resource_of(record["vm_uid"], record["vm_display_name"], "vm", None)
    task["job"] = named(record["job_uid"], record["job_name"])
    task["parent"] = named(record["job_session_uid"])
    return complete(task, source, record["uid"])


@lru_cache(maxsize=1024)
def _session_pattern(
    kind: str, job_type: str | None, native: str | None, state: str | None, result: str | None, job_is_known: bool
) -> Record:
    """What follows from the words of a session."""
    notes: list[str] = [] if job_is_known else ["no_job_type"]
    operation, level = KINDS[kind]
    if not job_is_known:
        operation = "other"
    elif operation == "backup" and _is_copy(job_type):
        operation = "backup_copy"
    words = {
        "level": level,
        "operation": operation,
        "state": _session_state(state, notes),
        "result": _session_result(result, notes),
        "native_operation": job_type or native,
        "native_state": state,
        "native_result": result,
        "notes": notes,
    }
    return pattern("veeam", words)


def _percent(value: int | None) -> float | None:
    return float(value) if value is not None and 0 <= value <= 100 else None


def _session_state(native: str | None, notes: list[str]) -> str:
    if native == "Idle":
        notes.append("idle")  # a continuous job waits for its next run, for days if need be
    if native and native.startswith("Waiting"):
        return "running"
    return translate(SESSION_STATES, native, "state", notes, "unknown")


def _session_result(native: str | None, notes: list[str]) -> str:
    """While a session runs it has no result: `pattern` sees to that. Afterwards "None" is nobody's success."""
    return "unknown" if native in (None, "", "None") else translate(SESSION_RESULTS, native, "result", notes, "unknown")


def _is_copy(job_type: str | None) -> bool:
    return bool(job_type) and any(word in str(job_type).lower() for word in ("copy", "sync"))


def _related(link: Record) -> Record:
    """What came of a task; its id is the last part of its address."""
    told = {name: value if isinstance(value, str) else None for name, value in link.items()}
    path = (told["href"] or "").partition("?")[0]
    return {"rel": "Related", "type": told["type"], "id": path.rpartition("/")[2] or None, "name": told["name"]}


def protected_machines(objects: Sequence[Record]) -> list[Record]:
    """Objects in jobs and restore points, brought together by machine, by name:
    {id, name, jobs, last_point_at, contained}.

    A machine is known by its reference in the hierarchy, which is the VmUid of sessions; where a version leaves that
    out, by its name. Jobs may also hold containers (folders, hosts, tags): these are no machines, but then any machine
    that is in no job by itself may be in one: it is `contained`.
    """
    machines: dict[str, Record] = {}
    ids: dict[str | None, str | None] = {}  # of each name; None: several machines have it
    contained = False
    for record in sorted(objects, key=lambda record: not record["hierarchy_obj_ref"]):  # names join what is known by id
        if _is_container(record["hierarchy_obj_ref"]):
            contained = True
            continue
        name = record["vm_display_name"] or record["display_name"] or record["name"]
        key = record["hierarchy_obj_ref"] or ids.get(name) or name
        if not key:
            continue
        ids[name] = key if ids.get(name, key) == key else None
        machine = machines.setdefault(key, {"id": key, "name": name, "jobs": [], "last_point_at": None})
        job = named(record["job_uid"], record["job_name"])
        if job and job not in machine["jobs"]:
            machine["jobs"].append(job)
        if record["type"] == "VmRestorePoint":
            machine["last_point_at"] = latest((machine["last_point_at"], record["creation_time_utc"]))
    for machine in machines.values():
        machine["contained"] = contained
    return sorted(machines.values(), key=lambda machine: (str(machine["name"]), str(machine["id"])))


def _is_container(reference: str | None) -> bool:
    """Whether a reference (`urn:<platform>:<type>:<root>.<object>`) is one to what holds machines."""
    parts = (reference or "").lower().split(":")
    return len(parts) > 3 and parts[0] == "urn" and parts[2] not in MACHINES


def normalize_machine(machine: Record, source: str) -> Record:
    """The model's resource for one of `protected_machines`, before any verdict. Its jobs are its policies."""
    return new_resource(
        "veeam",
        source,
        machine["id"],
        name=machine["name"],
        type="vm",
        native_type="VirtualMachine",
        protection="protected" if machine["jobs"] else ("unknown" if machine["contained"] else "unprotected"),
        policies=machine["jobs"],
        last_success_at=machine["last_point_at"],
        last_success_basis="recovery_point",
        notes=[] if machine["jobs"] else ["in_no_job"],
    )
