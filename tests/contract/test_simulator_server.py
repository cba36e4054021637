# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated server itself: TLS, compression, the log, determinism, the command, and how fast it is."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from tests.simulator import ClumioData, PetaDataData, Simulator, VeeamData, YandexData
from tests.simulator.client import Client

ROOT = Path(__file__).parents[2]


def test_certificates():
    with Simulator() as simulator, requests.Session() as session:
        session.trust_env = False
        assert session.get(simulator.url, verify=simulator.ca_path, timeout=5).status_code == 400
        with pytest.raises(requests.exceptions.SSLError):
            session.get(simulator.url, verify=simulator.other_ca_path, timeout=5)
    assert not Path(simulator.ca_path).exists()


def test_a_certificate_of_the_client_is_asked_for():
    with Simulator(client_certificate=True) as simulator, requests.Session() as session:
        session.trust_env = False
        url, verify = simulator.url, simulator.ca_path
        with pytest.raises(requests.ConnectionError):
            session.get(url, verify=verify, timeout=5)
        assert session.get(url, verify=verify, timeout=5, cert=simulator.client_cert_path).status_code == 400


@pytest.mark.parametrize("accepted", ["gzip", "identity"])
def test_compression_on_request(accepted):
    with Simulator(tls=False) as simulator, Client(simulator) as client:
        headers = {
            "Authorization": f"Bearer {simulator.credentials.clumio_token}",
            "Accept": "application/api.clumio.tasks=v1+json",
            "Accept-Encoding": accepted,
        }
        for _time in range(2):
            answer = client.send("GET", "/tasks", headers=headers)
            assert answer.headers.get("Content-Encoding", "identity") == accepted
            assert answer.json()["_embedded"]["items"] == simulator.truth("clumio")[:10]


def test_the_log_tells_what_was_asked():
    with Simulator(tls=False) as simulator, Client(simulator) as client:
        client.clumio(limit=3)
        client.petadata("POST")
        client.yandex(token="nobody")
        first, second, third = simulator.log
    assert (first.provider, first.method, first.path, first.query) == ("clumio", "GET", "/tasks", {"limit": "3"})
    assert first.headers["authorization"] == f"Bearer {simulator.credentials.clumio_token}"
    assert (second.provider, second.status) == ("petadata", 200)
    assert b"Action=DescribeTasks" in second.body
    assert (third.provider, third.status) == ("yandex", 401)
    assert simulator.requests("yandex", "/resources") == [third]
    assert simulator.credentials.clumio_token not in repr(simulator.log)


def test_the_same_seed_and_moment_make_the_same_data():
    def everything(seed):
        simulator = Simulator(seed=seed, now=1_790_000_000)
        return [simulator.truth(name) for name in ("yandex", "yandex.tasks", "clumio", "veeam", "petadata")]

    assert everything(7) == everything(7)
    assert everything(7) != everything(8)


def test_a_calm_night_is_mostly_good():
    quiet = {
        "yandex": YandexData(instances=14, tasks_per_instance=6, calm=True),
        "clumio": ClumioData(tasks=140, calm=True),
        "veeam": VeeamData(sessions=48, calm=True),
        "petadata": PetaDataData(tasks=24, calm=True),
    }
    simulator = Simulator(**quiet)
    good = {
        "yandex.tasks": ("resultCode", "OK"),
        "clumio": ("status", "completed"),
        "veeam": ("Result", "Success"),
        "petadata": ("Status", "2"),
    }
    for what, (key, word) in good.items():
        words = [record.get(key) for record in simulator.truth(what)]
        assert 0.65 < words.count(word) / len(words) < 1


def test_small_lists_lie_within_a_day_and_large_ones_in_six_months():
    now = 1_790_000_000
    oldest = Simulator(now=now).truth("clumio")[-1]["created_timestamp"]
    assert oldest > time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now - 86400))
    million = Simulator(now=now, clumio=ClumioData(tasks=1_000_000)).services["clumio"].tasks
    oldest = million.at(999_999)["created_timestamp"]
    assert oldest > time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now - 184 * 86400))
    assert len(million) == 1_000_000


def test_latency():
    with Simulator(tls=False, latency=0.2) as simulator, Client(simulator) as client:
        begin = time.monotonic()
        client.clumio()
        assert time.monotonic() - begin >= 0.2


def test_start_and_stop_are_fast_even_with_a_client_that_hangs_on():
    begin = time.monotonic()
    with Simulator(tls=False) as simulator, requests.Session() as session:
        session.trust_env = False
        session.get(simulator.url, timeout=5)
    assert time.monotonic() - begin < 2
    with requests.Session() as session, pytest.raises(requests.ConnectionError):
        session.get(simulator.url, timeout=5)


def test_a_port_that_is_taken():
    with Simulator(tls=False) as simulator, pytest.raises(OSError, match="address already in use"):
        Simulator(tls=False, port=int(simulator.url.rpartition(":")[2])).start()


def test_pages_of_a_hundred_thousand_tasks_are_served():
    with Simulator(clumio=ClumioData(tasks=100_000)) as simulator, Client(simulator) as client:
        for page in (1, 50, 100):
            assert client.clumio(limit=1000, start=page).json()["current_count"] == 1000


def test_the_command(tmp_path):
    written = tmp_path / "simulator.json"
    options = ["--night", "--clumio-tasks", "33", "--fault", "clumio:throttle:times=1", "--write", str(written)]
    command = [sys.executable, "-m", "tests.simulator", *options]
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            deadline = time.monotonic() + 20
            while not written.exists() and time.monotonic() < deadline:
                time.sleep(0.02)
            about = json.loads(written.read_text())
            headers = {
                "Authorization": f"Bearer {about['credentials']['clumio_token']}",
                "Accept": "application/api.clumio.tasks=v1+json",
            }
            with requests.Session() as session:
                session.trust_env = False
                answers = [
                    session.get(f"{about['url']}/tasks", headers=headers, verify=about["ca_path"], timeout=5)
                    for _time in range(2)
                ]
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
    assert [answer.status_code for answer in answers] == [429, 200]
    assert answers[1].json()["total_count"] == 33
    assert len(about["petadata_instance_ids"]) == 2
