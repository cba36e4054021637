# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Records on disk instead of in memory, for those who read more than memory should hold."""

from __future__ import annotations

import contextlib
import heapq
import marshal
import threading
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from operator import itemgetter
from tempfile import TemporaryFile
from typing import Any

from .errors import BackupError

# So many records are written, and come back into memory, at once.
_CHUNK = 500
_RUN = 10_000
# The least effort that still makes records about eight times smaller.
_EFFORT = 1


class Spool:
    """One temporary file without a name: whatever happens, it ends with the process.

    :param folder: where it is; None: where the system keeps temporary files, which may be memory.
    """

    def __init__(self, folder: str | None = None) -> None:
        self._lock = threading.Lock()
        self._end = 0
        with _told():
            self._file = TemporaryFile(dir=folder)  # noqa: SIM115 (it lives as long as the spool)

    def records(self) -> Spooled:
        """A new, empty list on this spool."""
        return Spooled(self)

    def put(self, chunk: list[Any]) -> tuple[int, int]:
        """Write some records; gives where they are: offset and length."""
        data = zlib.compress(marshal.dumps(chunk), _EFFORT)
        with _told(), self._lock:
            self._file.seek(self._end)
            self._file.write(data)
            self._file.flush()
            place = (self._end, len(data))
            self._end += len(data)
        return place

    def get(self, place: tuple[int, int]) -> list[Any]:
        """The records of a place that `put` gave."""
        offset, length = place
        with _told(), self._lock:
            self._file.seek(offset)
            data = self._file.read(length)
        chunk: list[Any] = marshal.loads(zlib.decompress(data))  # noqa: S302 (nobody else can write this file)
        return chunk


class Spooled:
    """A list on a spool: it has a length, grows at its end, and can be walked through as often as one likes.

    Every walk makes its elements anew: what is done to them is lost. They are made of what JSON is made of.
    """

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._places: list[tuple[int, int]] = []
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Any]:
        for place in self._places:
            yield from self._spool.get(place)

    def __iadd__(self, more: Iterable[Any]) -> Spooled:
        if isinstance(more, Spooled) and more._spool is self._spool:
            self._places += more._places
            self._length += len(more)
            return self
        elements = iter(more)
        chunk = list(islice(elements, _CHUNK))
        while chunk:
            self._places.append(self._spool.put(chunk))
            self._length += len(chunk)
            chunk = list(islice(elements, _CHUNK))
        return self


class Sorted:
    """Records in the falling order of their keys, however many: sorted in runs, and merged when they are read.

    :param run: so many are sorted in memory before they go to disk.
    """

    def __init__(self, spool: Spool, run: int = _RUN) -> None:
        self._spool = spool
        self._run = run
        self._runs: list[Spooled] = []
        self._waiting: list[tuple[str, Any]] = []

    def add(self, key: str, record: Any) -> None:
        """Take a record."""
        self._waiting.append((key, record))
        if len(self._waiting) >= self._run:
            self._put_away()

    def _put_away(self) -> None:
        self._waiting.sort(key=itemgetter(0), reverse=True)
        run = self._spool.records()
        run += self._waiting
        self._runs.append(run)
        self._waiting = []

    def __iter__(self) -> Iterator[Any]:
        self._put_away()
        return (record for _key, record in heapq.merge(*self._runs, key=itemgetter(0), reverse=True))


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Tell trouble with the disk in plain words."""
    try:
        yield
    except OSError as problem:
        error = BackupError(
            "too_large",
            f"records could not be put aside on disk: {problem.strerror}",
            hint="Make room where temporary files are kept, or name another place in `remote_tmp`.",
        )
    else:
        return
    raise error
