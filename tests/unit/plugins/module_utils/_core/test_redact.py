# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets, in whatever spelling; errors as sentences and as facts."""

from __future__ import annotations

import base64
import json
import re
import threading
from html import escape
from typing import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.multivendor.backup.plugins.module_utils._core.errors import CODES, BackupError, bad_option
from ansible_collections.multivendor.backup.plugins.module_utils._core.redact import MASK, MAX_TEXT, Secrets

SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "url": lambda value: quote(value, safe=""),
    "url in lower case": lambda value: "".join(
        f"%{b:02x}" if chr(b) in "/+&=% " else quote(bytes([b])) for b in value.encode()
    ),
    "url, path": quote,
    "url, form": quote_plus,
    "url twice": lambda value: quote(quote(value, safe=""), safe=""),
    "url form twice": lambda value: quote_plus(quote_plus(value)),
    "every byte": lambda value: "".join(f"%{byte:02X}" for byte in value.encode()),
    "json": lambda value: json.dumps(value)[1:-1],
    "json in utf-8": lambda value: json.dumps(value, ensure_ascii=False)[1:-1],
    "json with slashes": lambda value: json.dumps(value)[1:-1].replace("/", "\\/"),
    "json in json": lambda value: json.dumps(json.dumps(value))[1:-1],
    "html": escape,
    "html in json": lambda value: json.dumps(escape(value))[1:-1],
    "decimal": lambda value: "".join(f"&#{ord(mark)};" for mark in value),
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
    "base64url": lambda value: base64.urlsafe_b64encode(value.encode()).decode(),
}


def in_lower_case(spelled: str) -> str:
    return re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), spelled)


# What is hidden where nothing is decoded: in results and in files.
USUAL: dict[str, Callable[[str], str]] = {
    **{
        name: SPELLINGS[name]
        for name in ("plain", "url", "url, path", "url, form", "url twice", "json", "json in utf-8", "json in json")
    },
    **{name: SPELLINGS[name] for name in ("html", "base64", "base64url")},
    "url in lower case": lambda value: in_lower_case(quote(value, safe="")),
    "url in lower case, twice": lambda value: quote(in_lower_case(quote(value, safe="")), safe=""),
    "unicode escapes": lambda value: "".join(f"\\u{ord(mark):04x}" for mark in value),
    "a header in base64": lambda value: base64.b64encode(f"Bearer {value}".encode()).decode(),
    "user and password in base64": lambda value: base64.b64encode(f"admin:{value}".encode()).decode(),
    "in the midst of base64": lambda value: base64.urlsafe_b64encode(f"me={value}&you=".encode()).decode(),
}
marks = st.one_of(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="*"),
    st.characters(min_codepoint=0xA0, max_codepoint=0x2FF),
)
secret = st.text(marks, min_size=6, max_size=40)


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
@settings(max_examples=40, deadline=None)
@given(value=secret)
def test_no_spelling_of_a_secret_survives(spell: Callable[[str], str], value: str) -> None:
    secrets = Secrets()
    secrets.add("another", value)
    spelled = spell(value)
    shown = secrets.safe(f"before [{spelled}] after")
    assert value not in shown
    assert spelled not in shown
    assert MASK in shown


@pytest.mark.parametrize("spell", USUAL.values(), ids=USUAL)
@settings(max_examples=40, deadline=None)
@given(value=secret)
def test_no_usual_spelling_gets_into_a_result_or_a_file(spell: Callable[[str], str], value: str) -> None:
    secrets = Secrets()
    secrets.add(value)
    spelled = spell(value)
    for shown in (secrets.hide(spelled), secrets.safe(spelled)):
        assert spelled not in shown
        assert MASK in shown
    record = {f"a.{spelled}": [{"name": f"vm {spelled}"}, 1.5, None, True]}
    assert spelled.encode() not in json.dumps(secrets.hide(record), ensure_ascii=False).encode()


def test_only_texts_change() -> None:
    secrets = Secrets()
    secrets.add("1")
    record = {"id": "a1", "size": 11, "share": 1.1, "on": True, "none": None, "1": ["1", 1, {"x": ("1",)}]}
    shown = {"id": f"a{MASK}", "size": 11, "share": 1.1, "on": True, "none": None, MASK: [MASK, 1, {"x": [MASK]}]}
    assert secrets.hide(record) == shown
    secrets.add("state")
    assert secrets.hide({"state": "state", "State": 1, "a.state": 2}) == {"state": MASK, "State": 1, f"a.{MASK}": 2}
    innocent = {"id": "a", "size": 11}
    assert secrets.hide(innocent) is innocent


def test_a_kind_of_text_is_a_text() -> None:
    """Ansible hands options as its own kind of text."""

    class Tagged(str):
        __slots__ = ()

    secrets = Secrets()
    secrets.add("s3cr3t")
    assert secrets.hide({"since": Tagged("s3cr3t")}) == {"since": MASK}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
def test_what_is_no_secret_is_left(spell: Callable[[str], str]) -> None:
    secrets = Secrets()
    secrets.add("s3cr3t/+&")
    text = spell("an innocent/+& text")
    assert secrets.mask(f"before {text} after") == f"before {text} after"


def test_longer_secrets_first() -> None:
    secrets = Secrets()
    secrets.add("abc", "abcdef")
    assert secrets.mask("abcdef abc") == f"{MASK} {MASK}"


def test_two_kinds() -> None:
    secrets = Secrets()
    secrets.add("hidden1", None, "")
    secrets.add_quiet("quiet1", None, "")
    assert secrets.mask("hidden1 quiet1") == f"{MASK} {MASK}"
    assert secrets.hidden() == {"hidden1"}
    assert secrets.hide("hidden1 quiet1") == f"{MASK} quiet1"
    assert Secrets().mask("nothing to hide") == "nothing to hide"


def test_secrets_may_be_added_while_texts_are_masked() -> None:
    secrets = Secrets()
    done = threading.Event()

    def add() -> None:
        for number in range(300):
            secrets.add(f"secret-{number}")
        done.set()

    threading.Thread(target=add, daemon=True).start()
    while not done.is_set():
        secrets.mask("secret-1")
    assert secrets.mask("secret-299") == MASK


@pytest.mark.parametrize(
    "spelled",
    [
        lambda value: value.replace('"', '""'),  # in a table
        lambda value: json.dumps(value, ensure_ascii=False),
        json.dumps,
    ],
)
def test_secrets_are_hidden_as_files_spell_them(spelled) -> None:
    secret = 'p\u00e4"word\\'
    secrets = Secrets()
    secrets.add(secret)
    assert "word" not in secrets.hide(spelled(secret))


LINES = ("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "BKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj")
KEY = "\n".join(("-----BEGIN PRIVATE KEY-----", *LINES, "-----END PRIVATE KEY-----", ""))


def test_keys_are_hidden_line_by_line() -> None:
    secrets = Secrets()
    secrets.add(KEY)
    for spelled in (KEY, json.dumps(KEY), KEY.replace("\n", "\\n"), "cut: " + KEY[28:61], KEY.replace("\n", "\r\n")):
        shown = secrets.safe(spelled)
        assert not any(line[:20] in shown for line in LINES)


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abcdefgh12345678",
        "basic dXNlcjpwYXNzd29yZA==",
        "token eyJhbGciOiJQUzI1NiJ9.eyJpc3MiOiJhIn0.c2lnbmF0dXJl",
        "t1.9euelZqVmJ.abcdefghijklmnop",
        "y0_AgAAAAABBBBBBBBBBBBBBBBBBBB",
        "https://user:abcdefgh@host/path",
        "?AccessKeyId=abcdefgh12&Signature=abcdefgh34%3D&x=1",
        "Signature%3Dabcdefgh%26x",
        "Signature%253Dabcdefgh%2526x",
        '{"password": "abcdefgh"}',
        "{'password': 'abcdefgh'}",
        "access_key_secret=abcdefgh security_token: abcdefgh session-token=abcdefgh api_key='abcdefgh'",
        "-----BEGIN RSA PRIVATE KEY-----\nabcdefgh",
    ],
)
def test_what_looks_like_a_secret_is_hidden_whoever_put_it_there(text: str) -> None:
    shown = Secrets().safe(text)
    assert MASK in shown
    for part in ("abcdefgh", "dXNlcjpwYXNzd29yZA", "c2lnbmF0dXJl", "BBBBBBBB"):
        assert part not in shown


@pytest.mark.parametrize(
    "text",
    [
        "Task b2a5 of instance epd4 failed at 2026-11-21T06:00:00Z",
        "no such folder: b1gxxxxxxxxxxxx",
        "Token has expired",
        "the server redirects to https://login.example.com",
        "InvalidParameter: PageNumber is out of range (1-100)",
        "The user DOMAIN\\svc has no role",
    ],
)
def test_plain_words_are_left(text: str) -> None:
    assert Secrets().safe(text) == text


def test_texts_are_made_fit_for_one_line() -> None:
    safe = Secrets().safe
    assert safe("a\nb\tc\r\n  d") == "a b c d"
    assert safe("a\x1b[31;1mb\x1b[0m\x00\x07\u202e\u200b\ufeffc\ud800") == "a b c"
    assert safe(None) == "None"
    assert safe({"a": [1]}) == "{'a': [1]}"
    long = safe("x" * 5000)
    assert len(long) == MAX_TEXT
    assert long.endswith("…")


def test_no_secret_is_cut_in_half() -> None:
    secrets = Secrets()
    secrets.add("s3cr3t-" * 10)
    for before in range(MAX_TEXT - 80, MAX_TEXT + 5):
        assert "s3cr" not in secrets.safe("x" * before + "s3cr3t-" * 10)


@pytest.mark.parametrize(
    "piece", ["eyJ-", "t1.", "://a", "basic ", "signature", "%25", "\\u0041", "&amp;", "-----BEGIN PRIVATE KEY-----"]
)
def test_no_text_takes_long(piece: str) -> None:
    secrets = Secrets()
    secrets.add("s3cr3t" * 20)
    done = threading.Event()

    def work() -> None:
        secrets.safe(piece * 50_000)
        done.set()

    threading.Thread(target=work, daemon=True).start()
    assert done.wait(8)


# Errors


def test_an_error_is_a_sentence() -> None:
    error = BackupError(
        "forbidden",
        "no role.",
        doing="list the tasks",
        http_status=403,
        provider_code="Denied",
        request_id="r-1",
        hint="Grant O(folder_id) to it (see O(api_url)).",
    )
    assert str(error) == (
        "Could not list the tasks: 403 Denied: no role (request id r-1). Grant `folder_id` to it (see `api_url`)."
    )
    assert str(BackupError("deadline", "too late")) == "too late. Raise `deadline`, or narrow what is read."


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_hint_in_plain_words(code: str) -> None:
    error = BackupError(code, "x")
    assert error.hint
    for shown in (str(error), error.facts()["hint"]):
        assert "O(" not in shown
        assert shown.count("(") == shown.count(")")
        assert shown.count("`") % 2 == 0


def test_facts_are_always_the_same_keys() -> None:
    keys = ["code", "provider_code", "provider", "source", "http_status", "message", "request_id", "hint"]
    assert list(BackupError("tls", "x").facts()) == keys


def test_unknown_codes_are_a_defect() -> None:
    with pytest.raises(KeyError):
        raise BackupError("oops", "x")


def test_bad_options_name_the_option() -> None:
    error = bad_option("page_size", "0 is out of bounds", "Give a number from 1 to 9.")
    assert str(error) == "option `page_size`: 0 is out of bounds. Give a number from 1 to 9."
