# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Markdown: what comes from a vendor is code, and stays it."""

from __future__ import annotations

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._formats.markdown import LONGEST, code, table


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("db-1", "`db-1`"),
        ("@everyone [x](http://evil) <b># h", "`@everyone [x](http://evil) <b># h`"),
        ("a` ![x](y) `b``", "`a' ![x](y) 'b''`"),
        ("a | b", "`a ¦ b`"),
        ("a\n\n# heading\r\n- list", "`a # heading - list`"),
        ("\u202eexe.gpj\u200b", "`exe.gpj`"),
        ("a\0b\ud800", "`a\ufffdb\ufffd`"),
        (["a", "b"], "`a; b`"),
        (12, "`12`"),
        (None, "-"),
        (" \n ", "-"),
    ],
)
def test_values_are_code(value, told):
    assert code(value) == told


def test_long_values_are_cut_visibly():
    told = code("x" * 10_000)
    assert len(told) == LONGEST + 2
    assert told.endswith("…`")


def test_tables():
    assert "".join(table(["a", "b"], [["1", code("x|y")]])) == "| a | b |\n| --- | --- |\n| 1 | `x¦y` |\n"
