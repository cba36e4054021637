# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What `normalize_tasks` and `normalize_resources` share: from whatever was given to records of the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.multivendor.backup.plugins.module_utils._core.records import Record

from . import _foreign, _ours
from ._inputs import INCOMPLETE, Refused, gather, text_option

TASKS = {**_ours.TASKS, **_foreign.TASKS}
RESOURCES = {**_ours.RESOURCES, **_foreign.RESOURCES}


def normalize(value: Any, provider: Any, source: Any, what: str, table: Mapping[str, Any]) -> list[Record]:
    """The records of the model, in the order given. What stood in an incomplete list carries the note about it.

    :param what: `tasks` or `resources`, for refusals.
    :param table: `TASKS` or `RESOURCES`.
    """
    provider = text_option("provider", provider)
    if provider not in table:
        raise Refused(f"`provider` is {provider!r}, and has to be one of {', '.join(table)}.")
    source = provider if source is None else text_option("source", source)
    read, keys, ids = table[provider]
    takes = f"a list of {what} of {provider}, or the whole result of a module that reads them"
    given = gather(value, keys, ids, takes)
    if not given.complete and not given.records:
        raise Refused(
            f"the result holds no {what} and was not read completely, so nothing follows from it. "
            "Give its list instead of the result to go on all the same, and tell the filter freshness complete=false."
        )
    records = []
    for index, record in enumerate(given.records):
        notes: list[str] = []
        if {"native_type", "provider", "source"} <= set(record) or {"native_state", "provider", "source"} <= set(
            record
        ):
            raise Refused(f"record {index} is in the common model already, and needs no normalizing.")
        try:
            made = read(record, source, notes)
        except (ValueError, ArithmeticError) as problem:
            raise Refused(f"record {index} cannot be read: {problem}.") from problem
        if not made["id"]:
            raise Refused(f"record {index} has no id. It takes {takes}.")
        made["notes"] = list(dict.fromkeys([*made["notes"], *notes, *([] if given.complete else [INCOMPLETE])]))
        records.append(made)
    return records
