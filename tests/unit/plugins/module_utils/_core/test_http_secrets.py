# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing that leaves the client shows an address, a header, a body or a secret, however it is spelled or chained."""

from __future__ import annotations

import base64
import json
import socket
import traceback
from html import escape
from typing import Any
from urllib.parse import quote

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import BackupError
from ansible_collections.multivendor.backup.plugins.module_utils._core.exchange import Call
from ansible_collections.multivendor.backup.plugins.module_utils._core.records import flag, integer, number, text, time
from ansible_collections.multivendor.backup.plugins.module_utils._core.redact import Secrets
from ansible_collections.multivendor.backup.tests.unit.plugins.module_utils._core.wire import (
    FakeTime,
    chunked,
    client,
    dripping,
    hang,
    reply,
    said,
    then_close,
    then_reset,
)

SECRET = 's3cr3t/+ "key"&<é>\''
MARKS = ("s3cr3t", "m4rk3d-query", "m4rk3d-header", "m4rk3d-body", "m4rk3d-path")

ECHOES = {
    "plain": SECRET,
    "url": quote(SECRET, safe=""),
    "url, lower case": quote(SECRET, safe="").lower().replace("s3cr3t", "s3cr3t"),
    "url path": quote(SECRET),
    "url twice": quote(quote(SECRET, safe=""), safe=""),
    "json": json.dumps(SECRET)[1:-1],
    "json, utf-8": json.dumps(SECRET, ensure_ascii=False)[1:-1],
    "json, escaped slash": json.dumps(SECRET)[1:-1].replace("/", "\\/"),
    "html": escape(SECRET),
    "xml numbers": "".join(f"&#{ord(mark)};" for mark in SECRET),
    "xml hex": "".join(f"&#x{ord(mark):X};" for mark in SECRET),
    "every character of a url": "".join(f"%{byte:02x}" for byte in SECRET.encode()),
    "every character of a json": "".join(f"\\u{ord(mark):04x}" for mark in SECRET),
    "base64": base64.b64encode(SECRET.encode()).decode(),
    "base64 of a url": base64.urlsafe_b64encode(SECRET.encode()).decode().rstrip("="),
    "repr": repr(SECRET),
}
FAULTS: dict[str, Any] = {
    "closed": then_close(b""),
    "reset": then_reset(),
    "truncated": then_close(reply(b"{}", Content_Length="9")),
    "truncated chunks": then_close(chunked(b"{}", end=b"")),
    "bad status line": then_close(b"m4rk3d-body s3cr3t\r\n\r\n"),
    "bad header": then_close(b"HTTP/1.1 200 OK\r\nm4rk3d-body s3cr3t\r\n\r\n{"),
    "too many headers": b"HTTP/1.1 200 OK\r\n" + b"X-A: s3cr3t\r\n" * 200 + b"\r\n",
    "long header": b"HTTP/1.1 200 OK\r\nX-A: " + b"s3cr3t" * 20000 + b"\r\n\r\n",
    "hang": hang,
    "drip": dripping(reply(b"", Content_Length="9999"), b"s3cr3t"),
    "page": reply(b"<html>m4rk3d-body</html>", Content_Type="text/html"),
    "refused page": reply(b"<html>m4rk3d-body</html>", 403, Content_Type="text/html"),
    "no json": reply(b"m4rk3d-body s3cr3t"),
    "redirect": reply(b"", 302, Location="https://x.example.com/?s3cr3t=m4rk3d-header"),
    "no gzip": reply(b"s3cr3t", Content_Encoding="gzip"),
    "encoding": reply(b"s3cr3t", Content_Encoding="s3cr3t"),
    **{f"echo {name}": said({"message": f"bad key {text}."}, 403) for name, text in ECHOES.items()},
    **{f"code {name}": said({"code": text, "message": "no"}, 503) for name, text in ECHOES.items()},
    "request id": said({"message": "no"}, 400, X_Request_Id=quote(SECRET)),
}


def everything_in(error: BaseException) -> str:
    """All that a traceback, a log line or a debugger without frames could show of an exception and what it hangs on."""
    lines = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    link: BaseException | None = error
    while link is not None:
        lines += f"{link!r} {link} {vars(link)} {link.args}"
        assert type(link).__module__.partition(".")[0] not in ("requests", "urllib3")
        link = link.__cause__ or link.__context__
    return lines


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_no_error_shows_what_was_sent_or_received(serve: Any, fault: Any, time: FakeTime) -> None:
    secrets = Secrets()
    secrets.add(SECRET)
    server = serve(fault)

    def sign(request: Any) -> Any:
        request.headers["Authorization"] = "Bearer m4rk3d-header"
        return request

    slow = fault is hang or "drip" in getattr(fault, "__qualname__", "")
    http = client(secrets=secrets, auth=sign, retries=1, deadline=0.5 if slow else 60.0, timeout=0.3)
    call = Call(
        "POST", f"{server.url}/m4rk3d-path", "list the things", params={"m4rk3d-query": SECRET}, json={"m4rk3d-body": 1}
    )
    with pytest.raises(BackupError) as caught:
        http.call(call)
    shown = everything_in(caught.value) + json.dumps(caught.value.facts())
    shown = shown.replace(f"(127.0.0.1:{server.port})", "")  # who was not reached, and no more of the address
    for mark in (*MARKS, str(server.port), *ECHOES.values()):
        assert mark not in shown.replace(__file__, "")


@pytest.mark.parametrize("convert", [integer, number, flag, time, text])
def test_nor_what_could_not_be_converted(serve: Any, convert: Any) -> None:
    url = serve(reply(b"m4rk3d-body")).url
    for value in (MARKS[3], [MARKS[3]], "1_000"):
        with pytest.raises(BackupError) as caught:
            client(retries=0).get(url, "list", decode=lambda answer, value=value: int(convert(value) and "no"))
        assert caught.value.code == "bad_answer"
        assert MARKS[3] not in str(caught.value)


def test_nor_when_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for scheme in ("http", "https"):
        with pytest.raises(BackupError) as caught:
            client(retries=0).get(f"{scheme}://127.0.0.1:{port}/{MARKS[0]}?{MARKS[1]}", "list")
        shown = everything_in(caught.value).replace(f"(127.0.0.1:{port})", "")
        assert not any(mark in shown for mark in (*MARKS, str(port)))


def test_a_header_that_cannot_be_sent(serve: Any) -> None:
    def sign(request: Any) -> Any:
        request.headers["Authorization"] = "Bearer s3cr3t\r\nm4rk3d-header"
        return request

    url = serve(said({})).url
    for more in (
        {"auth": sign},
        {"headers": {"X-A": " s3cr3t\r\nm4rk3d-header"}},
        {"headers": {"X-A": "s3cr3t\u20ac"}},
    ):
        with pytest.raises(BackupError) as caught:
            client(retries=0).get(url, "list", **more)
        assert not any(mark in everything_in(caught.value) for mark in MARKS)


def test_a_message_of_any_size_and_kind(serve: Any) -> None:
    for message in ("x" * 500_000, {"a": ["b"]}, 5, ["x"], "a\x1b[31mb\x00\u202ec\nd", "eyJ-" * 100_000):
        with pytest.raises(BackupError) as caught:
            client(retries=0).get(serve(said({"message": message}, 400)).url, "list")
        assert len(caught.value.message) <= 600
        assert caught.value.message.isprintable()
