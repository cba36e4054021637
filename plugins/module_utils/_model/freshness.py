# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The verdict on a resource: has it a good backup that is young enough? Pure: the time is handed in.

Incomplete data may prove that all is well, but never that something is missing: that rule prevents false alarms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from statistics import median
from typing import Any

from .._core.records import Record
from .._core.times import CLOCK_TOLERANCE, rfc3339
from .enums import FRESHNESS, GOOD_RESULTS, RESULTS_BY_BADNESS, SEVERITIES
from .task import first_known, seconds

DAY = 86400
#: A run is stuck when it takes longer than this and than so many times the usual.
STUCK_AFTER = 4 * 3600
STUCK_TIMES = 3
#: So many failures in a row are a streak.
STREAK = 3
#: A provider's "last backup" this close to a failed attempt is that attempt.
SAME_RUN = 300

# A resource that is not meant to be backed up has no target to miss.
_BY_DESIGN = ("unprotected", "disabled", "deleted", "unsupported")
_REASON_OF_PROTECTION = {
    "disabled": "disabled",
    "orphaned": "not_controlling",
    "registration_failed": "registration_failed",
}
_NOT_PROVABLE = ("late", "missed", "never", "pending")
# Notes on tasks that may have been good backups, in words that nobody here knows.
_MYSTERIES = ("unknown_operation", "unknown_state", "unknown_result", "no_job_type")


@dataclass(frozen=True)
class Policy:
    """What a resource is measured by. Times are seconds since the epoch, lengths seconds.

    :param target: the RPO; None: there is none.
    :param history_since: from when on tasks were read; None: from the beginning.
    :param trust_field: take the provider's own "last backup" for evidence, instead of tasks.
    :param snapshots: count snapshots as backups.
    :param history_days: how many days to give the worst result of.
    :param expected: the user says that it must have backups, whatever the provider says of its protection.
    """

    now: float
    target: float | None = None
    grace: float | None = None
    history_since: float | None = None
    trust_field: bool = False
    snapshots: bool = False
    history_days: int = 0
    expected: bool = False

    @property
    def tolerance(self) -> float:
        """The grace: by default a quarter of the target, for a nightly backup an hour late is no alarm."""
        return self.grace if self.grace is not None else (self.target or 0) / 4


@dataclass(frozen=True)
class Evidence:
    """What was read about one resource.

    :param tasks: its tasks; None: they cannot be read, or were not asked for.
    :param complete: everything about it was read.
    :param never: the provider itself says that it never had a backup.
    """

    tasks: Sequence[Record] | None = None
    complete: bool = True
    never: bool = False


def judge(resource: Record, evidence: Evidence, policy: Policy) -> Record:
    """The resource with attempts, success, streak, restore, days, freshness and reasons filled in."""
    result: Record = {**resource, "reasons": list(resource["reasons"]), "notes": list(resource["notes"])}
    tasks = evidence.tasks or ()
    runs = sorted((task for task in tasks if _is_backup(task, policy)), key=_begun, reverse=True)
    finished = [run for run in runs if run["state"] == "finished"]
    unfinished = [run for run in runs if run["state"] not in ("finished", "unknown")]
    result.update(_attempts(finished, resource, evidence))
    result.update(_success(finished, resource, evidence, policy))
    result.update(_restores(tasks))
    result["days"] = _days(finished, policy) if evidence.tasks is not None else []
    status, reasons = _status(result, evidence, policy)
    if status in _NOT_PROVABLE and any(_is_mystery(task, policy) for task in tasks):
        status, reasons = "unknown", ["unknown_task"]
    overdue = _overdue(result, unfinished, policy)
    reasons += _reasons(result, finished, unfinished, policy)
    if overdue:
        reasons.append("overdue")
    if tasks and not result["last_restore_at"] and _covers_life(resource, policy):
        reasons.append("never_restored")
    if not evidence.complete:
        status, overdue, reasons = _doubted(status, overdue, reasons)
    result["overdue"] = overdue
    result["freshness"] = _freshness(status, result["last_success_at"], policy)
    result["reasons"] = list(dict.fromkeys([*result["reasons"], *reasons]))
    return result


def _is_backup(task: Record, policy: Policy) -> bool:
    operations = ("backup", "snapshot") if policy.snapshots else ("backup",)
    return task["level"] == "item" and task["operation"] in operations


def _is_mystery(task: Record, policy: Policy) -> bool:
    """Whether a task may have been a backup that is young enough, for all that its words tell."""
    told = {note.partition(":")[0] for note in task["notes"]}
    return (
        not told.isdisjoint(_MYSTERIES)
        and (_is_backup(task, policy) or task["operation"] == "other")
        and (task["result"] in (None, "unknown", *GOOD_RESULTS))
        and _begun(task) >= policy.now - (policy.target or 0) - policy.tolerance
    )


_BEGUN = ("started_at", "created_at", "finished_at")
_ENDED = ("finished_at", "started_at", "created_at")


def _begun(task: Record) -> float:
    return first_known(task, _BEGUN) or 0.0


def _ended(task: Record) -> float:
    return first_known(task, _ENDED) or 0.0


def _told(task: Record | None, fields: Sequence[str]) -> str | None:
    """The first of these times that a task tells."""
    return next((task[field] for field in fields if task[field]), None) if task else None


def _attempts(finished: Sequence[Record], resource: Record, evidence: Evidence) -> Record:
    """The newest attempt, and how many have failed since the last good one. Cancelled and skipped ones do not count."""
    if evidence.tasks is None:
        return {}
    streak = []
    for run in finished:
        if run["result"] in GOOD_RESULTS:
            break
        if run["severity"] == "critical":
            streak.append(run)
    newest = max(finished, key=_ended, default=None)
    return {
        "last_attempt_at": _told(newest, _ENDED),
        "last_result": newest["result"] if newest else None,
        "message": (newest["message"] if newest else None) or resource["message"],
        "consecutive_failures": len(streak),
        "failing_since": _told(streak[-1], _BEGUN) if streak else None,
    }


def _success(finished: Sequence[Record], resource: Record, evidence: Evidence, policy: Policy) -> Record:
    """When the newest good backup began (that is the state it can bring back), what says so, and which task it was.

    A good task is the best evidence. The provider's own claim counts where there is none, unless it is but a failed
    attempt, and where the user wants it so; a recovery point is no claim but a fact, so the newer one counts.
    """
    claimed, basis = resource["last_success_at"], resource["last_success_basis"] or "resource_field"
    good = next((run for run in finished if run["result"] in GOOD_RESULTS), None)
    began = _told(good, _BEGUN)
    claim = {"last_success_at": claimed, "last_success_basis": basis, "last_success_task": None}
    if claimed and (policy.trust_field or evidence.tasks is None):
        return claim
    if claimed and not _is_failure(claimed, finished):
        newer = basis == "recovery_point" and (_moment(claimed) or 0.0) > (_moment(began) or 0.0) + SAME_RUN
        if began is None or newer:
            return claim
    if good is None or began is None:
        return {"last_success_at": None, "last_success_basis": "none", "last_success_task": None}
    return {"last_success_at": began, "last_success_basis": "task", "last_success_task": good["uid"]}


def _is_failure(claimed: str, finished: Sequence[Record]) -> bool:
    """Whether a provider's "last backup" is but an attempt that brought nothing."""
    moment = _moment(claimed) or 0.0
    return any(
        run["result"] not in GOOD_RESULTS and _begun(run) - SAME_RUN <= moment <= _ended(run) + SAME_RUN
        for run in finished
    )


def _moment(time: str | None) -> float | None:
    """Seconds since the epoch; None for no time."""
    try:
        return seconds(time) if time else None
    except ValueError:
        return None


def _restores(tasks: Sequence[Record]) -> Record:
    """The newest finished restore: when it was last proven that one can restore."""
    done = [t for t in tasks if t["operation"] in ("restore", "snapshot_restore") and t["state"] == "finished"]
    newest = max(done, key=_ended, default=None)
    return {
        "last_restore_at": _told(newest, _ENDED),
        "last_restore_result": newest["result"] if newest else None,
    }


def _days(finished: Sequence[Record], policy: Policy) -> list[Record]:
    """The worst result of each of the last days (UTC), the oldest first; null where no backup ended."""
    if not policy.history_days:
        return []
    results: dict[str, list[str]] = {}
    for run in finished:
        ended = _told(run, _ENDED)
        if ended:
            results.setdefault(ended[:10], []).append(run["result"])
    dates = [_date(policy.now - back * DAY) for back in reversed(range(policy.history_days))]
    return [
        {"date": date, "result": max(results.get(date, []), key=RESULTS_BY_BADNESS.index, default=None)}
        for date in dates
    ]


def _date(moment: float) -> str:
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%d")


def _overdue(resource: Record, unfinished: Sequence[Record], policy: Policy) -> bool | None:
    """Whether the next run should have begun: half an interval late, and nothing at work. None: nobody knows when."""
    planned = _moment(resource["next_run_at"])
    if planned is None:
        return None
    if _is_exempt(resource, policy) or unfinished or resource["activity"] == "backing_up":
        return False
    last = _moment(resource["last_attempt_at"] or resource["last_success_at"])
    grace = policy.tolerance if last is None else max(0.0, planned - last) / 2
    return planned + grace < policy.now


def _is_exempt(resource: Record, policy: Policy) -> bool:
    """Whether a resource is not meant to be backed up."""
    return resource["protection"] in _BY_DESIGN and not policy.expected


def _status(resource: Record, evidence: Evidence, policy: Policy) -> tuple[str, list[str]]:
    """The verdict, as if everything had been read."""
    if policy.target is None or _is_exempt(resource, policy):
        return "not_applicable", []
    succeeded, created = _moment(resource["last_success_at"]), _moment(resource["created_at"])
    if succeeded is not None:
        age = policy.now - succeeded
        if age < -CLOCK_TOLERANCE:
            return "unknown", ["in_the_future"]
        if age <= policy.target:
            return "met", []
        return ("late", ["rpo_late"]) if age <= policy.target + policy.tolerance else ("missed", ["rpo_missed"])
    if created is not None and -CLOCK_TOLERANCE <= policy.now - created < policy.target:
        return "pending", []
    if evidence.never or evidence.tasks is None or _covers_life(resource, policy):
        return "never", ["never_backed_up"]  # without tasks the provider's own field was asked, and it is empty
    return "missed", ["no_success_in_history"]


def _covers_life(resource: Record, policy: Policy) -> bool:
    """Whether tasks were read from before the resource existed."""
    if policy.history_since is None:
        return True
    created = _moment(resource["created_at"])
    return created is not None and created >= policy.history_since


def _reasons(resource: Record, finished: Sequence[Record], unfinished: Sequence[Record], policy: Policy) -> list[str]:
    """What else a person should know."""
    severity = SEVERITIES.get(resource["last_result"])
    usual = median([run["duration_seconds"] for run in finished if run["duration_seconds"] is not None] or [0.0])
    streak = resource["consecutive_failures"] or 0
    told = {
        "last_failed": severity == "critical",
        "failure_streak": streak >= STREAK,
        "warning_result": severity == "warning",
        "stuck_task": any(_is_stuck(run, usual, policy) for run in unfinished),
        "offline": resource["online"] is False,
        "unknown_status": severity == "unknown",
    }
    reasons = [reason for reason, holds in told.items() if holds]
    protection = _REASON_OF_PROTECTION.get(resource["protection"])
    return [*reasons, protection] if protection else reasons


def _is_stuck(run: Record, usual: float, policy: Policy) -> bool:
    """Whether a run takes too long. A continuous job of Veeam that idles waits for days, and that is well."""
    if run["state"] == "queued" or "idle" in run["notes"]:
        return False
    expected = _moment(run["expected_finish_at"])
    if expected is not None and expected < policy.now:
        return True
    begun = _begun(run)
    return begun > 0 and policy.now - begun > max(STUCK_AFTER, STUCK_TIMES * usual)


def _doubted(status: str, overdue: bool | None, reasons: list[str]) -> tuple[str, bool | None, list[str]]:
    """The verdict on incomplete data: what is missing may be the very thing that was looked for."""
    doubtful = ("rpo_late", "rpo_missed", "never_backed_up", "no_success_in_history", "overdue", "never_restored")
    kept = [reason for reason in reasons if reason not in doubtful]
    if status in _NOT_PROVABLE:
        status = "unknown"
    return status, (None if overdue else overdue), [*kept, "incomplete_data"]


def _freshness(status: str, success: str | None, policy: Policy) -> Record:
    moment = _moment(success)
    return {
        "target_seconds": policy.target,
        "grace_seconds": policy.tolerance if policy.target is not None else None,
        "age_seconds": None if moment is None else round(policy.now - moment, 3),
        "status": status,
        "evaluated_at": rfc3339(policy.now),
    }


def worst_first(resources: Sequence[Record]) -> list[Record]:
    """Resources by verdict, then the oldest backup first, then by name."""
    return sorted(
        resources,
        key=lambda resource: (
            FRESHNESS.index(resource["freshness"]["status"]),
            -(resource["freshness"]["age_seconds"] or 0.0),
            str(resource["name"] or resource["id"]),
            str(resource["uid"]),
        ),
    )


def count_verdicts(resources: Sequence[Record]) -> dict[str, Any]:
    """The summary of `backup_resource_info`: counts by verdict, protection, reason and provider."""
    statuses = [resource["freshness"]["status"] for resource in resources]
    return {
        "total": len(resources),
        "by_freshness": {status: statuses.count(status) for status in FRESHNESS},
        "by_protection": _counts([resource["protection"] for resource in resources]),
        "by_reason": _counts([reason for resource in resources for reason in resource["reasons"]]),
        "by_provider": _counts([resource["provider"] for resource in resources if resource["provider"]]),
        "without_good_backup": sum(status in ("never", "missed", "unknown") for status in statuses),
    }


def _counts(words: Sequence[str]) -> dict[str, int]:
    return {word: words.count(word) for word in sorted(set(words))}
