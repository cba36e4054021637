# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Long lists under trouble: complete, no record twice, equal to the truth; or said to be incomplete."""

from __future__ import annotations

import json

import pytest

from tests.simulator import ClumioData, Fault, PetaDataData, Simulator, VeeamData, YandexData
from tests.support import Params, connect, same

INSTANCES = ("pd-first00000001", "pd-second0000001")
DATA = {
    "yandex": YandexData(instances=60, tasks_per_instance=10, page_cap=4),
    "clumio": ClumioData(tasks=5000, page_cap=250),
    "veeam": VeeamData(sessions=2000),
    "petadata": PetaDataData(instances=INSTANCES, tasks=5000),
}
PROVIDERS = tuple(DATA)


@pytest.fixture(scope="module")
def simulator():
    with Simulator(tls=False, **DATA) as running:
        yield running


@pytest.fixture(scope="module")
def whole(simulator):
    """The records of each provider when nothing goes wrong, compared with the truth once."""
    read_once: dict[str, list] = {}

    def records(provider):
        if provider not in read_once:
            simulator.clear_faults()
            read_once[provider] = read(simulator, provider).records
            assert same(read_once[provider], truth(simulator, provider))
        return read_once[provider]

    return records


@pytest.fixture(autouse=True)
def _no_faults(request):
    yield
    if "simulator" in request.fixturenames:
        request.getfixturevalue("simulator").clear_faults()


def read(simulator, provider, **options):
    client = connect(simulator, provider, **{"deadline": 30, **options})
    if provider == "yandex":
        listing = client.tasks(Params(folder_id=simulator.credentials.folder_id))
    elif provider == "veeam":
        listing = client.sessions(Params(kind="job"))
    elif provider == "petadata":
        listing = client.tasks(Params(instance_ids=list(INSTANCES), start_time="365d"))
    else:
        listing = client.tasks(Params())
    client.close()
    return listing


def truth(simulator, provider):
    if provider == "yandex":
        return simulator.truth("yandex.tasks")
    native = simulator.truth(provider)
    return sorted(native, key=_created) if provider == "veeam" else native


def _created(session):
    whole, _dot, fraction = session["CreationTimeUTC"][:-1].partition(".")
    return whole, fraction.ljust(3, "0")


def check_whole(listing, records):
    assert listing.error is None
    assert listing.complete
    assert listing.duplicates == 0
    assert listing.records == records


@pytest.mark.parametrize("parallel", [1, 8, 64])
@pytest.mark.parametrize("provider", PROVIDERS)
def test_all_is_read(simulator, whole, provider, parallel):
    check_whole(read(simulator, provider, parallel=parallel), whole(provider))


TROUBLE = {
    "throttles": [("throttle", {"times": 6, "skip": 2, "retry_after": 0.05, "retry_style": "acs"})],
    "throttles without a word": [("throttle", {"times": 4, "skip": 3})],
    "resets": [("reset", {"times": 5, "skip": 1})],
    "half bodies": [("truncate", {"times": 5, "skip": 2})],
    "resets within bodies": [("reset_body", {"times": 5, "skip": 1})],
    "a bit of everything": [
        ("reset", {"times": 2, "skip": 1}),
        ("truncate", {"times": 2, "skip": 3}),
        ("status", {"times": 2, "skip": 4, "status": 503}),
        ("html_error", {"times": 2, "skip": 5}),
        ("garbage", {"times": 1, "skip": 6}),
        ("empty_body", {"times": 1, "skip": 2}),
        ("slow", {"times": 3, "seconds": 0.05}),
    ],
}


@pytest.mark.parametrize("faults", TROUBLE.values(), ids=list(TROUBLE))
@pytest.mark.parametrize("provider", PROVIDERS)
def test_trouble_loses_nothing(simulator, whole, provider, faults):
    records = whole(provider)
    for kind, fields in faults:
        simulator.fault(Fault(provider, kind, path="/tasks|query|Describe", **fields))
    listing = read(simulator, provider, retries=8)
    check_whole(listing, records)
    assert listing.retries > 0


def test_a_token_that_ends_in_mid_list():
    data = YandexData(instances=60, tasks_per_instance=10, expire_token_after=100)
    with Simulator(tls=False, yandex=data) as simulator:
        key = json.dumps(simulator.credentials.service_account_key)
        listing = read(simulator, "yandex", service_account_key=key)
        assert listing.complete
        assert same(listing.records, truth(simulator, "yandex"))
        fixed = read(simulator, "yandex", iam_token=simulator.credentials.iam_token)
        assert fixed.complete
        again = read(simulator, "yandex", iam_token=simulator.credentials.iam_token)
        assert not again.complete
        assert again.error.code == "auth_failed"
        assert all(task in listing.records for task in again.records)


def test_a_session_that_ends_in_mid_list():
    with Simulator(tls=False, veeam=VeeamData(sessions=2000)) as simulator:
        known = simulator.credentials
        client = connect(
            simulator, "veeam", username=known.veeam_username, password=known.veeam_password, page_size=100, parallel=4
        )

        class Log(list):
            def append(self, entry):
                super().append(entry)
                if len(self) == 8:
                    simulator.expire_sessions()

        simulator.log = Log(simulator.log)
        listing = client.sessions(Params(kind="job"))
        client.close()
        assert listing.complete
        assert same(listing.records, truth(simulator, "veeam"))
        assert sum(entry.method == "POST" for entry in simulator.log) == 2


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("provider", ["clumio", "petadata"])
def test_a_list_that_moves_is_read_again(provider, times):
    with Simulator(tls=False, **{provider: DATA[provider]}) as simulator:
        simulator.fault(Fault(provider, "shift", n=-3, times=times, skip=1))
        listing = read(simulator, provider, parallel=1)
        assert listing.complete
        assert same(listing.records, truth(simulator, provider))
        assert listing.requests > 10


@pytest.mark.parametrize("provider", ["clumio", "petadata"])
def test_a_list_that_never_rests_is_said_to_be_incomplete(provider):
    with Simulator(tls=False, **{provider: DATA[provider]}) as simulator:
        simulator.fault(Fault(provider, "shift", n=-1))
        listing = read(simulator, provider, parallel=1)
        assert not listing.complete
        assert listing.error.code == "incomplete"
        assert "moved" in listing.error.message or "counts" in listing.error.message
        pages = 20 if provider == "clumio" else 2 * 5
        assert listing.requests <= 3 * (pages + 2)


@pytest.mark.parametrize("provider", ["clumio", "veeam"])
def test_a_list_that_grows_while_it_is_read_is_whole_as_of_its_beginning(provider):
    """What is newer than the question is left out (Clumio) or comes last (Veeam): no page moves."""
    with Simulator(tls=False, **{provider: DATA[provider]}) as simulator:
        before = truth(simulator, provider)
        simulator.fault(Fault(provider, "shift", n=2, times=6))
        listing = read(simulator, provider, parallel=1)
        assert listing.complete
        ids = [record.get("id") or record["uid"] for record in listing.records]
        assert len(ids) == len(set(ids))
        assert {native.get("id") or native["UID"] for native in before} <= set(ids)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_wrong_total_that_stays_is_no_success(simulator, whole, provider):
    records = whole(provider)
    simulator.fault(Fault(provider, "wrong_total", n=5, path="/tasks|query|Describe"))
    listing = read(simulator, provider)
    if provider == "yandex":  # it has no totals
        check_whole(listing, records)
    else:
        assert (listing.complete, listing.error.code) == (False, "incomplete")
        assert listing.records == records


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_deadline_in_mid_list_tells_what_was_read(simulator, provider):
    simulator.fault(Fault(provider, "slow", seconds=0.25, skip=4, path="/tasks|query|Describe"))
    listing = read(simulator, provider, deadline=1.0, parallel=2, **({"page_size": 50} if provider != "yandex" else {}))
    assert (listing.complete, listing.error.code, listing.incomplete_reason) == (False, "deadline", "deadline")
    assert 0 < len(listing.records) < len(simulator.truth("yandex.tasks" if provider == "yandex" else provider))
    assert listing.elapsed_seconds < 1.6
