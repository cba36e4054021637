# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of a Veeam query: one page as references, entities or resources, and its PagingInfo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from . import veeam_records

if TYPE_CHECKING:
    from .service import Page
    from .wire import Request


@dataclass(frozen=True)
class Asked:
    """What page of what is wanted, and in which form (Refs or Entities)."""

    kind: str
    form: str
    number: int
    size: int


def query_result(asked: Asked, page: Page, wrapper: str, request: Request) -> dict[str, Any]:
    """The body of an answer. Lists are wrapped twice; tasks as `wrapper` says, because nobody has seen them in JSON."""
    body: dict[str, Any] = {"Refs": None, "Entities": None, "Resources": None}
    records, plural = page.records, asked.kind + "s"
    if asked.kind == "Task":
        body["Resources"] = _TASK_WRAPPERS[wrapper](absolute(records, request.base_url))
    elif asked.kind in veeam_records.RESOURCES:
        body["Resources"] = {plural: {plural: absolute(records, request.base_url)}}
    elif asked.form == "Entities":
        body["Entities"] = {plural: {plural: absolute(records, request.base_url)}}
    else:
        references = [veeam_records.reference(record) for record in records if record is not None]
        body["Refs"] = {"Refs": absolute(references, request.base_url)}
    body["PagingInfo"] = _paging_info(asked, page, request)
    return body


_TASK_WRAPPERS: dict[str, Callable[[list[Any]], dict[str, Any]]] = {
    "double": lambda tasks: {"Tasks": {"Tasks": tasks}},
    "singular": lambda tasks: {"Tasks": {"Task": tasks}},
    "flat": lambda tasks: {"Tasks": tasks},
}


def absolute(records: list[Any], base_url: str) -> list[Any]:
    """The records with the server's address in their links."""
    return [veeam_records.absolute(record, base_url) if record else record for record in records]


def _paging_info(asked: Asked, page: Page, request: Request) -> dict[str, Any]:
    """Counts pages, never records; the links repeat the question."""
    last = max(1, page.pages)
    following = page.next_start // page.size + 1 if page.next_start is not None else 0
    question = "".join(
        f"{name}={quote(value, safe='')}&"
        for name, value in request.query.items()
        if name not in ("page", "pageSize", "v")
    )
    links = [
        {"Rel": rel, "Href": f"{request.base_url}/api/query?{question}pageSize={page.size}&page={number}"}
        for rel, number in (("First", 1), ("Prev", asked.number - 1), ("Next", following), ("Last", last))
        if number
    ]
    return {"PagesCount": last, "PageSize": page.size, "PageNum": asked.number, "Links": links}
