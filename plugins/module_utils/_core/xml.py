# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""XML answers as the plain data that the same API gives in JSON. The only file that imports xmltodict."""

from __future__ import annotations

import importlib
from collections.abc import Collection
from typing import Any

from .errors import missing_library


def read_xml(body: bytes, lists: Collection[str] = ()) -> dict[str, Any]:
    """An XML document as {root element: content}. Attributes stand beside elements, under their plain names.

    An empty element is None; elements named in `lists` are lists, however often they occur; namespaces are dropped; all
    values are text. Documents with entity declarations are refused.

    :raises ValueError: the body is no XML.
    :raises BackupError: `missing_library`.
    """
    xmltodict = _library()
    if b"<!ENTITY" in body or b"\0" in body:  # xmltodict before 0.14 drops entities; a NUL: UTF-16 could hide them
        raise ValueError("no plain XML in UTF-8")
    try:
        document: dict[str, Any] = xmltodict.parse(
            body.lstrip(b"\xef\xbb\xbf \t\r\n"), attr_prefix="", force_list=tuple(lists)
        )
    except RecursionError as problem:
        raise ValueError("nested too deeply") from problem
    except Exception as problem:
        # expat's own error is no ValueError, and xmltodict gives it no public name
        raise ValueError(f"no XML ({type(problem).__name__})") from problem
    return {name.rpartition(":")[2]: content for name, content in document.items()}


def _library() -> Any:
    """xmltodict, imported when it is needed: JSON users pay nothing and need not have it."""
    try:
        return importlib.import_module("xmltodict")
    except ImportError:
        pass
    raise missing_library("xmltodict")
