"""The gate on what is told beside the shots: cards, substitutions, own goals, passes, and where a shot ended."""

from dataclasses import replace
from typing import Any

import pytest
from one_shot import SHOT, record, through

from xgoals.domain.circumstances import Assist, Circumstances, PassKind, ShotEnd
from xgoals.domain.incident import Incident, IncidentKind
from xgoals.domain.match import OwnGoal, Player
from xgoals.domain.plausible import plausible

TEAM = SHOT.team_id
CARD = Incident(IncidentKind.YELLOW_CARD, TEAM, "P9", 1, 46, 10)
CHANGE = Incident(IncidentKind.SUBSTITUTION, TEAM, "P9", 2, 60, 0, "P9")


@pytest.mark.parametrize("incident", [CARD, CHANGE, replace(CARD, minute=0, second=59)])
def test_what_can_be_stays(incident: Incident) -> None:
    checked, problems = through(incidents=(incident,))
    assert (checked.incidents, problems) == ((incident,), [])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"team_id": "X"}, "a yellow card of team 'X', which does not play in this match, is left out"),
        ({"minute": 200}, "a yellow card in minute 200 of period 1, which cannot be, is left out"),
        ({"period": 2, "minute": 44}, "a yellow card in minute 44 of period 2, which cannot be, is left out"),
        (
            {"period": 5, "minute": 121},
            "a yellow card in minute 121 of period 5, which cannot be, is left out",
        ),
        ({"second": 60}, "a yellow card at second 60, which cannot be, is left out"),
        ({"player_id": None}, "a yellow card that does not say who, is left out"),
        ({"replacement_id": "P1"}, "a yellow card that does not say who, is left out"),
        ({"kind": IncidentKind.SUBSTITUTION}, "a substitution that does not say who, is left out"),
    ],
)
def test_what_cannot_be_is_left_out_and_the_good_rest_stays(changes: dict[str, Any], said: str) -> None:
    checked, (problem,) = through(incidents=(replace(CARD, **changes), CARD))
    assert (checked.incidents, problem.reason) == ((CARD,), said)


def test_who_comes_on_and_who_passes_is_among_the_players() -> None:
    shot = replace(SHOT, circumstances=Circumstances(Assist("P50", PassKind.CROSS)))
    checked, problems = through(shot=shot, incidents=(replace(CHANGE, replacement_id="P60"),))
    assert {"P50", "P60"} <= {player.player_id for player in checked.players}
    assert [p.reason for p in problems] == ["player 'P50' is in no line-up"]


@pytest.mark.parametrize(
    ("given", "kept", "n_problems"),
    [
        ((47, 1, 30), (47, 1, 30), 0),
        ((47, None, None), (47, None, None), 0),
        ((44, 2, 30), (44, None, 30), 1),
        ((47, 5, 30), (47, None, 30), 1),
        ((47, 1, 61), (47, 1, None), 1),
        ((-3, 1, 30), (0, None, None), 1),
    ],
)
def test_the_time_of_an_own_goal(given: Any, kept: Any, n_problems: int) -> None:
    checked, problems = through(own_goals=(OwnGoal(TEAM, "P9", *given),))
    (goal,) = checked.own_goals
    assert ((goal.minute, goal.period, goal.second), len(problems)) == (kept, n_problems)


@pytest.mark.parametrize(
    ("end", "kept", "said"),
    [
        (ShotEnd(52.5, -3.0, 2.4), ShotEnd(52.5, -3.0, 2.4), None),
        (ShotEnd(52.5, -3.0, 31.0), ShotEnd(52.5, -3.0), "end_z_m = 31 cannot be (0 to 30 m can)"),
        (ShotEnd(52.5, -3.0, -0.5), ShotEnd(52.5, -3.0), "end_z_m = -0.5 cannot be (0 to 30 m can)"),
        (ShotEnd(500.0, 0.0), None, "a shot that ends at (500, 0) m cannot be"),
        (ShotEnd(float("nan"), 0.0), None, None),
    ],
)
def test_where_a_shot_ended(end: ShotEnd, kept: ShotEnd | None, said: str | None) -> None:
    checked, problems = through(shot=replace(SHOT, circumstances=Circumstances(end=end)))
    assert checked.shots[0].circumstances.end == kept
    assert [p.reason for p in problems] == ([] if said is None else [said])


def test_nobody_passes_to_himself() -> None:
    shot = replace(SHOT, circumstances=Circumstances(Assist(SHOT.player_id, PassKind.CORNER)))
    checked, problems = plausible(
        replace(record(), shots=(shot,), players=(Player(str(SHOT.player_id), "N"),)), "f"
    )
    assert checked.shots[0].circumstances.assist == Assist(None, PassKind.CORNER)
    assert [p.reason for p in problems] == ["the shooter's own pass"]
