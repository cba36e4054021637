# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""What is asked of tasks, in the words of the model: pushed to a server where it can, and always applied again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .._core.records import Record
from .task import seconds

#: A server that filters by creation only is asked from so much earlier, for what was still at work in the window.
LOOKBACK = timedelta(days=7)


@dataclass(frozen=True)
class TaskQuery:
    """Which tasks are wanted; None or empty wants all.

    `since` and `until` (aware) keep what was alive in the window: created before `until`, not finished before `since`.
    """

    since: datetime | None = None
    until: datetime | None = None
    states: Sequence[str] = ()
    results: Sequence[str] = ()
    operations: Sequence[str] = ()
    levels: Sequence[str] = ()
    resources: Sequence[str] = ()

    @property
    def created_since(self) -> datetime | None:
        """From when on a server is asked that filters by creation."""
        return self.since - LOOKBACK if self.since else None

    def words(self, states: Mapping[str, str], results: Mapping[str, str]) -> list[str] | None:
        """The native words of one field that tells state and result; None: ask for all.

        A word that nobody knows can only be found by asking for all, so that is done when `unknown` is wanted.
        """
        if "unknown" in self.states or "unknown" in self.results or not (self.states or self.results):
            return None
        return [
            word for word, state in states.items() if _in(state, self.states) and _in(results.get(word), self.results)
        ]

    def wants(self, task: Record) -> bool:
        """Whether a task of the model is asked for. One without any time is, with a note: nobody knows when it was."""
        return (
            _in(task["state"], self.states)
            and _in(task["result"], self.results)
            and _in(task["operation"], self.operations)
            and _in(task["level"], self.levels)
            and self._wants_resource(task["resource"])
            and self._alive(task)
        )

    def _wants_resource(self, resource: Mapping[str, str | None] | None) -> bool:
        if not self.resources:
            return True
        return resource is not None and (resource["id"] in self.resources or resource["name"] in self.resources)

    def _alive(self, task: Record) -> bool:
        begun = first_known(task, ("created_at", "started_at"))
        ended = first_known(task, ("finished_at", "updated_at", "started_at", "created_at"))
        if begun is None and ended is None:
            task["notes"].append("no_time")
            return True
        if self.until and begun is not None and begun >= self.until.timestamp():
            return False
        over = task["state"] == "finished" and ended is not None
        return not (over and self.since and ended is not None and ended < self.since.timestamp())


def _in(word: str | None, wanted: Collection[str]) -> bool:
    return not wanted or word in wanted


def first_known(task: Record, fields: Sequence[str]) -> float | None:
    """The first of these times that a task has, in seconds since the epoch."""
    for field in fields:
        if task[field]:
            try:
                return seconds(task[field])
            except ValueError:
                continue
    return None


def newest_first(tasks: list[Record]) -> list[Record]:
    """Tasks from the newest to the oldest by creation, those without any time last, ties by uid."""
    return sorted(sorted(tasks, key=lambda task: str(task["uid"])), key=_age_key, reverse=True)


def _age_key(task: Record) -> str:
    """A text that sorts like the time it shows: fractions of different length compare as they should."""
    time = task["created_at"] or task["started_at"] or task["updated_at"] or task["finished_at"] or ""
    return time[:-1] if time else ""
