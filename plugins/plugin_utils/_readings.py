# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was read once in a run of Ansible, kept for the rest of it.

Facts cannot keep it: each task of each host runs in a process of its own, which sees the facts as they were when it
was started. With the strategy `free` thirty hosts made thirty readings. So it is a file in the folder that Ansible
makes for one run, that nobody else may enter, and that is gone when the run ends.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from ansible_collections.multivendor.backup.plugins.module_utils._core import times
from ansible_collections.multivendor.backup.plugins.module_utils._core.records import Record

from ._inputs import Refused

# What is kept of a result; the rest is of no use to a verdict.
_KEPT = ("resources", "sources", "complete")
# Options hold passwords. A name made of them must not serve to try out passwords, so making one takes a while.
_ROUNDS = 20_000


def keep(result: Any, options: Any, folder: Path, now: float) -> None:
    """Keep a result of `backup_resource_info` that was read with these options.

    :param now: the time, after the reading.
    :raises Refused: it is no such result.
    """
    if not isinstance(result, Mapping) or any(key not in result for key in _KEPT):
        raise Refused("it takes a result of multivendor.backup.backup_resource_info.")
    # Ages count from the beginning of the reading, for they were told then.
    took = max((float(row.get("elapsed_seconds") or 0.0) for row in result["sources"]), default=0.0)
    reading = {**{key: _plain(result[key]) for key in _KEPT}, "read_at": times.rfc3339(now - took)}
    with NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as draft:
        json.dump(reading, draft)
    os.replace(draft.name, _path(options, folder))


def kept(options: Any, folder: Path, now: float, max_age: float | None = None) -> Record | None:
    """The newest reading with these options, as `keep` took it, with `read_at`; None if there is none.

    :param max_age: seconds that it may be old; None: any age.
    """
    try:
        reading: Record = json.loads(_path(options, folder).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    age = now - times.parse(reading["read_at"]).timestamp()
    return reading if max_age is None or 0 <= age <= max_age else None


def _path(options: Any, folder: Path) -> Path:
    """Where the reading with these options is. The folder has another name in each run, so the file has, too."""
    words = json.dumps(_plain(options), sort_keys=True).encode()
    name = hashlib.pbkdf2_hmac("sha256", words, str(folder).encode(), _ROUNDS).hex()
    return folder / f"multivendor-backup-reading-{name}.json"


def _plain(value: Any) -> Any:
    """A value in types of JSON. Ansible hands over its own: lists that are templated when read, and encrypted text."""
    if isinstance(value, Mapping):
        return {str(key): _plain(content) for key, content in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(content) for content in value]
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)
