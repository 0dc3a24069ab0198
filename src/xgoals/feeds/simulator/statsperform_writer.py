"""A simulated match as Stats Perform files: match and line-ups (MA1) and events (MA3), in JSON."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from xgoals.domain.match import Team
from xgoals.feeds.simulator.dfl_text import Game
from xgoals.feeds.simulator.opta_text import TYPES, place, qualifiers
from xgoals.feeds.simulator.opta_writer import END, HALF_MIN, START
from xgoals.feeds.simulator.provider_game import (
    MARK,
    Manner,
    event_time,
    length_s,
    letters_of,
    number_of,
    shirts,
    squad_of,
)

Json = dict[str, Any]


def write_statsperform(rng: np.random.Generator, game: Game, manner: Manner, folder: Path) -> dict[str, Path]:
    """Write ``{match}_ma1.json`` and ``{match}_ma3.json``.

    Parameters
    ----------
    rng
        The match's random stream.
    game, manner
        What is told, and how.
    folder
        Where the files go.
    """
    parts = {
        "ma1": {
            "matchDetails": _details(game),
            "lineUp": [_line_up(game, team) for team in game.record.teams],
        },
        "ma3": {"matchDetails": _details(game), "event": list(_events(rng, game, manner))},
    }
    files = {}
    for kind, live in parts.items():
        files[kind] = folder / f"{letters_of(game.match.match_id)}_{kind}.json"
        told = {**MARK, "matchInfo": _info(game), "liveData": live}
        files[kind].write_text(json.dumps(told), encoding="utf-8")
    return files


def _info(game: Game) -> Json:
    match, start = game.match, game.starts[1]
    return {
        "id": letters_of(match.match_id),
        "date": f"{start:%Y-%m-%d}Z",
        "time": f"{start:%H:%M:%S}Z",
        "localDate": f"{start:%Y-%m-%d}",
        "localTime": f"{start:%H:%M:%S}",
        "week": str(match.matchday or ""),
        "numberOfPeriods": 2,
        "periodLength": HALF_MIN,
        "lastUpdated": _stamp(start + timedelta(hours=3)),
        "description": f"{match.home.name} vs {match.away.name}",
        "competition": {"id": match.competition_id, "name": match.competition},
        "tournamentCalendar": {"id": match.season_id, "name": match.season},
        "contestant": [
            {"id": team.team_id, "name": team.name, "position": side}
            for team, side in ((match.home, "home"), (match.away, "away"))
        ],
    }


def _details(game: Game) -> Json:
    match = game.match
    periods = [
        {
            "id": period,
            "start": f"{start:%Y-%m-%dT%H:%M:%SZ}",
            "end": f"{start + timedelta(seconds=length_s(game, period)):%Y-%m-%dT%H:%M:%SZ}",
            "lengthMin": int(length_s(game, period)) // 60,
            "lengthSec": int(length_s(game, period)) % 60,
        }
        for period, start in sorted(game.starts.items())
    ]
    score = {"home": match.home_score, "away": match.away_score}
    return {
        "periodId": 14,
        "matchStatus": "Played",
        "period": periods,
        "scores": {"ft": score, "total": score},
    }


def _line_up(game: Game, team: Team) -> Json:
    numbers = shirts(game)
    return {
        "contestantId": team.team_id,
        "formationUsed": "433",
        "player": [
            {
                "playerId": player,
                "firstName": first,
                "lastName": last,
                "shortFirstName": first,
                "shortLastName": last,
                "matchName": f"{first[:1]}. {last}",
                "shirtNumber": numbers[player],
                "position": "Goalkeeper"
                if player in game.keepers
                else "Midfielder"
                if i < 11
                else "Substitute",
            }
            for i, (player, first, last) in enumerate(squad_of(game, team))
        ],
    }


def _events(rng: np.random.Generator, game: Game, manner: Manner) -> Iterator[Json]:
    number = 0
    for period, start in sorted(game.starts.items()):
        for kind, at in ((START, start), (END, start + timedelta(seconds=length_s(game, period)))):
            for team in game.record.teams:
                number += 1
                yield _event(number, kind, period, at - start, at, team.team_id)
    for timed in game.shots:
        number += 1
        shot, at = timed.shot, event_time(game, timed, manner)
        x, y = place(rng, shot, manner.place_sd_m)
        event = _event(
            number, TYPES[shot.outcome], shot.period, at - game.starts[shot.period], at, shot.team_id
        )
        found = [
            {"id": 1000 * number + q, "qualifierId": q, **({"value": value} if value else {})}
            for q, value in qualifiers(shot)
        ]
        yield event | {
            "id": int(number_of(shot.shot_id)),
            "playerId": shot.player_id,
            "x": x,
            "y": y,
            "qualifier": found,
        }


def _event(number: int, kind: int, period: int, into: timedelta, at: datetime, team_id: str) -> Json:
    seconds = int(into.total_seconds())
    return {
        "id": 10_000_000_000 + number,
        "eventId": number,
        "typeId": kind,
        "periodId": period,
        "timeMin": HALF_MIN * (period - 1) + seconds // 60,
        "timeSec": seconds % 60,
        "contestantId": team_id,
        "outcome": 1,
        "x": 0.0,
        "y": 0.0,
        "timeStamp": _stamp(at),
        "lastModified": _stamp(at),
        "qualifier": [],
    }


def _stamp(time: datetime) -> str:
    return time.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
