# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The four big sources of the bench: which simulator serves them, and how our client and a plain script read them."""

from __future__ import annotations

import base64
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from ansible_collections.multivendor.backup.plugins.module_utils._clumio.client import ClumioClient
from ansible_collections.multivendor.backup.plugins.module_utils._clumio.options import CLUMIO
from ansible_collections.multivendor.backup.plugins.module_utils._core.listing import Listing
from ansible_collections.multivendor.backup.plugins.module_utils._core.options import Options
from ansible_collections.multivendor.backup.plugins.module_utils._core.redact import Secrets
from ansible_collections.multivendor.backup.plugins.module_utils._petadata.client import PetaDataClient
from ansible_collections.multivendor.backup.plugins.module_utils._petadata.options import PETADATA
from ansible_collections.multivendor.backup.plugins.module_utils._veeam.client import VeeamClient
from ansible_collections.multivendor.backup.plugins.module_utils._veeam.options import VEEAM
from ansible_collections.multivendor.backup.plugins.module_utils._yandex.client import YandexClient
from ansible_collections.multivendor.backup.plugins.module_utils._yandex.options import YANDEX

Facts = dict[str, Any]
Request = tuple[str, dict[str, Any], dict[str, str]]


@dataclass(frozen=True)
class Source:
    """A provider with much to read.

    :param simulator: options of ``python -m tests.simulator``.
    :param options: options of the module, from what the simulator says of itself.
    :param script: the requests of a plain script that reads all pages one after the other; takes each answer.
    """

    title: str
    module: str
    records: int
    simulator: tuple[str, ...]
    options: Callable[[Facts], dict[str, Any]]
    spec: Options
    client: Any
    read: Callable[[Any, dict[str, Any]], Listing]
    script: Callable[[Facts], Generator[Request, Any, None]]

    def params(self, facts: Facts, **more: Any) -> dict[str, Any]:
        """All options of the module, with their defaults."""
        defaults = {name: option.get("default") for name, option in self.spec.spec.items()}
        return {**defaults, **self.options(facts), "ca_path": facts["ca_path"], **more}

    def connect(self, facts: Facts, **more: Any) -> Any:
        """A client of this source."""
        return self.client(self.params(facts, **more), Secrets(), environ={})


def _yandex_script(facts: Facts) -> Generator[Request, Any, None]:
    headers = {"Authorization": f"Bearer {facts['credentials']['iam_token']}"}
    base = f"{facts['url']}/backup/v1/resources"
    folder = {"folderId": facts["credentials"]["folder_id"], "pageSize": 1000}
    answer = yield base, folder, headers
    for resource in answer["resources"]:
        yield f"{base}/{resource['computeInstanceId']}/tasks", {"pageSize": 1000}, headers


def _clumio_script(facts: Facts) -> Generator[Request, Any, None]:
    headers = {
        "Authorization": f"Bearer {facts['credentials']['clumio_token']}",
        "Accept": "application/api.clumio.tasks=v1+json",
    }
    number, last = 1, 1
    while number <= last:
        answer = yield f"{facts['url']}/tasks", {"limit": 1000, "start": number}, headers
        last = answer["total_pages_count"]
        number += 1


def _veeam_script(facts: Facts) -> Generator[Request, Any, None]:
    number, last = 1, 1
    headers = {"Accept": "application/json", "X-RestSvcSessionId": facts["veeam_session"]}
    query = {"type": "BackupJobSession", "format": "Entities", "pageSize": 500}
    while number <= last:
        answer = yield f"{facts['url']}/api/query", {**query, "page": number}, headers
        last = answer["PagingInfo"]["PagesCount"]
        number += 1


def veeam_basic(facts: Facts) -> str:
    """The Basic credentials that a script logs on with."""
    credentials = facts["credentials"]
    pair = f"{credentials['veeam_username']}:{credentials['veeam_password']}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


def _no_script(_facts: Facts) -> Generator[Request, Any, None]:
    """None: the requests must be signed, which nobody writes for a script."""
    yield from ()


SOURCES = {
    "yandex": Source(
        title="Yandex: 1,000 instances x 10 tasks",
        module="yandex_backup_task_info",
        records=10_000,
        simulator=("--yandex-instances", "1000", "--yandex-tasks", "10"),
        options=lambda facts: {
            "api_url": facts["url"],
            "iam_token": facts["credentials"]["iam_token"],
            "folder_id": facts["credentials"]["folder_id"],
        },
        spec=YANDEX,
        client=YandexClient,
        read=lambda client, params: client.list_tasks_in(params["folder_id"]),
        script=_yandex_script,
    ),
    "clumio": Source(
        title="Clumio: 100,000 tasks",
        module="clumio_backup_task_info",
        records=100_000,
        simulator=("--clumio-tasks", "100000"),
        options=lambda facts: {"url": facts["url"], "api_token": facts["credentials"]["clumio_token"]},
        spec=CLUMIO,
        client=ClumioClient,
        # a fixed bound, so that a second reading asks for what the simulator has at hand already
        read=lambda client, params: client.list_tasks({"created_timestamp": {"$lte": "2100-01-01T00:00:00Z"}}),
        script=_clumio_script,
    ),
    "veeam": Source(
        title="Veeam: 20,000 job sessions",
        module="veeam_backup_session_info",
        records=20_000,
        simulator=("--veeam-sessions", "20000"),
        options=lambda facts: {
            "url": facts["url"],
            "username": facts["credentials"]["veeam_username"],
            "password": facts["credentials"]["veeam_password"],
        },
        spec=VEEAM,
        client=VeeamClient,
        read=lambda client, params: client.list_sessions("job"),
        script=_veeam_script,
    ),
    "petadata": Source(
        title="PetaData: 100,000 tasks",
        module="petadata_backup_task_info",
        records=100_000,
        simulator=("--petadata-tasks", "100000"),
        options=lambda facts: {
            "url": facts["url"],
            "access_key_id": facts["credentials"]["access_key_id"],
            "access_key_secret": facts["credentials"]["access_key_secret"],
            "instance_ids": facts["petadata_instance_ids"][:1],
            "start_time": "2016-01-01T00:00:00Z",
            "end_time": "2100-01-01T00:00:00Z",
        },
        spec=PETADATA,
        client=PetaDataClient,
        read=lambda client, params: client.tasks({"task_action": None, "task_statuses": None, **params}),
        script=_no_script,
    ),
}
