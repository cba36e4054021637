# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Counts over tasks of the model, for people who want one look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from .._core.records import Record
from .enums import SEVERITIES

#: So many groups of failures are told, and so many resources in each.
MOST_GROUPS = 50
MOST_RESOURCES = 10


class _Row(NamedTuple):
    """What tasks are counted by; `day` (UTC) is that of the creation, empty when nobody knows."""

    state: str
    result: str | None
    severity: str | None
    operation: str
    provider: str
    source: str
    day: str


def summarize(tasks: Sequence[Record]) -> Record:
    """What a list of tasks amounts to: counts, the newest success and failure, failures by message."""
    failures = [task for task in tasks if task["severity"] == "critical"]
    successes = [task for task in tasks if task["protects"]]
    rows = _counts(tasks)
    return {
        "total": len(tasks),
        "by_state": _by_word(rows, "state"),
        "by_result": _by_word(rows, "result"),
        "by_severity": _by_word(rows, "severity"),
        "by_operation": _by_word(rows, "operation"),
        "by_provider": _by_word(rows, "provider"),
        "by_source": _by_source(rows),
        "by_day": _by_day(rows),
        "newest_success": _newest(successes),
        "newest_failure": _newest(failures),
        "failures": _grouped(failures),
    }


def _counts(tasks: Sequence[Record]) -> Mapping[_Row, int]:
    """How often each combination occurs: tasks are looked at once, and all counts are sums over these few rows."""
    read = itemgetter(*_Row._fields[:-1])
    counts = Counter((*read(task), (task["created_at"] or "")[:10]) for task in tasks)
    return {_Row(*row): count for row, count in counts.items()}


def _by_word(rows: Mapping[_Row, int], field: str) -> dict[str, int]:
    """How often each word occurs, in order of the words; unfinished tasks have no result and are not counted there."""
    counts: Counter[str] = Counter()
    for row, count in rows.items():
        word = getattr(row, field)
        if word is not None:
            counts[word] += count
    return {word: counts[word] for word in sorted(counts)}


def _by_source(rows: Mapping[_Row, int]) -> list[Record]:
    groups = _groups(rows, lambda row: (row.source, row.provider))
    return [{"source": name, "provider": provider, **groups[name, provider]} for name, provider in sorted(groups)]


def _by_day(rows: Mapping[_Row, int]) -> list[Record]:
    """By the day (UTC) on which a task was created; those without a day are left out here."""
    groups = _groups(rows, lambda row: row.day)
    return [{"date": day, **groups[day]} for day in sorted(groups) if day]


def _groups(rows: Mapping[_Row, int], key: Callable[[_Row], Hashable]) -> dict[Any, Record]:
    """For each value of `key`, how often each severity occurs."""
    groups: dict[Any, Counter[str | None]] = {}
    for row, count in rows.items():
        groups.setdefault(key(row), Counter())[row.severity] += count
    return {value: _severities(counts) for value, counts in groups.items()}


def _severities(counts: Counter[str | None]) -> dict[str, int]:
    """A row of counts; what has not finished has no severity yet."""
    row = {severity: counts[severity] for severity in dict.fromkeys(SEVERITIES.values())}
    return {**row, "unfinished": counts[None], "total": sum(counts.values())}


def _newest(tasks: Sequence[Record]) -> Record | None:
    """The task that ended last, in short."""
    ended = [task for task in tasks if task["finished_at"]]
    if not ended:
        return None
    task = max(ended, key=_ended)
    return {"uid": task["uid"], "finished_at": task["finished_at"], "resource": _name(task), "message": task["message"]}


def _grouped(failures: Sequence[Record]) -> list[Record]:
    """Failures that say the same, the most frequent first."""
    groups: dict[tuple[str, str], list[Record]] = {}
    for task in failures:
        groups.setdefault((task["provider"], task["message"] or ""), []).append(task)
    rows = [
        {
            "provider": provider,
            "message": message or None,
            "count": len(tasks),
            "sources": sorted({task["source"] for task in tasks}),
            "resource_names": sorted({_name(task) or "" for task in tasks} - {""})[:MOST_RESOURCES],
            "newest_at": max(tasks, key=_ended)["finished_at"],
        }
        for (provider, message), tasks in groups.items()
    ]
    return sorted(rows, key=lambda row: (-int(str(row["count"])), str(row["provider"]), str(row["message"])))[
        :MOST_GROUPS
    ]


def _ended(task: Record) -> str:
    """A text that sorts like the time at which a task ended."""
    return (task["finished_at"] or "")[:-1]


def _name(task: Record) -> str | None:
    """What a person calls the thing that a task is about."""
    about = task["resource"] or task["job"] or {}
    return about.get("name") or about.get("id")
