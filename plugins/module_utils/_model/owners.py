# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Whose task is this? Tasks name the resource they are about, by its id or by its name alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._core.records import Record


@dataclass(frozen=True)
class Owned:
    """The item tasks of one source, by what they are about.

    :param tasks: those of each listed resource, by `key_of` it.
    :param others: those of each resource that no list has, and those that may be of any of several listed ones.
    :param unclear: what several listed resources are called, and a task tells nothing else of its own.
    """

    tasks: dict[str, list[Record]] = field(default_factory=dict)
    others: dict[str, list[Record]] = field(default_factory=dict)
    unclear: set[str] = field(default_factory=set)

    def may_lack(self, resource: Record) -> bool:
        """Whether a task of this resource may be among those of which nobody knows whose they are."""
        return not self.unclear.isdisjoint(names_of(resource))


def names_of(resource: Record) -> list[str]:
    """All that a resource is known by."""
    return [name for name in (resource["id"], resource["name"], *resource["alternate_ids"]) if name]


def key_of(resource: Mapping[str, Any]) -> str:
    """What a resource, or what a task says of one, is told apart by: its id, or its name where it has none."""
    return str(resource["id"] or resource["name"] or "")


def by_owner(tasks: Iterable[Record], listed: Sequence[Record]) -> Owned:
    """The tasks of one source by the resource that they are about. The run of a job is about no single one.

    An id counts first, also another one that the provider knows the resource by. A name counts where the task tells no
    id, or the list knows the resource by its name alone: a new machine does not inherit the backups of an old one of
    the same name. What several resources are called belongs to none of them.
    """
    ids = {key_of(resource): key_of(resource) for resource in listed}
    names = _unique((name, resource) for resource in listed for name in set(names_of(resource)))
    other_ids = _unique((name, resource) for resource in listed for name in {*resource["alternate_ids"]})
    by_name_alone = {one["name"] for one in listed if one["name"] == key_of(one) and names.get(one["name"])}
    owned = Owned()
    for task in tasks:
        about = task["resource"]
        if not about or task["level"] != "item" or not key_of(about):
            continue
        if about["id"]:
            name = about["name"] if about["name"] in by_name_alone else ""
            owner = ids.get(about["id"]) or other_ids.get(about["id"], name)
        else:
            owner = names.get(about["name"], "")
        if owner is None:
            owned.unclear.add(key_of(about))
        groups = owned.tasks if owner else owned.others
        groups.setdefault(owner or key_of(about), []).append(task)
    return owned


def _unique(called: Iterable[tuple[str, Record]]) -> dict[str, str | None]:
    """The key of the one resource that is called so; None where several are."""
    pairs = list(called)
    counts = Counter(name for name, _resource in pairs)
    return {name: key_of(resource) if counts[name] == 1 else None for name, resource in pairs}
