# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole modules: an ad-hoc call beside `ansible.builtin.uri`, and the memory that a module takes."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.sources import Facts, Source
from tests.tools.stage import BIN, ROOT, environment

PACKAGE = "ansible_collections.multivendor.backup.plugins.modules"
ROUNDS = 5


def ad_hoc(facts: Facts) -> tuple[float, float]:
    """Median seconds of an ad-hoc call for one page of Clumio tasks: our module and `ansible.builtin.uri`, in turns."""
    token = facts["credentials"]["clumio_token"]
    ours = {"url": facts["url"], "api_token": token, "ca_path": facts["ca_path"], "page_size": 100}
    uri = {
        "url": f"{facts['url']}/tasks?limit=100&start=1",
        "headers": {"Authorization": f"Bearer {token}", "Accept": "application/api.clumio.tasks=v1+json"},
        "ca_path": facts["ca_path"],
        "return_content": True,
    }
    calls = (("multivendor.backup.clumio_backup_task_info", ours), ("ansible.builtin.uri", uri))
    seconds = [[_call(name, options) for name, options in calls] for _round in range(ROUNDS + 1)][1:]
    return statistics.median(pair[0] for pair in seconds), statistics.median(pair[1] for pair in seconds)


def _call(module: str, options: dict[str, Any]) -> float:
    command = [BIN / "ansible", "localhost", "-m", module, "-a", json.dumps(options)]
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=environment(), check=True, capture_output=True)
    return time.perf_counter() - began


# VmHWM belongs to the program alone; the kernel's other figure (ru_maxrss) would include the process that started it.
_MEASURED = """
import atexit, runpy, sys
module, written = sys.argv[1], sys.argv.pop()
def note():
    lines = open("/proc/self/status").read().splitlines()
    open(written, "w").write(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
atexit.register(note)
del sys.argv[1]
runpy.run_module(module, run_name="__main__")
"""


@dataclass(frozen=True)
class Measured:
    """What running a module cost: peak memory and what it printed in bytes, and seconds; and its result."""

    peak: int
    printed: int
    seconds: float
    result: dict[str, Any]


def peak_memory(source: Source, facts: Facts) -> Measured:
    """The module that reads this source."""
    return _measured(source.module, {**source.options(facts), "ca_path": facts["ca_path"]})


def export(facts: Facts, folder: str, form: str) -> Measured:
    """`backup_export` of all Clumio tasks to a file in this folder."""
    token = facts["credentials"]["clumio_token"]
    options = {
        "sources": [{"clumio": {"url": facts["url"], "api_token": token, "ca_path": facts["ca_path"]}}],
        "connection": {"deadline": 3600},
        "since": "2016-01-01T00:00:00Z",
        "dest": str(Path(folder, f"tasks.{form}")),
    }
    return _measured("backup_export", options)


def _measured(module: str, options: dict[str, Any]) -> Measured:
    with TemporaryDirectory() as folder:
        arguments, printed, peak = (Path(folder, name) for name in ("arguments.json", "printed.json", "peak"))
        arguments.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": options}))
        command = [sys.executable, "-c", _MEASURED, f"{PACKAGE}.{module}", arguments, peak]
        path = str(ROOT / ".cache/collections")
        began = time.perf_counter()
        with printed.open("w") as output:
            done = subprocess.run(
                command, stdout=output, env={**environment(), "PYTHONPATH": path}, cwd=folder, check=False
            )
        seconds = time.perf_counter() - began
        if done.returncode:
            raise SystemExit(f"{module} failed: {printed.read_text()[:2000]}")
        result = json.loads(printed.read_text())
        return Measured(int(peak.read_text()) * 1024, printed.stat().st_size, seconds, result)
