# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times: whatever an API or a person writes means one moment, or is refused."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.multivendor.backup.plugins.module_utils._core import times
from ansible_collections.multivendor.backup.plugins.module_utils._core.selection import both, created_within, matching

UTC = timezone.utc
zones = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(min_value=datetime(2, 1, 2), max_value=datetime(9999, 12, 30), timezones=zones).filter(
    lambda moment: not times.NEVER & {time.isoformat()[:19] for time in (moment, moment.astimezone(UTC))}
)


@settings(max_examples=200, deadline=None)
@given(moments)
def test_round_trip(moment: datetime) -> None:
    written = moment.isoformat()
    assert times.parse(written) == moment
    canonical = times.utc(written)
    assert canonical is not None
    assert canonical.endswith("Z")
    assert times.utc(canonical) == canonical
    assert times.parse(canonical) == moment
    assert times.parse(times.rfc3339(moment)) == moment.astimezone(UTC).replace(microsecond=0)


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 9999), st.integers(1, 12), st.integers(1, 31))
def test_the_calendar_is_the_calendar(year: int, month: int, day: int) -> None:
    written = f"{year:04}-{month:02}-{day:02}T12:00:00Z"
    try:
        datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        with pytest.raises(ValueError, match=r"day|time"):
            times.utc(written)
    else:
        assert times.utc(written) == written


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=30)
    | st.from_regex(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{0,10})?(Z|[+-]\d\d:?\d\d)?", fullmatch=True)
)
def test_anything_is_a_time_or_refused(written: str) -> None:
    try:
        canonical = times.utc(written)
    except ValueError:
        return
    if canonical is not None:
        times.parse(canonical)
        times.rfc3339(times.parse(canonical))


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("2026-11-21T06:00:00Z", "2026-11-21T06:00:00Z"),
        ("2026-11-21T06:00:00.5Z", "2026-11-21T06:00:00.5Z"),
        ("2026-11-21T06:00:00.123Z", "2026-11-21T06:00:00.123Z"),
        ("2026-11-21T06:00:00.123456Z", "2026-11-21T06:00:00.123456Z"),
        ("2026-11-21T06:00:00.1234567Z", "2026-11-21T06:00:00.1234567Z"),
        ("2026-11-21T06:00:00.123456789Z", "2026-11-21T06:00:00.123456789Z"),
        ("2026-11-21T06:00:00", "2026-11-21T06:00:00Z"),
        ("2026-11-21 06:00:00", "2026-11-21T06:00:00Z"),
        ("2026-11-21t06:00:00z", "2026-11-21T06:00:00Z"),
        ("2026-11-21T06:00:00,25Z", "2026-11-21T06:00:00.25Z"),
        ("2026-11-21T06:00:00+00:00", "2026-11-21T06:00:00Z"),
        ("2026-11-21T06:00:00.250+0530", "2026-11-21T00:30:00.250Z"),
        ("2026-11-21T06:00:00 -08:00", "2026-11-21T14:00:00Z"),
        ("2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00Z"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"),
        ("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999Z"),
        ("0999-01-01T00:00:00Z", "0999-01-01T00:00:00Z"),
        (None, None),
        ("", None),
        ("0001-01-01T00:00:00", None),
        ("0001-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00.0000000Z", None),
        ("0001-01-01T00:00:00+03:00", None),
        ("0001-01-01T00:00:00-05:00", None),
        ("1753-01-01T00:00:00Z", None),
        ("1753-01-01T00:00:00.000+02:00", None),
        ("1970-01-01T00:00:00Z", None),
        ("1970-01-01T03:00:00+03:00", None),
        ("1970-01-01T00:00:01Z", "1970-01-01T00:00:01Z"),
    ],
)
def test_times_of_apis(written: Any, canonical: Any) -> None:
    assert times.utc(written) == canonical


@pytest.mark.parametrize(
    "written",
    [
        *("now", "2026-11-21", "06:00:00", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-11-31T00:00:00Z"),
        *("2026-02-29T00:00:00Z", "2026-02-30T00:00:00+01:00", "0000-01-01T00:00:00Z", "2026-11-21T24:00:00Z"),
        *("2016-12-31T23:59:60Z", "2026-11-21T06:00Z", "2026-11-21T06:00:00.Z", "2026-11-21T06:00:00.1234567890Z"),
        *("2026-11-21T06:00:00+24:00", "2026-11-21T06:00:00+5", "2026-11-21T06:00:00Z\n", " 2026-11-21T06:00:00Z"),
        *("٢٠٢٦-11-21T06:00:00Z", "9999-12-31T23:59:59-01:00", "0001-01-01T00:00:01+01:00", "x" * 100_000),
        *(0, 1_800_000_000, 1.5, True, [], {}),
    ],
)
def test_what_is_no_time(written: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        times.utc(written)


def test_never_is_no_moment() -> None:
    for written in ("0001-01-01T00:00:00Z", ""):
        with pytest.raises(ValueError, match="no time"):
            times.parse(written)


def test_writing() -> None:
    assert times.rfc3339(0) == "1970-01-01T00:00:00Z"
    assert times.rfc3339(1_800_000_000.99) == "2027-01-15T08:00:00Z"
    assert times.rfc3339(datetime(999, 1, 1, tzinfo=UTC)) == "0999-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("0s", 0), ("45m", 2700), ("24h", 86400), (" 7d ", 604800), ("2w", 1209600), ("36 h", 129600), ("007s", 7)],
)
def test_ages(written: str, seconds: int) -> None:
    assert times.moment(written, 1_800_000_000).timestamp() == 1_800_000_000 - seconds


@pytest.mark.parametrize(
    "written", ["", "h", "24", "-1h", "1.5h", "24H", "1h30m", "999999999w", "99999999d", "٣h", "1y"]
)
def test_no_ages(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        times.moment(written, 1_800_000_000)


def test_a_moment_may_be_written_out() -> None:
    assert times.moment(" 2026-11-21T06:00:00+01:00 ", 0) == datetime(2026, 11, 21, 5, tzinfo=UTC)


# Selection


def test_created_within() -> None:
    since, until = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    stamps = {
        "2025-12-31T23:59:59.999999999Z": False,
        "2026-01-01T00:00:00Z": True,
        "2026-01-01T23:59:59.999Z": True,
        "2026-01-02T00:00:00Z": False,
        None: True,
        "": True,
        "soon": True,
    }
    keep = created_within("at", since, until)
    assert {stamp: keep({"at": stamp}) for stamp in stamps} == stamps
    assert all(created_within("at", None, None)({"at": stamp}) for stamp in stamps)
    assert created_within("at", since, None)({"at": "2027-01-01T00:00:00Z"})
    assert not created_within("at", None, until)({"at": "2027-01-01T00:00:00Z"})


def test_matching() -> None:
    keep = matching({"state": ["a", "b"], "kind": None, "type": []})
    assert [keep({"state": state}) for state in ("a", "b", "c", None)] == [True, True, False, False]
    assert matching({})({})
    assert [both(keep, lambda record: record["n"] > 1)({"state": "a", "n": n}) for n in (1, 2)] == [False, True]
