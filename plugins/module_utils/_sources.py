# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The registry of providers, and reading many sources side by side. Only this file knows all providers."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ._clumio.client import ClumioClient
from ._clumio.options import CLUMIO
from ._core.connection import CONNECTION_OPTIONS
from ._core.deadline import Clock, Deadline
from ._core.errors import BackupError, bad_option, defect
from ._core.http import CLOCK_TOLERANCE
from ._core.listing import Listing
from ._core.options import Options, Params
from ._core.records import Record
from ._core.redact import Secrets
from ._core.threads import side_by_side
from ._model.query import TaskQuery
from ._petadata.client import PetaDataClient
from ._petadata.options import PETADATA
from ._veeam.client import VeeamClient
from ._veeam.options import VEEAM
from ._yandex.client import YandexClient
from ._yandex.options import FOLDER_VARIABLE, YANDEX

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
# Beyond the longest deadline of a source: closing sessions, and threads that are late.
_GRACE = 15.0


@dataclass(frozen=True)
class Provider:
    """What the unified modules need of a provider.

    :param options: its login and connection.
    :param scope: further options of a source: what in the provider's account is meant.
    :param connect: gives a client (params, secrets, environ=...).
    :param endpoint: options that name a server or an account: a source that gives one of them is not completed from the
        environment, for one tenant's token must never go to another's host.
    :param needs: options of the scope without which nothing can be read -> the variable that stands in, if any.
    :param reads_by_resource: its tasks are read by resource, or by what resources belong to (`id` or `id/...`), so that
        a gap concerns those named in `failed_scopes`; else it may concern any.
    :param lists_each: its lists have each resource of their types, in one record: what is not there is gone, and a gap
        does not concern those that were read. Else resources are put together from what jobs hold and have brought.
    """

    options: Options
    scope: Mapping[str, Mapping[str, Any]]
    connect: Callable[..., Any]
    endpoint: tuple[str, ...]
    needs: Mapping[str, str | None] = field(default_factory=dict)
    reads_by_resource: bool = False
    lists_each: bool = True


PROVIDERS: Mapping[str, Provider] = {
    "yandex": Provider(
        YANDEX,
        {"folder_id": {"type": "str"}},
        YandexClient,
        endpoint=("api_host", "api_url", "iam_url", "metadata_url"),
        needs={"folder_id": FOLDER_VARIABLE},
        reads_by_resource=True,
    ),
    "clumio": Provider(
        CLUMIO,
        {"kinds": {"type": "list", "elements": "str"}, "lookback_days": {"type": "int"}},
        ClumioClient,
        endpoint=("url",),
    ),
    "veeam": Provider(VEEAM, {}, VeeamClient, endpoint=("url",), lists_each=False),
    "petadata": Provider(
        PETADATA,
        {"instance_ids": {"type": "list", "elements": "str"}},
        PetaDataClient,
        endpoint=("url",),
        needs={"instance_ids": None},
        reads_by_resource=True,
    ),
}


def _without_defaults(spec: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Options as they stand inside a source, where "not given" must be seen: `connection` may give them, too."""
    return {name: {key: value for key, value in option.items() if key != "default"} for name, option in spec.items()}


def _source_options() -> dict[str, Any]:
    """The suboptions of one source: its name, its RPO, and a dictionary for each provider."""
    providers: dict[str, Any] = {
        key: {
            "type": "dict",
            "options": _without_defaults({**provider.options.spec, **provider.scope}),
            "mutually_exclusive": provider.options.mutually_exclusive,
            "required_together": provider.options.required_together,
        }
        for key, provider in PROVIDERS.items()
    }
    return {"name": {"type": "str"}, "rpo": {"type": "str"}, **providers}


#: The options that all unified modules share.
SOURCES = Options(
    {
        "sources": {
            "type": "list",
            "elements": "dict",
            "required": True,
            "options": _source_options(),
            "mutually_exclusive": [tuple(PROVIDERS)],
            "required_one_of": [tuple(PROVIDERS)],
        },
        "connection": {"type": "dict", "options": _without_defaults(CONNECTION_OPTIONS)},
    }
)


@dataclass(frozen=True)
class Source:
    """One backup system, as the user names and describes it. `params` are complete, with all defaults."""

    name: str
    provider: str
    params: Mapping[str, Any] = field(repr=False)
    environ: Mapping[str, str] = field(repr=False)
    rpo: str | None = None

    def connect(self, secrets: Secrets) -> Any:
        """A client of this source.

        :raises BackupError: `bad_option`, `missing_library`.
        """
        return PROVIDERS[self.provider].connect(self.params, secrets, environ=self.environ)

    def blame(self, error: BackupError) -> BackupError:
        """The error, which then names this source; that of an option does so in its message, too."""
        if error.code == "bad_option" and error.source is None:
            error.message = f"source {self.name!r}: {error.message}"
        error.source, error.provider = self.name, self.provider
        return error


@dataclass
class Reading:
    """What was read of one source: its tasks in the model, and its resources where they were asked for."""

    source: Source
    listing: Listing = field(default_factory=Listing)
    resources: Listing | None = None
    clock_offset: float = 0.0

    def envelope(self, coverage: str) -> Record:
        """The row about this source beside every list of the unified modules."""
        return {
            "name": self.source.name,
            "provider": self.source.provider,
            "coverage": coverage,
            **self.listing.report(),
            "clock_offset_seconds": round(self.clock_offset) if abs(self.clock_offset) > CLOCK_TOLERANCE else 0,
        }


def parse_sources(params: Params, environ: Mapping[str, str] | None = None) -> list[Source]:
    """The sources of the option `sources`, each completed by `connection` and the defaults of its provider.

    :raises BackupError: `bad_option`.
    """
    if not params["sources"]:
        raise bad_option("sources", "the list is empty", "Describe at least one backup system.")
    environ = os.environ if environ is None else environ
    sources = [_parse_source(given, params.get("connection") or {}, environ) for given in params["sources"]]
    names = [source.name for source in sources]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise bad_option("sources", f"the name {twice[0]!r} occurs twice", "Give each source a `name` of its own.")
    return sources


def _parse_source(given: Params, connection: Params, environ: Mapping[str, str]) -> Source:
    keys = [key for key in PROVIDERS if given.get(key) is not None]
    if len(keys) != 1:
        told = ", ".join(keys) or "none"
        raise bad_option("sources", f"a source has one provider, and this one {told}", f"Give one of {_one_of()}.")
    key = keys[0]
    name = given.get("name") or key
    if not _NAME.fullmatch(name):
        raise bad_option("name", f"{name!r} cannot name a source", "Use letters, digits, _ . and - only.")
    provider = PROVIDERS[key]
    defaults = {option: spec.get("default") for option, spec in {**provider.options.spec, **provider.scope}.items()}
    own = {option: value for option, value in given[key].items() if value is not None}
    shared = {option: value for option, value in connection.items() if value is not None}
    own_endpoint = any(option in own for option in provider.endpoint)
    source = Source(name, key, {**defaults, **shared, **own}, {} if own_endpoint else environ, given.get("rpo"))
    for option, variable in provider.needs.items():
        if not (source.params[option] or (variable and source.params[option] is None and source.environ.get(variable))):
            raise source.blame(bad_option(option, "it is missing or empty", f"Without it {key} cannot be read."))
    return source


def _one_of() -> str:
    return ", ".join(f"`{key}`" for key in PROVIDERS)


def read_all(
    sources: Iterable[Source], read: Callable[[Reading, Any], None], secrets: Secrets, clock: Clock | None = None
) -> list[Reading]:
    """Every source, read side by side; a dead one costs the others nothing.

    :param read: fills a reading by a client of its source; what it raises becomes the error of that reading.
    :raises BackupError: `bad_option`, naming the source: before the first request, as far as that can be known then.
    """
    sources = list(sources)
    clients = {source.name: _connected(source, secrets) for source in sources}
    deadline = Deadline(max(source.params["deadline"] for source in sources) + _GRACE, clock or Clock())
    done: dict[str, Reading] = {}

    def work(source: Source) -> Reading:
        return _read(source, clients[source.name], read)

    with contextlib.suppress(BackupError):  # the deadline: what is not done by then has failed
        for source, outcome in side_by_side(work, sources, len(sources), deadline):
            done[source.name] = outcome if isinstance(outcome, Reading) else _failed(Reading(source), defect(outcome))
    readings = [done.get(source.name) or _failed(Reading(source), deadline.error()) for source in sources]
    for reading in readings:
        if reading.listing.error and reading.listing.error.code == "bad_option":
            raise reading.listing.error
    return readings


def _connected(source: Source, secrets: Secrets) -> Any:
    """A client, or the error that there is none: others can still be read where a library is missing for one.

    :raises BackupError: `bad_option`.
    """
    try:
        return source.connect(secrets)
    except BackupError as problem:
        error = source.blame(problem)
    if error.code == "bad_option":
        raise error
    return error


def _read(source: Source, client: Any, read: Callable[[Reading, Any], None]) -> Reading:
    reading = Reading(source)
    if isinstance(client, BackupError):
        return _failed(reading, client)
    error: BackupError | None = None
    try:
        read(reading, client)
    except BackupError as problem:
        error = problem
    except Exception as problem:  # noqa: BLE001 (a defect in reading one source must not hide the others)
        error = defect(problem)
    reading.clock_offset = client.http.clock_offset
    reading.listing.warnings += client.close()
    return _failed(reading, error or reading.listing.error)


def _failed(reading: Reading, error: BackupError | None) -> Reading:
    """The reading with its error, if there is one, which then names the source."""
    if error is not None:
        reading.source.blame(error)
        if reading.listing.error is None:
            reading.listing.error = error
            reading.listing.incomplete_reason = "deadline" if error.code == "deadline" else "source_failed"
    return reading


def read_tasks(reading: Reading, client: Any, query: Callable[[float], TaskQuery], *, raw: bool = False) -> None:
    """Fill a reading with the tasks of its source, in the model. Their messages are masked, and fit for a terminal.

    :param query: what is wanted, by a clock that is so many seconds ahead of ours: ages count by the server's.
    """
    asked = query(0.0)
    listing: Listing = client.find_tasks(asked, reading.source.params)
    wanted = query(client.http.clock_skew)
    if asked.until and wanted.until and wanted.until > asked.until:
        too_early, listing = listing, client.find_tasks(wanted, reading.source.params)
        listing.add_cost(too_early)
    reading.listing = listing
    safe = lru_cache(maxsize=1024)(client.http.secrets.safe)
    tasks = []
    for record in listing.records:
        task = client.normalize(record, reading.source.name)
        if wanted.wants(task):
            if task["message"]:
                task["message"] = safe(task["message"])
            if raw:
                task["raw"] = record
            tasks.append(task)
    listing.records = tasks


def read_resources(reading: Reading, client: Any, *, raw: bool = False) -> None:
    """Fill a reading with the resources of its source, in the model; none where the provider does not list them."""
    listing: Listing | None = client.find_resources(reading.source.params)
    if listing is not None:
        listing.records = [_resource(record, reading, client, raw=raw) for record in listing.records]
    reading.resources = listing


def _resource(record: Record, reading: Reading, client: Any, *, raw: bool) -> Record:
    resource: Record = client.normalize_resource(record, reading.source.name)
    if resource["message"]:
        resource["message"] = client.http.secrets.safe(resource["message"])
    return {**resource, "raw": record} if raw else resource
