# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make demo``: install the built collection, ask four simulated providers what ran, and write the report on it."""

from __future__ import annotations

import signal
import sys

from tests.tools.stage import CACHE, install_collection, play, provider_variables, running_simulator

REPORT = CACHE / "report"
# Enough for a calendar of some days.
HISTORY = ("--yandex-tasks", "60", "--veeam-sessions", "340", "--petadata-tasks", "340")


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_event: sys.exit(1))
    collections = install_collection()
    with running_simulator("--night", *HISTORY) as simulator:
        variables = {**provider_variables(simulator), "report_dest": str(REPORT), "report_title": "Last night"}
        for playbook in ("multivendor.backup.tasks", "multivendor.backup.report"):
            if failed := play(playbook, variables, collections, *sys.argv[1:]):
                return failed
    print(f"The report: {(REPORT / 'report.html').as_uri()}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
