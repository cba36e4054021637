# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Filters on records, for what an API cannot filter, or may not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from . import times
from .paging import Filter
from .records import Record


def matching(wanted: Mapping[str, Collection[Any] | None]) -> Filter:
    """Keeps the records whose fields have one of the values wanted; None or empty wants all."""
    asked = {field: frozenset(values) for field, values in wanted.items() if values}
    return lambda record: all(record[field] in values for field, values in asked.items())


def created_within(field: str, since: datetime | None, until: datetime | None) -> Filter:
    """Keeps the records whose time in `field` lies in [since, until). A record without a time is kept: nobody knows."""

    def keep(record: Record) -> bool:
        try:
            created = times.parse(record[field] or "")
        except ValueError:
            return True
        return (since is None or created >= since) and (until is None or created < until)

    return keep


def both(one: Filter, other: Filter) -> Filter:
    """Keeps what both filters keep."""
    return lambda record: one(record) and other(record)
