# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let plain ``pytest`` in the checkout import ``ansible_collections.multivendor.backup``.

``ansible-test`` brings a loader of its own; wherever the name can be imported already, nothing is changed.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent


def register_namespace(name: str, path: list[str]) -> None:
    """Register ``name`` as a package over ``path``, unless Python can import it already."""
    try:
        importlib.import_module(name)
    except ImportError:
        package = ModuleType(name)
        package.__path__ = path
        sys.modules[name] = package
        parent, _dot, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, package)


register_namespace("ansible_collections", [])
register_namespace("ansible_collections.multivendor", [])
register_namespace("ansible_collections.multivendor.backup", [str(ROOT)])
