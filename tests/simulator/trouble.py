# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of a whole answer: what is sent in place of it, and how its bytes go wrong on the way."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
import zlib
from collections.abc import Awaitable
from dataclasses import replace
from email.utils import formatdate
from typing import Any, Callable

from aiohttp import web

from .faults import Fault
from .service import Service, with_headers
from .wire import JSON, XML, Reply, Request

LOGIN_PAGE = b"""<!DOCTYPE html>
<html><head><title>Sign in</title></head>
<body><form action="/login" method="post"><input name="user"><input name="password" type="password"></form></body>
</html>
"""
BAD_GATEWAY = (
    b"<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"
)


def instead(fault: Fault, service: Service, request: Request) -> Reply | None:
    """The reply that takes the place of the service's own, None when that one is needed."""
    make = _INSTEAD.get(fault.kind)
    return make(fault, service, request) if make else None


def reworded(fault: Fault | None, request: Request) -> Request:
    """The request as the service shall see it."""
    return replace(request, other_format=True) if fault is not None and fault.kind == "wrong_format" else request


def _status(fault: Fault, service: Service, request: Request) -> Reply:
    reply = service.refusal(fault.status, request)
    if fault.body is not None:
        body = fault.body if isinstance(fault.body, bytes) else fault.body.encode()
        reply = Reply(fault.status, body, reply.content_type)
    return with_headers(reply, fault.headers)


def _throttle(fault: Fault, service: Service, request: Request) -> Reply:
    return with_headers(service.throttled(request), {**_retry_after(fault), **fault.headers})


def _retry_after(fault: Fault) -> dict[str, str]:
    """How a throttle tells the wait, if at all."""
    if fault.retry_after is None:
        return {}
    if fault.retry_style == "acs":
        return {"x-acs-retry-after": str(int(fault.retry_after * 1000))}
    if fault.retry_style == "date":
        return {"Retry-After": formatdate(time.time() + fault.retry_after, usegmt=True)}
    return {"Retry-After": f"{fault.retry_after:g}"}


def _garbage(fault: Fault, service: Service, request: Request) -> Reply:
    return Reply(200, b'{"tasks": [{"id": "17", "status": \xff\xfe <oops', XML if _wants_xml(request) else JSON)


def _wants_xml(request: Request) -> bool:
    return "xml" in request.headers.get("Accept", "") or request.query.get("Format", "").upper() == "XML"


def _redirect(fault: Fault, service: Service, request: Request) -> Reply:
    return Reply(fault.status if 300 <= fault.status < 400 else 302, b"", headers={"Location": fault.location})


_INSTEAD: dict[str, Callable[[Fault, Service, Request], Reply]] = {
    "status": _status,
    "throttle": _throttle,
    "garbage": _garbage,
    "html": lambda fault, service, request: Reply(200, LOGIN_PAGE, "text/html; charset=utf-8"),
    "html_error": lambda fault, service, request: Reply(502, BAD_GATEWAY, "text/html"),
    "empty_body": lambda fault, service, request: Reply(200, b""),
    "redirect": _redirect,
    "foreign_json": lambda fault, service, request: Reply(200, b'{"status":"ok"}'),
    # These send nothing of the service's answer, so that is not computed.
    "reset": lambda fault, service, request: Reply(200, b""),
    "hang": lambda fault, service, request: Reply(200, b""),
    "huge": lambda fault, service, request: Reply(200, b""),
    "gzip_bomb": lambda fault, service, request: Reply(200, b""),
}


async def _reset(raw: web.BaseRequest, reply: Reply, fault: Fault) -> web.StreamResponse:
    return _abort(raw)


async def _reset_body(raw: web.BaseRequest, reply: Reply, fault: Fault) -> web.StreamResponse:
    await _write(raw, _head(reply, len(reply.body)) + reply.body[: max(1, len(reply.body) // 2)])
    await asyncio.sleep(0.05)  # so that the client has the first half before the reset discards it
    return _abort(raw)


async def _truncate(raw: web.BaseRequest, reply: Reply, fault: Fault) -> web.StreamResponse:
    await _write(raw, _head(reply, len(reply.body)) + reply.body[: len(reply.body) // 2])
    return _close(raw)


async def _hang(raw: web.BaseRequest, reply: Reply, fault: Fault) -> web.StreamResponse:
    await asyncio.Event().wait()
    return _close(raw)


async def _drip(raw: web.BaseRequest, reply: Reply, fault: Fault) -> web.StreamResponse:
    await _write(raw, _head(reply, len(reply.body)))
    return await _trickle(raw, reply.body, fault.seconds)


async def _drip_headers(raw: web.BaseRequest, reply: Reply, fault: Fault) -> web.StreamResponse:
    return await _trickle(raw, _head(reply, len(reply.body)) + reply.body, fault.seconds)


async def _trickle(raw: web.BaseRequest, data: bytes, seconds: float) -> web.StreamResponse:
    for byte in data:
        await _write(raw, bytes([byte]))
        await asyncio.sleep(seconds)
    return _close(raw)


async def _huge(raw: web.BaseRequest, reply: Reply, fault: Fault) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": JSON, "Content-Length": str(fault.size)})
    await response.prepare(raw)
    await _stream(response, fault.size, lambda data: data)
    return response


async def _gzip_bomb(raw: web.BaseRequest, reply: Reply, fault: Fault) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": JSON, "Content-Encoding": "gzip"})
    await response.prepare(raw)
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    await _stream(response, fault.size, packer.compress)
    await response.write(packer.flush())
    return response


async def _stream(response: web.StreamResponse, size: int, pack: Callable[[bytes], bytes]) -> None:
    """Send `size` bytes of valid JSON, most of them blanks, packed."""
    block = b" " * (1024 * 1024)
    await response.write(pack(b'{"tasks":[]'))
    left = size - len(b'{"tasks":[]') - len(b"}")
    while left > 0:
        data = pack(block[:left])
        left -= len(block)
        if data:
            await response.write(data)
        await asyncio.sleep(0)  # other connections live on
    await response.write(pack(b"}"))


BREAKERS: dict[str, Callable[[web.BaseRequest, Reply, Fault], Awaitable[web.StreamResponse]]] = {
    "reset": _reset,
    "reset_body": _reset_body,
    "truncate": _truncate,
    "hang": _hang,
    "drip": _drip,
    "drip_headers": _drip_headers,
    "huge": _huge,
    "gzip_bomb": _gzip_bomb,
}
"""Faults that break the transfer itself."""

SILENT = frozenset({"reset", "hang"})
"""Those that send no status at all."""


def _head(reply: Reply, length: int) -> bytes:
    """Status line and headers, written by hand, because the framework would not send what is wrong."""
    headers = {
        "Date": formatdate(usegmt=True),
        "Content-Type": reply.content_type,
        "Content-Length": str(length),
        **reply.headers,
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {reply.status} Simulated\r\n{lines}\r\n".encode()


def _transport(raw: web.BaseRequest) -> Any:
    if raw.transport is None:
        raise ConnectionResetError("the client is gone")
    return raw.transport


async def _write(raw: web.BaseRequest, data: bytes) -> None:
    transport = _transport(raw)
    if transport.is_closing():
        raise ConnectionResetError("the client is gone")
    transport.write(data)


def _close(raw: web.BaseRequest) -> web.StreamResponse:
    _transport(raw).close()
    return web.Response()


def _abort(raw: web.BaseRequest) -> web.StreamResponse:
    """Close so that the client sees a reset (RST), not an orderly end."""
    transport = _transport(raw)
    linger = struct.pack("ii", 1, 0)
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
    return web.Response()
