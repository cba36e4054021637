# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing lasts longer than the deadline, and no body grows beyond the limit."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time as real_time
import zlib
from typing import Any

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._core.deadline import Deadline
from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import BackupError
from ansible_collections.multivendor.backup.plugins.module_utils._core.exchange import Call
from ansible_collections.multivendor.backup.tests.unit.plugins.module_utils._core.wire import (
    FakeTime,
    Request,
    chunked,
    client,
    dripping,
    hang,
    reply,
    said,
    then_close,
)

SOON = 0.4
HANGS = 8.0  # seconds after which we call it so, on however slow a machine


def fails(code: str, act: Any) -> BackupError:
    began = real_time.monotonic()
    with pytest.raises(BackupError) as caught:
        act()
    assert real_time.monotonic() - began < HANGS
    assert caught.value.code == code, caught.value
    return caught.value


@pytest.mark.parametrize(
    "trap",
    [
        hang,
        dripping(b"HTTP/1.1 200 OK\r\n", b"X-Drop: 1\r\n"),
        dripping(b"HTTP/1.1 200 OK\r\nX-Endless: ", b"x"),
        dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b" "),
        dripping(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        dripping(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n", b" "),
        dripping(b"HTTP/1.1 200 OK\r\n\r\n", b" "),
        dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["silence", "headers", "a header", "body", "chunks", "a chunk", "until the end", "continue"],
)
def test_the_deadline_ends_a_server_that_takes_its_time(serve: Any, trap: Any) -> None:
    http = client(deadline=SOON, timeout=5.0)
    fails("deadline", lambda: http.get(serve(trap).url, "list"))


def test_the_deadline_ends_an_endless_body(serve: Any) -> None:
    http = client(deadline=SOON, timeout=5.0, max_body=2**40)

    def endless(connected: socket.socket, _request: Request) -> bool:
        connected.sendall(reply(b"", length=False))
        try:
            while True:
                connected.sendall(b" ")
                connected.sendall(b" " * 1000)
                real_time.sleep(0.001)
        except OSError:
            return False

    fails("deadline", lambda: http.get(serve(endless).url, "list"))


def test_the_deadline_ends_a_connection_that_nobody_accepts() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        fillers = [socket.socket() for _number in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(full.getsockname())
        http = client(deadline=SOON, timeout=5.0)
        fails("deadline", lambda: http.get(f"http://127.0.0.1:{full.getsockname()[1]}/", "list"))
        other = client(deadline=30.0, timeout=0.2, retries=1)
        error = fails("timeout", lambda: other.get(f"http://127.0.0.1:{full.getsockname()[1]}/", "list"))
        assert not error.arrived
        for filler in fillers:
            filler.close()


def test_silence_ends_after_the_timeout(serve: Any) -> None:
    server = serve(hang)
    http = client(timeout=0.2, retries=1, deadline=60.0)
    error = fails("timeout", lambda: http.get(server.url, "list"))
    assert error.arrived
    assert len(server.requests) == 2


def test_the_timeout_of_one_call(serve: Any) -> None:
    http = client(timeout=30.0, retries=0)
    fails("timeout", lambda: http.get(serve(hang).url, "list", timeout=0.2))


def test_no_request_is_made_after_the_deadline(serve: Any, time: FakeTime) -> None:
    server = serve(said({}))
    http = client(clock=time.clock(), deadline=10.0)
    time.pass_by(10)
    fails("deadline", lambda: http.get(server.url, "list"))
    assert server.requests == []


def test_a_hanging_request_does_not_keep_the_last_turn(serve: Any) -> None:
    """After the deadline somebody may still have to log off: with a deadline of its own, and a turn."""
    server = serve(dripping(b"HTTP/1.1 200 OK\r\nX-Endless: ", b"x"), said({"bye": True}))
    http = client(deadline=SOON, parallel=1)
    fails("deadline", lambda: http.get(server.url, "list"))
    http.deadline = Deadline(5.0, http.clock)
    assert http.call(Call("DELETE", server.url, "log off", safe=False)) == {"bye": True}


def test_a_call_that_was_under_way_keeps_its_own_deadline(serve: Any) -> None:
    """A new deadline is for new calls: what hung before does not come to life again."""
    server = serve(said({}, 503))
    http = client(deadline=SOON, retries=100)
    ended: list[BackupError] = []

    def work() -> None:
        try:
            http.get(server.url, "list")
        except BackupError as error:
            ended.append(error)

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    http.deadline = Deadline(60.0, http.clock)
    worker.join(HANGS)
    assert ended


# Sizes

LIMIT = 100_000


def body_of(size: int) -> bytes:
    return json.dumps("x" * (size - 2)).encode()


@pytest.mark.parametrize("make", [reply, chunked], ids=["length", "chunked"])
def test_a_body_may_be_as_large_as_the_limit(serve: Any, make: Any) -> None:
    http = client(max_body=LIMIT)
    assert len(http.get(serve(make(body_of(LIMIT))).url, "list")) == LIMIT - 2


@pytest.mark.parametrize(
    "large",
    [
        reply(b"", Content_Length=str(LIMIT + 1)),
        reply(body_of(LIMIT + 1)),
        chunked(body_of(LIMIT + 1)),
        then_close(reply(body_of(LIMIT + 1), length=False)),
        reply(gzip.compress(body_of(LIMIT + 1)), Content_Encoding="gzip"),
        reply(gzip.compress(b"0" * 50_000_000), Content_Encoding="gzip"),
        chunked(gzip.compress(b"0" * 20_000_000), Content_Encoding="gzip"),
        reply(gzip.compress(b"0" * 60_000) * 2, Content_Encoding="gzip"),
        reply(zlib.compress(b"0" * 200_000), Content_Encoding="deflate"),
    ],
    ids=["told", "length", "chunked", "closed", "gzip", "bomb", "bomb in chunks", "members", "deflate"],
)
def test_and_no_larger(serve: Any, time: FakeTime, large: Any) -> None:
    server = serve(large)
    fails("too_large", lambda: client(clock=time.clock(), max_body=LIMIT).get(server.url, "list"))
    assert len(server.requests) == 1


def test_an_endless_body_ends_at_the_limit(serve: Any) -> None:
    flood = dripping(reply(b"", length=False), b" " * 65536, pause=0)
    fails("too_large", lambda: client(max_body=10_000_000).get(serve(flood).url, "list"))


@pytest.mark.parametrize(
    "answer",
    [
        reply(gzip.compress(b'{"good": true}'), Content_Encoding="gzip"),
        reply(gzip.compress(b'{"good": true}'), Content_Encoding="GZIP"),
        reply(gzip.compress(b'{"good": true}'), Content_Encoding="x-gzip"),
        reply(zlib.compress(b'{"good": true}'), Content_Encoding="deflate"),
        reply(gzip.compress(b'{"good"') + gzip.compress(b": true}"), Content_Encoding="gzip"),
        chunked(gzip.compress(b'{"good"'), gzip.compress(b": true}"), Content_Encoding="gzip"),
        chunked(*(bytes([byte]) for byte in gzip.compress(b'{"good": true}')), Content_Encoding="gzip"),
        reply(b'{"good": true}', Content_Encoding="identity"),
        chunked(b'{"good": true}', Content_Length="99999"),
        then_close(reply(b'{"good": true}', length=False)),
        then_close(b'HTTP/1.0 200 OK\r\n\r\n{"good": true}'),
        b"HTTP/1.1 100 Continue\r\n\r\n" + reply(b'\xef\xbb\xbf{"good": true}'),
    ],
    ids=[
        *("gzip", "GZIP", "x-gzip", "deflate", "members", "members in chunks", "byte by byte", "identity"),
        *("chunked and a length", "until the end", "HTTP/1.0", "continue, and a byte order mark"),
    ],
)
def test_lawful_bodies(serve: Any, answer: Any) -> None:
    http = client(retries=0)
    assert http.get(serve(answer).url, "list") == {"good": True}
