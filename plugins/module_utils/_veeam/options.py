# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Options of the Veeam modules, and the environment variables that stand in for them."""

from __future__ import annotations

from .._core.connection import CONNECTION_OPTIONS
from .._core.options import Environment, Options

VEEAM = Options(
    {
        **CONNECTION_OPTIONS,
        "url": {"type": "str"},
        "username": {"type": "str"},
        "password": {"type": "str", "no_log": True},
        "session_token": {"type": "str", "no_log": True},
        "api_version": {"type": "str", "default": "latest"},
        "format": {"type": "str", "choices": ["json", "xml"], "default": "json"},
    },
    mutually_exclusive=[("username", "session_token"), ("password", "session_token")],
    required_together=[("username", "password")],
)

ENVIRONMENT = Environment(
    credentials=(
        {"username": "VEEAM_EM_USERNAME", "password": "VEEAM_EM_PASSWORD"},
        {"session_token": "VEEAM_EM_SESSION_TOKEN"},
    ),
    endpoint={"url": "VEEAM_EM_URL"},
)

EXAMPLE_URL = "https://em.example.com:9398"
