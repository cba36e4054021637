# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A house whose providers do as they are told."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils import _sources
from ansible_collections.multivendor.backup.plugins.module_utils._unified import resources
from ansible_collections.multivendor.backup.tests.unit.plugins.module_utils._unified.house import Client, House


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    made = House()

    def connect(provider: str) -> Any:
        return lambda _params, secrets, *, environ: Client(made, provider, secrets)

    registry = {
        key: _sources.Provider(**{**vars(provider), "connect": connect(key), "check_scope": lambda *_: None})
        for key, provider in _sources.PROVIDERS.items()
    }
    for module in (_sources, resources):
        monkeypatch.setattr(module, "PROVIDERS", registry)
    return made
