# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as Markdown, short enough for a ticket or a chat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ansible_collections.multivendor.backup.plugins.module_utils._core.records import Record
from ansible_collections.multivendor.backup.plugins.module_utils._formats.markdown import code, table

#: A ticket shows so many resources, and so many groups of failures; more are counted.
MOST_ROWS = 25


def markdown_lines(shown: Record) -> Iterator[str]:
    """The lines, each with its line end.

    :param shown: what the page shows.
    """
    verdict, stale, failures = shown["verdict"], shown["stale"], shown["failures"]
    yield f"# {code(shown['title'])}\n\n"
    yield f"**{verdict['mark']} {verdict['headline']}.** {verdict['detail']}\n\n"
    asked = "".join(f", {row['name']} {code(row['told'])}" for row in shown["asked"])
    yield f"Collected {shown['collected']}, tasks {shown['window']}{asked}.\n"
    yield from _problems(shown["problems"])
    yield f"\n## Without a good backup, or late: {stale['total']}\n\n"
    if stale["rows"]:
        yield from table(
            ("verdict", "resource", "system", "newest good backup", "target", "why"),
            map(_stale, stale["rows"][:MOST_ROWS]),
        )
    else:
        yield f"{stale['empty']['text']}\n"
    yield f"\n## Failed tasks: {failures['total']}\n\n"
    if failures["rows"]:
        yield from table(("times", "message", "systems", "resources"), map(_failure, failures["rows"][:MOST_ROWS]))
    else:
        yield f"{failures['empty']['text']}\n"
    yield "\n## Systems\n\n"
    columns = ("system", "provider", "tasks", "failed", "unknown", "resources", "read")
    yield from table(columns, map(_source, shown["sources"]))
    cut = [f"{MOST_ROWS} rows at most" for part in (stale, failures) if part["rest"] or len(part["rows"]) > MOST_ROWS]
    if cut:
        yield f"\nEach table above has {cut[0]}; the numbers in the headings count all.\n"


def _problems(problems: Sequence[Record]) -> Iterator[str]:
    if problems:
        yield "\n## Not read completely\n\n"
    for problem in problems:
        yield f"- {code(problem['source'])}: {' '.join(map(code, (*problem['messages'], *problem['hints'])))}\n"


def _stale(row: Record) -> Sequence[str]:
    why = ", ".join(filter(None, (row["reasons"], row["message"] and code(row["message"]))))
    return (
        f"{row['mark']} {row['word']}",
        code(row["name"]),
        code(row["source"]),
        row["age"] or "none known",
        row["target"] or "-",
        why or "-",
    )


def _failure(row: Record) -> Sequence[str]:
    names = [*row["names"], f"and {row['more']} more"] if row["more"] else row["names"]
    return row["tally"], code(row["message"]), code(row["sources"]), code(names)


def _source(row: Record) -> Sequence[str]:
    read = "completely" if row["complete"] else f"**not completely** ({row['reason']})"
    counts = row["tasks"] or "-", row["failed"], row["unknown"], row["resources"] or "-"
    return (code(row["name"]), row["provider"], *counts, read)
