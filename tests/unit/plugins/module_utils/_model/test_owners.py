# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose task is this: by ids, by names, and by neither when several resources could be meant."""

from __future__ import annotations

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._model.owners import by_owner
from ansible_collections.multivendor.backup.plugins.module_utils._model.resource import new_resource
from ansible_collections.multivendor.backup.plugins.module_utils._model.task import new_task, resource_of


def listed(*resources):
    return [
        new_resource("clumio", "s", native_id, name=name, alternate_ids=list(other_ids))
        for native_id, name, *other_ids in resources
    ]


def owned(resources, native_id, name, level="item"):
    task = new_task("clumio", "s", "t", level=level, state="running", resource=resource_of(native_id, name, "vm", None))
    return by_owner([task], resources)


@pytest.mark.parametrize(
    ("resources", "about", "owner"),
    [
        ([("a", "x"), ("b", "y")], ("a", "y"), "a"),  # an id before a name
        ([("a", "x", "native")], ("native", None), "a"),
        ([("a", "x", "native")], (None, "native"), "a"),
        ([("a", "x"), ("b", "y")], (None, "y"), "b"),
        ([("web", "web")], ("urn:1", "web"), "web"),  # a list of names only
        ([(None, "web")], ("urn:1", "web"), "web"),
        ([("a", "b"), ("b", "y")], ("b", None), "b"),  # the id of one, and the name of another
        ([("a", "x", "b"), ("b", "y")], ("b", None), "b"),
    ],
)
def test_whose_it_is(resources, about, owner):
    found = owned(listed(*resources), *about)
    assert list(found.tasks) == [owner]
    assert (found.others, found.unclear) == ({}, set())


@pytest.mark.parametrize(
    ("resources", "about"),
    [
        ([("a", "web")], ("old", "web")),  # a new machine under an old name
        ([("a", "x", "db")], ("old", "db")),
        ([("a", "web"), ("b", "web")], ("old", "web")),
        ([("a", "x")], ("b", "a")),
        ([], ("a", "x")),
        ([], (None, "x")),
    ],
)
def test_it_is_of_none_that_is_listed(resources, about):
    found = owned(listed(*resources), *about)
    assert list(found.others) == [about[0] or about[1]]
    assert (found.tasks, found.unclear) == ({}, set())


@pytest.mark.parametrize(
    ("resources", "about"),
    [
        ([("a", "web"), ("b", "web"), ("c", "x")], (None, "web")),
        ([("a", "b"), ("b", "y"), ("c", "x")], (None, "b")),
        ([("a", "x", "db"), ("b", "y", "db"), ("c", "z")], ("db", None)),
        ([("a", "x", "db"), ("b", "db"), ("c", "z")], (None, "db")),
    ],
)
def test_nobody_knows_whose_it_is(resources, about):
    resources = listed(*resources)
    found = owned(resources, *about)
    assert found.tasks == {}
    assert list(found.others) == [about[0] or about[1]]  # but it is not lost
    assert [found.may_lack(resource) for resource in resources] == [True, True, False]


def test_only_items_are_evidence_about_a_resource():
    found = owned(listed(("a", "x")), "a", "x", level="job")
    assert (found.tasks, found.others) == ({}, {})
    assert owned(listed(("a", "x")), None, None).others == {}
