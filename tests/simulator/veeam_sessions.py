# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Veeam's logon sessions, and the tasks that belong to each of them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .credentials import session_token
from .data import guid

if TYPE_CHECKING:
    from .service import World

STATES = ("Running", "OperationFinished", "Finished")


@dataclass
class Task:
    """A task as the session keeps it. `reads` None: it stands still."""

    task_id: str
    operation: str
    related: dict[str, str] | None
    state: str = "Running"
    success: bool | None = None
    message: str | None = None
    reads: int | None = None


def as_record(task: Task) -> dict[str, Any]:
    """The task as it is sent. It has no Result while it runs."""
    href = f"/api/tasks/{task.task_id}"
    links = [{"Rel": "Delete", "Href": href}]
    if task.related and task.state == "Finished":
        links.append({"Rel": "Related", **task.related})
    record: dict[str, Any] = {
        "Type": "Task",
        "Href": href,
        "Links": links,
        "TaskId": task.task_id,
        "State": task.state,
        "Operation": task.operation,
        "Result": None,
    }
    if task.state == "Finished":
        record["Result"] = {"Success": task.success, "Message": task.message}
    return record


@dataclass
class Session:
    """A logon session: a token to use it, an id to end it, and its own tasks."""

    session_id: str
    token: str
    reads_per_state: int
    used: float
    tasks: list[Task] = field(default_factory=list)

    def find(self, task_id: str) -> Task | None:
        """The task of this session with that id."""
        return next((task for task in self.tasks if task.task_id == task_id), None)

    def start(self, operation: str, related: dict[str, str] | None, refusal: str | None = None) -> Task:
        """A new task, which runs, and ends well unless there is a refusal."""
        number = max((int(task.task_id[5:]) for task in self.tasks), default=0) + 1
        task = Task(f"task-{number}", operation, related, success=refusal is None, message=refusal or "Ok", reads=0)
        self.tasks.append(task)
        return task

    def read(self, task: Task) -> dict[str, Any]:
        """The record of a task now; reading it is what makes it go on."""
        record = as_record(task)
        if task.reads is not None:
            task.reads += 1
            task.state = STATES[min(2, task.reads // self.reads_per_state)]
        return record


class Sessions:
    """All logon sessions. One exists from the beginning, to be shared."""

    def __init__(self, world: World, idle_timeout: float, reads_per_state: int) -> None:
        self._seed = world.seed
        self._idle_timeout = idle_timeout
        self._reads = reads_per_state
        self._opened = 0
        self._by_token: dict[str, Session] = {}
        self.shared = self._add(world.credentials.veeam_session_id)

    def open(self) -> Session:
        """A new session, without tasks."""
        self._opened += 1
        return self._add(guid(self._seed, 904, self._opened))

    def find(self, token: str) -> Session | None:
        """The session of a token, unless it was idle for too long."""
        session = self._by_token.get(token)
        if session is None:
            return None
        if time.monotonic() - session.used > self._idle_timeout:
            del self._by_token[token]
            return None
        session.used = time.monotonic()
        return session

    def by_id(self, session_id: str) -> Session | None:
        """The session with this SessionId."""
        return next((s for s in self._by_token.values() if s.session_id == session_id), None)

    def all(self) -> list[Session]:
        """All sessions."""
        return list(self._by_token.values())

    def close(self, session_id: str) -> bool:
        """End a session by its SessionId, which is not its token; False when there is none."""
        session = self.by_id(session_id)
        return session is not None and self._by_token.pop(session.token, None) is not None

    def expire(self) -> None:
        """End all sessions."""
        self._by_token.clear()

    def _add(self, session_id: str) -> Session:
        session = Session(session_id, session_token(session_id), self._reads, time.monotonic())
        self._by_token[session.token] = session
        return session
