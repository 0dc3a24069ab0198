"""DFL words -> the domain's enumerations.

The feed's own words stay in ``Shot.raw``. A word that is known but has no place in the domain maps to OTHER
on purpose; a word that is not in these tables, or not in the file, is UNKNOWN with a Problem. Lookup ignores case,
for the feed itself is not consistent (``overHeadKick``, ``BallHeld``/``ballHeld``). Words: real files, and the
definitions catalogue of official match data as public readers of the feed list them.
"""

from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, ShotType, Technique

BODY_PARTS = {
    "rightleg": BodyPart.RIGHT_FOOT,
    "leftleg": BodyPart.LEFT_FOOT,
    "head": BodyPart.HEAD,
    "upperbody": BodyPart.OTHER,
    "noheader": BodyPart.OTHER,
}

BALL_CONTROLS = {
    "direct": BallControl.DIRECT,
    "volley": BallControl.VOLLEY,
    "controlshot": BallControl.CONTROL,
    "dribblingless10m": BallControl.DRIBBLE_SHORT,
    "dribblingmore10m": BallControl.DRIBBLE_LONG,
    "setpiece": BallControl.OTHER,  # a ball lying still has no control before the shot
}

SET_UPS = {
    "header": SetUp.OPEN_PLAY,
    "longpassfromopenplay": SetUp.OPEN_PLAY,
    "otherpassfromopenplay": SetUp.OPEN_PLAY,
    "onetwo": SetUp.OPEN_PLAY,
    "teammateaction": SetUp.OPEN_PLAY,
    "crossfromopenplay": SetUp.CROSS,
    "shot": SetUp.REBOUND,  # a team-mate's shot that came to the shooter
    "freekick": SetUp.FREE_KICK,
    "ownsetpiece": SetUp.FREE_KICK,
    "cornerkick": SetUp.CORNER,
    "throwin": SetUp.THROW_IN,
    "reboundwoodwork": SetUp.REBOUND,
    "reboundgoalkeeper": SetUp.REBOUND,
    "reboundoutfieldplayer": SetUp.REBOUND,
    "reboundteammate": SetUp.REBOUND,
    "reboundother": SetUp.REBOUND,
    "oppositionmisplacedpass": SetUp.OPPONENT_ERROR,
    "oppositiongoalkeeperaction": SetUp.OPPONENT_ERROR,
    "oppositiondefensiveaction": SetUp.OPPONENT_ERROR,
    "oppositionotheraction": SetUp.OPPONENT_ERROR,
    "fouled": SetUp.FREE_KICK,
    "other": SetUp.OTHER,
}

TECHNIQUES = {
    "overheadkick": Technique.OVERHEAD,
    "backheel": Technique.BACKHEEL,
    "chip": Technique.LOB,
    "scoop": Technique.LOB,
    "divingheader": Technique.DIVING_HEADER,
    "frontalvolley": Technique.VOLLEY,
}

OUTCOMES = {
    "successfulshot": Outcome.GOAL,
    "savedshot": Outcome.SAVED,
    "blockedshot": Outcome.BLOCKED,
    "shotwide": Outcome.OFF_TARGET,
    "shotwoodwork": Outcome.WOODWORK,
    "othershot": Outcome.OTHER,
}
"""Name of the element inside ``ShotAtGoal`` -> outcome."""

SHOT_TYPES = {
    "Penalty": ShotType.PENALTY,
    "FreeKick": ShotType.FREE_KICK,
    "CornerKick": ShotType.CORNER,
}
"""Name of the element around ``ShotAtGoal`` -> how the ball was put into play."""

PERIODS = {"firstHalf": 1, "secondHalf": 2, "firstHalfExtra": 3, "secondHalfExtra": 4}
"""``GameSection`` -> period; a shoot-out has none here, for its kicks are no shots for the model."""

SHOOT_OUT_WORDS = ("penalt", "shoot")
"""Part of a ``GameSection`` that is the shoot-out."""

OFFICIAL_VALUES = (
    "DistanceToGoal",
    "AngleToGoal",
    "Pressure",
    "AmountOfDefenders",
    "GoalDistanceGoalkeeper",
    "PlayerSpeed",
)
"""The provider's own model inputs on ``ShotAtGoal``: yardsticks, never features."""

KEEPER_POSITION = "TW"
"""``PlayingPosition`` of a goalkeeper (Torwart)."""
