# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report: never good news that nobody knows, the same bytes for the same data, nothing lost on the way."""

from __future__ import annotations

import csv
import io
import json

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.multivendor.backup.plugins.filter.report import FilterModule
from ansible_collections.multivendor.backup.plugins.module_utils._formats.csv import COLUMNS
from ansible_collections.multivendor.backup.plugins.plugin_utils._report import FIELDS, FORMATS
from ansible_collections.multivendor.backup.tests.browser.estate import COLLECTED_AT, FILTERS, HOSTILE, estate

LATER = "2026-11-21T09:30:00Z"
make = FilterModule().filters()["report"]


def report(results, collected_at=COLLECTED_AT, **options):
    return make(*results, collected_at, FILTERS, **options)


def aged(results, seconds=9000.0):
    """The same two results, read later."""
    tasks, resources = json.loads(json.dumps(results))
    for one in resources["resources"]:
        freshness = one["freshness"]
        freshness["evaluated_at"] = LATER
        freshness["age_seconds"] = freshness["age_seconds"] and freshness["age_seconds"] + seconds
    return tasks, resources


def test_every_format_has_its_files():
    made = report(estate(8))
    assert made["names"] == [
        *("report.html", "report.json", "tasks.csv", "resources.csv", "report.md"),
        *("backup_tasks.prom", "backup_resources.prom"),
    ]
    assert {*made["files"]} == {*made["names"]} - {"report.html"}


@pytest.mark.parametrize("formats", [[name] for name in FORMATS] + [[], ["csv", "html"]])
def test_only_what_is_asked_for_is_made(formats):
    suffixes = {"html": {"html"}, "json": {"json"}, "csv": {"csv"}, "markdown": {"md"}, "prometheus": {"prom"}}
    names = report(estate(3), formats=formats)["names"]
    assert {name.rpartition(".")[2] for name in names} == set().union(*(suffixes[name] for name in formats))


def test_json_holds_all_that_was_read():
    tasks, resources = estate(12, names=HOSTILE, dead="hq-veeam")
    told = json.loads(report((tasks, resources))["files"]["report.json"].encode())
    assert told["tasks"]["tasks"] == tasks["tasks"]
    assert told["resources"]["resources"] == resources["resources"]
    assert told["tasks"]["about"] == {
        **{"kind": "tasks", "collected_at": COLLECTED_AT, "since": "2026-11-07T07:00:00Z", "until": COLLECTED_AT},
        **{"complete": False, "matched": len(tasks["tasks"]), "filters": {"since": "14d"}},
        "sources": [
            {name: row[name] for name in ("name", "provider", "complete", "incomplete_reason", "returned")}
            for row in tasks["sources"]
        ],
        "errors": [{"source": "hq-veeam", "code": "deadline", "message": "the time was up"}],
    }


def test_tables_have_the_columns_that_were_read_and_no_others():
    for kind in FIELDS:
        known = {*COLUMNS[kind].values()} | {"days"}
        assert {*FIELDS[kind]} <= known
        text = report(estate(4))["files"][f"{kind}.csv"]
        head = next(line for line in text.splitlines() if not line.startswith("#"))
        assert head.split(",") == [name for name, path in COLUMNS[kind].items() if path in FIELDS[kind]]


def test_tables_have_a_row_for_each_record():
    tasks, resources = estate(20, names=HOSTILE)
    files = report((tasks, resources))["files"]
    for kind, records in (("tasks", tasks["tasks"]), ("resources", resources["resources"])):
        lines = files[f"{kind}.csv"].splitlines(keepends=True)
        rows = list(csv.reader(io.StringIO("".join(line for line in lines if not line.startswith("# ")), newline="")))
        assert len(rows) == len(records) + 1


@pytest.mark.parametrize("size", [0, 1, 30])
def test_the_same_data_make_the_same_bytes(size):
    results = estate(size, names=HOSTILE[:size], dead="hq-veeam")
    first = report(results)

    second = report(aged(results), LATER, previous=first["files"]["report.json"])

    assert second == first


def test_a_refreshed_report_has_the_newer_times():
    results = estate(5)
    assert report(aged(results), LATER)["view"]["collected"] == "21 Nov 2026, 09:30 UTC"


@pytest.mark.parametrize("change", ["task", "resource", "title", "source", "filter"])
def test_whatever_changes_makes_a_new_report(change):
    results = estate(5)
    first = report(results)
    tasks, resources = aged(results)
    options = {"previous": first["files"]["report.json"]}
    if change == "task":
        tasks["tasks"][0]["message"] = "something else"
    elif change == "resource":
        resources["resources"][0]["freshness"]["status"] = "late"
    elif change == "title":
        options["title"] = "Another"
    elif change == "source":
        tasks["sources"][0]["complete"] = False
    filters = {**FILTERS, "tasks": {"since": "7d"}} if change == "filter" else FILTERS

    second = make(tasks, resources, LATER, filters, **options)

    assert second["view"]["collected_at"] == LATER


@pytest.mark.parametrize(
    "previous",
    [
        *("", "no json", "[]", "{}", "null", "1", '{"tasks": 1, "resources": {}}', "[" * 100_000, "\ud800", None),
        json.dumps({"format": "multivendor.backup.report", "version": 1, "tasks": {}, "resources": {}}),
    ],
)
def test_a_broken_earlier_report_is_passed_over(previous):
    assert report(estate(3), LATER, previous=previous)["view"]["collected_at"] == LATER


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        *(("about", "collected_at", value) for value in ("<b>", 7, "", [])),
        *(("freshness", "age_seconds", value) for value in ("<b>", True, {})),
        ("freshness", "evaluated_at", "{{ 7*7 }}"),
    ],
)
def test_nothing_strange_is_taken_over_from_an_earlier_report(kind, name, value):
    results = estate(3)
    data = json.loads(report(results)["files"]["report.json"])
    place = data["resources"]
    (place["about"] if kind == "about" else place["resources"][0]["freshness"])[name] = value

    assert report(results, LATER, previous=json.dumps(data))["view"]["collected_at"] == LATER


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"tasks": None}, "whole result of backup_task_info"),
        ({"tasks": []}, "whole result of backup_task_info"),
        ({"resources": {"resources": []}}, "whole result of backup_resource_info"),
        ({"collected_at": "yesterday"}, "`collected_at`"),
        ({"collected_at": None}, "`collected_at`"),
        ({"title": 3}, "`title`"),
        ({"formats": ["pdf"]}, "there is no format pdf"),
        ({"filters": {"tasks": {"since": "soon"}}}, "`since`"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(change, told):
    tasks, resources = estate(2)
    with pytest.raises(AnsibleFilterError) as refused:
        make(**{"tasks": tasks, "resources": resources, "collected_at": COLLECTED_AT, **change})
    assert told in str(refused.value)
