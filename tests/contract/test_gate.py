# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role `gate`: what its documentation says is what it has, and no secret leaves it. tests/integration plays it."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.multivendor.backup.plugins.filter.gate import DOCUMENTATION
from ansible_collections.multivendor.backup.plugins.module_utils._model.enums import FRESHNESS
from ansible_collections.multivendor.backup.plugins.plugin_utils._gate import MATCHES, NEEDED
from tests.tools.stage import BIN, ROOT, environment

ROLE = ROOT / "roles/gate"
# Their defaults are templates, which Ansible would fill in wherever it shows the specification.
TEMPLATED = {"gate_sources", "gate_resource"}
SECRET = "hunter2-never-to-be-seen"


def part(name: str) -> Any:
    return yaml.safe_load((ROLE / name).read_text())


OPTIONS: dict[str, dict[str, Any]] = part("meta/argument_specs.yml")["argument_specs"]["main"]["options"]


def played(folder: Path, play: dict[str, Any], *options: str) -> tuple[int, str]:
    """Ansible's exit code and all that it said: a play with one source, which is dead."""
    source = {"url": "https://127.0.0.1:9", "username": "reader", "password": SECRET, "retries": 0}
    known = {"backup_sources": [{"name": "dead", "veeam": source}], "gate_resource": "web1"}
    playbook = folder / "play.yml"
    playbook.write_text(
        json.dumps([{"hosts": "localhost", "gather_facts": False, **play, "vars": known | play.get("vars", {})}])
    )
    done = subprocess.run(
        [BIN / "ansible-playbook", playbook, *options],
        env=environment() | {"ANSIBLE_DISPLAY_TRACEBACK": "error"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_documented_defaults_are_those_of_the_role() -> None:
    defaults = part("defaults/main.yml")

    assert OPTIONS.keys() == defaults.keys()
    assert {name for name, option in OPTIONS.items() if "default" not in option} == TEMPLATED
    for name in OPTIONS.keys() - TEMPLATED:
        assert OPTIONS[name]["default"] == defaults[name], name


def test_no_option_is_dead_or_missing_from_the_readme() -> None:
    code = "".join((ROLE / name).read_text() for name in ("tasks/main.yml", "vars/main.yml"))
    readme = (ROLE / "README.md").read_text()

    assert {*re.findall(r"\bgate_[a-z]\w*", code)} - {"gate_result", "gate_kept", "gate_keep"} == {*OPTIONS}
    assert {*re.findall(r"`(gate_[a-z_]+)`", readme.partition("| option")[2])} == {*OPTIONS}


def test_the_role_reads_what_a_verdict_needs() -> None:
    read = next(task for task in part("tasks/main.yml") if "multivendor.backup.backup_resource_info" in task)

    assert {*read["multivendor.backup.backup_resource_info"]["fields"]} == {*NEEDED}
    assert {*re.findall(r"V\((\w+)\)", DOCUMENTATION.partition("C(fields)")[2].partition("type:")[0])} == {*NEEDED}


def test_module_defaults_of_a_play_leave_nothing_out() -> None:
    read = next(task for task in part("tasks/main.yml") if "multivendor.backup.backup_resource_info" in task)

    assert {*read["multivendor.backup.backup_resource_info"]["freshness"]} == {*FRESHNESS}
    assert read["multivendor.backup.backup_resource_info"]["resources"] is None


def test_role_and_filter_take_the_same() -> None:
    options = yaml.safe_load(DOCUMENTATION)["options"]

    assert OPTIONS["gate_match"]["choices"] == options["match"]["choices"] == [*MATCHES]
    assert OPTIONS["gate_waivers"]["options"].keys() == options["waivers"]["suboptions"].keys()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "not everything was read"),
        ({"gate_rpo": "soon"}, "`rpo` is no length of time"),
        ({"gate_on_unknown": "ignore"}, "Validation of arguments failed"),
    ],
    ids=["dead source", "wrong length", "wrong choice"],
)
def test_no_secret_is_shown(changes: dict[str, Any], said: str, tmp_path: Path) -> None:
    code, told = played(tmp_path, {"vars": changes, "roles": ["multivendor.backup.gate"]}, "-vvvv")

    assert code == 2
    assert said in told
    assert SECRET not in told


@pytest.mark.parametrize(
    "wrong",
    [
        {"gate_history": "ever"},
        {"gate_max_age": "soon"},
        {"gate_waivers": [{"host": "a", "until": "soon", "reason": "A migration"}]},
    ],
)
def test_what_is_wrong_for_all_hosts_is_refused_by_name_before_anything_is_read(
    wrong: dict[str, Any], tmp_path: Path
) -> None:
    code, told = played(tmp_path, {"vars": wrong, "roles": ["multivendor.backup.gate"]})

    assert code == 2
    assert re.search(rf"TASK \[.*\b{next(iter(wrong))}\b.*\]", told)
    assert "Read what the backup systems have" not in told


def test_a_history_may_be_as_short_as_the_rpo_of_a_host(tmp_path: Path) -> None:
    short = {"gate_history": "1h", "gate_rpo": "30m", "gate_on_unknown": "warn"}

    code, told = played(tmp_path, {"vars": short, "roles": ["multivendor.backup.gate"]})

    assert (code, "Judge this host" in told) == (0, True)


def test_text_that_is_false_is_false(tmp_path: Path) -> None:
    role = ["multivendor.backup.gate"]

    code, told = played(tmp_path, {"roles": role}, "-e", "gate_count_snapshots=false", "-e", "gate_on_unknown=warn")

    assert (code, "Judge this host" in told) == (0, True)


def test_tags_and_a_choice_that_nobody_checked_let_no_host_pass_by(tmp_path: Path) -> None:
    include = {"name": "multivendor.backup.gate", "rolespec_validate": False}
    asked = {"ansible.builtin.include_role": include, "vars": {"gate_on_unknown": "Warn"}, "tags": ["always"]}

    code, told = played(tmp_path, {"tasks": [asked]}, "--tags", "patch")

    assert code == 2
    assert "web1: not everything was read" in told


def test_the_gate_judges_wherever_it_stands(tmp_path: Path) -> None:
    twice = {"vars": {"gate_on_unknown": "warn"}, "roles": ["multivendor.backup.gate"] * 2}

    code, told = played(tmp_path, twice)

    assert code == 0
    assert told.count("gate : Judge this host]") == 2


def test_what_is_wrong_with_one_host_stops_no_other(tmp_path: Path) -> None:
    given = {
        "gate_resource": "{{ ['web1'] if inventory_hostname == 'first' else 'web1' }}",
        "gate_rpo": "{{ 'soon' if inventory_hostname == 'second' else '24h' }}",
        "gate_on_unknown": "warn",
    }
    go_on = {"ansible.builtin.debug": {"msg": "{{ inventory_hostname }} goes on"}}
    play = {"hosts": "all", "vars": given, "roles": ["multivendor.backup.gate"], "tasks": [go_on]}

    code, told = played(tmp_path, play, "--inventory", "first,second,third")

    assert code == 2
    assert "`resource` has to be" in told
    assert "`rpo` is no length of time" in told
    assert re.findall(r"(\w+) goes on", told) == ["third"]
