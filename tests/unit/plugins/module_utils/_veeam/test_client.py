# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Veeam client on the simulator: logon sessions, whole lists, every lawful form of them, filters."""

from __future__ import annotations

import base64
import json
import sys
import threading
import time
from pathlib import Path

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import BackupError
from ansible_collections.multivendor.backup.plugins.module_utils._core.exchange import Answer
from ansible_collections.multivendor.backup.plugins.module_utils._core.redact import Secrets
from ansible_collections.multivendor.backup.plugins.module_utils._veeam.answers import explain, page
from ansible_collections.multivendor.backup.plugins.module_utils._veeam.records import KINDS, SESSION, TASK

pytest.importorskip("aiohttp", reason="the simulator needs aiohttp")
from ansible_collections.multivendor.backup.tests.simulator import Fault, Simulator, VeeamData
from ansible_collections.multivendor.backup.tests.support import Params, connect, same, wait_for

FIXTURES = Path(__file__).parents[4] / "fixtures"


@pytest.fixture(scope="module")
def simulator():
    with Simulator(tls=False, veeam=VeeamData(sessions=60)) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_faults(simulator):
    yield
    simulator.clear_faults()


def user(simulator, **more):
    known = simulator.credentials
    return {"username": known.veeam_username, "password": known.veeam_password, **more}


def tasks(simulator, options=None, **connection):
    return connect(simulator, "veeam", **connection).tasks(Params(options or {}))


def sessions(simulator, kind="job", options=None, **connection):
    return connect(simulator, "veeam", **connection).sessions(Params(kind=kind, **(options or {})))


def sessions_of(simulator, options, **connection):
    return connect(simulator, "veeam", **connection).sessions(Params(options))


def truth(simulator, kind="job"):
    """The sessions of a kind, the oldest first, as they are asked for."""
    return sorted(simulator.truth("veeam." + KINDS[kind].entity), key=_created)


def _created(native):
    at = native.get("CreationTimeUTC") or native.get("creationTimeUTC")
    whole, _dot, fraction = at[:-1].partition(".")
    return whole, fraction.ljust(9, "0")


LAWFUL = {
    "version 12": VeeamData(sessions=30),
    "version 13": VeeamData(sessions=30, case="camel"),
    "byte order mark": VeeamData(sessions=30, bom=True),
    "nulls": VeeamData(sessions=30, nulls=True),
    "version 13 with nulls and mark": VeeamData(sessions=30, case="camel", nulls=True, bom=True),
    "capped pages": VeeamData(sessions=30, page_cap=7, tasks=20),
    "capped pages, an error past the end": VeeamData(sessions=30, page_cap=10, past_end="error", tasks=20),
    "tasks in a singular wrapper": VeeamData(sessions=5, tasks_wrapper="singular"),
    "tasks in no wrapper": VeeamData(sessions=5, tasks_wrapper="flat", case="camel"),
    "one of each": VeeamData(sessions=1, tasks=1),
    "nothing": VeeamData(sessions=0, tasks=0),
    "nothing, with nulls": VeeamData(sessions=0, tasks=0, nulls=True, bom=True),
}


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize("data", LAWFUL.values(), ids=list(LAWFUL))
def test_every_lawful_form_says_the_same(data, form):
    with Simulator(tls=False, veeam=data) as simulator:
        listing = tasks(simulator, format=form)
        assert listing.complete
        assert same(listing.records, simulator.truth("veeam.Task"))
        for kind in KINDS:
            listing = sessions(simulator, kind, format=form)
            assert listing.complete
            assert same(listing.records, truth(simulator, kind))
            assert {record["kind"] for record in listing.records} <= {kind}


@pytest.mark.parametrize("supported", [True, False, "refuse"])
def test_tasks_are_filtered_by_the_server_or_here(supported):
    with Simulator(tls=False, veeam=VeeamData(tasks=30, supports_task_filters=supported)) as simulator:
        listing = tasks(simulator, {"states": ["Finished"], "operations": ["StartJob", "CloneJob"]})
        kept = [
            task
            for task in simulator.truth("veeam.Task")
            if task["State"] == "Finished" and task["Operation"] in ("StartJob", "CloneJob")
        ]
        assert listing.complete
        assert same(listing.records, kept)
        assert simulator.log[0].query["filter"] == "State==Finished;(Operation==StartJob,Operation==CloneJob)"
        assert listing.requests == len(simulator.log)


def test_tasks_by_their_ids(simulator):
    listing = tasks(simulator, {"task_ids": ["task-3", "task-1"]})
    by_id = {task["TaskId"]: task for task in simulator.truth("veeam.Task")}
    assert same(listing.records, [by_id["task-3"], by_id["task-1"]])
    listing = tasks(simulator, {"task_ids": ["task-3", "task-999"]})
    assert not listing.complete
    assert [scope["scope"] for scope in listing.failed_scopes] == ["task-999"]
    assert listing.error.code == "not_found"
    assert "session" in listing.error.hint
    assert listing.retries == 0
    assert [task["task_id"] for task in listing.records] == ["task-3"]


@pytest.mark.parametrize("name", ["..", ".", "../jobs", "%2e%2e", "task-1/../task-2"])
def test_a_task_that_is_another_is_not_taken_for_it(simulator, name):
    listing = tasks(simulator, {"task_ids": [name]}, retries=0)
    assert (listing.complete, listing.records) == (False, [])


@pytest.mark.parametrize(
    ("kind", "options", "sent", "keeps"),
    [
        (
            "job",
            {"results": ["Failed", "Warning"]},
            "(Result==Failed,Result==Warning)",
            lambda s: s["Result"] in ("Failed", "Warning"),
        ),
        ("job", {"states": ["Stopped"]}, "State==Stopped", lambda s: s["State"] == "Stopped"),
        (
            "item",
            {"job_names": ["Exchange & file servers"]},
            'JobName=="Exchange & file servers"',
            lambda s: s["JobName"] == "Exchange & file servers",
        ),
        ("job", {"job_names": ["会計システム"]}, 'JobName=="会計システム"', lambda s: s["JobName"] == "会計システム"),
        ("restore", {"results": ["Success"]}, "Result==Success", lambda s: s["Result"] == "Success"),
        ("job", {"job_names": ['a";State=="x']}, 'JobName=="a"";State==""x"', lambda s: False),
        (
            "job",
            {"states": ["Stopped"], "results": ["Failed"]},
            "State==Stopped;Result==Failed",
            lambda s: (s["State"], s["Result"]) == ("Stopped", "Failed"),
        ),
    ],
)
def test_filters_of_sessions(simulator, kind, options, sent, keeps):
    listing = sessions(simulator, kind, options)
    assert listing.complete
    assert simulator.log[-1].query["filter"] == sent
    assert same(listing.records, [session for session in truth(simulator, kind) if keeps(session)])


def test_times_of_sessions(simulator):
    known = truth(simulator)
    since, until = known[15]["CreationTimeUTC"], known[40]["CreationTimeUTC"]
    listing = sessions(simulator, "job", {"since": since, "until": until})
    sent = simulator.log[-1].query
    assert sent["filter"].startswith(f'CreationTime>="{since[:19]}Z";CreationTime<"{until[:19]}')
    assert same(listing.records, known[15:40])
    assert (sent["sortAsc"], sent["format"], sent["page"], sent["pageSize"]) == ("CreationTime", "Entities", "1", "500")


def test_one_media_type_and_no_cookie_is_sent(simulator):
    before = len(simulator.log)
    client = connect(simulator, "veeam", **user(simulator))
    client.sessions(Params(kind="job"))
    client.close()
    for entry in simulator.log[before:]:
        assert entry.headers.getall("Accept") == ["application/json"]
        assert "Cookie" not in entry.headers
    tasks(simulator, format="xml")
    assert simulator.log[-1].headers.getall("Accept") == ["application/xml"]


# Logon and logout


def conversation(simulator, since):
    """Method and path of each request, in short."""
    return [f"{entry.method} {entry.path}" for entry in simulator.log[since:]]


def opened(simulator):
    """Ids of the logon sessions that are open now, except the shared one."""
    known = simulator.services["veeam"]._sessions.all()
    return [session.session_id for session in known if session.session_id != simulator.credentials.veeam_session_id]


def test_logon_reading_logout(simulator):
    before = len(simulator.log)
    client = connect(simulator, "veeam", **user(simulator))
    assert client.sessions(Params(kind="job")).complete
    (session_id,) = opened(simulator)
    assert client.close() == []
    assert conversation(simulator, before) == [
        "POST /api/sessionMngr/",
        "GET /api/query",
        f"DELETE /api/logonSessions/{session_id}",
    ]
    logon = simulator.log[before]
    assert (logon.query, logon.body, logon.headers["Content-Length"]) == ({"v": "latest"}, b"", "0")
    basic = base64.b64decode(logon.headers["Authorization"].partition(" ")[2]).decode()
    assert basic == f"{simulator.credentials.veeam_username}:{simulator.credentials.veeam_password}"
    assert opened(simulator) == []


def test_no_request_no_logon(simulator):
    before = len(simulator.log)
    assert connect(simulator, "veeam", **user(simulator)).close() == []
    assert conversation(simulator, before) == []


def test_a_shared_session_is_left_alone(simulator):
    before = len(simulator.log)
    client = connect(simulator, "veeam")
    assert client.tasks(Params()).complete
    assert client.close() == []
    assert conversation(simulator, before) == ["GET /api/query"]


FAILURES = {
    "refused": Fault("veeam", "status", path="/api/query", status=400),
    "forbidden": Fault("veeam", "status", path="/api/query", status=403),
    "in trouble": Fault("veeam", "status", path="/api/query", status=503),
    "reset": Fault("veeam", "reset", path="/api/query"),
    "truncated": Fault("veeam", "truncate", path="/api/query"),
    "a web page": Fault("veeam", "html", path="/api/query"),
    "garbage": Fault("veeam", "garbage", path="/api/query"),
    "silent": Fault("veeam", "hang", path="/api/query"),
    "dripping": Fault("veeam", "drip", path="/api/query", seconds=0.2),
    "dripping headers": Fault("veeam", "drip_headers", path="/api/query", seconds=0.2),
}


@pytest.mark.parametrize("fault", FAILURES.values(), ids=list(FAILURES))
@pytest.mark.parametrize("parallel", [1, 8])
def test_logout_also_after_failure_and_deadline(simulator, fault, parallel):
    simulator.fault(fault)
    client = connect(simulator, "veeam", **user(simulator, deadline=1, retries=1, parallel=parallel))
    began = time.monotonic()
    listing = client.sessions(Params(kind="job"))
    assert not listing.complete
    assert client.close() == []
    assert opened(simulator) == []
    assert time.monotonic() - began < 2


def test_logout_when_one_of_many_pages_fails(simulator):
    simulator.fault(Fault("veeam", "slow", path=r"page=[3-9]", seconds=0.2))
    simulator.fault(Fault("veeam", "status", path=r"page=2\b", status=400))
    client = connect(simulator, "veeam", **user(simulator, page_size=5))
    assert not client.sessions(Params(kind="job")).complete
    client.close()
    time.sleep(0.5)
    assert opened(simulator) == []


def test_a_worker_that_was_given_up_logs_on_no_more(simulator):
    """Its answer is a 401, for the session was closed meanwhile: it must not open another, which nobody would close."""
    client = connect(simulator, "veeam", **user(simulator, page_size=5))
    simulator.fault(Fault("veeam", "status", path=r"page=2\b", status=400))
    simulator.fault(Fault("veeam", "slow", path=r"page=[3-9]", seconds=0.3))
    simulator.fault(Fault("veeam", "slow", method="DELETE", seconds=0.2))
    assert not client.sessions(Params(kind="job")).complete
    before = len(simulator.log)
    client.close()
    time.sleep(0.6)
    assert not any(line.startswith("POST") for line in conversation(simulator, before))
    assert opened(simulator) == []


def test_a_logout_that_fails_is_a_warning(simulator):
    simulator.fault(Fault("veeam", "status", method="DELETE", status=503))
    client = connect(simulator, "veeam", **user(simulator, retries=0))
    listing = client.sessions(Params(kind="job"))
    (warning,) = client.close()
    assert listing.complete
    assert "log off" in warning
    assert "15 minutes" in warning
    simulator.services["veeam"]._sessions.close(opened(simulator)[0])


def test_a_silent_logout_ends(simulator):
    simulator.fault(Fault("veeam", "hang", method="DELETE"))
    client = connect(simulator, "veeam", **user(simulator, timeout=0.5, retries=0))
    client.sessions(Params(kind="job"))
    began = time.monotonic()
    assert "15 minutes" in client.close()[0]
    assert time.monotonic() - began < 2
    for session_id in opened(simulator):
        simulator.services["veeam"]._sessions.close(session_id)


def test_a_logon_is_not_repeated_when_it_may_have_arrived(simulator):
    for kind in ("reset", "hang", "truncate", "reset_body", "empty_body", "garbage"):
        simulator.clear_faults()
        simulator.fault(Fault("veeam", kind, method="POST"))
        before = len(simulator.log)
        client = connect(simulator, "veeam", **user(simulator, timeout=0.4))
        listing = client.sessions(Params(kind="job"))
        client.close()
        assert conversation(simulator, before) == ["POST /api/sessionMngr/"], kind
        assert not listing.complete
    for session_id in opened(simulator):
        simulator.services["veeam"]._sessions.close(session_id)


def test_a_logon_is_repeated_when_it_surely_did_not_arrive(simulator):
    simulator.fault(Fault("veeam", "throttle", method="POST", times=1))
    client = connect(simulator, "veeam", **user(simulator))
    assert client.sessions(Params(kind="job")).complete
    client.close()
    assert opened(simulator) == []


def test_a_logon_whose_body_says_nothing_is_used_but_cannot_be_closed(simulator):
    headers = {"X-RestSvcSessionId": simulator.credentials.veeam_session_token}
    simulator.fault(Fault("veeam", "status", method="POST", status=201, body="<html>", headers=headers))
    client = connect(simulator, "veeam", **user(simulator))
    before = len(simulator.log)
    listing = client.sessions(Params(kind="job"))
    assert listing.complete
    assert "stays open" in client.close()[0]
    assert not any(line.startswith("DELETE") for line in conversation(simulator, before))


@pytest.mark.parametrize(
    ("options", "http_status"),
    [({"password": "wrong"}, 401), ({"username": "SIM\\nobody"}, 401)],
)
def test_bad_credentials(simulator, options, http_status):
    before = len(simulator.log)
    client = connect(simulator, "veeam", **user(simulator, **options))
    listing = client.tasks(Params())
    assert (listing.error.code, listing.error.http_status, listing.error.doing) == (
        "auth_failed",
        http_status,
        "log on",
    )
    assert r"DOMAIN\user" in listing.error.hint
    assert client.close() == []
    assert conversation(simulator, before) == ["POST /api/sessionMngr/"]


def test_a_fresh_logon_has_no_tasks_and_says_so(simulator):
    client = connect(simulator, "veeam", **user(simulator))
    listing = client.tasks(Params())
    client.close()
    assert (listing.complete, listing.records) == (True, [])
    (warning,) = listing.warnings
    assert "veeam_logon_session" in warning
    assert "veeam_backup_session_info" in warning
    assert tasks(simulator).warnings == []


def test_a_lost_session_ends_a_list_of_tasks():
    with Simulator(tls=False) as simulator:
        simulator.expire_sessions()
        listing = tasks(simulator)
        assert (listing.complete, listing.error.code, listing.error.http_status) == (False, "session_expired", 401)
        assert conversation(simulator, 0) == ["GET /api/query"]
        assert tasks(simulator, {"task_ids": ["task-1"]}).error.code == "session_expired"


def test_a_lost_session_ends_a_list_of_tasks_also_after_a_logon():
    with Simulator(tls=False) as simulator:
        client = connect(simulator, "veeam", **user(simulator))
        assert client.tasks(Params()).complete
        simulator.expire_sessions()
        assert client.tasks(Params()).error.code == "session_expired"
        assert client.close() == []
        assert [line for line in conversation(simulator, 0) if "sessionMngr" in line] == ["POST /api/sessionMngr/"]


def test_a_lost_session_in_a_list_of_sessions_is_opened_again():
    with Simulator(tls=False, veeam=VeeamData(sessions=200)) as simulator:
        client = connect(simulator, "veeam", **user(simulator, page_size=10))
        assert client.sessions(Params(kind="restore")).complete
        simulator.expire_sessions()
        listing = client.sessions(Params(kind="job"))
        assert listing.complete
        assert same(listing.records, truth(simulator))
        client.close()
        logons = [line for line in conversation(simulator, 0) if line.startswith("POST")]
        assert len(logons) == 2
        assert opened(simulator) == []


def test_a_lost_shared_session_cannot_be_opened_again():
    with Simulator(tls=False) as simulator:
        simulator.expire_sessions()
        listing = sessions(simulator)
        assert listing.error.code == "session_expired"


def test_every_session_that_was_opened_is_closed(simulator):
    """A 401 that a gateway made up does not end a session: after the second logon there are two to close."""
    simulator.fault(Fault("veeam", "status", path="/api/query", status=401, times=1))
    client = connect(simulator, "veeam", **user(simulator))
    assert client.sessions(Params(kind="job")).complete
    assert len(opened(simulator)) == 2
    assert client.close() == []
    assert opened(simulator) == []


def test_closing_is_by_id_and_says_whether_there_was_one(simulator):
    client = connect(simulator, "veeam", **user(simulator))
    session = client.open_session()
    other = connect(simulator, "veeam", session_token=session.token)
    assert other.close_session(session.id) is True
    assert other.close_session(session.id) is False
    assert connect(simulator, "veeam").close_session(session.id) is False
    client.close()


def test_opening_needs_a_user(simulator):
    with pytest.raises(BackupError) as caught:
        connect(simulator, "veeam").open_session()
    assert "`session_token`" in caught.value.message


def test_opening_fails_with_the_servers_words(simulator):
    client = connect(simulator, "veeam", **user(simulator, password="wrong"))
    with pytest.raises(BackupError) as caught:
        client.open_session()
    assert (caught.value.code, caught.value.http_status) == ("auth_failed", 401)
    assert client.close() == []


@pytest.mark.parametrize("suffix", ["", "/", "/api", "/api/"])
def test_the_address_with_and_without_the_path(simulator, suffix):
    assert tasks(simulator, url=simulator.url + suffix).complete


@pytest.mark.parametrize(
    ("options", "connection", "named"),
    [
        ({}, {"username": "u"}, "password"),
        ({}, {"password": "p"}, "username"),
        ({}, {"username": "", "password": "p"}, "username"),
        ({}, {"username": "a:b", "password": "p"}, "username"),
        ({}, {"username": "a\nb", "password": "p"}, "username"),
        ({}, {"username": "u", "password": ""}, "password"),
        ({}, {"username": "u", "password": "a\nb"}, "password"),
        ({}, {"session_token": ""}, "session_token"),
        ({}, {"session_token": "a\r\nX-Evil: 1"}, "session_token"),
        ({}, {"session_token": "ключ"}, "session_token"),
        ({}, {"session_token": None}, "username"),
        ({}, {"username": "u", "password": "p", "api_version": "newest"}, "api_version"),
        ({}, {"username": "u", "password": "p", "api_version": ""}, "api_version"),
        ({}, {"url": None}, "url"),
        ({}, {"page_size": 0}, "page_size"),
        ({"task_ids": []}, {}, "task_ids"),
        ({"task_ids": [""]}, {}, "task_ids"),
        ({"states": []}, {}, "states"),
        ({"operations": ["a\nb"]}, {}, "operations"),
        ({"kind": "job", "states": []}, {}, "states"),
        ({"kind": "job", "results": [""]}, {}, "results"),
        ({"kind": "job", "job_names": []}, {}, "job_names"),
        ({"kind": "restore", "job_names": ["a"]}, {}, "job_names"),
        ({"kind": "job", "since": "yesterday"}, {}, "since"),
        ({"kind": "job", "since": "1h", "until": "2h"}, {}, "until"),
    ],
)
def test_bad_options_are_refused_before_any_request(simulator, options, connection, named):
    before = len(simulator.log)
    none = {"username": None, "password": None} if {"username", "password"} & set(connection) else {}
    ask = sessions_of if "kind" in options else tasks
    with pytest.raises(BackupError) as caught:
        ask(simulator, options, **{**none, **connection})
    assert caught.value.code == "bad_option"
    assert f"`{named}`" in caught.value.message
    assert len(simulator.log) == before


def test_the_environment_counts_in_its_order_and_is_never_mixed(simulator):
    known, none = simulator.credentials, {"session_token": None}
    by_user = {"VEEAM_EM_USERNAME": known.veeam_username, "VEEAM_EM_PASSWORD": known.veeam_password}
    token = {"VEEAM_EM_SESSION_TOKEN": known.veeam_session_token}

    def logons(**options):
        before = len(simulator.log)
        client = connect(simulator, "veeam", **options)
        assert client.tasks(Params()).complete
        client.close()
        return [line.partition(" ")[0] for line in conversation(simulator, before)]

    assert logons(**none, environ={**by_user, "VEEAM_EM_SESSION_TOKEN": "bad"}) == ["POST", "GET", "DELETE"]
    assert logons(**none, environ={**token, **dict.fromkeys(by_user, "")}) == ["GET"]
    assert logons(environ={"VEEAM_EM_USERNAME": "bad", "VEEAM_EM_PASSWORD": "bad"}) == ["GET"]
    assert logons(**none, url=None, environ={**token, "VEEAM_EM_URL": simulator.url}) == ["GET"]
    for half in by_user:
        with pytest.raises(BackupError):
            connect(simulator, "veeam", **none, environ={half: by_user[half], **token})
    with pytest.raises(BackupError):
        connect(simulator, "veeam", username="u", password=None, environ=by_user)


def test_what_was_given_and_issued_is_secret(simulator):
    secrets = Secrets()
    client = connect(simulator, "veeam", secrets=secrets, **user(simulator))
    client.sessions(Params(kind="job"))
    token = simulator.log[-1].headers["X-RestSvcSessionId"]
    client.close()
    known = simulator.credentials
    basic = base64.b64encode(f"{known.veeam_username}:{known.veeam_password}".encode()).decode()
    assert {token, known.veeam_password, basic} <= secrets.hidden()


def test_xml_without_its_library_is_refused_before_a_session_is_open(simulator, monkeypatch):
    monkeypatch.setitem(sys.modules, "xmltodict", None)
    before = len(simulator.log)
    with pytest.raises(BackupError) as caught:
        connect(simulator, "veeam", **user(simulator, format="xml"))
    assert (caught.value.code, len(simulator.log)) == ("missing_library", before)


def test_an_xml_error_is_no_missing_library_to_a_reader_of_json(simulator, monkeypatch):
    monkeypatch.setitem(sys.modules, "xmltodict", None)
    simulator.fault(Fault("veeam", "wrong_format"))
    listing = tasks(simulator, session_token="unknown")
    assert (listing.error.code, listing.error.http_status) == ("session_expired", 401)


@pytest.mark.parametrize("form", ["json", "xml"])
def test_the_other_format_is_read_all_the_same(simulator, form):
    simulator.fault(Fault("veeam", "wrong_format"))
    client = connect(simulator, "veeam", **user(simulator, format=form))
    listing = client.sessions(Params(kind="item"))
    assert client.close() == []
    assert same(listing.records, truth(simulator, "item"))


@pytest.mark.parametrize("kind", ["empty_page", "wrong_format"])
def test_an_empty_page_before_the_end_is_no_end(simulator, kind):
    simulator.fault(Fault("veeam", "empty_page", path=r"page=2\b"))
    listing = sessions(simulator, page_size=10)
    assert (listing.complete, listing.error.code) == (False, "incomplete")


def test_no_thread_outlives_a_reading(simulator):
    client = connect(simulator, "veeam", **user(simulator, page_size=5))
    client.sessions(Params(kind="item"))
    client.close()
    assert wait_for(lambda: all(thread.daemon or thread is threading.main_thread() for thread in threading.enumerate()))


# Answers


def answer(body, status=200):
    return Answer(status, {}, body if isinstance(body, bytes) else json.dumps(body).encode())


def test_the_sample_of_the_document_is_read_exactly():
    read = page(answer((FIXTURES / "veeam_query_task.xml").read_bytes()), "Task", TASK, 1)
    assert (read.count, read.size) == (1, 15)
    assert [task["task_id"] for task in read.records] == ["task-5", "task-6", "task-7"]
    assert read.records[2] == {
        "task_id": "task-7",
        "type": "Task",
        "href": "https://localhost:9398/api/tasks/task-7",
        "links": [
            {"rel": "Delete", "type": None, "href": "https://localhost:9398/api/tasks/task-7", "name": None},
            {
                "rel": "Related",
                "type": "Job",
                "href": "https://localhost:9398/api/jobs/b0d7b298-3bbc-4e01-8a78-068cb98b5412?format=Entity",
                "name": "Cloned job (6/5/2021 3:04:23 AM)",
            },
        ],
        "state": "Finished",
        "operation": "CloneJob",
        "result": {"success": True, "message": "OK"},
        "additional_fields": {},
    }


PAGING = {"PagesCount": 1, "PageSize": 100, "PageNum": 1}


@pytest.mark.parametrize(
    "content",
    [
        {},
        [],
        None,
        {"status": "ok"},
        {"Message": "no"},
        {"Refs": {"Refs": [{"UID": "1"}]}, "PagingInfo": PAGING},
        {"Entities": {"ReplicaJobSessions": {"ReplicaJobSessions": [{"UID": "1"}]}}, "PagingInfo": PAGING},
        {"Entities": {"JobSessions": [{"UID": "1"}]}, "PagingInfo": PAGING},
        {"Entities": {"BackupJobSessions": "abc"}, "PagingInfo": PAGING},
        {"Entities": {"BackupJobSessions": 5}, "PagingInfo": PAGING},
        {"Entities": {"BackupJobSessions": [None]}, "PagingInfo": PAGING},
        {"Entities": {"BackupJobSessions": []}, "PagingInfo": {**PAGING, "PageNum": 2}},
        {"Entities": {"BackupJobSessions": []}, "PagingInfo": {**PAGING, "PagesCount": "many"}},
        b"",
        b"<html></html>",
        b"<Error/>",
        b"<LogonSession/>",
    ],
    ids=repr,
)
def test_what_is_no_list_is_never_an_empty_one(content):
    with pytest.raises((ValueError, TypeError, AttributeError, KeyError)):
        page(answer(content), "BackupJobSession", SESSION, 1)


@pytest.mark.parametrize(
    "content",
    [
        {"Entities": {"BackupJobSessions": {"BackupJobSessions": []}}, "PagingInfo": PAGING},
        {"Entities": {"BackupJobSessions": {"BackupJobSessions": None}}, "PagingInfo": PAGING},
        {"Entities": {"BackupJobSessions": None, "ReplicaJobSessions": None}, "PagingInfo": PAGING},
        {"Entities": {"ReplicaJobSessions": None}, "PagingInfo": PAGING},
        {"Entities": {}, "PagingInfo": PAGING},
        {"Entities": None, "Refs": None, "Resources": None, "PagingInfo": PAGING},
        {"entities": {"backupJobSessions": {"backupJobSessions": []}}, "pagingInfo": {"pagesCount": 1}},
        b"<QueryResult><Entities><BackupJobSessions/></Entities><PagingInfo PagesCount='1'/></QueryResult>",
        b"<QueryResult><Entities/><PagingInfo PagesCount='1'/></QueryResult>",
    ],
    ids=repr,
)
def test_empty_lists_in_all_their_forms(content):
    assert page(answer(content), "BackupJobSession", SESSION, 1).records == []


@pytest.mark.parametrize(
    ("status", "content", "code", "final"),
    [
        (500, {"Message": "There is no backup task with id [task-297] in current rest session"}, "not_found", True),
        (500, b'<Error Message="There is no backup task with id [task-297]" StatusCode="500"/>', "not_found", True),
        (500, {"message": "There is no logon session with id [x]"}, "session_expired", True),
        (500, {"Message": "Something else"}, None, False),
        (400, {"Message": "There is no backup task with id [x]"}, None, False),
        (500, b"", None, False),
        (500, [], None, False),
        (500, b"<a><b/></a>", None, False),
        (500, b"\xff\xfe", None, False),
    ],
)
def test_errors_are_understood_whatever_the_body(status, content, code, final):
    said = explain(answer(content, status))
    assert (said.code, said.final) == (code, final)
