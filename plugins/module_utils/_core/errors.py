# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The one exception of this collection, and the closed list of its codes."""

from __future__ import annotations

import platform
import re
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

#: Every code an error can carry, and what to do about it when nothing more precise is known.
CODES: Mapping[str, str] = {
    "bad_option": "Correct the option.",
    "missing_library": "Install the library for the Python that runs the module.",
    "auth_failed": "Check the credentials: they are wrong, expired or revoked.",
    "forbidden": "The credentials are good, but their role does not allow this call.",
    "not_found": "Check the id and the endpoint.",
    "rejected": "The server refuses the request as it stands: check the options.",
    "throttled": "Lower O(parallel), or raise O(deadline) and O(retries).",
    "unavailable": "The server is in trouble: try again later, or raise O(retries).",
    "timeout": "The server does not answer in time: check it, or raise O(timeout).",
    "deadline": "Raise O(deadline), or narrow what is read.",
    "tls": "Name the authority that signed the server's certificate in O(ca_path).",
    "connection": "Check the address, the port, the firewall and the proxy.",
    "redirect": "Give the address that finally answers: redirects are not followed, lest credentials go astray.",
    "bad_answer": "Check that the address is the API itself, not a web page, a login form or another service.",
    "too_large": "Narrow what is read, or lower O(page_size).",
    "incomplete": "Read again when the list is quiet, or narrow what is read.",
    "session_expired": "Open a new logon session.",
    "unsupported": "This server cannot do that.",
    "task_failed": "Look at what the tasks say, and at the systems that ran them.",
    "defect": "This is a defect of multivendor.backup: please report it with this message.",
}


class BackupError(Exception):
    """Something that kept a source from being read, told so that a person knows what to do next.

    Every text in it must already be free of secrets: whoever builds one from a server's words masks them first.

    :param code: one of `CODES`.
    :param message: what happened: the server's own words, or ours. One or two sentences.
    :param doing: what was being done, to complete the sentence "Could not ...".
    :param hint: what to do next; by default what `CODES` says.
    :param retry_after: seconds the server asked to wait, when it did.
    :param arrived: whether the request may have reached the server (a write that may have arrived is never repeated).
    :param final: trying again cannot help, whatever the code.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        doing: str | None = None,
        hint: str | None = None,
        provider: str | None = None,
        source: str | None = None,
        provider_code: str | None = None,
        http_status: int | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        arrived: bool = True,
        final: bool = False,
    ) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.doing = doing
        self.hint = hint or CODES[code]
        self.provider = provider
        self.source = source
        self.provider_code = provider_code
        self.http_status = http_status
        self.request_id = request_id
        self.retry_after = retry_after
        self.arrived = arrived
        self.final = final

    def __str__(self) -> str:
        """One line for a person: what was tried, what came back, what to do."""
        tried = f"Could not {self.doing}: " if self.doing else ""
        answered = " ".join(str(word) for word in (self.http_status, self.provider_code) if word)
        said = f"{answered}: {self.message}" if answered else self.message
        known_as = f" (request id {self.request_id})" if self.request_id else ""
        return f"{tried}{said.rstrip('. ')}{known_as}. {_plain(self.hint)}"

    def facts(self) -> dict[str, Any]:
        """The same for a program: the `error` that every failed module returns. All keys are always there."""
        return {
            "code": self.code,
            "provider_code": self.provider_code,
            "provider": self.provider,
            "source": self.source,
            "http_status": self.http_status,
            "message": self.message,
            "request_id": self.request_id,
            "hint": _plain(self.hint),
        }


def _plain(hint: str) -> str:
    """The hint without documentation markup: O(deadline) reads `deadline`."""
    return re.sub(r"O\((\w+)\)", r"`\1`", hint)


def bad_option(name: str, problem: str, hint: str) -> BackupError:
    """The error for an option that cannot be used: which one, why, and what it takes."""
    return BackupError("bad_option", f"option `{name}`: {problem}", hint=hint)


def missing_library(name: str) -> BackupError:
    """The error for a library that this Python has not got."""
    return BackupError(
        "missing_library",
        f"the Python library {name} is not installed for {sys.executable} on {platform.node()}",
        hint=f"Install it there (`{sys.executable} -m pip install {name}`), or set `ansible_python_interpreter`.",
    )


def defect(problem: Exception) -> BackupError:
    """The error for a fault of our own: its kind and place, and none of the values that its text may hold."""
    where = traceback.extract_tb(problem.__traceback__)[-1]
    return BackupError("defect", f"unexpected {type(problem).__name__} in {Path(where.filename).name}:{where.lineno}")
