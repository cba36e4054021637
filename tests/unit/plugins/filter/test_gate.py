# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters of the gate as a playbook calls them: every verdict, waivers, refusals, and a reading that is kept."""

from __future__ import annotations

import datetime
import importlib
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.multivendor.backup.plugins.filter.gate import FilterModule as Gate
from ansible_collections.multivendor.backup.plugins.filter.gate_keep import FilterModule as Keep
from ansible_collections.multivendor.backup.plugins.filter.gate_kept import FilterModule as Kept
from ansible_collections.multivendor.backup.plugins.module_utils._model.freshness import Evidence, Policy, judge
from ansible_collections.multivendor.backup.plugins.module_utils._model.resource import new_resource
from ansible_collections.multivendor.backup.plugins.module_utils._model.task import new_task
from ansible_collections.multivendor.backup.plugins.plugin_utils._gate import REASONS, VERDICTS
from ansible_collections.multivendor.backup.plugins.plugin_utils._readings import keep, kept

gate: Any = Gate().filters()["gate"]
HOUR = 3600.0
READ = datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.timezone.utc).timestamp()


def at(hours: float) -> str:
    """A time so many hours after the reading."""
    moment = datetime.datetime.fromtimestamp(READ + hours * HOUR, datetime.timezone.utc)
    return moment.replace(tzinfo=None).isoformat() + "Z"


def resource(name: str = "web1", *, began: float | None = None, source: str = "hq", **known: Any) -> dict[str, Any]:
    """A resource whose newest good backup began so many hours before the reading."""
    complete = known.pop("complete", True)
    about = new_resource("veeam", source, known.pop("id", f"id-{name}"), name=name, protection="protected")
    about.update(known)
    tasks = [] if began is None else [run("success", began, source)]
    return judge(about, Evidence(tasks, complete=complete), Policy(now=READ, target=None))


def run(result: str, began: float, source: str = "hq") -> dict[str, Any]:
    return new_task(
        "veeam",
        source,
        f"run{began}",
        **{"level": "item", "operation": "backup", "state": "finished", "result": result},
        **{"started_at": at(-began), "finished_at": at(-began + 0.5)},
    )


def reading(*resources: dict[str, Any], unread: tuple[str, ...] = (), sources: tuple[str, ...] = ("hq",)) -> Any:
    rows = [{"name": name, "complete": name not in unread} for name in sources]
    return {"resources": list(resources), "sources": rows, "complete": not unread, "read_at": at(0)}


def ask(*resources: dict[str, Any], name: Any = "web1", now: Any = READ, **options: Any) -> tuple[str, str]:
    told = gate(reading(*resources), name, now=now, **options)
    return told["verdict"], told["reason"]


def waiver(**changes: Any) -> dict[str, Any]:
    given = {"host": "h1", "until": "2026-12-31", "reason": "It is rebuilt", **changes}
    return {key: value for key, value in given.items() if value is not ...}


# The age.


@pytest.mark.parametrize(
    ("began", "grace", "expected"),
    [
        (1, None, ("pass", "young_enough")),
        (24, None, ("pass", "young_enough")),
        (24.001, None, ("fail", "too_old")),
        (24, "2h", ("pass", "young_enough")),
        (26, "2h", ("pass", "within_grace")),
        (26.001, "2h", ("fail", "too_old")),
        (None, "2h", ("fail", "no_good_backup")),
    ],
)
def test_the_rpo_is_strict_unless_a_grace_is_given(began, grace, expected):
    assert ask(resource(began=began), grace=grace) == expected


def test_the_age_counts_to_the_check_and_not_to_the_reading():
    old = resource(began=20)
    assert ask(old, now=at(4)) == ("pass", "young_enough")
    assert ask(old, now=at(5)) == ("fail", "too_old")
    assert gate(reading(old), "web1", now=at(5))["evidence"]["age_seconds"] == 25 * HOUR


def test_a_server_whose_clock_is_off_tells_ages_by_its_own():
    ahead = resource(began=2)
    ahead["last_success_at"] = at(1)
    ahead["freshness"]["evaluated_at"] = at(3)
    assert ask(ahead, rpo="2h") == ("pass", "young_enough")
    assert ask(ahead, rpo="2h", now=at(1)) == ("fail", "too_old")


def test_without_the_time_of_reading_that_of_the_verdicts_counts():
    told = reading(resource(began=2))
    del told["read_at"]
    assert gate(told, "web1", now=at(1))["evidence"]["age_seconds"] == 3 * HOUR


@pytest.mark.parametrize(("began", "expected"), [(-1 / 60, "pass"), (-2 / 60, "unknown")])
def test_a_backup_of_the_future_proves_nothing(began, expected):
    assert ask(resource(began=began))[0] == expected


def test_the_evidence_is_the_task_that_proves_it():
    told = gate(reading(resource(began=5)), "web1", now=READ)
    assert told["evidence"] == {
        "task": "veeam:hq::run5",
        "time": "2026-11-21T07:00:00Z",
        "source": "hq",
        "age_seconds": 5 * HOUR,
        "basis": "task",
    }
    assert told["waiver"] is None
    for word in ("web1", "young enough", "5h ago", "2026-11-21T07:00:00Z", "1d old", "source hq", "veeam:hq::run5"):
        assert word in told["message"]


def test_a_recovery_point_is_evidence_without_a_task():
    point = resource(last_success_at=at(-2), last_success_basis="recovery_point")
    told = gate(reading(point), "web1", now=READ)
    assert (told["verdict"], told["evidence"]["task"], told["evidence"]["basis"]) == ("pass", None, "recovery_point")
    assert "recovery_point" in told["message"]


def test_how_the_newest_attempt_ended_is_told():
    about = new_resource("veeam", "hq", "id-web1", name="web1", protection="protected")
    failed = judge(about, Evidence([run("success", 40), run("failed", 3)]), Policy(now=READ))
    told = gate(reading(failed), "web1", now=READ)
    assert told["reason"] == "too_old"
    assert "Its newest attempt ended at 2026-11-21T09:30:00Z: failed." in told["message"]


# What the resource is.


@pytest.mark.parametrize(
    "protection", ["disabled", "unprotected", "unsupported", "orphaned", "registration_failed", "pending", "unknown"]
)
def test_a_young_backup_counts_whatever_its_system_says(protection):
    assert ask(resource(began=5, protection=protection))[0] == "pass"


@pytest.mark.parametrize("protection", ["disabled", "unprotected", "unsupported", "orphaned", "registration_failed"])
@pytest.mark.parametrize("began", [30, None])
def test_without_one_the_state_is_the_reason(protection, began):
    assert ask(resource(began=began, protection=protection)) == ("fail", protection)


def test_what_was_deleted_proves_nothing():
    gone = resource(began=5, protection="deleted", id="old")
    assert ask(gone) == ("fail", "deleted")
    assert ask(gone, resource(began=30)) == ("fail", "too_old")
    assert ask(gone, resource(began=7)) == ("pass", "young_enough")


# What was not read.


def test_what_was_not_read_is_unknown_but_what_was_read_counts():
    assert ask(resource(began=5, complete=False)) == ("pass", "young_enough")
    assert ask(resource(began=30, complete=False)) == ("unknown", "incomplete_data")
    assert ask(resource(complete=False, protection="disabled")) == ("unknown", "incomplete_data")


def test_an_absence_is_proved_by_complete_sources_only():
    two = {"sources": ("hq", "branch")}
    assert gate(reading(**two), "web1", now=READ)["reason"] == "not_found"
    told = gate(reading(unread=("branch",), **two), "web1", now=READ)
    assert (told["verdict"], told["reason"]) == ("unknown", "incomplete_data")
    assert "Not read completely: branch." in told["message"]
    assert gate(reading(unread=("branch",), **two), "web1", source="hq", now=READ)["reason"] == "not_found"


def test_what_no_system_knows_is_told_with_what_to_do():
    told = gate(reading(resource("db9")), "web1", now=READ)
    assert told["message"] == (
        "web1: no backup system knows it. Names and ids are compared exactly: "
        "say in `gate_resource` what the backup system calls it."
    )


@pytest.mark.parametrize(
    ("asked", "options", "near"),
    [
        ("WEB1", {}, "`web1` of source hq"),
        ("ID-web1", {}, "`id-web1` of source hq"),
        ("Alias", {"match": "id"}, "`ALIAS` of source hq"),
        ("WEB1", {"match": "id"}, None),
        ("ID-web1", {"match": "name"}, None),
        ("WEB1", {"source": "branch"}, None),
        ("web", {}, None),
    ],
)
def test_a_name_that_differs_in_case_only_is_told_and_proves_nothing(asked, options, near):
    known = reading(resource(began=1, alternate_ids=["ALIAS"]), resource(began=1), sources=("hq", "branch"))
    told = gate(known, asked, now=READ, **options)
    assert (told["verdict"], told["reason"]) == ("fail", "not_found")
    assert told["evidence"]["time"] is None
    assert told["message"].count("in case only") == (near is not None)
    assert near is None or f"{near} differs in case only." in told["message"]


def test_a_name_that_differs_in_case_only_is_told_also_where_something_was_not_read():
    told = gate(reading(resource(began=1), unread=("hq",)), "WEB1", now=READ)
    assert (told["verdict"], told["reason"]) == ("unknown", "incomplete_data")
    assert "`web1` of source hq differs in case only." in told["message"]


def test_the_source_that_knows_the_host_speaks_for_it():
    told = gate(reading(resource(began=30), unread=("branch",), sources=("hq", "branch")), "web1", now=READ)
    assert (told["verdict"], told["reason"]) == ("fail", "too_old")
    assert "Not read completely: branch." in told["message"]


@pytest.mark.parametrize("nothing", [{}, None, ""])
def test_no_reading_is_unknown(nothing):
    told = gate(nothing, "web1", source="hq", now=READ)
    assert (told["verdict"], told["reason"], told["evidence"]["time"]) == ("unknown", "not_read", None)


# What the host is called.


@pytest.mark.parametrize(
    ("match", "found"),
    [("any", {"web1", "id-web1", "alias"}), ("id", {"id-web1", "alias"}), ("name", {"web1"})],
)
def test_ids_and_names_are_compared_exactly(match, found):
    one = resource(began=5, alternate_ids=["alias"])
    for name in ("web1", "id-web1", "alias", "Web1", "web1.example.com", "web"):
        assert (ask(one, name=name, match=match)[0] == "pass") == (name in found), name


def test_an_id_may_be_a_number():
    assert ask(resource(began=5, id="17"), name=17) == ("pass", "young_enough")


@pytest.mark.parametrize("name", ["", "  ", None])
def test_a_host_without_a_mapping_fails_for_that(name):
    assert ask(resource(began=5), name=name) == ("fail", "no_mapping")


def test_an_id_goes_before_a_name():
    assert ask(resource(began=5, id="web1", name="x"), resource(began=90, id="other")) == ("pass", "young_enough")
    assert ask(resource(began=90, id="web1", name="x"), resource(began=5, id="other")) == ("fail", "too_old")


@pytest.mark.parametrize(
    ("ages", "expected", "told"),
    [
        ((5, 9), ("pass", "young_enough"), 9),
        ((30, 40), ("fail", "too_old"), 30),
        ((30, None), ("fail", "too_old"), 30),
        ((5, 30), ("unknown", "ambiguous"), None),
        ((5, None), ("unknown", "ambiguous"), None),
    ],
)
def test_namesakes_in_one_source_are_one_only_if_they_agree(ages, expected, told):
    namesakes = [resource(began=age, id=f"id{age}") for age in ages]
    for order in (namesakes, namesakes[::-1]):
        verdict = gate(reading(*order), "web1", now=READ)
        assert (verdict["verdict"], verdict["reason"]) == expected
        assert verdict["evidence"]["age_seconds"] == (None if told is None else told * HOUR)


@pytest.mark.parametrize(
    ("here", "there", "expected", "source"),
    [
        (5, 9, ("pass", "young_enough"), "hq"),
        (90, 9, ("pass", "young_enough"), "branch"),
        (90, 80, ("fail", "too_old"), "branch"),
        (None, 80, ("fail", "too_old"), "branch"),
    ],
)
def test_the_same_machine_in_two_sources_has_the_newest_good_backup(here, there, expected, source):
    both = reading(resource(began=here), resource(began=there, source="branch"), sources=("hq", "branch"))
    told = gate(both, "web1", now=READ)
    assert (told["verdict"], told["reason"]) == expected
    assert told["evidence"]["source"] == source


@pytest.mark.parametrize(("source", "expected"), [("hq", "fail"), (["branch"], "pass"), ([], "pass"), ("", "pass")])
def test_one_source_may_be_meant(source, expected):
    both = reading(resource(began=90), resource(began=9, source="branch"), sources=("hq", "branch"))
    assert gate(both, "web1", source=source, now=READ)["verdict"] == expected


# Waivers.


@pytest.mark.parametrize(
    ("until", "now", "holds"),
    [
        ("2026-11-21", "2026-11-21T23:59:59Z", True),
        ("2026-11-21", "2026-11-22T00:00:00Z", False),
        (datetime.date(2026, 11, 21), "2026-11-21T23:59:59Z", True),
        ("2026-11-21T14:00:00+02:00", "2026-11-21T11:59:59Z", True),
        ("2026-11-21T14:00:00+02:00", "2026-11-21T12:00:00Z", False),
        (datetime.datetime(2026, 11, 21, 14, tzinfo=datetime.timezone.utc), "2026-11-21T13:59:59Z", True),
        ("9999-12-31", "2026-11-21T12:00:00Z", True),
    ],
)
def test_a_waiver_holds_until_it_expires(until, now, holds):
    told = gate(reading(), "web1", host="h1", waivers=[waiver(until=until)], now=now)
    assert told["verdict"] == ("waived" if holds else "fail")
    assert told["reason"] == "not_found"
    assert told["waiver"]["expired"] is not holds
    assert ("WAIVED until" if holds else "waiver expired on") in told["message"]
    assert "It is rebuilt" in told["message"]


@pytest.mark.parametrize(
    ("changes", "waived"),
    [
        ({}, True),
        ({"host": "h"}, False),
        ({"host": "h*"}, False),
        ({"host": ..., "resource": "web1"}, True),
        ({"host": ..., "resource": "h1"}, False),
        ({"host": "web1"}, False),
    ],
)
def test_a_waiver_is_for_one_host_or_one_resource(changes, waived):
    told = gate(reading(), "web1", host="h1", waivers=[waiver(**changes)], now=READ)
    assert (told["verdict"] == "waived") is waived
    assert (told["waiver"] is not None) is waived


def test_a_waiver_tells_who_gave_it_and_is_not_used_without_need():
    given = [waiver(approved_by="The owner")]
    assert "approved by The owner" in gate(reading(), "web1", host="h1", waivers=given, now=READ)["message"]
    told = gate(reading(resource(began=5)), "web1", host="h1", waivers=given, now=READ)
    assert (told["verdict"], told["waiver"]) == ("pass", None)


def test_the_waiver_that_lasts_longest_counts():
    given = [waiver(until="2026-01-01"), waiver(until="2026-12-01", reason="New"), waiver(until="2026-02-01")]
    told = gate(reading(), "web1", host="h1", waivers=given, now=READ)
    assert (told["verdict"], told["waiver"]["reason"]) == ("waived", "New")


@pytest.mark.parametrize("name", ["", "web1"])
def test_what_is_unknown_or_not_mapped_can_be_waived(name):
    assert gate({}, name, host="h1", waivers=[waiver()], now=READ)["verdict"] == "waived"


# What is refused.


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"rpo": ""}, "`rpo`"),
        ({"rpo": None}, "`rpo`"),
        ({"rpo": "1day"}, "`rpo`"),
        ({"rpo": 24}, "`rpo`"),
        ({"grace": "-1h"}, "`grace`"),
        ({"history": "1d", "grace": "1h"}, "`history`"),
        ({"match": "regex"}, "`match`"),
        ({"source": "hp"}, "`source`"),
        ({"source": 1}, "`source`"),
        ({"source": [""]}, "`source`"),
        ({"resource": ["web1"]}, "`resource`"),
        ({"resource": True}, "`resource`"),
        ({"now": "noon"}, "`now`"),
        ({"host": ""}, "`host`"),
        ({"waivers": {}}, "`waivers`"),
        ({"waivers": ["h1"]}, "`waivers[0]`"),
        ({"waivers": [waiver(), waiver(until=...)]}, "`waivers[1].until`"),
        ({"waivers": [waiver(until="7d")]}, "`waivers[0].until`"),
        ({"waivers": [waiver(until="2026-02-30")]}, "`waivers[0].until`"),
        ({"waivers": [waiver(until="31.12.2026")]}, "`waivers[0].until`"),
        ({"waivers": [waiver(reason=...)]}, "no `reason`"),
        ({"waivers": [waiver(reason=" ")]}, "no `reason`"),
        ({"waivers": [waiver(reason=1)]}, "`waivers[0].reason`"),
        ({"waivers": [waiver(host=...)]}, "`waivers[0]`"),
        ({"waivers": [waiver(resource="web1")]}, "`waivers[0]`"),
        ({"waivers": [waiver(expires="2026-12-31")]}, "expires"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(options, named):
    with pytest.raises(AnsibleFilterError) as refused:
        gate(reading(), **{"resource": "web1", "now": READ, **options})
    assert named in str(refused.value)
    assert "multivendor.backup.gate" in str(refused.value)


@pytest.mark.parametrize("value", [[1], "text", {"tasks": []}, {"resources": [{"id": "a"}], "sources": []}])
def test_what_is_no_reading_is_refused(value):
    with pytest.raises(AnsibleFilterError, match=r"backup_resource_info|fields"):
        gate(value, "web1", now=READ)


def test_every_reason_gives_a_verdict_and_is_documented():
    documentation = importlib.import_module(Gate.__module__).RETURN
    assert {verdict for verdict, _text in REASONS.values()} == {*VERDICTS} - {"waived"}
    assert all(f"V({reason})" in documentation for reason in REASONS)


# What is kept.

OPTIONS = {"sources": [{"name": "hq", "veeam": {"password": "hunter2-hunter2"}}], "history": "14d"}


def test_a_reading_is_kept_for_the_same_options_only(tmp_path: Path):
    result = {**reading(resource(began=5)), "changed": False, "errors": []}
    del result["read_at"]
    result["sources"][0]["elapsed_seconds"] = 90.5

    keep(result, OPTIONS, tmp_path, READ + 100)

    told = kept(json.loads(json.dumps(OPTIONS)), tmp_path, READ + 200)
    assert told is not None
    assert told["read_at"] == at(0)[:-3] + "09Z"
    assert told["resources"] == result["resources"]
    assert kept({**OPTIONS, "history": "15d"}, tmp_path, READ) is None
    other = json.loads(json.dumps(OPTIONS).replace("hunter2-hunter2", "hunter3"))
    assert kept(other, tmp_path, READ) is None


@pytest.mark.parametrize(("age", "found"), [(0, True), (60, True), (61, False), (-1, False)])
def test_a_reading_serves_until_it_is_too_old(tmp_path: Path, age, found):
    keep(reading(), OPTIONS, tmp_path, READ)
    assert (kept(OPTIONS, tmp_path, READ + age, 60) is not None) is found
    assert kept(OPTIONS, tmp_path, READ + age) is not None


def test_the_newest_reading_takes_the_place_of_the_one_before(tmp_path: Path):
    keep(reading(), OPTIONS, tmp_path, READ)
    keep(reading(resource(began=5)), OPTIONS, tmp_path, READ + 60)
    told = kept(OPTIONS, tmp_path, READ + 60)
    assert told is not None
    assert (told["read_at"], len(told["resources"])) == ("2026-11-21T12:01:00Z", 1)
    assert len(list(tmp_path.iterdir())) == 1


def test_no_secret_is_kept_and_nobody_else_may_read(tmp_path: Path):
    keep(reading(), OPTIONS, tmp_path, READ)
    (file,) = tmp_path.iterdir()
    assert "hunter2" not in file.name + file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert set(json.loads(file.read_text())) == {"resources", "sources", "complete", "read_at"}


def test_the_name_of_a_reading_differs_from_run_to_run(tmp_path: Path):
    names = []
    for run_of_ansible in ("a", "b"):
        folder = tmp_path / run_of_ansible
        folder.mkdir()
        keep(reading(), OPTIONS, folder, READ)
        names.append(next(folder.iterdir()).name)
    assert len({*names}) == 2


def test_the_filters_keep_and_give_back():
    options = {"sources": [], "test": __name__}
    assert Kept().filters()["gate_kept"](options) == {}
    assert Keep().filters()["gate_keep"](reading(), options) is True
    assert Kept().filters()["gate_kept"](options)["sources"] == reading()["sources"]


@pytest.mark.parametrize("name", ["web1", " id-web1 ", "alias", 17, "WEB1", "ID-WEB1", "Alias"])
def test_only_what_may_be_the_host_is_given_back(name):
    options = {"sources": [], "test": f"{__name__}{name}"}
    Keep().filters()["gate_keep"](reading(resource(alternate_ids=["alias", "17"]), resource("web2")), options)
    told = Kept().filters()["gate_kept"](options, resource=name)
    assert [one["name"] for one in told["resources"]] == ["web1"]
    assert told["sources"] == reading()["sources"]
    assert Kept().filters()["gate_kept"](options, resource="")["resources"] == []


@pytest.mark.parametrize("result", [None, "", {"failed": True, "msg": "no"}, {"resources": []}])
def test_what_is_no_result_is_not_kept(result):
    with pytest.raises(AnsibleFilterError, match="backup_resource_info"):
        Keep().filters()["gate_keep"](result, OPTIONS)


def test_a_malformed_age_is_refused():
    with pytest.raises(AnsibleFilterError, match="max_age"):
        Kept().filters()["gate_kept"](OPTIONS, "soon")
