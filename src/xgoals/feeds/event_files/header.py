"""What is known of a match: what its files say, and what ``matches.csv`` adds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.match import Match, MatchStatus, Team
from xgoals.domain.pitch import Pitch
from xgoals.domain.text import clean, shortened
from xgoals.feeds.event_files.matches_csv import COLUMNS, MATCHES_CSV, MatchRow, line_of

USUAL_PITCH = Pitch(105.0, 68.0)
"""Where nobody says how large the pitch was."""
UNKNOWN_TEAMS = ("unknown home", "unknown away")


@dataclass(frozen=True, slots=True)
class Header:
    """What is said of a match; None where it is not.

    ``are_sides_known`` is False where the files name two teams and not which of them is at home: the first one stands
    as the home team then. ``odd`` holds fields with values that are there and cannot be read.
    """

    match_id: str
    competition_id: str | None = None
    competition: str | None = None
    season_id: str | None = None
    season: str | None = None
    match_date: date | None = None
    matchday: int | None = None
    home_team_id: str | None = None
    home_team: str | None = None
    away_team_id: str | None = None
    away_team: str | None = None
    home_score: int | None = None
    away_score: int | None = None
    stage: str | None = None
    kick_off: datetime | None = None
    message_time: datetime | None = None
    status: MatchStatus = MatchStatus.PLAYED
    is_simulated: bool = False
    are_sides_known: bool = True
    odd: tuple[tuple[str, str], ...] = ()

    @property
    def team_ids(self) -> tuple[str | None, str | None]:
        """Home and away."""
        return self.home_team_id, self.away_team_id

    def turned(self) -> "Header":
        """The same with the other team at home."""
        return replace(
            self,
            home_team_id=self.away_team_id, home_team=self.away_team, home_score=self.away_score,
            away_team_id=self.home_team_id, away_team=self.home_team, away_score=self.home_score,
        )  # fmt: skip


def with_odd(header: Header, said: Mapping[str, object]) -> Header:
    """The header with those of the values that the file has, by field, which have said nothing."""
    unread = (
        (name, shortened(clean(str(value)), 60))
        for name, value in said.items()
        if getattr(header, name) is None and value is not None
    )
    return replace(header, odd=(*header.odd, *((name, text) for name, text in unread if text)))


def notes_on_odd(header: Header, path: str, provider: str) -> list[Problem]:
    """What to say of values that cannot be read."""
    return [
        Problem(
            path=path,
            reason=f"{name} = '{text}' cannot be read",
            advice=f"It counts as missing where {MATCHES_CSV} does not say it; correct it where the file comes from",
            match_id=header.match_id,
            place=name,
            provider=provider,
            field=name,
            value=text,
        )
        for name, text in header.odd
    ]


def note_on_reversed_sides(events: Header, results: Header, path: str, provider: str) -> list[Problem]:
    """What to say where events and results of a match take the other team for the one at home."""
    if None in results.team_ids or events.team_ids != results.team_ids[::-1]:
        return []
    home, away = results.team_ids
    return [
        Problem(
            path=path,
            reason=f"the events take {away} for the home team, the results {home}",
            advice="The results stand; ask the provider if they are wrong",
            match_id=events.match_id,
            place="home_team_id",
            provider=provider,
            field="home_team_id",
            value=away,
        )
    ]


_SHOWN = ("competition", "season", "home_team", "away_team")
"""Names: those that people write down are shown."""
_JOINED = ("competition_id", "season_id", "match_date", "matchday", "home_score", "away_score")


def joined(header: Header, row: MatchRow | None, path: str, provider: str) -> tuple[Header, list[Problem]]:
    """What the files say, completed by the row of ``matches.csv``; what contradicts them is told, and they stand.

    Raises
    ------
    FeedError
        If the row is of another match: its teams are not those of the files.
    """
    if row is None:
        return header, []
    problems: list[Problem] = []
    header = _with_sides(header, row, path, problems, provider)
    added: dict[str, Any] = {name: value for name in _SHOWN if (value := getattr(row, name)) is not None}
    for name in _JOINED:
        said, written = getattr(header, name), getattr(row, name)
        if said is None:
            added[name] = written
        elif written is not None and said != written:
            problems.append(_contradiction(row, path, name, said, written, provider))
    for name in ("home_team_id", "away_team_id"):
        if getattr(header, name) is None:
            added[name] = getattr(row, name)
    return replace(header, **added), problems


def _with_sides(header: Header, row: MatchRow, path: str, problems: list[Problem], provider: str) -> Header:
    """Who is at home, by ids or names of the row."""
    said = header.team_ids
    written = (row.home_team_id, row.away_team_id)
    if None in said or None in written:
        if header.are_sides_known:
            return header
        if said == (None, None):  # nobody is named: the row's own order stands
            return replace(header, are_sides_known=True)
        if _have_one_in_common(_teams(header), _teams(row)):
            return replace(header, are_sides_known=True)
        if _have_one_in_common(_teams(header.turned()), _teams(row)):
            return replace(header.turned(), are_sides_known=True)
        return header
    if {*said} != {*written}:
        raise FeedError(
            f"the file has teams {said[0]} and {said[1]}, {row.where} has {written[0]} and {written[1]}",
            where=path,
            advice="One of the two is of another match: correct it",
        )
    if said == written:
        return replace(header, are_sides_known=True)
    if header.are_sides_known:
        problems.append(_contradiction(row, path, "home_team_id", said[0], written[0], provider))
        return header
    return replace(header.turned(), are_sides_known=True)


def _teams(of: Header | MatchRow) -> tuple[str | None, ...]:
    """Ids and names of home and away, as they can be compared."""
    names = (name.casefold() if name else None for name in (of.home_team, of.away_team))
    return (of.home_team_id, of.away_team_id, *names)


def _have_one_in_common(said: tuple[str | None, ...], written: tuple[str | None, ...]) -> bool:
    return any(one is not None and one == other for one, other in zip(said, written, strict=True))


def _contradiction(
    row: MatchRow, path: str, name: str, said: object, written: object, provider: str
) -> Problem:
    return Problem(
        path=path,
        reason=f"{name} is {said} in the file and {written} in {row.where}",
        advice=f"The file's stands; correct {MATCHES_CSV}, or ask the provider",
        match_id=row.match_id,
        place=name,
        provider=provider,
        field=name,
        value=str(written),
    )


def match_of(header: Header, provider: str, pitch: Pitch, path: str) -> Match:
    """The match, where enough is known of it.

    Raises
    ------
    FeedError
        If it is not; with the line to add to ``matches.csv``.
    """
    missing = list(_missing(header))
    if missing:
        raise FeedError(
            f"the files of match {header.match_id} do not say its {_listed(missing)}",
            where=path,
            advice=f"Add to {MATCHES_CSV} beside them: {line_of(header)} (columns: {', '.join(COLUMNS)}), or let "
            f"'xgoals matches-csv DIR --feed {provider}' write it",
        )
    assert header.match_date is not None  # noqa: S101  (of those that are missing)
    return _match(header, provider, pitch, header.match_date)


def match_to_score(header: Header, provider: str, pitch: Pitch) -> Match:
    """The match, whatever is known of it: scores need places and words, which the events have."""
    home, away = (team_id or name for team_id, name in zip(header.team_ids, UNKNOWN_TEAMS, strict=True))
    known = replace(
        header,
        home_team_id=home, home_team=header.home_team or home,
        away_team_id=away, away_team=header.away_team or away,
    )  # fmt: skip
    return _match(known, provider, pitch, header.match_date or date.min)


def _match(header: Header, provider: str, pitch: Pitch, match_date: date) -> Match:
    return Match(
        provider=provider,
        match_id=header.match_id,
        competition_id=header.competition_id or header.competition or "",
        competition=header.competition or header.competition_id or "",
        season_id=header.season_id or header.season or "",
        season=header.season or header.season_id or "",
        match_date=match_date,
        home=_team(header.home_team_id, header.home_team),
        away=_team(header.away_team_id, header.away_team),
        pitch=pitch,
        matchday=header.matchday,
        stage=header.stage,
        kick_off=header.kick_off,
        home_score=header.home_score,
        away_score=header.away_score,
        message_time=header.message_time,
        is_simulated=header.is_simulated,
        status=header.status,
    )


def _team(team_id: str | None, name: str | None) -> Team:
    """An empty name is told, and the id shown, by the gate that all records go through."""
    return Team(team_id or name or "", name or "")


def _missing(header: Header) -> Iterator[str]:
    if header.match_date is None:
        yield "date"
    if not (header.competition_id or header.competition):
        yield "competition"
    if not (header.season_id or header.season):
        yield "season"
    if None in header.team_ids:
        yield "teams"
    elif not header.are_sides_known:
        yield "home team"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
