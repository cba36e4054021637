# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The signature of Alibaba's RPC gateways against the vectors of the vendor and of others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._petadata.auth import signature

KNOWN = json.loads((Path(__file__).parents[4] / "fixtures" / "petadata_signatures.json").read_text(encoding="utf-8"))


def test_all_vectors_are_there():
    assert len(KNOWN["vectors"]) == 6
    assert len({vector["signature"] for vector in KNOWN["vectors"]}) == 6


@pytest.mark.parametrize("vector", KNOWN["vectors"], ids=lambda vector: vector["case"])
def test_signature(vector):
    assert signature(vector["method"], vector["parameters"], KNOWN["secret"]) == vector["signature"]


@pytest.mark.parametrize("value", ["a b*~+/'()!中&=%", "", "~", "%2F", "\U0001f4be", "ü\tx"])
def test_the_vendors_own_signer_agrees(value):
    oracle = pytest.importorskip("alibabacloud_openapi_util.client").Client
    parameters = {**KNOWN["vectors"][1]["parameters"], "TaskAction": value, "a": "1", "Z": "2"}
    assert signature("GET", parameters, "s3cr/et+") == oracle.get_rpcsignature(parameters, "GET", "s3cr/et+")
