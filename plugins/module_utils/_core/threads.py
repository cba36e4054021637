# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Daemon threads: work side by side, and patience that ends. No thread of ours ever keeps a process alive."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from .deadline import Deadline

#: How many items for each worker may be begun or done before the caller takes them.
AHEAD = 2

Item = TypeVar("Item")
Result = TypeVar("Result")


def within(deadline: Deadline, work: Callable[[], Result]) -> Result:
    """What `work` gives or raises, waited for until the deadline and no longer.

    This is what ends what no time-out of a socket can: a name server that is silent, a server that drips its headers.

    :raises BackupError: `deadline`; the thread is left to end by itself.
    """
    for _item, outcome in side_by_side(lambda _only: work(), (None,), 1, deadline):
        if isinstance(outcome, Exception):
            raise outcome
        return outcome
    raise deadline.error()


def side_by_side(
    work: Callable[[Item], Result], items: Iterable[Item], width: int, deadline: Deadline
) -> Iterator[tuple[Item, Result | Exception]]:
    """Each item with what `work` gave or raised for it, as they get done, at most `width` at a time.

    Items are taken one by one, so they may be endless, and only so far ahead of the caller. When the caller stops
    iterating, no new item is begun.

    :raises BackupError: `deadline`, when it passes while waiting; workers are left to end by themselves.
    """
    todo = iter(items)
    taking = threading.Lock()
    stopped = threading.Event()
    ahead = threading.Semaphore(AHEAD * width)
    done: queue.SimpleQueue[tuple[Item, Result | Exception] | None] = queue.SimpleQueue()

    def take_turns() -> None:
        while ahead.acquire() and not stopped.is_set():
            with taking:
                try:
                    item = next(todo)
                except StopIteration:
                    break
            try:
                done.put((item, work(item)))
            except Exception as problem:  # noqa: BLE001 (whoever waits for the item raises it)
                done.put((item, problem))
        done.put(None)

    for _number in range(width):
        threading.Thread(target=take_turns, daemon=True).start()
    workers = width
    try:
        while workers:
            try:
                outcome = done.get(timeout=deadline.remaining())
            except queue.Empty:
                raise deadline.error() from None
            if outcome is None:
                workers -= 1
            else:
                ahead.release()
                yield outcome
    finally:
        stopped.set()
        for _number in range(width):
            ahead.release()


class Room:
    """Room for so many at once: whoever is `paced` waits until somebody has left. The end of its context frees all."""

    def __init__(self, size: int) -> None:
        self._free = threading.Semaphore(size)
        self._over = False

    def __enter__(self) -> Room:
        return self

    def __exit__(self, *exc: object) -> None:
        self._over = True
        self._free.release()

    def paced(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items, each when there is room for it; none after the end."""
        for item in items:
            self._free.acquire()
            if self._over:
                return
            yield item

    def leave(self) -> None:
        """Make room for one more."""
        self._free.release()
