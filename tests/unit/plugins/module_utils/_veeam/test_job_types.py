# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What kind of work an item is, only its job's session tells: a copy of a backup must never pass for a backup."""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._core.redact import Secrets
from ansible_collections.multivendor.backup.plugins.module_utils._core.times import moment
from ansible_collections.multivendor.backup.plugins.module_utils._model.query import TaskQuery
from ansible_collections.multivendor.backup.plugins.module_utils._sources import parse_sources
from ansible_collections.multivendor.backup.tests.unit.plugins.module_utils._core.wire import Request, Server, said

JOB = "urn:veeam:BackupJobSession:1111aaaa-0000-0000-0000-000000000001"
SHOUTED = JOB.replace("aaaa", "AAAA")
QUERY = TaskQuery(since=moment("2026-11-20T00:00:00Z", 0), lean=True)


def item(**known: Any) -> dict[str, Any]:
    times = {"CreationTimeUTC": "2026-11-20T01:00:00Z", "EndTimeUTC": "2026-11-20T02:00:00Z"}
    return {
        "UID": "urn:veeam:BackupTaskSession:22222222-0000-0000-0000-000000000002",
        "JobSessionUid": JOB,
        **{"State": "Completed", "Result": "Success", "VmUid": "urn:VMware:Vm:a.vm-1", "VmDisplayName": "web"},
        **times,
        **known,
    }


def job(**known: Any) -> dict[str, Any]:
    """A continuous job that began long before the items of today."""
    return {"UID": JOB, "JobType": "BackupCopy", "CreationTimeUTC": "2026-10-01T01:00:00Z", "State": "Idle", **known}


class Manager:
    """An Enterprise Manager with one item.

    :param listed: the sessions of jobs that its list has.
    :param single: the one that it finds by its id.
    """

    def __init__(self, listed: list[dict[str, Any]], single: dict[str, Any] | None, one: dict[str, Any]) -> None:
        self._listed, self._single, self._item = listed, single, one
        self.refused: tuple[str, ...] = ()
        self.asked: list[str] = []

    def __call__(self, connected: socket.socket, request: Request) -> None:
        connected.sendall(self._answer(request))

    def _answer(self, request: Request) -> bytes:
        address = urlsplit(request.target)
        self.asked.append(address.path.rpartition("/api/")[2])
        if address.path.endswith("/query"):
            return self._list(parse_qs(address.query)["type"][0])
        if "/backupSessions/" in address.path:
            found = self._single
            return said(found) if found else said({"Message": "not found"}, 404)
        return said({"SessionId": "s"}, 201, X_RestSvcSessionId="session-token-of-this-test")

    def _list(self, kind: str) -> bytes:
        if kind in self.refused:
            return said({"Message": "no"}, 403)
        records = {"BackupJobSession": self._listed, "BackupTaskSession": [self._item]}.get(kind, [])
        paging = {"PageNum": 1, "PageSize": 500, "PagesCount": 1}
        return said({"Entities": {f"{kind}s": {f"{kind}s": records}}, "PagingInfo": paging})


def the_item(manager: Manager) -> Any:
    server = Server(manager)
    options = {"url": server.url, "username": "u", "password": "password-of-this-test", "retries": 0, "deadline": 10}
    (source,) = parse_sources({"sources": [{"veeam": options}]}, {})
    client = source.connect(Secrets())
    listing = client.find_tasks(QUERY, source.params)
    tasks = [client.normalize(record, "em") for record in listing.records]
    client.close()
    server.close()
    return listing, next(task for task in tasks if task["level"] == "item")


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize(("job_type", "operation"), [("BackupCopy", "backup_copy"), ("Backup", "backup")])
@pytest.mark.parametrize("spelled", [JOB, SHOUTED])
def test_an_item_is_what_its_job_is_however_old(listed, job_type, operation, spelled):
    one = job(JobType=job_type)
    manager = Manager([one] if listed else [], one, item(JobSessionUid=spelled))
    listing, told = the_item(manager)
    assert listing.complete
    assert (told["operation"], told["protects"], told["notes"]) == (operation, operation == "backup", [])
    assert sum("backupSessions" in path for path in manager.asked) == (not listed)


@pytest.mark.parametrize(
    ("listed", "single", "one"),
    [
        ([], None, item()),  # its job's session is gone
        ([job(JobType=None)], job(JobType=None), item()),
        ([job(JobType={"Name": "Backup"})], None, item()),
        ([job()], job(), item(JobSessionUid=None)),
        ([], job(), item(JobSessionUid="no-uid-at-all")),
    ],
)
def test_what_nobody_knows_is_no_backup(listed, single, one):
    listing, told = the_item(Manager(listed, single, one))
    assert listing.complete
    assert (told["operation"], told["protects"], told["notes"]) == ("other", False, ["no_job_type"])


def test_without_the_list_of_jobs_nothing_is_asked_one_by_one():
    manager = Manager([job()], job(), item())
    manager.refused = ("BackupJobSession",)
    listing, told = the_item(manager)
    assert listing.failed_scopes[0]["scope"] == "job"
    assert (told["operation"], told["protects"]) == ("other", False)
    assert not [path for path in manager.asked if "backupSessions" in path]
