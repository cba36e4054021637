# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which answers are asked for again, after how long, and which are not."""

from __future__ import annotations

import gzip
import socket
import threading
from time import tzset
from typing import Any, Callable

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import BackupError
from ansible_collections.multivendor.backup.plugins.module_utils._core.exchange import Call
from ansible_collections.multivendor.backup.plugins.module_utils._core.http import HttpClient, RetryPolicy
from ansible_collections.multivendor.backup.tests.unit.plugins.module_utils._core.wire import (
    FakeTime,
    Request,
    chunked,
    client,
    hang,
    reply,
    said,
    then_close,
    then_reset,
)

GOOD = said({"good": True})
ZIPPED = gzip.compress(b'{"good": true}')

PASSING = {
    "closed without an answer": then_close(b""),
    "closed in the status line": then_close(b"HTTP/1.1 2"),
    "closed in the headers": then_close(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX-A"),
    "reset before the answer": then_reset(),
    "reset in the body": then_reset(reply(b'{"good": true', Content_Length="900")),
    "reset in a chunk": then_reset(chunked(b'{"good":', end=b"400\r\nxx")),
    "truncated by length": then_close(reply(b'{"good": true}', Content_Length="15")),
    "truncated by length, valid so far": then_close(reply(b"{}", Content_Length="4")),
    "truncated between chunks": then_close(chunked(b"{}", end=b"")),
    "truncated in a chunk": then_close(chunked(end=b"ff\r\n{}")),
    "truncated in the size of a chunk": then_close(chunked(b"{}", end=b"f")),
    "no size of a chunk": then_close(chunked(b"{}", end=b"zz\r\n\r\n")),
    "truncated gzip": reply(ZIPPED[:-9], Content_Encoding="gzip"),
    "truncated gzip trailer": reply(ZIPPED[:-1], Content_Encoding="gzip"),
    "corrupt gzip": reply(ZIPPED[:-8] + b"\0" * 8, Content_Encoding="gzip"),
    "no gzip": reply(b'{"good": true}', Content_Encoding="gzip"),
    "unknown encoding": reply(b'{"good": true}', Content_Encoding="br"),
    "no JSON": reply(b"good"),
    "half a JSON": reply(b'{"good": tr'),
    "empty": reply(b""),
    "a web page": reply(b"<!DOCTYPE html><html>Log in</html>", Content_Type="text/html"),
    "NaN": reply(b'{"good": NaN}'),
    "nested": reply(b"[" * 100_000),
    "500": said({"message": "oh"}, 500),
    "502 with a page": reply(b"<html>Bad gateway</html>", 502, Content_Type="text/html"),
    "503 without a body": reply(b"", 503),
    "504": said({}, 504),
    "599": said({}, 599),
    "429": said({}, 429),
    "408": said({}, 408),
    "the provider's own word": said({"code": "Throttling.User", "message": "slow down"}, 400),
}


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_what_may_pass_is_tried_again(serve: Any, time: FakeTime, fault: Any) -> None:
    server = serve(fault, fault, GOOD)
    http = client(clock=time.clock())
    assert http.get(server.url + "/list", "list") == {"good": True}
    assert len(server.requests) == 3
    assert http.counts()["requests"] == 3
    assert http.counts()["retries"] == 2
    assert len(time.slept) == 2


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_and_fails_when_it_does_not_pass(serve: Any, time: FakeTime, fault: Any) -> None:
    server = serve(fault)
    http = client(clock=time.clock(), retries=2)
    with pytest.raises(BackupError) as caught:
        http.get(server.url + "/list", "read the list")
    assert caught.value.code in ("connection", "bad_answer", "unavailable", "timeout", "throttled")
    assert str(caught.value).startswith("Could not read the list: ")
    assert caught.value.provider == "acme"
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 410, 422, 501])
def test_what_cannot_pass_is_not_tried_again(serve: Any, time: FakeTime, status: int) -> None:
    server = serve(said({"code": "Why", "message": "because"}, status, X_Request_Id="r-1"))
    with pytest.raises(BackupError) as caught:
        client(clock=time.clock()).get(server.url, "list")
    code = {401: "auth_failed", 403: "forbidden", 404: "not_found", 501: "unsupported"}.get(status, "rejected")
    assert caught.value.code == code
    assert caught.value.facts()["message"] == "because"
    assert caught.value.facts()["provider_code"] == "Why"
    assert caught.value.facts()["request_id"] == "r-1"
    assert caught.value.facts()["http_status"] == status
    assert len(server.requests) == 1
    assert time.slept == []


def test_hints_are_the_provider_s_where_it_has_some(serve: Any) -> None:
    with pytest.raises(BackupError) as caught:
        client().get(serve(said({}, 403)).url, "list")
    assert caught.value.hint == "Ask Acme."


def test_a_final_error_is_final(serve: Any, time: FakeTime) -> None:
    server = serve(said({"message": "no such task", "final": True}, 500))
    with pytest.raises(BackupError):
        client(clock=time.clock()).get(server.url, "list")
    assert len(server.requests) == 1


def test_no_retries(serve: Any, time: FakeTime) -> None:
    server = serve(said({}, 503))
    with pytest.raises(BackupError, match="503"):
        client(clock=time.clock(), retries=0).get(server.url, "list")
    assert len(server.requests) == 1
    assert time.slept == []


def test_connection_refused(time: FakeTime) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    http = client(clock=time.clock(), retries=2)
    with pytest.raises(BackupError) as caught:
        http.get(f"http://127.0.0.1:{port}/list?token=s3cr3t", "list")
    assert caught.value.code == "connection"
    assert "refused" in caught.value.message
    assert f"refused (127.0.0.1:{port})" in caught.value.message
    assert "list?" not in str(caught.value)
    assert http.counts() == {"requests": 3, "retries": 2, "throttled": 0}


def test_back_off_doubles_with_full_jitter_up_to_a_cap(serve: Any, time: FakeTime) -> None:
    http = client(clock=time.clock(), retries=6, policy=RetryPolicy(base=0.5, cap=4.0))
    with pytest.raises(BackupError):
        http.get(serve(said({}, 503)).url, "list")
    assert time.drawn == [(0, 0.5), (0, 1.0), (0, 2.0), (0, 4.0), (0, 4.0), (0, 4.0)]
    assert time.slept == [0.5, 1.0, 2.0, 4.0, 4.0, 4.0]


def test_many_retries_do_not_overflow() -> None:
    assert RetryPolicy().delay(5000, FakeTime().clock()) == 30.0


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("headers", "lowest", "highest"),
    [
        ({"Retry_After": "7"}, 7, 7.5),
        ({"Retry_After": "1"}, 1, 1.25),
        ({"Retry_After": " 7 "}, 7, 7.5),
        ({"Retry_After": "Fri, 15 Jan 2027 08:00:09 GMT"}, 9, 9.5),
        ({"Retry_After": "Fri, 15 Jan 2027 09:00:09 GMT", "Date": "Fri, 15 Jan 2027 09:00:00 GMT"}, 9, 9.5),
        ({"Retry_After": "Fri, 15 Jan 2027 07:00:00 GMT"}, 0, 0.5),
        ({"x_acs_retry_after": "2500"}, 2.5, 3),
        ({"x_acs_retry_after": "2500", "Retry_After": "9"}, 2.5, 3),
        ({"x_acs_retry_after": "soon", "Retry_After": "9"}, 9, 9.5),
        ({}, 0, 0.5),
        ({"Retry_After": "0"}, 0, 0.5),
        ({"Retry_After": "soon"}, 0, 0.5),
        ({"Retry_After": "-5"}, 0, 0.5),
        ({"Retry_After": "1.5"}, 0, 0.5),
        ({"Retry_After": "\xb2"}, 0, 0.5),
        ({"x_acs_retry_after": "\xb2"}, 0, 0.5),
        ({"Retry_After": ""}, 0, 0.5),
        ({"Retry_After": "Fri, 99 Zzz 2027 08:00:09 GMT"}, 0, 0.5),
        ({"Retry_After": "Fri, 15 Jan 99999999999999 08:00:09 GMT"}, 0, 0.5),
    ],
)
def test_the_server_says_when(
    serve: Any, time: FakeTime, status: int, headers: dict[str, str], lowest: float, highest: float
) -> None:
    http = client(clock=time.clock())
    assert http.get(serve(said({}, status, **headers), GOOD).url, "list") == {"good": True}
    (slept,) = time.slept
    assert lowest <= slept <= highest


def test_a_server_that_says_zero_is_not_hammered(serve: Any, time: FakeTime) -> None:
    with pytest.raises(BackupError):
        client(clock=time.clock()).get(serve(said({}, 429, Retry_After="0")).url, "list")
    assert sum(time.slept) > 5


@pytest.mark.parametrize("wish", ["61", "999999999999999999999999", "9" * 5000])
def test_a_wait_beyond_the_deadline_fails_at_once(serve: Any, time: FakeTime, wish: str) -> None:
    server = serve(said({"message": "slow down"}, 429, Retry_After=wish))
    http = client(clock=time.clock())
    with pytest.raises(BackupError) as caught:
        http.get(server.url, "list")
    assert caught.value.code == "throttled"
    assert "slow down" in caught.value.message
    assert "deadline" in caught.value.message
    assert time.slept == []
    assert http.counts() == {"requests": 1, "retries": 0, "throttled": 1}


def test_back_off_ends_at_the_deadline(serve: Any, time: FakeTime) -> None:
    http = client(clock=time.clock(), retries=100, deadline=100.0)
    with pytest.raises(BackupError) as caught:
        http.get(serve(said({}, 503)).url, "list")
    assert caught.value.code == "unavailable"
    assert sum(time.slept) <= 100


def test_throttled_answers_are_counted_also_the_last(serve: Any, time: FakeTime) -> None:
    http = client(clock=time.clock(), retries=1)
    with pytest.raises(BackupError):
        http.get(serve(said({}, 429)).url, "list")
    assert http.counts() == {"requests": 2, "retries": 1, "throttled": 2}


def test_a_throttle_pauses_all_workers(serve: Any, time: FakeTime) -> None:
    """While one worker is told to wait, another that begins a call waits as well."""
    server = serve(said({}, 429, Retry_After="20"), GOOD)
    waiting = threading.Event()
    go_on = threading.Event()
    clock = time.clock()
    first = True

    def sleep(seconds: float) -> None:
        nonlocal first
        if first:
            first = False
            waiting.set()
            go_on.wait(10)
        clock.sleep(seconds)

    http = client(clock=type(clock)(clock.monotonic, clock.wall, sleep, clock.uniform))
    worker = threading.Thread(target=lambda: http.get(server.url, "list"), daemon=True)
    worker.start()
    assert waiting.wait(10)
    before = time.monotonic
    http.get(server.url, "list")
    assert time.monotonic - before >= 20
    go_on.set()
    worker.join(10)
    assert len(server.requests) == 3


# Writes


def post(http: HttpClient, url: str, **more: Any) -> Any:
    return http.call(Call("POST", url, "log on", json={"user": "u"}, safe=False, **more))


@pytest.mark.parametrize(
    "fault",
    [
        then_close(b""),
        then_reset(),
        said({}, 500),
        said({}, 502),
        said({}, 503),
        said({}, 504),
        reply(b"{"),
        reply(b""),
    ],
    ids=["closed", "reset", "500", "502", "503", "504", "half", "empty"],
)
def test_a_write_that_may_have_arrived_is_not_repeated(serve: Any, time: FakeTime, fault: Any) -> None:
    server = serve(fault)
    with pytest.raises(BackupError):
        post(client(clock=time.clock()), server.url)
    assert len(server.requests) == 1


def test_nor_after_silence(serve: Any) -> None:
    server = serve(hang)
    with pytest.raises(BackupError) as caught:
        post(client(timeout=0.2), server.url)
    assert caught.value.code == "timeout"
    assert len(server.requests) == 1


def test_a_write_is_repeated_when_it_was_throttled(serve: Any, time: FakeTime) -> None:
    server = serve(said({}, 429), GOOD)
    assert post(client(clock=time.clock()), server.url) == {"good": True}
    assert [request.body for request in server.requests] == [b'{"user": "u"}'] * 2


def test_a_write_is_repeated_when_nobody_listened(time: FakeTime) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    http = client(clock=time.clock(), retries=3)
    with pytest.raises(BackupError):
        post(http, f"http://127.0.0.1:{port}/")
    assert http.counts()["requests"] == 4


def test_a_write_through_a_proxy_that_resets_is_not_repeated(serve: Any, time: FakeTime) -> None:
    proxy = serve(then_reset())
    with pytest.raises(BackupError):
        post(client(clock=time.clock(), proxy=proxy.url), "http://api.example.com/")
    assert len(proxy.requests) == 1


def test_a_failed_login_is_not_repeated_by_the_read_that_needed_it(serve: Any, time: FakeTime) -> None:
    """The login has had its attempts; a logon that may have arrived opens no second session."""
    from ansible_collections.multivendor.backup.plugins.module_utils._core.auth import Token, TokenAuth

    server = serve(then_reset())
    http = client(clock=time.clock())

    def obtain() -> Token:
        return Token(post(http, server.url + "/login", auth=lambda request: request)["token"])

    http.auth = TokenAuth("X-Token", time.clock(), obtain=obtain)
    with pytest.raises(BackupError) as caught:
        http.get(server.url + "/list", "list")
    assert caught.value.doing == "log on"
    assert [request.target for request in server.requests] == ["/login"]


# Each attempt


def test_each_attempt_is_signed_anew(serve: Any, time: FakeTime) -> None:
    server = serve(said({}, 503), then_close(b""), said({}, 429), GOOD)
    nonces = iter(range(10))

    def sign(request: Any) -> Any:
        request.headers["X-Nonce"] = str(next(nonces))
        return request

    client(clock=time.clock(), auth=sign).get(server.url, "list")
    assert [request.headers["x-nonce"] for request in server.requests] == ["0", "1", "2", "3"]


def test_an_address_that_cannot_be_used_is_a_plain_error(time: FakeTime) -> None:
    for url in ("http://.example.com/?token=s3cr3t", "http://exa\0mple.com/?s3cr3t", "http://*.example.com/s3cr3t"):
        with pytest.raises(BackupError) as caught:
            client(clock=time.clock()).get(url, "list")
        assert "s3cr3t" not in str(caught.value)
        assert "example" not in str(caught.value)
        assert caught.value.__context__ is None


def test_a_name_that_does_not_exist_is_final(time: FakeTime, monkeypatch: pytest.MonkeyPatch) -> None:
    http = client(clock=time.clock(), timeout=5.0)
    with pytest.raises(BackupError) as caught:
        http.get("http://no-such-host.invalid/?s3cr3t", "list")
    assert caught.value.code == "connection"
    assert "name of the server" in caught.value.message


def test_a_closed_client_makes_no_request(serve: Any) -> None:
    server = serve(GOOD)
    http = client()
    http.get(server.url, "list")
    http.close()
    with pytest.raises(BackupError) as caught:
        http.get(server.url, "list")
    assert caught.value.code == "deadline"
    assert len(server.requests) == 1


def test_the_request_is_what_was_asked_for(serve: Any) -> None:
    server = serve(GOOD)
    client().get(server.url + "/a%2Fb", "list", params={"q": "ä b", "none": None, "n": 1}, headers={"X-Own": "1"})
    (request,) = server.requests
    assert (request.method, request.target) == ("GET", "/a%2Fb?q=%C3%A4+b&n=1")
    assert request.headers["x-own"] == "1"
    assert request.headers["accept-encoding"] == "gzip"
    assert request.headers["user-agent"].startswith("multivendor.backup/")
    assert "cookie" not in request.headers


def test_decoding_of_one_call(serve: Any) -> None:
    http = client()
    url = serve(reply(b"text")).url
    assert http.get(url, "list", decode=lambda answer: answer.body) == b"text"


@pytest.mark.parametrize(
    "problem",
    [
        ValueError("odd"),
        TypeError("s3cr3t"),
        KeyError("s3cr3t"),
        AttributeError("s3cr3t"),
        OverflowError(),
        IndexError(),
    ],
)
def test_whatever_decoding_stumbles_over_is_a_bad_answer(serve: Any, problem: Exception) -> None:
    def decode(_answer: Any) -> Any:
        raise problem

    with pytest.raises(BackupError) as caught:
        client(retries=0).get(serve(GOOD).url, "list", decode=decode)
    assert caught.value.code == "bad_answer"
    assert "s3cr3t" not in str(caught.value)
    assert caught.value.__context__ is None


# The server's clock


def test_clocks_are_compared(serve: Any, time: FakeTime) -> None:
    http = client(clock=time.clock())
    assert http.now() == time.wall
    http.get(serve(said({}, Date="Fri, 15 Jan 2027 08:00:59 GMT")).url, "list")
    assert http.clock_offset == 59
    assert http.now() == time.wall  # so little may be the network
    http = client(clock=time.clock())
    http.get(serve(said({}, Date="Fri, 15 Jan 2027 07:00:00 GMT")).url, "list")
    assert http.now() == time.wall - 3600
    for nonsense in ("never", "", "0", "Fri, 99 Zzz 2027 08:00:09 GMT", "Fri, 15 Jan 999999999 08:00:09 GMT"):
        http.get(serve(said({}, Date=nonsense)).url, "list")
        assert http.now() == time.wall - 3600


def test_answers_that_cannot_be_of_one_clock_leave_us_ours(serve: Any, time: FakeTime) -> None:
    http = client(clock=time.clock())
    for hour in (7, 8, 7):
        http.get(serve(said({}, Date=f"Fri, 15 Jan 2027 0{hour}:00:00 GMT")).url, "list")
    assert http.clocks_differ
    assert (http.clock_offset, http.now()) == (0.0, time.wall)
    http.begin()
    assert not http.clocks_differ


def test_a_date_without_a_zone_is_utc(serve: Any, time: FakeTime, monkeypatch: pytest.MonkeyPatch) -> None:
    http = client(clock=time.clock())
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    tzset()
    http.get(serve(said({}, Date="Fri, 15 Jan 2027 09:00:00 -0000")).url, "list")
    monkeypatch.undo()
    tzset()
    assert http.clock_offset == 3600


def test_a_slow_body_is_no_wrong_clock(serve: Any, time: FakeTime) -> None:
    def slowly(connected: socket.socket, _request: Request) -> None:
        connected.sendall(reply(b'{"a"', Content_Length="8", Date="Fri, 15 Jan 2027 08:00:00 GMT"))
        threading.Event().wait(0.2)
        time.pass_by(300)
        connected.sendall(b": 1}")

    http = client(clock=time.clock(), deadline=1000.0)
    http.get(serve(slowly).url, "list")
    assert abs(http.clock_offset) < 1


# Connections


def test_connections_are_kept(serve: Any) -> None:
    server = serve(GOOD, chunked(b"{}"), reply(gzip.compress(b"{}"), Content_Encoding="gzip"), said({}, 404), GOOD)
    http = client()
    for _number in range(3):
        http.get(server.url, "list")
    with pytest.raises(BackupError):
        http.get(server.url, "list")
    http.get(server.url, "list")
    assert server.connections == 1


def test_a_connection_that_the_server_gave_up_is_replaced(serve: Any, time: FakeTime) -> None:
    server = serve(then_close(GOOD), GOOD)
    http = client(clock=time.clock())
    http.get(server.url, "list")
    threading.Event().wait(0.1)
    assert http.get(server.url, "list") == {"good": True}


def test_at_most_so_many_requests_at_once(serve: Any) -> None:
    def slowly(connected: socket.socket, _request: Request) -> None:
        threading.Event().wait(0.03)
        connected.sendall(GOOD)

    server = serve(slowly)
    http = client(parallel=3)
    run: Callable[[], Any] = lambda: http.get(server.url, "list")  # noqa: E731
    workers = [threading.Thread(target=run, daemon=True) for _number in range(12)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(10)
    assert len(server.requests) == 12
    assert server.busiest == 3
    assert server.connections <= 3
