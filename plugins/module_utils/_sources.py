# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The registry of providers, and reading many sources side by side. Only this file knows all providers."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ._clumio.client import ClumioClient
from ._clumio.options import CLUMIO
from ._core.connection import CONNECTION_OPTIONS
from ._core.deadline import Clock, Deadline
from ._core.errors import BackupError, bad_option
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
from ._yandex.options import YANDEX

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
    """

    options: Options
    scope: Mapping[str, Mapping[str, Any]]
    connect: Callable[..., Any]
    endpoint: tuple[str, ...]


PROVIDERS: Mapping[str, Provider] = {
    "yandex": Provider(
        YANDEX,
        {"folder_id": {"type": "str"}},
        YandexClient,
        endpoint=("api_host", "api_url", "iam_url", "metadata_url"),
    ),
    "clumio": Provider(
        CLUMIO,
        {"kinds": {"type": "list", "elements": "str"}, "lookback_days": {"type": "int"}},
        ClumioClient,
        endpoint=("url",),
    ),
    "veeam": Provider(VEEAM, {}, VeeamClient, endpoint=("url",)),
    "petadata": Provider(
        PETADATA,
        {"instance_ids": {"type": "list", "elements": "str"}},
        PetaDataClient,
        endpoint=("url",),
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
    params: Mapping[str, Any]
    environ: Mapping[str, str]
    rpo: str | None = None

    def connect(self, secrets: Secrets) -> Any:
        """A client of this source.

        :raises BackupError: `bad_option`, `missing_library`.
        """
        return PROVIDERS[self.provider].connect(self.params, secrets, environ=self.environ)


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


def parse_sources(params: Params, environ: Mapping[str, str] = os.environ) -> list[Source]:
    """The sources of the option `sources`, each completed by `connection` and the defaults of its provider.

    :raises BackupError: `bad_option`.
    """
    if not params["sources"]:
        raise bad_option("sources", "the list is empty", "Describe at least one backup system.")
    sources = [_parse_source(given, params.get("connection") or {}, environ) for given in params["sources"]]
    names = [source.name for source in sources]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise bad_option("sources", f"the name {twice[0]!r} occurs twice", "Give each source a `name` of its own.")
    return sources


def _parse_source(given: Params, connection: Params, environ: Mapping[str, str]) -> Source:
    key = next(key for key in PROVIDERS if given.get(key) is not None)
    name = given.get("name") or key
    if not _NAME.fullmatch(name):
        raise bad_option("name", f"{name!r} cannot name a source", "Use letters, digits, _ . and - only.")
    provider = PROVIDERS[key]
    defaults = {option: spec.get("default") for option, spec in {**provider.options.spec, **provider.scope}.items()}
    own = {option: value for option, value in given[key].items() if value is not None}
    shared = {option: value for option, value in connection.items() if value is not None}
    own_endpoint = any(option in own for option in provider.endpoint)
    return Source(name, key, {**defaults, **shared, **own}, {} if own_endpoint else environ, given.get("rpo"))


def read_all(
    sources: Iterable[Source], read: Callable[[Reading, Any], None], secrets: Secrets, clock: Clock | None = None
) -> list[Reading]:
    """Every source, read side by side; a dead one costs the others nothing.

    :param read: fills a reading by a client of its source; what it raises becomes the error of that reading.
    """
    sources = list(sources)
    longest = max(source.params["deadline"] for source in sources) + _GRACE
    deadline = Deadline(longest, clock or Clock())
    done: dict[str, Reading] = {}
    ended: BackupError | None = None
    try:
        for source, outcome in side_by_side(lambda one: _read(one, read, secrets), sources, len(sources), deadline):
            if not isinstance(outcome, Reading):
                raise outcome
            done[source.name] = outcome
    except BackupError as error:
        ended = error
    return [done.get(source.name) or _failed(Reading(source), ended) for source in sources]


def _read(source: Source, read: Callable[[Reading, Any], None], secrets: Secrets) -> Reading:
    reading = Reading(source)
    try:
        client = source.connect(secrets)
        try:
            read(reading, client)
        finally:
            farewell = client.close()
            reading.clock_offset = client.http.clock_offset
        reading.listing.warnings += farewell
    except BackupError as error:
        return _failed(reading, error)
    return _failed(reading, reading.listing.error)


def _failed(reading: Reading, error: BackupError | None) -> Reading:
    """The reading with its error, if there is one, which then names the source."""
    if error is not None:
        error.source, error.provider = reading.source.name, reading.source.provider
        if reading.listing.error is None:
            reading.listing.error = error
            reading.listing.incomplete_reason = "deadline" if error.code == "deadline" else "source_failed"
    return reading


def read_tasks(reading: Reading, client: Any, query: TaskQuery, *, raw: bool = False) -> None:
    """Fill a reading with the tasks of its source, in the model."""
    listing: Listing = client.find_tasks(query, reading.source.params)
    records = []
    for record in listing.records:
        task = client.normalize(record, reading.source.name)
        if query.wants(task):
            records.append({**task, "raw": record} if raw else task)
    listing.records = records
    reading.listing = listing


def read_resources(reading: Reading, client: Any, *, raw: bool = False) -> None:
    """Fill a reading with the resources of its source, in the model; none where the provider does not list them."""
    listing: Listing | None = client.find_resources(reading.source.params)
    if listing is not None:
        name = reading.source.name
        normalize = client.normalize_resource
        listing.records = [
            {**normalize(record, name), "raw": record} if raw else normalize(record, name) for record in listing.records
        ]
    reading.resources = listing
