# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From tasks of the model, with or without resources, to resources with a verdict. The judging is the model's own."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.multivendor.backup.plugins.module_utils._core.records import Record
from ansible_collections.multivendor.backup.plugins.module_utils._core.times import ACCEPTED, moment, parse, utc
from ansible_collections.multivendor.backup.plugins.module_utils._model import resource as model_resource
from ansible_collections.multivendor.backup.plugins.module_utils._model import task as model_task
from ansible_collections.multivendor.backup.plugins.module_utils._model.enums import (
    LEVELS,
    OPERATIONS,
    RESULTS,
    SEVERITIES,
    STATES,
)
from ansible_collections.multivendor.backup.plugins.module_utils._model.freshness import (
    Evidence,
    Policy,
    judge,
    worst_first,
)
from ansible_collections.multivendor.backup.plugins.module_utils._model.owners import by_owner, key_of, names_of

from ._inputs import INCOMPLETE, Given, Refused, flag_option, gather, length

TAKES_TASKS = "tasks of the common model, as backup_task_info and the filter normalize_tasks give them"
TAKES_RESOURCES = "resources of the common model, as backup_resource_info and the filter normalize_resources give them"

# Without these nothing can be said of a task or a resource; an option `fields` may have left them out.
_NEEDED = {
    "tasks": ("provider", "source", "level", "operation", "state", "result", "resource", "created_at", "started_at"),
    "resources": ("provider", "source", "id", "protection"),
}
_WORDS = {"level": LEVELS, "operation": OPERATIONS, "state": STATES, "result": (*RESULTS, None)}
_DOUBTS = (INCOMPLETE, "incomplete_data")


@dataclass(frozen=True)
class Question:
    """What is asked of the tasks or resources: the options of the filter `freshness`, read."""

    policy: Policy
    known_history: bool
    complete: bool
    expected: Sequence[str]

    @property
    def too_short(self) -> bool:
        """Whether the history cannot prove that a backup is missing, for it is shorter than one may be old."""
        since = self.policy.history_since
        return since is None or self.policy.now - since < (self.policy.target or 0) + self.policy.tolerance


def read_question(
    rpo: Any, grace: Any, now: Any, history: Any, complete: Any, snapshots: Any, expected: Any
) -> Question:
    """The options, checked."""
    moment_now = _read_now(now)
    if not isinstance(expected, (list, tuple)) or not all(isinstance(name, str) for name in expected):
        raise Refused("`expected` has to be a list of ids or names.")
    return Question(
        Policy(
            now=moment_now,
            target=length("rpo", rpo),
            grace=length("grace", grace, lowest=0),
            history_since=_read_moment("history", history, moment_now) if history is not None else None,
            snapshots=flag_option("snapshots", snapshots),
        ),
        history is not None,
        flag_option("complete", complete),
        expected,
    )


def _read_now(now: Any) -> float:
    if now is None:
        return time.time()
    if isinstance(now, (int, float)) and not isinstance(now, bool):
        return float(now)
    return _read_moment("now", now, time.time())


def _read_moment(option: str, value: Any, now: float) -> float:
    try:
        return moment(str(value), now).timestamp()
    except ValueError:
        raise Refused(f"`{option}` is no time. Give {ACCEPTED}.") from None


def freshness(value: Any, tasks: Any, question: Question) -> list[Record]:
    """The verdict on what was given: on resources, or on what tasks name."""
    if tasks is not None or _holds_resources(value):
        return judge_resources(value, tasks, question)
    return judge_tasks(value, question)


def _holds_resources(value: Any) -> bool:
    """Whether the first thing in a list, or a result, is one of resources."""
    while isinstance(value, (list, tuple)) and value:
        value = value[0]
    if isinstance(value, Mapping) and isinstance(value.get("results"), (list, tuple)) and value["results"]:
        return _holds_resources(value["results"])
    return isinstance(value, Mapping) and "level" not in value and ("protection" in value or "resources" in value)


def judge_tasks(value: Any, question: Question) -> list[Record]:
    """Every resource that the tasks name, and what is expected, the worst first."""
    given = read_model(value, "tasks")
    question = _with_history(question, given.records)
    judged = []
    for (provider, source), records in _by_source(given.records).items():
        for key, tasks in by_owner(records, ()).others.items():
            about = tasks[0]["resource"]
            resource = model_resource.new_resource(
                provider,
                source,
                key,
                **{field: about.get(field) for field in ("name", "type", "native_type")},
                protection="protected",
                coverage="tasks_only",
            )
            judged.append(_judge(resource, tasks, question, complete=not _is_doubtful(given, source)))
    return worst_first([*judged, *_missing(judged, question, complete=given.complete, listed=False)])


def judge_resources(value: Any, tasks: Any, question: Question) -> list[Record]:
    """The verdict on each of these resources, by these tasks, and on what is expected; the worst first.

    :param tasks: None: only what the provider itself says of a resource is believed.
    """
    given = read_model(value, "resources")
    evidence = read_model(tasks, "tasks") if tasks is not None else Given()
    question = _with_history(question, evidence.records)
    _check_sources(given.records, evidence.records)
    by_source = _by_source(evidence.records)
    judged = []
    for (provider, source), resources in _by_source(given.records).items():
        owned = by_owner(by_source.get((provider, source), ()), resources)
        for resource in resources:
            unread = tasks is None or "no_tasks" in resource["notes"]
            found = None if unread else owned.tasks.get(key_of(resource), [])
            complete = not (
                _is_doubtful(given, source)
                or (found is not None and (_is_doubtful(evidence, source) or owned.may_lack(resource)))
                or any(doubt in (*resource["notes"], *resource["reasons"]) for doubt in _DOUBTS)
            )
            judged.append(_judge({**resource, "reasons": []}, found, question, complete=complete))
    complete = given.complete and evidence.complete
    return worst_first([*judged, *_missing(judged, question, complete=complete, listed=True)])


def read_model(value: Any, what: str) -> Given:
    """The records of the model in a list or a whole result, checked and with all their fields."""
    takes = TAKES_TASKS if what == "tasks" else TAKES_RESOURCES
    needed = _NEEDED[what]
    given = gather(value, (what,), ("protects", "level") if what == "tasks" else ("protection",), takes)
    fields = model_task.FIELDS if what == "tasks" else model_resource.FIELDS
    empty = dict.fromkeys(fields)
    given.records = [
        _checked({**empty, **record}, record, f"record {index}", needed, takes)
        for index, record in enumerate(given.records)
    ]
    for record in given.records:
        if INCOMPLETE in record["notes"]:
            given.doubtful.add(record["source"])
    return given


def _checked(record: Record, given: Mapping[str, Any], place: str, needed: Sequence[str], takes: str) -> Record:
    """One record of the model, or a refusal that says what is wrong with it."""
    absent = [name for name in needed if name not in given]
    if absent:
        raise Refused(
            f"{place} has no {', '.join(absent)}. It takes {takes}, and an option `fields` has to keep these."
        )
    anonymous = not isinstance(record["provider"], str) or not isinstance(record["source"], str)
    if anonymous and record.get("coverage") != "expected":  # what no source has belongs to none
        raise Refused(f"{place} has no provider or source. It takes {takes}.")
    for name in ("notes", "reasons", "alternate_ids", "related", "policies", "days"):
        if name in record:
            record[name] = list(record[name]) if isinstance(record[name], (list, tuple)) else []
    for name in [name for name in record if name.endswith("_at")]:
        record[name] = _time(record[name], name, place)
    if "level" not in record:
        return record
    for name, words in _WORDS.items():
        if record[name] not in words:
            raise Refused(f"{place} has the {name} {record[name]!r}. The model knows {', '.join(map(str, words))}.")
    for name in ("resource", "job"):
        record[name] = {"id": None, "name": None, **record[name]} if isinstance(record[name], Mapping) else None
    if record["state"] == "finished":
        record["result"] = record["result"] or "unknown"
    else:
        record["result"] = None  # the outcome of what has not ended is nobody's success
    record["severity"] = SEVERITIES.get(record["result"])

    record["protects"] = model_task.proves_backup(record)
    return record


def _time(value: Any, name: str, place: str) -> str | None:
    try:
        return utc(value)
    except ValueError:
        raise Refused(f"{place} has a {name} that is no time. Give RFC 3339 (2026-11-21T06:00:00Z).") from None


def _by_source(records: Sequence[Record]) -> dict[tuple[str, str], list[Record]]:
    groups: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        groups.setdefault((record["provider"], record["source"]), []).append(record)
    return groups


def _with_history(question: Question, tasks: Sequence[Record]) -> Question:
    """The question with the history that the tasks themselves show, if the user did not say how far they go back."""
    if question.known_history:
        return question
    times = [task["created_at"] or task["started_at"] or task["finished_at"] for task in tasks]
    oldest = min((time[:-1] for time in times if time), default=None)  # without the Z, fractions compare as they should
    since = parse(f"{oldest}Z").timestamp() if oldest else question.policy.now
    return replace(question, policy=replace(question.policy, history_since=since))


def _judge(resource: Record, tasks: list[Record] | None, question: Question, *, complete: bool) -> Record:
    """The verdict. Where no good backup was found, a history shorter than one may be old proves nothing."""
    complete = complete and question.complete
    policy = replace(question.policy, expected=not set(question.expected).isdisjoint(names_of(resource)))
    result = judge(resource, Evidence(tasks, complete=complete), policy)
    if complete and tasks is not None and question.too_short and not result["last_success_at"]:
        result = judge(resource, Evidence(tasks, complete=False), policy)
    return result


def _missing(found: Sequence[Record], question: Question, *, complete: bool, listed: bool) -> list[Record]:
    """What must exist and was found nowhere.

    :param listed: resources were given, so it never had a backup; tasks only tell that it had none in their history.
    """
    known = {name for resource in found for name in names_of(resource)}
    complete = complete and question.complete and (listed or not question.too_short)
    return [
        judge(
            model_resource.new_resource(None, None, name, name=name, coverage="expected", notes=["not_found"]),
            Evidence((), complete=complete, never=listed),
            replace(question.policy, expected=True),
        )
        for name in dict.fromkeys(question.expected)
        if name not in known
    ]


def _is_doubtful(given: Given, source: str) -> bool:
    return given.all_doubtful or source in given.doubtful


def _check_sources(resources: Sequence[Record], tasks: Sequence[Record]) -> None:
    """Tasks of entirely other sources would make every resource look as if it had no backup."""
    ours = {(record["provider"], record["source"]) for record in resources}
    theirs = {(record["provider"], record["source"]) for record in tasks}
    if ours and theirs and not ours & theirs:
        raise Refused(
            f"the resources are those of {_told(ours)} and the tasks those of {_told(theirs)}. "
            "Both need the same provider and source."
        )


def _told(sources: set[tuple[str, str]]) -> str:
    return ", ".join(sorted(f"{provider}:{source}" for provider, source in sources))
