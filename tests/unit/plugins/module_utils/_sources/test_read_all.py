# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many sources side by side: a dead one costs the others nothing, and nothing is lost."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta, timezone

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils import _sources
from ansible_collections.multivendor.backup.plugins.module_utils._core.deadline import Clock
from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import BackupError
from ansible_collections.multivendor.backup.plugins.module_utils._core.listing import Listing
from ansible_collections.multivendor.backup.plugins.module_utils._core.redact import Secrets
from ansible_collections.multivendor.backup.plugins.module_utils._model.query import TaskQuery
from ansible_collections.multivendor.backup.plugins.module_utils._sources import parse_sources, read_all, read_tasks

pytest.importorskip("aiohttp", reason="the simulator needs aiohttp")
from ansible_collections.multivendor.backup.tests.simulator import (
    ClumioData,
    Fault,
    PetaDataData,
    Simulator,
    VeeamData,
    YandexData,
)
from ansible_collections.multivendor.backup.tests.support import reach

SIZES = {"yandex": 3 * 5, "clumio": 60, "petadata": 2 * 40}
PROVIDERS = ("yandex", "clumio", "veeam", "petadata")


def small(**more):
    return Simulator(
        tls=False,
        yandex=YandexData(instances=3, tasks_per_instance=5),
        clumio=ClumioData(tasks=60, page_cap=20),
        veeam=VeeamData(sessions=20),
        petadata=PetaDataData(instances=("pd-1", "pd-2"), tasks=40),
        **more,
    )


@pytest.fixture
def two():
    with small() as one, small(seed=11) as other:
        yield one, other


def scope(simulator, provider):
    return {
        "yandex": {"folder_id": simulator.credentials.folder_id},
        "petadata": {"instance_ids": ["pd-1", "pd-2"]},
    }.get(provider, {})


def sources_of(*simulators, **options):
    """A source for each provider of each simulator: `yandex-0`, ..., `petadata-1`."""
    given = [
        {"name": f"{provider}-{n}", provider: reach(simulator, provider, **scope(simulator, provider), **options)}
        for n, simulator in enumerate(simulators)
        for provider in PROVIDERS
    ]
    return parse_sources({"sources": given, "connection": {"retries": 2}}, {})


def everything(reading, client):
    read_tasks(reading, client, lambda _ahead: TaskQuery())


def test_eight_sources_one_dead_one_throttling(two):
    one, other = two
    one.fault(Fault("clumio", "status", status=403))
    other.fault(Fault("petadata", "throttle", times=2, retry_after=0.05))
    secrets = Secrets()
    readings = {reading.source.name: reading for reading in read_all(sources_of(one, other), everything, secrets)}
    assert list(readings) == [f"{provider}-{n}" for n in (0, 1) for provider in PROVIDERS]

    dead = readings.pop("clumio-0").listing
    assert (dead.complete, dead.incomplete_reason, dead.records) == (False, "page_missing", [])
    facts = dead.error.facts()
    assert (facts["source"], facts["provider"], facts["code"], facts["http_status"]) == (
        "clumio-0",
        "clumio",
        "forbidden",
        403,
    )

    for name, reading in readings.items():
        provider, listing = reading.source.provider, reading.listing
        assert (listing.complete, listing.error) == (True, None), name
        if provider in SIZES:
            assert listing.received == SIZES[provider], name
        assert len({task["uid"] for task in listing.records}) == len(listing.records) == listing.received
        assert {(task["source"], task["provider"]) for task in listing.records} == {(name, provider)}
    assert readings["petadata-1"].listing.throttled > 0
    assert readings["petadata-0"].listing.throttled == 0
    secret = one.credentials
    assert {secret.clumio_token, secret.iam_token, secret.access_key_secret} <= secrets.hidden()
    assert other.credentials.clumio_token in secrets.hidden()


def test_the_same_system_twice_is_two_sources():
    with small() as one:
        options = reach(one, "clumio")
        given = [{"name": name, "clumio": options} for name in ("a", "b")]
        readings = read_all(parse_sources({"sources": given}, {}), everything, Secrets())
    first, second = ({task["uid"] for task in reading.listing.records} for reading in readings)
    assert len(first) == len(second) == 60
    assert not first & second


def test_sources_are_read_side_by_side(two):
    """Each waits for its first answer until all have asked: one after the other, none would ever get it."""
    gate = threading.Barrier(8, timeout=20)

    def read(reading, client):
        gate.wait()
        everything(reading, client)

    readings = read_all(sources_of(*two), read, Secrets())
    assert all(reading.listing.complete for reading in readings)


def test_latency_is_that_of_the_slowest_not_the_sum():
    """By the simulator's log: every source has asked before the first one has its first answer."""
    with small(latency=0.5) as one:
        for reading in read_all(sources_of(one), everything, Secrets()):
            assert reading.listing.complete
        firsts = [min(entry.at for entry in one.log if entry.provider == provider) for provider in PROVIDERS]
        assert max(firsts) - min(firsts) < 0.5


def test_clients_say_farewell_also_when_reading_fails(two):
    one, _other = two
    options = reach(one, "veeam", username=one.credentials.veeam_username, password=one.credentials.veeam_password)
    sources = parse_sources({"sources": [{"veeam": options}], "connection": {"retries": 0}}, {})
    one.fault(Fault("veeam", "status", path="query", status=403))
    (reading,) = read_all(sources, everything, Secrets())
    assert reading.listing.error.code == "forbidden"
    assert Counter(entry.method for entry in one.requests("veeam")) == {"POST": 1, "GET": 3, "DELETE": 1}


class Fake:
    """A client that does as it is told."""

    def __init__(self, find):
        self.find, self.http, self.closed = find, self, []
        self.clock_offset = self.clock_skew = 0.0
        self.clocks_differ = False
        self.secrets = Secrets()

    def find_tasks(self, query, _scope):
        return self.find(query)

    def normalize(self, record, _source):
        return record

    def close(self):
        self.closed.append(True)
        return ["it did not say goodbye"]


@pytest.fixture
def fakes(monkeypatch):
    """Clumio and Veeam, played by fakes: {provider: what its client does}."""
    plays = {}

    def made(provider):
        def connect(_params, _secrets, *, environ):
            play = plays[provider]
            if isinstance(play, BackupError):
                raise play
            return play

        return connect

    registry = {
        key: _sources.Provider(one.options, one.scope, made(key), one.endpoint)
        for key, one in _sources.PROVIDERS.items()
    }
    monkeypatch.setattr(_sources, "PROVIDERS", registry)
    return plays


def read_fakes(*names, clock=None):
    sources = parse_sources({"sources": [{name: {}} for name in names]}, {})
    return read_all(sources, everything, Secrets(), clock)


def test_an_option_that_no_client_takes_is_refused_before_the_first_request(fakes):
    asked = []
    fakes["veeam"] = Fake(lambda query: asked.append(query) or Listing())
    fakes["clumio"] = BackupError("bad_option", "option `url`: it is missing")
    with pytest.raises(BackupError) as caught:
        read_fakes("veeam", "clumio")
    assert str(caught.value).startswith("source 'clumio': option `url`: it is missing")
    assert (caught.value.source, caught.value.provider, caught.value.code) == ("clumio", "clumio", "bad_option")
    assert not asked


def test_an_option_that_proves_bad_while_reading_is_one_of_the_play_too(fakes):
    def find(_query):
        raise BackupError("bad_option", "option `kinds`: there is no kind 'x'")

    fakes["veeam"], fakes["clumio"] = Fake(lambda query: Listing()), Fake(find)
    with pytest.raises(BackupError, match="source 'clumio': option `kinds`"):
        read_fakes("veeam", "clumio")
    assert fakes["clumio"].closed
    assert fakes["veeam"].closed


def test_a_missing_library_costs_its_source_only(fakes):
    fakes["veeam"], fakes["clumio"] = BackupError("missing_library", "no xmltodict"), Fake(lambda query: Listing())
    veeam, clumio = read_fakes("veeam", "clumio")
    assert (veeam.listing.error.code, veeam.listing.error.source) == ("missing_library", "veeam")
    assert veeam.listing.incomplete_reason == "source_failed"
    assert clumio.listing.complete


def test_a_defect_costs_its_source_only(fakes):
    def find(_query):
        raise KeyError("a value that nobody may see")

    fakes["veeam"], fakes["clumio"] = Fake(find), Fake(lambda query: Listing())
    veeam, clumio = read_fakes("veeam", "clumio")
    assert (veeam.listing.error.code, clumio.listing.complete) == ("defect", True)
    assert "unexpected KeyError in test_read_all.py:" in veeam.listing.error.message
    assert "nobody may see" not in str(veeam.listing.error)
    assert fakes["veeam"].closed


def test_the_farewell_of_a_source_that_failed_is_told(fakes):
    def find(_query):
        raise BackupError("connection", "refused")

    fakes["clumio"] = Fake(find)
    (reading,) = read_fakes("clumio")
    assert reading.listing.warnings == ["it did not say goodbye"]


def test_what_hangs_is_given_up_and_named(fakes):
    hung = threading.Event()
    fakes["veeam"] = Fake(lambda query: hung.wait(20))
    fakes["petadata"] = Fake(lambda query: hung.wait(20))
    fakes["clumio"] = Fake(lambda query: Listing())
    times = iter([0.0])
    clock = Clock(monotonic=lambda: next(times, 314.9))  # 0.1 s before 300 s and the grace are over
    sources = [{"veeam": {}}, {"clumio": {}}, {"petadata": {"instance_ids": ["x"]}}]
    readings = read_all(parse_sources({"sources": sources}, {}), everything, Secrets(), clock)
    hung.set()
    assert [reading.listing.error and reading.listing.error.code for reading in readings] == [
        "deadline",
        None,
        "deadline",
    ]
    assert [r.listing.error.source for r in readings if r.listing.error] == ["veeam", "petadata"]


def task(native_id, **known):
    fields = {"created_at": None, "started_at": None, "updated_at": None, "finished_at": None, "message": None}
    fields.update({"state": "finished", "resource": None, "notes": [], "id": native_id})
    return {**fields, **known}


def test_ages_count_by_the_clock_of_the_server(fakes):
    now = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
    records = [task("old", finished_at="2026-11-20T12:59:59Z"), task("new", finished_at="2026-11-20T13:00:00Z")]
    asked = []
    fakes["clumio"] = Fake(lambda query: asked.append(query) or Listing(records=list(records)))
    fakes["clumio"].clock_skew = 7200.0
    (source,) = parse_sources({"sources": [{"clumio": {}}]}, {})

    def read(query):
        (reading,) = read_all([source], lambda reading, client: read_tasks(reading, client, query), Secrets())
        return [one["id"] for one in reading.listing.records]

    def last_hour(ahead):
        return TaskQuery(since=now + timedelta(seconds=ahead) - timedelta(hours=1))

    assert read(last_hour) == ["new"]
    assert len(asked) == 1

    def till_an_hour_ago(ahead):
        return TaskQuery(until=now + timedelta(seconds=ahead) - timedelta(hours=1))

    read(till_an_hour_ago)
    assert [query.until.hour for query in asked[1:]] == [11, 13]  # the first question was too narrow


@pytest.mark.parametrize(("days", "questions"), [(-30, 2), (-0.5, 1)])
def test_a_server_whose_clock_is_far_behind_is_asked_from_earlier_on(fakes, days, questions):
    now = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
    asked = []
    fakes["clumio"] = Fake(lambda query: asked.append(query) or Listing())
    fakes["clumio"].clock_skew = days * 86400.0
    (source,) = parse_sources({"sources": [{"clumio": {}}]}, {})

    def last_day(ahead):
        return TaskQuery(since=now + timedelta(seconds=ahead) - timedelta(days=1))

    read_all([source], lambda reading, client: read_tasks(reading, client, last_day), Secrets())
    assert len(asked) == questions


def test_what_a_normalizer_cannot_take_costs_its_source_only(fakes):
    fakes["clumio"] = Fake(lambda query: Listing(records=[{"native": 1}]))
    fakes["clumio"].normalize = lambda record, source: {}["no such field"]
    (reading,) = read_fakes("clumio")
    assert (reading.listing.records, reading.listing.error.code) == ([], "defect")


def test_answers_of_several_clocks_are_told(fakes):
    fakes["clumio"] = Fake(lambda query: Listing())
    fakes["clumio"].clocks_differ = True
    (reading,) = read_fakes("clumio")
    assert "cannot be of one clock" in reading.listing.warnings[0]


def test_messages_are_masked_and_fit_for_a_terminal(fakes):
    fake = fakes["clumio"] = Fake(
        lambda query: Listing(records=[task("1", message="a\x1b[31m s3cr3t-s3cr3t\nb" + "x" * 2000)])
    )
    fake.secrets.add("s3cr3t-s3cr3t")
    (reading,) = read_fakes("clumio")
    (told,) = reading.listing.records
    assert told["message"].startswith("a ******** bxxx")
    assert len(told["message"]) <= 600
