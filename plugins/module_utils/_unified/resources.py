# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""What `backup_resource_info` does: the resources of all sources, each with a verdict on its backups."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from .._core.deadline import Clock
from .._core.errors import BackupError, bad_option
from .._core.http import CLOCK_TOLERANCE
from .._core.listing import Listing
from .._core.options import Params, period
from .._core.records import Record
from .._core.redact import Secrets
from .._model.enums import FRESHNESS
from .._model.freshness import DAY, Evidence, Policy, count_verdicts, judge, worst_first
from .._model.query import TaskQuery
from .._model.resource import FIELDS, new_resource
from .._sources import SOURCES, Reading, Source, parse_sources, read_all, read_resources, read_tasks
from .tasks import check_fields, envelope, judged, picked

RESOURCE_OPTIONS = SOURCES.merge(
    {
        "rpo": {"type": "str", "default": "24h"},
        "grace": {"type": "str"},
        "history": {"type": "str", "default": "14d"},
        "evidence": {"type": "str", "choices": ["tasks", "resource_field"], "default": "tasks"},
        "count_snapshots": {"type": "bool", "default": False},
        "expected": {"type": "list", "elements": "str"},
        "freshness": {"type": "list", "elements": "str", "choices": list(FRESHNESS)},
        "resources": {"type": "list", "elements": "str"},
        "history_days": {"type": "int", "default": 0},
        "fields": {"type": "list", "elements": "str"},
        "detail": {"type": "str", "choices": ["normal", "raw"], "default": "normal"},
        "on_error": {"type": "str", "choices": ["fail", "warn"], "default": "fail"},
    }
)

_LENGTH = re.compile(r"(\d{1,6})\s*([smhdw])", re.ASCII)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": DAY, "w": 7 * DAY}
MOST_DAYS = 366

# These providers' failed scopes are resources, or what resources belong to; elsewhere a gap may concern any of them.
_SCOPES_ARE_RESOURCES = ("yandex", "petadata")


def find_resources(params: Params, secrets: Secrets, _check_mode: bool = False) -> tuple[Record, BackupError | None]:
    """The result of `backup_resource_info`, and why it is not complete."""
    now = Clock().wall()
    fields = check_fields(params["fields"], FIELDS)
    policy = _policy(params, now)
    sources = parse_sources(params)
    policies = {source.name: _policy_for(source, policy) for source in sources}
    since, _until = period(params, "history", "until", now)
    query = TaskQuery(since=since)
    raw = params["detail"] == "raw"

    def read(reading: Reading, client: Any) -> None:
        read_resources(reading, client, raw=raw)
        if reading.resources is None or params["evidence"] == "tasks":
            read_tasks(reading, client, query)

    readings = read_all(sources, read, secrets)
    found = [
        resource for reading in readings for resource in _judged_source(reading, policies[reading.source.name], raw=raw)
    ]
    complete = all(_complete(reading) for reading in readings)
    found += _missing(params["expected"] or (), found, policy, complete=complete)
    wanted = worst_first([resource for resource in found if _wanted(resource, params)])
    for reading in readings:
        _tell_both(reading)
    result = {
        "resources": [picked(resource, fields) for resource in wanted] if fields else wanted,
        "summary": count_verdicts(wanted),
        "matched": len(wanted),
        **envelope(readings, coverage="listed"),
    }
    for row, reading in zip(result["sources"], readings):
        row["coverage"] = "tasks_only" if reading.resources is None else "listed"
    return judged(result, readings, params["on_error"], "resources")


def _policy(params: Params, now: float) -> Policy:
    """What all resources are measured by, unless their source says otherwise."""
    if not 0 <= params["history_days"] <= MOST_DAYS:
        raise bad_option("history_days", f"{params['history_days']} is out of bounds", f"Give 0 to {MOST_DAYS}.")
    return Policy(
        now=now,
        target=_length("rpo", params["rpo"]),
        grace=_length("grace", params["grace"]),
        history_since=now - (_length("history", params["history"]) or 0),
        trust_field=params["evidence"] == "resource_field",
        snapshots=params["count_snapshots"],
        history_days=params["history_days"],
    )


def _policy_for(source: Source, policy: Policy) -> Policy:
    return replace(policy, target=_length("rpo", source.rpo)) if source.rpo is not None else policy


def _length(option: str, text: str | None) -> float | None:
    """Seconds of a text like `26h`; None for none."""
    if text is None or text == "":
        return None
    found = _LENGTH.fullmatch(text.strip())
    if found is None or int(found.group(1)) == 0:
        raise bad_option(option, "it is no length of time", "Write it like 90m, 24h or 7d.")
    return float(int(found.group(1)) * _UNITS[found.group(2)])


def _judged_source(reading: Reading, policy: Policy, *, raw: bool) -> list[Record]:
    """The resources of one source: those that it lists, and those that only its tasks name."""
    source = reading.source
    if abs(reading.clock_offset) > CLOCK_TOLERANCE:
        policy = replace(policy, now=policy.now + reading.clock_offset)
    tasks_by_resource = _by_resource(reading.listing.records)
    with_tasks = not (policy.trust_field and reading.resources is not None)
    judged_ones = []
    for resource in [*_listed(reading), *_only_in_tasks(reading, tasks_by_resource, raw=raw)]:
        tasks = tasks_by_resource.get(resource["id"], []) if with_tasks else None
        if with_tasks and source.provider == "yandex" and "no_tasks" in resource["notes"]:
            tasks = None
        evidence = Evidence(tasks, complete=not _doubtful(reading, str(resource["id"])))
        if abs(reading.clock_offset) > CLOCK_TOLERANCE:
            resource["notes"] = [*resource["notes"], f"clock_offset:{reading.clock_offset:.0f}"]
        judged_ones.append(judge(resource, evidence, policy))
    return judged_ones


def _listed(reading: Reading) -> list[Record]:
    if reading.resources is None:
        return []
    return [{**resource, "coverage": "listed"} for resource in reading.resources.records]


def _by_resource(tasks: Sequence[Record]) -> dict[str | None, list[Record]]:
    groups: dict[str | None, list[Record]] = {}
    for task in tasks:
        if task["resource"] and task["level"] == "item":
            groups.setdefault(task["resource"]["id"] or task["resource"]["name"], []).append(task)
    return groups


def _only_in_tasks(reading: Reading, tasks: Mapping[str | None, Sequence[Record]], *, raw: bool) -> list[Record]:
    """What tasks name and no list has: all resources of a provider without a list, else what is gone from it."""
    listed = set() if reading.resources is None else {resource["id"] for resource in reading.resources.records}
    resources = []
    for key, about in tasks.items():
        if key in listed:
            continue
        named = about[0]["resource"]
        resource = new_resource(
            reading.source.provider,
            reading.source.name,
            key,
            name=named["name"],
            type=named["type"],
            native_type=named["native_type"],
            protection="protected" if reading.resources is None else "deleted",
            coverage="tasks_only",
        )
        resources.append({**resource, "raw": None} if raw else resource)
    return resources


def _doubtful(reading: Reading, resource: str) -> bool:
    """Whether something about this resource may not have been read."""
    if reading.resources is not None and not reading.resources.complete:
        return True
    listing = reading.listing
    if listing.complete:
        return False
    if listing.incomplete_reason != "failed_scopes" or reading.source.provider not in _SCOPES_ARE_RESOURCES:
        return True
    return any(resource == scope or resource.startswith(f"{scope}/") for scope in _failed(listing))


def _failed(listing: Listing) -> list[str]:
    return [str(row["scope"]) for row in listing.failed_scopes]


def _complete(reading: Reading) -> bool:
    return reading.listing.complete and (reading.resources is None or reading.resources.complete)


def _missing(expected: Sequence[str], found: Sequence[Record], policy: Policy, *, complete: bool) -> list[Record]:
    """What must exist and was found nowhere: it has no backup at all, if everything was read."""
    known = {name for resource in found for name in (resource["id"], resource["name"], *resource["alternate_ids"])}
    resources = [
        new_resource(None, None, name, name=name, coverage="expected", protection="unknown", notes=["not_found"])
        for name in dict.fromkeys(expected)
        if name not in known
    ]
    return [judge(resource, Evidence(complete=complete, never=True), policy) for resource in resources]


def _wanted(resource: Record, params: Params) -> bool:
    verdicts, names = params["freshness"], params["resources"]
    if verdicts and resource["freshness"]["status"] not in verdicts:
        return False
    return not names or bool({resource["id"], resource["name"], *resource["alternate_ids"]} & set(names))


def _tell_both(reading: Reading) -> None:
    """Make the source's row speak for both of its lists."""
    resources, tasks = reading.resources, reading.listing
    if resources is None:
        return
    tasks.add_cost(resources)
    tasks.pages += resources.pages
    tasks.received += resources.received
    tasks.duplicates += resources.duplicates
    tasks.failed_scopes = resources.failed_scopes + tasks.failed_scopes
    if resources.error is not None:
        tasks.error, tasks.incomplete_reason = resources.error, resources.incomplete_reason
        resources.error.source, resources.error.provider = reading.source.name, reading.source.provider
