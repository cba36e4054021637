# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The metrics before their judges: promtool finds nothing to say, and a real node_exporter serves them."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from ansible_collections.multivendor.backup.plugins.plugin_utils._report import make_report
from ansible_collections.multivendor.backup.tests.browser.estate import COLLECTED_AT, FILTERS, HOSTILE, estate

PROMTOOL = shutil.which("promtool")
NODE_EXPORTER = shutil.which("prometheus-node-exporter") or shutil.which("node_exporter")
FILES = ("backup_tasks.prom", "backup_resources.prom")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("metrics")
    made = make_report(
        *estate(60, names=HOSTILE, dead="hq-veeam"), COLLECTED_AT, FILTERS, "Report", ["prometheus"], None
    )
    for name in FILES:
        (folder / name).write_text(made["files"][name])
    return folder


@pytest.mark.skipif(PROMTOOL is None, reason="no promtool (apt-get install prometheus)")
@pytest.mark.parametrize("name", FILES)
def test_promtool_has_nothing_to_say(folder: Path, name: str) -> None:
    text = (folder / name).read_bytes()
    done = subprocess.run([str(PROMTOOL), "check", "metrics"], input=text, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.skipif(NODE_EXPORTER is None, reason="no node_exporter (apt-get install prometheus-node-exporter)")
def test_a_real_node_exporter_serves_both_files(folder: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    options = ("--collector.disable-defaults", "--collector.textfile", f"--collector.textfile.directory={folder}")
    process = subprocess.Popen(
        [str(NODE_EXPORTER), *options, f"--web.listen-address={address}"], stderr=subprocess.DEVNULL
    )
    try:
        served = _answer(f"http://{address}/metrics")
    finally:
        process.terminate()
        process.wait(10)

    assert "node_textfile_scrape_error 0" in served
    written = sum(_samples((folder / name).read_text()) for name in FILES)
    assert _samples(served) == written > 100


def _samples(text: str) -> int:
    return len(re.findall(r"^backup_\w+\{", text, re.MULTILINE))


def _answer(url: str) -> str:
    """What the exporter answers, as soon as it does."""
    for _attempt in range(100):
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.1)
    raise AssertionError("node_exporter does not answer")
