# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The registry of providers, and reading many sources side by side. Only this file knows all providers."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any

from ._clumio.client import ClumioClient
from ._clumio.options import CLUMIO
from ._core.connection import CONNECTION_OPTIONS
from ._core.deadline import Clock, Deadline
from ._core.errors import BackupError, bad_option, defect
from ._core.listing import Listing
from ._core.options import Options, Params, length
from ._core.records import Record
from ._core.redact import Secrets
from ._core.threads import side_by_side
from ._core.times import CLOCK_TOLERANCE
from ._model.query import TaskQuery
from ._model.wanted import Wanted
from ._petadata.client import PetaDataClient
from ._petadata.options import PETADATA
from ._veeam.client import VeeamClient
from ._veeam.follow import began
from ._veeam.options import VEEAM
from ._yandex.client import YandexClient
from ._yandex.options import FOLDER_VARIABLE, YANDEX

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
# Beyond the longest deadline of a source: closing sessions, and threads that are late.
_GRACE = 15.0
# A clock that is behind by less makes no second reading worth while: servers are asked from a week earlier anyway.
_SPARE = timedelta(days=1)


@dataclass(frozen=True)
class Provider:
    """What the unified modules need of a provider.

    :param options: its login and connection.
    :param scope: further options of a source: what in the provider's account is meant.
    :param connect: gives a client (params, secrets, environ=...).
    :param endpoint: options that name a server or an account: a source that gives one of them is not completed from the
        environment, for one tenant's token must never go to another's host.
    :param check_scope: refuses wrong options of the scope (client, params): `bad_option`, before the first request.
    :param needs: options of the scope without which nothing can be read -> the variable that stands in, if any.
    :param reads_by_resource: its tasks are read by resource, or by what resources belong to (`id` or `id/...`), so that
        a gap concerns those named in `failed_scopes`; else it may concern any.
    :param lists_each: its lists have each resource of their types, in one record: what is not there is gone, and a gap
        does not concern those that were read. Else resources are put together from what jobs hold and have brought.
    :param began: the ids of the tasks that a task of the model began, and so is only done with when they have ended;
        None: it should have begun one, and names none.
    :param cannot_abort: why its tasks cannot be aborted; None where its client has `abort`.
    """

    options: Options
    scope: Mapping[str, Mapping[str, Any]]
    connect: Callable[..., Any]
    endpoint: tuple[str, ...]
    check_scope: Callable[[Any, Params], None] = lambda client, scope: None
    needs: Mapping[str, str | None] = field(default_factory=dict)
    reads_by_resource: bool = False
    lists_each: bool = True
    began: Callable[[Record], list[str] | None] = lambda task: []
    cannot_abort: str | None = None


PROVIDERS: Mapping[str, Provider] = {
    "yandex": Provider(
        YANDEX,
        {"folder_id": {"type": "str"}},
        YandexClient,
        endpoint=("api_host", "api_url", "iam_url", "metadata_url"),
        check_scope=YandexClient.check_scope,
        needs={"folder_id": FOLDER_VARIABLE},
        reads_by_resource=True,
        cannot_abort="The API of Yandex Cloud Backup cannot cancel tasks.",
    ),
    "clumio": Provider(
        CLUMIO,
        {"kinds": {"type": "list", "elements": "str"}, "lookback_days": {"type": "int"}},
        ClumioClient,
        endpoint=("url",),
        check_scope=ClumioClient.check_scope,
    ),
    "veeam": Provider(VEEAM, {}, VeeamClient, endpoint=("url",), lists_each=False, began=began),
    "petadata": Provider(
        PETADATA,
        {"instance_ids": {"type": "list", "elements": "str"}},
        PetaDataClient,
        endpoint=("url",),
        check_scope=PetaDataClient.check_scope,
        needs={"instance_ids": None},
        reads_by_resource=True,
        cannot_abort="The API of PetaData cannot cancel tasks.",
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

    def connect(self, secrets: Secrets, clock: Clock | None = None) -> Any:
        """A client of this source.

        :raises BackupError: `bad_option`, `missing_library`.
        """
        timed = {"clock": clock} if clock else {}
        provider = PROVIDERS[self.provider]
        client = provider.connect(self.params, secrets, environ=self.environ, **timed)
        provider.check_scope(client, self.params)
        return client

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

    def envelope(self) -> Record:
        """The row about this source beside every list of the unified modules: that of tasks is always `listed`."""
        return {
            "name": self.source.name,
            "provider": self.source.provider,
            "coverage": "listed",
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
    own_endpoint = any(option in own for option in provider.endpoint)
    params = {**defaults, **_shared(connection, own), **own}
    source = Source(name, key, params, {} if own_endpoint else environ, given.get("rpo"))
    try:
        _check(source)
    except BackupError as error:
        raise source.blame(error) from None
    return source


def _shared(connection: Params, own: Params) -> dict[str, Any]:
    """What `connection` says for a source that says this itself."""
    shared = {option: value for option, value in connection.items() if value is not None}
    # These two exclude each other: whichever the source gives replaces the other as well.
    if own.get("validate_certs") is False:
        shared.pop("ca_path", None)
    if own.get("ca_path"):
        shared.pop("validate_certs", None)
    return shared


def _check(source: Source) -> None:
    """Refuse what can be seen to be wrong without a client.

    :raises BackupError: `bad_option`.
    """
    length("rpo", source.rpo)
    for option, variable in PROVIDERS[source.provider].needs.items():
        if not (source.params[option] or (variable and source.params[option] is None and source.environ.get(variable))):
            raise bad_option(option, "it is missing or empty", f"Without it {source.provider} cannot be read.")


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
    return _fan_out(sources, lambda source: _read(source, clients[source.name], read), clock or Clock())


def _fan_out(sources: Sequence[Source], work: Callable[[Source], Reading], clock: Clock) -> list[Reading]:
    """What `work` reads of every source, side by side.

    :raises BackupError: `bad_option`, once all are done.
    """
    deadline = Deadline(max(source.params["deadline"] for source in sources) + _GRACE, clock)
    done: dict[str, Reading] = {}

    with contextlib.suppress(BackupError):  # the deadline: what is not done by then has failed
        for source, outcome in side_by_side(work, sources, len(sources), deadline):
            done[source.name] = outcome if isinstance(outcome, Reading) else _failed(Reading(source), defect(outcome))
    readings = [done.get(source.name) or _failed(Reading(source), deadline.error()) for source in sources]
    for reading in readings:
        if reading.listing.error and reading.listing.error.code == "bad_option":
            raise reading.listing.error
    return readings


class OpenSources:
    """Sources that are turned to more than once: a client, and with it a logon, serves until a reading by it fails.

    Has to be closed.

    :raises BackupError: `bad_option`, naming the source.
    """

    def __init__(self, sources: Sequence[Source], secrets: Secrets, clock: Clock | None = None) -> None:
        self._secrets = secrets
        self._clock = clock
        self._clients = {source.name: _connected(source, secrets, clock) for source in sources}
        self._late: list[Any] = []

    def read(self, sources: Sequence[Source], read: Callable[[Reading, Any], None]) -> list[Reading]:
        """Some of the sources, read side by side, each within a deadline of its own; as `read_all` does."""
        done = set()

        def work(source: Source) -> Reading:
            client = self._clients.get(source.name) or _connected(source, self._secrets, self._clock)
            self._clients[source.name] = client
            if not isinstance(client, BackupError):
                client.http.begin()
            reading = _read(source, client, read, close=False)
            if reading.listing.error and reading.listing.error.code != "incomplete":
                reading.listing.warnings += self._end(source.name)
            done.add(source.name)
            return reading

        try:
            return _fan_out(sources, work, self._clock or Clock())
        finally:
            for source in sources:
                if source.name not in done and source.name in self._clients:
                    self._late.append(self._clients.pop(source.name))

    def _end(self, name: str) -> list[str]:
        """Have the next reading of a source begin anew: with another connection and another logon."""
        client = self._clients.pop(name, None)
        return [] if client is None or isinstance(client, BackupError) else list(client.close())

    def close(self) -> list[str]:
        """End all clients, side by side; gives their warnings."""
        clients = [client for client in (*self._clients.values(), *self._late) if not isinstance(client, BackupError)]
        self._clients, self._late = {}, []
        warnings: list[str] = []
        with contextlib.suppress(BackupError):  # the deadline: what cannot be closed is left
            deadline = Deadline(_GRACE, Clock())
            for _client, told in side_by_side(lambda client: client.close(), clients, len(clients), deadline):
                warnings += told if isinstance(told, list) else []
        return warnings


def _connected(source: Source, secrets: Secrets, clock: Clock | None = None) -> Any:
    """A client, or the error that there is none: others can still be read where a library is missing for one.

    :raises BackupError: `bad_option`.
    """
    try:
        return source.connect(secrets, clock)
    except BackupError as problem:
        error = source.blame(problem)
    if error.code == "bad_option":
        raise error
    return error


def _read(source: Source, client: Any, read: Callable[[Reading, Any], None], *, close: bool = True) -> Reading:
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
        reading.listing.records = []  # they may be the provider's own still
    reading.clock_offset = client.http.clock_offset
    if client.http.clocks_differ:
        reading.listing.warnings.append("its answers tell times that cannot be of one clock: ours counts")
    if close:
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
    """Fill a reading with the tasks of its source, in the model.

    :param query: what is wanted, by a clock that is so many seconds ahead of ours: ages count by the server's.
    """
    wanted = fetch_tasks(reading, client, query)
    reading.listing.records = list(model_tasks(reading, client, wanted, raw=raw))


def fetch_tasks(reading: Reading, client: Any, query: Callable[[float], TaskQuery]) -> TaskQuery:
    """Fill a reading with the tasks of its source, in the provider's words; gives what is wanted of them.

    :param query: as for `read_tasks`.
    """
    asked = query(0.0)
    listing: Listing = client.find_tasks(asked, reading.source.params)
    wanted = query(client.http.clock_skew)
    later = asked.until and wanted.until and wanted.until > asked.until
    first, wanted_first = asked.created_since, wanted.created_since
    if later or (first and wanted_first and wanted_first < first - _SPARE):
        too_early, listing = listing, client.find_tasks(wanted, reading.source.params)
        listing.add_cost(too_early)
    reading.listing = listing
    return wanted


def model_tasks(reading: Reading, client: Any, wanted: TaskQuery, *, raw: bool = False) -> Iterator[Record]:
    """The wanted tasks of what `fetch_tasks` has read, in the model. Messages are masked, and fit for a terminal."""
    safe = lru_cache(maxsize=1024)(client.http.secrets.safe)
    for record in reading.listing.records:
        task = client.normalize(record, reading.source.name)
        if wanted.wants(task):
            if task["message"]:
                task["message"] = safe(task["message"])
            if raw:
                task["raw"] = record
            yield task


def look_up(reading: Reading, client: Any, wanted: Sequence[Wanted]) -> None:
    """Fill a reading with these tasks of its source as they stand now, in the model; what is gone is not in it."""
    reading.listing = client.look_up(wanted, reading.source.params)
    uids = {task.uid for task in wanted}
    tasks = model_tasks(reading, client, TaskQuery())
    reading.listing.records = [task for task in tasks if task["uid"] in uids]


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
