"""The catalogues of features as data: what each is called, what it means, in which unit and range.

A model names the catalogue and the version it was trained on. When a definition changes, its catalogue gets a
new version; a feature that is defined differently in two catalogues bears two names.

Categories are small ordered integer codes, split numerically by the trees. The code tables join the feeds: a
model trained on one provider's words scores another's on the same codes.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Literal

from xgoals.domain.bounds import MAX_A_SIDE, MAX_DISTANCE_M, MAX_SPEED_KMH
from xgoals.domain.errors import SettingsError
from xgoals.domain.model import ColumnKind
from xgoals.domain.shot import BallControl, SetUp, Technique

Group = Literal["place", "keeper", "opponents", "execution", "situation"]

YES, NO = 1.0, -1.0
"""The codes of binary features, as in the original."""

BALL_CONTROL_CODES: Mapping[BallControl, int] = {
    BallControl.OTHER: 0,
    BallControl.DIRECT: 1,
    BallControl.VOLLEY: 2,
    BallControl.CONTROL: 3,
    BallControl.DRIBBLE_SHORT: 4,
    BallControl.DRIBBLE_LONG: 5,
}
SET_UP_CODES: Mapping[SetUp, int] = {
    SetUp.OTHER: 0,
    SetUp.THROW_IN: 1,
    SetUp.OPEN_PLAY: 2,
    SetUp.GOAL_KICK: 3,
    SetUp.KICK_OFF: 4,
    SetUp.FREE_KICK: 5,
    SetUp.CORNER: 6,
    SetUp.CROSS: 7,
    SetUp.OPPONENT_ERROR: 8,
    SetUp.COUNTER: 9,
    SetUp.REBOUND: 10,
}
TECHNIQUE_CODES: Mapping[Technique, int] = {
    Technique.NORMAL: 0,
    Technique.HALF_VOLLEY: 1,
    Technique.VOLLEY: 2,
    Technique.LOB: 3,
    Technique.BACKHEEL: 4,
    Technique.OVERHEAD: 5,
    Technique.DIVING_HEADER: 6,
    Technique.OTHER: 7,
}


class Strike(StrEnum):
    """How the ball was struck: technique, first touch or not, and rebounds, in one word."""

    AERIAL = "header won in the air"
    AWKWARD = "backheel or overhead kick"
    HALF_VOLLEY_FIRST_TOUCH = "half volley with the first touch"
    VOLLEY = "volley"
    HALF_VOLLEY = "half volley after a touch"
    FIRST_TOUCH = "first touch"
    REBOUND = "first touch after a rebound"
    CONTROLLED = "after own control"
    DEAD_BALL = "dead ball"
    LOB = "lob"
    DIVING_HEADER = "diving header"


STRIKE_CODES: Mapping[Strike, int] = {strike: code for code, strike in enumerate(Strike)}
"""Ordered by how often goals fell, on the development shots, against what place, keeper and opponents promise: from
balls that are hard to command to finishes that are chosen where they work. Trees split an order at any point, so
neighbours should be alike; nothing else depends on it."""

KEEPER_HALF_REACH_M = 1.6
"""Half the width that a keeper covers: his reach to one side."""

DEFENDER_MARGIN_M = 1.5
"""How far beside the triangle of shooter and posts an opponent still counts as a defender in the way."""

NEAREST_REACH_M = 8.0
"""An opponent at this distance no longer presses, wherever he stands (PressureNearest)."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature.

    Attributes
    ----------
    name, label
        The name in data and models; the words for people.
    kind, unit, low, high
        What it is, in which unit (empty: none), and the range that the definition allows.
    definition, source
        One sentence, and where it comes from.
    group
        The mechanism it belongs to; explanations tell whole groups, whose features move together.
    at_penalty
        The value that every penalty gets, where the frame of a penalty says nothing (thin or absent frames).
    categories
        Code to word, for categories.
    per_unit
        Values stand on a grid of so many steps a unit; None: as they are computed. On a grid XGBoost's histograms
        hold every value, whatever the order of rows, and nothing depends on the last digit of a coordinate.
    """

    name: str
    label: str
    kind: ColumnKind
    unit: str
    low: float
    high: float
    definition: str
    source: str
    group: Group
    at_penalty: float | None = None
    categories: Mapping[int, str] | None = None
    per_unit: int | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """An ordered set of features; ``version`` changes when any definition does."""

    name: str
    version: int
    features: tuple[Feature, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names in the order of the columns."""
        return tuple(feature.name for feature in self.features)

    @property
    def asks_for_people(self) -> bool:
        """Whether any feature needs to know where somebody but the shooter stood."""
        return any(feature.group in ("keeper", "opponents") for feature in self.features)

    @property
    def groups(self) -> dict[str, list[str]]:
        """Group to the names of its features, in the catalogue's order."""
        groups: dict[str, list[str]] = {}
        for feature in self.features:
            groups.setdefault(feature.group, []).append(feature.name)
        return groups

    def as_records(self) -> list[dict[str, object]]:
        """The features as plain dictionaries, for storage and reports."""
        return [asdict(feature) for feature in self.features]


_ARTICLE = "Bundesliga Match Facts: xGoals (AWS, 2020-2023)"
_ANDRIENKO = "Andrienko et al. 2017, Data Mining and Knowledge Discovery 31"


def _words(
    codes: Mapping[BallControl, int] | Mapping[SetUp, int] | Mapping[Technique, int] | Mapping[Strike, int],
) -> dict[int, str]:
    return {code: word.value.replace("_", " ") for word, code in codes.items()}


def _binary(name: str, label: str, definition: str, group: Group) -> Feature:
    return Feature(name, label, "binary", "", NO, YES, definition, _ARTICLE, group)


ARTICLE_17 = Catalogue(
    name="article-17",
    version=1,
    features=(
        _binary("Header", "header", "1 where the body part is the head, else -1.", "execution"),
        Feature(
            "GoalkeeperCoverage", "goal covered by the keeper", "continuous", "%", 0, 100,
            f"Share of the opening angle that the keeper hides, {KEEPER_HALF_REACH_M} m to either side.",
            _ARTICLE, "keeper", at_penalty=45.0,
        ),
        Feature(
            "AngleToGoal", "angle to goal", "continuous", "deg", 0, 180,
            "Angle that the 7.32 m goal subtends at the shooter.", _ARTICLE, "place", at_penalty=36.8,
        ),
        Feature(
            "DistanceToGoal", "distance to goal", "continuous", "m", 0, MAX_DISTANCE_M,
            "Distance from the shooter to the centre of the goal line.", _ARTICLE, "place", at_penalty=11.0,
        ),
        Feature(
            "DistanceToGoalClosest", "distance to nearest goal point", "continuous", "m", 0, MAX_DISTANCE_M,
            "Distance from the shooter to the closest point between the posts.",
            _ARTICLE, "place", at_penalty=11.0,
        ),
        Feature(
            "GoalDistanceGoalkeeper", "keeper's distance to goal", "continuous", "m", 0, MAX_DISTANCE_M,
            "Distance from the keeper to the centre of the goal line.", _ARTICLE, "keeper", at_penalty=0.0,
        ),
        Feature(
            "GoalDistanceGoalkeeperClosest", "keeper's distance to nearest goal point",
            "continuous", "m", 0, MAX_DISTANCE_M,
            "Distance from the keeper to the closest point between the posts.",
            _ARTICLE, "keeper", at_penalty=0.0,
        ),
        _binary("FootShot", "shot with the foot", "1 where the body part is a foot, else -1.", "execution"),
        _binary("FreeKick", "direct free kick", "1 where it is a direct free kick, else -1.", "situation"),
        _binary("Penalty", "penalty", "1 where the shot is a penalty kick, else -1.", "situation"),
        Feature(
            "AmountOfDefenders", "defenders in the way", "count", "", 0, MAX_A_SIDE,
            "Outfield opponents in the triangle of shooter and posts, widened by "
            f"{DEFENDER_MARGIN_M} m, nobody behind the shooter.",
            _ARTICLE, "opponents", at_penalty=0.0,
        ),
        Feature(
            "TakerBallControl", "ball control before the shot", "category", "", 0, 5,
            "What the shooter did with the ball before the shot; dead balls count as other.",
            "our reading of the original's slot 12", "execution", categories=_words(BALL_CONTROL_CODES),
        ),
        Feature(
            "TakerSetup", "how the chance came about", "category", "", 0, 10,
            "The play that the shot came from; a rebound is a shot 1-5 s after the team's previous one.",
            "our reading of the original's slot 13", "situation", categories=_words(SET_UP_CODES),
        ),
        Feature(
            "ExtendedTypeOfShot", "technique", "category", "", 0, 7,
            "The manner of striking the ball.",
            "our reading of the original's slot 14", "execution", categories=_words(TECHNIQUE_CODES),
        ),
        Feature(
            "PlayerSpeed", "speed of the shooter", "continuous", "km/h", 0, MAX_SPEED_KMH,
            "Speed of the shooter at the shot frame; missing without tracking.", _ARTICLE, "execution",
        ),
        Feature(
            "PressureMax", "strongest pressure", "continuous", "", 0, 1,
            "Strongest pressure of a single outfield opponent.", _ANDRIENKO, "opponents", at_penalty=0.0,
        ),
        Feature(
            "PressureSum", "pressure on the shooter", "continuous", "", 0, MAX_A_SIDE,
            "Sum of the pressures of all outfield opponents.", _ANDRIENKO, "opponents", at_penalty=0.0,
        ),
    ),
)  # fmt: skip

_OF_ARTICLE = {feature.name: feature for feature in ARTICLE_17.features}
_OWN = "found on real shots, see docs/features.md"

BEST_17 = Catalogue(
    name="best-17",
    version=2,
    features=(
        _OF_ARTICLE["Header"],
        Feature(
            "GoalkeeperInterception", "goal within the keeper's reach", "continuous", "%", 0, 100,
            "Share of the opening angle in which the keeper gets to the ball in time, by reaction, speed and reach.",
            _OWN, "keeper", at_penalty=23.5, per_unit=2,
        ),
        replace(_OF_ARTICLE["AngleToGoal"], per_unit=10),
        replace(_OF_ARTICLE["DistanceToGoal"], per_unit=10),
        replace(_OF_ARTICLE["DistanceToGoalClosest"], per_unit=10),
        replace(_OF_ARTICLE["GoalDistanceGoalkeeper"], per_unit=20),
        replace(_OF_ARTICLE["GoalDistanceGoalkeeperClosest"], per_unit=20),
        _OF_ARTICLE["FootShot"],
        _OF_ARTICLE["FreeKick"],
        _OF_ARTICLE["Penalty"],
        _OF_ARTICLE["AmountOfDefenders"],
        Feature(
            "UnblockedShare", "goal out of blockers' reach", "continuous", "%", 0, 100,
            "Share of the opening angle in which no outfield opponent gets to the ball in time to block it.",
            _OWN, "opponents", at_penalty=100.0, per_unit=2,
        ),
        Feature(
            "OpponentsGoalSide", "opponents goal-side", "count", "", 0, MAX_A_SIDE,
            "Outfield opponents nearer to the goal line than the shooter, wherever they stand across the pitch.",
            _OWN, "opponents", at_penalty=0.0,
        ),
        Feature(
            "StrikeType", "manner of the strike", "category", "", 0, len(Strike) - 1,
            "Technique, first touch or own control, dead ball, headers won against an opponent in the air; a rebound "
            "comes 1-5 s after the team's previous shot.",
            _OWN, "execution", categories=_words(STRIKE_CODES),
        ),
        replace(_OF_ARTICLE["PlayerSpeed"], per_unit=10),
        Feature(
            "PressureNearest", "nearness of the nearest opponent", "continuous", "", 0, 1,
            f"1 where the nearest outfield opponent is at the shooter, falling evenly to 0 at {NEAREST_REACH_M:g} m.",
            _OWN, "opponents", at_penalty=0.0, per_unit=200,
        ),
        replace(_OF_ARTICLE["PressureSum"], per_unit=100),
    ),
)  # fmt: skip

_OF_BEST = {feature.name: feature for feature in BEST_17.features}

EVENTS_9 = Catalogue(
    name="events-9",
    version=1,
    features=(
        *(_OF_BEST[name] for name in ("AngleToGoal", "DistanceToGoal", "DistanceToGoalClosest")),
        *(_OF_BEST[name] for name in ("Header", "FootShot", "FreeKick", "Penalty", "StrikeType")),
        _OF_ARTICLE["TakerSetup"],
    ),
)
"""For sources without positions: from where and how, not who stood in the way."""

CATALOGUES: Mapping[str, Catalogue] = {
    catalogue.name: catalogue for catalogue in (ARTICLE_17, BEST_17, EVENTS_9)
}


def _of_groups(*groups: Group) -> frozenset[str]:
    every = (feature for catalogue in CATALOGUES.values() for feature in catalogue.features)
    return frozenset(feature.name for feature in every if feature.group in groups)


NEED_A_KEEPER = _of_groups("keeper")
"""Missing where no keeper is in the frame."""
NEED_A_FRAME = _of_groups("keeper", "opponents")
"""Missing where nobody's position but the shooter's is known."""
REST_ON: Mapping[str, frozenset[str]] = {
    "body_part": frozenset({"Header", "FootShot", "GoalkeeperInterception", "UnblockedShare"}),
    "shot_type": frozenset({"FreeKick", "Penalty"}),
    "technique": frozenset({"StrikeType", "ExtendedTypeOfShot"}),
    "ball_control": frozenset({"StrikeType", "TakerBallControl"}),
    "set_up": frozenset({"TakerSetup"}),
}
"""Word of a shot -> what is missing where the feed has not said it; how fast a ball flies rests on what struck it."""


def find_catalogue(name: str) -> Catalogue:
    """The catalogue of that name.

    Raises
    ------
    SettingsError
        If there is none.
    """
    if name not in CATALOGUES:
        raise SettingsError(
            f"unknown feature catalogue '{name}'", advice=f"Known catalogues: {', '.join(sorted(CATALOGUES))}"
        )
    return CATALOGUES[name]
