"""A match of one shot with its frame, and what becomes of it at the gate."""

from dataclasses import replace
from datetime import date
from typing import Any

from xgoals.domain.errors import Problem
from xgoals.domain.match import Match, Player, Team
from xgoals.domain.pitch import Pitch
from xgoals.domain.plausible import plausible
from xgoals.domain.scene import FrameSource, MatchRecord, Person, Scene
from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, Shot, ShotType, Technique

MATCH = Match(
    "dfl", "M1", "C1", "Liga", "S1", "2023/24", date(2024, 5, 1), Team("H", "Home"), Team("A", "Away"), Pitch(105, 68)
)  # fmt: skip
SHOT = Shot(
    "s1", 0, 2, 54, 11, 551.25, "H", "P9", 40.0, 4.0, BodyPart.HEAD, ShotType.OPEN_PLAY, Outcome.SAVED,
    BallControl.DIRECT, SetUp.CROSS, Technique.NORMAL, provider_xg=0.2,
)  # fmt: skip
KEEPER = Person(50.0, 0.0, False, True, "K1", 0.0, 1.0)
SCENE = Scene(
    "s1", (KEEPER, Person(44.0, 2.0, False, False, "P4")), FrameSource.OFFICIAL, 10_250, 1.2, 1.0, 3.0, 4.0
)


def record(shot: Shot = SHOT, scene: Scene = SCENE, match: Match = MATCH, **more: Any) -> MatchRecord:
    players = more.pop("players", (Player("P9", "Nine"),))
    return replace(
        MatchRecord(
            match, (match.home, match.away), players, (shot,), (replace(scene, shot_id=shot.shot_id),)
        ),
        **more,
    )


def through(**changes: Any) -> tuple[MatchRecord, list[Problem]]:
    return plausible(record(**changes), "events.xml")
