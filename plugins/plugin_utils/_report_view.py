# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a report shows: every number, text and plot of the page, from the data. The template only writes it down."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from ansible_collections.multivendor.backup.plugins.module_utils._core import times
from ansible_collections.multivendor.backup.plugins.module_utils._core.records import Record
from ansible_collections.multivendor.backup.plugins.module_utils._formats.text import words

from . import _report_plots as plots
from . import _report_text as text
from ._report_text import counted, number, shown

#: So many of the worst resources, and of the names in a group of failures, are shown where people look first.
MOST_STALE = 25
MOST_NAMES = 10
STALE = ("never", "missed", "unknown", "late")
RECENT_HOURS = 24
#: Stands before what was counted in a system that was not read completely.
AT_LEAST = "\u2265 "
#: Where a resource is that was expected, and that no system has.
NOWHERE = "nowhere"
_MOST_DATES = 366
_PROVIDERS = {
    "yandex": "Yandex Cloud Backup",
    "clumio": "Clumio",
    "veeam": "Veeam Enterprise Manager",
    "petadata": "Alibaba PetaData",
}
_NO_REASON = {"clumio": "Clumio gives no reason in a task; see its alerts"}


def view(data: Record) -> Record:
    """Everything that the page shows, in the order in which it does."""
    figures = _figures(data)
    about = data["tasks"]["about"]
    return {
        "title": shown(data["title"]),
        "collected_at": about["collected_at"],
        "collected": f"{text.moment(about['collected_at'])} UTC",
        "window": _window(about),
        "asked": _asked(data),
        "verdict": _verdict(figures),
        "problems": _problems(data),
        "tiles": _tiles(figures),
        "stale": _stale(data, figures),
        "failures": _failures(data, figures),
        "trend": _trend(data, figures),
        "resources": _resources(data, figures),
        "sources": _sources(data),
        "source_names": _source_names(data),
    }


def escaped(value: Any) -> Any:
    """A view for HTML: every text in it is escaped, at every depth. So none can be forgotten."""
    if isinstance(value, str):
        return html.escape(value)
    if isinstance(value, dict):
        return {key: escaped(inner) for key, inner in value.items()}
    return [escaped(inner) for inner in value] if isinstance(value, list) else value


def _figures(data: Record) -> Record:
    """The numbers that verdict and tiles are made of."""
    tasks, resources = data["tasks"], data["resources"]
    verdicts = resources["summary"]["by_freshness"]
    severities = tasks["summary"]["by_severity"]
    states = tasks["summary"]["by_state"]
    recent = _hours_before(tasks["about"]["until"], RECENT_HOURS)
    unread = {row["name"] for part in (tasks, resources) for row in part["about"]["sources"] if not row["complete"]}
    return {
        "systems": len({row["name"] for part in (tasks, resources) for row in part["about"]["sources"]}),
        "unread": len(unread),
        "complete": tasks["about"]["complete"] and resources["about"]["complete"],
        "tasks": tasks["summary"]["total"],
        "failed": severities.get("critical", 0),
        "warnings": severities.get("warning", 0),
        "unknown_tasks": severities.get("unknown", 0) + states.get("unknown", 0),
        "unfinished": tasks["summary"]["total"] - sum(severities.values()) - states.get("unknown", 0),
        "recent": sum(
            task["severity"] == "critical" and (task["finished_at"] or "") >= recent for task in tasks["tasks"]
        ),
        "since": tasks["about"]["filters"].get("since"),
        "resources": resources["summary"]["total"],
        "without": resources["summary"]["without_good_backup"],
        **verdicts,
    }


def _hours_before(time: str, hours: int) -> str:
    return times.rfc3339(times.parse(time) - timedelta(hours=hours))


# The verdict


def _verdict(figures: Record) -> Record:
    """The one line that a person reads: the worst that is known, and whether everything is known."""
    level, headline = _headline(figures)
    return {
        "level": level,
        "mark": text.MARKS[level],
        "headline": headline,
        "detail": " ".join(f"{sentence}." for sentence in _details(figures)),
        "complete": figures["complete"],
    }


def _headline(figures: Record) -> tuple[str, str]:
    """Level and headline. It is `ok` only if everything was read, something was measured, and all of it is good."""
    bad, measured = figures["never"] + figures["missed"], figures["met"] + figures["late"]
    total, resources = figures["resources"], counted(figures["resources"], "resource")
    systems = f"{number(figures['unread'])} of {counted(figures['systems'], 'system')}"
    unread = f"{systems} {'was' if figures['unread'] == 1 else 'were'} not read completely"
    if bad:
        told = f"{number(bad)} of {resources} {'has' if bad == 1 else 'have'} no good backup"
        return "critical", told if figures["complete"] else f"{told}, and {unread}"
    if not figures["complete"]:
        return "unknown", f"This report is incomplete: {unread}"
    if figures["unknown"]:
        has = "has" if figures["unknown"] == 1 else "have"
        return "unknown", f"Nobody can say whether {number(figures['unknown'])} of {resources} {has} a good backup"
    if not total:
        return "unknown", "No resources were found"
    if not measured:
        return "unknown", f"Nothing is measured: none of {resources} has a target and a backup yet"
    if figures["late"]:
        told = f"{number(figures['late'])} of {resources} {'has' if figures['late'] == 1 else 'have'}"
        return "warning", f"{told} a late backup"
    good = f"All {counted(measured, 'measured resource')} have a good backup"
    if measured == 1:
        good = "The one measured resource has a good backup"
    if figures["recent"]:
        return "warning", f"{good}, but {counted(figures['recent'], 'task')} failed in the last {RECENT_HOURS} hours"
    if figures["unknown_tasks"]:
        is_unknown = f"{'is' if figures['unknown_tasks'] == 1 else 'are'} unknown"
        return "unknown", f"{good}, but {counted(figures['unknown_tasks'], 'task')} {is_unknown}"
    return "ok", good


def _doubt(figures: Record) -> str:
    """What is said of tasks of unknown state or result."""
    count = figures["unknown_tasks"]
    return f"Of {counted(count, 'task')} nobody can say how {'it stands' if count == 1 else 'they stand'} or ended"


def _details(figures: Record) -> list[str]:
    """What else is worth a sentence."""
    sentences = {
        f"{number(figures['never'])} never had one": figures["never"],
        f"{number(figures['missed'])} missed the target": figures["missed"],
        f"{number(figures['late'])} late, within the grace": figures["late"],
        f"Of {number(figures['unknown'])} nobody can say": figures["unknown"],
        f"{number(figures['pending'])} too young to have one": figures["pending"],
        f"{number(figures['not_applicable'])} not measured": figures["not_applicable"],
    }
    failed = f"{counted(figures['failed'], 'task')} failed in the period, {number(figures['recent'])} of them in the"
    told = [sentence for sentence, count in sentences.items() if count]
    if figures["failed"]:
        told.append(f"{failed} last {RECENT_HOURS} hours")
    if figures["unknown_tasks"]:
        told.append(_doubt(figures))
    if figures["complete"] and not figures["failed"] + figures["unknown_tasks"]:
        told.append("No task failed in the period")
    if figures["complete"]:
        told.append(
            f"{'All ' if figures['systems'] > 1 else ''}{counted(figures['systems'], 'system')} read completely"
        )
    return told


def _tiles(figures: Record) -> list[Record]:
    """The numbers below the verdict, each with the part of the page that tells more, and the verdict to filter by."""
    resources, tasks, unread = figures["resources"], figures["tasks"], figures["unread"]
    unknown, unknown_tasks = figures["unknown"], figures["unknown_tasks"]
    never, missed = figures["never"], figures["missed"]
    return [
        _tile(
            label="Systems read",
            figure=f"{number(figures['systems'] - unread)}/{number(figures['systems'])}",
            note="all completely" if figures["complete"] else f"{number(unread)} not completely",
            level="neutral" if figures["complete"] else "unknown",
            link="#sources",
        ),
        _tile(
            label="No good backup",
            figure=_bound(figures, figures["without"]),
            note=_listed(never=never, missed=missed, unknown=unknown) or f"of {counted(resources, 'resource')}",
            level=_level(critical=never + missed, unknown=unknown),
            link="#resources",
            status="bad",
        ),
        _tile(
            label="Late",
            figure=_bound(figures, figures["late"]),
            note="within the grace",
            level=_level(warning=figures["late"]),
            link="#resources",
            status="late",
        ),
        _tile(
            label="Good backup",
            figure=f"{number(figures['met'])}/{number(resources)}",
            note=_listed(pending=figures["pending"], not_measured=figures["not_applicable"]) or "resources",
            level="neutral",
            link="#resources",
            status="met",
        ),
        _tile(
            label="Tasks",
            figure=_bound(figures, tasks),
            note=_listed(unfinished=figures["unfinished"], with_warnings=figures["warnings"]) or "in the period",
            level="neutral",
            link="#trend",
        ),
        _tile(
            label="Failed tasks",
            figure=_bound(figures, figures["failed"]),
            note=f"{number(figures['recent'])} in the last {RECENT_HOURS} h",
            level=_level(critical=figures["recent"], warning=figures["failed"]),
            link="#failures",
        ),
        _tile(
            label="Unknown",
            figure=_bound(figures, unknown + unknown_tasks),
            note=_listed(resources=unknown, tasks=unknown_tasks) or "nothing",
            level=_level(unknown=unknown + unknown_tasks),
            link="#resources",
            status="unknown",
        ),
    ]


def _tile(*, level: str, status: str = "", **told: str) -> Record:
    mark = "" if level == "neutral" else text.MARKS[level]
    return {**told, "level": level, "mark": mark, "status": status}


def _level(**counts: int) -> str:
    """The first level of which there is anything."""
    return next((level for level, count in counts.items() if count), "neutral")


def _bound(read: Record, count: int) -> str:
    """A number, which is a lower bound if `read` is not complete."""
    return f"{'' if read['complete'] else AT_LEAST}{number(count)}"


def _listed(**counts: int) -> str:
    return ", ".join(f"{number(count)} {name.replace('_', ' ')}" for name, count in counts.items() if count)


# What was read


def _window(about: Mapping[str, Any]) -> str:
    since = f"from {text.moment(about['since'])}" if about["since"] else "from the beginning"
    return f"{since} to {text.moment(about['until'])} UTC"


_ASKED = {"since": "period", "rpo": "target (RPO)", "history_days": "days of the calendar", "expected": "expected"}


def _asked(data: Record) -> list[Record]:
    """What the user asked for, in words; what both lists share is told once."""
    asked = {**data["resources"]["about"]["filters"], **data["tasks"]["about"]["filters"]}
    return [{"name": shown(_ASKED.get(name, name)), "told": shown(words(value))} for name, value in asked.items()]


def _problems(data: Record) -> list[Record]:
    """Each system that was not read completely: all that both modules say of it, each thing once."""
    found: dict[str, dict[str, list[Any]]] = {}
    for problem in data["problems"]:
        row = found.setdefault(problem["source"], {"messages": [], "hints": [], "scopes": []})
        for name in ("message", "hint"):
            told = shown(problem[name])
            row[f"{name}s"] += [told] if told and told not in row[f"{name}s"] else []
        row["scopes"] += problem["scopes"]
    return [{"source": shown(source), **row, "scopes": _scopes(row["scopes"])} for source, row in found.items()]


def _scopes(scopes: Sequence[Mapping[str, Any]]) -> list[Record]:
    """The lists within a system that were not read; those of which the same is said stand together."""
    names: dict[str, dict[str, None]] = {}
    for scope in scopes:
        names.setdefault(shown(scope["message"]), {})[shown(scope["scope"])] = None
    return [{"message": message, "names": ", ".join(found)} for message, found in names.items()]


def _sources(data: Record) -> list[Record]:
    """One row a system: what was read of it, and whether that is all."""
    rows: dict[str, Record] = {}
    for kind in ("tasks", "resources"):
        for source in data[kind]["about"]["sources"]:
            row = rows.setdefault(
                source["name"],
                {"name": shown(source["name"]), "provider": word_of_provider(source["provider"]), "complete": True}
                | {"tasks": "", "resources": "", "reasons": []},
            )
            row[kind] = _bound(source, source["returned"])
            row["complete"] = row["complete"] and source["complete"]
            if not source["complete"]:
                reason = text.word(text.INCOMPLETE, source["incomplete_reason"])
                row["reasons"] = [*row["reasons"], f"{kind}: {reason}"]
    failed = {row["source"]: row for row in data["tasks"]["summary"]["by_source"]}
    return [
        {
            **row,
            **_badge("ok" if row["complete"] else "unknown", "Complete" if row["complete"] else "Incomplete"),
            "failed": _bound(row, failed.get(name, {}).get("critical", 0)),
            "unknown": _bound(row, failed.get(name, {}).get("unknown", 0)),
            "reason": "; ".join(row["reasons"]),
        }
        for name, row in rows.items()
    ]


def _source_names(data: Record) -> list[str]:
    """What one may filter by: the systems, and where something is that no system has."""
    names = {source["name"] for kind in ("tasks", "resources") for source in data[kind]["about"]["sources"]}
    homeless = any(not one["source"] for one in data["resources"]["resources"])
    return [*sorted(map(shown, names)), *([NOWHERE] if homeless else [])]


def word_of_provider(provider: str | None) -> str:
    """What people call it."""
    return _PROVIDERS.get(provider or "", shown(provider))


# Failures and trend


def _failures(data: Record, figures: Record) -> Record:
    """Failures that say the same, the most frequent first; those beyond the groups that are told are counted."""
    names: dict[tuple[str, str], dict[str, None]] = {}
    for task in data["tasks"]["tasks"]:
        if task["severity"] == "critical":
            about = names.setdefault((task["provider"], task["message"] or ""), {})
            about[_subject(task)] = None
    groups = data["tasks"]["summary"]["failures"]
    rows = []
    for group in groups:
        about = [name for name in names.get((group["provider"], group["message"] or ""), {}) if name]
        rows.append(
            {
                "times": group["count"],
                "tally": number(group["count"]),
                "message": shown(group["message"]) or _NO_REASON.get(group["provider"], "no reason given"),
                "given": bool(group["message"]),
                "sources": [shown(source) for source in group["sources"]],
                "names": [shown(name) for name in about[:MOST_NAMES]],
                "more": number(len(about) - MOST_NAMES) if len(about) > MOST_NAMES else "",
                "newest_at": shown(group["newest_at"]),
                "newest": text.moment(group["newest_at"]),
            }
        )
    rest = figures["failed"] - sum(group["count"] for group in groups)
    none, level = "No task failed in this period.", "ok"
    if figures["unknown_tasks"]:
        none, level = f"No task is known to have failed. {_doubt(figures)}.", "unknown"
    return {
        "rows": rows,
        "total": _bound(figures, figures["failed"]),
        "rest": number(rest) if rest > 0 else "",
        "empty": _nothing(figures, none, "No failed task is among what could be read.", level=level),
    }


def _subject(task: Mapping[str, Any]) -> str:
    """What a task is about, as people call it."""
    about, job = task["resource"] or {}, task["job"] or {}
    return str(about.get("name") or about.get("id") or job.get("name") or "")


def _trend(data: Record, figures: Record) -> Record:
    by_day = data["tasks"]["summary"]["by_day"]
    dates = _dates(data["tasks"]["about"], by_day)
    earlier = sum(row["total"] for row in by_day if not dates or row["date"] < dates[0])
    dated = sum(row["total"] for row in by_day)
    plot = plots.trend(by_day, dates)
    return {
        **plot,
        "legend": [{"kind": kind, "word": word} for kind, word in reversed(plots.STACK_WORDS.items())],
        "numbered": any(day["failed"] for day in plot["bars"]),
        "blank": None
        if any(day["total"] for day in plot["bars"])
        else _nothing(figures, "No task ran in this period.", "No task is among what could be read.", level="neutral"),
        "earlier": counted(earlier, "task") if earlier else "",
        "undated": counted(figures["tasks"] - dated, "task") if figures["tasks"] > dated else "",
    }


def _dates(about: Mapping[str, Any], by_day: Sequence[Record]) -> list[str]:
    """The days of the window; without a beginning, those from the first task on. The last year at most."""
    first = (about["since"] or (by_day[0]["date"] if by_day else about["until"]))[:10]
    day, dates = datetime.fromisoformat(about["until"][:10]), []
    while day.strftime("%Y-%m-%d") >= first and len(dates) < _MOST_DATES:
        dates.append(day.strftime("%Y-%m-%d"))
        day -= timedelta(days=1)
    return dates[::-1]


# Resources


def _stale(data: Record, figures: Record) -> Record:
    """The worst resources with their age against the target."""
    found = [one for one in data["resources"]["resources"] if one["freshness"]["status"] in STALE]
    rows = [
        {
            **_resource(one),
            "meter": plots.meter(one["freshness"]),
            "message": shown(one["message"]),
            "success": text.moment(one["last_success_at"]),
        }
        for one in found[:MOST_STALE]
    ]
    measured = figures["met"] > 0
    return {
        "rows": rows,
        "total": _bound(figures, len(found)),
        "rest": number(len(found) - len(rows)) if len(found) > len(rows) else "",
        "empty": _nothing(
            figures,
            "Every measured resource has a good backup." if measured else "No resource is measured.",
            "No such resource is among what could be read.",
            level="ok" if measured else "neutral",
        ),
    }


def _nothing(figures: Record, told: str, otherwise: str, level: str = "ok") -> Record:
    """What stands in the place of an empty list: good news only if everything was read."""
    level = level if figures["complete"] else "unknown"
    return {"level": level, "mark": text.MARKS[level], "text": told if figures["complete"] else otherwise}


def _resources(data: Record, figures: Record) -> Record:
    """All resources, the worst first, each with its row of the calendar."""
    found = data["resources"]["resources"]
    dates = next(([day["date"] for day in one["days"]] for one in found if one["days"]), [])
    counts = data["resources"]["summary"]["by_freshness"]
    return {
        "rows": [{**_resource(one), "calendar": plots.calendar(one["days"])} for one in found],
        "total": number(len(found)),
        "dates": dates,
        "first_date": text.date(dates[0]) if dates else "",
        "last_date": text.date(dates[-1]) if dates else "",
        "width": min(plots.CELL * len(dates), plots.WIDEST),
        "row_height": plots.ROW,
        "statuses": [
            {"status": status, "word": word, "level": level, "tally": number(counts.get(status, 0))}
            for status, (level, word) in text.STATUSES.items()
        ],
        "letters": json.dumps(
            {
                letter: text.word(text.RESULTS, result) if result else "no backup ended"
                for result, letter in plots.LETTERS.items()
            }
        ),
        "empty": _nothing(
            figures, "No resources were found.", "No resource is among what could be read.", level="neutral"
        ),
        "legend": _legend(),
    }


def _legend() -> list[Record]:
    """The shapes of a calendar, each with what it means."""
    meanings = {
        "success": "good",
        "warning": "warning, partial, cancelled or skipped",
        "failed": "failed, timed out or abandoned",
        "unknown": "nobody says how it ended",
        None: "no backup ended",
    }
    return [
        {"meaning": meaning, "calendar": plots.calendar([{"date": "", "result": result}])}
        for result, meaning in meanings.items()
    ]


def _resource(one: Mapping[str, Any]) -> Record:
    """What is told of a resource wherever it stands."""
    freshness = one["freshness"]
    level, word = text.STATUSES.get(freshness["status"], ("unknown", shown(freshness["status"])))
    name = shown(one["name"] or one["id"] or one["uid"])
    identifier = shown(one["id"])
    return {
        "name": name,
        "id": identifier if identifier != name else "",
        "source": shown(one["source"]) or NOWHERE,
        "kind": shown(one["type"]).replace("_", " "),
        "status": shown(freshness["status"]),
        **_badge(level, word),
        "rank": [*text.STATUSES].index(freshness["status"]) if freshness["status"] in text.STATUSES else 0,
        "age": text.span(freshness["age_seconds"]),
        "seconds": freshness["age_seconds"] if freshness["age_seconds"] is not None else "",
        "target": text.span(freshness["target_seconds"]) if freshness["status"] != "not_applicable" else "",
        "reasons": ", ".join(_worth_knowing(one)),
    }


def _worth_knowing(one: Mapping[str, Any]) -> list[str]:
    told = [text.PROTECTIONS[one["protection"]]] if one["protection"] in text.PROTECTIONS else []
    return told + [text.word(text.REASONS, reason) for reason in one["reasons"]]


def _badge(level: str, word: str) -> Record:
    return {"level": level, "mark": text.MARKS[level], "word": word}
