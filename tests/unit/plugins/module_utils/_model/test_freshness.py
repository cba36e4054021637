# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on a resource, to the second."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._model.freshness import (
    DAY,
    Evidence,
    Policy,
    count_verdicts,
    judge,
    worst_first,
)
from ansible_collections.multivendor.backup.plugins.module_utils._model.resource import new_resource
from ansible_collections.multivendor.backup.plugins.module_utils._model.task import new_task

HOUR = 3600.0
NOW = datetime(2026, 11, 20, 12, tzinfo=timezone.utc).timestamp()
POLICY = Policy(now=NOW, target=24 * HOUR, history_since=NOW - 14 * DAY)


def ago(hours: float) -> str:
    """A time of the model, so many hours before now."""
    return datetime.fromtimestamp(NOW - hours * HOUR, timezone.utc).isoformat().replace("+00:00", "Z")


def resource(**known):
    return new_resource("yandex", "yc", "fhm1", **{"protection": "protected", **known})


def run(began, result="success", *, hours=0.5, state="finished", operation="backup", level="item", **known):
    """A run that began so many hours ago."""
    return new_task(
        "yandex",
        "yc",
        str(began),
        level=level,
        operation=operation,
        state=state,
        result=result,
        **{"started_at": ago(began), "finished_at": ago(began - hours) if state == "finished" else None, **known},
    )


def verdict(tasks=(), about=None, policy=POLICY, **evidence):
    return judge(about or resource(), Evidence(tasks, **evidence), policy)


def status(*args, **more):
    return verdict(*args, **more)["freshness"]["status"]


SECOND = 1 / HOUR


@pytest.mark.parametrize(
    ("began", "expected", "reasons"),
    [
        (1, "met", []),
        (24, "met", []),
        (24 + SECOND, "late", ["rpo_late"]),
        (30, "late", ["rpo_late"]),
        (30 + SECOND, "missed", ["rpo_missed"]),
    ],
)
def test_the_target_to_the_second(began, expected, reasons):
    told = verdict([run(began)])
    assert (told["freshness"]["status"], told["reasons"]) == (expected, reasons)
    assert told["freshness"]["age_seconds"] == pytest.approx(began * HOUR, abs=0.001)
    assert (told["freshness"]["target_seconds"], told["freshness"]["grace_seconds"]) == (24 * HOUR, 6 * HOUR)
    assert told["freshness"]["evaluated_at"] == "2026-11-20T12:00:00Z"


def test_what_lies_in_the_future_proves_nothing():
    assert status([run(-30 * SECOND, hours=0)]) == "met"
    told = verdict([run(-24 * 365), run(1, "failed")])
    assert (told["freshness"]["status"], told["reasons"][0]) == ("unknown", "in_the_future")
    claimed = verdict(None, resource(last_success_at=ago(-1)))
    assert (claimed["freshness"]["status"], claimed["reasons"]) == ("unknown", ["in_the_future"])
    assert status(about=resource(created_at=ago(-1))) == "never"  # and not pending for years
    assert status(about=resource(created_at=ago(1))) == "pending"


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"operation": "other", "notes": ["unknown_operation:BACKUP_V2"]}, "unknown"),
        ({"operation": "other", "notes": ["no_job_type"]}, "unknown"),
        ({"state": "unknown", "notes": ["unknown_state:DONE"]}, "unknown"),
        ({"result": "unknown", "notes": ["unknown_result:Ok"]}, "unknown"),
        ({"operation": "retention", "result": "unknown", "notes": ["unknown_result:Ok"]}, "missed"),
        ({"operation": "other", "result": "failed", "notes": ["unknown_operation:BACKUP_V2"]}, "missed"),
        ({"operation": "other", "notes": []}, "missed"),
    ],
)
def test_what_may_have_been_a_backup_is_doubt(known, expected):
    told = verdict([run(2, **known), run(60)])
    assert told["freshness"]["status"] == expected
    assert ("unknown_task" in told["reasons"]) == (expected == "unknown")
    assert status([run(2, **known), run(1)]) == "met"
    assert status([run(50, **known), run(60)]) == "missed"  # it would be too old anyway


@pytest.mark.parametrize(("grace", "expected"), [(0.0, "missed"), (1 * HOUR, "missed"), (1.01 * HOUR, "late")])
def test_a_grace_of_ones_own(grace, expected):
    assert status([run(25 + SECOND)], policy=replace(POLICY, grace=grace)) == expected


def test_the_age_is_that_of_the_state_that_can_be_restored():
    told = verdict([run(25, hours=24)])
    assert (told["last_success_at"], told["last_attempt_at"]) == (ago(25), ago(1))
    assert told["freshness"]["status"] == "late"


def test_a_warning_is_a_backup_and_said_to_be_one_with_a_warning():
    told = verdict([run(1, "warning")])
    assert (told["freshness"]["status"], told["reasons"]) == ("met", ["warning_result"])


@pytest.mark.parametrize(
    "result", ["failed", "timed_out", "abandoned", "cancelled", "skipped", "partial", "unknown", None]
)
def test_nothing_else_is_a_backup(result):
    told = verdict([run(1, result)])
    assert (told["freshness"]["status"], told["last_success_basis"]) == ("missed", "none")
    assert "no_success_in_history" in told["reasons"]


@pytest.mark.parametrize(
    "known",
    [
        {"operation": "snapshot"},
        {"operation": "backup_copy"},
        {"level": "control"},
        {"level": "job"},
        {"state": "running"},
    ],
)
def test_nor_is_what_only_looks_like_one(known):
    assert status([run(1, **known)]) == "missed"


def test_snapshots_count_where_the_user_says_so():
    assert status([run(1, operation="snapshot")], policy=replace(POLICY, snapshots=True)) == "met"


@pytest.mark.parametrize(
    ("created", "history", "expected", "reason"),
    [
        (None, 14, "missed", "no_success_in_history"),
        (15 * 24, 14, "missed", "no_success_in_history"),
        (14 * 24, 14, "never", "never_backed_up"),
        (25, 14, "never", "never_backed_up"),
        (24, 14, "never", "never_backed_up"),
        (24 - SECOND, 14, "pending", None),
        (None, None, "never", "never_backed_up"),
    ],
)
def test_without_a_success(created, history, expected, reason):
    about = resource(created_at=created and ago(created))
    told = verdict([], about, replace(POLICY, history_since=history and NOW - history * DAY))
    assert told["freshness"]["status"] == expected
    assert told["reasons"] == ([reason] if reason else [])
    assert (told["consecutive_failures"], told["last_result"]) == (0, None)


def test_a_day_that_never_was_is_no_evidence():
    about = resource(
        last_success_at="2026-02-30T00:00:00Z", created_at="2026-02-30T00:00:00Z", next_run_at="2026-02-30T00:00:00Z"
    )
    told = verdict(None, about)
    assert (told["freshness"]["status"], told["freshness"]["age_seconds"], told["overdue"]) == ("never", None, None)


@pytest.mark.parametrize("protection", ["unprotected", "disabled", "deleted", "unsupported"])
def test_what_is_not_meant_to_be_backed_up(protection):
    about = resource(protection=protection, next_run_at=ago(100))
    told = verdict([], about)
    assert (told["freshness"]["status"], told["overdue"]) == ("not_applicable", False)
    assert status([], about, replace(POLICY, expected=True)) == "missed"


@pytest.mark.parametrize("protection", ["protected", "pending", "registration_failed", "orphaned", "unknown"])
def test_everything_else_is(protection):
    assert status([], resource(protection=protection)) == "missed"


def test_without_a_target_nothing_is_measured():
    told = verdict([], policy=replace(POLICY, target=None))
    assert told["freshness"] == {
        "target_seconds": None,
        "grace_seconds": None,
        "age_seconds": None,
        "status": "not_applicable",
        "evaluated_at": "2026-11-20T12:00:00Z",
    }


# The provider's own word.


def test_the_own_word_of_a_provider_is_marked_as_such():
    told = verdict([], resource(last_success_at=ago(2)))
    assert (told["freshness"]["status"], told["last_success_basis"]) == ("met", "resource_field")


def test_a_good_task_is_better_evidence():
    told = verdict([run(3)], resource(last_success_at=ago(2)))
    assert (told["last_success_at"], told["last_success_basis"]) == (ago(3), "task")


def test_the_task_that_proves_a_backup_is_named():
    newest = run(3)
    assert verdict([run(9), newest, run(1, "failed")])["last_success_task"] == newest["uid"]


@pytest.mark.parametrize(
    ("tasks", "about"),
    [
        ([run(3, "failed")], {}),
        ([run(30)], {"last_success_at": ago(2), "last_success_basis": "recovery_point"}),
        ([], {"last_success_at": ago(2)}),
    ],
)
def test_no_task_is_named_where_none_proves_it(tasks, about):
    assert verdict(tasks, resource(**about))["last_success_task"] is None


@pytest.mark.parametrize("claimed", [5, 4.5, 4, 5 + 300 / HOUR, 4 - 300 / HOUR])
@pytest.mark.parametrize("result", ["failed", "cancelled", "unknown"])
def test_the_last_backup_of_a_provider_may_be_a_failed_attempt(claimed, result):
    told = verdict([run(5, result, hours=1)], resource(last_success_at=ago(claimed)))
    assert (told["last_success_at"], told["last_success_basis"]) == (None, "none")
    assert told["freshness"]["status"] == "missed"


def test_a_claim_before_the_failed_attempt_stands():
    assert status([run(5, "failed")], resource(last_success_at=ago(20))) == "met"


def test_the_user_may_trust_the_provider():
    about = resource(last_success_at=ago(2), created_at=ago(1000))
    told = verdict(None, about, replace(POLICY, trust_field=True))
    assert (told["freshness"]["status"], told["last_success_basis"]) == ("met", "resource_field")
    assert (told["consecutive_failures"], told["last_attempt_at"], told["last_restore_at"]) == (None, None, None)
    assert status(None, resource(), replace(POLICY, trust_field=True)) == "never"


def test_a_recovery_point_is_a_fact():
    about = resource(last_success_at=ago(2), last_success_basis="recovery_point")
    told = verdict([run(30)], about)
    assert (told["last_success_at"], told["last_success_basis"]) == (ago(2), "recovery_point")
    assert verdict([run(2.01)], about)["last_success_basis"] == "task"
    assert verdict([run(30), run(2.1, "failed")], about)["last_success_at"] == ago(30)


# Incomplete data proves no lack.


@pytest.mark.parametrize(
    ("tasks", "about", "otherwise"),
    [
        ([run(26)], {}, "late"),
        ([run(40)], {}, "missed"),
        ([], {}, "missed"),
        ([], {"created_at": ago(48)}, "never"),
        ([], {"created_at": ago(2)}, "pending"),
    ],
)
def test_what_is_missing_may_be_what_was_looked_for(tasks, about, otherwise):
    about = resource(next_run_at=ago(200), **about)
    assert status(tasks, about) == otherwise
    told = verdict(tasks, about, complete=False)
    assert told["freshness"]["status"] == "unknown"
    assert told["reasons"] == ["incomplete_data"]
    assert told["overdue"] is None


def test_what_was_read_stands_whatever_is_missing():
    told = verdict([run(1), run(2, "failed")], complete=False)
    assert (told["freshness"]["status"], told["reasons"]) == ("met", ["incomplete_data"])
    assert status([], resource(protection="disabled"), complete=False) == "not_applicable"


# Attempts, failures in a row, restores.


def test_failures_in_a_row():
    tasks = [
        run(30),
        run(20, "failed"),
        run(10, "cancelled"),
        run(5, "timed_out"),
        run(3, "skipped"),
        run(1, "abandoned"),
    ]
    told = verdict(tasks[::-1])
    assert (told["consecutive_failures"], told["failing_since"]) == (3, ago(20))
    assert {"last_failed", "failure_streak"} <= set(told["reasons"])


def test_a_good_one_ends_the_row():
    told = verdict([run(20, "failed"), run(10), run(5, "failed")])
    assert (told["consecutive_failures"], told["failing_since"]) == (1, ago(5))
    assert "failure_streak" not in told["reasons"]


def test_the_last_result_is_that_of_the_run_that_ended_last():
    told = verdict([run(10, "failed", hours=9), run(5, "success", hours=1)])
    assert (told["last_result"], told["last_attempt_at"]) == ("failed", ago(1))
    assert "last_failed" in told["reasons"]


def test_an_outcome_that_nobody_knows_is_told():
    assert "unknown_status" in verdict([run(5), run(1, None)])["reasons"]


def test_the_message_is_that_of_the_last_run_or_of_the_resource():
    about = resource(message="the agent does not answer")
    assert verdict([run(1, "failed", message="no space")], about)["message"] == "no space"
    assert verdict([run(1, "failed")], about)["message"] == "the agent does not answer"
    assert verdict([], about)["message"] == "the agent does not answer"
    assert verdict(None, about)["message"] == "the agent does not answer"


def test_the_newest_restore():
    tasks = [
        run(50, operation="restore"),
        run(10, "failed", operation="snapshot_restore"),
        run(2, operation="restore", state="running"),
    ]
    told = verdict([run(1), *tasks], resource(created_at=ago(100)))
    assert (told["last_restore_at"], told["last_restore_result"]) == (ago(9.5), "failed")
    assert "never_restored" not in told["reasons"]


def test_a_restore_that_tells_only_when_it_was_asked_for_is_one():
    asked = run(10, operation="restore", started_at=None, finished_at=None, created_at=ago(10))
    told = verdict([run(1), asked], resource(created_at=ago(100)))
    assert told["last_restore_at"] == ago(10)
    assert "never_restored" not in told["reasons"]


@pytest.mark.parametrize(("created", "told"), [(100, True), (15 * 24, False), (None, False)])
def test_never_restored_needs_the_whole_life(created, told):
    about = resource(created_at=created and ago(created))
    assert ("never_restored" in verdict([run(1)], about)["reasons"]) is told


# Stuck, overdue, and what else a person should know.


@pytest.mark.parametrize(
    ("running", "usual", "stuck"), [(4, 0.5, False), (4 + SECOND, 0.5, True), (8, 3, False), (9 + SECOND, 3, True)]
)
def test_stuck_is_longer_than_four_hours_and_thrice_the_usual(running, usual, stuck):
    tasks = [run(100, hours=usual), run(80, hours=usual), run(60, hours=24), run(running, state="running")]
    tasks.append(run(50, hours=usual))
    assert ("stuck_task" in verdict(tasks)["reasons"]) is stuck


@pytest.mark.parametrize(
    ("known", "stuck"),
    [
        ({"expected_finish_at": ago(0.1)}, True),
        ({"expected_finish_at": ago(-1)}, False),
        ({"expected_finish_at": ago(0.1), "state": "queued"}, False),
        ({"expected_finish_at": ago(0.1), "notes": ["idle"]}, False),
    ],
)
def test_stuck_is_past_the_expected_end(known, stuck):
    told = verdict([run(1, **{"state": "running", **known})])
    assert ("stuck_task" in told["reasons"]) is stuck


@pytest.mark.parametrize("known", [{"notes": ["idle"]}, {"state": "queued"}, {"started_at": None}])
def test_what_waits_is_not_stuck(known):
    assert "stuck_task" not in verdict([run(200, **{"state": "running", **known})])["reasons"]


@pytest.mark.parametrize(
    ("planned", "last", "overdue"),
    [
        (10, 30, False),
        (10 - SECOND, 30, False),
        (10 + SECOND, 30, True),
        (-1, 30, False),
        (6, None, False),
        (6 + SECOND, None, True),
    ],
)
def test_overdue_by_half_an_interval(planned, last, overdue):
    # planned 10 h ago, 20 h after the last run: half of these is now; without a last run the grace counts, 6 h
    told = verdict([run(last, hours=0)] if last else [], resource(next_run_at=ago(planned)))
    assert told["overdue"] is overdue
    assert ("overdue" in told["reasons"]) is overdue


@pytest.mark.parametrize("working", [[run(1, state="running")], [run(1, state="queued")], []])
def test_what_is_at_work_is_not_overdue(working):
    about = resource(next_run_at=ago(50), activity="idle" if working else "backing_up")
    assert verdict(working, about)["overdue"] is False


def test_nobody_knows_when():
    assert verdict([run(1)])["overdue"] is None


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"online": False}, "offline"),
        ({"protection": "disabled"}, "disabled"),
        ({"protection": "orphaned"}, "not_controlling"),
        ({"protection": "registration_failed"}, "registration_failed"),
    ],
)
def test_reasons_of_the_resource(known, reason):
    assert verdict([run(1)], resource(**known))["reasons"] == [reason]


def test_the_worst_result_of_each_day():
    tasks = [run(1), run(2, "failed"), run(30, "warning"), run(31), run(32, "cancelled"), run(24 * 9, "failed")]
    assert verdict(tasks, policy=replace(POLICY, history_days=3))["days"] == [
        {"date": "2026-11-18", "result": None},
        {"date": "2026-11-19", "result": "cancelled"},
        {"date": "2026-11-20", "result": "failed"},
    ]
    assert verdict(tasks)["days"] == []
    assert verdict(None, policy=replace(POLICY, history_days=3))["days"] == []


def test_what_was_handed_in_stays_as_it_was():
    about, task = resource(), run(1)
    before = (dict(about), dict(task))
    judge(about, Evidence([task]), POLICY)
    assert (about, task) == before


def test_the_worst_come_first():
    def made(name, verdict_of, age=None):
        return {"name": name, "id": name, "uid": name, "freshness": {"status": verdict_of, "age_seconds": age}}

    wanted = [
        *(made("a", "never"), made("b", "never"), made("c", "missed", 9.0), made("d", "missed", 8.0)),
        *(made("e", "unknown"), made("f", "late", 5.0), made("g", "pending"), made("h", "met", 1.0)),
        made("i", "not_applicable"),
    ]
    assert worst_first(wanted[::-1]) == wanted


def test_counts_of_verdicts():
    told = count_verdicts([verdict([run(1)]), verdict([]), verdict([run(40)], resource(protection="disabled"))])
    assert told["total"] == 3
    assert told["by_freshness"] == {
        **dict.fromkeys(("never", "unknown", "late", "pending"), 0),
        **{"missed": 1, "met": 1, "not_applicable": 1},
    }
    assert told["by_protection"] == {"disabled": 1, "protected": 2}
    assert told["by_reason"] == {"disabled": 1, "no_success_in_history": 1}
    assert told["by_provider"] == {"yandex": 3}
    assert told["without_good_backup"] == 1
