# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Yandex client on the simulator: whole lists, every lawful form of them, filters, and what is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import BackupError
from ansible_collections.multivendor.backup.plugins.module_utils._core.exchange import Answer
from ansible_collections.multivendor.backup.plugins.module_utils._yandex.client import DIALECT, _page
from ansible_collections.multivendor.backup.plugins.module_utils._yandex.records import RESOURCE, TASK

pytest.importorskip("aiohttp", reason="the simulator needs aiohttp")
from ansible_collections.multivendor.backup.tests.simulator import Fault, Simulator, YandexData
from ansible_collections.multivendor.backup.tests.support import Params, connect, same

FIXTURES = Path(__file__).parents[4] / "fixtures"


@pytest.fixture(scope="module")
def simulator():
    with Simulator(tls=False, yandex=YandexData(instances=9, external_servers=2)) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_faults(simulator):
    yield
    simulator.clear_faults()


@pytest.fixture
def folder(simulator):
    return simulator.credentials.folder_id


def ids(simulator):
    return simulator.services["yandex"].instance_ids()


def tasks(simulator, **options):
    connection = {
        name: options.pop(name) for name in ("page_size", "parallel", "retries", "deadline") if name in options
    }
    return connect(simulator, "yandex", **connection).tasks(Params(options))


LAWFUL = {
    "defaults are printed": YandexData(print_defaults=True),
    "numbers are numbers": YandexData(numbers_as_text=False),
    "numbers and defaults": YandexData(numbers_as_text=False, print_defaults=True),
    "times without fractions": YandexData(time_digits=(0,)),
    "times of nine digits, with an offset": YandexData(time_digits=(9,), time_zones=("+00:00",)),
    "pages are capped": YandexData(page_cap=2, tasks_per_instance=7),
    "no tasks at all": YandexData(tasks_per_instance=0),
    "no tasks, and they say so": YandexData(tasks_per_instance=0, print_defaults=True),
    "no instances": YandexData(instances=0),
    "a page that is exactly full": YandexData(page_cap=5),
}


@pytest.mark.parametrize("data", LAWFUL.values(), ids=list(LAWFUL))
def test_every_lawful_form_says_the_same(data):
    with Simulator(tls=False, yandex=data) as simulator:
        client = connect(simulator, "yandex")
        resources = client.list_resources(simulator.credentials.folder_id)
        read = client.list_tasks_in(simulator.credentials.folder_id)
        assert resources.complete
        assert read.complete
        assert same(resources.records, simulator.truth("yandex.resources"))
        assert same(read.records, simulator.truth("yandex.tasks"))


def test_a_resource_without_an_instance_is_named_in_a_warning(simulator, folder):
    listing = tasks(simulator, folder_id=folder)
    assert listing.complete
    assert same(listing.records, simulator.truth("yandex.tasks"))
    outside = [r["resourceId"] for r in simulator.truth("yandex.resources") if not r.get("computeInstanceId")]
    assert len(outside) == 2
    assert all(name in listing.warnings[0] for name in outside)


def test_ids_beyond_53_bits_stay_exact(simulator):
    listing = tasks(simulator, compute_instance_ids=ids(simulator)[:1])
    assert all(isinstance(task["id"], str) and int(task["id"]) > 2**53 for task in listing.records)


@pytest.mark.parametrize(
    ("options", "field", "wanted"),
    [
        ({"types": ["BACKUP"]}, "type", {"BACKUP"}),
        ({"statuses": ["STARTED", "PAUSED"]}, "status", {"STARTED", "PAUSED"}),
        ({"result_codes": ["ERROR"]}, "resultCode", {"ERROR"}),
    ],
)
def test_words_are_filtered_here_for_the_api_cannot(simulator, folder, options, field, wanted):
    listing = tasks(simulator, folder_id=folder, **options)
    kept = [task for task in simulator.truth("yandex.tasks") if task.get(field) in wanted]
    assert kept
    assert same(listing.records, kept)
    assert listing.received == len(simulator.truth("yandex.tasks"))


def test_times_are_filtered_here_with_the_beginning_and_without_the_end(simulator, folder):
    everything = tasks(simulator, folder_id=folder).records
    times = sorted(task["enqueued_at"][:19] + "Z" for task in everything)
    since, until = times[10], times[30]
    listing = tasks(simulator, folder_id=folder, since=since, until=until)
    assert [t["id"] for t in listing.records] == [
        t["id"] for t in everything if since[:19] <= t["enqueued_at"] < until[:19]
    ]
    assert 0 < len(listing.records) < len(everything)


def test_the_page_size_is_always_sent_and_each_list_asks_for_no_more(simulator, folder):
    before = len(simulator.log)
    tasks(simulator, folder_id=folder, page_size=4)
    asked = simulator.log[before:]
    assert {entry.query["pageSize"] for entry in asked} == {"4"}
    assert asked[0].query == {"folderId": folder, "pageSize": "4"}
    assert all(set(entry.query) <= {"pageSize", "pageToken"} for entry in asked if entry.path.endswith("/tasks"))


def test_the_type_of_resources_is_sent(simulator, folder):
    client = connect(simulator, "yandex")
    listing = client.resources(Params(folder_id=folder, type="BMS"))
    assert simulator.log[-1].query["type"] == "BMS"
    assert same(listing.records, [r for r in simulator.truth("yandex.resources") if r.get("type") == "BMS"])
    assert listing.warnings == []
    assert "TOASTER" in client.resources(Params(folder_id=folder, type="TOASTER")).warnings[0]


def test_an_instance_id_cannot_leave_its_place_in_the_path(simulator):
    before = len(simulator.log)
    listing = tasks(simulator, compute_instance_ids=["../policies?folderId=x#y"], retries=0)
    assert not listing.complete
    (entry,) = simulator.log[before:]
    assert (entry.path[:21], entry.path[-6:], entry.status) == ("/backup/v1/resources/", "/tasks", 404)


def test_one_failing_instance_costs_the_others_nothing(simulator, folder):
    bad = ids(simulator)[3]
    simulator.fault(Fault("yandex", "status", path=f"/{bad}/tasks", status=403))
    listing = tasks(simulator, folder_id=folder)
    assert (listing.complete, listing.incomplete_reason) == (False, "failed_scopes")
    assert [scope["scope"] for scope in listing.failed_scopes] == [bad]
    assert listing.error.code == "forbidden"
    assert "backup.viewer" in listing.error.hint
    assert same(listing.records, [t for t in simulator.truth("yandex.tasks") if t["computeInstanceId"] != bad])


def test_a_deleted_instance_may_have_lost_its_tasks(simulator, folder):
    gone = next(r["computeInstanceId"] for r in simulator.truth("yandex.resources") if r.get("initStatus") == "DELETED")
    simulator.fault(Fault("yandex", "status", path=f"/{gone}/tasks", status=404))
    listing = tasks(simulator, folder_id=folder)
    assert listing.complete
    assert any(gone in warning for warning in listing.warnings)
    other = ids(simulator)[0]
    simulator.fault(Fault("yandex", "status", path=f"/{other}/tasks", status=404))
    assert [scope["scope"] for scope in tasks(simulator, folder_id=folder).failed_scopes] == [other]


def test_no_tasks_without_the_whole_list_of_resources(simulator, folder):
    simulator.fault(Fault("yandex", "status", path=r"/resources\?.*pageToken", status=403))
    listing = tasks(simulator, folder_id=folder, page_size=3)
    assert (listing.complete, listing.records) == (False, [])


def answer(body, status=200, **headers):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, {"Content-Type": "application/json", **headers}, content)


@pytest.mark.parametrize(
    ("fixture", "key", "shape"),
    [("yandex_resource_list.json", "resources", RESOURCE), ("yandex_resource_list_tasks.json", "tasks", TASK)],
)
def test_the_samples_of_the_documents_are_read_exactly(fixture, key, shape):
    body = (FIXTURES / fixture).read_bytes()
    page = _page(answer(body), key, shape)
    native = json.loads(body)[key][0]
    record = page.records[0]
    assert page.token == "string"
    assert {*record} - {"tenant_info", "agent_info"} == {"additional_fields", *map(_snake, native)}
    # Words that are no times or numbers are not lost, but kept as they came.
    not_text = {name for name, value in native.items() if record[_snake(name)] is None and value is not None}
    assert not_text <= set(record["additional_fields"])
    assert record["additional_fields"].get("createdAt" if key == "resources" else "progress.total") == "string"


def _snake(name):
    return "".join("_" + c.lower() if c.isupper() else c for c in name)


@pytest.mark.parametrize("body", [{}, {"tasks": None}, {"tasks": []}, {"nextPageToken": ""}, {"nextPageToken": None}])
def test_empty_lists_in_all_their_forms(body):
    page = _page(answer(body), "tasks", TASK)
    assert (page.records, bool(page.token)) == ([], False)


@pytest.mark.parametrize(
    "body",
    [
        *({"tasks": wrong} for wrong in ({}, "", 0, False, "abc", {"id": "1"}, [None], [[]], ["1"])),
        {"tasks": [], "nextPageToken": 5},
        {"tasks": [], "nextPageToken": ["x"]},
        {"tasks": [], "nextPageToken": False},
        {"resources": []},
        {"status": "ok"},
        [],
        None,
        "tasks",
        7,
        b"",
        b"<html></html>",
        b'{"tasks": [NaN]}',
        b'{"tasks": []',
        b"\xff\xfe",
    ],
    ids=repr,
)
def test_what_is_no_list_is_never_an_empty_one(body):
    with pytest.raises((ValueError, TypeError, AttributeError, KeyError)):
        _page(answer(body), "tasks", TASK)


@pytest.mark.parametrize(
    ("status", "body", "headers", "code", "request_id"),
    [
        (401, {"code": 16, "message": "m"}, {"x-request-id": "r-1"}, "UNAUTHENTICATED", "r-1"),
        (403, {"code": 7, "details": [{"requestId": "r-2"}]}, {}, "PERMISSION_DENIED", "r-2"),
        (400, {"code": 99}, {"x-server-trace-id": "r-3"}, "99", "r-3"),
        (500, {"code": "13"}, {}, "INTERNAL", None),
        (500, {"code": [], "details": 5}, {}, None, None),
        (500, [], {}, None, None),
        (500, b"<html>", {}, None, None),
        (500, b"", {}, None, None),
    ],
)
def test_errors_are_understood_whatever_the_body(status, body, headers, code, request_id):
    said = DIALECT.explain(answer(body, status, **headers))
    assert (said.provider_code, said.request_id) == (code, request_id)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"compute_instance_ids": []}, "compute_instance_ids"),
        ({"compute_instance_ids": [""]}, "compute_instance_ids"),
        ({"compute_instance_ids": ["x" * 51]}, "compute_instance_ids"),
        ({"compute_instance_ids": ["a\nb"]}, "compute_instance_ids"),
        ({"folder_id": "x" * 60}, "folder_id"),
        ({"folder_id": " "}, "folder_id"),
        ({}, "folder_id"),
        ({"folder_id": "f", "since": "yesterday"}, "since"),
        ({"folder_id": "f", "since": "1h", "until": "2h"}, "until"),
        ({"folder_id": "f", "types": []}, "types"),
        ({"folder_id": "f", "statuses": [""]}, "statuses"),
        ({"folder_id": "f", "result_codes": ["A\x00B"]}, "result_codes"),
    ],
)
def test_bad_options_are_refused_before_any_request(simulator, options, named):
    before = len(simulator.log)
    with pytest.raises(BackupError) as caught:
        tasks(simulator, **options)
    assert caught.value.code == "bad_option"
    assert f"`{named}`" in caught.value.message
    assert len(simulator.log) == before


def test_unfamiliar_words_draw_a_warning(simulator, folder):
    listing = tasks(simulator, folder_id=folder, types=["Backup"], statuses=["DONE"], result_codes=["GOOD"])
    assert (listing.complete, listing.records) == (True, [])
    assert [any(word in warning for warning in listing.warnings) for word in ("Backup", "DONE", "GOOD")] == [True] * 3


def test_the_folder_comes_from_the_environment_when_nothing_is_said(simulator, folder):
    client = connect(simulator, "yandex", environ={"YC_FOLDER_ID": folder})
    assert len(client.tasks(Params()).records) == len(simulator.truth("yandex.tasks"))
    one = ids(simulator)[0]
    assert {t["compute_instance_id"] for t in client.tasks(Params(compute_instance_ids=[one])).records} == {one}
