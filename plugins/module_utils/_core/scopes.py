# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The lists of many scopes (instances, kinds), read side by side and joined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from .deadline import Deadline
from .errors import BackupError
from .http import HttpClient
from .listing import Listing, total
from .meter import Meter
from .threads import side_by_side

# These end the reading of all scopes: the next one could only fail in the same way.
_ENDS_ALL = frozenset(("auth_failed", "session_expired", "deadline", "tls", "redirect", "missing_library"))
# So many scopes failing in a row in one of these ways, each after all its retries, mean that the server is gone.
_GONE = frozenset(("connection", "timeout", "unavailable", "throttled", "bad_answer"))
_ENDS_AFTER = 16
# At the deadline every scope gives what it has read by then, a moment later.
_GRACE = 2.0


def read_scopes(http: HttpClient, scopes: Iterable[str], read: Callable[[str], Listing], what: str) -> Listing:
    """The lists of many scopes (instances), read side by side and joined in the order of the scopes.

    A scope that cannot be read costs the others nothing; it is named in `failed_scopes`, and the whole is incomplete.

    :param what: what the scopes are, for the message: "instances".
    """
    meter = Meter(http)
    names = list(dict.fromkeys(scopes))
    read_so_far: dict[str, Listing] = {}
    ended: BackupError | None = None
    failed_in_a_row = 0

    def until_ended() -> Iterator[str]:
        for name in names:
            if ended is not None:
                return  # what is under way still tells what it has read
            yield name

    deadline = Deadline(http.deadline.remaining() + _GRACE, http.clock)
    try:
        for scope, outcome in side_by_side(read, until_ended(), min(http.connection.parallel, len(names)), deadline):
            if isinstance(outcome, Exception):
                raise outcome
            read_so_far[scope] = outcome
            failed_in_a_row = failed_in_a_row + 1 if outcome.error and outcome.error.code in _GONE else 0
            if outcome.error and (outcome.error.code in _ENDS_ALL or failed_in_a_row >= _ENDS_AFTER):
                ended = ended or outcome.error
    except BackupError as error:
        ended = ended or error
    return meter.told(_joined(names, read_so_far, ended, what, Listing(records=http.new_records())))


def _joined(
    names: list[str], parts: dict[str, Listing], ended: BackupError | None, what: str, whole: Listing
) -> Listing:
    """One listing out of those of all scopes, added to an empty one."""
    totals: list[int | None] = []
    for name in names:
        part = parts.get(name) or Listing(error=ended, incomplete_reason="source_failed")
        whole.records += part.records
        whole.pages += part.pages
        whole.received += part.received
        whole.duplicates += part.duplicates
        whole.warnings += part.warnings
        totals.append(part.server_total)
        if part.error:
            whole.failed_scopes.append(
                {"scope": name, "incomplete_reason": part.incomplete_reason, **part.error.facts()}
            )
            if whole.error is None or (part.error.code == "deadline" and whole.error.code != "deadline"):
                whole.error = part.error
    whole.server_total = total(totals)
    if whole.error:
        whole.error = ended or whole.error
        whole.incomplete_reason = "deadline" if whole.error.code == "deadline" else "failed_scopes"
        if len(names) > 1:
            some = ", ".join(scope["scope"] for scope in whole.failed_scopes[:5])
            more = ", ..." if len(whole.failed_scopes) > 5 else ""
            whole.error.message += (
                f" ({len(whole.failed_scopes)} of {len(names)} {what} could not be read: {some}{more})"
            )
    return whole
