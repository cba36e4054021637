# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `backup_task_abort` does, on the simulator."""

from __future__ import annotations

import json

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import BackupError

pytest.importorskip("aiohttp", reason="the simulator needs aiohttp")
from ansible_collections.multivendor.backup.tests.simulator import ClumioData, Fault, Simulator, VeeamData
from ansible_collections.multivendor.backup.tests.simulator.client import Client
from ansible_collections.multivendor.backup.tests.support import connect
from ansible_collections.multivendor.backup.tests.unit.plugins.module_utils._unified.waiting import (
    abort_on,
    clumio_task,
    sources_of,
    wait_on,
)


@pytest.fixture
def simulator():
    with Simulator(tls=False, clumio=ClumioData(tasks=60, abort_reads=3), veeam=VeeamData(sessions=20)) as running:
        yield running


def told(result):
    return {row["uid"].rpartition(":")[2]: (row["outcome"], row["reason"]) for row in result["aborts"]}


def writes(simulator):
    return [(entry.method, entry.path) for entry in simulator.log if entry.method != "GET"]


def session_with(simulator, state, kind="BackupJobSession"):
    return next(s["UID"] for s in simulator.truth(f"veeam.{kind}") if s["State"] == state)


# Clumio


@pytest.mark.parametrize("status", ["in_progress", "queued"])
def test_a_task_of_clumio(simulator, status):
    task = clumio_task(simulator, status, is_abortable=True)

    result, error = abort_on(sources_of(simulator, "clumio"), f"clumio:clumio::{task}")

    assert error is None
    assert result["changed"] is True
    (row,) = result["aborts"]
    assert row == {
        "uid": f"clumio:clumio::{task}",
        "source": "clumio",
        "provider": "clumio",
        "outcome": "aborted",
        "reason": None,
        "before": {
            "state": {"in_progress": "running", "queued": "queued"}[status],
            "result": None,
            "native_state": status,
        },
        "after": {"state": "cancelling", "result": None, "native_state": "aborting"},
    }
    assert writes(simulator) == [("PATCH", f"/tasks/{task}")]
    assert json.loads(next(entry.body for entry in simulator.log if entry.method == "PATCH")) == {"status": "aborting"}
    assert [row["requests"] for row in result["sources"]] == [3]


def test_a_second_run_changes_nothing(simulator):
    task = clumio_task(simulator, "in_progress", is_abortable=True)
    uid = f"clumio:clumio::{task}"
    sources = sources_of(simulator, "clumio")
    assert abort_on(sources, uid)[0]["changed"] is True
    for outcome in ("already_cancelling", "already_finished"):
        result, error = abort_on(sources, uid)
        assert (error, result["changed"], told(result)) == (None, False, {task: (outcome, None)})
        wait_on(sources, tasks=[uid])
    assert len(writes(simulator)) == 1


def test_what_is_aborted_ends_as_cancelled(simulator):
    uid = f"clumio:clumio::{clumio_task(simulator, 'in_progress', is_abortable=True)}"
    abort_on(sources_of(simulator, "clumio"), uid)
    result, error = wait_on(sources_of(simulator, "clumio"), tasks=[uid], fail_on=["failed"])
    assert error is None
    assert [row["outcome"] for row in result["outcomes"]] == ["cancelled"]


@pytest.mark.parametrize("status", ["completed", "failed", "aborted", "aborting"])
def test_what_has_ended_is_no_change(simulator, status):
    task = clumio_task(simulator, status)
    result, error = abort_on(sources_of(simulator, "clumio"), f"clumio:clumio::{task}")
    outcome = "already_cancelling" if status == "aborting" else "already_finished"
    assert (error, result["changed"], told(result)) == (None, False, {task: (outcome, None)})
    assert writes(simulator) == []


def test_check_mode_says_what_would_be_done(simulator):
    running, done = clumio_task(simulator, "in_progress", is_abortable=True), clumio_task(simulator, "completed")
    uids = [f"clumio:clumio::{task}" for task in (running, done)]
    result, error = abort_on(sources_of(simulator, "clumio"), *uids, check=True)
    assert (error, result["changed"]) == (None, True)
    assert told(result) == {running: ("would_abort", None), done: ("already_finished", None)}
    assert result["aborts"][0]["after"] == result["aborts"][0]["before"]
    assert writes(simulator) == []
    result, _error = abort_on(sources_of(simulator, "clumio"), uids[1], check=True)
    assert result["changed"] is False


@pytest.mark.parametrize("check", [True, False])
def test_what_is_refused_without_asking(simulator, check):
    tasks = simulator.services["clumio"].tasks
    stubborn = clumio_task(simulator, "in_progress", category="backup")
    tasks.change(stubborn, is_abortable=False)
    indexing = clumio_task(simulator, "in_progress", category="system")
    odd = clumio_task(simulator, "queued")
    tasks.change(odd, status="entangled")

    uids = [f"clumio:clumio::{task}" for task in (stubborn, indexing, odd, "999999999")]
    result, error = abort_on(sources_of(simulator, "clumio"), *uids, check=check)

    assert error.code == "not_found"
    assert str(error).startswith("4 of 4 tasks were not aborted: ")
    assert told(result) == {
        stubborn: ("refused", "Clumio says that it cannot be aborted."),
        indexing: ("refused", "As far as Clumio tells it is neither a backup nor a restore."),
        odd: ("refused", "Nobody knows what its state 'entangled' means."),
        "999999999": ("missing", "The source has no such task."),
    }
    assert result["changed"] is False
    assert writes(simulator) == []


def test_one_that_is_refused_does_not_keep_the_others(simulator):
    running, indexing = (
        clumio_task(simulator, "in_progress", is_abortable=True),
        clumio_task(simulator, "in_progress", category="system"),
    )
    result, error = abort_on(sources_of(simulator, "clumio"), *(f"clumio:clumio::{t}" for t in (indexing, running)))
    assert (error.code, error.source) == ("rejected", "clumio")
    assert "1 of 2 tasks were not aborted" in str(error)
    assert result["changed"] is True
    assert {uid: row[0] for uid, row in told(result).items()} == {indexing: "refused", running: "aborted"}


# Answers that are lost


@pytest.mark.parametrize(
    ("kind", "arrives"), [("truncate", True), ("reset_body", True), ("reset", False), ("html_error", False)]
)
def test_a_lost_answer_is_resolved_by_reading(simulator, kind, arrives):
    task = clumio_task(simulator, "in_progress", is_abortable=True)
    simulator.fault(Fault("clumio", kind, method="PATCH"))

    result, error = abort_on(sources_of(simulator, "clumio", retries=3), f"clumio:clumio::{task}")

    assert len(writes(simulator)) == 1  # never repeated
    ((outcome, reason),) = told(result).values()
    if arrives:
        assert (error, outcome, result["changed"]) == (None, "aborted", True)
        assert reason == "The answer was lost, but the task shows that the request has arrived."
    else:
        assert (outcome, result["changed"]) == ("failed", False)
        assert error.code in ("connection", "unavailable", "bad_answer")
        assert result["aborts"][0]["after"]["state"] == "running"


def test_a_refusal_of_the_server_is_told(simulator):
    task = clumio_task(simulator, "in_progress", is_abortable=True)
    simulator.fault(Fault("clumio", "status", method="PATCH", status=403))
    result, error = abort_on(sources_of(simulator, "clumio"), f"clumio:clumio::{task}")
    assert (error.code, error.http_status) == ("forbidden", 403)
    assert told(result)[task][0] == "failed"


@pytest.mark.parametrize("body", ['{"errors": [{"error_code": 5}]}', '{"id": "0", "status": "in_progress"}', "[]", ""])
def test_an_answer_that_is_no_success_is_none(simulator, body):
    task = clumio_task(simulator, "in_progress", is_abortable=True)
    simulator.fault(Fault("clumio", "status", method="PATCH", status=200, body=body))
    result, error = abort_on(sources_of(simulator, "clumio"), f"clumio:clumio::{task}")
    assert (result["aborts"][0]["outcome"], result["changed"], error is None) == ("failed", False, False)


def test_a_task_that_ends_in_the_meantime_is_no_failure(simulator, monkeypatch):
    service = simulator.services["clumio"]
    task = clumio_task(simulator, "in_progress", is_abortable=True)
    abort = service._abort

    def too_late(task_id, request):
        service.tasks.change(task_id, status="completed", is_abortable=False, end_timestamp="2026-11-21T06:00:00Z")
        return abort(task_id, request)

    monkeypatch.setattr(service, "_abort", too_late)
    result, error = abort_on(sources_of(simulator, "clumio"), f"clumio:clumio::{task}")
    assert next(entry.status for entry in simulator.log if entry.method == "PATCH") == 409
    assert (error, result["changed"]) == (None, False)
    ((outcome, reason),) = told(result).values()
    assert outcome == "already_finished"
    assert reason.startswith("It ended meanwhile.")
    assert result["aborts"][0]["after"]["result"] == "success"


def test_a_server_that_cannot_be_read_is_not_asked_to_change_anything(simulator):
    task = clumio_task(simulator, "in_progress", is_abortable=True)
    simulator.fault(Fault("clumio", "status", status=503))
    result, error = abort_on(sources_of(simulator, "clumio"), f"clumio:clumio::{task}")
    assert error.code == "unavailable"
    assert told(result)[task][0] == "failed"
    assert result["aborts"][0]["before"] is None
    assert [row["code"] for row in result["errors"]] == ["unavailable"]
    assert writes(simulator) == []


# Those that cannot


@pytest.mark.parametrize(("provider", "scope"), [("yandex", ""), ("petadata", "pd-1")])
def test_apis_that_cannot_cancel(simulator, provider, scope):
    running = clumio_task(simulator, "in_progress", is_abortable=True)
    uid = f"{provider}:{provider}:{scope}:1"
    result, error = abort_on(sources_of(simulator, provider, "clumio"), uid, f"clumio:clumio::{running}")
    assert error.code == "unsupported"
    assert [row["outcome"] for row in result["aborts"]] == ["unsupported", "aborted"]
    assert "cannot cancel tasks" in result["aborts"][0]["reason"]
    assert simulator.requests(provider) == []


# Veeam


@pytest.mark.parametrize("login", ["session_token", "username"])
def test_a_session_of_a_job(simulator, login):
    known = simulator.credentials
    user = {"username": known.veeam_username, "password": known.veeam_password} if login == "username" else {}
    session = session_with(simulator, "Working")
    guid = session.rpartition(":")[2]
    sources = sources_of(simulator, "veeam", **user)

    result, error = abort_on(sources, f"veeam:veeam::{session}")

    assert error is None
    (row,) = result["aborts"]
    assert (row["outcome"], row["before"]["native_state"]) == ("aborted", "Working")
    assert row["after"]["native_state"] in ("Stopping", "Stopped")
    assert ("POST", f"/api/backupSessions/{guid}") in writes(simulator)
    waited, _error = wait_on(sources, tasks=[f"veeam:veeam::{session}"], fail_on=[])
    assert [one["outcome"] for one in waited["outcomes"]] == ["failed"]
    assert "stopped by user" in waited["tasks"][0]["message"]
    again, error = abort_on(sources, f"veeam:veeam::{session}")
    assert (error, again["changed"], again["aborts"][0]["outcome"]) == (None, False, "already_finished")


def test_a_session_that_is_stopping_already(simulator):
    result, error = abort_on(sources_of(simulator, "veeam"), f"veeam:veeam::{session_with(simulator, 'Stopping')}")
    assert (error, result["changed"], result["aborts"][0]["outcome"]) == (None, False, "already_cancelling")
    assert writes(simulator) == []


def test_an_object_is_not_stopped_alone(simulator):
    item = next(s for s in simulator.truth("veeam.BackupTaskSession") if s["State"] == "InProgress")
    result, error = abort_on(sources_of(simulator, "veeam"), f"veeam:veeam::{item['UID']}")
    assert error.code == "rejected"
    (row,) = result["aborts"]
    assert row["outcome"] == "refused"
    assert f"veeam:veeam::{item['JobSessionUid']}" in row["reason"]
    assert writes(simulator) == []


def test_restores_cannot_be_stopped(simulator):
    session = session_with(simulator, "Working", "RestoreSession")
    result, error = abort_on(sources_of(simulator, "veeam"), f"veeam:veeam::{session}")
    assert error.code == "rejected"
    assert told(result)[session.rpartition(":")[2]] == ("refused", "Enterprise Manager cannot stop restores.")
    assert writes(simulator) == []


def test_a_replication_is_stopped_by_its_job(simulator):
    session = session_with(simulator, "Working", "ReplicaJobSession")
    result, error = abort_on(sources_of(simulator, "veeam"), f"veeam:veeam::{session}")
    assert [path.rpartition("/")[0] for _method, path in writes(simulator)] == ["/api/jobs"]
    assert error is not None  # the simulator has no such job
    assert result["aborts"][0]["outcome"] == "failed"


def test_a_stop_that_the_server_does_not_carry_out(simulator):
    session = session_with(simulator, "Working")
    refusal = json.dumps({"TaskId": "task-9", "State": "Finished", "Result": {"Success": False, "Message": "No."}})
    simulator.fault(Fault("veeam", "status", method="POST", status=202, body=refusal))
    result, error = abort_on(sources_of(simulator, "veeam"), f"veeam:veeam::{session}")
    assert (error.code, result["changed"]) == ("rejected", False)
    assert "No." in result["aborts"][0]["reason"]
    assert result["aborts"][0]["after"]["native_state"] == "Working"


@pytest.mark.parametrize("kind", ["drip_headers", None])
def test_a_task_of_the_shared_session_is_deleted(simulator, kind):
    with Client(simulator) as bare:
        job = bare.veeam("/api/jobs").json()["Refs"][1]["UID"].split(":")[-1]
        task_id = bare.veeam_send("POST", f"/api/jobs/{job}", action="start").json()["TaskId"]
    scope = connect(simulator, "veeam")._session_name()
    simulator.log.clear()
    if kind:
        simulator.fault(Fault("veeam", kind, method="DELETE"))

    result, error = abort_on(sources_of(simulator, "veeam", timeout=0.3), f"veeam:veeam:{scope}:{task_id}")

    assert error is None
    (row,) = result["aborts"]
    assert (row["outcome"], row["before"]["state"], row["after"]) == ("aborted", "running", None)
    assert writes(simulator) == [("DELETE", f"/api/tasks/{task_id}")]


@pytest.mark.parametrize("body", ["<!DOCTYPE html><html>Log in</html>", "{}"])
def test_a_stop_that_is_not_answered_by_a_task_proves_nothing(simulator, body):
    session = session_with(simulator, "Working")
    simulator.fault(Fault("veeam", "status", method="POST", status=202, body=body))
    result, error = abort_on(sources_of(simulator, "veeam"), f"veeam:veeam::{session}")
    assert (error.code, result["changed"]) == ("bad_answer", False)
    assert result["aborts"][0]["outcome"] == "failed"


def test_nor_does_a_web_page_delete_a_task(simulator):
    with Client(simulator) as bare:
        job = bare.veeam("/api/jobs").json()["Refs"][1]["UID"].split(":")[-1]
        task_id = bare.veeam_send("POST", f"/api/jobs/{job}", action="start").json()["TaskId"]
    scope = connect(simulator, "veeam")._session_name()
    simulator.fault(Fault("veeam", "status", method="DELETE", status=200, body="<!DOCTYPE html><html>Log in</html>"))
    result, error = abort_on(sources_of(simulator, "veeam"), f"veeam:veeam:{scope}:{task_id}")
    assert (error.code, result["changed"]) == ("bad_answer", False)
    assert "web page" in result["aborts"][0]["reason"]


def test_a_task_that_has_ended_is_not_deleted(simulator):
    scope = connect(simulator, "veeam")._session_name()
    result, error = abort_on(sources_of(simulator, "veeam"), f"veeam:veeam:{scope}:task-1")
    assert (error, result["changed"], result["aborts"][0]["outcome"]) == (None, False, "already_finished")
    assert writes(simulator) == []


# Bad input


@pytest.mark.parametrize(
    "tasks",
    [[], ["100042"], ["clumio:clumio::"], ["clumio:elsewhere::1"], ["veeam:clumio::1"], ["clumio:clumio::1\n2"]],
)
def test_bad_uids_are_refused_before_the_first_request(simulator, tasks):
    running = clumio_task(simulator, "in_progress", is_abortable=True)
    good = [f"clumio:clumio::{running}"] if tasks else []
    with pytest.raises(BackupError, match="option `tasks`") as caught:
        abort_on(sources_of(simulator, "clumio"), *good, *tasks)
    assert caught.value.code == "bad_option"
    assert simulator.log == []


def test_a_task_of_another_logon_session_stops_everything(simulator):
    running = clumio_task(simulator, "in_progress", is_abortable=True)
    with pytest.raises(BackupError, match="another logon session") as caught:
        abort_on(
            sources_of(simulator, "clumio", "veeam"), f"clumio:clumio::{running}", "veeam:veeam:000000000000:task-1"
        )
    assert caught.value.code == "bad_option"
    assert writes(simulator) == []
