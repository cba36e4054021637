# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Records of the model as CSV (RFC 4180, UTF-8, lines end in LF), below a few lines that say what they are."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .._core.records import Record
from .about import About
from .text import clean, one_line, words

#: The columns of a task, and the field of the model that each shows. No line begins like those above the head: uids
#: begin with a provider.
TASK_COLUMNS = {
    "uid": "uid",
    "provider": "provider",
    "source": "source",
    "id": "id",
    "resource_id": "resource.id",
    "resource_name": "resource.name",
    "resource_type": "resource.type",
    "resource_native_type": "resource.native_type",
    "level": "level",
    "operation": "operation",
    "state": "state",
    "result": "result",
    "severity": "severity",
    "protects": "protects",
    "message": "message",
    "error_code": "error_code",
    "created_at": "created_at",
    "started_at": "started_at",
    "updated_at": "updated_at",
    "finished_at": "finished_at",
    "expected_finish_at": "expected_finish_at",
    "duration_seconds": "duration_seconds",
    "progress_percent": "progress_percent",
    "backup_level": "backup_level",
    "cancellable": "cancellable",
    "job_id": "job.id",
    "job_name": "job.name",
    "policy_id": "policy.id",
    "policy_name": "policy.name",
    "parent_id": "parent.id",
    "parent_name": "parent.name",
    "native_operation": "native_operation",
    "native_state": "native_state",
    "native_result": "native_result",
    "related": "related",
    "notes": "notes",
}
#: The same of a resource, but for its days, which are a table of their own. The volatile ones stand last, so that a
#: comparison of two files can leave them out.
RESOURCE_COLUMNS = {
    "uid": "uid",
    "provider": "provider",
    "source": "source",
    "id": "id",
    "name": "name",
    "type": "type",
    "native_type": "native_type",
    "freshness": "freshness.status",
    "reasons": "reasons",
    "last_success_at": "last_success_at",
    "last_success_basis": "last_success_basis",
    "last_success_task": "last_success_task",
    "last_attempt_at": "last_attempt_at",
    "last_result": "last_result",
    "consecutive_failures": "consecutive_failures",
    "failing_since": "failing_since",
    "next_run_at": "next_run_at",
    "overdue": "overdue",
    "last_restore_at": "last_restore_at",
    "last_restore_result": "last_restore_result",
    "target_seconds": "freshness.target_seconds",
    "grace_seconds": "freshness.grace_seconds",
    "protection": "protection",
    "activity": "activity",
    "online": "online",
    "enabled": "enabled",
    "policies": "policies",
    "alternate_ids": "alternate_ids",
    "coverage": "coverage",
    "message": "message",
    "created_at": "created_at",
    "updated_at": "updated_at",
    "notes": "notes",
    "age_seconds": "freshness.age_seconds",
    "evaluated_at": "freshness.evaluated_at",
}
COLUMNS = {"tasks": TASK_COLUMNS, "resources": RESOURCE_COLUMNS}

# What a spreadsheet takes for the beginning of a formula, also written wide or small, and what it overlooks before.
_SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212"
_BLANKS = " \xa0\u2000\u2001\u2002\u2003\u2007\u2009\u200a\u200b\u202f\u3000\u2060\ufeff\ufffd\"'\t\n"
# What splits cells: where people use semicolons or tabs, these do. Above the head nothing is quoted, so commas do, too.
_SPLITS = re.compile(r"([;\t\n])")
_SPLITS_ABOVE = re.compile(r"([,;])")
# What most cells are, and nothing has to be done about: printable ASCII that begins with a letter or digit.
_HARMLESS = re.compile(r"[A-Za-z0-9][ -:<-~]*")


class _Line:
    """A file for `csv.writer`, which returns what this returns: the line itself."""

    def write(self, line: str) -> str:
        return line


def csv_lines(records: Iterable[Record], about: About, *, columns: Mapping[str, str] | None = None) -> Iterator[str]:
    """The file, piece by piece, each with its line end: what it is, a head, and one row a record.

    The lines above the head begin with `#`. In a cell that a spreadsheet would run, an apostrophe stands before what
    makes it a formula. Rows may hold line ends, within quotes.

    :param columns: the columns and their fields, if not all of `COLUMNS`.
    """
    columns = COLUMNS[about.kind] if columns is None else columns
    paths = [path.split(".") for path in columns.values()]
    for key, value in preamble(about):
        yield f"# {key}: {defused(one_line(words(value)), _SPLITS_ABOVE)}\n"
    write = csv.writer(_Line(), lineterminator="\n").writerow
    yield str(write(columns))
    for record in records:
        yield str(write([_cell(_within(record, path)) for path in paths]))


def preamble(about: About) -> Iterator[tuple[str, Any]]:
    """What every file says of itself, in keys and values."""
    yield "kind", about.kind
    yield "collected_at", about.collected_at
    yield "since", about.since
    yield "until", about.until
    yield "complete", about.complete
    yield "matched", about.matched
    for name, value in about.filters.items():
        yield f"filter {name}", value
    for row in about.sources:
        if not row["complete"]:
            yield "incomplete source", f"{row['name']} ({row['provider']}): {row['incomplete_reason']}"
    for error in about.errors:
        yield "error", f"{error['source']}: {error['code']}: {error['message']}"


def _within(record: Any, path: list[str]) -> Any:
    for name in path:
        record = record.get(name) if isinstance(record, dict) else None
    return record


def _cell(value: Any) -> str:
    """A cell. Our own numbers and truth values need no defusing: a negative number is no formula."""
    if isinstance(value, str) and _HARMLESS.fullmatch(value):
        return value
    text = words(value)
    return text if isinstance(value, (bool, int, float)) else defused(clean(text))


def defused(text: str, splits: re.Pattern[str] = _SPLITS) -> str:
    """Text that no spreadsheet runs, even if it splits cells where it should not."""
    before = "'" if text[:1] in ("\t", "\n") else ""
    return before + "".join(f"'{part}" if _is_formula(part) else part for part in splits.split(text))


def _is_formula(text: str) -> bool:
    first = text.lstrip(_BLANKS)[:1]
    return bool(first) and first in _SIGNS
