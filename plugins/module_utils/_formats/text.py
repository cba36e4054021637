# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Text that may come from a vendor, made fit for a file of text."""

from __future__ import annotations

import re
from typing import Any

# What no text format takes: control characters, and halves of characters, which cannot be written as UTF-8.
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# What makes text look other than it is: marks of direction, and characters without width.
_UNSEEN = re.compile(r"[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def clean(text: str) -> str:
    """Text that can be written as UTF-8; what no file of text may hold becomes the sign for it, and lines end in LF."""
    return _UNFIT.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Clean text on one line, without marks that nobody sees."""
    return " ".join(_UNSEEN.sub("", clean(text)).split())


def words(value: Any) -> str:
    """A value as a person writes it: `true`, `3.5`, a list with semicolons between, nothing for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "; ".join(_element(element) for element in value)
    return str(value)


def _element(element: Any) -> str:
    """An element of a list. What has a name goes by it, or else by its id."""
    if isinstance(element, dict):
        return words(element.get("name") or element.get("id"))
    return words(element)


def as_it_is(value: Any) -> Any:
    """The value, where nothing has to be hidden in it."""
    return value
