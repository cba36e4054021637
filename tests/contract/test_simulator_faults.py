# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault of the simulator, over real sockets."""

from __future__ import annotations

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
import requests
from urllib3.exceptions import HTTPError

from tests.simulator import ClumioData, Fault, PetaDataData, Simulator, VeeamData, YandexData
from tests.simulator.client import RESOURCES, Client, parse_xml
from tests.simulator.faults import KINDS, parse_fault

BROKEN = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


@pytest.fixture(scope="module", params=[True, False], ids=["tls", "plain"])
def either(request):
    with Simulator(tls=request.param) as running, Client(running) as client:
        yield running, client


@pytest.fixture
def broken(either):
    """A simulator on TLS and one without, both without faults, and a client of it."""
    yield either
    either[0].clear_faults()


@pytest.fixture
def sound():
    """A simulator whose lists nobody has moved yet, and its client."""
    data = {
        "yandex": YandexData(instances=2, tasks_per_instance=30),
        "clumio": ClumioData(tasks=60),
        "veeam": VeeamData(sessions=60),
        "petadata": PetaDataData(tasks=90),
    }
    with Simulator(tls=False, **data) as running, Client(running) as client:
        yield running, client


def ask(client, provider, **options):
    """The plainest list of a provider."""
    asked = {"type": "BackupJobSession", "format": "Entities"} if provider == "veeam" else {}
    return getattr(client, provider)(**asked, **options)


def records(answer, provider):
    body = answer.json()
    if provider == "clumio":
        return body["_embedded"]["items"]
    if provider == "petadata":
        return body["Tasks"]["Task"]
    return body["resources"] if provider == "yandex" else body["Entities"]["BackupJobSessions"]["BackupJobSessions"]


IDS = {"yandex": "resourceId", "clumio": "id", "veeam": "UID", "petadata": "TaskId"}
PROVIDERS = tuple(IDS)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("status", [500, 503])
def test_status_has_the_vendors_own_body(broken, provider, status):
    simulator, client = broken
    simulator.fault(Fault(provider, "status", status=status, times=1, headers={"X-Extra": "yes"}))
    answer = ask(client, provider)
    assert (answer.status_code, answer.headers["X-Extra"]) == (status, "yes")
    keys = {"yandex": "code", "clumio": "errors", "veeam": "StatusCode", "petadata": "Code"}
    assert keys[provider] in answer.json()
    assert ask(client, provider).status_code == 200


def test_status_may_have_any_body(broken):
    simulator, client = broken
    simulator.fault(Fault("clumio", "status", status=418, body='{"short": "and stout"}'))
    assert client.clumio().json() == {"short": "and stout"}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_throttle_is_the_vendors_own(broken, provider):
    simulator, client = broken
    simulator.fault(Fault(provider, "throttle", times=1))
    answer = ask(client, provider)
    assert answer.status_code == (400 if provider == "petadata" else 429)
    assert "Retry-After" not in answer.headers
    if provider == "petadata":
        assert answer.json()["Code"] == "Throttling.User"


def test_throttle_tells_the_wait_in_three_ways(broken):
    simulator, client = broken
    for style in ("seconds", "date", "acs"):
        simulator.fault(Fault("clumio", "throttle", retry_after=2, retry_style=style, times=1))
    seconds, date, acs = (client.clumio().headers for _time in range(3))
    assert seconds["Retry-After"] == "2"
    assert 0 < parsedate_to_datetime(date["Retry-After"]).timestamp() - time.time() < 3
    assert acs["x-acs-retry-after"] == "2000"


@pytest.mark.parametrize("kind", ["reset", "reset_body", "truncate"])
def test_transfers_that_break(broken, kind):
    simulator, client = broken
    simulator.fault(Fault("clumio", kind, times=1))
    with pytest.raises(BROKEN):
        client.clumio(limit=20)
    assert client.clumio().status_code == 200
    assert simulator.log[-2].status == (None if kind == "reset" else 200)


@pytest.mark.parametrize(
    ("kind", "status", "start"),
    [
        ("garbage", 200, b'{"tasks": ['),
        ("html", 200, b"<!DOCTYPE html>"),
        ("html_error", 502, b"<html>"),
        ("empty_body", 200, b""),
        ("foreign_json", 200, b'{"status":"ok"}'),
    ],
)
def test_answers_that_are_none(broken, kind, status, start):
    simulator, client = broken
    simulator.fault(Fault("yandex", kind))
    answer = client.yandex()
    assert (answer.status_code, answer.content[: len(start)]) == (status, start)
    if kind in ("garbage", "html", "empty_body"):
        with pytest.raises(ValueError, match=r".*"):
            answer.json()


def test_the_wrong_format(broken):
    simulator, client = broken
    simulator.fault(Fault("veeam", "wrong_format"))
    simulator.fault(Fault("petadata", "wrong_format"))
    assert parse_xml(ask(client, "veeam").content).tag.endswith("QueryResult")
    assert "Entities" in ask(client, "veeam", accept="application/xml").json()
    assert parse_xml(client.petadata().content).tag == "DescribeTasksResponse"
    assert "Tasks" in client.petadata(Format="XML").json()


def test_redirect(broken):
    simulator, client = broken
    simulator.fault(Fault("clumio", "redirect", location="https://elsewhere.example.com/"))
    answer = client.clumio()
    assert (answer.status_code, answer.headers["Location"]) == (302, "https://elsewhere.example.com/")


def test_slow_and_hang(broken):
    simulator, client = broken
    simulator.fault(Fault("clumio", "slow", seconds=0.3, times=1))
    simulator.fault(Fault("clumio", "hang", skip=1, times=1))
    begin = time.monotonic()
    assert client.clumio().status_code == 200
    assert time.monotonic() - begin >= 0.3
    with pytest.raises(requests.ReadTimeout), Client(simulator, timeout=0.3) as impatient:
        impatient.clumio()
    assert client.clumio().status_code == 200


@pytest.mark.parametrize("kind", ["drip", "drip_headers"])
def test_drip(broken, kind):
    simulator, client = broken
    simulator.fault(Fault("clumio", kind, seconds=0.1, times=1))
    begin = time.monotonic()
    with pytest.raises((requests.ConnectionError, requests.ReadTimeout)), Client(simulator, 0.05) as impatient:
        impatient.clumio()
    assert time.monotonic() - begin < 2
    simulator.fault(Fault("clumio", kind, path="/nowhere", seconds=0.0, times=1))
    assert client.clumio("/nowhere").status_code == 404


def test_huge_and_bomb_go_on_and_on(broken):
    simulator, client = broken
    for kind in ("huge", "gzip_bomb"):
        simulator.fault(Fault("clumio", kind, times=1))
        answer = streamed(simulator)
        received = 0
        for chunk in answer.iter_content(1 << 20):
            received += len(chunk)
            if received > 32 << 20:
                break
        answer.close()
        assert received > 32 << 20
    simulator.fault(Fault("clumio", "gzip_bomb", size=5000, times=1))
    assert json.loads(streamed(simulator).content) == {"tasks": []}
    simulator.fault(Fault("clumio", "huge", size=5000, times=1))
    assert len(streamed(simulator).content) == 5000
    assert client.clumio().status_code == 200


def streamed(simulator):
    with Client(simulator) as client:
        return client.send("GET", "/tasks", stream=True)


def test_wrong_total(sound):
    simulator, client = sound
    for provider in ("clumio", "petadata", "veeam"):
        simulator.fault(Fault(provider, "wrong_total", n=500))
    assert client.clumio().json()["total_count"] == 560
    assert client.petadata().json()["TotalRecords"] == 590
    assert ask(client, "veeam", pageSize=60).json()["PagingInfo"]["PagesCount"] == 10


@pytest.mark.parametrize("provider", PROVIDERS)
def test_empty_page_and_duplicate(sound, provider):
    simulator, client = sound
    whole = records(ask(client, provider), provider)
    simulator.fault(Fault(provider, "empty_page", times=1))
    simulator.fault(Fault(provider, "duplicate", skip=1, times=1))
    assert whole[0][IDS[provider]] not in ask(client, provider).text
    assert records(ask(client, provider), provider) == [*whole, whole[0]]
    assert records(ask(client, provider), provider) == whole


def test_a_token_that_repeats(sound):
    simulator, client = sound
    instance = simulator.truth("yandex")[0]["computeInstanceId"]
    path = f"{RESOURCES}/{instance}/tasks"
    simulator.fault(Fault("yandex", "repeat_token", skip=1))
    first = client.yandex(path, pageSize=10).json()
    second = client.yandex(path, pageSize=10, pageToken=first["nextPageToken"]).json()
    assert second["nextPageToken"] == first["nextPageToken"]
    assert second["tasks"] == simulator.truth("yandex.tasks", instance)[10:20]


NUMBERED = [
    ("clumio", "start", "limit"),
    ("veeam", "page", "pageSize"),
    ("petadata", "PageNumbers", "MaxRecordsPerPage"),
]


@pytest.mark.parametrize(("provider", "page", "size"), NUMBERED)
def test_numbered_pages_that_repeat(sound, provider, page, size):
    simulator, client = sound
    simulator.fault(Fault(provider, "repeat_token", skip=1))
    first, second = (records(ask(client, provider, **{page: n, size: 30}), provider) for n in (1, 2))
    assert first == second


@pytest.mark.parametrize("n", [2, -2])
@pytest.mark.parametrize(("provider", "page", "size"), NUMBERED)
def test_a_list_that_moves(sound, provider, page, size, n):
    """Two arrive: the next page repeats two. Two vanish: it misses two. Then the list stands still."""
    (simulator, client), key = sound, IDS[provider]
    before = [record[key] for record in simulator.truth(provider)]
    simulator.fault(Fault(provider, "shift", n=n, times=1))
    first, second = (
        [record[key] for record in records(ask(client, provider, **{page: number, size: 30}), provider)]
        for number in (1, 2)
    )
    after = [record[key] for record in simulator.truth(provider)]
    assert first == before[:30]
    assert second == before[30 - n : 60 - n]
    assert len(after) == len(before) + n
    assert after[max(n, 0) :] == before[max(-n, 0) :]
    again = [
        record[key]
        for number in (1, 2, 3)
        for record in records(ask(client, provider, **{page: number, size: 30}), provider)
    ]
    assert again == after[:90]


def test_a_list_with_tokens_moves(sound):
    simulator, client = sound
    instance = simulator.truth("yandex")[0]["computeInstanceId"]
    path = f"{RESOURCES}/{instance}/tasks"
    simulator.fault(Fault("yandex", "shift", path="/tasks", n=1, times=1))
    first = client.yandex(path, pageSize=10).json()
    second = client.yandex(path, pageSize=10, pageToken=first["nextPageToken"]).json()
    assert second["tasks"][0] == first["tasks"][-1]


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("kind", ["unknown_words", "unknown_fields", "hostile_text", "bad_types"])
def test_records_that_are_strange(sound, provider, kind):
    simulator, client = sound
    whole = records(ask(client, provider), provider)
    simulator.fault(Fault(provider, kind, times=1))
    strange = records(ask(client, provider), provider)
    text = json.dumps(strange)
    if kind == "unknown_words":
        unknown = simulator.services[provider].traits.unknown_word
        assert all(unknown in record.values() for record in strange)
    elif kind == "unknown_fields":
        assert all(record["newSince2031"]["flag"] for record in strange)
    elif kind == "hostile_text":
        assert "lookup('pipe'" in text
        assert "\\u001b[31m" in text
    else:
        assert strange[-1] is None
        assert 12345 in strange[0].values()
    assert records(ask(client, provider), provider) == whole


@pytest.mark.parametrize("kind", ["unknown_words", "unknown_fields", "hostile_text", "bad_types"])
def test_strange_records_are_good_xml(sound, kind):
    simulator, client = sound
    simulator.fault(Fault("veeam", kind))
    simulator.fault(Fault("petadata", kind))
    for query in ({"type": "BackupJobSession", "format": "Entities"}, {"type": "Task"}, {"type": "ObjectInJob"}):
        assert len(parse_xml(client.veeam(accept=None, **query).content)) == 2
    assert parse_xml(client.petadata(Format="XML").content).find("Tasks") is not None


def test_skip_and_times_and_path_and_method(broken):
    simulator, client = broken
    simulator.fault(Fault("clumio", "status", path=r"/tasks\?limit=5", skip=1, times=2, status=503))
    asked = [client.clumio(limit=n).status_code for n in (5, 9, 5, 9, 5, 5)]
    assert asked == [200, 200, 503, 200, 503, 200]
    simulator.fault(Fault("veeam", "status", method="DELETE", status=503))
    assert ask(client, "veeam").status_code == 200


def test_two_faults_take_their_turns(broken):
    simulator, client = broken
    simulator.fault(Fault("clumio", "throttle", times=1))
    simulator.fault(Fault("clumio", "status", status=503, times=1))
    assert [client.clumio().status_code for _time in range(3)] == [429, 503, 200]


def test_record_faults_pass_over_what_is_no_list(sound):
    simulator, client = sound
    simulator.fault(Fault("veeam", "empty_page", times=1))
    assert client.log_on().status_code == 201
    assert records(ask(client, "veeam"), "veeam") == []


def test_parallel_clients_are_hit_exactly_as_often(broken):
    simulator, _client = broken
    simulator.fault(Fault("clumio", "status", skip=10, times=7, status=503))

    def work(_number):
        with Client(simulator) as client:
            return [client.clumio().status_code for _time in range(10)]

    with ThreadPoolExecutor(8) as pool:
        statuses = [status for many in pool.map(work, range(8)) for status in many]
    assert (statuses.count(503), statuses.count(200)) == (7, 73)


def test_faults_are_written_on_the_command_line():
    fault = parse_fault(r"clumio:throttle:path=/tasks\?,skip=2,times=1,retry_after=1.5,retry_style=acs")
    assert fault == Fault("clumio", "throttle", path=r"/tasks\?", skip=2, times=1, retry_after=1.5, retry_style="acs")
    assert parse_fault("veeam:hang") == Fault("veeam", "hang")


@pytest.mark.parametrize("text", ["clumio:explode", "nobody:hang", "clumio:hang:colour=red", "clumio:hang:times=x"])
def test_faults_that_are_none(text):
    with pytest.raises(ValueError, match=r".+"):
        parse_fault(text)


def test_the_readme_names_every_kind():
    table = (Path(__file__).parents[1] / "simulator/README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z_]+)` ", table, re.MULTILINE)) == KINDS


def test_a_broken_stream_is_an_error_of_the_transfer(broken):
    """What `requests` passes on from below when a body is read piece by piece."""
    simulator, _client = broken
    simulator.fault(Fault("clumio", "truncate", path="/tasks", times=1))
    with Client(simulator) as client:
        headers = {
            "Authorization": f"Bearer {simulator.credentials.clumio_token}",
            "Accept": "application/api.clumio.tasks=v1+json",
        }
        answer = client.send("GET", "/tasks", headers=headers, stream=True)
        with pytest.raises(HTTPError):
            answer.raw.read()
