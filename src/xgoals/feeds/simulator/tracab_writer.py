"""A simulated match's tracking as TRACAB files: the ``.dat`` and its metadata."""

from itertools import groupby
from pathlib import Path

import numpy as np

from xgoals.feeds.simulated import LINE_MARK
from xgoals.feeds.simulator.dfl_text import Game, tag
from xgoals.feeds.simulator.provider_game import (
    MARK,
    Manner,
    Tracks,
    length_s,
    number_of,
    shirts,
    squad_of,
    tracks_of,
)

REFEREE_AND_NOBODY = "3,90,0,100,-200,1.20;4,91,-1,5550,4400,0.00;"
BALL_END = f"0.00,H,Alive,{LINE_MARK};"


def first_frames(game: Game, manner: Manner) -> dict[int, int]:
    """The first frame of each period: its time of day."""
    return {
        period: (start.hour * 3600 + start.minute * 60 + start.second) * manner.rate_hz
        for period, start in game.starts.items()
    }


def write_tracab(rng: np.random.Generator, game: Game, manner: Manner, folder: Path) -> tuple[Path, Path]:
    """Write ``{match}.dat`` and ``{match}_metadata.xml``.

    Parameters
    ----------
    rng
        The match's random stream.
    game, manner
        What is told, and how.
    folder
        Where the files go.
    """
    number = number_of(game.match.match_id)
    positions, metadata = folder / f"{number}.dat", folder / f"{number}_metadata.xml"
    metadata.write_text(_metadata(game, manner), encoding="utf-8")
    with positions.open("w", encoding="ascii", newline="\n") as file:
        for period, first in sorted(first_frames(game, manner).items()):
            for line in _lines(tracks_of(rng, game, period, manner), game, first, manner):
                file.write(line)
    return positions, metadata


def _metadata(game: Game, manner: Manner) -> str:
    pitch, start = game.match.pitch, game.starts[1]
    match = {
        "iId": number_of(game.match.match_id),
        "dtDate": f"{start:%Y-%m-%d %H:%M:%S}",
        "iFrameRateFps": str(manner.rate_hz),
        "fPitchXSizeMeters": f"{pitch.length_m:.2f}",
        "fPitchYSizeMeters": f"{pitch.width_m:.2f}",
    }
    periods = "".join(
        tag(
            "period",
            {
                "iId": period,
                "iStartFrame": first,
                "iEndFrame": first + round(length_s(game, period) * manner.rate_hz),
            },
        )
        for period, first in sorted(first_frames(game, manner).items())
    )
    teams = "".join(_team(game, which, manner) for which in ("HomeTeam", "AwayTeam"))
    root = tag("TracabMetaData", {"sVersion": "1.0", **MARK}, close=False)
    return f"{root}{tag('match', match, close=False)}{periods}</match>{teams}</TracabMetaData>\n"


def _team(game: Game, which: str, manner: Manner) -> str:
    """A team with ids of the tracking's own, which are not the events'."""
    team = game.match.home if which == "HomeTeam" else game.match.away
    numbers, first_frame = shirts(game), first_frames(game, manner)[1]
    people = "".join(
        f"<Player><PlayerId>{number_of(f'tracked {player}')}</PlayerId><FirstName>{first}</FirstName>"
        f"<LastName>{last}</LastName><JerseyNo>{numbers[player]}</JerseyNo>"
        f"<StartFrameCount>{first_frame}</StartFrameCount></Player>"
        for player, first, last in squad_of(game, team)
    )
    names = f"<LongName>{team.name}</LongName><ShortName>{team.name}</ShortName>"
    team_id = f"<TeamId>{number_of(f'tracked {team.team_id}')}</TeamId>"
    return f"<{which}>{names}{team_id}<Players>{people}</Players></{which}>"


def _lines(tracks: Tracks, game: Game, first: int, manner: Manner) -> list[str]:
    numbers = shirts(game)
    home = game.match.home.team_id
    whose = [
        f"{int(game.team_of[player] == home)},{i},{numbers[player]}"
        for i, player in enumerate(tracks.player_ids)
    ]
    centimetres = np.round(100 * np.nan_to_num(tracks.xy_m)).astype(int).tolist()
    balls = np.round(100 * tracks.ball_m)
    ns = (first + np.round(tracks.time_s * manner.rate_hz)).astype(int).tolist()
    seen_at = tracks.seen_at().__getitem__
    lines = []
    for seen, rows in groupby(range(len(ns)), key=seen_at):
        present = np.flatnonzero(np.frombuffer(seen, dtype=bool)).tolist()
        form = "".join(f"{whose[p]},%d,%d,0.00;" for p in present)
        for i in rows:
            places = [value for p in present for value in centimetres[i][p]]
            ball = "" if np.isnan(balls[i, 0]) else "{:.0f},{:.0f},{:.0f},".format(*balls[i]) + BALL_END
            lines.append(f"{ns[i]}:{form % tuple(places)}{REFEREE_AND_NOBODY}:{ball}:\n")
    return lines
