# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve the simulated APIs till SIGTERM: `python -m tests.simulator --help`."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from pathlib import Path

from . import ClumioData, PetaDataData, Simulator, VeeamData, YandexData
from .faults import parse_fault
from .server import LoggedRequest


def main() -> int:
    """Start, tell where and with which credentials, and serve till SIGTERM or SIGINT."""
    options = _options().parse_args()
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTERM, signal.SIGINT))
    with _simulator(options) as simulator:
        for fault in options.fault:
            simulator.fault(fault)
        if options.log:
            simulator.log = _Journal(options.log)
        _tell(simulator, options.write)
        signal.sigwait((signal.SIGTERM, signal.SIGINT))
    return 0


class _Journal(list[LoggedRequest]):
    """A log that is written to a file instead, one line a request."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = Path(path)

    def append(self, entry: LoggedRequest) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{entry.provider} {entry.method} {entry.path}\n")


def _simulator(options: argparse.Namespace) -> Simulator:
    night = options.night
    return Simulator(
        tls=options.tls,
        seed=options.seed,
        port=options.port,
        latency=options.latency_ms / 1000,
        keep_log=bool(options.log),  # in memory it would grow for ever
        yandex=YandexData(
            instances=options.yandex_instances or (14 if night else 3),
            tasks_per_instance=options.yandex_tasks or (6 if night else 5),
            external_servers=1 if night else 0,
            calm=night,
        ),
        clumio=ClumioData(tasks=options.clumio_tasks or (140 if night else 20), calm=night),
        veeam=VeeamData(sessions=options.veeam_sessions or (24 if night else 20), calm=night),
        petadata=PetaDataData(
            instances=("pd-orders00000001", "pd-billing0000001") if night else ("pd-sim0000000001",),
            tasks=options.petadata_tasks or (24 if night else 20),
            calm=night,
        ),
    )


def _tell(simulator: Simulator, path: str | None) -> None:
    """Write one JSON document to `path`, whole or not at all, or print it."""
    about = {
        "url": simulator.url,
        "ca_path": simulator.ca_path,
        "other_ca_path": simulator.other_ca_path,
        "credentials": simulator.credentials.as_dict(),
        "petadata_instance_ids": list(simulator.petadata_instances),
        "pid": os.getpid(),
    }
    text = json.dumps(about, indent=2) + "\n"
    if path is None:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    draft = Path(path + ".part")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
    add = parser.add_argument
    add("--port", type=int, default=0, help="port on 127.0.0.1; 0 (the default) takes a free one")
    add("--tls", action=argparse.BooleanOptionalAction, default=True, help="https with a fresh CA (default)")
    add("--plain", dest="tls", action="store_false", help="http")
    add("--night", action="store_true", help="a whole night of a middle-sized house, for a demonstration")
    add("--seed", type=int, default=7, help="another seed makes other data and credentials (default: 7)")
    add("--latency-ms", type=float, default=0.0, help="every answer waits so long")
    add("--yandex-instances", type=int, metavar="N")
    add("--yandex-tasks", type=int, metavar="N", help="tasks of each instance")
    add("--clumio-tasks", type=int, metavar="N")
    add("--veeam-sessions", type=int, metavar="N")
    add("--petadata-tasks", type=int, metavar="N", help="tasks of each instance")
    add(
        "--fault",
        type=parse_fault,
        action="append",
        default=[],
        metavar="PROVIDER:KIND:KEY=VALUE,...",
        help="something that goes wrong, e.g. clumio:throttle:times=2,retry_after=1; may be repeated",
    )
    add("--log", metavar="FILE", help="write each request there, a line each: provider, method, path")
    add("--write", metavar="FILE", help="write url, ca_path and credentials here instead of printing them")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
