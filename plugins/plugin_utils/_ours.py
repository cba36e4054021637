# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records of this collection's own modules, read once more, for a playbook may have changed them, then normalized."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.multivendor.backup.plugins.module_utils._clumio import normalize as clumio
from ansible_collections.multivendor.backup.plugins.module_utils._clumio import records as clumio_records
from ansible_collections.multivendor.backup.plugins.module_utils._core.records import (
    Record,
    Shape,
    flag,
    integer,
    text,
    time,
)
from ansible_collections.multivendor.backup.plugins.module_utils._petadata import normalize as petadata
from ansible_collections.multivendor.backup.plugins.module_utils._petadata import records as petadata_records
from ansible_collections.multivendor.backup.plugins.module_utils._veeam import normalize as veeam
from ansible_collections.multivendor.backup.plugins.module_utils._veeam import records as veeam_records
from ansible_collections.multivendor.backup.plugins.module_utils._yandex import normalize as yandex
from ansible_collections.multivendor.backup.plugins.module_utils._yandex import records as yandex_records

from ._inputs import Refused

_TIMES = ("_at", "_time", "_time_utc", "_timestamp")
_FLAGS = (
    *("cancellable", "online", "enabled", "is_active", "can_update", "is_abortable", "is_supported", "is_deleted"),
    *("is_retry", "success"),
)
_LINK = ("rel", "type", "href", "name")


def _links(value: Any) -> list[Record]:
    """The links of a record: a list of {rel, type, href, name}."""
    if not isinstance(value, (list, tuple)):
        return []
    return [
        {name: link.get(name) if isinstance(link.get(name), str) else None for name in _LINK}
        for link in value
        if isinstance(link, dict)
    ]


def _of_results(shape: Shape, integers: tuple[str, ...] = ()) -> Shape:
    """The shape of a module's results, for that of the API's objects: other names, the same types.

    Types follow from names, which our modules keep to; whole numbers are named here.
    """
    fields: dict[str, Any] = {}
    for name in shape.names:
        if name in shape.nested:
            fields[name] = _of_results(shape.nested[name], integers)
        elif name == "links":
            fields[name] = _links
        elif name.endswith(_TIMES):
            fields[name] = time
        elif name in _FLAGS:
            fields[name] = flag
        else:
            fields[name] = integer if name in integers else text
    return Shape(fields, lists=[name for name in fields if name == "links"])


_YANDEX_TASK = _of_results(yandex_records.TASK, ("current", "total"))
_YANDEX_RESOURCE = _of_results(yandex_records.RESOURCE, ("status_progress",))
_CLUMIO_TASK = _of_results(clumio_records.TASK, ("progress_percentage",))
_CLUMIO_RESOURCE = _of_results(clumio_records.RESOURCE, ("protection_group_count",))
_VEEAM_TASK = _of_results(veeam_records.TASK)
_VEEAM_SESSION = _of_results(veeam_records.SESSION, ("progress", "total_size"))
_PETADATA_TASK = _of_results(petadata_records.TASK)

#: What a session is, by its type, where `kind` was left out.
_SESSION_KINDS = {kind.entity: name for name, kind in veeam_records.KINDS.items()}


def _read(shape: Shape, record: Record, notes: list[str]) -> Record:
    """The record with all its keys and the right types; what has another type is null, with a note."""
    given = {name: value for name, value in record.items() if name not in ("additional_fields", "raw")}
    read = shape.read(given)
    unreadable = read["additional_fields"]
    notes += [f"unreadable_field:{name}" for name in unreadable if name.partition(".")[0] in shape.names]
    aside = record.get("additional_fields")
    read["additional_fields"] = {**(aside if isinstance(aside, Mapping) else {}), **unreadable}
    return read


def _yandex_task(record: Record, source: str, notes: list[str]) -> Record:
    return yandex.normalize_task(_read(_YANDEX_TASK, record, notes), source)


def _yandex_resource(record: Record, source: str, notes: list[str]) -> Record:
    return yandex.normalize_resource(_read(_YANDEX_RESOURCE, record, notes), source)


def _clumio_task(record: Record, source: str, notes: list[str]) -> Record:
    return clumio.normalize_task(_read(_CLUMIO_TASK, record, notes), source)


def _clumio_resource(record: Record, source: str, notes: list[str]) -> Record:
    read = _read(_CLUMIO_RESOURCE, record, notes)
    if read["kind"] not in clumio.KINDS:
        kinds = ", ".join(clumio.KINDS)
        raise Refused(f"a resource has the `kind` {read['kind']!r}. clumio_backup_resource_info gives one of {kinds}.")
    return clumio.normalize_resource(read, source)


def _veeam_task(record: Record, source: str, notes: list[str]) -> Record:
    """A task, or a session of any kind: both are lists that our modules give."""
    if record.get("task_id") is not None:
        return veeam.normalize_task(_read(_VEEAM_TASK, record, notes), source)
    read = _read(_VEEAM_SESSION, record, notes)
    kind = read["kind"] or _SESSION_KINDS.get(read["type"] or "")
    if kind in veeam.KINDS:
        return veeam.normalize_session({**read, "kind": kind}, source)
    notes.append(f"unknown_kind:{kind or read['type']}")
    unknown = veeam.normalize_session({**read, "kind": "job"}, source)  # as a job, which proves nothing
    return {**unknown, "level": "control", "operation": "other"}


def _petadata_task(record: Record, source: str, notes: list[str]) -> Record:
    return petadata.normalize_task(_read(_PETADATA_TASK, record, notes), source)


Normalizer = Callable[[Record, str, list[str]], Record]

#: provider -> how a record becomes a task, where results have their list, and what only a record has (its id)
TASKS: dict[str, tuple[Normalizer, tuple[str, ...], tuple[str, ...]]] = {
    "yandex": (_yandex_task, ("tasks",), ("id",)),
    "clumio": (_clumio_task, ("tasks",), ("id",)),
    "veeam": (_veeam_task, ("tasks", "sessions"), ("task_id", "uid")),
    "petadata": (_petadata_task, ("tasks",), ("task_id",)),
}
RESOURCES: dict[str, tuple[Normalizer, tuple[str, ...], tuple[str, ...]]] = {
    "yandex": (_yandex_resource, ("resources",), ("compute_instance_id", "resource_id")),
    "clumio": (_clumio_resource, ("resources",), ("id",)),
}
