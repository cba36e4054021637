# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS, proxies, redirects, cookies, .netrc: whom we talk to, and what we tell them."""

from __future__ import annotations

import base64
import contextlib
import datetime
import hashlib
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from cryptography import x509

from ansible_collections.multivendor.backup.plugins.module_utils._core.connection import Connection
from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import BackupError
from ansible_collections.multivendor.backup.plugins.module_utils._core.http import HttpClient
from ansible_collections.multivendor.backup.plugins.module_utils._core.redact import Secrets
from ansible_collections.multivendor.backup.tests.unit.plugins.module_utils._core.wire import (
    DIALECT,
    FakeTime,
    Request,
    client,
    reply,
    said,
    then_close,
    then_reset,
)

GOOD = said({"good": True})
DEFAULTS = {"timeout": 10.0, "deadline": 60.0, "retries": 3, "parallel": 2, "validate_certs": True}


def configured(secrets: Secrets | None = None, **options: Any) -> HttpClient:
    """A client as module options describe it."""
    secrets = secrets or Secrets()
    return HttpClient(Connection.from_params({**DEFAULTS, **options}, secrets), DIALECT, secrets)


@contextlib.contextmanager
def listening(answer: bytes) -> Iterator[int]:
    """A port where whoever says something gets this answer and is left."""

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _peer = listener.accept()
                with connection:
                    connection.recv(10000)
                    connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def refusal(http: HttpClient, url: str) -> BackupError:
    with pytest.raises(BackupError) as caught:
        http.get(url, "list")
    return caught.value


# TLS


def test_a_known_authority(serve: Any, tls: Any, ca_path: str) -> None:
    server = serve(GOOD, tls=tls())
    assert configured(ca_path=ca_path).get(server.url, "list") == {"good": True}


def test_a_folder_of_authorities(serve: Any, tls: Any, authority: trustme.CA, tmp_path: Path) -> None:
    server = serve(GOOD, tls=tls())
    pem = authority.cert_pem.bytes()
    subject = x509.load_pem_x509_certificate(pem).subject
    name = int.from_bytes(hashlib.sha1(_canonical(subject)).digest()[:4], "little")  # noqa: S324 (OpenSSL's way)
    (tmp_path / f"{name:08x}.0").write_bytes(pem)
    assert configured(ca_path=str(tmp_path)).get(server.url, "list") == {"good": True}


def _canonical(subject: Any) -> bytes:
    """The name as OpenSSL hashes it: without the outer sequence, texts in lower case UTF-8."""
    content = b""
    for attribute in subject:
        oid = _der_oid(attribute.oid.dotted_string)
        text = " ".join(attribute.value.split()).lower().encode()
        pair = oid + _der(0x0C, text)
        content += _der(0x31, _der(0x30, pair))
    return content


def _der(tag: int, content: bytes) -> bytes:
    assert len(content) < 128
    return bytes([tag, len(content)]) + content


def _der_oid(dotted: str) -> bytes:
    first, second, *rest = (int(part) for part in dotted.split("."))
    return _der(0x06, bytes([first * 40 + second, *rest]))


def test_certificates_may_be_left_unchecked(serve: Any, tls: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(GOOD, tls=tls("other.example.com", by=trustme.CA()))
    assert configured(validate_certs=False).get(server.url, "list") == {"good": True}
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/hostname")
    assert configured(validate_certs=False).get(server.url, "list") == {"good": True}


def test_an_unknown_authority(serve: Any, tls: Any, ca_path: str) -> None:
    server = serve(GOOD, tls=tls(by=trustme.CA()))
    for options in ({}, {"ca_path": ca_path}):
        http = configured(**options)
        error = refusal(http, server.url + "/?s3cr3t")
        assert error.code == "tls"
        assert "not trusted" in error.message
        assert "`ca_path`" in str(error)
        assert http.counts()["requests"] == 1
    assert server.requests == []


def test_the_wrong_host(serve: Any, tls: Any, ca_path: str) -> None:
    for names in (("em.example.com",), ("127.0.0.2",)):
        error = refusal(configured(ca_path=ca_path), serve(GOOD, tls=tls(*names)).url)
        assert error.code == "tls"
        assert "name that stands in" in str(error)


def test_an_expired_certificate(serve: Any, tls: Any, ca_path: str) -> None:
    past = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
    error = refusal(configured(ca_path=ca_path), serve(GOOD, tls=tls(not_after=past)).url)
    assert error.code == "tls"
    assert "expired" in str(error)


def test_https_to_a_plain_port(ca_path: str) -> None:
    with listening(reply(b"", 400)) as port:
        error = refusal(configured(ca_path=ca_path), f"https://127.0.0.1:{port}/")
    assert error.code == "tls"
    assert "(`client_cert`)." in str(error)


def test_http_to_a_tls_port(serve: Any, tls: Any) -> None:
    error = refusal(client(retries=0), serve(GOOD, tls=tls()).url.replace("https:", "http:"))
    assert error.code in ("connection", "bad_answer")


def test_a_server_that_leaves_during_the_handshake(time: FakeTime) -> None:
    with listening(b"") as port:
        http = client(clock=time.clock(), retries=2)
        error = refusal(http, f"https://127.0.0.1:{port}/")
    assert error.code == "connection"
    assert http.counts()["requests"] == 3


def test_a_tls_stream_cut_off(serve: Any, tls: Any, ca_path: str, time: FakeTime) -> None:
    """Without a farewell, in the middle of a body: tried again like any broken answer."""

    def cut(connected: Any, _request: Request) -> bool:
        connected.sendall(reply(b'{"good": ', Content_Length="14"))
        connected.detach()
        return False

    def cut_at_once(connected: Any, _request: Request) -> bool:
        socket.socket(fileno=connected.detach()).close()
        return False

    server = serve(cut_at_once, cut_at_once, GOOD, tls=tls())
    http = client(clock=time.clock(), verify=ca_path)
    assert http.get(server.url, "list") == {"good": True}
    server = serve(then_reset(reply(b'{"good": ', Content_Length="14")), GOOD, tls=tls())
    assert http.get(server.url, "list") == {"good": True}


def test_client_certificates(serve: Any, tls: Any, authority: trustme.CA, ca_path: str, tmp_path: Path) -> None:
    context = tls()
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    server = serve(GOOD, tls=context)
    own = authority.issue_cert("client.example.com")
    own.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "both.pem"))
    own.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
    own.cert_chain_pems[0].write_to_path(str(tmp_path / "cert.pem"))
    both = configured(ca_path=ca_path, client_cert=str(tmp_path / "both.pem"))
    assert both.get(server.url, "list") == {"good": True}
    apart = configured(ca_path=ca_path, client_cert=str(tmp_path / "cert.pem"), client_key=str(tmp_path / "key.pem"))
    assert apart.get(server.url, "list") == {"good": True}
    error = refusal(configured(ca_path=ca_path, retries=1), server.url)
    assert error.code in ("tls", "connection")  # some stacks say so, others just leave
    assert server.requests[2:] == []


def test_ca_path_wins_over_the_environment(
    serve: Any, tls: Any, ca_path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    server = serve(GOOD, tls=tls())
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(other))
    assert configured(ca_path=ca_path).get(server.url, "list") == {"good": True}
    assert refusal(configured(), server.url).code == "tls"
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", ca_path)
    assert configured().get(server.url, "list") == {"good": True}
    assert refusal(configured(ca_path=str(other)), server.url).code == "tls"


# Proxies


def test_the_option(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy, other = serve(GOOD), serve(GOOD)
    monkeypatch.setenv("HTTP_PROXY", other.url)
    monkeypatch.setenv("NO_PROXY", "*")
    url = proxy.url.replace("//", "//us%40er:p%3Ass@")
    assert configured(proxy=url).get("http://api.example.com/list?a=b", "list") == {"good": True}
    (request,) = proxy.requests
    assert request.target == "http://api.example.com/list?a=b"
    assert request.headers["proxy-authorization"] == "Basic " + base64.b64encode(b"us@er:p:ss").decode()
    assert other.requests == []


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_the_environment(serve: Any, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    proxy, api = serve(said({"proxy": True})), serve(GOOD)
    monkeypatch.setenv(name, proxy.url)
    assert configured().get("http://api.example.com/", "list") == {"proxy": True}
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
    assert configured().get(api.url, "list") == {"good": True}
    monkeypatch.delenv("NO_PROXY")
    assert configured().get(api.url, "list") == {"proxy": True}
    assert configured().get(api.url, "list", proxied=False) == {"good": True}


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (then_close(reply(b"", 407)), "407"),
        (then_close(reply(b"", 502)), "502"),
        (then_close(b""), "proxy"),
        (then_reset(), "proxy"),
    ],
)
def test_a_proxy_that_refuses_https(serve: Any, monkeypatch: pytest.MonkeyPatch, answer: Any, word: str) -> None:
    proxy = serve(answer)
    monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("//", "//user:pr0xyp4ss@"))
    error = refusal(configured(retries=0), "https://api.example.com/list?token=s3cr3t")
    assert error.code == "connection"
    assert word in str(error)
    assert "pr0xyp4ss" not in str(error)
    assert proxy.requests[0].method == "CONNECT"


def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    error = refusal(configured(proxy=f"http://user:pr0xyp4ss@127.0.0.1:{port}", retries=0), "https://api.example.com/")
    assert error.code == "connection"
    assert "the proxy cannot be reached: connection refused" in str(error)
    assert not error.arrived


@pytest.mark.parametrize("scheme", ["http://", ""])
def test_passwords_of_proxies_are_secrets(serve: Any, monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    proxy = serve(said({"message": "who is user with pr0xy:p4ss, pr0xy%3Ap4ss?"}, 403))
    monkeypatch.setenv("HTTP_PROXY", proxy.url.replace("http://", f"{scheme}user:pr0xy%3Ap4ss@"))
    secrets = Secrets()
    error = refusal(configured(secrets, retries=0), "http://api.example.com/")
    assert "p4ss" not in str(error)
    assert "pr0xy:p4ss" in secrets.hidden()
    given = Secrets()
    configured(given, proxy="http://user:other%3Ap4ss@proxy.example.com:3128")
    assert {"other%3Ap4ss", "other:p4ss"} <= given.hidden()


@pytest.mark.parametrize("value", ["http://[bad", "htp://proxy", "ftp://proxy:21"])
def test_a_nonsensical_environment_is_a_plain_error(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", value)
    assert refusal(configured(retries=0), "https://127.0.0.1:9/").code in ("connection", "missing_library")


# What is not followed, kept or looked up


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("https://login.example.com/oauth?token=s3cr3t", "https://login.example.com"),
        ("https://user:s3cr3t@login.example.com:444/s3cr3t", "https://login.example.com"),
        ("/login?s3cr3t", "another path"),
        ("http://[s3cr3t", "another place"),
        ("", "another path"),
    ],
)
def test_redirects_are_refused(serve: Any, status: int, location: str, shown: str) -> None:
    server = serve(reply(b"", status, Location=location))
    error = refusal(client(), server.url)
    assert error.code == "redirect"
    assert error.http_status == status
    assert shown in error.message
    assert "s3cr3t" not in str(error)
    assert len(server.requests) == 1


def test_no_cookie_comes_back(serve: Any) -> None:
    server = serve(said({}, 503, Set_Cookie="a=b; Path=/"), said({}, Set_Cookie="c=d; Domain=127.0.0.1"), GOOD)
    http = client()
    http.get(server.url, "list")
    http.get(server.url, "list")
    assert all("cookie" not in request.headers for request in server.requests)


def test_netrc_is_not_read(serve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("default login mallory password s3cr3t\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    server = serve(GOOD)
    client().get(server.url, "list")
    assert "authorization" not in server.requests[0].headers
