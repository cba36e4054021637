# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The forms of file: what each is made of, and when two files say the same."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from .._core.records import Record
from .about import About
from .csv import csv_lines
from .json import json_lines, json_object
from .prometheus import resource_metrics, task_metrics
from .text import as_it_is

SCHEMA_VERSION = 1
# The ages that a table may show.
_VOLATILE_COLUMNS = ("age_seconds", "evaluated_at", "freshness_age_seconds", "freshness_evaluated_at")


@dataclass(frozen=True)
class Collection:
    """What was collected, ready to be written.

    :param records: can be walked through more than once.
    :param counts: what the metrics of tasks are made of.
    :param columns: those of a table, if the user names them.
    :param hide: gives plain data without secrets; what a file spells in its own way could not be found any more.
    """

    about: About
    summary: Record
    records: Iterable[Record]
    counts: Record = field(default_factory=dict)
    columns: Mapping[str, str] | None = None
    hide: Callable[[Any], Any] = as_it_is

    def shown(self) -> Iterator[Record]:
        """The records, as a file may show them."""
        return map(self.hide, self.records)


@dataclass(frozen=True)
class Format:
    """A form of file.

    :param suffixes: what `dest` ends with when nobody names the format.
    :param pieces: the text of the file, piece by piece.
    :param settled: lines without what differs between two files that say the same: when it was collected, and how old
        things and how far off clocks were then.
    """

    suffixes: tuple[str, ...]
    pieces: Callable[[Collection], Iterator[str]]
    settled: Callable[[Iterable[str], str], Iterator[Any]]

    def says_the_same(self, kind: str, old: Iterable[str], new: Iterable[str]) -> bool:
        """Whether the lines of two files differ in nothing but when they were collected, and ages."""
        before, after = (self.settled(lines, kind) for lines in (old, new))
        try:
            return all(one == other for one, other in zip_longest(before, after))
        except csv.Error:
            return False  # the old file is none of ours


def _json(collection: Collection) -> Iterator[str]:
    hide = collection.hide
    return json_object(collection.shown(), hide(collection.summary), collection.about.hidden(hide), SCHEMA_VERSION)


def _json_lines(collection: Collection) -> Iterator[str]:
    return json_lines(collection.shown(), collection.about.hidden(collection.hide), SCHEMA_VERSION)


def _csv(collection: Collection) -> Iterator[str]:
    return csv_lines(collection.shown(), collection.about.hidden(collection.hide), columns=collection.columns)


def _metrics(collection: Collection) -> Iterator[str]:
    if collection.about.kind == "tasks":
        return task_metrics(collection.counts, collection.about, hide=collection.hide)
    return resource_metrics(list(collection.records), collection.about, hide=collection.hide)


_TIME = r'(?:null|"[^"]*")'
_COLLECTED = re.compile(rf'"collected_at": {_TIME}, "since": {_TIME}, "until": {_TIME}')
_FRESHNESS = re.compile(r'"freshness": \{[^{}]*\}')
_AGES = re.compile(rf'"age_seconds": [^,}}]*|"evaluated_at": {_TIME}')
_COLLECTED_CSV = re.compile(r"# (?:collected_at|since|until): ")
_COLLECTED_METRIC = re.compile(r"(backup_collection_(?:\w+_)?timestamp_seconds\{[^}]*\}) [\d.]+\n")
_CLOCK_OFFSET = re.compile(r"\bclock_offset:-?\d+")


def _settled_json(lines: Iterable[str], kind: str) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number < 2:
            line = _COLLECTED.sub("", line)
        if kind == "resources":
            line = _FRESHNESS.sub(lambda found: _AGES.sub("", found[0]), line)
            line = _CLOCK_OFFSET.sub("clock_offset", line)
        yield line


def _settled_csv(lines: Iterable[str], kind: str) -> Iterator[Any]:
    lines = iter(lines)
    for line in lines:
        if not line.startswith("#"):
            yield line
            break
        if not _COLLECTED_CSV.match(line):
            yield line
    else:
        return
    if kind == "tasks":
        yield from lines
        return
    volatile = [number for number, name in enumerate(line.split(",")) if name.rstrip() in _VOLATILE_COLUMNS]
    for row in csv.reader(lines):
        yield ["" if number in volatile else _CLOCK_OFFSET.sub("clock_offset", cell) for number, cell in enumerate(row)]


def _settled_metrics(lines: Iterable[str], _kind: str) -> Iterator[str]:
    return (_COLLECTED_METRIC.sub(r"\1 *", line) for line in lines)


FORMATS = {
    "json": Format((".json",), _json, _settled_json),
    "jsonl": Format((".jsonl", ".ndjson"), _json_lines, _settled_json),
    "csv": Format((".csv",), _csv, _settled_csv),
    "prometheus": Format((".prom",), _metrics, _settled_metrics),
}
