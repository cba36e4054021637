# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows from the fields of a task, and which tasks are asked for."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._model.query import TaskQuery, newest_first
from ansible_collections.multivendor.backup.plugins.module_utils._model.task import (
    complete,
    latest,
    new_task,
    pattern,
    proves_backup,
    seconds,
)

DAY = "2026-11-20T"


def task(native_id="1", *, state="finished", result="success", operation="backup", level="item", **known):
    return new_task("clumio", "s", native_id, state=state, result=result, operation=operation, level=level, **known)


def at(clock, **more):
    return datetime.fromisoformat(f"{DAY}{clock}+00:00").astimezone(timezone(timedelta(hours=5, minutes=30)))


@pytest.mark.parametrize(
    ("started", "finished", "duration", "notes"),
    [
        ("01:00:00Z", "01:30:00Z", 1800.0, []),
        ("01:00:00.75Z", "01:00:01Z", 0.25, []),
        ("01:00:00Z", "01:00:00.123456789Z", 0.123, []),
        ("01:00:00.5Z", "01:00:00.25Z", None, ["negative_duration"]),
        ("23:00:00Z", "01:00:00Z", None, ["negative_duration"]),
        (None, "01:00:00Z", None, []),
        ("01:00:00Z", None, None, []),
    ],
)
def test_duration(started, finished, duration, notes):
    told = task(started_at=started and DAY + started, finished_at=finished and DAY + finished)
    assert (told["duration_seconds"], told["notes"]) == (duration, notes)


def test_a_day_that_never_was_is_noted():
    told = task(started_at="2026-02-30T00:00:00Z", finished_at="2026-03-01T00:00:00Z")
    assert (told["duration_seconds"], told["notes"]) == (None, ["impossible_time"])


def test_duration_crosses_midnights_and_leap_days():
    told = task(started_at="2024-02-28T23:00:00Z", finished_at="2024-03-01T01:00:00Z")
    assert told["duration_seconds"] == 26 * 3600


@pytest.mark.parametrize(
    "time", ["1970-01-01T00:00:01Z", "1969-12-31T23:59:59Z", "2026-11-20T01:02:03.25Z", "9999-12-31T23:59:59Z"]
)
def test_seconds(time):
    whole = datetime.fromisoformat(time[:19] + "+00:00").timestamp()
    assert seconds(time) == whole + (0.25 if "." in time else 0)


def test_copies_of_a_pattern_share_nothing():
    words = pattern("clumio", {"state": "running", "notes": ["no_category"]})
    ended, nameless = ({**words, "finished_at": f"{DAY}01:00:00Z"}, {**words})
    assert complete(ended, "s", "1")["notes"] == ["no_category", "finish_time_before_end"]
    assert complete(nameless, "s", None)["notes"] == ["no_category", "no_id"]
    assert words["notes"] == ["no_category"]
    assert ended["related"] is not nameless["related"]


def test_before_the_end_there_is_no_result():
    told = task(state="running", result="success", finished_at=f"{DAY}01:00:00Z")
    assert (told["result"], told["severity"], told["finished_at"], told["protects"]) == (None, None, None, False)
    assert told["notes"] == ["finish_time_before_end"]


def test_an_end_without_a_result_is_not_a_success():
    assert task(result=None)["result"] == "unknown"


@pytest.mark.parametrize(
    ("known", "proves"),
    [
        ({}, True),
        ({"result": "warning"}, True),
        ({"result": "partial"}, False),
        ({"level": "job"}, False),
        ({"level": "control"}, False),
        ({"operation": "snapshot"}, False),
        ({"operation": "backup_copy"}, False),
        ({"state": "running"}, False),
    ],
)
def test_what_proves_a_backup(known, proves):
    assert proves_backup(task(**known)) is proves


def test_the_latest_time_has_the_larger_fraction():
    assert latest([f"{DAY}01:00:00Z", None, f"{DAY}01:00:00.5Z", f"{DAY}00:59:59.999Z"]) == f"{DAY}01:00:00.5Z"
    assert latest([None]) is None


# The window is [02:00, 04:00).
WINDOW = TaskQuery(since=at("02:00:00"), until=at("04:00:00"))


@pytest.mark.parametrize(
    ("created", "finished", "alive"),
    [
        ("01:00:00Z", "01:59:59.999Z", False),
        ("01:00:00Z", "02:00:00Z", True),
        ("01:00:00Z", "02:00:00.000Z", True),
        ("01:00:00Z", "05:00:00Z", True),
        ("03:59:59.999999999Z", "05:00:00Z", True),
        ("04:00:00Z", "05:00:00Z", False),
        ("04:00:00.000Z", "05:00:00Z", False),
        (None, "01:59:59Z", False),
        (None, "05:00:00Z", True),
    ],
)
def test_alive_in_the_window(created, finished, alive):
    told = task(created_at=created and DAY + created, finished_at=DAY + finished)
    assert WINDOW.wants(told) is alive
    assert told["notes"] == []


@pytest.mark.parametrize("state", ["queued", "running", "paused", "finalizing", "cancelling", "unknown"])
def test_what_has_not_ended_is_alive_however_old_it_is(state):
    assert WINDOW.wants(task(state=state, created_at="2026-01-01T00:00:00Z"))
    assert not WINDOW.wants(task(state=state, created_at=f"{DAY}04:00:00Z"))


def test_what_may_have_ended_in_the_window_is_kept_with_a_note():
    told = task(created_at=f"{DAY}01:00:00Z")
    assert WINDOW.wants(told)
    assert told["notes"] == ["no_finish_time"]
    assert not WINDOW.wants(task(created_at=f"{DAY}01:00:00Z", updated_at=f"{DAY}01:30:00Z"))


def test_what_has_no_time_at_all_is_kept_with_a_note():
    told = task()
    assert WINDOW.wants(told)
    assert told["notes"] == ["no_time"]


def test_a_bound_may_have_a_fraction():
    query = TaskQuery(since=datetime(2026, 11, 20, 2, 0, 0, 500000, tzinfo=timezone.utc))
    assert query.wants(task(finished_at=f"{DAY}02:00:00.50Z"))
    assert not query.wants(task(finished_at=f"{DAY}02:00:00.49Z"))


def test_servers_that_filter_by_creation_are_asked_from_earlier_on():
    assert WINDOW.created_since == at("02:00:00") - timedelta(days=7)
    assert TaskQuery().created_since is None
    assert TaskQuery(since=datetime(1, 1, 2, tzinfo=timezone.utc)).created_since.year == 1970


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        (TaskQuery(states=("finished",)), True),
        (TaskQuery(states=("running", "queued")), False),
        (TaskQuery(results=("failed",)), False),
        (TaskQuery(results=("failed", "success")), True),
        (TaskQuery(operations=("restore",)), False),
        (TaskQuery(levels=("job",)), False),
        (TaskQuery(states=("finished",), results=("failed",)), False),
        (TaskQuery(resources=("e1",)), True),
        (TaskQuery(resources=("db",)), True),
        (TaskQuery(resources=("d",)), False),
    ],
)
def test_words_and_resources(query, wanted):
    told = task(resource={"id": "e1", "name": "db", "type": None, "native_type": None})
    assert query.wants(told) is wanted


def test_what_is_about_no_resource_is_not_about_the_one_asked_for():
    assert not TaskQuery(resources=("e1",)).wants(task())


STATES = {"0": "queued", "2": "finished", "3": "finished"}
RESULTS = {"2": "success", "3": "failed"}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (TaskQuery(), None),
        (TaskQuery(operations=("backup",)), None),
        (TaskQuery(states=("finished",)), ["2", "3"]),
        (TaskQuery(results=("failed",)), ["3"]),
        (TaskQuery(states=("queued",), results=("failed",)), []),
        (TaskQuery(results=("skipped",)), []),
        (TaskQuery(states=("queued", "unknown")), None),
        (TaskQuery(results=("failed", "unknown")), None),
    ],
)
def test_native_words_for_the_server(query, words):
    assert query.words(STATES, RESULTS) == words


def test_newest_first_with_fractions_of_any_length():
    clocks = ["03:00:00Z", "03:00:00.5Z", "03:00:00.123456789Z", "03:00:00.13Z", "02:59:59.999Z", "03:00:01Z"]
    tasks = [task(str(n), created_at=DAY + clock) for n, clock in enumerate(clocks)]
    assert [one["id"] for one in newest_first(tasks)] == ["5", "1", "3", "2", "0", "4"]


def test_newest_first_whatever_came_first():
    tasks = [task(str(n), created_at=f"{DAY}03:00:00Z") for n in range(5)]
    assert newest_first(tasks) == newest_first(tasks[::-1])


def test_what_has_no_time_comes_last():
    tasks = [
        task("none"),
        task("old", created_at="1971-01-01T00:00:00Z"),
        task("end", finished_at="2026-01-01T00:00:00Z"),
    ]
    assert [one["id"] for one in newest_first(tasks)] == ["end", "old", "none"]
