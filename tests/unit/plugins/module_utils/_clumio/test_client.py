# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Clumio client on the simulator: whole lists, every lawful form of them, filters, credentials."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._clumio.client import DIALECT, _page
from ansible_collections.multivendor.backup.plugins.module_utils._clumio.records import TASK
from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import BackupError
from ansible_collections.multivendor.backup.plugins.module_utils._core.exchange import Answer

pytest.importorskip("aiohttp", reason="the simulator needs aiohttp")
from ansible_collections.multivendor.backup.tests.simulator import ClumioData, Fault, Simulator
from ansible_collections.multivendor.backup.tests.support import Params, connect, same

FIXTURES = Path(__file__).parents[4] / "fixtures"


@pytest.fixture(scope="module")
def simulator():
    with Simulator(tls=False, clumio=ClumioData(tasks=120)) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_faults(simulator):
    yield
    simulator.clear_faults()


def read(simulator, options=None, **connection):
    return connect(simulator, "clumio", **connection).tasks(Params(options or {}))


LAWFUL = {
    **{f"_next is {style}": ClumioData(tasks=35, next_style=style) for style in ("absent", "null", "empty")},
    **{
        f"no totals, _next is {style}": ClumioData(tasks=35, totals=False, page_cap=10, next_style=style)
        for style in ("absent", "null", "empty")
    },
    "pages are capped": ClumioData(tasks=103, page_cap=10),
    "exactly full pages": ClumioData(tasks=40, page_cap=10),
    "exactly full pages without totals": ClumioData(tasks=40, page_cap=10, totals=False),
    "large pages are refused": ClumioData(tasks=250, max_limit=100),
    "nothing": ClumioData(tasks=0),
    "nothing, _embedded is null": ClumioData(tasks=0, null_embedded=True),
    "nothing, items is null": ClumioData(tasks=0, null_embedded="items"),
    "nothing, and no totals": ClumioData(tasks=0, null_embedded=True, totals=False),
}


@pytest.mark.parametrize("data", LAWFUL.values(), ids=list(LAWFUL))
def test_every_lawful_form_says_the_same(data):
    with Simulator(tls=False, clumio=data) as simulator:
        listing = read(simulator)
        assert listing.complete
        assert same(listing.records, simulator.truth("clumio"))
        assert listing.server_total == (data.tasks if data.totals else None)


def sent(simulator):
    return json.loads(simulator.log[-1].query["filter"])


@pytest.mark.parametrize(
    ("options", "condition", "keeps"),
    [
        (
            {"statuses": ["failed", "aborted"]},
            {"status": {"$in": ["failed", "aborted"]}},
            lambda t: t["status"] in ("failed", "aborted"),
        ),
        ({"types": ["policy_update"]}, {"type": {"$in": ["policy_update"]}}, lambda t: t["type"] == "policy_update"),
        ({"categories": ["restore"]}, {"category": {"$in": ["restore"]}}, lambda t: t["category"] == "restore"),
        (
            {"genres": ["administrative"]},
            {"genre": {"$in": ["administrative"]}},
            lambda t: t["genre"] == "administrative",
        ),
        (
            {"primary_entity_value": "yuki.田中"},
            {"primary_entity.value": {"$contains": "yuki.田中"}},
            lambda t: "yuki.田中" in t["primary_entity"]["value"],
        ),
        (
            {"filter": {"status": {"$in": ["failed"]}}},
            {"status": {"$in": ["failed"]}},
            lambda t: t["status"] == "failed",
        ),
        (
            {"filter": {"status": {"$in": ["failed"]}}, "categories": ["backup"]},
            {"status": {"$in": ["failed"]}, "category": {"$in": ["backup"]}},
            lambda t: t["status"] == "failed" and t["category"] == "backup",
        ),
    ],
)
def test_filters_go_to_the_server(simulator, options, condition, keeps):
    listing = read(simulator, options)
    kept = [task for task in simulator.truth("clumio") if keeps(task)]
    assert 0 < len(kept) < 120
    assert listing.complete
    assert same(listing.records, kept)
    assert {name: value for name, value in sent(simulator).items() if name != "created_timestamp"} == condition


def test_ids_and_entities(simulator):
    wanted = [simulator.truth("clumio")[n] for n in (3, 50)]
    assert same(read(simulator, {"ids": [t["id"] for t in wanted]}).records, wanted)
    entity = wanted[0]["primary_entity"]["id"]
    listing = read(simulator, {"primary_entity_id": entity})
    assert {t["primary_entity"]["id"] for t in listing.records} == {entity}


def test_times_go_to_the_server(simulator):
    truth = simulator.truth("clumio")
    since, until = truth[60]["created_timestamp"], truth[20]["created_timestamp"]
    listing = read(simulator, {"created_after": since, "created_before": until})
    bounds = sent(simulator)["created_timestamp"]
    assert (bounds["$gte"][:19], bounds["$lte"][:19]) == (since[:19], until[:19])
    inside = [t for t in truth if bounds["$gte"][:19] <= t["created_timestamp"][:19] < bounds["$lte"][:19]]
    assert {t["id"] for t in inside} <= {t["id"] for t in listing.records}


def test_the_list_is_bounded_by_now_and_asked_for_by_name(simulator):
    read(simulator)
    entry = simulator.log[-1]
    assert list(sent(simulator)["created_timestamp"]) == ["$lte"]
    assert " " not in entry.query["filter"]
    assert entry.headers["Accept"] == "application/api.clumio.tasks=v1+json"
    assert "X-Clumio-OrganizationalUnit-Context" not in entry.headers


def test_a_filter_with_a_bound_of_its_own_keeps_it(simulator):
    read(simulator, {"filter": {"created_timestamp": {"$lte": "2099-01-01T00:00:00Z"}}})
    assert sent(simulator) == {"created_timestamp": {"$lte": "2099-01-01T00:00:00Z"}}


def test_the_organizational_unit(simulator):
    unit = simulator.credentials.organizational_unit
    assert read(simulator, organizational_unit_context=unit).complete
    assert simulator.log[-1].headers["X-Clumio-OrganizationalUnit-Context"] == unit
    listing = read(simulator, organizational_unit_context="ffffffff-0000")
    assert listing.error.code == "forbidden"
    assert "organizational_unit_context" in listing.error.hint
    environ = {"CLUMIO_ORGANIZATIONAL_UNIT_CONTEXT": unit}
    assert read(simulator, environ=environ).complete
    assert simulator.log[-1].headers["X-Clumio-OrganizationalUnit-Context"] == unit


@pytest.mark.parametrize(
    ("options", "connection", "named"),
    [
        *(({name: []}, {}, name) for name in ("ids", "statuses", "types", "categories", "genres")),
        ({"ids": [""]}, {}, "ids"),
        ({"ids": ["a\nb"]}, {}, "ids"),
        ({"primary_entity_id": ""}, {}, "primary_entity_id"),
        ({"primary_entity_value": "a\x00b"}, {}, "primary_entity_value"),
        ({"created_after": "yesterday"}, {}, "created_after"),
        ({"created_before": "2026-13-01T00:00:00Z"}, {}, "created_before"),
        ({"created_after": "1h", "created_before": "2h"}, {}, "created_before"),
        ({"filter": {"status": "failed"}}, {}, "filter"),
        ({"filter": {"status": ["failed"]}}, {}, "filter"),
        ({"filter": {"status": {"$in": ["failed"]}}, "statuses": ["failed"]}, {}, "filter"),
        ({"filter": {"created_timestamp": {"$gte": "2026-01-01T00:00:00Z"}}, "created_after": "1h"}, {}, "filter"),
        ({}, {"api_token": ""}, "api_token"),
        ({}, {"api_token": "a b"}, "api_token"),
        ({}, {"api_token": "a\nb"}, "api_token"),
        ({}, {"api_token": "ключ"}, "api_token"),
        ({}, {"api_token": None}, "api_token"),
        ({}, {"url": None}, "url"),
        ({}, {"url": ""}, "url"),
        ({}, {"organizational_unit_context": ""}, "organizational_unit_context"),
        ({}, {"organizational_unit_context": "a\r\nX-Evil: 1"}, "organizational_unit_context"),
        ({}, {"page_size": 0}, "page_size"),
        ({}, {"page_size": 10001}, "page_size"),
    ],
)
def test_bad_options_are_refused_before_any_request(simulator, options, connection, named):
    before = len(simulator.log)
    with pytest.raises(BackupError) as caught:
        read(simulator, options, **connection)
    assert caught.value.code == "bad_option"
    assert f"`{named}`" in caught.value.message
    assert len(simulator.log) == before


def test_the_environment_stands_in_for_what_is_not_given(simulator):
    good = {"CLUMIO_API_TOKEN": simulator.credentials.clumio_token, "CLUMIO_API_BASE_URL": simulator.url}
    assert read(simulator, api_token=None, url=None, environ=good).complete
    assert read(simulator, environ={"CLUMIO_API_TOKEN": "bad", "CLUMIO_API_BASE_URL": "bad"}).complete
    with pytest.raises(BackupError):
        read(simulator, api_token=None, environ={"CLUMIO_API_TOKEN": ""})
    with pytest.raises(BackupError):
        read(simulator, api_token="", environ=good)


def test_a_token_that_is_refused(simulator):
    listing = read(simulator, api_token="eyJhbGciOiJIUzI1NiJ9.wrong.token")
    assert (listing.complete, listing.records) == (False, [])
    assert (listing.error.code, listing.error.http_status, listing.error.provider_code) == ("auth_failed", 401, "104")


def test_a_large_page_that_was_asked_for_is_not_made_smaller():
    with Simulator(tls=False, clumio=ClumioData(max_limit=100)) as simulator:
        assert read(simulator, page_size=500).error.code == "rejected"
        assert [entry.query["limit"] for entry in simulator.log] == ["500"]


def test_a_server_that_does_not_take_the_filter_costs_two_requests_and_says_so(simulator):
    before = len(simulator.log)
    listing = read(simulator, {"filter": {"colour": {"$in": ["red"]}}})
    assert listing.error.code == "rejected"
    assert "colour" in listing.error.message
    assert len(simulator.log) - before <= 2


def test_a_clock_that_is_off_does_not_hide_the_newest(simulator):
    """The list is bounded by the server's moment, not by ours."""
    import time

    from ansible_collections.multivendor.backup.plugins.module_utils._core.deadline import Clock

    late = Clock(wall=lambda: time.time() - 7200, uniform=lambda low, high: low)
    listing = read(simulator, clock=late)
    assert same(listing.records, simulator.truth("clumio"))


@pytest.mark.parametrize("totals", [True, False])
@pytest.mark.parametrize("skip", [0, 1, 3])
def test_an_empty_page_before_the_end_is_no_end(totals, skip):
    with Simulator(tls=False, clumio=ClumioData(tasks=50, page_cap=10, totals=totals)) as simulator:
        simulator.fault(Fault("clumio", "empty_page", skip=skip, times=1))
        listing = read(simulator)
        assert listing.complete
        assert same(listing.records, simulator.truth("clumio"))
        simulator.clear_faults()
        simulator.fault(Fault("clumio", "empty_page", path="start=3"))
        listing = read(simulator)
        assert not listing.complete
        assert listing.error.code == "incomplete"


def answer(body, status=200, **headers):
    return Answer(status, headers, body if isinstance(body, bytes) else json.dumps(body).encode())


@pytest.mark.parametrize("items", ['"items": []', '"items": [{"id": "1"}]', '"total_count": 9'])
def test_a_page_that_lacks_what_it_counts_is_no_page(items):
    with pytest.raises(ValueError, match="counts 2 items"):
        _page(answer(f'{{"current_count": 2, {items}}}'.encode()), TASK)


def test_the_sample_of_the_document_is_read_exactly():
    body = (FIXTURES / "clumio_list_tasks.json").read_bytes()
    page = _page(answer(body), TASK)
    native = json.loads(body)["_embedded"]["items"][0]
    record = page.records[0]
    assert (page.total, page.count, page.size, page.more) == (0, 0, 0, True)
    assert {*record} == {"additional_fields", "etag", "links", *native} - {"_etag", "_links"}
    assert record["links"] == [
        {"rel": rel, "type": "string", "href": "string", "name": None}
        for rel in ("_self", "read-organizational-unit", "update-task")
    ]
    times = ("created_timestamp", "start_timestamp", "end_timestamp")
    assert record["additional_fields"] == dict.fromkeys(times, "string")
    assert (record["is_abortable"], record["progress_percentage"]) == (True, 0)
    assert record["primary_entity"] == record["parent_entity"] == native["primary_entity"]


def test_the_sample_of_an_error_is_read_exactly():
    said = DIALECT.explain(answer((FIXTURES / "clumio_error.json").read_bytes(), 400, **{"x-request-id": "r-1"}))
    assert (said.provider_code, said.message, said.request_id) == (None, "string", "r-1")


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        None,
        7,
        {"status": "ok"},
        {"items": "abc"},
        {"items": {}},
        {"items": 0},
        {"items": [None]},
        {"_embedded": []},
        {"_embedded": "x"},
        {"_embedded": False},
        {"_embedded": {"tasks": [{"id": "1"}]}},
        {"_embedded": {"items": {}}},
        {"_embedded": {"items": {"id": "1"}}},
        {"_embedded": {"items": []}, "total_count": "many"},
        {"_embedded": {"items": []}, "_links": "next"},
        {"_embedded": {"items": []}, "_links": {"_next": "?start=2"}},
        b"",
        b"<html>",
    ],
    ids=repr,
)
def test_what_is_no_list_is_never_an_empty_one(body):
    with pytest.raises((ValueError, TypeError, AttributeError, KeyError)):
        _page(answer(body), TASK)


@pytest.mark.parametrize(
    "body",
    [
        {"_embedded": None},
        {"_embedded": {}},
        {"_embedded": {"items": None}},
        {"_embedded": {"items": []}},
        {"items": []},
        {"current_count": 0},
        {"_embedded": None, "total_count": "0", "_links": None},
    ],
    ids=repr,
)
def test_empty_lists_in_all_their_forms(body):
    page = _page(answer(body), TASK)
    assert (page.records, bool(page.more)) == ([], False)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b'{"errors": null}',
        b'{"errors": 5}',
        b'{"errors": [5, null]}',
        b'{"errors": [{}]}',
    ],
)
def test_errors_without_words_do_no_harm(body):
    assert DIALECT.explain(answer(body, 500)).message is None
