"""Complete, partial or corrected: every way in which a matchday can be any of them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from xgoals.domain.errors import SettingsError
from xgoals.feeds.matchday import (
    Arrival,
    Expectation,
    Matchday,
    State,
    Verdict,
    judge,
)
from xgoals.feeds.schedule import read_schedule

NOW = datetime(2023, 5, 28, 12, tzinfo=UTC)
DAY_33, DAY_34 = Matchday("COM", "SEA", 33), Matchday("COM", "SEA", 34)


def arrival(match_id: str, teams: tuple[str, str], day: Matchday = DAY_34, **more: object) -> Arrival:
    return Arrival(match_id, day, teams, **({"arrived_at": NOW - timedelta(hours=1)} | more))


def only(*arrivals: Arrival, **more: object) -> Verdict:
    return {v.matchday: v for v in judge(arrivals, NOW, **more)}[DAY_34]


SCHEDULE = {DAY_34: ["M1", "M2"]}


def test_all_scheduled_matches_are_there() -> None:
    verdict = only(arrival("M1", ("A", "B")), arrival("M2", ("C", "D")), schedule=SCHEDULE)
    assert (verdict.state, verdict.expectation, verdict.expected) == (State.COMPLETE, Expectation.SCHEDULE, 2)


def test_a_scheduled_match_is_missing_and_named() -> None:
    verdict = only(arrival("M1", ("A", "B")), schedule=SCHEDULE)
    assert (verdict.state, verdict.missing_matches, verdict.present) == (State.PARTIAL, ("M2",), 1)
    assert "missing: M2" in verdict.sentence()
    assert "1 of 2 matches (expected by schedule)" in verdict.sentence()


def test_a_match_without_its_positions_is_partial() -> None:
    verdict = only(
        arrival("M1", ("A", "B")), arrival("M2", ("C", "D"), missing=("positions",)), schedule=SCHEDULE
    )
    assert verdict.state is State.PARTIAL
    assert verdict.missing_files == {"M2": ("positions",)}
    assert "M2 lacks positions" in verdict.sentence()


def test_without_a_schedule_half_of_the_clubs_of_other_matchdays_are_expected() -> None:
    before = [arrival("M1", ("A", "B"), DAY_33), arrival("M2", ("C", "D"), DAY_33)]
    verdict = only(*before, arrival("M3", ("A", "C")))
    assert (verdict.state, verdict.expectation, verdict.expected) == (State.PARTIAL, Expectation.CLUBS, 2)
    assert verdict.missing_matches == ("a match of B", "a match of D")
    whole = only(*before, arrival("M3", ("A", "C")), arrival("M4", ("B", "D")))
    assert whole.state is State.COMPLETE


def test_clubs_known_from_elsewhere_count_too() -> None:
    clubs = {("COM", "SEA"): frozenset("ABCDEF")}
    assert only(arrival("M3", ("A", "C")), clubs=clubs).expected == 3


def test_clubs_of_another_season_or_competition_do_not_count() -> None:
    others = [
        arrival("X", ("E", "F"), Matchday("COM", "OLD", 34)),
        arrival("Y", ("G", "H"), Matchday("CUP", "SEA", 1)),
    ]
    assert only(*others, arrival("M3", ("A", "C"))).expectation is Expectation.QUIET_TIME


def test_a_first_matchday_is_complete_only_after_a_quiet_time() -> None:
    early = only(arrival("M1", ("A", "B")))
    assert (early.state, early.expectation, early.expected) == (State.PARTIAL, Expectation.QUIET_TIME, None)
    assert "nothing says yet how many to expect" in early.sentence()
    late = only(arrival("M1", ("A", "B"), arrived_at=NOW - timedelta(hours=3)))
    assert (late.state, late.expected) == (State.COMPLETE, 1)
    still_coming = only(
        arrival("M1", ("A", "B"), arrived_at=NOW - timedelta(hours=9)), arrival("M2", ("C", "D"))
    )
    assert still_coming.state is State.PARTIAL


@pytest.mark.parametrize(
    ("newer_by_h", "state"), [(1, State.CORRECTED), (0, State.COMPLETE), (-1, State.COMPLETE)]
)
def test_only_a_newer_message_is_a_correction(newer_by_h: int, state: State) -> None:
    message = {"message_time": NOW + timedelta(hours=newer_by_h), "processed_message_time": NOW}
    verdict = only(arrival("M1", ("A", "B"), **message), arrival("M2", ("C", "D")), schedule=SCHEDULE)
    assert verdict.state is state
    assert verdict.corrected_matches == (("M1",) if state is State.CORRECTED else ())


def test_a_match_never_processed_is_no_correction() -> None:
    verdict = only(arrival("M1", ("A", "B"), message_time=NOW), arrival("M2", ("C", "D")), schedule=SCHEDULE)
    assert verdict.state is State.COMPLETE


def test_every_matchday_gets_its_verdict_in_order() -> None:
    days = [v.matchday for v in judge([arrival("M3", ("A", "C")), arrival("M1", ("A", "B"), DAY_33)], NOW)]
    assert days == [DAY_33, DAY_34]
    assert judge([], NOW) == []


T0, T1 = NOW, NOW + timedelta(hours=1)


def test_a_schedule_file(tmp_path: Path) -> None:
    path = tmp_path / "schedule.csv"
    path.write_text(
        "match_id,matchday,season_id,competition_id\nM1,34,SEA,COM\nM2,34,SEA,COM\nM3,1,SEA,CUP\n"
    )
    assert read_schedule(path) == {DAY_34: ["M1", "M2"], Matchday("CUP", "SEA", 1): ["M3"]}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("match_id,matchday,season_id\nM1,34,SEA\n", "lacks the column competition_id"),
        ("match_id,matchday,season_id,competition_id\nM1,last,SEA,COM\n", "'last' is no matchday"),
        ("match_id,matchday,season_id,competition_id\nM1,1,S,C\nM1,2,S,C\n", "M1 is listed twice"),
    ],
)
def test_a_schedule_that_cannot_be_used(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "schedule.csv").write_text(text)
    with pytest.raises(SettingsError, match=reason):
        read_schedule(tmp_path / "schedule.csv")
