# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run modules as Ansible runs them, without the half second that each start costs.

A helper process has imported what modules import; for each run it forks, and the child executes the module's file as a
script, with its arguments and an environment of its own. `real=True` starts a whole Python instead, end included.
"""

from __future__ import annotations

import atexit
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MODULES = "ansible_collections.multivendor.backup.plugins.modules."
CALLS: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "yandex_backup_task_info": ("yandex", {}, "tasks", "yandex.tasks"),
    "yandex_backup_resource_info": ("yandex", {}, "resources", "yandex.resources"),
    "clumio_backup_task_info": ("clumio", {}, "tasks", "clumio"),
    "clumio_backup_resource_info": (
        "clumio",
        {"kinds": ["s3_buckets"]},
        "resources",
        "clumio.datasources/aws/s3-buckets",
    ),
    "veeam_backup_task_info": ("veeam", {}, "tasks", "veeam.Task"),
    "veeam_backup_session_info": ("veeam", {"kind": "restore"}, "sessions", "veeam.RestoreSession"),
    "petadata_backup_task_info": ("petadata", {"start_time": "7d"}, "tasks", "petadata"),
}
"""The modules that read a list: provider, options, key of the result, and what the simulator calls the whole of it."""


def needed(module: str, simulator: Any) -> dict[str, Any]:
    """The options without which a module reads nothing."""
    provider, options, _key, _truth = CALLS[module]
    if provider == "yandex":
        return {**options, "folder_id": simulator.credentials.folder_id}
    return {**options, "instance_ids": list(simulator.petadata_instances)} if provider == "petadata" else options


HEAVY = ("ansible.module_utils.basic", "requests", "xmltodict", "cryptography.hazmat.primitives.asymmetric.padding")
KEPT = ("PATH", "LANG", "LC_ALL", "HOME", "TMPDIR")


@dataclass(frozen=True)
class Run:
    """What came of one run. `result` is the JSON that the module printed, empty if it printed none."""

    rc: int | None
    stdout: str
    stderr: str
    seconds: float

    @property
    def result(self) -> dict[str, Any]:
        lines = [line for line in self.stdout.splitlines() if line.startswith("{")]
        return json.loads(lines[-1]) if lines else {}

    @property
    def error(self) -> dict[str, Any]:
        """The structured error, empty if there is none."""
        return self.result.get("error") or {}


class ModuleRunner:
    """A context manager whose `run` runs modules."""

    def __init__(self) -> None:
        self._helper = _start("serve")

    def __enter__(self) -> ModuleRunner:
        return self

    def __exit__(self, *exc: object) -> None:
        self._helper.communicate()

    def run(
        self,
        module: str,
        options: Mapping[str, Any],
        env: Mapping[str, str] | None = None,
        *,
        patience: float = 30.0,
        check: bool = False,
        real: bool = False,
    ) -> Run:
        """Run a module. One that takes longer than `patience` seconds is killed, and its `rc` is None."""
        arguments = {**options, "_ansible_check_mode": check, "_ansible_no_log": False, "_ansible_verbosity": 4}
        order = {"module": module, "arguments": arguments, "env": dict(env or {}), "patience": patience}
        return _alone(order) if real else self._ask([order])[0]

    def run_all(self, runs: Sequence[tuple[str, Mapping[str, Any], Mapping[str, str]]]) -> list[Run]:
        """Run several modules at the same time: module, options and environment of each."""
        return self._ask(
            [
                {
                    "module": module,
                    "arguments": {**options, "_ansible_verbosity": 4},
                    "env": dict(env),
                    "patience": 30.0,
                }
                for module, options, env in runs
            ]
        )

    def _ask(self, orders: list[dict[str, Any]]) -> list[Run]:
        helper = self._helper
        if helper.stdin is None or helper.stdout is None:
            raise RuntimeError("the helper has no pipes")
        helper.stdin.write(json.dumps(orders) + "\n")
        helper.stdin.flush()
        return [Run(**told) for told in json.loads(helper.stdout.readline())]


def ad_hoc(
    module: str, options: Mapping[str, Any], folder: Path, *, env: Mapping[str, str] | None = None, verbose: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a module by the real `ansible`, with the collection in `folder`; options go through a file."""
    link = folder / "ansible_collections" / "multivendor" / "backup"
    if not link.exists():
        link.parent.mkdir(parents=True)
        link.symlink_to(ROOT)
    (folder / "options.json").write_text(json.dumps({"options": options}), encoding="utf-8")
    (folder / "play.yml").write_text(PLAY.format(module=module), encoding="utf-8")
    command = [
        str(Path(sys.executable).with_name("ansible-playbook")),
        "-i",
        "localhost,",
        "play.yml",
        "-e",
        "@options.json",
    ]
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    surroundings = {
        **kept,
        "HOME": str(folder),
        "ANSIBLE_COLLECTIONS_PATH": str(folder),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_NOCOLOR": "1",
        **(env or {}),
    }
    return subprocess.run(
        command + ([verbose] if verbose else []),
        cwd=folder,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


PLAY = """
- hosts: localhost
  connection: local
  gather_facts: false
  vars: {{ansible_python_interpreter: "{{{{ ansible_playbook_python }}}}"}}
  tasks:
    - multivendor.backup.{module}: "{{{{ options }}}}"
      register: told
    - ansible.builtin.copy:
        content: "{{{{ told }}}}"
        dest: told.json
"""


def _start(how: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.modules", how]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _alone(order: dict[str, Any]) -> Run:
    began = time.monotonic()
    command = [sys.executable, "-m", "tests.modules", "once"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as process:  # type: ignore[call-overload]
        try:
            out, err = process.communicate(json.dumps(order), timeout=order["patience"])
            rc = process.returncode
        except subprocess.TimeoutExpired:
            process.kill()
            (out, err), rc = process.communicate(), None
    return Run(rc, out, err, time.monotonic() - began)


def _serve() -> None:
    """Fork for each order that comes in, and tell what came of it."""
    for name in HEAVY:
        __import__(name)
    for provider in ("yandex", "clumio", "veeam", "petadata"):
        __import__(f"ansible_collections.multivendor.backup.plugins.module_utils._{provider}.client")
    for line in sys.stdin:
        children = [_Child(order) for order in json.loads(line)]
        while sum(not child.has_ended() for child in children):
            time.sleep(0.002)
        sys.stdout.write(json.dumps([child.told for child in children]) + "\n")
        sys.stdout.flush()


class _Child:
    """A fork that runs one module."""

    def __init__(self, order: dict[str, Any]) -> None:
        self._out, self._err = (tempfile.TemporaryFile() for _stream in range(2))  # noqa: SIM115  # closed when told
        self._began = time.monotonic()
        self._until = self._began + order["patience"]
        self.told: dict[str, Any] = {}
        self._pid = os.fork()
        if self._pid == 0:
            _in_child(order, self._out.fileno(), self._err.fileno())

    def has_ended(self) -> bool:
        """Whether it has; `told` is then what came of it. One that takes too long is killed."""
        if self.told:
            return True
        pid, status = os.waitpid(self._pid, os.WNOHANG)
        late = not pid and time.monotonic() > self._until
        if late:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        if pid or late:
            rc = None if late else os.waitstatus_to_exitcode(status)
            seconds = time.monotonic() - self._began
            self.told = {"rc": rc, "stdout": _text(self._out), "stderr": _text(self._err), "seconds": seconds}
        return bool(self.told)


def _text(file: Any) -> str:
    with file:
        file.seek(0)
        return str(file.read().decode("utf-8", "replace"))


def _in_child(order: dict[str, Any], out: int, err: int) -> None:
    rc = 70
    atexit._clear()  # what the parent has to do at its end is not ours
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out, 1)
        os.dup2(err, 2)
        _execute(order)
    except SystemExit as end:
        rc = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001  # what a module lets through is what the test wants to see
        traceback.print_exc()
    finally:
        atexit._run_exitfuncs()  # Ansible takes its temporary folder away
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(rc)


def _execute(order: dict[str, Any]) -> None:
    """Run the module's file as a script in this process."""
    from ansible.module_utils import basic

    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    os.environ.clear()
    os.environ.update({**kept, **order["env"]})
    basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": order["arguments"]}).encode()
    basic._ANSIBLE_PROFILE = "legacy"
    sys.argv = [order["module"]]
    runpy.run_module(
        MODULES + order["module"], {"_module_fqn": MODULES + order["module"], "_modlib_path": ""}, "__main__", True
    )


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    __import__("tests.conftest")
    if sys.argv[1] == "serve":
        _serve()
    else:
        _execute(json.loads(sys.stdin.read()))
