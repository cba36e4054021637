# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever people write into options, and whatever stands at the other end: a clear error, soon; nothing hangs."""

from __future__ import annotations

import json
import socket
import threading
import time
import zlib

import pytest

from tests.modules import CALLS, ModuleRunner, needed
from tests.simulator import Fault, Simulator, VeeamData
from tests.support import reach, same

READERS = tuple(CALLS)


@pytest.fixture(scope="module")
def simulator():
    with Simulator(veeam=VeeamData(sessions=5)) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_faults(simulator):
    yield
    simulator.clear_faults()


@pytest.fixture(scope="module")
def runner():
    with ModuleRunner() as running:
        yield running


def run(runner, simulator, module, env=None, **options):
    return runner.run(
        module, reach(simulator, CALLS[module][0], **{"retries": 0, **needed(module, simulator), **options}), env
    )


def check_refused(ended, *words, limit=5):
    """An error that says what is wrong: no traceback, no defect, and all these words in it."""
    assert ended.rc == 1, ended.stdout
    assert "Traceback" not in ended.stdout + ended.stderr
    assert ended.error.get("code") != "defect", ended.result["msg"]
    assert ended.seconds < limit
    for word in words:
        assert word in ended.result["msg"]


# What is refused before the first request: module, options, words of the message

YANDEX, CLUMIO, VEEAM, PETADATA = (
    "yandex_backup_task_info",
    "clumio_backup_task_info",
    "veeam_backup_session_info",
    "petadata_backup_task_info",
)
EVERYWHERE = [
    ({"timeout": -1}, "timeout"),
    ({"timeout": 0}, "timeout"),
    ({"timeout": "soon"}, "timeout"),
    ({"timeout": "nan"}, "timeout"),
    ({"timeout": "inf"}, "timeout"),
    ({"deadline": 0}, "deadline"),
    ({"deadline": -300}, "deadline"),
    ({"deadline": 10**9}, "deadline"),
    ({"retries": -1}, "retries"),
    ({"retries": 10**6}, "retries"),
    ({"parallel": 0}, "parallel"),
    ({"parallel": 10000}, "parallel"),
    ({"page_size": 0}, "page_size"),
    ({"page_size": -5}, "page_size"),
    ({"page_size": 10**9}, "page_size"),
    ({"page_size": "many"}, "page_size"),
    ({"ca_path": "/nowhere/ca.pem"}, "ca_path"),
    ({"ca_path": "/etc/passwd"}, "ca_path"),
    ({"ca_path": "a\u0000b"}, "ca_path"),
    ({"validate_certs": False}, "ca_path"),
    ({"client_key": "/etc/passwd"}, "client_key"),
    ({"client_cert": "/nowhere/cert.pem"}, "client_cert"),
    ({"client_cert": "/etc/passwd"}, "client_cert"),
    ({"client_cert": "a\u0000b"}, "client_cert"),
    ({"proxy": "proxy.example.com"}, "proxy"),
    ({"proxy": "ftp://proxy"}, "proxy"),
    ({"proxy": "http://proxy:port"}, "proxy"),
    ({"proxy": "http://[::1"}, "proxy"),
    ({"proxy": "http://"}, "proxy"),
    ({"proxy": "http://a b:1"}, "proxy"),
    ({"proxy": "http://pro\nxy:1"}, "proxy"),
    ({"unknown_option": 1}, "unknown_option"),
]


@pytest.mark.parametrize("module", [YANDEX, CLUMIO, VEEAM, PETADATA])
def test_connection_options(runner, simulator, module):
    before = len(simulator.log)
    runs = runner.run_all(
        [
            (module, {**reach(simulator, CALLS[module][0], retries=0, **needed(module, simulator)), **options}, {})
            for options, _reason in EVERYWHERE
        ]
    )
    for (options, word), ended in zip(EVERYWHERE, runs):
        assert word in ended.result["msg"], options
        check_refused(ended, word)
    assert len(simulator.log) == before


ADDRESSES = [
    "",
    " ",
    "em.example.com",
    "em.example.com:9398",
    "htps://em.example.com",
    "https//em.example.com",
    "https:/em.example.com",
    "https://",
    "https://:9398",
    "https://em.example.com:port",
    "https://em.example.com:99999",
    "https://em.example.com:-1",
    "https://em example.com",
    "https://em.example.com/?x=1",
    "https://em.example.com/#x",
    "https://[::1",
    "https://em.example.com\\api",
    "https://em.exam\nple.com",
    "https://em.exam\u0000ple.com",
    "http://em.example.com",
    "file:///etc/passwd",
    "//em.example.com",
]
ODD = [
    "https://*.example.com",
    "https://.example.com",
    "https://em..invalid",
    "https://" + "a" * 64 + ".invalid",
    "https://exämple..invalid",
    "https://\u202eem.invalid",
    "https://em.invalid",
    "https://127.0.0.1:0",
]


def address(module, url):
    return {"api_url" if CALLS[module][0] == "yandex" else "url": url}


@pytest.mark.parametrize("module", [YANDEX, CLUMIO, VEEAM, PETADATA])
def test_addresses_with_typos(runner, simulator, module):
    usual = reach(simulator, CALLS[module][0], retries=0, deadline=4, **needed(module, simulator))
    runs = runner.run_all([(module, {**usual, **address(module, url)}, {}) for url in ADDRESSES])
    codes = {url: (ended.error["code"], "url`" in ended.result["msg"]) for url, ended in zip(ADDRESSES, runs)}
    assert {url: said for url, said in codes.items() if said != ("bad_option", True)} == {}
    for url, ended in zip(ODD, runner.run_all([(module, {**usual, **address(module, url)}, {}) for url in ODD])):
        check_refused(ended)
        assert ended.error["code"] in ("connection", "bad_option", "deadline"), (url, ended.result["msg"])
        assert "ValueError" not in ended.result["msg"]
        assert "Error:" not in ended.result["msg"]


@pytest.mark.parametrize(
    ("module", "options", "words"),
    [
        (YANDEX, {"iam_token": ""}, ["iam_token", "empty"]),
        (YANDEX, {"folder_id": "x" * 60}, ["folder_id", "60", "50"]),
        (YANDEX, {"folder_id": ""}, ["folder_id"]),
        (YANDEX, {"folder_id": None}, ["folder_id", "YC_FOLDER_ID"]),
        (YANDEX, {"since": "2h", "until": "3h"}, ["until", "since"]),
        (YANDEX, {"since": "2026-02-30T00:00:00Z"}, ["since", "RFC 3339"]),
        (YANDEX, {"since": "99999999w"}, ["since"]),
        (YANDEX, {"service_account_key_file": "/nowhere/key.json"}, ["service_account_key_file", "no such file"]),
        (YANDEX, {"service_account_key_file": "/etc/hostname"}, ["service_account_key", "authorized key"]),
        (YANDEX, {"service_account_key_file": "/"}, ["service_account_key_file", "directory"]),
        (YANDEX, {"iam_token": "y0_AgAAAABexample"}, ["iam_token", "OAuth", "yc iam create-token"]),
        (YANDEX, {"iam_token": "t1.a.b", "service_account_key": "{}"}, ["mutually exclusive"]),
        (YANDEX, {"iam_token": "t1.a.b", "instance_metadata": True}, ["instance_metadata"]),
        (YANDEX, {"compute_instance_ids": ["fhm1"]}, ["mutually exclusive"]),
        (YANDEX, {"iam_token": "t1.a\nb.c"}, ["iam_token", "line breaks"]),
        (YANDEX, {"api_host": "https://api.cloud.yandex.net"}, ["api_host"]),
        (CLUMIO, {"api_token": ""}, ["api_token", "empty"]),
        (CLUMIO, {"api_token": "a\r\nX-Evil: 1"}, ["api_token"]),
        (CLUMIO, {"organizational_unit_context": "ü"}, ["organizational_unit_context", "ASCII"]),
        (CLUMIO, {"filter": "status=failed"}, ["filter"]),
        (CLUMIO, {"filter": ["status"]}, ["filter"]),
        (CLUMIO, {"filter": {"status": "failed"}}, ["filter", "$in"]),
        (CLUMIO, {"ids": []}, ["ids", "empty"]),
        (CLUMIO, {"created_after": "1h", "created_before": "2h"}, ["created_before"]),
        (CLUMIO, {"primary_entity_id": "\u0007"}, ["primary_entity_id"]),
        (VEEAM, {"username": "u"}, ["username", "password"]),
        (VEEAM, {"username": "u", "password": "my-password", "session_token": "my-token"}, ["mutually exclusive"]),
        (VEEAM, {"username": "u", "password": ""}, ["password", "empty"]),
        (VEEAM, {"username": "a:b", "password": "p"}, ["username", "colon"]),
        (VEEAM, {"session_token": ""}, ["session_token", "empty"]),
        (VEEAM, {"session_token": "a\nb"}, ["session_token"]),
        (VEEAM, {"kind": "everything"}, ["kind", "restore"]),
        (VEEAM, {"kind": "restore", "job_names": ["a"]}, ["job_names"]),
        (VEEAM, {"format": "yaml"}, ["format", "json"]),
        (VEEAM, {"username": "u", "password": "my-password", "api_version": "13"}, ["api_version", "v1_7"]),
        (VEEAM, {"since": "now"}, ["since"]),
        (PETADATA, {"access_key_id": "LTAI"}, ["access_key_secret", "missing"]),
        (PETADATA, {"access_key_id": "LTAI", "access_key_secret": ""}, ["access_key_secret", "empty"]),
        (PETADATA, {"instance_ids": []}, ["instance_ids", "empty"]),
        (PETADATA, {"instance_ids": None}, ["instance_ids"]),
        (PETADATA, {"task_statuses": ["Success"]}, ["task_statuses", "0"]),
        (PETADATA, {"task_statuses": []}, ["task_statuses"]),
        (PETADATA, {"page_size": 40}, ["page_size", "30", "1000"]),
        (PETADATA, {"start_time": "2h", "end_time": "3h"}, ["end_time", "start_time"]),
        (PETADATA, {"format": ""}, ["format"]),
    ],
)
def test_options_of_providers(runner, simulator, module, options, words):
    before = len(simulator.log)
    check_refused(run(runner, simulator, module, **options), *words)
    assert len(simulator.log) == before


def test_an_environment_that_contradicts_the_options(runner, simulator):
    """What is given explicitly counts, alone; a token of the environment never completes it."""
    lies = {
        "YC_IAM_TOKEN": "t1.wrong.wrong",
        "YC_SERVICE_ACCOUNT_KEY_FILE": "/nowhere",
        "YC_ENDPOINT": "wrong.invalid",
        "YC_FOLDER_ID": "wrong",
        "CLUMIO_API_TOKEN": "wrong",
        "CLUMIO_API_BASE_URL": "https://wrong.invalid",
        "VEEAM_EM_URL": "https://wrong.invalid",
        "VEEAM_EM_USERNAME": "wrong",
        "VEEAM_EM_PASSWORD": "wrong",
        "ALICLOUD_ACCESS_KEY": "wrong",
        "ALICLOUD_SECURITY_TOKEN": "wrong",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "wrong",
    }
    for module in READERS:
        ended = run(runner, simulator, module, env=lies)
        assert ended.rc == 0, ended.result["msg"]


def test_the_certificate_of_another_authority(runner, simulator):
    for module in READERS:
        ended = run(runner, simulator, module, ca_path=simulator.other_ca_path)
        check_refused(ended, "not trusted", "ca_path")
        assert ended.error["code"] == "tls"
        ended = run(runner, simulator, module, ca_path=None)
        assert ended.error["code"] == "tls"
    assert run(runner, simulator, CLUMIO, ca_path=None, validate_certs=False).rc == 0
    # Variables of the environment do not go before the option.
    assert run(runner, simulator, CLUMIO, env={"REQUESTS_CA_BUNDLE": simulator.other_ca_path}).rc == 0
    assert run(runner, simulator, CLUMIO, env={"REQUESTS_CA_BUNDLE": simulator.ca_path}, ca_path=None).rc == 0


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_wrong_scheme_for_the_port(runner, simulator, scheme):
    with Simulator(tls=scheme == "http") as other:
        port = other.url.rpartition(":")[2]
        for module in (YANDEX, CLUMIO, VEEAM, PETADATA):
            ended = run(runner, simulator, module, deadline=3, **address(module, f"{scheme}://127.0.0.1:{port}"))
            check_refused(ended)
            assert ended.error["code"] in ("tls", "connection", "bad_answer", "rejected"), ended.result["msg"]


REFUSALS = ("auth_failed", "session_expired", "forbidden", "not_found", "rejected", "unsupported")


def test_the_api_of_somebody_else(runner, simulator):
    """Each module at each of the other APIs: an error of any kind, never an empty list."""
    for module in (YANDEX, CLUMIO, VEEAM, PETADATA):
        for path in ("/backup", "/computeMetadata/v1", "/nothing"):
            ended = run(runner, simulator, module, **address(module, simulator.url + path))
            check_refused(ended)
            assert ended.error["code"] in REFUSALS


def test_xml_where_json_was_asked_for(runner, simulator):
    for module in (YANDEX, CLUMIO):
        simulator.fault(Fault(CALLS[module][0], "status", status=200, body="<?xml version='1.0'?><tasks/>"))
        check_refused(run(runner, simulator, module), "cannot be read")
    for module in (VEEAM, PETADATA):
        simulator.fault(Fault(CALLS[module][0], "wrong_format"))
        ended = run(runner, simulator, module)
        known, native = {VEEAM: ("uid", "UID"), PETADATA: ("task_id", "TaskId")}[module]
        truth = sorted(simulator.truth(CALLS[module][3]), key=lambda one: str(one[native]))
        assert same(sorted(ended.result[CALLS[module][2]], key=lambda one: str(one[known])), truth)


def test_a_login_page(runner, simulator):
    for module in READERS:
        simulator.clear_faults()
        simulator.fault(Fault(CALLS[module][0], "html"))
        ended = run(runner, simulator, module)
        check_refused(ended, "web page")
        assert "<" not in ended.result["msg"]


def test_a_body_of_ten_gigabytes(runner, simulator):
    for module in READERS:
        simulator.clear_faults()
        simulator.fault(Fault(CALLS[module][0], "huge"))
        ended = run(runner, simulator, module)
        check_refused(ended, "256 MiB")
        assert ended.error["code"] == "too_large"


def test_two_exclusive_bounds_of_time(runner, simulator):
    ended = run(
        runner, simulator, CLUMIO, filter={"created_timestamp": {"$gte": "2026-01-01T00:00:00Z"}}, created_after="1h"
    )
    check_refused(ended, "filter", "created_after")


# What no framework would send


class RawServer:
    """Sends these bytes to whoever connects, again and again as `then` makes them."""

    def __init__(self, head, then=lambda: b"", pause=0.0):
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.sent = 0
        self._head, self._then, self._pause = head, then, pause
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self._listening.close()

    def _serve(self):
        while True:
            try:
                connection, _peer = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection):
        with connection:
            try:
                connection.recv(65536)
                connection.sendall(self._head)
                while (data := self._then()) and self.sent < 400 * 1024**2:
                    connection.sendall(data)
                    self.sent += len(data)
                    time.sleep(self._pause)
            except OSError:
                pass


BOMB = zlib.compressobj(9, zlib.DEFLATED, 31)
BOMB_START = BOMB.compress(b" " * 1024**2) + BOMB.flush(zlib.Z_SYNC_FLUSH)
BOMB_MORE = BOMB.compress(b" " * 100 * 1024**2) + BOMB.flush(zlib.Z_SYNC_FLUSH)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
REDIRECT = b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\n"
MEBIBYTE = b"x" * 1024**2
RAW = {
    "a gzip bomb": (HEAD + b"Content-Encoding: gzip\r\n\r\n" + BOMB_START, lambda: BOMB_MORE, {"too_large"}),
    "a body without end": (HEAD + b"\r\n", lambda: MEBIBYTE, {"too_large"}),
    "chunks without end": (
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
        lambda: b"100000\r\n" + MEBIBYTE + b"\r\n",
        {"too_large"},
    ),
    "a redirect with a body without end": (REDIRECT + b"\r\n", lambda: MEBIBYTE, {"redirect", "too_large"}),
    "a redirect with a gzip bomb": (
        REDIRECT + b"Content-Encoding: gzip\r\n\r\n" + BOMB_START,
        lambda: BOMB_MORE,
        {"redirect", "too_large"},
    ),
    "an error with a body without end": (b"HTTP/1.1 500 No\r\n\r\n", lambda: MEBIBYTE, {"too_large"}),
    "headers without end": (HEAD, lambda: b"X-More: " + b"y" * 60000 + b"\r\n", {"connection", "bad_answer"}),
    "a header line without end": (HEAD + b"X-Long: ", lambda: b"y" * 65536, {"connection", "bad_answer"}),
    "a status line without end": (b"HTTP/1.1 200 ", lambda: b"O" * 65536, {"connection", "bad_answer"}),
    "no HTTP at all": (b"SSH-2.0-OpenSSH_9.2\r\n", bytes, {"connection", "bad_answer"}),
    "nothing at all": (b"", bytes, {"connection"}),
    "half a status line": (b"HTTP/1.", bytes, {"connection", "bad_answer"}),
    "continue without end": (
        b"HTTP/1.1 100 Continue\r\n\r\n",
        lambda: b"HTTP/1.1 100 Continue\r\n\r\n" * 1000,
        {"deadline", "timeout", "connection"},
    ),
    "a negative length": (HEAD + b"Content-Length: -5\r\n\r\n{}", bytes, {"bad_answer", "connection"}),
    "two lengths": (HEAD + b"Content-Length: 2\r\nContent-Length: 700\r\n\r\n{}", bytes, {"bad_answer", "connection"}),
    "an unknown encoding": (HEAD + b"Content-Encoding: br\r\n\r\nabc", bytes, {"bad_answer"}),
    "gzip that is none": (HEAD + b"Content-Encoding: gzip\r\n\r\n{}", bytes, {"bad_answer"}),
    "a chunk of no size": (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}", bytes, {"bad_answer", "connection"}),
    "a length that is not reached": (HEAD + b'Content-Length: 700\r\n\r\n{"tasks": []}', bytes, {"bad_answer"}),
    "deep JSON": (HEAD + b"Connection: close\r\n\r\n" + b"[" * 200_000, bytes, {"bad_answer"}),
    "a number without end": (
        HEAD + b'Connection: close\r\n\r\n{"tasks": [{"id": ' + b"9" * 100_000 + b"}]}",
        bytes,
        {"bad_answer"},
    ),
    "an infinite number": (HEAD + b'Connection: close\r\n\r\n{"tasks": [{"progress": 1e999}]}', bytes, {"bad_answer"}),
}


ENDS = {"deadline"}


@pytest.mark.parametrize(("head", "then", "codes"), RAW.values(), ids=list(RAW))
def test_servers_that_no_framework_would_make(runner, head, then, codes):
    with RawServer(head, then) as server:
        ended = runner.run(
            CLUMIO,
            {"url": server.url, "api_token": "a-token-of-mine", "retries": 0, "deadline": 4 if codes & ENDS else 20},
        )
        check_refused(ended, limit=20)
        assert ended.error["code"] in codes, ended.result["msg"]


SILENCE = {
    "never answers": (b"", 0.0),
    "drips its headers": (b"HTTP/1.1 200 OK\r\nX-A: ", 0.2),
    "drips its body": (HEAD + b"Content-Length: 10000\r\n\r\n", 0.2),
    "drips chunks": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", 0.2),
    "drips a redirect": (REDIRECT + b"Content-Length: 10000\r\n\r\n", 0.2),
}


@pytest.mark.parametrize(("head", "pause"), SILENCE.values(), ids=list(SILENCE))
def test_servers_that_take_their_time(runner, head, pause):
    chunk = b"1\r\nx\r\n" if b"chunked" in head else b"y"
    with RawServer(head, lambda: chunk if pause else time.sleep(20) or b"", pause) as server:
        ended = runner.run(
            CLUMIO, {"url": server.url, "api_token": "a-token-of-mine", "deadline": 1.5, "timeout": 1}, patience=10
        )
        check_refused(ended)
        assert ended.error["code"] in ("deadline", "timeout", "redirect")
        assert ended.seconds < 3


def test_a_port_that_accepts_and_a_host_that_is_not_there(runner):
    for url, codes in (
        ("https://clumio.invalid", {"connection"}),
        ("https://127.0.0.1:9", {"connection"}),
        ("http://[::1]:9", {"connection"}),
    ):
        ended = runner.run(CLUMIO, {"url": url, "api_token": "a-token-of-mine", "retries": 0, "deadline": 3})
        check_refused(ended)
        assert ended.error["code"] in codes


def test_a_folder_of_authorities_without_any(runner, simulator, tmp_path):
    ended = run(runner, simulator, CLUMIO, ca_path=str(tmp_path))
    assert ended.error["code"] == "tls"


def test_absurd_options_that_are_lawful(runner, simulator):
    """The bounds themselves."""
    ended = run(runner, simulator, CLUMIO, parallel=64, retries=100, deadline=86400, timeout=3600, page_size=1)
    assert ended.rc == 0
    assert len(ended.result["tasks"]) == len(simulator.truth("clumio"))
    ended = run(runner, simulator, CLUMIO, deadline=0.1, timeout=0.1)
    assert ended.rc == 0 or ended.error["code"] in ("deadline", "timeout")


def test_everything_printed_is_json(runner, simulator):
    """Also what came from a record with lone surrogates and NULs."""
    body = {
        "_embedded": {"items": [{"id": "1", "status": "\ud800", "type": "a\u0000b", "x\udfff": 1}]},
        "total_count": 1,
    }
    simulator.fault(Fault("clumio", "status", status=200, body=json.dumps(body)))
    ended = run(runner, simulator, CLUMIO)
    assert ended.rc == 0
    assert len(ended.result["tasks"]) == 1
