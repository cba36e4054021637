# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Credentials on requests: a token in a header, obtained when needed and renewed when refused, once for all workers."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .deadline import Clock
from .errors import BackupError

if TYPE_CHECKING:
    import requests

# A token that was obtained so recently and is refused all the same will not get better by another one.
_FRESH = 60.0


@dataclass(frozen=True)
class Token:
    """A token, and how many seconds it is good for from now (None: nobody knows)."""

    value: str
    lifetime: float | None = None


def unsigned(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """The auth of a request that carries its credentials itself, or needs none."""
    return request


class TokenAuth:
    """Puts a token into a header of each request. Many workers share it.

    :param obtain: gets a token; without it, `token` is all there is, and a refusal is final.
    :param prefix: stands before the token in the header: "Bearer ".
    """

    def __init__(
        self,
        header: str,
        clock: Clock,
        *,
        prefix: str = "",
        token: Token | None = None,
        obtain: Callable[[], Token] | None = None,
    ) -> None:
        self._header = header
        self._prefix = prefix
        self._clock = clock
        self._obtain = obtain
        self._lock = threading.Lock()
        self._token = token
        self._ends_at: float | None = None
        self._renewed_at: float | None = None
        self._failure: BackupError | None = None

    @property
    def token(self) -> str | None:
        """The token in use, if there is one yet."""
        return self._token.value if self._token else None

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers[self._header] = self._prefix + self._current()
        return request

    def renew(self, refused: requests.PreparedRequest) -> bool:
        """Get another token after `refused` got a 401; True when trying again makes sense."""
        if self._obtain is None:
            return False
        with self._lock:
            if self._token is None or refused.headers.get(self._header) != self._prefix + self._token.value:
                return True  # another worker was faster
            now = self._clock.monotonic()
            if self._renewed_at is not None and now - self._renewed_at < _FRESH:
                return False
            self._renewed_at = now
            self._take(self._obtain)
            return True

    def _current(self) -> str:
        with self._lock:
            if self._obtain and (self._token is None or self._ends()):
                self._take(self._obtain)
            return self._token.value if self._token else ""

    def _ends(self) -> bool:
        return self._ends_at is not None and self._clock.monotonic() >= self._ends_at

    def _take(self, obtain: Callable[[], Token]) -> None:
        """Get a token. What kept one worker from it would keep the others: each is told, and none tries again."""
        if self._failure is None:
            try:
                self._token = obtain()
            except BackupError as error:
                self._failure = error
        if self._failure is not None:
            raise copy.copy(self._failure)
        lifetime = self._token.lifetime if self._token else None
        # A token that is over when it is issued shows that clocks differ: it is good until it is refused.
        self._ends_at = (
            self._clock.monotonic() + lifetime - min(60.0, lifetime / 10) if lifetime and lifetime > 0 else None
        )
