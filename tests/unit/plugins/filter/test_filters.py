# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters as a playbook calls them: what they take and refuse, and that nothing unread is held against anyone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.multivendor.backup.plugins.filter.freshness import FilterModule as Freshness
from ansible_collections.multivendor.backup.plugins.filter.normalize_resources import FilterModule as NormalizeResources
from ansible_collections.multivendor.backup.plugins.filter.normalize_tasks import FilterModule as NormalizeTasks
from ansible_collections.multivendor.backup.plugins.filter.summarize import FilterModule as Summarize
from ansible_collections.multivendor.backup.plugins.module_utils._clumio import records as clumio_records
from ansible_collections.multivendor.backup.plugins.module_utils._model.resource import new_resource
from ansible_collections.multivendor.backup.plugins.module_utils._model.task import new_task

FILTERS: dict[str, Any] = {
    name: function
    for module in (NormalizeTasks, NormalizeResources, Freshness, Summarize)
    for name, function in module().filters().items()
}
normalize_tasks, normalize_resources = FILTERS["normalize_tasks"], FILTERS["normalize_resources"]
freshness, summarize = FILTERS["freshness"], FILTERS["summarize"]

NOW = "2026-11-21T12:00:00Z"
RECORD = {"id": "t", "type": "BACKUP", "status": "COMPLETED", "result_code": "OK", "compute_instance_id": "i"}
INCOMPLETE = "incomplete_listing"


def task(result: str = "success", *, hours: float = 5, thing: str = "i", source: str = "s", **known: Any) -> Any:
    """A backup of so many hours before noon of 21 November, or days before."""
    day, hour = divmod(int(21 * 24 + 12 - hours), 24)
    moment = f"2026-11-{day:02}T{hour:02}:00:00Z"
    about = {"id": thing, "name": None, "type": "vm", "native_type": None}
    known = {"level": "item", "operation": "backup", "state": "finished", "resource": about, **known}
    return new_task(
        "yandex",
        source,
        f"{thing}{hours}",
        result=result,
        created_at=moment,
        started_at=moment,
        finished_at=moment,
        **known,
    )


def verdicts(value: Any, **options: Any) -> dict[str, str]:
    return {one["id"]: one["freshness"]["status"] for one in freshness(value, now=NOW, **options)}


@pytest.mark.parametrize(
    "value",
    [
        [RECORD],
        (RECORD,),
        RECORD,
        {"tasks": [RECORD], "listing": {"complete": True}, "changed": False, "failed": False},
        {"results": [{"tasks": [RECORD], "item": 1}, {"tasks": []}, {"skipped": True}], "changed": False},
        [{"tasks": [RECORD]}],
    ],
)
def test_what_is_taken(value):
    assert [one["id"] for one in normalize_tasks(value, "yandex", "yc")] == ["t"]
    assert normalize_tasks(value, provider="yandex")[0]["notes"] == []


@pytest.mark.parametrize(
    ("provider", "value"),
    [
        ("yandex", {"tasks": [RECORD], "listing": {"complete": False}}),
        ("yandex", {"tasks": [RECORD], "failed": True, "msg": "boom"}),
        ("aws_backup", {"BackupJobs": [{"BackupJobId": "t"}], "NextToken": "more"}),
        ("aws_backup", {"backup_jobs": [{"backup_job_id": "t"}], "next_token": "more"}),
        ("azure", {"value": [{"name": "t"}], "nextLink": "https://more"}),
        ("proxmox", {"proxmox_tasks": [{"upid": str(number)} for number in range(50)]}),
        ("nutanix", {"response": [{"ext_id": "t", "operation": "x"}], "total_available_results": 2}),
        ("nutanix", {"entities": [{"uuid": "t", "operation_type": "x"}], "metadata": {"total_matches": 9}}),
    ],
)
def test_incomplete_results_leave_their_mark(provider, value):
    tasks = normalize_tasks(value, provider)
    assert tasks
    assert all(INCOMPLETE in one["notes"] for one in tasks)


@pytest.mark.parametrize(
    ("provider", "value"),
    [
        ("aws_backup", {"BackupJobs": [{"BackupJobId": "t"}], "NextToken": None}),
        ("azure", {"jobs": [{"name": "t"}], "changed": False}),
        ("proxmox", {"proxmox_tasks": [{"upid": "t"}]}),
        ("nutanix", {"response": {"ext_id": "t", "operation": "x"}, "ext_id": "vm", "failed": False}),
        (
            "nutanix",
            {"response": {"entities": [{"uuid": "t", "operation_type": "x"}], "metadata": {"total_matches": 1}}},
        ),
        ("veeam", {"sessions": [{"uid": "t", "kind": "item"}], "listing": {"complete": True}}),
        ("yandex", {"tasks": [RECORD], "failed": True, "complete": True}),
    ],
)
def test_complete_results_do_not(provider, value):
    assert INCOMPLETE not in normalize_tasks(value, provider)[0]["notes"]


@pytest.mark.parametrize("name", list(FILTERS))
@pytest.mark.parametrize(
    "value",
    [None, 5, True, "", "tasks", {}, [None], [1], [[["x"]]], {"tasks": "x"}, [{"a": 1}], {"failed": True}, object()],
)
def test_what_is_refused(name, value):
    arguments = ["yandex"] if name.startswith("normalize") else []
    with pytest.raises(AnsibleFilterError, match=rf"multivendor\.backup\.{name}: .*(takes|failed)"):
        FILTERS[name](value, *arguments)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"provider": "veritas"}, "yandex, clumio, veeam, petadata, aws_backup, azure, proxmox, nutanix"),
        ({"provider": 5}, "`provider` is a number"),
        ({"provider": "yandex", "source": ""}, "`source` is empty text"),
        ({}, "provider"),
        ({"provider": "yandex", "sauce": "x"}, "sauce"),
    ],
)
def test_options_of_normalize_that_are_refused(options, says):
    with pytest.raises(AnsibleFilterError, match=r"multivendor\.backup\.normalize_tasks: ") as refusal:
        normalize_tasks([RECORD], **options)
    assert says in str(refusal.value)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"rpo": "a day"}, "`rpo` is no length"),
        ({"rpo": 24}, "`rpo` is no length"),
        ({"grace": "0x"}, "`grace`"),
        ({"now": "soon"}, "`now` is no time"),
        ({"history": "long"}, "`history` is no time"),
        ({"complete": "false"}, "`complete` is text"),
        ({"snapshots": 1}, "`snapshots` is a number"),
        ({"expected": "db"}, "`expected` has to be a list"),
        ({"tasks": 5}, "it got a number"),
    ],
)
def test_options_of_freshness_that_are_refused(options, says):
    value = [new_resource("yandex", "s", "i")] if "tasks" in options else [task()]
    with pytest.raises(AnsibleFilterError, match=r"multivendor\.backup\.freshness: ") as refusal:
        freshness(value, **options)
    assert says in str(refusal.value)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"state": "done"}, "state 'done'"),
        ({"result": "fine"}, "result 'fine'"),
        ({"started_at": "noon"}, "started_at that is no time"),
        ({"source": None}, "no provider or source"),
    ],
)
def test_tasks_that_are_no_tasks_of_the_model(changes, says):
    with pytest.raises(AnsibleFilterError, match=says):
        freshness([{**task(), **changes}])


def test_records_that_lack_what_matters():
    bare = {name: value for name, value in task().items() if name not in ("state", "created_at")}
    with pytest.raises(AnsibleFilterError, match="has no state, created_at"):
        freshness([bare])
    with pytest.raises(AnsibleFilterError, match="in the common model already"):
        normalize_tasks([task()], "yandex")
    with pytest.raises(AnsibleFilterError, match="none of the keys protects, level, tasks"):
        freshness([RECORD])
    with pytest.raises(AnsibleFilterError, match="was not read completely"):
        normalize_tasks({"tasks": [], "listing": {"complete": False}}, "yandex")


def test_resources_of_clumio_as_its_module_returns_them():
    shape = clumio_records.RESOURCE
    records = [
        {**shape.read({"id": native, "protection_status": word}), "kind": "ebs_volumes"}
        for native, word in (("a", "protected"), ("b", None), ("c", {"word": "protected"}))
    ]
    protections = [one["protection"] for one in normalize_resources({"resources": records}, "clumio")]
    assert protections == ["protected", "deleted", "unknown"]


def test_empty_lists_are_lawful():
    assert normalize_tasks([], "yandex") == []
    assert normalize_resources({"resources": []}, "clumio") == []
    assert freshness([]) == []
    assert summarize([])["total"] == 0


@pytest.mark.parametrize(
    ("tasks", "options", "status"),
    [
        ([task(hours=5)], {}, "met"),
        ([task(hours=27)], {}, "late"),
        ([task(hours=31)], {}, "missed"),
        ([task("warning", hours=5)], {}, "met"),
        ([task("unknown", hours=5), task(hours=40)], {}, "missed"),
        ([task(hours=5)], {"rpo": "4h"}, "late"),
        ([task(hours=5)], {"rpo": "4h", "grace": "30m"}, "missed"),
        ([task(hours=5)], {"rpo": ""}, "not_applicable"),
        ([task("failed", hours=5), task("failed", hours=48)], {}, "missed"),
        ([task("failed", hours=5)], {"history": "14d"}, "missed"),
        ([task("failed", hours=5)], {}, "unknown"),  # the last good one may be older than what was read
        ([task("failed", hours=5)], {"history": "24h"}, "unknown"),
        ([task("failed", hours=5)], {"history": "14d", "complete": False}, "unknown"),
        ([task(hours=31)], {"complete": False}, "unknown"),
        ([task(hours=5)], {"complete": False}, "met"),
        ([task(hours=5, operation="snapshot")], {"history": "14d"}, "missed"),
        ([task(hours=5, operation="snapshot")], {"snapshots": True}, "met"),
        ([task("failed", hours=48, notes=[INCOMPLETE])], {}, "unknown"),
    ],
)
def test_verdicts(tasks, options, status):
    assert verdicts(tasks, **options) == {"i": status}


@pytest.mark.parametrize(
    ("envelope", "status"),
    [
        ({}, "missed"),
        ({"complete": True}, "missed"),
        ({"complete": True, "failed": True}, "missed"),
        ({"listing": {"complete": True}}, "missed"),
        ({"complete": False}, "unknown"),
        ({"listing": {"complete": False}}, "unknown"),
        ({"failed": True, "msg": "source_failed"}, "unknown"),
        ({"complete": False, "sources": [{"name": "s", "complete": False}]}, "unknown"),
        ({"complete": False, "sources": [{"name": "s", "complete": True}, {"name": "t", "complete": False}]}, "missed"),
    ],
)
def test_whole_results_say_whether_they_are_whole(envelope, status):
    result = {"tasks": [task("failed", hours=40)], **envelope}
    assert verdicts(result, history="14d") == {"i": status}
    assert verdicts([result, {"tasks": []}], history="14d") == {"i": status}
    ghosts = verdicts({"tasks": [], **envelope}, history="14d", expected=["ghost"])
    whole = envelope.get("complete", envelope.get("listing", {}).get("complete", not envelope.get("failed")))
    assert ghosts == {"ghost": "missed" if whole else "unknown"}


def test_incompleteness_survives_the_pipe():
    result = {"tasks": [{**RECORD, "result_code": "ERROR", "completed_at": "2026-11-01T00:00:00Z"}], "failed": True}
    tasks = normalize_tasks(result, "yandex", "yc")
    assert verdicts(json.loads(json.dumps(tasks)), history="30d") == {"i": "unknown"}
    others = [task("failed", hours=40, thing="other")]
    assert verdicts(tasks + others, history="30d") == {"i": "unknown", "other": "missed"}


def test_resources_with_tasks():
    resources = [
        new_resource("yandex", "s", "i", protection="protected"),
        new_resource("yandex", "s", "new", protection="protected", created_at="2026-11-21T03:00:00Z"),
        new_resource("yandex", "s", "young", protection="protected", created_at="2026-11-10T03:00:00Z"),
        new_resource("yandex", "s", "old", protection="protected", created_at="2020-01-01T03:00:00Z"),
        new_resource("yandex", "s", "off", protection="disabled"),
        new_resource("yandex", "s", "two", protection="protected", alternate_ids=["zwei"]),
    ]
    found = verdicts(resources, tasks=[task(), task(thing="zwei"), task(thing="gone")], history="14d", expected=["x"])
    assert found == {
        **{"i": "met", "new": "pending", "young": "never", "old": "missed", "off": "not_applicable", "two": "met"},
        **{"x": "never"},
    }
    doubtful = verdicts(resources, tasks={"tasks": [task()], "complete": False}, history="14d", expected=["x", "off"])
    assert set(doubtful.values()) == {"met", "unknown"}
    with pytest.raises(AnsibleFilterError, match="same provider and source"):
        freshness(resources, tasks=[task(source="other")])


def test_resources_without_tasks_are_taken_at_their_word():
    claims = {"a": "2026-11-21T03:00:00Z", "b": "2026-11-01T03:00:00Z", "c": None}
    resources = [
        new_resource("yandex", "s", key, protection="protected", last_success_at=time) for key, time in claims.items()
    ]
    assert verdicts({"resources": resources}) == {"a": "met", "b": "missed", "c": "never"}
    assert verdicts({"resources": resources, "complete": False}) == {"a": "met", "b": "unknown", "c": "unknown"}


def test_names_that_two_resources_share_prove_nothing():
    twins = [new_resource("veeam", "s", key, name="web", protection="protected") for key in "ab"]
    about = {"id": None, "name": "web", "type": "vm", "native_type": None}
    tasks = [{**task(resource=about), "provider": "veeam"}]
    assert verdicts(twins, tasks=tasks, history="14d") == {"a": "unknown", "b": "unknown"}
    assert verdicts(twins[:1], tasks=tasks, history="14d") == {"a": "met"}


def test_a_backup_of_what_is_called_like_another_is_not_the_others():
    listed = [
        new_resource("veeam", "s", key, name=name, protection="protected") for key, name in (("A", "B"), ("B", "x"))
    ]
    tasks = [{**task(thing="B"), "provider": "veeam"}]
    assert verdicts(listed, tasks=tasks, history="14d") == {"A": "missed", "B": "met"}


def test_jobs_prove_nothing_about_a_thing():
    assert verdicts([task(level="job")], history="14d", expected=["i"]) == {"i": "missed"}


def test_judging_again_forgets_old_reasons():
    once = freshness([task(hours=40)], now=NOW)
    assert once[0]["reasons"] == ["rpo_missed"]
    again = freshness(once, tasks=[task(hours=40), task(hours=1)], now=NOW)
    assert again[0]["reasons"] == []
    unknown = freshness([task("failed", hours=40)], now=NOW, complete=False)
    assert verdicts(unknown, tasks=[task("failed", hours=40)], history="14d") == {"i": "unknown"}


def test_the_worst_comes_first():
    tasks = [task(thing="a"), task(thing="b", hours=40), task(thing="c", hours=60)]
    assert list(verdicts(tasks)) == ["c", "b", "a"]


@pytest.mark.parametrize("now", [1795262400, 1795262400.0, NOW, "2026-11-21T13:00:00+01:00"])
def test_now_in_all_forms(now):
    assert freshness([task(hours=5)], now=now)[0]["freshness"]["age_seconds"] == 5 * 3600


def test_summary():
    tasks = [task(), task("failed", thing="j", message="no space"), task(state="running", thing="k")]
    for value in (tasks, {"tasks": tasks}, [{"tasks": tasks[:1]}, {"tasks": tasks[1:]}]):
        counts = summarize(value)
        assert counts["total"] == 3
        assert counts["by_severity"] == {"critical": 1, "ok": 1}
        assert counts["failures"][0]["message"] == "no space"


def test_an_unfinished_success_is_none():
    assert verdicts([{**task(), "state": "running"}], history="14d") == {"i": "missed"}
    assert summarize([{**task(), "state": "running"}])["by_result"] == {}


def test_vendors_text_is_never_a_template():
    (one,) = normalize_tasks([{**RECORD, "error": "{{ lookup('pipe', 'id') }}"}], "yandex")
    assert one["message"] == "{{ lookup('pipe', 'id') }}"
