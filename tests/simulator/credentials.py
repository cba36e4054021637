# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets that the simulated APIs accept, made anew from the seed; only the RSA key is made once a process."""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from .data import cloud_id, guid, mix


@dataclass(frozen=True)
class Credentials:
    """What a client needs to use each of the four APIs."""

    iam_token: str
    service_account_key: dict[str, str]
    folder_id: str
    clumio_token: str
    organizational_unit: str
    veeam_username: str
    veeam_password: str
    veeam_session_token: str
    """A logon session that exists already and has tasks."""
    veeam_session_id: str
    access_key_id: str
    access_key_secret: str
    security_token: str

    def as_dict(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        return asdict(self)


def make(seed: int) -> Credentials:
    """The credentials of one simulator."""
    session_id = guid(seed, 904, 0)
    return Credentials(
        iam_token=iam_token(seed, 0),
        service_account_key=_service_account_key(seed),
        folder_id=cloud_id("b1g", seed, 901, 0),
        clumio_token=f"eyJhbGciOiJIUzI1NiJ9.{_text(seed, 902, 60)}.{_text(seed, 903, 43)}",
        organizational_unit=guid(seed, 905, 0),
        veeam_username="SIM\\svc-ansible",
        veeam_password=f"pä55 {_text(seed, 906, 16)}",
        veeam_session_token=session_token(session_id),
        veeam_session_id=session_id,
        access_key_id="LTAI" + _text(seed, 907, 20),
        access_key_secret=_text(seed, 908, 30),
        security_token=f"CAIS+/={_text(seed, 909, 60)} ~*",
    )


def iam_token(seed: int, number: int) -> str:
    """An IAM token: `t1.`, and two dots in all."""
    return f"t1.{_text(seed, 910 + 2 * number, 86)}.{_text(seed, 911 + 2 * number, 86)}"


def session_token(session_id: str) -> str:
    """The opaque token of a Veeam logon session; it is not the SessionId."""
    return base64.b64encode(f"token-of-{session_id}".encode()).decode()


def _text(seed: int, stream: int, length: int) -> str:
    words = (mix(seed, stream, n).to_bytes(8, "big") for n in range(length // 8 + 1))
    return base64.b64encode(b"".join(words), altchars=b"xy").decode()[:length]


@lru_cache(maxsize=1)
def private_key() -> rsa.RSAPrivateKey:
    """The service account's key pair; making one takes a tenth of a second, so one serves the whole process."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _service_account_key(seed: int) -> dict[str, str]:
    key_id, account = cloud_id("aje", seed, 911, 1), cloud_id("aje", seed, 911, 2)
    pem = private_key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = (
        private_key()
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    warning = f"PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <{key_id}>\n"
    return {
        "id": key_id,
        "service_account_id": account,
        "created_at": "2026-01-15T09:30:00.123456789Z",
        "key_algorithm": "RSA_2048",
        "public_key": public.decode(),
        "private_key": warning + pem.decode(),
    }
