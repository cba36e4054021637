# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is shipped is what was meant to be, from a clean copy of the checkout."""

from __future__ import annotations

import re
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.tools.stage import BIN, ROOT, build_collection, copied_checkout, project_files

SHIPPED = {
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "COPYING",
    "FILES.json",
    "LICENSES/BSD-2-Clause.txt",
    "LICENSES/GPL-3.0-or-later.txt",
    "MANIFEST.json",
    "README.md",
    "REUSE.toml",
    "docs",
    "meta/ee-requirements.txt",
    "meta/execution-environment.yml",
    "meta/runtime.yml",
    "playbooks",
    "plugins/doc_fragments",
    "plugins/filter",
    "plugins/module_utils",
    "plugins/modules",
    "plugins/plugin_utils",
    "roles",
    "tests/config.yml",
}
LISTED_WHOLE = ("LICENSES", "meta", "plugins", "tests", "changelogs")
MACHINE_PATH = re.compile(r"(?<![\w.:/~])/(?:home|Users|root|work)/[\w.-]+")
GROUPS = {"clumio": "clumio_", "petadata": "petadata_", "unified": "backup_", "veeam": "veeam_", "yandex": "yandex_"}


@pytest.fixture(scope="module")
def checkout() -> Iterator[Path]:
    with copied_checkout() as folder:
        yield folder


def test_tarball_holds_exactly_what_users_need(checkout: Path, tmp_path: Path) -> None:
    with tarfile.open(build_collection(tmp_path, checkout)) as tarball:
        files = [Path(member.name) for member in tarball if member.isfile()]

    tops = {"/".join(path.parts[: 2 if path.parts[0] in LISTED_WHOLE else 1]) for path in files}

    assert tops == SHIPPED


def test_every_file_states_its_copyright_and_licence(checkout: Path) -> None:
    linted = subprocess.run(
        [BIN / "reuse", "lint", "--lines"], cwd=checkout, capture_output=True, text=True, check=False
    )

    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    named = {
        f"{path}: {found}"
        for path in project_files()
        for found in MACHINE_PATH.findall((ROOT / path).read_text(encoding="utf-8", errors="ignore"))
    }

    assert not named


def test_action_groups_are_the_modules_that_exist() -> None:
    groups = yaml.safe_load((ROOT / "meta/runtime.yml").read_text())["action_groups"]
    modules = sorted(path.stem for path in (ROOT / "plugins/modules").glob("*.py") if path.stem != "__init__")

    expected = {group: [name for name in modules if name.startswith(prefix)] for group, prefix in GROUPS.items()}

    assert groups == {"all": modules} | {group: names for group, names in expected.items() if names}
