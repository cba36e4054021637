# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `backup_task_info` makes of the tasks of its sources."""

from __future__ import annotations

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import BackupError
from ansible_collections.multivendor.backup.plugins.module_utils._model.task import FIELDS, PARTS
from ansible_collections.multivendor.backup.plugins.module_utils._unified import result as unified
from ansible_collections.multivendor.backup.tests.unit.plugins.module_utils._unified.house import (
    ago,
    tasks_of,
)


def ids(result):
    return [f"{task['provider'][0]}{task['id']}" for task in result["tasks"]]


def test_the_newest_of_all_sources_come_first(house):
    house.task("a", 3)
    house.task("b", 1)
    house.task("c", 2, provider="veeam")
    house.task("d", 1, provider="veeam", created_at=None, started_at=None, finished_at=None)
    result, error = tasks_of("clumio", "veeam")
    assert error is None
    assert ids(result) == ["c1", "v0", "c0", "v1"]
    assert result["tasks"][-1]["notes"] == ["no_time"]
    assert all(tuple(task) == FIELDS for task in result["tasks"])
    assert (result["matched"], result["complete"], result["errors"], result["schema_version"]) == (4, True, [], 1)
    assert [(row["name"], row["returned"], row["coverage"]) for row in result["sources"]] == [
        ("clumio", 2, "listed"),
        ("veeam", 2, "listed"),
    ]


@pytest.mark.parametrize(("limit", "shown"), [(None, 3), (0, 0), (1, 1), (9, 3)])
def test_a_limit_is_for_what_is_shown_not_for_what_is_counted(house, limit, shown):
    for began in (1, 2, 3):
        house.task("a", began)
    result, _error = tasks_of(limit=limit)
    assert (len(result["tasks"]), result["matched"], result["summary"]["total"]) == (shown, 3, 3)


def test_the_window(house):
    house.task("over", 30)
    house.task("ends within", 24.2)
    house.task("at work", 24 * 6, state="running")
    house.task("new", 1)
    assert len(tasks_of()[0]["tasks"]) == 3
    assert len(tasks_of(since="7d")[0]["tasks"]) == 4
    assert len(tasks_of(until="2h")[0]["tasks"]) == 2


def test_a_task_that_ended_before_it_began_is_not_hidden_by_the_wrong_one_of_its_times(house):
    house.task("a", 1, "failed", finished_at="1900-01-01T00:00:00Z")
    house.task("b", 30, "failed", finished_at=ago(1))
    house.task("c", 30, "failed", finished_at="1900-01-01T00:00:00Z")
    found = tasks_of(since="24h")[0]["tasks"]
    assert [(task["resource"]["id"], task["notes"]) for task in found] == [("a", ["negative_duration"]), ("b", [])]


def test_names_that_nothing_has_draw_a_warning(house):
    house.task("id-1", 1, resource={"id": "id-1", "name": "web", "type": "vm", "native_type": None})
    assert tasks_of(resources=["id-1", "web"])[0]["warnings"] == []
    (warning,) = tasks_of(resources=["id-1", "wbe", "WEB"])[0]["warnings"]
    assert warning == "no task that was asked for is about wbe, WEB: ids and names are compared exactly"


@pytest.mark.parametrize("days", [-30, 30])
def test_an_age_is_never_in_the_future_whatever_the_clock_of_the_server(house, days):
    house.offsets["clumio"] = days * 86400.0
    house.task("a", 1 - days * 24)
    house.task("b", 30 - days * 24)
    assert ids(tasks_of(since="24h")[0]) == ["c0"]
    assert tasks_of(since=ago(24))[1] is None


@pytest.mark.parametrize("days", [1, 366])
def test_a_beginning_in_the_future_is_a_mistake(house, days):
    with pytest.raises(BackupError, match="option `since`: it lies in the future"):
        tasks_of(since=ago(-24 * days))
    assert house.asked == []


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"states": ["running"]}, ["c1"]),
        ({"results": ["failed"]}, ["c0"]),
        ({"operations": ["restore"]}, ["c2"]),
        ({"levels": ["job"]}, ["c3"]),
        ({"resources": ["b"]}, ["c1"]),
        ({"states": ["finished"], "results": ["success"], "levels": ["item"]}, ["c2"]),
        ({"states": []}, ["c0", "c1", "c2", "c3"]),
    ],
)
def test_filters_are_applied_whatever_the_server_does(house, given, shown):
    house.task("a", 1, "failed")
    house.task("b", 2, state="running")
    house.task("c", 3, operation="restore")
    house.task("d", 4, level="job")
    assert ids(tasks_of(**given)[0]) == shown


def test_fields_keep_the_uid(house):
    house.task("a", 1)
    result, _error = tasks_of(fields=["state", "resource.id", "policy.name"])
    assert result["tasks"] == [
        {"uid": "clumio:clumio::0", "state": "finished", "resource": {"id": "a"}, "policy": {"name": None}}
    ]


@pytest.mark.parametrize("fields", [["resource", "resource.id"], ["resource.id", "resource"]])
@pytest.mark.parametrize("about", ["a", None])
def test_a_whole_and_its_part_are_the_whole(house, fields, about):
    house.task("a", 1, **({} if about else {"resource": None}))
    (task,) = tasks_of(fields=fields)[0]["tasks"]
    assert set(task) == {"uid", "resource"}
    assert task["resource"] == (about and {"id": "a", "name": None, "type": "vm", "native_type": None})


@pytest.mark.parametrize(
    "field", ["colour", "", "uid.x", "state.x", "notes.x", "resource.", ".id", "resource..id", "."]
)
def test_fields_that_are_none(house, field):
    with pytest.raises(BackupError, match="option `fields`") as caught:
        tasks_of(fields=[field])
    assert caught.value.code == "bad_option"
    assert house.asked == []


@pytest.mark.parametrize("field", ["resource.nmae", "resource.name.first", "job.type", "raw..id"])
def test_fields_within_fields_that_are_none(house, field):
    with pytest.raises(BackupError, match="there is no field") as caught:
        tasks_of(fields=[field])
    assert field.startswith("raw") or f"The fields of `{field.partition('.')[0]}` are id, name" in caught.value.hint


def test_fields_within_fields(house):
    house.task(
        "a", 1, job={"id": "j", "name": None}, policy={"id": "p", "name": None}, parent={"id": "q", "name": None}
    )
    (whole,) = tasks_of()[0]["tasks"]
    fields = [f"{name}.{part}" for name, parts in PARTS.items() for part in parts]
    (task,) = tasks_of(fields=fields)[0]["tasks"]
    assert task == {"uid": whole["uid"], **{name: whole[name] for name in PARTS}}
    assert PARTS.keys() == {name for name, value in whole.items() if isinstance(value, dict)}


def test_raw(house):
    house.task("a", 1)
    (task,) = tasks_of(detail="raw")[0]["tasks"]
    assert task["raw"]["id"] == "0"
    assert tasks_of(detail="raw", fields=["raw.id"])[0]["tasks"][0]["raw"] == {"id": "0"}


@pytest.mark.parametrize(
    ("option", "given"),
    [
        ("limit", {"limit": -1}),
        ("since", {"since": "yesterday"}),
        ("until", {"since": "1h", "until": "2h"}),
        ("sources", {"sources": []}),
    ],
)
def test_bad_options_are_refused_before_the_first_request(house, option, given):
    with pytest.raises(BackupError, match=f"option `{option}`") as caught:
        tasks_of(**given)
    assert caught.value.code == "bad_option"
    assert house.asked == []


def test_an_incomplete_source_fails_the_play_with_what_was_read(house):
    house.task("a", 1)
    house.task("b", 1, provider="veeam")
    house.gap("veeam", "tasks")
    result, error = tasks_of("clumio", "veeam")
    assert (error.code, error.source) == ("unavailable", "veeam")
    assert str(error).startswith("a page is lost (1 of 2 sources were not read completely: veeam)")
    assert (len(result["tasks"]), result["complete"]) == (2, False)
    (told,) = result["errors"]
    assert (told["source"], told["provider"], told["message"]) == ("veeam", "veeam", "a page is lost")


def test_or_warns_where_the_user_wants_that(house):
    house.gap("clumio", "tasks")
    result, error = tasks_of(on_error="warn")
    assert error is None
    assert (result["complete"], len(result["errors"])) == (False, 1)
    assert result["warnings"] == [
        f"source clumio was not read completely: a page is lost. {result['errors'][0]['hint']}"
    ]


def test_a_clock_that_is_off_is_told(house):
    house.offsets["clumio"] = -7200.0
    result, _error = tasks_of()
    assert result["warnings"] == ["source clumio: its clock differs from ours by -7200 s"]
    assert result["sources"][0]["clock_offset_seconds"] == -7200


def test_a_result_that_is_too_large_for_awx_is_told(house, monkeypatch):
    monkeypatch.setattr(unified, "MOST_CHARACTERS", 1000)
    for began in range(3):
        house.task("a", began)
    assert "fields" in tasks_of()[0]["warnings"][0]
    assert tasks_of(fields=["state"])[0]["warnings"] == []


def test_duplicates_across_sources_stay_apart(house):
    house.task("a", 1)
    sources = [{"name": "x", "clumio": {}}, {"name": "y", "clumio": {}}]
    result, _error = tasks_of(sources=sources)
    assert sorted(task["uid"] for task in result["tasks"]) == ["clumio:x::0", "clumio:y::0"]


def test_times_are_never_earlier_than_they_can_be(house):
    house.task("a", 1)
    assert len(tasks_of(since="0001-01-02T00:00:00Z")[0]["tasks"]) == 1
    assert ago(1) > house.asked[0][1].created_since.isoformat()
