# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a server sends, the model stays the model: all fields, no word but its own, no proof out of nothing."""

from __future__ import annotations

import re
from datetime import datetime, timezone

import pytest

pytest.importorskip("hypothesis", reason="properties need hypothesis")
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.multivendor.backup.plugins.module_utils._clumio import normalize as clumio
from ansible_collections.multivendor.backup.plugins.module_utils._clumio import records as clumio_records
from ansible_collections.multivendor.backup.plugins.module_utils._core.records import Shape
from ansible_collections.multivendor.backup.plugins.module_utils._model import enums
from ansible_collections.multivendor.backup.plugins.module_utils._model.freshness import Evidence, Policy, judge
from ansible_collections.multivendor.backup.plugins.module_utils._model.query import TaskQuery, newest_first
from ansible_collections.multivendor.backup.plugins.module_utils._model.resource import FIELDS as RESOURCE_FIELDS
from ansible_collections.multivendor.backup.plugins.module_utils._model.summary import summarize
from ansible_collections.multivendor.backup.plugins.module_utils._model.task import FIELDS, TIMES
from ansible_collections.multivendor.backup.plugins.module_utils._petadata import normalize as petadata
from ansible_collections.multivendor.backup.plugins.module_utils._petadata import records as petadata_records
from ansible_collections.multivendor.backup.plugins.module_utils._veeam import normalize as veeam
from ansible_collections.multivendor.backup.plugins.module_utils._veeam import records as veeam_records
from ansible_collections.multivendor.backup.plugins.module_utils._yandex import normalize as yandex
from ansible_collections.multivendor.backup.plugins.module_utils._yandex import records as yandex_records

WORDS = [
    *(*yandex.STATES, *yandex.RESULTS, *yandex.OPERATIONS, *yandex.RESOURCE_TYPES, *yandex.ACTIVITIES),
    *(*clumio.STATES, *clumio.CATEGORIES, *clumio.CATEGORY_BY_TYPE, *clumio.PROTECTIONS),
    *(*veeam.TASK_STATES, *veeam.TASK_OPERATIONS, *veeam.SESSION_STATES, *veeam.SESSION_RESULTS, "None"),
    *(*petadata.STATES, *petadata.OPERATIONS, "REGISTRED", "DELETED", "ImmediateBackupCopyWorker"),
]
MOMENTS = [
    "2026-11-20T01:00:00Z",
    "2026-11-20T01:00:00.5Z",
    "2026-11-20T03:00:00.123456789+02:00",
    "2024-02-29T23:59:59Z",
    "1753-01-01T00:00:00Z",
    "2026-11-19",
    "yesterday",
]
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 2**60),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(WORDS),
    st.sampled_from(MOMENTS),
    st.text(max_size=8),
    st.just([{"Rel": "Related", "Type": "BackupJobSession", "Href": "x/y"}, {"Rel": 1, "Href": {}}]),
    st.just([]),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


def natives(shape: Shape, fields: dict):
    """Objects with any of the fields of a shape, in any order, and of any type."""
    inner = {
        native: st.one_of(VALUES, natives(field, field_names(field))) if isinstance(field, Shape) else VALUES
        for native, field in fields.items()
    }
    return st.lists(st.sampled_from(sorted(inner)), unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: inner[name] for name in names})
    )


def field_names(shape: Shape) -> dict:
    return {native: field[-1] for native, field in shape._table.items()}


def of(shape: Shape, **more):
    return natives(shape, field_names(shape)).map(lambda native: {**shape.read(native), **more})


def in_model(normalize):
    return lambda record: normalize(record, "s")


TASKS = st.one_of(
    of(yandex_records.TASK).map(in_model(yandex.normalize_task)),
    of(clumio_records.TASK).map(in_model(clumio.normalize_task)),
    of(veeam_records.TASK).map(in_model(veeam.normalize_task)),
    *(of(veeam_records.SESSION, kind=kind).map(in_model(veeam.normalize_session)) for kind in veeam.KINDS),
    of(petadata_records.TASK, instance_id="pd-1").map(in_model(petadata.normalize_task)),
)
RESOURCES = st.one_of(
    of(yandex_records.RESOURCE).map(in_model(yandex.normalize_resource)),
    *(of(clumio_records.RESOURCE, kind=kind).map(in_model(clumio.normalize_resource)) for kind in clumio.KINDS),
    st.lists(of(veeam_records.OBJECT), max_size=4)
    .map(veeam.protected_machines)
    .filter(bool)
    .map(lambda machines: veeam.normalize_machine(machines[0], "s")),
)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", re.ASCII)


def is_time(value):
    return value is None or bool(TIME.fullmatch(value))


def is_reference(value, *more):
    return value is None or (set(value) == {"id", "name", *more} and (value["id"] or value["name"]))


@given(TASKS)
def test_a_task_is_always_a_task(task):
    assert tuple(task) == FIELDS
    assert task["provider"] in ("yandex", "clumio", "veeam", "petadata")
    assert task["uid"].startswith(f"{task['provider']}:s:")
    assert task["id"] is None or isinstance(task["id"], str)
    assert bool(task["id"]) != ("no_id" in task["notes"])
    assert task["level"] in enums.LEVELS
    assert task["operation"] in enums.OPERATIONS
    assert task["state"] in enums.STATES
    assert task["result"] in ((*enums.RESULTS,) if task["state"] == "finished" else (None,))
    assert task["severity"] == (None if task["result"] is None else enums.SEVERITIES[task["result"]])
    assert task["backup_level"] in (None, *enums.BACKUP_LEVELS)
    assert all(is_time(task[name]) for name in TIMES)
    assert task["finished_at"] is None or task["state"] == "finished"
    assert task["duration_seconds"] is None or task["duration_seconds"] >= 0
    assert task["progress_percent"] is None or 0 <= task["progress_percent"] <= 100
    assert task["cancellable"] in (None, True, False)
    assert is_reference(task["resource"], "type", "native_type")
    assert all(is_reference(task[name]) for name in ("job", "policy", "parent"))
    assert all(isinstance(note, str) for note in task["notes"])
    assert all(set(one) == {"rel", "type", "id", "name"} for one in task["related"])


LEAN = [
    (clumio_records.TASK, clumio_records.LEAN_TASK, {}, clumio.normalize_task),
    (veeam_records.SESSION, veeam_records.LEAN_SESSION, {"kind": "item"}, veeam.normalize_session),
]


@given(st.data(), st.sampled_from(LEAN))
def test_the_model_needs_nothing_that_a_lean_record_leaves_out(data, pair):
    whole, lean, more, normalize = pair
    native = data.draw(natives(whole, field_names(whole)))
    assert normalize({**lean.read(native), **more}, "s") == normalize({**whole.read(native), **more}, "s")


@given(TASKS)
def test_only_a_finished_good_backup_of_an_item_proves_anything(task):
    assert task["protects"] == (
        (task["level"], task["operation"], task["state"]) == ("item", "backup", "finished")
        and task["result"] in ("success", "warning")
    )


@given(RESOURCES)
def test_a_resource_is_always_a_resource(resource):
    assert tuple(resource) == RESOURCE_FIELDS
    assert resource["protection"] in enums.PROTECTIONS
    assert resource["activity"] in enums.ACTIVITIES
    assert resource["type"] is None or resource["type"] in enums.RESOURCE_TYPES
    assert all(is_time(resource[name]) for name in ("last_success_at", "next_run_at", "created_at", "updated_at"))
    assert all(is_reference(policy) for policy in resource["policies"])


NOW = datetime(2026, 11, 20, 12, tzinfo=timezone.utc).timestamp()
UNPROVABLE = {"late", "missed", "never", "pending"}
UNPROVABLE_REASONS = {
    *("rpo_late", "rpo_missed", "never_backed_up", "no_success_in_history", "overdue", "never_restored"),
}


@given(RESOURCES, st.one_of(st.none(), st.lists(TASKS, max_size=6)), st.booleans(), st.booleans(), st.integers(0, 3))
def test_a_verdict_on_anything_is_a_verdict(resource, tasks, complete, trust, days):
    policy = Policy(NOW, target=86400.0, history_since=NOW - 14 * 86400, trust_field=trust, history_days=days)
    told = judge(resource, Evidence(tasks, complete=complete), policy)
    status = told["freshness"]["status"]
    assert set(told) == set(RESOURCE_FIELDS)
    assert status in enums.FRESHNESS
    assert set(told["reasons"]) <= set(enums.REASONS)
    assert told["last_success_basis"] in enums.BASES
    assert (told["last_success_basis"] == "none") == (told["last_success_at"] is None)
    assert (told["last_success_basis"] == "task") == (told["last_success_task"] is not None)
    assert told["last_result"] is None or told["last_result"] in enums.RESULTS
    assert (told["consecutive_failures"] is None) == (tasks is None)
    assert not (complete and status == "unknown")
    if not complete:
        assert status not in UNPROVABLE
        assert not UNPROVABLE_REASONS & set(told["reasons"])
        assert told["overdue"] is not True
        assert "incomplete_data" in told["reasons"]


@given(st.lists(TASKS, max_size=8))
def test_a_summary_counts_all(tasks):
    told = summarize(tasks)
    assert sum(told["by_state"].values()) == told["total"] == len(tasks)
    assert sum(row["total"] for row in told["by_source"]) == len(tasks)
    unfinished = sum(row["unfinished"] for row in told["by_source"])
    assert sum(told["by_result"].values()) + told["by_state"].get("unknown", 0) + unfinished == len(tasks)
    assert sum(row["total"] for row in told["by_day"]) == sum(task["created_at"] is not None for task in tasks)
    assert sum(row["count"] for row in told["failures"]) == sum(task["severity"] == "critical" for task in tasks)


@given(st.lists(TASKS, max_size=8))
def test_order_and_window_lose_nothing(tasks):
    ordered = newest_first(tasks)
    assert sorted(map(id, ordered)) == sorted(map(id, tasks))
    assert ordered == newest_first(ordered)
    assert all(map(TaskQuery().wants, tasks))
