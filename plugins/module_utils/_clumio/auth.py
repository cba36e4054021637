# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Logging in to Clumio: a long-lived API token, and the organizational unit to look at."""

from __future__ import annotations

from .._core.auth import Token, TokenAuth
from .._core.errors import bad_option
from .._core.http import HttpClient
from .._core.options import Params, header_text


def authentication(params: Params, http: HttpClient) -> TokenAuth:
    """The bearer token of the options.

    :raises BackupError: `bad_option`.
    """
    value = params["api_token"]
    if value is None:
        raise bad_option("api_token", "no credentials were given", "Give an API token, or export CLUMIO_API_TOKEN.")
    http.secrets.add(value, value.strip())
    token = header_text("api_token", value)
    return TokenAuth("Authorization", http.clock, prefix="Bearer ", token=Token(token))


def headers(params: Params) -> dict[str, str]:
    """The headers that every call needs beside the token."""
    unit = params["organizational_unit_context"]
    if unit is None:
        return {}
    return {"X-Clumio-OrganizationalUnit-Context": header_text("organizational_unit_context", unit)}
