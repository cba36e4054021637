# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Markdown for tickets and chat. What comes from a vendor is shown as code, in which nothing else is understood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from .text import one_line, words

#: A person reads no more of one value.
LONGEST = 200
# What would end the code, or the cell of a table. Escapes of both differ between renderers, so they are replaced.
_ENDS = str.maketrans({"`": "'", "|": "\u00a6"})


def code(value: Any) -> str:
    """A value as code: no link, image, mention, heading, table or HTML can come of it. A dash for nothing."""
    text = one_line(words(value)).translate(_ENDS)
    if len(text) > LONGEST:
        text = f"{text[: LONGEST - 1]}…"
    return f"`{text}`" if text else "-"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a table; its cells are Markdown already."""
    yield f"| {' | '.join(head)} |\n"
    yield f"|{' --- |' * len(head)}\n"
    for row in rows:
        yield f"| {' | '.join(row)} |\n"
