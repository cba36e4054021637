# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The PetaData client on the simulator: whole lists, every lawful form of them, filters, credentials."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._core.deadline import Clock
from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import BackupError
from ansible_collections.multivendor.backup.plugins.module_utils._core.exchange import Answer
from ansible_collections.multivendor.backup.plugins.module_utils._core.redact import Secrets
from ansible_collections.multivendor.backup.plugins.module_utils._petadata.client import DIALECT, _page

pytest.importorskip("aiohttp", reason="the simulator needs aiohttp")
from ansible_collections.multivendor.backup.tests.simulator import Fault, PetaDataData, Simulator
from ansible_collections.multivendor.backup.tests.support import Params, connect, same

FIXTURES = Path(__file__).parents[4] / "fixtures"
TWO = ("pd-first00000001", "pd-second0000001")


@pytest.fixture(scope="module")
def simulator():
    with Simulator(tls=False, petadata=PetaDataData(instances=TWO, tasks=90)) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_faults(simulator):
    yield
    simulator.clear_faults()


def read(simulator, options=None, **connection):
    asked = {"instance_ids": list(simulator.petadata_instances), "start_time": "7d", **(options or {})}
    return connect(simulator, "petadata", **connection).tasks(Params(asked))


LAWFUL = {
    "plain": PetaDataData(tasks=70),
    "numbers are text": PetaDataData(tasks=70, numbers_as_text=True),
    "a status is a number": PetaDataData(tasks=70, status_as_number=True),
    **{
        f"{count} tasks, shape {shape}": PetaDataData(tasks=count, tasks_shape=shape)
        for shape in ("wrapped", "list", "single", "null", "null_task")
        for count in (0, 1, 31)
    },
    "empty times": PetaDataData(tasks=70, absent_times="empty"),
    "only TaskStatus is obeyed": PetaDataData(tasks=70, status_parameter="TaskStatus"),
    "only Status is obeyed": PetaDataData(tasks=70, status_parameter="Status"),
    "exactly full pages": PetaDataData(tasks=60),
}


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize("data", LAWFUL.values(), ids=list(LAWFUL))
def test_every_lawful_form_says_the_same(data, form):
    if (data.tasks_shape, form) == ("list", "xml"):
        pytest.skip("XML has no bare lists")
    with Simulator(tls=False, petadata=data) as simulator:
        listing = read(simulator, format=form, page_size=30)
        assert listing.complete
        assert same(listing.records, simulator.truth("petadata"))
        assert listing.server_total == data.tasks
        assert {record["instance_id"] for record in listing.records} <= set(simulator.petadata_instances)
        assert all(isinstance(record["status"], str) for record in listing.records)


def test_instances_are_read_in_their_order_and_ids_count_per_instance(simulator):
    listing = read(simulator, {"instance_ids": [TWO[1], TWO[0], TWO[1]]})
    assert listing.complete
    assert same(listing.records, simulator.truth("petadata", TWO[1], TWO[0]))
    assert (listing.server_total, listing.duplicates) == (180, 0)


@pytest.mark.parametrize("parameter", ["both", "TaskStatus", "Status"])
@pytest.mark.parametrize("wanted", [["2"], ["4", "5"], ["0", "1", "3"]])
def test_statuses_are_sent_under_both_names_and_filtered_again(parameter, wanted):
    with Simulator(tls=False, petadata=PetaDataData(tasks=60, status_parameter=parameter)) as simulator:
        listing = read(simulator, {"task_statuses": wanted})
        kept = [task for task in simulator.truth("petadata") if task["Status"] in wanted]
        assert kept
        assert same(listing.records, kept)
        asked = simulator.log[-1].query
        assert asked["TaskStatus"] == asked["Status"] == ",".join(wanted)


def test_all_six_statuses_are_asked_for_by_default(simulator):
    read(simulator)
    assert simulator.log[-1].query["TaskStatus"] == simulator.log[-1].query["Status"] == "0,1,2,3,4,5"


def test_what_is_sent(simulator):
    action = "RestoreDatabase"
    listing = read(simulator, {"instance_ids": [TWO[0]], "task_action": action, "start_time": "2h", "end_time": "1h"})
    asked = simulator.log[-1].query
    assert listing.complete
    assert (asked["Action"], asked["Version"], asked["Format"]) == ("DescribeTasks", "2016-01-01", "JSON")
    assert (asked["TaskAction"], asked["InstanceId"]) == (action, TWO[0])
    assert (asked["PageNumbers"], asked["MaxRecordsPerPage"]) == ("1", "1000")
    assert (_moment(asked["EndTime"]) - _moment(asked["StartTime"])) == 3600
    assert abs(time.time() - 3600 - _moment(asked["EndTime"])) < 30
    assert all(task["task_action"] == action for task in listing.records)


def _moment(text):
    import calendar

    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


def test_the_last_24_hours_by_default(simulator):
    read(simulator, {"start_time": None})
    asked = simulator.log[-1].query
    assert _moment(asked["EndTime"]) - _moment(asked["StartTime"]) == 86400
    read(simulator, {"start_time": None, "end_time": "48h"})
    asked = simulator.log[-1].query
    assert _moment(asked["EndTime"]) - _moment(asked["StartTime"]) == 86400


def test_a_clock_that_is_a_little_off_hides_nothing():
    """Our clock is ten minutes late: the gateway lets the request pass, and the newest tasks must be there."""
    late = Clock(wall=lambda: time.time() - 600, uniform=lambda low, high: low)
    with Simulator(tls=False, petadata=PetaDataData(tasks=40)) as simulator:
        listing = read(simulator, clock=late)
        assert same(listing.records, simulator.truth("petadata"))


@pytest.mark.parametrize("ahead", [-7200, 86400])
def test_requests_are_signed_by_the_clock_of_a_server_that_refuses_ours(ahead):
    wrong = Clock(wall=lambda: time.time() + ahead, uniform=lambda low, high: low)
    with Simulator(tls=False, petadata=PetaDataData(tasks=40)) as simulator:
        listing = read(simulator, clock=wrong)
        assert listing.complete
        assert same(listing.records, simulator.truth("petadata"))
        assert [entry.status for entry in simulator.requests("petadata")][:2] == [400, 200]


def test_a_clock_that_cannot_be_what_is_wrong_is_named_all_the_same(simulator):
    body = json.dumps({"Code": "InvalidTimeStamp.Expired", "Message": "m", "RequestId": "R"})
    simulator.fault(Fault("petadata", "status", status=400, body=body))
    listing = read(simulator, {"instance_ids": [TWO[0]]})
    assert (listing.error.code, listing.error.provider_code) == ("auth_failed", "InvalidTimeStamp.Expired")
    assert "clock" in listing.error.hint
    assert listing.requests == 1


def test_a_security_token_is_signed_like_the_rest(simulator):
    known = simulator.credentials
    keys = {"access_key_id": known.access_key_id, "access_key_secret": known.access_key_secret}
    assert read(simulator, **keys, security_token=known.security_token).complete
    assert simulator.log[-1].query["SecurityToken"] == known.security_token


def test_every_attempt_has_a_nonce_of_its_own(simulator):
    before = len(simulator.log)
    simulator.fault(Fault("petadata", "status", status=503, times=2))
    simulator.fault(Fault("petadata", "throttle", times=2))
    assert read(simulator, {"instance_ids": [TWO[0]]}).complete
    asked = [entry.query for entry in simulator.log[before:]]
    assert len(asked) == 5
    assert len({query["SignatureNonce"] for query in asked}) == len({query["Signature"] for query in asked}) == 5


@pytest.mark.parametrize(
    ("options", "connection", "named"),
    [
        ({"instance_ids": []}, {}, "instance_ids"),
        ({"instance_ids": [" "]}, {}, "instance_ids"),
        ({"instance_ids": ["a\x07"]}, {}, "instance_ids"),
        ({"task_statuses": []}, {}, "task_statuses"),
        ({"task_action": ""}, {}, "task_action"),
        ({"task_action": "a\nb"}, {}, "task_action"),
        ({"start_time": "yesterday"}, {}, "start_time"),
        ({"end_time": ""}, {}, "end_time"),
        ({"start_time": "1h", "end_time": "2h"}, {}, "end_time"),
        ({"start_time": "2h", "end_time": "2h"}, {}, "end_time"),
        ({"start_time": "2099-01-01T00:00:00Z"}, {}, "start_time"),
        ({"start_time": "2026-01-01T00:00:00.1Z", "end_time": "2026-01-01T00:00:00.9Z"}, {}, "end_time"),
        *(({}, {"page_size": size}, "page_size") for size in (0, -1, 10, 31, 999, 1001)),
        ({}, {"access_key_id": "LTAI"}, "access_key_secret"),
        ({}, {"access_key_secret": "s"}, "access_key_id"),
        ({}, {"security_token": "s"}, "access_key_id"),
        ({}, {"access_key_id": "", "access_key_secret": "s"}, "access_key_id"),
        ({}, {"access_key_id": "LTAI", "access_key_secret": ""}, "access_key_secret"),
        ({}, {"access_key_id": "LTAI", "access_key_secret": "a\nb"}, "access_key_secret"),
        ({}, {"access_key_id": "LTAI", "access_key_secret": "s", "security_token": ""}, "security_token"),
        ({}, {"access_key_id": None}, "access_key_id"),
        ({}, {"url": ""}, "url"),
    ],
)
def test_bad_options_are_refused_before_any_request(simulator, options, connection, named):
    before = len(simulator.log)
    given = {"access_key_id": None, "access_key_secret": None, "security_token": None} if "access" in named else {}
    with pytest.raises(BackupError) as caught:
        read(simulator, options, **{**given, **connection})
    assert caught.value.code == "bad_option"
    assert f"`{named}`" in caught.value.message
    assert len(simulator.log) == before


NONE = {"access_key_id": None, "access_key_secret": None}


def test_the_environment_counts_in_its_order_and_is_never_mixed(simulator):
    known = simulator.credentials
    first = {"ALICLOUD_ACCESS_KEY": known.access_key_id, "ALICLOUD_SECRET_KEY": known.access_key_secret}
    second = {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": known.access_key_id,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": known.access_key_secret,
    }
    bad = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIbad", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "bad"}
    assert read(simulator, **NONE, environ={**first, **bad}).complete
    assert read(simulator, **NONE, environ=second).complete
    assert read(simulator, **NONE, environ={**second, **dict.fromkeys(first, "")}).complete
    assert read(simulator, environ=bad).complete
    # Half of one group is not completed by the other, nor by options.
    with pytest.raises(BackupError) as caught:
        read(simulator, **NONE, environ={"ALICLOUD_ACCESS_KEY": known.access_key_id, **second})
    assert "`access_key_secret`" in caught.value.message
    with pytest.raises(BackupError) as caught:
        read(simulator, access_key_id=known.access_key_id, access_key_secret=None, environ=first)
    assert "`access_key_secret`" in caught.value.message
    read(simulator, environ={"ALICLOUD_SECURITY_TOKEN": known.security_token})
    assert "SecurityToken" not in simulator.log[-1].query


@pytest.mark.parametrize(
    ("options", "provider_code"),
    [
        ({"access_key_id": "LTAIunknown"}, "InvalidAccessKeyId.NotFound"),
        ({"access_key_secret": "wrong"}, "SignatureDoesNotMatch"),
        ({"security_token": "CAISwrong"}, "InvalidSecurityToken.Malformed"),
    ],
)
@pytest.mark.parametrize("form", ["json", "xml"])
def test_credentials_that_are_refused(simulator, options, provider_code, form):
    known = simulator.credentials
    good = {"access_key_id": known.access_key_id, "access_key_secret": known.access_key_secret}
    listing = read(simulator, format=form, **{**good, **options})
    assert (listing.error.code, listing.error.provider_code) == ("auth_failed", provider_code)
    assert listing.error.request_id
    assert "retry" not in listing.error.message
    assert not any(word in str(listing.error) for word in (known.access_key_id, known.access_key_secret, "%26"))


@pytest.mark.parametrize("form", ["json", "xml"])
def test_the_other_format_is_read_all_the_same(simulator, form):
    simulator.fault(Fault("petadata", "wrong_format"))
    listing = read(simulator, format=form)
    assert same(listing.records, simulator.truth("petadata"))
    wrong = read(simulator, format=form, access_key_id="LTAIx", access_key_secret="x")
    assert wrong.error.provider_code == "InvalidAccessKeyId.NotFound"


def test_an_xml_error_is_no_missing_library_to_a_reader_of_json(simulator, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "xmltodict", None)
    simulator.fault(Fault("petadata", "wrong_format"))
    listing = read(simulator, access_key_id="LTAIx", access_key_secret="x")
    assert (listing.error.code, listing.error.http_status) == ("not_found", 404)


def test_one_failing_instance_costs_the_others_nothing(simulator):
    simulator.fault(Fault("petadata", "status", path=f"InstanceId={TWO[0]}", status=404))
    listing = read(simulator)
    assert (listing.complete, listing.incomplete_reason, listing.error.code) == (False, "failed_scopes", "not_found")
    assert same(listing.records, simulator.truth("petadata", TWO[1]))


@pytest.mark.parametrize(("skip", "page"), [(0, 1), (1, 2), (2, 3)])
def test_an_empty_page_before_the_end_is_no_end(simulator, skip, page):
    simulator.fault(Fault("petadata", "empty_page", path=f"PageNumbers={page}&"))
    listing = read(simulator, {"instance_ids": [TWO[0]]}, page_size=30)
    assert (listing.complete, listing.error.code) == (False, "incomplete")


def answer(body, status=200):
    return Answer(status, {}, body if isinstance(body, bytes) else json.dumps(body).encode())


@pytest.mark.parametrize("form", ["json", "xml"])
def test_the_samples_of_the_document_are_read_exactly(form):
    page = _page(answer((FIXTURES / f"petadata_describe_tasks_empty.{form}").read_bytes()), "pd-xxxxxxxxxxxxxx")
    assert (page.records, page.total, page.size, page.more) == ([], 0, 30, None)


def test_documented_fields_are_always_there():
    task = _page(answer({"Tasks": {"Task": {"TaskId": 5, "DBName": "orders", "New": 1}}}), "pd-1").records[0]
    assert task == {
        "task_id": "5",
        "begin_time": None,
        "finish_time": None,
        "expected_finish_time": None,
        "status": None,
        "task_action": None,
        "progress": None,
        "db_name": "orders",
        "progress_info": None,
        "instance_id": "pd-1",
        "additional_fields": {"New": 1},
    }


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        None,
        {"status": "ok"},
        {"Code": "InternalError", "Message": "x"},
        {"Code": "Throttling", "Tasks": None},
        {"Code": "Throttling", "Tasks": {"Task": []}, "TotalRecords": 0},
        {"Tasks": "abc"},
        {"Tasks": 0},
        {"Tasks": False},
        {"Tasks": [None, None]},
        {"Tasks": {"Task": "abc"}},
        {"Tasks": {"Task": 0}},
        {"Tasks": {"Tasks": [{"TaskId": "1"}]}},
        {"Tasks": {"Task": []}, "InstanceId": "pd-other"},
        {"Tasks": {"Task": []}, "TotalRecords": "many"},
        b"",
        b"<html></html>",
        b"<Error><Code>x</Code></Error>",
        b"<Error><Code>Throttling</Code><Tasks/></Error>",
        b"<Error>text</Error>",
        b"<DescribeTasksResponse>",
        b"<DescribeTasksResponse><Tasks>text</Tasks></DescribeTasksResponse>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><DescribeTasksResponse><Tasks>&a;</Tasks></DescribeTasksResponse>',
    ],
    ids=repr,
)
def test_what_is_no_list_is_never_an_empty_one(body):
    with pytest.raises((ValueError, TypeError, AttributeError, KeyError)):
        _page(answer(body), "pd-1")


@pytest.mark.parametrize(
    ("status", "code", "ours"),
    [
        (400, "Throttling", "throttled"),
        (400, "Throttling.User", "throttled"),
        (400, "Throttling.Api", "throttled"),
        (503, "ServiceUnavailable", "unavailable"),
        (500, "InternalError", "unavailable"),
        (400, "InvalidTimeStamp.Expired", "auth_failed"),
        (400, "SignatureNonceUsed", "unavailable"),
        (404, "InvalidAccessKeyId.NotFound", "auth_failed"),
        (403, "Forbidden.RAM", "forbidden"),
        (404, "InvalidDBInstanceId.NotFound", "not_found"),
        (400, "MissingParameter", None),
    ],
)
def test_words_for_errors(status, code, ours):
    assert DIALECT.explain(answer({"Code": code, "Message": "m", "RequestId": "R"}, status)).code == ours


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"<a/>", b"<Error>text</Error>", b"5", b'{"Code": null}', b"<", b"\xff"]
)
def test_errors_without_words_do_no_harm(body):
    assert DIALECT.explain(answer(body, 500)).message in (None, "None")


def test_what_was_given_is_secret(simulator):
    secrets = Secrets()
    connect(
        simulator,
        "petadata",
        secrets=secrets,
        **NONE,
        environ={
            "ALICLOUD_ACCESS_KEY": "LTAI1",
            "ALICLOUD_SECRET_KEY": "the-key",
            "ALICLOUD_SECURITY_TOKEN": "the-token",
        },
    )
    assert {"the-key", "the-token"} <= secrets.hidden()
    assert "LTAI1" not in secrets.mask("AccessKeyId LTAI1")
