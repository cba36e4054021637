# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""What `backup_task_wait` does: reads tasks again and again until all have ended, or the time is up."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .._core.deadline import Clock
from .._core.errors import BackupError, bad_option
from .._core.options import Params, names, within_bounds
from .._core.records import Record
from .._core.redact import Secrets
from .._model.enums import GOOD_RESULTS, LEVELS, OPERATIONS, RESULTS, STATES
from .._model.query import TaskQuery, newest_first
from .._model.summary import summarize
from .._model.wanted import Wanted
from .._sources import PROVIDERS, SOURCES, OpenSources, Reading, Source, look_up, parse_sources, read_tasks
from .result import envelope, too_large
from .tasks import task_query

#: Between two reads the pause grows by half, up to so many seconds, or up to `wait_interval` where that is longer.
LONGEST_PAUSE = 60
_GROWTH = 1.5
#: No longer interval than this: a logon session of Veeam ends after 15 idle minutes.
LONGEST_INTERVAL = 600
LONGEST_TIMEOUT = 7 * 86400
#: A task is gone when so many complete reads in a row do not have it: one may have been read in an odd moment.
GONE_AFTER = 2
#: These errors do not heal by themselves. In the first read of a source they end the wait at once; a source that has
#: been read before gets so many reads in a row, for a server that is just starting says odd things.
LASTING = frozenset(
    (
        *("bad_option", "missing_library", "auth_failed", "forbidden", "not_found", "rejected", "tls", "redirect"),
        *("session_expired", "unsupported", "defect"),
    )
)
LASTING_AFTER = 3

_WORDS = ("states", "operations", "levels", "resources")
_FILTERS = ("since", "until", *_WORDS)

WAIT_OPTIONS = SOURCES.merge(
    {
        "tasks": {"type": "list", "elements": "str"},
        "since": {"type": "str"},
        "until": {"type": "str"},
        "states": {"type": "list", "elements": "str", "choices": list(STATES)},
        "operations": {"type": "list", "elements": "str", "choices": list(OPERATIONS)},
        "levels": {"type": "list", "elements": "str", "choices": list(LEVELS)},
        "resources": {"type": "list", "elements": "str"},
        "wait_timeout": {"type": "int", "default": 3600},
        "wait_interval": {"type": "int", "default": 10},
        "appear_timeout": {"type": "int", "default": 60},
        "fail_on": {
            "type": "list",
            "elements": "str",
            "choices": [result for result in RESULTS if result != "success"],
            "default": ["partial", "cancelled", "failed", "timed_out", "abandoned", "unknown"],
        },
    }
)


def wait_for_tasks(
    params: Params, secrets: Secrets, check_mode: bool = False, clock: Clock | None = None
) -> tuple[Record, BackupError | None]:
    """The result of `backup_task_wait`, and why it fails. In check mode the tasks are read once, whatever they do."""
    _check_numbers(params)
    given = _given(params)
    sources = parse_sources(params)
    wanted = wanted_tasks(given, sources)
    clock = clock or Clock()
    query = None if wanted else _query(params, clock.wall())
    opened = OpenSources(sources, secrets, clock)
    try:
        wait = _Wait(params, sources, wanted, query, clock)
        wait.run(opened, once=check_mode)
    finally:
        warnings = opened.close()
    return wait.result(warnings), wait.error(check_mode)


def wanted_tasks(uids: Sequence[str], sources: Sequence[Source]) -> list[Wanted]:
    """The tasks of these uids.

    :raises BackupError: `bad_option`: one is malformed, or of a source that is not there.
    """
    known = {(source.provider, source.name) for source in sources}
    tasks = []
    for uid in uids:
        try:
            task = Wanted.parse(uid)
        except ValueError as problem:
            raise bad_option("tasks", f"{uid!r}: {problem}", "Give uids as backup_task_info returns them.") from None
        if (task.provider, task.source) not in known:
            told = ", ".join(f"{provider}:{name}" for provider, name in sorted(known))
            raise bad_option("tasks", f"no source has {uid!r}: there are {told}", "Name its source in `sources`.")
        tasks.append(task)
    return tasks


def _check_numbers(params: Params) -> None:
    within_bounds("wait_timeout", params["wait_timeout"], 0, LONGEST_TIMEOUT, best=0)
    within_bounds("wait_interval", params["wait_interval"], 1, LONGEST_INTERVAL, best=1)
    within_bounds("appear_timeout", params["appear_timeout"], 0, LONGEST_TIMEOUT, best=0)


def _given(params: Params) -> list[str]:
    """The uids of the option `tasks`; none when there is a filter. One of the two has to be there."""
    filters = [option for option in _FILTERS if params[option] is not None]
    for option in _WORDS:
        if params[option] is not None:
            names(option, params[option], longest=1000)
    if params["tasks"] is None:
        if not filters:
            raise bad_option("tasks", "it is missing", f"Name tasks by their uids, or give one of {_listed(_FILTERS)}.")
        return []
    if filters:
        raise bad_option("tasks", f"it does not go with `{filters[0]}`", "Name tasks, or describe them; not both.")
    return names("tasks", params["tasks"], longest=1000)


def _query(params: Params, now: float) -> Callable[[float], TaskQuery]:
    """What the filter asks for. Without `since` it is what has not ended when the wait begins."""
    since = params["since"] if params["since"] is not None else "0s"
    return task_query({**params, "since": since, "results": None, "detail": "normal"}, now)


def _listed(options: Sequence[str]) -> str:
    return ", ".join(f"`{option}`" for option in options)


@dataclass
class _Followed:
    """A task that is waited for, as far as it has got.

    :param asked_at: since when it is looked for (monotonic).
    :param outcome: `pending`, until it is a result of the model, or `missing`.
    :param begun_by: the uid of the request that began it.
    """

    wanted: Wanted
    asked_at: float
    begun_by: str | None = None
    outcome: str = "pending"
    reason: str | None = None
    absent: int = 0
    ended_at: float | None = None

    def row(self) -> Record:
        """What is told about it."""
        return {
            "uid": self.wanted.uid,
            "source": self.wanted.source,
            "provider": self.wanted.provider,
            "outcome": self.outcome,
            "reason": self.reason,
            "begun_by": self.begun_by,
        }


class _Wait:
    """The wait: what is followed, what has been read of each source, and what came of it."""

    def __init__(
        self,
        params: Params,
        sources: Sequence[Source],
        wanted: Sequence[Wanted],
        query: Callable[[float], TaskQuery] | None,
        clock: Clock,
    ) -> None:
        self._params = params
        self._sources = sources
        self._query = query
        self._clock = clock
        self._begun = clock.monotonic()
        self._followed = {task.uid: _Followed(task, self._begun) for task in wanted}
        # Sources whose tasks are still looked for by the filter: until it has its tasks, and they were read whole.
        self._searched = {source.name for source in sources} if query else set()
        self._readings = {source.name: Reading(source) for source in sources}
        self._asked: dict[str, set[str]] = {}  # what the last reading of a source was about, by uid
        self._read_once: set[str] = set()
        self._failures: dict[str, int] = {}
        self._reads = 0
        self._found_more = False  # the last read has named tasks to follow that have not been read yet
        self._took = 0.0
        self._gave_up: BackupError | None = None

    def run(self, opened: OpenSources, *, once: bool) -> None:
        """Read until everything has ended, or the time is up; the last pause is cut, and followed by one last read.

        What a request began is read without a pause.
        """
        while True:
            self._read(opened)
            self._took = self._elapsed()
            left = self._params["wait_timeout"] - self._took
            if once or left <= 0 or self._gave_up or not self._due():
                return
            if not gc.isenabled():
                gc.collect()  # modules switch it off, for they are short; a wait may take days
            if not self._found_more:
                self._clock.sleep(min(self._pause(), left))

    def _elapsed(self) -> float:
        return self._clock.monotonic() - self._begun

    def _pause(self) -> float:
        """Seconds until the next read."""
        first: int = self._params["wait_interval"]
        return min(first * _GROWTH ** min(self._reads - 1, 30), max(first, LONGEST_PAUSE))

    def _pending(self, source: str | None = None) -> list[_Followed]:
        """What has not ended, in all or of one source."""
        return [
            one for one in self._followed.values() if one.outcome == "pending" and source in (None, one.wanted.source)
        ]

    def _due(self) -> list[Source]:
        """The sources that still have to be read."""
        busy = {one.wanted.source for one in self._pending()} | self._searched
        return [source for source in self._sources if source.name in busy]

    def _settle_search(self) -> None:
        """Look no longer for what the filter describes, once it is there, or has not turned up for long enough."""
        whole = {name for name in self._searched if self._readings[name].listing.complete}
        if self._followed and not self._without_task():
            self._searched -= whole
        elif whole == self._searched and self._elapsed() >= self._params["appear_timeout"]:
            self._searched = set()

    def _without_task(self) -> list[str]:
        """The resources of the filter that no task has been found of."""
        about = [one.wanted.seen["resource"] or {} for one in self._followed.values() if one.wanted.seen]
        known = {resource.get(field) for resource in about for field in ("id", "name")}
        return [name for name in self._params["resources"] or () if name not in known]

    def _read(self, opened: OpenSources) -> None:
        """One round: read what is still open, of all sources side by side, and see what has become of it."""
        self._reads += 1
        self._found_more = False
        readings = opened.read(self._due(), self._fill)
        for reading in readings:
            before, name = self._readings[reading.source.name].listing, reading.source.name
            self._readings[name] = reading
            self._take(reading)
            reading.listing.add_cost(before)
            reading.listing.warnings = list(dict.fromkeys(reading.listing.warnings))
        self._settle_search()

    def _fill(self, reading: Reading, client: Any) -> None:
        """Read one source: by the filter, as long as that is not settled, and else only what has not ended, by uid."""
        name = reading.source.name
        found: Sequence[Record] = ()
        if name in self._searched and self._query:
            read_tasks(reading, client, self._query)
            found = [task for task in reading.listing.records if not _is_timeless(task)]
            timeless = len(reading.listing.records) - len(found)
            if timeless:
                reading.listing.warnings.append(f"{timeless} tasks have ended and do not say when: they are left out")
            reading.listing.records = list(found)
        seen = {task["uid"] for task in found}
        rest = [one.wanted for one in self._pending(name) if one.wanted.uid not in seen]
        self._asked[name] = {task.uid for task in rest}
        if rest and not reading.listing.error:
            by_filter = reading.listing
            look_up(reading, client, rest)
            reading.listing.records += found
            reading.listing.add_cost(by_filter)

    def _take(self, reading: Reading) -> None:
        """What a reading says of the tasks that are followed."""
        now = self._clock.monotonic()
        self._judge_source(reading)
        for task in reading.listing.records:
            one = self._followed.get(task["uid"])
            if one is None:
                wanted = Wanted(task["uid"], *task["uid"].split(":", 3))  # not parsed: what is there may have no id
                one = self._followed[task["uid"]] = _Followed(wanted, now)
            one.wanted, one.absent = replace(one.wanted, seen=task), 0
        read = {task["uid"] for task in reading.listing.records}
        for one in self._pending(reading.source.name):
            if one.wanted.uid in read:
                self._judge(one, now)
            elif reading.listing.complete and one.wanted.uid in self._asked[reading.source.name]:
                self._miss(one, now)

    def _judge_source(self, reading: Reading) -> None:
        """Give up where a source cannot be read, and will not be."""
        name, error = reading.source.name, reading.listing.error
        if error is None:
            self._read_once.add(name)
        lasting = error is not None and error.code in LASTING
        self._failures[name] = self._failures.get(name, 0) + 1 if lasting else 0
        if lasting and (name not in self._read_once or self._failures[name] >= LASTING_AFTER):
            self._gave_up = self._gave_up or error

    def _judge(self, one: _Followed, now: float) -> None:
        """What has become of a task that was just read."""
        task = one.wanted.seen
        if not one.wanted.id:
            one.outcome, one.reason = "unknown", "It has no id, so nobody can tell it from others."
            return
        if task is None or task["state"] != "finished":
            return
        began = PROVIDERS[task["provider"]].began(task) if task["result"] in GOOD_RESULTS else []
        if began is None:  # the link to what it began may come a little later
            one.ended_at = now if one.ended_at is None else one.ended_at
            if now - one.ended_at < self._params["appear_timeout"]:
                return
            one.outcome, one.reason = "unknown", "The request succeeded, but names no session of what it began."
            return
        one.outcome = task["result"]
        for native_id in began:
            uid = f"{task['provider']}:{task['source']}::{native_id}"
            if uid not in self._followed:
                self._followed[uid] = _Followed(Wanted.parse(uid), now, begun_by=task["uid"])
                self._found_more = True

    def _miss(self, one: _Followed, now: float) -> None:
        """A complete reading does not have a task."""
        one.absent += 1
        if one.wanted.seen is None:
            if now - one.asked_at >= self._params["appear_timeout"]:
                one.outcome, one.reason = "missing", "The source has no such task."
        elif one.absent >= GONE_AFTER:
            one.outcome, one.reason = "unknown", "It vanished before it had ended."

    def result(self, warnings: Sequence[str]) -> Record:
        """What the module returns, however it ends."""
        followed = list(self._followed.values())
        tasks = newest_first([_told(one) for one in followed if one.wanted.seen])
        around = envelope([self._readings[source.name] for source in self._sources])
        around["warnings"] += [*warnings, *too_large(tasks, "a narrower filter")]
        return {
            "tasks": tasks,
            "outcomes": [one.row() for one in followed],
            "pending": [one.wanted.uid for one in followed if one.outcome == "pending"],
            "missing": [one.wanted.uid for one in followed if one.outcome == "missing"] + self._without_task(),
            "summary": summarize(tasks),
            "reads": self._reads,
            "elapsed_seconds": round(self._took, 3),
            **around,
        }

    def error(self, check_mode: bool) -> BackupError | None:
        """Why the wait has failed, all reasons in one."""
        followed = list(self._followed.values())
        ill = [one for one in followed if one.outcome in self._params["fail_on"]]
        missing = [one for one in followed if one.outcome == "missing"]
        pending, lacking = self._pending(), self._without_task()
        dead = [reading.listing.error for reading in self._readings.values() if reading.listing.error]
        if check_mode:
            return dead[0] if dead else None
        after = f"{self._took:.0f} s"
        parts = [
            *(f"source {error.source} could not be read: {error.message}" for error in dead),
            *_part(ill, len(followed), "ended badly", lambda one: one.outcome),
            *_part(missing, len(followed), "never turned up"),
            *_part(pending, len(followed), f"had not ended after {after}", _state),
            *([f"no task of {', '.join(lacking[:_NAMED])} turned up within {after}"] if lacking else []),
            *([] if followed or lacking else [f"no task matched the filter within {after}"]),
        ]
        searching = self._searched & {error.source for error in dead}
        code, hint = self._cause(bool(ill), bool(missing), bool(pending or searching), not followed or bool(lacking))
        if code is None:
            return None
        first = self._gave_up or (dead[0] if dead else None)
        return BackupError(
            code,
            "; ".join(parts),
            doing="see all tasks end well",
            hint=hint,
            source=first.source if first else None,
            provider=first.provider if first else None,
            http_status=first.http_status if first else None,
            provider_code=first.provider_code if first else None,
            request_id=first.request_id if first else None,
        )

    def _cause(self, ill: bool, missing: bool, open_end: bool, unmatched: bool) -> tuple[str | None, str | None]:
        """The code of the failure, and what to do: the first of these that is the case."""
        if self._gave_up:
            return self._gave_up.code, self._gave_up.hint
        if ill:
            return "task_failed", None
        if missing:
            return "not_found", "Check the uids, and whether the sources are those that the tasks were read from."
        if open_end:
            return "timeout", "Raise `wait_timeout`, or look at what the tasks and the sources are doing."
        if unmatched:
            return "not_found", "Check the filter, give a `since` before the tasks began, or raise `appear_timeout`."
        return None, None


def _is_timeless(task: Mapping[str, Any]) -> bool:
    """Whether a task has ended, and nobody can say when: it may have been long ago, so no filter is meant by it."""
    return task["state"] == "finished" and "no_time" in task["notes"]


def _told(one: _Followed) -> Record:
    """The task as it was seen last; one that vanished has no state any more."""
    task: Record = dict(one.wanted.seen or {})
    if one.absent >= GONE_AFTER and one.outcome == "unknown":
        task.update(state="unknown", notes=[*task["notes"], "vanished"])
    return task


def _state(one: _Followed) -> str:
    return str(one.wanted.seen["state"]) if one.wanted.seen else "not seen yet"


#: So many tasks are named in a message; the result has all of them.
_NAMED = 5


def _part(
    some: Sequence[_Followed], total: int, what: str, detail: Callable[[_Followed], str] | None = None
) -> list[str]:
    """A part of the message: which tasks, out of how many, and what of them. Empty for none."""
    if not some:
        return []
    told = [one.wanted.uid + (f" ({detail(one)})" if detail else "") for one in some[:_NAMED]]
    more = ", ..." if len(some) > _NAMED else ""
    return [f"{len(some)} of {total} tasks {what}: {', '.join(told)}{more}"]
