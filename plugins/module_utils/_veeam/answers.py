# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Answers of Enterprise Manager: XML or JSON, PascalCase (to version 12) or camelCase (13), wrapped in several ways."""

from __future__ import annotations

import re
from typing import Any

from .._core.errors import BackupError
from .._core.exchange import Answer, Explanation
from .._core.json import read_json
from .._core.paging import Page
from .._core.records import Shape, integer
from .._core.xml import read_xml

_LISTS = ("Task", "Link", "Ref")


def body(answer: Answer) -> Any:
    """The content of an answer in either format, whichever was asked for."""
    if not answer.looks_like_xml:
        return read_json(answer.body)
    if answer.looks_like_html:
        raise ValueError("a web page")
    return next(iter(read_xml(answer.body, lists=_LISTS).values()))


def field(content: Any, name: str) -> Any:
    """The field of an object, whatever its case; None when it is not there."""
    if not isinstance(content, dict):
        return None
    wanted = name.lower()
    return next((value for key, value in content.items() if key.lower() == wanted), None)


def page(answer: Answer, element: str, shape: Shape, number: int) -> Page:
    """A page of a query's result: entities named `element` (`Task`, `BackupJobSession`, ...).

    :raises ValueError: it is another page, references instead of entities, or no query result at all.
    """
    content = body(answer)
    if not isinstance(content, dict):
        raise ValueError("no query result in it")
    paging, resources = field(content, "PagingInfo"), field(content, "Resources")
    if paging is None and resources is None and "entities" not in lowered(content):
        raise ValueError("no query result in it")
    container = resources or field(content, "Entities")
    if container is None and field(content, "Refs"):
        raise ValueError("it has references instead of entities")
    got = integer(field(paging, "PageNum"))
    if got is not None and got != number:
        raise ValueError(f"it is page {got} instead of {number}")
    records = [shape.read(native) for native in elements(container, element)]
    return Page(records, count=integer(field(paging, "PagesCount")), size=integer(field(paging, "PageSize")))


def lowered(content: dict[str, Any]) -> set[str]:
    """The names of an object's fields in lower case."""
    return {key.lower() for key in content}


def elements(container: Any, element: str) -> list[Any]:
    """The list behind its wrappers: `Tasks.Tasks[]`, `Tasks[]`, `Tasks.Task[]`; a single element is a list of one."""
    names = (f"{element}s", element)
    wrapped = False
    while isinstance(container, dict):
        inner = next((field(container, name) for name in names if name.lower() in lowered(container)), container)
        if inner is container and not wrapped and any(container.values()):
            raise ValueError(f"no list of {element} in it")
        if inner is container:
            return [container] if wrapped and container else []
        container, wrapped = inner, True
    if container is None:
        return []
    if not isinstance(container, list):
        raise ValueError(f"no list of {element}")
    return container


def explain(answer: Answer) -> Explanation:
    """What an error document says, in either format. Status 500 also means "no such task" and "no such session"."""
    try:
        message = field(body(answer), "Message")
    except (ValueError, BackupError):  # the latter: XML, but no library for it
        message = None
    text = str(message or "")
    if answer.status == 500 and re.search(r"no backup task with id", text, re.IGNORECASE):
        hint = "Tasks belong to the logon session that began them: give its `session_token`."
        return Explanation(message=text, code="not_found", final=True, hint=hint)
    if answer.status == 500 and re.search(r"\bno\b.*\blogon session", text, re.IGNORECASE):
        return Explanation(message=text, code="session_expired", final=True)
    return Explanation(message=text or None)
