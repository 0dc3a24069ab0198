"""A simulated match as Opta files: results and line-ups (F7) and events (F24)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from xgoals.domain.match import Team
from xgoals.feeds.simulator.dfl_text import Game, tag
from xgoals.feeds.simulator.opta_text import TYPES, place, qualifiers
from xgoals.feeds.simulator.provider_game import (
    MARK,
    Manner,
    event_time,
    length_s,
    number_of,
    shirts,
    squad_of,
)

START, END, LINE_UP, PASS = 32, 30, 34, 1
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
HALF_MIN = 45


def write_opta(rng: np.random.Generator, game: Game, manner: Manner, folder: Path) -> dict[str, Path]:
    """Write ``f24-...-eventdetails.xml`` and ``srml-...-matchresults.xml``.

    Parameters
    ----------
    rng
        The match's random stream.
    game, manner
        What is told, and how.
    folder
        Where the files go.
    """
    match = game.match
    competition, season, number = map(number_of, (match.competition_id, match.season_id, match.match_id))
    f24 = folder / f"f24-{competition}-{season}-{number}-eventdetails.xml"
    f7 = folder / f"srml-{competition}-{season}-f{number}-matchresults.xml"
    f24.write_text("".join(_f24(rng, game, manner)), encoding="utf-8")
    f7.write_text("".join(_f7(game)), encoding="utf-8")
    return {"f24": f24, "f7": f7}


def _f24(rng: np.random.Generator, game: Game, manner: Manner) -> Iterator[str]:
    match = game.match
    sent = _stamp(game.starts[1] + timedelta(hours=3))
    about = {
        "id": number_of(match.match_id),
        "away_team_id": number_of(match.away.team_id),
        "away_team_name": match.away.name,
        "away_score": match.away_score,
        "competition_id": number_of(match.competition_id),
        "competition_name": match.competition,
        "game_date": _stamp(game.starts[1]),
        "home_team_id": number_of(match.home.team_id),
        "home_team_name": match.home.name,
        "home_score": match.home_score,
        "matchday": match.matchday or "",
        "season_id": number_of(match.season_id),
        "season_name": f"Season {match.season}",
    }
    yield HEAD + tag("Games", {"timestamp": sent, **MARK}, close=False) + "\n"
    yield tag("Game", about, close=False) + "\n"
    number = 0
    for period, start in sorted(game.starts.items()):
        for kind, at in ((START, start), (END, start + timedelta(seconds=length_s(game, period)))):
            for team in (match.home, match.away):
                number += 1
                yield _event(number, kind, period, at - start, at, team.team_id, {}) + "\n"
    for timed in game.shots:
        number += 1
        shot, at = timed.shot, event_time(game, timed, manner)
        x, y = place(rng, shot, manner.place_sd_m)
        more = {"player_id": number_of(shot.player_id or ""), "x": x, "y": y}
        inside = "".join(
            tag("Q", {"id": 1000 * number + q, "qualifier_id": q, **({"value": value} if value else {})})
            for q, value in qualifiers(shot)
        )
        opened = _event(
            number,
            TYPES[shot.outcome],
            shot.period,
            at - game.starts[shot.period],
            at,
            shot.team_id,
            more,
            shot.shot_id,
        )
        yield opened.replace("/>", ">") + inside + "</Event>\n"
    yield "</Game></Games>\n"


def _event(
    number: int,
    kind: int,
    period: int,
    into: timedelta,
    at: datetime,
    team_id: str,
    more: dict[str, object],
    our_id: str | None = None,
) -> str:
    seconds = int(into.total_seconds())
    return tag(
        "Event",
        {
            "id": number_of(our_id) if our_id else 10_000_000_000 + number,
            "event_id": number,
            "type_id": kind,
            "period_id": period,
            "min": HALF_MIN * (period - 1) + seconds // 60,
            "sec": seconds % 60,
            "team_id": number_of(team_id),
            "outcome": 1,
            "x": 0.0,
            "y": 0.0,
            "timestamp": _stamp(at),
            "last_modified": _stamp(at),
            **more,
        },
    )


def _stamp(time: datetime) -> str:
    """A time as Opta writes it: British, without saying so."""
    return time.astimezone(ZoneInfo("Europe/London")).replace(tzinfo=None).isoformat(timespec="milliseconds")


def _f7(game: Game) -> Iterator[str]:
    match = game.match
    sent = f"{game.starts[1] + timedelta(hours=3):%Y%m%dT%H%M%S}+0000"
    document = {"Type": "Result", "uID": f"f{number_of(match.match_id)}"}
    yield HEAD + tag("SoccerFeed", {"TimeStamp": sent, **MARK}, close=False)
    yield tag("SoccerDocument", document, close=False) + "\n"
    yield tag("Competition", {"uID": f"c{number_of(match.competition_id)}"}, close=False)
    season = {
        "season_id": number_of(match.season_id),
        "season_name": f"Season {match.season}",
        "matchday": match.matchday,
    }
    yield f"<Country>Nowhere</Country><Name>{match.competition}</Name>"
    yield "".join(
        f"{tag('Stat', {'Type': name}, close=False)}{value}</Stat>" for name, value in season.items()
    )
    yield "</Competition>\n<MatchData>"
    yield tag("MatchInfo", {"MatchType": "Regular", "Period": "FullTime", "TimeStamp": sent}, close=False)
    yield f"<Date>{game.starts[1]:%Y%m%dT%H%M%S}+0000</Date></MatchInfo>\n"
    sides = ((match.home, "Home", match.home_score), (match.away, "Away", match.away_score))
    for team, side, score in sides:
        yield from _team_data(game, team, side, score)
    yield "</MatchData>\n"
    for team, _, _ in sides:
        yield from _team(game, team)
    yield "</SoccerDocument></SoccerFeed>\n"


def _team_data(game: Game, team: Team, side: str, score: int | None) -> Iterator[str]:
    about = {"Formation": "433", "Score": score, "Side": side, "TeamRef": f"t{number_of(team.team_id)}"}
    yield tag("TeamData", about, close=False) + "<PlayerLineUp>"
    numbers = shirts(game)
    for i, (player, _, _) in enumerate(squad_of(game, team)):
        position = "Goalkeeper" if player in game.keepers else "Midfielder" if i < 11 else "Substitute"
        yield tag(
            "MatchPlayer",
            {
                "PlayerRef": f"p{number_of(player)}",
                "Position": position,
                "ShirtNumber": numbers[player],
                "Status": "Start" if i < 11 else "Sub",
                "Formation_Place": i + 1 if i < 11 else 0,
            },
        )
    yield "</PlayerLineUp></TeamData>\n"


def _team(game: Game, team: Team) -> Iterator[str]:
    yield tag("Team", {"uID": f"t{number_of(team.team_id)}"}, close=False) + f"<Name>{team.name}</Name>"
    for player, first, last in squad_of(game, team):
        position = "Goalkeeper" if player in game.keepers else "Midfielder"
        yield tag("Player", {"Position": position, "uID": f"p{number_of(player)}"}, close=False)
        yield f"<PersonName><First>{first}</First><Last>{last}</Last></PersonName></Player>"
    yield "</Team>\n"
