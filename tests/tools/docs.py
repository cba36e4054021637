# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make docs``: the collection's pages as Ansible's own site shows them. Every warning fails; needs no network."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zlib
from pathlib import Path

from tests.tools.stage import BIN, CACHE, ROOT, environment

COLLECTION = "multivendor.backup"
ANSIBLE_DOCS = "https://docs.ansible.com/projects/ansible/latest/"
LABELS = {  # what our pages refer to on Ansible's site, in place of the list that Sphinx would fetch from there
    "ansible_configuration_settings": "reference_appendices/config.html",
    "common_return_values": "reference_appendices/common_return_values.html",
    "inventory_plugins": "plugins/inventory.html",
    "ansible_collections.ansible.builtin.free_strategy": "collections/ansible/builtin/free_strategy.html",
    "module_defaults_groups": "playbook_guide/playbooks_module_defaults.html",
}
SETTINGS = f"""
project = title = html_title = "{COLLECTION}"
copyright = "{COLLECTION} contributors"
extensions = ["sphinx.ext.intersphinx", "sphinx_antsibull_ext"]
pygments_style = "ansible"
highlight_language = "YAML+Jinja"
html_theme = "sphinx_ansible_theme"
html_show_sphinx = html_copy_source = html_use_index = False
default_role = "any"
nitpicky = True
intersphinx_mapping = {{"ansible": ("{ANSIBLE_DOCS}", "../ansible.inv")}}
"""


def write_inventory(path: Path) -> None:
    """Write ``LABELS`` as a Sphinx inventory, version 2."""
    lines = "".join(f"{label} std:label -1 {page}#{label} {label}\n" for label, page in LABELS.items())
    head = "# Sphinx inventory version 2\n# Project: Ansible\n# Version:\n# The rest is compressed using zlib.\n"
    path.write_bytes(head.encode() + zlib.compress(lines.encode()))


def main() -> int:
    folder = CACHE / "docs"
    shutil.rmtree(folder, ignore_errors=True)
    pages = folder / "rst"
    pages.mkdir(parents=True, mode=0o700)
    (folder / "conf.py").write_text(SETTINGS)
    write_inventory(folder / "ansible.inv")
    generate = ["antsibull-docs", "collection", "--use-current", "--squash-hierarchy", "--fail-on-error"]
    render = ["sphinx-build", "-q", "-W", "--keep-going", "-b", "html", "-c", str(folder), str(pages)]
    for program, *arguments in ([*generate, "--dest-dir", str(pages), COLLECTION], [*render, str(folder / "html")]):
        if subprocess.run([BIN / program, *arguments], env=environment(), check=False).returncode:
            return 1
    print(f"{(folder / 'html/index.html').relative_to(ROOT)}: {len(list(pages.rglob('*.rst')))} pages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
