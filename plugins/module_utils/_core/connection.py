# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The connection options of a source, checked before the first request: O(timeout) to O(proxy), and addresses."""

from __future__ import annotations

import ipaddress
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from .errors import bad_option
from .redact import Secrets

#: The argument spec of these options, the same for every provider.
CONNECTION_OPTIONS: dict[str, dict[str, Any]] = {
    "timeout": {"type": "float", "default": 30},
    "deadline": {"type": "float", "default": 300},
    "retries": {"type": "int", "default": 5},
    "parallel": {"type": "int", "default": 8},
    "page_size": {"type": "int"},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "client_cert": {"type": "path"},
    "client_key": {"type": "path"},
    "proxy": {"type": "str"},
}

# How long and how much a call may be asked to try: name -> (lowest, highest).
LIMITS = {
    "timeout": (0.1, 3600),
    "deadline": (0.1, 86400),
    "retries": (0, 100),
    "parallel": (1, 64),
}


@dataclass(frozen=True)
class Connection:
    """How to reach a source. Times are seconds; `verify` and `certificate` are what requests takes."""

    timeout: float = 30.0
    deadline: float = 300.0
    retries: int = 5
    parallel: int = 8
    page_size: int | None = None
    verify: bool | str = True
    certificate: str | tuple[str, str] | None = None
    proxy: str | None = None

    @classmethod
    def from_params(cls, params: Mapping[str, Any], secrets: Secrets) -> Connection:
        """The connection that module options describe.

        :raises BackupError: `bad_option`, naming the option and what it takes.
        """
        return cls(
            **{name: _limited(name, params[name]) for name in LIMITS},
            page_size=params.get("page_size"),
            verify=_verify(params),
            certificate=_certificate(params),
            proxy=_proxy(params.get("proxy"), secrets),
        )


def _limited(name: str, value: Any) -> Any:
    lowest, highest = LIMITS[name]
    if not lowest <= value <= highest:
        raise bad_option(name, f"{value:g} is out of bounds", f"Give a number from {lowest:g} to {highest:g}.")
    return value


def _verify(params: Mapping[str, Any]) -> bool | str:
    """What TLS certificates are checked against: nothing, a file or folder, or what Python trusts.

    The option wins over the usual environment variables, which win over the bundled authorities.
    """
    path = params.get("ca_path")
    if path and not params["validate_certs"]:
        raise bad_option("ca_path", "it has no use with `validate_certs: false`", "Leave one of the two out.")
    if not params["validate_certs"]:
        return False
    if path:
        return _authorities(path)
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        if os.environ.get(variable):
            return _authorities(os.environ[variable], f"ca_path (from {variable})")
    return True


def _authorities(path: str, option: str = "ca_path") -> str:
    path = os.path.expanduser(path)
    if not os.path.exists(path):
        raise bad_option(
            option,
            f"there is no file or folder {path}",
            "Give the path of a PEM file, on the machine that runs the module.",
        )
    if not os.path.isdir(path):
        _load(option, path, lambda context: context.load_verify_locations(path))
    return path


def _certificate(params: Mapping[str, Any]) -> str | tuple[str, str] | None:
    certificate, key = params.get("client_cert"), params.get("client_key")
    if not certificate:
        if key:
            raise bad_option("client_key", "it needs `client_cert`", "Give the certificate that belongs to the key.")
        return None
    certificate, key = os.path.expanduser(certificate), os.path.expanduser(key) if key else None
    # An encrypted key would make OpenSSL ask on the terminal: an empty password makes it fail instead.
    _load("client_cert", certificate, lambda context: context.load_cert_chain(certificate, key, password=""))
    return (certificate, key) if key else certificate


def _load(option: str, path: str, load: Any) -> None:
    try:
        load(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    except (OSError, ValueError) as problem:  # ssl.SSLError is an OSError
        reason = None if isinstance(problem, (ssl.SSLError, ValueError)) else problem.strerror
    else:
        return
    raise bad_option(
        option,
        f"{path}: {reason or 'not usable PEM'}",
        "Give readable PEM; a key must not be encrypted and must fit its certificate.",
    )


def _proxy(proxy: str | None, secrets: Secrets) -> str | None:
    if not proxy:
        return None
    problem = bad_option("proxy", "it is no address of a proxy", "Write it like http://proxy.example.com:3128.")
    try:
        hide_password(proxy, secrets)
        parts = urlsplit(proxy)
        _port = parts.port
    except ValueError:
        raise problem from None
    if parts.scheme not in ("http", "https", "socks5", "socks5h") or not parts.hostname:
        raise problem
    return proxy


def hide_password(url: str, secrets: Secrets) -> None:
    """Make a secret of the password that stands in an address, which may lack its scheme."""
    password = urlsplit(url if "://" in url else f"//{url}").password
    if password:
        secrets.add(password, unquote(password))


def base_url(option: str, value: str | None, params: Mapping[str, Any], *, example: str) -> str:
    """An API's address, without a slash at its end.

    Plain HTTP would show every secret to the network: it is refused, unless certificates are not validated either
    (whoever wrote that knows), or the address is this very machine.

    :raises BackupError: `bad_option`.
    """
    hint = f"Write it like {example}."
    if not value or not value.strip():
        raise bad_option(option, "it is missing", hint)
    try:
        parts = urlsplit(value.strip())
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise bad_option(option, "it is no address", hint) from None
    plain = value.strip().isprintable() and not any(mark in value.strip() for mark in " \\")
    if parts.scheme not in ("http", "https") or not host or not plain:
        raise bad_option(option, "it is no http(s) address", hint)
    if parts.username is not None or parts.query or parts.fragment:
        raise bad_option(option, "an address has no user, query or fragment here", hint)
    if parts.scheme == "http" and params.get("validate_certs", True) and not _is_this_machine(host):
        raise bad_option(
            option,
            "plain http would send the credentials in clear text",
            "Use https. If it must be http, say so with `validate_certs: false`.",
        )
    return value.strip().rstrip("/")


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
