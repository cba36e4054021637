# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``backup_source_info``: what it finds out about sources that are well, and about sources in trouble."""

from __future__ import annotations

import importlib

import pytest
import yaml

from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import BackupError
from ansible_collections.multivendor.backup.plugins.module_utils._core.redact import Secrets
from ansible_collections.multivendor.backup.plugins.module_utils._unified.preflight import check_sources
from ansible_collections.multivendor.backup.tests.simulator import (
    ClumioData,
    Fault,
    PetaDataData,
    Simulator,
    YandexData,
)

INSTANCES = ("pd-first00000001", "pd-second0000001")


@pytest.fixture(scope="module")
def simulator():
    petadata = PetaDataData(instances=INSTANCES, tasks=45)
    with Simulator(
        tls=True, yandex=YandexData(instances=3), clumio=ClumioData(tasks=2500), petadata=petadata
    ) as running:
        yield running


@pytest.fixture(autouse=True)
def well(simulator):
    yield
    simulator.clear_faults()


def sources(simulator, **changes):
    known, common = simulator.credentials, {"ca_path": simulator.ca_path, "retries": 0, "deadline": 5.0}
    described = {
        "yandex": {"api_url": simulator.url, "iam_token": known.iam_token, "folder_id": known.folder_id},
        "clumio": {"url": simulator.url, "api_token": known.clumio_token},
        "veeam": {"url": simulator.url, "username": known.veeam_username, "password": known.veeam_password},
        "petadata": {
            "url": simulator.url,
            "access_key_id": known.access_key_id,
            "access_key_secret": known.access_key_secret,
            "instance_ids": list(simulator.petadata_instances),
        },
    }
    return [{key: {**common, **options, **changes.get(key, {})}} for key, options in described.items()]


def check(given):
    result, error = check_sources({"sources": given, "connection": None}, Secrets())
    assert error is None
    return {row["name"]: row for row in result["sources"]}, result


@pytest.mark.parametrize(
    ("provider", "option", "value"),
    [
        ("clumio", "kinds", ["ebs_volume"]),
        ("clumio", "kinds", []),
        ("clumio", "lookback_days", 0),
        ("yandex", "folder_id", "b1\ng"),
        ("petadata", "instance_ids", ["pg-1", ""]),
    ],
)
def test_what_a_source_says_wrongly_is_refused_before_the_first_request(simulator, provider, option, value):
    names = ("yandex", "clumio", "veeam", "petadata")
    before = [len(simulator.requests(name)) for name in names]
    with pytest.raises(BackupError, match=f"source '{provider}': option `{option}`"):
        check(sources(simulator, **{provider: {option: value}}))
    assert [len(simulator.requests(name)) for name in names] == before


def test_sources_that_are_well(simulator):
    rows, result = check(sources(simulator))
    assert result["ready"]
    assert result["warnings"] == []
    for row in rows.values():
        assert all(row[finding] for finding in ("ready", "reachable", "authenticated", "permitted"))
        assert row["certificate_expires_at"].endswith("Z")
        assert abs(row["clock_offset_seconds"]) < 10
        assert row["api_version"]
        assert row["error"] is None
    assert rows["yandex"]["requests"] == 4  # the list of resources, and each instance
    assert rows["clumio"]["records"] > 0


def test_each_instance_of_petadata_is_asked_once(simulator):
    before = len(simulator.requests("petadata"))
    rows, _result = check(sources(simulator, petadata={"page_size": 30}))
    asked = simulator.requests("petadata")[before:]
    assert sorted(request.query["InstanceId"] for request in asked) == sorted(INSTANCES)
    assert (rows["petadata"]["records"], rows["petadata"]["requests"]) == (90, 4)


@pytest.mark.parametrize("missing", INSTANCES)
def test_one_instance_of_petadata_that_cannot_be_read_is_named(simulator, missing):
    simulator.fault(Fault("petadata", "status", path=f"InstanceId={missing}", status=404))
    rows, result = check(sources(simulator))
    row = rows["petadata"]
    assert (result["ready"], row["ready"], row["error"]["code"]) == (False, False, "not_found")
    assert (row["records"], row["requests"]) == (None, None)
    assert missing in row["error"]["message"]
    assert {*INSTANCES} - {missing} == {name for name in INSTANCES if name not in row["error"]["message"]}


def test_a_veeam_session_that_was_opened_is_closed(simulator):
    check(sources(simulator))
    asked = [request for request in simulator.log if request.provider == "veeam"]
    methods = [request.method for request in asked if "ession" in request.path]
    assert methods.count("POST") == methods.count("DELETE") > 0


@pytest.mark.parametrize(
    ("fault", "reachable", "authenticated", "permitted"),
    [
        (Fault("clumio", "reset"), False, None, None),
        (Fault("clumio", "redirect", location="https://elsewhere.example.com/"), False, None, None),
        (Fault("clumio", "status", status=401), True, False, None),
        (Fault("clumio", "status", status=403), True, True, False),
        (Fault("clumio", "status", status=503), True, True, True),
        (Fault("clumio", "html"), True, True, True),
    ],
)
def test_a_source_in_trouble_is_a_finding(simulator, fault, reachable, authenticated, permitted):
    simulator.fault(fault)
    rows, result = check(sources(simulator))
    row = rows.pop("clumio")
    assert not result["ready"]
    assert not row["ready"]
    assert (row["reachable"], row["authenticated"], row["permitted"]) == (reachable, authenticated, permitted)
    assert row["error"]["hint"] in result["warnings"][0]
    assert all(other["ready"] for other in rows.values())


def test_an_authority_nobody_knows(simulator):
    rows, _result = check(sources(simulator, veeam={"ca_path": simulator.other_ca_path}))
    assert rows["veeam"]["error"]["code"] == "tls"
    assert rows["veeam"]["reachable"] is False
    assert rows["veeam"]["certificate_expires_at"] is None


def test_bad_options_are_refused_before_any_request(simulator):
    before = len(simulator.log)
    with pytest.raises(BackupError) as caught:
        check(sources(simulator, clumio={"api_token": ""}))
    assert caught.value.code == "bad_option"
    assert caught.value.source == "clumio"
    assert len(simulator.log) == before


def test_the_result_is_what_the_documentation_says(simulator):
    name = "ansible_collections.multivendor.backup.plugins.modules.backup_source_info"
    documented = yaml.safe_load(importlib.import_module(name).RETURN)
    simulator.fault(Fault("clumio", "status", status=403))
    rows, result = check(sources(simulator))
    assert {*result} - {"warnings"} == {*documented} - {"error"}
    for row in rows.values():
        assert {*row} == {*documented["sources"]["contains"]}
    assert {*rows["clumio"]["error"]} == {*documented["sources"]["contains"]["error"]["contains"]}
