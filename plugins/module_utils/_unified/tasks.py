# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""What `backup_task_info` does: the tasks of all sources, in one model, with what they amount to."""

from __future__ import annotations

from collections.abc import Callable

from .._core.deadline import Clock
from .._core.errors import BackupError, bad_option
from .._core.options import Params, period
from .._core.records import Record
from .._core.redact import Secrets
from .._model.enums import LEVELS, OPERATIONS, RESULTS, STATES
from .._model.query import TaskQuery, newest_first
from .._model.summary import summarize
from .._model.task import FIELDS, PARTS
from .._sources import SOURCES, parse_sources, read_all, read_tasks
from .result import check_fields, ended, envelope, picked, too_large, unseen

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
        **envelope(readings),
    }
    known = (name for task in tasks if task["resource"] for name in (task["resource"]["id"], task["resource"]["name"]))
    result["warnings"] += unseen(params["resources"], known, "no task that was asked for is about")
    result["warnings"] += too_large(result["tasks"], "`fields` or `limit`")
    return ended(result, readings, params["on_error"])


def task_query(params: Params, now: float) -> Callable[[float], TaskQuery]:
    """What is asked for, by a clock that is so many seconds ahead of ours.

    :raises BackupError: `bad_option`, at once.
    """
    lists = {name: tuple(params[name] or ()) for name in ("states", "results", "operations", "levels", "resources")}

    def query(ahead: float) -> TaskQuery:
        since, until = period(params, "since", "until", now + ahead, latest=now + max(0.0, ahead))
        return TaskQuery(since=since, until=until, lean=params["detail"] != "raw", **lists)

    query(0.0)
    return query
