# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the four simulated services share: the world they live in, pages of a list, and a cache of encoded pages."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Callable, Protocol

from .credentials import Credentials
from .data import Series
from .spoil import Traits, spoil
from .wire import Reply, Request


@dataclass(frozen=True)
class World:
    """What a service knows: the seed and the moment of its data, and who may ask."""

    seed: int
    now: float
    credentials: Credentials
    clock_offset: float = 0.0
    """By so many seconds the services' clock is ahead of this machine's."""


class Listed(Protocol):
    """A list that can be cut into pages: a Series or a View."""

    def __len__(self) -> int:
        """How many."""

    def slice(self, start: int, stop: int) -> list[Any]:
        """Those from start to stop."""


@dataclass(frozen=True)
class Page:
    """One page of a list, before it is written in a vendor's own form."""

    records: list[Any]
    start: int
    size: int
    total: int
    next_start: int | None
    """Where the next page begins, None on the last one."""

    @property
    def pages(self) -> int:
        """How many pages there are in all."""
        return -(-self.total // self.size)


class Service:
    """One vendor's API. Subclasses route a request in `answer`, and say no in `refusal`."""

    traits = Traits()
    numbered_pages = True
    """Whether pages are asked for by their number; otherwise by a token."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.base_url = ""
        """Where the service can be reached; known once the simulator listens."""
        self._cache = ByteCache(384 * 1024 * 1024)
        self._selections: OrderedDict[Any, Any] = OrderedDict()

    def answer(self, request: Request) -> Reply:
        """The reply to one request; raises Refusal for what the vendor would refuse."""
        raise NotImplementedError

    def refusal(self, status: int, request: Request) -> Reply:
        """The vendor's own error body for an HTTP status."""
        raise NotImplementedError

    def throttled(self, request: Request) -> Reply:
        """The vendor's own way to say: too many requests."""
        return self.refusal(429, request)

    def truth(self, what: str, *args: str) -> list[Any]:
        """The native records that a complete, unfiltered read of one list gives."""
        raise NotImplementedError

    def expire(self) -> None:
        """All tokens given so far are worth nothing any more."""
        raise NotImplementedError

    def page(self, listed: Listed, start: int, size: int, request: Request, series: Series | None = None) -> Page:
        """Cut one page, and spoil it as the record faults of the request say; `series` is what a `shift` moves."""
        if self.numbered_pages and any(fault.kind == "repeat_token" for fault in request.faults):
            start = max(0, start - size)
        end = start + size
        page = Page(listed.slice(start, end), start, size, len(listed), end if end < len(listed) else None)
        for fault in request.faults:
            if fault.kind == "shift" and series is not None:
                series.move(fault.n)
        return spoil(page, request.faults, self.traits)

    def selection(self, key: Any, make: Callable[[], Any]) -> Any:
        """What a filter keeps of a list, kept itself for the pages to come."""
        if key not in self._selections:
            self._selections[key] = make()
            if len(self._selections) > 64:
                self._selections.popitem(last=False)
        return self._selections[key]

    def list_reply(self, request: Request, version: Any, write: Callable[[], Reply]) -> Reply:
        """The reply that `write` makes, kept for the next same request while the list's `version` stays."""
        if request.faults:
            return write()
        key = request.target, version, request.headers.get("Accept"), request.other_format
        reply = self._cache.get(key)
        if reply is None:
            reply = write()
            self._cache.put(key, reply)
        return reply


class ByteCache:
    """Replies by key; the oldest go when their bodies exceed the limit together."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._used = 0
        self._replies: OrderedDict[Any, Reply] = OrderedDict()

    def get(self, key: Any) -> Reply | None:
        """The reply, or None."""
        return self._replies.get(key)

    def put(self, key: Any, reply: Reply) -> None:
        """Keep a reply."""
        self._replies[key] = reply
        self._used += len(reply.body)
        while self._used > self._limit:
            _key, oldest = self._replies.popitem(last=False)
            self._used -= len(oldest.body)


def with_headers(reply: Reply, headers: Mapping[str, str]) -> Reply:
    """The reply with more headers."""
    return replace(reply, headers={**reply.headers, **headers})


def whole_number(text: str, lowest: int, highest: int) -> int | None:
    """The number in a query parameter, None when it is none or out of bounds."""
    if not text.isascii() or not text.lstrip("-").isdigit():
        return None
    number = int(text)
    return number if lowest <= number <= highest else None


def unknown_names(query: dict[str, str], allowed: Sequence[str]) -> list[str]:
    """Parameters nobody documents."""
    return sorted(set(query) - set(allowed))
