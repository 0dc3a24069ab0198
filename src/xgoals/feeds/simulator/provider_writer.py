"""A simulated match as two providers tell it: events of one, tracking of another.

``write_opta_tracab`` gives F24 and F7 with TRACAB beside them, ``write_statsperform_ma25`` MA1 and MA3 with MA25. The
same seed writes the same bytes.
"""

from pathlib import Path

import numpy as np

from xgoals.domain.scene import MatchRecord
from xgoals.feeds.simulator.dfl_text import FIRST_FRAME
from xgoals.feeds.simulator.ma25_writer import write_ma25
from xgoals.feeds.simulator.opta_writer import write_opta
from xgoals.feeds.simulator.provider_game import Manner, Told, drawn_game, number_of
from xgoals.feeds.simulator.statsperform_writer import write_statsperform
from xgoals.feeds.simulator.tracab_writer import first_frames, write_tracab

USUAL = Manner()
TEN_HERTZ = Manner(rate_hz=10)


def write_opta_tracab(record: MatchRecord, folder: Path, *, seed: int, manner: Manner = USUAL) -> Told:
    """Write F24, F7, TRACAB positions and metadata of one match.

    Parameters
    ----------
    record
        Every shot has a place, an event time and a scene with a frame number and a clock offset.
    folder
        Where the files go; made if need be.
    seed
        The same seed gives the same bytes.
    manner
        Rate, clocks, holes.
    """
    rng = np.random.default_rng(seed)
    game = drawn_game(rng, record)
    folder.mkdir(parents=True, exist_ok=True)
    files = write_opta(rng, game, manner, folder)
    files["tracab"], files["tracab_metadata"] = write_tracab(rng, game, manner, folder)
    starts = first_frames(game, manner) if manner.rate_hz == USUAL.rate_hz else FIRST_FRAME
    ids = [player.player_id for player in record.players] + [team.team_id for team in record.teams]
    ids += [shot.shot_id for shot in record.shots]
    frames = {
        number_of(timed.shot.shot_id): starts[timed.shot.period] + timed.n - FIRST_FRAME[timed.shot.period]
        for timed in game.shots
    }
    return Told(files, frames, {our_id: number_of(our_id) for our_id in ids}, game)


def write_statsperform_ma25(
    record: MatchRecord, folder: Path, *, seed: int, manner: Manner = TEN_HERTZ
) -> Told:
    """Write MA1, MA3 and MA25 of one match; parameters as in `write_opta_tracab`."""
    rng = np.random.default_rng(seed)
    game = drawn_game(rng, record)
    folder.mkdir(parents=True, exist_ok=True)
    files = write_statsperform(rng, game, manner, folder)
    files["ma25"] = write_ma25(rng, game, manner, folder)
    ids = {shot.shot_id: number_of(shot.shot_id) for shot in record.shots}
    same = {player.player_id: player.player_id for player in record.players}
    frames = {ids[timed.shot.shot_id]: timed.n for timed in game.shots}
    return Told(files, frames, ids | same | {t.team_id: t.team_id for t in record.teams}, game)
