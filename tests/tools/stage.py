# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the other tools stand on: where things are, the built collection, a running simulator, a clean Ansible."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
BIN = Path(sys.executable).parent
START_SECONDS = 60
#: What the sources are called.
NAMES = {"yandex": "yc-prod", "clumio": "clumio-us", "veeam": "hq-veeam", "petadata": "orders-db"}


def project_files() -> list[Path]:
    """The files that git tracks or would, relative to the checkout."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    return [Path(name) for name in sorted(filter(None, names)) if (ROOT / name).is_file()]


@contextmanager
def copied_checkout() -> Iterator[Path]:
    """A temporary copy of the project at a path that ansible-test accepts."""
    with TemporaryDirectory(prefix="multivendor-backup-") as folder:
        checkout = Path(folder, "ansible_collections/multivendor/backup")
        for name in project_files():
            (checkout / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, checkout / name)
        yield checkout


def build_collection(folder: Path = CACHE / "dist", checkout: Path = ROOT) -> Path:
    """Build the tarball into ``folder`` and return its path."""
    _quietly("ansible-galaxy", "collection", "build", "--force", "--output-path", folder, checkout)
    return max(folder.glob("multivendor-backup-*.tar.gz"), key=lambda path: path.stat().st_mtime)


def install_collection(folder: Path = CACHE / "installed") -> Path:
    """Build the collection and install it below ``folder``, as a user would; return ``folder``."""
    _quietly("ansible-galaxy", "collection", "install", "--force", "--offline", "-p", folder, build_collection())
    return folder


@contextmanager
def running_simulator(*options: str) -> Iterator[dict[str, Any]]:
    """A simulator on TLS for the length of a ``with`` block; gives its address and credentials as it wrote them."""
    with TemporaryDirectory(prefix="multivendor-backup-") as folder:
        facts, log = Path(folder, "simulator.json"), Path(folder, "simulator.log")
        command = [sys.executable, "-m", "tests.simulator", "--tls", "--port", "0", "--write", str(facts), *options]
        with log.open("w") as output:
            process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield _when_written(facts, process, log)
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def play(playbook: str | Path, variables: dict[str, Any], collections: Path, *options: str) -> int:
    """Run a playbook, given as a path or by its full name, against localhost; return Ansible's exit code."""
    with TemporaryDirectory(prefix="multivendor-backup-") as folder:
        extra = Path(folder, "variables.json")
        extra.write_text(json.dumps(variables))
        command = [BIN / "ansible-playbook", playbook, "--extra-vars", f"@{extra}", *options]
        return subprocess.run(command, cwd=ROOT, env=environment(collections), check=False).returncode


def provider_variables(simulator: dict[str, Any], names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What playbooks take: each provider's options as ``backup_*``, and all of them as ``backup_sources``."""
    credentials, url = simulator["credentials"], simulator["url"]
    common = {"ca_path": simulator["ca_path"]}
    providers = {
        "yandex": common
        | {"api_url": url, "iam_token": credentials["iam_token"], "folder_id": credentials["folder_id"]},
        "clumio": common | {"url": url, "api_token": credentials["clumio_token"]},
        "veeam": common
        | {"url": url, "username": credentials["veeam_username"], "password": credentials["veeam_password"]},
        "petadata": common
        | {
            "url": url,
            "access_key_id": credentials["access_key_id"],
            "access_key_secret": credentials["access_key_secret"],
            "instance_ids": simulator["petadata_instance_ids"],
        },
    }
    return {
        **{f"backup_{key}": options for key, options in providers.items()},
        "backup_sources": [{"name": (names or NAMES)[key], key: options} for key, options in providers.items()],
    }


def environment(collections: Path | None = None) -> dict[str, str]:
    """This process's environment, less whatever the user set up for Ansible and the proxies on the way to loopback."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    return {
        **kept,
        "ANSIBLE_COLLECTIONS_PATH": str(collections or CACHE / "collections"),
        "ANSIBLE_CONFIG": str(ROOT / "tests/ansible.cfg"),
        "LC_ALL": "C.UTF-8",
        "NO_PROXY": "127.0.0.1,localhost",
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
    }


def _quietly(program: str, *arguments: str | Path) -> None:
    """Run a program of the virtual environment; show what it said only when it fails."""
    command = [BIN / program, *arguments]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{done.stdout}{done.stderr}\n{program} failed, see above.")


def _when_written(facts: Path, process: subprocess.Popen[bytes], log: Path) -> dict[str, Any]:
    """Wait until the simulator has written where it listens."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            written: dict[str, Any] = json.loads(facts.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            time.sleep(0.05)
        else:
            return written
    sys.exit(f"{log.read_text()}\nThe simulator did not start, see above.")
