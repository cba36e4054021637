# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make build``: build the tarball and let galaxy-importer judge it, whose findings (log lines) fail here."""

from __future__ import annotations

import re
import subprocess
import sys
from tempfile import TemporaryDirectory

from tests.tools.stage import BIN, ROOT, build_collection, environment

FINDING = re.compile(r"^(WARNING|ERROR|CRITICAL)|Traceback")


def main() -> int:
    tarball = build_collection()
    with TemporaryDirectory(prefix="multivendor-backup-") as folder:
        done = subprocess.run(
            [BIN / "python", "-m", "galaxy_importer.main", tarball],
            cwd=folder,  # it writes importer_result.json where it runs
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    findings = [line for line in done.stdout.splitlines() if FINDING.search(line)]
    if done.returncode or findings or "ansible-lint run complete" not in done.stdout:
        sys.exit("\n".join(findings or [done.stdout]) + "\ngalaxy-importer is not content.")
    print(f"{tarball.relative_to(ROOT)}: galaxy-importer has nothing to say against it")
    return 0


if __name__ == "__main__":
    sys.exit(main())
