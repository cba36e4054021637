# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of Yandex Cloud Backup: resources of a folder, tasks of an instance, policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from .data import DAY, Series, Timeline, View, cloud_id, guid, mix, pick, utc

if TYPE_CHECKING:
    from .service import World
    from .yandex import YandexData

# Streams of random bits, one for each kind of thing.
INSTANCE, RESOURCE, TASK, POLICY = 11, 12, 13, 14

SHOWCASE = (
    ("BACKUP", "COMPLETED", "OK"),
    ("BACKUP", "STARTED", ""),
    ("BACKUP", "COMPLETED", "WARNING"),
    ("RETENTION", "COMPLETED", "OK"),
    ("BACKUP", "COMPLETED", "OK"),
    ("BACKUP", "COMPLETED", "ERROR"),
    ("BACKUP", "COMPLETED", "OK"),
    ("RECOVERY", "COMPLETED", "OK"),
    ("APPLY_POLICY", "COMPLETED", "OK"),
    ("BACKUP", "ENQUEUED", ""),
    ("BACKUP", "COMPLETED", "TIMEDOUT"),
    ("RECOVERY", "PAUSED", ""),
    ("REVOKE_POLICY", "COMPLETED", "CANCELLED"),
    ("BACKUP", "ASSIGNED", ""),
    ("BACKUP", "COMPLETED", "ABANDONED"),
)
"""The first tasks of a folder: every word of type, status and resultCode."""

USUAL = (
    (("BACKUP", "COMPLETED", "OK"),) * 90
    + (("RETENTION", "COMPLETED", "OK"),) * 20
    + (("BACKUP", "COMPLETED", "WARNING"),) * 3
    + (("BACKUP", "COMPLETED", "ERROR"),) * 2
    + (("RECOVERY", "COMPLETED", "OK"), ("BACKUP", "COMPLETED", "CANCELLED"), ("APPLY_POLICY", "COMPLETED", "OK"))
)
"""All other tasks, as often as in a quiet folder."""

REASONS = {
    "ERROR": (
        "Not enough free space on the volume C: to create a snapshot (VSS_E_INSUFFICIENT_STORAGE).",
        "The agent on mail-02 lost its connection to the storage: connection reset by peer.",
        "Failed to read /var/lib/postgresql/15/main: input/output error on /dev/vdb.",
    ),
    "WARNING": (
        "Some files were skipped, because they were in use: /var/log/journal/système.journal",
        "The backup was made without application-aware processing: the VSS writer SqlServerWriter is not stable.",
    ),
    "CANCELLED": ("The task was cancelled by the user оператор@example.ru.",),
    "TIMEDOUT": ("The task did not finish within 12 hours.",),
    "ABANDONED": ("The agent has not reported for 24 hours; the task was abandoned.",),
}

RESOURCES = (
    ("COMPUTE", "IDLE", "REGISTRED", ""),
    ("COMPUTE", "BACKUPING", "REGISTRED", ""),
    ("BMS", "IDLE", "REGISTRED", ""),
    ("COMPUTE", "FAILED", "REGISTRED", "Last backup failed: not enough free space for a snapshot."),
    ("COMPUTE", "IDLE", "FAILED_REGISTRATION", "The agent could not reach the registration service: i/o timeout."),
    ("EXTERNAL_VM", "IDLE", "REGISTRED", ""),
    ("COMPUTE", "RECOVERING", "REGISTRED", ""),
    ("COMPUTE", "OTHER", "REGISTERING", "Waiting for the first contact of the agent."),
    ("COMPUTE", "IDLE", "DELETED", ""),
)
"""The first resources of a folder: every word of type, status and initStatus. All others are like the first."""

CALM = {
    "BACKUPING": ("BACKUP", "STARTED", ""),
    "RECOVERING": ("RECOVERY", "STARTED", ""),
    "FAILED": ("BACKUP", "COMPLETED", "ERROR"),
}
"""On a calm night: status of a resource -> its newest task."""

CALM_EXCEPTIONS = {
    (0, 3): ("BACKUP", "COMPLETED", "WARNING"),
    (2, 1): ("RECOVERY", "COMPLETED", "OK"),
    (5, 0): ("BACKUP", "ENQUEUED", ""),
    (9, 0): ("BACKUP", "COMPLETED", "TIMEDOUT"),
    (10, 2): ("BACKUP", "COMPLETED", "CANCELLED"),
}
"""On a calm night: instance and task -> what is not usual about it."""

UNREGISTERED = ("REGISTERING", "FAILED_REGISTRATION", "DELETED")
"""Registrations of instances that have no tasks on a calm night."""

POLICIES = ("Default daily", "Default weekly", "Базы данных, ежечасно")
FIRST_WORDS = frozenset({"TYPE_UNSPECIFIED", "STATUS_UNSPECIFIED", "CODE_UNSPECIFIED", "RESOURCE_TYPE_UNSPECIFIED"})


class Records:
    """Makes the records of one folder, as they are sent."""

    def __init__(self, world: World, data: YandexData) -> None:
        self._world = world
        self._data = data
        self._timeline = Timeline(world.now, data.tasks_per_instance, per_day=6)

    def instance_id(self, j: int) -> str:
        """The id of Compute instance j."""
        return cloud_id("fhm", self._world.seed, INSTANCE, j)

    def policies(self) -> list[dict[str, Any]]:
        """The folder's policies."""
        seed, folder = self._world.seed, self._world.credentials.folder_id
        return [
            {"id": cloud_id("cbp", seed, POLICY, n), "name": name, "enabled": True, "folderId": folder}
            for n, name in enumerate(POLICIES)
        ]

    def resources_of_type(self, resources: Series, kind: str) -> View:
        """The resources of one type, in the list's order."""
        return View(resources, [p for p in range(len(resources)) if resources.at(p).get("type") == kind])

    def resource(self, j: int, born: float | None) -> dict[str, Any]:
        """Resource j of the folder."""
        external = j >= self._data.instances
        kind, status, registration, details = self._row_of_resource(j)
        seed, now = self._world.seed, self._world.now
        bits = mix(seed, RESOURCE, j)
        created = born or now - (30 + bits % 600) * DAY - 3600.5
        broken = registration in UNREGISTERED
        busy = status in ("BACKUPING", "RECOVERING")
        last = None if broken or born else self._last_backup(j)
        return self._printed(
            {
                "computeInstanceId": "" if external else self.instance_id(j),
                "createdAt": self._time(created, bits),
                "updatedAt": self._time(max(created, now - bits % 3000), bits >> 3),
                "online": not broken,
                "enabled": registration == "REGISTRED" and j % 17 != 9,
                "status": status,
                "statusDetails": details if status in ("FAILED", "OTHER") else "",
                "statusProgress": self._number(10 + bits % 80 if busy else 0),
                "lastBackupTime": self._time(last, bits >> 5) if last else None,
                "nextBackupTime": self._time(now + 3600 + bits % (20 * 3600), bits >> 7) if not broken else None,
                "resourceId": guid(seed, RESOURCE, j),
                "isActive": j % 17 != 10,
                "initStatus": registration,
                "metadata": details if broken else "",
                "type": "EXTERNAL_SERVER" if external else kind,
                "tenantInfo": self._tenant(),
                "agentInfo": {"currentVersion": "24.9.38235", "latestVersion": "25.1.40011", "canUpdate": True},
            }
        )

    def task_maker(self, j: int) -> Callable[[int, float | None], dict[str, Any]]:
        """A function that makes the tasks of instance j."""
        instance = self.instance_id(j)
        return lambda i, born: self._task(j, instance, i, born)

    def _task(self, j: int, instance: str, i: int, born: float | None) -> dict[str, Any]:
        bits = mix(self._world.seed, TASK, (j << 24) + i)
        kind, status, code = self._row(j, i, bits)
        enqueued, started, ended = self._times(i, bits, status, born)
        total = 1000 + (bits >> 20) % 500_000
        current = total if ended else total * ((bits >> 9) % 90 + 5) // 100
        updated = ended or min(self._world.now, (started or enqueued) + 600)
        return self._printed(
            {
                "id": self._number((1 << 53) + 1 + j * 10_000_000 + self._data.tasks_per_instance - i),
                "cancellable": False,
                "policyId": cloud_id("cbp", self._world.seed, POLICY, bits % len(POLICIES)),
                "type": kind,
                "progress": {"current": self._number(current), "total": self._number(total)} if started else None,
                "status": status,
                "enqueuedAt": self._time(enqueued, bits),
                "startedAt": self._time(started, bits >> 2) if started else None,
                "updatedAt": self._time(updated, bits >> 4),
                "completedAt": self._time(ended, bits >> 6) if ended else None,
                "computeInstanceId": instance,
                "resultCode": code or "CODE_UNSPECIFIED",
                "error": pick(REASONS[code], bits >> 13) if code in REASONS else "",
            }
        )

    def tasks_of(self, j: int) -> int:
        """How many tasks instance j has."""
        silent = self._data.calm and self._row_of_resource(j)[2] in UNREGISTERED
        return 0 if silent else self._data.tasks_per_instance

    def _row_of_resource(self, j: int) -> tuple[str, str, str, str]:
        return RESOURCES[j if 0 <= j < len(RESOURCES) else 0]

    def _row(self, j: int, i: int, bits: int) -> tuple[str, str, str]:
        if self._data.calm:
            special = CALM_EXCEPTIONS.get((j, i)) or (CALM.get(self._row_of_resource(j)[1]) if i == 0 else None)
            return special or pick(USUAL, bits >> 24)
        number = j * self._data.tasks_per_instance + i
        if i >= 0 and number < len(SHOWCASE):
            return SHOWCASE[number]
        return pick(USUAL, bits >> 24)

    def _times(self, i: int, bits: int, status: str, born: float | None) -> tuple[float, float | None, float | None]:
        """Enqueued, started, ended. What has not ended began within the last hour."""
        if status != "COMPLETED":
            enqueued = self._world.now - 300 - bits % 3000
            return enqueued, enqueued + 40.25 if status in ("STARTED", "PAUSED") else None, None
        enqueued = born or self._timeline.at(i, bits)
        room = max(2.0, self._world.now - enqueued)
        started = enqueued + min(2 + (bits >> 8) % 90, room / 4) + 0.123456
        return enqueued, started, started + min(20 + (bits >> 16) % 5400, room / 2)

    def _last_backup(self, j: int) -> float | None:
        """When the newest good backup of instance j ended; external servers have had one, too."""
        if j >= self._data.instances:
            return self._world.now - 3600 * (3 + j % 40)
        for i in range(min(60, self._data.tasks_per_instance)):
            bits = mix(self._world.seed, TASK, (j << 24) + i)
            kind, status, code = self._row(j, i, bits)
            if (kind, status) == ("BACKUP", "COMPLETED") and code in ("OK", "WARNING"):
                return self._times(i, bits, status, None)[2]
        return None

    def _tenant(self) -> dict[str, str]:
        seed, folder = self._world.seed, self._world.credentials.folder_id
        return {"folderId": folder, "personalTenantId": guid(seed, 15, 0), "userId": guid(seed, 15, 1)}

    def _time(self, at: float, bits: int) -> str:
        data = self._data
        return utc(at, pick(data.time_digits, bits & 0xFFF), pick(data.time_zones, bits >> 12 & 0xFFF))

    def _number(self, value: int) -> str | int:
        return str(value) if self._data.numbers_as_text else value

    def _printed(self, record: dict[str, Any]) -> dict[str, Any]:
        """Without absent messages, and without defaults unless they are to be printed."""
        if self._data.print_defaults:
            return {key: value for key, value in record.items() if value is not None}
        return {k: v for k, v in record.items() if v and v != "0" and not (isinstance(v, str) and v in FIRST_WORDS)}
