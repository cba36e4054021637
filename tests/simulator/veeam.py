# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Veeam Backup Enterprise Manager: logon sessions, their tasks, and the query service."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Any, Callable

from . import veeam_pages, veeam_query, veeam_records, veeam_sessions, veeam_wire
from .data import Series
from .service import Listed, Service, World, unknown_names, whole_number
from .spoil import Traits
from .wire import Refusal, Reply, Request


@dataclass(frozen=True)
class VeeamData:
    """How much there is, and which of the lawful ways to write it is used."""

    sessions: int = 20
    """BackupJobSessions; three BackupTaskSessions each, and a share of the other kinds."""
    tasks: int = 12
    """Tasks of the logon session that exists from the beginning."""
    calm: bool = False
    """A night as it is: nearly everything succeeded. Otherwise the newest records show every word there is."""
    case: str = "pascal"
    """Keys of JSON: pascal (12 and older) or camel (13)."""
    bom: bool = False
    """Whether bodies begin with a UTF-8 byte order mark."""
    nulls: bool = False
    """Whether absent values are written as null (12) or left out (9.5 U4); JSON only."""
    page_cap: int | None = None
    default_page_size: int = 100
    supports_task_filters: bool | str = True
    """False: filters on Task are ignored, as 9.5 to 11 do; "refuse": they are answered with 400."""
    tasks_wrapper: str = "double"
    """Tasks in JSON: double (Resources.Tasks.Tasks), singular (Resources.Tasks.Task), flat (Resources.Tasks)."""
    past_end: str = "empty"
    """A page past the last: empty, or error (400)."""
    idle_timeout: float = 900
    reads_per_state: int = 1
    """After so many reads a started task goes from Running to OperationFinished, and then to Finished; and the session
    of a job that was started or stopped goes to its next step."""
    run_steps: tuple[tuple[str, str], ...] = (("Starting", "None"), ("Working", "None"), ("Stopped", "Success"))
    """State and result of the session of a job that is started, one after the other."""
    names_sessions: bool = True
    """Whether a task that started a job has a link to the session in the end."""


MESSAGES = {
    400: "Bad request.",
    401: "Unauthorized",
    403: "Access is denied.",
    404: "The resource was not found.",
    500: "An error occurred while processing the request.",
    503: "The service is unavailable.",
}
QUERY_NAMES = ("type", "format", "filter", "sortAsc", "sortDesc", "pageSize", "page", "v")


class Veeam(Service):
    """One Enterprise Manager and its backup servers."""

    traits = Traits(
        words=("State", "Result", "Operation", "JobType"),
        texts=("Name", "JobName", "VmDisplayName", "Reason", "FailureMessage", "Result.Message"),
        unknown_word="QuantumEntangled",
    )

    def __init__(self, world: World, data: VeeamData) -> None:
        super().__init__(world)
        self.data = data
        self.records = veeam_records.Records(world, data)
        self._series = {kind: Series(kind, count, make) for kind, (count, make) in self.records.lists().items()}
        self._sessions = veeam_sessions.Sessions(world, data.idle_timeout, data.reads_per_state)
        self._sessions.shared.tasks.extend(self.records.old_tasks())

    def answer(self, request: Request) -> Reply:
        """Route by path; only the logon and the root need no session."""
        path = request.path.rstrip("/")
        if path == "/api" and request.method == "GET":
            return self._written(200, "EnterpriseManager", veeam_records.VERSIONS, request)
        if path == "/api/sessionMngr" and request.method == "POST":
            return self._log_on(request)
        session = self._session(request)
        for method, pattern, handle in self._routes:
            found = re.fullmatch(pattern, path)
            if found and method == request.method:
                return handle(self, session, request, *found.groups())
        raise self.no(404, f"No HTTP resource was found that matches the request {request.path}.", request)

    def truth(self, what: str, *args: str) -> list[Any]:
        """A kind of the query service (default BackupJobSession), or `Task`: those of the shared logon session.

        The records are as JSON has them, in the case and with the nulls that are in force.
        """
        if what == "Task":
            records = [veeam_sessions.as_record(task) for task in self._sessions.shared.tasks]
        else:
            records = self._series[what or "BackupJobSession"].all()
        return [veeam_wire.shaped(veeam_records.absolute(r, self.base_url), self.data) for r in records]

    def expire(self) -> None:
        """All logon sessions are gone, with their tasks."""
        self._sessions.expire()

    def refusal(self, status: int, request: Request) -> Reply:
        """Message and StatusCode in the format that was asked for."""
        return self._error(status, MESSAGES.get(status, "Error"), request)

    def no(self, status: int, message: str, request: Request) -> Refusal:
        """A refusal with this message, ready to be raised."""
        return Refusal(self._error(status, message, request))

    def _error(self, status: int, message: str, request: Request) -> Reply:
        body: dict[str, Any] = {"Message": message, "StatusCode": status}
        if veeam_wire.wants_json(request):
            body.update(FirstChanceExceptionMessage=message if status == 500 else None, StackTrace=None)
        reply = self._written(status, "Error", body, request)
        return veeam_wire.challenge(reply) if status == 401 else reply

    def _written(self, status: int, root: str, body: dict[str, Any], request: Request) -> Reply:
        return veeam_wire.write(status, root, body, request, self.data)

    def _log_on(self, request: Request) -> Reply:
        creds = self.world.credentials
        if unknown_names(request.query, ("v",)):
            raise self.no(400, "Unknown parameter.", request)
        if request.headers.get("Content-Length") is None:
            raise self.no(411, "HTTP Error 411. The request must be chunked or have a content length.", request)
        if not veeam_wire.basic_matches(request, creds.veeam_username, creds.veeam_password):
            raise self.no(401, MESSAGES[401], request)
        session = self._sessions.open()
        reply = self._written(201, "LogonSession", veeam_records.logon_session(session, request.base_url), request)
        return veeam_wire.with_session(reply, session.token, secure=request.base_url.startswith("https"))

    def _session(self, request: Request) -> veeam_sessions.Session:
        token = request.cookies.get("X-RestSvcSessionId") or request.headers.get("X-RestSvcSessionId", "")
        session = self._sessions.find(token)
        if session is None:
            raise self.no(401, MESSAGES[401], request)
        return session

    def _log_out(self, session: veeam_sessions.Session, request: Request, session_id: str) -> Reply:
        if not self._sessions.close(session_id):
            raise self.no(500, f"There is no logon session with id [{session_id}]", request)
        return Reply(204, b"")

    def _show_session(self, session: veeam_sessions.Session, request: Request, session_id: str) -> Reply:
        known = self._sessions.by_id(session_id)
        if known is None:
            raise self.no(500, f"There is no logon session with id [{session_id}]", request)
        return self._written(200, "LogonSession", veeam_records.logon_session(known, request.base_url), request)

    def _show_sessions(self, session: veeam_sessions.Session, request: Request) -> Reply:
        records = [veeam_records.logon_session(known, request.base_url) for known in self._sessions.all()]
        return self._written(200, "LogonSessions", {"LogonSessions": records}, request)

    def _tasks(self, session: veeam_sessions.Session, request: Request) -> Reply:
        """GET /tasks: the tasks of this logon session, without pages."""
        records = [session.read(task) for task in session.tasks]
        page = self.page(_Listing(records), 0, max(1, len(records)), request)
        return self._written(200, "Tasks", {"Tasks": veeam_pages.absolute(page.records, request.base_url)}, request)

    def _task(self, session: veeam_sessions.Session, request: Request, task_id: str) -> Reply:
        task = session.find(task_id)
        if task is None:
            raise self.no(500, f"There is no backup task with id [{task_id}] in current rest session", request)
        if request.method == "DELETE":
            session.tasks.remove(task)
            return Reply(204, b"")
        return self._written(200, "Task", veeam_records.absolute(session.read(task), request.base_url), request)

    def _run(self, session: veeam_sessions.Session, request: Request, job_id: str) -> Reply:
        """POST /jobs/{id}?action=start or stop: a task of this session, which goes on as it is read."""
        action = request.query.get("action", "")
        if action not in ("start", "stop", "retry"):
            raise self.no(400, f"The action {action!r} is not supported.", request)
        job = self.records.job(job_id)
        if job is None:
            raise self.no(404, f"There is no job with id [{job_id}]", request)
        index = self._running(job)
        if action == "stop":
            return self._stop(session, request, "StopJob", index, f"The job '{job.name}' is not running.")
        if index is not None:
            reason = f"The job '{job.name}' is already running."
            return self._accepted(session.start(f"{action.capitalize()}Job", None, reason), request)
        for kind, count in (("BackupJobSession", 1), ("BackupTaskSession", veeam_records.VMS_PER_JOB)):
            self._series[kind].move(count, at=time.time())
        link = self.records.start(job, self._series["BackupJobSession"].births, time.time())
        related = link if self.data.names_sessions else None
        return self._accepted(session.start(f"{action.capitalize()}Job", related), request)

    def _stop_session(self, session: veeam_sessions.Session, request: Request, session_id: str) -> Reply:
        """POST /backupSessions/{id}?action=stop: a task of this session; the job's session then ends as it is read."""
        if request.query.get("action") != "stop":
            raise self.no(400, "The action is not supported.", request)
        series = self._series["BackupJobSession"]
        index = self.records.index_of(session_id, series.births)
        if index is None:
            raise self.no(404, f"There is no BackupJobSession with id [{session_id}]", request)
        stopped = series.at(index + series.births)["State"] == "Stopped"
        return self._stop(session, request, "StopJobSession", None if stopped else index, "It is not running.")

    def _stop(
        self, session: veeam_sessions.Session, request: Request, operation: str, index: int | None, refusal: str
    ) -> Reply:
        """Stop the session of a job with this index; None: there is none that runs."""
        if index is None:
            return self._accepted(session.start(operation, None, refusal), request)
        series = self._series["BackupJobSession"]
        created = veeam_records.seconds(series.at(index + series.births)["CreationTimeUTC"])
        self.records.stop(index, created)
        self._touch()
        return self._accepted(session.start(operation, None), request)

    def _running(self, job: veeam_records.Job) -> int | None:
        """The index of the session of a job that runs."""
        series, uid = self._series["BackupJobSession"], f"urn:veeam:Job:{job.id}"
        newest = next((p for p in range(len(series)) if series.at(p)["JobUid"] == uid), None)
        if newest is None or series.at(newest)["State"] == "Stopped":
            return None
        return newest - series.births

    def _accepted(self, task: veeam_sessions.Task, request: Request) -> Reply:
        record = veeam_records.absolute(veeam_sessions.as_record(task), request.base_url)
        return self._written(202, "Task", record, request)

    def _jobs(self, session: veeam_sessions.Session, request: Request) -> Reply:
        return self._written(
            200, "EntityReferences", {"Refs": veeam_pages.absolute(self.records.jobs(), request.base_url)}, request
        )

    def _entity(self, session: veeam_sessions.Session, request: Request, collection: str, entity_id: str) -> Reply:
        """One session by its id, as an entity or a reference."""
        kind = veeam_records.COLLECTIONS.get(collection)
        series = self._series.get(kind or "")
        uid = f"urn:veeam:{kind}:{entity_id}"
        record = next((r for r in series.all() if r["UID"] == uid), None) if series is not None else None
        if record is None:
            raise self.no(404, f"There is no {kind or collection} with id [{entity_id}]", request)
        if request.query.get("format") != "Entity":
            return self._written(
                200, "EntityRef", veeam_records.absolute(veeam_records.reference(record), request.base_url), request
            )
        reply = self._written(200, kind or "", veeam_records.absolute(record, request.base_url), request)
        self._count_read(reply)
        return reply

    def _count_read(self, reply: Reply) -> None:
        """Reading a session that goes on is what makes it go on."""
        if self.records.runs.read(reply.body):
            self._touch()

    def _touch(self) -> None:
        for kind in ("BackupJobSession", "BackupTaskSession"):
            self._series[kind].touch()

    def _query(self, session: veeam_sessions.Session, request: Request) -> Reply:
        """GET /query: one page of one kind of thing, filtered and sorted."""
        asked = self._asked(request)
        question = self._question(asked.kind, request)
        if asked.kind == "Task":
            records = _Listing(session.read(task) for task in session.tasks)
            return self._query_page(asked, question.select(records), None, request)
        series = self._series[asked.kind]
        key = series.name, series.version, question.text

        def write() -> Reply:
            kept = self.selection(key, lambda: question.select(series))
            return self._query_page(asked, kept, series, request)

        reply = self.list_reply(request, series.version, write)
        if asked.kind == "BackupJobSession":
            self._count_read(reply)
        return reply

    def _asked(self, request: Request) -> veeam_pages.Asked:
        """The parameters of a query but its filter; raises Refusal for what is unknown or out of bounds."""
        query = request.query
        unknown = unknown_names(query, QUERY_NAMES)
        if unknown:
            raise self.no(400, f"Unknown parameter {unknown[0]!r}.", request)
        kind, form = query.get("type", ""), query.get("format", "Refs")
        if kind != "Task" and kind not in self._series:
            raise self.no(400, f"Unknown type {kind!r}.", request)
        if form not in ("Refs", "Entities"):
            raise self.no(400, f"Unknown format {form!r}.", request)
        size = whole_number(query.get("pageSize", str(self.data.default_page_size)), 1, 10**6)
        number = whole_number(query.get("page", "1"), 1, 10**9)
        if size is None or number is None:
            raise self.no(400, "pageSize and page must be numbers from 1.", request)
        return veeam_pages.Asked(kind, form, number, min(size, self.data.page_cap or size))

    def _question(self, kind: str, request: Request) -> veeam_query.Question:
        text = request.query.get("filter", "")
        if kind == "Task" and not self.data.supports_task_filters:
            text = ""
        if kind == "Task" and text and self.data.supports_task_filters == "refuse":
            raise self.no(400, "Filtering of tasks is not supported.", request)
        try:
            return veeam_query.question(kind, text, request.query.get("sortAsc"), request.query.get("sortDesc"))
        except ValueError as error:
            raise self.no(400, f"The query is invalid: {error}", request) from None

    def _query_page(self, asked: veeam_pages.Asked, listed: Listed, series: Series | None, request: Request) -> Reply:
        page = self.page(listed, (asked.number - 1) * asked.size, asked.size, request, series)
        if asked.number > max(1, page.pages) and self.data.past_end == "error":
            raise self.no(400, f"There is no page {asked.number}.", request)
        wrapper = self.data.tasks_wrapper if veeam_wire.wants_json(request) else "double"
        return self._written(200, "QueryResult", veeam_pages.query_result(asked, page, wrapper, request), request)

    _routes: tuple[tuple[str, str, Callable[..., Reply]], ...] = (
        ("GET", "/api/query", _query),
        ("GET", "/api/tasks", _tasks),
        ("GET", "/api/tasks/([^/]+)", _task),
        ("DELETE", "/api/tasks/([^/]+)", _task),
        ("GET", "/api/logonSessions", _show_sessions),
        ("GET", "/api/logonSessions/([^/]+)", _show_session),
        ("DELETE", "/api/logonSessions/([^/]+)", _log_out),
        ("GET", "/api/jobs", _jobs),
        ("POST", "/api/jobs/([^/]+)", _run),
        ("POST", "/api/backupSessions/([^/]+)", _stop_session),
        ("GET", "/api/([A-Za-z]+)/([^/]+)", _entity),
    )


class _Listing(list):  # type: ignore[type-arg]
    """Records in memory that can be paged like a series."""

    def slice(self, start: int, stop: int) -> list[Any]:
        """Records start..stop-1."""
        return self[start:stop]

    def at(self, position: int) -> Any:
        """One record."""
        return self[position]
