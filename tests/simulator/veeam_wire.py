# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Veeam's two ways to write: XML in its namespace, and JSON in PascalCase or camelCase."""

from __future__ import annotations

import base64
import binascii
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from .service import with_headers
from .wire import JSON, XML, Reply, Request, json_bytes

if TYPE_CHECKING:
    from .veeam import VeeamData

NAMESPACE = "http://www.veeam.com/ent/v1.0"
BOM = b"\xef\xbb\xbf"

ATTRIBUTES = frozenset(
    [
        "Type",
        "Href",
        "Name",
        "UID",
        "Rel",
        "VmDisplayName",
        "Success",
        "PagesCount",
        "PageSize",
        "PageNum",
        "Message",
        "StatusCode",
    ]
)
"""Keys that XML writes as attributes, all others are elements. Message is one in an Error only."""

ITEM_NAMES = {"Links": "Link", "Refs": "Ref", "SupportedVersions": "SupportedVersion"}
"""Name of a list -> name of its elements, where that is not the name without its s."""


def wants_json(request: Request) -> bool:
    """JSON is for those who ask for it; everybody else gets XML."""
    return ("json" in request.headers.get("Accept", "").lower()) != request.other_format


def write(status: int, root: str, body: dict[str, Any], request: Request, data: VeeamData) -> Reply:
    """The body in the format that was asked for."""
    if wants_json(request):
        content, media = json_bytes(shaped(body, data)), JSON
    else:
        content, media = _xml(root, body), XML
    return Reply(status, (BOM if data.bom else b"") + content, f"{media}; charset=utf-8")


def challenge(reply: Reply) -> Reply:
    """A 401 that says how to log on."""
    return with_headers(reply, {"WWW-Authenticate": 'Basic realm="Veeam Backup Enterprise Manager"'})


def with_session(reply: Reply, token: str, secure: bool) -> Reply:
    """The logon's reply with its token, as a header and as a cookie."""
    cookie = f"X-RestSvcSessionId={token}; path=/api; HttpOnly" + ("; Secure" if secure else "")
    return with_headers(reply, {"X-RestSvcSessionId": token, "Set-Cookie": cookie})


def basic_matches(request: Request, username: str, password: str) -> bool:
    """Whether the Authorization header carries these credentials, in UTF-8 or in Latin-1: clients disagree on that."""
    scheme, _mark, value = request.headers.get("Authorization", "").partition(" ")
    try:
        given = base64.b64decode(value, validate=True)
    except binascii.Error:
        return False
    expected = f"{username}:{password}"
    return scheme.lower() == "basic" and given in (expected.encode(), expected.encode("latin-1"))


def shaped(value: Any, data: VeeamData) -> Any:
    """What JSON holds: keys in the case in force, with nulls or without."""
    return _shaped(value, data.nulls, data.case == "camel")


def _shaped(value: Any, nulls: bool, camel: bool) -> Any:
    """The value with its keys in the right case, with or without its nulls."""
    if isinstance(value, list):
        return [_shaped(each, nulls, camel) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        _camel(key) if camel else key: _shaped(each, nulls, camel)
        for key, each in value.items()
        if nulls or each is not None
    }


@lru_cache(maxsize=512)
def _camel(key: str) -> str:
    return key.lower() if key.isupper() else key[:1].lower() + key[1:]


def _xml(root: str, body: dict[str, Any]) -> bytes:
    parts = ['<?xml version="1.0" encoding="utf-8"?>']
    _element(parts, root, body, f' xmlns="{NAMESPACE}"')
    return "".join(parts).encode()


def _element(parts: list[str], name: str, value: Any, more: str = "") -> None:
    """Append one element. Written by hand: a tree of objects would take ten times as long."""
    if not isinstance(value, dict):
        _text_element(parts, name, value, more)
        return
    attributes, children = [more], []
    for key, each in value.items():
        if each is None:
            continue
        if _is_attribute(name, key, each):
            attributes.append(f" {key}={quoteattr(_text(each))}")
        else:
            children.append((key, each))
    if not children:
        parts.append(f"<{name}{''.join(attributes)} />")
        return
    parts.append(f"<{name}{''.join(attributes)}>")
    for key, each in children:
        _child(parts, name, key, each)
    parts.append(f"</{name}>")


def _is_attribute(name: str, key: str, value: Any) -> bool:
    if isinstance(value, (dict, list)) or key not in ATTRIBUTES:
        return False
    return key not in ("Message", "StatusCode") or name == "Error"


def _child(parts: list[str], parent: str, key: str, value: Any) -> None:
    if not isinstance(value, list):
        _element(parts, key, value)
        return
    # JSON wraps a list twice ({"Tasks": {"Tasks": []}}), XML once (<Tasks><Task/></Tasks>).
    inside = parent == key
    if not inside:
        parts.append(f"<{key}>")
    for each in value:
        _element(parts, ITEM_NAMES.get(key, key[:-1]), each)
    if not inside:
        parts.append(f"</{key}>")


def _text_element(parts: list[str], name: str, value: Any, more: str) -> None:
    text = "" if value is None else escape(_text(value))
    parts.append(f"<{name}{more}>{text}</{name}>" if text else f"<{name}{more} />")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "".join(c for c in str(value) if c >= " " or c in "\r\n\t")
