# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks as a user runs them: what nobody knows is neither running nor well."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tools.stage import BIN, environment, provider_variables, running_simulator


def told_by(folder: Path, playbook: str, sources: list[dict[str, Any]]) -> tuple[int, str]:
    """Ansible's exit code, and what it said of a playbook of ours with the callback that everybody has."""
    variables = folder / "variables.json"
    report = {"report_dest": str(folder), "report_formats": ["markdown"]}
    variables.write_text(json.dumps({"backup_sources": sources, **report}))
    done = subprocess.run(
        [BIN / "ansible-playbook", f"multivendor.backup.{playbook}", "-e", f"@{variables}"],
        env={**environment(), "ANSIBLE_CALLBACK_RESULT_FORMAT": "json"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def strange() -> Iterator[list[dict[str, Any]]]:
    """A Veeam that speaks in words that nobody knows, as the only source."""
    with running_simulator("--night", "--fault", "veeam:unknown_words") as simulator:
        yield [one for one in provider_variables(simulator)["backup_sources"] if "veeam" in one]


def table_row(told: str) -> dict[str, str]:
    """The row of the source in the table of the playbook `tasks`, by its headers."""
    lines = [line.strip().strip('",').split() for line in told.splitlines()]
    (headers,) = [line for line in lines if line[:1] == ["system"]]
    (row,) = [line for line in lines if line[:1] == ["hq-veeam"] and len(line) == len(headers)]
    return dict(zip(headers, row))


def test_tasks_that_nobody_can_judge_are_not_shown_as_running_nor_as_all_well(
    strange: list[dict[str, Any]], tmp_path: Path
) -> None:
    code, told = told_by(tmp_path, "tasks", strange)
    row = table_row(told)
    assert code == 0
    assert int(row["unknown"]) == int(row["tasks"]) > 0
    assert (row["good"], row["failed"], row["unfinished"]) == ("0", "0", "0")
    assert "nothing that is known" in told
    assert f"of {row['tasks']} tasks nobody can say how they stand or ended" in told


def test_a_report_on_what_nobody_can_judge_is_not_green(strange: list[dict[str, Any]], tmp_path: Path) -> None:
    code, _told = told_by(tmp_path, "report", strange)
    report = (tmp_path / "report.md").read_text()
    assert code == 0
    assert "No task failed" not in report
    assert "nobody can say how they stand or ended" in report
    assert report.splitlines()[2].startswith(("**? ", "**\u2715 "))


def test_what_was_not_read_is_not_said_to_be_well(tmp_path: Path) -> None:
    dead = {"url": "https://127.0.0.1:9", "username": "reader", "password": "some-password", "retries": 0}
    code, told = told_by(tmp_path, "tasks", [{"name": "hq-veeam", "veeam": dead}])
    assert code == 2
    assert "nothing that is known" in told
    assert "nothing among what could be read" in told
    assert "Not read completely: hq-veeam" in told
