# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role writes through Ansible is what the filter made, also where it looks like a template."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from ansible_collections.multivendor.backup.plugins.plugin_utils._report import FIELDS, FORMATS, make_report
from ansible_collections.multivendor.backup.tests.browser.estate import COLLECTED_AT, FILTERS, HOSTILE, estate
from ansible_collections.multivendor.backup.tests.browser.page import page_of
from tests.tools.stage import BIN, ROOT, environment

TITLE = "Backups <b>of</b> {{ 6*7 }}"
# Gives the JSON of a file as a module's result: what Ansible gets from a module is never a template.
MODULE = """
import json
from ansible.module_utils.basic import AnsibleModule
module = AnsibleModule({"path": {"type": "path"}}, supports_check_mode=True)
with open(module.params["path"]) as stored:
    module.exit_json(**json.load(stored))
"""
PLAY = f"""
- hosts: localhost
  gather_facts: false
  vars:
    report_dest: "{{{{ playbook_dir }}}}/out"
    report_begun: "{COLLECTED_AT}"
    report_title: !unsafe "{TITLE}"
  tasks:
    - stored_result: {{path: "{{{{ playbook_dir }}}}/tasks.json"}}
      register: report_tasks
    - stored_result: {{path: "{{{{ playbook_dir }}}}/resources.json"}}
      register: report_resources
    - import_role: {{name: multivendor.backup.report, tasks_from: write, rolespec_validate: false}}
    - import_role: {{name: multivendor.backup.report, tasks_from: write, rolespec_validate: false}}
      vars: {{report_begun: "2026-11-21T08:00:00Z"}}
"""


def test_ansible_writes_what_the_filter_made_and_finds_it_unchanged(tmp_path: Path) -> None:
    names = [name.replace("\ud800", "") for name in HOSTILE]  # Ansible refuses results with halves of characters
    results = json.loads(json.dumps(estate(24, names=names, dead="hq-veeam")))
    for kind, result in zip(FIELDS, results):
        (tmp_path / f"{kind}.json").write_text(json.dumps(result))
    (tmp_path / "library").mkdir()
    (tmp_path / "library/stored_result.py").write_text(MODULE)
    (tmp_path / "play.yml").write_text(PLAY)
    link = tmp_path / "collections/ansible_collections/multivendor/backup"
    link.parent.mkdir(parents=True)
    link.symlink_to(ROOT)

    done = subprocess.run(
        [BIN / "ansible-playbook", tmp_path / "play.yml"],
        env={**environment(tmp_path / "collections"), "ANSIBLE_CALLBACK_RESULT_FORMAT": "json"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert re.search(r"changed=2 ", done.stdout), done.stdout[-500:]
    expected = make_report(*results, COLLECTED_AT, FILTERS, TITLE, FORMATS, None)
    files = {"report.html": page_of(expected), **expected["files"]}
    assert {path.name for path in (tmp_path / "out").iterdir()} == {*files}
    for name, text in files.items():
        assert (tmp_path / "out" / name).read_bytes().decode() == text, name
