# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clumio in the common model: what a task is follows from its category, not from its name."""

from __future__ import annotations

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._clumio.normalize import (
    KINDS,
    normalize_resource,
    normalize_task,
)
from ansible_collections.multivendor.backup.plugins.module_utils._clumio.records import KINDS as PATHS
from ansible_collections.multivendor.backup.plugins.module_utils._clumio.records import RESOURCE, TASK

DONE = {
    "id": "4711",
    "type": "aws_ebs_volume_incremental_backup",
    "category": "backup",
    "status": "completed",
    "created_timestamp": "2026-11-20T01:00:00Z",
    "start_timestamp": "2026-11-20T01:00:10Z",
    "end_timestamp": "2026-11-20T01:10:10Z",
    "primary_entity": {"id": "e1", "type": "aws_ebs_volume", "value": "prod-db"},
    "parent_entity": {"id": "acc", "type": "aws_account", "value": "1111"},
}


def task(**native):
    return normalize_task(TASK.read({**DONE, **native}), "cl")


def resource(kind="ebs_volumes", **native):
    return normalize_resource({**RESOURCE.read({"id": "e1", **native}), "kind": kind}, "cl")


@pytest.mark.parametrize(
    ("word", "state", "result"),
    [
        ("queued", "queued", None),
        ("in_progress", "running", None),
        ("aborting", "cancelling", None),
        ("completed", "finished", "success"),
        ("failed", "finished", "failed"),
        ("aborted", "finished", "cancelled"),
        ("evaporated", "unknown", None),
        ("", "unknown", None),
        (None, "unknown", None),
    ],
)
def test_statuses(word, state, result):
    told = task(status=word)
    assert (told["state"], told["result"], told["protects"]) == (state, result, result == "success")
    assert ("unknown_state:evaporated" in told["notes"]) == (word == "evaporated")


@pytest.mark.parametrize(
    ("category", "native", "operation", "level"),
    [
        ("backup", "aws_ebs_volume_incremental_backup", "backup", "item"),
        ("backup", "something_new", "backup", "item"),
        ("restore", "aws_ebs_volume_restore", "restore", "item"),
        ("snapshot", "aws_ebs_volume_snapshot", "snapshot", "item"),
        ("snapshot_restore", "aws_ebs_volume_snapshot_restore", "snapshot_restore", "item"),
        ("system", "aws_ebs_volume_backup_indexing", "indexing", "control"),
        ("system", "microsoft365_inventory_sync", "inventory", "control"),
        ("system", "retention_enforcement", "management", "control"),
        ("management", "policy_update", "policy_change", "control"),
        ("management", "organizational_unit_update", "management", "control"),
        ("report_generation", "activity_report_file_download", "report", "control"),
        ("teleportation", "aws_ebs_volume_backup", "other", "control"),
        (None, "aws_ebs_volume_file_restore", "restore", "item"),
        (None, "aws_ebs_volume_backup_seeding", "backup", "item"),
        (None, "aws_ebs_volume_incremental_backup", "backup", "item"),
        (None, "aws_ebs_volume_backup_indexing", "indexing", "control"),
        (None, "aws_ebs_volume_restore", "restore", "item"),
        (None, "microsoft365_mailbox_seeding", "backup", "item"),
        (None, "microsoft365_mailbox_backup", "backup", "item"),
        (None, "microsoft365_inventory_sync", "inventory", "control"),
        (None, "microsoft365_mail_restore", "restore", "item"),
        ("", "never_heard_of_backup", "other", "control"),
        (None, None, "other", "control"),
    ],
)
def test_operations(category, native, operation, level):
    told = task(category=category, type=native)
    assert (told["operation"], told["level"]) == (operation, level)
    assert told["protects"] == (operation == "backup")
    assert ("no_category" in told["notes"]) == (not category)
    assert any(note.startswith("unknown_operation:") for note in told["notes"]) == (operation == "other")


@pytest.mark.parametrize(
    ("category", "native", "level"),
    [
        ("backup", "aws_ebs_volume_backup_seeding", "full"),
        ("backup", "microsoft365_mailbox_seeding", "full"),
        ("backup", "aws_ec2_instance_incremental_backup", "incremental"),
        ("backup", "microsoft365_mailbox_backup", "incremental"),
        ("backup", "aws_dynamodb_table_backup", None),
        ("system", "aws_ebs_volume_backup_seeding", None),
    ],
)
def test_backup_levels(category, native, level):
    assert task(category=category, type=native)["backup_level"] == level


def test_what_else_a_task_tells():
    told = task(is_abortable=False, progress_percentage=100)
    assert told["uid"] == "clumio:cl::4711"
    assert told["resource"] == {"id": "e1", "name": "prod-db", "type": "volume", "native_type": "aws_ebs_volume"}
    assert told["parent"] == {"id": "acc", "name": "1111"}
    assert (told["message"], told["cancellable"], told["progress_percent"]) == (None, False, 100.0)
    assert task(progress_percentage=400)["progress_percent"] is None
    assert task(primary_entity=None)["resource"] is None


def test_each_kind_that_can_be_read_is_known():
    assert set(KINDS) == set(PATHS)


WHEN = "2026-11-20T01:00:00Z"


@pytest.mark.parametrize(
    ("kind", "field", "kind_of_ours", "native_id"),
    [
        ("ebs_volumes", "last_backup_timestamp", "volume", "volume_native_id"),
        ("ec2_instances", "last_backup_timestamp", "instance", "instance_native_id"),
        ("rds_resources", "last_clumio_snapshot_timestamp", "database", "resource_native_id"),
        ("rds_resources", "last_granular_backup_timestamp", "database", "resource_native_id"),
        ("dynamodb_tables", "last_snapshot_timestamp", "database", "table_native_id"),
        ("s3_buckets", "last_backup_timestamp", "bucket", "name"),
        ("protection_groups", "last_backup_timestamp", "bucket", "name"),
    ],
)
def test_resources(kind, field, kind_of_ours, native_id):
    told = resource(kind, **{field: WHEN, native_id: "native"})
    assert (told["type"], told["last_success_at"], told["alternate_ids"]) == (kind_of_ours, WHEN, ["native"])
    assert told["name"] == "native"


def test_the_later_of_two_claims_counts():
    both = {"last_clumio_snapshot_timestamp": "2026-11-19T01:00:00.5Z", "last_granular_backup_timestamp": WHEN}
    assert resource("rds_resources", **both)["last_success_at"] == WHEN


def test_a_snapshot_of_a_volume_is_no_backup():
    assert resource("ebs_volumes", last_snapshot_timestamp=WHEN)["last_success_at"] is None


@pytest.mark.parametrize(
    ("kind", "native", "protection"),
    [
        ("ebs_volumes", {"protection_status": "protected"}, "protected"),
        ("ebs_volumes", {"protection_status": "unprotected"}, "unprotected"),
        ("ebs_volumes", {"protection_status": "unsupported"}, "unsupported"),
        ("ebs_volumes", {"protection_status": "protected", "is_supported": False}, "unsupported"),
        ("ebs_volumes", {"protection_status": "protected", "is_deleted": True}, "deleted"),
        ("ebs_volumes", {"protection_status": None}, "deleted"),
        ("ebs_volumes", {"protection_status": None, "is_deleted": False}, "unknown"),
        ("ebs_volumes", {"protection_status": "blessed"}, "unknown"),
        ("ebs_volumes", {"protection_status": {"word": "protected"}}, "unknown"),
        ("s3_buckets", {"protection_group_count": 2}, "protected"),
        ("s3_buckets", {"protection_group_count": 0}, "unprotected"),
        ("s3_buckets", {}, "unknown"),
        ("protection_groups", {"protection_status": "protected"}, "protected"),
    ],
)
def test_protection(kind, native, protection):
    assert resource(kind, **native)["protection"] == protection
