# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Why a request brought no answer: the root of an exception, in words without any URL, header or secret."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from .errors import BackupError

_OLD_CERTIFICATE = 10  # X509_V_ERR_CERT_HAS_EXPIRED
# Exceptions of urllib3 that end a request before it is sent. (Not its ProxyError: 1.26 calls a late reset so, too.)
_CONNECTING = frozenset(("ConnectTimeoutError", "NewConnectionError"))
_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})\b")  # what http.client says of a proxy
_OTHER_HOST = (62, 64)  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH


def transport_error(problem: Exception) -> BackupError:
    """The error for an exception of requests, urllib3 or a socket. Their texts carry whole URLs, so none is used."""
    chain = list(_chain(problem))
    names = {kind.__name__ for link in chain for kind in type(link).__mro__}
    connecting = bool(names & _CONNECTING) or any(isinstance(link, ConnectionRefusedError) for link in chain)
    timed_out = "ReadTimeoutError" in names or any(isinstance(link, (TimeoutError, socket.timeout)) for link in chain)
    tls = next((link for link in chain if isinstance(link, ssl.SSLError)), None)
    unresolved = next((link for link in chain if isinstance(link, socket.gaierror)), None)
    through = "the proxy" if "ProxyError" in names else "the server"
    where = _address(chain, "ProxyError" in names)
    if isinstance(tls, ssl.SSLCertVerificationError):
        return _untrusted(tls.verify_message, tls.verify_code)
    if "CertificateError" in names:  # urllib3 1.26 compares the names itself
        return _untrusted("it is for another name", _OTHER_HOST[0])
    if tls is not None and not isinstance(tls, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        return _no_tls(tls)
    if unresolved is not None:
        return _unresolved(unresolved, through, where)
    if timed_out:
        what = "accept a connection" if connecting else "answer"
        return BackupError("timeout", f"{through} does not {what} in time{where}", arrived=not connecting)
    if names & {"IncompleteRead", "InvalidChunkLength", "ChunkedEncodingError", "error"}:
        return BackupError("bad_answer", "the answer broke off or cannot be decompressed")
    if names & {"InvalidSchema", "MissingDependencies"}:
        return BackupError("missing_library", "a SOCKS proxy needs the Python library PySocks", hint="Install PySocks.")
    return BackupError("connection", f"{through} cannot be reached: {_reason(chain)}{where}", arrived=not connecting)


def _chain(problem: BaseException) -> Iterator[BaseException]:
    """The exception and whatever it was made of: requests and urllib3 hide the cause in three different places."""
    seen: set[int] = set()
    waiting: list[object] = [problem]
    while waiting:
        link = waiting.pop(0)
        if isinstance(link, BaseException) and id(link) not in seen:
            seen.add(id(link))
            yield link
            waiting += [getattr(link, "reason", None), link.__cause__, link.__context__, *link.args]


def _address(chain: list[BaseException], proxy: bool) -> str:
    """Host and port of who was not reached, in parentheses; nothing where that is not known.

    Of a URL no more is shown: the rest of it may hold secrets.
    """
    pool = next((pool for pool in _each(chain, "pool") if hasattr(pool, "proxy")), None)
    if proxy:
        way = getattr(pool, "proxy", None)
        host, port = getattr(way, "host", None), getattr(way, "port", None)
    elif "SOCKS" in type(pool).__name__:
        return ""  # it is not said who failed, the proxy or the server behind it
    else:
        host, port = _host_and_port(next((request.url for request in _each(chain, "request")), None) or "")
    return f" ({host}:{port})" if host and port else ""


def _each(chain: list[BaseException], name: str) -> Iterator[Any]:
    return (value for link in chain if (value := getattr(link, name, None)) is not None)


def _host_and_port(url: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return "", None
    return parts.netloc.rpartition("@")[2].removesuffix(f":{port}"), port


def _untrusted(reason: str, code: int) -> BackupError:
    hint = None
    if code == _OLD_CERTIFICATE:
        hint = "The server's certificate has expired: have it renewed."
    elif code in _OTHER_HOST:
        hint = "Use the name that stands in the server's certificate."
    return BackupError("tls", f"the server's certificate is not trusted: {reason}", hint=hint, arrived=False)


def _no_tls(problem: ssl.SSLError) -> BackupError:
    reason = (problem.reason or "handshake failed").replace("_", " ").lower()
    hint = "Check that the port speaks https, and whether the server wants a client certificate (O(client_cert))."
    return BackupError("tls", f"no TLS connection: {reason}", hint=hint)


def _unresolved(problem: socket.gaierror, through: str, where: str) -> BackupError:
    hint = "Check the address for a typo, and the name server."
    final = problem.errno == socket.EAI_NONAME
    message = f"the name of {through} cannot be resolved{where}"
    return BackupError("connection", message, hint=hint, arrived=False, final=final)


def _reason(chain: list[BaseException]) -> str:
    for link in reversed(chain):
        refused = _TUNNEL.match(str(link))
        if refused:
            return f"it refuses with status {refused[1]}"
        if isinstance(link, OSError) and link.strerror and not link.filename:
            return link.strerror.lower()
    names = [type(link).__name__ for link in chain]
    return "the connection was closed without an answer" if "RemoteDisconnected" in names else names[-1]
