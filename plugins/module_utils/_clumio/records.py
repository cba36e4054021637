# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The records of the Clumio API and the words in them, as "List tasks" documents them."""

from __future__ import annotations

from typing import Any

from .._core.records import Record, Shape, flag, integer, text, time


def links(value: Any) -> list[Record]:
    """HAL links ({relation: link}) as a list of {rel, type, href, name}; here `type` is the HTTP method."""
    if value is None:
        return []
    if not isinstance(value, dict) or not all(isinstance(link, dict) for link in value.values()):
        raise ValueError("no links")
    return [
        {"rel": relation, "type": link.get("type"), "href": link.get("href"), "name": link.get("name")}
        for relation, link in value.items()
    ]


_ENTITY = {"id": text, "type": text, "value": text}

TASK = Shape(
    {
        "_etag": text,
        "_links": links,
        "category": text,
        "created_timestamp": time,
        "end_timestamp": time,
        "genre": text,
        "id": text,
        "is_abortable": flag,
        "parent_entity": Shape(_ENTITY),
        "primary_entity": Shape(_ENTITY),
        "progress_percentage": integer,
        "start_timestamp": time,
        "status": text,
        "type": text,
    },
)

# Types and categories are open sets; these two are closed in the document, but other words are allowed here, too.
STATUSES = ("queued", "in_progress", "completed", "failed", "aborting", "aborted")
GENRES = ("operational", "administrative")
