# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Veeam's query language: filters (== != < <= > >= ; , and parentheses) and sorting."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Callable, Protocol

from .data import View

SESSION = {"UID", "Name", "CreationTime", "EndTime", "State", "Result", "BackupServerUid", "BackupServerName"}
NAMES = {
    "Task": {"TaskId", "State", "Operation"},
    "BackupJobSession": SESSION | {"JobType", "JobUid", "JobName", "IsRetry"},
    "ReplicaJobSession": SESSION | {"JobType", "JobUid", "JobName", "IsRetry"},
    "BackupTaskSession": SESSION | {"Reason", "TotalSize", "JobSessionUid", "JobUid", "JobName", "VmDisplayName"},
    "ReplicaTaskSession": SESSION | {"Reason", "TotalSize", "JobSessionUid", "JobUid", "JobName", "VmDisplayName"},
    "RestoreSession": SESSION | {"Type", "VmDisplayName"},
    "VmRestorePoint": {"UID", "Name", "CreationTime", "VmDisplayName", "BackupServerUid", "BackupServerName"},
    "ObjectInJob": {"UID", "Name", "JobUid", "JobName", "BackupServerUid", "BackupServerName"},
}
"""What may be filtered and sorted by, for each kind. The names drop the UTC of the fields."""

FIELDS = {"CreationTime": "CreationTimeUTC", "EndTime": "EndTimeUTC"}
ORDERS = {"Result": ("None", "Success", "Warning", "Failed")}
"""Words that compare by their place here, not by their letters."""

TOKEN = re.compile(r'\s*(?:(==|!=|<=|>=|<|>|;|,|\(|\))|"((?:[^"]|"")*)"|([^\s"();,=!<>]+))')

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: bool(a == b),
    "!=": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}

Keeps = Callable[[dict[str, Any]], bool]


class Searched(Protocol):
    """What a question can be put to."""

    def __len__(self) -> int:
        """How many."""

    def at(self, position: int) -> Any:
        """The one at a position."""

    def slice(self, start: int, stop: int) -> list[Any]:
        """Those from start to stop."""


@dataclass(frozen=True)
class Question:
    """A filter and an order for one kind of thing."""

    text: str
    keeps: Keeps | None
    sort: str | None
    falling: bool

    def select(self, listed: Any) -> Any:
        """What the filter keeps, in the order that was asked for; the list itself when nothing was."""
        if self.keeps is None and self.sort is None:
            return listed
        records = [(p, listed.at(p)) for p in range(len(listed))]
        kept = [(p, r) for p, r in records if self.keeps is None or self.keeps(r)]
        if self.sort is not None:
            # Records without the value come first, as nulls do in the product's database.
            kept.sort(key=lambda pair: _sort_key(_value(pair[1], self.sort or "")), reverse=self.falling)
        return View(listed, [p for p, _text in kept])


def question(kind: str, text: str, ascending: str | None, descending: str | None) -> Question:
    """Raises ValueError with what is wrong: an unknown name, a comparison that is none, two orders at once."""
    names = NAMES[kind]
    if ascending and descending:
        raise ValueError("sortAsc and sortDesc exclude each other")
    sort = ascending or descending
    if sort is not None and sort not in names:
        raise ValueError(f"cannot sort by {sort!r}")
    keeps = _Parser(text, names).parse() if text else None
    return Question(f"{kind}?{text}&{ascending}&{descending}", keeps, sort, descending is not None)


class _Parser:
    """Recursive descent: `,` binds weaker than `;`, parentheses group."""

    def __init__(self, text: str, names: set[str]) -> None:
        self._names = names
        self._tokens = _tokens(text)
        self._next = 0

    def parse(self) -> Keeps:
        keeps = self._either()
        if self._next < len(self._tokens):
            raise ValueError(f"unexpected {self._tokens[self._next][1]!r}")
        return keeps

    def _either(self) -> Keeps:
        parts = [self._both()]
        while self._take(","):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else lambda record: any(part(record) for part in parts)

    def _both(self) -> Keeps:
        parts = [self._single()]
        while self._take(";"):
            parts.append(self._single())
        return parts[0] if len(parts) == 1 else lambda record: all(part(record) for part in parts)

    def _single(self) -> Keeps:
        if self._take("("):
            inner = self._either()
            if not self._take(")"):
                raise ValueError("a closing parenthesis is missing")
            return inner
        name, operator, value = self._word(), self._operator(), self._word()
        if name not in self._names:
            raise ValueError(f"cannot filter by {name!r}")
        return _comparison(name, operator, value)

    def _take(self, sign: str) -> bool:
        if self._next < len(self._tokens) and self._tokens[self._next] == ("sign", sign):
            self._next += 1
            return True
        return False

    def _word(self) -> str:
        if self._next >= len(self._tokens) or self._tokens[self._next][0] != "word":
            raise ValueError("a name or a value is missing")
        self._next += 1
        return self._tokens[self._next - 1][1]

    def _operator(self) -> str:
        if self._next >= len(self._tokens) or self._tokens[self._next][1] not in COMPARE:
            raise ValueError("a comparison is missing")
        self._next += 1
        return self._tokens[self._next - 1][1]


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, at = [], 0
    while at < len(text.rstrip()):
        found = TOKEN.match(text, at)
        if not found:
            raise ValueError(f"cannot read {text[at : at + 20]!r}")
        sign, quoted, bare = found.groups()
        tokens.append(("sign", sign) if sign else ("word", bare if bare is not None else quoted.replace('""', '"')))
        at = found.end()
    return tokens


def _comparison(name: str, operator: str, text: str) -> Keeps:
    compare, wanted = COMPARE[operator], _comparable(name, text)

    def keeps(record: dict[str, Any]) -> bool:
        value = _value(record, name)
        if value is None or type(value) is not type(wanted):
            return operator == "!="
        return compare(value, wanted)

    return keeps


def _value(record: dict[str, Any], name: str) -> Any:
    value = record.get("JobType" if name == "Type" else FIELDS.get(name, name))
    return None if value is None else _comparable(name, value)


def _comparable(name: str, value: Any) -> Any:
    """A value in the form it is compared in: a moment, a place in an order, a number, or its text."""
    if name in FIELDS:
        return _moment(str(value))
    if name in ORDERS:
        if value not in ORDERS[name]:
            raise ValueError(f"{name} has no value {value!r}")
        return ORDERS[name].index(value)
    if name == "TotalSize":
        return int(value)
    return str(value).lower() if name in ("IsRetry", "UID", "JobUid") else str(value)


def _moment(text: str) -> float:
    whole, _mark, fraction = text.rstrip("Z").partition(".")
    try:
        return datetime.fromisoformat(whole + "+00:00").timestamp() + float(f"0.{fraction or 0}")
    except ValueError:
        raise ValueError(f"{text!r} is not a time in UTC") from None


def _sort_key(value: Any) -> tuple[bool, Any]:
    return (value is not None, value)
