# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Options of the Yandex modules, and the environment variables that stand in for them."""

from __future__ import annotations

from .._core.connection import CONNECTION_OPTIONS
from .._core.options import Environment, Options

YANDEX = Options(
    {
        **CONNECTION_OPTIONS,
        "iam_token": {"type": "str", "no_log": True},
        "service_account_key": {"type": "json", "no_log": True},
        "service_account_key_file": {"type": "path", "no_log": False},
        "instance_metadata": {"type": "bool", "default": False},
        "api_host": {"type": "str"},
        "api_url": {"type": "str"},
        "iam_url": {"type": "str"},
        "metadata_url": {"type": "str"},
    },
    mutually_exclusive=[("iam_token", "service_account_key", "service_account_key_file")],
)

#: Names that Terraform and the `yc` command line already use.
ENVIRONMENT = Environment(
    credentials=(
        {"iam_token": "YC_IAM_TOKEN"},
        {"iam_token": "YC_TOKEN"},
        {"service_account_key_file": "YC_SERVICE_ACCOUNT_KEY_FILE"},
    ),
    endpoint={"api_host": "YC_ENDPOINT"},
)

FOLDER_VARIABLE = "YC_FOLDER_ID"
METADATA_VARIABLE = "YC_METADATA_ADDR"
API_HOST = "api.cloud.yandex.net"
METADATA_URL = "http://169.254.169.254"
