# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Metrics in Prometheus' text format, for the textfile collector of node_exporter.

Nothing is unknown and yet a number: where nobody can say, there is no sample. There are no ages, for Prometheus knows
the time itself: `time() - backup_last_success_timestamp_seconds`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from .._core.records import Record
from .._model.enums import FRESHNESS, RESULTS, STATES
from .._model.freshness import worst_first
from .._model.task import first_known, seconds
from .about import About
from .text import as_it_is, clean, words

Labels = Mapping[str, str]
Sample = tuple[Labels, float]
Hide = Callable[[Any], Any]
Family = Callable[[str, str, Iterable[Sample]], Iterator[str]]

_RPO_MET = {"met": 1, "late": 0, "missed": 0, "never": 0}


def task_metrics(summary: Record, about: About, *, hide: Hide = as_it_is) -> Iterator[str]:
    """The lines on tasks, each with its line end.

    :param summary: `states` and `results`, as `Tally.by_source` gives them.
    :param hide: gives plain data without secrets.
    """
    family = partial(_family, hide)
    states, results = (_zeros(about, words_asked) for words_asked in _asked(about.filters))
    for counts, label, rows in ((states, "state", summary["states"]), (results, "result", summary["results"])):
        for row in rows:
            counts[row["source"], row["provider"], row[label]] += row["count"]
    yield from family("backup_tasks", "Tasks by state.", _counted(states, "state"))
    yield from family("backup_task_results", "Finished tasks by result.", _counted(results, "result"))
    yield from _collection(about, family)


def resource_metrics(resources: Sequence[Record], about: About, *, hide: Hide = as_it_is) -> Iterator[str]:
    """The lines on resources, each with its line end.

    Two resources with the same labels become one, the worst of them.

    :param hide: gives plain data without secrets.
    """
    family = partial(_family, hide)
    by_labels: dict[tuple[str, ...], tuple[Labels, Record]] = {}
    for resource in worst_first(resources):
        labels = hide(_resource_labels(resource))
        by_labels.setdefault(tuple(labels.values()), (labels, resource))
    rows = list(by_labels.values())
    statuses = _zeros(about, about.filters.get("freshness") or FRESHNESS)
    for resource in resources:
        statuses[resource["source"] or "", resource["provider"] or "", resource["freshness"]["status"]] += 1
    yield from family(
        "backup_last_success_timestamp_seconds",
        "When the newest good backup of a resource began; no sample where none is known.",
        ((labels, time) for labels, one in rows if (time := first_known(one, ("last_success_at",))) is not None),
    )
    yield from family(
        "backup_rpo_seconds",
        "How old the newest good backup of a resource may be; no sample where there is no target.",
        ((labels, target) for labels, one in rows if (target := one["freshness"]["target_seconds"]) is not None),
    )
    yield from family(
        "backup_rpo_met",
        "Whether the newest good backup of a resource is young enough; no sample where nobody can say.",
        ((labels, _RPO_MET[status]) for labels, one in rows if (status := one["freshness"]["status"]) in _RPO_MET),
    )
    yield from family(
        "backup_freshness_status",
        "The verdict on a resource, as a label.",
        (({**labels, "status": one["freshness"]["status"]}, 1) for labels, one in rows),
    )
    yield from family("backup_resources", "Resources by verdict.", _counted(statuses, "status"))
    yield from _collection(about, family)


def _resource_labels(resource: Record) -> Labels:
    return {
        "source": clean(resource["source"] or ""),
        "provider": clean(resource["provider"] or ""),
        "resource": clean(resource["name"] or resource["id"] or ""),
        "id": clean(resource["id"] or ""),
    }


def _asked(filters: Mapping[str, Any]) -> tuple[Iterable[str], Iterable[str]]:
    """The states and the results that were asked for. Only what has finished has a result."""
    states, results = filters.get("states") or STATES, filters.get("results")
    if "finished" not in states:
        return (() if results else states), ()
    return (("finished",), results) if results else (states, RESULTS)


def _zeros(about: About, known: Iterable[str]) -> Counter[tuple[str, str, str]]:
    """A zero for each word of each source that was read completely. Of others nobody knows that there is none."""
    complete = [row for row in about.sources if row["complete"]]
    return Counter({(row["name"], row["provider"], word): 0 for row in complete for word in known})


def _counted(counts: Mapping[tuple[str, str, str], int], label: str) -> Iterator[Sample]:
    for (source, provider, word), count in sorted(counts.items()):
        yield {"source": source, "provider": provider, label: word}, count


def _collection(about: About, family: Family) -> Iterator[str]:
    """What was collected. Both files have these, so each sample has the label `kind`."""
    kind = {"kind": about.kind}
    filters = ", ".join(f"{name}={words(value)}" for name, value in about.filters.items())
    yield from family(
        "backup_collection_complete",
        "Whether a source was read completely.",
        (({**kind, "source": row["name"], "provider": row["provider"]}, row["complete"]) for row in about.sources),
    )
    yield from family("backup_collection_records", "Records that were collected.", [(kind, about.matched)])
    yield from family(
        "backup_collection_info", "What was asked for, as a label.", [({**kind, "filters": clean(filters)}, 1)]
    )
    times = {
        "backup_collection_timestamp_seconds": ("When it was collected.", about.collected_at),
        "backup_collection_since_timestamp_seconds": ("From when on tasks were collected.", about.since),
        "backup_collection_until_timestamp_seconds": ("Until when tasks were collected.", about.until),
    }
    for name, (text, time) in times.items():
        yield from family(name, text, [(kind, seconds(time))] if time else [])


def _family(hide: Hide, name: str, text: str, samples: Iterable[Sample]) -> Iterator[str]:
    """A gauge and its samples; nothing at all where there are none."""
    lines = [f"{name}{{{_written(hide(labels))}}} {_number(value)}\n" for labels, value in samples]
    if lines:
        yield f"# HELP {name} {text}\n"
        yield f"# TYPE {name} gauge\n"
        yield from lines


def _written(labels: Labels) -> str:
    return ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())


def _escaped(value: Any) -> str:
    return str(value).replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(value: float) -> str:
    """A number without an exponent: whole seconds stay readable."""
    return str(int(value)) if value == int(value) else repr(value)
