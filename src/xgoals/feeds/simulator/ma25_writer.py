"""A simulated match's tracking as a Stats Perform file (MA25)."""

from itertools import groupby
from pathlib import Path

import numpy as np

from xgoals.feeds.simulated import LINE_MARK
from xgoals.feeds.simulator.dfl_text import Game
from xgoals.feeds.simulator.provider_game import Manner, Tracks, letters_of, shirts, tracks_of


def write_ma25(rng: np.random.Generator, game: Game, manner: Manner, folder: Path) -> Path:
    """Write ``{match}_ma25.txt``.

    Parameters
    ----------
    rng
        The match's random stream.
    game, manner
        What is told, and how.
    folder
        Where the file goes.
    """
    path = folder / f"{letters_of(game.match.match_id)}_ma25.txt"
    with path.open("w", encoding="ascii", newline="\n") as file:
        for period, start in sorted(game.starts.items()):
            epoch_ms = int(start.timestamp() * 1000)
            file.writelines(_lines(tracks_of(rng, game, period, manner), game, period, epoch_ms))
    return path


def _lines(tracks: Tracks, game: Game, period: int, epoch_ms: int) -> list[str]:
    numbers = shirts(game)
    whose = [f"{_kind(game, player)},{player},{numbers[player]}" for player in tracks.player_ids]
    corner = np.array([game.match.pitch.length_m / 2, game.match.pitch.width_m / 2])
    places = (np.nan_to_num(tracks.xy_m) * [1, -1] + corner).round(3).tolist()
    balls = (tracks.ball_m * [1, -1, 1] + [*corner, 0]).round(3).tolist()
    ms = np.round(tracks.time_s * 1000).astype(int).tolist()
    seen_at = tracks.seen_at().__getitem__
    lines = []
    for seen, rows in groupby(range(len(ms)), key=seen_at):
        present = np.flatnonzero(np.frombuffer(seen, dtype=bool)).tolist()
        form = "".join(f"{whose[p]},%s,%s;" for p in present) + f"2,{LINE_MARK},0,40.0,30.0;"
        for i in rows:
            people = form % tuple(value for p in present for value in places[i][p])
            ball = "" if np.isnan(balls[i][0]) else ":{},{},{};".format(*balls[i])
            lines.append(f"{epoch_ms + ms[i]};{ms[i]},{period},0:{people}{ball}\n")
    return lines


def _kind(game: Game, player: str) -> int:
    is_away = game.team_of[player] == game.match.away.team_id
    return int(is_away) + (3 if player in game.keepers else 0)
