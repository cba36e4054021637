# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""One protected resource, whatever the vendor: its fields, before and after the verdict on its backups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._core.records import Record

_EMPTY: Record = dict.fromkeys(
    (
        *("uid", "provider", "source", "id", "name", "type", "native_type", "protection", "activity", "online"),
        *("enabled", "policies", "alternate_ids", "coverage", "last_attempt_at", "last_result", "last_success_at"),
        *("last_success_basis", "last_success_task", "next_run_at", "overdue", "consecutive_failures", "failing_since"),
        *("last_restore_at", "last_restore_result", "freshness", "days", "reasons", "message", "created_at"),
        *("updated_at", "notes"),
    )
)
FIELDS = tuple(_EMPTY)
#: Fields that have fields of their own, and which.
PARTS: Mapping[str, Sequence[str]] = {
    "freshness": ("target_seconds", "grace_seconds", "age_seconds", "status", "evaluated_at")
}


def new_resource(provider: str | None, source: str | None, native_id: str | None, **known: Any) -> Record:
    """A resource of the model from what a provider says of it; every field is there, and there is no verdict yet.

    :param known: fields of `FIELDS`, by name; `last_success_at` is what the provider itself claims.
    """
    resource = _EMPTY.copy()
    resource.update(known)
    resource["provider"], resource["source"], resource["id"] = provider, source, native_id
    resource["uid"] = f"{provider or ''}:{source or ''}::{native_id}"
    resource["protection"] = resource["protection"] or "unknown"
    resource["activity"] = resource["activity"] or "unknown"
    for field in ("policies", "alternate_ids", "reasons", "notes", "days"):
        resource[field] = resource[field] or []
    return resource
