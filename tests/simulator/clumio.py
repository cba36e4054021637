# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clumio: tasks, the lists of protected resources, alerts and policies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from . import clumio_filter, clumio_records
from .data import Series, View
from .service import Listed, Page, Service, World, unknown_names, whole_number
from .spoil import Traits
from .wire import Refusal, Reply, Request, json_bytes


@dataclass(frozen=True)
class ClumioData:
    """How much there is, and which of the lawful ways to write it is used."""

    tasks: int = 20
    assets: int | None = None
    """Protected resources of all kinds together; default: as many as the tasks need."""
    calm: bool = False
    """A night as it is: nearly everything succeeded. Otherwise the newest records show every word there is."""
    next_style: str = "absent"
    """`_links._next` of the last page: absent, null, or empty (`{}`)."""
    totals: bool = True
    """Whether total_count and total_pages_count are in the answers."""
    page_cap: int | None = None
    null_embedded: bool | str = False
    """On an empty answer `_embedded` is null; with "items" only `_embedded.items` is."""
    default_limit: int = 10
    max_limit: int = 10_000
    abort_reads: int = 1
    """After so many reads of an aborting task, alone or in a list, it is aborted."""


ERROR_CODES = {400: 117, 401: 104, 403: 106, 404: 111, 405: 118, 406: 119, 409: 120, 412: 121, 429: 122, 500: 101}
ERROR_WORDS = {
    400: "The request is invalid.",
    401: "The authorization token is missing, invalid or expired.",
    403: "You are not permitted to do this.",
    404: "The resource was not found.",
    429: "Rate limit exceeded: at most 100 requests per second.",
    500: "Internal server error.",
}

MEDIA = "application/api.clumio.{}=v1+json"


class Clumio(Service):
    """One organization, one organizational unit."""

    traits = Traits(
        words=("status", "type", "category", "genre", "protection_status"),
        texts=("primary_entity.value", "parent_entity.value", "name"),
        unknown_word="quantum_entangled",
    )

    def __init__(self, world: World, data: ClumioData) -> None:
        super().__init__(world)
        self.data = data
        self._records = clumio_records.Records(world, data)
        self.tasks = Series("tasks", data.tasks, self._task)
        self._lists = {path: Series(path, count, make) for path, (count, make) in self._records.lists().items()}
        self._token: str | None = world.credentials.clumio_token
        self._aborts: dict[str, int] = {}
        """Id of a task that was told to abort -> how often it was read since."""

    def answer(self, request: Request) -> Reply:
        """Check who asks and route by path."""
        self._check_caller(request)
        if request.path == "/tasks":
            return self._list_tasks(request)
        if request.path in self._lists:
            return self._list_others(request)
        found = re.fullmatch(r"/tasks/([^/]+)", request.path)
        if not found:
            raise self._no(404, "The path does not exist.")
        self._check_accept(request, "tasks")
        if request.method == "PATCH":
            return self._abort(found[1], request)
        self._check_method(request)
        return self._read_task(found[1])

    def truth(self, what: str, *args: str) -> list[Any]:
        """`tasks` (the default), or the path of another list, e.g. `datasources/aws/ebs-volumes`."""
        return (self.tasks if what in ("", "tasks") else self._lists["/" + what.strip("/")]).all()

    def expire(self) -> None:
        """The API token is refused from now on."""
        self._token = None

    def refusal(self, status: int, request: Request) -> Reply:
        """Clumio's list of errors."""
        return self._error(status, ERROR_WORDS.get(status, "The request failed."))

    def _error(self, status: int, message: str) -> Reply:
        errors = [{"error_code": ERROR_CODES.get(status, 100), "error_message": message}]
        return Reply(status, json_bytes({"errors": errors}))

    def _no(self, status: int, message: str) -> Refusal:
        return Refusal(self._error(status, message))

    def _check_caller(self, request: Request) -> None:
        if self._token is None or request.headers.get("Authorization") != f"Bearer {self._token}":
            raise self._no(401, ERROR_WORDS[401])
        unit = request.headers.get("X-Clumio-OrganizationalUnit-Context")
        if unit is not None and unit != self.world.credentials.organizational_unit:
            raise self._no(403, "You have no access to this organizational unit.")

    def _check_accept(self, request: Request, name: str) -> None:
        media = MEDIA.format(name)
        if request.headers.get("Accept") != media:
            raise self._no(406, f"The Accept header must be {media}.")

    def _check_method(self, request: Request) -> None:
        if request.method != "GET":
            raise self._no(405, "The method is not allowed here.")

    def _task(self, i: int, born: float | None) -> dict[str, Any]:
        task = self._records.task(i, born)
        if self._aborts and task["id"] in self._aborts:
            return self._records.aborted(task, self._aborts[task["id"]] >= self.data.abort_reads)
        return task

    def _find(self, task_id: str) -> int:
        """Position of the task in the list."""
        position = self._records.position(task_id, len(self.tasks), self.tasks)
        if position is None:
            raise self._no(404, f"The task {task_id} was not found.")
        return position

    def _read_task(self, task_id: str) -> Reply:
        task = self.tasks.at(self._find(task_id))
        self._count_read(task_id)
        return Reply(200, json_bytes(task), MEDIA.format("tasks"))

    def _count_read(self, task_id: str) -> None:
        """Reading a task that was told to abort is what makes it go on."""
        if self._aborts.get(task_id, self.data.abort_reads) < self.data.abort_reads:
            self._aborts[task_id] += 1
            self.tasks.touch()

    def _abort(self, task_id: str, request: Request) -> Reply:
        try:
            wanted = request.json()
        except ValueError:
            raise self._no(400, "The body is not a JSON object.") from None
        if wanted != {"status": "aborting"}:
            raise self._no(400, 'The only change a task takes is {"status": "aborting"}.')
        task = self.tasks.at(self._find(task_id))
        if task["status"] not in ("queued", "in_progress") or not task["is_abortable"]:
            raise self._no(409, f"The task {task_id} cannot be aborted.")
        self._aborts[task_id] = 0
        self.tasks.touch()
        return Reply(200, json_bytes(self.tasks.at(self._find(task_id))), MEDIA.format("tasks"))

    def _list_tasks(self, request: Request) -> Reply:
        self._check_accept(request, "tasks")
        self._check_method(request)
        self._check_query(request, ("limit", "start", "filter"))
        try:
            keep = clumio_filter.parse(request.query.get("filter", ""), clumio_filter.TASKS, self.world.now)
        except ValueError as error:
            raise self._no(400, f"The filter is invalid: {error}") from None
        reply = self._list(self.tasks, request, "tasks", lambda: self._records.select(self.tasks, keep))
        for task_id, reads in list(self._aborts.items()):
            if reads < self.data.abort_reads and f'"id":"{task_id}"'.encode() in reply.body:
                self._count_read(task_id)
        return reply

    def _list_others(self, request: Request) -> Reply:
        name = clumio_records.MEDIA_NAMES[request.path]
        self._check_accept(request, name)
        self._check_method(request)
        self._check_query(request, ("limit", "start", "filter", "embed", "lookback_days"))
        series = self._lists[request.path]
        try:
            keep = clumio_filter.parse(request.query.get("filter", ""), clumio_filter.RESOURCES, self.world.now)
        except ValueError as error:
            raise self._no(400, f"The filter is invalid: {error}") from None
        lookback = request.query.get("lookback_days")
        if lookback is not None and whole_number(lookback, 1, 366) is None:
            raise self._no(400, "lookback_days is not a number from 1 to 366.")

        def select() -> Listed:
            return View(series, [p for p in range(len(series)) if keep.accepts(series.at(p))])

        return self._list(
            series, request, name, select, hide=clumio_records.without_lookback if lookback is None else None
        )

    def _check_query(self, request: Request, allowed: tuple[str, ...]) -> None:
        unknown = unknown_names(request.query, allowed)
        if unknown:
            raise self._no(400, f"Unknown query parameters: {', '.join(unknown)}.")

    def _list(self, series: Series, request: Request, name: str, select: Any, hide: Any = None) -> Reply:
        limit = whole_number(request.query.get("limit", str(self.data.default_limit)), 1, self.data.max_limit)
        number = whole_number(request.query.get("start", "1") or "1", 1, 10**9)
        if limit is None or number is None:
            raise self._no(400, f"limit must be 1 to {self.data.max_limit}, start a page number from 1.")
        size = min(limit, self.data.page_cap or limit)

        def write() -> Reply:
            key = series.name, series.version, request.query.get("filter")
            listed: Listed = self.selection(key, select)
            page = self.page(listed, (number - 1) * size, size, request, series)
            if hide is not None:
                page = hide(page)
            return Reply(200, json_bytes(self._page_body(page, number, request)), MEDIA.format(name))

        return self.list_reply(request, series.version, write)

    def _page_body(self, page: Page, number: int, request: Request) -> dict[str, Any]:
        body: dict[str, Any] = {
            "_embedded": {"items": page.records},
            "_links": self._links(page, number, request),
            "current_count": len(page.records),
            "filter_applied": request.query.get("filter", ""),
            "limit": page.size,
            "start": str(number),
        }
        if not page.records and self.data.null_embedded:
            body["_embedded"] = {"items": None} if self.data.null_embedded == "items" else None
        if self.data.totals:
            body.update(total_count=page.total, total_pages_count=page.pages)
        return body

    def _links(self, page: Page, number: int, request: Request) -> dict[str, Any]:
        def link(start: int) -> dict[str, Any]:
            return {"href": f"{request.path}?limit={page.size}&start={start}", "templated": False, "type": "get"}

        links: dict[str, Any] = {"_self": link(number), "_first": link(1), "_last": link(max(1, page.pages))}
        if number > 1:
            links["_prev"] = link(number - 1)
        if page.next_start is not None:
            links["_next"] = link(page.next_start // page.size + 1)
        elif self.data.next_style != "absent":
            links["_next"] = {} if self.data.next_style == "empty" else None
        return links
