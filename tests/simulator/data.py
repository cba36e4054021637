# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deterministic data: every record is a pure function of (seed, stream, index), so a million of them cost no memory."""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Callable, TypeVar

Entry = TypeVar("Entry")

DAY = 86400
IDS = ("id", "UID", "TaskId")
"""What a record is known by, whatever the vendor calls it."""
HISTORY_DAYS = 150
_MASK = (1 << 64) - 1


def mix(seed: int, stream: int, index: int) -> int:
    """64 well-mixed bits (splitmix64) for one record of one stream."""
    z = (seed * 0x9E3779B97F4A7C15 + stream * 0xD1B54A32D192ED03 + index * 0x8CB92BA72F3D8DD7) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


def guid(seed: int, stream: int, index: int) -> str:
    """A stable GUID for one record."""
    h = f"{mix(seed, stream, index):016x}{mix(seed, stream ^ 0x5BD1E995, index):016x}"
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"


_ALPHABET = "0123456789abcdefghijklmnopqrstuv"


def cloud_id(prefix: str, seed: int, stream: int, index: int) -> str:
    """An id as Yandex Cloud writes them: a prefix of three letters and 17 of base 32."""
    bits = mix(seed, stream, index) << 64 | mix(seed, ~stream & 0xFFFF, index)
    return prefix + "".join(_ALPHABET[bits >> 5 * n & 31] for n in range(17))


@lru_cache(maxsize=4096)
def _date(day: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(day * DAY))


def utc(at: float, digits: int = 0, zone: str = "Z") -> str:
    """RFC 3339 in UTC with so many digits of fraction (0 to 9)."""
    whole = int(at // 1)
    day, rest = divmod(whole, DAY)
    hour, rest = divmod(rest, 3600)
    minute, second = divmod(rest, 60)
    fraction = f".{int((at - whole) * 1_000_000):06d}000"[: digits + 1] if digits else ""
    return f"{_date(day)}T{hour:02d}:{minute:02d}:{second:02d}{fraction}{zone}"


class Timeline:
    """When record i was created: newest first, few of them within the last 24 h, many within `history` days."""

    def __init__(self, now: float, size: int, per_day: int = 200, history: int = HISTORY_DAYS) -> None:
        self.now = now
        density = max(1, min(size, per_day), size / history)
        self._step = DAY * 0.98 / density

    def at(self, index: int, bits: int) -> float:
        """Creation time of record `index`; `bits` jitter it within its own slot, so the order is strict."""
        return self.now - (index + 0.05 + 0.9 * (bits & 0xFFFF) / 0x10000) * self._step


class Series:
    """A list of records made on demand. It can move: records arrive at its head, or vanish from it.

    `make(i, created)` gives record i; i is negative for records that arrived later, and then `created` is their time.
    """

    def __init__(self, name: str, size: int, make: Callable[[int, float | None], Any]) -> None:
        self.name = name
        self._size = size
        self._make = make
        self._births: list[float] = []
        self._removed = 0
        self._changes: dict[str, dict[str, Any]] = {}
        self.version = 0
        """Changes whenever the content does: part of every cache key."""

    def __len__(self) -> int:
        return max(0, self._size - self._removed) + len(self._births)

    @property
    def births(self) -> int:
        """How many records arrived since the beginning."""
        return len(self._births)

    def at(self, position: int) -> Any:
        """The record at this position of the list as it is now."""
        births = len(self._births)
        if position < births:
            record = self._make(position - births, self._births[births - 1 - position])
        else:
            record = self._make(position - births + self._removed, None)
        if not self._changes:
            return record
        known = next((record[name] for name in IDS if name in record), None)
        return {**record, **self._changes.get(str(known), {})}

    def slice(self, start: int, stop: int) -> list[Any]:
        """Records start..stop-1, fewer at the end of the list."""
        return [self.at(p) for p in range(max(0, start), min(stop, len(self)))]

    def all(self) -> list[Any]:
        """Every record, in the list's order."""
        return self.slice(0, len(self))

    def change(self, native_id: str, **fields: Any) -> None:
        """From now on the record with this id has these fields; another id, and it is gone for who looks for it."""
        self._changes[native_id] = {**self._changes.get(native_id, {}), **fields}
        self.version += 1

    def move(self, by: int, at: float | None = None) -> None:
        """`by` > 0: so many records arrive at the head, created just now (or `at`); < 0: so many vanish from it."""
        if by > 0:
            self._births.extend(at or time.time() + 1 for _time in range(by))
        else:
            self._removed = min(self._size, self._removed - by)
        self.version += 1

    def touch(self) -> None:
        """Say that a record changed, so that cached pages are made anew."""
        self.version += 1


class View:
    """Positions of a series that a filter kept, in the order that was asked for."""

    def __init__(self, series: Series, positions: Sequence[int]) -> None:
        self._series = series
        self._positions = positions

    def __len__(self) -> int:
        return len(self._positions)

    def slice(self, start: int, stop: int) -> list[Any]:
        """Records start..stop-1 of the view."""
        return [self._series.at(p) for p in self._positions[max(0, start) : stop]]


def within(count: int, key: Callable[[int], Any], lowest: Any, highest: Any) -> range:
    """Positions whose key lies in [lowest, highest], for keys that fall with the position (newest first)."""
    falling = _Falling(count, key)
    start = 0 if highest is None else bisect_left(falling, _Down(highest))
    stop = count if lowest is None else bisect_right(falling, _Down(lowest))
    return range(start, max(start, stop))


class _Down:
    """A key that sorts the other way round, for bisect over a falling list."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __lt__(self, other: _Down) -> bool:
        return bool(other.value < self.value)


class _Falling:
    def __init__(self, count: int, key: Callable[[int], Any]) -> None:
        self._count = count
        self._key = key

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, position: int) -> _Down:
        return _Down(self._key(position))


def pick(table: Sequence[Entry], bits: int) -> Entry:
    """One entry of a table, chosen by random bits."""
    return table[bits % len(table)]
