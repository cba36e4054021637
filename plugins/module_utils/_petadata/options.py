# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Options of the PetaData modules, and the environment variables that stand in for them."""

from __future__ import annotations

from .._core.connection import CONNECTION_OPTIONS
from .._core.options import Environment, Options

DEFAULT_URL = "https://petadata.aliyuncs.com"

PETADATA = Options(
    {
        **CONNECTION_OPTIONS,
        "url": {"type": "str", "default": DEFAULT_URL},
        "access_key_id": {"type": "str", "no_log": False},
        "access_key_secret": {"type": "str", "no_log": True},
        "security_token": {"type": "str", "no_log": True},
        "format": {"type": "str", "choices": ["json", "xml"], "default": "json"},
    },
)

#: Names of the alicloud modules and Terraform, then those of the vendor's command line and SDKs.
ENVIRONMENT = Environment(
    credentials=(
        {
            "access_key_id": "ALICLOUD_ACCESS_KEY",
            "access_key_secret": "ALICLOUD_SECRET_KEY",
            "security_token": "ALICLOUD_SECURITY_TOKEN",
        },
        {
            "access_key_id": "ALIBABA_CLOUD_ACCESS_KEY_ID",
            "access_key_secret": "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            "security_token": "ALIBABA_CLOUD_SECURITY_TOKEN",
        },
    ),
)
