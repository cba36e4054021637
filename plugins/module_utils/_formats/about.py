# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""What a file says of the collection that it comes from: when, of what, and whether that is everything."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from .._core.records import Record

# What a file says of each source, and of each error.
_SOURCE = ("name", "provider", "complete", "incomplete_reason", "returned")
_ERROR = ("source", "code", "message")


@dataclass(frozen=True)
class About:
    """A collection of tasks or of resources. Times are RFC 3339 in UTC.

    `collected_at`, `since` and `until` are volatile: they differ between two collections of the same data.

    :param kind: `tasks` or `resources`.
    :param since: from when on tasks were read; None: from the beginning.
    :param until: where the window ends; None: when it was collected.
    :param matched: how many records there are.
    :param filters: what the user asked for, as it was given; what was left open is not among it.
    :param sources: rows of name, provider, complete, incomplete_reason, returned.
    :param errors: rows of source, code, message.
    """

    kind: str
    collected_at: str
    since: str | None
    until: str | None
    complete: bool
    matched: int
    filters: Mapping[str, Any]
    sources: Sequence[Mapping[str, Any]]
    errors: Sequence[Mapping[str, Any]]

    def facts(self) -> Record:
        """All of it as plain data, in the order of the fields."""
        return asdict(self)

    def hidden(self, hide: Callable[[Any], Any]) -> About:
        """The same without secrets. Its kind and its times are our own."""
        rows = {name: hide(getattr(self, name)) for name in ("filters", "sources", "errors")}
        return replace(self, **rows)

    @classmethod
    def of(cls, kind: str, result: Mapping[str, Any], filters: Mapping[str, Any], **times: Any) -> About:
        """What a result of the unified modules says of its collection; `times` are the three that are volatile."""
        return cls(
            kind=kind,
            complete=result["complete"],
            matched=result["matched"],
            filters=filters,
            sources=[{name: row.get(name) for name in _SOURCE} for row in result["sources"]],
            errors=[{name: error.get(name) for name in _ERROR} for error in result["errors"]],
            **times,
        )
