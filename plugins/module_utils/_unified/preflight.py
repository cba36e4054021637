# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""What `backup_source_info` does: can each source be read, and what would it cost? What a person runs first."""

from __future__ import annotations

from typing import Any

from .._core import times
from .._core.certificate import certificate_end
from .._core.deadline import Clock
from .._core.errors import BackupError
from .._core.options import Params
from .._core.records import Record
from .._core.redact import Secrets
from .._model.query import TaskQuery
from .._sources import SOURCES, Reading, parse_sources, read_all
from .result import SCHEMA_VERSION

PREFLIGHT_OPTIONS = SOURCES

# Whether a source can be reached, lets us in, and lets us read: as far as each error tells.
_UNREACHABLE = ("connection", "timeout", "tls", "redirect", "deadline")
_REFUSED = ("auth_failed", "session_expired")


def check_sources(params: Params, secrets: Secrets, _check_mode: bool = False) -> tuple[Record, BackupError | None]:
    """The result of `backup_source_info`. A source in trouble is a finding, not a failure."""
    sources = parse_sources(params)
    query = TaskQuery(since=times.moment("24h", Clock().wall()))
    found: dict[str, Record] = {}

    def probe(reading: Reading, client: Any) -> None:
        reading.listing, facts = client.probe(query, reading.source.params)
        ends = certificate_end(client.address, client.http.connection, client.http.deadline)
        found[reading.source.name] = {**facts, "certificate_expires_at": ends, "api_version": client.api_version}

    readings = read_all(sources, probe, secrets)
    rows = [_row(reading, found.get(reading.source.name, {})) for reading in readings]
    ready = all(row["ready"] for row in rows)
    warnings = [
        f"source {row['name']}: {row['error']['message']}. {row['error']['hint']}" for row in rows if row["error"]
    ]
    return {"sources": rows, "ready": ready, "schema_version": SCHEMA_VERSION, "warnings": warnings}, None


def _row(reading: Reading, facts: Record) -> Record:
    """What is known of one source; null where an error before it leaves it unknown."""
    error = reading.listing.error
    code = error.code if error else None
    reachable = code not in _UNREACHABLE if code != "missing_library" else None
    authenticated = None if not reachable else code not in _REFUSED
    permitted = None if not authenticated else code != "forbidden"
    return {
        "name": reading.source.name,
        "provider": reading.source.provider,
        "ready": error is None,
        "reachable": reachable,
        "authenticated": authenticated,
        "permitted": permitted,
        "clock_offset_seconds": round(reading.clock_offset, 1) if reachable else None,
        "certificate_expires_at": facts.get("certificate_expires_at"),
        "api_version": facts.get("api_version"),
        "records": facts.get("records"),
        "requests": facts.get("requests"),
        "elapsed_seconds": round(reading.listing.elapsed_seconds, 3),
        "error": error.facts() if error else None,
    }
