# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""What a reading costs."""

from __future__ import annotations

from .http import HttpClient
from .listing import Listing


class Meter:
    """What a reading cost: the difference of two looks at the client's counters and at the clock."""

    def __init__(self, http: HttpClient) -> None:
        self._http = http
        self._began = http.clock.monotonic()
        self._before = http.counts()

    def told(self, listing: Listing) -> Listing:
        """The listing, with what it cost since the meter began; its error names the provider."""
        for name, count in self._http.counts().items():
            setattr(listing, name, count - self._before[name])
        listing.elapsed_seconds = self._http.clock.monotonic() - self._began
        if listing.error:
            listing.error.provider = self._http.dialect.provider
        return listing
