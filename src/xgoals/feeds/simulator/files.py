"""Simulated matches as the files of a feed, a folder a match: what such a source looks like before one has it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from xgoals.domain.scene import MatchRecord
from xgoals.feeds.simulator.dfl_writer import write_dfl_match
from xgoals.feeds.simulator.provider_game import Manner
from xgoals.feeds.simulator.provider_writer import write_opta_tracab, write_statsperform_ma25

FileFeed = Literal["dfl", "opta", "statsperform"]
"""Feeds whose files can be simulated: DFL with its positions, Opta with TRACAB, Stats Perform with MA25."""
RATE_HZ: dict[FileFeed, int] = {"opta": 25, "statsperform": 10}
"""The usual rates of the tracking beside these; that of the DFL is always 25."""


def write_matches(
    feed: FileFeed, records: Iterable[MatchRecord], folder: Path, *, seed: int, manner: Manner | None = None
) -> int:
    """Write matches as files that a feed reads; how many they were.

    Parameters
    ----------
    feed
        Whose files.
    records
        What is told; of the DFL's a match has about 8 MB, of the others' 10 to 15 MB.
    folder
        Gets a folder for each match, called by its id.
    seed
        The same seed gives the same bytes.
    manner
        Rate, clocks, holes in the ball; of Opta and Stats Perform only.
    """
    n = 0
    for n, record in enumerate(records, start=1):
        target, of_match = folder / record.match.match_id, seed + n
        if feed == "dfl":
            write_dfl_match(record, target, seed=of_match)
            continue
        write = write_opta_tracab if feed == "opta" else write_statsperform_ma25
        write(record, target, seed=of_match, manner=manner or Manner(rate_hz=RATE_HZ[feed]))
    return n
