# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Alibaba Cloud PetaData (HybridDB for MySQL): its tasks, read whole. RPC API 2016-01-01 (DescribeTasks)."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from .._core import times
from .._core.connection import Connection, base_url
from .._core.deadline import Clock
from .._core.errors import BackupError, bad_option
from .._core.exchange import Answer, Dialect, Explanation
from .._core.http import HttpClient
from .._core.json import read_json
from .._core.listing import Listing, total
from .._core.options import Params, names, period, printable
from .._core.paging import Page, bounded_by_now, probe_pages, read_numbered_pages
from .._core.records import Record, integer
from .._core.redact import Secrets
from .._core.scopes import read_scopes
from .._core.selection import matching
from .._core.xml import read_xml
from .._model.query import LOOKBACK, TaskQuery
from .._model.task import first_known
from .._model.wanted import Wanted
from .auth import RpcAuth
from .normalize import RESULTS, STATES, normalize_task
from .options import DEFAULT_URL, ENVIRONMENT
from .records import STATUSES, TASK

VERSION = "2016-01-01"
PAGE_SIZES = (30, 50, 100, 200, 500, 1000)
DEFAULT_PERIOD = timedelta(hours=24)
# A task that is looked up is asked for with so many seconds to spare.
_MARGIN = 60.0

# The API's words for what went wrong -> our code, by the first beginning that fits
_CODES = {
    "Throttling": "throttled",
    "InvalidAccessKeyId": "auth_failed",
    "InvalidSecurityToken": "auth_failed",
    "MissingSecurityToken": "auth_failed",
    "SignatureDoesNotMatch": "auth_failed",
    "IncompleteSignature": "auth_failed",
    "InvalidTimeStamp": "auth_failed",
    "IllegalTimestamp": "auth_failed",
    "SignatureNonceUsed": "unavailable",  # somebody on the way sent the request twice: a new nonce helps
    "Forbidden": "forbidden",
    "ServiceUnavailable": "unavailable",
    "InternalError": "unavailable",
}
_UNTIMELY = ("InvalidTimeStamp", "IllegalTimestamp")
_PRECISE_HINTS = {
    **dict.fromkeys(_UNTIMELY, "Set the clock of the machine that runs the module: it is off by more than 15 minutes."),
    "InvalidAccessKeyId": "Check `access_key_id`: Alibaba Cloud does not know it, or it is disabled.",
    "SignatureDoesNotMatch": "Check `access_key_secret`: it does not belong to the access key id.",
}


class PetaDataClient:
    """PetaData as one access key sees it. Every list gives a `Listing`; `close` ends it.

    `address` is that of its API.

    :param params: options of `PETADATA`; what is not given is completed from `environ`, by default our own.
    :raises BackupError: `bad_option` or `missing_library`, before any request.
    """

    def __init__(
        self, params: Params, secrets: Secrets, *, environ: Mapping[str, str] | None = None, clock: Clock | None = None
    ) -> None:
        environ = os.environ if environ is None else environ
        params = ENVIRONMENT.complete(params, environ)
        connection = Connection.from_params(params, secrets)
        self.api_version = VERSION
        self.address = base_url("url", params["url"], params, example=DEFAULT_URL)
        self._format: str = params["format"]
        self._page_size = connection.page_size if connection.page_size is not None else PAGE_SIZES[-1]
        if self._page_size not in PAGE_SIZES:
            raise bad_option(
                "page_size",
                f"{self._page_size} is no size of this API",
                f"Give one of {', '.join(map(str, PAGE_SIZES))}.",
            )
        if self._format == "xml":
            read_xml(b"<ready/>")  # a missing library is told before the first request
        self.http = HttpClient(connection, DIALECT, secrets, clock=clock)
        self.http.auth = RpcAuth(params, self.http)

    def close(self) -> list[str]:
        """Let go of the connections; gives warnings, of which there are none here."""
        self.http.close()
        return []

    def tasks(self, params: Params) -> Listing:
        """What `petadata_backup_task_info` returns for its options."""
        instances = _instances(params)
        action = params["task_action"]
        query = {"TaskAction": printable("task_action", action, longest=200) if action is not None else None}
        statuses = tuple(params["task_statuses"] if params["task_statuses"] is not None else STATUSES)
        if not statuses:
            raise bad_option("task_statuses", "the list is empty", "Name at least one, or leave the option out.")
        begin, end = period(params, "start_time", "end_time", self.http.now())
        latest = end or times.moment("0s", self.http.now())
        if begin and times.rfc3339(begin) >= times.rfc3339(latest):
            option = "end_time" if end else "start_time"
            raise bad_option(option, "the period is shorter than a second", "Give a start that lies before the end.")

        def window(now: float) -> dict[str, str]:
            until = end or times.moment("0s", now)
            return {"StartTime": times.rfc3339(begin or until - DEFAULT_PERIOD), "EndTime": times.rfc3339(until)}

        return self.list_tasks(instances, statuses, window, query)

    def check_scope(self, scope: Params) -> None:
        """Refuse what a source says wrongly of what is to be read of it, before anything is.

        :raises BackupError: `bad_option`.
        """
        _instances(scope)

    def find_tasks(self, query: TaskQuery, scope: Params) -> Listing:
        """The tasks that a source of the unified modules may want: by time and status, as far as the API filters."""
        statuses = query.words(STATES, RESULTS)
        if statuses == []:
            return Listing()  # no status of this API means what is wanted
        return self.tasks(
            {
                "instance_ids": scope["instance_ids"] or [],
                "task_action": None,
                "task_statuses": statuses,
                "start_time": times.rfc3339(query.created_since) if query.created_since else None,
                "end_time": times.rfc3339(query.until) if query.until else None,
            }
        )

    def look_up(self, wanted: Sequence[Wanted], scope: Params) -> Listing:
        """These tasks as they stand now, with others of their instances. The API asks for a time, and takes no ids: one
        that has not been seen yet is looked for in the last seven days.

        :raises BackupError: `bad_option` when a uid tells no instance.
        """
        nowhere = [task.uid for task in wanted if not task.scope]
        if nowhere:
            hint = "Write it like petadata:source:instance:id, as backup_task_info returns it."
            raise bad_option("tasks", f"{nowhere[0]} names no instance", hint)
        instances = list(dict.fromkeys(task.scope for task in wanted))
        begun = [first_known(task.seen, ("created_at", "started_at")) if task.seen else None for task in wanted]
        known = [moment for moment in begun if moment is not None]

        def window(now: float) -> dict[str, str]:
            earliest = now - LOOKBACK.total_seconds()
            start = min(known) - _MARGIN if len(known) == len(wanted) else min([earliest, *known])
            return {"StartTime": times.rfc3339(start), "EndTime": times.rfc3339(now)}

        return self.list_tasks(instances, tuple(STATUSES), window, {})

    def find_resources(self, scope: Params) -> None:
        """None: the API lists no databases. What is known of them comes from their tasks."""
        return

    def probe(self, query: TaskQuery, scope: Params) -> tuple[Listing, Record]:
        """Whether each instance of a source can be read, and what `find_tasks` costs for all: {records, requests}."""
        now = self.http.now()
        window = {
            "StartTime": times.rfc3339(query.created_since or now - DEFAULT_PERIOD.total_seconds()),
            "EndTime": times.rfc3339(query.until or now),
        }
        every_status = ",".join(STATUSES)
        asked = {**window, "TaskStatus": every_status, "Status": every_status}
        costs: dict[str, Record] = {}

        def read(instance: str) -> Listing:
            listing, costs[instance] = probe_pages(
                self.http, lambda number: self._describe(instance, {**asked, "PageNumbers": number})
            )
            return listing

        listing = read_scopes(self.http, _instances(scope), read, "instances")
        costs_of = {name: total(cost[name] for cost in costs.values()) for name in ("records", "requests")}
        return listing, costs_of if listing.complete else dict.fromkeys(costs_of)

    def normalize(self, record: Record, source: str) -> Record:
        """A record of `find_tasks` in the model."""
        return normalize_task(record, source)

    def list_tasks(
        self,
        instances: list[str],
        statuses: tuple[str, ...],
        window: Callable[[float], Mapping[str, str]],
        query: Mapping[str, Any],
    ) -> Listing:
        """The tasks of several instances, in the order of the instances, then in the API's (none is promised).

        :param window: gives StartTime and EndTime for the present moment.
        """
        # The document calls the parameter TaskStatus, the vendor's SDKs Status: send both, and believe neither.
        asked = {**query, "TaskStatus": ",".join(statuses), "Status": ",".join(statuses)}
        keep = matching({"status": statuses if set(statuses) != set(STATUSES) else None})

        def read(instance: str) -> Listing:
            def ask(number: int, now: float) -> Page:
                return self._describe(instance, {**asked, **window(now), "PageNumbers": number})

            return read_numbered_pages(self.http, bounded_by_now(self.http, ask), lambda task: task["task_id"], keep)

        return read_scopes(self.http, instances, read, "instances")

    def _describe(self, instance: str, query: Mapping[str, Any]) -> Page:
        page: Page = self.http.get(
            f"{self.address}/",
            f"list the tasks of instance {instance}",
            params={
                "Action": "DescribeTasks",
                "Version": VERSION,
                "Format": self._format.upper(),
                "InstanceId": instance,
                "MaxRecordsPerPage": self._page_size,
                **query,
            },
            decode=lambda answer: _page(answer, instance),
        )
        return page


def _instances(params: Params) -> list[str]:
    return names("instance_ids", params["instance_ids"], longest=100)


def _body(answer: Answer) -> Any:
    """The content of an answer in either format, whichever was asked for: a gateway may not care."""
    if not answer.looks_like_xml:
        return read_json(answer.body)
    if answer.looks_like_html:
        raise ValueError("a web page")
    document = read_xml(answer.body, lists=("Task",))
    return next(iter(document.values()))


def _page(answer: Answer, instance: str) -> Page:
    body = _body(answer)
    if "Tasks" not in body and "TotalRecords" not in body:
        raise ValueError("no list of tasks in it")
    if str(body.get("InstanceId") or instance).lower() != instance.lower():
        raise ValueError("it is about another instance")
    records = [TASK.read(native) for native in _tasks(body.get("Tasks"))]
    if not records and body.get("Code"):
        raise ValueError(f"an error instead of tasks, {body['Code']}")
    for record in records:
        record["instance_id"] = instance
    return Page(records, total=integer(body.get("TotalRecords")), size=integer(body.get("MaxRecordsPerPage")))


def _tasks(content: Any) -> list[Any]:
    """The tasks behind their wrapper: a list, one task alone, or nothing, with the wrapper or without."""
    if isinstance(content, dict) and content:
        content = content["Task"]
    if isinstance(content, dict):
        return [content] if content else []
    if content is None or content == [None]:  # XML has an empty element for no task
        return []
    if not isinstance(content, list):
        raise ValueError("no list of tasks in it")
    return content


def _explain(answer: Answer) -> Explanation:
    """What the API's error document says, in either format."""
    try:
        body = _body(answer)
        code, message, request = str(body["Code"]), str(body.get("Message")), body.get("RequestId")
    except (ValueError, TypeError, KeyError, AttributeError, BackupError):  # the last: XML, but no library for it
        return Explanation()
    if code == "SignatureDoesNotMatch":
        message = "the signature does not match"  # its own words repeat the whole request, the security token included
    known = next((beginning for beginning in _CODES if code.startswith(beginning)), None)
    ours = _CODES[known] if known else ("not_found" if code.endswith(".NotFound") else None)
    return Explanation(
        provider_code=code,
        message=message,
        request_id=request,
        code=ours,
        hint=_PRECISE_HINTS.get(known or ""),
    )


def _is_untimely(answer: Answer) -> bool:
    """Whether a request was refused for the time in its signature."""
    return answer.status == 400 and (_explain(answer).provider_code or "").startswith(_UNTIMELY)


DIALECT = Dialect(
    provider="petadata",
    title="PetaData",
    decode=_body,
    explain=_explain,
    lapsed=_is_untimely,
    hints={
        "auth_failed": "Check `access_key_id`, `access_key_secret` and, for a temporary key, `security_token`.",
        "forbidden": "Grant the RAM action petadata:DescribeTasks to the user of the access key.",
        "not_found": "Check `instance_ids` and whether `url` is the endpoint of their region.",
    },
)
