# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""What goes to a server and comes back, and what a provider knows of it: calls, answers, dialects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import requests


@dataclass(frozen=True)
class Answer:
    """What came back, whole and decompressed. Headers are found without regard to case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def looks_like_html(self) -> bool:
        start = self.body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        return start.startswith((b"<!doctype html", b"<html")) or "text/html" in self._type

    @property
    def _type(self) -> str:
        return self.headers.get("Content-Type", "").lower()

    @property
    def looks_like_xml(self) -> bool:
        return self.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


@dataclass(frozen=True)
class Explanation:
    """What a provider says of its own error: its code and words, and our code where the status alone would mislead."""

    provider_code: str | None = None
    message: str | None = None
    request_id: str | None = None
    code: str | None = None
    final: bool = False
    hint: str | None = None


@dataclass(frozen=True)
class Dialect:
    """What differs between the providers' HTTP.

    :param provider: its key.
    :param title: its name in a sentence.
    :param decode: the plain data of a good answer; raises ValueError when it is none.
    :param explain: what an error answer says; must not raise for any body.
    :param hints: code -> what to do next, where the provider knows better than `errors.CODES`.
    :param lapsed: whether an error answer says that the credentials are not good any more, so that new ones may help.
    """

    provider: str
    title: str
    decode: Callable[[Answer], Any]
    explain: Callable[[Answer], Explanation]
    hints: Mapping[str, str] = field(default_factory=dict)
    lapsed: Callable[[Answer], bool] = lambda answer: answer.status == 401


class Auth(Protocol):
    """Credentials that sign each attempt anew."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put the credentials on a request that is otherwise ready."""

    def renew(self, refused: requests.PreparedRequest) -> bool:
        """Get new credentials after an answer to `refused` for which `lapsed` is true; False when there are none."""


@dataclass(frozen=True)
class Call:
    """One request to be made, as often as it takes.

    :param doing: completes the sentence "Could not ...".
    :param safe: may be repeated although it may have arrived. True for all reads.
    :param renewable: where the credentials have lapsed, it may be repeated with new ones.
    """

    method: str
    url: str
    doing: str
    params: Mapping[str, Any] | None = None
    headers: Mapping[str, str] | None = None
    json: Any = None
    auth: Callable[[requests.PreparedRequest], requests.PreparedRequest] | None = None
    safe: bool = True
    renewable: bool = True
    proxied: bool = True
    timeout: float | None = None
    decode: Callable[[Answer], Any] | None = None
