# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Veeam Backup Enterprise Manager: its tasks and sessions, read whole. REST API (`/api/query`, `/api/tasks`)."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from .._core import times
from .._core.connection import Connection, base_url
from .._core.deadline import Clock
from .._core.errors import BackupError, bad_option
from .._core.http import Call, Dialect, HttpClient
from .._core.listing import Listing
from .._core.options import Params, names, period, unfamiliar, within_bounds
from .._core.paging import Filter, Page, every, read_numbered_pages, read_scopes
from .._core.records import Shape
from .._core.redact import Secrets
from .._core.selection import both, created_within, matching
from .answers import body, explain, page
from .auth import Logon, LogonSession, SessionAuth, close_session, shared_session
from .options import ENVIRONMENT, EXAMPLE_URL
from .records import KINDS, SESSION, SESSION_RESULTS, TASK, TASK_STATES

LARGEST_PAGE = 10000
BEST_PAGE = 500

_FRESH_LOGON = (
    "A task belongs to the logon session that began it, and this module has just opened a new one: the list is empty "
    "by design and proves nothing. Share a session with multivendor.backup.veeam_logon_session, or read what jobs did "
    "with multivendor.backup.veeam_backup_session_info."
)


class VeeamClient:
    """Enterprise Manager as one user sees it. Every list gives a `Listing`.

    A session that this client opened is closed by `close`; a shared one is left alone.

    :param params: options of `VEEAM`; what is not given is completed from `environ`.
    :raises BackupError: `bad_option` or `missing_library`, before any request.
    """

    def __init__(
        self, params: Params, secrets: Secrets, *, environ: Mapping[str, str] = os.environ, clock: Clock | None = None
    ) -> None:
        params = ENVIRONMENT.complete(params, environ)
        connection = Connection.from_params(params, secrets)
        self._api = _api(base_url("url", params["url"], params, example=EXAMPLE_URL))
        self._headers = {"Accept": f"application/{params['format']}"}
        self._page_size = within_bounds("page_size", connection.page_size, 1, LARGEST_PAGE, best=BEST_PAGE)
        self.http = HttpClient(connection, DIALECT, secrets, clock=clock)
        self._logon: Logon | None = None
        if params["session_token"] is not None:
            self._auth = shared_session(params, self.http)
        else:
            self._logon = Logon(params, self.http, self._api, self._headers["Accept"])
            self._auth = SessionAuth(self._logon, self.http)
        self.http.auth = self._auth

    def close(self) -> list[str]:
        """Log off from the session that this client opened; gives a warning when that failed."""
        session = self._auth.session if isinstance(self._auth, SessionAuth) else None
        warnings = []
        if session and not session.id:
            warnings.append("The server did not name the session that was opened: it stays open for 15 minutes.")
        elif session and session.id:
            try:
                self.close_session(session.id)
            except BackupError as error:
                warnings.append(f"{error} The session stays open for 15 minutes.")
        self.http.close()
        return warnings

    def open_session(self) -> LogonSession:
        """A new logon session, which the caller has to close.

        :raises BackupError: `bad_option` when a session is given instead of a user, or what the server answers.
        """
        if self._logon is None:
            raise bad_option("session_token", "a session is open already", "Give `username` and `password` instead.")
        session = self._logon.open()
        self.http.secrets.add_quiet(session.token)
        return session

    def close_session(self, session_id: str) -> bool:
        """Log off from a session of any user that this one may close; False when it was gone already."""
        return close_session(self.http, self._api, quote(session_id, safe=""), self._headers, self._auth)

    def tasks(self, params: Params) -> Listing:
        """What `veeam_backup_task_info` returns for its options."""
        keep = matching({"state": params["states"], "operation": params["operations"]})
        if params["task_ids"] is not None:
            listing = self.list_tasks_by_id(names("task_ids", params["task_ids"], longest=100), keep)
        else:
            conditions = [_any_of("State", params["states"]), _any_of("Operation", params["operations"])]
            listing = self.list_tasks([condition for condition in conditions if condition], keep)
        listing.warnings += unfamiliar("states", params["states"], TASK_STATES)
        if self._logon is not None:
            listing.warnings.append(_FRESH_LOGON)
        return listing

    def sessions(self, params: Params) -> Listing:
        """What `veeam_backup_session_info` returns for its options."""
        since, until = period(params, "since", "until", self.http.now())
        kind = KINDS[params["kind"]]
        if params["job_names"] and not kind.has_job:
            raise bad_option("job_names", f"sessions of kind {params['kind']} have no job", "Leave one of the two out.")
        conditions = [
            _any_of("State", params["states"]),
            _any_of("Result", params["results"]),
            _any_of("JobName", params["job_names"]),
            since and f"CreationTime>={_quoted(times.rfc3339(since))}",
            until and f"CreationTime<{_quoted(times.rfc3339(until))}",
        ]
        words = {"state": params["states"], "result": params["results"], "job_name": params["job_names"]}
        keep = both(matching(words), created_within("creation_time_utc", since, until))
        listing = self.list_sessions(params["kind"], [condition for condition in conditions if condition], keep)
        listing.warnings += unfamiliar("results", params["results"], SESSION_RESULTS)
        return listing

    def list_tasks(self, conditions: Sequence[str] = (), keep: Filter = every) -> Listing:
        """The tasks of the logon session, in the API's order (none is promised)."""
        listing = self._query("Task", TASK, {}, conditions, keep, "list the tasks", renewable=False)
        if conditions and listing.error and listing.error.code == "rejected":
            # Before version 12 tasks could not be filtered, and some servers say so
            listing = self._query("Task", TASK, {}, (), keep, "list the tasks", renewable=False)
        return listing

    def list_tasks_by_id(self, ids: list[str], keep: Filter = every) -> Listing:
        """These tasks of the logon session, in this order."""

        def read(task: str) -> Listing:
            def fetch(_number: int) -> Page:
                return Page([self._task(task)], count=1)

            return read_numbered_pages(self.http, fetch, lambda record: record["task_id"], keep)

        return read_scopes(self.http, ids, read, "tasks:")

    def list_sessions(self, kind: str, conditions: Sequence[str] = (), keep: Filter = every) -> Listing:
        """The sessions of a kind, the oldest first (so that new ones come last and move no page)."""
        entity = KINDS[kind].entity
        query = {"format": "Entities", "sortAsc": "CreationTime"}
        listing = self._query(entity, SESSION, query, conditions, keep, f"list the {kind} sessions", renewable=True)
        for session in listing.records:
            session["kind"] = kind
        return listing

    def _task(self, task: str) -> Any:
        url = f"{self._api}/tasks/{quote(task, safe='')}"
        return self._get(url, f"read task {task}", lambda answer: TASK.read(body(answer)), None, renewable=False)

    def _query(
        self,
        entity: str,
        shape: Shape,
        query: Mapping[str, str],
        conditions: Sequence[str],
        keep: Filter,
        doing: str,
        *,
        renewable: bool,
    ) -> Listing:
        """Any query of this API. Conditions are joined by "and"."""
        fixed = {"type": entity, **query, "filter": ";".join(conditions) or None, "pageSize": self._page_size}

        def fetch(number: int) -> Page:
            result: Page = self._get(
                f"{self._api}/query",
                doing,
                lambda answer: page(answer, entity, shape, number),
                {**fixed, "page": number},
                renewable=renewable,
            )
            return result

        key = "task_id" if shape is TASK else "uid"
        return read_numbered_pages(self.http, fetch, lambda record: record[key], keep)

    def _get(self, url: str, doing: str, decode: Any, query: Mapping[str, Any] | None, *, renewable: bool) -> Any:
        """A GET with the session; when the session has ended, the error says so."""
        try:
            return self.http.call(
                Call("GET", url, doing, params=query, headers=self._headers, renewable=renewable, decode=decode)
            )
        except BackupError as error:
            if error.code == "auth_failed" and error.doing == doing:
                error.code = "session_expired"
                error.hint = "The logon session has ended, as it does after 15 idle minutes, and its tasks are gone: log on anew."
            raise


def _api(url: str) -> str:
    """The root of the API; people give the address with and without it."""
    return url if url.endswith("/api") else f"{url}/api"


def _any_of(name: str, values: Sequence[str] | None) -> str:
    """A condition that one of the values meets; empty for no values."""
    tests = ",".join(f"{name}=={_quoted(value)}" for value in values or ())
    return f"({tests})" if "," in tests else tests


def _quoted(value: str) -> str:
    """A value of the filter language; inner quotes are doubled."""
    return value if value.isalnum() and value.isascii() else '"' + value.replace('"', '""') + '"'


DIALECT = Dialect(
    provider="veeam",
    title="Enterprise Manager",
    decode=body,
    explain=explain,
    hints={
        "auth_failed": "Check `username` (like DOMAIN\\user), `password`, and that the user has a role in the product.",
        "forbidden": "Give the user a role in Enterprise Manager that may see these objects.",
        "tls": "Enterprise Manager has a self-signed certificate by default: give it, or its authority, as `ca_path`.",
        "not_found": "Check `url`: the REST API listens on port 9398 by default.",
    },
)
