# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""One backup task, whatever the vendor: its fields, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from .._core.records import Record
from .enums import GOOD_RESULTS, SEVERITIES

_EMPTY: Record = dict.fromkeys(
    (
        *("uid", "provider", "source", "id", "level", "operation", "state", "result", "severity"),
        *("native_operation", "native_state", "native_result", "protects", "backup_level", "message", "error_code"),
        *("progress_percent", "created_at", "started_at", "updated_at", "finished_at", "expected_finish_at"),
        *("duration_seconds", "cancellable", "resource", "job", "policy", "parent", "related", "notes"),
    )
)
FIELDS = tuple(_EMPTY)
#: Fields that have fields of their own, and which.
PARTS: Mapping[str, Sequence[str]] = {
    "resource": ("id", "name", "type", "native_type"),
    **dict.fromkeys(("job", "policy", "parent"), ("id", "name")),
}
TIMES = ("created_at", "started_at", "updated_at", "finished_at", "expected_finish_at")
_EPOCH = datetime(1970, 1, 1)  # everything here is in UTC
# A note quotes so much of a word that nobody knows.
_LONGEST_WORD = 60


def new_task(provider: str, source: str, native_id: str | None, *, scope: str = "", **known: Any) -> Record:
    """A task of the model from what a provider says of it: all fields, null if unknown.

    What follows from other fields is filled in here, and only here: uid, severity, protects, duration, and that there
    is neither a result nor an end before the task has finished.

    :param scope: what makes the id unique within the source (a PetaData instance), else empty.
    :param known: fields of `FIELDS`, by name.
    """
    return complete(pattern(provider, known), source, native_id, scope=scope)


def pattern(provider: str, words: Mapping[str, Any]) -> Record:
    """A task without what is its own: all fields, with these words, and what follows from words alone.

    The same few words come again and again: where tasks are many, a normalizer keeps the patterns of the words it has
    met, and makes each task of a copy, by `complete`.
    """
    task = {**_EMPTY, **words, "provider": provider}
    task["result"] = (task["result"] or "unknown") if task["state"] == "finished" else None
    task["severity"] = SEVERITIES.get(task["result"])
    task["protects"] = proves_backup(task)
    return task


def complete(task: Record, source: str, native_id: str | None, *, scope: str = "") -> Record:
    """Fill in what follows from a task's own fields, and give it: the copy of a pattern, and what is its own besides.

    :param scope: as for `new_task`.
    """
    task["source"], task["id"] = source, native_id
    task["uid"] = f"{task['provider']}:{source}:{scope}:{native_id or ''}"
    task["related"] = task["related"] or []
    notes = task["notes"] = [*(task["notes"] or ())]  # those of a pattern belong to all its copies
    if not native_id:
        notes.append("no_id")
    if task["state"] == "finished":
        task["duration_seconds"] = _duration(task["started_at"], task["finished_at"], notes)
    elif task["finished_at"]:
        task["finished_at"] = None
        notes.append("finish_time_before_end")
    return task


def proves_backup(task: Mapping[str, Any]) -> bool:
    """Whether a task proves that its resource can be restored."""
    return (
        task["state"] == "finished"
        and task["result"] in GOOD_RESULTS
        and task["level"] == "item"
        and task["operation"] == "backup"
    )


def seconds(time: str) -> float:
    """Seconds since the epoch of a time of the model (RFC 3339, UTC, `Z`).

    :raises ValueError: there is no such day.
    """
    return (datetime.fromisoformat(time[:19]) - _EPOCH).total_seconds() + _fraction(time)


def first_known(record: Mapping[str, Any], fields: Sequence[str]) -> float | None:
    """The first of these times that a record has, in seconds since the epoch; what is no time is passed over."""
    for field in fields:
        if record[field]:
            try:
                return seconds(record[field])
            except ValueError:
                continue
    return None


def latest(times: Iterable[str | None]) -> str | None:
    """The latest of these times of the model; None when there is none."""
    return max((time for time in times if time), key=lambda time: time[:-1], default=None)


def _duration(started: str | None, finished: str | None, notes: list[str]) -> float | None:
    if not started or not finished:
        return None
    try:
        length = datetime.fromisoformat(finished[:19]) - datetime.fromisoformat(started[:19])
    except ValueError:
        notes.append("impossible_time")
        return None
    duration = length.days * 86400.0 + length.seconds
    if len(started) > 20 or len(finished) > 20:
        duration = round(duration + _fraction(finished) - _fraction(started), 3)
    if duration < 0:
        notes.append("negative_duration")
        return None
    return duration


def _fraction(time: str) -> float:
    return float(time[19:-1]) if len(time) > 20 else 0.0


def translate(table: Mapping[str, str], native: str | None, kind: str, notes: list[str], otherwise: str) -> str:
    """The model's word for a native one. A word that the table does not know gives `otherwise`, and a note."""
    known = table.get(native) if native else None
    if known is not None:
        return known
    if native:
        notes.append(unknown(kind, native))
    return otherwise


def unknown(kind: str, native: str) -> str:
    """The note on a word that nobody knows."""
    return f"unknown_{kind}:{native[:_LONGEST_WORD]}"


def named(native_id: str | None, name: str | None = None) -> Record | None:
    """A reference {id, name} to a job, policy or parent; None when neither is known."""
    return {"id": native_id or None, "name": name or None} if native_id or name else None


def resource_of(native_id: str | None, name: str | None, kind: str | None, native_kind: str | None) -> Record | None:
    """The resource that a task is about: its join key, name and type; None when neither id nor name is known."""
    if not native_id and not name:
        return None
    return {"id": native_id or None, "name": name or None, "type": kind, "native_type": native_kind}
