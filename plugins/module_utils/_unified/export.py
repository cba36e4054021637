# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""What `backup_export` does: everything that the sources have, in one file, without holding it in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

from .._core.deadline import Clock
from .._core.errors import BackupError, bad_option
from .._core.options import Options, Params
from .._core.records import Record
from .._core.redact import Secrets
from .._core.spool import Sorted, Spool
from .._core.times import rfc3339
from .._formats.about import About
from .._formats.csv import COLUMNS
from .._formats.files import FORMATS, Collection, Format
from .._model.query import age_key
from .._model.summary import Tally
from .._model.task import FIELDS, PARTS
from .._sources import Reading, fetch_tasks, model_tasks, parse_sources, read_all
from .resources import RESOURCE_OPTIONS, collect_resources, policy_of
from .result import check_fields, ended, envelope, picked
from .tasks import TASK_OPTIONS, task_query

# What each kind of record is asked for with. What a limit leaves out would be missing in silence.
_OPTIONS = {
    "tasks": {name: spec for name, spec in TASK_OPTIONS.spec.items() if name != "limit"},
    "resources": dict(RESOURCE_OPTIONS.spec),
}
# These decide how a record is shown, not which ones there are.
_NO_FILTERS = ("sources", "connection", "fields", "detail", "on_error")
_PORTION = 1000


def _without_default(spec: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in spec.items() if key != "default"}


# Options of one kind are refused with the other, so their defaults are filled in when the kind is known.
EXPORT_OPTIONS = Options(
    {
        "dest": {"type": "path", "required": True},
        "format": {"type": "str", "choices": ["json", "jsonl", "csv", "prometheus"]},
        "kind": {"type": "str", "choices": list(_OPTIONS), "default": "tasks"},
        "refresh": {"type": "bool", "default": False},
        **{name: _without_default(spec) for options in _OPTIONS.values() for name, spec in options.items()},
    }
)


class Draft(NamedTuple):
    """A file that is ready to be written."""

    format: Format
    collection: Collection

    def pieces(self, hide: Callable[[Any], Any]) -> Iterator[str]:
        """Its text, piece by piece, made anew each time; `hide` takes secrets out of plain data."""
        return self.format.pieces(replace(self.collection, hide=hide))

    def says_the_same(self, old: Iterable[str], new: Iterable[str]) -> bool:
        """Whether the lines of two such files differ in nothing but when they were collected, and ages."""
        return self.format.says_the_same(self.collection.about.kind, old, new)


def collect(params: Params, secrets: Secrets, folder: str) -> tuple[Draft, Record, BackupError | None]:
    """What is to be written, the result of `backup_export`, and why nothing must be written.

    :param folder: where records may be put aside.
    """
    kind, form = params["kind"], _format(params)
    asked = _asked(params, kind)
    columns = _columns(asked, kind, form)
    collection, result, readings = _tasks(asked, secrets, folder) if kind == "tasks" else _resources(asked, secrets)
    result, error = ended({"kind": kind, "format": form, **result}, readings, asked["on_error"])
    return Draft(FORMATS[form], replace(collection, columns=columns)), result, error


def _format(params: Params) -> str:
    """The format that is named, or that the name of the file tells."""
    named: str | None = params["format"]
    told = next((name for name, form in FORMATS.items() if params["dest"].lower().endswith(form.suffixes)), None)
    if not (named or told):
        suffixes = ", ".join(suffix for form in FORMATS.values() for suffix in form.suffixes)
        raise bad_option("dest", "its name tells no format", f"Name it {suffixes}, or give `format`.")
    return named or told or ""


def _asked(params: Params, kind: str) -> Record:
    """The options of this kind of record, with their defaults.

    :raises BackupError: `bad_option`, also for an option that only the other kind has.
    """
    own = _OPTIONS[kind]
    for other, options in _OPTIONS.items():
        for name in options:
            if name not in own and params[name] is not None:
                raise bad_option(name, f"it is an option for {other}", f"Leave it out, or give `kind: {other}`.")
    return {name: spec.get("default") if params[name] is None else params[name] for name, spec in own.items()}


def _columns(asked: Params, kind: str, form: str) -> Mapping[str, str] | None:
    """The columns of a table, where the user names them."""
    in_full, days = form in ("json", "jsonl"), "days" in (asked["fields"] or ())
    if asked["detail"] == "raw" and not in_full:
        raise bad_option("detail", f"{form} has no place for raw records", "Give `format: json` or `jsonl`.")
    if (asked.get("history_days") or days) and not in_full:
        option = "fields" if days else "history_days"
        raise bad_option(option, f"{form} has no place for days", "Give `format: json` or `jsonl`.")
    if not asked["fields"]:
        return None
    if form == "prometheus":
        raise bad_option("fields", "metrics have no fields", "Leave it out.")
    if form != "csv":
        return None
    paths = ["uid", *(path for field in asked["fields"] for path in _parts(kind, field))]
    return {path.replace(".", "_"): path for path in paths}


def _parts(kind: str, field: str) -> list[str]:
    """The fields that a field has within it, each a cell of a table; else itself."""
    return [path for path in COLUMNS[kind].values() if path.startswith(f"{field}.")] or [field]


def _about(
    kind: str, asked: Params, result: Record, now: float, since: datetime | float | None, until: datetime | None = None
) -> About:
    filters = {name: asked[name] for name in _OPTIONS[kind] if name not in _NO_FILTERS and asked[name] is not None}
    bounds = {name: None if bound is None else rfc3339(bound) for name, bound in (("since", since), ("until", until))}
    return About.of(kind, result, filters, collected_at=rfc3339(now), **bounds)


def _tasks(asked: Params, secrets: Secrets, folder: str) -> tuple[Collection, Record, list[Reading]]:
    """The tasks of all sources, newest first. They pass through memory in portions, and wait on disk."""
    now, spool = Clock().wall(), Spool(folder)
    fields = check_fields(asked["fields"], FIELDS, PARTS)
    query = task_query(asked, now)
    fetched: dict[str, Callable[[], Iterator[Record]]] = {}

    def read(reading: Reading, client: Any) -> None:
        client.http.new_records = spool.records
        wanted = fetch_tasks(reading, client, query)
        # Not now: what is left to do needs no server, and so must not be cut off by its deadline.
        fetched[reading.source.name] = partial(model_tasks, reading, client, wanted, raw=asked["detail"] == "raw")

    readings = read_all(parse_sources(asked), read, secrets)
    records, tally, returned = Sorted(spool), Tally(), Counter[str]()
    for name, tasks in fetched.items():
        for portion in _portions(tasks()):
            returned[name] += len(portion)
            tally.add(portion)
            for task in portion:
                records.add(age_key(task), picked(task, fields) if fields else task)
    result = {"matched": sum(returned.values()), **envelope(readings)}
    for row in result["sources"]:
        row["returned"] = returned[row["name"]]
    asked_now = query(0.0)
    about = _about("tasks", asked, result, now, asked_now.since, asked_now.until)
    return Collection(about, tally.summary(), records, tally.counts()), result, readings


def _portions(records: Iterator[Record]) -> Iterator[list[Record]]:
    return iter(lambda: list(islice(records, _PORTION)), [])


def _resources(asked: Params, secrets: Secrets) -> tuple[Collection, Record, list[Reading]]:
    """The resources of all sources, worst first. They are far fewer than tasks, and stay in memory."""
    now = Clock().wall()
    result, readings = collect_resources(asked, secrets)
    records, summary = result.pop("resources"), result.pop("summary")
    about = _about("resources", asked, result, now, policy_of(asked, now).history_since)
    return Collection(about, summary, records), result, readings
