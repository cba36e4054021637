# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists read whole, or the reason why not: never complete with something missing, never failing when all is well."""

from __future__ import annotations

import json
import random
import threading
from typing import Any, Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import BackupError
from ansible_collections.multivendor.backup.plugins.module_utils._core.http import HttpClient
from ansible_collections.multivendor.backup.plugins.module_utils._core.listing import Listing
from ansible_collections.multivendor.backup.plugins.module_utils._core.paging import (
    Page,
    bounded_by_now,
    read_numbered_pages,
    read_token_pages,
)
from ansible_collections.multivendor.backup.tests.unit.plugins.module_utils._core.wire import (
    FakeTime,
    Request,
    client,
    said,
)

SIZE = 3


def identity(record: dict[str, Any]) -> Any:
    return record["id"]


def records(*ids: Any) -> list[dict[str, Any]]:
    return [{"id": one} for one in ids]


def ids(listing: Listing) -> list[Any]:
    return [record["id"] for record in listing.records]


class Numbered:
    """A list behind numbered pages that says about itself what it is told to."""

    def __init__(self, *names: Any, size: int = SIZE, says: str = "total") -> None:
        self.names = list(names)
        self.size = size
        self.says = says.split()
        self.asked: list[int] = []
        self.before: Callable[[int], Any] = lambda number: None

    def __call__(self, number: int) -> Page:
        self.asked.append(number)
        special = self.before(number)
        if isinstance(special, Page):
            return special
        start = (number - 1) * self.size
        part = self.names[start : start + self.size]
        return Page(
            records(*part),
            total=len(self.names) if "total" in self.says else None,
            count=-(-len(self.names) // self.size) if "count" in self.says else None,
            size=self.size if "size" in self.says else None,
            more=start + self.size < len(self.names) if "more" in self.says else None,
        )


def numbered(fetch: Callable[[int], Page], http: HttpClient | None = None, **more: Any) -> Listing:
    return read_numbered_pages(http or client(), fetch, identity, **more)


def by_token(pages: list[Page], http: HttpClient | None = None, **more: Any) -> tuple[Listing, list[Any]]:
    """Pages whose tokens are their indices, unless they say otherwise."""
    asked: list[Any] = []

    def fetch(token: str | None) -> Page:
        asked.append(token)
        return pages[int(token or 0)]

    return read_token_pages(http or client(), fetch, identity, **more), asked


@pytest.mark.parametrize("size", [2, 1])  # on one page, and on two
def test_a_record_that_came_twice_and_said_another_thing_each_time(size: int) -> None:
    told = [{"id": 1, "result": "completed"}, {"id": 1, "result": "failed"}]
    parts = [told[start : start + size] for start in range(0, 2, size)]
    listing, _asked = by_token(
        [Page(part, str(number + 1) if number + 1 < len(parts) else "") for number, part in enumerate(parts)]
    )
    assert (listing.complete, listing.incomplete_reason) == (False, "list_moved")
    same, _asked = by_token([Page([told[0], dict(told[0])])])
    assert (same.complete, same.duplicates) == (True, 1)


def test_a_total_that_fits_the_ids_hides_no_contradiction() -> None:
    pages = [Page([{"id": 1, "x": 1}, {"id": 2}], total=2), Page([{"id": 1, "x": 2}], total=2)]
    listing = numbered(lambda number: pages[number - 1] if number <= 2 else Page([], total=2))
    assert listing.complete  # the second page is not asked for: all that the server counts was there
    twice = numbered(lambda _number: Page([{"id": 1, "x": 1}, {"id": 1, "x": 2}], total=2, count=1))
    assert (twice.complete, twice.incomplete_reason) == (False, "list_moved")


# Tokens


@pytest.mark.parametrize("end", [None, ""])
def test_tokens_are_followed_to_the_end(end: Any) -> None:
    listing, asked = by_token([Page(records(1, 2), "1"), Page([], "2"), Page(records(3), end)])
    assert listing.complete
    assert listing.error is None
    assert ids(listing) == [1, 2, 3]
    assert asked == [None, "1", "2"]
    assert (listing.pages, listing.received, listing.duplicates, listing.server_total) == (3, 3, 0, None)


@pytest.mark.parametrize("page", [Page([]), Page([], ""), Page(records(1)), Page(records(1), "")])
def test_one_page(page: Page) -> None:
    listing, asked = by_token([page])
    assert listing.complete
    assert listing.records == page.records
    assert asked == [None]


@pytest.mark.parametrize("pages", [[Page(records(1), "1"), Page(records(2), "1")], [Page([], "1"), Page([], "1")]])
def test_a_repeated_token(pages: list[Page]) -> None:
    listing, asked = by_token(pages)
    assert not listing.complete
    assert listing.incomplete_reason == "repeated_token"
    assert listing.error
    assert listing.error.code == "incomplete"
    assert len(listing.records) == sum(len(page.records) for page in pages)
    assert len(asked) == 2


def test_a_server_that_ignores_its_tokens_but_makes_new_ones() -> None:
    numbers = iter(range(10**9))
    listing = read_token_pages(client(), lambda token: Page(records(1, 2), f"t{next(numbers)}"), identity)
    assert listing.incomplete_reason == "repeated_token"
    assert ids(listing) == [1, 2]


def test_a_list_that_moved_is_read_again() -> None:
    passes = iter([[Page(records(1, 2), "1"), Page(records(2, 3))], [Page(records(0, 1), "1"), Page(records(2, 3))]])
    current: list[Page] = []

    def fetch(token: str | None) -> Page:
        nonlocal current
        if token is None:
            current = next(passes)
        return current[int(token or 0)]

    listing = read_token_pages(client(), fetch, identity)
    assert listing.complete
    assert ids(listing) == [0, 1, 2, 3]
    assert listing.duplicates == 0


def test_what_always_comes_twice_stands_there_twice() -> None:
    listing, asked = by_token([Page(records(1, 2, 1), "1"), Page(records(2, 3))])
    assert listing.complete
    assert ids(listing) == [1, 2, 3]
    assert listing.duplicates == 2
    assert len(asked) == 4


def test_a_list_that_never_rests_is_read_three_times() -> None:
    numbers = iter(range(1000))

    def fetch(token: str | None) -> Page:
        first = next(numbers)
        return Page(records(first, first, -1))

    listing = read_token_pages(client(), fetch, identity)
    assert listing.incomplete_reason == "list_moved"
    assert listing.error
    assert listing.error.code == "incomplete"
    assert next(numbers) == 3


def test_records_without_identity_are_all_kept() -> None:
    listing, _asked = by_token([Page(records(None, None), "1"), Page(records(None))])
    assert listing.complete
    assert len(listing.records) == 3


@pytest.mark.parametrize("code", ["unavailable", "deadline", "auth_failed", "too_large"])
def test_a_page_that_fails_carries_what_was_read(code: str) -> None:
    def fetch(token: str | None) -> Page:
        if token == "2":
            raise BackupError(code, "no")
        return Page(records(int(token or 0)), str(int(token or 0) + 1))

    listing = read_token_pages(client(), fetch, identity)
    assert listing.incomplete_reason == ("deadline" if code == "deadline" else "page_missing")
    assert listing.error
    assert listing.error.code == code
    assert ids(listing) == [0, 1]


def test_reading_again_in_vain_carries_the_more_of_the_two() -> None:
    asked: list[Any] = []

    def fetch(token: str | None) -> Page:
        asked.append(token)
        if len(asked) == 4:
            raise BackupError("deadline", "over")
        return [Page(records(1, 2), "1"), Page(records(2, 3))][int(token or 0)]

    listing = read_token_pages(client(), fetch, identity)
    assert ids(listing) == [1, 2, 3]
    assert listing.incomplete_reason == "deadline"
    assert listing.error
    assert listing.error.code == "deadline"


def test_filters_count() -> None:
    listing, _asked = by_token([Page(records(1, 2, 3, 2))], keep=lambda record: record["id"] > 1)
    assert ids(listing) == [2, 3]
    assert (listing.received, listing.duplicates, listing.report()["returned"]) == (3, 1, 2)


# Numbers


@pytest.mark.parametrize("says", ["total", "count", "more", "total count size more", "count size", "total size", ""])
@pytest.mark.parametrize("length", [0, 1, 2, 3, 4, 6, 7, 30])
def test_numbered_pages_are_read_to_the_end(says: str, length: int) -> None:
    source = Numbered(*range(length), says=says)
    listing = numbered(source)
    assert listing.complete, listing.error
    assert ids(listing) == list(range(length))
    assert listing.server_total == (length if "total" in says else None)
    pages = max(1, -(-length // SIZE))
    assert sorted(source.asked) == list(range(1, pages + (2 if not says and length else 1)))
    assert listing.pages == len(source.asked)


def test_pages_are_in_order_whatever_comes_first() -> None:
    dice = random.Random(7)  # noqa: S311
    source = Numbered(*range(60))
    source.before = lambda number: threading.Event().wait(dice.random() / 50)
    assert ids(numbered(source)) == list(range(60))


def test_a_capped_page_size_is_seen() -> None:
    """The server gives ten where a thousand were asked for, whatever it says of itself."""
    source = Numbered(*range(55), size=10, says="total")
    source.before = lambda number: Page(records(*range(55)[number * 10 - 10 : number * 10]), total=55, size=1000)
    assert ids(numbered(source)) == list(range(55))
    source.before = lambda number: Page(records(*range(55)[number * 10 - 10 : number * 10]), count=6, size=10)
    assert ids(numbered(source)) == list(range(55))


@pytest.mark.parametrize("total", [-1, 0, 4, 6, 11, 1000])
def test_a_total_that_is_wrong(total: int) -> None:
    def fetch(number: int) -> Page:
        return Page(records(*range(5)[number * 3 - 3 : number * 3]), total=total, count=2)

    listing = numbered(fetch)
    assert not listing.complete
    assert listing.incomplete_reason in ("total_mismatch", "page_missing")
    assert ids(listing) == [0, 1, 2, 3, 4]
    assert listing.server_total == total


def test_a_total_on_some_pages_only() -> None:
    def fetch(number: int) -> Page:
        return Page(records(*range(5)[number * 3 - 3 : number * 3]), total=6 if number == 2 else None, count=2)

    assert not numbered(fetch).complete


@pytest.mark.parametrize("count", [0, -3, 1])
def test_a_count_that_contradicts_more(count: int) -> None:
    source = Numbered(*range(7), says="more")

    def fetch(number: int) -> Page:
        page = source(number)
        return Page(page.records, more=page.more, count=count)

    listing = numbered(fetch)
    assert ids(listing) == list(range(7))


def test_a_count_of_nothing_beside_records_is_no_count() -> None:
    source = Numbered(*range(7), says="")
    listing = numbered(lambda number: Page(source(number).records, count=0))
    assert ids(listing) == list(range(7))


@pytest.mark.parametrize(
    "change",
    [
        lambda source: source.names.append("new"),
        lambda source: source.names.extend("abcdefgh"),
        lambda source: source.names.insert(0, "new"),
        lambda source: source.names.pop(0),
        lambda source: source.names.pop(),
        lambda source: source.names.clear(),
    ],
    ids=["grew by one", "grew by pages", "shifted", "shrank at the front", "shrank at the end", "vanished"],
)
def test_a_list_that_changes_once_is_read_again(change: Callable[[Numbered], Any]) -> None:
    source = Numbered(*range(9), says="total count size")
    source.before = lambda number: change(source) if len(source.asked) == 2 else None
    listing = numbered(source, client(parallel=1))
    assert listing.complete, listing.error
    assert ids(listing) == source.names
    assert source.asked[:2] == [1, 2]
    assert source.asked.count(1) >= 2


def test_a_count_of_pages_that_changes_is_a_list_that_moved() -> None:
    """Without a total: the last page tells of one more that nobody read."""
    source = Numbered(*range(9), says="count")
    source.before = lambda number: source.names.append("new") if len(source.asked) == 3 else None
    listing = numbered(source, client(parallel=1))
    assert listing.complete
    assert ids(listing) == [*range(9), "new"]


def test_a_list_that_always_changes_is_incomplete() -> None:
    source = Numbered(*range(9))
    source.before = lambda number: source.names.append(len(source.asked) + 100)
    listing = numbered(source, client(parallel=1))
    assert listing.incomplete_reason == "list_moved"
    assert source.asked.count(1) == 3


def test_twice_on_one_page_is_lawful_when_it_stays_so() -> None:
    for total in (None, 3, 4):
        listing = numbered(lambda number, total=total: Page(records(1, 2, 2, 3), total=total, count=1))
        assert listing.complete, total
        assert (ids(listing), listing.duplicates) == ([1, 2, 3], 1)


def test_twice_on_two_pages_means_that_something_else_may_be_missing() -> None:
    """An order that is not total gives the same wrong pages each time: 3 again, and 4 never."""
    pages = {1: records(1, 2, 3), 2: records(3, 5, 6)}
    for says in ({"total": 6}, {"count": 2}, {"total": 6, "count": 2}):
        listing = numbered(lambda number, says=says: Page(pages[number], **says))
        assert listing.incomplete_reason == "list_moved", says
        assert ids(listing) == [1, 2, 3, 5, 6]
    known = numbered(lambda number: Page(pages[number], total=5, count=2))
    assert known.complete


@pytest.mark.parametrize("says", ["total", "count", "count size", "more", "total count size more"])
@pytest.mark.parametrize("empty", [1, 2, 3])
def test_an_empty_page_before_the_end(says: str, empty: int) -> None:
    source = Numbered(*range(9), says=says)
    told = source(1)

    def before(number: int) -> Any:
        more = {"more": number < 3} if "more" in says else {}
        return Page([], told.token, told.total, told.count, told.size, **more) if number == empty else None

    source.before = before
    listing = numbered(source)
    if says == "more" and empty == 3:
        assert listing.complete  # the last page may be empty where nobody promised anything on it
        return
    assert not listing.complete
    assert listing.incomplete_reason in ("page_missing", "total_mismatch")


@pytest.mark.parametrize("short", [1, 2])
def test_a_short_page_before_the_end(short: int) -> None:
    source = Numbered(*range(9), says="count size")
    source.before = lambda number: Page(records("a", "b"), count=3, size=3) if number == short else None
    listing = numbered(source)
    assert listing.incomplete_reason == "page_missing"


@pytest.mark.parametrize("says", [{}, {"more": True}, {"total": 9}, {"count": 3}, {"count": 3, "size": 3}])
def test_a_server_that_ignores_the_number(says: dict[str, Any]) -> None:
    asked = []

    def fetch(number: int) -> Page:
        asked.append(number)
        return Page(records(1, 2, 3), **says)

    listing = numbered(fetch)
    assert listing.incomplete_reason in ("list_moved", "total_mismatch")
    assert ids(listing) == [1, 2, 3]
    assert len(asked) < 30


@pytest.mark.parametrize("many", [10**9, 10**30])
@pytest.mark.parametrize("what", ["count", "total"])
def test_absurd_promises_cost_nothing(many: int, what: str) -> None:
    source = Numbered(*range(7), says="")
    listing = numbered(lambda number: Page(source(number).records, **{what: many}))
    assert not listing.complete
    assert ids(listing) == list(range(7))
    assert len(source.asked) < 100


def test_a_failing_page_in_the_middle_carries_the_others_in_order() -> None:
    source = Numbered(*range(24), says="total")
    late = threading.Event()

    def before(number: int) -> None:
        if number == 4:
            late.wait(5)
            raise BackupError("unavailable", "no")
        if number == 8:
            late.set()
        elif number > 4:
            threading.Event().wait(0.02)

    source.before = before
    listing = numbered(source)
    assert listing.incomplete_reason == "page_missing"
    assert listing.error
    assert listing.error.code == "unavailable"
    got = ids(listing)
    assert got[:9] == list(range(9))
    assert got == sorted(got)
    assert not {9, 10, 11} & set(got)
    assert len(got) > 9


def test_the_deadline_in_the_middle_carries_the_others() -> None:
    source = Numbered(*range(24), says="total")
    source.before = lambda number: threading.Event().wait(30) if number == 3 else None
    listing = numbered(source, client(deadline=0.4))
    assert listing.incomplete_reason == "deadline"
    assert ids(listing)[:6] == [0, 1, 2, 3, 4, 5]
    assert len(listing.records) == 21


def test_no_page_is_asked_for_after_the_one_that_ended_it() -> None:
    source = Numbered(*range(3000), says="total")
    source.before = lambda number: Page([], total=3000) if number == 3 else None
    numbered(source, client(parallel=1))
    assert max(source.asked) < 50


@settings(max_examples=100, deadline=None)
@given(
    length=st.integers(0, 20),
    says=st.sampled_from(["total", "total count", "total size more", "total count size more"]),
    grows=st.booleans(),
    moves=st.lists(st.one_of(st.none(), st.integers(0, 30)), max_size=20),
)
def test_complete_means_complete(length: int, says: str, grows: bool, moves: list[Any]) -> None:
    """Whatever comes or goes, and where, while it is read: what stood there all the time is in a complete list."""
    source = Numbered(*range(length), says=says)
    lasting = set(source.names)

    def before(_number: int) -> None:
        place = moves.pop() if moves else None
        if place is not None and grows:
            source.names.insert(place, f"new {len(moves)}")
        elif place is not None and source.names:
            lasting.discard(source.names.pop(min(place, len(source.names) - 1)))

    source.before = before
    listing = numbered(source, client(parallel=1))
    if listing.complete:
        assert lasting <= set(ids(listing))
    assert listing.complete or listing.error


# Bounded lists


def test_a_bound_is_kept_for_all_pages(time: FakeTime) -> None:
    source = Numbered(*range(9))
    bounds = []

    def ask(number: int, now: float) -> Page:
        bounds.append(now)
        time.pass_by(100)
        return source(number)

    http = client(clock=time.clock(), deadline=10_000.0)
    began = time.wall
    assert numbered(bounded_by_now(http, ask), http).complete
    assert bounds == [began] * 3


def test_a_clock_that_is_off_asks_once_more(serve: Any, time: FakeTime) -> None:
    http = client(clock=time.clock())
    bounds = []

    def ask(number: int, now: float) -> Page:
        bounds.append(now)
        http.clock_offset = 3600.0
        return Page(records(number), count=2)

    listing = numbered(bounded_by_now(http, ask), http)
    assert listing.complete
    assert bounds == [time.wall, time.wall + 3600, time.wall + 3600]


def test_a_defect_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        numbered(lambda number: Page(records(number), count=3) if number == 1 else 1 // 0)  # type: ignore[arg-type]


# Over the wire


def test_what_a_list_cost(serve: Any, time: FakeTime) -> None:
    def page(number: int) -> bytes:
        return said({"items": [{"id": number * 2}, {"id": number * 2 + 1}], "total": 6})

    def answer(connected: Any, request: Request) -> None:
        time.pass_by(1)
        connected.sendall(page(int(request.target[-1])))

    server = serve(said({}), page(1), said({}, 503), said({}, 429, Retry_After="1"), answer)
    http = client(clock=time.clock(), parallel=1)
    http.get(server.url, "look around")  # what was before does not count

    def fetch(number: int) -> Page:
        body = http.get(f"{server.url}/{number}", "list")
        return Page(body["items"], total=body["total"])

    listing = numbered(fetch, http, keep=lambda record: record["id"] != 3)
    report = listing.report()
    elapsed = report.pop("elapsed_seconds")
    assert report == {
        "complete": True,
        "incomplete_reason": None,
        "failed_scopes": [],
        "pages": 3,
        "received": 6,
        "returned": 5,
        "duplicates": 0,
        "server_total": 6,
        "requests": 5,
        "retries": 2,
        "throttled": 1,
    }
    assert elapsed == pytest.approx(0.5 + 1.25 + 2)
    assert json.dumps(report)
