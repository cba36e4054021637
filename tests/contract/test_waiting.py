# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules that wait for tasks and abort them: their results are what RETURN says, and no secret leaves them."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.test_documentation import compare_whole, entries, load, returns
from tests.contract.test_secrets import leaks
from tests.modules import ModuleRunner, ad_hoc
from tests.simulator import ClumioData, Fault, Simulator, VeeamData
from tests.support import connect, reach

ENVELOPE = {"complete", "schema_version", "sources", "errors"}
FIELDS = {
    "backup_task_wait": {"tasks", "outcomes", "pending", "missing", "summary", "reads", "elapsed_seconds"} | ENVELOPE,
    "backup_task_abort": {"aborts"} | ENVELOPE,
}
FAST = {"retries": 0, "timeout": 5, "deadline": 10}


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(clumio=ClumioData(tasks=60), veeam=VeeamData(sessions=20)) as running:
        yield running


@pytest.fixture(scope="module")
def runner() -> Iterator[ModuleRunner]:
    with ModuleRunner() as running:
        yield running


@pytest.fixture(autouse=True)
def _no_faults(simulator: Simulator) -> Iterator[None]:
    yield
    simulator.clear_faults()


def sources(simulator: Simulator, *providers: str) -> list[dict[str, Any]]:
    scopes = {
        "yandex": {"folder_id": simulator.credentials.folder_id},
        "petadata": {"instance_ids": list(simulator.petadata_instances)},
    }
    return [{key: reach(simulator, key, **scopes.get(key, {}))} for key in providers]


def tasks_of(simulator: Simulator, **wanted: Any) -> list[str]:
    """The uids of Clumio's tasks with these fields."""
    found = [t for t in simulator.truth("clumio") if all(t[name] == value for name, value in wanted.items())]
    return [f"clumio:clumio::{task['id']}" for task in found]


def request_of(simulator: Simulator) -> str:
    """The uid of a request of the shared logon session: it has started a job that has ended by now."""
    return f"veeam:veeam:{connect(simulator, 'veeam')._session_name()}:task-9"


def test_results_are_what_the_documentation_says(simulator: Simulator, runner: ModuleRunner) -> None:
    seen: dict[str, Counter[str]] = {name: Counter() for name in FIELDS}
    instance = simulator.services["yandex"].instance_ids()[0]  # type: ignore[attr-defined]
    database = simulator.petadata_instances[0]
    uids = [
        *tasks_of(simulator, status="completed")[:1],
        *tasks_of(simulator, status="completed", type="aws_ebs_volume_incremental_backup")[:1],
        *(f"yandex:yandex::{task['id']}" for task in simulator.truth("yandex.tasks", instance)),
        *(f"petadata:petadata:{database}:{task['TaskId']}" for task in simulator.truth("petadata", database)),
        *(f"veeam:veeam::{item['UID']}" for item in simulator.truth("veeam.BackupTaskSession")[3:9]),
        request_of(simulator),
        request_of(simulator).replace("task-9", "task-3"),
        "clumio:clumio::999999999",
    ]
    common = {"sources": sources(simulator, "yandex", "clumio", "veeam", "petadata"), "connection": FAST}
    options = {**common, "tasks": uids, "wait_interval": 1, "wait_timeout": 1, "appear_timeout": 0}
    waited = runner.run("backup_task_wait", options).result
    assert waited["error"]["code"] == "task_failed"
    assert waited["missing"] == ["clumio:clumio::999999999"]
    assert "success" in {row["outcome"] for row in waited["outcomes"] if row["begun_by"]}
    compare_whole("backup_task_wait", waited, FIELDS["backup_task_wait"] | {"error"}, seen["backup_task_wait"])
    quiet = runner.run("backup_task_wait", {**common, "tasks": uids[1:2]}).result
    compare_whole("backup_task_wait", quiet, FIELDS["backup_task_wait"], seen["backup_task_wait"])

    running = tasks_of(simulator, status="in_progress", is_abortable=True)[:1]
    done = tasks_of(simulator, status="aborted")[:1]
    aborted = runner.run("backup_task_abort", {**common, "tasks": [*running, *done]}).result
    assert (aborted["changed"], [row["outcome"] for row in aborted["aborts"]]) == (
        True,
        ["aborted", "already_finished"],
    )
    compare_whole("backup_task_abort", aborted, FIELDS["backup_task_abort"], seen["backup_task_abort"])
    refused = runner.run("backup_task_abort", {**common, "tasks": tasks_of(simulator, category="system")}).result
    compare_whole("backup_task_abort", refused, FIELDS["backup_task_abort"] | {"error"}, seen["backup_task_abort"])

    for name, counted in seen.items():
        own = {path for path, _entry in entries(returns(name)) if path.split(".")[0] not in (*ENVELOPE, "error")}
        lacking = own - counted.keys()
        assert lacking <= {"tasks.error_code", "tasks.policy.name", "summary.newest_success.message"}, name


@pytest.mark.parametrize("name", FIELDS)
def test_outcomes_are_the_words_of_the_code(name: str) -> None:
    from ansible_collections.multivendor.backup.plugins.module_utils._unified import abort

    block = returns(name)["aborts" if name == "backup_task_abort" else "outcomes"]
    told = set(re.findall(r"V\((\w+)\)", " ".join(block["contains"]["outcome"]["description"])))
    assert told == (set(abort.OUTCOMES) if name == "backup_task_abort" else {"unknown", "pending", "missing"})


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("wrong", [{"tasks": ["17"]}, {"tasks": []}, {"tasks": ["clumio:elsewhere::1"]}], ids=str)
def test_typos_return_only_the_error(simulator: Simulator, runner: ModuleRunner, name: str, wrong: Any) -> None:
    before = len(simulator.log)
    run = runner.run(name, {"sources": sources(simulator, "clumio"), **wrong})
    assert (run.rc, run.error["code"]) == (1, "bad_option")
    assert "option `tasks`" in run.result["msg"]
    assert len(simulator.log) == before
    compare_whole(name, run.result, {"error"}, Counter())


def test_the_documentation_names_the_numbers_of_the_code() -> None:
    from ansible_collections.multivendor.backup.plugins.module_utils._unified import wait

    text = load("backup_task_wait").DOCUMENTATION
    assert f"from 1 to {wait.LONGEST_INTERVAL}." in text
    assert f"up to {wait.LONGEST_PAUSE} seconds" in text
    assert wait.LONGEST_TIMEOUT == 7 * 86400
    assert "up to a week" in text
    assert wait.LASTING_AFTER == 3
    assert "three reads in a row" in text


SECRETS = {
    "clumio": {"api_token": "MARKED-clumio-token/+="},
    "veeam": {"username": "svc", "password": "MARKED pässword/of+mine"},
}


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("provider", SECRETS)
@pytest.mark.parametrize("status", [401, 500])
def test_no_secret_leaves(simulator: Simulator, runner: ModuleRunner, name: str, provider: str, status: int) -> None:
    given = SECRETS[provider]
    said = " ".join(given.values())
    body = {"clumio": '{"errors": [{"error_message": "%s"}]}', "veeam": '{"Message": "%s"}'}[provider] % said
    simulator.fault(Fault(provider, "status", status=status, body=body))
    uid = {"clumio": "clumio:clumio::1", "veeam": "veeam:veeam::urn:veeam:BackupJobSession:1-2"}[provider]
    options = {"sources": [{provider: reach(simulator, provider, **given)}], "connection": FAST, "tasks": [uid]}
    run = runner.run(name, {**options, **({"wait_timeout": 0} if name == "backup_task_wait" else {})})
    assert run.rc == 1
    assert "could not" in run.result["msg"].lower()
    assert leaks(run.stdout + run.stderr, {key: value for key, value in given.items() if "MARKED" in value}) == set()


def test_a_shared_session_stays_inside(simulator: Simulator, runner: ModuleRunner) -> None:
    token = simulator.credentials.veeam_session_token
    for name in FIELDS:
        run = runner.run(
            name, {"sources": sources(simulator, "veeam"), "connection": FAST, "tasks": [request_of(simulator)]}
        )
        assert run.rc == 0, run.stdout
        assert leaks(run.stdout + run.stderr, {"token": token}) == set()


def test_the_loudest_ansible_says_nothing(simulator: Simulator, tmp_path: Any) -> None:
    simulator.fault(
        Fault("clumio", "status", status=401, body='{"errors": [{"error_message": "MARKED-token-MARKED"}]}')
    )
    options = {
        "sources": [{"clumio": reach(simulator, "clumio", api_token="MARKED-token-MARKED", retries=0)}],
        "tasks": ["clumio:clumio::1"],
    }
    loud = {"ANSIBLE_DISPLAY_TRACEBACK": "always"}
    done = ad_hoc("backup_task_wait", options, tmp_path, env=loud, verbose="-vvvv")
    assert done.returncode == 2
    assert "auth_failed" in done.stdout
    assert "MARKED" not in done.stdout + done.stderr


def test_a_wait_ends_when_its_time_is_up(simulator: Simulator, runner: ModuleRunner) -> None:
    """By the real clock: against a server that never answers."""
    simulator.fault(Fault("clumio", "hang"))
    began = time.monotonic()
    run = runner.run(
        "backup_task_wait",
        {
            "sources": sources(simulator, "clumio"),
            "connection": {"retries": 0, "timeout": 0.3, "deadline": 1},
            "tasks": ["clumio:clumio::1"],
            "wait_interval": 1,
            "wait_timeout": 1,
        },
        patience=15,
    )
    assert run.error["code"] == "timeout"
    assert time.monotonic() - began < 10
