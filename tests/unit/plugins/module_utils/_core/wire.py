# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scripted server on loopback: expect this request, answer that. And a clock that only moves when told."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import struct
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Callable, Union

from ansible_collections.multivendor.backup.plugins.module_utils._core.connection import Connection
from ansible_collections.multivendor.backup.plugins.module_utils._core.deadline import Clock
from ansible_collections.multivendor.backup.plugins.module_utils._core.exchange import Answer, Dialect, Explanation
from ansible_collections.multivendor.backup.plugins.module_utils._core.http import HttpClient, RetryPolicy
from ansible_collections.multivendor.backup.plugins.module_utils._core.json import read_json
from ansible_collections.multivendor.backup.plugins.module_utils._core.redact import Secrets


@dataclass(frozen=True)
class Request:
    """What a client sent."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int


# A step is bytes to send, or a function that does what it likes with the socket. The connection stays open unless a
# function returns False.
Step = Union[bytes, Callable[[socket.socket, Request], Any]]


class Server:
    """Answers each request by the next step; the last one repeats."""

    def __init__(self, *steps: Step, tls: ssl.SSLContext | None = None) -> None:
        self.steps = list(steps)
        self.requests: list[Request] = []
        self.connections = 0
        self.busy = 0
        self.busiest = 0
        self._tls = tls
        self._lock = threading.Lock()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._socket.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for one in self._open:
            with contextlib.suppress(OSError):
                one.close()

    def _accept(self) -> None:
        while True:
            try:
                plain, _peer = self._socket.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                number = self.connections
                self._open.append(plain)
            threading.Thread(target=self._serve, args=(plain, number), daemon=True).start()

    def _serve(self, plain: socket.socket, number: int) -> None:
        with contextlib.suppress(OSError, ValueError), plain:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connected = self._tls.wrap_socket(plain, server_side=True) if self._tls else plain
            with self._lock:
                self._open.append(connected)
            with connected, connected.makefile("rb") as stream:
                while True:
                    request = _request(stream, number)
                    if request is None or self._answer(connected, request) is False:
                        return

    def _answer(self, connected: socket.socket, request: Request) -> Any:
        with self._lock:
            step = self.steps[min(len(self.requests), len(self.steps) - 1)]
            self.requests.append(request)
            self.busy += 1
            self.busiest = max(self.busiest, self.busy)
        try:
            if callable(step):
                return step(connected, request)
            return connected.sendall(step)
        finally:
            with self._lock:
                self.busy -= 1


def _request(stream: Any, connection: int) -> Request | None:
    line = stream.readline().decode("latin-1").split()
    if len(line) < 3:
        return None
    headers = {}
    for raw in iter(stream.readline, b"\r\n"):
        if not raw:
            return None
        name, _colon, value = raw.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", "0")))
    return Request(line[0], line[1], headers, body, connection)


def reply(body: bytes = b"{}", status: int = 200, *, length: bool = True, **headers: str) -> bytes:
    """An answer as it goes over the wire. Header names: underscores stand for hyphens."""
    fields = {"Content-Type": "application/json", **{name.replace("_", "-"): text for name, text in headers.items()}}
    if length and "Content-Length" not in fields:
        fields["Content-Length"] = str(len(body))
    head = "".join(f"{name}: {text}\r\n" for name, text in fields.items())
    return f"HTTP/1.1 {status} Whatever\r\n{head}\r\n".encode("latin-1") + body


def said(value: Any, status: int = 200, **headers: str) -> bytes:
    """An answer with a JSON body."""
    return reply(json.dumps(value).encode(), status, **headers)


def then_close(content: bytes) -> Step:
    """Send this, and end the connection."""

    def step(connected: socket.socket, _request: Request) -> bool:
        connected.sendall(content)
        return False

    return step


def then_reset(content: bytes = b"") -> Step:
    """Send this, and reset the connection."""

    def step(connected: socket.socket, _request: Request) -> bool:
        connected.sendall(content)
        if content:
            time.sleep(0.05)  # let it arrive: a reset throws away what was not read yet
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connected.close()
        return False

    return step


def hang(connected: socket.socket, _request: Request) -> bool:
    """Say nothing until the other side goes away."""
    with contextlib.suppress(OSError):
        connected.recv(1)
    return False


def dripping(head: bytes, drop: bytes, pause: float = 0.02) -> Step:
    """Send this, then one drop after the other, for ever."""

    def step(connected: socket.socket, _request: Request) -> bool:
        with contextlib.suppress(OSError):
            connected.sendall(head)
            while True:
                connected.sendall(drop)
                time.sleep(pause)
        return False

    return step


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n", **headers: str) -> bytes:
    """An answer in chunks."""
    body = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + end
    return reply(body, length=False, Transfer_Encoding="chunked", **headers)


@dataclass
class FakeTime:
    """A clock that moves when somebody sleeps, and dice that always show the highest number."""

    monotonic: float = 1000.0
    wall: float = 1_800_000_000.0
    slept: list[float] = field(default_factory=list)
    drawn: list[tuple[float, float]] = field(default_factory=list)
    dice: Callable[[float, float], float] = max

    def __post_init__(self) -> None:
        self._lock = threading.Lock()

    def pass_by(self, seconds: float) -> None:
        with self._lock:
            self.monotonic += seconds
            self.wall += seconds

    def _sleep(self, seconds: float) -> None:
        self.pass_by(seconds)
        self.slept.append(seconds)

    def _uniform(self, low: float, high: float) -> float:
        self.drawn.append((low, high))
        return self.dice(low, high)

    def clock(self) -> Clock:
        return Clock(lambda: self.monotonic, lambda: self.wall, self._sleep, self._uniform)


def explain(answer: Answer) -> Explanation:
    """The dialect of the tests: {"code", "message", "final"}."""
    try:
        body = read_json(answer.body)
        code = body.get("code")
        return Explanation(
            provider_code=code,
            message=body.get("message"),
            request_id=answer.headers.get("x-request-id"),
            code="throttled" if str(code).startswith("Throttling") else None,
            final=bool(body.get("final")),
        )
    except (ValueError, AttributeError):
        return Explanation()


DIALECT = Dialect("acme", "Acme", lambda answer: read_json(answer.body), explain, {"forbidden": "Ask Acme."})


def client(
    *, clock: Clock | None = None, secrets: Secrets | None = None, auth: Any = None, **options: Any
) -> HttpClient:
    """A client with options of `Connection`, beside `policy` and `max_body`."""
    of_client = {name: options.pop(name) for name in ("policy", "max_body") if name in options}
    connection = Connection(**{"timeout": 10.0, "deadline": 60.0, **options})
    policy = of_client.pop("policy", RetryPolicy(base=0.5, cap=30.0))
    return HttpClient(connection, DIALECT, secrets or Secrets(), auth=auth, clock=clock, policy=policy, **of_client)
