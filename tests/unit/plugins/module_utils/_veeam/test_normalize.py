# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Veeam in the common model: tasks are requests, sessions are what was done."""

from __future__ import annotations

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._veeam.normalize import (
    normalize_machine,
    normalize_session,
    normalize_task,
    protected_machines,
)
from ansible_collections.multivendor.backup.plugins.module_utils._veeam.records import OBJECT, SESSION, TASK

DONE = {
    "UID": "urn:veeam:BackupTaskSession:1",
    "Type": "BackupTaskSession",
    "CreationTimeUTC": "2026-11-20T01:00:00.25Z",
    "EndTimeUTC": "2026-11-20T01:30:00.5Z",
    "State": "Completed",
    "Result": "Success",
    "VmUid": "urn:VMware:Vm:h.vm-1",
    "VmDisplayName": "sql-01",
    "JobUid": "urn:veeam:Job:j",
    "JobName": "Nightly",
}


def task(scope="abc", **native):
    return normalize_task(TASK.read({"TaskId": "task-1", **native}), "hq", scope=scope)


def session(kind="item", **native):
    return normalize_session({**SESSION.read({**DONE, **native}), "kind": kind}, "hq")


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Running", "running"),
        ("OperationFinished", "finalizing"),
        ("Finished", "finished"),
        ("Pondering", "unknown"),
        (None, "unknown"),
    ],
)
def test_states_of_tasks(word, state):
    assert task(State=word)["state"] == state


@pytest.mark.parametrize(
    ("success", "result"),
    [(True, "success"), ("true", "success"), (False, "failed"), ("false", "failed"), (None, "unknown")],
)
def test_results_of_tasks(success, result):
    told = task(State="Finished", Result={"Success": success, "Message": "Ok"})
    assert (told["result"], told["message"]) == (result, "Ok")


@pytest.mark.parametrize(
    ("kind", "operation"),
    [
        ("BackupJobSession", "backup"),
        ("ReplicaJobSession", "replication"),
        ("RestoreSession", "restore"),
        ("Job", "management"),
    ],
)
def test_a_task_tells_what_it_began_and_proves_nothing(kind, operation):
    links = [
        {"Rel": "Delete", "Href": "https://em/api/tasks/task-1"},
        {"Rel": "Related", "Type": kind, "Href": "https://em/api/sessions/17?format=Entity"},
    ]
    told = task(Operation="StartJob", State="Finished", Result={"Success": True}, Links=links)
    assert (told["operation"], told["level"], told["result"]) == (operation, "control", "success")
    assert told["related"] == [{"rel": "Related", "type": kind, "id": "17", "name": None}]
    assert told["protects"] is False
    assert not any(told[name] for name in ("created_at", "started_at", "updated_at", "finished_at"))


def test_a_task_is_known_within_its_logon_session_only():
    assert task(scope="s1")["uid"] != task(scope="s2")["uid"]


@pytest.mark.parametrize("links", [None, [{}], [{"Rel": 5, "Type": []}], [{"Rel": "Related", "Type": {}, "Href": 7}]])
def test_links_of_any_make_break_nothing(links):
    assert task(Links=links)["operation"] == "management"


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Starting", "running"),
        ("Working", "running"),
        ("Pausing", "running"),
        ("Resuming", "running"),
        ("WaitingTape", "running"),
        ("WaitingRepository", "running"),
        ("WaitingSlot", "running"),
        ("Idle", "running"),
        ("Postprocessing", "finalizing"),
        ("Stopping", "finalizing"),
        ("Stopped", "finished"),
        ("InProgress", "running"),
        ("Pending", "queued"),
        ("Completed", "finished"),
        ("Pondering", "unknown"),
        (None, "unknown"),
    ],
)
def test_states_of_sessions(word, state):
    told = session(State=word)
    assert told["state"] == state
    assert ("idle" in told["notes"]) == (word == "Idle")
    assert ("unknown_state:Pondering" in told["notes"]) == (word == "Pondering")


@pytest.mark.parametrize(
    ("word", "result", "protects"),
    [
        ("Success", "success", True),
        ("Warning", "warning", True),
        ("Failed", "failed", False),
        ("None", "unknown", False),
        ("", "unknown", False),
        (None, "unknown", False),
        ("Splendid", "unknown", False),
    ],
)
def test_results_of_sessions(word, result, protects):
    told = session(Result=word)
    assert (told["result"], told["protects"]) == (result, protects)


def test_a_result_before_the_end_is_none():
    told = session(State="InProgress", Result="Success")
    assert (told["state"], told["result"], told["protects"], told["finished_at"]) == ("running", None, False, None)
    assert told["native_result"] == "Success"
    assert told["notes"] == ["finish_time_before_end"]


@pytest.mark.parametrize(
    ("kind", "operation", "level"),
    [
        ("job", "backup", "job"),
        ("item", "backup", "item"),
        ("restore", "restore", "item"),
        ("replica_job", "replication", "job"),
        ("replica_item", "replication", "item"),
    ],
)
def test_kinds(kind, operation, level):
    told = session(kind)
    assert (told["operation"], told["level"]) == (operation, level)
    assert told["protects"] == (kind == "item")
    assert (told["resource"] is None) == (level == "job")
    assert told["job"] == {"id": "urn:veeam:Job:j", "name": "Nightly"}


@pytest.mark.parametrize("job_type", ["BackupSync", "SimpleBackupCopyPolicy", "ImmediateBackupCopyWorker"])
@pytest.mark.parametrize("kind", ["job", "item"])
def test_a_copy_of_a_backup_is_no_backup(kind, job_type):
    told = session(kind, JobType=job_type)
    assert (told["operation"], told["protects"]) == ("backup_copy", False)


@pytest.mark.parametrize(
    ("native", "percent"), [(0, 0.0), ("42", 42.0), (100, 100.0), (-1, None), (101, None), (None, None)]
)
def test_progress(native, percent):
    assert session(Progress=native)["progress_percent"] == percent


def test_a_machine_without_an_id_is_known_by_its_name():
    assert session(VmUid=None)["resource"] == {"id": None, "name": "sql-01", "type": "vm", "native_type": None}


def included(name, ref=None, job="j"):
    return OBJECT.read({"Type": "ObjectInJob", "Name": name, "HierarchyObjRef": ref, "JobUid": job, "JobName": job})


def point(name, ref, at):
    native = {"Type": "VmRestorePoint", "Name": f"{name}@x", "VmDisplayName": name, "HierarchyObjRef": ref}
    return OBJECT.read({**native, "CreationTimeUTC": at})


def machines(*objects):
    return {one["name"]: one for one in (normalize_machine(m, "hq") for m in protected_machines(objects))}


def test_objects_and_points_make_machines():
    found = machines(
        point("a", "urn:VMware:Vm:h.1", "2026-11-20T01:00:00.5Z"),
        included("a", "urn:VMware:Vm:h.1", "j1"),
        included("a", "urn:VMware:Vm:h.1", "j2"),
        point("a", "urn:VMware:Vm:h.1", "2026-11-20T01:00:00Z"),
        point("b", "urn:HyperV:Vm:h.2", None),
    )
    assert [policy["id"] for policy in found["a"]["policies"]] == ["j1", "j2"]
    assert (found["a"]["last_success_at"], found["a"]["last_success_basis"]) == (
        "2026-11-20T01:00:00.5Z",
        "recovery_point",
    )
    assert (found["a"]["protection"], found["b"]["protection"]) == ("protected", "unprotected")
    assert found["b"]["notes"] == ["in_no_job"]


def test_points_that_tell_only_a_name_join_the_one_machine_of_that_name():
    found = protected_machines([point("a", None, "2026-11-20T01:00:00Z"), included("a", "urn:VMware:Vm:h.1")])
    assert [(m["id"], m["last_point_at"]) for m in found] == [("urn:VMware:Vm:h.1", "2026-11-20T01:00:00Z")]
    twins = [
        included("a", "urn:VMware:Vm:h.1"),
        included("a", "urn:VMware:Vm:h.2"),
        point("a", None, "2026-11-20T01:00:00Z"),
    ]
    assert [m["id"] for m in protected_machines(twins) if m["last_point_at"]] == ["a"]


@pytest.mark.parametrize(
    "reference", [f"urn:VMware:{kind}:h.1" for kind in ("Folder", "Tag", "Host", "Datacenter", "VirtualApp")]
)
def test_what_holds_machines_is_none_and_hides_no_gap(reference):
    found = machines(included("All of Berlin", reference), point("a", "urn:VMware:Vm:h.1", "2026-11-20T01:00:00Z"))
    assert list(found) == ["a"]
    assert found["a"]["protection"] == "unknown"
