# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics: no number for what is unknown, no series twice, nothing that breaks out of a label."""

from __future__ import annotations

import re

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._formats.about import About
from ansible_collections.multivendor.backup.plugins.module_utils._formats.prometheus import (
    resource_metrics,
    task_metrics,
)
from ansible_collections.multivendor.backup.plugins.module_utils._model.enums import FRESHNESS, RESULTS
from ansible_collections.multivendor.backup.plugins.module_utils._model.resource import new_resource

SAMPLE = re.compile(r'(\w+)\{((?:\w+="(?:[^"\\\n]|\\["\\n])*",?)*)\} (-?\d+(?:\.\d+)?)')


def about(kind, *, sources=(("us", True),), **known):
    rows = [{"name": name, "provider": "clumio", "complete": complete} for name, complete in sources]
    facts = {"since": "2026-11-20T07:00:00Z", "until": None, "matched": 3, "filters": {}, "errors": []}
    complete = all(complete for _name, complete in sources)
    return About(kind, "2026-11-21T07:00:00Z", complete=complete, sources=rows, **{**facts, **known})


def resource(name, status="met", success="2026-11-21T01:00:00Z", *, source="us", native_id=None, target=86400.0):
    freshness = {"status": status, "target_seconds": target, "age_seconds": None}
    known = {"name": name, "last_success_at": success, "freshness": freshness}
    return new_resource("clumio" if source else None, source, native_id or name, **known)


def samples(lines):
    """Each series and its value, after a look at the form of the whole."""
    text = "".join(lines)
    found, family, done = {}, None, set()
    for line in text.split("\n")[:-1]:
        if line.startswith("# HELP "):
            family = line.split()[2]
            assert family not in done
            done.add(family)
        elif line.startswith("# TYPE "):
            assert line == f"# TYPE {family} gauge"
        else:
            sample = SAMPLE.fullmatch(line)
            assert sample, line
            assert sample[1] == family
            assert (sample[1], sample[2]) not in found
            found[sample[1], sample[2]] = float(sample[3])
    assert text.endswith("\n")
    return found


def values(found, name):
    return {labels: value for (family, labels), value in found.items() if family == name}


@pytest.mark.parametrize("status", FRESHNESS)
def test_what_is_unknown_is_no_number(status):
    found = samples(resource_metrics([resource("db", status)], about("resources")))

    met = list(values(found, "backup_rpo_met").values())

    assert met == {"met": [1], "late": [0], "missed": [0], "never": [0]}.get(status, [])
    told = values(found, "backup_freshness_status")
    assert told == {f'source="us",provider="clumio",resource="db",id="db",status="{status}"': 1}


def test_times_are_seconds_and_what_is_not_known_is_left_out():
    fraction = "2026-11-21T01:00:00.5Z"
    found = samples(
        resource_metrics(
            [resource("a"), resource("b", "never", None, target=None), resource("c", success=fraction)],
            about("resources"),
        )
    )

    times = values(found, "backup_last_success_timestamp_seconds")

    assert sorted(times.values()) == [1795222800.0, 1795222800.5]
    assert len(values(found, "backup_rpo_seconds")) == 2
    assert values(found, "backup_collection_timestamp_seconds") == {'kind="resources"': 1795244400.0}
    assert values(found, "backup_collection_since_timestamp_seconds") == {'kind="resources"': 1795158000.0}
    assert not values(found, "backup_collection_until_timestamp_seconds")


def test_names_cannot_break_out_of_a_label():
    hostile = [
        '"} 1\nevil 1 #',
        "\\",
        '\\"',
        "a\0b",
        "\ud800",
        "{{ 7*7 }}",
        "x" * 10_000,
        "日本 \U0001f4a3",
        "",
        "a\rb",
    ]

    found = samples(resource_metrics([resource(name) for name in hostile], about("resources")))

    assert len(values(found, "backup_rpo_met")) == len(hostile)
    assert not values(found, "evil")


def test_namesakes_are_told_apart_and_twins_are_one_and_the_worst():
    found = samples(
        resource_metrics(
            [
                resource("db", native_id="1"),
                resource("db", "missed", native_id="2"),
                resource("twin", native_id="3"),
                resource("twin", "missed", "2026-11-01T01:00:00Z", native_id="3"),
                resource("a\0", native_id="4"),
                resource("a\1", native_id="4"),
            ],
            about("resources"),
        )
    )

    assert sorted(values(found, "backup_rpo_met").values()) == [0, 0, 1, 1]
    assert values(found, "backup_rpo_met")['source="us",provider="clumio",resource="twin",id="3"'] == 0
    counts = values(found, "backup_resources")
    assert counts['source="us",provider="clumio",status="met"'] == 4
    assert counts['source="us",provider="clumio",status="missed"'] == 2


def test_what_no_source_has_is_counted_too():
    found = samples(resource_metrics([resource("ghost", "never", None, source=None)], about("resources")))
    assert values(found, "backup_resources")['source="",provider="",status="never"'] == 1


def test_zeros_are_for_sources_that_were_read_completely():
    summary = {
        "states": [{"source": "dead", "provider": "clumio", "state": "finished", "count": 2}],
        "results": [{"source": "dead", "provider": "clumio", "result": "failed", "count": 2}],
    }

    found = samples(task_metrics(summary, about("tasks", sources=(("us", True), ("dead", False)))))

    results = values(found, "backup_task_results")
    assert results['source="us",provider="clumio",result="failed"'] == 0
    assert {labels: value for labels, value in results.items() if "dead" in labels} == {
        'source="dead",provider="clumio",result="failed"': 2
    }
    assert values(found, "backup_tasks")['source="dead",provider="clumio",state="finished"'] == 2
    assert values(found, "backup_collection_complete") == {
        'kind="tasks",source="us",provider="clumio"': 1,
        'kind="tasks",source="dead",provider="clumio"': 0,
    }


@pytest.mark.parametrize(
    ("filters", "states", "results"),
    [
        ({"states": ["queued", "finished"]}, {"queued", "finished"}, set(RESULTS)),
        ({"states": ["queued"]}, {"queued"}, set()),
        ({"results": ["failed"]}, {"finished"}, {"failed"}),
        ({"states": ["running"], "results": ["failed"]}, set(), set()),
    ],
)
def test_what_nobody_asked_for_is_not_zero(filters, states, results):
    found = samples(task_metrics({"states": [], "results": []}, about("tasks", filters=filters)))
    told = {name: {re.findall('"(.*?)"', labels)[-1] for labels in values(found, name)} for name, _labels in found}
    assert told.get("backup_tasks", set()) == states
    assert told.get("backup_task_results", set()) == results


def test_nor_are_verdicts_that_nobody_asked_for():
    found = samples(resource_metrics([], about("resources", filters={"freshness": ["never"]})))
    assert values(found, "backup_resources") == {'source="us",provider="clumio",status="never"': 0}


def test_both_files_may_lie_in_one_folder():
    tasks = samples(task_metrics({"states": [], "results": []}, about("tasks", filters={"since": "7d"})))
    resources = samples(resource_metrics([resource("a")], about("resources")))

    assert not tasks.keys() & resources.keys()
    assert values(tasks, "backup_collection_info") == {'kind="tasks",filters="since=7d"': 1}


def test_nothing_at_all():
    found = samples(resource_metrics([], about("resources", sources=())))
    assert values(found, "backup_collection_records") == {'kind="resources"': 3}
    assert not values(found, "backup_resources")
