# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Ways to log in to Yandex Cloud: an IAM token, the key of a service account, or the metadata of the VM we run on."""

from __future__ import annotations

import base64
import importlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .._core import times
from .._core.auth import Token, TokenAuth, unsigned
from .._core.errors import BackupError, bad_option, missing_library
from .._core.exchange import Answer, Call
from .._core.http import HttpClient
from .._core.json import read_json
from .._core.options import Params, header_text

# What the token service calls itself in a JWT, whatever address it is reached by.
AUDIENCE = "https://iam.api.cloud.yandex.net/iam/v1/tokens"
JWT_LIFETIME = 3600
_LONGEST_KEY = 1024 * 1024
LONGEST_PATH = 1024
METADATA_TIMEOUT = 1.0
METADATA_PATH = "/computeMetadata/v1/instance/service-accounts/default/token"

_WAYS = "Give `iam_token`, `service_account_key`, `service_account_key_file` or `instance_metadata: true`"
_KEY_FORM = "Give the JSON that `yc iam key create --output` wrote (with id, service_account_id and private_key)."


def authentication(params: Params, http: HttpClient, api_host: str, iam_url: str, metadata_url: str) -> TokenAuth:
    """The login that the options choose. Offline: no request is made before the first call needs a token.

    :raises BackupError: `bad_option`, `missing_library`.
    """
    key = _service_account_key(params)
    if params["instance_metadata"] and (params["iam_token"] is not None or key is not None):
        raise bad_option("instance_metadata", "it excludes a token and a service account key", "Give one of them.")
    if params["iam_token"] is not None:
        return _bearer(http, token=Token(_iam_token(params["iam_token"], http)))
    if key is not None:
        return _bearer(http, obtain=ServiceAccount(key, http, api_host, iam_url).token)
    if params["instance_metadata"]:
        return _bearer(http, obtain=lambda: metadata_token(http, metadata_url))
    raise bad_option(
        "iam_token", "no credentials were given", f"{_WAYS}, or export YC_IAM_TOKEN or YC_SERVICE_ACCOUNT_KEY_FILE."
    )


def _bearer(http: HttpClient, token: Token | None = None, obtain: Callable[[], Token] | None = None) -> TokenAuth:
    return TokenAuth("Authorization", http.clock, prefix="Bearer ", token=token, obtain=obtain)


def _iam_token(value: str, http: HttpClient) -> str:
    http.secrets.add(value, value.strip())
    if value.lstrip().startswith("{"):
        raise bad_option("iam_token", "this is JSON, not a token", "Give a key as `service_account_key`.")
    token = header_text("iam_token", value)
    if token.startswith(("y0_", "y1_", "y2_", "y3_", "AQAAAA")):
        raise bad_option(
            "iam_token",
            "this is an OAuth token, which the API does not take",
            "Give an IAM token: `yc iam create-token` prints one. (It may come from YC_TOKEN.)",
        )
    return token


def _service_account_key(params: Params) -> str | None:
    """The JSON of the key, from the option, the file, or a variable that holds the JSON itself."""
    key: str | None = params["service_account_key"]
    path: str | None = params["service_account_key_file"]
    if key is None and path is not None:
        key = path if path.lstrip().startswith("{") else _content(path)
    return key


def misplaced_key(path: str | None) -> str | None:
    """What stands where a path belongs but cannot be one: perhaps the key itself, which nobody may see."""
    no_path = path and (len(path) > LONGEST_PATH or not path.isprintable() or path.lstrip()[:1] in ("{", "[", "-"))
    return path if no_path else None


def _content(path: str) -> str:
    if misplaced_key(path):
        raise bad_option("service_account_key_file", "this is no path", "Give the key itself as `service_account_key`.")
    file = Path(path).expanduser()
    reason = "it is no ordinary file, or much too large for a key"
    try:
        # a pipe would never end, and a disk image would fill the memory
        if file.stat().st_size <= _LONGEST_KEY and (file.is_file() or file.is_dir()):
            return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        reason = "it is not text"
    except OSError as problem:
        reason = (problem.strerror or "it cannot be read").lower()
    raise bad_option(
        "service_account_key_file", f"{path}: {reason}", "Name a readable file on the machine that runs the module."
    )


class ServiceAccount:
    """A service account that exchanges a signed JWT for an IAM token (Yandex IAM, "Get an IAM token").

    :param key: the JSON of an authorized key.
    :raises BackupError: `bad_option` when it is none, `missing_library` without cryptography.
    """

    def __init__(self, key: str, http: HttpClient, api_host: str, iam_url: str) -> None:
        self._http = http
        self._url = f"{iam_url}/iam/v1/tokens"
        # For other regions one vendor SDK derives the audience from the host, another uses the main one: try both.
        self._audiences = list(dict.fromkeys((f"https://iam.{api_host}/iam/v1/tokens", AUDIENCE)))
        http.secrets.add(key)
        fields = _key_fields(key)
        http.secrets.add(fields["private_key"])
        self._key_id, self._account = fields["id"], fields["service_account_id"]
        self._sign = _signer(fields["private_key"])

    def token(self) -> Token:
        """A new IAM token.

        :raises BackupError: what the token service answers.
        """
        for audience in self._audiences[:-1]:
            try:
                return self._exchange(audience)
            except BackupError as error:
                if error.code not in ("auth_failed", "rejected"):
                    raise
        return self._exchange(self._audiences[-1])

    def _exchange(self, audience: str) -> Token:
        assertion = self._jwt(audience)
        self._http.secrets.add(assertion)
        return self._http.call(  # type: ignore[no-any-return]
            Call(
                "POST",
                self._url,
                "exchange the service account key for an IAM token",
                json={"jwt": assertion},
                auth=unsigned,
                decode=lambda answer: _exchanged(answer, self._http),
            )
        )

    def _jwt(self, audience: str) -> str:
        now = int(self._http.now())
        header = {"typ": "JWT", "alg": "PS256", "kid": self._key_id}
        claims = {"iss": self._account, "aud": audience, "iat": now, "exp": now + JWT_LIFETIME}
        content = b".".join(_base64url(json.dumps(part).encode()) for part in (header, claims))
        return (content + b"." + _base64url(self._sign(content))).decode()


def _base64url(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


def _key_fields(key: str) -> Mapping[str, str]:
    try:
        fields = json.loads(key)
        needed = ("id", "service_account_id", "private_key")
        missing = [name for name in needed if not fields[name] or not isinstance(fields[name], str)]
    except (ValueError, TypeError, KeyError, RecursionError):
        missing = ["something"]
    if missing:
        raise bad_option("service_account_key", "it is no authorized key of a service account", _KEY_FORM)
    return fields  # type: ignore[no-any-return]


def _signer(private_key: str) -> Callable[[bytes], bytes]:
    """PS256 with this PEM key; it may begin with the line "PLEASE DO NOT REMOVE THIS LINE!", as `yc` writes it."""
    try:
        hashes = importlib.import_module("cryptography.hazmat.primitives.hashes")
        padding = importlib.import_module("cryptography.hazmat.primitives.asymmetric.padding")
        serialization = importlib.import_module("cryptography.hazmat.primitives.serialization")
    except ImportError:
        hashes = None
    if hashes is None:
        raise missing_library("cryptography")
    try:
        key = serialization.load_pem_private_key(private_key.encode(), password=None)
        pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
        key.sign(b"", pss, hashes.SHA256())
    except Exception:  # noqa: BLE001 (what cryptography raises differs by version and kind of damage)
        key = None
    if key is None:
        raise bad_option("service_account_key", "its private_key is no usable RSA key in PEM", _KEY_FORM)
    return lambda content: key.sign(content, pss, hashes.SHA256())


def _exchanged(answer: Answer, http: HttpClient) -> Token:
    body = read_json(answer.body)
    token = Token(_issued(body["iamToken"], http))
    try:
        return Token(token.value, max(0.0, times.parse(body["expiresAt"]).timestamp() - http.now()))
    except (KeyError, ValueError):
        return token


def metadata_token(http: HttpClient, metadata_url: str) -> Token:
    """The IAM token of the service account that is linked to the VM we run on (never through a proxy).

    :raises BackupError: with a hint when there is no metadata service here.
    """

    def decode(answer: Answer) -> Token:
        body = read_json(answer.body)
        return Token(_issued(body["access_token"], http), float(body["expires_in"]))

    try:
        return http.call(  # type: ignore[no-any-return]
            Call(
                "GET",
                metadata_url + METADATA_PATH,
                "get an IAM token from the metadata of this VM",
                headers={"Metadata-Flavor": "Google"},
                auth=unsigned,
                proxied=False,
                timeout=METADATA_TIMEOUT,
                decode=decode,
            )
        )
    except BackupError as error:
        error.hint = "Run on a Yandex Compute VM with a service account linked to it, or log in in another way."
        raise


def _issued(token: Any, http: HttpClient) -> str:
    """A token just issued, made a secret before anything else happens to it."""
    if not isinstance(token, str) or not token or not token.isascii() or not token.isprintable():
        raise ValueError("no usable token in it")
    http.secrets.add(token)
    return token
