"""One entry of a listing: who plays when, how it ended, and what that is worth."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.match import Match, MatchStatus, Team
from xgoals.domain.pitch import STATSBOMB_PITCH
from xgoals.feeds.json_file import Json
from xgoals.feeds.json_values import id_of, obj, text_of, whole
from xgoals.feeds.simulated import SIMULATED_BY

PROVIDER = "statsbomb"

STATUSES: Mapping[str, MatchStatus] = {
    "available": MatchStatus.PLAYED,
    "unavailable": MatchStatus.PLAYED,  # said of the data, not of the match
    "processing": MatchStatus.PLAYED,
    "played": MatchStatus.PLAYED,
    "complete": MatchStatus.PLAYED,
    "finished": MatchStatus.PLAYED,
    "scheduled": MatchStatus.UNFINISHED,
    "collecting": MatchStatus.UNFINISHED,
    "live": MatchStatus.UNFINISHED,
    "postponed": MatchStatus.UNFINISHED,
    "suspended": MatchStatus.UNFINISHED,
    "abandoned": MatchStatus.ABANDONED,
    "awarded": MatchStatus.AWARDED,
    "walkover": MatchStatus.AWARDED,
    "cancelled": MatchStatus.CANCELLED,
    "canceled": MatchStatus.CANCELLED,
    "deleted": MatchStatus.CANCELLED,
}
"""``match_status`` in lower case -> what the result is worth."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The match that an entry is of, and what is wrong with it."""

    match: Match
    problems: list[Problem] = field(default_factory=list)


def place_of(listing: Path) -> str:
    """A listing as a place in words, such as ``listing 11/27.json``."""
    return f"listing {listing.parent.name}/{listing.name}"


def read_entry(entry: Json, *, listing: Path, events: Path | None = None) -> Entry:
    """The match of a listing's entry.

    Parameters
    ----------
    entry
        The object.
    listing
        The file that it stands in.
    events
        The match's own file, which what is noted is filed under.

    Raises
    ------
    FeedError
        If it does not say who plays when in which competition.
    """
    reader = _EntryReader(entry, listing, events or listing)
    return Entry(reader.match(), reader.problems)


class _EntryReader:
    def __init__(self, entry: Json, listing: Path, path: Path) -> None:
        self.entry = entry
        self.listing = listing
        self.path = path
        self.match_id = id_of(entry.get("match_id")) or ""
        self.problems: list[Problem] = []

    def match(self) -> Match:
        """The match that the entry describes."""
        competition, season = obj(self.entry.get("competition")), obj(self.entry.get("season"))
        home, away = (self._team(side) for side in ("home", "away"))
        if home.team_id == away.team_id:
            raise self._refusal(f"home and away are one team ({home.team_id})")
        return Match(
            provider=PROVIDER,
            match_id=self.match_id,
            competition_id=self._needed(competition, "competition_id"),
            competition=text_of(competition.get("competition_name")) or "",
            season_id=self._needed(season, "season_id"),
            season=text_of(season.get("season_name")) or "",
            match_date=self._date(),
            home=home,
            away=away,
            pitch=STATSBOMB_PITCH,
            matchday=self._whole("match_week") or None,
            stage=text_of(obj(self.entry.get("competition_stage")).get("name")),
            home_score=self._whole("home_score"),
            away_score=self._whole("away_score"),
            is_simulated=SIMULATED_BY in self.entry,
            status=self._status(),
        )

    def _team(self, side: str) -> Team:
        team = obj(self.entry.get(f"{side}_team"))
        return Team(self._needed(team, f"{side}_team_id"), text_of(team.get(f"{side}_team_name")) or "")

    def _needed(self, holder: Json, key: str) -> str:
        value = id_of(holder.get(key))
        if value is None:
            raise self._refusal(f"{key} is missing or no id")
        return value

    def _date(self) -> date:
        try:
            return date.fromisoformat(str(self.entry.get("match_date"))[:10])
        except ValueError:
            raise self._refusal(f"match_date '{self.entry.get('match_date')}' is no date") from None

    def _whole(self, key: str) -> int | None:
        value = self.entry.get(key)
        number = whole(value)
        if number is None and value not in (None, ""):
            self._note(key, f"{key} is no whole number: {str(value)[:40]}", "It is left missing", str(value))
        return number

    def _status(self) -> MatchStatus:
        word = text_of(self.entry.get("match_status")) or "available"
        status = STATUSES.get(word.lower())
        if status is None:
            advice = "The match counts as played; check it"
            self._note("match_status", f"match_status '{word}' is not known", advice, word)
            return MatchStatus.PLAYED
        if not status.counts:
            advice = "The match is marked; its shots count, its result has no place among results"
            self._note("match_status", f"the match is listed as '{word}' and has events", advice, word)
        return status

    def _note(self, name: str, reason: str, advice: str, value: str) -> None:
        self.problems.append(
            Problem(
                path=str(self.path),
                reason=reason,
                advice=advice,
                match_id=self.match_id,
                place=f"{place_of(self.listing)}, {name}",
                provider=PROVIDER,
                field=name,
                value=value[:100],
            )
        )

    def _refusal(self, why: str) -> FeedError:
        return FeedError(
            f"the entry of match {self.match_id} is incomplete or wrong ({why})",
            where=str(self.listing),
            advice="Compare it with the other entries of the listing",
        )
