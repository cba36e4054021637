# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Clumio: its tasks, read whole. REST API v1 ("List tasks")."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from .._core import times
from .._core.connection import Connection, base_url
from .._core.deadline import Clock
from .._core.errors import BackupError, bad_option
from .._core.http import Answer, Dialect, Explanation, HttpClient
from .._core.json import read_json
from .._core.listing import Listing
from .._core.options import Params, names, period, printable, unfamiliar, within_bounds
from .._core.paging import Page, bounded_by_now, read_numbered_pages
from .._core.records import Shape, integer
from .._core.redact import Secrets
from .auth import authentication, headers
from .options import ENVIRONMENT, EXAMPLE_URL
from .records import GENRES, STATUSES, TASK

# The largest page is documented nowhere: ask for much, for a server caps it, and for little where it refuses.
BEST_PAGE = 1000
CAREFUL_PAGE = 100
LARGEST_PAGE = 10000

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
    """Clumio as one API token sees it. Every list gives a `Listing`; `close` ends the client.

    :param params: options of `CLUMIO`; what is not given is completed from `environ`.
    :raises BackupError: `bad_option` or `missing_library`, before any request.
    """

    def __init__(
        self, params: Params, secrets: Secrets, *, environ: Mapping[str, str] = os.environ, clock: Clock | None = None
    ) -> None:
        params = ENVIRONMENT.complete(params, environ)
        connection = Connection.from_params(params, secrets)
        self._url = base_url("url", params["url"], params, example=EXAMPLE_URL)
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

    def list_tasks(self, conditions: Mapping[str, Any]) -> Listing:
        """The tasks that meet a filter of the API, in the API's order (none is promised).

        New tasks would move the pages of a list that is being read: unless the filter has an upper bound of its own,
        the list is bounded by the present moment.
        """
        return self._list("/tasks", "application/api.clumio.tasks=v1+json", TASK, conditions, "list the tasks")

    def _list(self, path: str, media_type: str, shape: Shape, conditions: Mapping[str, Any], doing: str) -> Listing:
        """Any list of this API."""

        def ask(number: int, now: float) -> Page:
            page: Page = self.http.get(
                self._url + path,
                doing,
                params={"limit": self._page_size, "start": number, "filter": _bounded(conditions, now)},
                headers={**self._headers, "Accept": media_type},
                decode=lambda answer: _page(answer, shape),
            )
            return page

        def ask_carefully(number: int, now: float) -> Page:
            """Ask for less where the server refuses a page size that nobody but us wanted."""
            try:
                return ask(number, now)
            except BackupError as error:
                if error.code != "rejected" or not self._may_ask_less or number > 1:
                    raise
            self._may_ask_less = False
            self._page_size = CAREFUL_PAGE
            return ask(number, now)

        return read_numbered_pages(self.http, bounded_by_now(self.http, ask_carefully), lambda record: record["id"])


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


def _page(answer: Answer, shape: Shape) -> Page:
    """A page of any Clumio list. Only some give totals; at the end `_next` is absent, null or empty."""
    body = read_json(answer.body)
    content = body.get("_embedded", body)
    if "_embedded" not in body and "items" not in body and "total_count" not in body and "current_count" not in body:
        raise ValueError("no list in it")
    items = content.get("items") if content else None
    links = body.get("_links")
    more = None if links is None else bool((links.get("_next") or {}).get("href"))
    return Page(
        [shape.read(native) for native in items or []],
        total=integer(body.get("total_count")),
        count=integer(body.get("total_pages_count")),
        size=integer(body.get("limit")),
        more=more,
    )


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
