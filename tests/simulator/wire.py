# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes in and out of a simulated API: one request, one reply, one way to refuse."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from .faults import Fault

JSON = "application/json"
XML = "application/xml"


@dataclass(frozen=True)
class Request:
    """A received request, with everything a vendor's server looks at."""

    provider: str
    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes
    base_url: str
    cookies: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    """Record faults in force for this request (see faults.py)."""
    other_format: bool = False
    """Answer in XML where JSON is asked for, and the reverse: a fault, too."""

    @property
    def target(self) -> str:
        """Path and query as one text, the query sorted: the key of cached answers."""
        return self.path + "?" + "&".join(f"{k}={v}" for k, v in sorted(self.query.items()))

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; ValueError when it is none."""
        value = json.loads(self.body or b"null")
        if not isinstance(value, dict):
            raise ValueError("not a JSON object")
        return value


@dataclass(frozen=True)
class Reply:
    """An answer. `body` is what the client reads after decompression."""

    status: int
    body: bytes
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def gzipped(self) -> bytes:
        """The compressed body, made once however often the reply is sent."""
        packer = zlib.compressobj(1, zlib.DEFLATED, 31)
        return packer.compress(self.body) + packer.flush()


class Refusal(Exception):
    """The simulated API refuses the request; `reply` is how it says so."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"HTTP {reply.status}")
        self.reply = reply


def json_bytes(value: Any) -> bytes:
    """Compact JSON in UTF-8."""
    return orjson.dumps(value)
