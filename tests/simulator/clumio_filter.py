# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clumio's filter grammar: one JSON object, field -> {condition: value}; what the list does not take is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

SIX_MONTHS = 184 * 86400

TASKS = {
    "primary_entity.value": ("$contains",),
    "primary_entity.id": ("$contains",),
    "created_timestamp": ("$lte", "$gte"),
    "type": ("$in",),
    "category": ("$in",),
    "genre": ("$in",),
    "status": ("$in",),
    "id": ("$in",),
}
"""Fields a filter of tasks takes, and the conditions of each."""

RESOURCES = {
    "name": ("$contains", "$eq"),
    "account_native_id": ("$eq",),
    "aws_region": ("$eq",),
    "protection_status": ("$in", "$eq"),
    "is_deleted": ("$eq", "$in"),
}


@dataclass(frozen=True)
class Filter:
    """Conditions that all hold for a record that is kept."""

    conditions: tuple[tuple[str, str, Any], ...] = ()

    def accepts(self, record: dict[str, Any]) -> bool:
        """Whether every condition holds."""
        return all(_holds(condition, _field(record, name), value) for name, condition, value in self.conditions)

    def bound(self, condition: str) -> float | None:
        """The moment that created_timestamp is compared with, None without such a condition."""
        values = [v for name, c, v in self.conditions if name == "created_timestamp" and c == condition]
        return values[0] if values else None

    @property
    def only_times(self) -> bool:
        """Whether nothing but created_timestamp is asked about."""
        return all(name == "created_timestamp" for name, _operator, _value in self.conditions)


def parse(text: str, known: dict[str, tuple[str, ...]], now: float) -> Filter:
    """The filter in a query parameter. Raises ValueError with what is wrong with it."""
    if not text:
        return Filter()
    try:
        given = json.loads(text)
    except ValueError:
        raise ValueError("it is not JSON") from None
    if not isinstance(given, dict):
        raise ValueError("it is not a JSON object")
    conditions = []
    for name, wanted in given.items():
        if name not in known:
            raise ValueError(f"the field {name!r} cannot be filtered by")
        if not isinstance(wanted, dict) or not wanted:
            raise ValueError(f"{name!r} needs an object of conditions")
        for condition, value in wanted.items():
            if condition not in known[name]:
                raise ValueError(f"{name!r} takes {', '.join(known[name])}, not {condition!r}")
            conditions.append((name, condition, _checked(name, condition, value, now)))
    return Filter(tuple(conditions))


def _checked(name: str, condition: str, value: Any, now: float) -> Any:
    """The value, when it is of the kind the condition needs."""
    if condition == "$in":
        if not isinstance(value, list) or not value:
            raise ValueError(f"$in of {name!r} needs a list")
        return tuple(value)
    if condition == "$contains" and not isinstance(value, str):
        raise ValueError(f"$contains of {name!r} needs a text")
    if name != "created_timestamp":
        return value
    try:
        moment = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        raise ValueError(f"{value!r} is not a time in RFC 3339") from None
    if moment.tzinfo is None or now - moment.timestamp() > SIX_MONTHS:
        raise ValueError(f"{value!r} has no time zone or lies more than six months back")
    return moment.timestamp()


def _field(record: dict[str, Any], name: str) -> Any:
    value: Any = record
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _holds(condition: str, value: Any, wanted: Any) -> bool:
    if condition in ("$lte", "$gte"):
        moment = datetime.fromisoformat(str(value).replace("Z", "+00:00")).timestamp()
        return bool(moment <= wanted if condition == "$lte" else moment >= wanted)
    if value is None:
        return False
    if condition == "$in":
        return bool(value in wanted)
    return bool(wanted in value if condition == "$contains" else value == wanted)
