# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The unified modules: how many tasks a core brings into the model, and what the model costs beside reading alone."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.multivendor.backup.plugins.module_utils._core.exchange import Answer, Call
from ansible_collections.multivendor.backup.plugins.module_utils._core.listing import Listing
from ansible_collections.multivendor.backup.plugins.module_utils._core.redact import Secrets
from ansible_collections.multivendor.backup.plugins.module_utils._core.times import moment
from ansible_collections.multivendor.backup.plugins.module_utils._model.query import TaskQuery, newest_first
from ansible_collections.multivendor.backup.plugins.module_utils._model.summary import summarize
from ansible_collections.multivendor.backup.plugins.module_utils._unified.tasks import TASK_OPTIONS, find_tasks
from ansible_collections.multivendor.backup.plugins.module_utils._veeam.records import KINDS
from tests.bench.sources import Facts, Source

SINCE = "2016-01-01T00:00:00Z"
#: All tasks, as the unified modules ask for them when nobody wants the provider's own records.
EVER = TaskQuery(since=moment(SINCE, 0), lean=True)
_SESSION_KINDS = {kind.entity: name for name, kind in KINDS.items()}


@dataclass(frozen=True)
class Rate:
    """Tasks of one source, and the processor seconds from the bytes of their pages to the summary."""

    tasks: int
    seconds: float

    @property
    def per_second(self) -> float:
        """Tasks that one core takes in a second."""
        return self.tasks / self.seconds


def rates(source: Source, facts: Facts, times: int) -> list[Rate]:
    """Read all once, then decode, normalize, filter, sort and summarize the very same answers on one core, so often."""
    client = source.connect(facts)
    pages = list(_recorded(client, source.params(facts)))
    return [_rate(client, pages) for _time in range(times)]


def _rate(client: Any, pages: Sequence[tuple[Any, Answer]]) -> Rate:
    began = time.process_time()
    tasks = []
    for decode, answer in pages:
        for record in decode(answer).records:
            if "kind" in record:
                record["kind"] = _SESSION_KINDS[record["type"]]  # the client fills it in when a page is read
            task = client.normalize(record, "bench")
            if EVER.wants(task):
                tasks.append(task)
    summarize(newest_first(tasks))
    return Rate(len(tasks), time.process_time() - began)


def _recorded(client: Any, params: dict[str, Any]) -> Iterator[tuple[Any, Answer]]:
    """The pages of tasks of a whole reading: what decodes them, and the answers."""
    kept: list[tuple[Any, Answer]] = []
    ask = client.http.call

    def listen(call: Call) -> Any:
        def decode(answer: Answer) -> Any:
            decoded = call.decode(answer) if call.decode else None
            records = getattr(decoded, "records", None)
            if records and "init_status" not in records[0]:  # a page of tasks, not of resources
                kept.append((call.decode, answer))
            return decoded

        return ask(replace(call, decode=decode))

    client.http.call = listen
    _complete(client.find_tasks(EVER, params))
    client.close()
    yield from kept


def _complete(listing: Listing) -> None:
    if not listing.complete:
        raise SystemExit(f"the list is not complete: {listing.error}")


def alone(source: Source, facts: Facts) -> float:
    """Seconds in which the provider's client reads, whole, the lists that the unified module reads of it.

    These are what its module reads; but for Veeam, whose module reads sessions of one kind only.
    """
    client = source.connect(facts)
    began = time.perf_counter()
    _complete(client.find_tasks(replace(EVER, lean=False), source.params(facts)))
    seconds = time.perf_counter() - began
    client.close()
    return seconds


def failures_only(source: Source, facts: Facts) -> tuple[float, int]:
    """Seconds of `backup_task_info` for the failures among all tasks, at most 1,000, and how many there are."""
    key = source.module.partition("_")[0]
    defaults = {name: option.get("default") for name, option in TASK_OPTIONS.spec.items()}
    own = {**source.options(facts), "ca_path": facts["ca_path"]}
    options = {name: value for name, value in own.items() if name not in ("start_time", "end_time")}
    params = {
        **defaults,
        "sources": [{"name": key, key: options}],
        "since": SINCE,  # not an age: the simulator filters once, and what it takes for that is not ours
        "results": ["failed"],
        "limit": 1000,
    }
    began = time.perf_counter()
    result, error = find_tasks(params, Secrets())
    if error:
        raise SystemExit(f"{source.title}: {error}")
    return time.perf_counter() - began, result["matched"]
