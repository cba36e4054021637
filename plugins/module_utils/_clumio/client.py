# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Clumio: its tasks and resources, read whole. REST API v1."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from .._core import times
from .._core.connection import Connection, base_url
from .._core.deadline import Clock
from .._core.errors import BackupError, bad_option
from .._core.exchange import Answer, Call, Dialect, Explanation
from .._core.http import HttpClient
from .._core.json import read_json
from .._core.listing import Listing
from .._core.options import Params, names, period, printable, unfamiliar, within_bounds
from .._core.paging import Page, bounded_by_now, probe_pages, read_numbered_pages
from .._core.records import Record, Shape, integer
from .._core.redact import Secrets
from .._core.scopes import read_scopes
from .._model.query import TaskQuery
from .._model.wanted import Wanted
from .auth import authentication, headers
from .normalize import RESULTS, STATES, normalize_resource, normalize_task
from .options import ENVIRONMENT, EXAMPLE_URL
from .records import GENRES, KINDS, LEAN_TASK, RESOURCE, STATUSES, TASK

# The largest page is documented nowhere: ask for much, for a server caps it, and for little where it refuses.
BEST_PAGE = 1000
CAREFUL_PAGE = 100
LARGEST_PAGE = 10000
LONGEST_LOOKBACK = 3650
# The API refuses to look further back than six months, the shortest of which have 181 days.
REACH = "180d"
# So many tasks are asked for by their ids at once: addresses must not grow too long.
IDS_AT_ONCE = 100

# option -> the field of the filter that it becomes, and its operator
_FILTERS = {
    "ids": ("id", "$in"),
    "statuses": ("status", "$in"),
    "types": ("type", "$in"),
    "categories": ("category", "$in"),
    "genres": ("genre", "$in"),
    "primary_entity_id": ("primary_entity.id", "$contains"),
    "primary_entity_value": ("primary_entity.value", "$contains"),
}
_CREATED = "created_timestamp"


class ClumioClient:
    """Clumio as one API token sees it. Every list gives a `Listing`; `close` ends the client. `address` is the API's.

    :param params: options of `CLUMIO`; what is not given is completed from `environ`, by default our own.
    :raises BackupError: `bad_option` or `missing_library`, before any request.
    """

    def __init__(
        self, params: Params, secrets: Secrets, *, environ: Mapping[str, str] | None = None, clock: Clock | None = None
    ) -> None:
        environ = os.environ if environ is None else environ
        params = ENVIRONMENT.complete(params, environ)
        connection = Connection.from_params(params, secrets)
        self.api_version = "v1"
        self.address = base_url("url", params["url"], params, example=EXAMPLE_URL)
        self._page_size = within_bounds("page_size", connection.page_size, 1, LARGEST_PAGE, best=BEST_PAGE)
        self._may_ask_less = connection.page_size is None
        self._headers = headers(params)
        self.http = HttpClient(connection, DIALECT, secrets, clock=clock)
        self.http.auth = authentication(params, self.http)

    def close(self) -> list[str]:
        """Let go of the connections; gives warnings, of which there are none here."""
        self.http.close()
        return []

    def tasks(self, params: Params) -> Listing:
        """What `clumio_backup_task_info` returns for its options."""
        listing = self.list_tasks(_filter(params, self.http.now()))
        listing.warnings += unfamiliar("statuses", params["statuses"], STATUSES)
        listing.warnings += unfamiliar("genres", params["genres"], GENRES)
        return listing

    def find_tasks(self, query: TaskQuery, scope: Params) -> Listing:
        """The tasks that a source of the unified modules may want: by creation and status, as far as the API filters.

        Not by category: tasks without one would be lost.
        """
        earliest = times.moment(REACH, self.http.now())
        conditions = _conditions(query, earliest)
        shape = LEAN_TASK if query.lean else TASK
        listing = Listing() if conditions is None else self.list_tasks(conditions, shape)
        if query.since is None or query.since < earliest:
            listing.warnings.append("Clumio tells of the tasks of the last six months only: older ones are missing")
        return listing

    def probe(self, query: TaskQuery, scope: Params) -> tuple[Listing, Record]:
        """Whether a source can be read, and what `find_tasks` would cost: {records, requests}."""
        bounded = _conditions(query, times.moment(REACH, self.http.now())) or {}
        return probe_pages(self.http, self._task_pages(bounded))

    def look_up(self, wanted: Sequence[Wanted], scope: Params) -> Listing:
        """These tasks as they stand now. Those that the server does not have are not in it."""
        ids = list(dict.fromkeys(task.id for task in wanted))
        parts = {str(first): ids[first : first + IDS_AT_ONCE] for first in range(0, len(ids), IDS_AT_ONCE)}

        def read(part: str) -> Listing:
            # No bound of the time is needed, and ours could lie before a task that has just begun.
            conditions = json.dumps({"id": {"$in": parts[part]}}, separators=(",", ":"))
            doing = "look up the tasks"
            pages = self._pages("/tasks", "tasks", TASK, doing, lambda _now: {"filter": conditions})
            return read_numbered_pages(self.http, pages, _identity)

        return read(next(iter(parts))) if len(parts) == 1 else read_scopes(self.http, parts, read, "parts of the list")

    def obstacle(self, task: Record) -> str | None:
        """Why a task of the model that has not ended cannot be aborted; None when it can be tried."""
        if task["level"] == "control":
            return "As far as Clumio tells it is neither a backup nor a restore."
        if task["cancellable"] is False:
            return "Clumio says that it cannot be aborted."
        return None

    def is_cancelling(self, task: Record) -> bool:
        """Whether a task of the model is being aborted already."""
        return bool(task["state"] == "cancelling")

    def abort(self, task: Record) -> None:
        """Have a task aborted (`PATCH /tasks/{id}`), which Clumio does only with queued ones and those in progress.

        :raises BackupError: the server refuses, or it is not known whether it has got the request.
        """
        accept = "application/api.clumio.tasks=v1+json"
        self.http.call(
            Call(
                "PATCH",
                f"{self.address}/tasks/{quote(task['id'], safe='')}",
                f"abort task {task['id']}",
                headers={**self._headers, "Accept": accept},
                json={"status": "aborting"},
                safe=False,
                decode=lambda answer: _check_aborted(answer, task["id"]),
            )
        )

    def normalize(self, record: Record, source: str) -> Record:
        """A record of `find_tasks` in the model."""
        return normalize_task(record, source)

    def list_tasks(self, conditions: Mapping[str, Any], shape: Shape = TASK) -> Listing:
        """The tasks that meet a filter of the API, in the API's order (none is promised).

        New tasks would move the pages of a list that is being read: unless the filter has an upper bound of its own,
        the list is bounded by the present moment.
        """
        return read_numbered_pages(self.http, self._task_pages(conditions, shape), _identity)

    def _task_pages(self, conditions: Mapping[str, Any], shape: Shape = TASK) -> Callable[[int], Page]:
        return self._pages(
            "/tasks", "tasks", shape, "list the tasks", lambda now: {"filter": _bounded(conditions, now)}
        )

    def resources(self, params: Params) -> Listing:
        """What `clumio_backup_resource_info` returns for its options."""
        return self.list_resources(params["kinds"], params["lookback_days"])

    def check_scope(self, scope: Params) -> None:
        """Refuse what a source says wrongly of what is to be read of it, before anything is.

        :raises BackupError: `bad_option`.
        """
        _kinds(scope["kinds"])
        within_bounds("lookback_days", scope["lookback_days"], 1, LONGEST_LOOKBACK, best=1)

    def find_resources(self, scope: Params) -> Listing:
        """All resources of the kinds that a source names, or of all kinds."""
        return self.list_resources(scope["kinds"], scope["lookback_days"])

    def normalize_resource(self, record: Record, source: str) -> Record:
        """A record of `find_resources` in the model."""
        return normalize_resource(record, source)

    def list_resources(self, kinds: Sequence[str] | None, lookback_days: int | None = None) -> Listing:
        """The resources of these kinds (None: of all), in the order of the kinds.

        :param lookback_days: for the provider's own verdict on each resource; without it that is unknown.
        """
        wanted = _kinds(kinds)
        within_bounds("lookback_days", lookback_days, 1, LONGEST_LOOKBACK, best=1)

        def read(kind: str) -> Listing:
            query = {"lookback_days": lookback_days}
            what = KINDS[kind]
            pages = self._pages(what.path, what.media_type, RESOURCE, f"list the {kind}", lambda _now: query)
            return read_numbered_pages(self.http, lambda number: pages(number).completed(kind=kind), _identity)

        return read_scopes(self.http, wanted, read, "kinds of resources")

    def _pages(
        self, path: str, name: str, shape: Shape, doing: str, query: Callable[[float], Mapping[str, Any]]
    ) -> Callable[[int], Page]:
        """What gives the pages of any list of this API by their numbers.

        :param name: the name of its media type.
        :param query: what to ask for, at a present moment.
        """
        headers = {**self._headers, "Accept": f"application/api.clumio.{name}=v1+json"}
        size = self._page_size

        def ask(number: int, now: float) -> Page:
            page: Page = self.http.get(
                self.address + path,
                doing,
                params={"limit": size, "start": number, **query(now)},
                headers=headers,
                decode=lambda answer: _page(answer, shape),
            )
            return page

        def ask_carefully(number: int, now: float) -> Page:
            """Ask for less where the server refuses a page size that nobody but us wanted."""
            nonlocal size
            try:
                return ask(number, now)
            except BackupError as error:
                if error.code != "rejected" or number > 1 or not self._may_ask_less or size == CAREFUL_PAGE:
                    raise
            size = CAREFUL_PAGE
            return ask(number, now)

        return bounded_by_now(self.http, ask_carefully)


def _identity(record: Record) -> str | None:
    known: str | None = record["id"]
    return known


def _conditions(query: TaskQuery, earliest: datetime) -> dict[str, Any] | None:
    """The API's filter for what the unified modules ask; None: no status of this API means what is wanted."""
    since = query.created_since
    bounds = {"$gte": max(since, earliest) if since else None, "$lte": query.until}
    created = {operator: times.rfc3339(bound) for operator, bound in bounds.items() if bound}
    statuses = query.words(STATES, RESULTS)
    if statuses == []:
        return None
    return {
        **({_CREATED: created} if created else {}),
        **({"status": {"$in": statuses}} if statuses is not None else {}),
    }


def _bounded(conditions: Mapping[str, Any], now: float) -> str:
    """The filter as the API takes it (compact JSON), with an upper bound of the creation time."""
    created = conditions.get(_CREATED, {})
    bound = {} if "$lte" in created else {"$lte": times.rfc3339(now)}
    return json.dumps({**conditions, _CREATED: {**created, **bound}}, separators=(",", ":"), sort_keys=True)


def _filter(params: Params, now: float) -> dict[str, Any]:
    """The API's filter for the options of `clumio_backup_task_info`."""
    conditions: dict[str, Any] = dict(params["filter"] or {})
    if not all(isinstance(condition, dict) for condition in conditions.values()):
        raise bad_option("filter", "a field has no operator", 'Write it like {"status": {"$in": ["failed"]}}.')
    for option, (field, operator) in _FILTERS.items():
        value = params[option]
        if value is None:
            continue
        checked = names(option, value, longest=200) if operator == "$in" else printable(option, value, longest=1000)
        _add(conditions, option, field, {operator: checked})
    since, until = period(params, "created_after", "created_before", now)
    bounds = {"$gte": since and times.rfc3339(since), "$lte": until and times.rfc3339(until)}
    if since or until:
        _add(conditions, "created_after", _CREATED, {name: bound for name, bound in bounds.items() if bound})
    return conditions


def _add(conditions: dict[str, Any], option: str, field: str, condition: Mapping[str, Any]) -> None:
    if field in conditions:
        raise bad_option("filter", f"it has {field!r}, and so has `{option}`", "Give each field in one place.")
    conditions[field] = condition


def _check_aborted(answer: Answer, native_id: str) -> None:
    """Refuse an answer that is no success although its status says so."""
    body = read_json(answer.body)
    if body.get("errors") or str(body.get("id", native_id)) != native_id:
        raise ValueError("it is not the task that was to be aborted")


def _kinds(given: Sequence[str] | None) -> list[str]:
    """The kinds of resources that an option names; all, if it is not given."""
    if given is None:
        return list(KINDS)
    wanted = names("kinds", given, longest=50)
    unknown = [kind for kind in wanted if kind not in KINDS]
    if unknown:
        raise bad_option("kinds", f"there is no kind {unknown[0]!r}", f"The kinds are {', '.join(KINDS)}.")
    return wanted


def _page(answer: Answer, shape: Shape) -> Page:
    """A page of any Clumio list. Only some give totals; at the end `_next` is absent, null or empty."""
    body = read_json(answer.body)
    if "_embedded" not in body and "items" not in body and "total_count" not in body and "current_count" not in body:
        raise ValueError("no list in it")
    items, told = _items(body), integer(body.get("current_count"))
    if told is not None and told > len(items):
        raise ValueError(f"it counts {told} items and has {len(items)}")
    links = body.get("_links")
    more = None if links is None else bool((links.get("_next") or {}).get("href"))
    return Page(
        [shape.read(native) for native in items],
        total=integer(body.get("total_count")),
        count=integer(body.get("total_pages_count")),
        size=integer(body.get("limit")),
        more=more,
    )


def _items(body: dict[str, Any]) -> list[Any]:
    """The items of a page, within `_embedded` or not; what holds them may be null on an empty page, nothing else."""
    content = body.get("_embedded", body)
    items = content.get("items") if content is not None else None
    misplaced = content and content is not body and "items" not in content
    if misplaced or not isinstance(items, (list, type(None))):
        raise ValueError("no list of items in it")
    return items or []


def _explain(answer: Answer) -> Explanation:
    """What the API's list of errors says."""
    try:
        errors = [error for error in read_json(answer.body)["errors"] if isinstance(error, dict)]
        code = next((str(error["error_code"]) for error in errors if error.get("error_code")), None)
        message = "; ".join(str(error["error_message"]) for error in errors if error.get("error_message")) or None
    except (ValueError, TypeError, KeyError):
        code = message = None
    return Explanation(provider_code=code, message=message, request_id=answer.headers.get("x-request-id"))


DIALECT = Dialect(
    provider="clumio",
    title="Clumio",
    decode=lambda answer: read_json(answer.body),
    explain=_explain,
    hints={
        "auth_failed": "Give an API token that is valid (Settings > API tokens), and the `url` of its region.",
        "forbidden": "Check the role of the token, and the unit in `organizational_unit_context`.",
        "throttled": "Clumio takes 100 requests/s per organization: lower `parallel`, or raise `deadline`.",
    },
)
