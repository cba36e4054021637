# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Counts over tasks of the model, for people who want one look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
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
    tally = Tally()
    tally.add(tasks)
    return tally.summary()


class Tally:
    """A summary in the making: tasks are looked at once, in as many portions as one likes, and none is kept."""

    def __init__(self) -> None:
        # How often each combination occurs: all counts are sums over these few rows.
        self._counts: dict[tuple[Any, ...], int] = {}
        self._success: Record | None = None
        self._failure: Record | None = None
        self._groups: dict[tuple[str, str], _Group] = {}

    def add(self, tasks: Sequence[Record]) -> None:
        """Take some tasks."""
        counts, words = self._counts, itemgetter(*_Row._fields[:-1])
        successes: list[Record] = []
        failures: list[Record] = []
        for task in tasks:  # only once: walking through many costs more than what is done on the way
            row = (*words(task), (task["created_at"] or "")[:10])
            counts[row] = counts.get(row, 0) + 1
            if task["protects"]:
                successes.append(task)
            if task["severity"] == "critical":
                failures.append(task)
        for task in failures:
            self._groups.setdefault((task["provider"], task["message"] or ""), _Group()).add(task)
        self._success = _newest([self._success, *successes])
        self._failure = _newest([self._failure, *failures])

    def summary(self) -> Record:
        """What they amount to."""
        rows = self._rows()
        return {
            "total": sum(rows.values()),
            "by_state": _by_word(rows, "state"),
            "by_result": _by_word(rows, "result"),
            "by_severity": _by_word(rows, "severity"),
            "by_operation": _by_word(rows, "operation"),
            "by_provider": _by_word(rows, "provider"),
            "by_source": _by_source(rows),
            "by_day": _by_day(rows),
            "newest_success": _short(self._success),
            "newest_failure": _short(self._failure),
            "failures": _told(self._groups),
        }

    def counts(self) -> Record:
        """What metrics are made of: `states` and `results`, each as `by_source` gives them."""
        return {"states": self.by_source("state"), "results": self.by_source("result")}

    def by_source(self, field: str) -> list[Record]:
        """Rows {source, provider, `field`, count} of how often each of its words occurs; `state` or `result`."""
        counts: Counter[tuple[str, str, str]] = Counter()
        for row, count in self._rows().items():
            word = getattr(row, field)
            if word is not None:
                counts[row.source, row.provider, word] += count
        return [dict(zip(("source", "provider", field, "count"), (*key, counts[key]))) for key in sorted(counts)]

    def _rows(self) -> dict[_Row, int]:
        return {_Row(*row): count for row, count in self._counts.items()}


class _Group:
    """Failures that say the same."""

    def __init__(self) -> None:
        self.count = 0
        self.sources: set[str] = set()
        self.names: list[str] = []
        self.newest = ""

    def add(self, task: Record) -> None:
        self.count += 1
        self.sources.add(task["source"])
        self.newest = max(self.newest, task["finished_at"] or "", key=_sortable)
        name = _name(task)
        if name and name not in self.names:
            self.names = sorted([*self.names, name])[:MOST_RESOURCES]


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
    groups: dict[Any, Counter[str]] = {}
    for row, count in rows.items():
        groups.setdefault(key(row), Counter())[_column(row)] += count
    return {value: _severities(counts) for value, counts in groups.items()}


def _column(row: _Row) -> str:
    """Where tasks are counted. What has not finished has no severity yet; of unknown state, it may well have."""
    return "unknown" if row.state == "unknown" else row.severity or "unfinished"


def _severities(counts: Counter[str]) -> dict[str, int]:
    """A row of counts."""
    columns = (*dict.fromkeys(SEVERITIES.values()), "unfinished")
    return {**{column: counts[column] for column in columns}, "total": sum(counts.values())}


def _newest(tasks: Iterable[Record | None]) -> Record | None:
    """The task that ended last."""
    return max((task for task in tasks if task and task["finished_at"]), key=_ended, default=None)


def _short(task: Record | None) -> Record | None:
    if task is None:
        return None
    return {"uid": task["uid"], "finished_at": task["finished_at"], "resource": _name(task), "message": task["message"]}


def _told(groups: Mapping[tuple[str, str], _Group]) -> list[Record]:
    """Failures that say the same, the most frequent first."""
    most = sorted(groups.items(), key=lambda item: (-item[1].count, item[0][0], item[0][1]))[:MOST_GROUPS]
    return [
        {
            "provider": provider,
            "message": message or None,
            "count": group.count,
            "sources": sorted(group.sources),
            "resource_names": group.names,
            "newest_at": group.newest or None,
        }
        for (provider, message), group in most
    ]


def _ended(task: Record) -> str:
    """A text that sorts like the time at which a task ended."""
    return _sortable(task["finished_at"] or "")


def _sortable(time: str) -> str:
    return time[:-1]


def _name(task: Record) -> str | None:
    """What a person calls the thing that a task is about."""
    about = task["resource"] or task["job"] or {}
    return about.get("name") or about.get("id")
