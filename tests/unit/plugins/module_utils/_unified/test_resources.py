# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `backup_resource_info` makes of tasks and resources, and of what could not be read."""

from __future__ import annotations

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import BackupError
from ansible_collections.multivendor.backup.plugins.module_utils._model.resource import FIELDS, PARTS
from ansible_collections.multivendor.backup.tests.unit.plugins.module_utils._unified.house import (
    ago,
    resources_of,
)


def verdicts(*providers, **given):
    """Id -> verdict, and the result."""
    result, _error = resources_of(*providers, **given)
    return {one["id"]: one["freshness"]["status"] for one in result["resources"]}, result


def test_every_resource_gets_a_verdict_the_worst_first(house):
    for name in ("good", "late", "missed", "off"):
        house.resource(name, protection="disabled" if name == "off" else "protected")
    house.task("good", 1)
    house.task("late", 26)
    house.task("missed", 40)
    found, result = verdicts()
    assert list(found.items()) == [("missed", "missed"), ("late", "late"), ("good", "met"), ("off", "not_applicable")]
    assert all(set(one) == set(FIELDS) for one in result["resources"])
    assert (result["complete"], result["errors"], result["matched"], result["warnings"]) == (True, [], 4, [])
    assert result["summary"]["without_good_backup"] == 1
    (row,) = result["sources"]
    assert (row["coverage"], row["returned"], row["clock_offset_seconds"]) == ("listed", 4, 0)


# What tasks are about.


def test_tasks_join_by_id_by_alternate_id_and_by_a_name_of_ones_own(house):
    house.resource("id-1", name="a")
    house.resource("id-2", name="b", alternate_ids=["native-2"])
    house.resource("id-3", name="c")
    house.task("id-1", 1)
    house.task("native-2", 1)
    house.task(None, 1, resource={"id": None, "name": "c", "type": "vm", "native_type": None})
    assert verdicts()[0] == {"id-1": "met", "id-2": "met", "id-3": "met"}


def test_a_list_that_has_names_only_joins_tasks_with_ids(house):
    house.resource("sql-01", name="sql-01", provider="veeam")
    about = {"id": "urn:VMware:Vm:h.1", "name": "sql-01", "type": "vm", "native_type": None}
    house.task(None, 1, resource=about, provider="veeam")
    assert verdicts("veeam")[0] == {"sql-01": "met"}


def test_a_name_that_several_have_proves_nothing_in_either_way(house):
    house.resource("id-1", name="twin", provider="veeam")
    house.resource("id-2", name="twin", provider="veeam")
    house.task(None, 1, resource={"id": None, "name": "twin", "type": "vm", "native_type": None}, provider="veeam")
    found, _result = verdicts("veeam")
    assert (found["id-1"], found["id-2"]) == ("unknown", "unknown")


def test_a_new_machine_under_an_old_name_does_not_inherit_its_backups(house):
    house.resource("id-new", name="sql")
    house.task("id-old", 1, resource={"id": "id-old", "name": "sql", "type": "vm", "native_type": None})
    assert verdicts()[0] == {"id-new": "missed", "id-old": "not_applicable"}


@pytest.mark.parametrize(
    ("provider", "listed_type", "protection", "verdict"),
    [
        ("clumio", "vm", "deleted", "not_applicable"),  # volumes are listed, and this one is not there
        ("clumio", "volume", "protected", "missed"),  # mailboxes are not listed at all
        ("veeam", "vm", "unknown", "missed"),  # what a job's folder holds is not listed
        ("petadata", None, "protected", "missed"),  # nothing is listed
    ],
)
def test_what_only_tasks_know(house, provider, listed_type, protection, verdict):
    if listed_type:
        house.resource("other", type=listed_type, provider=provider)
    house.task("gone", 40, "failed", provider=provider)
    _found, result = verdicts(provider)
    (told,) = (one for one in result["resources"] if one["id"] == "gone")
    assert (told["coverage"], told["protection"], told["freshness"]["status"]) == ("tasks_only", protection, verdict)
    assert result["sources"][0]["coverage"] == ("listed" if listed_type else "tasks_only")


def test_control_tasks_and_jobs_are_about_no_resource(house):
    house.resource("a")
    house.task("a", 1, level="control")
    house.task("a", 1, level="job")
    found, result = verdicts()
    assert found == {"a": "missed"}
    assert result["resources"][0]["last_attempt_at"] is None


def test_a_server_that_has_no_tasks_is_judged_by_its_own_field(house):
    house.resource("ext", provider="yandex", notes=["no_tasks"], last_success_at=ago(2))
    house.resource("ext-never", provider="yandex", notes=["no_tasks"])
    found, result = verdicts("yandex")
    assert found == {"ext": "met", "ext-never": "never"}
    assert {one["last_success_basis"] for one in result["resources"]} == {"resource_field", "none"}
    assert {one["consecutive_failures"] for one in result["resources"]} == {None}


# What could not be read.

BAD = {"missed", "never", "late", "pending"}


@pytest.mark.parametrize("provider", ["yandex", "clumio", "veeam", "petadata"])
@pytest.mark.parametrize(
    "reason", ["page_missing", "total_mismatch", "repeated_token", "list_moved", "deadline", "source_failed"]
)
def test_a_gap_in_the_tasks_is_no_alarm(house, provider, reason):
    if provider != "petadata":
        house.resource("silent", provider=provider, created_at=ago(48), next_run_at=ago(40))
        house.resource("new", provider=provider, created_at=ago(1))
        house.resource("late", provider=provider)
        house.resource("good", provider=provider)
    house.task("late", 26, provider=provider)
    house.task("good", 1, provider=provider)
    house.gap(provider, "tasks", reason)
    found, result = verdicts(provider, on_error="warn")
    assert not BAD & set(found.values())
    assert found["good"] == "met"
    assert not any({"overdue", "never_restored"} & set(one["reasons"]) or one["overdue"] for one in result["resources"])
    assert result["complete"] is False
    assert result["sources"][0]["incomplete_reason"] == reason


@pytest.mark.parametrize(("provider", "ids"), [("yandex", ("a", "b")), ("petadata", ("pd-1/a", "pd-2/b"))])
def test_a_failed_scope_concerns_its_own_resources_only(house, provider, ids):
    for one in ids:
        if provider == "yandex":
            house.resource(one, provider=provider)
        house.task(one, 40, provider=provider)
    house.gap(provider, "tasks", "failed_scopes", scopes=(ids[0].partition("/")[0],))
    found, _result = verdicts(provider, on_error="warn")
    assert found == {ids[0]: "unknown", ids[1]: "missed"}


def test_a_scope_is_not_its_namesake(house):
    house.task("pd-10/a", 40, provider="petadata")
    house.gap("petadata", "tasks", "failed_scopes", scopes=("pd-1",))
    assert verdicts("petadata", on_error="warn")[0] == {"pd-10/a": "missed"}


@pytest.mark.parametrize("provider", ["clumio", "veeam"])
def test_elsewhere_a_failed_scope_may_concern_any(house, provider):
    house.resource("a", provider=provider)
    house.gap(provider, "tasks", "failed_scopes", scopes=("job",))
    assert verdicts(provider, on_error="warn")[0] == {"a": "unknown"}


def test_a_gap_in_the_list_concerns_what_is_not_in_it(house):
    house.resource("a")
    house.task("a", 40)
    house.task("b", 40)
    house.gap("clumio", "resources")
    found, result = verdicts(on_error="warn", expected=["c"])
    assert found == {"a": "missed", "b": "unknown", "c": "unknown"}
    assert {one["id"]: one["protection"] for one in result["resources"]}["b"] == "unknown"
    assert result["errors"][0]["source"] == "clumio"


def test_a_list_that_was_not_read_at_all_tells_nothing(house):
    house.resources["clumio"] = []
    house.task("a", 1)
    house.task("b", 40)
    house.gap("clumio", "resources", "source_failed")
    found, result = verdicts(on_error="warn")
    assert found == {"a": "met", "b": "unknown"}
    assert {one["protection"] for one in result["resources"]} == {"unknown"}


def test_what_is_put_together_from_lists_suffers_from_a_gap_in_one(house):
    house.resource("a", provider="veeam", last_success_at=ago(40), last_success_basis="recovery_point")
    house.gap("veeam", "resources")
    assert verdicts("veeam", on_error="warn")[0] == {"a": "unknown"}


def test_a_dead_source_concerns_no_other(house):
    house.resource("a")
    house.task("a", 40)
    house.resource("b", provider="veeam")
    house.task("b", 40, provider="veeam")
    house.gap("veeam", "tasks", "source_failed")
    result, error = resources_of("clumio", "veeam")
    assert {one["id"]: one["freshness"]["status"] for one in result["resources"]} == {"a": "missed", "b": "unknown"}
    assert [row["complete"] for row in result["sources"]] == [True, False]
    assert (error.source, error.provider) == ("veeam", "veeam")
    assert "1 of 2 sources were not read completely: veeam" in str(error)


# What must exist.


def test_expected_by_id_name_and_alternate_id(house):
    house.resource("id-1", name="name-1", alternate_ids=["alt-1"])
    house.task("id-1", 1)
    found, result = verdicts(expected=["id-1", "name-1", "alt-1", "ghost", "ghost"])
    assert found == {"ghost": "never", "id-1": "met"}
    ghost = result["resources"][0]
    assert (ghost["coverage"], ghost["source"], ghost["provider"], ghost["notes"]) == (
        "expected",
        None,
        None,
        ["not_found"],
    )
    assert ghost["reasons"] == ["never_backed_up"]


def test_what_must_exist_may_not_be_left_out_by_design(house):
    house.resource("a", protection="unprotected")
    house.resource("b", protection="unprotected")
    assert verdicts(expected=["a"])[0] == {"a": "missed", "b": "not_applicable"}


def test_where_nothing_is_listed_the_history_is_all_that_is_known(house):
    house.task("pd-1/a", 1, provider="petadata")
    found, result = verdicts("petadata", expected=["pd-1/b"])
    assert found == {"pd-1/b": "missed", "pd-1/a": "met"}
    assert result["resources"][0]["reasons"] == ["no_success_in_history"]


# Policies.


def test_a_source_may_have_a_target_of_its_own(house):
    house.resource("a")
    house.task("a", 30)
    sources = [
        {"name": "x", "rpo": "2d", "clumio": {}},
        {"name": "y", "clumio": {}},
        {"name": "z", "rpo": "", "clumio": {}},
    ]
    result, _error = resources_of(sources=sources, rpo="24h", grace="1h")
    assert {one["source"]: one["freshness"]["status"] for one in result["resources"]} == {
        "x": "met",
        "y": "missed",
        "z": "not_applicable",
    }
    assert len({one["uid"] for one in result["resources"]}) == 3


def test_a_grace_of_nothing(house):
    house.resource("a")
    house.task("a", 24.1)
    assert verdicts()[0] == {"a": "late"}
    assert verdicts(grace="0s")[0] == {"a": "missed"}


def test_the_history_reaches_as_far_back_as_the_target(house):
    house.resource("a")
    house.task("a", 24 * 20)
    assert verdicts()[0] == {"a": "missed"}
    assert verdicts(rpo="30d")[0] == {"a": "met"}
    found, result = verdicts(history="2d", history_days=30)
    assert found == {"a": "missed"}
    assert [day["result"] for day in result["resources"][0]["days"]].count("success") == 1


def test_evidence_of_the_resource_reads_no_tasks(house):
    house.resource("a", last_success_at=ago(2))
    house.resource("b", created_at=ago(50))
    house.task("b", 1)
    found, result = verdicts(evidence="resource_field")
    assert found == {"a": "met", "b": "never"}
    assert {one["last_success_basis"] for one in result["resources"]} == {"resource_field", "none"}
    assert house.asked == []


def test_evidence_of_the_resource_where_there_is_none_reads_tasks(house):
    house.task("pd-1/a", 1, provider="petadata")
    assert verdicts("petadata", evidence="resource_field")[0] == {"pd-1/a": "met"}


def test_snapshots_count_where_the_user_says_so(house):
    house.resource("a")
    house.task("a", 1, operation="snapshot")
    assert verdicts()[0] == {"a": "missed"}
    assert verdicts(count_snapshots=True)[0] == {"a": "met"}


@pytest.mark.parametrize("offset", [7200.0, -7200.0])
def test_now_is_the_servers(house, offset):
    house.offsets["clumio"] = offset
    house.resource("a", name=f"{offset}")
    house.task("a", 23 - offset / 3600)
    _found, result = verdicts(history="30d")
    (told,) = result["resources"]
    assert told["freshness"]["status"] == "met"
    assert told["freshness"]["age_seconds"] == pytest.approx(23 * 3600, abs=60)
    assert told["notes"] == [f"clock_offset:{offset:.0f}"]
    assert result["sources"][0]["clock_offset_seconds"] == offset
    assert any("clock differs" in warning for warning in result["warnings"])


def test_a_clock_a_minute_off_is_good_enough(house):
    house.offsets["clumio"] = 59.0
    house.resource("a")
    _found, result = verdicts()
    assert (result["resources"][0]["notes"], result["warnings"]) == ([], [])


# What is returned.


def test_only_what_was_asked_for(house):
    for name in ("a", "b"):
        house.resource(name, name=f"name-{name}", alternate_ids=[f"alt-{name}"])
    house.task("a", 1)
    assert verdicts(freshness=["missed"])[0] == {"b": "missed"}
    for asked in ("a", "name-a", "alt-a"):
        found, result = verdicts(resources=[asked])
        assert found == {"a": "met"}
        assert result["summary"]["total"] == result["matched"] == 1


def test_names_that_nothing_has_draw_a_warning(house):
    house.resource("id-1", name="web", alternate_ids=["native-1"])
    assert resources_of(resources=["native-1"])[0]["warnings"] == []
    assert resources_of(resources=["wbe"])[0]["warnings"] == ["no source has wbe: ids and names are compared exactly"]


def test_fields_and_raw(house):
    house.resource("a", name="x")
    result, _error = resources_of(fields=["freshness.status", "name"])
    assert result["resources"] == [{"uid": "clumio:clumio::a", "freshness": {"status": "missed"}, "name": "x"}]
    (whole,) = resources_of()[0]["resources"]
    (resource,) = resources_of(fields=[f"freshness.{part}" for part in PARTS["freshness"]])[0]["resources"]
    assert resource["freshness"].keys() == whole["freshness"].keys()
    assert PARTS.keys() == {name for name, value in whole.items() if isinstance(value, dict)}
    result, _error = resources_of(detail="raw")
    assert result["resources"][0]["raw"]["id"] == "a"
    assert "raw" not in resources_of()[0]["resources"][0]


@pytest.mark.parametrize(
    ("option", "given"),
    [
        ("rpo", {"rpo": "soon"}),
        ("rpo", {"rpo": "0h"}),
        ("grace", {"grace": "-1h"}),
        ("history", {"history": "2026-11-20T00:00:00Z"}),
        ("history", {"history": "0d"}),
        ("history_days", {"history_days": -1}),
        ("history_days", {"history_days": 367}),
        ("fields", {"fields": ["colour"]}),
        ("fields", {"fields": ["name.first"]}),
        ("fields", {"fields": ["freshness.state"]}),
        ("source 'x': option `rpo`", {"sources": [{"name": "x", "rpo": "soon", "clumio": {}}]}),
    ],
)
def test_bad_options_are_refused_before_the_first_request(house, option, given):
    with pytest.raises(BackupError, match=option) as caught:
        resources_of(**given)
    assert caught.value.code == "bad_option"
    assert house.asked == []


def test_what_was_found_nowhere_has_no_native_object(house):
    house.resource("known")
    result, _error = resources_of(expected=["nowhere"], detail="raw")
    assert {one["id"]: one["raw"] is None for one in result["resources"]} == {"known": False, "nowhere": True}
