# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Records: an API's objects in snake_case, with types put right, by a table of the fields that the API documents."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from sys import intern
from typing import Any

from .times import utc

Record = dict[str, Any]
Converter = Callable[[Any], Any]

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# Python reads more than this (1_000, nan), and shows in its error what it could not read.
_WHOLE = re.compile(r"\s*[+-]?\d{1,400}\s*", re.ASCII)
_DECIMAL = re.compile(r"\s*[+-]?(?:\d{1,400}\.?\d{0,400}|\.\d{1,400})(?:[eE][+-]?\d{1,9})?\s*", re.ASCII)
_DEEPEST = 32


def snake(native: str) -> str:
    """`computeInstanceId` -> `compute_instance_id`, `CreationTimeUTC` -> `creation_time_utc`, `DBName` -> `db_name`."""
    return _WORD.sub("_", native).replace("-", "_").strip("_").lower()


# Converters. Each gives the value in its right type, None for None, and raises ValueError when it cannot: the field is
# then null, and the value stands as it came under `additional_fields`. No type is guessed, and nothing is lost.


def text(value: Any) -> str | None:
    """Text; numbers become text (ids come as both)."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("no text")
    return str(value)


def word(value: Any) -> str | None:
    """Text that stands in many records (a status, a type, the name of a job): kept once, however often it comes."""
    return intern(value) if isinstance(value, str) else text(value)


def integer(value: Any) -> int | None:
    """A whole number, also when it came as text. Empty text is no number: None."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise ValueError("no whole number")
    if isinstance(value, str) and not _WHOLE.fullmatch(value):
        raise ValueError("no whole number")
    return int(value)


def number(value: Any) -> float | None:
    """A number, also when it came as text."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError("no number")
    if isinstance(value, str) and not _DECIMAL.fullmatch(value):
        raise ValueError("no number")
    result = float(value)
    if not math.isfinite(result):
        raise ValueError("no number")
    return result


def flag(value: Any) -> bool | None:
    """A truth value, also when it came as the text `true` or `false`."""
    if value is None or value == "" or isinstance(value, bool):
        return value if value != "" else None
    word = value.lower() if isinstance(value, str) else None
    if word not in ("true", "false"):
        raise ValueError("no truth value")
    return word == "true"


time = utc

# What nearly every value is, and what is then left to do with it: a look at its type spares the call of its converter.
_USUAL: Mapping[Any, tuple[type[Any], Converter | None]] = {
    text: (str, None),
    word: (str, intern),
    integer: (int, None),
    flag: (bool, None),
    time: (str, time),
}


class Shape:
    """The fields of one kind of record: native name -> converter, or another Shape for an object within.

    :param fields: what the API documents. In results, names are `snake` of the native ones, unless `names` differs.
    :param ignore_case: look native names up without regard to case (Veeam writes PascalCase or camelCase, by version).
    :param lists: fields (as results name them) that are lists, and so empty where others are null.
    :param derived: fields that the client fills in itself, with their empty values.
    """

    def __init__(
        self,
        fields: Mapping[str, Converter | Shape],
        *,
        names: Mapping[str, str] | None = None,
        ignore_case: bool = False,
        lists: Sequence[str] = (),
        derived: Mapping[str, Any] | None = None,
    ) -> None:
        named = {native: (names or {}).get(native) or snake(native) for native in fields}
        self.names = tuple(named.values()) + tuple(derived or ())
        self.nested = {named[native]: field for native, field in fields.items() if isinstance(field, Shape)}
        # its name in results, what is usual, and what converts all others; nothing of a field that is left out
        self._table: dict[str, tuple[str, type[Any] | None, Converter | None, Any] | tuple[()]] = {
            (native.lower() if ignore_case else native): (named[native], *_USUAL.get(field, (None, None)), field)
            for native, field in fields.items()
        }
        self._ignore_case = ignore_case
        # what stands for a value that is not there, but must not be null, so that no template fails on it
        self._absent: dict[str, Callable[[], Any]] = {
            **{name: shape._nothing for name, shape in self.nested.items()},
            **dict.fromkeys(lists, list),
        }
        self._empty = {**dict.fromkeys(named.values()), **(derived or {})}
        self._whole = True

    def only(self, *names: str) -> Shape:
        """The same shape for readers who look at no other fields than these (as results name them, derived ones too):
        its records have these alone, without `additional_fields`.
        """
        lean = copy(self)
        lean.names = names
        lean.nested = {name: self.nested[name] for name in names if name in self.nested}
        lean._table = {native: field if field and field[0] in names else () for native, field in self._table.items()}
        lean._absent = {name: absent for name, absent in self._absent.items() if name in names}
        lean._empty = {name: self._empty[name] for name in names}
        lean._whole = False
        return lean

    def read(self, native: Any) -> Record:
        """The record of a native object: all fields present, null if unknown; the rest under `additional_fields`.

        :raises ValueError: the native value is no object.
        """
        additional: Record = {}
        record = self._fill(native, additional, "")
        if self._whole:
            record["additional_fields"] = additional
        return record

    def _fill(self, native: Any, additional: Record, path: str) -> Record:
        if not isinstance(native, dict):
            raise ValueError("no object")
        record = self._empty.copy()
        table, ignore_case = self._table, self._ignore_case
        for key, value in native.items():
            field = table.get(key)
            if field is None and ignore_case:
                field = table.get(key.lower())
                if field is not None:
                    table[key] = field  # the next record writes it so, too
            if not field:
                if field is None and self._whole:
                    _put_aside(additional, path + key, value)
                continue
            name, usual, finish, convert = field
            if ignore_case and record[name] is not None:  # `Id` and `ID`
                _put_aside(additional, path + key, value)
                continue
            try:
                if value.__class__ is usual:
                    record[name] = finish(value) if finish else value
                elif isinstance(convert, Shape):
                    record[name] = None if value is None else convert._fill(value, additional, f"{path}{key}.")
                elif value is not None:
                    record[name] = convert(value)
            except (ValueError, TypeError, ArithmeticError):
                _put_aside(additional, path + key, value)
        for name, absent in self._absent.items():
            if record[name] is None:
                record[name] = absent()
        return record

    def _nothing(self) -> Record:
        """The record of an object that is not there: it has all keys."""
        return {**self._empty, **{name: absent() for name, absent in self._absent.items()}}


def _put_aside(additional: Record, name: str, value: Any) -> None:
    """Keep a value that has no field. Names are unique but for hostile servers: then a later one gets primes."""
    if isinstance(value, (dict, list)):
        _check_depth(value, _DEEPEST)
    while name in additional:
        name += "'"
    additional[name] = value


def _check_depth(value: Any, levels: int) -> None:
    """Refuse what is nested so deeply that printing it would fail."""
    if not levels:
        raise ValueError("nested too deeply")
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, (dict, list)):
            _check_depth(inner, levels - 1)
