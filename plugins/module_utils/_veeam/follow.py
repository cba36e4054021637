# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Sessions of Enterprise Manager one by one: where each is read, and which of them a request began."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .._core.records import Record
from .records import KINDS

#: The type of a session -> the collection that it is in.
COLLECTIONS = {
    "BackupJobSession": "backupSessions",
    "BackupTaskSession": "backupTaskSessions",
    "RestoreSession": "restoreSessions",
    "ReplicaJobSession": "replicaSessions",
    "ReplicaTaskSession": "replicaTaskSessions",
}
_KINDS: Mapping[str, str] = {kind.entity: name for name, kind in KINDS.items()}
_UID = re.compile(r"urn:veeam:(\w+):([\w-]+)", re.ASCII)

#: How the operations begin that start a job, and so begin a session; all others may end without one.
_STARTING = ("Start", "Retry")
#: These name a session, too, but it is the one that they end.
_STOPPING = ("Stop",)


@dataclass(frozen=True)
class SessionUid:
    """A session's UID: `urn:veeam:<type>:<id>`."""

    entity: str
    id: str

    @classmethod
    def parse(cls, uid: str | None) -> SessionUid:
        """The parts of a UID.

        :raises ValueError: it is none, or none of a session that can be read.
        """
        found = _UID.fullmatch(uid or "")
        if not found or found[1] not in COLLECTIONS:
            raise ValueError("it is no session of Enterprise Manager")
        return cls(found[1], found[2])

    @property
    def path(self) -> str:
        """Where the session is, below the root of the API."""
        return f"{COLLECTIONS[self.entity]}/{self.id}"

    @property
    def kind(self) -> str:
        """What `veeam_backup_session_info` calls sessions like this one."""
        return _KINDS[self.entity]


def began(task: Record) -> list[str] | None:
    """The ids of the sessions that a task of the model began: what it was asked for is only done when they have ended.

    None: it should have begun one, and names none. The success of `StartJob` only says that the job was triggered.
    """
    operation = task["native_operation"] or ""
    if task["level"] != "control" or operation.startswith(_STOPPING):
        return []
    uids = [f"urn:veeam:{link['type']}:{link['id']}" for link in task["related"] if link["type"] in COLLECTIONS]
    named = [uid for uid in uids if _UID.fullmatch(uid)]
    return named or (None if operation.startswith(_STARTING) else [])
