"""What the templates of a player's page are fed with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xgoals.domain.page_keys import ClubKey, PlayerKey, SeasonKey
from xgoals.report.draw.goals_by_chance import GoalsBars
from xgoals.report.draw.whiskers import Whisker
from xgoals.report.player.shown import GoalMouth, Link, ShotList, ShotMap


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
