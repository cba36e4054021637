# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Uids, read back into their parts."""

from __future__ import annotations

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._model.task import new_task
from ansible_collections.multivendor.backup.plugins.module_utils._model.wanted import Wanted


@pytest.mark.parametrize(
    ("provider", "scope", "native_id"),
    [("clumio", "", "17"), ("petadata", "pd-1", "17"), ("veeam", "", "urn:veeam:BackupJobSession:1-2")],
)
def test_the_uid_of_a_task_is_read_back(provider, scope, native_id):
    uid = new_task(provider, "some.where-1", native_id, scope=scope)["uid"]
    assert Wanted.parse(uid) == Wanted(uid, provider, "some.where-1", scope, native_id)


@pytest.mark.parametrize(
    "text",
    ["", "17", "clumio:17", "clumio:us:17", "clumio:us::", ":us::17", "clumio:::17", " clumio:us::17", "a:b::c\n"],
)
def test_what_is_no_uid(text):
    with pytest.raises(ValueError, match="provider:source:scope:id"):
        Wanted.parse(text)
