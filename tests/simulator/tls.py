# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates for one run: an authority the client should trust, and another one it should not."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True)
class Certificates:
    """`ca_path` is the authority of `server` and of the client; `other_ca_path` signed nothing here."""

    server: ssl.SSLContext
    ca_path: str
    other_ca_path: str
    client_cert_path: str


def issue(folder: Path, ask_client: bool) -> Certificates:
    """Make both authorities and certificates for loopback and a client in `folder`; the client's may be asked for."""
    authority, stranger = trustme.CA(organization_name="Simulator"), trustme.CA(organization_name="Somebody else")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    paths = folder / "ca.pem", folder / "other-ca.pem"
    for path, ca in zip(paths, (authority, stranger)):
        ca.cert_pem.write_to_path(str(path))
    client = folder / "client.pem"
    authority.issue_cert("client@example.com").private_key_and_cert_chain_pem.write_to_path(str(client))
    if ask_client:
        context.verify_mode = ssl.CERT_REQUIRED
        authority.configure_trust(context)
    return Certificates(context, str(paths[0]), str(paths[1]), str(client))
