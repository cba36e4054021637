# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lists of many scopes, joined."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import BackupError
from ansible_collections.multivendor.backup.plugins.module_utils._core.listing import Listing
from ansible_collections.multivendor.backup.plugins.module_utils._core.paging import Page, read_numbered_pages
from ansible_collections.multivendor.backup.plugins.module_utils._core.scopes import read_scopes
from ansible_collections.multivendor.backup.plugins.module_utils._core.spool import Spool
from ansible_collections.multivendor.backup.tests.unit.plugins.module_utils._core.wire import Request, client, said


def records(*ids: Any) -> list[dict[str, Any]]:
    return [{"id": one} for one in ids]


def ids(listing: Listing) -> list[Any]:
    return [record["id"] for record in listing.records]


def scope_of(*names: Any, code: str | None = None) -> Listing:
    error = BackupError(code, "no") if code else None
    return Listing(
        records(*names), error, "page_missing" if code else None, pages=1, received=len(names), warnings=["careful"]
    )


def test_scopes_are_joined_in_their_order() -> None:
    def read(name: str) -> Listing:
        threading.Event().wait(0.02 if name < "c" else 0)
        return scope_of(name, name + "2")

    listing = read_scopes(client(), ["b", "a", "d", "b", "c"], read, "instances")
    assert listing.complete
    assert ids(listing) == ["b", "b2", "a", "a2", "d", "d2", "c", "c2"]
    assert (listing.pages, listing.received, listing.server_total) == (4, 8, None)
    assert listing.warnings == ["careful"] * 4


def test_no_scopes() -> None:
    listing = read_scopes(client(), [], scope_of, "instances")
    assert listing.complete
    assert listing.records == []
    assert listing.server_total is None


def test_totals_are_added_when_all_are_known() -> None:
    def read(name: str) -> Listing:
        return Listing(server_total=int(name) if name.isdigit() else None)

    assert read_scopes(client(), ["1", "2", "0"], read, "").server_total == 3
    assert read_scopes(client(), ["1", "x", "2"], read, "").server_total is None


def test_a_scope_that_fails_costs_the_others_nothing() -> None:
    def read(name: str) -> Listing:
        return scope_of(name, code="not_found" if name == "b" else None)

    listing = read_scopes(client(), ["a", "b", "c"], read, "instances")
    assert listing.incomplete_reason == "failed_scopes"
    assert ids(listing) == ["a", "b", "c"]
    (failed,) = listing.failed_scopes
    assert (failed["scope"], failed["incomplete_reason"], failed["code"]) == ("b", "page_missing", "not_found")
    assert failed["message"] == "no"
    assert listing.error
    assert "1 of 3 instances could not be read: b" in listing.error.message


@pytest.mark.parametrize("code", ["not_found", "forbidden", "incomplete", "rejected"])
def test_many_that_fail_on_their_own_do_not_end_the_rest(code: str) -> None:
    names = [f"{number:03}" for number in range(60)]
    listing = read_scopes(client(), names, lambda name: scope_of(name, code=code if name < "050" else None), "")
    assert len(listing.failed_scopes) == 50
    assert len(listing.records) == 60
    assert {scope["incomplete_reason"] for scope in listing.failed_scopes} == {"page_missing"}


@pytest.mark.parametrize("code", ["connection", "unavailable", "timeout"])
def test_many_that_find_nobody_end_the_rest(code: str) -> None:
    asked = []

    def read(name: str) -> Listing:
        asked.append(name)
        return scope_of(code=code)

    listing = read_scopes(client(parallel=1), [str(number) for number in range(500)], read, "instances")
    assert len(asked) < 100
    assert len(listing.failed_scopes) == 500
    assert {scope["incomplete_reason"] for scope in listing.failed_scopes} == {"page_missing", "source_failed"}
    assert {scope["code"] for scope in listing.failed_scopes} == {code}


@pytest.mark.parametrize("code", ["auth_failed", "session_expired", "deadline", "tls", "redirect"])
def test_what_concerns_the_whole_source_ends_early(code: str) -> None:
    asked = []

    def read(name: str) -> Listing:
        asked.append(name)
        return scope_of(name, code=code if name == "5" else None)

    listing = read_scopes(client(parallel=1), [str(number) for number in range(200)], read, "instances")
    assert len(asked) < 50
    assert listing.incomplete_reason == ("deadline" if code == "deadline" else "failed_scopes")
    assert listing.error
    assert listing.error.code == code
    assert "0" in ids(listing)
    assert len(listing.failed_scopes) + len(listing.records) >= 200


def test_the_deadline_passes_while_scopes_are_read() -> None:
    def read(name: str) -> Listing:
        if name == "slow":
            threading.Event().wait(30)
        return scope_of(name)

    listing = read_scopes(client(deadline=0.3), ["a", "slow", "b"], read, "instances")
    assert ids(listing) == ["a", "b"]
    assert listing.incomplete_reason == "deadline"
    assert [scope["scope"] for scope in listing.failed_scopes] == ["slow"]


def test_a_defect_is_not_hidden() -> None:
    def read(name: str) -> Listing:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        read_scopes(client(), ["a"], read, "")


def test_scopes_are_joined_on_a_spool() -> None:
    http, spool = client(), Spool()
    http.new_records = spool.records

    def read(name: str) -> Listing:
        return read_numbered_pages(
            http, lambda number: Page(records(f"{name}{number}"), count=3), lambda record: record["id"]
        )

    listing = read_scopes(http, ["b", "a"], read, "")
    assert not isinstance(listing.records, list)
    assert len(listing.records) == listing.received == 6
    assert ids(listing) == ["b1", "b2", "b3", "a1", "a2", "a3"] == ids(listing)


def test_no_more_than_parallel_at_once(serve: Any) -> None:
    def answer(connected: Any, request: Request) -> None:
        threading.Event().wait(0.01)
        connected.sendall(said({"id": request.target}))

    server = serve(answer)
    http = client(parallel=3)

    def read(name: str) -> Listing:
        return read_numbered_pages(
            http,
            lambda number: Page([http.get(f"{server.url}/{name}/{number}", "list")], count=5),
            lambda record: record["id"],
        )

    listing = read_scopes(http, list("abcdef"), read, "")
    assert listing.complete
    assert ids(listing) == [f"/{name}/{number}" for name in "abcdef" for number in range(1, 6)]
    assert server.busiest <= 3
    assert server.connections <= 3
