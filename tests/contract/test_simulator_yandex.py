# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated Yandex Cloud, judged by the vendor's own protobuf messages and credentials code."""

from __future__ import annotations

import json
import time
from pathlib import Path

import jwt
import pytest
from google.protobuf.json_format import MessageToDict, Parse
from yandex.cloud.backup.v1.resource_pb2 import Resource, Task
from yandex.cloud.backup.v1.resource_service_pb2 import (
    GetResourceResponse,
    ListResourcesResponse,
    ListTasksResponse,
)
from yandex.cloud.iam.v1.iam_token_service_pb2 import CreateIamTokenResponse
from yandexcloud._auth_fabric import get_auth_token_requester

from tests.simulator import Simulator, YandexData
from tests.simulator.client import RESOURCES, Client

FIXTURES = Path(__file__).parents[1] / "fixtures"
FORMS = {
    "defaults left out": YandexData(instances=12, tasks_per_instance=9, external_servers=1),
    "defaults printed": YandexData(instances=12, tasks_per_instance=9, external_servers=1, print_defaults=True),
    "bare numbers": YandexData(instances=12, tasks_per_instance=9, numbers_as_text=False),
    "other zone": YandexData(instances=12, tasks_per_instance=9, time_zones=("Z", "+00:00")),
}


@pytest.fixture(scope="module")
def simulator():
    with Simulator(yandex=YandexData(instances=12, tasks_per_instance=9, external_servers=1)) as running:
        yield running


@pytest.fixture(scope="module")
def client(simulator):
    with Client(simulator) as made:
        yield made


@pytest.mark.parametrize("data", FORMS.values(), ids=FORMS.keys())
def test_the_vendors_messages_accept_every_lawful_form(data):
    with Simulator(tls=False, yandex=data) as simulator, Client(simulator) as client:
        resources = Parse(client.yandex(pageSize=1000).text, ListResourcesResponse()).resources
        instances = [resource.compute_instance_id for resource in resources if resource.compute_instance_id]
        pages = [client.yandex(f"{RESOURCES}/{name}/tasks", pageSize=1000).text for name in instances]
    tasks = [task for page in pages for task in Parse(page, ListTasksResponse()).tasks]

    assert len(resources) == data.instances + data.external_servers
    assert len(tasks) == len({task.id for task in tasks}) == 12 * 9
    assert min(task.id for task in tasks) > 2**53
    assert {Task.Status.Name(task.status) for task in tasks} == words(Task.Status)
    assert {Task.Type.Name(task.type) for task in tasks} == words(Task.Type)
    assert {Task.Code.Name(task.result_code) for task in tasks} == {*Task.Code.keys()}
    assert {Resource.Status.Name(r.status) for r in resources} == words(Resource.Status)
    assert {Resource.InitStatus.Name(r.init_status) for r in resources} == words(Resource.InitStatus)


def words(enum):
    return {name for name in enum.keys() if not name.endswith("_UNSPECIFIED")}  # noqa: SIM118  # it is no dict


def test_printed_defaults_are_what_the_vendors_library_prints():
    with Simulator(tls=False, yandex=FORMS["defaults printed"]) as simulator, Client(simulator) as client:
        instance = simulator.truth("yandex")[1]["computeInstanceId"]
        body = client.yandex(f"{RESOURCES}/{instance}/tasks").json()
    printed = MessageToDict(Parse(json.dumps(body), ListTasksResponse()), always_print_fields_with_no_presence=True)
    assert [set(task) for task in printed["tasks"]] == [set(task) for task in body["tasks"]]
    assert body["nextPageToken"] == ""


@pytest.mark.parametrize(
    ("fixture", "key", "message"),
    [("yandex_resource_list", "resources", Resource), ("yandex_resource_list_tasks", "tasks", Task)],
)
def test_records_have_the_documented_fields(simulator, fixture, key, message):
    documented = set(json.loads((FIXTURES / f"{fixture}.json").read_text())[key][0])
    records = simulator.truth(f"yandex.{key}")
    assert documented <= {field.json_name for field in message.DESCRIPTOR.fields}
    # cancellable is always false, so it is written only where defaults are.
    assert documented - {"cancellable"} <= {field for record in records for field in record}


def test_pages_follow_each_other_to_the_end(simulator, client):
    instance = simulator.truth("yandex")[0]["computeInstanceId"]
    tasks, token = [], ""
    while True:
        body = client.yandex(f"{RESOURCES}/{instance}/tasks", pageSize=4, pageToken=token).json()
        tasks += body["tasks"]
        token = body.get("nextPageToken", "")
        if not token:
            break
        assert len(token) <= 100
    assert tasks == simulator.truth("yandex.tasks", instance)


def test_a_capped_page_is_short_and_names_the_next():
    with Simulator(tls=False, yandex=YandexData(instances=5, page_cap=2)) as simulator, Client(simulator) as client:
        body = client.yandex(pageSize=1000).json()
    assert len(body["resources"]) == 2
    assert body["nextPageToken"]


def test_an_empty_list_is_absent():
    with Simulator(tls=False, yandex=YandexData(tasks_per_instance=0)) as simulator, Client(simulator) as client:
        instance = simulator.truth("yandex")[0]["computeInstanceId"]
        assert client.yandex(f"{RESOURCES}/{instance}/tasks").json() == {}


def test_resources_are_filtered_by_type_and_read_alone(simulator, client):
    servers = client.yandex(type="BMS").json()["resources"]
    assert {server["type"] for server in servers} == {"BMS"}
    alone = client.yandex(f"{RESOURCES}/{servers[0]['computeInstanceId']}", includeTenantInfo="true")
    assert Parse(alone.text, GetResourceResponse()).resource.resource_id == servers[0]["resourceId"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"folderId": ""}, 400, 3),
        ({"folderId": "x" * 51}, 400, 3),
        ({"folderId": "b1gsomebodyelse00000"}, 403, 7),
        ({"pageSize": "1001"}, 400, 3),
        ({"pageSize": "-1"}, 400, 3),
        ({"pageSize": "ten"}, 400, 3),
        ({"pageToken": "bogus"}, 400, 3),
        ({"pageToken": "x" * 101}, 400, 3),
        ({"type": "TOASTER"}, 400, 3),
        ({"status": "COMPLETED"}, 400, 3),
        ({"token": "t1.not.good"}, 401, 16),
    ],
)
def test_what_is_refused(client, query, status, code):
    answer = client.yandex(**query)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["details"][0]["requestId"] == answer.headers["x-request-id"]
    assert answer.headers["Date"]


def test_unknown_instances_are_not_found(client):
    assert client.yandex(f"{RESOURCES}/fhm00000000000000000/tasks").status_code == 404


def test_the_vendors_code_logs_on_with_a_service_account_key(simulator, client):
    key = simulator.credentials.service_account_key
    request = get_auth_token_requester(service_account_key=key).get_token_request()
    answer = client.send("POST", "/iam/v1/tokens", json={"jwt": request.jwt})
    token = Parse(answer.text, CreateIamTokenResponse()).iam_token
    assert token.startswith("t1.")
    assert token.count(".") == 2
    assert client.yandex(token=token).status_code == 200


def test_the_vendors_code_reads_the_metadata_service():
    with Simulator(tls=False) as simulator, Client(simulator) as client:
        token = get_auth_token_requester(metadata_addr=simulator.url.partition("//")[2]).get_token()
        assert client.yandex(token=token).status_code == 200
        path = "/computeMetadata/v1/instance/service-accounts/default/token"
        assert client.send("GET", path).status_code == 403


def signed(key, **changes):
    """A JWT as the vendor asks for it, but for the changes; a claim that is None is left out."""
    now = int(time.time()) + changes.pop("issued", 0)
    audience = "https://iam.api.cloud.yandex.net/iam/v1/tokens"
    claims = {"iss": key["service_account_id"], "aud": audience, "iat": now, "exp": now + changes.pop("lifetime", 3600)}
    algorithm, kid = changes.pop("alg", "PS256"), changes.pop("kid", key["id"])
    claims.update(changes)
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, key["private_key"], algorithm=algorithm, headers={"kid": kid})


@pytest.mark.parametrize(
    "changes",
    [
        {"alg": "RS256"},
        {"kid": "ajenobody00000000000"},
        {"iss": "ajenobody00000000000"},
        {"aud": "https://iam.example.com/iam/v1/tokens"},
        {"lifetime": 7200},
        {"issued": -7200},
        {"issued": 600},
        {"iat": None},
        {"aud": None},
    ],
    ids=str,
)
def test_jwt_that_are_refused(simulator, client, changes):
    token = signed(simulator.credentials.service_account_key, **changes)
    answer = client.send("POST", "/iam/v1/tokens", json={"jwt": token})
    assert (answer.status_code, answer.json()["code"]) == (401, 16)


def test_both_regions_are_an_audience(simulator, client):
    audience = "https://iam.api.yandexcloud.kz/iam/v1/tokens"
    token = signed(simulator.credentials.service_account_key, aud=audience)
    assert client.send("POST", "/iam/v1/tokens", json={"jwt": token}).status_code == 200


def test_tokens_expire():
    data = YandexData(expire_token_after=2)
    with Simulator(tls=False, yandex=data) as simulator, Client(simulator) as client:
        assert [client.yandex().status_code for _time in range(3)] == [200, 200, 401]
        key = simulator.credentials.service_account_key
        token = client.send("POST", "/iam/v1/tokens", json={"jwt": signed(key)}).json()["iamToken"]
        assert client.yandex(token=token).status_code == 200
        simulator.expire_tokens("yandex")
        assert client.yandex(token=token).status_code == 401
