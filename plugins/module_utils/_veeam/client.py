# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Veeam Backup Enterprise Manager: its tasks and sessions, read whole. REST API (`/api/query`, `/api/tasks`)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from .._core import times
from .._core.auth import Token, TokenAuth
from .._core.connection import Connection, base_url
from .._core.deadline import Clock
from .._core.errors import BackupError, bad_option
from .._core.exchange import Answer, Call, Dialect
from .._core.http import HttpClient
from .._core.listing import Listing
from .._core.options import Params, names, period, unfamiliar, within_bounds
from .._core.paging import Filter, Page, every, probe_pages, read_numbered_pages
from .._core.records import Record, Shape
from .._core.redact import Secrets
from .._core.scopes import read_scopes
from .._core.selection import both, created_within, matching
from .._core.xml import read_xml
from .._model.query import TaskQuery
from .._model.wanted import Wanted
from . import stop
from .answers import body, explain, page
from .auth import HEADER, Logon, LogonSession, SessionAuth, close_session, shared_session
from .follow import SessionUid
from .normalize import SESSION_RESULTS as RESULTS
from .normalize import normalize_machine, normalize_session, normalize_task, protected_machines
from .options import ENVIRONMENT, EXAMPLE_URL
from .records import KINDS, LEAN_SESSION, OBJECT, SESSION, SESSION_RESULTS, TASK, TASK_STATES

LARGEST_PAGE = 10000
BEST_PAGE = 500
# Closing a session may take this long beyond the deadline: a session left open is worse than a few seconds.
FAREWELL = 10.0

_FRESH_LOGON = (
    "A task belongs to the logon session that began it, and this module has just opened a new one: the list is empty "
    "by design and proves nothing. Share a session with multivendor.backup.veeam_logon_session, or read what jobs did "
    "with multivendor.backup.veeam_backup_session_info."
)


class VeeamClient:
    """Enterprise Manager as one user sees it. Every list gives a `Listing`; `address` is the API's.

    A session that this client opened is closed by `close`; a shared one is left alone.

    :param params: options of `VEEAM`; what is not given is completed from `environ`, by default our own.
    :raises BackupError: `bad_option` or `missing_library`, before any request.
    """

    def __init__(
        self, params: Params, secrets: Secrets, *, environ: Mapping[str, str] | None = None, clock: Clock | None = None
    ) -> None:
        environ = os.environ if environ is None else environ
        params = ENVIRONMENT.complete(params, environ)
        connection = Connection.from_params(params, secrets)
        self.api_version: str = params["api_version"]
        self.address = _api(base_url("url", params["url"], params, example=EXAMPLE_URL))
        self._headers = {"Accept": f"application/{params['format']}"}
        self._page_size = within_bounds("page_size", connection.page_size, 1, LARGEST_PAGE, best=BEST_PAGE)
        if params["format"] == "xml":
            read_xml(b"<ready/>")  # a missing library is told now, not when a session is open
        self.http = HttpClient(connection, DIALECT, secrets, clock=clock)
        # Items do not say what kind of job they belong to, their job's session does: a copy of a backup is no backup.
        self._job_types: dict[str, str | None] = {}  # of jobs' sessions, by their UIDs in lower case
        self._item_jobs: set[str] = set()  # the jobs' sessions that items name
        self._logon: Logon | None = None
        if params["session_token"] is not None:
            self._auth = shared_session(params, self.http)
        else:
            self._logon = Logon(params, self.http, self.address, self._headers["Accept"])
            self._auth = SessionAuth(self._logon, self.http)
        self.http.auth = self._auth

    def close(self) -> list[str]:
        """Log off from the sessions that this client opened; gives a warning when that failed."""
        self.http.close()  # first, for a worker that was given up must not log on again
        opened = self._auth.sessions if isinstance(self._auth, SessionAuth) else []
        return [warning for session in opened for warning in self._farewell(session)]

    def _farewell(self, session: LogonSession) -> list[str]:
        if not session.id:
            return ["The server did not name the session that was opened: it stays open for 15 minutes."]
        connection = replace(self.http.connection, deadline=min(FAREWELL, self.http.connection.timeout))
        http = HttpClient(connection, DIALECT, self.http.secrets, clock=self.http.clock)
        auth = TokenAuth(HEADER, http.clock, token=Token(session.token))
        try:
            close_session(http, self.address, quote(session.id, safe=""), self._headers, auth)
        except BackupError as error:
            return [f"{error} The session stays open for 15 minutes."]
        finally:
            http.close()
        return []

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
        return close_session(self.http, self.address, quote(session_id, safe=""), self._headers, self._auth)

    def tasks(self, params: Params) -> Listing:
        """What `veeam_backup_task_info` returns for its options."""
        words = {"state": _words(params, "states"), "operation": _words(params, "operations")}
        keep = matching(words)
        if params["task_ids"] is not None:
            listing = self.list_tasks_by_id(names("task_ids", params["task_ids"], longest=100), keep)
        else:
            conditions = [_any_of("State", words["state"]), _any_of("Operation", words["operation"])]
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
        words = {
            "state": _words(params, "states"),
            "result": _words(params, "results"),
            "job_name": _words(params, "job_names"),
        }
        conditions = [
            _any_of("State", words["state"]),
            _any_of("Result", words["result"]),
            _any_of("JobName", words["job_name"]),
            since and f"CreationTime>={_quoted(times.rfc3339(since))}",
            until and f"CreationTime<{_quoted(times.rfc3339(until))}",
        ]
        keep = both(matching(words), created_within("creation_time_utc", since, until))
        listing = self.list_sessions(params["kind"], [condition for condition in conditions if condition], keep)
        listing.warnings += unfamiliar("results", params["results"], SESSION_RESULTS)
        return listing

    def find_tasks(self, query: TaskQuery, scope: Params) -> Listing:
        """What a source of the unified modules may want: sessions of jobs, items and restores by their creation; and
        tasks, when a logon session is shared."""
        created = _created(query)
        results = _results(query)
        kinds = ["job", "item", "restore"] + (["task"] if self._logon is None else [])
        shape = LEAN_SESSION if query.lean else SESSION

        def read(kind: str) -> Listing:
            if kind == "task":
                return self.list_tasks()
            # Jobs of every result are needed: they tell what kind of work their items did.
            return self.list_sessions(kind, created if kind == "job" else [*created, *results], shape=shape)

        listing = read_scopes(self.http, kinds, read, "kinds of sessions")
        unknown = self._untyped(sorted(self._item_jobs))  # their own sessions are too old to be in the list
        if unknown and not any(row["scope"] == "job" for row in listing.failed_scopes):
            jobs = self._read_jobs(unknown)
            listing.add_cost(jobs)
            if jobs.error:
                listing.warnings.append(f"what kind of work some sessions did is not known: {jobs.error}")
        return listing

    def _untyped(self, jobs: Iterable[str | None]) -> list[str]:
        """Those of these jobs' sessions that were neither read nor asked for yet."""
        return [uid for uid in dict.fromkeys(jobs) if uid and uid.lower() not in self._job_types]

    def _read_jobs(self, unknown: Sequence[str]) -> Listing:
        """These jobs' sessions: what kind of work an item is, only they tell."""
        listing = read_scopes(self.http, unknown, lambda uid: _single(lambda: self._session(uid)), "job sessions")
        for uid in unknown:  # a job that tells nothing is not asked again
            self._job_types.setdefault(uid.lower(), None)
        return listing

    def look_up(self, wanted: Sequence[Wanted], scope: Params) -> Listing:
        """These tasks and sessions as they stand now, asked for one by one. Those that the server does not have are not
        in it; job sessions of objects may be.

        :raises BackupError: `bad_option` when a task belongs to another logon session.
        """
        for task in wanted:
            self._check_wanted(task)
        tasks = {task.id for task in wanted if task.scope}

        def read(name: str) -> Listing:
            return _single(lambda: self._task(name) if name in tasks else self._session(name))

        listing = read_scopes(self.http, [task.id for task in wanted], read, "tasks")
        unknown = self._untyped(one["job_session_uid"] for one in listing.records if one.get("kind") == "item")
        if unknown and listing.complete:
            items, listing = listing, self._read_jobs(unknown)
            listing.records += items.records
            listing.add_cost(items)
        return listing

    def _check_wanted(self, task: Wanted) -> None:
        if not task.scope:
            try:
                SessionUid.parse(task.id)
            except ValueError as problem:
                raise bad_option("tasks", f"{task.uid}: {problem}", "Give uids as backup_task_info returns.") from None
        elif self._logon is not None or task.scope != self._session_name():
            hint = "Give the `session_token` of the logon session in which the task was begun."
            raise bad_option("tasks", f"{task.uid} belongs to another logon session", hint)

    def _session(self, uid: str) -> Record:
        """A session of any kind by its UID."""
        asked = SessionUid.parse(uid)

        def decode(answer: Answer) -> Record:
            record = {**SESSION.read(body(answer)), "kind": asked.kind}
            if str(record["uid"]).lower() != uid.lower():
                raise ValueError("it is not this session")
            return record

        doing, query = f"read session {asked.id}", {"format": "Entity"}
        session: Record = self._get(f"{self.address}/{asked.path}", doing, decode, query, renewable=True)
        if asked.kind == "job":
            self._job_types[session["uid"].lower()] = session["job_type"]
        return session

    def obstacle(self, task: Record) -> str | None:
        """Why a task of the model that has not ended cannot be stopped; None when it can be tried."""
        return stop.obstacle(task)

    def is_cancelling(self, task: Record) -> bool:
        """Whether a task of the model is being stopped already."""
        return stop.is_stopping(task)

    def abort(self, task: Record) -> None:
        """Stop a session, or a task of the shared logon session.

        :raises BackupError: the server refuses, or it is not known whether it has got the request.
        """
        stop.stop(self.http, self.address, self._headers, task, self._task)

    def probe(self, query: TaskQuery, scope: Params) -> tuple[Listing, Record]:
        """Whether a source can be read, and what its job sessions cost: {records, requests} (no records: no total)."""
        sessions = {"format": "Entities", "sortAsc": "CreationTime"}
        conditions = _created(query)
        pages = self._pages("BackupJobSession", SESSION, sessions, conditions, "list the job sessions", renewable=True)
        return probe_pages(self.http, pages)

    def find_resources(self, scope: Params) -> Listing:
        """What jobs protect (ObjectInJob), and what they have brought (VmRestorePoint)."""

        def read(entity: str) -> Listing:
            query = {"format": "Entities", "sortAsc": "Name"}
            return self._query(entity, OBJECT, query, (), every, f"list all {entity}", renewable=True)

        listing = read_scopes(self.http, ("ObjectInJob", "VmRestorePoint"), read, "lists")
        listing.records = protected_machines(list(listing.records))
        return listing

    def normalize_resource(self, record: Record, source: str) -> Record:
        """A record of `find_resources` in the model."""
        return normalize_machine(record, source)

    def normalize(self, record: Record, source: str) -> Record:
        """A record of `find_tasks` in the model."""
        if "task_id" in record:
            return normalize_task(record, source, scope=self._session_name())
        if record["kind"] == "item" and not record["job_type"]:
            record["job_type"] = self._job_types.get(str(record["job_session_uid"]).lower())
            return normalize_session(record, source, job_is_known=bool(record["job_type"]))
        return normalize_session(record, source)

    def _session_name(self) -> str:
        """A short one-way name for the logon session: task ids mean nothing without it, but its token is secret."""
        return hashlib.sha256((self._auth.token or "").encode()).hexdigest()[:12]

    def list_tasks(self, conditions: Sequence[str] = (), keep: Filter = every) -> Listing:
        """The tasks of the logon session, in the API's order (none is promised)."""
        listing = self._query("Task", TASK, {}, conditions, keep, "list the tasks", renewable=False)
        if conditions and listing.error and listing.error.code == "rejected":
            # Before version 12 tasks could not be filtered, and some servers say so
            refused = listing
            listing = self._query("Task", TASK, {}, (), keep, "list the tasks", renewable=False)
            listing.add_cost(refused)
        return listing

    def list_tasks_by_id(self, ids: list[str], keep: Filter = every) -> Listing:
        """These tasks of the logon session, in this order."""

        def read(task: str) -> Listing:
            def fetch(_number: int) -> Page:
                return Page([self._task(task)], count=1)

            return read_numbered_pages(self.http, fetch, lambda record: record["task_id"], keep)

        return read_scopes(self.http, ids, read, "tasks")

    def list_sessions(
        self, kind: str, conditions: Sequence[str] = (), keep: Filter = every, *, shape: Shape = SESSION
    ) -> Listing:
        """The sessions of a kind, the oldest first (so that new ones come last and move no page)."""
        query = {"format": "Entities", "sortAsc": "CreationTime"}
        doing = f"list the {kind} sessions"
        pages = self._pages(KINDS[kind].entity, shape, query, conditions, doing, renewable=True)

        def fetch(number: int) -> Page:
            page = pages(number).completed(kind=kind)
            if kind == "job":
                self._job_types.update((str(one["uid"]).lower(), one["job_type"]) for one in page.records)
            if kind == "item":
                self._item_jobs.update(one["job_session_uid"] for one in page.records if one["job_session_uid"])
            return page

        return read_numbered_pages(self.http, fetch, lambda record: record["uid"], keep)

    def _task(self, task: str) -> Any:
        def decode(answer: Answer) -> Record:
            record = TASK.read(body(answer))
            if record["task_id"] != task:
                raise ValueError("it is not this task")
            return record

        return self._get(
            f"{self.address}/tasks/{quote(task, safe='')}", f"read task {task}", decode, None, renewable=False
        )

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
        key = "task_id" if shape is TASK else "uid"
        pages = self._pages(entity, shape, query, conditions, doing, renewable=renewable)
        return read_numbered_pages(self.http, pages, lambda record: record[key], keep)

    def _pages(
        self,
        entity: str,
        shape: Shape,
        query: Mapping[str, str],
        conditions: Sequence[str],
        doing: str,
        *,
        renewable: bool,
    ) -> Callable[[int], Page]:
        """What gives the pages of a query by their numbers."""
        fixed = {"type": entity, **query, "filter": ";".join(conditions) or None, "pageSize": self._page_size}

        def fetch(number: int) -> Page:
            result: Page = self._get(
                f"{self.address}/query",
                doing,
                lambda answer: page(answer, entity, shape, number),
                {**fixed, "page": number},
                renewable=renewable,
            )
            return result

        return fetch

    def _get(self, url: str, doing: str, decode: Any, query: Mapping[str, Any] | None, *, renewable: bool) -> Any:
        """A GET with the session; when the session has ended, the error says so."""
        try:
            return self.http.call(
                Call("GET", url, doing, params=query, headers=self._headers, renewable=renewable, decode=decode)
            )
        except BackupError as error:
            if error.code == "auth_failed" and error.doing == doing:
                error.code = "session_expired"
                error.hint = "The logon session has ended (15 idle minutes are enough), and its tasks are gone."
            raise


def _single(read: Callable[[], Record]) -> Listing:
    """A list of what `read` gives; an empty one when the server does not have it, or cannot, for it is no UID."""
    try:
        record = read()
    except ValueError:
        return Listing(pages=1)
    except BackupError as error:
        gone = error.code == "not_found"
        return Listing(pages=1) if gone else Listing(error=error, incomplete_reason="page_missing")
    return Listing(records=[record], pages=1, received=1)


def _api(url: str) -> str:
    """The root of the API; people give the address with and without it."""
    return url if url.endswith("/api") else f"{url}/api"


def _words(params: Params, option: str) -> list[str] | None:
    """The words of an option, checked; None when it is not given."""
    return None if params[option] is None else names(option, params[option], longest=1000)


def _results(query: TaskQuery) -> list[str]:
    """The condition on the result of sessions; none where what is wanted has no word, or one that nobody knows."""
    words = [word for word, result in RESULTS.items() if result in query.results]
    return [_any_of("Result", words)] if words and set(query.results) <= set(RESULTS.values()) else []


def _created(query: TaskQuery) -> list[str]:
    """The conditions on the creation of sessions."""
    bounds = ((">=", query.created_since), ("<", query.until))
    return [f"CreationTime{operator}{_quoted(times.rfc3339(bound))}" for operator, bound in bounds if bound]


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
