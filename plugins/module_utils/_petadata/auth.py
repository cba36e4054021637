# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Alibaba Cloud's RPC signature, version 1.0: every attempt is signed with a nonce of its own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

from .._core import times
from .._core.errors import bad_option
from .._core.http import HttpClient
from .._core.options import Params, header_text, printable

if TYPE_CHECKING:
    import requests

_WAYS = (
    "Give both, or export ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY "
    "(or ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET). "
    "The environment is read only when no credential option is given."
)


def signature(method: str, parameters: Mapping[str, str], secret: str) -> str:
    """The signature of a request with these parameters (all but Signature itself), in base64."""
    query = "&".join(f"{_encode(name)}={_encode(value)}" for name, value in sorted(parameters.items()))
    text = f"{method}&{_encode('/')}&{_encode(query)}"
    digest = hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _encode(text: str) -> str:
    return quote(text, safe="-_.~")


class RpcAuth:
    """Signs requests with an access key.

    :raises BackupError: `bad_option`.
    """

    def __init__(self, params: Params, http: HttpClient) -> None:
        for option in ("access_key_id", "access_key_secret"):
            if params[option] is None:
                raise bad_option(option, "it is missing", _WAYS)
        http.secrets.add(params["access_key_secret"], params["security_token"])
        http.secrets.add_quiet(params["access_key_id"])  # no secret, but a server echoes it beside a signature
        self._http = http
        self._key_id = header_text("access_key_id", params["access_key_id"])
        self._secret = header_text("access_key_secret", params["access_key_secret"])
        token = params["security_token"]
        self._token = printable("security_token", token) if token is not None else None
        http.secrets.add(self._secret, self._token)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the common parameters and the signature to the query."""
        address = urlsplit(request.url or "")
        parameters = {
            **dict(parse_qsl(address.query, keep_blank_values=True)),
            "AccessKeyId": self._key_id,
            "SignatureMethod": "HMAC-SHA1",
            "SignatureVersion": "1.0",
            "SignatureNonce": str(uuid.uuid4()),
            "Timestamp": times.rfc3339(self._http.now()),
        }
        if self._token:
            parameters["SecurityToken"] = self._token
        parameters["Signature"] = signature(request.method or "GET", parameters, self._secret)
        query = "&".join(f"{_encode(name)}={_encode(value)}" for name, value in parameters.items())
        request.url = urlunsplit((address.scheme, address.netloc, address.path or "/", query, ""))
        return request

    def renew(self, refused: requests.PreparedRequest) -> bool:
        """Whether a request was signed by another clock than that of the server, which its refusal has told."""
        signed = dict(parse_qsl(urlsplit(refused.url or "").query))["Timestamp"]
        return abs(self._http.now() - times.parse(signed).timestamp()) > times.CLOCK_TOLERANCE
