# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""What `backup_task_abort` does: has tasks cancelled, and says of each what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from .._core.deadline import Clock
from .._core.errors import BackupError
from .._core.meter import Meter
from .._core.options import Params, names
from .._core.records import Record
from .._core.redact import Secrets
from .._model.wanted import Wanted
from .._sources import PROVIDERS, SOURCES, OpenSources, Reading, Source, look_up, parse_sources
from .result import envelope
from .wait import wanted_tasks

ABORT_OPTIONS = SOURCES.merge({"tasks": {"type": "list", "elements": "str", "required": True}})

#: What can become of a task. The first three are no change, those of `FAILURES` fail the module.
OUTCOMES = (
    *("already_finished", "already_cancelling", "would_abort", "aborted"),
    *("refused", "unsupported", "missing", "failed"),
)
FAILURES = {
    "refused": "rejected",
    "unsupported": "unsupported",
    "missing": "not_found",
    "failed": "unavailable",
}
_HINTS = {
    "refused": "The reasons say what cannot be aborted, and what can be done instead.",
    "unsupported": "Cancel it in the provider's console, as far as that can.",
    "missing": "Check the uids, and whether the sources are those that the tasks were read from.",
    "failed": "Run it again: what is being cancelled by then stays as it is.",
}
# After these errors nobody knows whether the server has carried out the request.
_LOST = frozenset(("connection", "timeout", "deadline", "unavailable", "bad_answer", "too_large"))


def abort_tasks(
    params: Params, secrets: Secrets, check_mode: bool = False, clock: Clock | None = None
) -> tuple[Record, BackupError | None]:
    """The result of `backup_task_abort`, and why it fails.

    All tasks are read before the first is aborted, and those that were aborted once more afterwards.
    """
    sources = parse_sources(params)
    wanted = wanted_tasks(names("tasks", params["tasks"], longest=1000), sources)
    aborts = [_Abort(task) for task in wanted]
    opened = OpenSources(sources, secrets, clock)
    readings = {source.name: Reading(source) for source in sources}
    try:
        _read(opened, sources, aborts, readings)
        if not check_mode:
            _carry_out(opened, sources, aborts, readings)
            _read(opened, sources, [abort for abort in aborts if abort.tried], readings)
    finally:
        warnings = opened.close()
    rows = [abort.row(check_mode) for abort in aborts]
    around = envelope([readings[source.name] for source in sources])
    around["warnings"] = list(dict.fromkeys([*around["warnings"], *warnings]))
    changed = any(row["outcome"] in ("aborted", "would_abort") for row in rows)
    return {"changed": changed, "aborts": rows, **around}, _error(aborts, rows)


class _Abort:
    """One task that is to be aborted.

    :ivar before: the task before anything was asked of the server, in the model; None: it was not found.
    :ivar error: what kept it from being read, or from being aborted.
    """

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.before: Record | None = None
        self.after: Record | None = None
        self.error: BackupError | None = None
        self.judged: tuple[str, str | None] | None = None
        self.tried = False
        cannot = PROVIDERS[wanted.provider].cannot_abort
        if cannot:
            self.judged = ("unsupported", cannot)

    def found(self, task: Record | None, client: Any, error: BackupError | None) -> None:
        """Take the task as a reading has it, and judge whether it can be aborted."""
        if self.tried:
            self.after = task
            self._settle(client, error)
            return
        self.before = task
        if task is None and error is not None:
            self.error, self.judged = error, ("failed", str(error))
        elif task is None:
            self.judged = ("missing", "The source has no such task.")
        elif task["state"] == "finished":
            self.judged = ("already_finished", None)
        elif client.is_cancelling(task):
            self.judged = ("already_cancelling", None)
        elif task["state"] == "unknown":
            self.judged = ("refused", f"Nobody knows what its state {task['native_state']!r} means.")
        else:
            reason = client.obstacle(task)
            self.judged = ("refused", reason) if reason else None

    def carry_out(self, client: Any) -> None:
        """Have the server abort it."""
        self.tried, self.error = True, BackupError("deadline", "no answer came in time")  # until there is one
        try:
            client.abort(self.before)
        except BackupError as problem:
            self.error = problem
        else:
            self.error = None

    def _settle(self, client: Any, unread: BackupError | None) -> None:
        """What came of it. Where the answer was lost, or the server refused, the task itself tells."""
        after, error = self.after, self.error
        cancelled = after is not None and (client.is_cancelling(after) or after["result"] == "cancelled")
        deleted = after is None and unread is None and self.before is not None and self.before["level"] == "control"
        if error is None:
            self.judged = ("aborted", None)
        elif (cancelled or deleted) and error.code in _LOST:
            self.judged = ("aborted", "The answer was lost, but the task shows that the request has arrived.")
        elif cancelled:
            self.judged = ("already_cancelling", None)
        elif after is not None and after["state"] == "finished":
            self.judged = ("already_finished", f"It ended meanwhile. {error}")
        elif unread is not None:
            self.judged = ("failed", f"{error} Afterwards it could not be read: {unread}")
        else:
            self.judged = ("failed", str(error))

    def row(self, check_mode: bool) -> Record:
        """What is told about it."""
        outcome, reason = self.judged or ("would_abort" if check_mode else "failed", None)
        return {
            "uid": self.wanted.uid,
            "source": self.wanted.source,
            "provider": self.wanted.provider,
            "outcome": outcome,
            "reason": reason,
            "before": _state(self.before),
            "after": _state(self.after if self.tried else self.before),
        }


def _state(task: Record | None) -> Record | None:
    """How a task stands; None where that is not known."""
    return {field: task[field] for field in ("state", "result", "native_state")} if task else None


def _read(
    opened: OpenSources, sources: Sequence[Source], aborts: Sequence[_Abort], readings: dict[str, Reading]
) -> None:
    """Read the tasks as they stand, of all sources side by side."""
    aborts_of = _by_source(aborts)

    def read(reading: Reading, client: Any) -> None:
        mine = aborts_of[reading.source.name]
        error: BackupError | None = None
        try:
            look_up(reading, client, [replace(abort.wanted, seen=abort.before) for abort in mine])
        except BackupError as problem:
            error = problem
        tasks = {task["uid"]: task for task in reading.listing.records}
        for abort in mine:
            abort.found(tasks.get(abort.wanted.uid), client, error or reading.listing.error)
        if error:
            raise error

    _turn_to(opened, sources, aborts_of, readings, read)


def _carry_out(
    opened: OpenSources, sources: Sequence[Source], aborts: Sequence[_Abort], readings: dict[str, Reading]
) -> None:
    """Abort what can be aborted, of all sources side by side, those of one source one after the other."""
    aborts_of = _by_source([abort for abort in aborts if abort.judged is None])

    def write(reading: Reading, client: Any) -> None:
        meter = Meter(client.http)
        for abort in aborts_of[reading.source.name]:
            abort.carry_out(client)
        meter.told(reading.listing)

    _turn_to(opened, sources, aborts_of, readings, write)


def _by_source(aborts: Sequence[_Abort]) -> Mapping[str, list[_Abort]]:
    """The aborts of each source, without those that are settled already."""
    groups: dict[str, list[_Abort]] = {}
    for abort in aborts:
        if abort.judged is None or abort.tried:
            groups.setdefault(abort.wanted.source, []).append(abort)
    return groups


def _turn_to(
    opened: OpenSources,
    sources: Sequence[Source],
    aborts_of: Mapping[str, list[_Abort]],
    readings: dict[str, Reading],
    act: Any,
) -> None:
    """Turn to the sources that have something to do, and keep what that cost."""
    busy = [source for source in sources if source.name in aborts_of]
    for reading in opened.read(busy, act) if busy else ():
        before = readings[reading.source.name].listing
        readings[reading.source.name] = reading
        reading.listing.add_cost(before)
        for abort in aborts_of[reading.source.name]:
            if reading.listing.error and abort.judged is None:
                abort.error, abort.judged = reading.listing.error, ("failed", str(reading.listing.error))


def _error(aborts: Sequence[_Abort], rows: Sequence[Record]) -> BackupError | None:
    """Why the module fails: what was not aborted, with the reasons."""
    bad = [row for row in rows if row["outcome"] in FAILURES]
    if not bad:
        return None
    worst = max((row["outcome"] for row in bad), key=list(FAILURES).index)
    first = next((abort.error for abort, row in zip(aborts, rows) if row["outcome"] == worst and abort.error), None)
    told = "; ".join(f"{row['uid']}: {row['outcome']}: {row['reason']}" for row in bad[:_NAMED])
    more = "; ..." if len(bad) > _NAMED else ""
    source = bad[0]["source"] if len({row["source"] for row in bad}) == 1 else None
    return BackupError(
        first.code if first else FAILURES[worst],
        f"{len(bad)} of {len(rows)} tasks were not aborted: {told}{more}",
        hint=_HINTS[worst],
        source=source,
        provider=bad[0]["provider"] if source else None,
        http_status=first.http_status if first else None,
    )


_NAMED = 5
