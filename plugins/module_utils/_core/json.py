# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""JSON answers, read strictly: what Ansible could not print again is refused or mended here."""

from __future__ import annotations

import json
import math
from typing import Any


def read_json(body: bytes) -> Any:
    """The value of a JSON document; a byte order mark is allowed.

    NaN and infinities are refused (they are not JSON), lone surrogates are replaced (they cannot be printed).

    :raises ValueError: the body is no JSON.
    """
    try:
        value = _DECODER.decode(body.decode("utf-8-sig"))
        # Looking for one byte first is much faster, and most bodies have none.
        escapes = b"\\" in body and (b"\\ud" in body or b"\\uD" in body)
        return _printable(value) if escapes else value
    except RecursionError as problem:
        raise ValueError("nested too deeply") from problem


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number beyond all bounds")
    return number


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_printable(element) for element in value]
    if isinstance(value, dict):
        return {_printable(key): _printable(element) for key, element in value.items()}
    return value


_DECODER = json.JSONDecoder(parse_float=_finite, parse_constant=_refuse)
