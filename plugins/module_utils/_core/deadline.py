# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""One clock and one deadline over everything a call does."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from .errors import BackupError


@dataclass(frozen=True)
class Clock:
    """Time and chance, handed in so that tests decide them."""

    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    uniform: Callable[[float, float], float] = random.uniform


class Deadline:
    """The moment after which a call gives up, whatever it is doing.

    :param seconds: how long the whole call may take, from now.
    """

    def __init__(self, seconds: float, clock: Clock) -> None:
        self.seconds = seconds
        self.clock = clock
        self._end = clock.monotonic() + seconds

    def remaining(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self._end - self.clock.monotonic())

    @property
    def expired(self) -> bool:
        return self.remaining() <= 0

    def check(self) -> None:
        """Raise `deadline` when no time is left."""
        if self.expired:
            raise self.error()

    def sleep(self, seconds: float) -> None:
        """Sleep that long, and raise `deadline` when it ended while sleeping."""
        self.clock.sleep(min(seconds, self.remaining()))
        self.check()

    def error(self) -> BackupError:
        return BackupError("deadline", f"the deadline of {self.seconds:g} s has passed")
