# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated PetaData, judged by the vendor's SDK, a second signer of the vendor, and the document's samples."""

from __future__ import annotations

import json
import time
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from alibabacloud_openapi_util.client import Client as OpenApiUtil
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkpetadata.request.v20160101.DescribeTasksRequest import DescribeTasksRequest

from tests.simulator import PetaDataData, Simulator
from tests.simulator.client import EVER, Client, parse_xml
from tests.simulator.petadata_signature import signature

FIXTURES = Path(__file__).parents[1] / "fixtures"
VECTORS = json.loads((FIXTURES / "petadata_signatures.json").read_text())
INSTANCES = ("pd-sim0000000001", "pd-sim0000000002")


@pytest.fixture(scope="module")
def simulator():
    with Simulator(tls=False, petadata=PetaDataData(instances=INSTANCES, tasks=120)) as running:
        yield running


@pytest.fixture(scope="module")
def client(simulator):
    with Client(simulator) as made:
        yield made


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["case"])
def test_signatures_agree_with_the_vectors_and_a_signer_of_the_vendor(vector):
    method, parameters = vector["method"], vector["parameters"]
    assert signature(method, parameters, VECTORS["secret"]) == vector["signature"]
    assert OpenApiUtil.get_rpcsignature(parameters, method, VECTORS["secret"]) == vector["signature"]


def sdk_request(**changes):
    request = DescribeTasksRequest()
    request.set_endpoint("127.0.0.1")
    request.set_protocol_type("http")
    asked = {
        "InstanceId": INSTANCES[0],
        "PageNumbers": 1,
        "MaxRecordsPerPage": 1000,
        "Status": "0,1,2,3,4,5",
        **EVER,
        **changes,
    }
    for name, value in asked.items():
        getattr(request, f"set_{name}")(value)
    return request


def sdk_client(simulator, secret=None):
    port = int(simulator.url.rpartition(":")[2])
    known = simulator.credentials
    return AcsClient(known.access_key_id, secret or known.access_key_secret, "cn-hangzhou", port=port)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_vendors_sdk_reads_the_tasks(simulator, method):
    request = sdk_request(TaskAction="CreateDatabaseBackup")
    request.set_method(method)
    body = json.loads(sdk_client(simulator).do_action_with_exception(request))
    truth = [t for t in simulator.truth("petadata", INSTANCES[0]) if t["TaskAction"] == "CreateDatabaseBackup"]
    assert body["Tasks"]["Task"] == truth
    assert body["TotalRecords"] == len(truth) > 0


def test_the_vendors_sdk_uses_a_security_token(simulator):
    known = simulator.credentials
    credential = StsTokenCredential(known.access_key_id, known.access_key_secret, known.security_token)
    port = int(simulator.url.rpartition(":")[2])
    sts = AcsClient(region_id="cn-hangzhou", credential=credential, port=port)
    assert json.loads(sts.do_action_with_exception(sdk_request()))["TotalRecords"] == 120


def test_the_vendors_sdk_understands_a_refusal(simulator):
    with pytest.raises(ServerException) as caught:
        sdk_client(simulator, "wrong").do_action_with_exception(sdk_request())
    # The SDK says so only when the string that the server echoes is the one it has signed itself.
    assert caught.value.get_error_code() == "InvalidAccessKeySecret"
    assert caught.value.get_request_id()
    with pytest.raises(ServerException) as caught:
        sdk_client(simulator).do_action_with_exception(sdk_request(InstanceId="pd-nobody"))
    assert (caught.value.get_error_code(), caught.value.get_http_status()) == ("InvalidDBInstanceId.NotFound", 404)


def test_an_empty_answer_is_like_the_samples(client):
    nothing = {"EndTime": "2001-01-02T00:00:00Z"}
    sample = json.loads((FIXTURES / "petadata_describe_tasks_empty.json").read_text())
    sent = client.petadata(**nothing).json()
    assert set(sent) == set(sample)
    assert sent["Tasks"] == sample["Tasks"] == {"Task": []}
    xml_sample = parse_xml((FIXTURES / "petadata_describe_tasks_empty.xml").read_bytes())
    xml_sent = parse_xml(client.petadata(Format=None, **nothing).content)
    assert xml_sent.tag == xml_sample.tag
    assert {e.tag for e in xml_sent.iter()} == {e.tag for e in xml_sample.iter()}
    assert len(xml_sent.find("Tasks")) == 0


def test_xml_and_json_say_the_same(client):
    root = parse_xml(client.petadata(Format="XML").content)
    xml = [{field.tag: field.text or "" for field in task} for task in root.findall("Tasks/Task")]
    assert xml == client.petadata().json()["Tasks"]["Task"]


def test_pages_make_the_whole(simulator, client):
    pages = [client.petadata(PageNumbers=n, MaxRecordsPerPage=50).json() for n in (1, 2, 3, 4)]
    assert [page["TotalRecords"] for page in pages] == [120] * 4
    read = [task for page in pages for task in page["Tasks"]["Task"]]
    assert read == simulator.truth("petadata", INSTANCES[0])
    assert pages[3]["Tasks"]["Task"] == []


def test_every_documented_word_occurs(simulator):
    tasks = simulator.truth("petadata")
    assert {task["Status"] for task in tasks} == set("012345")
    actions = {task["TaskAction"] for task in tasks}
    assert actions >= {"CreateDatabaseBackup", "RestoreDatabase", "ModifyBackupPolicy"}
    first, second = (simulator.truth("petadata", name) for name in INSTANCES)
    assert {task["TaskId"] for task in first} == {task["TaskId"] for task in second}


@pytest.mark.parametrize(
    ("parameters", "statuses"),
    [
        ({"TaskStatus": None}, "013"),
        ({"TaskStatus": "2,4"}, "24"),
        ({"TaskStatus": None, "Status": "5"}, "5"),
        ({"TaskStatus": "2", "Status": "2"}, "2"),
    ],
    ids=str,
)
def test_statuses(client, parameters, statuses):
    tasks = client.petadata(**parameters).json()["Tasks"]["Task"]
    assert {task["Status"] for task in tasks} == set(statuses)


def test_a_period_keeps_what_began_in_it(simulator, client):
    begun = simulator.truth("petadata", INSTANCES[0])[30:90]
    period = {"StartTime": begun[-1]["BeginTime"], "EndTime": begun[0]["BeginTime"]}
    assert client.petadata(**period).json()["Tasks"]["Task"] == begun


@pytest.mark.parametrize(
    ("parameters", "status", "code"),
    [
        ({"Signature": "bogus"}, 400, "SignatureDoesNotMatch"),
        ({"Signature": ""}, 400, "IncompleteSignature"),
        ({"AccessKeyId": "LTAInobody"}, 404, "InvalidAccessKeyId.NotFound"),
        ({"SecurityToken": "bogus"}, 400, "InvalidSecurityToken.Malformed"),
        ({"SignatureNonce": None}, 400, "MissingParameter"),
        ({"SignatureMethod": "HMAC-SHA256"}, 400, "InvalidParameter"),
        ({"Timestamp": "yesterday"}, 400, "IllegalTimestamp"),
        ({"Timestamp": "2018-08-10T00:00:00Z"}, 400, "InvalidTimeStamp.Expired"),
        ({"Version": "2014-05-26"}, 400, "InvalidVersion"),
        ({"Action": "DescribeToasters"}, 404, "InvalidAction.NotFound"),
        ({"InstanceId": None}, 400, "MissingParameter"),
        ({"InstanceId": "pd-nobody"}, 404, "InvalidDBInstanceId.NotFound"),
        ({"EndTime": "2001-01-01T00:00:00Z"}, 400, "InvalidParameter"),
        ({"StartTime": "2018-08-05 15:00"}, 400, "InvalidParameter"),
        ({"PageNumbers": "0"}, 400, "InvalidParameter"),
        ({"MaxRecordsPerPage": "31"}, 400, "InvalidParameter"),
        ({"TaskStatus": "2", "Status": "3"}, 400, "InvalidParameter"),
        ({"TaskStatus": "6"}, 400, "InvalidParameter"),
        ({"PageSize": "30"}, 400, "InvalidParameter"),
    ],
    ids=str,
)
def test_what_is_refused(client, parameters, status, code):
    answer = client.petadata(**parameters)
    assert (answer.status_code, answer.json()["Code"]) == (status, code)
    assert answer.json()["RequestId"] == answer.headers["x-acs-request-id"]
    xml = parse_xml(client.petadata(Format="XML", **parameters).content)
    assert (xml.tag, xml.findtext("Code")) == ("Error", code)


def test_a_nonce_is_good_once(client):
    signed = client.signed()
    assert client.send("GET", "/", params=signed).status_code == 200
    assert client.send("GET", "/", params=signed).json()["Code"] == "SignatureNonceUsed"


def test_a_refused_signature_echoes_what_was_signed(simulator, client):
    message = client.petadata(Signature="bogus").json()["Message"]
    assert simulator.credentials.access_key_id in message


def test_a_clock_that_is_off():
    with Simulator(tls=False, clock_offset=1200) as simulator, Client(simulator) as client:
        answer = client.petadata()
        assert answer.json()["Code"] == "InvalidTimeStamp.Expired"
        assert 1190 < parsedate_to_datetime(answer.headers["Date"]).timestamp() - time.time() < 1210


@pytest.mark.parametrize(
    ("shape", "empty"),
    [("wrapped", {"Task": []}), ("list", []), ("null", None), ("null_task", {"Task": None}), ("single", {"Task": []})],
)
def test_shapes_of_an_empty_list(shape, empty):
    data = PetaDataData(tasks=0, tasks_shape=shape)
    with Simulator(tls=False, petadata=data) as simulator, Client(simulator) as client:
        assert client.petadata().json()["Tasks"] == empty


def test_what_else_may_differ():
    data = PetaDataData(
        tasks=31, numbers_as_text=True, status_as_number=True, tasks_shape="single", absent_times="empty"
    )
    with Simulator(tls=False, petadata=data) as simulator, Client(simulator) as client:
        body = client.petadata(PageNumbers=2, MaxRecordsPerPage=30).json()
        assert (body["TotalRecords"], body["PageNumbers"]) == ("31", "2")
        assert body["Tasks"] == {"Task": simulator.truth("petadata")[30]}
        waiting = client.petadata(TaskStatus="0").json()["Tasks"]["Task"]
        assert (waiting["BeginTime"], waiting["Status"]) == ("", 0)
        simulator.expire_tokens("petadata")
        token = simulator.credentials.security_token
        assert client.petadata(SecurityToken=token).json()["Code"] == "InvalidSecurityToken.Expired"
