# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who was not reached is named, by host and port and by nothing else that stands in an address."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import BackupError
from ansible_collections.multivendor.backup.plugins.module_utils._core.transport import transport_error
from ansible_collections.multivendor.backup.tests.unit.plugins.module_utils._core.wire import client, hang

IN_ADDRESSES = ("us3r", "s3cr3t", "p4th", "qu3ry", "://", "@")


def said_of(url: str, **options: Any) -> str:
    with pytest.raises(BackupError) as caught:
        client(retries=0, **options).get(url, "list")
    return str(caught.value)


@pytest.fixture
def port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free: int = taken.getsockname()[1]
    return free


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_refuses(host: str, scheme: str, port: int) -> None:
    said = said_of(f"{scheme}://us3r:s3cr3t@{host}:{port}/p4th?token=qu3ry")
    assert f"the server cannot be reached: connection refused ({host}:{port})" in said
    assert not any(part in said for part in IN_ADDRESSES)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_refuses(scheme: str, port: int) -> None:
    said = said_of(f"{scheme}://api.example.com/p4th?token=qu3ry", proxy=f"http://us3r:s3cr3t@127.0.0.1:{port}")
    assert f"the proxy cannot be reached: connection refused (127.0.0.1:{port})" in said
    assert not any(part in said for part in IN_ADDRESSES)


def test_a_name_that_nobody_knows() -> None:
    said = said_of("https://no-such-host.invalid/p4th?token=qu3ry")
    assert "the name of the server cannot be resolved (no-such-host.invalid:443)" in said
    assert not any(part in said for part in IN_ADDRESSES)


def test_a_server_that_is_silent(serve: Any) -> None:
    server = serve(hang)
    said = said_of(f"{server.url}/p4th?token=qu3ry", timeout=0.2)
    assert f"the server does not answer in time (127.0.0.1:{server.port})" in said
    assert not any(part in said for part in IN_ADDRESSES)


def test_where_nothing_is_known_nothing_is_said() -> None:
    error = transport_error(ConnectionRefusedError(111, "Connection refused"))
    assert "the server cannot be reached: connection refused. " in str(error)
