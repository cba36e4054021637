# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plots of a report, as numbers: a template only writes them down as SVG.

Colour is never the only sign: each level has a shape of its own in a calendar, and a pattern in the trend.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.multivendor.backup.plugins.module_utils._core.records import Record
from ansible_collections.multivendor.backup.plugins.module_utils._model.enums import SEVERITIES

from . import _report_text as text

# A calendar is one row of cells. A level is one path, however many days it has: thousands of rows stay light.
CELL = 11
ROW = 15
#: A calendar of more days is squeezed.
WIDEST = 31 * CELL
_SHAPES = {
    "ok": "M{x} 3.5h9v9h-9z",
    "warning": "M{x} 12.5l4.5 -9.5l4.5 9.5z",
    "critical": (
        "M{x} 0.5h9v14h-9z"
        "M{middle} 6.4l1.8 -1.8 1.1 1.1 -1.8 1.8 1.8 1.8 -1.1 1.1"
        "l-1.8 -1.8 -1.8 1.8 -1.1 -1.1 1.8 -1.8 -1.8 -1.8 1.1 -1.1z"
    ),
    "unknown": "M{x} 3.5h9v9h-9zM{inner} 5h6v6h-6z",
    "neutral": "M{dot} 7h3v2h-3z",
}
# Days are told to a script by one letter each.
LETTERS = {
    **{"success": "s", "warning": "w", "partial": "p", "cancelled": "c", "skipped": "k", "failed": "f"},
    **{"timed_out": "t", "abandoned": "a", "unknown": "u", None: "-"},
}

#: The parts of a bar from the bottom up: what is bad stands on the ground, where lengths can be compared.
STACK_WORDS = {
    "critical": "failed",
    "unknown": "unknown",
    "warning": "with warnings",
    "unfinished": "not finished",
    "ok": "succeeded",
}
HEIGHT = 180
_HEADROOM = 18
_MOST_LABELS = 15
# A number has room above a bar that has so many percent of the width.
_NUMBERED = 2.5


def level_of(result: str | None) -> str:
    """How bad a result is; `neutral` where there is none."""
    return "neutral" if result is None else text.SEVERITY_LEVELS.get(SEVERITIES.get(result, "unknown"), "unknown")


def calendar(days: Sequence[Mapping[str, Any]]) -> Record:
    """One row of a calendar: `paths` by level, the letters of its days, and what it shows in words."""
    paths: dict[str, list[str]] = {}
    for index, day in enumerate(days):
        level = level_of(day["result"])
        paths.setdefault(level, []).append(_shape(level, index))
    return {
        "units": len(days) * CELL,
        "width": min(len(days) * CELL, WIDEST),
        "paths": [{"level": level, "d": "".join(path)} for level, path in paths.items()],
        "letters": "".join(LETTERS.get(day["result"], "u") for day in days),
        "label": _in_words(days),
    }


@functools.cache
def _shape(level: str, index: int) -> str:
    """The shape of a level in a cell; there are few, and they occur everywhere."""
    x = index * CELL + 1
    return _SHAPES[level].format(x=x, inner=x + 1.5, dot=x + 3, middle=x + 4.5)


def _in_words(days: Sequence[Mapping[str, Any]]) -> str:
    """What a calendar shows: the good days by number, each other one by date."""
    if not days:
        return "no history"
    by_result: dict[Any, list[str]] = {}
    for day in days:
        by_result.setdefault(day["result"], []).append(text.date(day["date"]))
    parts = []
    for result, dates in sorted(by_result.items(), key=lambda item: str(item[0])):
        told = "without a backup" if result is None else text.word(text.RESULTS, result)
        which = "" if result == "success" or len(dates) > 7 else f" ({', '.join(dates)})"
        parts.append(f"{text.counted(len(dates), 'day')} {told}{which}")
    return "; ".join(parts)


def trend(by_day: Sequence[Record], dates: Sequence[str]) -> Record:
    """Stacked bars of tasks by day. Widths and x are percent, so that labels keep their size; heights are pixels.

    :param by_day: as `summary.by_day` has it.
    :param dates: the days to show, also those without a task.
    """
    rows = {row["date"]: row for row in by_day}
    highest = max((rows[date]["total"] for date in dates if date in rows), default=0)
    ticks = _ticks(highest)
    scale = (HEIGHT - _HEADROOM) / ticks[-1] if ticks[-1] else 0.0
    step = 100 / max(1, len(dates))
    every = math.ceil(len(dates) / _MOST_LABELS)
    return {
        "height": HEIGHT,
        "axis": [{"label": text.number(tick), "y": round(HEIGHT - tick * scale, 1)} for tick in ticks],
        "bars": [
            {
                **_bar(date, rows.get(date), index, step, scale),
                "labelled": (len(dates) - 1 - index) % every == 0,
                "sparse": (len(dates) - 1 - index) % (3 * every) != 0,  # where there is little room
            }
            for index, date in enumerate(dates)
        ],
    }


def _bar(date: str, row: Record | None, index: int, step: float, scale: float) -> Record:
    """The bar of one day; a part that is not nothing is seen, however small it is."""
    parts, y = [], float(HEIGHT)
    for severity in STACK_WORDS:
        count = row[severity] if row else 0
        if count:
            height = max(2.0, count * scale)
            y -= height
            parts.append({"kind": severity, "y": round(y, 1), "height": round(height, 1)})
    counts = {severity: row[severity] if row else 0 for severity in STACK_WORDS}
    return {
        "date": date,
        "label": text.date(date),
        "x": round(index * step + step * 0.12, 3),
        "middle": round(index * step + step * 0.5, 3),
        "width": round(step * 0.76, 3),
        "top": round(y, 1),
        "parts": parts,
        "counts": counts,
        "failed": text.number(counts["critical"]) if counts["critical"] and step >= _NUMBERED else "",
        "total": row["total"] if row else 0,
        "title": f"{text.date(date)}: {_told(counts)}",
    }


def _told(counts: Mapping[str, int]) -> str:
    told = [f"{text.number(count)} {STACK_WORDS[severity]}" for severity, count in counts.items() if count]
    return ", ".join(told) or "no tasks"


def _ticks(highest: int) -> list[int]:
    """Round numbers from 0 to at least `highest`, three or four steps of them."""
    if highest <= 0:
        return [0]
    rough = highest / 4
    unit = 10 ** math.floor(math.log10(rough)) if rough >= 1 else 1
    step = next(size * unit for size in (1, 2, 5, 10) if size * unit >= rough)
    return [step * index for index in range(math.ceil(highest / step) + 1)]


def meter(freshness: Mapping[str, Any]) -> Record | None:
    """Age against target, as percent of a bar that ends at twice the target (and grace); None where there is no age."""
    age, target, grace = freshness["age_seconds"], freshness["target_seconds"], freshness["grace_seconds"] or 0
    if age is None or not target:
        return None
    end = max(2 * target, 1.5 * (target + grace))
    return {
        "filled": round(100 * min(max(age, 0), end) / end, 1),
        "target": round(100 * target / end, 1),
        "between": round(100 * grace / end, 1),
    }
