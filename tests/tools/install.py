# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Install requirements files into a virtual environment, made when it is not there: ``install.py .venv FILE...``.

Needs nothing but the standard library. uv does the work in seconds; where uv cannot be had, pip does it in a minute.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def run(*command: str | Path) -> bool:
    """Run a command; show what it said only when it fails."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout + done.stderr, file=sys.stderr)
    return done.returncode == 0


def works(*command: str | Path) -> bool:
    """Whether a command can be started and succeeds, in silence."""
    try:
        return subprocess.run([str(word) for word in command], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_environment(folder: Path, python: str = sys.executable) -> None:
    """Make the virtual environment anew, unless the one that is there works."""
    if works(folder / "bin/python", "-m", "pip", "--version"):
        return
    if not run(python, "-m", "venv", "--clear", folder):
        sys.exit(f"Cannot make {folder}: {python} lacks its venv module. On Debian: apt-get install python3-venv")


def install(folder: Path, *packages: str | Path) -> None:
    """Install packages, given as the arguments of ``pip install``."""
    python, uv = folder / "bin/python", folder / "bin/uv"
    quiet = ("install", "--quiet", *packages)
    if not works(uv, "--version"):
        works(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv")
    if works(uv, "--version") and run(uv, "pip", *quiet, "--python", python):
        return
    if not run(python, "-m", "pip", "--disable-pip-version-check", *quiet):
        sys.exit(f"Cannot install {' '.join(map(str, packages))} into {folder}: see above.")


def main() -> None:
    folder, *files = map(Path, sys.argv[1:])
    print(f"Installing {', '.join(map(str, files))} into {folder} ...", flush=True)
    make_environment(folder)
    install(folder, *(argument for file in files for argument in ("-r", file)))


if __name__ == "__main__":
    main()
