# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules' documentation says is what they do: options, results at every depth, and examples."""

from __future__ import annotations

import importlib
import json
import keyword
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import yaml
from ansible.module_utils import basic
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from tests.modules import ModuleRunner
from tests.simulator import ClumioData, Fault, PetaDataData, Simulator, VeeamData, YandexData
from tests.tools import sources_fragment
from tests.tools.stage import BIN, ROOT, environment

COLLECTION = "multivendor.backup"
PLUGINS = "ansible_collections.multivendor.backup.plugins"
MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("*.py") if path.stem != "__init__")
GROUPS: dict[str, list[str]] = yaml.safe_load((ROOT / "meta/runtime.yml").read_text())["action_groups"]
UNIFIED = GROUPS["unified"]
PREFLIGHT = "backup_source_info"
ENVELOPED = [name for name in UNIFIED if name != PREFLIGHT]
LISTS = [name for name in MODULES if name.endswith("_info") and name not in UNIFIED]
PROVIDERS = ("yandex", "clumio", "veeam", "petadata")

# Options that are secrets. All others are not, whatever their names look like.
SECRETS = {
    *("iam_token", "service_account_key", "api_token", "password", "session_token"),
    *("access_key_secret", "security_token"),
}
DESCRIBED = {"type", "default", "choices", "elements", "required"}
RULES = {"mutually_exclusive", "required_together", "required_one_of"}
TYPES: dict[str, Any] = {"str": str, "int": int, "float": (int, float), "bool": bool, "dict": dict, "list": list}

COMMON_RESULTS = {"changed", "failed", "msg", "warnings", "deprecations", "invocation"}
METHODS = {"items", "keys", "values", "get", "copy", "pop", "update", "clear", "fromkeys", "popitem", "setdefault"}
TAKEN = {
    *("changed", "failed", "msg", "rc", "stdout", "stderr", "diff", "invocation", "warnings", "deprecations"),
    *("exception", "skipped", "results", "backup_file", "ansible_facts"),
}

# What has no value in any answer: Clumio's links have no name, its resources no links, and a module that reads one
# source gives it none.
NAMELESS = {
    "clumio_backup_task_info": {"tasks.links.name"},
    "clumio_backup_resource_info": {
        "resources.etag",
        *(f"resources.links.{key}" for key in ("rel", "type", "href", "name")),
    },
    "backup_task_info": {"tasks.error_code", "tasks.policy.name", "summary.newest_success.message"},
    "backup_resource_info": set(),
}
SOURCE = {"error.source", "listing.failed_scopes.source"}


class Stopped(Exception):
    """The module has told its argument spec, and need not go on."""


@dataclass(frozen=True)
class Spec:
    """What a module gives to AnsibleModule."""

    options: dict[str, dict[str, Any]]
    rules: dict[str, Any]

    def validator(self) -> ArgumentSpecValidator:
        rules = {name: rule for name, rule in self.rules.items() if name != "supports_check_mode"}
        return ArgumentSpecValidator(self.options, **rules)


def load(name: str) -> Any:
    return importlib.import_module(f"{PLUGINS}.modules.{name}")


def spec_of(name: str) -> Spec:
    """The argument spec of a module, taken where it is handed to Ansible."""
    told: list[Spec] = []

    def stop(_module: Any, argument_spec: dict[str, Any], **rules: Any) -> None:
        if rules.pop("add_file_common_args", False):  # as AnsibleModule adds them
            argument_spec = {**basic.FILE_COMMON_ARGUMENTS, **argument_spec}
        told.append(Spec(argument_spec, rules))
        raise Stopped

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(basic.AnsibleModule, "__init__", stop)
        with pytest.raises(Stopped):
            load(name).main()
    return told[0]


def flat(options: dict[str, Any], inner: str, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every option with its path as documentation writes it, at every depth; `inner` holds those within."""
    for name, entry in options.items():
        yield f"{path}{name}", entry
        marker = "[]" if entry.get("elements") == "dict" else ""
        yield from flat(entry.get(inner) or {}, inner, f"{path}{name}{marker}.")


@pytest.fixture(scope="module")
def documented(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The documentation of every module, fragments merged, as ansible-doc has it."""
    collections = tmp_path_factory.mktemp("collections")
    link = collections / "ansible_collections/multivendor/backup"
    link.parent.mkdir(parents=True)
    link.symlink_to(ROOT)
    command = [str(BIN / "ansible-doc"), "--json", "--type", "module", *(f"{COLLECTION}.{name}" for name in MODULES)]
    done = subprocess.run(command, env=environment(collections), capture_output=True, text=True, check=True)
    return {name.rpartition(".")[2]: entry["doc"] for name, entry in json.loads(done.stdout).items()}


def returns(name: str) -> dict[str, Any]:
    documentation: dict[str, Any] = yaml.safe_load(load(name).RETURN)
    return documentation


def entries(documentation: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every documented field with its path, at every depth."""
    for name, entry in documentation.items():
        yield f"{path}{name}", entry
        yield from entries(entry.get("contains", {}), f"{path}{name}.")


def test_there_are_modules_to_check() -> None:
    assert len(MODULES) >= 10
    assert len(LISTS) >= 7
    assert {"backup_task_info", "backup_resource_info"} <= {*UNIFIED} < {*MODULES}


# Options


@pytest.mark.parametrize("name", MODULES)
def test_options_are_what_the_documentation_says(name: str, documented: dict[str, dict[str, Any]]) -> None:
    def described(option: dict[str, Any]) -> dict[str, Any]:
        return {"type": "str", "required": False, **{key: option[key] for key in DESCRIBED & option.keys()}}

    spec = dict(flat(spec_of(name).options, "options"))
    told = dict(flat(documented[name]["options"], "suboptions"))

    assert {option: described(entry) for option, entry in spec.items()} == {
        option: described(entry) for option, entry in told.items()
    }
    for ansibles in basic.FILE_COMMON_ARGUMENTS:  # Ansible's own, where a module has them
        spec.pop(ansibles, None)
        told.pop(ansibles, None)
    assert {key for option in spec.values() for key in option} <= DESCRIBED | RULES | {"no_log", "options"}
    assert {key for option in told.values() for key in option} <= DESCRIBED | {"description", "suboptions"}
    assert all(option["description"] for option in told.values())


@pytest.mark.parametrize("name", MODULES)
def test_secret_options_are_masked_and_no_others(name: str) -> None:
    options = dict(flat(spec_of(name).options, "options"))

    masked = {option for option, entry in options.items() if entry.get("no_log")}

    assert masked
    assert masked == {option for option in options if option.rpartition(".")[2] in SECRETS}


@pytest.mark.parametrize("name", MODULES)
def test_options_that_exclude_each_other_say_so(name: str, documented: dict[str, dict[str, Any]]) -> None:
    spec = spec_of(name)
    texts = {path: " ".join(entry["description"]) for path, entry in flat(documented[name]["options"], "suboptions")}
    groups = [("", group) for group in spec.rules["mutually_exclusive"]]
    for path, entry in flat(spec.options, "options"):
        groups += [(path, group) for group in entry.get("mutually_exclusive") or ()]

    for path, group in groups:
        marker = "[]." if path == "sources" else "." if path else ""
        options = {f"{path}{marker}{option}" for option in group}
        told = [texts[option] for option in options if "utually exclusive" in texts[option]]
        if "xactly one of" in texts.get(path, ""):
            told.append(texts[path])
        assert any(len(options - set(re.findall(r"O\(([^)]+)\)", text))) <= 1 for text in told), group


@pytest.mark.parametrize("name", MODULES)
def test_attributes_agree_with_the_code(name: str, documented: dict[str, dict[str, Any]]) -> None:
    attributes = documented[name]["attributes"]

    assert attributes["check_mode"]["support"] == "full"
    assert spec_of(name).rules["supports_check_mode"] is True
    assert {member.rpartition(".")[2] for member in attributes["action_group"]["membership"]} == {
        group for group, modules in GROUPS.items() if name in modules
    }


def test_action_groups_have_all_modules() -> None:
    assert sorted(GROUPS["all"]) == MODULES
    for name in MODULES:
        assert name in GROUPS[group_of(name)]
    assert set(GROUPS) == {"all", "unified", *PROVIDERS}


def group_of(name: str) -> str:
    """The action group of a module: its provider, or `unified`."""
    return name.partition("_")[0] if name.startswith(PROVIDERS) else "unified"


def test_the_sources_fragment_is_what_its_tool_writes() -> None:
    written = (ROOT / "plugins/doc_fragments/_sources.py").read_text(encoding="utf-8")

    assert written == sources_fragment.source(), "run python -m tests.tools.sources_fragment"


def test_a_source_takes_what_the_modules_of_its_provider_take() -> None:
    registry = importlib.import_module(f"{PLUGINS}.module_utils._sources")
    kinds = importlib.import_module(f"{PLUGINS}.module_utils._clumio.records").KINDS
    options = yaml.safe_load(sources_fragment.written(sources_fragment.fragment()))["options"]["sources"]["suboptions"]

    assert options.keys() == {"name", "rpo", *PROVIDERS}
    assert registry.PROVIDERS.keys() == set(PROVIDERS)
    for key, provider in registry.PROVIDERS.items():
        assert provider.endpoint == sources_fragment.PROVIDERS[key].endpoint
        assert provider.scope.keys() == sources_fragment.PROVIDERS[key].scope.keys()
        for name, option in provider.options.spec.items():
            text = " ".join(options[key]["suboptions"][name]["description"])
            if option.get("default") is not None and f"O(connection.{name})" not in text:
                assert f"The default is V({sources_fragment.yaml_word(option['default'])})." in text
    assert set(re.findall(r"V\((\w+)\)", str(options["clumio"]["suboptions"]["kinds"]))) == kinds.keys()


# Results


@dataclass(frozen=True)
class Run:
    """One run of a module against the simulator, and what it gave."""

    what: str
    result: dict[str, Any]


class Bench:
    """A simulator and the modules that run against it."""

    def __init__(self, simulator: Simulator, runner: ModuleRunner) -> None:
        self.simulator = simulator
        self.runner = runner
        known, url = simulator.credentials, simulator.url
        fast = {"retries": 0, "timeout": 10, "deadline": 20}
        shared = {"url": url, "session_token": known.veeam_session_token, **fast}
        self.arguments: dict[str, dict[str, Any]] = {
            "yandex_backup_resource_info": {
                "api_url": url, "iam_token": known.iam_token, "folder_id": known.folder_id, **fast
            },
            "yandex_backup_task_info": {
                "api_url": url, "iam_token": known.iam_token, "folder_id": known.folder_id, **fast
            },
            "clumio_backup_task_info": {"url": url, "api_token": known.clumio_token, **fast},
            "clumio_backup_resource_info": {"url": url, "api_token": known.clumio_token, "lookback_days": 7, **fast},
            "veeam_backup_task_info": shared,
            "veeam_backup_session_info": shared,
            "veeam_logon_session": {
                "url": url, "username": known.veeam_username, "password": known.veeam_password, **fast
            },
            "petadata_backup_task_info": {
                "url": url,
                "access_key_id": known.access_key_id,
                "access_key_secret": known.access_key_secret,
                "instance_ids": list(simulator.petadata_instances),
                **fast,
            },
        }  # fmt: skip
        self.sources = [
            {
                "name": f"{key}-1",
                key: {option: value for option, value in self.arguments[module].items() if option not in fast},
            }
            for key, module in zip(
                PROVIDERS,
                (
                    "yandex_backup_task_info",
                    "clumio_backup_task_info",
                    "veeam_backup_task_info",
                    "petadata_backup_task_info",
                ),
            )
        ]
        for name in UNIFIED:
            self.arguments[name] = {"sources": self.sources, "connection": fast}

    def run(self, name: str, *, check_mode: bool = False, fault: Fault | None = None, **changes: Any) -> dict[str, Any]:
        """The result of a module with its usual arguments and these changes; None takes an argument away."""
        arguments = {key: value for key, value in {**self.arguments[name], **changes}.items() if value is not None}
        if fault is not None:
            self.simulator.fault(fault)
        try:
            return self.runner.run(name, arguments, {"NO_PROXY": "127.0.0.1"}, check=check_mode).result
        finally:
            self.simulator.clear_faults()


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    simulator = Simulator(
        tls=False,
        yandex=YandexData(instances=12, tasks_per_instance=6, external_servers=1, print_defaults=True),
        clumio=ClumioData(tasks=120),
        veeam=VeeamData(sessions=40),
        petadata=PetaDataData(instances=("pd-one", "pd-two"), tasks=40),
    )
    with simulator, ModuleRunner() as runner:
        yield Bench(simulator, runner)


EVERY_KIND = ["ebs_volumes", "ec2_instances", "rds_resources", "dynamodb_tables", "s3_buckets", "protection_groups"]
VARIANTS: dict[str, list[dict[str, Any]]] = {
    "yandex_backup_task_info": [{"types": ["BACKUP"], "statuses": ["COMPLETED"], "since": "7d"}],
    "yandex_backup_resource_info": [{"type": "COMPUTE"}],
    "clumio_backup_task_info": [{"statuses": ["failed"], "created_after": "7d"}],
    "clumio_backup_resource_info": [{"kinds": [kind], "lookback_days": None} for kind in EVERY_KIND],
    "veeam_backup_task_info": [{"format": "xml"}, {"task_ids": ["task-1"]}, {"states": ["Finished"]}],
    "veeam_backup_session_info": [
        {"format": "xml"},
        *({"kind": kind} for kind in ("item", "restore", "replica_job", "replica_item")),
        {"kind": "item", "format": "xml", "results": ["Failed"], "since": "7d"},
    ],
    "petadata_backup_task_info": [{"format": "xml"}, {"task_statuses": ["3"], "start_time": "7d"}],
}


@pytest.fixture(scope="module")
def good(bench: Bench) -> dict[str, list[Run]]:
    """Results of lists that were read whole: the plain one, and with every option that shapes it."""
    return {
        name: [Run(str(changes), bench.run(name, **changes)) for changes in [{}, *VARIANTS[name]]] for name in LISTS
    }


@pytest.fixture(scope="module")
def bad(bench: Bench) -> dict[str, list[Run]]:
    """Results of lists that could not be read whole."""

    def broken(name: str) -> list[Run]:
        faults = [Fault(group_of(name), "status", status=403), Fault(group_of(name), "html")]
        if name == "yandex_backup_task_info":
            faults.append(Fault("yandex", "status", path="/tasks", status=403, times=1))
        return [Run(str(fault), bench.run(name, fault=fault)) for fault in faults]

    runs = {name: broken(name) for name in LISTS}
    runs["veeam_backup_task_info"].append(
        Run("no such task", bench.run("veeam_backup_task_info", task_ids=["task-1", "task-777"]))
    )
    runs["petadata_backup_task_info"].append(
        Run("no such instance", bench.run("petadata_backup_task_info", instance_ids=["pd-one", "pd-none"]))
    )
    return runs


# Words of the model: in these lists and counts, and in these fields, there are no others.
ENUMS = importlib.import_module(f"{PLUGINS}.module_utils._model.enums")
SEVERITIES = {*ENUMS.SEVERITIES.values()}
WORDS = {
    "summary.by_state": {*ENUMS.STATES},
    "summary.by_result": {*ENUMS.RESULTS},
    "summary.by_severity": SEVERITIES,
    "summary.by_operation": {*ENUMS.OPERATIONS},
    "summary.by_provider": {*PROVIDERS},
    "summary.by_freshness": {*ENUMS.FRESHNESS},
    "summary.by_protection": {*ENUMS.PROTECTIONS},
    "summary.by_reason": {*ENUMS.REASONS},
    "resources.reasons": {*ENUMS.REASONS},
}
WORD = {
    "tasks.provider": {*PROVIDERS},
    "tasks.level": {*ENUMS.LEVELS},
    "tasks.operation": {*ENUMS.OPERATIONS},
    "tasks.state": {*ENUMS.STATES},
    "tasks.result": {*ENUMS.RESULTS},
    "tasks.severity": SEVERITIES,
    "tasks.backup_level": {*ENUMS.BACKUP_LEVELS},
    "tasks.resource.type": {*ENUMS.RESOURCE_TYPES},
    "resources.provider": {*PROVIDERS},
    "resources.type": {*ENUMS.RESOURCE_TYPES},
    "resources.protection": {*ENUMS.PROTECTIONS},
    "resources.activity": {*ENUMS.ACTIVITIES},
    "resources.coverage": {"listed", "tasks_only", "expected"},
    "resources.last_result": {*ENUMS.RESULTS},
    "resources.last_success_basis": {*ENUMS.BASES},
    "resources.last_restore_result": {*ENUMS.RESULTS},
    "resources.freshness.status": {*ENUMS.FRESHNESS},
    "resources.days.result": {*ENUMS.RESULTS},
}


def has_type(value: Any, name: str) -> bool:
    """Whether a value is of the type that a documentation names; a truth value is no number."""
    return isinstance(value, TYPES[name]) and isinstance(value, bool) == (name == "bool")


def compare(value: Any, entry: dict[str, Any], path: str, seen: Counter[str]) -> None:
    """Compare a value with what RETURN says about it, and with all that is in it; note what was not null."""
    if value is None:
        return
    seen[path] += 1
    assert has_type(value, entry["type"]), f"{path} is {value!r}"
    if "contains" in entry:
        always = {key for key, inner in entry["contains"].items() if inner["returned"] == "always"}
        for element in value if isinstance(value, list) else [value]:
            assert element.keys() - {"raw"} == always, path
            for key in element:
                compare(element[key], entry["contains"][key], f"{path}.{key}", seen)
    elif path in WORDS:
        assert set(value) <= WORDS[path], path
        assert isinstance(value, list) or all(has_type(count, "int") for count in value.values())
    elif entry["type"] == "list":
        assert all(has_type(element, entry["elements"]) for element in value), path
    else:
        assert entry["type"] != "dict" or path.endswith((".additional_fields", ".raw"))


def foreign_words(value: Any, path: str) -> list[str]:
    """Words in a unified result that are not of the model, with their paths."""
    if isinstance(value, dict):
        return [word for key, inner in value.items() for word in foreign_words(inner, f"{path}.{key}")]
    if isinstance(value, list):
        return [word for element in value for word in foreign_words(element, path)]
    return [f"{path}: {value}"] if value is not None and path in WORD and value not in WORD[path] else []


def compare_whole(name: str, result: dict[str, Any], fields: set[str], seen: Counter[str]) -> None:
    """Compare a module's whole result with its RETURN, of which it must have exactly these fields."""
    documentation = returns(name)
    assert result.keys() - COMMON_RESULTS == fields
    for field in fields:
        assert result[field] is not None or name == "veeam_logon_session"
        compare(result[field], documentation[field], field, seen)


@pytest.mark.parametrize("name", LISTS)
def test_good_results_are_what_the_documentation_says(name: str, good: dict[str, list[Run]]) -> None:
    documentation = returns(name)
    (key,) = documentation.keys() - {"listing", "error"}
    seen: Counter[str] = Counter()

    for run in good[name]:
        assert not run.result.get("failed"), run
        assert run.result["changed"] is False
        assert run.result[key], f"nothing to compare: {run.what}"
        assert run.result["listing"]["complete"] is True
        compare_whole(name, run.result, {key, "listing"}, seen)

    expected = {path for path, _entry in entries({key: documentation[key]})}
    assert expected - seen.keys() == NAMELESS.get(name, set())


@pytest.mark.parametrize("name", LISTS)
def test_failures_are_what_the_documentation_says(name: str, bad: dict[str, list[Run]]) -> None:
    seen: Counter[str] = Counter()

    for run in bad[name]:
        assert run.result["failed"] is True, run
        assert run.result["listing"]["complete"] is False
        compare_whole(name, run.result, set(returns(name)), seen)

    assert seen["error.code"] == len(bad[name])


def test_failures_show_every_field_of_listing_and_error(bad: dict[str, list[Run]], good: dict[str, list[Run]]) -> None:
    seen: Counter[str] = Counter()
    for runs in (bad, good):
        for name, some in runs.items():
            for run in some:
                for field in {"listing", "error"} & run.result.keys():
                    compare(run.result[field], returns(name)[field], field, seen)

    blocks = {key: entry for key, entry in returns(LISTS[0]).items() if key in ("listing", "error")}
    assert {path for path, _entry in entries(blocks)} - seen.keys() == SOURCE


@pytest.mark.parametrize("name", sorted({*MODULES} - {*UNIFIED}))
@pytest.mark.parametrize("changes", [{"timeout": 0}, {"url": "ftp://x", "api_url": "ftp://x"}])
def test_failures_before_the_first_request_return_only_the_error(
    name: str, changes: dict[str, Any], bench: Bench
) -> None:
    before = len(bench.simulator.log)
    known = {option: value for option, value in changes.items() if option in spec_of(name).options}

    result = bench.run(name, **known)

    assert result["failed"] is True
    assert result["error"]["code"] == "bad_option"
    assert len(bench.simulator.log) == before
    compare_whole(name, result, {"error"}, Counter())


@pytest.mark.parametrize("name", [*LISTS, *UNIFIED])
def test_codes_and_reasons_are_the_ones_documented(name: str) -> None:
    errors = importlib.import_module(f"{PLUGINS}.module_utils._core.errors")
    documentation = returns(name)
    listed = " ".join(documentation["error"]["contains"]["code"]["description"])
    if name == PREFLIGHT:  # it reads no lists
        documentation["sources"] = returns("backup_task_info")["sources"]
    block = documentation["sources" if name in UNIFIED else "listing"]
    reasons = " ".join(block["contains"]["incomplete_reason"]["description"])
    code = "\n".join(path.read_text() for path in (ROOT / "plugins/module_utils/_core").glob("*.py"))
    closed_list = importlib.import_module(f"{PLUGINS}.module_utils._core.listing").Listing.__doc__.split("is one")[1]

    assert set(re.findall(r"V\((\w+)\)", listed)) == set(errors.CODES)
    for reason in set(re.findall(r"V\((\w+)\)", reasons)) - {"null"}:
        assert f'"{reason}"' in code
        assert reason in closed_list


# The unified modules

ENVELOPE = {"summary", "matched", "complete", "schema_version", "sources", "errors"}
PROVIDER_ERRORS = [Fault("clumio", "status", status=403), Fault("veeam", "html")]
PARTLY = Fault("petadata", "status", path="pd-two", status=403)
"""One instance of two cannot be read."""
UNIFIED_VARIANTS: dict[str, list[dict[str, Any]]] = {
    "backup_task_info": [{"since": "60d", "detail": "raw"}, {"resources": ["orders", "billing"], "since": "7d"}],
    "backup_resource_info": [
        {"detail": "raw", "history": "60d"},
        {"history_days": 3, "rpo": "7d", "evidence": "resource_field", "expected": ["nowhere"]},
        {"history_days": 3, "count_snapshots": True},
    ],
}


def key_of(name: str) -> str:
    """Where a unified module has its list."""
    return "tasks" if "tasks" in returns(name) else "resources"


@pytest.mark.parametrize("name", UNIFIED_VARIANTS)
def test_unified_results_are_what_the_documentation_says(name: str, bench: Bench) -> None:
    documentation, key = returns(name), key_of(name)
    seen: Counter[str] = Counter()

    for changes in [{}, *UNIFIED_VARIANTS[name]]:
        result = bench.run(name, **changes)
        assert not result.get("failed"), (changes, result["msg"])
        assert result["changed"] is False
        assert result["complete"] is True
        assert result["errors"] == []
        assert [row["name"] for row in result["sources"]] == [f"{provider}-1" for provider in PROVIDERS]
        assert result["matched"] == result["summary"]["total"] == len(result[key]) > 0
        assert foreign_words(result[key], key) == []
        assert all(("raw" in record) == ("detail" in changes) for record in result[key])
        compare_whole(name, result, {key, *ENVELOPE}, seen)

    expected = {path for path, _entry in entries({part: documentation[part] for part in (key, "summary")})}
    assert expected - seen.keys() == NAMELESS[name]


@pytest.mark.parametrize("name", UNIFIED_VARIANTS)
def test_unified_failures_are_what_the_documentation_says(name: str, bench: Bench) -> None:
    documentation, key = returns(name), key_of(name)
    seen: Counter[str] = Counter()

    for fault in (*PROVIDER_ERRORS, PARTLY):
        failed = bench.run(name, fault=fault)
        warned = bench.run(name, fault=fault, on_error="warn")
        assert failed["failed"] is True
        assert not warned.get("failed")
        assert failed["error"]["source"] == f"{fault.provider}-1"
        assert f"{fault.provider}-1" in failed["msg"]
        assert f"source {fault.provider}-1" in str(warned["warnings"])
        compare_whole(name, failed, {key, "error", *ENVELOPE}, seen)
        compare_whole(name, warned, {key, *ENVELOPE}, seen)
        for result in (failed, warned):
            assert result["complete"] is False
            assert result[key], "nothing was kept of the other sources"
            assert [error["source"] for error in result["errors"]] == [f"{fault.provider}-1"]
            assert [row["name"] for row in result["sources"] if not row["complete"]] == [f"{fault.provider}-1"]

    expected = {
        path for path, _entry in entries({part: documentation[part] for part in ("sources", "errors", "error")})
    }
    assert expected - seen.keys() == {"sources.failed_scopes.source"}


def test_incomplete_data_never_misses(bench: Bench) -> None:
    """The sentence of the documentation that keeps people asleep."""
    result = bench.run("backup_resource_info", fault=PROVIDER_ERRORS[0], on_error="warn", rpo="1m", grace="1s")

    verdicts = Counter(
        (resource["source"], resource["freshness"]["status"]) for resource in result["resources"] if resource["source"]
    )
    assert verdicts["veeam-1", "missed"] > 0
    assert not {status for source, status in verdicts if source == "clumio-1"} & {"late", "missed", "never", "pending"}


@pytest.mark.parametrize("name", UNIFIED_VARIANTS)
def test_fields_keep_the_uid_and_nothing_else(name: str, bench: Bench) -> None:
    field = "resource.name" if name == "backup_task_info" else "freshness.status"
    outer, _dot, inner = field.partition(".")

    result = bench.run(name, fields=["source", field])

    assert all(record.keys() == {"uid", "source", outer} for record in result[key_of(name)])
    assert all(record[outer].keys() == {inner} for record in result[key_of(name)])


def test_no_task_is_returned_where_the_summary_is_enough(bench: Bench) -> None:
    result = bench.run("backup_task_info", limit=0)

    assert result["tasks"] == []
    assert result["matched"] == result["summary"]["total"] > 0


WRONG_EVERYWHERE: list[tuple[str, dict[str, Any]]] = [
    ("sources", {"sources": []}),
    ("sources", {"sources": [{"clumio": {}}, {"clumio": {}}]}),
    ("name", {"sources": [{"name": "a b", "clumio": {}}]}),
    ("fields", {"fields": ["nme"]}),
]
WRONG: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "backup_task_info": [
        *WRONG_EVERYWHERE,
        ("since", {"since": "yesterday"}),
        ("until", {"since": "1d", "until": "2d"}),
        ("limit", {"limit": -1}),
    ],
    "backup_resource_info": [
        *WRONG_EVERYWHERE,
        ("rpo", {"rpo": "nightly"}),
        ("grace", {"grace": "soon"}),
        ("history", {"history": "2026-01-01T00:00:00Z"}),
        ("history_days", {"history_days": 1000}),
    ],
}


@pytest.mark.parametrize(
    ("name", "option", "changes"), [(name, *wrong) for name, some in WRONG.items() for wrong in some]
)
def test_unified_modules_name_the_wrong_option(name: str, option: str, changes: dict[str, Any], bench: Bench) -> None:
    before = len(bench.simulator.log)

    result = bench.run(name, **changes)

    assert result["error"]["code"] == "bad_option"
    assert f"`{option}`" in result["msg"]
    assert len(bench.simulator.log) == before
    compare_whole(name, result, {"error"}, Counter())


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("tasks.level", ENUMS.LEVELS),
        ("tasks.operation", ENUMS.OPERATIONS),
        ("tasks.state", ENUMS.STATES),
        ("tasks.result", ENUMS.RESULTS),
        ("tasks.severity", (*ENUMS.SEVERITIES, *ENUMS.SEVERITIES.values())),
        ("tasks.backup_level", ENUMS.BACKUP_LEVELS),
        ("tasks.resource.type", ENUMS.RESOURCE_TYPES),
        ("resources.type", ENUMS.RESOURCE_TYPES),
        ("resources.protection", ENUMS.PROTECTIONS),
        ("resources.activity", ENUMS.ACTIVITIES),
        ("resources.last_result", ENUMS.RESULTS),
        ("resources.last_success_basis", ENUMS.BASES),
        ("resources.reasons", ENUMS.REASONS),
    ],
)
def test_words_of_the_model_are_the_ones_documented(path: str, words: tuple[str, ...]) -> None:
    name = "backup_task_info" if path.startswith("tasks.") else "backup_resource_info"
    description = dict(entries(returns(name)))[path]["description"]
    text = " ".join(description) if isinstance(description, list) else description

    assert set(re.findall(r"\bV\((\w+)\)", text)) - {"null"} == set(words)


def test_verdicts_are_explained_wherever_they_stand(documented: dict[str, dict[str, Any]]) -> None:
    option = documented["backup_resource_info"]["options"]["freshness"]
    told = dict(entries(returns("backup_resource_info")))["resources.freshness.status"]["description"]

    assert option["description"][1:] == told[1:]
    assert [re.match(r"V\((\w+)\), ", line)[1] for line in told[1:]] == [  # type: ignore[index]
        *("met", "late", "missed", "never", "pending", "not_applicable", "unknown")
    ]
    assert tuple(option["choices"]) == ENUMS.FRESHNESS


# The module that changes something


def test_a_session_is_opened_shared_and_closed_as_documented(bench: Bench) -> None:
    seen: Counter[str] = Counter()
    fields = {"session_token", "session_id"}

    opened = bench.run("veeam_logon_session")
    other = bench.run("veeam_logon_session")
    shared = bench.run("veeam_backup_task_info", session_token=opened["session_token"])
    closing = {"state": "absent", "session_id": opened["session_id"]}
    by_token = {"session_token": opened["session_token"], "username": None, "password": None}
    closed = bench.run("veeam_logon_session", **closing, **by_token)
    gone = bench.run("veeam_logon_session", **closing, **by_token)
    gone_too = bench.run("veeam_logon_session", **closing)
    by_password = bench.run("veeam_logon_session", state="absent", session_id=other["session_id"])
    ended = bench.run("veeam_backup_task_info", session_token=other["session_token"])

    assert [run["changed"] for run in (opened, other, closed, gone, gone_too, by_password)] == [
        *(True, True, True, False, False, True)
    ]
    assert opened["session_token"] != other["session_token"]
    assert shared["tasks"] == []
    assert ended["error"]["code"] == "session_expired"
    for run in (opened, other, closed, gone, gone_too, by_password):
        compare_whole("veeam_logon_session", run, fields, seen)
    assert seen.keys() == fields


def test_a_list_that_proves_nothing_comes_with_a_warning(bench: Bench) -> None:
    known = bench.arguments["veeam_logon_session"]

    result = bench.run("veeam_backup_task_info", **known, session_token=None)

    assert result["tasks"] == []
    assert "veeam_logon_session" in str(result["warnings"])


def test_check_mode_neither_opens_nor_closes_a_session(bench: Bench) -> None:
    before = len(bench.simulator.log)

    opened = bench.run("veeam_logon_session", check_mode=True)
    closed = bench.run("veeam_logon_session", check_mode=True, state="absent", session_id="a1")

    assert len(bench.simulator.log) == before
    assert (opened["changed"], opened["session_token"], opened["session_id"]) == (True, None, None)
    assert (closed["changed"], closed["session_token"], closed["session_id"]) == (True, None, "a1")
    for run in (opened, closed):
        compare_whole("veeam_logon_session", run, {"session_token", "session_id"}, Counter())


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(
    ("option", "changes"),
    [
        ("session_id", {"state": "absent"}),
        ("session_id", {"state": "absent", "session_id": " "}),
        ("session_id", {"session_id": "a1"}),
        ("session_token", {"session_token": "dG9rZW4=", "username": None, "password": None}),
        ("username", {"username": None, "password": None}),
    ],
)
def test_a_session_module_names_the_wrong_option(
    option: str, changes: dict[str, Any], check_mode: bool, bench: Bench
) -> None:
    result = bench.run("veeam_logon_session", check_mode=check_mode, **changes)

    assert result["error"]["code"] == "bad_option"
    assert f"`{option}`" in result["msg"]


@pytest.mark.parametrize("changes", [{}, {"state": "absent", "session_id": "a1"}])
def test_a_wrong_password_neither_opens_nor_closes_a_session(changes: dict[str, Any], bench: Bench) -> None:
    result = bench.run("veeam_logon_session", password="wrong", **changes)

    assert result["error"]["code"] == "auth_failed"
    compare_whole("veeam_logon_session", result, {"error"}, Counter())


# The text of RETURN


@pytest.mark.parametrize("name", MODULES)
def test_return_keys_can_be_used_in_templates(name: str) -> None:
    documentation = returns(name)
    keys = [path.rpartition(".")[2] for path, _entry in entries(documentation)]

    assert len(keys) > 5
    assert all(key.isidentifier() and not keyword.iskeyword(key) for key in keys)
    assert not METHODS & set(keys)
    assert not TAKEN & documentation.keys()


@pytest.mark.parametrize("name", MODULES)
def test_every_return_value_is_described_and_samples_have_its_type(name: str) -> None:
    for path, entry in entries(returns(name)):
        assert entry["description"], path
        assert entry["returned"], path
        assert "." not in path or entry["returned"] == ("when O(detail=raw)" if path.endswith(".raw") else "always")
        assert entry["type"] != "list" or entry["elements"] in TYPES, path
        if "sample" in entry:
            assert has_type(entry["sample"], entry["type"]), path
            if "contains" in entry:
                for sample in entry["sample"] if isinstance(entry["sample"], list) else [entry["sample"]]:
                    assert sample.keys() == entry["contains"].keys(), path


@pytest.mark.parametrize(
    ("block", "modules"),
    [("listing", LISTS), ("error", MODULES), *((block, ENVELOPED) for block in ("complete", "sources", "errors"))],
)
def test_what_all_modules_return_is_documented_in_the_same_words(block: str, modules: list[str]) -> None:
    texts = {
        found.group()
        for name in modules
        for found in re.finditer(rf"^{block}:\n(?:[ ].*\n)+", load(name).RETURN, re.MULTILINE)
    }

    assert len(modules) > 1
    assert len(texts) == 1
    assert texts.pop().count("\n") > (4 if block == "complete" else 20)
    assert all(block in returns(name) for name in modules)


# Examples


def tasks_of(name: str) -> list[dict[str, Any]]:
    """The tasks of the examples, those in blocks with the defaults of their block."""
    return list(_flat(yaml.safe_load(load(name).EXAMPLES), {}))


def _flat(tasks: list[dict[str, Any]], defaults: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for task in tasks:
        inner = {**defaults, **task.get("module_defaults", {})}
        if "block" not in task:
            yield {**task, "module_defaults": inner}
        for part in ("block", "rescue", "always"):
            yield from _flat(task.get(part, []), inner)


def own_action(task: dict[str, Any]) -> str | None:
    """Which of our modules a task calls."""
    actions = [key for key in task if key.startswith(f"{COLLECTION}.")]
    assert len(actions) <= 1
    return actions[0].rpartition(".")[2] if actions else None


@pytest.mark.parametrize("name", MODULES)
def test_examples_use_options_as_the_modules_take_them(name: str) -> None:
    mine = 0
    for task in tasks_of(name):
        assert re.fullmatch(r"[A-Z].*[^.]", task["name"])
        assert [key for key in task if "." in key and key.count(".") == 2], f"no full name: {task['name']}"
        called = own_action(task)
        if called is None:
            continue
        assert called in MODULES
        mine += called == name
        defaults = {
            option: value
            for group, options in task["module_defaults"].items()
            if called in GROUPS[group.rpartition(".")[2]]
            for option, value in options.items()
        }
        options = {**defaults, **(task[f"{COLLECTION}.{called}"] or {})}
        if options.get("sources") == "{{ backup_sources }}":  # as the text of the examples says, a list like the first
            options["sources"] = tasks_of(called)[0][f"{COLLECTION}.{called}"]["sources"]
        assert not spec_of(called).validator().validate(options).error_messages, task["name"]
    assert mine >= 4


@pytest.mark.parametrize("name", MODULES)
def test_examples_show_environment_vault_and_bastion(name: str, documented: dict[str, dict[str, Any]]) -> None:
    text = load(name).EXAMPLES
    variables = set(re.findall(r"E\((\w+)\)", json.dumps(documented[name]["options"])))

    assert any(variable in text for variable in variables)
    assert "{{ vault_" in text
    assert any(task.get("delegate_to") == "bastion.example.com" and own_action(task) == name for task in tasks_of(name))


def test_examples_never_show_a_session_token() -> None:
    registering = [
        task
        for name in MODULES
        for task in tasks_of(name)
        if own_action(task) == "veeam_logon_session" and "register" in task
    ]

    assert len(registering) >= 3
    assert all(task.get("no_log") is True for task in registering)


def test_examples_close_the_sessions_they_work_with() -> None:
    blocks = [
        block
        for name in MODULES
        for block in yaml.safe_load(load(name).EXAMPLES)
        if "veeam_logon" in json.dumps(block.get("block"))
    ]

    assert blocks
    for block in blocks:
        closing = [task[f"{COLLECTION}.veeam_logon_session"] for task in block["always"]]
        assert [options["state"] for options in closing] == ["absent"]
