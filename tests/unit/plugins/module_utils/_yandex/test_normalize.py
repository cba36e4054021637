# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Yandex Cloud Backup in the common model: every word of the API, and every lawful gap."""

from __future__ import annotations

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._yandex.normalize import (
    normalize_resource,
    normalize_task,
)
from ansible_collections.multivendor.backup.plugins.module_utils._yandex.records import RESOURCE, TASK

DONE = {
    "id": "9007199254740993",
    "type": "BACKUP",
    "status": "COMPLETED",
    "resultCode": "OK",
    "computeInstanceId": "fhm1",
    "enqueuedAt": "2026-11-20T01:00:00Z",
    "startedAt": "2026-11-20T01:01:00.5Z",
    "updatedAt": "2026-11-20T01:31:00Z",
    "completedAt": "2026-11-20T01:31:00.5Z",
}


def task(**native):
    return normalize_task(TASK.read({**DONE, **native}), "yc")


def resource(**native):
    return normalize_resource(RESOURCE.read({"computeInstanceId": "fhm1", "resourceId": "r1", **native}), "yc")


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("ENQUEUED", "queued"),
        ("ASSIGNED", "queued"),
        ("STARTED", "running"),
        ("PAUSED", "paused"),
        ("COMPLETED", "finished"),
    ],
)
def test_states(word, state):
    told = task(status=word)
    assert (told["state"], told["native_state"]) == (state, word)
    assert (told["result"] is None) == (state != "finished")


@pytest.mark.parametrize(
    ("word", "result", "severity", "protects"),
    [
        ("OK", "success", "ok", True),
        ("WARNING", "warning", "warning", True),
        ("ERROR", "failed", "critical", False),
        ("CANCELLED", "cancelled", "warning", False),
        ("ABANDONED", "abandoned", "critical", False),
        ("TIMEDOUT", "timed_out", "critical", False),
        ("CODE_UNSPECIFIED", "unknown", "unknown", False),
        ("", "unknown", "unknown", False),
        (None, "unknown", "unknown", False),
    ],
)
def test_results(word, result, severity, protects):
    told = task(resultCode=word)
    assert (told["result"], told["severity"], told["protects"], told["notes"]) == (result, severity, protects, [])


@pytest.mark.parametrize("word", ["CODE_UNSPECIFIED", "", None])
def test_without_a_code_an_error_is_a_failure(word):
    told = task(resultCode=word, error="no space left")
    assert (told["result"], told["message"], told["protects"]) == ("failed", "no space left", False)


@pytest.mark.parametrize(
    ("word", "operation"),
    [
        ("BACKUP", "backup"),
        ("RETENTION", "retention"),
        ("RECOVERY", "restore"),
        ("APPLY_POLICY", "policy_change"),
        ("REVOKE_POLICY", "policy_change"),
    ],
)
def test_operations(word, operation):
    told = task(type=word)
    assert (told["operation"], told["level"], told["protects"]) == (operation, "item", operation == "backup")


def test_words_that_nobody_knows_are_never_a_success():
    assert task(status="HALTED")["state"] == "unknown"
    assert task(status="HALTED")["notes"] == ["unknown_state:HALTED", "finish_time_before_end"]
    told = task(resultCode="SPLENDID")
    assert (told["result"], told["notes"], told["protects"]) == ("unknown", ["unknown_result:SPLENDID"], False)
    told = task(type="VERIFY")
    assert (told["operation"], told["notes"], told["protects"]) == ("other", ["unknown_operation:VERIFY"], False)


def test_an_unknown_word_is_quoted_in_part():
    assert len(task(status="X" * 20_000)["notes"][0]) < 100


def test_what_else_a_task_tells():
    told = task(
        cancellable=True, policyId="cbp1", progress={"current": "250", "total": "1000"}, error="", status="COMPLETED"
    )
    assert told["uid"] == "yandex:yc::9007199254740993"
    assert told["id"] == "9007199254740993"
    assert told["cancellable"] is False
    assert told["policy"] == {"id": "cbp1", "name": None}
    assert told["progress_percent"] == 25.0
    assert told["duration_seconds"] == 1800.0
    assert told["message"] is None
    assert told["resource"] == {"id": "fhm1", "name": None, "type": None, "native_type": None}


def test_progress_in_numbers_that_no_machine_has():
    assert task(progress={"current": "1", "total": 10**320})["progress_percent"] == 0.0
    assert task(progress={"current": 10**320, "total": 10**320})["progress_percent"] == 100.0
    assert [task(progress={"current": one, "total": 3})["progress_percent"] for one in (1, 2)] == [33.3, 66.7]


@pytest.mark.parametrize("progress", [None, {}, {"current": "5", "total": "0"}, {"current": "7", "total": "5"}])
def test_progress_that_says_nothing(progress):
    assert task(progress=progress)["progress_percent"] is None


@pytest.mark.parametrize(
    ("word", "kind"),
    [("COMPUTE", "vm"), ("EXTERNAL_VM", "vm"), ("BMS", "bare_metal"), ("EXTERNAL_SERVER", "bare_metal")],
)
def test_types_of_resources(word, kind):
    told = resource(type=word)
    assert (told["type"], told["native_type"], told["notes"]) == (kind, word, [])


@pytest.mark.parametrize(
    ("word", "activity"),
    [
        ("IDLE", "idle"),
        ("BACKUPING", "backing_up"),
        ("RECOVERING", "restoring"),
        ("FAILED", "failed"),
        ("OTHER", "other"),
        ("DANCING", "unknown"),
        (None, "unknown"),
    ],
)
def test_activities(word, activity):
    assert resource(status=word)["activity"] == activity


GOOD = {"initStatus": "REGISTRED", "enabled": True, "isActive": True}


@pytest.mark.parametrize(
    ("native", "protection"),
    [
        (GOOD, "protected"),
        ({"initStatus": "REGISTRED"}, "protected"),
        ({**GOOD, "initStatus": "DELETED", "enabled": False, "isActive": False}, "deleted"),
        ({**GOOD, "initStatus": "FAILED_REGISTRATION", "enabled": False}, "registration_failed"),
        ({**GOOD, "initStatus": "REGISTERING", "isActive": False}, "pending"),
        ({**GOOD, "enabled": False, "isActive": False}, "disabled"),
        ({**GOOD, "isActive": False}, "orphaned"),
        ({**GOOD, "initStatus": "DREAMING"}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_protection_is_the_first_that_fits(native, protection):
    assert resource(**native)["protection"] == protection


def test_a_resource_is_known_as_its_tasks_know_it():
    told = resource(lastBackupTime="2026-11-20T01:00:00+00:00", nextBackupTime="1970-01-01T00:00:00Z")
    assert (told["id"], told["alternate_ids"], told["notes"]) == ("fhm1", ["r1"], [])
    assert (told["last_success_at"], told["next_run_at"]) == ("2026-11-20T01:00:00Z", None)


def test_an_external_server_has_only_its_own_id_and_no_tasks():
    told = resource(computeInstanceId="", type="EXTERNAL_SERVER")
    assert (told["id"], told["alternate_ids"], told["notes"]) == ("r1", [], ["no_tasks"])
