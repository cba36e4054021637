# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The verdict of the role `gate` on one host: has it a good backup that is young enough? Pure: the time is handed in.

What proves nothing is `unknown`, and that is never `pass`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ansible_collections.multivendor.backup.plugins.module_utils._core import times
from ansible_collections.multivendor.backup.plugins.module_utils._core.records import Record

from ._inputs import Refused, length, text_option

VERDICTS = ("pass", "fail", "unknown", "waived")
MATCHES = ("any", "id", "name")
DAY = 86400

#: Each reason: the verdict that it gives, and what it means.
REASONS = {
    "young_enough": ("pass", "its newest good backup is young enough"),
    "within_grace": ("pass", "its newest good backup is older than the RPO, but within the grace"),
    "too_old": ("fail", "its newest good backup is too old"),
    "no_good_backup": ("fail", "no good backup of it was found"),
    "disabled": ("fail", "its backups are switched off, and it has no good one that is young enough"),
    "unprotected": ("fail", "no policy or job backs it up, and it has no good backup that is young enough"),
    "unsupported": ("fail", "its backup system cannot back it up, and it has no good backup that is young enough"),
    "orphaned": ("fail", "its backup system lost the tie to it, and it has no good backup that is young enough"),
    "registration_failed": ("fail", "it could not be registered for backups, and it has no good one"),
    "deleted": ("fail", "its backup system has deleted it or no longer lists it, so its old backups prove nothing"),
    "not_found": ("fail", "no backup system knows it"),
    "no_mapping": ("fail", "nobody says what the backup systems call this host: `gate_resource` is empty"),
    "incomplete_data": ("unknown", "not everything was read, and nothing that was read is a young enough good backup"),
    "ambiguous": ("unknown", "one source has several resources of this name, and not all have a young enough backup"),
    "in_the_future": ("unknown", "its newest good backup seems to begin in the future, so a clock is wrong"),
    "not_read": ("unknown", "nothing was read for the options of this host"),
}
_HINTS = {
    "ambiguous": "Name it by its id, or name the source in `gate_source`.",
    "not_found": ("Names and ids are compared exactly: say in `gate_resource` what the backup system calls it."),
    "not_read": (
        "All hosts of a play need the same options of what is read, such as `gate_sources`. "
        "Where a lookup gives another value each time, keep it with set_fact before."
    ),
}
#: A resource that has no young enough backup, and is in such a state, has none for that reason.
_STATES = ("disabled", "unprotected", "unsupported", "orphaned", "registration_failed")
_NO_EVIDENCE: Record = dict.fromkeys(("task", "time", "source", "age_seconds", "basis"))
#: Without these fields nothing can be said of a resource; an option `fields` may have left them out.
NEEDED = (
    *("source", "id", "name", "alternate_ids", "protection", "reasons", "freshness", "last_attempt_at", "last_result"),
    *("last_success_at", "last_success_basis", "last_success_task"),
)
#: So many resources are told of that have nearly the name that was asked for.
MOST_NEAR = 3
_WAIVER_KEYS = ("host", "resource", "until", "reason", "approved_by")


@dataclass(frozen=True)
class Waiver:
    """Leave to go on without a good backup, until then."""

    host: str | None
    resource: str | None
    until: str
    expires_at: float
    reason: str
    approved_by: str | None

    def as_dict(self, now: float) -> Record:
        told = {name: getattr(self, name) for name in _WAIVER_KEYS}
        return {**told, "expired": self.is_expired(now)}

    def is_expired(self, now: float) -> bool:
        return now >= self.expires_at


@dataclass(frozen=True)
class Question:
    """What is asked of a reading: the options of the filter `gate`, read. Times are seconds since the epoch."""

    host: str | None
    resource: str
    match: str
    sources: Sequence[str] | None
    rpo: float
    grace: float
    waivers: Sequence[Waiver]
    now: float

    @property
    def limit(self) -> float:
        """How old a backup may be."""
        return self.rpo + self.grace


@dataclass(frozen=True)
class Finding:
    """What is true of one resource, or of all that one source has under a name."""

    reason: str
    resource: Record
    age: float | None = None

    @property
    def verdict(self) -> str:
        return REASONS[self.reason][0]


def read_question(
    *,
    resource: Any,
    host: Any,
    rpo: Any,
    grace: Any,
    match: Any,
    source: Any,
    history: Any,
    waivers: Any,
    now: Any,
) -> Question:
    """The options, checked.

    :raises Refused: one of them cannot be meant; it is named.
    """
    target, tolerance = length("rpo", rpo), length("grace", grace, lowest=0) or 0.0
    if target is None:
        raise Refused("`rpo` is empty. Say how old a backup may be, like 90m, 24h or 7d.")
    reach = length("history", history)
    if reach is not None and reach < target + tolerance:
        raise Refused("`history` is shorter than `rpo` and `grace` together, so a good backup could be overlooked.")
    if match not in MATCHES:
        raise Refused(f"`match` has to be one of {', '.join(MATCHES)}.")
    return Question(
        host=None if host is None else text_option("host", host),
        resource=_read_resource(resource),
        match=match,
        sources=_read_sources(source),
        rpo=target,
        grace=tolerance,
        waivers=read_waivers(waivers),
        now=_read_now(now),
    )


def _read_now(now: Any) -> float:
    if isinstance(now, (int, float)) and not isinstance(now, bool):
        return float(now)
    try:
        return times.parse(str(now)).timestamp()
    except ValueError:
        raise Refused("`now` is no time. Give an RFC 3339 time (2026-11-21T06:00:00Z) or seconds since 1970.") from None


def _read_resource(resource: Any) -> str:
    if resource is None or isinstance(resource, str):
        return (resource or "").strip()
    if isinstance(resource, int) and not isinstance(resource, bool):
        return str(resource)
    raise Refused("`resource` has to be the id or name of one resource.")


def _read_sources(source: Any) -> Sequence[str] | None:
    if source is None or source == "" or source == []:
        return None
    names = [source] if isinstance(source, str) else source
    if not isinstance(names, (list, tuple)) or not all(isinstance(name, str) and name for name in names):
        raise Refused("`source` has to be the name of a source, or a list of names.")
    return [str(name) for name in names]


def read_waivers(waivers: Any) -> list[Waiver]:
    """The waivers, checked.

    :raises Refused: one of them is malformed; its place in the list is named.
    """
    if waivers is None:
        return []
    if not isinstance(waivers, (list, tuple)):
        raise Refused("`waivers` has to be a list.")
    return [_read_waiver(waiver, f"waivers[{index}]") for index, waiver in enumerate(waivers)]


def _read_waiver(waiver: Any, place: str) -> Waiver:
    if not isinstance(waiver, Mapping):
        raise Refused(f"`{place}` has to be a dictionary of {', '.join(_WAIVER_KEYS)}.")
    unknown = sorted(str(key) for key in waiver if key not in _WAIVER_KEYS)
    if unknown:
        raise Refused(f"`{place}` has {', '.join(unknown)}, and takes {', '.join(_WAIVER_KEYS)}.")
    given = {key: waiver[key] for key in _WAIVER_KEYS if waiver.get(key) is not None and str(waiver[key]).strip()}
    if ("host" in given) == ("resource" in given):
        raise Refused(f"`{place}` has to name either `host` or `resource`.")
    until, expires_at = _read_until(given.get("until"), f"{place}.until")
    texts = {key: text_option(f"{place}.{key}", value).strip() for key, value in given.items() if key != "until"}
    if "reason" not in texts:
        raise Refused(f"`{place}` has no `reason`. Say why the host may go on without a good backup.")
    return Waiver(
        host=texts.get("host"),
        resource=texts.get("resource"),
        until=until,
        expires_at=expires_at,
        reason=texts["reason"],
        approved_by=texts.get("approved_by"),
    )


def _read_until(until: Any, place: str) -> tuple[str, float]:
    """When a waiver expires, as it was written and in seconds since the epoch. YAML makes dates of what looks like one.

    A date counts to the end of that day in UTC.
    """
    text = until.isoformat() if isinstance(until, date) else str(until or "").strip()
    try:
        if len(text) == len("2026-12-31"):
            return text, times.parse(f"{text}T00:00:00Z").timestamp() + DAY
        return text, times.parse(text).timestamp()
    except ValueError:
        raise Refused(
            f"`{place}` is no time. Give a date (2026-12-31) or an RFC 3339 time (2026-12-31T18:00:00Z)."
        ) from None


def judge(reading: Any, question: Question) -> Record:
    """The verdict on one host.

    :param reading: a result of `backup_resource_info`, with `read_at` if that is known; empty: nothing was read.
    :returns: `verdict`, `reason`, `message`, `evidence` (task, time, source, age_seconds, basis) and `waiver`.
    """
    rows = _relevant_rows(reading, question)
    finding = _find(reading, rows, question)
    unread = [str(row.get("name")) for row in rows if row.get("complete") is not True]
    near = [] if finding.resource or not rows else _near(reading["resources"], rows, question)
    evidence = _evidence(finding)
    told: Record = {
        "verdict": finding.verdict,
        "reason": finding.reason,
        "message": _message(finding, evidence, unread, near, question),
        "evidence": evidence,
        "waiver": None,
    }
    return told if finding.verdict == "pass" else _waived(told, question)


def narrowed(reading: Any, resource: Any) -> Record:
    """A reading with those of its resources only that may be the host, for Ansible takes long to hand on thousands.

    What differs in case only is not the host, but a verdict tells of it.
    """
    _check_reading(reading)
    wanted = _read_resource(resource).casefold()
    may_be = [one for one in reading["resources"] if wanted in map(str.casefold, _names(one, "any"))]
    return {**reading, "resources": may_be}


def _names(resource: Record, match: str) -> list[str]:
    """What a resource is called, as far as it is compared; nothing that is empty."""
    ids, names = [resource["id"], *resource["alternate_ids"]], [resource["name"]]
    compared = {"id": ids, "name": names, "any": [*ids, *names]}[match]
    return [name for name in compared if name]


def _near(resources: Sequence[Record], rows: Sequence[Record], question: Question) -> list[str]:
    """What differs in case only from what was asked for, each with its source."""
    wanted, sources = question.resource.casefold(), [row["name"] for row in rows]
    near = (
        f"`{name}` of source {one['source']}"
        for one in resources
        if one["source"] in sources
        for name in _names(one, question.match)
        if wanted and name.casefold() == wanted
    )
    return [*dict.fromkeys(near)][:MOST_NEAR]


def _check_reading(reading: Any) -> None:
    if not isinstance(reading, Mapping) or "resources" not in reading or "sources" not in reading:
        raise Refused("it takes a result of multivendor.backup.backup_resource_info, with `resources` and `sources`.")
    missing = [field for one in reading["resources"][:1] for field in NEEDED if field not in one]
    if missing:
        raise Refused(f"its resources have no {', '.join(missing)}. Read them with these `fields` as well.")


def _relevant_rows(reading: Any, question: Question) -> list[Record]:
    """How the sources were read that may have the host."""
    if not reading:
        return []
    _check_reading(reading)
    names = [row["name"] for row in reading["sources"]]
    strangers = [name for name in question.sources or () if name not in names]
    if strangers:
        raise Refused(f"`source` names {', '.join(strangers)}, and the sources are {', '.join(map(str, names))}.")
    return [row for row in reading["sources"] if question.sources is None or row["name"] in question.sources]


def _find(reading: Any, rows: Sequence[Record], question: Question) -> Finding:
    """The best that any source can say of the host; the same machine may be backed up by several."""
    nothing: Record = {}
    if not question.resource:
        return Finding("no_mapping", nothing)
    if not reading:
        return Finding("not_read", nothing)
    findings = [
        _judge_namesakes([_judge_resource(one, reading, question) for one in found])
        for found in (_matching(reading["resources"], row["name"], question) for row in rows)
        if found
    ]
    for verdict in ("pass", "unknown", "fail"):
        alike = [finding for finding in findings if finding.verdict == verdict]
        if alike:
            return min(alike, key=_by_age)
    complete = all(row.get("complete") is True for row in rows)
    return Finding("not_found" if complete else "incomplete_data", nothing)


def _matching(resources: Sequence[Record], source: str, question: Question) -> list[Record]:
    """What a source has under this id, else under this name; what it deleted only if there is nothing else."""
    ours = [one for one in resources if one["source"] == source]
    by_id = [one for one in ours if question.resource in (one["id"], *one["alternate_ids"])]
    by_name = [one for one in ours if question.resource == one["name"]]
    found = {"id": by_id, "name": by_name, "any": by_id or by_name}[question.match]
    return [one for one in found if one["protection"] != "deleted"] or found


def _judge_resource(resource: Record, reading: Mapping[str, Any], question: Question) -> Finding:
    """What is true of one resource at the time of the check."""
    age = _age(resource, reading, question.now)
    if resource["protection"] == "deleted":
        return Finding("deleted", resource, age)
    if age is not None and age < -times.CLOCK_TOLERANCE:
        return Finding("in_the_future", resource, age)
    if age is not None and age <= question.limit:
        return Finding("young_enough" if age <= question.rpo else "within_grace", resource, age)
    if "incomplete_data" in resource["reasons"]:
        return Finding("incomplete_data", resource, age)
    if resource["protection"] in _STATES:
        return Finding(resource["protection"], resource, age)
    return Finding("no_good_backup" if age is None else "too_old", resource, age)


def _age(resource: Record, reading: Mapping[str, Any], now: float) -> float | None:
    """Seconds since its newest good backup began: as old as it was when read, by that clock, and what has passed since.

    Only the time that has passed is taken by our clock, so it does not matter if that is wrong.
    """
    then = resource["freshness"]["age_seconds"]
    if then is None:
        return None
    read_at = reading.get("read_at") or resource["freshness"]["evaluated_at"]
    return float(then) + max(0.0, now - times.parse(read_at).timestamp())


def _judge_namesakes(findings: Sequence[Finding]) -> Finding:
    """What is true of all that one source has under one name, for nobody knows which of them is meant.

    If all pass, the oldest backup speaks for them; if none does, the newest.
    """
    verdicts = {finding.verdict for finding in findings}
    if verdicts == {"pass"}:
        return max(findings, key=_by_age)
    if len(verdicts) == 1:
        return min(findings, key=_by_age)
    return Finding("ambiguous", findings[0].resource)


def _by_age(finding: Finding) -> float:
    return float("inf") if finding.age is None else finding.age


def _evidence(finding: Finding) -> Record:
    """What the verdict rests on; nothing where it is not known of which resource to speak."""
    if finding.age is None:
        return {**_NO_EVIDENCE, "source": finding.resource.get("source")}
    resource = finding.resource
    return {
        "task": resource["last_success_task"],
        "time": resource["last_success_at"],
        "source": resource["source"],
        "age_seconds": round(finding.age, 3),
        "basis": resource["last_success_basis"],
    }


def _message(finding: Finding, evidence: Record, unread: Sequence[str], near: Sequence[str], question: Question) -> str:
    """The verdict for people, in one line."""
    subject = question.resource or question.host or "this host"
    told = f"{subject}: {REASONS[finding.reason][1]}"
    if finding.age is not None:
        proof = f"task {evidence['task']}" if evidence["task"] else f"{evidence['basis']}"
        ago = f"{_span(finding.age)} ago, " if finding.age >= 0 else ""
        told += (
            f" (it began {ago}at {evidence['time']}, and may be {_span(question.limit)} old; "
            f"source {evidence['source']}, {proof})"
        )
    elif evidence["source"]:
        told += f" (source {evidence['source']})"
    sentences = [told]
    if finding.verdict != "pass":
        sentences += _attempt(finding)
        if unread:
            sentences.append(f"Not read completely: {', '.join(unread)}")
        if finding.reason in _HINTS:
            sentences.append(_HINTS[finding.reason].rstrip("."))
        sentences += [f"{name} differs in case only" for name in near]
    return ". ".join(sentences) + "."


def _attempt(finding: Finding) -> list[str]:
    """How its newest attempt ended, if that was not well."""
    at, result = finding.resource.get("last_attempt_at"), finding.resource.get("last_result")
    if finding.reason == "ambiguous" or not at or result in (None, "success", "warning"):
        return []
    return [f"Its newest attempt ended at {at}: {result}"]


def _span(seconds: float) -> str:
    """A length of time for people: `5h 25m`."""
    days, rest = divmod(int(max(0.0, seconds)), DAY)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    parts = [(days, "d"), (hours, "h"), (minutes, "m"), (rest, "s")]
    told = [f"{number}{unit}" for number, unit in parts if number][:2]
    return " ".join(told) or "0s"


def _waived(told: Record, question: Question) -> Record:
    """The verdict with the waiver that is for the host: the one that lasts longest, or expired last."""
    ours = [
        waiver
        for waiver in question.waivers
        if (waiver.host is not None and waiver.host == question.host)
        or (waiver.resource is not None and waiver.resource == question.resource)
    ]
    if not ours:
        return told
    waiver = max(ours, key=lambda one: one.expires_at)
    by = f", approved by {waiver.approved_by}" if waiver.approved_by else ""
    told["waiver"] = waiver.as_dict(question.now)
    if waiver.is_expired(question.now):
        told["message"] += f" Its waiver expired on {waiver.until} ({waiver.reason}{by})."
    else:
        told["message"] = f"WAIVED until {waiver.until} ({waiver.reason}{by}). {told['message']}"
        told["verdict"] = "waived"
    return told
