# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of Veeam's jobs that go on while somebody looks: those that were started here, and those that are stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Step = tuple[str, str]
"""State and result of a job's session."""

STOPPING: tuple[Step, ...] = (("Stopping", "None"), ("Stopped", "Failed"))
STOPPED_BY = "Error: Job was stopped by user SIM\\svc-ansible."


@dataclass
class Run:
    """A session of a job that goes from step to step as it is read; the last step is its end."""

    created: float
    steps: Sequence[Step]
    reads_per_step: int
    reads: int = 0
    stopped: bool = False

    @property
    def now(self) -> Step:
        """Where it stands."""
        return self.steps[min(self.reads // self.reads_per_step, len(self.steps) - 1)]

    @property
    def goes_on(self) -> bool:
        """Whether another read can still change it."""
        return self.reads // self.reads_per_step < len(self.steps) - 1

    def stop(self) -> None:
        """Have it stop at its next reads."""
        self.steps, self.reads, self.stopped = STOPPING, 0, True


class Runs:
    """The runs of one Enterprise Manager, by the stream and the index of their records."""

    def __init__(self, reads_per_step: int, steps: Sequence[Step]) -> None:
        self._reads_per_step = reads_per_step
        self._steps = steps
        self._runs: dict[tuple[int, int], Run] = {}
        self._uids: dict[str, Run] = {}

    def find(self, stream: int, index: int) -> Run | None:
        """The run that a record is about."""
        return self._runs.get((stream, index))

    def start(self, stream: int, index: int, created: float) -> Run:
        """A new run."""
        run = Run(created, self._steps, self._reads_per_step)
        self._runs[stream, index] = run
        return run

    def stop(self, stream: int, index: int, created: float) -> Run:
        """Stop a run, one of old as well."""
        run = self._runs.get((stream, index)) or self.start(stream, index, created)
        run.stop()
        return run

    def name(self, run: Run, uids: Sequence[str]) -> None:
        """These sessions belong to the run: reading one of them is what makes it go on."""
        self._uids.update(dict.fromkeys(uids, run))

    def read(self, body: bytes) -> bool:
        """Somebody has read the sessions whose UIDs are in this body; whether that can have changed one."""
        runs = {id(run): run for uid, run in self._uids.items() if run.goes_on and uid.encode() in body}
        for run in runs.values():
            run.reads += 1
        return bool(runs)
