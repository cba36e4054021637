# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of our own modules: reading them once more changes nothing, and so the filters agree with the modules."""

from __future__ import annotations

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._clumio import records as clumio
from ansible_collections.multivendor.backup.plugins.module_utils._core.records import Shape
from ansible_collections.multivendor.backup.plugins.module_utils._petadata import records as petadata
from ansible_collections.multivendor.backup.plugins.module_utils._veeam import records as veeam
from ansible_collections.multivendor.backup.plugins.module_utils._yandex import records as yandex
from ansible_collections.multivendor.backup.plugins.plugin_utils import _ours
from ansible_collections.multivendor.backup.plugins.plugin_utils._normalize import TASKS, normalize

SHAPES = {
    "yandex.task": (yandex.TASK, _ours._YANDEX_TASK),
    "yandex.resource": (yandex.RESOURCE, _ours._YANDEX_RESOURCE),
    "clumio.task": (clumio.TASK, _ours._CLUMIO_TASK),
    "clumio.resource": (clumio.RESOURCE, _ours._CLUMIO_RESOURCE),
    "veeam.task": (veeam.TASK, _ours._VEEAM_TASK),
    "veeam.session": (veeam.SESSION, _ours._VEEAM_SESSION),
    "petadata.task": (petadata.TASK, _ours._PETADATA_TASK),
}
# What each kind of converter takes and gives: text takes none of these as they are, but all of one type.
PROBES = ("2026-11-21T01:00:00Z", "7", True, "word")


def natives(shape: Shape) -> list[str]:
    """The API's own names of a shape, found by asking it: it knows them and nothing else."""
    return list(shape._table)


@pytest.mark.parametrize("name", list(SHAPES))
def test_types_are_those_of_the_modules(name):
    theirs, ours = SHAPES[name]
    assert set(ours.names) == set(theirs.names)
    assert set(ours.nested) == set(theirs.nested)
    for probe in PROBES:
        read = theirs.read(dict.fromkeys(natives(theirs), probe))
        again = ours.read({field: probe for field in theirs.names if field not in theirs.nested})
        for field in theirs.names:
            if field not in (*theirs.nested, "links", "kind", "instance_id"):
                assert again[field] == read[field], field


@pytest.mark.parametrize(
    ("provider", "record", "expected"),
    [
        (
            "yandex",
            {"id": "t", "type": "BACKUP", "status": "COMPLETED", "result_code": "OK", "compute_instance_id": "i"},
            {"uid": "yandex:x::t", "result": "success", "protects": True},
        ),
        ("yandex", {"id": "t", "status": "COMPLETED", "result_code": "SPLENDID"}, {"result": "unknown"}),
        (
            "clumio",
            {"id": "t", "status": "completed", "category": "backup", "type": "aws_ebs_volume_incremental_backup"},
            {"result": "success", "protects": True, "backup_level": "incremental"},
        ),
        (
            "veeam",
            {"task_id": "t", "state": "Finished", "result": {"success": True}, "links": [{"rel": "Related"}]},
            {"level": "control", "result": "success", "protects": False},
        ),
        (
            "veeam",
            {"uid": "s", "kind": "item", "state": "Completed", "result": "Success", "vm_uid": "vm"},
            {"level": "item", "result": "success", "protects": True},
        ),
        (
            "veeam",
            {"uid": "s", "type": "BackupTaskSession", "state": "Completed", "result": "Success", "vm_uid": "vm"},
            {"level": "item", "protects": True},
        ),
        (
            "veeam",
            {"uid": "s", "kind": "dance", "state": "Completed", "result": "Success"},
            {"level": "control", "operation": "other", "protects": False, "notes": ["unknown_kind:dance"]},
        ),
        (
            "petadata",
            {
                "task_id": "7",
                "instance_id": "pd",
                "db_name": "db",
                "task_action": "CreateDatabaseBackup",
                "status": "2",
            },
            {"uid": "petadata:x:pd:7", "result": "success", "protects": True},
        ),
        (
            "yandex",
            {"id": "t", "started_at": "yesterday", "type": ["BACKUP"]},
            {"started_at": None, "state": "unknown", "notes": ["unreadable_field:started_at", "unreadable_field:type"]},
        ),
    ],
)
def test_records(provider, record, expected):
    (task,) = normalize([record], provider, "x", "tasks", TASKS)
    assert {name: task[name] for name in expected} == expected
