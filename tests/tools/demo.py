# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make demo``: install the built collection and ask four simulated providers what ran last night."""

from __future__ import annotations

import signal
import sys

from tests.tools.stage import install_collection, play, provider_variables, running_simulator


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_event: sys.exit(1))
    collections = install_collection()
    with running_simulator("--night") as simulator:
        return play("multivendor.backup.tasks", provider_variables(simulator), collections, *sys.argv[1:])


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
