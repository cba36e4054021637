# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What our filters accept: lists of records, single records, and whole results of modules, also of failed ones.

A whole result says whether everything was read. That is never lost: see `Given`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import AnsibleUnsafe, wrap_var

from ansible_collections.multivendor.backup.plugins.module_utils._core import times
from ansible_collections.multivendor.backup.plugins.module_utils._core.records import Record, snake

#: The note on a task or resource that was read in an incomplete list. It travels with the record wherever that goes.
INCOMPLETE = "incomplete_listing"

# Since 2.19 only what is marked as a template is one, and marking a long list as none would take most of the time.
_MARKS_ARE_NEEDED = isinstance(wrap_var("text"), AnsibleUnsafe)
# What says that a list goes on elsewhere: the token of its next page.
_TOKENS = ("next_token", "next_page_token", "next_link", "skip_token")
# Where lists that are read page by page say how many records there are.
_TOTALS = ("total_available_results", "total_matches")


class Refused(Exception):
    """Something that a filter cannot take, told so that a person knows what it takes."""


def filter_plugin(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function a filter: what it refuses names the filter, and what it gives is never taken for a template.

    A vendor's text may look like a template, and cores before 2.19 would run it.
    """

    def make(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(*arguments: Any, **options: Any) -> Any:
            try:
                result = function(*arguments, **options)
                return wrap_var(result) if _MARKS_ARE_NEEDED else result
            except Refused as problem:
                reason = str(problem)
            except TypeError as problem:
                if problem.__traceback__ is not None and problem.__traceback__.tb_next is not None:
                    raise  # within the function: a defect, not a wrong call
                reason = str(problem)
            raise AnsibleFilterError(f"multivendor.backup.{name}: {reason}")

        return run

    return make


@dataclass
class Given:
    """The records that a filter was given.

    :param doubtful: the sources of which something was not read, as far as results name them.
    :param all_doubtful: something was not read, and nobody says of which source.
    """

    records: list[Record] = field(default_factory=list)
    doubtful: set[str] = field(default_factory=set)
    all_doubtful: bool = False

    @property
    def complete(self) -> bool:
        return not self.doubtful and not self.all_doubtful


def gather(value: Any, keys: Collection[str], ids: Collection[str], takes: str) -> Given:
    """The records in a list, in the whole result of a module, in a list of these, or in the results of a loop.

    :param keys: where a result has its list, in snake case, as `kind.key` if it is the `key` within `kind`.
    :param ids: what only a record has, in snake case.
    :param takes: what the filter takes, for the refusal.
    """
    given = Given()
    _gather(value, tuple(keys), tuple(ids), takes, given, 0)
    return given


def _gather(
    value: Any, keys: Sequence[str], ids: Sequence[str], takes: str, given: Given, depth: int, place: str = ""
) -> None:
    if isinstance(value, (list, tuple)) and depth <= 2:
        for index, element in enumerate(value):
            _gather(element, keys, ids, takes, given, depth + 1, f" at index {index}{place}")
        return
    if not isinstance(value, Mapping):
        raise Refused(f"it got {_kind(value)}{place}, and takes {takes}.")
    known = in_snake_case(value)
    if any(known.get(name) is not None for name in ids):
        given.records.append(dict(value))
        return
    if "results" not in keys and isinstance(known.get("results"), (list, tuple)):
        _gather(known["results"], keys, ids, takes, given, 0)
        return
    records = _list_of(known, keys)
    if records is None:
        if known.get("skipped") is True:
            return
        if known.get("failed") is True:
            why = known.get("msg") or "it does not say why"
            raise Refused(f"the result{place} is that of a module that failed and read nothing: {why}")
        raise Refused(
            f"what it got{place} has none of the keys {', '.join(dict.fromkeys((*ids, *keys)))}. It takes {takes}."
        )
    before = len(given.records)
    _gather(records, keys, ids, takes, given, 1, f" in the result{place}")
    if not _is_complete(known, len(given.records) - before):
        sources = _incomplete_sources(known)
        given.doubtful |= sources
        given.all_doubtful |= not sources


_snake = functools.lru_cache(maxsize=4096)(snake)


def in_snake_case(native: Mapping[Any, Any]) -> Record:
    """An object with its names in snake case; names within it are left alone."""
    return {_snake(str(name)): value for name, value in native.items()}


def _list_of(known: Mapping[str, Any], keys: Sequence[str]) -> Any:
    """The first of these keys that a result has."""
    for key in keys:
        outer, _dot, inner = key.partition(".")
        content = known.get(outer)
        if inner and isinstance(content, Mapping):
            content = content.get(inner)
        elif inner:
            continue
        if isinstance(content, (list, tuple)):
            return content
    return next((known[key] for key in keys if known.get(key) is not None), None)


def _is_complete(known: Mapping[str, Any], count: int) -> bool:
    """Whether a result holds all that there is, as far as it says so."""
    if isinstance(known.get("complete"), bool):
        return bool(known["complete"])
    listing = known.get("listing")
    if isinstance(listing, Mapping) and isinstance(listing.get("complete"), bool):
        return bool(listing["complete"])
    if known.get("failed") is True or any(known.get(token) for token in _TOKENS):
        return False
    metadata = known.get("metadata")
    response = known.get("response")
    places = [known, metadata, response.get("metadata") if isinstance(response, Mapping) else None]
    totals = [place.get(total) for place in places if isinstance(place, Mapping) for total in _TOTALS]
    if any(isinstance(total, int) and total > count for total in totals):
        return False
    # Proxmox gives fifty tasks unless asked for more, and community.proxmox.proxmox_tasks_info does not ask for more.
    return not ("proxmox_tasks" in known and count >= 50)


def _incomplete_sources(known: Mapping[str, Any]) -> set[str]:
    rows = known.get("sources")
    if not isinstance(rows, (list, tuple)):
        return set()
    return {str(row.get("name")) for row in rows if isinstance(row, Mapping) and row.get("complete") is not True}


def length(option: str, text: Any, lowest: int = 1) -> float | None:
    """Seconds of a text like `26h`; None for none.

    :raises Refused: it is no such text.
    """
    if text is None or text == "":
        return None
    try:
        return times.length(text if isinstance(text, str) else "", lowest)
    except ValueError:
        raise Refused(f"`{option}` is no length of time. Write it like 90m, 24h or 7d.") from None


def text_option(option: str, value: Any) -> str:
    """An option that is text, and not empty."""
    if not isinstance(value, str) or not value.strip():
        raise Refused(f"`{option}` is {_kind(value)}, and has to be text.")
    return str(value)


def flag_option(option: str, value: Any) -> bool:
    """An option that is true or false. Text is refused, for the text `false` is true in Python."""
    if not isinstance(value, bool):
        raise Refused(f"`{option}` is {_kind(value)}, and has to be true or false.")
    return value


def _kind(value: Any) -> str:
    """What a value is, in words that a person who writes playbooks knows; never the value, which may be long."""
    if value is None:
        return "null"
    if "Undefined" in type(value).__name__:
        return "an undefined variable"
    for kind, name in ((bool, "a truth value"), (str, "text"), ((int, float), "a number"), (Mapping, "a dictionary")):
        if isinstance(value, kind):
            return name if value != "" else "empty text"
    return "a list" if isinstance(value, (list, tuple)) else type(value).__name__
