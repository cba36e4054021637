# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Times: what the APIs send, made RFC 3339 in UTC; what people write (`24h`, `7d`), made a moment."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

_DAY = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d"
# Days that exist in every year: what is left to a closer look is 29 February, and years far away, as "never" is.
_DATE = (
    r"2\d{3}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])"
    r"|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
)
_is_canonical = re.compile(rf"{_DATE}T{_CLOCK}(?:\.\d{{1,9}})?Z", re.ASCII).fullmatch
_LAWFUL = re.compile(rf"({_DAY})[Tt ]({_CLOCK})(?:[.,](\d{{1,9}}))?\s?([Zz]|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?", re.ASCII)
_AGO = re.compile(r"(\d{1,9})\s*([smhdw])", re.ASCII)
_LENGTH = re.compile(r"(\d{1,6})\s*([smhdw])", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

#: Seconds that a clock may differ from another before that matters.
CLOCK_TOLERANCE = 60.0

#: How vendors write "never", up to the second.
NEVER = frozenset(("0001-01-01T00:00:00", "1753-01-01T00:00:00", "1970-01-01T00:00:00"))

ACCEPTED = "an RFC 3339 time (2026-11-21T06:00:00Z) or an age (45m, 24h, 7d)"


def utc(value: Any) -> str | None:
    """An API's time as RFC 3339 in UTC with `Z`, its fraction kept; None for an absent, empty or "never" time.

    A time without a zone is read as UTC, for that is what all the APIs document.

    :raises ValueError: the value is no time.
    """
    if isinstance(value, str) and _is_canonical(value):  # nearly always
        return value
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ValueError("no text")
    canonical = _canonical(value)
    return None if canonical[:19] in NEVER else canonical


def _canonical(text: str) -> str:
    """A lawful RFC 3339 time in the one form that all our results use."""
    found = _LAWFUL.fullmatch(text)
    if found is None:
        raise ValueError("no RFC 3339 time")
    day, clock, fraction, zone = found.groups()
    whole = f"{day}T{clock}"
    if whole not in NEVER:  # in whatever zone it is written
        whole = _in_utc(whole, zone or "Z")
    return f"{whole}.{fraction}Z" if fraction else f"{whole}Z"


def _in_utc(whole: str, zone: str) -> str:
    """A time of this zone as one of UTC.

    :raises ValueError: there is no such day, or none in UTC (before the year 1, after 9999).
    """
    local = datetime.fromisoformat(whole)
    if zone in "Zz":
        return whole
    digits = zone[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    try:
        return (local - offset if zone[0] == "+" else local + offset).isoformat()
    except OverflowError as problem:
        raise ValueError("no RFC 3339 time") from problem


def parse(text: str) -> datetime:
    """The moment of an RFC 3339 time, aware, in UTC, cut to microseconds.

    :raises ValueError: the text is no time, or means "never".
    """
    canonical = utc(text)
    if canonical is None:
        raise ValueError("no time")
    whole, _dot, fraction = canonical[:-1].partition(".")
    moment = datetime.fromisoformat(whole).replace(tzinfo=timezone.utc)
    return moment.replace(microsecond=int(fraction[:6].ljust(6, "0"))) if fraction else moment


def rfc3339(moment: datetime | float) -> str:
    """A moment (aware, or seconds since the epoch) as RFC 3339 in UTC, in whole seconds."""
    if not isinstance(moment, datetime):
        moment = datetime.fromtimestamp(moment, timezone.utc)
    return moment.astimezone(timezone.utc).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def length(text: str, lowest: int = 1) -> float:
    """Seconds of what a person wrote for a length of time: `26h`, `90m`, `7d`.

    :param lowest: the lowest number that makes sense.
    :raises ValueError: the text is no such length.
    """
    found = _LENGTH.fullmatch(text.strip())
    if found is None or int(found.group(1)) < lowest:
        raise ValueError("no length of time")
    return timedelta(**{_UNITS[found.group(2)]: int(found.group(1))}).total_seconds()


def moment(text: str, now: float) -> datetime:
    """What a person wrote: `24h` is 24 hours before `now` (seconds since the epoch); anything else must be RFC 3339.

    :raises ValueError: the text is neither, or lies before the year 1.
    """
    ago = _AGO.fullmatch(text.strip())
    if ago is None:
        return parse(text.strip())
    try:
        return datetime.fromtimestamp(now, timezone.utc) - timedelta(**{_UNITS[ago.group(2)]: int(ago.group(1))})
    except OverflowError as problem:
        raise ValueError("too long ago") from problem
