# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a source is made of: its options, `connection`, defaults, and the environment."""

from __future__ import annotations

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import BackupError
from ansible_collections.multivendor.backup.plugins.module_utils._sources import PROVIDERS, SOURCES, parse_sources

CLUMIO = {"url": "https://us-west-2.api.clumio.com", "api_token": "t"}
ENVIRON = {"YC_FOLDER_ID": "b1genv", "CLUMIO_API_TOKEN": "env-token"}


def parse(*sources, connection=None, environ=None):
    return parse_sources({"sources": list(sources), "connection": connection}, ENVIRON if environ is None else environ)


def refused(*sources, **more):
    with pytest.raises(BackupError) as caught:
        parse(*sources, **more)
    assert caught.value.code == "bad_option"
    return str(caught.value)


def test_a_source_is_complete():
    (source,) = parse({"clumio": CLUMIO})
    assert (source.name, source.provider, source.rpo) == ("clumio", "clumio", None)
    assert set(source.params) == {*PROVIDERS["clumio"].options.spec, "kinds", "lookback_days"}
    assert (source.params["timeout"], source.params["api_token"]) == (30, "t")


def test_the_source_wins_over_connection_and_that_over_the_defaults():
    shared = {"timeout": 5.0, "retries": 1, "parallel": None}
    own, other = parse({"clumio": {**CLUMIO, "timeout": 7.0}}, {"veeam": {"url": "https://em"}}, connection=shared)
    assert [own.params[name] for name in ("timeout", "retries", "parallel")] == [7.0, 1, 8]
    assert [other.params[name] for name in ("timeout", "retries", "parallel")] == [5.0, 1, 8]


def test_what_a_source_says_of_certificates_replaces_what_connection_says():
    shared = {"ca_path": "/etc/ca.pem", "validate_certs": None}
    lab, hq = parse(
        {"clumio": {**CLUMIO, "validate_certs": False}}, {"veeam": {"url": "https://em"}}, connection=shared
    )
    assert (lab.params["validate_certs"], lab.params["ca_path"]) == (False, None)
    assert (hq.params["validate_certs"], hq.params["ca_path"]) == (True, "/etc/ca.pem")
    (own,) = parse({"clumio": {**CLUMIO, "ca_path": "/etc/ca.pem"}}, connection={"validate_certs": False})
    assert (own.params["validate_certs"], own.params["ca_path"]) == (True, "/etc/ca.pem")


def test_false_and_zero_are_given():
    own = {"validate_certs": False, "retries": 0}
    (source,) = parse({"clumio": {**CLUMIO, **own}}, connection={"validate_certs": True, "retries": 9})
    assert (source.params["validate_certs"], source.params["retries"]) == (False, 0)


@pytest.mark.parametrize(
    ("provider", "own"),
    [
        ("yandex", {"folder_id": "b1g", "api_host": "api.yandexcloud.kz"}),
        ("yandex", {"folder_id": "b1g", "api_url": "https://x"}),
        ("yandex", {"folder_id": "b1g", "iam_url": "https://x"}),
        ("yandex", {"folder_id": "b1g", "metadata_url": "https://x"}),
        ("clumio", {"url": "https://x"}),
        ("veeam", {"url": "https://x"}),
        ("petadata", {"url": "https://x", "instance_ids": ["pd-1"]}),
    ],
)
def test_a_source_with_an_endpoint_takes_nothing_from_the_environment(provider, own):
    assert parse({provider: own})[0].environ == {}
    without = {name: value for name, value in own.items() if name in ("folder_id", "instance_ids")}
    assert parse({provider: without})[0].environ == ENVIRON


def test_the_folder_may_come_from_the_environment_but_not_for_an_endpoint_of_ones_own():
    assert parse({"yandex": {}})[0].params["folder_id"] is None
    assert "source 'yandex': option `folder_id`" in refused({"yandex": {"api_url": "https://x"}})
    assert "source 'yandex': option `folder_id`" in refused({"yandex": {}}, environ={})


@pytest.mark.parametrize("instances", [None, []])
def test_petadata_cannot_be_read_without_instances(instances):
    message = refused({"clumio": CLUMIO}, {"name": "orders", "petadata": {"instance_ids": instances}})
    assert "source 'orders': option `instance_ids`" in message


def test_no_sources():
    assert "option `sources`" in refused()


def test_names():
    first, second = parse({"name": "a-1_b.c", "clumio": CLUMIO}, {"clumio": CLUMIO})
    assert (first.name, second.name) == ("a-1_b.c", "clumio")
    assert "'clumio' occurs twice" in refused({"clumio": CLUMIO}, {"clumio": CLUMIO})
    assert "'x' occurs twice" in refused({"name": "x", "clumio": CLUMIO}, {"name": "x", "veeam": {}})


@pytest.mark.parametrize("name", ["a b", "a:b", "ä", "a\n", "x" * 101, "{{ a }}"])
def test_bad_names(name):
    assert "option `name`" in refused({"name": name, "clumio": CLUMIO})


@pytest.mark.parametrize("source", [{}, {"name": "x"}, {"clumio": CLUMIO, "veeam": {}}, {"clumio": None}])
def test_a_source_has_one_provider(source):
    message = refused(source)
    assert "`yandex`, `clumio`, `veeam`, `petadata`" in message


@pytest.mark.parametrize("rpo", ["soon", "0h", "24", "-1h"])
def test_every_module_refuses_an_rpo_that_is_no_length(rpo):
    with pytest.raises(BackupError, match="source 'x': option `rpo`: it is no length of time"):
        parse_sources({"sources": [{"name": "x", "rpo": rpo, "clumio": CLUMIO}]}, {})


def test_a_source_shows_no_secrets():
    (source,) = parse({"clumio": CLUMIO})
    assert "api_token" not in repr(source)


def test_the_spec_of_a_source_has_no_defaults_that_would_hide_what_connection_says():
    options = SOURCES.spec["sources"]["options"]
    for provider in PROVIDERS:
        assert not [name for name, option in options[provider]["options"].items() if "default" in option]
    assert not [name for name, option in SOURCES.spec["connection"]["options"].items() if "default" in option]
    secret = {name for key in PROVIDERS for name, option in options[key]["options"].items() if option.get("no_log")}
    assert {"iam_token", "service_account_key", "api_token", "password", "session_token", "security_token"} <= secret
