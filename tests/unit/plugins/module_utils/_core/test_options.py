# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options are refused before the first request, by name, with the accepted form, and without their values if secret."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import trustme
from cryptography.hazmat.primitives import serialization

from ansible_collections.multivendor.backup.plugins.module_utils._core.connection import (
    CONNECTION_OPTIONS,
    LIMITS,
    Connection,
    base_url,
)
from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import BackupError
from ansible_collections.multivendor.backup.plugins.module_utils._core.options import (
    Environment,
    Options,
    header_text,
    names,
    period,
    printable,
    unfamiliar,
    within_bounds,
)
from ansible_collections.multivendor.backup.plugins.module_utils._core.redact import Secrets

DEFAULTS = {name: spec.get("default") for name, spec in CONNECTION_OPTIONS.items()}


def connection(**options: Any) -> Connection:
    return Connection.from_params({**DEFAULTS, **options}, Secrets())


def refused(option: str, act: Any) -> str:
    with pytest.raises(BackupError) as caught:
        act()
    assert caught.value.code == "bad_option"
    assert f"`{option}" in caught.value.message
    assert caught.value.hint
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    return str(caught.value)


def test_defaults() -> None:
    assert connection() == Connection()


@pytest.mark.parametrize("name", LIMITS)
def test_limits(name: str) -> None:
    lowest, highest = LIMITS[name]
    for good in (lowest, highest):
        assert getattr(connection(**{name: good}), name) == good
    for bad in (lowest - 1, highest + 1, float("nan"), float("inf"), -float("inf"), 10**400):
        if isinstance(bad, int) and bad > 10**300:
            with pytest.raises((BackupError, OverflowError)):
                connection(**{name: bad})
            continue
        refused(name, lambda bad=bad: connection(**{name: bad}))


def test_authorities(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = tmp_path / "good.pem", tmp_path / "bad.pem"
    trustme.CA().cert_pem.write_to_path(str(good))
    bad.write_text("no certificate")
    assert connection(ca_path=str(good)).verify == str(good)
    assert connection(ca_path=str(tmp_path)).verify == str(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert connection(ca_path="~/good.pem").verify == str(good)
    refused("ca_path", lambda: connection(ca_path=str(tmp_path / "none.pem")))
    refused("ca_path", lambda: connection(ca_path=str(bad)))
    refused("ca_path", lambda: connection(ca_path=str(good), validate_certs=False))
    assert connection(validate_certs=False).verify is False
    assert connection().verify is True
    for variable in ("CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.setenv(variable, str(good))
        assert connection().verify == str(good)
        monkeypatch.setenv(variable, str(tmp_path / "none.pem"))
        assert variable in refused("ca_path", connection)
        assert connection(validate_certs=False).verify is False


def test_client_certificates(tmp_path: Path) -> None:
    authority = trustme.CA()
    own, other = authority.issue_cert("a.example.com"), authority.issue_cert("b.example.com")
    paths = {name: str(tmp_path / name) for name in ("cert", "key", "other", "both", "locked", "text", "none")}
    own.cert_chain_pems[0].write_to_path(paths["cert"])
    own.private_key_pem.write_to_path(paths["key"])
    own.private_key_and_cert_chain_pem.write_to_path(paths["both"])
    other.private_key_pem.write_to_path(paths["other"])
    Path(paths["text"]).write_text("no key")
    key = serialization.load_pem_private_key(own.private_key_pem.bytes(), None)
    Path(paths["locked"]).write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"s3cr3t"),
        )
    )
    assert connection(client_cert=paths["both"]).certificate == paths["both"]
    assert connection(client_cert=paths["cert"], client_key=paths["key"]).certificate == (paths["cert"], paths["key"])
    refused("client_key", lambda: connection(client_key=paths["key"]))
    for key_name in ("other", "locked", "text", "none"):
        refused("client_cert", lambda name=key_name: connection(client_cert=paths["cert"], client_key=paths[name]))
    for certificate in ("cert", "text", "none"):
        refused("client_cert", lambda name=certificate: connection(client_cert=paths[name]))


@pytest.mark.parametrize("proxy", [None, ""])
def test_no_proxy(proxy: Any) -> None:
    assert connection(proxy=proxy).proxy is None


@pytest.mark.parametrize(
    "proxy", ["http://p:3128", "https://u:p@p.example.com", "socks5://p:1080", "socks5h://[::1]:1"]
)
def test_proxies(proxy: str) -> None:
    assert connection(proxy=proxy).proxy == proxy


@pytest.mark.parametrize(
    "proxy", ["p:3128", "ftp://p", "http://", "http://p:99999", "http://[::1", "http://u:s3cr3t@:1"]
)
def test_no_proxies(proxy: str) -> None:
    assert "s3cr3t" not in refused("proxy", lambda: connection(proxy=proxy))


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("https://em.example.com:9398/", "https://em.example.com:9398"),
        (" https://em.example.com/api// ", "https://em.example.com/api"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("http://[::1]:1", "http://[::1]:1"),
    ],
)
def test_addresses(given: str, url: str) -> None:
    assert base_url("url", given, {}, example="https://x") == url


@pytest.mark.parametrize(
    "given",
    [
        *(None, "", "  ", "em.example.com", "ftp://em", "https://", "https://u:s3cr3t@em", "https://em?s3cr3t=1"),
        *(
            "https://em#s3cr3t",
            "https://em:99999",
            "https://[::1",
            "https://em/a b",
            "https://em\\x",
            "http://em.example.com",
        ),
        *("http://10.0.0.1", "http://127.0.0.1.example.com", "http://localhost.example.com", "https://em\n/s3cr3t"),
    ],
)
def test_no_addresses(given: Any) -> None:
    shown = refused("url", lambda: base_url("url", given, {"validate_certs": True}, example="https://x"))
    assert "s3cr3t" not in shown


def test_plain_http_must_be_wanted() -> None:
    assert base_url("url", "http://em", {"validate_certs": False}, example="") == "http://em"


# The environment

WAYS = Environment(
    credentials=({"token": "A_TOKEN"}, {"user": "A_USER", "password": "A_PASSWORD"}), endpoint={"url": "A_URL"}
)
NOTHING = {"token": None, "user": None, "password": None, "url": None, "metadata": False}


@pytest.mark.parametrize(
    ("given", "environ", "got"),
    [
        ({}, {}, {}),
        ({}, {"A_TOKEN": "t", "A_USER": "u", "A_PASSWORD": "p"}, {"token": "t"}),
        ({}, {"A_USER": "u", "A_PASSWORD": "p", "A_URL": "x"}, {"user": "u", "password": "p", "url": "x"}),
        ({}, {"A_TOKEN": "", "A_USER": "u"}, {"user": "u"}),
        ({"user": "mine"}, {"A_TOKEN": "t", "A_PASSWORD": "p"}, {"user": "mine"}),
        ({"token": ""}, {"A_TOKEN": "t"}, {"token": ""}),
        ({"metadata": True}, {"A_TOKEN": "t", "A_URL": "x"}, {"metadata": True, "url": "x"}),
        ({"url": "mine"}, {"A_URL": "x", "A_TOKEN": "t"}, {"url": "mine", "token": "t"}),
    ],
)
def test_the_environment_is_one_group(given: Any, environ: Any, got: Any) -> None:
    assert WAYS.complete({**NOTHING, **given}, environ, given=("metadata",)) == {**NOTHING, **got}


def test_nothing_is_changed_in_place() -> None:
    params = dict(NOTHING)
    WAYS.complete(params, {"A_TOKEN": "t"})
    assert params == NOTHING


def test_specs_merge_with_their_rules() -> None:
    one = Options({"a": {"type": "str"}}, mutually_exclusive=[["a", "b"]])
    two = one.merge({"b": {"type": "int"}}, mutually_exclusive=[["b", "c"]], required_one_of=[["a", "b"]])
    assert set(two.spec) == {"a", "b"}
    assert two.mutually_exclusive == [["a", "b"], ["b", "c"]]
    assert two.required_one_of == [["a", "b"]]
    assert one.mutually_exclusive == [["a", "b"]]


# Values


@pytest.mark.parametrize(
    "value", [None, "", "  ", "\n", "a\nb", "a\x00", "a\x1b[0m", "a\u202eb", "a\ud800", "x" * 16385]
)
def test_what_cannot_go_into_a_request(value: Any) -> None:
    shown = refused("opt", lambda: printable("opt", value))
    assert repr(value) not in shown


def test_printable() -> None:
    assert printable("opt", " ä b ") == "ä b"
    assert printable("opt", 5) == "5"
    assert header_text("opt", " abc== ") == "abc=="
    for bad in ("a b", "ä", "s3cr3t \u20ac"):
        assert bad not in refused("opt", lambda bad=bad: header_text("opt", bad))


def test_names() -> None:
    assert names("ids", ["b", " a ", "b", 5], longest=5) == ["b", "a", "5"]
    refused("ids", lambda: names("ids", [], longest=5))
    refused("ids", lambda: names("ids", ["abcdef"], longest=5))
    refused("ids", lambda: names("ids", [None], longest=5))


def test_bounds() -> None:
    assert [within_bounds("n", value, 1, 9, best=7) for value in (None, 1, 9)] == [7, 1, 9]
    for bad in (0, 10, -1):
        refused("n", lambda bad=bad: within_bounds("n", bad, 1, 9, best=7))


def test_periods() -> None:
    now = 1_800_000_000.0
    begin, end = period({"since": "2d", "until": "1d"}, "since", "until", now)
    assert begin
    assert end
    assert (now - begin.timestamp(), now - end.timestamp()) == (172800, 86400)
    assert period({}, "since", "until", now) == (None, None)
    refused("until", lambda: period({"since": "1d", "until": "2d"}, "since", "until", now))
    refused("until", lambda: period({"since": "1d", "until": "1d"}, "since", "until", now))
    refused("since", lambda: period({"since": "yesterday"}, "since", "until", now))
    refused("since", lambda: period({"since": ""}, "since", "until", now))


def test_unfamiliar_words_are_allowed_aloud() -> None:
    assert unfamiliar("states", None, ("a",)) == []
    (warning,) = unfamiliar("states", ["a", "typo"], ("a", "b"))
    assert "'typo'" in warning
    assert "a, b" in warning


def test_the_tests_see_no_proxy() -> None:
    assert not any(os.environ.get(name) for name in ("HTTP_PROXY", "https_proxy", "REQUESTS_CA_BUNDLE"))
