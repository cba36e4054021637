# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records on disk, and sorted there."""

from __future__ import annotations

import random
import threading
from pathlib import Path

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import BackupError
from ansible_collections.multivendor.backup.plugins.module_utils._core.spool import Sorted, Spool

RECORD = {"id": "a", "n": 1, "share": 0.5, "flag": True, "nothing": None, "list": [{"inner": "Ω\u2028"}], "big": 2**70}


def test_what_is_put_in_comes_out_as_often_as_one_likes() -> None:
    records = Spool().records()
    assert (len(records), list(records)) == (0, [])
    records += [RECORD] * 3
    records += (RECORD for _turn in range(2000))
    assert len(records) == 2003
    assert list(records) == list(records) == [RECORD] * 2003


def test_lists_on_one_spool_are_joined_without_copying() -> None:
    spool = Spool()
    first, second, elsewhere = spool.records(), spool.records(), Spool().records()
    first += [1, 2]
    second += [3]
    elsewhere += [4]
    end = spool.put([])[0]
    first += second
    assert spool.put([])[0] - end < 50  # nothing but the empty lists was written
    first += elsewhere
    assert list(first) == [1, 2, 3, 4]


def test_many_write_and_read_at_once() -> None:
    spool = Spool()
    lists = [spool.records() for _each in range(8)]

    def fill(number: int) -> None:
        for turn in range(200):
            lists[number] += [(number, turn)]
            assert list(lists[number])[-1] == (number, turn)

    threads = [threading.Thread(target=fill, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [list(each) for each in lists] == [[(number, turn) for turn in range(200)] for number in range(8)]


def test_nothing_is_left_in_the_folder(tmp_path: Path) -> None:
    records = Spool(str(tmp_path)).records()
    records += ["secret"]
    assert list(tmp_path.iterdir()) == []


def test_no_folder_is_told_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="put aside on disk: No such file") as caught:
        Spool(str(tmp_path / "missing"))
    assert "remote_tmp" in str(caught.value)


def test_a_full_disk_is_told_in_plain_words() -> None:
    spool = Spool()
    spool._file = open("/dev/full", "w+b", buffering=0)  # noqa: SIM115
    with pytest.raises(BackupError, match="No space left"):
        spool.put([1])


@pytest.mark.parametrize("count", [0, 1, 19, 20, 21, 205])
def test_they_come_back_sorted(count: int) -> None:
    keys = [f"{number:04}" for number in range(count)]
    records = Sorted(Spool(), run=20)
    for key in random.Random(7).sample(keys, count):  # noqa: S311 (no secret)
        records.add(key, "line " + key)
    assert list(records) == [f"line {key}" for key in reversed(keys)]
    assert len(list(records)) == count
