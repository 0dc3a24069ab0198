"""How many shots of two providers get a frame, and the right one, under all that clocks, rates and cameras do.

    python benchmarks/bench_frames.py --to docs/feeds-tracking.md     all rows, on the seasons of `SEASONS`
    python benchmarks/bench_frames.py --seasons 21 22 --rows 4 5      some rows on other seasons

Simulated matches whose true frames are known (`xgoals.feeds.simulator.provider_writer`), read by the feeds as anybody's
files are. Nothing in the synchronisation was chosen on the matches of `SEASONS`: who changes it on them, names others.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path

import numpy as np
from common import write_section
from scipy.stats import binomtest

from xgoals.domain.scene import FrameSource, MatchRecord
from xgoals.feeds.simulator import simulate_matchday
from xgoals.feeds.simulator.provider_game import Manner, Told
from xgoals.feeds.simulator.provider_writer import write_opta_tracab, write_statsperform_ma25

WRITERS = {"opta": write_opta_tracab, "statsperform": write_statsperform_ma25}
FORMATS = {"opta": "TRACAB", "statsperform": "MA25"}
SEASONS = (13, 14)
HEADING = "How many frames are found, and how right they are"
WITHIN, FAR = (1, 3), 8


@dataclass(frozen=True)
class Row:
    """A way in which matches are told."""

    name: str
    feed: str
    manner: Manner


ROWS = (
    Row("25 Hz, clock +12 s", "opta", Manner(clock_s=12.0)),
    Row("25 Hz, clock -12 s, whole seconds", "statsperform", Manner(rate_hz=25, clock_s=-12.0, whole_seconds=True)),
    Row("25 Hz, clock +4 s that gains 3 s in 45 min", "opta", Manner(clock_s=4.0, drift_s=3.0)),
    Row("10 Hz, clock +12 s, whole seconds", "statsperform", Manner(rate_hz=10, clock_s=12.0, whole_seconds=True)),
    Row("10 Hz, clock -12 s that loses 3 s in 45 min", "statsperform", Manner(rate_hz=10, clock_s=-12.0, drift_s=-3.0)),
    Row("10 Hz, clock -4 s", "opta", Manner(rate_hz=10, clock_s=-4.0)),
    Row("5 Hz, clock +12 s", "statsperform", Manner(rate_hz=5, clock_s=12.0)),
    Row("25 Hz, places of the events 3 m worse", "opta", Manner(clock_s=12.0, place_sd_m=3.2)),
    Row("10 Hz, places of the events 3 m worse", "statsperform", Manner(rate_hz=10, clock_s=-12.0, place_sd_m=3.2)),
    Row("25 Hz, ball missing in 15 %", "opta", Manner(clock_s=-12.0, ball_missing=0.15)),
    Row("10 Hz, ball missing in 15 %, whole seconds", "statsperform",
        Manner(rate_hz=10, clock_s=12.0, whole_seconds=True, ball_missing=0.15)),
    Row("25 Hz, ball missing in 40 %", "opta", Manner(clock_s=12.0, ball_missing=0.4)),
    Row("10 Hz, ball missing in 40 %", "statsperform", Manner(rate_hz=10, clock_s=-12.0, ball_missing=0.4)),
    Row("like broadcast: 10 Hz, 0.5 m noise, ball missing in 15 %", "statsperform",
        Manner(rate_hz=10, clock_s=12.0, noise_m=0.5, ball_missing=0.15)),
)  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """What came of a row: shots, and by how many frames each that has one is off."""

    row: Row
    n_shots: int
    off: tuple[int, ...]

    def line(self) -> str:
        """Of the table."""
        off = np.array(self.off)
        n = len(off)
        shares = [f"{np.mean(off <= limit):.1%}" if n else "" for limit in WITHIN]
        sure = binomtest(int((off <= WITHIN[-1]).sum()), n).proportion_ci(method="wilson") if n else None
        interval = f" ({sure.low:.1%} to {sure.high:.1%})" if sure else ""
        cells = [f"{FORMATS[self.row.feed]} {self.row.name}", f"{self.n_shots}", f"{n / self.n_shots:.1%}", shares[0],
                 f"{shares[1]}{interval}", f"{(off > FAR).sum()}"]  # fmt: skip
        return f"| {' | '.join(cells).replace('%', ' %').replace('  ', ' ')} |"


@cache
def matches(seasons: tuple[int, ...]) -> list[tuple[int, MatchRecord]]:
    """The first matchday of each season, with a seed for each match."""
    return [
        (100 * season + number, record)
        for season in seasons
        for number, record in enumerate(simulate_matchday(season, 1))
    ]


def frames_off(row: Row, record: MatchRecord, seed: int) -> list[int]:
    """By how many frames each shot that gets a frame is off."""
    with tempfile.TemporaryDirectory() as folder:
        told: Told = WRITERS[row.feed](record, Path(folder), seed=seed, manner=row.manner)
        feed = import_module(f"xgoals.feeds.{row.feed}")
        (delivery,), _ = feed.discover(Path(folder))
        read, _ = feed.read_match(delivery)
    return [
        abs(scene.frame_n - told.frames[scene.shot_id])
        for scene in read.scenes
        if scene.frame_source is FrameSource.FOUND
    ]


def count(row: Row, seasons: Sequence[int]) -> Counted:
    """A row on all matches of some seasons."""
    off, n_shots = list[int](), 0
    for seed, record in matches(tuple(seasons)):
        off += frames_off(row, record, seed)
        n_shots += len(record.shots)
    return Counted(row, n_shots, tuple(off))


def section(counted: Sequence[Counted], seasons: Sequence[int]) -> str:
    """The table for the page."""
    head = (
        "| tracking | shots | with a frame | of these within 1 | within 3 (95 % interval) | more than 8 off |\n"
        "| --- | --- | --- | --- | --- | --- |\n"
    )
    told = f"seasons {', '.join(map(str, seasons))} of the simulator, {date.today():%-d %B %Y}"
    about = (
        f"`make bench-frames`, {told}: matches on which nothing was chosen. Clocks are off by what the row says\n"
        "beside the operator's usual error (0.8 s late, sd 1.7 s); places of events by 1.2 m on each axis, cameras by\n"
        "0.05 m, where nothing else is said. A frame is 0.04 s."
    )
    return f"{about}\n\n{head}" + "\n".join(one.line() for one in counted)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seasons", type=int, nargs="+", default=list(SEASONS))
    parser.add_argument("--rows", type=int, nargs="+", default=list(range(1, len(ROWS) + 1)))
    parser.add_argument("--to", type=Path, help="page whose section is written anew")
    parser.add_argument("--json", type=Path, help="by how many frames each is off")
    options = parser.parse_args()
    counted = []
    for number in options.rows:
        counted.append(count(ROWS[number - 1], options.seasons))
        print(number, counted[-1].line(), flush=True)
    if options.json:
        options.json.write_text(json.dumps({one.row.name: one.off for one in counted}))
    if options.to:
        write_section(options.to, HEADING, section(counted, options.seasons))


if __name__ == "__main__":
    main()
