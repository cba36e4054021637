# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of Clumio: tasks, what is protected, alerts and policies."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Callable

from .data import DAY, Series, Timeline, View, guid, mix, pick, utc, within

if TYPE_CHECKING:
    from .clumio import ClumioData
    from .clumio_filter import Filter
    from .service import Listed, Page, World

# Streams of random bits, one for each kind of thing.
ASSET, TASK, POLICY, ALERT = 21, 22, 23, 24

GENRES = {
    "backup": "operational",
    "restore": "operational",
    "snapshot": "operational",
    "snapshot_restore": "operational",
    "system": "administrative",
    "management": "administrative",
    "report_generation": "administrative",
}

ENTITIES = (
    ("aws_ebs_volume", "prod-postgres-data-01"),
    ("aws_ebs_volume", "prod-web-root-02"),
    ("microsoft365_mailbox", "anna.müller@example.com"),
    ("aws_ebs_volume", "prod-mongo-journal-03"),
    ("aws_ec2_instance", "prod-jenkins-master"),
    ("aws_rds_database", "prod-orders-aurora"),
    ("aws_dynamodb_table", "prod-sessions"),
    ("aws_s3_bucket", "example-prod-invoices"),
    ("microsoft365_mailbox", "yuki.田中@example.com"),
    ("aws_ebs_volume", "prod-gitlab-repos"),
    ("protection_group", "finance-documents"),
    ("aws_ebs_volume", "staging-kafka-01"),
)
"""What is protected, again and again with a number when more is asked for."""

SHOWCASE = (
    ("aws_ebs_volume_incremental_backup", "backup", "in_progress"),
    ("aws_ebs_volume_incremental_backup", "backup", "queued"),
    ("microsoft365_mailbox_backup", "backup", "completed"),
    ("aws_ebs_volume_incremental_backup", "backup", "completed"),
    ("aws_ebs_volume_backup_indexing", "system", "in_progress"),
    ("aws_ebs_volume_incremental_backup", "backup", "failed"),
    ("aws_ebs_volume_backup_seeding", "backup", "completed"),
    ("aws_ebs_volume_restore", "restore", "aborting"),
    ("microsoft365_mailbox_seeding", "backup", "completed"),
    ("aws_ebs_volume_incremental_backup", "backup", "completed"),
    ("aws_ebs_volume_file_restore", "restore", "completed"),
    ("microsoft365_inventory_sync", "system", "completed"),
    ("aws_ebs_volume_incremental_backup", "backup", "aborted"),
    ("microsoft365_mail_restore", "restore", "completed"),
    ("aws_ebs_volume_snapshot", "snapshot", "completed"),
    ("aws_ebs_volume_snapshot_restore", "snapshot_restore", "completed"),
    ("activity_report_file_download", "report_generation", "completed"),
    ("policy_update", "management", "completed"),
    ("aws_ebs_volume_incremental_backup", "backup", "completed"),
    ("organizational_unit_update", "management", "failed"),
)
"""The newest tasks: every word of type, category, genre and status."""

USUAL = (
    (("aws_ebs_volume_incremental_backup", "backup", "completed"),) * 30
    + (("microsoft365_mailbox_backup", "backup", "completed"),) * 14
    + (("aws_ebs_volume_backup_indexing", "system", "completed"),) * 10
    + (("aws_ec2_instance_incremental_backup", "backup", "completed"),) * 5
    + (("aws_rds_resource_rolling_backup", "backup", "completed"),) * 4
    + (("aws_dynamodb_table_backup", "backup", "completed"),) * 4
    + (("aws_s3_bucket_backup", "backup", "completed"), ("protection_group_s3_backup", "backup", "completed")) * 3
    + (("aws_ebs_volume_snapshot", "snapshot", "completed"),) * 3
    + (("aws_ebs_volume_incremental_backup", "backup", "failed"),) * 2
    + (("microsoft365_mailbox_backup", "backup", "failed"), ("aws_ebs_volume_restore", "restore", "completed"))
    + (("microsoft365_inventory_sync", "system", "completed"), ("policy_update", "management", "completed"))
    + (("aws_ebs_volume_incremental_backup", "backup", "aborted"),)
)
"""All other tasks, as often as in a quiet organization."""

CALM = (
    ("aws_ebs_volume_incremental_backup", "backup", "in_progress"),
    ("microsoft365_mailbox_backup", "backup", "queued"),
    ("aws_ebs_volume_incremental_backup", "backup", "completed"),
    ("aws_ebs_volume_backup_indexing", "system", "in_progress"),
    ("aws_ec2_instance_incremental_backup", "backup", "failed"),
    ("microsoft365_mailbox_backup", "backup", "completed"),
    ("aws_ebs_volume_file_restore", "restore", "completed"),
    ("aws_rds_resource_rolling_backup", "backup", "aborted"),
)
"""The newest tasks of a calm night."""

WORKS_ON = (
    ("aws_ebs", "aws_ebs_volume"),
    ("aws_ec2", "aws_ec2_instance"),
    ("aws_rds", "aws_rds_database"),
    ("aws_dynamodb", "aws_dynamodb_table"),
    ("aws_s3", "aws_s3_bucket"),
    ("protection_group", "protection_group"),
    ("microsoft365", "microsoft365_mailbox"),
)
"""Beginning of a task's type -> the type of entity it works on."""

OTHERS = {
    "policy_update": {"id": "policy-gold", "type": "policy", "value": "Gold"},
    "organizational_unit_update": {"id": "ou-finance", "type": "organizational_unit", "value": "Finance"},
    "activity_report_file_download": {"id": "report-weekly", "type": "report", "value": "Weekly activity"},
}
"""What tasks work on that is no resource."""

REGIONS = ("us-west-2", "us-east-1", "eu-central-1")
ACCOUNTS = ("111122223333", "444455556666")
FIRST_ID = 100_000

MEDIA_NAMES = {
    "/datasources/aws/ebs-volumes": "aws-ebs-volumes",
    "/datasources/aws/ec2-instances": "aws-ec2-instances",
    "/datasources/aws/rds-resources": "aws-rds-resources",
    "/datasources/aws/dynamodb-tables": "aws-dynamodb-tables",
    "/datasources/aws/s3-buckets": "aws-s3-buckets",
    "/datasources/protection-groups": "protection-groups",
    "/alerts/individual": "individual-alerts",
    "/policies/definitions": "policy-definitions",
}
"""Path of a list -> its name in the media type."""

LISTED_ENTITIES = {
    "/datasources/aws/ebs-volumes": "aws_ebs_volume",
    "/datasources/aws/ec2-instances": "aws_ec2_instance",
    "/datasources/aws/rds-resources": "aws_rds_database",
    "/datasources/aws/dynamodb-tables": "aws_dynamodb_table",
    "/datasources/aws/s3-buckets": "aws_s3_bucket",
    "/datasources/protection-groups": "protection_group",
}
"""Path of a list of resources -> the type of entity in it."""

NATIVE_IDS = {
    "aws_ebs_volume": ("volume_native_id", "vol-0{:016x}"),
    "aws_ec2_instance": ("instance_native_id", "i-0{:016x}"),
    "aws_rds_database": ("resource_native_id", "cluster-{:016X}"),
    "aws_dynamodb_table": ("table_native_id", "table-{:016x}"),
}


class Records:
    """Makes the records of one organization, as they are sent."""

    def __init__(self, world: World, data: ClumioData) -> None:
        self._seed = world.seed
        self._now = world.now
        self._size = data.tasks
        self._newest = CALM if data.calm else SHOWCASE
        self._timeline = Timeline(world.now, data.tasks)
        self._assets = data.assets or min(max(2 * len(ENTITIES), data.tasks // 8), 5000)
        self._entities = [self._entity(a) for a in range(self._assets)]
        self._by_type: dict[str, list[int]] = {}
        for a, entity in enumerate(self._entities):
            self._by_type.setdefault(entity["type"], []).append(a)
        self._good: dict[int, float] | None = None

    def task(self, i: int, born: float | None) -> dict[str, Any]:
        """Task i, newest first."""
        bits = mix(self._seed, TASK, i)
        kind, category, status = self._row(i, bits)
        created, started, ended = self._times(i, bits, status, born)
        task_id = str(FIRST_ID + self._size - i)
        entity = OTHERS.get(kind) or self._entities[self._asset(kind, bits >> 16)]
        return {
            "_etag": f"{bits:016x}",
            "_links": {
                "_self": {"href": f"/tasks/{task_id}", "templated": False, "type": "get"},
                "update-task": {"href": f"/tasks/{task_id}", "templated": False, "type": "patch"},
            },
            "category": category,
            "created_timestamp": utc(created),
            "end_timestamp": utc(ended) if ended else None,
            "genre": GENRES[category],
            "id": task_id,
            "is_abortable": status in ("queued", "in_progress") and not kind.endswith(("_indexing", "_sync")),
            "parent_entity": {"id": ACCOUNTS[bits & 1], "type": "aws_account", "value": ACCOUNTS[bits & 1]},
            "primary_entity": entity,
            "progress_percentage": _progress(status, bits),
            "start_timestamp": utc(started) if started else None,
            "status": status,
            "type": kind,
        }

    def aborted(self, task: dict[str, Any], done: bool) -> dict[str, Any]:
        """The same task after it was told to abort, and when it has obeyed."""
        end = utc(self._now) if done else None
        status = "aborted" if done else "aborting"
        return {**task, "status": status, "end_timestamp": end, "is_abortable": False}

    def position(self, task_id: str, count: int, tasks: Series) -> int | None:
        """Where in the list the task with this id is."""
        if not task_id.isdigit() or not count:
            return None
        position = int(tasks.at(0)["id"]) - int(task_id)
        return position if 0 <= position < count and tasks.at(position)["id"] == task_id else None

    def select(self, tasks: Series, keep: Filter) -> Listed:
        """The tasks a filter keeps. Times are found by bisection: the list is in their order, but for its head."""
        if not keep.conditions:
            return tasks
        head = min(len(tasks), len(self._newest) + tasks.births)
        lowest, highest = keep.bound("$gte"), keep.bound("$lte")
        tail = within(
            len(tasks) - head,
            lambda p: str(tasks.at(p + head)["created_timestamp"]),
            # The records have whole seconds, the bounds may have fractions.
            None if lowest is None else utc(math.ceil(lowest)),
            None if highest is None else utc(highest),
        )
        positions = [p for p in range(head) if keep.accepts(tasks.at(p))]
        rest = range(tail.start + head, tail.stop + head)
        positions.extend(rest if keep.only_times else (p for p in rest if keep.accepts(tasks.at(p))))
        return View(tasks, positions)

    def lists(self) -> dict[str, tuple[int, Callable[[int, float | None], dict[str, Any]]]]:
        """Path of every other list -> its length, and the function that makes its records."""
        lists: dict[str, tuple[int, Callable[[int, float | None], dict[str, Any]]]] = {}
        for path, kind in LISTED_ENTITIES.items():
            assets = self._by_type.get(kind, [])
            lists[path] = len(assets), self._resource_maker(assets)
        lists["/alerts/individual"] = max(1, self._size // 20), lambda n, born: self._alert(n)
        lists["/policies/definitions"] = 3, lambda n, born: self._policy(n)
        return lists

    def _times(self, i: int, bits: int, status: str, born: float | None) -> tuple[float, float | None, float | None]:
        """Created, started, ended. What has not ended was created within the last hour."""
        if status in ("queued", "in_progress", "aborting"):
            created = self._now - 200 - bits % 2400
            return created, None if status == "queued" else created + 30 + bits % 60, None
        created = born or self._timeline.at(i, bits)
        room = max(4.0, self._now - created)
        started = created + min(3 + (bits >> 8) % 120, room / 4)
        return created, started, started + min(30 + (bits >> 20) % 5400, room / 2)

    def _row(self, i: int, bits: int) -> tuple[str, str, str]:
        return self._newest[i] if 0 <= i < len(self._newest) else pick(USUAL, bits >> 40)

    def _asset(self, kind: str, bits: int) -> int:
        """What a task of this type works on."""
        entity = next((entity for prefix, entity in WORKS_ON if kind.startswith(prefix)), "")
        return pick(self._by_type[entity], bits) if entity in self._by_type else bits % self._assets

    def _entity(self, a: int) -> dict[str, str]:
        kind, name = ENTITIES[a % len(ENTITIES)]
        lap = a // len(ENTITIES)
        if lap:
            name = name.replace("@", f"{lap + 1}@") if "@" in name else f"{name}-{lap + 1:03d}"
        return {"id": guid(self._seed, ASSET, a), "type": kind, "value": name}

    def _last_good(self, a: int) -> float | None:
        """When the newest good backup of an asset began, as far as the newest tasks tell."""
        if self._good is None:
            self._good = {}
            for i in range(min(self._size, 20_000)):
                bits = mix(self._seed, TASK, i)
                kind, category, status = self._row(i, bits)
                if (category, status) == ("backup", "completed"):
                    started = self._times(i, bits, status, None)[1]
                    self._good.setdefault(self._asset(kind, bits >> 16), started or 0.0)
        return self._good.get(a)

    def _resource_maker(self, assets: list[int]) -> Callable[[int, float | None], dict[str, Any]]:
        return lambda n, born: self._resource(assets[n])

    def _resource(self, a: int) -> dict[str, Any]:
        """A protected resource, with the fields its own list has."""
        bits, entity = mix(self._seed, ASSET, a), self._entities[a]
        kind = entity["type"]
        last = self._last_good(a)
        stamp = utc(last) if last else None
        protection = (None, "unsupported", "unprotected")[a // 12 % 3] if a % 7 == 6 else "protected"
        record: dict[str, Any] = {
            "id": entity["id"],
            "name": entity["value"],
            "account_native_id": ACCOUNTS[bits & 1],
            "aws_region": pick(REGIONS, bits >> 3),
            "protection_status": protection,
            "protection_info": {"policy_id": guid(self._seed, POLICY, bits % 3)} if protection == "protected" else None,
            "last_backup_timestamp": stamp,
            "last_snapshot_timestamp": stamp if kind == "aws_dynamodb_table" else None,
            "backup_status_info": {"backup_status": "success" if last else "no_backup"},
            "is_supported": protection != "unsupported",
            "is_deleted": protection is None,
            "tags": [{"key": "env", "value": "prod"}],
        }
        if kind in NATIVE_IDS:
            key, form = NATIVE_IDS[kind]
            record[key] = form.format(bits)
        if kind in _EXTRAS:
            record.update(_EXTRAS[kind](stamp))
        return {key: value for key, value in record.items() if key not in _LACKING.get(kind, ())}

    def _alert(self, n: int) -> dict[str, Any]:
        bits = mix(self._seed, ALERT, n)
        return {
            "id": guid(self._seed, ALERT, n),
            "type": "backup_failed",
            "severity": "error",
            "status": "active" if bits & 1 else "cleared",
            "cause": pick(("snapshot_limit_exceeded", "kms_key_access_denied", "mailbox_throttled"), bits >> 2),
            "details": {"reason": "The snapshot could not be made: the KMS key is not accessible."},
            "raised_timestamp": utc(self._now - bits % DAY),
            "primary_entity": self._entities[self._asset("aws_ebs", bits >> 9)],
        }

    def _policy(self, n: int) -> dict[str, Any]:
        name, hours = (("Gold", 4), ("Silver", 12), ("Bronze", 24))[n]
        sla = {"retention_duration": {"unit": "days", "value": 30}, "rpo_frequency": {"unit": "hours", "value": hours}}
        operation = {"type": "aws_ebs_volume_backup", "action_setting": "immediate", "slas": [sla]}
        return {"id": guid(self._seed, POLICY, n), "name": name, "operations": [operation], "lock_status": "unlocked"}


_EXTRAS: dict[str, Callable[[str | None], dict[str, Any]]] = {
    "aws_ec2_instance": lambda stamp: {"state": "running"},
    "aws_rds_database": lambda stamp: {
        "engine": "aurora-postgresql",
        "last_clumio_snapshot_timestamp": stamp,
        "last_granular_backup_timestamp": stamp,
    },
    "aws_s3_bucket": lambda stamp: {"protection_group_count": 1},
    "protection_group": lambda stamp: {"protection_stats": {"protected_count": 3, "unprotected_count": 0}},
}
"""Fields that only one kind of resource has."""

_LACKING = {
    "aws_rds_database": ("last_backup_timestamp", "last_snapshot_timestamp"),
    "aws_dynamodb_table": ("last_backup_timestamp",),
    "aws_s3_bucket": ("protection_status", "protection_info", "last_snapshot_timestamp"),
    "protection_group": ("account_native_id", "aws_region", "last_snapshot_timestamp", "is_supported", "tags"),
}
"""Fields that one kind of resource has not."""


def without_lookback(page: Page) -> Page:
    """The page as it is without lookback_days: nobody looked, so backup_status is unknown."""
    records = [
        {**r, "backup_status_info": {"backup_status": "unknown"}}
        if isinstance(r, dict) and "backup_status_info" in r
        else r
        for r in page.records
    ]
    return replace(page, records=records)


def _progress(status: str, bits: int) -> int:
    if status == "completed":
        return 100
    return 0 if status == "queued" else bits % 100
