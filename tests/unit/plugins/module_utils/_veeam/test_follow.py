# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a request to Enterprise Manager began, and where sessions are."""

from __future__ import annotations

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._model.task import new_task
from ansible_collections.multivendor.backup.plugins.module_utils._veeam.follow import COLLECTIONS, SessionUid, began
from ansible_collections.multivendor.backup.plugins.module_utils._veeam.records import KINDS


def request(operation, *types, level="control"):
    related = [{"rel": "Related", "type": kind, "id": f"{n}-{n}", "name": None} for n, kind in enumerate(types)]
    return new_task(
        "veeam",
        "hq",
        "task-1",
        level=level,
        state="finished",
        result="success",
        native_operation=operation,
        related=related,
    )


@pytest.mark.parametrize(
    ("operation", "types", "sessions"),
    [
        ("StartJob", ["BackupJobSession"], ["urn:veeam:BackupJobSession:0-0"]),
        ("StartJob", ["Job", "ReplicaJobSession"], ["urn:veeam:ReplicaJobSession:1-1"]),
        ("VmRestore", ["RestoreSession"], ["urn:veeam:RestoreSession:0-0"]),
        ("StartJob", [], None),
        ("RetryJob", ["Job"], None),
        ("CloneJob", ["Job"], []),
        ("RescanRepository", [], []),
        ("StopJobSession", ["BackupJobSession"], []),
    ],
)
def test_what_a_request_began(operation, types, sessions):
    assert began(request(operation, *types)) == sessions


@pytest.mark.parametrize("odd", ["", "../jobs/1", "1 2", "1\n"])
def test_what_cannot_be_a_session_is_none_that_a_request_names(odd):
    task = request("StartJob", "BackupJobSession")
    task["related"][0]["id"] = odd
    assert began(task) is None


def test_sessions_began_nothing():
    assert began(request("StartJob", "BackupJobSession", level="job")) == []


def test_every_kind_of_session_can_be_read():
    assert set(COLLECTIONS) == {kind.entity for kind in KINDS.values()}
    uid = SessionUid.parse("urn:veeam:BackupTaskSession:1-2")
    assert (uid.kind, uid.path) == ("item", "backupTaskSessions/1-2")


@pytest.mark.parametrize(
    "uid", [None, "", "task-1", "urn:veeam:Job:1-2", "urn:veeam:BackupJobSession:", "urn:veeam:X:1/2"]
)
def test_what_is_no_session(uid):
    with pytest.raises(ValueError, match="no session"):
        SessionUid.parse(uid)
