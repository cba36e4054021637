# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens: obtained once, renewed once, shared by all workers."""

from __future__ import annotations

import threading
from typing import Any, Callable

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._core.auth import Token, TokenAuth
from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import BackupError
from ansible_collections.multivendor.backup.plugins.module_utils._core.exchange import Call
from ansible_collections.multivendor.backup.tests.unit.plugins.module_utils._core.wire import (
    FakeTime,
    Request,
    client,
    said,
)


class Guard:
    """Answers 401 unless the token is among the good ones."""

    def __init__(self, *good: str) -> None:
        self.good = set(good)
        self.together = threading.Barrier(8)
        self.meet = False

    def __call__(self, connected: Any, request: Request) -> None:
        token = request.headers.get("authorization", "").replace("Bearer ", "")
        if self.meet and token == "t1":
            self.together.wait(10)
        connected.sendall(said({"ok": token}) if token in self.good else said({"message": "expired"}, 401))


def tokens(lifetime: float | None = None) -> Callable[[], Token]:
    numbers = iter(range(1, 100))
    return lambda: Token(f"t{next(numbers)}", lifetime)


def count(obtain: Callable[[], Token]) -> tuple[Callable[[], Token], list[Token]]:
    got: list[Token] = []

    def obtained() -> Token:
        got.append(obtain())
        return got[-1]

    return obtained, got


def bearer(time: FakeTime, **more: Any) -> TokenAuth:
    return TokenAuth("Authorization", time.clock(), prefix="Bearer ", **more)


def side_by_side(work: Callable[[], Any], width: int = 8) -> list[Any]:
    results: list[Any] = []

    def run() -> None:
        try:
            results.append(work())
        except BackupError as error:
            results.append(error)

    threads = [threading.Thread(target=run, daemon=True) for _number in range(width)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return results


def test_a_given_token_is_all_there_is(serve: Any, time: FakeTime) -> None:
    server = serve(Guard("other"))
    http = client(clock=time.clock(), auth=bearer(time, token=Token("t0")))
    with pytest.raises(BackupError) as caught:
        http.get(server.url, "list")
    assert caught.value.code == "auth_failed"
    assert caught.value.message == "expired"
    assert len(server.requests) == 1


def test_a_token_is_obtained_when_the_first_request_needs_it_and_kept(serve: Any, time: FakeTime) -> None:
    obtain, got = count(tokens())
    auth = bearer(time, obtain=obtain)
    assert auth.token is None
    http = client(clock=time.clock(), auth=auth)
    server = serve(Guard("t1"))
    for _number in range(3):
        assert http.get(server.url, "list") == {"ok": "t1"}
    assert auth.token == "t1"
    assert len(got) == 1


def test_eight_workers_share_the_first_token(serve: Any, time: FakeTime) -> None:
    obtain, got = count(tokens())
    http = client(clock=time.clock(), auth=bearer(time, obtain=obtain), parallel=8)
    server = serve(Guard("t1"))
    assert side_by_side(lambda: http.get(server.url, "list")) == [{"ok": "t1"}] * 8
    assert len(got) == 1


def test_eight_workers_share_one_renewal(serve: Any, time: FakeTime) -> None:
    obtain, got = count(tokens())
    http = client(clock=time.clock(), auth=bearer(time, obtain=obtain), parallel=8)
    guard = Guard("t2")
    guard.meet = True
    server = serve(guard)
    assert side_by_side(lambda: http.get(server.url, "list")) == [{"ok": "t2"}] * 8
    assert [token.value for token in got] == ["t1", "t2"]


def test_and_fail_when_the_new_one_is_refused_too(serve: Any, time: FakeTime) -> None:
    obtain, got = count(tokens())
    http = client(clock=time.clock(), auth=bearer(time, obtain=obtain), parallel=8)
    guard = Guard()
    guard.meet = True
    server = serve(guard)
    errors = side_by_side(lambda: http.get(server.url, "list"))
    assert [error.code for error in errors] == ["auth_failed"] * 8
    assert len(got) == 2
    assert len(server.requests) == 16
    with pytest.raises(BackupError):
        http.get(server.url, "list")
    assert len(got) == 2  # so soon after, another token would be no better


def test_a_later_expiry_is_renewed_again(serve: Any, time: FakeTime) -> None:
    obtain, got = count(tokens())
    http = client(clock=time.clock(), auth=bearer(time, obtain=obtain), deadline=10_000.0)
    guard = Guard("t2")
    server = serve(guard)
    http.get(server.url, "list")
    time.pass_by(1000)
    guard.good = {"t3"}
    assert http.get(server.url, "list") == {"ok": "t3"}
    assert len(got) == 3


def test_a_call_may_forgo_renewal(serve: Any, time: FakeTime) -> None:
    obtain, got = count(tokens())
    http = client(clock=time.clock(), auth=bearer(time, obtain=obtain))
    server = serve(Guard("t2"))
    for more in ({"renewable": False}, {"auth": lambda request: request}):
        with pytest.raises(BackupError, match="expired"):
            http.call(Call("GET", server.url, "list", **more))
    assert len(got) == 1


def test_a_token_is_renewed_before_it_ends(serve: Any, time: FakeTime) -> None:
    obtain, _got = count(tokens(lifetime=1000))
    http = client(clock=time.clock(), auth=bearer(time, obtain=obtain), deadline=10_000.0)
    server = serve(Guard("t1", "t2"))
    seen = []
    for seconds in (0, 939, 2, 500):
        time.pass_by(seconds)
        seen.append(http.get(server.url, "list")["ok"])
    assert seen == ["t1", "t1", "t2", "t2"]
    assert len(server.requests) == 4


def test_a_short_life_is_used_for_the_most_part(serve: Any, time: FakeTime) -> None:
    obtain, got = count(tokens(lifetime=10))
    auth = bearer(time, obtain=obtain)
    http = client(clock=time.clock(), auth=auth, deadline=10_000.0)
    server = serve(Guard("t1", "t2"))
    for seconds in (0, 8, 2):
        time.pass_by(seconds)
        http.get(server.url, "list")
    assert len(got) == 2


@pytest.mark.parametrize("lifetime", [0, -5, 0.0])
def test_a_token_that_seems_to_have_ended_is_used_until_it_is_refused(
    serve: Any, time: FakeTime, lifetime: float
) -> None:
    """Clocks differ: a server that issues a token thinks it good."""
    obtain, got = count(tokens(lifetime))
    http = client(clock=time.clock(), auth=bearer(time, obtain=obtain))
    server = serve(Guard("t1"))
    for _number in range(3):
        http.get(server.url, "list")
    assert len(got) == 1


def test_a_failed_login_fails_all_workers_and_is_tried_once(serve: Any, time: FakeTime) -> None:
    tried = []

    def obtain() -> Token:
        tried.append(1)
        threading.Event().wait(0.1)
        raise BackupError("auth_failed", "unknown user", doing="log on")

    http = client(clock=time.clock(), auth=bearer(time, obtain=obtain), parallel=8)
    server = serve(said({}))
    errors = side_by_side(lambda: http.get(server.url, "list"))
    assert [error.message for error in errors] == ["unknown user"] * 8
    assert len({id(error) for error in errors}) == 8  # each may be completed by whoever catches it
    assert len(tried) == 1
    assert server.requests == []


def test_a_renewal_that_fails_says_why(serve: Any, time: FakeTime) -> None:
    answers = [Token("t1")]

    def obtain() -> Token:
        if answers:
            return answers.pop()
        raise BackupError("unavailable", "the token service is down", doing="renew the token")

    http = client(clock=time.clock(), auth=bearer(time, obtain=obtain))
    with pytest.raises(BackupError, match="token service is down"):
        http.get(serve(Guard()).url, "list")


def test_a_login_through_the_same_client_needs_no_second_turn(serve: Any, time: FakeTime) -> None:
    server = serve(said({"token": "t1"}), Guard("t1"))
    http = client(parallel=1)

    def obtain() -> Token:
        return Token(http.call(Call("POST", server.url, "log on", auth=lambda request: request))["token"])

    http.auth = bearer(time, obtain=obtain)
    assert http.get(server.url, "list") == {"ok": "t1"}
