# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts over tasks."""

from __future__ import annotations

from ansible_collections.multivendor.backup.plugins.module_utils._model.summary import (
    MOST_GROUPS,
    MOST_RESOURCES,
    summarize,
)
from ansible_collections.multivendor.backup.plugins.module_utils._model.task import new_task


def task(native_id, result="success", *, source="a", state="finished", day=20, ended="01:00:00Z", name="db", **known):
    time = f"2026-11-{day}T"
    fields = {
        "level": "item",
        "operation": "backup",
        "created_at": time + "00:00:00Z",
        "finished_at": time + ended,
        "resource": {"id": name, "name": name, "type": None, "native_type": None},
    }
    return new_task("clumio", source, native_id, state=state, result=result, **{**fields, **known})


def test_counts():
    tasks = [
        task("1"),
        task("2", "failed", source="b", day=21),
        task("3", "warning", day=21),
        task("4", state="running"),
        task("5", created_at=None),
    ]
    told = summarize(tasks)
    assert told["total"] == 5
    assert told["by_state"] == {"finished": 4, "running": 1}
    assert told["by_result"] == {"failed": 1, "success": 2, "warning": 1}
    assert told["by_severity"] == {"critical": 1, "ok": 2, "warning": 1}
    assert told["by_operation"] == {"backup": 5}
    assert told["by_provider"] == {"clumio": 5}
    none = {"ok": 0, "warning": 0, "critical": 0, "unknown": 0, "unfinished": 0}
    assert told["by_source"] == [
        {"source": "a", "provider": "clumio", **none, "ok": 2, "warning": 1, "unfinished": 1, "total": 4},
        {"source": "b", "provider": "clumio", **none, "critical": 1, "total": 1},
    ]
    assert told["by_day"] == [
        {"date": "2026-11-20", **none, "ok": 1, "unfinished": 1, "total": 2},
        {"date": "2026-11-21", **none, "critical": 1, "warning": 1, "total": 2},
    ]


def test_a_task_of_unknown_state_is_not_taken_for_one_that_runs():
    told = summarize([task("1", None, state="unknown"), task("2", "unknown"), task("3", state="queued")])
    (row,), (day,) = told["by_source"], told["by_day"]
    for counts in (row, day):
        assert (counts["unknown"], counts["unfinished"], counts["total"]) == (2, 1, 3)
    assert told["by_state"] == {"finished": 1, "queued": 1, "unknown": 1}
    assert told["by_severity"] == {"unknown": 1}


def test_nothing():
    told = summarize([])
    assert (told["total"], told["by_state"], told["by_day"], told["failures"]) == (0, {}, [], [])
    assert (told["newest_success"], told["newest_failure"]) == (None, None)


def test_the_newest_is_the_one_that_ended_last():
    tasks = [task("1", ended="01:00:00Z"), task("2", ended="01:00:00.5Z"), task("3", finished_at=None)]
    assert summarize(tasks)["newest_success"]["uid"] == "clumio:a::2"


def test_a_success_that_proves_no_backup_is_not_the_newest_success():
    assert summarize([task("1", level="control")])["newest_success"] is None


def test_failures_that_say_the_same_are_one_row():
    tasks = [
        task("1", "failed", message="no space", ended="01:00:00Z", name="x"),
        task("2", "timed_out", message="no space", ended="01:00:00.5Z", source="b", name="y"),
        task("3", "abandoned", finished_at=None),
    ]
    assert summarize(tasks)["failures"] == [
        {
            "provider": "clumio",
            "message": "no space",
            "count": 2,
            "sources": ["a", "b"],
            "resource_names": ["x", "y"],
            "newest_at": "2026-11-20T01:00:00.5Z",
        },
        {
            "provider": "clumio",
            "message": None,
            "count": 1,
            "sources": ["a"],
            "resource_names": ["db"],
            "newest_at": None,
        },
    ]


def test_rows_are_bounded():
    tasks = [task(str(n), "failed", message=str(n)) for n in range(MOST_GROUPS + 9)]
    assert len(summarize(tasks)["failures"]) == MOST_GROUPS
    tasks = [task(str(n), "failed", name=str(n)) for n in range(MOST_RESOURCES + 9)]
    assert len(summarize(tasks)["failures"][0]["resource_names"]) == MOST_RESOURCES
