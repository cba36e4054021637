# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An estate of any size, as `backup_task_info` and `backup_resource_info` would return it, hostile names included."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.multivendor.backup.plugins.module_utils._core.times import rfc3339
from ansible_collections.multivendor.backup.plugins.module_utils._model.freshness import (
    Evidence,
    Policy,
    count_verdicts,
    judge,
    worst_first,
)
from ansible_collections.multivendor.backup.plugins.module_utils._model.query import newest_first
from ansible_collections.multivendor.backup.plugins.module_utils._model.resource import new_resource
from ansible_collections.multivendor.backup.plugins.module_utils._model.summary import summarize
from ansible_collections.multivendor.backup.plugins.module_utils._model.task import new_task

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=timezone.utc)
COLLECTED_AT = "2026-11-21T07:00:00Z"
FILTERS: dict[str, dict[str, Any]] = {"tasks": {"since": "14d"}, "resources": {"rpo": "24h", "history_days": 14}}

SOURCES = {"yc-prod": "yandex", "clumio-us": "clumio", "hq-veeam": "veeam", "orders-db": "petadata"}
HOSTILE = (
    "<script>document.title='run'</script>",
    '"><img src=x onerror="document.title=1">',
    "'><svg onload=alert(1)>",
    "{{ 7*7 }}{% raw %}{# x #}",
    "{{ lookup('pipe', 'id') }}",
    "</style></script></title><h1>out",
    "\u202egnp.exe\u202c \u200frtl\u200e",
    "nul\0 bell\x07 esc\x1b[31m half\ud800",
    "]]> <!-- --> <![CDATA[",
    '=HYPERLINK("http://evil.example","x")',
    "@everyone [link](http://evil.example) ![i](http://evil.example/i.png) | a | `b` #1",
    "emoji \U0001f4a5 \u4e2d\u6587 \u05e9\u05dc\u05d5\u05dd",
    "line one\nline two\r\nline three\ttab",
    "long " + "x" * 10_000,
    "&lt;b&gt; &amp; &#60;",
    "javascript:alert(1)",
)
_MESSAGES = ("Not enough space on the repository.", "The agent lost its connection.", "Snapshot failed: VSS error.")
_TYPES = {"yandex": "vm", "clumio": "volume", "veeam": "vm", "petadata": "database"}


def estate(
    count: int, *, days: int = 14, names: Sequence[str] = (), dead: str | None = None, calm: bool = False, seed: int = 1
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The results of both modules: so many resources, a backup of each every night, as far as it went well.

    :param names: names of the first resources, which also stand in messages and ids.
    :param dead: a source that was not read completely.
    :param calm: nothing failed, and all is fresh.
    """
    chance = random.Random(seed)  # noqa: S311
    tasks: list[dict[str, Any]] = []
    resources: list[dict[str, Any]] = []
    for index in range(count):
        source = list(SOURCES)[index % len(SOURCES)]
        hostile = names[index] if index < len(names) else None
        name = hostile or f"{chance.choice(('prod', 'test', 'edge'))}-{chance.choice(('db', 'web', 'mail'))}-{index:04}"
        own = _tasks(source, f"id-{index}-{hostile or ''}", name, days, chance, hostile, calm=calm)
        tasks += own
        resources.append(_resource(source, f"id-{index}-{hostile or ''}", name, own, days, complete=source != dead))
    return _results(newest_first(tasks), worst_first(resources), dead)


def _tasks(
    source: str, native_id: str, name: str, days: int, chance: random.Random, hostile: str | None, *, calm: bool
) -> list[dict[str, Any]]:
    provider = SOURCES[source]
    health = 1.0 if calm else chance.choice((1.0, 1.0, 1.0, 0.97, 0.8, 0.1))
    found = []
    for back in range(days):
        begun = NOW - timedelta(days=back, hours=chance.uniform(1, 8 if health == 1.0 else 20))
        if not calm and chance.random() < 0.03:
            continue
        good = chance.random() < health
        result = "success" if calm else chance.choices(("success", "warning"), (30, 1))[0]
        if not good:
            result = chance.choices(("failed", "timed_out", "partial", "unknown", "cancelled"), (8, 1, 1, 1, 1))[0]
        message = None if good else hostile or chance.choice(_MESSAGES)
        found.append(
            new_task(
                provider,
                source,
                f"{native_id}-{back}",
                **{"level": "item", "operation": "backup", "state": "finished", "result": result, "message": message},
                **{"created_at": rfc3339(begun), "started_at": rfc3339(begun)},
                finished_at=rfc3339(begun + timedelta(minutes=chance.randint(2, 50))),
                resource={"id": native_id, "name": name, "type": _TYPES[provider], "native_type": None},
            )
        )
    return found


def _resource(
    source: str, native_id: str, name: str, tasks: list[dict[str, Any]], days: int, *, complete: bool
) -> dict[str, Any]:
    kind = _TYPES[SOURCES[source]]
    known = {"name": name, "type": kind, "protection": "protected", "coverage": "listed"}
    resource = new_resource(SOURCES[source], source, native_id, **known)
    policy = Policy(NOW.timestamp(), 86400.0, history_since=NOW.timestamp() - days * 86400, history_days=days)
    return judge(resource, Evidence(tasks, complete=complete), policy)


def _results(
    tasks: list[dict[str, Any]], resources: list[dict[str, Any]], dead: str | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    parts = {"tasks": tasks, "resources": resources}
    summaries = {"tasks": summarize(tasks), "resources": count_verdicts(resources)}
    tasks_result, resources_result = (
        {
            kind: records,
            "summary": summaries[kind],
            "matched": len(records),
            "complete": dead is None,
            "sources": [_source(name, records, dead) for name in SOURCES],
            "errors": [_error(dead)] if dead else [],
        }
        for kind, records in parts.items()
    )
    return tasks_result, resources_result


def _source(name: str, records: list[dict[str, Any]], dead: str | None) -> dict[str, Any]:
    return {
        **{"name": name, "provider": SOURCES[name], "complete": name != dead},
        **{"incomplete_reason": "deadline" if name == dead else None, "failed_scopes": []},
        "returned": sum(record["source"] == name for record in records),
    }


def _error(dead: str) -> dict[str, Any]:
    told = {"code": "deadline", "message": "the time was up", "hint": "Give the option `deadline` more seconds."}
    return {"source": dead, "provider": SOURCES[dead], **told}
