# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate of Alibaba's RPC gateways: key, clock, nonce and the signature of version 1.0, from its description."""

from __future__ import annotations

import base64
import calendar
import hashlib
import hmac
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Optional
from urllib.parse import quote

if TYPE_CHECKING:
    from .credentials import Credentials

WINDOW = 15 * 60
"""A request older than this, or from so far in the future, is refused."""

Refused = Optional[tuple[int, str, str]]
"""HTTP status, code and message; None when the request may pass."""

EXPIRED = (400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")
NONCE_USED = (400, "SignatureNonceUsed", "Specified signature nonce was used already.")


def string_to_sign(method: str, parameters: Mapping[str, str]) -> str:
    """METHOD&%2F&encoded(k=v&k=v...), of all parameters but Signature, sorted by name bytewise."""
    names = sorted((name for name in parameters if name != "Signature"), key=lambda name: name.encode())
    canonical = "&".join(f"{_encode(name)}={_encode(parameters[name])}" for name in names)
    return f"{method}&{_encode('/')}&{_encode(canonical)}"


def signature(method: str, parameters: Mapping[str, str], secret: str) -> str:
    """The value of the parameter Signature."""
    digest = hmac.new(f"{secret}&".encode(), string_to_sign(method, parameters).encode(), hashlib.sha1)
    return base64.b64encode(digest.digest()).decode()


def _encode(text: str) -> str:
    return quote(text, safe="-_.~")


class Gate:
    """Lets signed requests pass, each nonce once."""

    def __init__(self, known: Credentials, clock_offset: float) -> None:
        self._known = known
        self._offset = clock_offset
        self._security_token: str | None = known.security_token
        self._nonces: dict[str, float] = {}

    def expire(self) -> None:
        """The security token is worth nothing from now on."""
        self._security_token = None

    def check(self, method: str, parameters: Mapping[str, str]) -> Refused:
        """What is wrong with a request, in the order the gateway looks."""
        return (
            _missing(parameters)
            or _fixed(parameters)
            or self._key(parameters)
            or self._clock(parameters)
            or self._signed(method, parameters)
            or self._fresh(parameters["SignatureNonce"])
        )

    def _key(self, parameters: Mapping[str, str]) -> Refused:
        if parameters["AccessKeyId"] != self._known.access_key_id:
            return 404, "InvalidAccessKeyId.NotFound", "Specified access key is not found."
        token = parameters.get("SecurityToken")
        if token is None or token == self._security_token:
            return None
        if token == self._known.security_token:
            return 400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired."
        return 400, "InvalidSecurityToken.Malformed", "Specified SecurityToken is malformed."

    def _clock(self, parameters: Mapping[str, str]) -> Refused:
        try:
            sent = calendar.timegm(time.strptime(parameters["Timestamp"], "%Y-%m-%dT%H:%M:%SZ"))
        except ValueError:
            return 400, "IllegalTimestamp", 'The input parameter "Timestamp" is not valid.'
        return EXPIRED if abs(time.time() + self._offset - sent) > WINDOW else None

    def _signed(self, method: str, parameters: Mapping[str, str]) -> Refused:
        given = parameters["Signature"]
        if hmac.compare_digest(given.encode(), signature(method, parameters, self._known.access_key_secret).encode()):
            return None
        told = "Specified signature is not matched with our calculation. server string to sign is:"
        return 400, "SignatureDoesNotMatch", told + string_to_sign(method, parameters)

    def _fresh(self, nonce: str) -> Refused:
        now = time.monotonic()
        if len(self._nonces) > 100_000:
            self._nonces = {n: at for n, at in self._nonces.items() if now - at < 2 * WINDOW}
        if nonce in self._nonces:
            return NONCE_USED
        self._nonces[nonce] = now
        return None


def _missing(parameters: Mapping[str, str]) -> Refused:
    for name in (
        "Action",
        "Version",
        "AccessKeyId",
        "SignatureMethod",
        "SignatureVersion",
        "SignatureNonce",
        "Timestamp",
    ):
        if not parameters.get(name):
            return 400, "MissingParameter", f"{name} is mandatory for this action."
    if not parameters.get("Signature"):
        return 400, "IncompleteSignature", "The request signature does not conform to Aliyun standards."
    return None


def _fixed(parameters: Mapping[str, str]) -> Refused:
    for name, only in (("SignatureMethod", "HMAC-SHA1"), ("SignatureVersion", "1.0")):
        if parameters[name] != only:
            return 400, "InvalidParameter", f"The specified parameter {name} is not valid."
    if parameters.get("Format", "XML").upper() not in ("JSON", "XML"):
        return 400, "InvalidParameter", "The specified parameter Format is not valid."
    return None
