# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to log in to Yandex Cloud: each of them, what is wrong with each, and what the environment may say."""

from __future__ import annotations

import json
import time

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._core.deadline import Clock
from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import BackupError
from ansible_collections.multivendor.backup.plugins.module_utils._core.redact import Secrets

pytest.importorskip("aiohttp", reason="the simulator needs aiohttp")
from ansible_collections.multivendor.backup.tests.simulator import Fault, Simulator, YandexData
from ansible_collections.multivendor.backup.tests.support import Params, connect, same

TOKENS = "/iam/v1/tokens"


@pytest.fixture(scope="module")
def simulator():
    with Simulator(tls=False, yandex=YandexData(instances=2, tasks_per_instance=2)) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_faults(simulator):
    yield
    simulator.clear_faults()


@pytest.fixture
def key(simulator):
    return simulator.credentials.service_account_key


@pytest.fixture
def key_file(tmp_path, key):
    path = tmp_path / "key.json"
    path.write_text(json.dumps(key), encoding="utf-8")
    return str(path)


def read(simulator, **options):
    client = connect(simulator, "yandex", **options)
    return client.resources(Params(folder_id=simulator.credentials.folder_id))


def refused(simulator, **options):
    """The error of a client that is not even made; no request may have been sent."""
    before = len(simulator.log)
    with pytest.raises(BackupError) as caught:
        connect(simulator, "yandex", **options)
    assert len(simulator.log) == before
    return caught.value


def exchanges(simulator, since=0):
    return [entry for entry in simulator.log[since:] if entry.path == TOKENS]


def test_an_iam_token(simulator):
    assert same(read(simulator).records, simulator.truth("yandex.resources"))


@pytest.mark.parametrize("indent", [None, 2])
def test_a_key_as_json(simulator, key, indent):
    listing = read(simulator, service_account_key=json.dumps(key, indent=indent))
    assert same(listing.records, simulator.truth("yandex.resources"))


def test_a_key_without_the_line_that_must_not_be_removed(simulator, key):
    pem = key["private_key"].partition("\n")[2]
    assert pem.startswith("-----BEGIN")
    assert read(simulator, service_account_key=json.dumps({**key, "private_key": pem})).complete


def test_a_key_file(simulator, key_file):
    assert read(simulator, service_account_key_file=key_file).complete


def test_a_key_file_in_the_home_folder(simulator, key_file, monkeypatch):
    monkeypatch.setenv("HOME", key_file.rpartition("/")[0])
    assert read(simulator, service_account_key_file="~/key.json").complete


def test_the_metadata_of_the_vm(simulator):
    assert read(simulator, instance_metadata=True).complete
    asked = simulator.requests("yandex", "/computeMetadata/")[-1]
    assert asked.headers["Metadata-Flavor"] == "Google"
    assert "Authorization" not in asked.headers


def test_one_token_serves_all_requests(simulator, key_file):
    before = len(simulator.log)
    client = connect(simulator, "yandex", service_account_key_file=key_file)
    assert client.tasks(Params(folder_id=simulator.credentials.folder_id)).complete
    assert len(exchanges(simulator, before)) == 1
    assert "Authorization" not in exchanges(simulator, before)[0].headers


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (lambda key: "", "service_account_key"),
        (lambda key: " ", "service_account_key"),
        (lambda key: "not json", "service_account_key"),
        (lambda key: "[]", "service_account_key"),
        (lambda key: "null", "service_account_key"),
        (lambda key: "5", "service_account_key"),
        (lambda key: "[" * 100_000, "service_account_key"),
        (lambda key: json.dumps(key)[:-20], "service_account_key"),
        (lambda key: json.dumps({**key, "id": None}), "service_account_key"),
        (lambda key: json.dumps({**key, "id": ""}), "service_account_key"),
        (lambda key: json.dumps({n: v for n, v in key.items() if n != "service_account_id"}), "service_account_key"),
        (lambda key: json.dumps({n: v for n, v in key.items() if n != "private_key"}), "service_account_key"),
        (lambda key: json.dumps({**key, "private_key": {"pem": key["private_key"]}}), "service_account_key"),
        (lambda key: json.dumps({**key, "private_key": key["public_key"]}), "service_account_key"),
        (lambda key: json.dumps({**key, "private_key": key["private_key"][:-200]}), "service_account_key"),
        (lambda key: json.dumps({**key, "private_key": key["private_key"].replace("A", "B")}), "service_account_key"),
        (lambda key: json.dumps({**key, "private_key": "\u0000"}), "service_account_key"),
        (lambda key: json.dumps({**key, "private_key": "\ud800"}), "service_account_key"),
    ],
)
def test_damaged_keys(simulator, key, damage, named, tmp_path):
    error = refused(simulator, service_account_key=damage(key))
    assert error.code == "bad_option"
    assert f"`{named}`" in error.message
    assert key["private_key"][60:90] not in str(error)
    path = tmp_path / "key.json"
    path.write_text(damage(key), encoding="utf-8")
    assert refused(simulator, service_account_key_file=str(path)).code == "bad_option"


def test_a_key_that_is_no_rsa_key(simulator, key):
    ec = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ec")
    from cryptography.hazmat.primitives import serialization as form

    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()
    )
    error = refused(simulator, service_account_key=json.dumps({**key, "private_key": pem.decode()}))
    assert "RSA" in error.message


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda folder: str(folder / "absent.json"), "no such file"),
        (str, "directory"),
        (lambda folder: "", ""),
        (lambda folder: "a\x00b", "no path"),
        (lambda folder: "x" * 1000, "long"),
        (lambda folder: "x" * 5000, "no path"),
    ],
)
def test_key_files_that_cannot_be_read(simulator, tmp_path, make, reason):
    error = refused(simulator, service_account_key_file=make(tmp_path))
    assert error.code == "bad_option"
    assert "`service_account_key_file`" in error.message
    assert reason in error.message


def test_a_key_file_that_is_no_text(simulator, tmp_path):
    path = tmp_path / "key.p12"
    path.write_bytes(b"\xff\xfe\x00")
    assert "not text" in refused(simulator, service_account_key_file=str(path)).message


@pytest.mark.parametrize(
    "content", ["{key}", "-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----", " [{key}]"]
)
def test_a_key_in_place_of_its_path_is_never_repeated(simulator, content):
    marked = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCMARKED"
    secrets = Secrets()
    error = refused(simulator, service_account_key_file=content.replace("key", marked), secrets=secrets)
    assert marked not in str(error)
    assert marked not in secrets.mask(content.replace("key", marked))


@pytest.mark.parametrize(
    ("token", "says"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("y0_AgAAAABexample", "OAuth"),
        ("AQAAAAexample", "OAuth"),
        ('{"id": "aje"}', "JSON"),
        ("t1.abc\ndef", "control"),
        ("t1.abc def", "blanks"),
        ("t1.пароль", "ASCII"),
        ("t1.abc\x00", "control"),
        ("x" * 20000, "characters"),
    ],
)
def test_iam_tokens_that_are_none(simulator, token, says):
    error = refused(simulator, iam_token=token)
    assert error.code == "bad_option"
    assert "`iam_token`" in error.message
    assert says in error.message
    assert not token.strip() or token.strip() not in str(error)


def test_an_oauth_token_of_the_environment_is_explained_too(simulator):
    error = refused(simulator, iam_token=None, environ={"YC_TOKEN": "y0_AgAAAABexample"})
    assert "OAuth" in error.message
    assert "YC_TOKEN" in error.hint


@pytest.mark.parametrize(
    "options",
    [
        {"iam_token": "t1.a.b", "instance_metadata": True},
        {"service_account_key": "{}", "instance_metadata": True},
        {"service_account_key_file": "{}", "instance_metadata": True},
    ],
)
def test_ways_that_exclude_each_other(simulator, options):
    assert "`instance_metadata`" in refused(simulator, **options).message


def test_nothing_given(simulator):
    error = refused(simulator, iam_token=None)
    assert all(way in error.hint for way in ("service_account_key_file", "instance_metadata", "YC_IAM_TOKEN"))


BAD = {"YC_IAM_TOKEN": "t1.bad.bad", "YC_TOKEN": "t1.bad.bad", "YC_SERVICE_ACCOUNT_KEY_FILE": "/nowhere/key.json"}


@pytest.mark.parametrize("first", ["YC_IAM_TOKEN", "YC_TOKEN", "YC_SERVICE_ACCOUNT_KEY_FILE"])
def test_the_environment_counts_in_its_order(simulator, first, key_file):
    good = key_file if "KEY" in first else simulator.credentials.iam_token
    order = list(BAD)
    later = {name: BAD[name] for name in order[order.index(first) + 1 :]}
    before = dict.fromkeys(order[: order.index(first)], "")
    assert read(simulator, iam_token=None, environ={**before, first: good, **later}).complete


def test_the_key_itself_in_the_environment(simulator, key):
    assert read(simulator, iam_token=None, environ={"YC_SERVICE_ACCOUNT_KEY_FILE": "\n" + json.dumps(key)}).complete


@pytest.mark.parametrize(
    "options",
    [
        lambda sim, file: {"iam_token": sim.credentials.iam_token},
        lambda sim, file: {"service_account_key": json.dumps(sim.credentials.service_account_key)},
        lambda sim, file: {"service_account_key_file": file},
        lambda sim, file: {"instance_metadata": True},
    ],
)
def test_an_option_shuts_the_environment_out(simulator, options, key_file):
    assert read(simulator, **options(simulator, key_file), environ=BAD).complete


def test_an_empty_option_does_not_fall_back_to_the_environment(simulator):
    good = {"YC_IAM_TOKEN": simulator.credentials.iam_token}
    assert "`iam_token`" in refused(simulator, iam_token="", environ=good).message
    assert "`service_account_key`" in refused(simulator, service_account_key="", environ=good).message
    assert "`service_account_key_file`" in refused(simulator, service_account_key_file="", environ=good).message


@pytest.mark.parametrize(
    ("host", "audiences"),
    [
        ("api.cloud.yandex.net", ["https://iam.api.cloud.yandex.net/iam/v1/tokens"]),
        ("api.cloud.yandex.net:443", ["https://iam.api.cloud.yandex.net/iam/v1/tokens"]),
        ("api.yandexcloud.kz", ["https://iam.api.yandexcloud.kz/iam/v1/tokens"]),
        (
            "api.example.org",
            ["https://iam.api.example.org/iam/v1/tokens", "https://iam.api.cloud.yandex.net/iam/v1/tokens"],
        ),
    ],
)
def test_audiences_are_tried_until_one_is_taken(simulator, key, host, audiences):
    before = len(simulator.log)
    assert read(simulator, service_account_key=json.dumps(key), api_host=host).complete
    assert [_claims(entry)["aud"] for entry in exchanges(simulator, before)] == audiences


def _claims(entry):
    jwt = pytest.importorskip("jwt")
    return jwt.decode(json.loads(entry.body)["jwt"], options={"verify_signature": False})


@pytest.mark.parametrize(
    "value", ["", " ", "https://api.cloud.yandex.net", "api cloud", "api.cloud.yandex.net:8443", "a/b", "h@st"]
)
def test_hosts_that_are_none(simulator, value):
    assert "`api_host`" in refused(simulator, iam_token="t1.a.b", api_host=value).message


def test_the_claims_of_the_exchange(simulator, key):
    before = len(simulator.log)
    read(simulator, service_account_key=json.dumps(key))
    claims = _claims(exchanges(simulator, before)[0])
    assert claims["iss"] == key["service_account_id"]
    assert 0 < claims["exp"] - claims["iat"] <= 3600
    assert abs(claims["iat"] - time.time()) < 60


def test_no_metadata_service_here(simulator):
    listing = read(simulator, instance_metadata=True, metadata_url="http://127.0.0.1:9", retries=1)
    assert not listing.complete
    assert listing.error.code == "connection"
    assert "linked to it" in listing.error.hint


def test_a_silent_metadata_service_costs_a_second_an_attempt(simulator):
    simulator.fault(Fault("yandex", "hang", path="/computeMetadata/"))
    began = time.monotonic()
    listing = read(simulator, instance_metadata=True, retries=0)
    assert listing.error.code == "timeout"
    assert time.monotonic() - began < 2


def test_the_metadata_address_of_the_environment(simulator):
    environ = {"YC_METADATA_ADDR": simulator.url.partition("//")[2]}
    assert read(simulator, instance_metadata=True, metadata_url=None, environ=environ).complete


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        "[]",
        "null",
        '{"iamToken": ""}',
        '{"iamToken": 5}',
        '{"iamToken": "a\\nb"}',
        "",
        "<html>",
        '{"iamToken": null}',
    ],
)
def test_exchanges_that_give_no_token(simulator, key, body):
    simulator.fault(Fault("yandex", "status", path=TOKENS, status=200, body=body))
    listing = read(simulator, service_account_key=json.dumps(key), retries=0)
    assert listing.error.code == "bad_answer"
    assert "IAM token" in str(listing.error)


@pytest.mark.parametrize("ends", ["", "soon", None, 5, "0001-01-01T00:00:00Z"])
def test_a_token_with_a_strange_end_is_used_all_the_same(simulator, key, ends):
    body = json.dumps({"iamToken": simulator.credentials.iam_token, "expiresAt": ends})
    simulator.fault(Fault("yandex", "status", path=TOKENS, status=200, body=body))
    assert read(simulator, service_account_key=json.dumps(key), retries=0).complete


def test_a_refused_key_is_an_error_of_credentials(simulator, key):
    listing = read(simulator, service_account_key=json.dumps({**key, "id": "ajeunknown"}))
    assert listing.error.code == "auth_failed"
    assert listing.error.http_status == 401
    assert listing.error.request_id
    assert listing.error.doing == "exchange the service account key for an IAM token"


def test_an_expired_token_is_renewed_once_for_all_workers():
    data = YandexData(instances=12, tasks_per_instance=3, expire_token_after=6)
    with Simulator(tls=False, yandex=data) as simulator:
        key = json.dumps(simulator.credentials.service_account_key)
        client = connect(simulator, "yandex", service_account_key=key, parallel=4)
        listing = client.tasks(Params(folder_id=simulator.credentials.folder_id))
        # Six requests by the first token, six by the second; then it is too fresh to be worth another one.
        assert len(exchanges(simulator)) == 2
        assert not listing.complete
        assert listing.error.code == "auth_failed"


def test_an_expired_token_in_mid_list():
    with Simulator(tls=False, yandex=YandexData(instances=12, tasks_per_instance=3)) as simulator:
        key = json.dumps(simulator.credentials.service_account_key)
        client = connect(simulator, "yandex", service_account_key=key, parallel=4)
        assert client.resources(Params(folder_id=simulator.credentials.folder_id)).complete
        simulator.expire_tokens("yandex")
        listing = client.tasks(Params(folder_id=simulator.credentials.folder_id))
        assert listing.complete
        assert same(listing.records, simulator.truth("yandex.tasks"))
        assert len(exchanges(simulator)) == 2


def test_a_given_token_that_expires_cannot_be_renewed():
    with Simulator(tls=False, yandex=YandexData(instances=3, expire_token_after=2)) as simulator:
        client = connect(simulator, "yandex", parallel=1)
        listing = client.tasks(Params(folder_id=simulator.credentials.folder_id))
        assert (listing.complete, listing.error.code) == (False, "auth_failed")
        assert "service account key" in listing.error.hint
        assert same(listing.records, simulator.truth("yandex.tasks")[:5])


def test_a_token_is_renewed_before_it_ends(simulator, key):
    moment = [0.0]
    clock = Clock(monotonic=lambda: time.monotonic() + moment[0], uniform=lambda low, high: low)
    before = len(simulator.log)
    client = connect(simulator, "yandex", clock=clock, service_account_key=json.dumps(key), deadline=86400)
    assert client.resources(Params(folder_id=simulator.credentials.folder_id)).complete
    moment[0] = 12 * 3600 - 30
    assert client.resources(Params(folder_id=simulator.credentials.folder_id)).complete
    assert len(exchanges(simulator, before)) == 2


def test_what_was_given_and_issued_is_secret(simulator, key):
    secrets = Secrets()
    client = connect(simulator, "yandex", secrets=secrets, service_account_key=json.dumps(key))
    client.resources(Params(folder_id=simulator.credentials.folder_id))
    issued = simulator.log[-1].headers["Authorization"].partition(" ")[2]
    assertion = json.loads(exchanges(simulator)[-1].body)["jwt"]
    assert {issued, assertion, key["private_key"], json.dumps(key)} <= secrets.hidden()
