# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words of a report: what a person reads in place of the model's words, numbers and times."""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import Any

from ansible_collections.multivendor.backup.plugins.module_utils._core import times
from ansible_collections.multivendor.backup.plugins.module_utils._formats.text import clean

#: How bad something is. `ok` is the only good one, and nothing unknown ever has it.
LEVELS = ("ok", "warning", "critical", "unknown", "neutral")
#: A sign for each level, for those who cannot tell colours apart.
MARKS = {"ok": "\u2713", "warning": "!", "critical": "\u2715", "unknown": "?", "neutral": "\u2013"}

#: The verdicts on a resource: level and word.
STATUSES = {
    "never": ("critical", "Never"),
    "missed": ("critical", "Missed"),
    "unknown": ("unknown", "Unknown"),
    "late": ("warning", "Late"),
    "pending": ("neutral", "Pending"),
    "met": ("ok", "Met"),
    "not_applicable": ("neutral", "Not measured"),
}
SEVERITY_LEVELS = {"ok": "ok", "warning": "warning", "critical": "critical", "unknown": "unknown"}
RESULTS = {
    "success": "succeeded",
    "warning": "ended with a warning",
    "partial": "ended in part",
    "cancelled": "cancelled",
    "skipped": "skipped",
    "failed": "failed",
    "timed_out": "timed out",
    "abandoned": "abandoned",
    "unknown": "ended, nobody says how",
}
REASONS = {
    "never_backed_up": "never backed up",
    "no_success_in_history": "no good backup in the history that was read",
    "rpo_missed": "backup too old",
    "rpo_late": "backup late",
    "last_failed": "last backup failed",
    "failure_streak": "failed several times in a row",
    "stuck_task": "a backup is stuck",
    "overdue": "next backup is overdue",
    "never_restored": "never restored",
    "offline": "offline",
    "disabled": "backups switched off",
    "not_controlling": "no longer tied to its machine",
    "registration_failed": "registration failed",
    "warning_result": "last backup ended with a warning",
    "incomplete_data": "not everything was read",
    "unknown_status": "nobody says how the last backup ended",
    "unknown_task": "a task may have been a good backup, and nobody can say",
    "in_the_future": "the newest backup seems to begin in the future",
}
#: What is said of a resource because of its protection, where no reason says it.
PROTECTIONS = {
    "unprotected": "in no policy or job",
    "deleted": "deleted",
    "unsupported": "cannot be backed up",
    "pending": "being registered",
}
INCOMPLETE = {
    "repeated_token": "the server repeated a page",
    "page_missing": "a page did not arrive",
    "total_mismatch": "fewer records than the server counts",
    "list_moved": "the list changed while it was read",
    "deadline": "the time was up",
    "failed_scopes": "some lists could not be read",
    "source_failed": "it could not be read",
}
# What turns the direction of text, so that it reads as something else: names need none of it.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def word(table: dict[str, str], value: Any) -> str:
    """A word of the model as a person says it; one that the table does not know as it is."""
    return table.get(value) or shown(value).replace("_", " ")


def shown(value: Any) -> str:
    """Text from a vendor, fit for a page; empty for nothing."""
    return "" if value is None else _TURNS.sub("\ufffd", clean(str(value)))


def number(count: int) -> str:
    """`1,234`."""
    return f"{count:,}"


def counted(count: int, one: str, many: str | None = None) -> str:
    """`1 task`, `1,234 tasks`."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def span(seconds: float | None) -> str:
    """A length of time: `45 min`, `26.3 h`, `4.2 days`. Rounded up: what is too old never looks young enough."""
    if seconds is None:
        return ""
    for unit, name, below in ((_MINUTE, "min", 90 * _MINUTE), (_HOUR, "h", 72 * _HOUR)):
        if seconds < below:
            tenth = 1 if unit == _MINUTE else 10
            return f"{_up(seconds / unit, tenth)} {name}"
    days = _up(seconds / _DAY, 10)
    return f"{days} {'day' if days == '1' else 'days'}"


def _up(value: float, parts: int) -> str:
    return f"{math.ceil(round(value * parts, 6)) / parts:g}" if value < 10**6 else number(math.ceil(value))


def moment(time: str | None) -> str:
    """A time of the model as `21 Nov 2026, 07:00`; what is no time as it is."""
    parsed = _parsed(time)
    return f"{date(time)} {parsed.year}, {parsed:%H:%M}" if parsed else shown(time)


def date(time: str | None) -> str:
    """The day of a time or of a date, `21 Nov`."""
    parsed = _parsed(time)
    return f"{parsed.day} {_MONTHS[parsed.month - 1]}" if parsed else shown(time)


def _parsed(time: str | None) -> datetime | None:
    try:
        return times.parse(time if len(time) > 10 else f"{time}T00:00:00Z") if time else None
    except ValueError:
        return None
