# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator: one aiohttp server on one loopback port, run by a thread of its own."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from typing import Any

from aiohttp import web

from . import credentials, tls, trouble
from .clumio import Clumio, ClumioData
from .faults import RECORDS, WIRE, Fault, FaultBook
from .petadata import PetaData, PetaDataData
from .service import Service, World
from .veeam import Veeam, VeeamData
from .wire import Refusal, Reply, Request
from .yandex import Yandex, YandexData

COMPRESS_FROM = 1024
"""Bodies of so many bytes and more are sent compressed when the client accepts gzip."""


@dataclass
class LoggedRequest:
    """One received request. `status` stays None while it is not answered, and for ever when it never is."""

    provider: str
    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    at: float
    status: int | None = None


class Simulator:
    """The four APIs on real sockets. Use it as a context manager, or call `start` and `stop`.

    `now` is the moment the data is made for (seconds since 1970; default: when the simulator was made), `latency` the
    seconds every answer waits, `clock_offset` the seconds its clock is ahead. With `client_certificate` only those are
    served who show the one at `client_cert_path`. Raises OSError when the port is taken.
    """

    def __init__(
        self,
        *,
        tls: bool = True,
        seed: int = 7,
        now: float | None = None,
        latency: float = 0.0,
        clock_offset: float = 0.0,
        client_certificate: bool = False,
        port: int = 0,
        keep_log: bool = True,
        yandex: YandexData | None = None,
        clumio: ClumioData | None = None,
        veeam: VeeamData | None = None,
        petadata: PetaDataData | None = None,
    ) -> None:
        self.credentials = credentials.make(seed)
        self.now = float(int(time.time())) if now is None else float(now)
        self.latency = latency
        self.log: list[LoggedRequest] = []
        world = World(seed, self.now, self.credentials, clock_offset)
        self.services: dict[str, Service] = {
            "yandex": Yandex(world, yandex or YandexData()),
            "clumio": Clumio(world, clumio or ClumioData()),
            "veeam": Veeam(world, veeam or VeeamData()),
            "petadata": PetaData(world, petadata or PetaDataData()),
        }
        self._petadata_instances = (petadata or PetaDataData()).instances
        self.url = ""
        self.ca_path = ""
        self.other_ca_path = ""
        self.client_cert_path = ""
        """A certificate with its key in one file."""
        self._tls = tls
        self._keep_log = keep_log
        self._clock_offset = clock_offset
        self._client_certificate = client_certificate
        self._port = port
        self._faults = FaultBook()
        self._folder: str | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._failure: BaseException | None = None

    def __enter__(self) -> Simulator:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    @property
    def petadata_instances(self) -> tuple[str, ...]:
        """The ids to ask PetaData about: it has no list of them."""
        return self._petadata_instances

    def start(self) -> None:
        """Listen; returns once requests are answered."""
        self._folder = tempfile.mkdtemp(prefix="simulator-")
        listening = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(listening,), name="simulator", daemon=True)
        self._thread.start()
        listening.wait()
        if self._failure is not None:
            self.stop()
            raise self._failure

    def stop(self) -> None:
        """Close every connection and the port."""
        if self._loop is not None and self._stopping is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stopping.set)
        if self._thread is not None:
            self._thread.join(10)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def fault(self, fault: Fault) -> None:
        """Put a fault in force."""
        self._faults.add(fault)

    def clear_faults(self) -> None:
        """Forget all faults. Lists that `shift` moved stay as they are."""
        self._faults.clear()

    def truth(self, what: str, *args: str) -> list[Any]:
        """The native records a complete, unfiltered read gives: "clumio", "yandex.tasks" with an instance, ..."""
        provider, _mark, part = what.partition(".")
        return self.services[provider].truth(part, *args)

    def expire_tokens(self, provider: str) -> None:
        """From now on the tokens given so far to clients of this provider are refused."""
        self.services[provider].expire()

    def expire_sessions(self) -> None:
        """From now on the Veeam logon sessions of so far are gone, and their tasks with them."""
        self.services["veeam"].expire()

    def requests(self, provider: str, path: str = "") -> list[LoggedRequest]:
        """Logged requests to one provider whose path contains `path`."""
        return [entry for entry in self.log if entry.provider == provider and path in entry.path]

    def _run(self, listening: threading.Event) -> None:
        try:
            asyncio.run(self._serve(listening))
        except BaseException as error:  # noqa: BLE001  # handed to the thread that waits in start()
            self._failure = error
            listening.set()

    async def _serve(self, listening: threading.Event) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        context = self._certify() if self._tls else None
        # Without cancellation a handler that never answers would outlive its client, and hold up the end.
        runner = web.ServerRunner(
            web.Server(self._handle, access_log=None, handler_cancellation=True), shutdown_timeout=0.2
        )
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self._port, ssl_context=context, backlog=1024)
        try:
            await site.start()
            port = runner.addresses[0][1]
            self.url = f"{'https' if self._tls else 'http'}://127.0.0.1:{port}"
            for service in self.services.values():
                service.base_url = self.url
            listening.set()
            await self._stopping.wait()
        finally:
            await runner.cleanup()

    def _certify(self) -> ssl.SSLContext:
        """Make the certificates of this run; gives what the server needs of them."""
        certificates = tls.issue(Path(self._folder or "."), self._client_certificate)
        self.ca_path, self.other_ca_path = certificates.ca_path, certificates.other_ca_path
        self.client_cert_path = certificates.client_cert_path
        return certificates.server

    async def _handle(self, raw: web.BaseRequest) -> web.StreamResponse:
        entry = await self._receive(raw)
        target = entry.path + "?" + raw.query_string
        if entry.provider == "petadata" and entry.method == "POST":
            target += "&" + entry.body.decode("utf-8", "replace")
        faults = self._faults.take(entry.provider, entry.method, target)
        wait = self.latency + sum(fault.seconds for fault in faults if fault.kind == "slow")
        if wait:
            await asyncio.sleep(wait)
        wire = next((fault for fault in faults if fault.kind in WIRE), None)
        request = self._request(raw, entry, tuple(f for f in faults if f.kind in RECORDS))
        service = self.services[entry.provider]
        reply = trouble.instead(wire, service, request) if wire else None
        if reply is None:
            reply = self._answer(service, trouble.reworded(wire, request))
        if wire is not None and wire.kind in trouble.BREAKERS:
            entry.status = None if wire.kind in trouble.SILENT else reply.status
            return await trouble.BREAKERS[wire.kind](raw, reply, wire)
        entry.status = reply.status
        return self._response(raw, reply)

    async def _receive(self, raw: web.BaseRequest) -> LoggedRequest:
        """Read the whole request and log it."""
        body = await raw.read() if raw.body_exists else b""
        provider = _provider(raw.path)
        entry = LoggedRequest(provider, raw.method, raw.path, dict(raw.query), raw.headers, body, time.monotonic())
        if self._keep_log:
            self.log.append(entry)
        return entry

    def _request(self, raw: web.BaseRequest, entry: LoggedRequest, faults: tuple[Fault, ...]) -> Request:
        return Request(
            entry.provider,
            entry.method,
            entry.path,
            entry.query,
            entry.headers,
            entry.body,
            self.url,
            raw.cookies,
            faults,
        )

    def _answer(self, service: Service, request: Request) -> Reply:
        try:
            return service.answer(request)
        except Refusal as refusal:
            return refusal.reply

    def _response(self, raw: web.BaseRequest, reply: Reply) -> web.Response:
        body, headers = reply.body, {"Content-Type": reply.content_type, **reply.headers}
        if self._clock_offset:
            headers["Date"] = formatdate(time.time() + self._clock_offset, usegmt=True)
        if len(body) >= COMPRESS_FROM and "gzip" in raw.headers.get("Accept-Encoding", ""):
            body, headers["Content-Encoding"] = reply.gzipped, "gzip"
        return web.Response(status=reply.status, body=body, headers=headers)


_PREFIXES = {"/backup/": "yandex", "/iam/": "yandex", "/computeMetadata/": "yandex", "/api": "veeam"}


def _provider(path: str) -> str:
    """Whose API a path belongs to. The bare root is PetaData's, and what nobody else claims is Clumio's."""
    for prefix, provider in _PREFIXES.items():
        if path.startswith(prefix):
            return provider
    return "petadata" if path == "/" else "clumio"
