# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `backup_task_wait` does, on the simulator, by a clock that nobody has to wait for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import BackupError
from ansible_collections.multivendor.backup.plugins.module_utils._model.task import FIELDS
from ansible_collections.multivendor.backup.plugins.module_utils._unified import wait as unified

pytest.importorskip("aiohttp", reason="the simulator needs aiohttp")
from ansible_collections.multivendor.backup.tests.simulator import (
    ClumioData,
    Fault,
    PetaDataData,
    Simulator,
    VeeamData,
    YandexData,
)
from ansible_collections.multivendor.backup.tests.simulator.client import Client
from ansible_collections.multivendor.backup.tests.unit.plugins.module_utils._core.wire import Server, said
from ansible_collections.multivendor.backup.tests.unit.plugins.module_utils._unified.waiting import (
    Time,
    clumio_task,
    sources_of,
    wait_on,
)


@pytest.fixture
def simulator():
    with Simulator(
        tls=False,
        yandex=YandexData(instances=4, tasks_per_instance=6),
        clumio=ClumioData(tasks=60),
        veeam=VeeamData(sessions=20),
        petadata=PetaDataData(instances=("pd-one", "pd-two"), tasks=20),
    ) as running:
        yield running


@pytest.fixture
def time():
    return Time()


def change(simulator: Simulator, native_id: str, **fields: Any) -> None:
    """A task of Clumio changes."""
    simulator.services["clumio"].tasks.change(native_id, **fields)


def ends(simulator: Simulator, native_id: str, status: str) -> Any:
    """An event: a task of Clumio ends."""
    return lambda: change(simulator, native_id, status=status, end_timestamp="2026-11-21T06:00:00Z")


def outcomes(result):
    return {row["uid"].rpartition(":")[2]: row["outcome"] for row in result["outcomes"]}


def start_job(simulator: Simulator, number: int = 1) -> str:
    """Start a job of Veeam in the shared session; gives the uid of the task that answers."""
    with Client(simulator) as client:
        job = client.veeam("/api/jobs").json()["Refs"][number]
        task = client.veeam_send("POST", f"/api/jobs/{job['UID'].split(':')[-1]}", action="start").json()
    return task["TaskId"]


def uid_of(simulator: Simulator, task_id: str) -> str:
    """The uid of a task of the shared logon session, as backup_task_info would have it."""
    from ansible_collections.multivendor.backup.tests.support import connect

    client = connect(simulator, "veeam")
    return f"veeam:veeam:{client._session_name()}:{task_id}"


# Every end


@pytest.mark.parametrize(
    ("status", "outcome", "fails"),
    [("completed", "success", False), ("failed", "failed", True), ("aborted", "cancelled", True)],
)
def test_it_waits_until_a_task_ends(simulator, time, status, outcome, fails):
    running = clumio_task(simulator, "in_progress")
    time.at(30, ends(simulator, running, status))

    result, error = wait_on(sources_of(simulator, "clumio"), time, tasks=[f"clumio:clumio::{running}"])

    assert outcomes(result) == {running: outcome}
    assert (error is not None) == fails
    if fails:
        assert error.code == "task_failed"
        assert f"1 of 1 tasks ended badly: clumio:clumio::{running} ({outcome})" in str(error)
    (task,) = result["tasks"]
    assert tuple(task) == FIELDS
    assert (task["state"], task["result"]) == ("finished", outcome)
    assert result["summary"]["by_result"] == {outcome: 1}
    assert (result["pending"], result["missing"], result["complete"], result["errors"]) == ([], [], True, [])
    assert time.slept == [10, 15, 22.5]
    assert (result["reads"], result["elapsed_seconds"]) == (4, 47.5)


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("OK", "success"),
        ("WARNING", "warning"),
        ("ERROR", "failed"),
        ("CANCELLED", "cancelled"),
        ("ABANDONED", "abandoned"),
        ("TIMEDOUT", "timed_out"),
        ("SOMETHING_NEW", "unknown"),
    ],
)
def test_every_end_is_an_end(simulator, time, code, outcome):
    instance = simulator.services["yandex"].instance_ids()[1]
    tasks = simulator.services["yandex"].tasks(instance)
    native_id = tasks.at(0)["id"]
    tasks.change(native_id, status="STARTED", resultCode="CODE_UNSPECIFIED", completedAt=None)
    time.at(5, lambda: tasks.change(native_id, status="COMPLETED", resultCode=code, completedAt="2026-11-21T06:00:00Z"))

    result, error = wait_on(sources_of(simulator, "yandex"), time, tasks=[f"yandex:yandex::{native_id}"])

    assert outcomes(result) == {native_id: outcome}
    assert (error.code if error else None) == (None if outcome in ("success", "warning") else "task_failed")
    # A task does not tell its instance: the first read goes through the folder, the next asks for one instance only.
    assert len(simulator.requests("yandex")) == 1 + 4 + 1


@pytest.mark.parametrize(
    ("status", "outcome"), [("2", "success"), ("3", "failed"), ("4", "unknown"), ("5", "cancelled")]
)
def test_every_end_of_petadata(simulator, time, status, outcome):
    tasks = simulator.services["petadata"]._tasks["pd-two"]
    native_id = str(next(task["TaskId"] for task in tasks.all() if str(task["Status"]) == "1"))
    time.at(5, lambda: tasks.change(native_id, Status=status))
    uid = f"petadata:petadata:pd-two:{native_id}"

    result, _error = wait_on(sources_of(simulator, "petadata"), time, tasks=[uid])

    assert [(row["uid"], row["outcome"]) for row in result["outcomes"]] == [(uid, outcome)]
    assert {entry.query["InstanceId"] for entry in simulator.requests("petadata")} == {"pd-two"}


@pytest.mark.parametrize(("fail_on", "fails"), [([], False), (["failed"], True), (["cancelled"], False)])
def test_what_counts_as_bad_is_the_users_choice(simulator, fail_on, fails):
    failed = clumio_task(simulator, "failed")
    result, error = wait_on(sources_of(simulator, "clumio"), tasks=[f"clumio:clumio::{failed}"], fail_on=fail_on)
    assert outcomes(result) == {failed: "failed"}
    assert (error is not None) == fails


def test_what_has_ended_is_not_waited_for(simulator, time):
    done = clumio_task(simulator, "completed")
    result, error = wait_on(sources_of(simulator, "clumio"), time, tasks=[f"clumio:clumio::{done}"])
    assert (error, result["reads"], time.slept) == (None, 1, [])


def test_only_what_is_unfinished_is_asked_for_again(simulator, time):
    done, running, queued = (clumio_task(simulator, status) for status in ("completed", "in_progress", "queued"))
    time.at(10, ends(simulator, running, "completed"))
    time.at(20, ends(simulator, queued, "failed"))

    result, error = wait_on(
        sources_of(simulator, "clumio"), time, tasks=[f"clumio:clumio::{one}" for one in (done, running, queued)]
    )

    asked = [json.loads(entry.query["filter"])["id"]["$in"] for entry in simulator.requests("clumio")]
    assert asked == [[done, running, queued], [running, queued], [queued]]
    assert outcomes(result) == {done: "success", running: "success", queued: "failed"}
    assert "1 of 3 tasks ended badly" in str(error)


# Time


def test_when_the_time_is_up_everything_seen_is_returned(simulator, time):
    done, running = clumio_task(simulator, "completed"), clumio_task(simulator, "in_progress")

    result, error = wait_on(
        sources_of(simulator, "clumio"),
        time,
        tasks=[f"clumio:clumio::{one}" for one in (done, running)],
        wait_timeout=20,
    )

    assert (error.code, error.hint[:21]) == ("timeout", "Raise `wait_timeout`,")
    assert f"1 of 2 tasks had not ended after 20 s: clumio:clumio::{running} (running)" in str(error)
    assert time.slept == [10, 10]  # the last pause is cut, and followed by a last read
    assert (result["reads"], result["elapsed_seconds"]) == (3, 20)
    assert result["pending"] == [f"clumio:clumio::{running}"]
    assert outcomes(result) == {done: "success", running: "pending"}
    assert {task["state"] for task in result["tasks"]} == {"finished", "running"}


def test_the_last_read_counts(simulator, time):
    running = clumio_task(simulator, "in_progress")
    time.at(20, ends(simulator, running, "completed"))
    result, error = wait_on(sources_of(simulator, "clumio"), time, tasks=[f"clumio:clumio::{running}"], wait_timeout=20)
    assert (error, outcomes(result)) == (None, {running: "success"})


@pytest.mark.parametrize(
    ("interval", "pauses"), [(10, [10, 15, 22.5, 33.75, 50.625, 60, 60]), (100, [100] * 7), (600, [600] * 7)]
)
def test_pauses_grow_up_to_a_minute(simulator, time, interval, pauses):
    running = clumio_task(simulator, "in_progress")
    wait_on(
        sources_of(simulator, "clumio"),
        time,
        tasks=[f"clumio:clumio::{running}"],
        wait_interval=interval,
        wait_timeout=10000,
    )
    assert time.slept[:7] == pauses
    assert max(time.slept) < 900  # a logon session of Veeam lives that long


def test_a_wait_of_no_time_reads_once(simulator, time):
    running = clumio_task(simulator, "in_progress")
    result, error = wait_on(sources_of(simulator, "clumio"), time, tasks=[f"clumio:clumio::{running}"], wait_timeout=0)
    assert (error.code, result["reads"], time.slept) == ("timeout", 1, [])


def test_check_mode_reads_once_and_does_not_wait(simulator, time):
    running = clumio_task(simulator, "in_progress")
    result, error = wait_on(
        sources_of(simulator, "clumio"), time, tasks=[f"clumio:clumio::{running}", "clumio:clumio::1"], check=True
    )
    assert (error, result["reads"], time.slept) == (None, 1, [])
    assert outcomes(result) == {running: "pending", "1": "pending"}


def test_a_word_that_nobody_knows_is_no_end(simulator, time):
    running = clumio_task(simulator, "in_progress")
    time.at(5, lambda: change(simulator, running, status="entangled"))
    result, error = wait_on(sources_of(simulator, "clumio"), time, tasks=[f"clumio:clumio::{running}"], wait_timeout=60)
    assert error.code == "timeout"
    assert "(unknown)" in str(error)
    assert outcomes(result) == {running: "pending"}


# Sources in trouble


def test_a_source_that_dies_and_comes_back(simulator, time):
    running = clumio_task(simulator, "in_progress")
    time.at(5, lambda: simulator.fault(Fault("clumio", "reset")))
    time.at(40, simulator.clear_faults)
    time.at(60, ends(simulator, running, "completed"))

    result, error = wait_on(sources_of(simulator, "clumio"), time, tasks=[f"clumio:clumio::{running}"])

    assert (error, result["complete"], result["errors"]) == (None, True, [])
    assert outcomes(result) == {running: "success"}


def test_a_source_that_is_dead_at_first(simulator, time):
    running = clumio_task(simulator, "in_progress")
    simulator.fault(Fault("clumio", "status", status=503))
    time.at(5, simulator.clear_faults)
    time.at(20, ends(simulator, running, "completed"))
    result, error = wait_on(sources_of(simulator, "clumio"), time, tasks=[f"clumio:clumio::{running}"])
    assert (error, outcomes(result)) == (None, {running: "success"})


def test_a_source_that_stays_dead_is_named_and_what_was_seen_is_kept(simulator, time):
    running = clumio_task(simulator, "in_progress")
    database = next(t for t in simulator.services["petadata"]._tasks["pd-one"].all() if str(t["Status"]) == "2")
    time.at(5, lambda: simulator.fault(Fault("clumio", "reset")))

    result, error = wait_on(
        sources_of(simulator, "clumio", "petadata"),
        time,
        tasks=[f"clumio:clumio::{running}", f"petadata:petadata:pd-one:{database['TaskId']}"],
        wait_timeout=300,
    )

    assert (error.code, error.source, error.provider) == ("timeout", "clumio", "clumio")
    assert "source clumio could not be read: " in str(error)
    assert "(running)" in str(error)
    assert {task["provider"]: task["state"] for task in result["tasks"]} == {
        "clumio": "running",
        "petadata": "finished",
    }
    assert [row["code"] for row in result["errors"]] == ["connection"]
    assert [row["name"] for row in result["sources"] if not row["complete"]] == ["clumio"]
    assert sum(time.slept) == 300
    assert len(simulator.requests("petadata")) == 1


@pytest.mark.parametrize(("status", "code"), [(401, "auth_failed"), (403, "forbidden")])
def test_what_does_not_heal_ends_the_wait_at_once(simulator, time, status, code):
    running = clumio_task(simulator, "in_progress")
    simulator.fault(Fault("clumio", "status", status=status))
    result, error = wait_on(sources_of(simulator, "clumio"), time, tasks=[f"clumio:clumio::{running}"])
    assert (error.code, error.source, error.http_status) == (code, "clumio", status)
    assert (result["reads"], time.slept) == (1, [])


def test_but_a_source_that_was_read_gets_three_reads(simulator, time):
    running = clumio_task(simulator, "in_progress")
    time.at(5, lambda: simulator.fault(Fault("clumio", "status", status=403, times=2)))
    time.at(200, lambda: simulator.fault(Fault("clumio", "status", status=403)))
    result, error = wait_on(sources_of(simulator, "clumio"), time, tasks=[f"clumio:clumio::{running}"])
    assert error.code == "forbidden"
    forbidden = [entry for entry in simulator.requests("clumio") if entry.status == 403]
    assert len(forbidden) == 2 + 3
    assert result["tasks"][0]["state"] == "running"


def test_a_task_that_vanishes_is_no_success(simulator, time):
    running = clumio_task(simulator, "in_progress")
    time.at(5, lambda: change(simulator, running, id="gone"))

    result, error = wait_on(sources_of(simulator, "clumio"), time, tasks=[f"clumio:clumio::{running}"])

    assert error.code == "task_failed"
    assert [(row["outcome"], row["reason"]) for row in result["outcomes"]] == [
        ("unknown", "It vanished before it had ended.")
    ]
    (task,) = result["tasks"]
    assert (task["state"], task["result"], task["notes"][-1]) == ("unknown", None, "vanished")
    assert result["reads"] == 1 + unified.GONE_AFTER


def test_a_task_that_is_away_for_a_moment_has_not_vanished(simulator, time):
    running = clumio_task(simulator, "in_progress")
    time.at(5, lambda: change(simulator, running, id="gone"))
    time.at(20, lambda: change(simulator, running, id=running))
    time.at(30, ends(simulator, running, "completed"))
    result, error = wait_on(sources_of(simulator, "clumio"), time, tasks=[f"clumio:clumio::{running}"])
    assert (error, outcomes(result)) == (None, {running: "success"})


# What turns up late, or never


def test_tasks_without_an_id_are_unknown(time):
    """Nobody can tell one from the other, or ask for it again."""
    times = {"created_timestamp": "2026-11-20T06:00:00Z", "end_timestamp": "2026-11-20T07:00:00Z"}
    items = [{"type": "aws_ebs_volume_backup", "status": status, **times} for status in ("failed", "completed")]
    server = Server(said({"_links": {}, "_embedded": {"items": items}}))
    try:
        sources = [{"clumio": {"url": server.url, "api_token": "t0ken-of-clumio", "retries": 0}}]
        result, error = wait_on(sources, time, since="2026-11-19T00:00:00Z")
    finally:
        server.close()
    assert error.code == "task_failed"
    assert {row["outcome"] for row in result["outcomes"]} == {"unknown"}


def test_a_task_that_never_turns_up(simulator, time):
    result, error = wait_on(sources_of(simulator, "clumio"), time, tasks=["clumio:clumio::999999999"])
    assert error.code == "not_found"
    assert "1 of 1 tasks never turned up: clumio:clumio::999999999" in str(error)
    assert (result["missing"], result["pending"], result["tasks"]) == (["clumio:clumio::999999999"], [], [])
    assert 60 <= result["elapsed_seconds"] < 120


def test_a_task_that_turns_up_late(simulator, time):
    done = clumio_task(simulator, "completed")
    change(simulator, done, id="not yet")
    time.at(20, lambda: change(simulator, done, id=done))
    result, error = wait_on(sources_of(simulator, "clumio"), time, tasks=[f"clumio:clumio::{done}"])
    assert (error, outcomes(result)) == (None, {done: "success"})


def test_a_task_that_has_to_be_there(simulator, time):
    _result, error = wait_on(
        sources_of(simulator, "clumio"), time, tasks=["clumio:clumio::999999999"], appear_timeout=0
    )
    assert (error.code, time.slept) == ("not_found", [])


# Filters


def test_what_matches_a_filter_is_followed_by_uid(simulator, time):
    volumes = [task for task in simulator.truth("clumio") if task["status"] in ("in_progress", "queued", "aborting")]
    names = {task["primary_entity"]["value"] for task in volumes if task["category"] == "backup"}
    matching = [
        task["id"] for task in volumes if task["primary_entity"]["value"] in names and task["category"] == "backup"
    ]
    for task_id in matching:
        time.at(15, ends(simulator, task_id, "completed"))

    result, error = wait_on(sources_of(simulator, "clumio"), time, resources=sorted(names), operations=["backup"])

    assert error is None
    assert outcomes(result) == dict.fromkeys(matching, "success")
    asked = [json.loads(entry.query["filter"]) for entry in simulator.requests("clumio")]
    assert "created_timestamp" in asked[0]
    assert all(sorted(each["id"]["$in"]) == sorted(matching) for each in asked[1:])


def test_a_filter_alone_does_not_mean_what_ended_before(simulator, time):
    """The backup of last night is no answer to whether that of now has ended."""
    done = next(t for t in simulator.truth("clumio") if t["status"] == "completed" and t["category"] == "backup")
    name = done["primary_entity"]["value"]
    _result, error = wait_on(
        sources_of(simulator, "clumio"), time, resources=[name], levels=["item"], states=["finished"]
    )
    assert error.code == "not_found"
    assert f"no task of {name} turned up within" in str(error)
    assert "`since`" in error.hint
    assert 60 <= sum(time.slept) < 120


def test_what_ended_nobody_knows_when_is_left_out_aloud(simulator, time):
    service = simulator.services["yandex"]
    instance = service.instance_ids()[0]
    task = next(one["id"] for one in simulator.truth("yandex.tasks", instance) if one["status"] == "COMPLETED")
    never = dict.fromkeys(("enqueuedAt", "startedAt", "updatedAt", "completedAt"), "2026-11-20T24:00:00Z")
    service.tasks(instance).change(task, **never, resultCode="ERROR")
    result, _error = wait_on(sources_of(simulator, "yandex"), time, resources=[instance], since="24h")
    assert task not in outcomes(result)
    assert any("1 tasks have ended and do not say when" in warning for warning in result["warnings"])


def test_a_filter_that_nothing_matches(simulator, time):
    _result, error = wait_on(sources_of(simulator, "clumio"), time, operations=["verification"])
    assert error.code == "not_found"
    assert "no task matched the filter within" in str(error)
    assert 60 <= sum(time.slept) < 120


def test_since_reaches_back(simulator):
    done = next(t for t in simulator.truth("clumio") if t["status"] == "completed" and t["category"] == "backup")
    name = done["primary_entity"]["value"]
    result, error = wait_on(
        sources_of(simulator, "clumio"),
        resources=[name],
        levels=["item"],
        states=["finished"],
        since="170d",
        fail_on=[],
    )
    assert error is None
    assert done["id"] in outcomes(result)


def test_what_begins_a_moment_later_is_waited_for(simulator, time):
    volume = simulator.truth("clumio")[0]["primary_entity"]["value"]
    others = [t["id"] for t in simulator.truth("clumio") if t["primary_entity"]["value"] == volume]
    for task_id in others:
        ends(simulator, task_id, "completed")()
    newest = others[0]
    time.at(15, lambda: change(simulator, newest, status="in_progress", end_timestamp=None))
    time.at(60, lambda: change(simulator, newest, status="completed", end_timestamp="2099-01-01T00:00:00Z"))
    result, error = wait_on(sources_of(simulator, "clumio"), time, resources=[volume])
    assert (error, outcomes(result)) == (None, {newest: "success"})


def test_every_resource_that_is_named_needs_a_task(simulator, time):
    """Else the wait for two backups could end with the first, because the second appears a little later."""
    one, other = (clumio_task(simulator, status, category="backup") for status in ("in_progress", "queued"))
    names = {task["id"]: task["primary_entity"]["value"] for task in simulator.truth("clumio")}
    for task_id, name in names.items():
        if name in (names[one], names[other]) and task_id not in (one, other):
            ends(simulator, task_id, "completed")()
    assert names[one] != names[other]
    ends(simulator, other, "completed")()
    time.at(5, ends(simulator, one, "completed"))
    time.at(20, lambda: change(simulator, other, status="in_progress", end_timestamp=None))
    time.at(40, ends(simulator, other, "failed"))

    result, error = wait_on(sources_of(simulator, "clumio"), time, resources=[names[one], names[other]])

    assert error.code == "task_failed"
    assert outcomes(result) == {one: "success", other: "failed"}
    assert result["missing"] == []


def test_a_resource_without_a_task_is_named(simulator, time):
    running = clumio_task(simulator, "in_progress", category="backup")
    name = next(t["primary_entity"]["value"] for t in simulator.truth("clumio") if t["id"] == running)
    for task in simulator.truth("clumio"):
        if task["primary_entity"]["value"] == name and task["status"] in ("queued", "in_progress", "aborting"):
            time.at(100, ends(simulator, task["id"], "completed"))

    result, error = wait_on(sources_of(simulator, "clumio"), time, resources=[name, "nobody"])

    assert error.code == "not_found"
    assert "no task of nobody turned up" in str(error)
    assert result["missing"] == ["nobody"]
    assert outcomes(result)[running] == "success"  # the others are waited for all the same


def test_a_source_that_could_not_be_searched_is_searched_until_it_can(simulator, time):
    running = clumio_task(simulator, "in_progress")
    simulator.fault(Fault("petadata", "status", status=503))
    time.at(5, ends(simulator, running, "completed"))

    result, error = wait_on(
        sources_of(simulator, "clumio", "petadata"), time, states=["running"], levels=["item"], wait_timeout=100
    )

    assert (error.code, error.source) == ("timeout", "petadata")
    assert "success" in outcomes(result).values()
    assert [row["name"] for row in result["sources"] if not row["complete"]] == ["petadata"]


# Veeam


def test_a_start_is_followed_to_the_backup(simulator, time):
    task_id = start_job(simulator)
    uid = uid_of(simulator, task_id)

    result, error = wait_on(sources_of(simulator, "veeam"), time, tasks=[uid])

    assert error is None
    request, session = result["outcomes"]
    assert (request["uid"], request["outcome"], request["begun_by"]) == (uid, "success", None)
    assert (session["outcome"], session["begun_by"]) == ("success", uid)
    assert session["uid"].startswith("veeam:veeam::urn:veeam:BackupJobSession:")
    assert {(task["level"], task["result"]) for task in result["tasks"]} == {("control", "success"), ("job", "success")}


@pytest.mark.parametrize(
    ("end", "outcome"), [("Success", "success"), ("Warning", "warning"), ("Failed", "failed"), ("None", "unknown")]
)
def test_the_success_of_a_start_is_not_that_of_the_backup(end, outcome):
    steps = (("Working", "None"), ("Stopped", end))
    with Simulator(tls=False, veeam=VeeamData(run_steps=steps)) as simulator:
        uid = uid_of(simulator, start_job(simulator))
        result, error = wait_on(sources_of(simulator, "veeam"), tasks=[uid])
        assert [row["outcome"] for row in result["outcomes"]] == ["success", outcome]
        assert (error is None) == (outcome in ("success", "warning"))


def test_a_start_that_names_no_session_is_said():
    with Simulator(tls=False, veeam=VeeamData(names_sessions=False)) as simulator:
        time = Time()
        uid = uid_of(simulator, start_job(simulator))
        result, error = wait_on(sources_of(simulator, "veeam"), time, tasks=[uid])
        assert error.code == "task_failed"
        (row,) = result["outcomes"]
        assert (row["outcome"], row["reason"]) == (
            "unknown",
            "The request succeeded, but names no session of what it began.",
        )
        assert sum(time.slept) >= 60  # the link may come a little later


def test_a_start_that_is_refused(simulator):
    uid = uid_of(simulator, start_job(simulator, 0))
    result, error = wait_on(sources_of(simulator, "veeam"), tasks=[uid])
    assert error.code == "task_failed"
    assert [row["outcome"] for row in result["outcomes"]] == ["failed"]
    assert "already running" in result["tasks"][0]["message"]


def test_a_copy_of_a_backup_stays_a_copy(simulator):
    copy = next(
        s for s in simulator.truth("veeam.BackupJobSession") if "Copy" in s["JobType"] and s["State"] == "Stopped"
    )
    item = next(s for s in simulator.truth("veeam.BackupTaskSession") if s["JobSessionUid"] == copy["UID"])
    result, _error = wait_on(sources_of(simulator, "veeam"), tasks=[f"veeam:veeam::{item['UID']}"], fail_on=[])
    (task,) = result["tasks"]
    assert (task["operation"], task["protects"]) == ("backup_copy", False)


def test_one_logon_serves_the_whole_wait(simulator, time):
    known = simulator.credentials
    session = next(s for s in simulator.truth("veeam.BackupJobSession") if s["State"] == "Working")
    sources = sources_of(simulator, "veeam", username=known.veeam_username, password=known.veeam_password)

    _result, error = wait_on(sources, time, tasks=[f"veeam:veeam::{session['UID']}"], wait_timeout=100)

    assert error.code == "timeout"
    asked = [(entry.method, entry.path.split("/")[2]) for entry in simulator.requests("veeam")]
    assert asked == [
        ("POST", "sessionMngr"), *[("GET", "backupSessions")] * 6, ("DELETE", "logonSessions")
    ]  # fmt: skip


def test_a_logon_that_has_ended_is_renewed(simulator, time):
    known = simulator.credentials
    session = next(s for s in simulator.truth("veeam.BackupJobSession") if s["State"] == "Working")
    sources = sources_of(simulator, "veeam", username=known.veeam_username, password=known.veeam_password)
    time.at(70, simulator.expire_sessions)
    result, error = wait_on(sources, time, tasks=[f"veeam:veeam::{session['UID']}"], wait_timeout=200)
    assert error.code == "timeout"
    assert (result["complete"], result["errors"]) == (True, [])


def test_a_source_in_trouble_leaves_no_logon_behind(simulator, time):
    known = simulator.credentials
    session = next(s for s in simulator.truth("veeam.BackupJobSession") if s["State"] == "Working")
    sources = sources_of(simulator, "veeam", username=known.veeam_username, password=known.veeam_password)
    time.at(5, lambda: simulator.fault(Fault("veeam", "status", status=503, path="backupSessions", times=3)))

    result, _error = wait_on(sources, time, tasks=[f"veeam:veeam::{session['UID']}"], wait_timeout=200)

    assert result["complete"] is True
    asked = [(entry.method, entry.path.split("/")[2]) for entry in simulator.requests("veeam")]
    assert asked.count(("POST", "sessionMngr")) == asked.count(("DELETE", "logonSessions")) == 1 + 3
    assert len(simulator.services["veeam"]._sessions.all()) == 1  # the shared one, which was there before


def test_a_shared_session_that_ends_ends_the_wait(simulator, time):
    uid = uid_of(simulator, start_job(simulator, 0))
    simulator.services["veeam"]._sessions.shared.tasks[-1].reads = None
    time.at(5, simulator.expire_sessions)
    result, error = wait_on(sources_of(simulator, "veeam"), time, tasks=[uid])
    assert error.code == "session_expired"
    assert result["reads"] == 1 + unified.LASTING_AFTER
    assert result["tasks"][0]["state"] == "running"


# Bad input


@pytest.mark.parametrize(
    ("option", "given"),
    [
        ("tasks", {}),
        ("tasks", {"tasks": []}),
        ("tasks", {"tasks": ["clumio:clumio::1"], "resources": ["x"]}),
        ("tasks", {"tasks": ["100042"]}),
        ("tasks", {"tasks": ["clumio:clumio::"]}),
        ("tasks", {"tasks": ["clumio:clumio-us::1"]}),
        ("tasks", {"tasks": ["veeam:clumio::1"]}),
        ("resources", {"resources": []}),
        ("levels", {"levels": []}),
        ("since", {"since": "yesterday"}),
        ("wait_timeout", {"tasks": ["clumio:clumio::1"], "wait_timeout": -1}),
        ("wait_interval", {"tasks": ["clumio:clumio::1"], "wait_interval": 0}),
        ("wait_interval", {"tasks": ["clumio:clumio::1"], "wait_interval": 601}),
        ("appear_timeout", {"tasks": ["clumio:clumio::1"], "appear_timeout": -1}),
    ],
)
def test_bad_options_are_refused_before_the_first_request(simulator, option, given):
    with pytest.raises(BackupError, match=f"option `{option}`") as caught:
        wait_on(sources_of(simulator, "clumio"), **given)
    assert caught.value.code == "bad_option"
    assert simulator.log == []


@pytest.mark.parametrize(
    "uid", ["veeam:veeam:000000000000:task-1", "veeam:veeam::task-1", "veeam:veeam::urn:veeam:Job:1-2"]
)
def test_tasks_that_this_logon_session_cannot_have(simulator, uid):
    with pytest.raises(BackupError, match="option `tasks`") as caught:
        wait_on(sources_of(simulator, "veeam"), tasks=[uid])
    assert caught.value.code == "bad_option"
    assert simulator.log == []


def test_a_task_of_petadata_without_an_instance(simulator):
    with pytest.raises(BackupError, match="names no instance"):
        wait_on(sources_of(simulator, "petadata"), tasks=["petadata:petadata::1"])
    assert simulator.log == []
