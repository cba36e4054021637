# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Secrets: which values must never be seen, and how they are taken out of a text."""

from __future__ import annotations

import base64
import json
import marshal
import re
import threading
from collections.abc import Iterator
from html import escape, unescape
from typing import Any
from urllib.parse import quote, quote_plus, unquote

MASK = "********"
MAX_TEXT = 600
# Less of a value in base64 is no sign of it, and stands in many words.
_SHORTEST_BASE64 = 4

# What is secret by its look, whoever put it there: servers echo requests, signatures included.
_SECRET_LOOKS = (
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL), MASK),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}"), r"\1 " + MASK),
    (re.compile(r"(?<![\w-])eyJ[\w-]+\.[\w-]+\.?[\w-]*"), MASK),
    (re.compile(r"(?<![\w-])t1\.[\w-]+\.[\w-]+"), MASK),
    (re.compile(r"\by[0-3]_[\w-]{20,}"), MASK),
    (
        re.compile(
            r"(?i)(signature|access_?key_?id|api_?key|session_?id|token|password|secret)"
            r"([\"']?\s*(?:[=:]|%3d|%253d)\s*[\"']?)[^&\s\"',;<]+?(?=%26|%2526|[&\s\"',;<]|\Z)"
        ),
        r"\1\2" + MASK,
    ),
    (re.compile(r"(://)[^/@\s]+@"), r"\1" + MASK + "@"),
)
_UNSEEN = re.compile(
    r"\x1b\[[0-9;?]*[ -/]*[@-~]"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]"
)
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")
_URL_SAFE = str.maketrans("+/", "-_")
_FIELD = re.compile("[a-z_]+")
_PERCENT = re.compile(r"%[0-9A-F]{2}")


class Secrets:
    """The secret values of one source. Values may be added at any time and from any thread.

    Two kinds: `add` for what nobody may ever see, also not in a result (passwords, tokens, keys); `add_quiet` for what
    only has no place in an error (an access key id: no secret, but half of one).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hidden: set[str] = set()
        self._quiet: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self._spelled: tuple[tuple[str, ...], tuple[bytes, ...]] | None = None

    def add(self, *values: str | None) -> None:
        self._put(self._hidden, values)

    def add_quiet(self, *values: str | None) -> None:
        self._put(self._quiet, values)

    def _put(self, kind: set[str], values: tuple[str | None, ...]) -> None:
        with self._lock:
            kind.update(value for value in values if value)
            self._pattern = self._spelled = None

    def hidden(self) -> frozenset[str]:
        """What no output may contain, as it was added."""
        with self._lock:
            return frozenset(self._hidden)

    def _known(self) -> tuple[tuple[str, ...], tuple[bytes, ...]]:
        """The spellings of what no output may contain, the longest first: as texts, and as `marshal` writes them."""
        with self._lock:
            if self._spelled is None:
                spelled = _longest_first(self._hidden)
                self._spelled = spelled, tuple(spelling.encode("utf-8", "surrogatepass") for spelling in spelled)
            return self._spelled

    def hide(self, value: Any) -> Any:
        """Plain data without what nobody may ever see, in its usual spellings: for what Ansible does not mask.

        Texts change wherever they stand, also keys, but not those in small letters alone, such as our own. Numbers,
        truth values and the shape stay.
        """
        spelled, written = self._known()
        return _hidden(value, spelled) if _holds(value, written) else value

    def mask(self, text: str) -> str:
        """`text` with every secret, in whatever encoding, and everything that looks like one, replaced."""
        with self._lock:
            values = self._hidden | self._quiet
            if self._pattern is None:
                self._pattern = _pattern(values)
            pattern = self._pattern
        text = pattern.sub(MASK, text)
        for look, replacement in _SECRET_LOOKS:
            text = look.sub(replacement, text)
        return MASK if any(value in form for form in _decoded(text) for value in values) else text

    def safe(self, text: object) -> str:
        """A server's words, fit for an error: masked, on one line, no control characters, at most 600 characters."""
        line = " ".join(_UNSEEN.sub(" ", self.mask(str(text))).split())
        return line if len(line) <= MAX_TEXT else line[: MAX_TEXT - 1] + "…"


def _holds(value: Any, spelled: tuple[bytes, ...]) -> bool:
    """Whether a spelling is anywhere in plain data. Mostly none is, so this is fast: `marshal` writes texts as is."""
    try:
        written = marshal.dumps(value)
    except ValueError:
        return True  # a kind of text of Ansible's own: not so plain
    return any(spelling in written for spelling in spelled)


def _hidden(value: Any, spelled: tuple[str, ...]) -> Any:
    if isinstance(value, str):
        for spelling in spelled:
            value = value.replace(spelling, MASK)
        return value
    if isinstance(value, dict):
        return {_hidden_key(key, spelled): _hidden(inner, spelled) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_hidden(inner, spelled) for inner in value]
    return value


def _hidden_key(key: Any, spelled: tuple[str, ...]) -> Any:
    """Where `backup` is a password, `backup_level` must not go by another name: nobody would find it."""
    return key if isinstance(key, str) and _FIELD.fullmatch(key) else _hidden(key, spelled)


def _pattern(values: set[str]) -> re.Pattern[str]:
    spelled = _longest_first(values)
    return re.compile("|".join(map(re.escape, spelled)) if spelled else r"(?!)")


def _longest_first(values: set[str]) -> tuple[str, ...]:
    """All spellings of all values, each once: most values have few, for they hold nothing that is ever encoded."""
    return tuple(sorted({form for value in values for form in _spellings(value)}, key=lambda form: (-len(form), form)))


def _spellings(value: str) -> Iterator[str]:
    """The forms in which a server may echo a value: plain, in a URL, signed (encoded twice), JSON, XML, a table, by
    line."""
    yield value
    for quoted in (quote(value, safe=""), quote(value), quote_plus(value)):
        yield quoted
        yield _in_small_letters(quoted)
    yield quote(quote(value, safe=""), safe="")
    yield quote(_in_small_letters(quote(value, safe="")), safe="")
    for escaped in (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]):
        yield escaped
        yield json.dumps(escaped)[1:-1]
    units = value.encode("utf-16-be", "surrogatepass")
    yield "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
    yield value.replace('"', '""')
    yield escape(value)
    yield from _in_base64(value.encode())
    yield from (line for line in value.splitlines() if len(line) >= 16 and not line.startswith("-----"))


def _in_small_letters(quoted: str) -> str:
    return _PERCENT.sub(lambda found: found[0].lower(), quoted)


def _in_base64(value: bytes) -> Iterator[str]:
    """What base64 makes of a value wherever it stands in a text, such as in `Bearer token` and `user:password`.

    A character tells six bits, so there are three forms. What tells of the neighbours, too, is left out at both ends.
    """
    for before in range(3):
        whole = base64.b64encode(bytes(before) + value)
        own = whole[-(-before * 8 // 6) : (before + len(value)) * 8 // 6].decode()
        if len(own) >= _SHORTEST_BASE64:
            yield own
            yield own.translate(_URL_SAFE)


def _decoded(text: str) -> Iterator[str]:
    """What a text says below its encodings, however they are mixed: nobody can list all spellings of a value."""
    for _layer in range(3):
        before = text
        for decode in (unquote, unescape, _unescaped):
            text = decode(text)
            yield text
            yield text.replace("+", " ")
        if text == before:
            return


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], text)
