# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Counts over tasks of the model, for people who want one look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from .._core.records import Record
from .enums import SEVERITIES

#: So many groups of failures are told, and so many resources in each.
MOST_GROUPS = 50
MOST_RESOURCES = 10


def summarize(tasks: Sequence[Record]) -> Record:
    """What a list of tasks amounts to: counts, the newest success and failure, failures by message."""
    failures = [task for task in tasks if task["severity"] == "critical"]
    successes = [task for task in tasks if task["protects"]]
    return {
        "total": len(tasks),
        "by_state": _counted(tasks, "state"),
        "by_result": _counted(tasks, "result"),
        "by_severity": _counted(tasks, "severity"),
        "by_operation": _counted(tasks, "operation"),
        "by_provider": _counted(tasks, "provider"),
        "by_source": _by_source(tasks),
        "by_day": _by_day(tasks),
        "newest_success": _newest(successes),
        "newest_failure": _newest(failures),
        "failures": _grouped(failures),
    }


def _counted(tasks: Sequence[Record], field: str) -> dict[str, int]:
    """How often each word occurs, in order of the words; unfinished tasks have no result and are not counted there."""
    counts = Counter(task[field] for task in tasks if task[field] is not None)
    return {word: counts[word] for word in sorted(counts)}


def _by_source(tasks: Sequence[Record]) -> list[Record]:
    groups = _groups(tasks, lambda task: (task["source"], task["provider"]))
    return [
        {"source": name, "provider": provider, **_severities(groups[name, provider])}
        for name, provider in sorted(groups)
    ]


def _by_day(tasks: Sequence[Record]) -> list[Record]:
    """By the day (UTC) on which a task was created; those without a day are left out here."""
    groups = _groups(tasks, lambda task: (task["created_at"] or "")[:10])
    return [{"date": day, **_severities(groups[day])} for day in sorted(groups) if day]


def _groups(tasks: Sequence[Record], key: Callable[[Record], Any]) -> dict[Any, Counter[str | None]]:
    """For each value of `key`, how often each severity occurs."""
    groups: dict[Any, Counter[str | None]] = {}
    for task in tasks:
        groups.setdefault(key(task), Counter())[task["severity"]] += 1
    return groups


def _severities(counts: Counter[str | None]) -> dict[str, int]:
    """A row of counts; what has not finished has no severity yet."""
    row = {severity: counts[severity] for severity in dict.fromkeys(SEVERITIES.values())}
    return {**row, "unfinished": counts[None], "total": sum(counts.values())}


def _newest(tasks: Sequence[Record]) -> Record | None:
    """The task that ended last, in short."""
    ended = [task for task in tasks if task["finished_at"]]
    if not ended:
        return None
    task = max(ended, key=lambda one: str(one["finished_at"])[:-1])
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
            "newest_at": max((task["finished_at"] or "" for task in tasks), default="") or None,
        }
        for (provider, message), tasks in groups.items()
    ]
    return sorted(rows, key=lambda row: (-int(str(row["count"])), str(row["provider"]), str(row["message"])))[
        :MOST_GROUPS
    ]


def _name(task: Record) -> str | None:
    """What a person calls the thing that a task is about."""
    about = task["resource"] or task["job"] or {}
    return about.get("name") or about.get("id")
