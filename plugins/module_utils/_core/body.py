# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Bodies of answers, as they come over the wire: decompressed within limits, so that no bomb gets far."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .errors import BackupError

if TYPE_CHECKING:
    import requests

CHUNK = 64 * 1024


def chunks(response: requests.Response) -> Iterator[bytes]:
    """The body as it comes over the wire, still compressed. (urllib3 1.26 cannot but wait for full chunks.)"""
    read = getattr(response.raw, "read1", response.raw.read)
    while chunk := read(CHUNK, decode_content=False):
        yield chunk


class Inflater:
    """Decompresses a body and never holds more than `limit` bytes of it."""

    def __init__(self, encoding: str, limit: int) -> None:
        if encoding.lower() not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise BackupError("bad_answer", "the answer is compressed in a way that was not asked for")
        self._decoder = None if encoding.lower() in ("", "identity") else _gzip_or_zlib()
        self._room = limit
        self._parts: list[bytes] = []

    def feed(self, chunk: bytes) -> bool:
        """Take a chunk; False when the limit is passed."""
        while chunk and self._room >= 0:
            if self._decoder is None:
                part, chunk = chunk, b""
            else:
                part, chunk = self._inflated(self._decoder, chunk)
            self._parts.append(part)
            self._room -= len(part)
        return self._room >= 0

    def _inflated(self, decoder: Any, chunk: bytes) -> tuple[bytes, bytes]:
        part = decoder.decompress(chunk, self._room + 1)
        if decoder.eof and decoder.unused_data:
            self._decoder = _gzip_or_zlib()
            return part, decoder.unused_data
        return part, decoder.unconsumed_tail

    def body(self) -> bytes:
        """All of it.

        :raises BackupError: `bad_answer`, when the compressed data has no end.
        """
        if self._decoder is not None and self._parts and not self._decoder.eof:
            raise BackupError("bad_answer", "the answer broke off")
        return b"".join(self._parts)


def _gzip_or_zlib() -> Any:
    return zlib.decompressobj(zlib.MAX_WBITS | 32)
