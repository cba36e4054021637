# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work side by side: outcomes as they come, early ends, and no thread that keeps the process alive."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
import time as real_time
from pathlib import Path

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._core import threads
from ansible_collections.multivendor.backup.plugins.module_utils._core.deadline import Clock, Deadline
from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import BackupError
from ansible_collections.multivendor.backup.plugins.module_utils._core.threads import side_by_side, within
from ansible_collections.multivendor.backup.tests.unit.plugins.module_utils._core.wire import FakeTime

HANGS = 8.0


def soon(seconds: float = 30.0) -> Deadline:
    return Deadline(seconds, Clock())


def test_every_item_has_its_outcome() -> None:
    outcomes = dict(side_by_side(lambda number: number**2, range(50), 7, soon()))
    assert outcomes == {number: number**2 for number in range(50)}
    assert dict(side_by_side(lambda number: number, (), 0, soon())) == {}
    assert dict(side_by_side(lambda number: number, (), 3, soon())) == {}


def test_failures_are_outcomes() -> None:
    outcomes = dict(side_by_side(lambda number: 1 // number, [0, 1], 2, soon()))
    assert isinstance(outcomes[0], ZeroDivisionError)
    assert outcomes[1] == 1


def test_at_most_so_many_at_once() -> None:
    lock, busy, busiest = threading.Lock(), 0, 0

    def work(_number: int) -> None:
        nonlocal busy, busiest
        with lock:
            busy += 1
            busiest = max(busiest, busy)
        real_time.sleep(0.005)
        with lock:
            busy -= 1

    list(side_by_side(work, range(20), 3, soon()))
    assert busiest == 3


def test_they_do_work_at_the_same_time() -> None:
    together = threading.Barrier(4)
    assert len(list(side_by_side(lambda number: together.wait(HANGS), range(4), 4, soon()))) == 4


def test_nothing_is_begun_after_the_caller_stopped() -> None:
    begun = []

    def work(number: int) -> int:
        begun.append(number)
        real_time.sleep(0.001)
        return number

    for number, _outcome in side_by_side(work, itertools.count(), 2, soon()):
        if number >= 5:
            break
    real_time.sleep(0.05)
    after = len(begun)
    real_time.sleep(0.05)
    assert len(begun) == after < 30


def test_within_gives_or_raises_what_the_work_does() -> None:
    assert within(soon(), lambda: 7) == 7
    assert within(soon(), lambda: None) is None
    problem = BackupError("tls", "no")
    with pytest.raises(BackupError) as caught:
        within(soon(), lambda: (never for never in ()).throw(problem))
    assert caught.value is problem


def test_patience_ends() -> None:
    began = real_time.monotonic()
    for act in (
        lambda: within(soon(0.1), lambda: real_time.sleep(30)),
        lambda: list(side_by_side(real_time.sleep, [30], 1, soon(0.1))),
        lambda: within(soon(0.0), lambda: real_time.sleep(30)),
    ):
        with pytest.raises(BackupError) as caught:
            act()
        assert caught.value.code == "deadline"
        assert "deadline of 0" in caught.value.message
    assert real_time.monotonic() - began < HANGS


def test_all_threads_are_daemons() -> None:
    seen = within(soon(), threading.current_thread)
    assert seen.daemon
    (_item, worker) = next(iter(side_by_side(lambda number: threading.current_thread(), [1], 1, soon())))
    assert isinstance(worker, threading.Thread)
    assert worker.daemon


def test_a_hanging_worker_does_not_keep_the_process_alive() -> None:
    core = str(Path(threads.__file__).parent.parent)
    script = (
        "import sys, time\n"
        f"sys.path.insert(0, {core!r})\n"
        "from _core.deadline import Clock, Deadline\n"
        "from _core.errors import BackupError\n"
        "from _core.threads import side_by_side, within\n"
        "for act in (lambda: within(Deadline(0.1, Clock()), lambda: time.sleep(600)),\n"
        "            lambda: list(side_by_side(time.sleep, [600] * 8, 4, Deadline(0.1, Clock())))):\n"
        "    try:\n"
        "        act()\n"
        "    except BackupError as error:\n"
        "        print(error.code)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.split() == ["deadline", "deadline"]
    assert done.stderr == ""


def test_a_deadline_sleeps_no_longer_than_it_lasts() -> None:
    time = FakeTime()
    deadline = Deadline(10, time.clock())
    deadline.sleep(4)
    assert deadline.remaining() == 6
    assert not deadline.expired
    with pytest.raises(BackupError):
        deadline.sleep(7)
    assert time.slept == [4, 6]
    assert deadline.remaining() == 0
    assert deadline.expired
    time.pass_by(100)
    assert deadline.remaining() == 0
    with pytest.raises(BackupError, match="10 s"):
        deadline.check()
