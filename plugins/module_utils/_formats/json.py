# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Records of the model as JSON: one object, or one line a record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from .._core.records import Record
from .about import About


def json_object(records: Iterable[Record], summary: Record, about: About, schema_version: int) -> Iterator[str]:
    """The file, piece by piece: one object with schema_version, collection, summary, and the records by their kind.

    Every record stands on a line of its own.
    """
    yield f'{{"schema_version": {schema_version},\n'
    yield f'"collection": {json.dumps(about.facts())},\n'
    yield f'"summary": {json.dumps(summary)},\n'
    yield f'"{about.kind}": ['
    before = "\n"
    for record in records:
        yield f"{before}{json.dumps(record)}"
        before = ",\n"
    yield "\n]}\n"


def json_lines(records: Iterable[Record], about: About, schema_version: int) -> Iterator[str]:
    """The file, line by line: first {schema_version, collection}, which says what it is, then one line a record."""
    yield json.dumps({"schema_version": schema_version, "collection": about.facts()}) + "\n"
    for record in records:
        yield json.dumps(record) + "\n"
