# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The records of Enterprise Manager and the words in them: tasks (`/query?type=Task`), and the sessions of jobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._core.records import Record, Shape, flag, integer, text, time, word

_EMPTY_LINK: Record = dict.fromkeys(("rel", "type", "href", "name"))
# A session has several links: looking their names up in every lawful case is faster than folding the case of each.
_LINK_NAMES = {spelling: name for name in _EMPTY_LINK for spelling in (name, name.capitalize(), name.upper())}


def links(value: Any) -> list[Record]:
    """Links as a list of {rel, type, href, name}, from JSON's list or XML's element."""
    if isinstance(value, dict):
        value = next(iter(value.values()), None)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(link, dict) for link in value):
        raise ValueError("no links")
    return [_link(link) for link in value]


def _link(native: Record) -> Record:
    link = _EMPTY_LINK.copy()
    for key, content in native.items():
        name = _LINK_NAMES.get(key)
        if name:
            link[name] = content
    return link


TASK = Shape(
    {
        "TaskId": text,
        "Type": word,
        "Href": text,
        "Links": links,
        "State": word,
        "Operation": word,
        "Result": Shape({"Success": flag, "Message": text}, ignore_case=True),
    },
    ignore_case=True,
    lists=("links",),
)

# One shape for all kinds: what a kind does not have is null.
SESSION = Shape(
    {
        "UID": text,
        "Name": text,
        "Type": word,
        "Href": text,
        "Links": links,
        "JobUid": word,
        "JobName": word,
        "JobType": word,
        "JobSessionUid": word,
        "CreationTimeUTC": time,
        "EndTimeUTC": time,
        "State": word,
        "Result": word,
        "Progress": integer,
        "IsRetry": flag,
        "FailureMessage": word,
        "Reason": word,
        "TotalSize": integer,
        "VmUid": word,
        "VmDisplayName": word,
    },
    ignore_case=True,
    lists=("links",),
    derived={"kind": None},
)

#: What the model needs of a session: links, which are half of what a server sends, are not among it.
LEAN_SESSION = SESSION.only(
    *("uid", "kind", "type", "state", "result", "progress", "reason", "failure_message"),
    *("job_uid", "job_name", "job_type", "job_session_uid", "vm_uid", "vm_display_name"),
    *("creation_time_utc", "end_time_utc"),
)

#: What jobs protect, and what they have brought: one shape, for both are only looked at together.
OBJECT = Shape(
    {
        "UID": text,
        "Name": text,
        "DisplayName": text,
        "Type": word,
        "Href": text,
        "Links": links,
        "HierarchyObjRef": word,
        "JobUid": word,
        "JobName": word,
        "VmDisplayName": word,
        "CreationTimeUTC": time,
    },
    ignore_case=True,
    lists=("links",),
)

TASK_STATES = ("Running", "OperationFinished", "Finished")
SESSION_RESULTS = ("None", "Success", "Warning", "Failed")


@dataclass(frozen=True)
class Kind:
    """A kind of session: the query's type for it, and whether it can be asked for by the name of its job."""

    entity: str
    has_job: bool


KINDS = {
    "job": Kind("BackupJobSession", has_job=True),
    "item": Kind("BackupTaskSession", has_job=True),
    "restore": Kind("RestoreSession", has_job=False),
    "replica_job": Kind("ReplicaJobSession", has_job=True),
    "replica_item": Kind("ReplicaTaskSession", has_job=True),
}
