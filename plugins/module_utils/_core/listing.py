# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""What reading a list gives: its records, and the proof, or not, that they are all there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from .errors import BackupError
from .records import Record


class Records(Protocol):
    """Records in their order: a list, or what holds more than memory should (`spool.Spooled`)."""

    def __len__(self) -> int:
        """How many there are."""

    def __iter__(self) -> Iterator[Record]:
        """One after the other."""

    def __iadd__(self, more: Iterable[Record]) -> Any:
        """Add some at the end."""


def in_memory() -> Records:
    """An empty list."""
    records: list[Record] = []
    return records


def total(numbers: Iterable[int | None]) -> int | None:
    """The sum of what several lists count; None when one of them is not known, or there is none."""
    known = list(numbers)
    return None if not known or None in known else sum(number for number in known if number is not None)


@dataclass
class Listing:
    """Records in a deterministic order, with how they were read.

    `error` says why a list is incomplete; the records that were read are there all the same. `incomplete_reason` is one
    of repeated_token, page_missing, total_mismatch, list_moved, deadline, failed_scopes, source_failed.
    """

    records: Records = field(default_factory=in_memory)
    error: BackupError | None = None
    incomplete_reason: str | None = None
    failed_scopes: list[dict[str, Any]] = field(default_factory=list)
    pages: int = 0
    received: int = 0
    duplicates: int = 0
    server_total: int | None = None
    requests: int = 0
    retries: int = 0
    throttled: int = 0
    elapsed_seconds: float = 0.0
    warnings: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return self.incomplete_reason is None

    def add_cost(self, other: Listing) -> None:
        """Add what another listing cost that had to be read first."""
        self.requests += other.requests
        self.retries += other.retries
        self.throttled += other.throttled
        self.elapsed_seconds += other.elapsed_seconds
        self.warnings = other.warnings + self.warnings

    def report(self) -> dict[str, Any]:
        """The `listing` that every module returns. `received` counts before, `returned` after the client's filters."""
        return {
            "complete": self.complete,
            "incomplete_reason": self.incomplete_reason,
            "failed_scopes": self.failed_scopes,
            "pages": self.pages,
            "received": self.received,
            "returned": len(self.records),
            "duplicates": self.duplicates,
            "server_total": self.server_total,
            "requests": self.requests,
            "retries": self.retries,
            "throttled": self.throttled,
            "elapsed_seconds": round(self.elapsed_seconds, 3),
        }
