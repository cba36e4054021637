# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on demand: what may go wrong, whom it hits and how often."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

WIRE = frozenset(
    [
        "status",
        "throttle",
        "reset",
        "reset_body",
        "truncate",
        "garbage",
        "html",
        "html_error",
        "wrong_format",
        "empty_body",
        "hang",
        "drip",
        "drip_headers",
        "huge",
        "gzip_bomb",
        "redirect",
        "foreign_json",
    ]
)
"""Faults of the answer as a whole: at most one hits a request; the others keep their turn."""

RECORDS = frozenset(
    [
        "wrong_total",
        "empty_page",
        "repeat_token",
        "shift",
        "duplicate",
        "unknown_words",
        "unknown_fields",
        "hostile_text",
        "bad_types",
    ]
)
"""Faults of what a list says: all that are due hit together, and only lists are hit."""

KINDS = WIRE | RECORDS | {"slow"}

LISTS = {
    "yandex": r"^/backup/v1/resources(/[^/?]+/tasks)?(\?|$)",
    "clumio": r"^/(tasks|datasources/[a-z0-9/-]+|alerts/individual)(\?|$)",
    "veeam": r"^/api/(query|tasks)(\?|$)",
    "petadata": r"Action=Describe",
}
"""What counts as a list when a record fault names no path."""


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong.

    `path` is a regular expression searched in path?query; `skip` matching requests pass first, then `times` are hit
    (None: for ever). The other fields belong to single kinds, as the table in README.md says.
    """

    provider: str
    kind: str
    path: str | None = None
    method: str | None = None
    skip: int = 0
    times: int | None = None
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | str | None = None
    retry_after: float | None = None
    retry_style: str = "seconds"
    """How a throttle tells the wait: seconds, date, or acs (x-acs-retry-after in milliseconds)."""
    seconds: float = 1.0
    size: int = 10 * 1024**3
    location: str = "https://login.example.com/"
    n: int = 1

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of fault {self.kind!r}; known: {', '.join(sorted(KINDS))}")
        if self.provider not in LISTS:
            raise ValueError(f"unknown provider {self.provider!r}; known: {', '.join(LISTS)}")

    @property
    def pattern(self) -> str:
        """The regular expression that decides whom this fault may hit."""
        if self.path is not None:
            return self.path
        return LISTS[self.provider] if self.kind in RECORDS else ""

    def concerns(self, provider: str, method: str, target: str) -> bool:
        """Whether a request is of the kind this fault waits for."""
        if provider != self.provider or (self.method and method != self.method):
            return False
        return re.search(self.pattern, target) is not None


class _Turns:
    """How often one fault saw a request that concerns it, and how often it hit."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.seen = 0
        self.hits = 0

    def due(self) -> bool:
        self.seen += 1
        if self.seen <= self.fault.skip:
            return False
        return self.fault.times is None or self.hits < self.fault.times

    @property
    def spent(self) -> bool:
        return self.fault.times is not None and self.hits >= self.fault.times


class FaultBook:
    """The faults in force. Counting happens in one place under a lock, so parallel clients change nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns: list[_Turns] = []

    def add(self, fault: Fault) -> None:
        """Put a fault in force."""
        with self._lock:
            self._turns.append(_Turns(fault))

    def clear(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._turns.clear()

    def take(self, provider: str, method: str, target: str) -> list[Fault]:
        """The faults that hit this request, in the order they were added; at most one of them is of WIRE."""
        taken: list[Fault] = []
        with self._lock:
            for turns in self._turns:
                if turns.spent or not turns.fault.concerns(provider, method, target):
                    continue
                if turns.fault.kind in WIRE and any(f.kind in WIRE for f in taken):
                    continue
                if turns.due():
                    turns.hits += 1
                    taken.append(turns.fault)
        return taken


def parse_fault(text: str) -> Fault:
    """A fault from the command line: `provider:kind:key=value,key=value`. Raises ValueError with what is wrong."""
    provider, _mark, rest = text.partition(":")
    kind, _mark, options = rest.partition(":")
    values: dict[str, Any] = {}
    for option in filter(None, options.split(",")):
        key, _mark, value = option.partition("=")
        values[key] = _FIELDS[key](value) if key in _FIELDS else _unknown(key)
    return Fault(provider, kind, **values)


def _unknown(key: str) -> Any:
    raise ValueError(f"unknown key {key!r} of a fault; known: {', '.join(_FIELDS)}")


_FIELDS: dict[str, Any] = {
    "path": str,
    "method": str,
    "skip": int,
    "times": int,
    "status": int,
    "body": str,
    "retry_after": float,
    "retry_style": str,
    "seconds": float,
    "size": int,
    "location": str,
    "n": int,
}
