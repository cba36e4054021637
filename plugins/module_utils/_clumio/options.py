# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Options of the Clumio modules, and the environment variables that stand in for them."""

from __future__ import annotations

from .._core.connection import CONNECTION_OPTIONS
from .._core.options import Environment, Options

CLUMIO = Options(
    {
        **CONNECTION_OPTIONS,
        "url": {"type": "str"},
        "api_token": {"type": "str", "no_log": True},
        "organizational_unit_context": {"type": "str"},
    },
)

#: Names that the vendor's Terraform provider already uses.
ENVIRONMENT = Environment(
    credentials=({"api_token": "CLUMIO_API_TOKEN"},),
    endpoint={
        "url": "CLUMIO_API_BASE_URL",
        "organizational_unit_context": "CLUMIO_ORGANIZATIONAL_UNIT_CONTEXT",
    },
)

EXAMPLE_URL = "https://us-west-2.api.clumio.com"
