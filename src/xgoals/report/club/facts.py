"""What the page of a club is told beside its numbers, and what its template is handed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from xgoals.analysis.season.table import ClubRow
from xgoals.domain.page_keys import MatchKey

Verdict = Literal["stands", "close", "chance", "few"]
"""A difference stands among all that are looked at; leaves out 0 by itself, but does not stand; has nothing to be said
of it beside its interval; or rests on too little for one."""


@dataclass(frozen=True, slots=True)
class ClubAbout:
    """Which club it is, and what the season holds beside its matches.

    Attributes
    ----------
    name, competition, season, provider
        As feeds write them.
    namesakes
        Whether the season has another club of this name, from another provider.
    n_to_come, n_not_counted
        Its matches that are not played yet, and those that were not played to their end.
    n_season_matches
        Matches of the season that count, everybody's that this provider tells of.
    n_own_goals
        Own goals that count for the club, and those against it, as far as feeds tell them.
    names
        What people are called, by id; whoever is not in it, or is called by his id, has no name.
    points
        Its row of the table by chances; None in a cup, and where no shot is known.
    is_simulated
        Whether it is invented.
    """

    name: str
    competition: str
    season: str
    provider: str
    namesakes: bool
    n_to_come: int
    n_not_counted: int
    n_season_matches: int
    n_own_goals: tuple[int, int]
    names: Mapping[str, str]
    points: ClubRow | None
    is_simulated: bool


@dataclass(frozen=True, slots=True)
class ClubLinks:
    """Addresses relative to the page; None, or no entry, where there is no page.

    Attributes
    ----------
    season
        The season's page.
    matches, players, cards
        By key, by id, by ``shot_key``.
    """

    season: str | None
    matches: Mapping[MatchKey, str | None]
    players: Mapping[str, str | None]
    cards: Mapping[int, str | None]


@dataclass(frozen=True, slots=True)
class Bar:
    """A difference and its interval on a line from the left (0) to the right (100), the middle being 0."""

    left: float
    width: float
    dot: float


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of the club beside the league's, in words.

    Attributes
    ----------
    club, league
        The two figures.
    more
        Their difference with its interval; empty where there is none.
    bar
        None without an interval.
    verdict
        What chance has to say.
    """

    club: str
    league: str
    more: str
    bar: Bar | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class WayRow:
    """How, or from where: counts, share and xG per shot."""

    label: str
    is_group: bool
    n_shots: int
    n_goals: int
    xg: float
    share: Compared
    per_shot: Compared


@dataclass(frozen=True, slots=True)
class WayTable:
    """One table of ways, for or against."""

    title: str
    rows: tuple[WayRow, ...]

    @property
    def has_intervals(self) -> bool:
        """Whether there are matches enough to say how far from the league a figure is."""
        return any(row.share.bar or row.per_shot.bar for row in self.rows)


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part of the xG per shot beside the league's."""

    label: str
    meaning: str
    compared: Compared


@dataclass(frozen=True, slots=True)
class ReasonTable:
    """Why shots are worth what they are, for or against."""

    title: str
    said: str
    rows: tuple[PartRow, ...]

    @property
    def has_intervals(self) -> bool:
        """Whether there are matches enough to say how far from the league a figure is."""
        return any(row.compared.bar for row in self.rows)


@dataclass(frozen=True, slots=True)
class MatchRow:
    """A match in the table of all."""

    date: str
    opponent: str
    venue: str
    result: str
    outcome: Literal["won", "drawn", "lost"]
    xg: float
    xg_against: float
    href: str | None


@dataclass(frozen=True, slots=True)
class ShotRow:
    """A shot in a list."""

    date: str
    clock: str
    player: str
    against: str
    how: str
    outcome: str
    xg: float
    href: str | None


@dataclass(frozen=True, slots=True)
class ShotList:
    """A list of shots with its title."""

    title: str
    rows: tuple[ShotRow, ...]


@dataclass(frozen=True, slots=True)
class PlayerRow:
    """A player's shots; ``passes`` is the xG of the shots that he set up, where feeds tell it.

    ``n_matches``: with a shot of his; None of somebody who only set shots up.
    """

    name: str
    href: str | None
    n_matches: int | None
    n_shots: int
    goals: int
    penalties: str
    xg: float
    best: float | None
    over: str
    is_beyond: bool
    passes: str


@dataclass(frozen=True, slots=True)
class KeeperRow:
    """A keeper's goals against, beside xG faced and beside what shots on target become."""

    name: str
    href: str | None
    n_matches: int
    n_shots: int
    goals: int
    xg: float
    prevented: str
    n_on_target: int | None
    on_target: float | None
    prevented_on_target: str


@dataclass(frozen=True, slots=True)
class DefenderRow:
    """What an outfield player took."""

    name: str
    href: str | None
    n_matches: int
    n_seen: int
    takes: float
    per_100: float
    others_100: float
    more: str
    bar: Bar | None
    is_beyond: bool
    most: float
    most_href: str | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """Two means over matches beside each other; ``league``: the difference in the league, where it is asked for."""

    label: str
    first: float
    second: float
    more: str
    said: str
    league: float | None


@dataclass(frozen=True, slots=True)
class LuckRow:
    """Goals beside xG, for or against."""

    label: str
    n_shots: int
    goals: int
    xg: float
    over: str
    by_chance: str
    said: str
