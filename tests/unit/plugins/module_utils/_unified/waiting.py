# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of waiting and aborting share: a clock that passes by being slept on, and tasks of the simulator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.multivendor.backup.plugins.module_utils._core.deadline import Clock
from ansible_collections.multivendor.backup.plugins.module_utils._core.redact import Secrets
from ansible_collections.multivendor.backup.plugins.module_utils._unified.abort import ABORT_OPTIONS, abort_tasks
from ansible_collections.multivendor.backup.plugins.module_utils._unified.wait import WAIT_OPTIONS, wait_for_tasks
from ansible_collections.multivendor.backup.tests.support import reach

Event = Callable[[], object]


class Time:
    """A clock without waiting: whoever sleeps finds that the time has passed, and what was to happen by then has."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self._events: list[tuple[float, Event]] = []
        self.clock = Clock(monotonic=lambda: self.now, sleep=self._sleep, uniform=lambda low, high: low)

    def at(self, seconds: float, event: Event) -> None:
        """Have something happen so many seconds after the beginning."""
        self._events.append((seconds, event))

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        due = [event for moment, event in self._events if moment <= self.now]
        self._events = [(moment, event) for moment, event in self._events if moment > self.now]
        for event in due:
            event()


def sources_of(simulator: Any, *providers: str, **options: Any) -> list[dict[str, Any]]:
    """Sources that reach the simulator; they do not retry unless they are told to."""
    scopes = {
        "yandex": {"folder_id": simulator.credentials.folder_id},
        "petadata": {"instance_ids": list(simulator.petadata_instances)},
    }
    return [{key: reach(simulator, key, **{"retries": 0, **scopes.get(key, {}), **options})} for key in providers]


def _run(act: Any, spec: Any, sources: Any, time: Time, check: bool, given: dict[str, Any]) -> Any:
    defaults = {name: option.get("default") for name, option in spec.items()}
    return act({**defaults, "sources": sources, **given}, Secrets(), check, time.clock)


def wait_on(sources: list[dict[str, Any]], time: Time | None = None, *, check: bool = False, **given: Any) -> Any:
    """The result of `backup_task_wait`, and its error."""
    return _run(wait_for_tasks, WAIT_OPTIONS.spec, sources, time or Time(), check, given)


def abort_on(sources: list[dict[str, Any]], *tasks: str, check: bool = False) -> Any:
    """The result of `backup_task_abort`, and its error."""
    return _run(abort_tasks, ABORT_OPTIONS.spec, sources, Time(), check, {"tasks": list(tasks)})


def clumio_task(simulator: Any, status: str, **fields: Any) -> str:
    """The id of the first task of Clumio with this status and these fields."""
    wanted = {"status": status, **fields}
    return next(
        task["id"] for task in simulator.truth("clumio") if all(task[name] == value for name, value in wanted.items())
    )
