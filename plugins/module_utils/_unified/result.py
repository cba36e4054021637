# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""What all modules over sources say in one way: how each source was read, whether that is all, the fields asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._core.errors import BackupError, bad_option
from .._core.records import Record
from .._core.times import CLOCK_TOLERANCE
from .._sources import Reading

SCHEMA_VERSION = 1
#: ansible-runner, and so AWX, empties an event whose result has more characters.
MOST_CHARACTERS = 700_000
_SAMPLE = 200


def envelope(readings: Sequence[Reading]) -> Record:
    """What stands beside every list of the unified modules: how each source was read, and whether that is all."""
    return {
        "schema_version": SCHEMA_VERSION,
        "sources": [reading.envelope() for reading in readings],
        "complete": all(reading.listing.complete for reading in readings),
        "errors": [reading.listing.error.facts() for reading in readings if reading.listing.error],
        "warnings": [warning for reading in readings for warning in _warnings(reading)],
    }


def _warnings(reading: Reading) -> list[str]:
    name = reading.source.name
    warnings = [f"source {name}: {warning}" for warning in reading.listing.warnings]
    if abs(reading.clock_offset) > CLOCK_TOLERANCE:
        warnings.append(f"source {name}: its clock differs from ours by {reading.clock_offset:.0f} s")
    return warnings


def unseen(names: Sequence[str] | None, known: Iterable[str | None], says: str) -> list[str]:
    """A warning about names that the user gave and nothing has: they may be misspelt.

    :param known: looked at only where names were given.
    """
    if not names:
        return []
    there = set(known)
    missing = [name for name in names if name not in there]
    return [f"{says} {', '.join(missing)}: ids and names are compared exactly"] if missing else []


def too_large(records: Sequence[Record], options: str) -> list[str]:
    """A warning when records are too many for AWX to show.

    :param options: which ones help.
    """
    size = _characters(records)
    if size <= MOST_CHARACTERS:
        return []
    return [
        f"the result has about {size:,} characters, and AWX shows none above {MOST_CHARACTERS:,}: ask for less with "
        f"{options}, or let multivendor.backup.backup_export write all of it to a file"
    ]


def ended(result: Record, readings: Sequence[Reading], on_error: str) -> tuple[Record, BackupError | None]:
    """The result, and the error that it fails with, if it does; else a warning takes its place."""
    errors = [reading.listing.error for reading in readings if reading.listing.error]
    if not errors:
        return result, None
    if on_error == "warn":
        result["warnings"] += [f"source {error.source} was not read completely: {error}" for error in errors]
        return result, None
    return result, _joined(errors, len(readings))


def _joined(errors: Sequence[BackupError], sources: int) -> BackupError:
    """One error for a play: the first one, and how many sources it speaks for."""
    first = errors[0]
    names = ", ".join(str(error.source) for error in errors)
    first.message = f"{first.message} ({len(errors)} of {sources} sources were not read completely: {names})"
    return first


def _characters(records: Sequence[Record]) -> int:
    """About how many characters a list has as JSON, judged by its first elements."""
    sample = records[:_SAMPLE]
    return len(json.dumps(sample, default=str)) * len(records) // max(1, len(sample))


def check_fields(
    fields: Sequence[str] | None, known: Sequence[str], parts: Mapping[str, Sequence[str]]
) -> list[list[str]]:
    """The paths of the option `fields`: names of fields of the model, and of what is in `raw`, which nobody knows.

    :param parts: what fields there are within fields.
    :raises BackupError: `bad_option`.
    """
    paths = [field.split(".") for field in fields or ()]
    for path in paths:
        whole, part = path[0], path[1:]
        fits = all(path) if whole == "raw" else whole in known and (not part or ".".join(part) in parts.get(whole, ()))
        if not fits:
            there = f"The fields of `{whole}` are {', '.join(parts[whole])}." if whole in parts else None
            raise bad_option(
                "fields", f"there is no field {'.'.join(path)!r}", there or f"The fields are {', '.join(known)}."
            )
    return sorted(paths, key=len, reverse=True)  # so that a whole comes after its parts, and stands


def picked(record: Record, paths: Sequence[Sequence[str]]) -> Record:
    """The record with only these fields, and always its uid. What a record has not is null.

    :param paths: as `check_fields` gives them, the longest first.
    """
    result: Record = {"uid": record["uid"]}
    for path in paths:
        target, value = result, record
        for name in path[:-1]:
            value = _within(value, name)
            target = target.setdefault(name, {})
        target[path[-1]] = _within(value, path[-1])
    return result


def _within(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None
