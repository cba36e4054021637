# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""What `backup_task_info` does: the tasks of all sources, in one model, with what they amount to."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .._core.deadline import Clock
from .._core.errors import BackupError, bad_option
from .._core.http import CLOCK_TOLERANCE
from .._core.options import Params, period
from .._core.records import Record
from .._core.redact import Secrets
from .._model.enums import LEVELS, OPERATIONS, RESULTS, STATES
from .._model.query import TaskQuery, newest_first
from .._model.summary import summarize
from .._model.task import FIELDS, PARTS
from .._sources import SOURCES, Reading, parse_sources, read_all, read_tasks

SCHEMA_VERSION = 1
#: ansible-runner, and so AWX, empties an event whose result has more characters.
MOST_CHARACTERS = 700_000
_SAMPLE = 200

TASK_OPTIONS = SOURCES.merge(
    {
        "since": {"type": "str", "default": "24h"},
        "until": {"type": "str"},
        "states": {"type": "list", "elements": "str", "choices": list(STATES)},
        "results": {"type": "list", "elements": "str", "choices": list(RESULTS)},
        "operations": {"type": "list", "elements": "str", "choices": list(OPERATIONS)},
        "levels": {"type": "list", "elements": "str", "choices": list(LEVELS)},
        "resources": {"type": "list", "elements": "str"},
        "limit": {"type": "int"},
        "fields": {"type": "list", "elements": "str"},
        "detail": {"type": "str", "choices": ["normal", "raw"], "default": "normal"},
        "on_error": {"type": "str", "choices": ["fail", "warn"], "default": "fail"},
    }
)


def find_tasks(params: Params, secrets: Secrets, _check_mode: bool = False) -> tuple[Record, BackupError | None]:
    """The result of `backup_task_info`, and why it is not complete."""
    limit = params["limit"]
    if limit is not None and limit < 0:
        raise bad_option(
            "limit", f"{limit} is negative", "Give how many tasks you want at most; 0 for the summary alone."
        )
    fields = check_fields(params["fields"], FIELDS, PARTS)
    raw = params["detail"] == "raw"
    query = task_query(params, Clock().wall())
    sources = parse_sources(params)
    readings = read_all(sources, lambda reading, client: read_tasks(reading, client, query, raw=raw), secrets)
    tasks = newest_first([task for reading in readings for task in reading.listing.records])
    shown = tasks if limit is None else tasks[:limit]
    result = {
        "tasks": [picked(task, fields) for task in shown] if fields else shown,
        "summary": summarize(tasks),
        "matched": len(tasks),
        **envelope(readings, coverage="listed"),
    }
    result["warnings"] += too_large(result["tasks"], "`fields` or `limit`")
    return judged(result, readings, params["on_error"])


def task_query(params: Params, now: float) -> Callable[[float], TaskQuery]:
    """What is asked for, by a clock that is so many seconds ahead of ours.

    :raises BackupError: `bad_option`, at once.
    """
    lists = {name: tuple(params[name] or ()) for name in ("states", "results", "operations", "levels", "resources")}

    def query(ahead: float) -> TaskQuery:
        since, until = period(params, "since", "until", now + ahead)
        return TaskQuery(since=since, until=until, lean=params["detail"] != "raw", **lists)

    query(0.0)
    return query


def envelope(readings: Sequence[Reading], coverage: str) -> Record:
    """What stands beside every list of the unified modules: how each source was read, and whether that is all."""
    return {
        "schema_version": SCHEMA_VERSION,
        "sources": [reading.envelope(coverage) for reading in readings],
        "complete": all(reading.listing.complete for reading in readings),
        "errors": [reading.listing.error.facts() for reading in readings if reading.listing.error],
        "warnings": [warning for reading in readings for warning in _warnings(reading)],
    }


def _warnings(reading: Reading) -> list[str]:
    name = reading.source.name
    warnings = [f"source {name}: {warning}" for warning in reading.listing.warnings]
    if abs(reading.clock_offset) > CLOCK_TOLERANCE:
        warnings.append(f"source {name}: its clock differs from ours by {reading.clock_offset:.0f} s")
    return warnings


def too_large(records: Sequence[Record], options: str) -> list[str]:
    """A warning when records are too many for AWX to show.

    :param options: which ones help.
    """
    size = _characters(records)
    if size <= MOST_CHARACTERS:
        return []
    return [
        f"the result has about {size:,} characters, and AWX shows none above {MOST_CHARACTERS:,}: ask for less with "
        f"{options}, or let multivendor.backup.backup_export write all of it to a file"
    ]


def judged(result: Record, readings: Sequence[Reading], on_error: str) -> tuple[Record, BackupError | None]:
    """The result, and the error that it fails with, if it does; else a warning takes its place."""
    errors = [reading.listing.error for reading in readings if reading.listing.error]
    if not errors:
        return result, None
    if on_error == "warn":
        result["warnings"] += [f"source {error.source} was not read completely: {error}" for error in errors]
        return result, None
    return result, _joined(errors, len(readings))


def _joined(errors: Sequence[BackupError], sources: int) -> BackupError:
    """One error for a play: the first one, and how many sources it speaks for."""
    first = errors[0]
    names = ", ".join(str(error.source) for error in errors)
    first.message = f"{first.message} ({len(errors)} of {sources} sources were not read completely: {names})"
    return first


def _characters(records: Sequence[Record]) -> int:
    """About how many characters a list has as JSON, judged by its first elements."""
    sample = records[:_SAMPLE]
    return len(json.dumps(sample, default=str)) * len(records) // max(1, len(sample))


def check_fields(
    fields: Sequence[str] | None, known: Sequence[str], parts: Mapping[str, Sequence[str]]
) -> list[list[str]]:
    """The paths of the option `fields`: names of fields of the model, and of what is in `raw`, which nobody knows.

    :param parts: what fields there are within fields.
    :raises BackupError: `bad_option`.
    """
    paths = [field.split(".") for field in fields or ()]
    for path in paths:
        whole, part = path[0], path[1:]
        fits = all(path) if whole == "raw" else whole in known and (not part or ".".join(part) in parts.get(whole, ()))
        if not fits:
            there = f"The fields of `{whole}` are {', '.join(parts[whole])}." if whole in parts else None
            raise bad_option(
                "fields", f"there is no field {'.'.join(path)!r}", there or f"The fields are {', '.join(known)}."
            )
    return sorted(paths, key=len, reverse=True)  # so that a whole comes after its parts, and stands


def picked(record: Record, paths: Sequence[Sequence[str]]) -> Record:
    """The record with only these fields, and always its uid. What a record has not is null.

    :param paths: as `check_fields` gives them, the longest first.
    """
    result: Record = {"uid": record["uid"]}
    for path in paths:
        target, value = result, record
        for name in path[:-1]:
            value = _within(value, name)
            target = target.setdefault(name, {})
        target[path[-1]] = _within(value, path[-1])
    return result


def _within(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None
