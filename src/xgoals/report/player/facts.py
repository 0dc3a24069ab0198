"""What the templates of a player's page are fed with."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from xgoals.domain.page_keys import ClubKey, PlayerKey, SeasonKey
from xgoals.report.draw.goals_by_chance import GoalsBars
from xgoals.report.draw.whiskers import Whisker


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where links lead; who or what is not in it has no page.

    Attributes
    ----------
    cards
        Of shots, by ``shot_key``.
    players, clubs, seasons
        Of their pages.
    """

    cards: Mapping[int, str] = field(default_factory=dict)
    players: Mapping[PlayerKey, str] = field(default_factory=dict)
    clubs: Mapping[ClubKey, str] = field(default_factory=dict)
    seasons: Mapping[SeasonKey, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """A text and where it leads; nowhere where there is no page."""

    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class ShownShot:
    """A shot in a list, a table or on the map.

    Attributes
    ----------
    link
        The match and the minute, leading to the card.
    day, who
        When; who shot, where the page is somebody else's, else empty.
    how, outcome
        How it was struck and what became of it, in words.
    xg, is_goal, is_penalty, shape
        The number, and what its mark looks like.
    body, situation, season, sequence
        What it is filtered by, and which shots are one chance.
    x, y, r
        Its mark in metres; None where its place is not known.
    takes
        xG that the page's player took away; None in other lists.
    """

    link: Link
    day: date
    who: str
    how: str
    outcome: str
    xg: float
    is_goal: bool
    is_penalty: bool
    shape: str
    body: str
    situation: str
    season: str
    sequence: int
    x: float | None
    y: float | None
    r: float
    takes: float | None = None

    def with_taken(self, takes: float) -> "ShownShot":
        """The same shot, with what the page's player took away at it."""
        return replace(self, takes=takes)

    def placed(self, x: float, y: float) -> "ShownShot":
        """The same shot elsewhere."""
        return replace(self, x=x, y=y)

    @property
    def said(self) -> str:
        """What the mark is called."""
        return ", ".join(part for part in (self.who, self.link.text, self.how, self.outcome) if part)


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a filter."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: by what, what it is called, what can be chosen."""

    by: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class MarkSize:
    """A mark of the legend."""

    xg: float
    r: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A shot that has a place, and which line of the table it is."""

    n: int
    shot: ShownShot


@dataclass(frozen=True, slots=True)
class SelectionTexts:
    """With what words the page's script counts what a reader selects; ``{n}`` and the like stand for numbers."""

    summary: str
    shot: str
    shots: str
    goal: str
    goals: str


@dataclass(frozen=True, slots=True)
class ShotMap:
    """Shots on a pitch, with filters.

    Attributes
    ----------
    key, title, text
        Its name in the page, its heading and what stands below.
    shots
        In the order of play, the newest first.
    marks
        Those with a place, the largest first.
    depth
        How far from the goal line the pitch is drawn, in metres.
    filters
        Those that have anything to choose.
    summary, texts
        The selection in words, as long as nothing is filtered; how others are said.
    n_unplaced, n_left_out
        Shots without a place; older shots that are not shown.
    sizes
        Of the legend.
    """

    key: str
    title: str
    text: str
    shots: tuple[ShownShot, ...]
    marks: tuple[Mark, ...]
    depth: float
    filters: tuple[Filter, ...]
    summary: str
    texts: SelectionTexts
    n_unplaced: int
    n_left_out: int
    sizes: tuple[MarkSize, ...]


@dataclass(frozen=True, slots=True)
class GoalsRow:
    """A line of goals against xG."""

    label: str
    n_shots: int
    goals: int
    xg: float
    over: float
    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class Luck:
    """Whether it was luck.

    Attributes
    ----------
    key, title
        Its name in the page, and the question.
    answer, among
        In a sentence, and how unusual that is among all.
    rows
        With and without penalties.
    bars
        What chance gives, penalties apart; None without a shot.
    alt
        The picture in words.
    """

    key: str
    title: str
    answer: str
    among: str
    rows: tuple[GoalsRow, ...]
    bars: GoalsBars | None
    alt: str


@dataclass(frozen=True, slots=True)
class ShareRow:
    """A kind of shot: the player's share with its interval beside everybody's."""

    label: str
    n_shots: int
    goals: int
    xg: float
    share: float
    low: float
    high: float
    average: float


@dataclass(frozen=True, slots=True)
class ShareTable:
    """Shots sorted once."""

    title: str
    rows: tuple[ShareRow, ...]


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A difference with its interval, and where it stands on its axis."""

    label: str
    value: float
    low: float
    high: float
    holds: bool
    whisker: Whisker


@dataclass(frozen=True, slots=True)
class Differences:
    """Differences on one axis; ``answer`` says them in a sentence, ``note`` how they are measured."""

    answer: str
    note: str
    rows: tuple[DifferenceRow, ...]
    zero: float


@dataclass(frozen=True, slots=True)
class ShotList:
    """Shots to see again."""

    title: str
    shots: tuple[ShownShot, ...]
    nothing: str


@dataclass(frozen=True, slots=True)
class AlikeRow:
    """Somebody who shoots alike: who, how many shots, the overlap, and what both do more than most."""

    link: Link
    n_shots: int
    overlap: float
    aspects: tuple[float, ...]
    shared: str


@dataclass(frozen=True, slots=True)
class Alike:
    """Who shoots alike; ``note`` says what the measure is, and how alike chance halves of one player's shots are."""

    rows: tuple[AlikeRow, ...]
    titles: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class SeasonRow:
    """A line a season and club."""

    season: Link
    club: Link
    n_matches: int
    n_shots: int
    goals: int
    xg: float
    plain_goals: int
    plain_xg: float
    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class SeenRow:
    """At how many shots, and in how many matches, somebody is seen as an opponent."""

    season: Link
    club: Link
    n_matches: int
    n_shots: int


@dataclass(frozen=True, slots=True)
class GoalMouth:
    """Shots on target where they ended, in metres from the middle of the goal; ``n`` of ``n_on_target`` are known."""

    shots: tuple[ShownShot, ...]
    n: int
    n_on_target: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the headline."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class ShooterFacts:
    """The player's own shots."""

    luck: Luck
    map: ShotMap
    kinds: tuple[ShareTable, ...]
    kinds_note: str
    reasons: Differences
    lists: tuple[ShotList, ...]
    alike: Alike
    seasons: tuple[SeasonRow, ...]


@dataclass(frozen=True, slots=True)
class MakerFacts:
    """The shots that the player made; ``answer`` says them, or that nobody knows."""

    answer: str
    best: ShotList | None


@dataclass(frozen=True, slots=True)
class KeeperFacts:
    """The shots at which the player kept goal."""

    luck: Luck
    saved: str
    taken: Differences
    mouth: GoalMouth | None
    map: ShotMap
    lists: tuple[ShotList, ...]
    seasons: tuple[SeasonRow, ...]


@dataclass(frozen=True, slots=True)
class OpponentFacts:
    """The player as an opponent of shooters."""

    taken: Differences
    most: ShotList
    seen: tuple[SeenRow, ...]


@dataclass(frozen=True, slots=True)
class PlayerFacts:
    """A player's page.

    Attributes
    ----------
    name, kick, lead
        The title, what stands above, what stands below.
    namesakes
        Others of the same name.
    figures
        The headline.
    shooter, maker, keeper, opponent
        Each side from which the player is known.
    keeper_first
        Whether the keeper's side is the larger one.
    missing
        What is not known.
    """

    name: str
    kick: str
    lead: str
    namesakes: tuple[Link, ...]
    figures: tuple[Figure, ...]
    shooter: ShooterFacts | None
    maker: MakerFacts | None
    keeper: KeeperFacts | None
    opponent: OpponentFacts | None
    keeper_first: bool
    missing: tuple[str, ...]
