# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may use the Yandex API: IAM tokens, the exchange of a signed JWT for one, and the metadata service of a VM."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import jwt

from . import credentials
from .data import utc
from .wire import Reply, Request, json_bytes

if TYPE_CHECKING:
    from .yandex import Yandex

AUDIENCES = ("https://iam.api.cloud.yandex.net/iam/v1/tokens", "https://iam.api.yandexcloud.kz/iam/v1/tokens")
LIFETIME = 12 * 3600
MAX_JWT_SECONDS = 3600
METADATA_PATH = "/computeMetadata/v1/instance/service-accounts/default/token"


class Tokens:
    """The IAM tokens that are good, and how often each was used."""

    def __init__(self, known: credentials.Credentials, seed: int, uses: int | None) -> None:
        self._seed = seed
        self._uses = uses
        self._spent = {known.iam_token: 0}
        self._issued = 0

    def issue(self) -> str:
        """A new token."""
        self._issued += 1
        token = credentials.iam_token(self._seed, self._issued)
        self._spent[token] = 0
        return token

    def spend(self, token: str) -> bool:
        """Use a token once; False when it is unknown, expired or used up."""
        if token not in self._spent:
            return False
        self._spent[token] += 1
        return self._uses is None or self._spent[token] <= self._uses

    def expire(self) -> None:
        """Forget all tokens given so far."""
        self._spent.clear()


def exchange(service: Yandex, request: Request) -> Reply:
    """POST /iam/v1/tokens: an IAM token for a JWT that the service account's key signed."""
    if request.method != "POST":
        raise service.no(501, "Method is not implemented", request)
    try:
        token = request.json()["jwt"]
    except (ValueError, KeyError):
        raise service.no(400, "Illegal argument: jwt is required", request) from None
    problem = _problem(token, service)
    if problem:
        raise service.no(401, f"JWT is invalid: {problem}", request)
    body = {"iamToken": service.tokens.issue(), "expiresAt": utc(time.time() + LIFETIME, 9)}
    return Reply(200, json_bytes(body))


def _problem(token: str, service: Yandex) -> str:
    """What is wrong with a JWT, empty when nothing is."""
    key = service.world.credentials.service_account_key
    try:
        header = jwt.get_unverified_header(token)
        if header.get("kid") != key["id"]:
            return f"unknown key id {header.get('kid')!r}"
        claims = jwt.decode(
            token,
            key["public_key"],
            algorithms=["PS256"],
            audience=AUDIENCES,
            issuer=key["service_account_id"],
            options={"require": ["aud", "exp", "iat", "iss"]},
            leeway=60,
        )
    except jwt.PyJWTError as error:
        return str(error)
    return "exp is more than an hour after iat" if claims["exp"] - claims["iat"] > MAX_JWT_SECONDS else ""


def metadata(service: Yandex, request: Request) -> Reply:
    """The VM's own token. It is plain text about a missing header, as metadata services are."""
    if request.headers.get("Metadata-Flavor") != "Google":
        return Reply(403, b"Missing required header: Metadata-Flavor: Google\n", "text/plain")
    if request.method != "GET" or request.path != METADATA_PATH:
        return Reply(404, b"not found\n", "text/plain")
    body = {"access_token": service.tokens.issue(), "expires_in": LIFETIME - 60, "token_type": "Bearer"}
    return Reply(200, json_bytes(body), headers={"Metadata-Flavor": "Google"})
