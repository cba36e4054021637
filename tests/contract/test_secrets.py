# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret leaves a module: every secret is planted, every call is broken, and everything printed is searched."""

from __future__ import annotations

import base64
import json
import re
import socket
import threading
from urllib.parse import quote, quote_plus, unquote

import pytest

from tests.modules import CALLS, ModuleRunner, ad_hoc, needed
from tests.simulator import Fault, Simulator, VeeamData
from tests.simulator.petadata_signature import string_to_sign
from tests.support import reach

OPTIONS = {
    "yandex_backup_task_info": ({"folder_id": "b1gfolder"}, "yandex"),
    "yandex_backup_resource_info": ({"folder_id": "b1gfolder"}, "yandex"),
    "clumio_backup_task_info": ({}, "clumio"),
    "clumio_backup_resource_info": ({}, "clumio"),
    "veeam_backup_task_info": ({}, "veeam"),
    "veeam_backup_session_info": ({"kind": "job"}, "veeam"),
    "veeam_logon_session": ({}, "veeam"),
    "petadata_backup_task_info": ({"instance_ids": ["pd-1"]}, "petadata"),
}


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


def spellings(secret):
    """The forms in which a secret may come out."""
    forms = {
        secret,
        quote(secret, safe=""),
        quote(quote(secret, safe=""), safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        json.dumps(json.dumps(secret)[1:-1])[1:-1],
        secret.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;"),
    }
    if "\n" in secret:  # each line of a key is one too many
        forms |= {line for line in secret.splitlines() if len(line) >= 16 and not line.startswith(("-----", "PLEASE"))}
    return forms


def leaks(output, secrets):
    return {name for name, secret in secrets.items() for form in spellings(secret) if form in output}


def ways_in(simulator, provider, tmp_path):
    """Every way to log in with the right credentials: (options, environment), and all that is secret in them."""
    known = simulator.credentials
    key = json.dumps(known.service_account_key)
    path = tmp_path / "key.json"
    path.write_text(key, encoding="utf-8")
    basic = base64.b64encode(f"{known.veeam_username}:{known.veeam_password}".encode()).decode()
    private = {"private_key": known.service_account_key["private_key"]}
    keys = {"access_key_id": known.access_key_id, "access_key_secret": known.access_key_secret}
    user = {"username": known.veeam_username, "password": known.veeam_password}
    return {
        "yandex": [
            ({"iam_token": known.iam_token}, {}, {"token": known.iam_token}),
            ({"service_account_key": known.service_account_key}, {}, private),
            ({"service_account_key": key}, {}, private),
            ({"service_account_key_file": str(path)}, {}, private),
            ({"service_account_key_file": key}, {}, private),
            ({"instance_metadata": True}, {}, {}),
            ({"iam_token": None}, {"YC_TOKEN": known.iam_token}, {"token": known.iam_token}),
            ({"iam_token": None}, {"YC_SERVICE_ACCOUNT_KEY_FILE": key}, private),
        ],
        "clumio": [
            ({"api_token": known.clumio_token}, {}, {"token": known.clumio_token}),
            ({"api_token": None}, {"CLUMIO_API_TOKEN": known.clumio_token}, {"token": known.clumio_token}),
        ],
        "veeam": [
            (user, {}, {"password": known.veeam_password, "basic": basic}),
            ({"session_token": known.veeam_session_token}, {}, {"session": known.veeam_session_token}),
            (
                {"session_token": None},
                {"VEEAM_EM_USERNAME": known.veeam_username, "VEEAM_EM_PASSWORD": known.veeam_password},
                {"password": known.veeam_password, "basic": basic},
            ),
        ],
        "petadata": [
            (
                {**keys, "security_token": known.security_token},
                {},
                {"secret": known.access_key_secret, "token": known.security_token},
            ),
            (
                {"access_key_id": None},
                {
                    "ALICLOUD_ACCESS_KEY": known.access_key_id,
                    "ALICLOUD_SECRET_KEY": known.access_key_secret,
                    "ALICLOUD_SECURITY_TOKEN": known.security_token,
                },
                {"secret": known.access_key_secret, "token": known.security_token},
            ),
        ],
    }[provider]


class EchoServer:
    """A server that gives back, in every place of an answer, all that it was sent: headers, body and address."""

    def __init__(self, shape, status):
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._shape, self._status = shape, status
        self.received = []
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
            with connection:
                head = connection.recv(65536)
                length = re.search(rb"(?i)content-length: (\d+)", head)
                body = head.partition(b"\r\n\r\n")[2]
                while length and len(body) < int(length[1]):
                    body += connection.recv(65536)
                self.received.append(head.decode("latin-1"))
                connection.sendall(
                    self._answer(head.partition(b"\r\n\r\n")[0].decode("latin-1"), body.decode("latin-1"))
                )

    def _answer(self, head, body):
        echoed = f"{head}\n{body}"
        one_line = " ".join(echoed.split())
        content = SHAPES[self._shape](echoed).encode()
        headers = (
            f"HTTP/1.1 {self._status} {one_line[:3000]}\r\n"
            f"Location: https://{quote(one_line[:200], safe='')}/{one_line[:2000]}\r\n"
            f"X-Request-Id: {one_line[:3000]}\r\n"
            f"X-RestSvcSessionId: {one_line[-200:]}\r\n"
            f"Retry-After: {one_line[:50]}\r\n"
            f"Set-Cookie: a={one_line[:500]}\r\n"
            f"Content-Length: {len(content)}\r\nConnection: close\r\n\r\n"
        )
        return headers.encode("latin-1", "replace") + content


def _everything(echoed):
    """The request in every spelling that a careless server may choose."""
    given = re.findall(r"[^\s\"']{12,}", echoed)
    decoded = [
        base64.b64decode(w + "==").decode("latin-1")
        for w in given
        if re.fullmatch(r"[A-Za-z0-9+/]+=*", w) and len(w) % 4 == 0
    ]
    plain = "\n".join([echoed, *decoded])
    return "\n".join([plain, quote(plain, safe=""), quote(quote(plain, safe=""), safe=""), quote_plus(plain)])


SHAPES = {
    "yandex": lambda echoed: json.dumps(
        {"code": 16, "message": _everything(echoed), "details": [{"requestId": echoed}], "error": echoed}
    ),
    "clumio": lambda echoed: json.dumps({"errors": [{"error_code": echoed, "error_message": _everything(echoed)}]}),
    "veeam": lambda echoed: json.dumps({"Message": _everything(echoed), "StatusCode": 500, "StackTrace": echoed}),
    "petadata": lambda echoed: json.dumps({"Code": "Oops", "Message": _everything(echoed), "RequestId": echoed}),
    "a code": lambda echoed: json.dumps({"Code": echoed, "Message": "m", "code": 16, "message": echoed}),
    "a page": lambda echoed: f"<html><body>{_everything(echoed)}</body></html>",
    "text": _everything,
    "xml": lambda echoed: f'<Error Message="{quote_plus(echoed)}"><Code>{quote(echoed)}</Code></Error>',
    "records": lambda echoed: json.dumps(
        {
            "tasks": [{"id": "1", "error": echoed, "echo": {echoed: [echoed]}}],
            "resources": [{"resourceId": "1", "statusDetails": echoed}],
            "_embedded": {"items": [{"id": "1", "status": echoed, "primary_entity": {"value": echoed}}]},
            "Entities": {"BackupJobSessions": {"BackupJobSessions": [{"UID": "1", "FailureMessage": echoed}]}},
            "Resources": {"Tasks": {"Tasks": [{"TaskId": "1", "Operation": echoed}]}},
            "Tasks": {"Task": [{"TaskId": "1", "ProgressInfo": echoed}]},
            "TotalRecords": 1,
        }
    ),
}


def addresses(provider, url):
    return dict.fromkeys(("api_url", "iam_url", "metadata_url") if provider == "yandex" else ("url",), url)


ECHOES = [
    *((provider, 400) for provider in ("yandex", "clumio", "veeam", "petadata")),
    ("a code", 500),
    ("a page", 401),
    ("xml", 403),
    ("text", 302),
    ("text", 500),
    ("records", 200),
]


@pytest.mark.parametrize(("shape", "status"), ECHOES)
def test_a_server_that_echoes_the_whole_request(simulator, runner, tmp_path, shape, status):
    runs, secret = [], []
    with EchoServer(shape, status) as server:
        for module, (options, provider) in OPTIONS.items():
            for given, env, secrets in ways_in(simulator, provider, tmp_path) if shape in (provider, *MANY) else ():
                if module != "veeam_logon_session" or not given.get("session_token"):
                    sent = {**options, **given, **addresses(provider, server.url), "retries": 0, "deadline": 5}
                    runs.append((module, sent, env))
                    secret.append(secrets)
        ends = runner.run_all(runs)
    signatures = {
        unquote(signature) for head in server.received for signature in re.findall(r"Signature=([^&\s]+)", head)
    }
    for (module, options, _env), secrets, run in zip(runs, secret, ends):
        assert run.result, run.stdout + run.stderr
        assert "Traceback" not in run.stdout + run.stderr
        assert run.error or not run.result.get("failed"), run.result["msg"]  # its options were not refused by Ansible
        assert run.error.get("code") != "bad_option"
        found = leaks(
            run.stdout + run.stderr, {**secrets, **({} if shape == "records" else {name: name for name in signatures})}
        )
        assert found == set(), (module, sorted(options), run.stdout[:2000])


MANY = ("a code", "a page", "xml", "text", "records")


@pytest.mark.parametrize(
    "body", ["{}", '{"iamToken": 5}', "null", "<html>{token}</html>", '{"iamToken": "{token}\\n"}']
)
def test_tokens_that_are_issued_stay_inside(simulator, runner, body):
    """What the token service issued is refused everywhere, and repeated by the one who refuses it."""
    token = "t1.MARKEDissuedtokenMARKED.signature-of-the-token"
    simulator.fault(Fault("yandex", "status", path="/iam/v1/tokens", status=200, body=body.replace("{token}", token)))
    options = reach(simulator, "yandex", service_account_key=simulator.credentials.service_account_key, retries=0)
    run = runner.run("yandex_backup_task_info", {**options, "folder_id": "b1g"})
    assert token not in run.stdout + run.stderr
    simulator.clear_faults()
    issued = json.dumps({"iamToken": token, "expiresAt": "2099-01-01T00:00:00Z"})
    simulator.fault(Fault("yandex", "status", path="/iam/v1/tokens", status=200, body=issued))
    refusal = json.dumps({"code": 16, "message": f"token {token} of {quote(token)} is bad", "details": []})
    simulator.fault(Fault("yandex", "status", path="/backup/", status=401, body=refusal))
    run = runner.run("yandex_backup_task_info", {**options, "folder_id": "b1g"})
    assert run.error["code"] == "auth_failed"
    assert leaks(run.stdout + run.stderr, {"issued": token}) == set()


def test_a_session_that_was_opened_stays_inside(simulator, runner):
    known = simulator.credentials
    token = "MARKEDsession/token+MARKED=="
    simulator.fault(
        Fault(
            "veeam",
            "status",
            method="POST",
            status=201,
            body='{"SessionId": "x"}',
            headers={"X-RestSvcSessionId": token},
        )
    )
    simulator.fault(
        Fault(
            "veeam",
            "status",
            method="GET",
            status=400,
            body=json.dumps({"Message": f"bad {token} {quote(token, safe='')}"}),
        )
    )
    options = reach(simulator, "veeam", username=known.veeam_username, password=known.veeam_password, retries=0)
    for module in ("veeam_backup_task_info", "veeam_backup_session_info"):
        run = runner.run(module, options)
        assert run.error["code"] == "rejected"
        assert leaks(run.stdout + run.stderr, {"token": token, "password": known.veeam_password}) == set()


def test_the_one_exception_returns_the_token_and_nothing_else(simulator, runner):
    known = simulator.credentials
    options = reach(simulator, "veeam", username=known.veeam_username, password=known.veeam_password)
    run = runner.run("veeam_logon_session", options)
    result = run.result
    assert result["changed"] is True
    assert result["session_token"]
    assert result["session_id"]
    assert run.stdout.count(result["session_token"]) == 1
    assert leaks(run.stdout + run.stderr, {"password": known.veeam_password}) == set()
    closing = reach(
        simulator, "veeam", session_token=result["session_token"], state="absent", session_id=result["session_id"]
    )
    run = runner.run("veeam_logon_session", closing)
    assert run.result["changed"] is True
    assert result["session_token"] not in run.stdout + run.stderr


def test_the_words_of_a_signature_that_does_not_match(simulator, runner):
    """The gateway repeats the StringToSign, in which everything is encoded twice."""
    known = simulator.credentials
    wrong = {
        "access_key_id": known.access_key_id,
        "access_key_secret": "MARKED+secret/of=mine",
        "security_token": known.security_token,
    }
    for form in ("json", "xml"):
        run = runner.run(
            "petadata_backup_task_info",
            reach(simulator, "petadata", **wrong, format=form, instance_ids=["pd-1"], retries=0),
        )
        assert run.error["provider_code"] == "SignatureDoesNotMatch"
        assert leaks(run.stdout, {"secret": wrong["access_key_secret"], "token": known.security_token}) == set()
        text = string_to_sign("GET", simulator.log[-1].query)
        assert not any(part in run.stdout for part in text.split("%26") if len(part) > 30 and "Signature" in part)


PROXY = "http://user:MARKEDproxy%2Fpassword@127.0.0.1:9"


@pytest.mark.parametrize("module", [*CALLS, "veeam_logon_session"])
@pytest.mark.parametrize(
    "also", [{}, {"deadline": -1}, {"page_size": -1}, {"ca_path": "/nowhere"}, {"parallel": "x"}], ids=str
)
def test_the_password_of_a_proxy(simulator, runner, module, also):
    """Also when another option is bad, and so the proxy was never looked at."""
    options, provider = OPTIONS[module]
    given = {**reach(simulator, provider, **options), "proxy": PROXY, "retries": 0, **also}
    if module == "veeam_logon_session":
        given = {**given, "session_token": None, "username": "u", "password": "p4ssw0rd-MARKED"}
    run = runner.run(module, given)
    assert run.rc == 1
    assert leaks(run.stdout + run.stderr, {"proxy": "MARKEDproxy/password"}) == set()
    assert "MARKEDproxy" not in run.stdout + run.stderr


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_the_password_of_a_proxy_of_the_environment(simulator, runner, variable):
    run = runner.run(
        "clumio_backup_task_info",
        {"url": "https://clumio.invalid", "api_token": "a-token-MARKED", "retries": 0},
        {variable: PROXY},
    )
    assert run.error["code"] == "connection"
    assert "MARKED" not in run.stdout + run.stderr


@pytest.mark.parametrize("module", list(OPTIONS))
def test_a_password_within_an_address(simulator, runner, module):
    options, provider = OPTIONS[module]
    given = {**reach(simulator, provider, **options)}
    given.update(addresses(provider, "https://user:MARKEDinurl@127.0.0.1:1"))
    run = runner.run(module, given)
    assert run.error["code"] == "bad_option"
    assert "MARKEDinurl" not in run.stdout + run.stderr


BAD_OPTIONS = [
    {"timeout": -1},
    {"retries": -5},
    {"ca_path": "/nowhere"},
    {"page_size": 0},
    {"proxy": "nonsense"},
    {"client_key": "/x"},
]


@pytest.mark.parametrize("bad", BAD_OPTIONS, ids=str)
def test_bad_options_beside_good_secrets(simulator, runner, tmp_path, bad):
    """The refusal comes before the secrets were looked at: they must be hidden all the same."""
    for module, (options, provider) in OPTIONS.items():
        for given, env, secrets in ways_in(simulator, provider, tmp_path):
            run = runner.run(module, {**reach(simulator, provider, **options), **given, **bad}, env)
            assert run.rc == 1
            assert leaks(run.stdout + run.stderr, secrets) == set(), (module, sorted(given))


MISPLACED = [
    ("yandex_backup_task_info", {"iam_token": {"token": "t1.MARKED.MARKED"}}),
    ("yandex_backup_task_info", {"iam_token": ["t1.MARKED.MARKED"]}),
    (
        "yandex_backup_task_info",
        {"service_account_key": {"private_key": "MARKED" * 10, "nested": {"deep": ["MARKED-deep"]}}},
    ),
    ("yandex_backup_task_info", {"service_account_key": '{"private_key": "MARKEDMARKED'}),
    (
        "yandex_backup_task_info",
        {"service_account_key_file": "-----BEGIN PRIVATE KEY-----\nMARKEDMARKEDMARKED\n-----END"},
    ),
    ("yandex_backup_task_info", {"service_account_key_file": ' [{"private_key": "MARKED"}]'}),
    ("clumio_backup_task_info", {"api_token": {"value": "MARKED-token"}}),
    ("veeam_backup_task_info", {"username": "u", "password": ["MARKED-password"]}),
    ("veeam_logon_session", {"username": "u", "password": "MARKED\npassword"}),
    ("petadata_backup_task_info", {"access_key_id": "LTAI", "access_key_secret": {"a": "MARKED-secret"}}),
]


@pytest.mark.parametrize(("module", "given"), MISPLACED, ids=lambda value: str(value)[:60])
def test_secrets_of_the_wrong_shape(simulator, runner, module, given):
    options, provider = OPTIONS[module]
    run = runner.run(module, {**reach(simulator, provider, **given), **options, "retries": 0})
    assert run.rc == 1
    assert "MARKED" not in run.stdout + run.stderr


MISSPELT = [
    ("clumio_backup_task_info", {"url": "https://clumio.example.com", "api_tokn": "MARKED-token"}),
    ("veeam_logon_session", {"url": "https://em.example.com", "username": "u", "pasword": {"is": ["MARKED-password"]}}),
    ("backup_task_info", {"sources": [{"clumio": {"url": "https://c.example.com", "api_tokn": "MARKED-token"}}]}),
    ("backup_resource_info", {"sources": [{"clumoi": {"api_token": "MARKED-token"}}]}),
    ("backup_source_info", {"sources": "clumio api_token=MARKED-token"}),
    ("backup_export", {"sources": [{"veeam": {"username": "u", "passwd": "MARKED"}}], "dest": "/x.csv", "attr": "i"}),
    ("backup_task_wait", {"sources": [{"petadata": {}}], "connection": {"proxi": "http://u:MARKED@p.example.com"}}),
]


@pytest.mark.parametrize(("module", "given"), MISSPELT, ids=lambda value: str(value)[:60])
def test_secrets_under_a_misspelt_name(runner, module, given):
    run = runner.run(module, given)
    assert run.rc == 1
    assert run.result["msg"]
    assert "MARKED" not in run.stdout + run.stderr


PLAYS = {
    "veeam_logon_session": ("veeam", {"username": "svc", "password": "MARKED pässword/of+mine"}),
    "petadata_backup_task_info": (
        "petadata",
        {"access_key_id": "LTAIx", "access_key_secret": "MARKED+secret/x=", "security_token": "MARKED+tok/en="},
    ),
}


@pytest.mark.parametrize("module", list(PLAYS))
def test_the_loudest_ansible_says_nothing(simulator, tmp_path, module):
    """-vvvv, tracebacks of errors, and a log."""
    provider, given = PLAYS[module]
    body = SHAPES[provider](" ".join(str(value) for value in given.values()))
    simulator.fault(Fault(provider, "status", status=401 if provider != "petadata" else 403, body=body))
    log = tmp_path / "ansible.log"
    loud = {"ANSIBLE_DISPLAY_TRACEBACK": "always", "ANSIBLE_LOG_PATH": str(log)}
    done = ad_hoc(
        module,
        {**reach(simulator, provider, **given), **OPTIONS[module][0], "retries": 0},
        tmp_path,
        env=loud,
        verbose="-vvvv",
    )
    said = done.stdout + done.stderr + log.read_text(encoding="utf-8")
    assert done.returncode == 2, said
    assert "Could not" in said
    assert log.stat().st_size > 500
    secrets = {name: value for name, value in given.items() if "MARKED" in value}
    secrets["basic"] = base64.b64encode(f"svc:{given.get('password')}".encode()).decode()
    assert leaks(said, secrets) == set()
    assert "MARKED" not in said


def test_the_table_of_modules_is_whole():
    from tests.conftest import ROOT

    assert {
        path.stem for path in (ROOT / "plugins" / "modules").glob("*.py") if not path.stem.startswith("backup_")
    } <= set(OPTIONS)
    assert needed("clumio_backup_task_info", None) == {}
