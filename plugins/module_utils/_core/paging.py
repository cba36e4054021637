# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Reading lists whole: one reader per paging style, and the proof that nothing is missing.

Every reader gives a `Listing` and raises nothing that a server can cause: what went wrong is in `Listing.error`,
beside what was read. A list that moved while it was read (a record came twice, the total changed) is read again, twice
at most.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Optional

from .errors import BackupError
from .http import HttpClient
from .listing import Listing, Records
from .meter import Meter
from .records import Record
from .threads import AHEAD, Room, side_by_side
from .times import CLOCK_TOLERANCE

REREADS = 2
# A page that only repeats what came before may be chance; so many in a row are a server that ignores its own tokens.
_REPEATS = 3
# More pages than any list has: what a server says beyond that is nonsense, and must not be counted with.
_MOST_PAGES = 10**9

Identity = Callable[[Record], Optional[str]]
Filter = Callable[[Record], bool]


@dataclass(frozen=True)
class Page:
    """One page of a list, as far as the server describes it; what it does not say is None.

    :param total: how many records the whole list has.
    :param count: how many pages the whole list has.
    :param size: how many records a full page has (a server may cap what was asked).
    :param more: whether another page follows.
    """

    records: list[Record]
    token: str | None = None
    total: int | None = None
    count: int | None = None
    size: int | None = None
    more: bool | None = None

    def completed(self, **known: Any) -> Page:
        """The page, with what we know of its records where they do not say it."""
        for record in self.records:
            for field, value in known.items():
                if not record[field]:
                    record[field] = value
        return self


def every(_record: Record) -> bool:
    """The filter that keeps all."""
    return True


def read_token_pages(
    http: HttpClient, fetch: Callable[[str | None], Page], identity: Identity, keep: Filter = every
) -> Listing:
    """A list whose pages follow each other by token. `fetch` gives the page of a token (None: the first)."""
    return _read(http, lambda reading: _walk(reading, fetch), identity, keep)


def read_numbered_pages(
    http: HttpClient, fetch: Callable[[int], Page], identity: Identity, keep: Filter = every
) -> Listing:
    """A list of pages numbered from 1: once the first tells how many there are, the rest is read side by side."""
    return _read(http, lambda reading: _read_counted(http, reading, fetch), identity, keep)


def probe_pages(http: HttpClient, fetch: Callable[[int], Page]) -> tuple[Listing, Record]:
    """One page, to see whether a list can be read; the listing tells what that cost, or why not.

    Beside it what the whole list has, as far as the page tells: {records, requests}.
    """
    meter = Meter(http)
    try:
        page = fetch(1)
    except BackupError as error:
        return meter.told(Listing(error=error, incomplete_reason="source_failed")), {"records": None, "requests": None}
    requests = _page_count(page) or (None if page.more else 1)
    return meter.told(Listing(pages=1)), {"records": page.total, "requests": requests}


def bounded_by_now(http: HttpClient, ask: Callable[[int, float], Page]) -> Callable[[int], Page]:
    """A `fetch` for a list that is bounded by the present moment, so that it does not grow while it is read.

    :param ask: gives a page by its number and the bound (seconds since the epoch). When the first answer shows that our
        clock is off, the first page is asked for again, bounded by the server's: else the newest would be missing.
    """
    bound = 0.0

    def fetch(number: int) -> Page:
        nonlocal bound
        if number > 1:
            return ask(number, bound)
        skew, bound = http.clock_skew, http.now()
        page = ask(number, bound)
        if abs(http.clock_skew - skew) > CLOCK_TOLERANCE:
            bound = http.now()
            page = ask(number, bound)
        return page

    return fetch


class _Reading:
    """One pass over a list: what has been read, and every sign that something is missing."""

    def __init__(self, identity: Identity, keep: Filter, records: Records) -> None:
        self._identity = identity
        self._keep = keep
        self._seen: dict[str | None, int] = {}  # identity -> the page that it came on first
        self._count: int | None = None
        self.strays = 0  # records that came again on another page
        self._again: list[tuple[str | None, Record]] = []  # records that came again, as they came then
        self.listing = Listing(records=records)
        self.order = array("q")  # hashes of identities: two passes are compared by them, and nothing else
        self.moved = False

    def add(self, page: Page) -> int:
        """Take the records of the next page, each only once; how many were new."""
        listing = self.listing
        listing.pages += 1
        before = listing.received
        if page.total is not None:
            self.moved |= listing.server_total not in (None, page.total)
            listing.server_total = page.total
        if page.count is not None:
            self.moved |= self._count not in (None, page.count)
            self._count = page.count
        names = [self._identity(record) for record in page.records]
        self.order.extend(map(hash, names))
        if None not in names and len(set(names)) == len(names) and self._seen.keys().isdisjoint(names):
            new = page.records  # as nearly always
            self._seen.update(dict.fromkeys(names, listing.pages))
        else:
            new = [record for name, record in zip(names, page.records) if self._is_new(name, record)]
        listing.received += len(new)
        listing.records += new if self._keep is every else filter(self._keep, new)
        return listing.received - before

    def _is_new(self, name: str | None, record: Record) -> bool:
        """Whether a record comes for the first time, as far as it has an identity."""
        if name is None:
            return True
        if name in self._seen:
            self.listing.duplicates += 1
            self.strays += self._seen[name] != self.listing.pages
            self._again.append((name, record))
            return False
        self._seen[name] = self.listing.pages
        return True

    def missing(self, reason: str, message: str) -> None:
        """Say that the list is incomplete (the first reason counts)."""
        if self.listing.incomplete_reason is None:
            self.listing.incomplete_reason = reason
            self.listing.error = BackupError("incomplete", message)

    def failed(self, error: BackupError) -> None:
        """Say that the list is incomplete because a request failed."""
        self.listing.incomplete_reason = "deadline" if error.code == "deadline" else "page_missing"
        self.listing.error = error

    def rest(self) -> None:
        """Forget what only the pass itself needs."""
        self._seen.clear()

    def _contradicts(self) -> bool:
        """Whether records of one identity differ: then nobody can say which of them is true."""
        told: dict[str | None, Record] = {}
        if any(told.setdefault(name, record) != record for name, record in self._again):
            return True
        return bool(told) and any(told.get(self._identity(record), record) != record for record in self.listing.records)

    def settle(self, previous: _Reading | None) -> bool:
        """Judge the pass by the server's total and by the pass before; False when another one may do better.

        Two passes that agree to the last element show a list at rest: what came twice then really stands there twice
        (unless it came on two numbered pages: see `_read_counted`).
        """
        listing, agrees = self.listing, previous is not None and self.order == previous.order
        lawful = (listing.received, listing.received + listing.duplicates) if agrees else (listing.received,)
        if listing.server_total is not None and listing.server_total not in lawful:
            self.missing(
                "list_moved" if self.moved else "total_mismatch",
                f"the server counts {listing.server_total} records, but {listing.received} came",
            )
        if agrees and self._contradicts():
            self.missing("list_moved", "a record came twice, and said another thing each time")
        if self.moved or (listing.duplicates and not agrees):
            self.missing("list_moved", "the list moved while it was read")
        retryable = listing.error is not None and listing.error.code == "incomplete"
        return agrees or not retryable or listing.incomplete_reason == "repeated_token"


def _read(http: HttpClient, fill: Callable[[_Reading], None], identity: Identity, keep: Filter) -> Listing:
    """Read a list, and again when it moved meanwhile."""
    meter = Meter(http)
    previous: _Reading | None = None
    for _pass in range(1 + REREADS):
        reading = _Reading(identity, keep, http.new_records())
        try:
            fill(reading)
        except BackupError as error:
            reading.failed(error)
        if reading.settle(previous):
            break
        reading.rest()
        previous = reading
    listing = reading.listing
    if previous and previous is not reading and listing.error and previous.listing.received > listing.received:
        # Reading again failed early: carry the more that came before.
        listing = replace(previous.listing, error=listing.error, incomplete_reason=listing.incomplete_reason)
    return meter.told(listing)


def _walk(reading: _Reading, fetch: Callable[[str | None], Page]) -> None:
    """Follow the tokens from the first page to the last."""
    token: str | None = None
    used: set[str] = set()
    repeats = 0
    while True:
        page = fetch(token)
        new = reading.add(page)
        token = page.token
        if not token:
            return
        repeats = repeats + 1 if page.records and not new else 0
        if token in used or repeats >= _REPEATS:
            reading.missing("repeated_token", "the server gave a page token, or what it stands for, once more")
            return
        used.add(token)


def _read_counted(http: HttpClient, reading: _Reading, fetch: Callable[[int], Page]) -> None:
    """Read the pages that the first one promises, then those that still follow."""
    page = fetch(1)
    count = _page_count(page)
    if not _goes_on(reading, page, count):
        return
    for page in _in_order(http, fetch, range(2, (count or 1) + 1), reading.add):
        if not _goes_on(reading, page, count):
            return
    while page.more or (page.more is None and count is None):
        page = fetch(reading.listing.pages + 1)
        if not _goes_on(reading, page, None):
            break
    if reading.strays and reading.listing.received != reading.listing.server_total:
        # What comes on two pages has pushed something else off both, however often it does so in the same way.
        reading.missing("list_moved", "records came on two pages each, so others may be missing")


def _goes_on(reading: _Reading, page: Page, count: int | None) -> bool:
    """Take a page, and say whether it is worth reading on. `count`: this page is one of so many that were promised."""
    new = reading.add(page)
    listing, number = reading.listing, reading.listing.pages
    promised = count is not None and number <= count
    follows = page.more or (count is not None and number < count)
    if listing.received == listing.server_total:
        pass  # whatever looks odd: all is there
    elif page.records and not new:
        reading.missing("list_moved", f"page {number} only repeats what came before")
    elif not page.records and (follows or (promised and number > 1)):
        reading.missing("page_missing", f"page {number} is empty, against the server's own word")
    elif promised and follows and page.total is None and len(page.records) < (page.size or 0):
        reading.missing("page_missing", f"page {number} of {count} is short: the list shrank while it was read")
    return new > 0


def _page_count(first: Page) -> int | None:
    """How many pages there are by the first one's word: the larger number, where it contradicts itself."""
    told = [first.count or 0]
    if first.total is not None and first.records:
        told.append(-(-first.total // len(first.records)))
    return min(max(told), _MOST_PAGES) if max(told) > 0 else None


def _in_order(
    http: HttpClient, fetch: Callable[[int], Page], numbers: Sequence[int], rescue: Callable[[Page], object]
) -> Iterator[Page]:
    """The pages of these numbers, in this order, read side by side.

    No more are asked for than the caller takes, and only so many wait in memory for one that comes late.

    :param rescue: takes the pages beyond one that failed, before its error is raised.
    """
    early: dict[int, Page] = {}
    wanted = iter(numbers)
    number = next(wanted, None)
    width = min(http.connection.parallel, len(numbers))
    with Room(AHEAD * width) as room:
        try:
            for got, outcome in side_by_side(fetch, room.paced(numbers), width, http.deadline):
                if isinstance(outcome, Exception):
                    raise outcome
                early[got] = outcome
                while number in early:
                    room.leave()
                    yield early.pop(number)
                    number = next(wanted, None)
        except BackupError as error:
            failure = error
        else:
            return
    for late in sorted(early):
        rescue(early[late])
    raise failure
