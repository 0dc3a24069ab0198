"""One shot of the simulated league as the frame finder sees it: its seven terms, frame by frame.

    python benchmarks/shot_frame_terms.py --to docs/feeds-dfl.md

The simulator writes a match without official frames, the reader reads it, and what the finder was shown of one shot is
drawn: the true frame is known. No clock and no machine come into it: the same command gives the same picture.
"""

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np
from common import write_section

from xgoals.domain.shot import Outcome
from xgoals.feeds.dfl import discover, read_delivery
from xgoals.feeds.simulator import simulate_matchday
from xgoals.feeds.simulator.dfl_writer import write_dfl_match
from xgoals.feeds.synchronise.grid import FRAME_RATE_HZ
from xgoals.feeds.synchronise.shot_frame import (
    NEIGHBOURS,
    NONE_OF_THESE,
    ShotWindow,
    Terms,
    find_shot_frame,
    likelihood_terms,
)

HEADING = "One shot's seven terms"
SEASON, MATCHDAY, MATCH, SEED = 3, 1, 0, 300
FRAMES_A_CHARACTER = 5
LEVELS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True)
class Example:
    """A window of the finder, and the index of the true frame in it."""

    window: ShotWindow
    true_index: int


def example() -> Example:
    """The first shot of the match that was saved after the event's clock had gone wrong by a second or more."""
    record = simulate_matchday(SEASON, MATCHDAY)[MATCH]
    with (
        tempfile.TemporaryDirectory() as folder,
        patch("xgoals.feeds.dfl.tracking.find_shot_frame", wraps=find_shot_frame) as finder,
    ):
        truth = write_dfl_match(record, Path(folder), seed=SEED, official_share=0.0)
        read = read_delivery(discover(Path(folder))[0][0]).record
    windows = [call.args[0] for call in finder.call_args_list]
    for shot, scene, window in zip(read.shots, read.scenes, windows, strict=True):
        found = find_shot_frame(window)
        if shot.outcome is Outcome.SAVED and abs(scene.clock_offset_s or 0.0) > 1 and found is not None:
            return Example(window, found.index + truth.frames[shot.shot_id] - scene.frame_n)
    raise LookupError("no such shot in this match")


def curve(values: np.ndarray) -> str:
    """Values as blocks: the highest is the term's best, each one lower costs a factor of e; blank: not seen."""
    n = -(-len(values) // FRAMES_A_CHARACTER)
    padded = np.full(n * FRAMES_A_CHARACTER, np.nan)
    padded[: len(values)] = values
    best = np.nanmax(values)
    out = []
    for part in padded.reshape(n, -1):
        seen = part[~np.isnan(part)]
        level = len(LEVELS) - 1 - int(min(best - seen.max(), len(LEVELS) - 1)) if len(seen) else None
        out.append(" " if level is None else LEVELS[level])
    return "".join(out).rstrip()


def picture(case: Example, terms: Terms) -> str:
    """The seven curves and their sum, under a line of seconds from the true frame."""
    total = np.sum(terms, axis=0)
    n = -(-len(total) // FRAMES_A_CHARACTER)
    seconds = [" "] * n
    event_at = int(case.window.event_index) // FRAMES_A_CHARACTER
    marks = {case.true_index // FRAMES_A_CHARACTER: "S", event_at: "E"}
    for at, mark in marks.items():
        seconds[at] = mark
    lines = [f"{'':10}{''.join(seconds).rstrip()}"]
    lines += [f"{name:10}{curve(values)}" for name, values in zip(terms._fields, terms, strict=True)]
    return "\n".join([*lines, f"{'sum':10}{curve(total)}"])


def table(case: Example, terms: Terms) -> str:
    """The terms at a few frames, and each frame's share of all likelihood."""
    total = np.sum(terms, axis=0)
    frames = np.arange(len(total))
    far = np.where(np.abs(frames - case.true_index) > NEIGHBOURS, total, np.nan)
    chosen = {
        "the shot": case.true_index,
        "a frame before": case.true_index - 1,
        "half a second before": case.true_index - FRAME_RATE_HZ // 2,
        "the best frame elsewhere": int(np.nanargmax(far)),
        "the event's time": int(case.window.event_index),
    }
    weight = np.exp(total - np.nanmax(total))
    share = weight / (np.nansum(weight) + np.exp(NONE_OF_THESE - np.nanmax(total)))
    rows = [
        ("seconds from the shot", [f"{(i - case.true_index) / FRAME_RATE_HZ:+.2f}" for i in chosen.values()])
    ]
    rows += [
        (name, [f"{values[i] + 0.0:.1f}".replace("-0.0", "0.0") for i in chosen.values()])
        for name, values in zip(terms._fields, terms, strict=True)
    ]
    rows += [
        ("**sum**", [f"**{total[i]:.1f}**" for i in chosen.values()]),
        ("share of the likelihood", [f"{share[i]:.3f}" for i in chosen.values()]),
    ]
    head = ["", *chosen]
    lines = [f"| {' | '.join(head)} |", f"| {' | '.join(['---'] * len(head))} |"]
    return "\n".join([*lines, *(f"| {name} | {' | '.join(cells)} |" for name, cells in rows)])


def section() -> str:
    """The section of the page."""
    case = example()
    terms = likelihood_terms(case.window)
    found = find_shot_frame(case.window)
    assert found is not None
    off = found.index - case.true_index
    return f"""A saved shot of the simulated league, whose true frame is known (S); the event's clock is at E. Every
column is {FRAMES_A_CHARACTER} frames (0.2 s) of the window. The highest block is a term's best, each step down divides
the likelihood by e, the lowest stands for everything below. Each term has several moments to offer, their sum has one.
"Elsewhere" is more than {NEIGHBOURS} frames away.

```
{picture(case, terms)}
```

{table(case, terms)}

Found: {off:+d} frames from the truth, confidence {found.confidence:.2f}. Written by
`python benchmarks/shot_frame_terms.py --to docs/feeds-dfl.md`.
"""


def main() -> None:
    """Print the section, or write it into a page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--to", type=Path, help="the page to write into")
    to = parser.parse_args().to
    if to is None:
        print(section())
    else:
        write_section(to, HEADING, section())


if __name__ == "__main__":
    main()
