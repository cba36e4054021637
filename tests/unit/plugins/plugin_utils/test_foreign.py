# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Other vendors' words in the common model, one table a vendor, and that no record whatever breaks the model."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.multivendor.backup.plugins.module_utils._core.times import utc
from ansible_collections.multivendor.backup.plugins.module_utils._model.enums import (
    BACKUP_LEVELS,
    LEVELS,
    OPERATIONS,
    RESOURCE_TYPES,
    RESULTS,
    SEVERITIES,
    STATES,
)
from ansible_collections.multivendor.backup.plugins.module_utils._model.task import FIELDS, TIMES, proves_backup
from ansible_collections.multivendor.backup.plugins.plugin_utils import _foreign, _ours
from ansible_collections.multivendor.backup.plugins.plugin_utils._inputs import Refused
from ansible_collections.multivendor.backup.plugins.plugin_utils._normalize import RESOURCES, TASKS, normalize

AWS = {
    "BackupJobId": "8F0A",
    "ResourceArn": "arn:aws:ec2:eu-west-1:123456789012:volume/vol-1",
    "ResourceType": "EBS",
    "ResourceName": "orders-data",
    "CreationDate": datetime(2026, 11, 21, 1, tzinfo=timezone.utc),
    "CompletionDate": "2026-11-21T03:00:00.250000+01:00",
    "State": "COMPLETED",
    "MessageCategory": "SUCCESS",
    "PercentDone": "100.0",
    "IsParent": False,
    "CreatedBy": {"BackupPlanId": "plan-1", "BackupPlanName": "nightly"},
}
AZURE = {
    "id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v/backupJobs/j-1",
    "name": "j-1",
    "type": "Microsoft.RecoveryServices/vaults/backupJobs",
    "properties": {
        "entityFriendlyName": "orders-web",
        "containerName": "iaasvmcontainerv2;rg;orders-web",
        "backupManagementType": "AzureIaasVM",
        "operation": "Backup",
        "status": "Completed",
        "startTime": "2026-11-21T01:00:00.1234567Z",
        "endTime": "2026-11-21T02:00:00Z",
        "actionsInfo": ["Cancellable"],
        "errorDetails": [{"errorCode": 400239, "errorString": "Snapshot failed"}],
    },
}
PROXMOX = {
    "upid": "UPID:pve1:0000A1B2:00C0FFEE:6920B000:vzdump:101:root@pam:",
    "id": "101",
    "node": "pve1",
    "type": "vzdump",
    "user": "root@pam",
    "pid": 41394,
    "pstart": 12648430,
    "starttime": 1795222800,
    "endtime": 1795226400,
    "status": "OK",
}
NUTANIX = {
    "ext_id": "ZXJnb24=:1",
    "operation": "CreateRecoveryPoint",
    "status": "SUCCEEDED",
    "created_time": "2026-11-21T01:00:00.000001+00:00",
    "started_time": "2026-11-21T01:00:01+00:00",
    "completed_time": "2026-11-21T01:01:00+00:00",
    "progress_percentage": 100,
    "entities_affected": [
        {"ext_id": "rp-1", "name": None, "rel": "dataprotection:config:recovery-point"},
        {"ext_id": "vm-1", "name": "orders-web", "rel": "vmm:ahv:config:vm"},
    ],
    "is_cancelable": False,
    "error_messages": None,
    "warnings": None,
}
SAMPLES = {"aws_backup": AWS, "azure": AZURE, "proxmox": PROXMOX, "nutanix": NUTANIX}


def one(provider: str, sample: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """The task for a sample with changes; for Azure in its properties."""
    record = {**(sample or SAMPLES[provider])}
    if provider == "azure":
        record["properties"] = {**record["properties"], **changes}
    else:
        record.update(changes)
    (task,) = normalize([record], provider, "x", "tasks", TASKS)
    return task


@pytest.mark.parametrize(
    ("changes", "state", "result"),
    [
        ({"State": "CREATED"}, "queued", None),
        ({"State": "PENDING"}, "queued", None),
        ({"State": "RUNNING"}, "running", None),
        ({"State": "ABORTING"}, "cancelling", None),
        ({}, "finished", "success"),
        ({"MessageCategory": "success"}, "finished", "success"),
        ({"MessageCategory": "AccessDenied"}, "finished", "warning"),
        ({"MessageCategory": None}, "finished", "success"),
        ({"MessageCategory": None, "StatusMessage": "VSS failed"}, "finished", "warning"),
        ({"State": "PARTIAL"}, "finished", "partial"),
        ({"State": "FAILED", "MessageCategory": "SUCCESS"}, "finished", "failed"),
        ({"State": "ABORTED"}, "finished", "cancelled"),
        ({"State": "EXPIRED"}, "finished", "timed_out"),
        ({"State": "SPLENDID"}, "unknown", None),
        ({"State": None}, "unknown", None),
    ],
)
def test_aws_words(changes, state, result):
    task = one("aws_backup", **changes)
    assert (task["state"], task["result"]) == (state, result)
    assert task["protects"] is (result in ("success", "warning"))
    assert ("unknown_state:SPLENDID" in task["notes"]) is (changes.get("State") == "SPLENDID")


def test_aws_fields_are_the_same_in_both_spellings():
    task = one("aws_backup")
    snaked = {
        "backup_job_id": "8F0A",
        "resource_arn": AWS["ResourceArn"],
        "resource_type": "EBS",
        "resource_name": "orders-data",
        "creation_date": "2026-11-21T01:00:00+00:00",
        "completion_date": "2026-11-21T02:00:00.250000+00:00",
        "state": "COMPLETED",
        "message_category": "SUCCESS",
        "percent_done": "100.0",
        "created_by": {"backup_plan_id": "plan-1", "backup_plan_name": "nightly"},
    }
    assert one("aws_backup", snaked) == task
    assert task["resource"] == {"id": AWS["ResourceArn"], "name": "orders-data", "type": "volume", "native_type": "EBS"}
    assert (task["created_at"], task["finished_at"]) == ("2026-11-21T01:00:00Z", "2026-11-21T02:00:00.250000Z")
    assert task["policy"] == {"id": "plan-1", "name": "nightly"}
    assert task["progress_percent"] == 100.0


def test_aws_restores_copies_and_composites():
    restore = {
        **{"RestoreJobId": "r", "SourceResourceArn": "arn:a", "CreatedResourceArn": "arn:b", "ResourceType": "RDS"},
        **{"Status": "COMPLETED", "StatusMessage": "all well", "CreationDate": "2026-11-21T01:00:00Z"},
    }
    task = one("aws_backup", restore)
    assert (task["operation"], task["result"], task["resource"]["id"]) == ("restore", "success", "arn:a")
    assert task["related"][0]["id"] == "arn:b"
    copy = one("aws_backup", {"CopyJobId": "c", "ResourceArn": "arn:a", "State": "COMPLETED"})
    assert (copy["operation"], copy["protects"]) == ("backup_copy", False)
    composite = one("aws_backup", IsParent=True)
    assert (composite["level"], composite["protects"]) == ("job", False)


@pytest.mark.parametrize(
    ("status", "state", "result"),
    [
        ("InProgress", "running", None),
        ("Paused", "paused", None),
        ("Cancelling", "cancelling", None),
        ("Completed", "finished", "success"),
        ("CompletedWithWarnings", "finished", "warning"),
        ("Failed", "finished", "failed"),
        ("Cancelled", "finished", "cancelled"),
        ("Invalid", "unknown", None),
        (None, "unknown", None),
    ],
)
def test_azure_words(status, state, result):
    task = one("azure", status=status)
    assert (task["state"], task["result"]) == (state, result)


@pytest.mark.parametrize(
    ("operation", "expected", "level", "backup_level"),
    [
        ("Backup", "backup", "item", None),
        ("Backup (Full)", "backup", "item", "full"),
        ("Backup (Log)", "backup", "item", "log"),
        ("Restore", "restore", "item", None),
        ("ConfigureBackup", "policy_change", "control", None),
        ("DeleteBackupData", "management", "control", None),
        ("Pirouette", "other", "control", None),
    ],
)
def test_azure_operations(operation, expected, level, backup_level):
    task = one("azure", operation=operation)
    assert (task["operation"], task["level"], task["backup_level"]) == (expected, level, backup_level)


def test_azure_in_snake_case_and_without_properties():
    task = one("azure")
    flat = {
        **{"name": "j-1", "entity_friendly_name": "orders-web", "container_name": "iaasvmcontainerv2;rg;orders-web"},
        **{"backup_management_type": "AzureIaasVM", "operation": "Backup", "status": "Completed"},
        **{"start_time": "2026-11-21T01:00:00.1234567Z", "end_time": "2026-11-21T02:00:00Z"},
        **{"actions_info": ["Cancellable"]},
        **{"error_details": [{"error_code": 400239, "error_string": "Snapshot failed"}]},
    }
    (same,) = normalize([flat], "azure", "x", "tasks", TASKS)
    assert same == task
    assert task["resource"]["id"] == "iaasvmcontainerv2;rg;orders-web/orders-web"
    assert (task["message"], task["error_code"], task["cancellable"]) == ("Snapshot failed", "400239", True)
    assert "no_container" in one("azure", containerName=None)["notes"]


@pytest.mark.parametrize(
    ("changes", "state", "result"),
    [
        ({}, "finished", "success"),
        ({"status": "WARNINGS: 3"}, "finished", "warning"),
        ({"status": "job errors"}, "finished", "failed"),
        ({"status": "interrupted by signal"}, "finished", "failed"),
        ({"status": "unknown"}, "finished", "unknown"),
        ({"status": None}, "finished", "unknown"),
        ({"status": None, "endtime": None}, "running", None),
        ({"status": "RUNNING", "endtime": None}, "running", None),
        ({"status": "running", "endtime": None}, "running", None),
        ({"status": "stopped", "exitstatus": "OK", "endtime": None}, "finished", "success"),
        ({"status": "stopped", "endtime": None}, "finished", "unknown"),
    ],
)
def test_proxmox_words(changes, state, result):
    task = one("proxmox", **changes)
    assert (task["state"], task["result"]) == (state, result)
    assert task["message"] == (changes["status"] if result in ("failed", "warning") else None)


@pytest.mark.parametrize(
    ("kind", "guest", "operation", "level"),
    [
        ("vzdump", "101", "backup", "item"),
        ("vzdump", "", "backup", "job"),
        ("qmrestore", "101", "restore", "item"),
        ("vzsnapshot", "102", "snapshot", "item"),
        ("qmrollback", "101", "snapshot_restore", "item"),
        ("qmstart", "101", "management", "control"),
        ("srvreload", "networking", "management", "control"),
    ],
)
def test_proxmox_operations(kind, guest, operation, level):
    task = one("proxmox", type=kind, id=guest)
    assert (task["operation"], task["level"]) == (operation, level)
    assert task["protects"] is (operation == "backup" and level == "item")


def test_proxmox_times():
    task = one("proxmox")
    assert (task["started_at"], task["duration_seconds"]) == ("2026-11-21T01:00:00Z", 3600)


@pytest.mark.parametrize(
    ("changes", "state", "result"),
    [
        ({"status": "QUEUED"}, "queued", None),
        ({"status": "RUNNING"}, "running", None),
        ({"status": "SUSPENDED"}, "paused", None),
        ({"status": "CANCELING"}, "cancelling", None),
        ({}, "finished", "success"),
        ({"warnings": [{"message": "slow"}]}, "finished", "warning"),
        ({"status": "FAILED", "warnings": [{}]}, "finished", "failed"),
        ({"status": "CANCELED"}, "finished", "cancelled"),
        ({"status": "ABORTED"}, "finished", "cancelled"),
        ({"status": "$UNKNOWN"}, "unknown", None),
    ],
)
def test_nutanix_words(changes, state, result):
    task = one("nutanix", **changes)
    assert (task["state"], task["result"]) == (state, result)


@pytest.mark.parametrize(
    ("name", "operation", "level"),
    [
        ("CreateRecoveryPoint", "snapshot", "item"),
        ("kVmSnapshotCreate", "snapshot", "item"),
        ("EntitySnapshotReplicate", "replication", "item"),
        ("EntitySnapshotRealizeWithAction", "restore", "item"),
        ("RestoreVmRecoveryPoint", "restore", "item"),
        ("RevertVolumeGroup", "snapshot_restore", "item"),
        ("DeleteRecoveryPoint", "management", "control"),
        ("Create Recovery Plan for a Cluster", "management", "control"),
        ("kVmPowerOn", "management", "control"),
    ],
)
def test_nutanix_operations(name, operation, level):
    task = one("nutanix", operation=name)
    assert (task["operation"], task["level"], task["protects"]) == (operation, level, False)


def test_nutanix_resources_and_v3():
    task = one("nutanix")
    assert task["resource"] == {"id": "vm-1", "name": "orders-web", "type": "vm", "native_type": "vm"}
    many = one("nutanix", entities_affected=NUTANIX["entities_affected"] * 2)
    assert (many["level"], many["resource"]) == ("job", None)
    v3 = {
        **{"uuid": "t", "operation_type": "create_vm_snapshot", "status": "FAILED", "percentage_complete": 100},
        **{"start_time": "2026-11-21T01:00:00Z", "completion_time": "2026-11-21T01:01:00Z", "error_detail": "no space"},
        **{"entity_reference_list": [{"kind": "vm", "uuid": "vm-1", "name": "orders-web"}]},
    }
    task = one("nutanix", v3)
    assert (task["id"], task["result"], task["message"], task["resource"]["id"]) == ("t", "failed", "no space", "vm-1")


def test_secrets_in_messages_are_masked():
    message = "PUT https://user:hunter22@host failed, token=abcdefgh12345678"
    assert "hunter22" not in one("aws_backup", State="FAILED", StatusMessage=message)["message"]
    assert "abcdefgh" not in one("proxmox", status=message)["message"]


@pytest.mark.parametrize(
    ("provider", "record", "expected"),
    [
        (
            "aws_backup",
            {"ResourceArn": "arn:a", "ResourceType": "S3", "LastBackupTime": "2026-11-21T01:00:00+00:00"},
            {"id": "arn:a", "type": "bucket", "protection": "protected", "last_success_at": "2026-11-21T01:00:00Z"},
        ),
        (
            "proxmox",
            {"vmid": 101, "name": "web", "type": "qemu", "status": "running", "template": 0},
            {"id": "101", "name": "web", "type": "vm", "online": True, "protection": "unknown"},
        ),
        ("proxmox", {"vmid": 9000, "template": 1}, {"protection": "unsupported", "online": None}),
        ("nutanix", {"ext_id": "v", "name": "web", "power_state": "OFF"}, {"id": "v", "online": False}),
    ],
)
def test_resources(provider, record, expected):
    (resource,) = normalize([record], provider, None, "resources", RESOURCES)
    assert {name: resource[name] for name in expected} == expected
    assert resource["source"] == provider


WORDS = [
    *("COMPLETED", "FAILED", "Completed", "Failed", "OK", "WARNINGS: 1", "SUCCEEDED", "SUCCESS", "None", "Stopped"),
    *("Finished", "2", "completed", "failed", "ERROR", "job", "item", "vzdump", "Backup", "backup", "BACKUP"),
]
TIMES_TOLD = st.one_of(
    st.datetimes(timezones=st.none() | st.just(timezone.utc) | st.just(timezone(timedelta(hours=9)))),
    st.just("2026-11-21T01:00:00Z"),
    st.integers(),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(WORDS),
    TIMES_TOLD,
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KNOWN = {
    "aws_backup": [*_foreign._AWS_JOB.names, *AWS],
    "azure": [*_foreign._AZURE_JOB.names, "name", "properties"],
    "proxmox": _foreign._PROXMOX_TASK.names,
    "nutanix": _foreign._NUTANIX_TASK.names,
    "yandex": _ours._YANDEX_TASK.names,
    "clumio": _ours._CLUMIO_TASK.names,
    "veeam": [*_ours._VEEAM_TASK.names, *_ours._VEEAM_SESSION.names],
    "petadata": _ours._PETADATA_TASK.names,
}
IDS = {
    **{"aws_backup": "BackupJobId", "azure": "name", "proxmox": "upid", "nutanix": "ext_id", "yandex": "id"},
    **{"clumio": "id", "veeam": "uid", "petadata": "task_id"},
}


def check(task: dict[str, Any]) -> None:
    """A task of the model, field by field."""
    assert tuple(task) == FIELDS
    assert task["level"] in LEVELS
    assert task["operation"] in OPERATIONS
    assert task["state"] in STATES
    assert (task["result"] in RESULTS) is (task["state"] == "finished")
    assert task["severity"] == SEVERITIES.get(task["result"])
    assert task["protects"] == proves_backup(task)
    assert task["backup_level"] in (*BACKUP_LEVELS, None)
    assert all(task[name] is None or utc(task[name]) == task[name] for name in TIMES)
    assert task["progress_percent"] is None or 0 <= task["progress_percent"] <= 100
    assert task["resource"] is None or task["resource"]["type"] in (*RESOURCE_TYPES, None)
    texts = (*("uid", "id", "message", "error_code"), *("native_operation", "native_state", "native_result"))
    assert all(isinstance(task[name], (str, type(None))) for name in texts)
    assert all(isinstance(note, str) for note in task["notes"])


@pytest.mark.parametrize("provider", list(TASKS))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_record_gives_a_valid_task(provider, data):
    record = data.draw(st.dictionaries(st.sampled_from(list(KNOWN[provider])), VALUES))
    record[IDS[provider]] = data.draw(st.text(min_size=1, max_size=8))
    if provider == "nutanix":
        record["operation"] = data.draw(st.text(max_size=8))
    try:
        (task,) = normalize([record], provider, "x", "tasks", TASKS)
    except Refused:
        return  # too large or too deep for the model, and said so
    check(task)
