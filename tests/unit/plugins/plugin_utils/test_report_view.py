# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report shows. It is good news only if everything was read, something was measured, and all of it is good."""

from __future__ import annotations

import json

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._model.enums import (
    FRESHNESS,
    PROTECTIONS,
    REASONS,
    RESULTS,
)
from ansible_collections.multivendor.backup.plugins.module_utils._model.summary import summarize
from ansible_collections.multivendor.backup.plugins.plugin_utils import _report_plots as plots
from ansible_collections.multivendor.backup.plugins.plugin_utils import _report_text as text
from ansible_collections.multivendor.backup.plugins.plugin_utils._report import collect
from ansible_collections.multivendor.backup.plugins.plugin_utils._report_markdown import markdown_lines
from ansible_collections.multivendor.backup.plugins.plugin_utils._report_view import MOST_STALE, escaped, view
from ansible_collections.multivendor.backup.tests.browser.estate import COLLECTED_AT, FILTERS, HOSTILE, estate


def data_of(results):
    data = collect(*results, title="Report", collected_at=COLLECTED_AT, filters=FILTERS)
    return json.loads(json.dumps(data))


def shown(results):
    return view(data_of(results))


def judged(counts, *, complete=True, recent=0):
    """A page of so many resources with each verdict."""
    tasks, resources = estate(sum(counts.values()), calm=True)
    statuses = [status for status, count in counts.items() for _number in range(count)]
    for one, status in zip(resources["resources"], statuses):
        one["freshness"]["status"] = status
    summary = resources["summary"]
    summary["by_freshness"] = {status: counts.get(status, 0) for status in FRESHNESS}
    summary["without_good_backup"] = sum(counts.get(status, 0) for status in ("never", "missed", "unknown"))
    for task in tasks["tasks"][:recent]:
        task["severity"] = "critical"
    tasks["summary"]["by_severity"]["critical"] = recent
    if not complete:
        tasks["complete"] = tasks["sources"][1]["complete"] = False
    return shown((tasks, resources))


@pytest.mark.parametrize(
    ("counts", "level", "headline"),
    [
        ({"met": 3}, "ok", "All 3 measured resources have a good backup"),
        ({"met": 1}, "ok", "The one measured resource has a good backup"),
        ({"met": 1, "not_applicable": 4, "pending": 1}, "ok", "The one measured resource has a good backup"),
        ({"met": 5, "late": 2}, "warning", "2 of 7 resources have a late backup"),
        ({"late": 1}, "warning", "1 of 1 resource has a late backup"),
        ({"met": 5, "late": 1, "unknown": 1}, "unknown", "Nobody can say whether 1 of 7 resources has a good backup"),
        ({"met": 5, "missed": 1}, "critical", "1 of 6 resources has no good backup"),
        ({"met": 1, "never": 1, "missed": 1, "unknown": 9}, "critical", "2 of 12 resources have no good backup"),
        ({}, "unknown", "No resources were found"),
        ({"not_applicable": 2}, "unknown", "Nothing is measured: none of 2 resources has a target and a backup yet"),
        ({"pending": 1}, "unknown", "Nothing is measured: none of 1 resource has a target and a backup yet"),
    ],
)
def test_the_verdict(counts, level, headline):
    verdict = judged(counts)["verdict"]
    assert (verdict["level"], verdict["headline"]) == (level, headline)
    assert verdict["mark"] == text.MARKS[level]


@pytest.mark.parametrize("counts", [{"met": 3}, {"met": 5, "late": 2}, {"met": 2, "missed": 1}, {"pending": 1}, {}])
def test_what_is_incomplete_is_never_good_and_always_told(counts):
    page = judged(counts, complete=False)
    assert page["verdict"]["level"] in ("critical", "unknown")
    assert "1 of 4 systems was not read completely" in page["verdict"]["headline"]
    assert page["verdict"]["complete"] is False
    goods = [part["level"] for part in (page["stale"]["empty"], page["failures"]["empty"], *page["tiles"])]
    assert "ok" not in goods
    assert "No task failed" not in page["verdict"]["detail"]
    figures = {tile["label"]: tile["figure"] for tile in page["tiles"]}
    for label in ("No good backup", "Late", "Tasks", "Failed tasks", "Unknown"):
        assert figures[label].startswith("\u2265 ")
    assert page["failures"]["total"] == "\u2265 0"


def test_recent_failures_are_told_though_all_backups_are_good():
    verdict = judged({"met": 3}, recent=2)["verdict"]
    assert verdict["level"] == "warning"
    assert verdict["headline"].endswith("but 2 tasks failed in the last 24 hours")


def doubted(*, states=0, results=0, failed=0):
    """The results of both modules, all good but so many tasks of unknown state, of unknown result, and that failed."""
    tasks, resources = estate(8, calm=True)
    changes = [{"state": "unknown", "result": None, "severity": None}] * states
    changes += [{"result": "unknown", "severity": "unknown"}] * results
    changes += [{"result": "failed", "severity": "critical"}] * failed
    for task, change in zip(tasks["tasks"], changes):
        task.update(change, protects=False)
    tasks["summary"] = summarize(tasks["tasks"])
    return tasks, resources


@pytest.mark.parametrize(
    ("counts", "headline", "said"),
    [
        ({"states": 1}, "but 1 task is unknown", "Of 1 task nobody can say how it stands or ended"),
        ({"results": 2}, "but 2 tasks are unknown", "Of 2 tasks nobody can say how they stand or ended"),
        ({"states": 1, "results": 2}, "but 3 tasks are unknown", "Of 3 tasks nobody can say how they stand or ended"),
    ],
)
def test_tasks_that_nobody_can_judge_are_never_good_news(counts, headline, said):
    page = shown(doubted(**counts))
    assert page["verdict"]["headline"].endswith(headline)
    assert page["verdict"]["level"] == "unknown"
    assert f"{said}." in page["verdict"]["detail"]
    assert page["failures"]["empty"]["level"] == "unknown"
    assert said in page["failures"]["empty"]["text"]
    assert sum(int(row["unknown"]) for row in page["sources"]) == sum(counts.values())
    told = "".join(markdown_lines(page))
    for text_of_page in (json.dumps(page), told):
        assert "No task failed" not in text_of_page
    assert said in told
    assert "| system | provider | tasks | failed | unknown | resources | read |" in told


def test_failures_and_what_nobody_can_judge_are_both_told():
    verdict = shown(doubted(states=2, failed=1))["verdict"]
    assert verdict["level"] == "warning"
    assert "1 task failed in the period" in verdict["detail"]
    assert "Of 2 tasks nobody can say" in verdict["detail"]


def test_tiles_count_what_the_modules_count():
    tasks, resources = estate(200)
    figures = {tile["label"]: tile["figure"] for tile in shown((tasks, resources))["tiles"]}
    verdicts, severities = resources["summary"]["by_freshness"], tasks["summary"]["by_severity"]
    assert figures["No good backup"] == str(resources["summary"]["without_good_backup"])
    assert figures["Tasks"] == text.number(len(tasks["tasks"]))
    assert figures["Failed tasks"] == str(severities["critical"])
    assert figures["Unknown"] == str(verdicts["unknown"] + severities["unknown"])
    assert figures["Good backup"] == f"{verdicts['met']}/200"


def test_systems_that_were_not_read_are_named_with_what_to_do():
    page = shown(estate(12, dead="hq-veeam"))
    assert page["problems"] == [
        {
            "source": "hq-veeam",
            "messages": ["the time was up"],
            "hints": ["Give the option `deadline` more seconds."],
            "scopes": [],
        }
    ]
    rows = {row["name"]: row for row in page["sources"]}
    assert (rows["hq-veeam"]["level"], rows["hq-veeam"]["word"]) == ("unknown", "Incomplete")
    assert rows["hq-veeam"]["tasks"].startswith("\u2265 ")
    assert rows["yc-prod"]["word"] == "Complete"


def test_the_worst_stand_first_and_those_left_out_are_counted():
    page = shown(estate(400))
    stale = page["stale"]
    ranks = [row["rank"] for row in page["resources"]["rows"]]
    assert ranks == sorted(ranks)
    assert len(stale["rows"]) == MOST_STALE
    assert int(stale["total"]) == MOST_STALE + int(stale["rest"])
    assert len(page["resources"]["rows"]) == 400


def test_groups_of_failures_are_whole_or_the_rest_is_counted():
    tasks, resources = estate(60)
    total = tasks["summary"]["by_severity"]["critical"]
    assert sum(row["times"] for row in shown((tasks, resources))["failures"]["rows"]) == total
    del tasks["summary"]["failures"][2:]

    failures = shown((tasks, resources))["failures"]

    assert sum(row["times"] for row in failures["rows"]) + int(failures["rest"]) == total


def test_all_days_of_the_period_are_shown_also_those_without_a_task():
    tasks, resources = estate(4)
    tasks["summary"]["by_day"] = [row for row in tasks["summary"]["by_day"] if row["date"] != "2026-11-15"]
    bars = shown((tasks, resources))["trend"]["bars"]
    assert [day["date"] for day in bars] == [f"2026-11-{day:02}" for day in range(7, 22)]
    assert bars[8]["total"] == 0
    assert bars[8]["title"] == "15 Nov: no tasks"


def test_tasks_outside_of_the_trend_are_counted():
    tasks, resources = estate(4)
    tasks["summary"]["by_day"].insert(0, {**tasks["summary"]["by_day"][0], "date": "2026-10-01", "total": 7})
    tasks["summary"]["total"] = sum(row["total"] for row in tasks["summary"]["by_day"]) + 2
    trend = shown((tasks, resources))["trend"]
    assert (trend["earlier"], trend["undated"]) == ("7 tasks", "2 tasks")


def test_the_ages_of_what_is_not_measured_have_no_target():
    tasks, resources = estate(1, calm=True)
    resources["resources"][0]["freshness"]["status"] = "not_applicable"
    resources["resources"][0]["protection"] = "unprotected"
    row = shown((tasks, resources))["resources"]["rows"][0]
    assert (row["target"], row["reasons"]) == ("", "in no policy or job")


def test_every_text_is_escaped_at_every_depth():
    told = json.dumps(escaped(shown(estate(20, names=HOSTILE, dead="hq-veeam"))))
    assert "<" not in told
    assert ">" not in told
    assert escaped({"a": ["<", {"b": '"'}], "n": 1.5, "z": None}) == {
        "a": ["&lt;", {"b": "&quot;"}],
        "n": 1.5,
        "z": None,
    }


def test_words_of_the_model_all_have_words_for_people():
    assert {*text.STATUSES} == {*FRESHNESS}
    assert {*text.REASONS} == {*REASONS}
    assert {*text.RESULTS} == {*RESULTS}
    assert {*text.PROTECTIONS} <= {*PROTECTIONS}
    assert {*plots.LETTERS} == {*RESULTS, None}
    assert len({*plots.LETTERS.values()}) == len(plots.LETTERS)


def test_only_success_is_green():
    assert [result for result in (*RESULTS, None, "FOO") if plots.level_of(result) == "ok"] == ["success"]
    assert [status for status, (level, _word) in text.STATUSES.items() if level == "ok"] == ["met"]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        *((0, "0 min"), (1, "1 min"), (3600, "60 min"), (5401, "1.6 h"), (86400, "24 h"), (86401, "24.1 h")),
        *((259200, "3 days"), (86400 * 9.11, "9.2 days"), (86400 * 400, "400 days"), (None, "")),
        (-60, "-1 min"),
    ],
)
def test_ages_are_rounded_up(seconds, told):
    assert text.span(seconds) == told


@pytest.mark.parametrize(
    ("time", "told"),
    [("2026-11-21T07:05:09Z", "21 Nov 2026, 07:05"), (None, ""), ("<b>", "<b>"), ("2026-11-05", "5 Nov 2026, 00:00")],
)
def test_times(time, told):
    assert text.moment(time) == told


def test_turned_text_shows_that_it_is():
    assert text.shown("\u202egnp.exe") == "\ufffdgnp.exe"


def test_a_calendar_is_few_paths_however_many_days():
    days = [{"date": f"2026-11-{day:02}", "result": "failed" if day == 9 else "success"} for day in range(1, 31)]
    row = plots.calendar([*days, {"date": "2026-12-01", "result": None}])
    assert [path["level"] for path in row["paths"]] == ["ok", "critical", "neutral"]
    assert row["letters"] == "ssssssssf" + "s" * 21 + "-"
    assert row["label"] == "1 day without a backup (1 Dec); 1 day failed (9 Nov); 29 days succeeded"
    assert row["units"] == 31 * plots.CELL == row["width"]
    assert plots.calendar(days * 10)["width"] == plots.WIDEST
    assert plots.calendar([])["label"] == "no history"


@pytest.mark.parametrize("highest", [1, 2, 3, 7, 10, 99, 100, 101, 1512, 123456])
def test_bars_fit_below_the_highest_tick(highest):
    row = {"critical": 1, "unknown": 0, "warning": 0, "unfinished": 0, "ok": highest - 1, "total": highest}
    plot = plots.trend([{"date": "2026-11-20", **row}], ["2026-11-20"])
    ticks = [int(tick["label"].replace(",", "")) for tick in plot["axis"]]
    assert ticks[0] == 0
    assert ticks[-1] >= highest
    assert len(ticks) <= 6
    assert len({*ticks}) == len(ticks)
    parts = plot["bars"][0]["parts"]
    assert all(part["height"] >= 2 for part in parts)
    assert parts[0]["kind"] == "critical"
    assert parts[0]["y"] + parts[0]["height"] == pytest.approx(plots.HEIGHT, abs=0.2)
    assert plot["bars"][0]["top"] > 10


@pytest.mark.parametrize(("age", "filled"), [(0, 0), (43200, 25), (86400, 50), (172800, 100), (10**9, 100), (-5, 0)])
def test_a_meter_ends_at_twice_the_target(age, filled):
    freshness = {"age_seconds": age, "target_seconds": 86400.0, "grace_seconds": 21600.0}
    assert plots.meter(freshness) == {"filled": filled, "target": 50.0, "between": 12.5}


def test_no_meter_without_an_age_or_a_target():
    for age, target in ((None, 5.0), (5.0, None)):
        assert plots.meter({"age_seconds": age, "target_seconds": target, "grace_seconds": None}) is None


def test_markdown_is_short_and_holds_no_vendor_text_outside_of_code():
    told = "".join(markdown_lines(shown(estate(400, names=HOSTILE, dead="hq-veeam"))))
    plain = "".join(part for line in told.splitlines(keepends=True) for part in line.split("`")[::2])
    assert all(line.count("`") % 2 == 0 for line in told.splitlines())
    for sign in ("<", "@", "http", "{{", "=HY", "xxxx", "evil"):
        assert sign not in plain
    assert len(told) < 40_000
    assert "25 rows at most" in told
    assert "1 of 4 systems was not read completely" in told


def test_markdown_of_nothing():
    told = "".join(markdown_lines(shown(estate(0))))
    assert "No resources were found" in told
    assert "No task failed in this period." in told
    assert "No resource is measured." in told
    doubtful = "".join(markdown_lines(judged({"met": 2}, complete=False)))
    assert "No task failed" not in doubtful
    assert "Every measured" not in doubtful
