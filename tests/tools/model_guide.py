# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tests.tools.model_guide``: write the guide to the common model from the code.

Fields and their texts are those of RETURN, words those of the model, and mappings those of the providers' tables. What
a function decides and no table says is found out by asking it: which native fields a field of the model comes from, and
what cases lead to.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from tests.tools.stage import ROOT

importlib.import_module("tests.conftest")  # it registers the name ansible_collections.multivendor.backup

COLLECTION = "multivendor.backup"
PLUGINS = "ansible_collections.multivendor.backup.plugins"
TARGET = ROOT / "docs/docsite/rst/guide_model.rst"
LABEL = "ansible_collections.multivendor.backup.docsite"
TITLES = {"yandex": "Yandex Cloud Backup", "clumio": "Clumio", "veeam": "Veeam", "petadata": "PetaData"}

HEAD = f"""\
..
  Copyright (c) 2026 multivendor.backup contributors
  GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
  SPDX-License-Identifier: GPL-3.0-or-later

..
  Written by python -m tests.tools.model_guide from the code. Change that, or the code.

.. _{LABEL}.guide_model:

The common model
================

Every vendor has words of its own for the same things. The modules ``backup_task_info`` and ``backup_resource_info`` and
the filters of this collection use one vocabulary for all. This page has all of it, and what each provider's words
become. It is written from the code, so it is never out of date.

The model keeps a few rules:

* **Lifecycle, outcome and severity are separate fields.** That a task has finished does not say that it went well.
* **The native word is always kept** beside ours, exactly as it was sent.
* **Unknown is a word of its own.** A word that the collection does not know becomes ``unknown``, or ``other`` for
  operations and types, with a note such as ``unknown_state:FOO``. It never becomes ``success``.
* **Every field is always there.** What is not known is ``null``.
* **Times are RFC 3339 in UTC** and end in ``Z``. What vendors write for "never" becomes ``null``.

.. contents::
   :local:
   :depth: 2
"""


@dataclass(frozen=True)
class Mapped:
    """Something of a provider that becomes something of the model."""

    title: str
    module: str
    read: Callable[[dict[str, Any]], dict[str, Any]]
    record: Mapping[str, Any]
    """A whole record; what it has is taken away, field by field."""
    fixed: tuple[str, ...] = ()
    """Fields that decide what kind of thing it is, and stay."""


def load(name: str) -> Any:
    return importlib.import_module(f"{PLUGINS}.{name}")


ENUMS = load("module_utils._model.enums")
RETURNS = {
    name: yaml.safe_load(load(f"modules.{name}").RETURN) for name in ("backup_task_info", "backup_resource_info")
}


def main() -> None:
    TARGET.write_text(source(), encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)}: {source().count(chr(10))} lines")


def source() -> str:
    """The whole file."""
    parts = [
        HEAD,
        *fields("A task", "backup_task_info", "tasks", load("module_utils._model.task").FIELDS),
        *fields("A resource", "backup_resource_info", "resources", load("module_utils._model.resource").FIELDS),
        *words(),
        *(part for key in TITLES for part in provider(key)),
    ]
    return "\n".join(parts)


# What RST needs


def heading(title: str, line: str) -> str:
    return f"{title}\n{line * len(title)}\n"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], widths: str = "auto") -> str:
    """A list table; a cell may have several paragraphs."""
    lines = [".. list-table::", "   :header-rows: 1", f"   :widths: {widths}", "   :width: 100%", ""]
    for row in (columns, *rows):
        for number, cell in enumerate(row):
            first, *rest = cell.split("\n") or [""]
            lines.append(f"   {'* -' if number == 0 else '  -'} {first}".rstrip())
            lines += [f"       {line}".rstrip() for line in rest]
    return "\n".join(lines) + "\n"


def code(word: Any) -> str:
    return f"``{word}``"


def codes(some: Iterable[Any]) -> str:
    return ", ".join(code(word) for word in some)


def marked(text: str, module: str) -> str:
    """A text of our documentation, as RST."""

    def link(found: re.Match[str]) -> str:
        kind, what = found.groups()
        name = what.removeprefix("ignore:")
        if kind in ("O", "RV") and name == what:
            role = "ansopt" if kind == "O" else "ansretval"
            return f":{role}:`{COLLECTION}.{module}#module:{what}`"
        if kind == "M":
            return f":ansplugin:`{name}#module`"
        return f"**{name}**" if kind == "B" else code(name)

    return re.sub(r"\b(O|RV|V|C|M|E|B)\(([^)]+)\)", link, text)


def paragraphs(entry: Mapping[str, Any]) -> list[str]:
    told = entry["description"]
    return [told] if isinstance(told, str) else told


# The fields


def fields(title: str, module: str, key: str, names: Sequence[str]) -> list[str]:
    """The fields of a task or a resource, in the order of the model, with the texts of RETURN."""
    contains = RETURNS[module][key]["contains"]
    if (*names, "raw") != tuple(contains):
        raise ValueError(f"RETURN of {module} has other fields, or another order, than the model")
    return [
        heading(title, "-"),
        f"As :ansplugin:`{COLLECTION}.{module}#module` returns it.\n",
        table(("Field", "Type", "What it says"), field_rows(contains, module), "22 10 68"),
    ]


def field_rows(contains: Mapping[str, Any], module: str, path: str = "") -> Iterable[tuple[str, str, str]]:
    for name, entry in contains.items():
        kind = f"{entry['type']} of {entry['elements']}" if entry["type"] == "list" else entry["type"]
        text = "\n\n".join(marked(line, module) for line in paragraphs(entry))
        yield code(path + name), kind, text if name != "raw" else f"{text}\n\nOnly with ``detail: raw``."
        yield from field_rows(entry.get("contains", {}), module, f"{path}{name}.")


# The words


def words() -> list[str]:
    resources = RETURNS["backup_resource_info"]["resources"]["contains"]
    verdicts = explained(paragraphs(resources["freshness"]["contains"]["status"]))
    reasons = explained(paragraphs(resources["reasons"]))
    if [*reasons] != [*ENUMS.REASONS] or {*verdicts} != {*ENUMS.FRESHNESS}:
        raise ValueError("RETURN explains other verdicts or reasons, or in another order, than the model has")
    lists = {
        "Levels": ENUMS.LEVELS,
        "Operations": ENUMS.OPERATIONS,
        "States": ENUMS.STATES,
        "Backup levels": ENUMS.BACKUP_LEVELS,
        "Types of resources": ENUMS.RESOURCE_TYPES,
        "Protection": ENUMS.PROTECTIONS,
        "Activity": ENUMS.ACTIVITIES,
        "What a last success rests on": ENUMS.BASES,
    }
    return [
        heading("The words", "-"),
        "These lists are closed. A word that is not in them never comes.\n",
        table(("List", "Words"), [(name, codes(some)) for name, some in lists.items()], "25 75"),
        heading("Results and their severity", "~"),
        "A result is good if it leaves something that one can restore from. Where one word stands for many results, as"
        "\nin ``days``, it is the worst. The table begins with the best.\n",
        table(
            ("Result", "Severity", "Good"),
            [
                (code(word), code(ENUMS.SEVERITIES[word]), "yes" if word in ENUMS.GOOD_RESULTS else "no")
                for word in ENUMS.RESULTS_BY_BADNESS
            ],
        ),
        heading("Verdicts", "~"),
        f"The field ``freshness.status``, the worst first. :ref:`{LABEL}.guide_freshness` has the rules.\n",
        table(("Verdict", "What it means"), [(code(word), verdicts[word]) for word in ENUMS.FRESHNESS], "22 78"),
        heading("Reasons", "~"),
        "What a person should know about a resource, whatever the verdict.\n",
        table(("Reason", "What it means"), [(code(word), text) for word, text in reasons.items()], "28 72"),
    ]


def explained(lines: Iterable[str]) -> dict[str, str]:
    """What lines like ``V(met), the newest ...`` say of each word, as sentences."""
    found = (re.fullmatch(r"V\((\w+)\), (.*)", line) for line in lines)
    return {one[1]: marked(one[2][0].upper() + one[2][1:], "backup_resource_info") for one in found if one}


# The providers


def provider(key: str) -> list[str]:
    tables = load(f"module_utils._{key}.normalize")
    return [
        heading(TITLES[key], "-"),
        *SECTIONS[key](tables),
        *(part for mapped in MAPPED[key]() for part in origins(mapped)),
    ]


def mapping(title: str, table_of: Mapping[Any, Any], native: str, ours: Sequence[str]) -> list[str]:
    """A table of the code as it stands."""
    rows = [
        (code(word), *(code(one) for one in (to if isinstance(to, tuple) else (to,)))) for word, to in table_of.items()
    ]
    return [heading(title, "~"), table((native, *ours), rows)]


def ends(states: Mapping[str, str], results: Mapping[str, str], native: str) -> list[str]:
    """States and results of a provider that tells both by one word."""
    rows = [(code(word), code(state), code(results.get(word, "null"))) for word, state in states.items()]
    return [heading("States and results", "~"), table((native, "State", "Result"), rows)]


def cases(title: str, text: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """What a function makes of cases."""
    return [heading(title, "~"), f"{text}\n", table(columns, rows)]


def empty(key: str, shape: str) -> dict[str, Any]:
    """A record in which nothing is known."""
    record: dict[str, Any] = getattr(load(f"module_utils._{key}.records"), shape).read({})
    return record


def yandex(tables: Any) -> list[str]:
    def protection(**known: Any) -> str:
        record = {
            **empty("yandex", "RESOURCE"),
            "init_status": "REGISTRED",
            "enabled": True,
            "is_active": True,
            **known,
        }
        return code(tables.normalize_resource(record, "s")["protection"])

    def result(**known: Any) -> str:
        record = {**empty("yandex", "TASK"), "status": "COMPLETED", **known}
        return code(tables.normalize_task(record, "s")["result"])

    return [
        "Tasks and resources are joined by the id of the Compute instance. An external server has none: its tasks\n"
        "cannot be read, so the provider's own time of the last backup is all there is. All tasks are of the level\n"
        "``item``.\n",
        *mapping("States", tables.STATES, "``status``", ("State",)),
        *mapping("Results", tables.RESULTS, "``result_code``", ("Result",)),
        f"Without a code, or with ``CODE_UNSPECIFIED``, a finished task is {result()}, and {result(error='x')} if it "
        "comes\nwith an ``error``.\n",
        *mapping("Operations", tables.OPERATIONS, "``type``", ("Operation",)),
        *mapping("Types of resources", tables.RESOURCE_TYPES, "``type``", ("Type",)),
        *mapping("Activity", tables.ACTIVITIES, "``status``", ("Activity",)),
        *cases(
            "Protection",
            "The first row that fits counts.",
            ("Resource", "Protection"),
            [
                *(
                    (f"``init_status`` is ``{word}``", protection(init_status=word, enabled=False, is_active=False))
                    for word in ("DELETED", "FAILED_REGISTRATION", "REGISTERING")
                ),
                ("``enabled`` is false", protection(enabled=False, is_active=False)),
                ("``is_active`` is false", protection(is_active=False)),
                ("``init_status`` is ``REGISTRED``", protection()),
                ("anything else", protection(init_status="FOO")),
            ],
        ),
    ]


def clumio(tables: Any) -> list[str]:
    def classified(category: str | None, native: str) -> tuple[str, ...]:
        task = tables.normalize_task({**empty("clumio", "TASK"), "category": category, "type": native}, "s")
        return code(task["operation"]), code(task["level"])

    def protection(**known: Any) -> str:
        record = {**empty("clumio", "RESOURCE"), "kind": "ebs_volumes", "protection_status": "protected", **known}
        return code(tables.normalize_resource(record, "s")["protection"])

    return [
        "Tasks and resources are joined by Clumio's own id of the resource. Tasks never carry a message: Clumio keeps\n"
        "the reasons in its alerts.\n",
        *ends(tables.STATES, tables.RESULTS, "``status``"),
        *mapping("Operations", tables.CATEGORIES, "``category``", ("Operation", "Level")),
        "The category decides. Within two of them, the type tells more:\n",
        table(
            ("Category", "``type``", "Operation", "Level"),
            [
                *(
                    (code("system"), f"ends in {code(end)}", *classified("system", f"x{end}"))
                    for end in tables.SYSTEM_ENDINGS
                ),
                *(
                    (code("management"), f"begins with {code(begin)}", *classified("management", f"{begin}x"))
                    for begin in tables.MANAGEMENT_BEGINNINGS
                ),
            ],
        ),
        "A task that comes without a category gets the note ``no_category``. Then its type decides:\n",
        table(
            ("``type``", "Operation", "Level"),
            [
                *((code(native), *classified(None, native)) for native in tables.CATEGORY_BY_TYPE),
                ("any other", *classified(None, "foo")),
            ],
        ),
        heading("Backup levels", "~"),
        "Only for backups.\n",
        table(
            ("``type``", "Backup level"),
            [(f"ends in {code(end)}", code(level)) for end, level in tables.BACKUP_LEVELS.items()],
        ),
        heading("Types of resources", "~"),
        "Of what tasks work on:\n",
        table(
            ("``primary_entity.type``", "Type"),
            [
                *((f"begins with {code(begin)}", code(kind)) for begin, kind in tables.RESOURCE_TYPES.items()),
                ("anything else", code(tables.resource_type("foo"))),
            ],
        ),
        "Of resources, by the list that they stand in:\n",
        table(
            ("Kind", "Type", "Native type", "Alternate id", "Time of the last backup"),
            [
                (code(kind), code(ours), code(native), code(alternate), codes(claims))
                for kind, (ours, native, alternate, claims) in tables.KINDS.items()
            ],
        ),
        *cases(
            "Protection",
            "The first row that fits counts.",
            ("Resource", "Protection"),
            [
                ("``is_deleted`` is true", protection(is_deleted=True, is_supported=False)),
                ("``is_supported`` is false", protection(is_supported=False)),
                (
                    "a bucket in one or more protection groups",
                    protection(kind="s3_buckets", protection_group_count=1, protection_status="unprotected"),
                ),
                (
                    "a bucket in none",
                    protection(kind="s3_buckets", protection_group_count=0, protection_status="protected"),
                ),
                (
                    "a bucket of which that is not told",
                    protection(kind="s3_buckets", protection_status="protected"),
                ),
                *(
                    (f"``protection_status`` is ``{word}``", protection(protection_status=word))
                    for word in tables.PROTECTIONS
                ),
                (
                    "``protection_status`` is null, and so is ``is_deleted``",
                    protection(protection_status=None),
                ),
                ("anything else", protection(protection_status="foo")),
            ],
        ),
    ]


def veeam(tables: Any) -> list[str]:
    def session(**known: Any) -> dict[str, Any]:
        made: dict[str, Any] = tables.normalize_session({**empty("veeam", "SESSION"), "kind": "item", **known}, "s")
        return made

    def machine(jobs: Sequence[Any], *, contained: bool) -> str:
        known = {"id": "a", "name": "a", "jobs": jobs, "last_point_at": None, "contained": contained}
        return code(tables.normalize_machine(known, "s")["protection"])

    def success(value: bool | None) -> str:
        record = empty("veeam", "TASK")
        record.update(state="Finished", result={"success": value, "message": None})
        return code(tables.normalize_task(record, "s")["result"])

    states = {**tables.SESSION_STATES, "WaitingTape": session(state="WaitingTape")["state"]}
    return [
        "Sessions say what was done. Tasks are requests to the system: their level is ``control``, and they never\n"
        "prove a backup. Sessions of items and resources are joined by the reference of the machine in its\n"
        "hierarchy, or, where a version leaves that out, by its name.\n",
        *mapping("Kinds of sessions", tables.KINDS, "``kind``", ("Operation", "Level")),
        "A backup whose ``job_type`` has ``copy`` or ``sync`` in it is a "
        f"{code(session(job_type='BackupCopy')['operation'])}.\n",
        *mapping("States of sessions", states, "``state``", ("State",)),
        "``WaitingTape`` stands for all words that begin with ``Waiting``. A session in ``Idle`` gets the note "
        f"{codes(session(state='Idle')['notes'][:1])}.\n",
        *mapping("Results of sessions", tables.SESSION_RESULTS, "``result``", ("Result",)),
        f"A session that has ended with the result ``None``, or with none at all, is "
        f"{code(session(state='Stopped', result='None')['result'])}.\n",
        *mapping("States of tasks", tables.TASK_STATES, "``state``", ("State",)),
        *cases(
            "Results of tasks",
            "Of tasks that have finished.",
            ("``result.success``", "Result"),
            [
                (code(str(value).lower() if value is not None else "null"), success(value))
                for value in (True, False, None)
            ],
        ),
        *mapping("Operations of tasks", tables.TASK_OPERATIONS, "Type of the related link", ("Operation",)),
        "Without such a link it is ``management``.\n",
        *cases(
            "Protection",
            "A folder, host or tag in a job may hold any machine. So where there is one, nobody knows whether a\n"
            "machine that is in no job by itself is meant to be backed up.",
            ("Machine", "Protection"),
            [
                ("in a job by itself", machine([{"id": "j", "name": "j"}], contained=True)),
                ("in none, and no job holds a folder, host or tag", machine([], contained=False)),
                ("in none, and some job holds a folder, host or tag", machine([], contained=True)),
            ],
        ),
    ]


def petadata(tables: Any) -> list[str]:
    def operation(action: str) -> tuple[str, ...]:
        task = tables.normalize_task({**empty("petadata", "TASK"), "task_action": action, "instance_id": "pd-1"}, "s")
        return code(task["operation"]), code(task["level"])

    return [
        "A resource is a database, known as ``instance/database``. The API lists none, so those are known that have\n"
        "tasks. A time of the end is dropped while the status is ``0`` or ``1``, for it is a forecast at best.\n",
        *ends(tables.STATES, tables.RESULTS, "``status``"),
        *cases(
            "Operations",
            "The first row that fits counts.",
            ("``task_action``", "Operation", "Level"),
            [
                *((code(action), *operation(action)) for action in tables.OPERATIONS),
                ("begins with ``Restore`` or ``Recover``", *operation("RestoreX")),
                (
                    "ends in ``Backup``, unless it begins with ``Modify``, ``Describe`` or ``Delete``",
                    *operation("XBackup"),
                ),
                ("anything else", *operation("Foo")),
            ],
        ),
    ]


SECTIONS: Mapping[str, Callable[[Any], list[str]]] = {
    "yandex": yandex, "clumio": clumio, "veeam": veeam, "petadata": petadata
}  # fmt: skip


# Where each field of the model comes from

# What follows from other fields of the model, and is told with the fields.
DERIVED = ("uid", "provider", "source", "severity", "protects", "duration_seconds", "notes")
BEGIN, END, OTHER = "2026-11-21T01:35:02Z", "2026-11-21T01:56:02Z", "2026-11-22T01:30:00Z"


def yandex_mapped() -> list[Mapped]:
    tables = load("module_utils._yandex.normalize")
    task = {
        **empty("yandex", "TASK"),
        **{"id": "t", "policy_id": "p", "type": "BACKUP", "status": "COMPLETED", "result_code": "OK", "error": "e"},
        **{"progress": {"current": 1, "total": 2}, "compute_instance_id": "i", "cancellable": True},
        **{"enqueued_at": BEGIN, "started_at": BEGIN, "updated_at": END, "completed_at": END},
    }
    resource = {
        **empty("yandex", "RESOURCE"),
        **{"compute_instance_id": "i", "resource_id": "r", "type": "COMPUTE", "status": "IDLE", "status_details": "d"},
        **{"online": True, "enabled": True, "is_active": True, "init_status": "REGISTRED"},
        **{"created_at": BEGIN, "updated_at": END, "last_backup_time": BEGIN, "next_backup_time": OTHER},
    }
    return [
        Mapped("Fields of tasks", "yandex_backup_task_info", lambda one: tables.normalize_task(one, "s"), task),
        Mapped(
            "Fields of resources",
            "yandex_backup_resource_info",
            lambda one: tables.normalize_resource(one, "s"),
            resource,
        ),
    ]


def clumio_mapped() -> list[Mapped]:
    tables = load("module_utils._clumio.normalize")
    task = {
        **empty("clumio", "TASK"),
        **{"id": "t", "category": "backup", "type": "aws_ebs_volume_backup_seeding", "status": "completed"},
        **{"primary_entity": {"id": "v", "type": "aws_ebs_volume", "value": "name"}, "is_abortable": False},
        **{"parent_entity": {"id": "a", "type": "aws_environment", "value": "account"}, "progress_percentage": 50},
        **{"created_timestamp": BEGIN, "start_timestamp": BEGIN, "end_timestamp": END},
    }
    resource = {
        **empty("clumio", "RESOURCE"),
        **{"kind": "ebs_volumes", "id": "r", "name": "n", "volume_native_id": "v", "protection_status": "protected"},
        **{"protection_info": {"policy_id": "p"}, "last_backup_timestamp": BEGIN, "is_supported": True},
    }
    return [
        Mapped("Fields of tasks", "clumio_backup_task_info", lambda one: tables.normalize_task(one, "s"), task),
        Mapped(
            "Fields of resources",
            "clumio_backup_resource_info",
            lambda one: tables.normalize_resource(one, "s"),
            resource,
            ("kind",),
        ),
    ]


def veeam_mapped() -> list[Mapped]:
    tables = load("module_utils._veeam.normalize")
    session = {
        **empty("veeam", "SESSION"),
        **{"kind": "item", "uid": "s", "type": "BackupTaskSession", "state": "Stopped", "result": "Success"},
        **{"job_uid": "j", "job_name": "job", "job_type": "Backup", "job_session_uid": "js", "reason": "r"},
        **{"failure_message": "f", "progress": 50, "vm_uid": "v", "vm_display_name": "vm"},
        **{"creation_time_utc": BEGIN, "end_time_utc": END},
    }
    task = {
        **empty("veeam", "TASK"),
        **{"task_id": "t", "state": "Finished", "operation": "StartJob", "result": {"success": True, "message": "m"}},
        **{"links": [{"rel": "Related", "type": "BackupJobSession", "href": "https://em/x/1", "name": "n"}]},
    }
    return [
        Mapped(
            "Fields of sessions",
            "veeam_backup_session_info",
            lambda one: tables.normalize_session(one, "s"),
            session,
            ("kind",),
        ),
        Mapped("Fields of tasks", "veeam_backup_task_info", lambda one: tables.normalize_task(one, "s"), task),
    ]


def petadata_mapped() -> list[Mapped]:
    tables = load("module_utils._petadata.normalize")
    task = {
        **empty("petadata", "TASK"),
        **{"instance_id": "pd-1", "task_id": "t", "status": "2", "task_action": "CreateDatabaseBackup"},
        **{"progress": "50", "progress_info": "i", "db_name": "orders"},
        **{"begin_time": BEGIN, "finish_time": END, "expected_finish_time": END},
    }
    return [Mapped("Fields of tasks", "petadata_backup_task_info", lambda one: tables.normalize_task(one, "s"), task)]


MAPPED: Mapping[str, Callable[[], list[Mapped]]] = {
    "yandex": yandex_mapped, "clumio": clumio_mapped, "veeam": veeam_mapped, "petadata": petadata_mapped
}  # fmt: skip


def origins(mapped: Mapped) -> list[str]:
    """Which native fields decide about each field of the model, found by leaving them out one at a time."""
    found: dict[str, list[str]] = {name: [] for name in mapped.read(dict(mapped.record)) if name not in DERIVED}
    nothing = {name: blank(value) if name not in mapped.fixed else value for name, value in mapped.record.items()}
    for path in leaves(mapped.record):
        if path[0] in mapped.fixed:
            continue
        value = within(mapped.record, path)
        pairs: tuple[tuple[Mapping[str, Any], dict[str, Any]], ...] = (
            (mapped.record, changed(mapped.record, path, None)),
            (nothing, changed(nothing, path, value)),
        )
        if isinstance(value, bool):
            pairs += ((mapped.record, changed(mapped.record, path, not value)),)
        for field in found:
            if any(mapped.read(dict(one))[field] != mapped.read(dict(other))[field] for one, other in pairs):
                found[field].append(".".join(path))
    rows = [(code(field), codes(natives)) for field, natives in found.items() if natives]
    return [
        heading(mapped.title, "~"),
        f"Which fields of :ansplugin:`{COLLECTION}.{mapped.module}#module` decide about each field of the model.\n",
        table(("Model", "Provider"), rows, "30 70"),
    ]


def leaves(record: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterable[tuple[str, ...]]:
    """The paths of all values that are known; what is in lists counts as one."""
    for name, value in record.items():
        if isinstance(value, dict) and name != "additional_fields":
            yield from leaves(value, (*path, name))
        elif value not in (None, {}):
            yield (*path, name)


def within(record: Mapping[str, Any], path: Sequence[str]) -> Any:
    value: Any = record
    for name in path:
        value = value[name]
    return value


def changed(record: Mapping[str, Any], path: Sequence[str], value: Any) -> dict[str, Any]:
    """The record with another value at a path."""
    first, *rest = path
    return {**record, first: changed(record[first], rest, value) if rest else value}


def blank(value: Any) -> Any:
    return {name: blank(inner) for name, inner in value.items()} if isinstance(value, dict) else None


if __name__ == "__main__":
    main()
