# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Record faults: pages that arrive well-formed and are wrong, or strange, in what they say."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Callable

if TYPE_CHECKING:
    from .faults import Fault
    from .service import Page

UNKNOWN_WORD = "QUANTUM_ENTANGLED"

HOSTILE_TEXT = (
    "<script>alert('x')</script>"
    "{{ lookup('pipe', 'id') }}{% for a in b %}"
    "\x1b[31mred\x1b[0m\x07\r\n# heading | pipe ` tick\u202egnirts\u0000" + "long " * 4000
)
"""HTML, Jinja, terminal escapes, Markdown, a text that runs backwards, a NUL, and 20,000 characters."""

XML_HOSTILE_TEXT = "".join(c for c in HOSTILE_TEXT if c >= " " or c in "\r\n\t")
"""The same without the characters that XML cannot carry."""


@dataclass(frozen=True)
class Traits:
    """Which keys of a vendor's records hold enum words, and which hold free text."""

    words: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    unknown_word: str = UNKNOWN_WORD


def spoil(page: Page, faults: tuple[Fault, ...], traits: Traits) -> Page:
    """The page after every record fault was worked into it, in their order."""
    for fault in faults:
        change = _CHANGES.get(fault.kind)
        page = change(page, fault, traits) if change else page
    return page


def _wrong_total(page: Page, fault: Fault, traits: Traits) -> Page:
    return replace(page, total=max(0, page.total + fault.n))


def _empty_page(page: Page, fault: Fault, traits: Traits) -> Page:
    return replace(page, records=[])


def _repeat_token(page: Page, fault: Fault, traits: Traits) -> Page:
    return replace(page, next_start=page.start)


def _duplicate(page: Page, fault: Fault, traits: Traits) -> Page:
    return replace(page, records=page.records + page.records[:1] * fault.n)


def _each(change: Callable[[dict[str, Any], Traits], None]) -> Callable[..., Page]:
    def work(page: Page, fault: Fault, traits: Traits) -> Page:
        records = copy.deepcopy(page.records)
        for record in records:
            change(record, traits)
        return replace(page, records=records)

    return work


def _unknown_words(record: dict[str, Any], traits: Traits) -> None:
    record.update({key: traits.unknown_word for key in traits.words if key in record})


def _unknown_fields(record: dict[str, Any], traits: Traits) -> None:
    record["newSince2031"] = {"depth": {"list": [1, "two", None]}, "flag": True}
    record["tagLine"] = "a field nobody documented"


def _hostile_text(record: dict[str, Any], traits: Traits) -> None:
    for path in traits.texts:
        *parents, last = path.split(".")
        holder: Any = record
        for parent in parents:
            holder = holder.get(parent) if isinstance(holder, dict) else None
        if isinstance(holder, dict) and isinstance(holder.get(last), str):
            holder[last] = HOSTILE_TEXT


def _bad_types(page: Page, fault: Fault, traits: Traits) -> Page:
    records = [{key: _wrong_type(value) for key, value in record.items()} for record in page.records]
    return replace(page, records=[*records, None])


def _wrong_type(value: Any) -> Any:
    if isinstance(value, str):
        return 12345
    if isinstance(value, dict):
        return [None, value]
    if isinstance(value, list):
        return {"zero": None}
    return {"value": value}


_CHANGES: dict[str, Callable[..., Any]] = {
    "wrong_total": _wrong_total,
    "empty_page": _empty_page,
    "repeat_token": _repeat_token,
    "duplicate": _duplicate,
    "unknown_words": _each(_unknown_words),
    "unknown_fields": _each(_unknown_fields),
    "hostile_text": _each(_hostile_text),
    "bad_types": _bad_types,
}
