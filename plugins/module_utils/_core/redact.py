# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Secrets: which values must never be seen, and how they are taken out of a text."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator
from html import escape, unescape
from urllib.parse import quote, quote_plus, unquote

MASK = "********"
MAX_TEXT = 600

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
        self._spellings: tuple[str, ...] | None = None

    def add(self, *values: str | None) -> None:
        self._put(self._hidden, values)

    def add_quiet(self, *values: str | None) -> None:
        self._put(self._quiet, values)

    def _put(self, kind: set[str], values: tuple[str | None, ...]) -> None:
        with self._lock:
            kind.update(value for value in values if value)
            self._pattern = self._spellings = None

    def hidden(self) -> frozenset[str]:
        """What no output may contain: what `AnsibleModule.no_log_values` must know."""
        with self._lock:
            return frozenset(self._hidden)

    def hide(self, text: str) -> str:
        """`text` without what nobody may ever see, in its usual spellings: for much text that Ansible does not mask."""
        with self._lock:
            if self._spellings is None:
                spellings = {spelling for value in self._hidden for spelling in _spellings(value)}
                self._spellings = tuple(sorted(spellings, key=len, reverse=True))
            spelled = self._spellings
        for spelling in spelled:
            if spelling in text:
                text = text.replace(spelling, MASK)
        return text

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


def _pattern(values: set[str]) -> re.Pattern[str]:
    spellings = {spelling for value in values for spelling in _spellings(value)}
    if not spellings:
        return re.compile(r"(?!)")
    return re.compile("|".join(re.escape(spelling) for spelling in sorted(spellings, key=len, reverse=True)))


def _spellings(value: str) -> Iterator[str]:
    """The forms in which a server may echo a value: plain, in a URL, signed (encoded twice), JSON, XML, a table, by
    line."""
    yield value
    yield quote(value, safe="")
    yield quote(quote(value, safe=""), safe="")
    yield quote_plus(value)
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    yield value.replace('"', '""')
    yield escape(value)
    yield base64.b64encode(value.encode()).decode().rstrip("=")
    yield base64.urlsafe_b64encode(value.encode()).decode().rstrip("=")
    yield from (line for line in value.splitlines() if len(line) >= 16 and not line.startswith("-----"))


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
