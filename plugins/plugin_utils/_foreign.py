# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What modules of other collections return, in the common model. One section of tables a vendor, then how it is read.

Names are looked up in snake case, so `BackupJobId`, `backupJobId` and `backup_job_id` are the same. A word that no
table has becomes `unknown`, or `other` for an operation, with a note. It never becomes success.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any

from ansible_collections.multivendor.backup.plugins.module_utils._core.records import (
    Record,
    Shape,
    flag,
    integer,
    number,
    text,
)
from ansible_collections.multivendor.backup.plugins.module_utils._core.redact import Secrets
from ansible_collections.multivendor.backup.plugins.module_utils._core.times import rfc3339, utc
from ansible_collections.multivendor.backup.plugins.module_utils._model.resource import new_resource
from ansible_collections.multivendor.backup.plugins.module_utils._model.task import (
    named,
    new_task,
    resource_of,
    translate,
)

from ._inputs import in_snake_case

# ---- AWS Backup ------------------------------------------------------------------------------------------------------
# Fields and words are those of botocore's service model `backup` 2018-11-15 (BackupJob, RestoreJobsListMember, CopyJob,
# ProtectedResource), which list_* and describe_* share.

AWS_STATES = {
    "CREATED": "queued",
    "PENDING": "queued",
    "RUNNING": "running",
    "ABORTING": "cancelling",
    "COMPLETED": "finished",
    "PARTIAL": "finished",
    "FAILED": "finished",
    "ABORTED": "finished",
    "EXPIRED": "finished",
}
AWS_RESULTS = {
    "COMPLETED": "success",  # but a warning when MessageCategory is not SUCCESS, see _aws_result
    "PARTIAL": "partial",
    "FAILED": "failed",
    "ABORTED": "cancelled",
    "EXPIRED": "timed_out",
}
#: what the id of a job is called -> (operation, the field with the resource that it is about)
AWS_JOBS = {
    "backup_job_id": ("backup", "resource_arn"),
    "restore_job_id": ("restore", "source_resource_arn"),
    "copy_job_id": ("backup_copy", "resource_arn"),
}
#: ResourceType, as the developer guide lists them -> the model's type
AWS_RESOURCE_TYPES = {
    "EBS": "volume",
    "Storage Gateway": "volume",
    "EC2": "instance",
    "Aurora": "database",
    "DocumentDB": "database",
    "DynamoDB": "database",
    "Neptune": "database",
    "RDS": "database",
    "Redshift": "database",
    "Redshift Serverless": "database",
    "SAP HANA on Amazon EC2": "database",
    "Timestream": "database",
    "S3": "bucket",
    "VirtualMachine": "vm",
    "CloudFormation": "other",
    "EFS": "other",
    "EKS": "other",
    "FSx": "other",
}

# ---- Azure Backup (Recovery Services vaults) -------------------------------------------------------------------------
# Fields are those of azure-mgmt-recoveryservicesbackup 11.2 (JobResource, Job, AzureIaaSVMJob), which
# azure.azcollection.azure_rm_backupjob_info returns by as_dict(): camel case in newer versions of that library, snake
# case in older ones. The library leaves statuses and operations open. The statuses are those of the reference of
# Get-AzRecoveryServicesBackupJob, Paused is not among them. The operations are written from memory of the REST
# reference of job filters, and "Backup (Full)" and its like are a guess at what databases show.

AZURE_STATES = {
    "InProgress": "running",
    "Paused": "paused",
    "Cancelling": "cancelling",
    "Completed": "finished",
    "CompletedWithWarnings": "finished",
    "Failed": "finished",
    "Cancelled": "finished",
}
AZURE_RESULTS = {
    "Completed": "success",
    "CompletedWithWarnings": "warning",
    "Failed": "failed",
    "Cancelled": "cancelled",
}
#: operation -> (operation, level)
AZURE_OPERATIONS = {
    "Backup": ("backup", "item"),
    "Restore": ("restore", "item"),
    "CrossRegionRestore": ("restore", "item"),
    "ConfigureBackup": ("policy_change", "control"),
    "DisableBackup": ("policy_change", "control"),
    "DeleteBackupData": ("management", "control"),
    "Register": ("management", "control"),
    "UnRegister": ("management", "control"),
    "Undelete": ("management", "control"),
    "UpdateCustomerManagedKey": ("management", "control"),
}
AZURE_BACKUP_LEVELS = {"full": "full", "differential": "differential", "incremental": "incremental", "log": "log"}
#: backupManagementType -> the model's type
AZURE_RESOURCE_TYPES = {
    "AzureIaasVM": "vm",
    "AzureSql": "database",
    "AzureWorkload": "database",
    "AzureStorage": "other",
    "AzureBackupServer": "other",
    "DPM": "other",
    "DefaultBackup": "other",
    "MAB": "other",
}

# ---- Proxmox VE ------------------------------------------------------------------------------------------------------
# Fields are those that community.proxmox.proxmox_tasks_info documents, and `status` and `exitstatus` of a single task
# as the API gives it. The types are those of the table of task descriptions in Proxmox's own web interface.

PROXMOX_OPERATIONS = {
    "vzdump": "backup",
    "qmrestore": "restore",
    "vzrestore": "restore",
    "qmsnapshot": "snapshot",
    "vzsnapshot": "snapshot",
    "qmrollback": "snapshot_restore",
    "vzrollback": "snapshot_restore",
    "prunebackups": "retention",  # not in that table as it was read; written from memory
}
PROXMOX_AT_WORK = ("RUNNING", "running")
#: status -> result; `WARNINGS: 3` is a warning, any other text is the reason of a failure
PROXMOX_RESULTS = {"OK": "success", "unknown": "unknown"}
PROXMOX_WARNINGS = "WARNINGS:"

# ---- Nutanix ---------------------------------------------------------------------------------------------------------
# Fields and words are those of ntnx-prism-py-client 4.4 (prism.v4.config.Task), as modules of nutanix.ncp return it in
# `response`. The fields and words of v3 (`/api/nutanix/v3/tasks/list`) are written from memory.

NUTANIX_STATES = {
    "QUEUED": "queued",
    "PENDING": "queued",  # v3
    "RUNNING": "running",
    "SUSPENDED": "paused",
    "CANCELING": "cancelling",
    "SUCCEEDED": "finished",
    "FAILED": "finished",
    "CANCELED": "finished",
    "ABORTED": "finished",  # v3
}
NUTANIX_RESULTS = {
    "SUCCEEDED": "success",  # but a warning when the task tells warnings
    "FAILED": "failed",
    "CANCELED": "cancelled",
    "ABORTED": "cancelled",
}
#: Operations as samples in nutanix.ncp show them. A recovery point is a snapshot: it lies beside what it protects.
NUTANIX_OPERATIONS = {
    "EntitySnapshotReplicate": "replication",
    "EntitySnapshotRealizeWithAction": "restore",
    "RestoreRecoveryPoint": "restore",
    "RestoreVmRecoveryPoint": "restore",
    "RevertVolumeGroup": "snapshot_restore",
    "UpdateRecoveryPoint": "management",
    "DeleteRecoveryPoint": "management",  # this one and the next are inferred from the names above
    "CreateRecoveryPoint": "snapshot",
}
#: What other names hold, in small letters -> operation; the first that fits. Inferred: no document lists the names.
NUTANIX_WORDS = {
    "recoveryplan": "management",
    "recovery_plan": "management",
    "delete": "management",
    "update": "management",
    "replicat": "replication",
    "restore": "restore",
    "revert": "snapshot_restore",
    "snapshot": "snapshot",
    "recoverypoint": "snapshot",
    "recovery_point": "snapshot",
}
#: the end of an entity's `rel` (v4) or its `kind` (v3) -> the model's type
NUTANIX_RESOURCE_TYPES = {"vm": "vm", "mh_vm": "vm", "volume-group": "volume", "volume_group": "volume"}
# --------------------------------------------------------------------------------------------------------------------


def moment(value: Any) -> str | None:
    """A time of the model from what libraries hand on: text, a datetime (without a zone: UTC), seconds since 1970."""
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
        return utc(aware.isoformat())
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return utc(rfc3339(value)) if value > 0 else None
        except (OverflowError, OSError) as problem:
            raise ValueError("no time") from problem
    return utc(value)


def percent(value: Any) -> float | None:
    """A percentage, also as the text `12.5` or `12.5%`."""
    figure = number(value.strip().rstrip("%") if isinstance(value, str) else value)
    if figure is not None and not 0 <= figure <= 100:
        raise ValueError("no percentage")
    return figure


def records(value: Any) -> list[Record]:
    """A list of objects, with their names in snake case."""
    if not isinstance(value, (list, tuple)):
        raise ValueError("no list")
    return [_in_snake_case(element) for element in value if isinstance(element, Mapping)]


def words(value: Any) -> list[str]:
    """A list of texts; of anything else, how it is written."""
    if not isinstance(value, (list, tuple)):
        raise ValueError("no list")
    return [str(element) for element in value]


def _in_snake_case(native: Mapping[Any, Any]) -> Record:
    """An object with its names in snake case, and those of the objects directly in it."""
    named_so = in_snake_case(native)
    return {name: in_snake_case(value) if isinstance(value, Mapping) else value for name, value in named_so.items()}


def _read(shape: Shape, native: Mapping[Any, Any], notes: list[str]) -> Record:
    """The record of a native object: what cannot be read is null, with a note, for it may be what matters."""
    record = shape.read(_in_snake_case(native))
    unreadable = record.pop("additional_fields")
    notes += [f"unreadable_field:{name}" for name in unreadable if name.partition(".")[0] in shape.names]
    return record


def _id(value: Any) -> str | None:
    return str(value) if isinstance(value, (str, int)) and value != "" else None


def _safe(message: str | None) -> str | None:
    """A vendor's words on one line, without what looks like a secret."""
    return Secrets().safe(message) or None if message else None


def _kind(table: Mapping[str, str], native: str | None, notes: list[str]) -> str | None:
    return translate(table, native, "type", notes, "other") if native else None


# ---- AWS Backup

_AWS_JOB = Shape(
    {
        **dict.fromkeys(("backup_job_id", "restore_job_id", "copy_job_id", "parent_job_id"), text),
        **dict.fromkeys(("resource_arn", "source_resource_arn", "created_resource_arn", "resource_name"), text),
        **dict.fromkeys(("resource_type", "state", "status", "status_message", "message_category"), text),
        **dict.fromkeys(("creation_date", "completion_date", "expected_completion_date"), moment),
        "percent_done": percent,
        "is_parent": flag,
        "created_by": Shape({"backup_plan_id": text, "backup_plan_name": text}),
    }
)


def _aws_task(native: Record, source: str, notes: list[str]) -> Record:
    """A job of AWS Backup. A composite job is level `job`: it has no other resource than those of its children."""
    record = _read(_AWS_JOB, native, notes)
    id_field = next((field for field in AWS_JOBS if record[field]), None)
    if id_field is None:
        raise ValueError("its id is no text")
    operation, about = AWS_JOBS[id_field]
    state = record["state"] or record["status"]
    plan = record["created_by"]
    created = record["created_resource_arn"]
    kind = _kind(AWS_RESOURCE_TYPES, record["resource_type"], notes)
    category = record["message_category"]
    return new_task(
        "aws_backup",
        source,
        record[id_field],
        level="job" if record["is_parent"] else "item",
        operation=operation,
        state=translate(AWS_STATES, state, "state", notes, "unknown"),
        result=_aws_result(record, state),
        native_operation=operation,  # the kind of list is all that AWS tells
        native_state=state,
        native_result=category,
        message=_safe(record["status_message"]),
        error_code=category if category and category.upper() != "SUCCESS" else None,
        progress_percent=record["percent_done"],
        created_at=record["creation_date"],
        # There is no other beginning; it is the earlier one, so no backup looks younger than it is.
        started_at=record["creation_date"] if AWS_STATES.get(state or "") != "queued" else None,
        finished_at=record["completion_date"],
        expected_finish_at=record["expected_completion_date"],
        resource=resource_of(record[about], record["resource_name"], kind, record["resource_type"]),
        policy=named(plan["backup_plan_id"], plan["backup_plan_name"]),
        parent=named(record["parent_job_id"]),
        related=[{"rel": "created", "type": record["resource_type"], "id": created, "name": None}] if created else [],
        notes=notes,
    )


def _aws_result(record: Record, state: str | None) -> str:
    """`Completed with issues` is no state of the API: the category tells it, or where that is missing a message."""
    result = AWS_RESULTS.get(state or "", "unknown")
    if result != "success" or record["restore_job_id"]:
        return result
    category = record["message_category"]
    fine = category.upper() == "SUCCESS" if category else not record["status_message"]
    return "success" if fine else "warning"


_AWS_RESOURCE = Shape(
    {
        **dict.fromkeys(("resource_arn", "resource_type", "resource_name", "last_recovery_point_arn"), text),
        "last_backup_time": moment,
    }
)


def _aws_resource(native: Record, source: str, notes: list[str]) -> Record:
    """What AWS Backup has a recovery point of (list_protected_resources)."""
    record = _read(_AWS_RESOURCE, native, notes)
    return new_resource(
        "aws_backup",
        source,
        record["resource_arn"],
        name=record["resource_name"],
        type=_kind(AWS_RESOURCE_TYPES, record["resource_type"], notes),
        native_type=record["resource_type"],
        protection="protected",
        last_success_at=record["last_backup_time"],
        last_success_basis="recovery_point" if record["last_backup_time"] else None,
        notes=notes,
    )


# ---- Azure

_AZURE_JOB = Shape(
    {
        **dict.fromkeys(("entity_friendly_name", "container_name", "backup_management_type", "operation"), text),
        "status": text,
        "start_time": moment,
        "end_time": moment,
        "error_details": records,
        "actions_info": words,
    }
)


def _azure_task(native: Record, source: str, notes: list[str]) -> Record:
    """A job of a Recovery Services vault; what it says stands in `properties`."""
    properties = native.get("properties")
    record = _read(_AZURE_JOB, properties if isinstance(properties, Mapping) else native, notes)
    operation, level, backup_level = _azure_operation(record["operation"], notes)
    kind, entity = record["backup_management_type"], record["entity_friendly_name"]
    container = record["container_name"]
    if entity and not container:
        notes.append("no_container")  # names are unique only within one
    error: Record = next(iter(record["error_details"] or ()), {})
    message, code = error.get("error_string") or error.get("error_message"), error.get("error_code")
    return new_task(
        "azure",
        source,
        _id(_in_snake_case(native).get("name")),
        level=level,
        operation=operation,
        state=translate(AZURE_STATES, record["status"], "state", notes, "unknown"),
        result=AZURE_RESULTS.get(record["status"] or ""),
        native_operation=record["operation"],
        native_state=record["status"],
        native_result=record["status"] if record["status"] in AZURE_RESULTS else None,
        backup_level=backup_level,
        message=_safe(str(message)) if message else None,
        error_code=str(code) if isinstance(code, (str, int)) and code else None,
        created_at=record["start_time"],
        started_at=record["start_time"],
        finished_at=record["end_time"],
        cancellable=None if record["actions_info"] is None else "Cancellable" in record["actions_info"],
        resource=resource_of(
            f"{container}/{entity}".lower() if container and entity else entity,
            entity,
            _kind(AZURE_RESOURCE_TYPES, kind, notes),
            kind,
        ),
        notes=notes,
    )


def _azure_operation(native: str | None, notes: list[str]) -> tuple[str, str, str | None]:
    """Operation, level and backup level. `Backup (Log)` is a backup, too."""
    plain, bracket, detail = (native or "").partition("(")
    known = AZURE_OPERATIONS.get(plain.strip())
    if known is None:
        notes.append(f"unknown_operation:{native}")
        return "other", "control", None
    level = AZURE_BACKUP_LEVELS.get(detail.rstrip(") ").lower()) if bracket and known[0] == "backup" else None
    return (*known, level)


# ---- Proxmox

_PROXMOX_TASK = Shape(
    {
        **dict.fromkeys(("upid", "id", "node", "type", "status", "exitstatus"), text),
        "starttime": moment,
        "endtime": moment,
    }
)


def _proxmox_task(native: Record, source: str, notes: list[str]) -> Record:
    """A task of a node. A vzdump of many guests at once names none of them: it is a job, which proves nothing."""
    record = _read(_PROXMOX_TASK, native, notes)
    operation = PROXMOX_OPERATIONS.get(record["type"] or "", "management")
    status = record["exitstatus"] if record["status"] in ("stopped", *PROXMOX_AT_WORK) else record["status"]
    finished = bool(record["endtime"] or status or record["status"] == "stopped")
    guest = record["id"] if (record["id"] or "").isdigit() else None
    level = "control"
    if operation not in ("management", "retention"):
        level = "item" if guest else "job"
    tells = status and status not in PROXMOX_RESULTS
    return new_task(
        "proxmox",
        source,
        record["upid"],
        level=level,
        operation=operation,
        state="finished" if finished else "running",
        result=_proxmox_result(status, notes) if finished else None,
        native_operation=record["type"],
        native_state=record["status"],
        native_result=status,
        message=_safe(status) if tells else None,
        created_at=record["starttime"],
        started_at=record["starttime"],
        finished_at=record["endtime"],
        resource=resource_of(guest, None, "vm", None),  # a machine or a container: vzdump does not tell which
        related=[{"rel": "node", "type": "node", "id": record["node"], "name": None}] if record["node"] else [],
        notes=notes,
    )


def _proxmox_result(status: str | None, notes: list[str]) -> str:
    if not status:
        return "unknown"
    if status.startswith(PROXMOX_WARNINGS):
        return "warning"
    result = PROXMOX_RESULTS.get(status, "failed")
    if result == "unknown":
        notes.append(f"unknown_result:{status}")
    return result


_PROXMOX_GUEST = Shape({**dict.fromkeys(("vmid", "name", "node", "status", "type"), text), "template": integer})


def _proxmox_resource(native: Record, source: str, notes: list[str]) -> Record:
    """A guest (community.proxmox.proxmox_vm_info). Templates are not meant to be backed up each night."""
    record = _read(_PROXMOX_GUEST, native, notes)
    return new_resource(
        "proxmox",
        source,
        record["vmid"],
        name=record["name"],
        type="vm",
        native_type=record["type"],
        protection="unsupported" if record["template"] else "unknown",
        online=record["status"] == "running" if record["status"] else None,
        notes=notes,
    )


# ---- Nutanix

_NUTANIX_TASK = Shape(
    {
        **dict.fromkeys(("ext_id", "uuid", "operation", "operation_type", "status"), text),
        **dict.fromkeys(("created_time", "started_time", "last_updated_time", "completed_time"), moment),
        **dict.fromkeys(("creation_time", "start_time", "last_update_time", "completion_time"), moment),
        **dict.fromkeys(("progress_percentage", "percentage_complete"), percent),
        **dict.fromkeys(("legacy_error_message", "error_detail", "error_code"), text),
        **dict.fromkeys(("entities_affected", "entity_reference_list", "error_messages"), records),
        "warnings": records,
        "is_cancelable": flag,
        "parent_task": Shape({"ext_id": text}),
        "parent_task_reference": Shape({"uuid": text}),
    }
)


def _nutanix_task(native: Record, source: str, notes: list[str]) -> Record:
    """A task of Prism Central, v4 or v3. One about many things is a job: the model knows one resource a task."""
    record = _read(_NUTANIX_TASK, native, notes)
    native_operation = record["operation"] or record["operation_type"]
    operation = _nutanix_operation(native_operation or "")
    entities = [
        _nutanix_entity(entity) for entity in record["entities_affected"] or record["entity_reference_list"] or []
    ]
    things = [entity for entity in entities if entity["type"] in NUTANIX_RESOURCE_TYPES]
    level = "control"
    if operation != "management":
        level = "job" if len(things) > 1 else "item"
    error: Record = next(iter(record["error_messages"] or ()), {})
    message = error.get("message") or record["error_detail"] or record["legacy_error_message"]
    code = error.get("code") or record["error_code"]
    thing = things[0] if len(things) == 1 else {"id": None, "name": None, "type": None}
    result = NUTANIX_RESULTS.get(record["status"] or "")
    return new_task(
        "nutanix",
        source,
        record["ext_id"] or record["uuid"],
        level=level,
        operation=operation,
        state=translate(NUTANIX_STATES, record["status"], "state", notes, "unknown"),
        result="warning" if result == "success" and record["warnings"] else result,
        native_operation=native_operation,
        native_state=record["status"],
        native_result=record["status"] if result else None,
        message=_safe(str(message)) if message else None,
        error_code=str(code) if isinstance(code, (str, int)) and code else None,
        progress_percent=_first(record, "progress_percentage", "percentage_complete"),
        created_at=record["created_time"] or record["creation_time"],
        started_at=record["started_time"] or record["start_time"],
        updated_at=record["last_updated_time"] or record["last_update_time"],
        finished_at=record["completed_time"] or record["completion_time"],
        cancellable=record["is_cancelable"],
        resource=resource_of(
            thing["id"], thing["name"], NUTANIX_RESOURCE_TYPES.get(thing["type"] or ""), thing["type"]
        ),
        parent=named(record["parent_task"]["ext_id"] or record["parent_task_reference"]["uuid"]),
        related=[{"rel": "affected", **entity} for entity in entities],
        notes=notes,
    )


def _nutanix_operation(native: str) -> str:
    """By the table, else by what the name holds; most tasks of Prism Central have nothing to do with backups."""
    if native in NUTANIX_OPERATIONS:
        return NUTANIX_OPERATIONS[native]
    lowered = native.lower().replace(" ", "_")
    return next((operation for word, operation in NUTANIX_WORDS.items() if word in lowered), "management")


def _nutanix_entity(entity: Record) -> Record:
    """What a task is about: {type, id, name}; the type is the last part of `rel`, for example of vmm:ahv:config:vm."""
    told = {name: value if isinstance(value, str) and value else None for name, value in entity.items()}
    kind = told.get("rel") or told.get("kind")
    return {
        "type": kind.rpartition(":")[2] if kind else None,
        "id": told.get("ext_id") or told.get("uuid"),
        "name": told.get("name"),
    }


def _first(record: Record, *fields: str) -> Any:
    return next((record[field] for field in fields if record[field] is not None), None)


_NUTANIX_VM = Shape({**dict.fromkeys(("ext_id", "uuid", "name", "power_state"), text), "create_time": moment})


def _nutanix_resource(native: Record, source: str, notes: list[str]) -> Record:
    """A virtual machine (nutanix.ncp.ntnx_vms_info_v2). Whether anything protects it, it does not say."""
    record = _read(_NUTANIX_VM, native, notes)
    return new_resource(
        "nutanix",
        source,
        record["ext_id"] or record["uuid"],
        name=record["name"],
        type="vm",
        native_type="vm",
        online=record["power_state"] == "ON" if record["power_state"] else None,
        created_at=record["create_time"],
        notes=notes,
    )


Normalizer = Callable[[Record, str, list[str]], Record]

#: provider -> how a record becomes a task, where results have their list, and what only a record has (its id)
TASKS: dict[str, tuple[Normalizer, tuple[str, ...], tuple[str, ...]]] = {
    "aws_backup": (_aws_task, ("backup_jobs", "restore_jobs", "copy_jobs"), tuple(AWS_JOBS)),
    "azure": (_azure_task, ("jobs", "value"), ("name",)),
    "proxmox": (_proxmox_task, ("proxmox_tasks", "data"), ("upid",)),
    "nutanix": (_nutanix_task, ("response.entities", "response", "entities", "data"), ("operation", "operation_type")),
}
RESOURCES: dict[str, tuple[Normalizer, tuple[str, ...], tuple[str, ...]]] = {
    "aws_backup": (_aws_resource, ("results", "protected_resources"), ("resource_arn",)),
    "proxmox": (_proxmox_resource, ("proxmox_vms", "data"), ("vmid",)),
    "nutanix": (_nutanix_resource, ("response", "data"), ("power_state",)),
}
