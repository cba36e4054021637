# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A report: its data, whether they are those of an earlier one, and the text of each of its files.

Data are plain, and all that the page and the files are made of. They are kept in `report.json`, so that a second run
that finds the same can write the same files again, byte by byte.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.multivendor.backup.plugins.module_utils._core import times
from ansible_collections.multivendor.backup.plugins.module_utils._core.records import Record
from ansible_collections.multivendor.backup.plugins.module_utils._formats.about import About
from ansible_collections.multivendor.backup.plugins.module_utils._formats.csv import COLUMNS, csv_lines
from ansible_collections.multivendor.backup.plugins.module_utils._formats.prometheus import (
    resource_metrics,
    task_metrics,
)
from ansible_collections.multivendor.backup.plugins.module_utils._model.summary import Tally

from ._inputs import Refused, text_option
from ._report_markdown import markdown_lines
from ._report_view import escaped, view

FORMAT = "multivendor.backup.report"
VERSION = 1
PAGE = "report.html"
FORMATS = ("html", "json", "csv", "markdown", "prometheus")

#: What is shown of each record. The role asks for these fields, and the tables of numbers have these columns.
FIELDS = {
    "tasks": (
        *("uid", "provider", "source", "id", "level", "operation", "state", "result", "severity", "protects"),
        *("message", "error_code", "created_at", "started_at", "finished_at", "duration_seconds", "native_operation"),
        *("resource.id", "resource.name", "resource.type", "job.name"),
    ),
    "resources": (
        *("uid", "provider", "source", "id", "name", "type", "protection", "coverage", "policies"),
        *("last_attempt_at", "last_result", "last_success_at", "last_success_basis", "last_success_task"),
        *(
            "next_run_at",
            "overdue",
            "consecutive_failures",
            "failing_since",
            "last_restore_at",
            "last_restore_result",
            "days",
            "reasons",
        ),
        *("message", "freshness.status", "freshness.target_seconds", "freshness.grace_seconds"),
        *("freshness.age_seconds", "freshness.evaluated_at"),
    ),
}
# What differs between two collections of the same data.
_VOLATILE_ABOUT = ("collected_at", "since", "until")
_VOLATILE_FRESHNESS = ("age_seconds", "evaluated_at")

_RESULT_KEYS = ("summary", "matched", "complete", "sources", "errors")
_HALVES = re.compile("[\ud800-\udfff]")


def make_report(
    tasks: Any, resources: Any, collected_at: Any, filters: Any, title: Any, formats: Any, previous: Any
) -> Record:
    """What the filter gives: `verdict`, `view`, `names` and `files`. The parameters are its options.

    :raises Refused: one of them is not what it should be.
    """
    try:
        times.parse(text_option("collected_at", collected_at))
    except ValueError:
        raise Refused(f"`collected_at` is {collected_at!r}. Give an RFC 3339 time.") from None
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise Refused(f"there is no format {', '.join(map(str, unknown))}. There are {', '.join(FORMATS)}.")
    asked = {kind: plain(filters.get(kind) or {}) for kind in FIELDS}
    new = collect(
        plain(tasks), plain(resources), title=text_option("title", title), collected_at=collected_at, filters=asked
    )
    data = settled(new, previous)
    page = view(data)
    files = files_of(data, page, formats)
    names = [PAGE, *files] if "html" in formats else [*files]
    return {"verdict": page["verdict"], "view": escaped(page), "names": names, "files": files}


def plain(value: Any) -> Any:
    """Plain lists and dictionaries, where Ansible hands in its own, which fill themselves only when they are read."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def collect(
    tasks: Any, resources: Any, *, title: str, collected_at: str, filters: Mapping[str, Mapping[str, Any]]
) -> Record:
    """The data of a report.

    :param tasks: the whole result of `backup_task_info`.
    :param resources: the whole result of `backup_resource_info`.
    :param collected_at: when the reading began, RFC 3339.
    :param filters: what was asked for, for `tasks` and for `resources`; `since` and `history_days` make the window.
    :raises Refused: one of these is something else.
    """
    results = {"tasks": _checked("tasks", tasks), "resources": _checked("resources", resources)}
    now = times.parse(collected_at).timestamp()
    spans = {"tasks": filters["tasks"].get("since"), "resources": f"{filters['resources'].get('history_days') or 0}d"}
    data: Record = {"format": FORMAT, "version": VERSION, "title": title, "problems": _problems(results)}
    for kind, result in results.items():
        data[kind] = {
            "about": About.of(
                kind,
                result,
                {name: value for name, value in filters[kind].items() if value not in (None, "", [])},
                collected_at=collected_at,
                since=_since(spans[kind], now),
                until=collected_at,
            ).facts(),
            "summary": result["summary"],
            kind: result[kind],
        }
    return data


_PROBLEM = ("source", "provider", "code", "message", "hint")
_SCOPE = ("scope", "code", "message")


def _picked(row: Mapping[str, Any], names: Sequence[str]) -> Record:
    return {name: row.get(name) for name in names}


def _checked(kind: str, result: Any) -> Mapping[str, Any]:
    module = {"tasks": "backup_task_info", "resources": "backup_resource_info"}[kind]
    missing = [key for key in (kind, *_RESULT_KEYS) if not isinstance(result, Mapping) or key not in result]
    if missing:
        raise Refused(f"the {kind} are not the whole result of {module}, for they have no {', '.join(missing)}.")
    return dict(result)


def _since(span: str | None, now: float) -> str | None:
    try:
        return times.rfc3339(times.moment(span, now)) if span and span != "0d" else None
    except ValueError:
        raise Refused(f"`since` is {span!r}. Give {times.ACCEPTED}.") from None


def _problems(results: Mapping[str, Mapping[str, Any]]) -> list[Record]:
    """Each source that was not read completely: why, and what to do; told once, also if both modules say it."""
    found: list[Record] = []
    for result in results.values():
        scopes = {row["name"]: row.get("failed_scopes") or [] for row in result["sources"]}
        for error in result["errors"]:
            problem = {
                **_picked(error, _PROBLEM),
                "scopes": [_picked(scope, _SCOPE) for scope in scopes.get(error.get("source"), [])],
            }
            if problem not in found:
                found.append(problem)
    return found


def settled(new: Record, old_text: str | None) -> Record:
    """The data to show: with the times and ages of the earlier report, if it says the same apart from these.

    An earlier report that cannot be understood is passed over.
    """
    try:
        old = json.loads(old_text or "")
        if isinstance(old, dict) and _stable(old) == _stable(new):
            return old
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass
    return new


def _stable(data: Record) -> Record:
    """The data without what is volatile, which has to be what it should be: an earlier report may be broken."""
    tasks, resources = data["tasks"], data["resources"]
    return {
        **data,
        "tasks": {**tasks, "about": _without(tasks["about"], _VOLATILE_ABOUT)},
        "resources": {
            **resources,
            "about": _without(resources["about"], _VOLATILE_ABOUT),
            "resources": [
                {**one, "freshness": _without(one["freshness"], _VOLATILE_FRESHNESS)} for one in resources["resources"]
            ],
        },
    }


def _without(record: Record, volatile: Sequence[str]) -> Record:
    for name in volatile:
        _check(name, record[name])
    return {name: value for name, value in record.items() if name not in volatile}


def _check(name: str, value: Any) -> None:
    """Ages are numbers, and all else is times; or nothing.

    :raises ValueError: it is something else.
    """
    if value is None:
        return
    if name != "age_seconds":
        times.parse(value if isinstance(value, str) else "")
    elif isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("no age")


def files_of(data: Record, page: Record, formats: Sequence[str]) -> dict[str, str]:
    """The text of each file, by name; the page itself is a template's."""
    makers: dict[str, dict[str, Iterable[str]]] = {
        "json": {"report.json": _json_lines(data)},
        "csv": {"tasks.csv": _csv(data, "tasks"), "resources.csv": _csv(data, "resources")},
        "markdown": {"report.md": markdown_lines(page)},
        "prometheus": {"backup_tasks.prom": _task_metrics(data), "backup_resources.prom": _resource_metrics(data)},
    }
    return {name: "".join(lines) for kind in makers if kind in formats for name, lines in makers[kind].items()}


def _csv(data: Record, kind: str) -> Iterator[str]:
    columns = {name: path for name, path in COLUMNS[kind].items() if path in FIELDS[kind]}
    return csv_lines(data[kind][kind], About(**data[kind]["about"]), columns=columns)


def _task_metrics(data: Record) -> Iterator[str]:
    tally = Tally()
    tally.add(data["tasks"]["tasks"])
    yield from task_metrics(tally.counts(), About(**data["tasks"]["about"]))


def _resource_metrics(data: Record) -> Iterator[str]:
    return resource_metrics(data["resources"]["resources"], About(**data["resources"]["about"]))


def _json_lines(data: Record) -> Iterator[str]:
    """JSON with a line for each record, so that two reports can be compared line by line."""
    yield "{\n"
    for index, (name, part) in enumerate(data.items()):
        yield ",\n" if index else ""
        if name in FIELDS:
            yield f'"{name}": {{\n"about": {_json(part["about"])},\n"summary": {_json(part["summary"])},\n"{name}": [\n'
            yield ",\n".join(map(_json, part[name]))
            yield "\n]}"
        else:
            yield f'"{name}": {_json(part)}'
    yield "\n}\n"


def _json(value: Any) -> str:
    """JSON as people can read it; only halves of characters, which no file can hold, are written as escapes."""
    return _HALVES.sub(lambda half: f"\\u{ord(half[0]):04x}", json.dumps(value, ensure_ascii=False))
