# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our clients against the floor that latency and parsing set."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.multivendor.backup.plugins.module_utils._core.exchange import Answer, Call
from ansible_collections.multivendor.backup.plugins.module_utils._core.listing import Listing
from tests.bench.sources import Facts, Source

PARALLEL = 8


class DecodeMeter:
    """Adds up what decoding costs: the processor time of parsing and shaping, and the bytes of all bodies."""

    def __init__(self, client: Any) -> None:
        self.seconds = 0.0
        self.bytes = 0
        self._lock = threading.Lock()
        self._call = client.http.call
        client.http.call = self._metered

    def _metered(self, call: Call) -> Any:
        decode = call.decode

        def timed(answer: Answer) -> Any:
            began = time.thread_time()
            try:
                return decode(answer) if decode else None
            finally:
                with self._lock:
                    self.seconds += time.thread_time() - began
                    self.bytes += len(answer.body)

        return self._call(replace(call, decode=timed))


@dataclass(frozen=True)
class Reading:
    """What a complete reading took, and the floor it is measured by."""

    listing: Listing
    seconds: float
    parsing: float
    bytes: int
    latency: float

    @property
    def floor(self) -> float:
        """(1 + ceil((requests - 1) / parallel)) x latency + parsing, the design's floor."""
        return (1 + math.ceil((self.listing.requests - 1) / PARALLEL)) * self.latency + self.parsing


def read(source: Source, facts: Facts, latency: float, *, grown: int = 0, **options: Any) -> Reading:
    """Read everything once, with a client of our own.

    :param grown: by how many records the list grows while it is read.
    :raises SystemExit: the list is not complete: then there is nothing to compare.
    """
    params = source.params(facts, parallel=PARALLEL, **options)
    client = source.connect(facts, parallel=PARALLEL, **options)
    meter = DecodeMeter(client)
    began = time.perf_counter()
    listing = source.read(client, params)
    seconds = time.perf_counter() - began
    client.close()
    lawful = {source.records, source.records + grown} if listing.server_total is None else {listing.server_total}
    if not listing.complete or len(listing.records) not in lawful:
        raise SystemExit(f"{source.title}: {len(listing.records)} records, {listing.error}")
    return Reading(listing, seconds, meter.seconds, meter.bytes, latency)
