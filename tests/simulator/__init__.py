# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulator of the four backup APIs on one loopback port: real sockets, strict like the vendors, faults on demand."""

from __future__ import annotations

from .clumio import ClumioData
from .faults import Fault
from .petadata import PetaDataData
from .server import Simulator
from .veeam import VeeamData
from .yandex import YandexData

__all__ = ["ClumioData", "Fault", "PetaDataData", "Simulator", "VeeamData", "YandexData"]
