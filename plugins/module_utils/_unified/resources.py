# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""What `backup_resource_info` does: the resources of all sources, each with a verdict on its backups."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from .._core.deadline import Clock
from .._core.errors import BackupError, bad_option
from .._core.listing import total
from .._core.options import Params, length
from .._core.records import Record
from .._core.redact import Secrets
from .._core.times import CLOCK_TOLERANCE
from .._model.enums import FRESHNESS
from .._model.freshness import DAY, Evidence, Policy, count_verdicts, judge, worst_first
from .._model.owners import by_owner, key_of, names_of
from .._model.query import TaskQuery
from .._model.resource import FIELDS, PARTS, new_resource
from .._sources import PROVIDERS, SOURCES, Reading, Source, parse_sources, read_all, read_resources, read_tasks
from .result import check_fields, ended, envelope, picked, too_large, unseen

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

MOST_DAYS = 366


def find_resources(params: Params, secrets: Secrets, _check_mode: bool = False) -> tuple[Record, BackupError | None]:
    """The result of `backup_resource_info`, and why it is not complete."""
    result, readings = collect_resources(params, secrets)
    result["warnings"] += too_large(result["resources"], "`fields` or `freshness`")
    return ended(result, readings, params["on_error"])


def collect_resources(params: Params, secrets: Secrets) -> tuple[Record, list[Reading]]:
    """What `backup_resource_info` returns, and the readings that it comes from."""
    now = Clock().wall()
    fields = check_fields(params["fields"], FIELDS, PARTS)
    sources = parse_sources(params)
    policy = policy_of(params, now)
    policies = {source.name: policy_of(params, now, source) for source in sources}
    raw, expected = params["detail"] == "raw", frozenset(params["expected"] or ())

    def read(reading: Reading, client: Any) -> None:
        read_resources(reading, client, raw=raw)
        if reading.resources is None or params["evidence"] == "tasks":
            since = policies[reading.source.name].history_since or 0.0
            read_tasks(reading, client, lambda ahead: TaskQuery(since=_moment(max(0.0, since + ahead)), lean=True))

    readings = read_all(sources, read, secrets)
    judged_by_source = [_judged_source(one, policies[one.source.name], expected, raw=raw) for one in readings]
    found = [resource for resources in judged_by_source for resource in resources]
    found += _missing(params["expected"] or (), found, readings, policy, raw=raw)
    wanted = worst_first([resource for resource in found if _wanted(resource, params)])
    for reading in readings:
        _tell_both(reading)
    result = {
        "resources": [picked(resource, fields) for resource in wanted] if fields else wanted,
        "summary": count_verdicts(wanted),
        "matched": len(wanted),
        **envelope(readings),
    }
    known = (name for resource in found for name in names_of(resource))
    result["warnings"] += unseen(params["resources"], known, "no source has")
    for row, reading in zip(result["sources"], readings):
        row["coverage"] = "tasks_only" if reading.resources is None else "listed"
        row["returned"] = sum(resource["source"] == row["name"] for resource in wanted)
    return result, readings


def policy_of(params: Params, now: float, source: Source | None = None) -> Policy:
    """What the resources of a source are measured by; without a source, what no source has."""
    days = params["history_days"]
    if not 0 <= days <= MOST_DAYS:
        raise bad_option("history_days", f"{days} is out of bounds", f"Give 0 to {MOST_DAYS}.")
    own = source.rpo if source else None
    target = length("rpo", params["rpo"] if own is None else own)
    policy = Policy(
        now=now,
        target=target,
        grace=length("grace", params["grace"], lowest=0),
        trust_field=params["evidence"] == "resource_field",
        snapshots=params["count_snapshots"],
        history_days=days,
    )
    # Tasks are read from as far back as is needed for a verdict, else a good monthly backup would be called missed.
    needed = max(length("history", params["history"]) or 0, (target or 0) + policy.tolerance, days * DAY)
    return replace(policy, history_since=max(0.0, now - needed))


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, timezone.utc)


def _judged_source(reading: Reading, policy: Policy, expected: AbstractSet[str], *, raw: bool) -> list[Record]:
    """The resources of one source: those that it lists, and those that only its tasks name."""
    notes = []
    if abs(reading.clock_offset) > CLOCK_TOLERANCE:
        policy = replace(policy, now=policy.now + reading.clock_offset)
        notes = [f"clock_offset:{reading.clock_offset:.0f}"]
    listed = [{**resource, "coverage": "listed"} for resource in reading.resources.records] if reading.resources else []
    owned = by_owner(reading.listing.records, listed)
    unread = policy.trust_field and reading.resources is not None
    judged_ones = []
    types = {resource["type"] for resource in listed}
    found = [(resource, owned.tasks.get(key_of(resource), [])) for resource in listed]
    for tasks in owned.others.values():
        found.append((_only_in_tasks(reading, tasks[0]["resource"], types, raw=raw), tasks))
    for resource, tasks in found:
        own = None if unread or "no_tasks" in resource["notes"] else tasks
        evidence = Evidence(own, complete=not (owned.may_lack(resource) or _doubtful(reading, resource)))
        resource["notes"] = [*resource["notes"], *notes]
        judged_ones.append(
            judge(resource, evidence, replace(policy, expected=not expected.isdisjoint(names_of(resource))))
        )
    return judged_ones


def _only_in_tasks(reading: Reading, about: Record, listed_types: AbstractSet[str], *, raw: bool) -> Record:
    """A resource that tasks name and no list has: of a provider without a list, of a kind that is not listed, or gone.

    It is gone when the provider lists each of its type, and the list is whole.
    """
    if reading.resources is None:
        protection = "protected"
    elif not reading.resources.complete or not PROVIDERS[reading.source.provider].lists_each:
        protection = "unknown"
    else:
        protection = "deleted" if about["type"] in listed_types else "protected"
    resource = new_resource(
        reading.source.provider,
        reading.source.name,
        key_of(about),
        name=about["name"],
        type=about["type"],
        native_type=about["native_type"],
        protection=protection,
        coverage="tasks_only",
    )
    return {**resource, "raw": None} if raw else resource


def _doubtful(reading: Reading, resource: Record) -> bool:
    """Whether something about this resource may not have been read."""
    provider, tasks = PROVIDERS[reading.source.provider], reading.listing
    list_is_whole = reading.resources is None or reading.resources.complete
    if not list_is_whole and (resource["coverage"] == "tasks_only" or not provider.lists_each):
        return True
    if tasks.complete:
        return False
    if not provider.reads_by_resource or not tasks.failed_scopes:
        return True
    key = key_of(resource)
    return any(key == row["scope"] or key.startswith(f"{row['scope']}/") for row in tasks.failed_scopes)


def _complete(reading: Reading) -> bool:
    return reading.listing.complete and (reading.resources is None or reading.resources.complete)


def _missing(
    expected: Sequence[str], found: Sequence[Record], readings: Sequence[Reading], policy: Policy, *, raw: bool
) -> list[Record]:
    """What must exist and was found nowhere. If everything was read, it never had a backup; where a provider lists
    nothing, it had none in the history that was read.
    """
    complete = all(_complete(reading) for reading in readings)
    all_list = all(reading.resources is not None for reading in readings)
    known = {name for resource in found for name in names_of(resource)}
    no_record = {"raw": None} if raw else {}
    resources = [
        {**new_resource(None, None, name, name=name, coverage="expected", notes=["not_found"]), **no_record}
        for name in dict.fromkeys(expected)
        if name not in known
    ]
    evidence = Evidence((), complete=complete, never=all_list)
    return [judge(resource, evidence, replace(policy, expected=True)) for resource in resources]


def _wanted(resource: Record, params: Params) -> bool:
    verdicts, names = params["freshness"], params["resources"]
    if verdicts and resource["freshness"]["status"] not in verdicts:
        return False
    return not names or any(name in names for name in names_of(resource))


def _tell_both(reading: Reading) -> None:
    """Make the source's row speak for both of its lists."""
    resources, tasks = reading.resources, reading.listing
    if resources is None:
        return
    tasks.server_total = total(listing.server_total for listing in (resources, tasks) if listing.pages)
    tasks.add_cost(resources)
    tasks.pages += resources.pages
    tasks.received += resources.received
    tasks.duplicates += resources.duplicates
    tasks.failed_scopes = resources.failed_scopes + tasks.failed_scopes
    if resources.error is not None:
        tasks.error, tasks.incomplete_reason = reading.source.blame(resources.error), resources.incomplete_reason
