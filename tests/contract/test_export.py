# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module `backup_export`: what it writes is what the info modules return, whole or not at all."""

from __future__ import annotations

import base64
import csv
import json
import os
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import pytest

from tests.contract.test_documentation import compare_whole
from tests.contract.test_secrets import EchoServer, leaks
from tests.modules import MODULES, ROOT, ModuleRunner
from tests.simulator import ClumioData, Fault, PetaDataData, Simulator, VeeamData, YandexData
from tests.support import reach

PROVIDERS = ("yandex", "clumio", "veeam", "petadata")


@pytest.fixture(scope="module")
def simulator():
    with Simulator(
        tls=False,
        yandex=YandexData(instances=5, tasks_per_instance=10),
        clumio=ClumioData(tasks=300, page_cap=50),
        veeam=VeeamData(sessions=20),
        petadata=PetaDataData(tasks=40),
    ) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_faults(simulator):
    yield
    simulator.clear_faults()


@pytest.fixture(scope="module")
def runner():
    with ModuleRunner() as running:
        yield running


def sources(simulator, providers=PROVIDERS, **options):
    scopes = {
        "yandex": {"folder_id": simulator.credentials.folder_id},
        "petadata": {"instance_ids": list(simulator.petadata_instances)},
    }
    return [{key: reach(simulator, key, retries=0, **scopes.get(key, {}), **options)} for key in providers]


@pytest.fixture
def export(simulator, runner, tmp_path):
    """Run the module on all sources; `dest` is a name in the test's folder."""

    def run(dest, *, check=False, providers=PROVIDERS, **options):
        given = {
            "sources": sources(simulator, providers),
            "dest": str(tmp_path / "out" / dest) if dest else "",
            **options,
        }
        return runner.run("backup_export", given, {"HOME": str(tmp_path)}, check=check)

    (tmp_path / "out").mkdir()
    return run


@pytest.fixture
def read(simulator, runner):
    """What an info module returns of the same sources."""

    def run(module, **options):
        return runner.run(module, {"sources": sources(simulator), **options}).result

    return run


def lines_of(path):
    return path.read_text(encoding="utf-8").splitlines()


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


# What is written


def test_json_says_what_the_info_module_says(export, read, out):
    result = export("a.json", since="160d").result
    truth = read("backup_task_info", since="160d")
    written = json.loads((out / "a.json").read_text())
    assert written["tasks"] == truth["tasks"]
    assert written["summary"] == truth["summary"]
    assert written["schema_version"] == truth["schema_version"]
    about = written["collection"]
    assert about["matched"] == result["matched"] == truth["matched"] == len(written["tasks"])
    assert about["complete"] is result["complete"] is True
    assert about["filters"] == {"since": "160d"}
    assert (about["since"], about["until"]) < (about["collected_at"],)
    assert [row["returned"] for row in about["sources"]] == [row["returned"] for row in truth["sources"]]
    assert [row["returned"] for row in result["sources"]] == [row["returned"] for row in truth["sources"]]
    assert {"tasks", "summary"}.isdisjoint(result)
    assert result["size"] == (out / "a.json").stat().st_size


def test_resources_too(export, read, out):
    export("a.json", kind="resources", rpo="12h", history_days=3)
    truth = read("backup_resource_info", rpo="12h", history_days=3)
    written = json.loads((out / "a.json").read_text())
    assert timeless(written["resources"]) == timeless(truth["resources"])
    assert written["summary"] == truth["summary"]
    assert written["collection"]["filters"]["rpo"] == "12h"
    assert written["collection"]["since"] < written["collection"]["collected_at"]


def timeless(resources):
    return [{**one, "freshness": {**one["freshness"], "age_seconds": None, "evaluated_at": None}} for one in resources]


def test_json_lines_have_one_record_each(export, read, out):
    export("a.ndjson", since="160d", results=["failed"], detail="raw")
    head, *records = map(json.loads, lines_of(out / "a.ndjson"))
    assert head["collection"]["filters"] == {"since": "160d", "results": ["failed"]}
    assert records == read("backup_task_info", since="160d", results=["failed"], detail="raw")["tasks"]
    assert records


def test_a_table_has_a_row_for_each(export, read, out):
    export("a.csv", since="160d")
    lines = lines_of(out / "a.csv")
    preamble = [line for line in lines if line.startswith("#")]
    rows = list(csv.DictReader(lines[len(preamble) :]))
    truth = read("backup_task_info", since="160d")["tasks"]
    assert "# complete: true" in preamble
    assert [row["uid"] for row in rows] == [task["uid"] for task in truth]
    assert [row["resource_name"] for row in rows] == [(task["resource"] or {}).get("name") or "" for task in truth]


def test_the_user_names_the_columns(export, out):
    export("a.csv", fields=["resource.name", "state", "uid"], since="160d")
    assert "uid,resource_name,state" in lines_of(out / "a.csv")


def test_a_field_that_has_parts_is_a_column_for_each(export, out):
    given = {"kind": "resources", "fields": ["freshness", "name"]}
    export("a.csv", **given)
    head = next(line for line in lines_of(out / "a.csv") if not line.startswith("#"))
    assert head.split(",")[:2] == ["uid", "freshness_status"]
    assert "freshness_age_seconds" in head
    assert head.endswith(",name")
    assert "{" not in (out / "a.csv").read_text()
    time.sleep(1.1)  # so that ages differ
    assert export("a.csv", **given).result["changed"] is False


def test_fields_of_json(export, out):
    export("a.json", fields=["resource.name"], since="160d", providers=("clumio",))
    tasks = json.loads((out / "a.json").read_text())["tasks"]
    assert {tuple(task) for task in tasks} == {("uid", "resource")}
    assert {tuple(task["resource"]) for task in tasks} == {("name",)}


def test_metrics_count_what_there_is(export, read, out):
    export("a.prom", since="160d")
    summary = read("backup_task_info", since="160d")["summary"]
    text = (out / "a.prom").read_text()
    counts = re.findall(r'^backup_task_results\{.*result="failed"\} (\d+)$', text, re.M)
    assert sum(map(int, counts)) == summary["by_result"]["failed"]
    assert 'backup_collection_complete{kind="tasks",source="veeam",provider="veeam"} 1' in text


def test_metrics_of_resources(export, read, out):
    export("b.prom", kind="resources")
    met = read("backup_resource_info")["summary"]["by_freshness"]["met"]
    text = (out / "b.prom").read_text()
    assert len(re.findall(r"^backup_rpo_met\{.*\} 1$", text, re.M)) == met > 0


def test_the_result_is_what_the_documentation_says(simulator, export):
    seen = Counter()
    always = {"dest", "kind", "format", "matched", "complete", "schema_version", "sources", "errors"}
    file = {"checksum", "owner", "group", "uid", "gid", "mode", "size", "state"}
    compare_whole("backup_export", export("a.json").result, always | file, seen)
    simulator.fault(Fault("clumio", "status", status=403))
    compare_whole("backup_export", export("a.json").result, always | {"error"} | file - {"checksum"}, seen)
    assert export("b.csv", check=True, on_error="warn").result["checksum"]


# Whole, and only when there is something new


@pytest.mark.parametrize("kind", ["tasks", "resources"])
@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.csv", "a.prom"])
def test_the_second_run_changes_nothing(export, out, name, kind):
    assert export(name, kind=kind).result["changed"] is True
    before = (out / name).stat()
    time.sleep(1.1)  # so that times in the file would differ
    again = export(name, kind=kind)
    assert again.result["changed"] is False
    after = (out / name).stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)


@pytest.mark.parametrize("name", ["a.json", "a.csv"])
def test_how_far_a_clock_is_off_is_no_news(runner, tmp_path, name):
    with Simulator(tls=False, yandex=YandexData(instances=2, tasks_per_instance=2)) as simulator:
        changes = []
        for offset in (7200, 7203):
            simulator._clock_offset = offset
            given = {"sources": sources(simulator, ("yandex",)), "dest": str(tmp_path / name), "kind": "resources"}
            changes.append(runner.run("backup_export", given, {"HOME": str(tmp_path)}).result["changed"])
            assert "clock_offset:7" in (tmp_path / name).read_text()
    assert changes == [True, False]


@pytest.mark.parametrize(
    ("name", "kind", "before"),
    [
        ("a.csv", "resources", b","),
        ("a.prom", "tasks", b"\n"),
        ("a.prom", "resources", b"\n"),
        ("a.prom", "resources", b" "),
    ],
)
def test_a_file_that_lacks_only_the_end_is_written_anew(export, out, name, kind, before):
    """The last column, and the last metric, are among those that a comparison leaves out."""
    export(name, kind=kind)
    lacking = (out / name).read_bytes()[:-1].rpartition(before)[0]
    (out / name).write_bytes(lacking)
    assert export(name, kind=kind).result["changed"] is True
    assert (out / name).read_bytes().endswith(b"\n")


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.csv", "a.prom"])
@pytest.mark.parametrize("harm", ["cut", "emptied", "foreign", "changed", "longer"])
def test_a_file_that_somebody_touched_is_written_anew(export, out, name, harm):
    export(name)
    whole = (out / name).read_bytes()
    half = len(whole) // 2
    harmed = {
        "cut": whole[:half],
        "emptied": b"",
        "foreign": b"\xff\x00{{{" * 1000,
        "changed": whole[:half] + bytes([whole[half] ^ 1]) + whole[half + 1 :],
        "longer": whole + b"\n",
    }[harm]
    (out / name).write_bytes(harmed)
    assert export(name).result["changed"] is True
    assert len((out / name).read_bytes()) == len(whole)


def test_other_filters_are_another_file(export):
    export("a.json", since="160d")
    assert export("a.json", since="160d", states=["finished"]).result["changed"] is True


def test_check_mode_predicts(export, out):
    said = export("a.csv", providers=("clumio",), check=True, _ansible_diff=True).result
    assert said["changed"] is True
    assert not (out / "a.csv").exists()
    assert said["diff"][0]["before"] == ""
    assert said["diff"][0]["after"].startswith("# kind: tasks\n")
    made = export("a.csv", providers=("clumio",)).result
    assert made["changed"] is True
    assert export("a.csv", providers=("clumio",), check=True).result["changed"] is False
    before = (out / "a.csv").read_bytes()
    other = export("a.csv", providers=("clumio",), check=True, _ansible_diff=True, states=["queued"]).result
    assert other["changed"] is True
    assert other["diff"][0]["before"].encode() == before
    assert (out / "a.csv").read_bytes() == before


def test_a_large_difference_shows_the_heads(export, out):
    export("a.json", since="160d", detail="raw")
    said = export("a.json", since="160d", detail="raw", states=["finished"], _ansible_diff=True).result["diff"][0]
    assert len(said["before"]) < 5000
    assert '"matched"' in said["before"]
    assert said["before"] != said["after"]


def test_it_has_the_mode_of_file_modules(export, out):
    assert export("a.csv", mode="0640").result["mode"] == "0640"
    assert (out / "a.csv").stat().st_mode & 0o777 == 0o640
    assert export("a.csv", mode="0640").result["changed"] is False
    assert export("a.csv", mode="0600", check=True).result["changed"] is True
    assert (out / "a.csv").stat().st_mode & 0o777 == 0o640
    assert export("a.csv", mode="0600").result["changed"] is True
    export("a.csv", states=["finished"])
    assert (out / "a.csv").stat().st_mode & 0o777 == 0o600  # a new content keeps them


def test_a_link_is_followed(export, out):
    (out / "real.csv").write_text("old")
    (out / "link.csv").symlink_to("real.csv")
    assert export("link.csv").result["dest"] == str(out / "real.csv")
    assert (out / "link.csv").is_symlink()
    assert (out / "real.csv").read_text().startswith("# kind")


def test_a_link_that_leads_nowhere_is_left_alone(simulator, export, out):
    (out / "a.json").symlink_to("b.json")
    (out / "b.json").symlink_to("a.json")
    simulator.log.clear()
    assert "link" in export("a.json").result["msg"]
    assert not simulator.log
    assert (out / "a.json").is_symlink()


# When something is missing


def test_what_is_incomplete_leaves_the_old_file(simulator, export, out):
    (out / "a.json").write_text("old")
    simulator.fault(Fault("clumio", "status", status=403))
    run = export("a.json")
    assert run.rc == 1
    assert run.result["changed"] is False
    assert run.error["code"] == "forbidden"
    assert "the file was left as it was" in run.result["msg"]
    assert [row["complete"] for row in run.result["sources"]] == [True, False, True, True]
    assert (out / "a.json").read_text() == "old"
    assert os.listdir(out) == ["a.json"]


@pytest.mark.parametrize("name", ["a.json", "a.csv", "a.prom"])
def test_with_a_warning_the_file_says_so(simulator, export, out, name):
    simulator.fault(Fault("clumio", "status", status=403))
    run = export(name, on_error="warn")
    assert (run.rc, run.result["complete"]) == (0, False)
    text = (out / name).read_text()
    says = {
        "a.json": r'"complete": false, "matched"',
        "a.csv": r"# complete: false\n",
        "a.prom": r'backup_collection_complete\{kind="tasks",source="clumio",provider="clumio"\} 0',
    }
    assert re.search(says[name], text)
    assert 'source="clumio",provider="clumio",state=' not in text


def started(arguments, tmp_path, prepare=None, before="pass"):
    """The module in a process of its own."""
    code = f"{before}; import tests.conftest, runpy; runpy.run_module('{MODULES}backup_export', None, '__main__')"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "HOME": str(tmp_path)},
        preexec_fn=prepare,
    )
    process.stdin.write(json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode())
    process.stdin.close()
    return process


@pytest.mark.parametrize("when", ["reading", "at once"])
def test_an_interruption_leaves_the_old_file_whole(simulator, tmp_path, out, when):
    (out).mkdir()
    (out / "a.json").write_text("old")
    simulator.fault(Fault("clumio", "slow", seconds=20, skip=0 if when == "at once" else 3))
    arguments = {"sources": sources(simulator), "dest": str(out / "a.json"), "since": "160d"}
    with started(arguments, tmp_path) as process:
        time.sleep(1.0)
        assert process.poll() is None
        process.send_signal(signal.SIGKILL)
    assert (out / "a.json").read_text() == "old"
    assert os.listdir(out) == ["a.json"]


@pytest.mark.parametrize(
    ("mode", "expected", "during"),
    [
        ("0600", 0o600, 0o600),
        (0o440, 0o440, 0o600),
        ("u=rw,g=,o=", 0o600, 0o600),
        ("u=rw,go=", 0o600, 0o600),
        ("a=r", 0o444, 0o600),
        ("g+w,o-r", 0o660, 0o666),
        ("u=rw,g=u,o=", 0o660, 0o666),
        ("u=rw,g=", 0o604, 0o644),
        ("", 0o644, 0o644),
    ],
)
def test_a_new_file_is_at_no_moment_open_to_others(simulator, tmp_path, out, mode, expected, during):
    out.mkdir()
    watch = (
        f"import os, sys; os.umask(0o022); modes = open({str(tmp_path / 'modes')!r}, 'w', buffering=1); "
        "sys.addaudithook(lambda event, told: event == 'os.chmod' and modes.write(f'{told[0]} {told[1]:o}\\n'))"
    )
    given = {"sources": sources(simulator, ["clumio"]), "dest": str(out / "a.json")}
    with started({**given, **({"mode": mode} if mode != "" else {})}, tmp_path, before=watch) as process:
        process.stdout.read()
    assert process.returncode == 0
    assert (out / "a.json").stat().st_mode & 0o777 == expected
    changes = [line.split() for line in lines_of(tmp_path / "modes")]
    modes = [int(changed, 8) for path, changed in changes if path.strip("b'").endswith("/a.json")]
    assert modes
    assert not [changed for changed in modes if changed & ~(during | expected)]


def test_the_time_alone_is_written_when_somebody_watches_it(export, out):
    export("a.prom", kind="resources")
    old = (out / "a.prom").read_text()
    time.sleep(1.1)
    assert export("a.prom", kind="resources", refresh=True, check=True).result["changed"] is True
    assert (out / "a.prom").read_text() == old
    assert export("a.prom", kind="resources", refresh=True).result["changed"] is True
    new = (out / "a.prom").read_text()
    moments = [
        re.search(r"^backup_collection_timestamp_seconds.* (\S+)$", text, re.MULTILINE)[1] for text in (old, new)
    ]
    assert float(moments[0]) < float(moments[1])
    assert export("a.prom", kind="resources").result["changed"] is False


# Bad input


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"dest": ""}, "dest"),
        ({"dest": "a"}, "its name tells no format.*json.*format"),
        ({"dest": "."}, "it is a folder"),
        ({"dest": "/dev/null", "format": "json"}, "it is a device"),
        ({"dest": "missing/a.json"}, "its folder does not exist"),
        ({"dest": "a.json", "rpo": "1d"}, "rpo.*option for resources.*kind: resources"),
        ({"dest": "a.json", "kind": "resources", "since": "1d"}, "since.*option for tasks"),
        ({"dest": "a.csv", "detail": "raw"}, "no place for raw"),
        ({"dest": "a.prom", "fields": ["uid"]}, "metrics have no fields"),
        ({"dest": "a.json", "fields": ["nonsense"]}, "no field 'nonsense'"),
        ({"dest": "a.json", "since": "yesterday"}, "since.*no time"),
        ({"dest": "a.json", "kind": "resources", "history_days": 9999}, "history_days.*out of bounds"),
        ({"dest": "a.json", "limit": 5}, "limit"),
        ({"dest": "a.csv", "kind": "resources", "history_days": 3}, "history_days.*csv has no place for days"),
        ({"dest": "a.csv", "kind": "resources", "fields": ["days"]}, "fields.*csv has no place for days"),
        ({"dest": "a.json", "owner": "nobody-of-this-name"}, "nobody-of-this-name"),
        ({"dest": "a.json", "mode": "rw"}, "mode"),
        ({"dest": "a.json", "_ansible_tmpdir": "/missing"}, "no temporary file.*remote_tmp"),
    ],
    ids=str,
)
def test_it_is_refused_before_anything_is_read(simulator, export, out, options, says):
    simulator.log.clear()
    run = export(**options)
    assert run.rc == 1
    assert re.search(says, run.result["msg"])
    assert not simulator.log
    assert os.listdir(out) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(export, out):
    out.chmod(0o500)
    assert "may not write there" in export("a.json").result["msg"]


@pytest.mark.parametrize(
    ("size", "says"), [(1000, "put aside on disk: File too large"), (150_000, "dest.*File too large")]
)
def test_no_room(simulator, tmp_path, out, size, says):
    """The limit on the size of files stands for a full disk: first records find no room, then the file itself."""
    (out).mkdir()
    (out / "a.json").write_text("old")
    given = {"sources": sources(simulator, ("clumio",)), "dest": str(out / "a.json"), "since": "160d"}
    with started(given, tmp_path, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))) as process:
        said = process.stdout.read().decode()
    assert process.returncode == 1
    assert re.search(says, json.loads(said)["msg"])
    assert (out / "a.json").read_text() == "old"
    assert os.listdir(out) == ["a.json"]


def test_a_file_that_cannot_be_put_in_place(export, out):
    """Ansible raises whatever it likes then."""
    run = export("a" * 260 + ".json")
    assert run.rc == 1
    assert (run.result["changed"], run.error["code"]) == (False, "bad_option")
    assert re.search("dest.*could not be put in place: .*[Nn]ame too long", run.result["msg"])
    assert len(run.result["sources"]) == len(PROVIDERS)
    assert os.listdir(out) == []


# Secrets


def test_no_secret_of_a_server_that_echoes_gets_into_the_file(runner, tmp_path):
    token = "MARKED-" + 's3cr3t-token-of-clumio"\\ü'[:22]
    with EchoServer("records", 200) as server:
        given = {
            "sources": [{"clumio": {"url": server.url, "api_token": token, "retries": 0}}],
            "dest": str(tmp_path / "a.jsonl"),
            "detail": "raw",
            "on_error": "warn",  # this server gives the same page again and again
        }
        run = runner.run("backup_export", given, {"HOME": str(tmp_path)})
    assert run.rc == 0, run.stdout
    text = (tmp_path / "a.jsonl").read_text()
    assert "primary_entity" in text
    assert leaks(text + run.stdout, {"api_token": token}) == set()
    assert "MARKED" not in text


def in_spellings(secret):
    """What a hostile server may call things."""
    quoted, escaped = quote(secret, safe=""), json.dumps(secret)[1:-1]
    lower = re.sub("%..", lambda found: found[0].lower(), quoted)
    units = "".join(f"\\u{ord(mark):04x}" for mark in secret)
    encoded = [base64.b64encode(f"{before}{secret}".encode()).decode() for before in ("", "admin:", "Bearer ")]
    return {secret, quoted, lower, quote(lower, safe=""), escaped, json.dumps(escaped)[1:-1], units, *encoded}


class NamingServer:
    """Clumio with one task for each of some names; they stand in every place that a server may choose, keys too."""

    def __init__(self, names):
        now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        times = dict.fromkeys(("created_timestamp", "start_timestamp", "end_timestamp"), now)
        self._tasks = [
            {
                "id": f"{number}-{name}",
                "type": f"type {name}",
                "category": "backup",
                "status": "failed",
                "primary_entity": {"id": f"v{number}", "type": "aws_ebs_volume", "value": f"vm {name}; {name}"},
                name: {name: [name]},
                **times,
            }
            for number, name in enumerate(sorted(names))
        ]

    def __enter__(self):
        tasks = self._tasks

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                items = tasks if self.path.startswith("/tasks") else []
                answer = {"_embedded": {"items": items}, "total_count": len(items), "current_count": len(items)}
                body = json.dumps({**answer, "total_pages_count": 1, "_links": {"_next": None}}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_told):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_port}"

    def __exit__(self, *exc):
        self._server.shutdown()
        self._server.server_close()


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.csv", "a.prom"])
@pytest.mark.parametrize("secret", ["pa;=ssword1", "x,=abc;-def", 'Tab;"t=longpw\\', "Corr3ct/horse+batt,ery&<"])
def test_names_that_spell_a_secret(runner, tmp_path, name, secret):
    spelled = in_spellings(secret)
    kind = {"kind": "resources"} if name == "a.prom" else {"detail": "raw"} if "json" in name else {}
    with NamingServer(spelled) as url:
        given = {"sources": [{"clumio": {"url": url, "api_token": secret, "retries": 0}}]}
        run = runner.run("backup_export", {**given, "dest": str(tmp_path / name), **kind}, {"HOME": str(tmp_path)})
        listed = runner.run("backup_task_info", {**given, "detail": "raw"})
    assert (run.rc, listed.rc) == (0, 0), run.stdout + listed.stdout
    text = (tmp_path / name).read_text()
    assert "vm ********" in text
    for shown in (text, text.replace("'", ""), text.replace('""', '"'), listed.stdout, run.stdout):
        assert {form for one in spelled for form in (one, json.dumps(one)[1:-1]) if form in shown} == set()


@pytest.mark.parametrize("secret", ["1", '"', "a", ":"])
def test_a_secret_of_one_letter_leaves_the_file_whole(runner, tmp_path, secret):
    with NamingServer({"vm-10", f"a{secret}; b"}) as url:
        source = {"clumio": {"url": url, "api_token": secret, "retries": 0}}
        for name in ("a.json", "a.jsonl", "a.csv", "a.prom", "b.prom"):
            given = {
                "sources": [source],
                "dest": str(tmp_path / name),
                "kind": "resources" if "b." in name else "tasks",
            }
            run = runner.run("backup_export", given, {"HOME": str(tmp_path)})
            assert run.rc == 0, run.stdout
    assert json.loads((tmp_path / "a.json").read_text())["tasks"]
    assert all(json.loads(line) for line in lines_of(tmp_path / "a.jsonl"))
    lines = lines_of(tmp_path / "a.csv")
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert rows
    assert all(None not in row for row in rows)
    for name in ("a.prom", "b.prom"):
        for line in lines_of(tmp_path / name):
            assert re.fullmatch(r'#.*|\w+\{(\w+="([^"\\\n]|\\.)*",?)*\} [\d.]+', line), line
