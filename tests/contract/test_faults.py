# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each module, run as a module, against everything that can go wrong: the whole truth, or a clear error, in time."""

from __future__ import annotations

import json
import time

import pytest

from tests.conftest import ROOT
from tests.modules import CALLS, ModuleRunner, ad_hoc, needed
from tests.simulator import ClumioData, Fault, PetaDataData, Simulator, VeeamData, YandexData
from tests.simulator.faults import RECORDS
from tests.simulator.spoil import HOSTILE_TEXT, UNKNOWN_WORD, XML_HOSTILE_TEXT
from tests.support import reach, same

SIZES = {
    "yandex": YandexData(instances=3, tasks_per_instance=5),
    "clumio": ClumioData(tasks=35),
    "veeam": VeeamData(sessions=60, tasks=25),
    "petadata": PetaDataData(tasks=65),
}
PAGES = {"yandex": 2, "clumio": 10, "veeam": 2, "petadata": 30}
"""Small pages, so that each list has several."""


@pytest.fixture(scope="module")
def simulators():
    """One for each module, so that all may meet the same fault at the same time."""
    running = {module: Simulator(tls=module.startswith("veeam"), **SIZES) for module in CALLS}
    for simulator in running.values():
        simulator.start()
    yield running
    for simulator in running.values():
        simulator.stop()


@pytest.fixture(scope="module")
def runner():
    with ModuleRunner() as running:
        yield running


def run_all(runner, simulators, *faults, clear=True, **options):
    """Every module once, with these faults [(kind, fields)] in force on its simulator."""
    for module, simulator in simulators.items():
        if clear:
            simulator.clear_faults()
        for kind, fields in faults:
            simulator.fault(Fault(CALLS[module][0], kind, **fields))
    usual = {"deadline": 10, "retries": 2}
    runs = [
        (
            module,
            reach(
                simulator, provider, **{**usual, "page_size": PAGES[provider], **needed(module, simulator), **options}
            ),
            {},
        )
        for module, simulator in simulators.items()
        for provider in CALLS[module][:1]
    ]
    return dict(zip(simulators, runner.run_all(runs)))


def whole(simulator, module):
    """The truth of a module's list in the order in which it is read."""
    truth = simulator.truth(CALLS[module][3])
    return sorted(truth, key=lambda s: s["CreationTimeUTC"].rstrip("Z")) if "session" in module else truth


def agrees(module, records, natives):
    """Whether records say what the API said. Resources of Clumio are compared by id: much in them is undocumented."""
    if module == "clumio_backup_resource_info":
        return [record["id"] for record in records] == [native["id"] for native in natives]
    return same(records, natives)


def check_sound(run, limit=10.0):
    """What holds for every end of a module: one JSON document, no traceback, in time."""
    assert run.rc is not None, f"it did not end within {run.seconds:.0f} s"
    assert run.stdout.count("\n{") + run.stdout.startswith("{") == 1
    assert "Traceback" not in run.stdout + run.stderr
    assert run.stderr == ""
    assert run.seconds < limit + 2.5


def check_whole(run, simulator, module):
    check_sound(run)
    assert run.rc == 0, run.result.get("msg")
    assert run.result["listing"]["complete"] is True
    assert run.result["changed"] is False
    records = run.result[CALLS[module][2]]
    assert agrees(module, records, whole(simulator, module))
    assert run.result["listing"]["returned"] == len(records)


def check_failed(run, simulator, module, codes, limit=10.0):
    """A clear error; what was read until then is true, and no claim to be all."""
    check_sound(run, limit)
    assert run.rc == 1
    result, error = run.result, run.error
    assert result["failed"] is True
    assert error["code"] in codes, result["msg"]
    assert error["provider"] == CALLS[module][0]
    assert error["message"]
    assert error["hint"]
    assert error["hint"] in result["msg"]
    assert result["msg"].startswith("Could not ") or error["code"] == "incomplete"
    if "listing" in result:
        assert result["listing"]["complete"] is False
        assert result["listing"]["incomplete_reason"]


def test_every_module_reads_all(runner, simulators):
    for module, run in run_all(runner, simulators).items():
        check_whole(run, simulators[module], module)


ONCE = {
    **{f"status {status}": ("status", {"status": status}) for status in (408, 500, 502, 503, 504)},
    "a throttle": ("throttle", {}),
    "a throttle with seconds": ("throttle", {"retry_after": 0}),
    "a throttle with a date": ("throttle", {"retry_after": 1, "retry_style": "date"}),
    "a throttle with milliseconds": ("throttle", {"retry_after": 0.1, "retry_style": "acs"}),
    "a reset": ("reset", {}),
    "a reset within the body": ("reset_body", {}),
    "half a body": ("truncate", {}),
    "garbage": ("garbage", {}),
    "a login page": ("html", {}),
    "a gateway's page": ("html_error", {}),
    "an empty body": ("empty_body", {}),
    "foreign JSON": ("foreign_json", {}),
    "a slow answer": ("slow", {"seconds": 0.3}),
    "the other format": ("wrong_format", {}),
    "a wrong total": ("wrong_total", {"n": 3}),
    "a total that is too small": ("wrong_total", {"n": -3}),
    "a record twice": ("duplicate", {"n": 1}),
    "an empty page": ("empty_page", {}),
    "a repeated page token": ("repeat_token", {}),
}


UNPROVABLE = {("yandex", "empty_page")}
"""Yandex counts nothing: a page that wrongly came empty looks like a lawful one."""


@pytest.mark.parametrize(("kind", "fields"), ONCE.values(), ids=list(ONCE))
def test_what_passes_costs_nothing_but_time(runner, simulators, kind, fields):
    """The first request is hit, or the second, or (when it is about records) both in turn."""
    for skip in (0, 1) if kind in RECORDS else (len(fields) % 2,):
        for module, run in run_all(runner, simulators, (kind, {**fields, "times": 1, "skip": skip})).items():
            if kind == "repeat_token" and run.rc:
                check_failed(run, simulators[module], module, {"incomplete"})
            elif (CALLS[module][0], kind) not in UNPROVABLE:
                check_whole(run, simulators[module], module)


FOR_EVER = {
    "status 400": ("status", {"status": 400}, {"rejected"}),
    "status 401": ("status", {"status": 401}, {"auth_failed", "session_expired", "unavailable"}),
    "status 403": ("status", {"status": 403}, {"forbidden"}),
    "status 404": ("status", {"status": 404}, {"not_found"}),
    "status 409": ("status", {"status": 409}, {"rejected", "unavailable"}),
    "status 413": ("status", {"status": 413}, {"rejected", "unavailable"}),
    "status 500": ("status", {"status": 500}, {"unavailable"}),
    "status 501": ("status", {"status": 501}, {"unsupported", "unavailable"}),
    "status 503": ("status", {"status": 503}, {"unavailable"}),
    "status 204": ("status", {"status": 204, "body": ""}, {"bad_answer"}),
    "status 206": ("status", {"status": 206, "body": '{"x'}, {"bad_answer"}),
    "a throttle": ("throttle", {}, {"throttled"}),
    "a throttle beyond the deadline": ("throttle", {"retry_after": 3600}, {"throttled"}),
    "a throttle for a million years": ("throttle", {"retry_after": 10**14}, {"throttled"}),
    "a reset": ("reset", {}, {"connection"}),
    "a reset within the body": ("reset_body", {}, {"bad_answer", "connection"}),
    "half a body": ("truncate", {}, {"bad_answer"}),
    "garbage": ("garbage", {}, {"bad_answer"}),
    "a login page": ("html", {}, {"bad_answer"}),
    "a gateway's page": ("html_error", {}, {"unavailable"}),
    "an empty body": ("empty_body", {}, {"bad_answer"}),
    "foreign JSON": ("foreign_json", {}, {"bad_answer"}),
    "a redirect": ("redirect", {}, {"redirect"}),
    "a redirect to nowhere": ("redirect", {"location": "http://[::1"}, {"redirect"}),
    "wrong types": ("bad_types", {}, {"bad_answer"}),
    "silence": ("hang", {}, {"timeout", "deadline"}),
    "a drip": ("drip", {"seconds": 0.2}, {"deadline", "timeout"}),
    "dripping headers": ("drip_headers", {"seconds": 0.2}, {"deadline", "timeout"}),
    "a huge body": ("huge", {}, {"too_large"}),
}
SLOW = {"hang", "drip", "drip_headers"}


@pytest.mark.parametrize(("kind", "fields", "codes"), FOR_EVER.values(), ids=list(FOR_EVER))
def test_what_does_not_pass_is_a_clear_error_in_time(runner, simulators, kind, fields, codes):
    deadline = 1.5 if kind in SLOW else 8
    runs = run_all(runner, simulators, (kind, fields), deadline=deadline, retries=1 if kind != "throttle" else 0)
    for module, run in runs.items():
        check_failed(run, simulators[module], module, codes, deadline)
        if kind == "status" and fields["status"] >= 400:
            assert run.error["http_status"] == fields["status"]
            known = module.partition("_")[0]
            if known in ("yandex", "petadata"):
                assert run.error["request_id"]
                assert run.error["request_id"] in run.result["msg"]
            if known in ("yandex", "petadata", "clumio"):
                assert run.error["provider_code"]


LATER = {
    "the second page fails": ("status", {"status": 403}),
    "the second page is reset": ("reset", {}),
    "the second page is no list": ("foreign_json", {}),
    "the second page is silent": ("hang", {}),
    "every page says another total": ("wrong_total", {"n": 7}),
    "every page but the first is empty": ("empty_page", {}),
    "every page repeats the token": ("repeat_token", {}),
    "every page repeats a record": ("duplicate", {"n": 1}),
}


@pytest.mark.parametrize(("kind", "fields"), LATER.values(), ids=list(LATER))
def test_no_success_is_incomplete_and_no_failure_forgets_what_was_read(runner, simulators, kind, fields):
    runs = run_all(runner, simulators, (kind, {**fields, "skip": 1}), deadline=3, retries=0, parallel=1)
    for module, run in runs.items():
        check_sound(run, 3)
        truth = whole(simulators[module], module)
        records = run.result[CALLS[module][2]]
        assert all(any(agrees(module, [record], [native]) for native in truth) for record in records)
        if run.rc == 0:
            assert run.result["listing"]["complete"] is True
            assert agrees(module, records, truth) or (CALLS[module][0], kind) in UNPROVABLE
        else:
            assert run.result["listing"]["complete"] is False
            assert run.error["code"] in {"forbidden", "connection", "bad_answer", "timeout", "deadline", "incomplete"}


@pytest.mark.parametrize("by", [2, -2])
def test_a_list_that_moves_once_is_read_again(runner, by):
    fresh = {module: Simulator(tls=False, **SIZES) for module in CALLS}
    for simulator in fresh.values():
        simulator.start()
    for simulator in fresh.values():
        simulator.fault(Fault("yandex", "shift", n=by, times=1, path=r"/tasks\?"))
        for provider in ("clumio", "veeam", "petadata"):
            simulator.fault(Fault(provider, "shift", n=by, times=1))
    runs = run_all(runner, fresh, clear=False)
    for module, run in runs.items():
        check_sound(run)
        truth, records = whole(fresh[module], module), run.result[CALLS[module][2]]
        assert run.rc == 0, (module, run.error)
        # Whatever was there from the beginning to the end must be in it.
        stable = truth if by < 0 else truth[2:]
        if "session" in module:
            stable = truth if by < 0 else truth[:-2]
        ids = [_id(record) for record in records]
        assert len(ids) == len(set(ids))
        missing = {_id(native) for native in stable} - set(ids)
        # Yandex counts nothing: what slipped from one page to the page before cannot be missed.
        assert not missing or (by < 0 and module.startswith("yandex")), (module, len(missing))
    for simulator in fresh.values():
        simulator.stop()


def _id(record):
    lowered = {name.lower().replace("_", ""): value for name, value in record.items()}
    return str(lowered.get("id") or lowered.get("taskid") or lowered.get("uid") or lowered.get("resourceid"))


def test_strange_records_are_told_as_they_came(runner, simulators):
    for module, run in run_all(runner, simulators, ("unknown_words", {}), ("unknown_fields", {})).items():
        check_sound(run)
        records = run.result[CALLS[module][2]]
        assert len(records) == len(whole(simulators[module], module))
        word = {"yandex": UNKNOWN_WORD, "clumio": "quantum_entangled", "veeam": "QuantumEntangled", "petadata": "9"}
        known = CALLS[module][0]
        assert module == "clumio_backup_resource_info" or all(word[known] in record.values() for record in records)
        assert all(record["additional_fields"]["tagLine"] == "a field nobody documented" for record in records)


@pytest.mark.parametrize("form", ["json", "xml"])
def test_hostile_text_stays_text(runner, simulators, form):
    chosen = {m: s for m, s in simulators.items() if form == "json" or m.startswith(("veeam", "petadata"))}
    options = {"format": "xml"} if form == "xml" else {}
    for module, run in run_all(runner, chosen, ("hostile_text", {}), **options).items():
        check_sound(run)
        assert run.rc == 0, run.result["msg"][:300]
        texts = {text for record in run.result[CALLS[module][2]] for text in _texts(record) if len(text) > 1000}
        wanted = XML_HOSTILE_TEXT if form == "xml" else HOSTILE_TEXT
        assert {text.strip() for text in texts} <= {wanted.strip(), wanted.replace("\r\n", "\n").strip()}
        assert texts or (module == "veeam_backup_task_info" and form == "xml")


def _texts(value):
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(inner)


def test_check_mode_reads_the_same_and_changes_nothing(runner, simulators):
    for module, simulator in simulators.items():
        simulator.clear_faults()
        options = reach(simulator, CALLS[module][0], **needed(module, simulator))
        check_whole(runner.run(module, options, check=True), simulator, module)


@pytest.mark.parametrize("kind", ["hang", "drip_headers", "drip"])
def test_the_whole_python_ends_in_time_too(runner, simulators, kind):
    """Not only the answer comes in time: no thread keeps the process alive."""
    module = "clumio_backup_task_info"
    simulator = simulators[module]
    simulator.clear_faults()
    simulator.fault(Fault("clumio", kind, seconds=0.3, skip=1))
    options = reach(simulator, "clumio", deadline=1, page_size=5, parallel=4)
    began = time.monotonic()
    run = runner.run(module, options, real=True)
    assert run.rc == 1
    assert run.error["code"] in ("deadline", "timeout")
    assert time.monotonic() - began < 4


def test_a_server_that_is_not_there(runner, simulators):
    for module, simulator in simulators.items():
        address = {"api_url" if module.startswith("yandex") else "url": "http://127.0.0.1:9", "retries": 0}
        options = reach(simulator, CALLS[module][0], **needed(module, simulator))
        run = runner.run(module, {**options, **address})
        check_failed(run, simulators[module], module, {"connection"})
        assert "refused" in run.result["msg"]


def test_through_the_real_ansible(simulators, tmp_path):
    """One module of each kind of end: success, failure that carries what was read."""
    simulator = simulators["clumio_backup_task_info"]
    simulator.clear_faults()
    options = reach(simulator, "clumio", page_size=10)
    done = ad_hoc("clumio_backup_task_info", options, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads((tmp_path / "told.json").read_text(encoding="utf-8"))
    assert same(told["tasks"], simulator.truth("clumio"))
    simulator.fault(Fault("clumio", "status", status=403, skip=1))
    done = ad_hoc("clumio_backup_task_info", options, tmp_path, verbose="-v")
    simulator.clear_faults()
    assert done.returncode == 2
    assert "Could not list the tasks: 403 106" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_the_table_of_modules_is_whole():
    info = {
        path.stem for path in (ROOT / "plugins" / "modules").glob("*_info.py") if not path.stem.startswith("backup_")
    }
    assert info == set(CALLS)
