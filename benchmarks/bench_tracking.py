"""CPU and memory of a match of two providers: ours, by windows around the shots, beside kloppy's whole file.

    python benchmarks/bench_tracking.py --to docs/feeds-tracking.md     all, and the section of the page
    python benchmarks/bench_tracking.py --quick                         kloppy takes the first 20,000 frames

One simulated match of two whole halves (some 141,000 frames at 25 Hz) a format. Ours is all that `xgoals ingest` does
before it stores: events, line-ups, windows, the frames of all shots, scenes, clips, hashes. kloppy reads the tracking
alone, in the provider's own coordinates, which is its fastest way. Every method runs in a process of its own, one after
the other in the same run; CPU is user + system of that process after its imports, memory its highest resident set.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from bench_frames import WRITERS
from bench_ingest import peak_memory_mb
from common import load, machine, write_section

from xgoals.feeds.simulator import simulate_matchday
from xgoals.feeds.simulator.provider_game import Manner

HEADING = "What a match costs"
CPU_S, MEMORY_MB = 4.0, 250
QUICK_FRAMES = 20_000


@dataclass(frozen=True)
class Case:
    """A tracking file beside the events of a feed."""

    name: str
    feed: str
    rate_hz: int
    pattern: str


CASES = (
    Case("TRACAB, 25 Hz", "opta", 25, "*.dat"),
    Case("MA25, 25 Hz", "statsperform", 25, "*_ma25.txt"),
    Case("MA25, 10 Hz", "statsperform", 10, "*_ma25.txt"),
)


@dataclass(frozen=True)
class Figures:
    """What a method took."""

    cpu_s: float
    memory_mb: float
    result: str


def ours(case: Case, folder: Path, _: int | None) -> Callable[[], str]:
    """The whole match, as `xgoals ingest` reads it."""
    feed = import_module(f"xgoals.feeds.{case.feed}")

    def work() -> str:
        record = feed.read_delivery(feed.discover(folder)[0][0]).record
        return f"{len(record.clips)} of {len(record.shots)} shots with a frame"

    return work


def kloppys(case: Case, folder: Path, limit: int | None) -> Callable[[], str]:
    """All frames of the tracking file."""
    from kloppy import statsperform, tracab

    (path,) = folder.glob(case.pattern)
    warnings.simplefilter("ignore")

    def work() -> str:
        if case.feed == "opta":
            (meta,) = folder.glob("*_metadata.xml")
            data = tracab.load(
                meta_data=str(meta), raw_data=str(path), coordinates="tracab", only_alive=False, limit=limit
            )
        else:
            (ma1,) = folder.glob("*_ma1.json")
            data = statsperform.load_tracking(
                ma1_data=str(ma1), ma25_data=str(path), pitch_length=105, pitch_width=68, coordinates="sportvu",
                only_alive=False, limit=limit,
            )  # fmt: skip
        return f"{len(data.records):,} frames"

    return work


METHODS = {"xgoals": ours, "kloppy": kloppys}


def measure_here(method: str, case: Case, folder: Path, limit: int | None) -> None:
    """One method in this process; its figures as JSON on the last line."""
    work = METHODS[method](case, folder, limit)
    cpu = time.process_time()
    result = work()
    print(json.dumps([time.process_time() - cpu, peak_memory_mb(), result]))


def measured(method: str, number: int, folder: Path, limit: int | None) -> Figures:
    """A method in a process of its own."""
    command = [sys.executable, __file__, "--method", method, "--case", str(number), "--folder", str(folder)]
    command += ["--limit", str(limit)] if limit else []
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return Figures(*json.loads(output.splitlines()[-1]))


def compare(number: int, limit: int | None) -> dict[str, Figures]:
    """Both methods on one case."""
    case = CASES[number]
    record = min(simulate_matchday(1, 1), key=lambda record: abs(len(record.shots) - 30))
    with tempfile.TemporaryDirectory() as folder:
        manner = Manner(rate_hz=case.rate_hz, clock_s=12.0, whole_halves=True)
        WRITERS[case.feed](record, Path(folder), seed=7, manner=manner)
        found = {method: measured(method, number, Path(folder), limit) for method in METHODS}
    for method, figures in found.items():
        told = f"{figures.cpu_s:7.2f} s CPU {figures.memory_mb:6.0f} MB   {figures.result}"
        print(f"{case.name:15} {method:7} {told}", flush=True)
    return found


def section(found: Sequence[dict[str, Figures]], limit: int | None) -> str:
    """The table for the page."""
    lines = [
        "| | xgoals: events, frames, scenes, clips | kloppy: the tracking alone | CPU, times | memory, times |",
        "| --- | --- | --- | --- | --- |",
    ]
    for case, of_case in zip(CASES, found, strict=True):
        we, they = of_case["xgoals"], of_case["kloppy"]
        told = (f"{f.cpu_s:.1f} s CPU, {f.memory_mb:,.0f} MB ({f.result})" for f in (we, they))
        ratios = f"{they.cpu_s / we.cpu_s:.0f} | {they.memory_mb / we.memory_mb:.1f}"
        lines.append(f"| {case.name} | {' | '.join(told)} | {ratios} |")
    about = (
        f"`make bench-tracking`, {date.today():%-d %B %Y}: one simulated match of two whole halves a format, kloppy\n"
        f"{version('kloppy')} in the provider's own coordinates{', its first frames only' if limit else ''}, each in a "
        f"process of its own in the same run;\n{machine()}; {load()} processes wanted a core meanwhile."
    )
    return f"{about}\n\n" + "\n".join(lines)


def verdict(found: Sequence[dict[str, Figures]]) -> int:
    """0 where every match is within what is promised."""
    worst_s = max(of_case["xgoals"].cpu_s for of_case in found)
    worst_mb = max(of_case["xgoals"].memory_mb for of_case in found)
    print(f"{'ok  ' if worst_s <= CPU_S else 'MISS'} at most {CPU_S} s CPU a match: {worst_s:.2f}")
    print(f"{'ok  ' if worst_mb <= MEMORY_MB else 'MISS'} at most {MEMORY_MB} MB: {worst_mb:.0f}")
    return 0 if worst_s <= CPU_S and worst_mb <= MEMORY_MB else 1


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--to", type=Path, help="page whose section is written anew")
    parser.add_argument("--method", choices=METHODS, help=argparse.SUPPRESS)
    parser.add_argument("--case", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--limit", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.method:
        measure_here(options.method, CASES[options.case], options.folder, options.limit)
        return 0
    limit = QUICK_FRAMES if options.quick else None
    found = [compare(number, limit) for number in range(len(CASES))]
    if options.to:
        write_section(options.to, HEADING, section(found, limit))
    return verdict(found)


if __name__ == "__main__":
    raise SystemExit(main())
