# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure, and print what was measured: ``python -m tests.bench [--quick] [yandex clumio veeam petadata]``."""

from __future__ import annotations

import argparse
import gc
import os
import platform
import statistics
from tempfile import TemporaryDirectory

from tests.bench import modules, peers, reads, unified
from tests.bench.sources import SOURCES
from tests.tools.stage import running_simulator

LATENCIES = (0, 20, 100)
SCRIPT_REQUESTS = 100
EXPORTED = 1_000_000
MODEL_TURNS = 5

#: What goes wrong while everything is read, as options of the simulator; {name} is the provider.
FAULTS = {
    "throttled": "{name}:throttle:skip=5,times=5,retry_after=1",
    "resets": "{name}:reset:skip=3,times=5",
    "truncated": "{name}:truncate:skip=7,times=5",
    "list moves": "{name}:shift:skip=2,times=1",
}


def main() -> None:
    """Run the parts of the bench in turn."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("sources", nargs="*", choices=[*SOURCES, []], help="which sources; all if none is named")
    parser.add_argument("--quick", action="store_true", help="20 ms of latency only, and neither peers nor modules")
    options = parser.parse_args()
    names = options.sources or list(SOURCES)
    gc.disable()  # as the modules do
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} processors, simulator on the same machine, one run each"
    )
    for latency in (20,) if options.quick else LATENCIES:
        read_all(names, latency, with_peers=not options.quick)
    bring_into_the_model(names)
    read_under_faults(names)
    if not options.quick:
        measure_modules(names)
        export_tasks()


def read_all(names: list[str], latency: int, *, with_peers: bool) -> None:
    """Every source, complete, against its floor; and what a plain script takes."""
    print(f"\nReading everything, {latency} ms of latency, 8 requests side by side")
    print(
        f"{'source':36} {'requests':>8} {'seconds':>8} {'floor':>8} {'ratio':>6} {'tasks/s':>8}   one after the other"
    )
    for name in names:
        source = SOURCES[name]
        with running_simulator(*source.simulator, "--latency-ms", str(latency)) as facts:
            reads.read(source, facts, latency / 1000)  # the simulator makes its pages when they are first asked for
            reading = reads.read(source, facts, latency / 1000)
            plain = peers.script(source, facts, SCRIPT_REQUESTS) if with_peers else None
        ratio = reading.seconds / reading.floor
        rate = source.records / reading.seconds
        print(
            f"{source.title:36} {reading.listing.requests:8} {reading.seconds:8.2f} {reading.floor:8.2f} {ratio:6.2f} "
            f"{rate:8,.0f}   {_sequential(plain, reading.listing.requests)}",
            flush=True,
        )


def _sequential(plain: tuple[float, int] | None, requests: int) -> str:
    if plain is None:
        return ""
    seconds, done = plain
    if done >= requests - 1:
        return f"{seconds:.2f} s"
    return f"{seconds / done * requests:.1f} s (extrapolated from {done} requests)"


def bring_into_the_model(names: list[str]) -> None:
    """The unified layer: tasks a core takes from bytes to summary, and `backup_task_info` beside reading alone."""
    print(
        "\nThe common model: tasks/s from the bytes of all pages to the summary on one core, best and median of "
        f"{MODEL_TURNS};\nand failures only, at 20 ms of latency, best of 2: beside the provider's module, and beside "
        "its client reading the same lists"
    )
    print(
        f"{'source':36} {'best':>8} {'median':>8}   {'module':>8} {'failures':>9} {'ratio':>6}   {'same lists':>10} "
        f"{'ratio':>6}"
    )
    for name in names:
        source = SOURCES[name]
        with running_simulator(*source.simulator, "--latency-ms", "20") as facts:
            rates = [rate.per_second for rate in unified.rates(source, facts, MODEL_TURNS)]
            module = min(reads.read(source, facts, 0.02).seconds for _turn in range(2))
            alone = min(unified.alone(source, facts) for _turn in range(2))
            failures, found = min(unified.failures_only(source, facts) for _turn in range(2))
        print(
            f"{source.title:36} {max(rates):8,.0f} {statistics.median(rates):8,.0f}   {module:6.2f} s "
            f"{failures:7.2f} s {failures / module:6.2f}   {alone:8.2f} s {failures / alone:6.2f}   ({found:,} found)",
            flush=True,
        )


def read_under_faults(names: list[str]) -> None:
    """Every source under every fault: `reads.read` ends the bench when a single record is missing or comes twice."""
    print(
        "\nReading everything while something goes wrong, 20 ms of latency: complete and without duplicates each time"
    )
    print(f"{'source':36} {'fault':12} {'requests':>8} {'retries':>8} {'throttled':>9} {'seconds':>8}")
    for name in names:
        source = SOURCES[name]
        for title, fault in FAULTS.items():
            with running_simulator(
                *source.simulator, "--latency-ms", "20", "--fault", fault.format(name=name)
            ) as facts:
                reading = reads.read(source, facts, 0.02, grown=int(title == "list moves"))
            cost = reading.listing
            print(
                f"{source.title:36} {title:12} {cost.requests:8} {cost.retries:8} {cost.throttled:9} "
                f"{reading.seconds:8.2f}",
                flush=True,
            )


def measure_modules(names: list[str]) -> None:
    """Whole modules, as Ansible starts them."""
    print("\nMemory of a module above that of the same module reading next to nothing")
    for name in names:
        source = SOURCES[name]
        with running_simulator(*(("--clumio-tasks", "1", "--veeam-sessions", "1", "--petadata-tasks", "1"))) as facts:
            idle = modules.peak_memory(source, facts).peak
        with running_simulator(*source.simulator) as facts:
            read = reads.read(source, facts, 0)
            whole = modules.peak_memory(source, facts)
        above = whole.peak - idle
        print(
            f"{source.title:36} {above / 2**20:7.0f} MiB for {read.bytes / 2**20:5.1f} MiB of answers "
            f"({above / read.bytes:.1f} x), {whole.printed / 2**20:.1f} MiB printed",
            flush=True,
        )
    with running_simulator("--clumio-tasks", "100") as facts:
        ours, uri = modules.ad_hoc(facts)
        print(
            f"\nAd hoc, one page: {ours:.2f} s, ansible.builtin.uri {uri:.2f} s, ratio {ours / uri:.2f} (medians of 5)"
        )
        per_page = peers.uri_loop(facts)
        print(
            f"A loop of ansible.builtin.uri takes {per_page:.2f} s a page: {per_page * 1001:.0f} s for 1,001 requests"
        )
    for name in names:
        with running_simulator(*SOURCES[name].simulator) as facts:
            vendor = peers.vendor_client(name, facts)
        if vendor:
            print(f"{SOURCES[name].title}: the client on PyPI takes {vendor[0]:.2f} s for {vendor[1]:,} records")


def export_tasks() -> None:
    """`backup_export` of a million tasks, twice: the second time the file is there already, and is compared."""
    print(f"\nbackup_export of {EXPORTED:,} Clumio tasks, no latency")
    print(f"{'format':8} {'seconds':>8} {'peak memory':>12} {'file':>10}   with the file there")
    with running_simulator("--clumio-tasks", str(EXPORTED)) as facts:
        for form in ("jsonl", "csv"):
            with TemporaryDirectory() as folder:
                first, again = (modules.export(facts, folder, form) for _turn in range(2))
            if first.result["matched"] != EXPORTED or not first.result["complete"] or again.result["changed"]:
                raise SystemExit(f"not what was there: {first.result} {again.result}")
            print(
                f"{form:8} {first.seconds:8.1f} {first.peak / 2**20:8.0f} MiB {first.result['size'] / 2**20:6.0f} MiB"
                f"   {again.seconds:.1f} s, {again.peak / 2**20:.0f} MiB",
                flush=True,
            )


if __name__ == "__main__":
    main()
