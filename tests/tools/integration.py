# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make integration``: run the playbooks of tests/integration against the simulator, with the collection installed.

Playbooks named as arguments run alone. Each finds ``simulator`` (what that wrote), ``simulator_log`` (a file with its
requests) and the ``backup_*`` variables, and ``second_simulator`` with ``second_sources``: started for it alone,
slower, with other data, and its Clumio throttles.
"""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.tools.stage import ROOT, install_collection, play, provider_variables, running_simulator

THROTTLE = "clumio:throttle:path=^/tasks,times=2,retry_after=1"
SECOND = ("--night", "--seed", "8", "--latency-ms", "250", "--fault", THROTTLE)
SECOND_NAMES = {"yandex": "yc-test", "clumio": "clumio-eu", "veeam": "branch-veeam", "petadata": "billing-db"}


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_event: sys.exit(1))
    playbooks = [Path(name) for name in sys.argv[1:]] or sorted((ROOT / "tests/integration").glob("*.yml"))
    if not playbooks:
        sys.exit("tests/integration holds no playbook.")
    collections, failed = install_collection(), []
    with (
        TemporaryDirectory(prefix="multivendor-backup-") as folder,
        running_simulator("--night", "--log", log := f"{folder}/requests.log") as simulator,
    ):
        for playbook in playbooks:
            start = time.monotonic()
            with running_simulator(*SECOND) as second:
                variables = {
                    "simulator": simulator,
                    "simulator_log": log,
                    "second_simulator": second,
                    "second_sources": provider_variables(second, SECOND_NAMES)["backup_sources"],
                    **provider_variables(simulator),
                }
                passed = play(playbook, variables, collections) == 0
            if not passed:
                failed.append(playbook.name)
            print(
                f"{playbook.name}: {'passed' if passed else 'FAILED'} in {time.monotonic() - start:.1f} s\n", flush=True
            )
    print(f"{len(playbooks) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
