# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PetaData in the common model."""

from __future__ import annotations

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._petadata.normalize import normalize_task
from ansible_collections.multivendor.backup.plugins.module_utils._petadata.records import TASK

DONE = {
    "TaskId": 17,
    "TaskAction": "CreateDatabaseBackup",
    "Status": "2",
    "BeginTime": "2026-11-20T01:00:00Z",
    "FinishTime": "2026-11-20T01:10:00Z",
    "DBName": "orders",
}


def task(instance="pd-1", **native):
    return normalize_task({**TASK.read({**DONE, **native}), "instance_id": instance}, "ali")


@pytest.mark.parametrize(
    ("status", "state", "result"),
    [
        (0, "queued", None),
        (1, "running", None),
        (2, "finished", "success"),
        (3, "finished", "failed"),
        (4, "finished", "unknown"),
        (5, "finished", "cancelled"),
        (9, "unknown", None),
        ("", "unknown", None),
        (None, "unknown", None),
    ],
)
@pytest.mark.parametrize("as_text", [True, False])
def test_statuses(status, state, result, as_text):
    told = task(Status=str(status) if as_text and isinstance(status, int) else status)
    assert (told["state"], told["result"], told["protects"]) == (state, result, result == "success")
    assert (told["finished_at"] is None) == (state != "finished")
    assert ("unknown_state:9" in told["notes"]) == (status == 9)


def test_an_end_that_is_told_before_it_came_is_dropped():
    assert task(Status="1")["notes"] == []
    assert task(Status="9")["notes"] == ["unknown_state:9", "finish_time_before_end"]


@pytest.mark.parametrize(
    ("action", "operation", "level"),
    [
        ("CreateDatabaseBackup", "backup", "item"),
        ("RestoreDatabase", "restore", "item"),
        ("ModifyBackupPolicy", "policy_change", "control"),
        ("RestoreInstance", "restore", "control"),
        ("RecoverDBInstance", "restore", "control"),
        ("CreateInstanceBackup", "backup", "control"),
        ("ModifyBackup", "management", "control"),
        ("DescribeBackup", "management", "control"),
        ("DeleteBackup", "management", "control"),
        ("CreateInstance", "management", "control"),
        ("", "management", "control"),
        (None, "management", "control"),
    ],
)
def test_actions(action, operation, level):
    told = task(TaskAction=action)
    assert (told["operation"], told["level"], told["protects"]) == (operation, level, action == "CreateDatabaseBackup")


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("42", 42.0),
        ("42%", 42.0),
        (" 7.5 % ", 7.5),
        (100, 100.0),
        ("101", None),
        ("half", None),
        ("", None),
        ("nan", None),
        (None, None),
    ],
)
def test_progress(text, percent):
    assert task(Progress=text)["progress_percent"] == percent


def test_names_of_things():
    told = task(ExpectedFinishTime="2026-11-20T02:00:00Z", ProgressInfo="copying")
    assert told["uid"] == "petadata:ali:pd-1:17"
    assert told["resource"] == {"id": "pd-1/orders", "name": "orders", "type": "database", "native_type": None}
    assert told["parent"] == {"id": "pd-1", "name": None}
    assert (told["expected_finish_at"], told["message"]) == ("2026-11-20T02:00:00Z", "copying")
    assert task(DBName="")["resource"]["id"] == "pd-1"
    assert task(DBName="")["resource"]["type"] == "instance"
    assert task(instance=None, DBName=None)["resource"] is None
    assert task("pd-1")["uid"] != task("pd-2")["uid"]


def test_a_task_that_has_not_begun_has_not_started():
    assert task(Status="0")["started_at"] is None
