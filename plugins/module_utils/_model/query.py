# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""What is asked of tasks, in the words of the model: pushed to a server where it can, and always applied again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cached_property

from .._core.records import Record

#: A server that filters by creation only is asked from so much earlier, for what was still at work in the window.
LOOKBACK = timedelta(days=7)
# So early that nothing was backed up, and so late that a look back does not mean "never".
_EARLIEST = datetime(1970, 1, 9, tzinfo=timezone.utc)


@dataclass(frozen=True)
class TaskQuery:
    """Which tasks are wanted; None or empty wants all.

    `since` and `until` (aware) keep what was alive in the window: created before `until`, not finished before `since`.
    Times are compared as text, for in the model they all have one form: nothing needs to be parsed.

    `lean` says that nobody will look at the provider's own records: what the model does not need may be left out there.
    """

    since: datetime | None = None
    until: datetime | None = None
    states: Sequence[str] = ()
    results: Sequence[str] = ()
    operations: Sequence[str] = ()
    levels: Sequence[str] = ()
    resources: Sequence[str] = ()
    lean: bool = False

    @property
    def created_since(self) -> datetime | None:
        """From when on a server is asked that filters by creation."""
        return max(self.since, _EARLIEST) - LOOKBACK if self.since else None

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
        """Whether a task of the model is asked for. A finished one that does not say when it was, or when it ended, is
        kept, with a note: it may have been in the window.
        """
        for field, words in self._asked:
            if task[field] not in words:
                return False
        return (not self.resources or self._wants_resource(task["resource"])) and self._alive(task)

    @cached_property
    def _asked(self) -> list[tuple[str, frozenset[str]]]:
        """The fields that are asked for by their words."""
        words = {"state": self.states, "result": self.results, "operation": self.operations, "level": self.levels}
        return [(field, frozenset(wanted)) for field, wanted in words.items() if wanted]

    @cached_property
    def _window(self) -> tuple[str, str | None]:
        """The bounds as text; what begins at or after the second, or ended before the first, is out."""
        return _text(self.since) if self.since else "", _text(self.until) if self.until else None

    def _wants_resource(self, resource: Mapping[str, str | None] | None) -> bool:
        return resource is not None and (resource["id"] in self.resources or resource["name"] in self.resources)

    def _alive(self, task: Record) -> bool:
        since, until = self._window
        begun = task["created_at"] or task["started_at"]
        ended = task["finished_at"] or task["updated_at"]
        if not begun and not ended:
            task["notes"].append("no_time")
            return True
        if until and begun and begun[:-1] >= until:
            return False
        if not since or task["state"] != "finished":
            return True
        if not ended:
            if begun[:-1] < since:
                task["notes"].append("no_finish_time")
            return True
        # What ended before it began has one wrong time, and nobody knows which.
        return bool(max(ended[:-1], (begun or "")[:-1]) >= since)


def _in(word: str | None, wanted: Collection[str]) -> bool:
    return not wanted or word in wanted


def _text(moment: datetime) -> str:
    """A moment as the model has it, but without the "Z", so that fractions of any length compare as they should."""
    text = moment.astimezone(timezone.utc).replace(tzinfo=None).isoformat()
    return text.rstrip("0") if "." in text else text


def newest_first(tasks: Sequence[Record]) -> list[Record]:
    """Tasks from the newest to the oldest by creation, those without any time last, ties by uid."""
    return sorted(tasks, key=age_key, reverse=True)


def age_key(task: Record) -> str:
    """A text that sorts like the time it begins with, fractions of any length included, and then by uid."""
    time = task["created_at"] or task["started_at"] or task["updated_at"] or task["finished_at"] or ""
    return f"{time[:-1]}\0{task['uid']}"
