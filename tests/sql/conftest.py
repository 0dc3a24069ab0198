"""A connected, migrated, empty database, and small matches to fill it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from xgoals.domain.circumstances import Assist, Circumstances, PassHeight, PassKind, ShotEnd
from xgoals.domain.incident import Incident, IncidentKind
from xgoals.domain.match import Match, OwnGoal, Player, Team
from xgoals.domain.pitch import STATSBOMB_PITCH
from xgoals.domain.scene import FrameSource, MatchRecord, Person, Scene
from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, Shot, ShotType, Technique
from xgoals.settings import Settings
from xgoals.store.database import connect

HOME, AWAY = Team("10", "Home"), Team("20", "Away")


@pytest.fixture
def engine(empty_database: Settings) -> Iterator[Engine]:
    engine = connect(empty_database, "main")
    yield engine
    engine.dispose()


def make_shot(n: int, **changes: Any) -> Shot:
    shot = Shot(
        shot_id=f"s{n}",
        event_n=n,
        period=1,
        minute=n,
        second=0,
        period_time_s=60.0 * n,
        team_id="10",
        player_id="1",
        x_m=40.0,
        y_m=float(n),
        body_part=BodyPart.HEAD,
        shot_type=ShotType.OPEN_PLAY,
        outcome=Outcome.GOAL if n == 0 else Outcome.SAVED,
        ball_control=BallControl.DIRECT,
        set_up=SetUp.CORNER,
        technique=Technique.NORMAL,
        provider_xg=0.25,
        official={"Pressure": 0.9},
        raw={"technique": "Normal; with 'quotes', \"more\" and \\ backslash"},
        circumstances=Circumstances(
            Assist("6", PassKind.CUT_BACK, PassHeight.LOW, False), ShotEnd(54.0, -1.5, 0.4), True, False, None
        ),
    )
    return replace(shot, **changes)


@pytest.fixture
def record() -> Callable[..., MatchRecord]:
    def make(match_id: str = "m1", shots: tuple[Shot, ...] | None = None, **changes: Any) -> MatchRecord:
        shots = (make_shot(0), make_shot(1)) if shots is None else shots
        match = Match(
            provider="p", match_id=match_id, competition_id="c", competition="Cup", season_id="s", season="2024/25",
            match_date=date(2024, 8, 1), home=HOME, away=AWAY, pitch=STATSBOMB_PITCH, matchday=3, home_score=1,
            away_score=1,
        )  # fmt: skip
        people = (Person(54.0, 0.0, False, True, "5"), Person(45.0, 1.0, False, False, "6", 1.0, -2.0))
        scenes = tuple(Scene(shot.shot_id, people, FrameSource.FREEZE_FRAME) for shot in shots)
        players = (Player("1", "One", "Uno"), Player("5"), Player("6", "Six"), Player("9", "Nine"))
        return MatchRecord(
            match=replace(match, **changes),
            teams=(HOME, AWAY),
            players=players,
            shots=shots,
            scenes=scenes,
            own_goals=(OwnGoal("20", "9", 88, 2, 59),),
            incidents=(
                Incident(IncidentKind.RED_CARD, "20", "6", 1, 46, 0),
                Incident(IncidentKind.SUBSTITUTION, "10", "1", 2, 60, 30, "9"),
            ),
        )

    return make


@pytest.fixture
def shot_of() -> Callable[..., Shot]:
    return make_shot
