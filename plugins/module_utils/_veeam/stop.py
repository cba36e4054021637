# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Stopping what Enterprise Manager runs.

Documented for version 13, and alike for 9.5:

* `POST /backupSessions/{ID}?action=stop` stops a session of a backup job, `POST /jobs/{ID}?action=stop` a job. The
  first is used wherever it exists, for it cannot hit another run of the job than the one that is meant. Sessions of
  replication jobs have no such action, and neither has the session of one object, nor that of a restore.
* Both answer 202 with a task. Its success says "triggered to stop": the session ends a little later.
* `DELETE /tasks/{ID}` removes a task and stops its execution.

Inferred:

* Until a session that was told to stop has ended its state is Stopping, and then its result is Failed.
* What a task had begun before it was deleted goes on.
* A task may end with its logon session. So a stop is followed until the server says that it was triggered.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from .._core.errors import BackupError
from .._core.exchange import Answer, Call
from .._core.http import HttpClient
from .._core.records import Record
from .answers import body
from .follow import SessionUid
from .records import TASK

# How long a stop is followed until the server says that it was triggered: seconds between looks.
_LOOKS = (0.2, 0.4, 0.8, 1.6, 3.2, 3.2)


def obstacle(task: Record) -> str | None:
    """Why a task of the model that has not ended cannot be stopped; None when it can be tried."""
    if task["level"] == "control":
        if task["native_state"] != "Running":
            return "The server has carried it out already."
        return None
    session = SessionUid.parse(task["id"])
    if task["level"] == "item":
        if session.entity == "RestoreSession":
            return "Enterprise Manager cannot stop restores."
        parent = (task["parent"] or {}).get("id")
        whole = f": veeam:{task['source']}::{parent}" if parent else ""
        return f"The work on one object cannot be stopped alone. Name the session of its job to stop all of it{whole}."
    if session.entity != "BackupJobSession" and not _job_id(task):
        return "It does not say which job it belongs to."
    return None


def is_stopping(task: Record) -> bool:
    """Whether a session has been told to stop, and has not ended yet."""
    return bool(task["native_state"] == "Stopping")


def stop(http: HttpClient, api: str, headers: dict[str, str], task: Record, read_task: Callable[[str], Record]) -> None:
    """Stop a session, or a task that still runs.

    :param read_task: reads a task of this logon session by its id.
    :raises BackupError: the server refuses, or it is not known whether it has got the request.
    """
    if task["level"] == "control":
        address, doing = f"{api}/tasks/{quote(task['id'], safe='')}", f"delete task {task['id']}"
        http.call(Call("DELETE", address, doing, headers=headers, safe=False, decode=_no_page))
        return
    session = SessionUid.parse(task["id"])
    path = session.path if session.entity == "BackupJobSession" else f"jobs/{quote(_job_id(task) or '', safe='')}"
    doing = f"stop session {session.id}"
    begun: Record = http.call(
        Call(
            "POST",
            f"{api}/{path}",
            doing,
            params={"action": "stop"},
            headers=headers,
            safe=False,
            decode=_task,
        )
    )
    _check(_followed(http, begun, read_task), doing)


def _no_page(answer: Answer) -> None:
    """Nothing of what is said matters, if only it is no proxy that says it."""
    if answer.looks_like_html:
        raise ValueError("a web page")


def _task(answer: Answer) -> Record:
    task = TASK.read(body(answer))
    if not task["task_id"]:
        raise ValueError("no task in it")
    return task


def _followed(http: HttpClient, begun: Record, read_task: Callable[[str], Record]) -> Record:
    """The task of a stop once it has ended, or as it stands when patience does: the session itself tells the rest."""
    for pause in _LOOKS:
        if begun["state"] == "Finished":
            break
        http.clock.sleep(min(pause, http.deadline.remaining()))
        try:
            begun = read_task(begun["task_id"])
        except BackupError:
            break  # it was accepted: whoever reads the session next sees what came of it
    return begun


def _check(ended: Record, doing: str) -> None:
    if ended["result"]["success"] is False:
        raise BackupError("rejected", ended["result"]["message"] or "no reason given", doing=doing, provider="veeam")


def _job_id(task: Record) -> str | None:
    """The id of a session's job, as addresses have it: the last part of its UID."""
    uid = (task["job"] or {}).get("id")
    return uid.rpartition(":")[2] if uid else None
