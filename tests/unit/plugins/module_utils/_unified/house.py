# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A provider that does as it is told, in the place of a real one: what is in it is in the model already."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import Any

from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import BackupError
from ansible_collections.multivendor.backup.plugins.module_utils._core.listing import Listing
from ansible_collections.multivendor.backup.plugins.module_utils._core.redact import Secrets
from ansible_collections.multivendor.backup.plugins.module_utils._model.resource import new_resource
from ansible_collections.multivendor.backup.plugins.module_utils._model.task import new_task
from ansible_collections.multivendor.backup.plugins.module_utils._unified.resources import (
    RESOURCE_OPTIONS,
    find_resources,
)
from ansible_collections.multivendor.backup.plugins.module_utils._unified.tasks import TASK_OPTIONS, find_tasks

SCOPES = {"yandex": {"folder_id": "b1g"}, "petadata": {"instance_ids": ["pd-1"]}}


def ago(hours: float) -> str:
    """A time of the model, so many hours before now."""
    moment = datetime.fromtimestamp(time.time() - hours * 3600, timezone.utc)
    return moment.isoformat().replace("+00:00", "Z")


class House:
    """What there is to be read: tasks and resources of each provider, and what goes wrong."""

    def __init__(self) -> None:
        self.tasks: dict[str, list[dict[str, Any]]] = {}
        self.resources: dict[str, list[dict[str, Any]]] = {}
        self.gaps: dict[str, dict[str, Any]] = {}
        """(provider, "tasks" or "resources") -> what its listing says of itself."""
        self.offsets: dict[str, float] = {}
        self.asked: list[tuple[str, Any]] = []

    def task(self, about: str | None, began: float, result: str | None = "success", **known: Any) -> None:
        """A backup of a resource (its id), that began so many hours ago and took half an hour."""
        provider = known.pop("provider", "clumio")
        fields = {
            "state": "finished",
            "level": "item",
            "operation": "backup",
            "created_at": ago(began),
            "started_at": ago(began),
            "finished_at": ago(began - 0.5),
            "resource": {"id": about, "name": None, "type": "vm", "native_type": None},
            **known,
        }
        ours = self.tasks.setdefault(provider, [])
        ours.append(new_task(provider, provider, f"{len(ours)}", result=result, **fields))

    def resource(self, native_id: str | None, **known: Any) -> None:
        """A protected resource."""
        provider = known.pop("provider", "clumio")
        fields = {"protection": "protected", "type": "vm", **known}
        self.resources.setdefault(provider, []).append(new_resource(provider, provider, native_id, **fields))

    def gap(self, provider: str, what: str, reason: str = "page_missing", scopes: tuple[str, ...] = ()) -> None:
        """One of the two lists of a provider is not whole."""
        failed = [{"scope": scope, "code": "unavailable"} for scope in scopes]
        self.gaps[provider, what] = {
            "error": BackupError("unavailable", "a page is lost"),
            "incomplete_reason": reason,
            "failed_scopes": failed,
        }


class Client:
    """A client of one provider of the house."""

    def __init__(self, house: House, provider: str, secrets: Secrets) -> None:
        self._house, self._provider = house, provider
        self.http, self.secrets = self, secrets
        self.clock_offset = self.clock_skew = house.offsets.get(provider, 0.0)
        self.clocks_differ = False

    def _listing(self, what: str, records: list[dict[str, Any]]) -> Listing:
        return Listing(records=[dict(record) for record in records], **self._house.gaps.get((self._provider, what), {}))

    def find_tasks(self, query: Any, _scope: Any) -> Listing:
        self._house.asked.append((self._provider, query))
        return self._listing("tasks", self._house.tasks.get(self._provider, []))

    def find_resources(self, _scope: Any) -> Listing | None:
        found = self._house.resources.get(self._provider)
        return None if found is None else self._listing("resources", found)

    def normalize(self, record: dict[str, Any], source: str) -> dict[str, Any]:
        uid = record["uid"].replace(f":{record['provider']}:", f":{source}:", 1)
        return {**record, "source": source, "uid": uid, "notes": list(record["notes"])}

    def normalize_resource(self, record: dict[str, Any], source: str) -> dict[str, Any]:
        return {**record, "source": source, "uid": f"{record['provider']}:{source}::{record['id']}"}

    def close(self) -> list[str]:
        return []


def _params(options: Any, providers: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    sources = [{"name": key, key: SCOPES.get(key, {})} for key in providers]
    defaults = {name: option.get("default") for name, option in options.spec.items()}
    return {**defaults, "sources": sources, **given}


def resources_of(*providers: str, **given: Any) -> tuple[dict[str, Any], BackupError | None]:
    """The result of `backup_resource_info`, and its error."""
    return find_resources(_params(RESOURCE_OPTIONS, providers or ("clumio",), given), Secrets())


def tasks_of(*providers: str, **given: Any) -> tuple[dict[str, Any], BackupError | None]:
    """The result of `backup_task_info`, and its error."""
    return find_tasks(_params(TASK_OPTIONS, providers or ("clumio",), given), Secrets())
