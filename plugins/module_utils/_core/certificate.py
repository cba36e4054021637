# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""When the certificate of a server ends: what surprises people on a Sunday."""

from __future__ import annotations

import os
import socket
import ssl
from urllib.parse import urlsplit

from .connection import Connection
from .deadline import Deadline
from .threads import within
from .times import rfc3339


def certificate_end(url: str, connection: Connection, deadline: Deadline) -> str | None:
    """The end of the certificate at this address, RFC 3339 in UTC; None where it cannot be told.

    That is: plain http, through a proxy, where certificates are not validated, and where there is no answer in time.
    """
    address = urlsplit(url)
    if address.scheme != "https" or not connection.verify or connection.proxy or not address.hostname:
        return None
    host, port = address.hostname, address.port or 443
    patience = min(connection.timeout, deadline.remaining())

    def ask() -> str | None:
        plain = socket.create_connection((host, port), timeout=patience)
        with _context(connection).wrap_socket(plain, server_hostname=host) as secured:
            ends = (secured.getpeercert() or {}).get("notAfter")
        return rfc3339(ssl.cert_time_to_seconds(ends)) if isinstance(ends, str) else None

    try:
        return within(Deadline(patience, deadline.clock), ask)
    except (OSError, ValueError):
        return None


def _context(connection: Connection) -> ssl.SSLContext:
    """TLS as the connection options want it."""
    path = connection.verify if isinstance(connection.verify, str) else None
    context = ssl.create_default_context(
        cafile=path if path and not os.path.isdir(path) else None,
        capath=path if path and os.path.isdir(path) else None,
    )
    if isinstance(connection.certificate, tuple):
        context.load_cert_chain(*connection.certificate)
    elif connection.certificate:
        context.load_cert_chain(connection.certificate)
    return context
