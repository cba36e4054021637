# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records lose nothing, JSON and XML let nothing in that cannot be printed again."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import missing_library
from ansible_collections.multivendor.backup.plugins.module_utils._core.json import read_json
from ansible_collections.multivendor.backup.plugins.module_utils._core.records import (
    Shape,
    flag,
    integer,
    number,
    snake,
    text,
    time,
    word,
)
from ansible_collections.multivendor.backup.plugins.module_utils._core.xml import read_xml

FIELDS = {
    "id": text,
    "progressPercent": integer,
    "speed": number,
    "isOn": flag,
    "createdAt": time,
    "inner": Shape({"id": text, "deep": Shape({"count": integer})}),
}
SHAPE = Shape(FIELDS)
BLIND = Shape({**FIELDS, "inner": Shape({"id": text}, ignore_case=True)}, ignore_case=True, derived={"kind": None})

names = st.text("aI._é", max_size=3)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=8)
)
values = st.recursive(
    scalars, lambda one: st.lists(one, max_size=2) | st.dictionaries(names, one, max_size=2), max_leaves=4
)
keys = st.one_of(st.sampled_from([*FIELDS, "ID", "Id", "INNER", "inner.id", "unknown", "kind"]), names)
natives = st.dictionaries(
    keys, st.one_of(values, st.dictionaries(st.sampled_from(["id", "ID", "deep", "x"]), values, max_size=3)), max_size=5
)


@pytest.mark.parametrize(
    ("native", "ours"),
    [
        ("computeInstanceId", "compute_instance_id"),
        ("CreationTimeUTC", "creation_time_utc"),
        ("DBName", "db_name"),
        ("UID", "uid"),
        ("Type", "type"),
        ("_etag", "etag"),
        ("_links", "links"),
        ("created_timestamp", "created_timestamp"),
        ("TotalRecords", "total_records"),
        ("isAScheduledJob", "is_a_scheduled_job"),
        ("x-request-id", "x_request_id"),
        ("VmDisplayName", "vm_display_name"),
        ("IPv4Address2", "i_pv4_address2"),
        ("", ""),
    ],
)
def test_names(native: str, ours: str) -> None:
    assert snake(native) == ours


def test_a_record() -> None:
    native = {
        "id": 7,
        "progressPercent": "50",
        "speed": "1.5",
        "isOn": "True",
        "createdAt": "2026-11-21T08:00:00+02:00",
        "inner": {"id": "a", "deep": {"count": 3, "more": [1]}},
        "tag": None,
    }
    assert SHAPE.read(native) == {
        "id": "7",
        "progress_percent": 50,
        "speed": 1.5,
        "is_on": True,
        "created_at": "2026-11-21T06:00:00Z",
        "inner": {"id": "a", "deep": {"count": 3}},
        "additional_fields": {"inner.deep.more": [1], "tag": None},
    }


def test_documented_fields_are_always_there() -> None:
    empty = {"id": None, "deep": {"count": None}}
    for native in ({}, {"inner": None}, {"inner": {}}, {"inner": {"deep": None}}):
        record = SHAPE.read(native)
        assert record["inner"] == empty
        assert set(record) == {*SHAPE.names, "additional_fields"}
    assert SHAPE.read({})["inner"] is not SHAPE.read({})["inner"]
    assert BLIND.read({})["kind"] is None


@pytest.mark.parametrize("native", [None, 1, "x", [], [{}]])
def test_no_object_is_no_record(native: Any) -> None:
    with pytest.raises(ValueError, match="no object"):
        SHAPE.read(native)


@pytest.mark.parametrize("key", ["progressPercent", "speed", "isOn", "createdAt", "inner"])
@pytest.mark.parametrize(
    "value", [[], [1], [{"a": {"b": 1}}], "soon", "1_000", "nan", "-Infinity", 10**400, "9" * 5000]
)
def test_what_has_the_wrong_type_stands_aside_as_it_came(key: str, value: Any) -> None:
    if key == "progressPercent" and value == 10**400:
        assert SHAPE.read({key: value})["progress_percent"] == value
        return
    record = SHAPE.read({key: value})
    assert record["additional_fields"] == {key: value}
    assert record[snake(key)] in (None, {"id": None, "deep": {"count": None}})


@pytest.mark.parametrize("convert", [text, word, integer, number, flag, time])
@pytest.mark.parametrize("value", ["x", "7", "", "true", "2026-11-20T01:00:00Z", 7, 0, 1.5, True, False, None, [], {}])
def test_a_field_is_what_its_converter_makes_of_it(convert: Any, value: Any) -> None:
    try:
        expected, aside = convert(value), {}
    except ValueError:
        expected, aside = None, {"a": value}
    record = Shape({"a": convert}).read({"a": value})
    assert record == {"a": expected, "additional_fields": aside}
    assert isinstance(record["a"], type(expected))


@pytest.mark.parametrize("native", [{}, {"Tags": None}, {"Tags": "none"}])
def test_a_list_is_empty_where_other_fields_are_null(native: dict[str, Any]) -> None:
    def tags(value: Any) -> list[str]:
        if not isinstance(value, list):
            raise ValueError("no list")
        return value

    shape = Shape({"Tags": tags, "In": Shape({"Tags": tags}, lists=("tags",))}, lists=("tags",))
    record = shape.read(native)
    assert (record["tags"], record["in"]) == ([], {"tags": []})
    assert record["tags"] is not shape.read(native)["tags"]
    assert record["additional_fields"] == {key: value for key, value in native.items() if value}


def test_words_are_kept_once() -> None:
    shape = Shape({"Job": word})
    jobs = [shape.read(read_json(b'{"Job": "Web farm, daily"}'))["job"] for _turn in range(2)]
    assert jobs[0] is jobs[1]


def test_a_lean_record_has_what_its_readers_look_at_and_nothing_else() -> None:
    whole = Shape({"Id": text, "In": Shape({"A": text}), "Links": text}, ignore_case=True, derived={"kind": None})
    lean = whole.only("id", "in", "kind")
    assert lean.names == ("id", "in", "kind")
    for native in ({"Id": "1", "Links": "x", "More": 2}, {"id": "1", "links": ["no text"], "LINKS": {}, "More": 2}):
        assert lean.read(native) == {"id": "1", "in": {"a": None}, "kind": None}
    assert whole.only("links").read({"Id": 1, "LINKS": "x", "In": []}) == {"links": "x"}
    assert whole.read({"Id": "1", "Links": "x"})["links"] == "x"
    with pytest.raises(KeyError):
        whole.only("lniks")


def test_two_spellings_of_one_name_are_both_kept() -> None:
    record = BLIND.read({"ID": "a", "Id": "b", "id": "c", "INNER": {"ID": 1, "id": 2}})
    assert (record["id"], record["inner"]["id"]) == ("a", "1")
    assert record["additional_fields"] == {"Id": "b", "id": "c", "INNER.id": 2}
    assert BLIND.read({"ID": None, "Id": "b"})["id"] == "b"


def test_paths_that_collide_are_both_kept() -> None:
    record = SHAPE.read({"inner.tag": 1, "inner": {"tag": 2}})
    assert sorted(record["additional_fields"].values()) == [1, 2]


def test_what_could_not_be_printed_is_refused() -> None:
    deep: Any = 1
    for _level in range(100):
        deep = {"a": [deep]}
    for native in ({"x": deep}, {"inner": {"x": deep}}, {"id": deep}):
        with pytest.raises(ValueError, match="nested"):
            SHAPE.read(native)


def leaves(native: Any) -> list[Any]:
    """Each value of an object that cannot be empty-handed: what a reader must find again."""
    found = []
    for key, value in native.items():
        if key.lower() == "inner" and isinstance(value, dict):
            found += value.values()
        elif value not in (None, ""):
            found.append(value)
    return [value for value in found if value not in (None, "", {}, []) and not isinstance(value, dict)]


def flat(value: Any) -> list[Any]:
    return (
        [value, *(deeper for inner in value.values() for deeper in flat(inner))] if isinstance(value, dict) else [value]
    )


@settings(max_examples=100, deadline=None)
@given(natives, st.sampled_from([SHAPE, BLIND]))
def test_no_value_is_lost(native: dict[str, Any], shape: Shape) -> None:
    record = shape.read(native)
    assert set(record) == {*shape.names, "additional_fields"}
    kept = flat(record)
    texts = {str(value).lower() for value in kept}
    for value in leaves(native):
        as_number = float(value) if isinstance(value, (int, float)) and abs(value) < 2**1023 else value
        known = value in kept or str(value).lower() in texts or as_number in kept
        assert known or converted(value) in kept, (value, record)
    json.dumps(record)


def converted(value: Any) -> Any:
    for convert in (integer, number, flag, time):
        try:
            return convert(value)
        except (ValueError, TypeError, OverflowError):
            continue
    return None


def test_texts() -> None:
    assert [text(value) for value in (None, "", "a", 5, 1.5)] == [None, "", "a", "5", "1.5"]
    for bad in (True, [], {}):
        with pytest.raises(ValueError, match="no text"):
            text(bad)


def test_truth() -> None:
    assert [flag(value) for value in (None, "", True, False, "true", "FALSE")] == [None, None, True, False, True, False]
    for bad in (0, 1, "yes", [], {}):
        with pytest.raises(ValueError, match="no truth value"):
            flag(bad)


def test_numbers() -> None:
    assert [integer(value) for value in (None, "", 0, "-5", " 7 ")] == [None, None, 0, -5, 7]
    assert [number(value) for value in (None, "", 0, "-5.5", "1e3")] == [None, None, 0.0, -5.5, 1000.0]
    for bad in (True, 1.5, "1.5", "0x10", "1_0", []):
        with pytest.raises(ValueError, match="no whole number"):
            integer(bad)


# JSON


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a": [1, 2.5, true, null]}', {"a": [1, 2.5, True, None]}),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        ('"äöü€😀"'.encode(), "äöü€😀"),
        (rb'"\ud83d\ude00"', "😀"),
        (rb'"\uD83D\uDE00"', "😀"),
        (rb'"a\ud800b"', "a\ufffdb"),
        (rb'"a\udc00"', "a\ufffd"),
        (rb'{"\ud800": ["\ud800", {"x": 1}]}', {"\ufffd": ["\ufffd", {"x": 1}]}),
        (b'{"a": 1, "a": 2}', {"a": 2}),
        (b" [] \r\n", []),
        (b"1e300", 1e300),
        (b"123456789012345678901234567890", 123456789012345678901234567890),
    ],
)
def test_good_json(body: bytes, value: Any) -> None:
    assert read_json(body) == value


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b" ", b"{", b"<html>", b"{'a': 1}", b"[1,]", b'{"a": 1} x', b"{} {}", b"\xff\xfe{\0}\0", b'"\xff"'),
        *(b"NaN", b"[Infinity]", b'{"a": -Infinity}', b"1e999", b"-1e999", b'"\xed\xa0\x80"', b"1" * 5000),
        *(b"[" * 100_000, b'{"a":' * 100_000, b"[" * 100_000 + b"]" * 100_000, b'"a\nb"'),
        b"[" * 700 + rb'"\ud800"' + b"]" * 700,
    ],
)
def test_bad_json(body: bytes) -> None:
    try:
        value = read_json(body)
    except ValueError:
        return
    assert body[:3] == b"[[["  # some Pythons nest deeper than others: what they read they must print
    assert len(json.dumps(value)) > 1400


any_text = st.text(st.characters(), max_size=5)


@settings(max_examples=100, deadline=None)
@given(st.recursive(scalars | any_text, lambda one: st.lists(one) | st.dictionaries(any_text, one), max_leaves=5))
def test_what_is_read_can_be_printed(value: Any) -> None:
    read = read_json(json.dumps(value).encode())
    json.dumps(read, ensure_ascii=False).encode()
    if "\\ud" not in json.dumps(value):
        assert read == value


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=40))
def test_anything_is_read_or_refused(body: bytes) -> None:
    try:
        value = read_json(body)
    except ValueError:
        return
    assert not isinstance(value, float) or math.isfinite(value)


# XML


def test_good_xml() -> None:
    body = (
        b'\xef\xbb\xbf\r\n<?xml version="1.0" encoding="utf-8"?>\n<v:Tasks xmlns:v="http://x" Count="2">'
        b"<Task Id='1'><State>Done &amp; dusted</State><Empty/></Task></v:Tasks>"
    )
    content = read_xml(body, lists=("Task",))["Tasks"]
    assert content["Count"] == "2"
    assert content["Task"] == [{"Id": "1", "State": "Done & dusted", "Empty": None}]
    assert read_xml(b"<a/>") == {"a": None}
    assert read_xml(b"<a><Task>1</Task><Task>2</Task></a>") == {"a": {"Task": ["1", "2"]}}


LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))


@pytest.mark.parametrize(
    "body",
    [
        *(
            b"",
            b" ",
            b"<a>",
            b"<a></b>",
            b"text",
            b'{"a": 1}',
            b"<a>&nbsp;</a>",
            b"<a/><b/>",
            b"<a>\x00</a>",
            b"<a b=1/>",
        ),
        b'<!DOCTYPE a [<!ENTITY x "boo">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY x "boo">]><a b="&x;"/>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a b="&l9;">&l9;</a>'.encode(),
        '<!DOCTYPE a [<!ENTITY x "boo">]><a>&x;</a>'.encode("utf-16"),
        b"\xff" * 10,
    ],
)
def test_bad_xml(body: bytes) -> None:
    with pytest.raises(ValueError, match="no"):
        read_xml(body)


def test_deep_xml_ends() -> None:
    body = b"<a>" * 50_000 + b"</a>" * 50_000
    with pytest.raises(ValueError, match="nested"):
        Shape({}).read(read_xml(body)["a"])


def test_a_missing_library_says_where() -> None:
    error = missing_library("xmltodict")
    assert error.code == "missing_library"
    assert "xmltodict is not installed for" in str(error)
    assert "pip install xmltodict" in error.hint
