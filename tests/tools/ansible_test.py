# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make sanity``, ``make units``, ``make matrix``: ansible-test, as it has to be run.

* It wants a checkout at ``.../ansible_collections/multivendor/backup`` that no git ignores: it gets a temporary copy.
* It downloads a bootstrap script for pip, which many networks do not let through: a stand-in takes its place.
* It stumbles over pyenv's shims: they are taken off PATH, and the real interpreters put at its end.
* When it tests nothing, it says so and succeeds: here that fails.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from glob import glob
from pathlib import Path

from tests.tools.install import install, make_environment, works
from tests.tools.stage import CACHE, copied_checkout

CORES = {  # ansible-core, and the Pythons 3.x that run it; the highest is also the highest for modules
    "2.16": range(10, 13),
    "2.17": range(10, 13),
    "2.18": range(11, 14),
    "2.19": range(11, 14),
    "2.20": range(12, 15),
    "2.21": range(12, 15),
}
OLDEST_FOR_MODULES = 9
BOOTSTRAPS = ("get_pip_23_1_2.py", "get_pip_24_2.py", "get_pip_25_2.py")
PLACES = [  # where Pythons lie; patterns
    *os.environ.get("PATH", "").split(os.pathsep),
    "~/.pyenv/versions/*/bin",
    "~/.local/share/uv/python/*/bin",
    "/opt/python/*/bin",
    "/opt/hostedtoolcache/Python/*/x64/bin",
]
PYTEST_CLOSES = r"=+ .*(passed|failed|skipped|error|no tests).* =+$"
WORTH_SEEING = re.compile(rf"^(ERROR|FATAL|WARNING: Skipping|Unit test |FAILED |SKIPPED |{PYTEST_CLOSES})")
TESTED_NOTHING = re.compile(r"All targets skipped|no tests ran|No tests? (applicable|found)", re.IGNORECASE)
TESTED_SOMETHING = {
    "sanity": re.compile(r'^Running sanity test "', re.MULTILINE),
    "units": re.compile(r"^=+ .*\d passed", re.MULTILINE),
}


def main() -> int:
    """Run the job of the first argument, on the ansible-cores that follow or else on the newest at hand."""
    job, *asked = sys.argv[1:]
    pythons = find_pythons()
    print(f"Pythons found: {', '.join(f'3.{minor}' for minor in pythons)}", flush=True)
    put_bootstraps()
    passed = True
    with copied_checkout() as checkout:
        for core, minor in choose_cores(job, asked, set(pythons)):
            tester = AnsibleTest(core, minor, pythons, checkout)
            if job in ("sanity", "matrix"):
                passed &= tester.run("sanity")
            if job == "units":  # the newest Python is what `make test` runs on, so the oldest says more
                passed &= tester.run_units(min(pythons))
            if job == "matrix":
                for python in range(OLDEST_FOR_MODULES, max(CORES[core]) + 1):
                    passed &= tester.run_units(python)
    return 0 if passed else 1


def choose_cores(job: str, asked: list[str], minors: set[int]) -> list[tuple[str, int]]:
    """The ansible-cores to test and the newest Python that runs each; says which ones no Python here can run."""
    if unknown := set(asked) - CORES.keys():
        sys.exit(f"Unknown ansible-core {', '.join(unknown)}: choose from {', '.join(CORES)}.")
    wanted = asked or list(CORES)
    runnable = [(core, max(minors & set(CORES[core]))) for core in wanted if minors & set(CORES[core])]
    for core in wanted:
        if not minors & set(CORES[core]):
            print(f"SKIPPED: ansible-core {core}, which needs Python 3.{min(CORES[core])} to 3.{max(CORES[core])}")
    if not asked and not runnable:
        sys.exit("No Python here runs an ansible-core that can be tested.")
    return runnable if asked or job == "matrix" else runnable[-1:]


class AnsibleTest:
    """The ansible-test of one ansible-core on one Python."""

    def __init__(self, core: str, minor: int, pythons: dict[int, Path], checkout: Path) -> None:
        self.name = f"ansible-core {core} on Python 3.{minor}"
        self.core, self.pythons, self.checkout = core, pythons, checkout
        self.folder = CACHE / f"ansible-core-{core}-python3.{minor}"
        make_environment(self.folder, str(pythons[minor]))
        install(self.folder, f"ansible-core=={core}.*")
        path = [place for place in os.environ["PATH"].split(os.pathsep) if Path(place).name != "shims"]
        interpreters = [str(python.parent) for python in pythons.values()]
        self.environment = os.environ | {"PATH": os.pathsep.join([str(self.folder / "bin"), *path, *interpreters])}

    def run_units(self, minor: int) -> bool:
        """Run the unit tests on one Python, as modules would run on it; a Python that is not here is skipped aloud."""
        if minor in self.pythons:
            return self.run("units", "--venv", "--python", f"3.{minor}")
        print(f"SKIPPED: ansible-core {self.core}, units on Python 3.{minor}: no such interpreter here")
        return True

    def run(self, *arguments: str) -> bool:
        """Run one ansible-test command; print what matters of what it says, and all of it when it breaks down."""
        start = time.monotonic()
        print(f"{self.name}: ansible-test {' '.join(arguments)}", flush=True)
        done = subprocess.run(
            [self.folder / "bin/ansible-test", *arguments, "--color", "no"],
            cwd=self.checkout,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        tested = TESTED_SOMETHING[arguments[0]].search(done.stdout) and not TESTED_NOTHING.search(done.stdout)
        passed = done.returncode == 0 and bool(tested)
        explained = "ERROR: Found" in done.stdout or "FATAL: The" in done.stdout
        for line in done.stdout.splitlines():
            if WORTH_SEEING.match(line) or not (passed or explained):
                print(f"  {line}")
        print(f"  {'passed' if passed else 'FAILED'} in {time.monotonic() - start:.0f} s", flush=True)
        return passed


def find_pythons() -> dict[int, Path]:
    """The Pythons of this machine that can make a virtual environment: minor version and interpreter."""
    folders = [Path(name) for place in PLACES for name in sorted(glob(os.path.expanduser(place)))]
    pythons: dict[int, Path] = {}
    for minor in range(OLDEST_FOR_MODULES, max(max(minors) for minors in CORES.values()) + 1):
        for folder in folders:
            if folder.name != "shims" and works(folder / f"python3.{minor}", "-c", "import ensurepip, venv"):
                pythons[minor] = folder / f"python3.{minor}"
                break
    return pythons


def put_bootstraps() -> None:
    """Put a stand-in where ansible-test would keep the script that it downloads, unless the script is there."""
    folder = Path("~/.ansible/test/cache").expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    for name in BOOTSTRAPS:
        if not (folder / name).exists():
            (folder / name).write_text("import ensurepip\n\nensurepip.bootstrap()\n")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
