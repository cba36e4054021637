# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role report: its page asks nobody for anything and runs no script but its own, and no vendor's text gets out."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.multivendor.backup.plugins.module_utils._formats.text import clean
from ansible_collections.multivendor.backup.plugins.plugin_utils._report import FIELDS, FORMATS, make_report
from ansible_collections.multivendor.backup.tests.browser.estate import COLLECTED_AT, FILTERS, HOSTILE, estate
from ansible_collections.multivendor.backup.tests.browser.page import TEMPLATES, page_of
from tests.tools.stage import BIN, ROOT, environment

ROLE = ROOT / "roles/report"
VOID = {"meta", "link", "input", "br"}
TITLE = "Backups <b>of</b> {{ 6*7 }}"


class Outline(HTMLParser):
    """What a browser would make of a page: its elements with their attributes' names, its text, its addresses."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: Counter[str] = Counter()
        self.texts: list[str] = []
        self.values: list[tuple[str, str, str]] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _value in attrs if name not in ("data-days", "viewbox", "preserveaspectratio")]
        self.elements[f"{tag} {' '.join(names)}"] += 1
        self.values += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def made(count: int, **options: Any) -> dict[str, Any]:
    return make_report(*estate(count, **options), COLLECTED_AT, FILTERS, TITLE, FORMATS, None)


@pytest.fixture(scope="module")
def hostile() -> str:
    return page_of(made(60, names=HOSTILE, dead="hq-veeam"))


def test_a_hostile_page_has_the_elements_of_a_harmless_one(hostile: str) -> None:
    names = [f"harmless {index:02}" for index in range(len(HOSTILE))]

    harmless = Outline(page_of(made(60, names=names, dead="hq-veeam")))

    assert Outline(hostile).elements == harmless.elements
    assert not Outline(hostile).open


def test_hostile_names_stand_there_as_they_are(hostile: str) -> None:
    texts = {*Outline(hostile).texts}
    for name in HOSTILE:
        assert re.sub("[\u202a-\u202e]", "\ufffd", clean(name)) in texts


def test_no_attribute_runs_or_asks_for_anything(hostile: str) -> None:
    for tag, name, value in Outline(hostile).values:
        assert not name.startswith("on"), tag
        assert name not in ("style", "src", "action", "formaction", "srcdoc", "background", "ping"), tag
        if name in ("href", "xlink:href"):
            assert value.startswith("#") or value == "data:,", value


def test_the_policy_allows_our_script_and_our_style_and_nothing_else(hostile: str) -> None:
    policy = next(
        value for _tag, name, value in Outline(hostile).values if name == "content" and "default-src" in value
    )
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules.keys() == {"default-src", "img-src", "style-src", "script-src", "base-uri", "form-action"}
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["img-src"] == "data:"
    for tag in ("style", "script"):
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", hostile, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert rules[f"{tag}-src"] == f"'sha256-{digest}'", f"change the hash in report.html.j2 to {digest}"


def test_the_policy_comes_before_what_it_governs(hostile: str) -> None:
    assert hostile.index("Content-Security-Policy") < hostile.index("<style>") < hostile.index("<script>")


def test_script_and_style_know_no_address_and_no_way_around_escaping() -> None:
    script = (TEMPLATES / "report.js.j2").read_text()
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "fetch(", "XMLHttpRequest"):
        assert word not in script
    for name in ("report.js.j2", "report.css.j2"):
        assert "://" not in re.sub(r"\{#.*?#\}", "", (TEMPLATES / name).read_text(), flags=re.DOTALL)
    assert "@import" not in (TEMPLATES / "report.css.j2").read_text()


@pytest.mark.parametrize("options", [{}, {"calm": True}, {"dead": "yc-prod"}])
@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_page_of_little_is_whole(count: int, options: dict[str, Any]) -> None:
    outline = Outline(page_of(made(count, **options)))
    assert not outline.open
    assert "None" not in {text.strip() for text in outline.texts}
    assert not any("Undefined" in text or "{{" in text.replace(TITLE, "") for text in outline.texts)


def played(folder: Path, *given: str) -> str:
    """All that Ansible said of the role with one source, which is dead, and with variables from the command line."""
    source = {"url": "https://127.0.0.1:9", "username": "reader", "password": "some-password", "retries": 0}
    play = {"hosts": "localhost", "gather_facts": False, "roles": ["multivendor.backup.report"]}
    playbook = folder / "play.yml"
    playbook.write_text(json.dumps([{**play, "vars": {"backup_sources": [{"name": "dead", "veeam": source}]}}]))
    options = [part for variable in (f"report_dest={folder}/report", *given) for part in ("-e", variable)]
    done = subprocess.run(
        [BIN / "ansible-playbook", playbook, *options], env=environment(), capture_output=True, text=True, check=False
    )
    return f"exit code {done.returncode}\n{done.stdout}{done.stderr}"


def test_variables_of_the_command_line_are_text_and_mean_what_they_say(tmp_path: Path) -> None:
    given = ("report_refresh=false", "report_fail_on_incomplete=no", "report_formats=json,markdown")
    given += ("report_levels=item", "report_expected=db1,db2", "report_days=3")

    first, second = played(tmp_path, *given), played(tmp_path, *given)

    assert "exit code 0" in first
    assert "changed=2 " in first  # the folder and the files
    assert "changed=0 " in second
    assert {path.name for path in (tmp_path / "report").iterdir()} == {"report.json", "report.md"}
    data = json.loads((tmp_path / "report/report.json").read_text())
    assert data["tasks"]["about"]["filters"] == {"since": "14d", "levels": ["item"]}
    assert data["resources"]["about"]["filters"]["expected"] == ["db1", "db2"]


def test_text_that_is_true_is_true(tmp_path: Path) -> None:
    told = played(tmp_path, "report_fail_on_incomplete=yes", "report_formats=json")
    assert "exit code 2" in told
    assert "Not read completely: dead" in told


@pytest.mark.parametrize("variable", ["report_formats=pdf", "report_formats=json;csv", "report_refresh=perhaps"])
def test_what_cannot_be_meant_is_refused_before_anything_is_read(variable: str, tmp_path: Path) -> None:
    told = played(tmp_path, variable)
    assert "exit code 2" in told
    assert variable.partition("=")[0] in told
    assert "Read what ran" not in told


def test_the_role_reads_the_fields_that_the_report_shows() -> None:
    fields = yaml.safe_load((ROLE / "vars/main.yml").read_text())["__report_fields"]
    assert {kind: tuple(names) for kind, names in fields.items()} == FIELDS


def test_variables_are_documented_with_their_defaults() -> None:
    spec = yaml.safe_load((ROLE / "meta/argument_specs.yml").read_text())["argument_specs"]["main"]["options"]
    defaults = yaml.safe_load((ROLE / "defaults/main.yml").read_text())
    filled = {name for name, default in defaults.items() if "{{" in str(default)}
    assert {name: option.get("default") for name, option in spec.items() if name not in filled} == {
        name: default for name, default in defaults.items() if name not in filled
    }
    # Ansible shows the spec, filled in, when it refuses a variable: it would show the secrets of the sources.
    assert "{{" not in json.dumps(spec)
    assert spec["report_formats"]["choices"] == list(FORMATS)
    readme = (ROLE / "README.md").read_text()
    assert {*re.findall(r"^\| `(\w+)`", readme, re.MULTILINE)} == {*defaults}
