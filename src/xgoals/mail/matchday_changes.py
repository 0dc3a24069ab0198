"""Which matchdays a run has news of: a first word, matches that came later, shots that were corrected."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from xgoals.domain.names import common_name
from xgoals.domain.text import is_number
from xgoals.mail.content.digest import MatchdayUpdate, ShotChange, ShotState
from xgoals.report.matchday.page import counts
from xgoals.report.words.clock import clock
from xgoals.steps.pages.match_pages import match_title, plain_rows, round_title
from xgoals.steps.pages.selection import with_rounds
from xgoals.store import match_news
from xgoals.store import records as record_store
from xgoals.store.match_news import Key, MatchNews, PublishedShot

if TYPE_CHECKING:
    import pandas as pd

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MatchdayNews:
    """A matchday of which there is something to tell.

    Attributes
    ----------
    title
        By which its page is registered.
    matches
        All of its matches that are stored.
    update
        What is new of it; None where nothing was told of it before: then all of it is.
    missing
        Clubs of the season of which no match of this matchday is stored, in the order of their names; none where most
        are (a source of one club's matches, a late round of a cup).
    """

    title: str
    matches: tuple[Facts, ...]
    update: MatchdayUpdate | None
    missing: tuple[str, ...]

    @property
    def newest(self) -> str:
        """The date of its last match."""
        return max(str(match["match_date"]) for match in self.matches)


def matchdays_with_news(connection: Connection, news: Iterable[MatchNews]) -> list[MatchdayNews]:
    """The matchdays that people want to hear of, the newest first."""
    untold = {one.key: one for one in news}
    fixtures = that_count(with_rounds(record_store.read_fixtures(connection)))
    found = []
    for season in _seasons_of(fixtures, untold):
        told = match_news.keys_told(connection, [_key(match) for match in season])
        found += [
            _matchday(matches, season, untold, told)
            for matches in _rounds(season)
            if any(_key(match) in untold for match in matches)
        ]
    return sorted(found, key=lambda day: day.newest, reverse=True)


def _matchday(
    matches: list[Facts], season: list[Facts], untold: Mapping[Key, MatchNews], told: Collection[Key]
) -> MatchdayNews:
    clubs = [{match[side] for match in of for side in ("home_team", "away_team")} for of in (season, matches)]
    is_numbered, lacking = is_number(matches[0]["round"]), clubs[0] - clubs[1]
    return MatchdayNews(
        title=round_title(matches[0]),
        matches=tuple(matches),
        update=_update(matches, untold) if any(_key(match) in told for match in matches) else None,
        missing=tuple(sorted(lacking)) if is_numbered and 2 * len(lacking) <= len(clubs[0]) else (),
    )


def _update(matches: list[Facts], untold: Mapping[Key, MatchNews]) -> MatchdayUpdate:
    concerned = [(match, untold[_key(match)]) for match in matches if _key(match) in untold]
    return MatchdayUpdate(
        late=tuple(match_title(match) for match, news in concerned if news.changes is None),
        changes=tuple(
            _change(match, old, new) for match, news in concerned for old, new in news.changes or ()
        ),
    )


def _change(match: Facts, old: PublishedShot | None, new: PublishedShot | None) -> ShotChange:
    shot = new or old
    assert shot is not None  # noqa: S101  (one of them changed)
    minute = clock({"period": shot.period, "minute": shot.minute})
    player = None if shot.player is None else common_name(shot.player)
    return ShotChange(match_title(match), player, shot.team, minute, _state(old), _state(new))


def _state(shot: PublishedShot | None) -> ShotState | None:
    return ShotState(shot.is_goal, shot.xg) if shot else None


def that_count(fixtures: "pd.DataFrame") -> "pd.DataFrame":
    """Those that were played to their end: the others have no place among results."""
    return fixtures[[counts(match) for match in plain_rows(fixtures)]]


def _seasons_of(fixtures: "pd.DataFrame", keys: Collection[Key]) -> Iterator[list[Facts]]:
    """All fixtures of each competition's season of which one match is among these."""
    for _, season in fixtures.groupby(["competition", "season"], sort=False):
        if any(key in keys for key in zip(season["provider"], season["match_id"], strict=True)):
            yield plain_rows(season)


def _rounds(season: list[Facts]) -> Iterable[list[Facts]]:
    rounds: dict[str, list[Facts]] = {}
    for match in season:
        rounds.setdefault(match["round"], []).append(match)
    return rounds.values()


def _key(match: Facts) -> Key:
    return match["provider"], match["match_id"]
