# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The unified modules on the simulator: what is asked of each server, and what comes of its answers."""

from __future__ import annotations

import json

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._core.redact import Secrets
from ansible_collections.multivendor.backup.plugins.module_utils._unified.resources import (
    RESOURCE_OPTIONS,
    find_resources,
)
from ansible_collections.multivendor.backup.plugins.module_utils._unified.tasks import TASK_OPTIONS, find_tasks

pytest.importorskip("aiohttp", reason="the simulator needs aiohttp")
from ansible_collections.multivendor.backup.tests.simulator import (
    ClumioData,
    Fault,
    PetaDataData,
    Simulator,
    VeeamData,
    YandexData,
)
from ansible_collections.multivendor.backup.tests.support import reach

PROVIDERS = ("yandex", "clumio", "veeam", "petadata")


@pytest.fixture(scope="module")
def simulator():
    with Simulator(
        tls=False,
        yandex=YandexData(instances=11, tasks_per_instance=20, external_servers=2),
        clumio=ClumioData(tasks=400, page_cap=100),
        veeam=VeeamData(sessions=40),
        petadata=PetaDataData(tasks=60),
    ) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_faults(simulator):
    yield
    simulator.clear_faults()


def sources(simulator, providers=PROVIDERS, **options):
    scopes = {
        "yandex": {"folder_id": simulator.credentials.folder_id},
        "petadata": {"instance_ids": list(simulator.petadata_instances)},
    }
    return [{key: reach(simulator, key, retries=0, **scopes.get(key, {}), **options)} for key in providers]


def run(module, spec, simulator, providers, given):
    simulator.log.clear()
    defaults = {name: option.get("default") for name, option in spec.items()}
    return module({**defaults, "sources": sources(simulator, providers), **given}, Secrets())


def tasks_of(simulator, *providers, **given):
    return run(find_tasks, TASK_OPTIONS.spec, simulator, providers or PROVIDERS, {"since": "160d", **given})


def resources_of(simulator, *providers, **given):
    return run(find_resources, RESOURCE_OPTIONS.spec, simulator, providers or PROVIDERS, given)


def test_all_of_it(simulator):
    result, error = tasks_of(simulator)
    assert error is None
    assert result["complete"] is True
    by_provider = {provider: [t for t in result["tasks"] if t["provider"] == provider] for provider in PROVIDERS}
    native = {
        "yandex": 11 * 20,
        "clumio": 400,
        "petadata": 60,
        "veeam": sum(
            len(simulator.truth(f"veeam.{k}"))
            for k in ("BackupJobSession", "BackupTaskSession", "RestoreSession", "Task")
        ),
    }
    assert {provider: len(tasks) for provider, tasks in by_provider.items()} == native
    assert len({task["uid"] for task in result["tasks"]}) == len(result["tasks"]) == result["matched"]
    assert {task["operation"] for task in result["tasks"] if task["protects"]} == {"backup"}
    assert not [t for t in by_provider["veeam"] if t["protects"] and t["level"] != "item"]
    assert not [t for t in by_provider["clumio"] if t["protects"] and t["native_operation"].endswith("_indexing")]


def test_a_source_counts_what_it_received_of_both_lists(simulator):
    both = resources_of(simulator, "clumio")[0]["sources"][0]
    claims = resources_of(simulator, "clumio", evidence="resource_field")[0]["sources"][0]
    for row in (both, claims):
        assert row["complete"]
        assert row["server_total"] == row["received"] > 0
    assert both["received"] > claims["received"]


@pytest.mark.parametrize("provider", ["clumio", "veeam"])
def test_raw_is_the_whole_record(simulator, provider):
    whole, lean = (tasks_of(simulator, provider, detail=detail)[0]["tasks"] for detail in ("raw", "normal"))
    assert all(task["raw"]["links"] for task in whole)
    assert [{name: task[name] for name in task if name != "raw"} for task in whole] == lean


@pytest.mark.parametrize(
    ("results", "clumio", "petadata"),
    [
        (["failed"], ["failed"], "3"),
        (["success", "cancelled"], ["completed", "aborted"], "2,5"),
        (["unknown"], None, "0,1,2,3,4,5"),
        (None, None, "0,1,2,3,4,5"),
    ],
)
def test_results_go_to_the_server_and_are_applied_again(simulator, results, clumio, petadata):
    everything = tasks_of(simulator, "clumio", "petadata")[0]["tasks"]
    result, _error = tasks_of(simulator, "clumio", "petadata", results=results)
    sent = json.loads(simulator.requests("clumio")[-1].query["filter"])
    assert sent.get("status", {}).get("$in") == clumio
    assert {entry.query["TaskStatus"] for entry in simulator.requests("petadata")} == {petadata}
    wanted = [task["uid"] for task in everything if not results or task["result"] in results]
    assert [task["uid"] for task in result["tasks"]] == wanted
    assert wanted


@pytest.mark.parametrize(
    ("results", "pushed"),
    [
        (["failed"], "Result==Failed"),
        (["success", "warning"], "(Result==Success,Result==Warning)"),
        (["unknown"], None),
    ],
)
def test_results_of_veeam_go_to_the_server_but_for_jobs(simulator, results, pushed):
    everything = tasks_of(simulator, "veeam")[0]["tasks"]
    result, _error = tasks_of(simulator, "veeam", results=results)
    filters = {entry.query["type"]: entry.query.get("filter", "") for entry in simulator.requests("veeam", "/query")}
    for kind in ("BackupTaskSession", "RestoreSession"):
        assert filters[kind].partition(";")[2] == (pushed or "")
    assert "Result" not in filters["BackupJobSession"]  # the job tells whether its items are copies
    assert [task["uid"] for task in result["tasks"]] == [t["uid"] for t in everything if t["result"] in results]
    assert result["tasks"]


def test_nothing_is_asked_where_nothing_can_match(simulator):
    result, error = tasks_of(simulator, "clumio", "petadata", results=["skipped"])
    assert (result["tasks"], result["complete"], error) == ([], True, None)
    assert simulator.log == []


def test_the_success_of_petadata_is_not_hidden(simulator):
    result, _error = tasks_of(simulator, "petadata")
    assert result["summary"]["by_result"]["success"] == sum(
        str(task["Status"]) == "2" for task in simulator.truth("petadata")
    )


def test_servers_are_asked_from_a_week_earlier(simulator):
    tasks_of(simulator, "clumio", "petadata", "veeam", since="2026-06-15T00:00:00Z")
    sent = json.loads(simulator.requests("clumio")[-1].query["filter"])
    assert sent["created_timestamp"]["$gte"] == "2026-06-08T00:00:00Z"
    assert simulator.requests("petadata")[-1].query["StartTime"] == "2026-06-08T00:00:00Z"
    asked = {entry.query["filter"] for entry in simulator.requests("veeam", "query") if "filter" in entry.query}
    assert asked == {'CreationTime>="2026-06-08T00:00:00Z"'}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_words_that_nobody_knows_are_no_success(simulator, provider):
    simulator.fault(Fault(provider, "unknown_words"))
    result, _error = tasks_of(simulator, provider)
    odd = [task for task in result["tasks"] if any(note.startswith("unknown_") for note in task["notes"])]
    assert odd
    assert not [task for task in odd if task["protects"] and "unknown" in (task["state"], task["result"])]
    assert result["matched"] == len(result["tasks"]) > 0


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("kind", ["bad_types", "hostile_text", "unknown_fields"])
def test_odd_answers_break_nothing(simulator, provider, kind):
    simulator.fault(Fault(provider, kind))
    tasks, error = tasks_of(simulator, provider)
    assert (error.code if error else None) in (None, "bad_answer", "incomplete")
    assert all(len(task["message"] or "") <= 600 for task in tasks["tasks"])
    _resources, error = resources_of(simulator, provider)
    assert (error.code if error else None) in (None, "bad_answer", "incomplete")


def test_the_estate(simulator):
    result, error = resources_of(simulator, rpo="7d")
    assert error is None
    assert {row["name"]: row["coverage"] for row in result["sources"]} == {
        **dict.fromkeys(("yandex", "clumio", "veeam"), "listed"),
        "petadata": "tasks_only",
    }
    found = {one["uid"]: one for one in result["resources"]}
    assert len(found) == len(result["resources"])
    for native in simulator.truth("yandex.resources"):
        name = native.get("computeInstanceId") or native["resourceId"]
        told = found[f"yandex:yandex::{name}"]
        assert (told["last_success_basis"] == "resource_field") <= (not native.get("computeInstanceId"))
    assert {one["freshness"]["status"] for one in found.values() if one["type"] == "database"} >= {"met"}
    assert not [one for one in found.values() if one["freshness"]["status"] == "unknown"]


LISTS = {
    "yandex": r"/tasks\?",
    "clumio": r"^/tasks\?",
    "veeam": r"type=BackupTaskSession",
    "petadata": r"DescribeTasks",
}


# These lists do not tell how long they are.
UNSEEN = (("yandex", "empty_page"), ("yandex", "wrong_total"), ("veeam", "empty_page"), ("veeam", "wrong_total"))


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("kind", ["status", "empty_page", "wrong_total", "html", "reset"])
def test_a_lost_page_wakes_nobody(simulator, provider, kind):
    before = {one["uid"]: one["freshness"]["status"] for one in resources_of(simulator, provider)[0]["resources"]}
    simulator.fault(Fault(provider, kind, path=LISTS[provider], status=503, n=7, skip=1 if provider == "clumio" else 0))
    result, error = resources_of(simulator, provider)
    assert (error is None, result["complete"]) == ((provider, kind) in UNSEEN,) * 2
    for one in result["resources"] if error else ():
        after = one["freshness"]["status"]
        assert after in ("met", "unknown", "not_applicable") or after == before[one["uid"]]
        if "incomplete_data" in one["reasons"]:
            assert after in ("met", "unknown", "not_applicable")
            assert one["overdue"] is not True


def test_one_instance_that_cannot_be_read_concerns_no_other(simulator):
    before = {one["uid"]: one for one in resources_of(simulator, "yandex")[0]["resources"]}
    broken = simulator.truth("yandex.resources")[2]["computeInstanceId"]
    simulator.fault(Fault("yandex", "status", path=f"/{broken}/tasks", status=500))
    result, error = resources_of(simulator, "yandex")
    assert [row["scope"] for row in result["sources"][0]["failed_scopes"]] == [broken]
    assert error is not None
    for one in result["resources"]:
        doubted = "incomplete_data" in one["reasons"]
        assert doubted == (one["id"] == broken)
        if not doubted:
            assert one["freshness"]["status"] == before[one["uid"]]["freshness"]["status"]


def test_a_clock_two_hours_off():
    with Simulator(tls=False, clock_offset=7200, clumio=ClumioData(tasks=40)) as ahead:
        result, error = resources_of(ahead, "clumio")
        assert error is None
        assert result["sources"][0]["clock_offset_seconds"] == pytest.approx(7200, abs=2)
        assert all(any(note.startswith("clock_offset:") for note in one["notes"]) for one in result["resources"])
