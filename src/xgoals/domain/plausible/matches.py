"""What is known of a match as a whole."""

from dataclasses import replace
from datetime import date, datetime

from xgoals.domain.bounds import GOALS, MATCHDAY, PITCH_LENGTH_M, PITCH_WIDTH_M, YEAR, is_pitch
from xgoals.domain.match import Match, Team
from xgoals.domain.plausible.names import name_or_id, name_or_none
from xgoals.domain.plausible.notes import Notes
from xgoals.domain.text import MAX_ID_CHARS, clean, is_id


def checked_match(match: Match, notes: Notes) -> Match:
    """The match with clean names and possible numbers.

    Raises
    ------
    FeedError
        If it has no id, one team plays against itself, or pitch or date cannot be.
    """
    if not is_id(match.match_id):
        raise notes.refusal(f"'{match.match_id[:MAX_ID_CHARS]}' is no id of a match")
    home, away = (_team(team, side, notes) for team, side in ((match.home, "home"), (match.away, "away")))
    if home.team_id == away.team_id:
        raise notes.refusal(f"home and away are one team, {home.name} ({home.team_id})")
    if not is_pitch(match.pitch):
        size = f"{match.pitch.length_m:g} m x {match.pitch.width_m:g} m"
        raise notes.refusal(f"a pitch of {size} cannot be ({PITCH_LENGTH_M} x {PITCH_WIDTH_M} can)")
    is_unknown = match.match_date == date.min and not match.competition_id  # of a match that no listing names
    if not is_unknown and match.match_date.year not in YEAR:
        raise notes.refusal(f"a match on {match.match_date} cannot be")
    competition_id, season_id = (_id(i, kind, notes) for i, kind in _kinds(match))
    score = _score(match, notes)
    return replace(
        match,
        provider=clean(match.provider),
        competition_id=competition_id,
        competition=name_or_id(match.competition, competition_id, "competition", notes),
        season_id=season_id,
        season=name_or_id(match.season, season_id, "season", notes),
        home=home,
        away=away,
        matchday=notes.whole_within(match.matchday, MATCHDAY, "matchday"),
        stage=name_or_none(match.stage, "stage", notes),
        kick_off=_time(match.kick_off, "kick_off", notes),
        message_time=_time(match.message_time, "message_time", notes),
        home_score=score[0],
        away_score=score[1],
    )


def _kinds(match: Match) -> tuple[tuple[str, str], tuple[str, str]]:
    return (match.competition_id, "competition"), (match.season_id, "season")


def _id(identity: str, kind: str, notes: Notes) -> str:
    """A clean id; empty where the match is of no known competition."""
    text = clean(identity)
    if len(text) > MAX_ID_CHARS:
        raise notes.refusal(f"the id of the {kind} has {len(text):,} characters")
    return text


def _team(team: Team, side: str, notes: Notes) -> Team:
    team_id = _id(team.team_id, f"{side} team", notes)
    if not team_id:
        raise notes.refusal(f"the {side} team has no id")
    return Team(team_id, name_or_id(team.name, team_id, f"name of the {side} team", notes))


def _score(match: Match, notes: Notes) -> tuple[int | None, int | None]:
    """A result is one value: where one side of it cannot be, there is none."""
    home = notes.whole_within(match.home_score, GOALS, "home_score")
    away = notes.whole_within(match.away_score, GOALS, "away_score")
    lost = (home, away) != (match.home_score, match.away_score)
    return (None, None) if lost else (home, away)


def _time(time: datetime | None, field: str, notes: Notes) -> datetime | None:
    if time is None or time.year in YEAR:
        return time
    notes.cannot_be(field, time.isoformat(), f"years {YEAR}")
    return None
