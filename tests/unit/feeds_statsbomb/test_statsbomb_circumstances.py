"""How chances came about, cards and substitutions: small files, then every whole match against its own JSON."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from open_data import shot, write

from xgoals.domain.circumstances import Assist, Circumstances, PassHeight, PassKind, ShotEnd
from xgoals.domain.incident import Incident, IncidentKind
from xgoals.domain.match import OwnGoal
from xgoals.domain.scene import MatchRecord
from xgoals.feeds.statsbomb import discover, read_match

NOTHING = Circumstances(
    is_first_time=False, is_one_on_one=False, is_open_goal=False, is_aerial_won=False, is_under_pressure=False,
    is_deflected=False,
)  # fmt: skip


def read(folder: Path, events: list[Any], lineups: Any = None) -> tuple[MatchRecord, list[str]]:
    write(folder, {7: events}, lineups=None if lineups is None else {7: lineups})
    deliveries, _ = discover(folder)
    record, problems = read_match(deliveries[0])
    return record, [problem.reason for problem in problems]


def key_pass(**details: Any) -> dict[str, Any]:
    return {
        "id": "p1", "index": 2, "period": 2, "timestamp": "00:09:09.000", "minute": 54, "second": 9,
        "type": {"id": 30, "name": "Pass"}, "team": {"id": 10}, "player": {"id": 2, "name": "Two"},
        "pass": {"height": {"name": "Ground Pass"}, **details},
    }  # fmt: skip


def event(kind: str, player: int, minute: int = 60, **details: Any) -> dict[str, Any]:
    return {
        "id": f"{kind}{player}{minute}", "period": 2, "minute": minute, "second": 5, "type": {"name": kind},
        "team": {"id": 20}, "player": {"id": player, "name": f"Name {player}"}, **details,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("details", "kind"),
    [
        ({}, PassKind.PASS),
        ({"type": {"name": "Recovery"}}, PassKind.PASS),
        ({"cross": True}, PassKind.CROSS),
        ({"cross": True, "cut_back": True}, PassKind.CUT_BACK),
        ({"technique": {"name": "Through Ball"}}, PassKind.THROUGH_BALL),
        ({"type": {"name": "Corner"}, "technique": {"name": "Inswinging"}, "cross": True}, PassKind.CORNER),
        ({"type": {"name": "Free Kick"}, "cross": True}, PassKind.FREE_KICK),
        ({"type": {"name": "Throw-in"}}, PassKind.THROW_IN),
    ],
)
def test_the_pass_before_the_shot(tmp_path: Path, details: dict[str, Any], kind: PassKind) -> None:
    events = [key_pass(**details, switch=True), shot(shot={"key_pass_id": "p1", "first_time": None})]
    record, problems = read(tmp_path, events)
    assert record.shots[0].circumstances.assist == Assist("2", kind, PassHeight.GROUND, True)
    assert "Two" in {player.name for player in record.players}
    assert problems == []


def test_a_file_of_shots_alone_names_no_assist(tmp_path: Path) -> None:
    record, _ = read(tmp_path, [shot(shot={"key_pass_id": "p1", "first_time": None})])
    assert record.shots[0].circumstances == NOTHING


def test_flags_and_the_end_in_metres_to_the_attackers_left(tmp_path: Path) -> None:
    details = {
        "first_time": True, "one_on_one": True, "open_goal": True, "aerial_won": True, "deflected": True,
        "end_location": [120.0, 43.0, 2.0],
    }  # fmt: skip
    record, problems = read(tmp_path, [shot(under_pressure=True, shot=details)])
    said = record.shots[0].circumstances
    end = said.end
    assert end is not None
    # on the goal line, 3 yards to the right of the middle as the attacker sees it, 2 yards high
    assert (end.x_m, end.y_m, end.z_m) == pytest.approx((54.864, -2.7432, 1.8288))
    assert said == Circumstances(None, end, True, True, True, True, True, True)
    assert problems == []


def test_odd_values_are_left_missing_and_named(tmp_path: Path) -> None:
    odd = {"one_on_one": "perhaps", "end_location": "goal", "key_pass_id": "p1"}
    events = [key_pass(type={"name": "Kick"}, height={"name": "Sky"}), shot(shot=odd)]
    record, problems = read(tmp_path, events)
    said = record.shots[0].circumstances
    assert (said.is_one_on_one, said.end) == (None, None)
    assert said.assist == Assist("2", PassKind.PASS, None, False)
    assert sorted(problems) == [
        "end_location goal is no place",
        "one_on_one = 'perhaps' is neither true nor false",
        "unknown height 'Sky' of the pass before the shot",
        "unknown type 'Kick' of the pass before the shot",
    ]


def test_a_blocked_shot_has_no_height(tmp_path: Path) -> None:
    record, _ = read(tmp_path, [shot(shot={"end_location": [118.0, 40.0]})])
    assert record.shots[0].circumstances.end == ShotEnd(pytest.approx(58 * 0.9144), pytest.approx(0.0), None)


def test_cards_substitutions_and_the_time_of_an_own_goal(tmp_path: Path) -> None:
    events = [
        shot(),
        event("Foul Committed", 6, 61, foul_committed={"card": {"name": "Yellow Card"}}),
        event("Bad Behaviour", 6, 62, bad_behaviour={"card": {"name": "Second Yellow"}}),
        event("Foul Committed", 5, 63, foul_committed={"card": {"name": "Red Card"}}),
        event("Foul Committed", 5, 64, foul_committed={}),
        event("Substitution", 8, 65, substitution={"replacement": {"id": 9, "name": "Nine"}}),
        event("Bad Behaviour", 8, 121, period=5, bad_behaviour={"card": {"name": "Red Card"}}),
        event("Own Goal Against", 6, 70),
    ]
    record, problems = read(tmp_path, events)
    assert record.incidents == (
        Incident(IncidentKind.YELLOW_CARD, "20", "6", 2, 61, 5),
        Incident(IncidentKind.SECOND_YELLOW_CARD, "20", "6", 2, 62, 5),
        Incident(IncidentKind.RED_CARD, "20", "5", 2, 63, 5),
        Incident(IncidentKind.SUBSTITUTION, "20", "8", 2, 65, 5, "9"),
    )
    assert record.own_goals == (OwnGoal("10", "6", 70, 2, 5),)
    assert {"Nine", "Name 8"} <= {player.name for player in record.players}
    assert problems == []


@pytest.mark.real_data
def test_every_whole_real_match_against_its_own_events(real_data: Path) -> None:
    folder = real_data / "statsbomb"
    ids = sorted(path.stem for path in (folder / "lineups").glob("*.json"))
    assert len(ids) == 12
    kinds: Counter[str] = Counter()
    for delivery in discover(folder, match_ids=ids)[0]:
        record, _ = read_match(delivery)
        events = {e["id"]: e for e in json.loads((folder / f"events/{delivery.match_id}.json").read_text())}
        for one in record.shots:
            raw, said = events[one.shot_id], one.circumstances
            passed = events.get(raw["shot"].get("key_pass_id"))
            assert (said.assist and said.assist.player_id) == (passed and str(passed["player"]["id"]))
            kinds[said.assist.kind if said.assist else "none"] += 1
            flags = (
                said.is_first_time,
                said.is_one_on_one,
                said.is_open_goal,
                said.is_aerial_won,
                said.is_deflected,
            )
            names = ("first_time", "one_on_one", "open_goal", "aerial_won", "deflected")
            assert flags == tuple(raw["shot"].get(name, False) for name in names)
            assert said.is_under_pressure == raw.get("under_pressure", False)
            assert said.end is not None
            assert (said.end.x_m / 0.9144 + 60, 40 - said.end.y_m / 0.9144) == pytest.approx(
                tuple(raw["shot"]["end_location"][:2])
            )
        shown = sum(
            bool(e.get(k, {}).get("card"))
            for e in events.values()
            for k in ("foul_committed", "bad_behaviour")
        )
        changed = sum(e["type"]["name"] == "Substitution" for e in events.values())
        assert Counter(i.kind is IncidentKind.SUBSTITUTION for i in record.incidents) == {
            True: changed,
            False: shown,
        }
    assert kinds["corner"] == 22
    assert kinds["through_ball"] == 12
    assert kinds["none"] == 306 - 229
