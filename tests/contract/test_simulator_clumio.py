# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated Clumio, held against the vendor's document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.simulator import ClumioData, Simulator
from tests.simulator.client import Client

FIXTURES = Path(__file__).parents[1] / "fixtures"
STATUSES = {"queued", "in_progress", "completed", "failed", "aborting", "aborted"}
CATEGORIES = {"backup", "restore", "snapshot", "snapshot_restore", "system", "report_generation", "management"}
TYPES = {
    "aws_ebs_volume_file_restore",
    "aws_ebs_volume_backup_seeding",
    "aws_ebs_volume_incremental_backup",
    "aws_ebs_volume_backup_indexing",
    "aws_ebs_volume_restore",
    "microsoft365_mailbox_seeding",
    "microsoft365_mailbox_backup",
    "microsoft365_inventory_sync",
    "microsoft365_mail_restore",
}


@pytest.fixture(scope="module")
def simulator():
    with Simulator(clumio=ClumioData(tasks=500)) as running:
        yield running


@pytest.fixture(scope="module")
def client(simulator):
    with Client(simulator) as made:
        yield made


def shape(value):
    """The keys of a JSON value at every depth; of lists, those of the first element."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return [shape(value[0])] if isinstance(value, list) and value else None


def test_an_answer_has_the_documented_keys(client):
    documented = shape(json.loads((FIXTURES / "clumio_list_tasks.json").read_text()))
    sent = shape(client.clumio(limit=50, start=2).json())
    # A link to the organizational unit is documented, but not for whom it is given.
    documented["_embedded"]["items"][0]["_links"].pop("read-organizational-unit")
    assert sent == documented


def test_an_error_has_the_documented_keys(client):
    documented = shape(json.loads((FIXTURES / "clumio_error.json").read_text()))
    assert shape(client.clumio("/nowhere").json()) == documented


def test_every_documented_word_occurs(simulator):
    tasks = Simulator().truth("clumio")
    assert {task["status"] for task in tasks} == STATUSES
    assert {task["category"] for task in tasks} == CATEGORIES
    assert {task["type"] for task in tasks} >= TYPES
    assert {task["genre"] for task in tasks} == {"operational", "administrative"}
    completed = [task for task in simulator.truth("clumio") if task["status"] == "completed"]
    assert len(completed) > 0.8 * 500


def test_pages_make_the_whole(simulator, client):
    first = client.clumio(limit=100).json()
    assert (first["limit"], first["start"], first["total_count"], first["total_pages_count"]) == (100, "1", 500, 5)
    items = [item for n in range(1, 6) for item in client.clumio(limit=100, start=n).json()["_embedded"]["items"]]
    assert items == simulator.truth("clumio")
    assert client.clumio(limit=100, start=6).json()["_embedded"]["items"] == []


@pytest.mark.parametrize(("style", "link"), [("absent", "absent"), ("null", None), ("empty", {})])
def test_the_last_page_ends_in_each_lawful_way(style, link):
    with Simulator(tls=False, clumio=ClumioData(next_style=style)) as simulator, Client(simulator) as client:
        assert client.clumio(limit=15).json()["_links"]["_next"]["href"] == "/tasks?limit=15&start=2"
        assert client.clumio(limit=15, start=2).json()["_links"].get("_next", "absent") == link


def test_what_else_may_differ():
    data = ClumioData(tasks=30, totals=False, page_cap=7, null_embedded=True)
    with Simulator(tls=False, clumio=data) as simulator, Client(simulator) as client:
        body = client.clumio(limit=1000).json()
        assert (body["limit"], body["current_count"], "total_count" in body) == (7, 7, False)
        assert client.clumio(filter={"id": {"$in": ["none"]}}).json()["_embedded"] is None


@pytest.mark.parametrize(
    ("condition", "keeps"),
    [
        ({"status": {"$in": ["failed", "aborted"]}}, lambda task: task["status"] in ("failed", "aborted")),
        ({"category": {"$in": ["backup"]}}, lambda task: task["category"] == "backup"),
        (
            {"primary_entity.value": {"$contains": "postgres"}},
            lambda task: "postgres" in task["primary_entity"]["value"],
        ),
        ({"primary_entity.value": {"$contains": "müller"}}, lambda task: "müller" in task["primary_entity"]["value"]),
        ({"id": {"$in": ["100500", "100007"]}}, lambda task: task["id"] in ("100500", "100007")),
        (
            {"genre": {"$in": ["operational"]}, "status": {"$in": ["failed"]}},
            lambda task: (task["genre"], task["status"]) == ("operational", "failed"),
        ),
    ],
)
def test_filters(simulator, client, condition, keeps):
    body = client.clumio(limit=1000, filter=condition).json()
    assert body["_embedded"]["items"] == [task for task in simulator.truth("clumio") if keeps(task)]
    assert body["total_count"] == len(body["_embedded"]["items"]) > 0
    assert json.loads(body["filter_applied"]) == condition


def test_filter_by_time(simulator, client):
    tasks = simulator.truth("clumio")
    low, high = tasks[400]["created_timestamp"], tasks[100]["created_timestamp"]
    asked = {"created_timestamp": {"$gte": low, "$lte": high}}
    items = client.clumio(limit=1000, filter=asked).json()["_embedded"]["items"]
    assert items == [task for task in tasks if low <= task["created_timestamp"] <= high]


@pytest.mark.parametrize(
    "condition",
    [
        "not json",
        "[]",
        {"name": {"$in": ["x"]}},
        {"status": {"in": ["failed"]}},
        {"status": {"$eq": "failed"}},
        {"status": {"$in": "failed"}},
        {"status": "failed"},
        {"primary_entity.id": {"eq": "x"}},
        {"created_timestamp": {"$gt": "2026-01-01T00:00:00Z"}},
        {"created_timestamp": {"$gte": "yesterday"}},
        {"created_timestamp": {"$gte": "2001-01-01T00:00:00Z"}},
    ],
    ids=str,
)
def test_filters_that_are_refused(client, condition):
    answer = client.clumio(filter=condition)
    assert answer.status_code == 400
    assert "filter" in answer.json()["errors"][0]["error_message"]


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "many"}, {"start": "0"}, {"sort": "-created"}], ids=str)
def test_parameters_that_are_refused(client, query):
    assert client.clumio(**query).status_code == 400


def test_who_is_let_in(simulator, client):
    known = simulator.credentials
    good = {"Authorization": f"Bearer {known.clumio_token}", "Accept": "application/api.clumio.tasks=v1+json"}
    unit = "X-Clumio-OrganizationalUnit-Context"
    assert client.send("GET", "/tasks", headers=good).status_code == 200
    assert client.send("GET", "/tasks", headers={**good, unit: known.organizational_unit}).status_code == 200
    assert client.send("GET", "/tasks", headers={**good, unit: "another"}).status_code == 403
    assert client.send("GET", "/tasks", headers={**good, "Accept": "application/json"}).status_code == 406
    assert client.send("GET", "/tasks", headers={**good, "Authorization": "Bearer x"}).status_code == 401
    assert client.send("POST", "/tasks", headers=good).status_code == 405


def test_a_task_is_read_and_aborted():
    with Simulator(tls=False) as simulator, Client(simulator) as client:
        running, queued = simulator.truth("clumio")[:2]
        path = f"/tasks/{running['id']}"
        assert client.clumio(path).json() == running
        assert client.clumio(path, method="PATCH", body={"status": "aborted"}).status_code == 400
        assert client.clumio(path, method="PATCH", body={"status": "aborting"}).json()["status"] == "aborting"
        assert [client.clumio(path).json()["status"] for _time in range(2)] == ["aborting", "aborted"]
        assert client.clumio(path, method="PATCH", body={"status": "aborting"}).status_code == 409
        assert client.clumio(f"/tasks/{queued['id']}").json() == queued
        assert client.clumio("/tasks/31").status_code == 404


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/datasources/aws/ebs-volumes", "aws-ebs-volumes"),
        ("/datasources/aws/ec2-instances", "aws-ec2-instances"),
        ("/datasources/aws/rds-resources", "aws-rds-resources"),
        ("/datasources/aws/dynamodb-tables", "aws-dynamodb-tables"),
        ("/datasources/aws/s3-buckets", "aws-s3-buckets"),
        ("/datasources/protection-groups", "protection-groups"),
        ("/alerts/individual", "individual-alerts"),
        ("/policies/definitions", "policy-definitions"),
    ],
)
def test_other_lists(simulator, client, path, name):
    body = client.clumio(path, name, limit=100, lookback_days=14).json()
    assert body["_embedded"]["items"] == simulator.truth(f"clumio.{path}")
    assert body["total_count"] > 0
    assert client.clumio(path).status_code == 406


def test_resources_are_what_tasks_work_on(simulator, client):
    volumes = client.clumio("/datasources/aws/ebs-volumes", "aws-ebs-volumes", limit=1000).json()["_embedded"]["items"]
    entities = {
        task["primary_entity"]["id"]
        for task in simulator.truth("clumio")
        if task["primary_entity"]["type"] == "aws_ebs_volume"
    }
    assert entities <= {volume["id"] for volume in volumes}
    assert {volume["backup_status_info"]["backup_status"] for volume in volumes} == {"unknown"}
