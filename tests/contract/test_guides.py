# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guides say what the code does, and their examples can be run."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.contract.test_documentation import spec_of
from tests.tools import model_guide
from tests.tools.stage import BIN, ROOT, environment

COLLECTION = "multivendor.backup"
PLUGINS = "ansible_collections.multivendor.backup.plugins"
FOLDER = ROOT / "docs/docsite/rst"
GUIDES = sorted(FOLDER.glob("*.rst"))
MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("*.py") if path.stem != "__init__")
FILTERS = sorted(path.stem for path in (ROOT / "plugins/filter").glob("*.py") if path.stem != "__init__")
GROUPS: dict[str, list[str]] = yaml.safe_load((ROOT / "meta/runtime.yml").read_text())["action_groups"]
BLOCK = re.compile(r"^\.\. code-block:: (\S+)\n\n((?:(?: {4}.*)?\n)+)", re.MULTILINE)
FREE_FORM = {"ansible.builtin.set_fact"}


@dataclass(frozen=True)
class Example:
    """A task of a guide, with the defaults of its play or block."""

    guide: str
    task: dict[str, Any]
    defaults: dict[str, Any]

    @property
    def action(self) -> str:
        actions = [key for key in self.task if key.count(".") == 2]
        assert len(actions) == 1, f"{self.guide}: no full name of one module in {self.task['name']!r}"
        return actions[0]


def text_of(guide: Path) -> str:
    return guide.read_text(encoding="utf-8")


def documents(guide: Path) -> list[Any]:
    """What the YAML blocks of a guide hold."""
    blocks = BLOCK.findall(text_of(guide))
    assert {language for language, _text in blocks} <= {"yaml", "yaml+jinja", "shell"}
    return [yaml.safe_load(textwrap.dedent(text)) for language, text in blocks if language != "shell"]


def flat(guide: str, tasks: list[dict[str, Any]], defaults: dict[str, Any]) -> Iterator[Example]:
    for task in tasks:
        inner = {**defaults, **task.get("module_defaults", {})}
        parts = [part for part in ("tasks", "block", "rescue", "always") if part in task]
        for part in parts:
            yield from flat(guide, task[part], inner)
        if not parts:
            yield Example(guide, task, inner)


EXAMPLES = [
    example
    for guide in GUIDES
    for document in documents(guide)
    if isinstance(document, list)
    for example in flat(guide.name, document, {})
]
OURS = [example for example in EXAMPLES if example.action.startswith(f"{COLLECTION}.")]
SOURCES = next(
    document["backup_sources"]
    for document in documents(FOLDER / "guide_sources.rst")
    if isinstance(document, dict) and "backup_sources" in document
)


def test_there_are_guides_to_check() -> None:
    index = yaml.safe_load((FOLDER.parent / "extra-docs.yml").read_text())

    assert {guide.stem for guide in GUIDES} == {name for part in index["sections"] for name in part["toctree"]}
    assert len(GUIDES) >= 4
    assert len(OURS) >= 15


def test_the_model_guide_is_what_its_tool_writes() -> None:
    assert text_of(model_guide.TARGET) == model_guide.source(), "run python -m tests.tools.model_guide"


@pytest.mark.parametrize("example", OURS, ids=lambda example: f"{example.guide}: {example.task['name']}")
def test_examples_use_options_as_the_modules_take_them(example: Example) -> None:
    called = example.action.rpartition(".")[2]
    assert called in MODULES
    defaults = {
        option: value
        for group, options in example.defaults.items()
        if called in GROUPS[group.rpartition(".")[2]]
        for option, value in options.items()
    }
    options = {**defaults, **(example.task[example.action] or {})}
    if options.get("sources") == "{{ backup_sources }}":
        options["sources"] = SOURCES

    assert re.fullmatch(r"[A-Z].*[^.]", example.task["name"])
    assert not spec_of(called).validator().validate(options).error_messages


def test_examples_use_options_that_other_modules_have() -> None:
    others = {example.action for example in EXAMPLES} - {example.action for example in OURS}
    command = [str(BIN / "ansible-doc"), "--json", "--type", "module", *sorted(others)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True)
    known = {name: entry["doc"]["options"].keys() for name, entry in json.loads(done.stdout).items()}

    assert known.keys() == others
    for example in EXAMPLES:
        if example.action in others - FREE_FORM:
            assert example.task[example.action].keys() <= known[example.action], example.task["name"]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_guides_name_plugins_that_exist(guide: Path) -> None:
    text = text_of(guide)
    roles = re.findall(r":ansplugin:`([\w.]+)#(\w+)`", text)
    filters = re.findall(rf"\| {re.escape(COLLECTION)}\.(\w+)", text)

    assert {(name.rpartition(".")[2], kind) for name, kind in roles} <= {
        *((name, "module") for name in MODULES),
        *((name, "filter") for name in FILTERS),
    }
    assert {*filters} <= {*FILTERS}
    assert "/work" not in text


def rows(guide: str, first: str) -> list[list[str]]:
    """The rows of the list table whose first column has this title."""
    tables = text_of(FOLDER / guide).split(".. list-table::")[1:]
    table = next(table for table in tables if f"* - {first}\n" in table)
    lines = re.split(r"^\S", table.partition("\n\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    cells = [re.split(r"^ {5}-", row, flags=re.MULTILINE) for row in re.split(r"^ {3}\* -", lines, flags=re.M)[1:]]
    return [[" ".join(cell.split()) for cell in row] for row in cells][1:]


def test_every_code_is_explained_and_its_hint_is_the_one_of_the_code() -> None:
    codes = importlib.import_module(f"{PLUGINS}.module_utils._core.errors").CODES

    told = {row[0].strip("`"): row[2] for row in rows("guide_sources.rst", "Code")}

    assert told == {code: re.sub(r"O\((\w+)\)", r"``\1``", hint) for code, hint in codes.items()}


def test_every_reason_of_incompleteness_is_explained() -> None:
    documentation = yaml.safe_load(importlib.import_module(f"{PLUGINS}.modules.backup_task_info").RETURN)
    text = " ".join(documentation["sources"]["contains"]["incomplete_reason"]["description"])

    assert {row[0].strip("`") for row in rows("guide_sources.rst", "Reason")} == (
        set(re.findall(r"V\((\w+)\)", text)) - {"null"}
    )


@pytest.mark.parametrize("provider", ["yandex", "clumio", "veeam", "petadata"])
def test_every_variable_is_named(provider: str) -> None:
    options = importlib.import_module(f"{PLUGINS}.module_utils._{provider}.options")
    known = [[*way.values()] for way in options.ENVIRONMENT.credentials]
    other = {*options.ENVIRONMENT.endpoint.values()}
    other |= {getattr(options, name) for name in ("FOLDER_VARIABLE", "METADATA_VARIABLE") if hasattr(options, name)}

    row = next(row for row in rows("guide_sources.rst", "Provider") if row[0] == f"``{provider}``")

    assert [re.findall(r"``(\w+)``", way) for way in row[1].split("; or")] == known
    assert {*re.findall(r"``(\w+)``", row[2])} == other


NOW = 1_795_244_400.0


def verdict(policy: dict[str, Any], **known: Any) -> tuple[str, list[str]]:
    """The verdict on a resource of which this is known."""
    model = importlib.import_module(f"{PLUGINS}.module_utils._model.freshness")
    resources = importlib.import_module(f"{PLUGINS}.module_utils._model.resource")
    resource = resources.new_resource("clumio", "s", "r", protection="protected", **known)
    judged = model.judge(resource, model.Evidence(()), model.Policy(now=NOW, **policy))
    return judged["freshness"]["status"], judged["reasons"]


def hours_ago(hours: float) -> str:
    times = importlib.import_module(f"{PLUGINS}.module_utils._core.times")
    return str(times.rfc3339(NOW - hours * 3600))


def test_the_worked_examples_of_ages_are_right() -> None:
    table = rows("guide_freshness.rst", "Newest good backup began")

    for age, status, reason in table:
        told = verdict({"target": 86400.0}, last_success_at=hours_ago(float(age.split()[0])))
        assert told[0] == status.strip("`"), age
        assert [word for word in told[1] if word.startswith("rpo")] == re.findall(r"\w+", reason), age
    assert len(table) >= 5


@pytest.mark.parametrize(("age", "status"), [(3, "pending"), (5 * 24, "never"), (365 * 24, "missed")])
def test_the_worked_examples_of_missing_backups_are_right(age: float, status: str) -> None:
    policy = {"target": 86400.0, "history_since": NOW - 14 * 86400}

    assert verdict(policy, created_at=hours_ago(age))[0] == status


@pytest.mark.parametrize(("now", "overdue"), [(13.9, False), (14.1, True)])
def test_the_worked_example_of_overdue_is_right(now: float, overdue: bool) -> None:
    model = importlib.import_module(f"{PLUGINS}.module_utils._model.freshness")
    tasks = importlib.import_module(f"{PLUGINS}.module_utils._model.task")
    resources = importlib.import_module(f"{PLUGINS}.module_utils._model.resource")
    task = tasks.new_task(
        "clumio",
        "s",
        "t",
        **{"level": "item", "operation": "backup", "state": "finished", "result": "success"},
        **{"started_at": "2026-11-20T01:00:00Z", "finished_at": "2026-11-20T02:00:00Z"},
    )
    resource = resources.new_resource("clumio", "s", "r", protection="protected", next_run_at="2026-11-21T02:00:00Z")
    moment = tasks.seconds("2026-11-21T00:00:00Z") + now * 3600

    judged = model.judge(resource, model.Evidence((task,)), model.Policy(now=moment, target=86400.0))

    assert judged["overdue"] is overdue


def test_lengths_that_the_guide_names_are_those_of_the_code() -> None:
    model = importlib.import_module(f"{PLUGINS}.module_utils._model.freshness")

    assert (model.STUCK_AFTER, model.STUCK_TIMES, model.STREAK) == (4 * 3600, 3, 3)
    text = text_of(FOLDER / "guide_freshness.rst")
    for words in ("longer than 4 hours", "three times the usual", "Three of them are a ``failure_streak``"):
        assert words in " ".join(text.split())
