# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of PetaData: the tasks of one instance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from .data import Series, Timeline, mix, pick, utc, within

if TYPE_CHECKING:
    from .petadata import PetaDataData
    from .service import World

TASK = 41

SHOWCASE = (
    ("CreateDatabaseBackup", "1"),
    ("CreateDatabaseBackup", "2"),
    ("CreateDatabaseBackup", "0"),
    ("RestoreDatabase", "2"),
    ("CreateDatabaseBackup", "3"),
    ("ModifyBackupPolicy", "2"),
    ("CreateDatabaseBackup", "2"),
    ("CreateDatabaseBackup", "4"),
    ("CreateDatabaseBackup", "5"),
    ("CreateInstance", "2"),
    ("RestoreDatabase", "3"),
)
"""The newest tasks: every status, and the actions that concern backups."""

USUAL = (("CreateDatabaseBackup", "2"),) * 24 + (
    ("CreateDatabaseBackup", "3"),
    ("RestoreDatabase", "2"),
    ("ModifyBackupPolicy", "2"),
    ("CreateDatabase", "2"),
)
"""All other tasks, as often as on a quiet instance."""

CALM = (
    ("CreateDatabaseBackup", "1"),
    ("CreateDatabaseBackup", "2"),
    ("CreateDatabaseBackup", "0"),
    ("CreateDatabaseBackup", "2"),
    ("CreateDatabaseBackup", "3"),
    ("ModifyBackupPolicy", "2"),
    ("CreateDatabaseBackup", "5"),
)
"""The newest tasks of a calm night."""

DATABASES = ("orders", "billing", "customers", "inventory_eu", "sessions", "bestellungen_öst", "注文履歴")

REASONS = (
    "Backup failed: the storage space of the instance is insufficient.",
    "Backup failed: lost connection to MySQL server during query (node 3 of 4).",
    "Backup failed: long transaction on table `orders`.`lines` blocked FLUSH TABLES WITH READ LOCK.",
)

INFO = {"0": "Waiting for a free slot.", "1": "Copying data files.", "4": "Closed.", "5": "Canceled by the user."}


class Records:
    """Makes the records of one account, as they are sent."""

    def __init__(self, world: World, data: PetaDataData) -> None:
        self._seed = world.seed
        self._now = world.now
        self._data = data
        self._newest = CALM if data.calm else SHOWCASE
        self._timeline = Timeline(world.now, data.tasks)

    def task_maker(self, instance: int) -> Callable[[int, float | None], dict[str, Any]]:
        """A function that makes the tasks of one instance. Ids are unique within it only."""
        return lambda i, born: self._task(instance, i, born)

    def select(
        self, series: Series, since: float, until: float, statuses: frozenset[str], action: str | None
    ) -> list[int]:
        """Positions of the tasks that began (or were asked for) in the period, and pass the other filters."""
        head = min(len(series), len(self._newest) + series.births)
        first, last = utc(since), utc(until)
        times = within(len(series) - head, lambda p: series.at(p + head)["BeginTime"], first, last)
        rest = range(times.start + head, times.stop + head)
        early = [p for p in range(head) if first <= self._asked(series.at(p)) <= last]
        if len(statuses) == 6 and action is None:
            return [*early, *rest]
        return [p for p in [*early, *rest] if self._passes(series.at(p), statuses, action)]

    def _asked(self, task: dict[str, Any]) -> str:
        """When it began; a task that has not begun counts as of now."""
        return str(task.get("BeginTime") or utc(self._now - 60))

    def _passes(self, task: dict[str, Any], statuses: frozenset[str], action: str | None) -> bool:
        return str(task["Status"]) in statuses and action in (None, task["TaskAction"])

    def _task(self, instance: int, i: int, born: float | None) -> dict[str, Any]:
        bits = mix(self._seed, TASK + instance, i)
        action, status = self._newest[i] if 0 <= i < len(self._newest) else pick(USUAL, bits >> 40)
        begin, end, expected = self._times(i, bits, status, born)
        percent = 100 if status == "2" else 0 if status == "0" else bits % 99 + 1
        task = {
            "TaskId": str(1000 + self._data.tasks - i),
            "BeginTime": self._time(begin),
            "FinishTime": self._time(end),
            "ExpectedFinishTime": self._time(expected),
            "Status": int(status) if self._data.status_as_number else status,
            "TaskAction": action,
            "Progress": f"{percent}%" if bits & 8 else str(percent),
            "DBName": pick(DATABASES, bits >> 4),
            "ProgressInfo": pick(REASONS, bits >> 9) if status == "3" else INFO.get(status, ""),
        }
        return {key: value for key, value in task.items() if value is not None}

    def _times(self, i: int, bits: int, status: str, born: float | None) -> tuple[float | None, float | None, float]:
        """Begin, finish, expected finish. What runs began within the last half hour."""
        if status == "0":
            return None, None, self._now + 3600
        if status == "1":
            begin = self._now - 120 - bits % 1500
            return begin, None, begin + 3600
        begin = born or self._timeline.at(i, bits)
        spent = min(15 + (bits >> 16) % 2400, max(2.0, self._now - begin) / 2)
        return begin, begin + spent, begin + 3600

    def _time(self, at: float | None) -> str | None:
        if at is None:
            return "" if self._data.absent_times == "empty" else None
        return utc(at)
