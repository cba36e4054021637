# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated Enterprise Manager, judged by the vendor's sample and by a client of the community."""

from __future__ import annotations

import json
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
import xmltodict
from veeam_em.manager import VeeamEm

from tests.simulator import Simulator, VeeamData
from tests.simulator.client import Client, parse_xml

FIXTURES = Path(__file__).parents[1] / "fixtures"
NAMESPACE = "{http://www.veeam.com/ent/v1.0}"
KINDS = [
    "BackupJobSession",
    "BackupTaskSession",
    "ReplicaJobSession",
    "ReplicaTaskSession",
    "RestoreSession",
    "VmRestorePoint",
]


@pytest.fixture(scope="module")
def simulator():
    with Simulator(veeam=VeeamData(sessions=60)) as running:
        yield running


@pytest.fixture(scope="module")
def client(simulator):
    with Client(simulator) as made:
        yield made


def entities(answer, kind="BackupJobSession"):
    return answer.json()["Entities"][kind + "s"][kind + "s"]


def tasks(answer):
    return answer.json()["Resources"]["Tasks"]["Tasks"]


def test_a_client_of_the_community_logs_on_and_reads_every_page():
    with Simulator(tls=False) as simulator:
        known = simulator.credentials
        manager = VeeamEm(api_endpoint=simulator.url, ssl_verify=False)
        assert manager.get_token(known.veeam_username, known.veeam_password)
        assert manager.whoami()["SessionId"] == manager.session_data["SessionId"]
        assert len(manager.get_logon_sessions()) == 2
        sessions = manager.get_backup_task_sessions(page_size=7)
        manager.session.close()
        truth = simulator.truth("veeam.BackupTaskSession")
    newest_first = sorted(truth, key=lambda session: session["CreationTimeUTC"], reverse=True)
    assert [s["CreationTimeUTC"] for s in sessions] == [s["CreationTimeUTC"] for s in newest_first]
    assert {json.dumps(s, sort_keys=True) for s in sessions} == {json.dumps(s, sort_keys=True) for s in truth}


def names(element):
    """Every element below with its attributes, without namespace."""
    return {(each.tag.replace(NAMESPACE, ""), *sorted(each.attrib)) for each in element.iter()}


def test_xml_is_built_like_the_vendors_sample(client):
    sample = parse_xml((FIXTURES / "veeam_query_task.xml").read_bytes())
    sent = parse_xml(client.veeam(accept=None, type="Task", filter="State==Finished", pageSize=3).content)
    assert sent.tag == sample.tag == f"{NAMESPACE}QueryResult"
    assert names(sample) <= names(sent)
    assert [child.tag for child in sent[0][0][0]] == [child.tag for child in sample[0][0][0]]


def test_json_and_xml_say_the_same(client):
    asked = {"type": "BackupJobSession", "format": "Entities", "pageSize": "30"}
    parsed = xmltodict.parse(client.veeam(accept="application/xml", **asked).content, attr_prefix="")
    xml = parsed["QueryResult"]["Entities"]["BackupJobSessions"]["BackupJobSession"]
    for one, other in zip(xml, entities(client.veeam(**asked))):
        assert one["Links"]["Link"] == other.pop("Links")
        assert {k: v for k, v in one.items() if k != "Links"} == {
            k: str(v).lower() if isinstance(v, bool) else str(v) for k, v in other.items()
        }


@pytest.mark.parametrize("kind", KINDS)
def test_pages_make_the_whole(simulator, client, kind):
    asked = {"type": kind, "format": "Entities", "sortAsc": "CreationTime", "pageSize": "25"}
    first = client.veeam(**asked)
    count = first.json()["PagingInfo"]["PagesCount"]
    read = [record for page in range(1, count + 1) for record in entities(client.veeam(**asked, page=page), kind)]
    truth = simulator.truth(f"veeam.{kind}")
    assert len(read) == len({record["UID"] for record in read}) == len(truth) > 0
    assert sorted(read, key=lambda r: r["UID"]) == sorted(truth, key=lambda r: r["UID"])
    assert [r["CreationTimeUTC"][:19] for r in read] == sorted(r["CreationTimeUTC"][:19] for r in read)
    assert entities(client.veeam(**asked, page=count + 1), kind) == []


def test_references_without_a_format(client):
    body = client.veeam(type="BackupJobSession", pageSize=2).json()
    assert [ref["Type"] for ref in body["Refs"]["Refs"]] == ["BackupJobSessionReference"] * 2
    assert "JobName" not in body["Refs"]["Refs"][0]
    xml = parse_xml(client.veeam(accept=None, type="BackupJobSession", pageSize=2).content)
    assert len(xml.findall(f"{NAMESPACE}Refs/{NAMESPACE}Ref")) == 2


def test_objects_in_jobs_are_resources(client):
    body = client.veeam(type="ObjectInJob", format="Entities").json()
    assert len(body["Resources"]["ObjectInJobs"]["ObjectInJobs"]) == 24


def test_every_documented_word_occurs(simulator):
    jobs, items = simulator.truth("veeam"), simulator.truth("veeam.BackupTaskSession")
    known = "Starting Working Pausing Resuming Stopping Stopped Idle Postprocessing"
    assert {job["State"] for job in jobs if not job["State"].startswith("Waiting")} == set(known.split())
    assert {job["Result"] for job in jobs} == {"None", "Success", "Warning", "Failed"}
    assert {item["State"] for item in items} == {"InProgress", "Pending", "Completed"}
    assert any((item["State"], item["Result"]) == ("InProgress", "Success") for item in items)
    assert {task["State"] for task in simulator.truth("veeam.Task")} == {"Running", "OperationFinished", "Finished"}


@pytest.mark.parametrize(
    ("condition", "keeps"),
    [
        ("Result==Failed", lambda s: s["Result"] == "Failed"),
        ("Result>=Warning", lambda s: s["Result"] in ("Warning", "Failed")),
        ("Result!=Success;State==Stopped", lambda s: s["Result"] != "Success" and s["State"] == "Stopped"),
        ("Result==Failed,Result==Warning", lambda s: s["Result"] in ("Failed", "Warning")),
        (
            "(Result==Failed,State==Working);JobType==Backup",
            lambda s: (s["Result"] == "Failed" or s["State"] == "Working") and s["JobType"] == "Backup",
        ),
        ('JobName=="Exchange & file servers"', lambda s: s["JobName"] == "Exchange & file servers"),
        ("JobName==会計システム", lambda s: s["JobName"] == "会計システム"),
        ("IsRetry==True", lambda s: s["IsRetry"]),
    ],
)
def test_filters(simulator, client, condition, keeps):
    kept = entities(client.veeam(type="BackupJobSession", format="Entities", filter=condition))
    assert kept == [session for session in simulator.truth("veeam") if keeps(session)]
    assert 0 < len(kept) < 60


def test_filter_by_time(simulator, client):
    moment = simulator.truth("veeam")[30]["CreationTimeUTC"]
    asked = {"type": "BackupJobSession", "format": "Entities", "filter": f'CreationTime>="{moment}"'}
    kept = entities(client.veeam(**asked))
    assert kept == [session for session in simulator.truth("veeam") if session["CreationTimeUTC"] >= moment]


@pytest.mark.parametrize(
    "query",
    [
        {"filter": "Result=Failed"},
        {"filter": "Result==Splendid"},
        {"filter": "Colour==Red"},
        {"filter": "(Result==Failed"},
        {"filter": "Result==Failed;"},
        {"filter": "CreationTimeUTC>=x"},
        {"filter": "CreationTime>=yesterday"},
        {"sortAsc": "Colour"},
        {"sortAsc": "Name", "sortDesc": "Name"},
        {"pageSize": "0"},
        {"page": "zero"},
        {"format": "Everything"},
        {"type": "Toaster"},
        {"limit": "1"},
    ],
    ids=str,
)
def test_queries_that_are_refused(client, query):
    answer = client.veeam(**{"type": "BackupJobSession", **query})
    assert answer.status_code == answer.json()["StatusCode"] == 400
    error = parse_xml(client.veeam(accept=None, **{"type": "BackupJobSession", **query}).content)
    assert (error.tag, error.attrib["StatusCode"]) == (f"{NAMESPACE}Error", "400")
    assert error.attrib["Message"]


def test_logon_and_logout(client):
    answer = client.log_on()
    token, session_id = answer.headers["X-RestSvcSessionId"], answer.json()["SessionId"]
    assert answer.status_code == 201
    assert answer.cookies["X-RestSvcSessionId"] == token != session_id
    assert client.veeam(token=token, type="Task").status_code == 200
    assert client.veeam_send("DELETE", f"/api/logonSessions/{token}", token).status_code == 500
    assert client.veeam_send("DELETE", f"/api/logonSessions/{session_id}", token).status_code == 204
    assert client.veeam(token=token, type="Task").status_code == 401


def test_logons_that_are_refused(client):
    answer = client.log_on(password="wrong")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic")
    assert client.send("POST", "/api/sessionMngr/").status_code == 401


def test_a_logon_needs_a_content_length():
    with Simulator(tls=False) as simulator, closing(HTTPConnection(simulator.url.partition("//")[2])) as connection:
        connection.putrequest("POST", "/api/sessionMngr/?v=latest")
        connection.endheaders()
        assert connection.getresponse().status == 411


def test_the_cookie_wins_over_the_header(simulator, client):
    good, headers = simulator.credentials.veeam_session_token, {"Accept": "application/json"}
    for header, cookie, status in ((good, "stale", 401), ("stale", good, 200)):
        sent = {**headers, "X-RestSvcSessionId": header, "Cookie": f"X-RestSvcSessionId={cookie}"}
        assert client.send("GET", "/api/tasks", headers=sent).status_code == status


def test_tasks_belong_to_the_logon_session(simulator, client):
    token = client.log_on().headers["X-RestSvcSessionId"]
    assert tasks(client.veeam(type="Task")) == simulator.truth("veeam.Task")
    assert tasks(client.veeam(token=token, type="Task")) == []
    assert client.veeam("/api/tasks/task-1").json()["TaskId"] == "task-1"
    answer = client.veeam("/api/tasks/task-1", token=token)
    assert answer.status_code == 500
    assert answer.json()["Message"] == "There is no backup task with id [task-1] in current rest session"


def test_a_started_job_becomes_a_task_that_goes_on(client):
    token = client.log_on().headers["X-RestSvcSessionId"]
    job = client.veeam("/api/jobs", token=token).json()["Refs"][1]
    started = client.veeam_send("POST", f"/api/jobs/{job['UID'].split(':')[-1]}", token, action="start").json()
    assert (started["State"], started["Operation"]) == ("Running", "StartJob")
    assert "Result" not in started
    path = f"/api/tasks/{started['TaskId']}"
    read = [client.veeam(path, token=token).json() for _time in range(3)]
    assert [task["State"] for task in read] == ["Running", "OperationFinished", "Finished"]
    assert read[2]["Result"] == {"Success": True, "Message": "Ok"}
    related = next(link for link in read[2]["Links"] if link["Rel"] == "Related")
    session = client.veeam(related["Href"].partition("//")[2].partition("/api")[2].join(["/api", ""]), token=token)
    assert session.json()["JobName"] == job["Name"]
    assert client.veeam_send("DELETE", path, token).status_code == 204
    assert client.veeam(path, token=token).status_code == 500


def test_a_job_that_runs_is_not_started_again(client):
    job = client.veeam("/api/jobs").json()["Refs"][0]["UID"].split(":")[-1]
    path = f"/api/tasks/{client.veeam_send('POST', f'/api/jobs/{job}', action='start').json()['TaskId']}"
    task = [client.veeam(path).json() for _time in range(3)][-1]
    assert task["Result"]["Success"] is False
    assert "already running" in task["Result"]["Message"]


@pytest.mark.parametrize("by", ["jobs", "backupSessions"])
def test_a_session_that_is_stopped_ends(by):
    with Simulator(tls=False, veeam=VeeamData(sessions=20)) as simulator, Client(simulator) as client:
        before = simulator.truth("veeam.BackupJobSession")[0]
        assert before["State"] == "Working"
        guid = before["UID"].split(":")[-1]
        path = (
            f"/api/backupSessions/{guid}" if by == "backupSessions" else f"/api/jobs/{before['JobUid'].split(':')[-1]}"
        )
        answer = client.veeam_send("POST", path, action="stop")
        assert (answer.status_code, answer.json()["State"]) == (202, "Running")
        read = [client.veeam(f"/api/backupSessions/{guid}", format="Entity").json() for _time in range(2)]
        assert [(one["State"], one["Result"]) for one in read] == [("Stopping", "None"), ("Stopped", "Failed")]
        assert {one["CreationTimeUTC"] for one in read} == {before["CreationTimeUTC"]}
        items = [s for s in simulator.truth("veeam.BackupTaskSession") if s["JobSessionUid"] == before["UID"]]
        assert {item["State"] for item in items} == {"Completed"}
        again = client.veeam_send("POST", path, action="stop").json()["TaskId"]
        task = [client.veeam(f"/api/tasks/{again}").json() for _time in range(3)][-1]
        assert task["Result"]["Success"] is False


def test_a_session_that_idles_ends():
    with Simulator(tls=False, veeam=VeeamData(idle_timeout=0.0)) as simulator, Client(simulator) as client:
        assert client.veeam(type="Task").status_code == 401


def test_sessions_can_be_expired():
    with Simulator(tls=False) as simulator, Client(simulator) as client:
        assert client.veeam(type="Task").status_code == 200
        simulator.expire_sessions()
        assert client.veeam(type="Task").status_code == 401


def test_what_versions_differ_in():
    data = VeeamData(case="camel", bom=True, nulls=True, page_cap=5, past_end="error")
    with Simulator(tls=False, veeam=data) as simulator, Client(simulator) as client:
        answer = client.veeam(type="BackupJobSession", format="Entities", pageSize=100)
        assert answer.content.startswith(b"\xef\xbb\xbf")
        body = json.loads(answer.content.decode("utf-8-sig"))
        records = body["entities"]["backupJobSessions"]["backupJobSessions"]
        assert records == simulator.truth("veeam")[:5]
        assert {"uid", "creationTimeUTC", "jobUid", "endTimeUTC"} <= set(records[0])
        assert (records[0]["endTimeUTC"], body["refs"]) == (None, None)
        assert client.veeam(type="BackupJobSession", page=99).status_code == 400


@pytest.mark.parametrize(
    ("wrapper", "find"),
    [
        ("double", lambda body: body["Tasks"]["Tasks"]),
        ("singular", lambda body: body["Tasks"]["Task"]),
        ("flat", lambda body: body["Tasks"]),
    ],
)
def test_tasks_are_wrapped_in_three_ways(wrapper, find):
    with Simulator(tls=False, veeam=VeeamData(tasks_wrapper=wrapper)) as simulator, Client(simulator) as client:
        assert find(client.veeam(type="Task").json()["Resources"]) == simulator.truth("veeam.Task")


@pytest.mark.parametrize(("supported", "status", "count"), [(True, 200, 1), (False, 200, 12), ("refuse", 400, None)])
def test_old_versions_cannot_filter_tasks(supported, status, count):
    data = VeeamData(supports_task_filters=supported)
    with Simulator(tls=False, veeam=data) as simulator, Client(simulator) as client:
        answer = client.veeam(type="Task", filter="TaskId==task-3")
        assert answer.status_code == status
        assert count is None or len(tasks(answer)) == count
