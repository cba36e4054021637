# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CSV: what spreadsheets must not run, what programs must read back, and what stands above the head."""

from __future__ import annotations

import csv
import io

import pytest

from ansible_collections.multivendor.backup.plugins.module_utils._formats.about import About
from ansible_collections.multivendor.backup.plugins.module_utils._formats.csv import (
    RESOURCE_COLUMNS,
    TASK_COLUMNS,
    csv_lines,
    defused,
)
from ansible_collections.multivendor.backup.plugins.module_utils._model.resource import FIELDS as RESOURCE_FIELDS
from ansible_collections.multivendor.backup.plugins.module_utils._model.resource import new_resource
from ansible_collections.multivendor.backup.plugins.module_utils._model.task import FIELDS as TASK_FIELDS
from ansible_collections.multivendor.backup.plugins.module_utils._model.task import new_task


def about(kind="tasks", **known):
    facts = {
        "collected_at": "2026-11-21T07:00:00Z",
        "since": "2026-11-20T07:00:00Z",
        "until": None,
        "complete": True,
        "matched": 1,
        "filters": {},
        "sources": [],
        "errors": [],
    }
    return About(kind, **{**facts, **known})


def read(text):
    """The preamble, and the rows below the head as a program reads them."""
    lines = text.splitlines(keepends=True)
    above = [line for line in lines if line.startswith("# ")]
    return above, list(csv.DictReader(io.StringIO("".join(lines[len(above) :]), newline="")))


def test_a_task_keeps_all_it_has():
    thing = {"id": "vol-1", "name": 'db, "main"\nsecond line', "type": "volume", "native_type": "aws_ebs_volume"}
    task = new_task(
        "clumio",
        "clumio-us",
        "7",
        state="finished",
        result="success",
        level="item",
        operation="backup",
        progress_percent=99.5,
        resource=thing,
        related=[{"rel": "Up", "type": "x", "id": "j-1", "name": None}],
        notes=["a", "b"],
    )

    _above, [row] = read("".join(csv_lines([task], about())))

    assert list(row) == list(TASK_COLUMNS)
    assert row["uid"] == "clumio:clumio-us::7"
    assert (row["resource_name"], row["resource_id"]) == ('db, "main"\nsecond line', "vol-1")
    assert (row["protects"], row["progress_percent"], row["message"]) == ("true", "99.5", "")
    assert (row["related"], row["notes"]) == ("j-1", "a; b")
    assert row["job_id"] == ""


def test_a_resource_shows_its_verdict_and_its_volatile_columns_last():
    freshness = {"status": "missed", "target_seconds": 86400.0, "grace_seconds": 0.0, "age_seconds": 90000.5}
    freshness["evaluated_at"] = "2026-11-21T07:00:00Z"
    resource = new_resource("veeam", "hq", "vm-1", freshness=freshness, policies=[{"id": "p", "name": None}])

    _above, [row] = read("".join(csv_lines([resource], about("resources"))))

    assert list(row) == list(RESOURCE_COLUMNS)
    assert list(row)[-2:] == ["age_seconds", "evaluated_at"]
    assert (row["freshness"], row["age_seconds"], row["policies"]) == ("missed", "90000.5", "p")


def test_every_field_of_the_model_has_a_column():
    for columns, fields, elsewhere in (
        (TASK_COLUMNS, TASK_FIELDS, set()),
        (RESOURCE_COLUMNS, RESOURCE_FIELDS, {"days"}),
    ):
        assert {path.partition(".")[0] for path in columns.values()} == {*fields} - elsewhere


def test_chosen_columns_alone():
    text = "".join(csv_lines([{"uid": "u", "name": "n"}], about("resources"), columns={"who": "name"}))
    assert text.endswith("who\nn\n")


def test_records_are_taken_one_by_one():
    def endless():
        while True:
            yield {"uid": "u"}

    lines = csv_lines(endless(), about(), columns={"uid": "uid"})
    assert [line for line, _number in zip(lines, range(9))][-2:] == ["u\n", "u\n"]


@pytest.mark.parametrize("sign", "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212")
@pytest.mark.parametrize("before", ["", " ", "\u00a0 ", "\u3000", "\ufeff", "\u200b", "\0", "\r\n "])
def test_what_a_spreadsheet_would_run_is_text(sign, before):
    name = f"{before}{sign}HYPERLINK(1)"

    _above, [row] = read("".join(csv_lines([{"uid": name}], about(), columns={"uid": "uid"})))

    assert row["uid"][0] == "'"
    assert row["uid"].endswith(f"{sign}HYPERLINK(1)")


@pytest.mark.parametrize("text", ["\tx", "\rx", "\nx"])
def test_nor_does_a_cell_begin_with_what_moves_it(text):
    _above, [row] = read("".join(csv_lines([{"uid": text}], about(), columns={"uid": "uid"})))
    assert row["uid"][0] == "'"


@pytest.mark.parametrize("text", ["a;=1+1", "a;  @x", "a\t=1+1", "a\n=1+1", "a\r-1", "a\r\n+1"])
def test_what_becomes_a_cell_elsewhere_is_text_there(text):
    told = defused(text.replace("\r\n", "\n").replace("\r", "\n"))
    assert "'" in told[1:]


@pytest.mark.parametrize("text", ["db-1", "a@b.example", "2026-11-21T07:00:00Z", "x = y", "a; b", "Grüße", "日本", ""])
def test_what_is_harmless_stays_as_it_is(text):
    assert defused(text) == text


@pytest.mark.parametrize(("value", "cell"), [(-5, "-5"), (-0.5, "-0.5"), (True, "true"), (None, ""), (0, "0")])
def test_our_own_numbers_are_no_formulas(value, cell):
    text = "".join(csv_lines([{"n": value, "x": 1}], about(), columns={"n": "n", "x": "x"}))
    assert text.endswith(f"{cell},1\n")


def test_what_cannot_be_written_is_replaced():
    text = "".join(csv_lines([{"uid": "a\0b\ud800c\x1bd"}], about(), columns={"uid": "uid"}))
    assert text.encode().decode().endswith("uid\na\ufffdb\ufffdc\ufffdd\n")


def test_long_text_takes_no_longer_than_it_must():
    for text in ("\n" * 1_000_000, ";" * 1_000_000, " " * 1_000_000, "=" * 1_000_000):
        assert len(defused(text)) >= len(text)


def test_the_lines_above_the_head_say_what_it_is():
    lines, rows = read(
        "".join(
            csv_lines(
                [],
                about(
                    complete=False,
                    filters={"since": "24h", "results": ["failed", "partial"]},
                    sources=[
                        {"name": "a", "provider": "clumio", "complete": True, "incomplete_reason": None},
                        {"name": "b", "provider": "veeam", "complete": False, "incomplete_reason": "deadline"},
                    ],
                    errors=[{"source": "b", "code": "deadline", "message": "too\nslow,=cmd()\u202e"}],
                ),
            )
        )
    )

    assert not rows
    assert "".join(lines) == (
        "# kind: tasks\n# collected_at: 2026-11-21T07:00:00Z\n# since: 2026-11-20T07:00:00Z\n# until: \n"
        "# complete: false\n# matched: 1\n# filter since: 24h\n# filter results: failed; partial\n"
        "# incomplete source: b (veeam): deadline\n# error: b: deadline: too slow,'=cmd()\n"
    )


def test_facts_are_plain_data_in_order():
    facts = about(filters={"rpo": "24h"}).facts()
    assert list(facts)[:3] == ["kind", "collected_at", "since"]
    assert facts["filters"] == {"rpo": "24h"}
