"""Text that can be shown, ids that are ids, and who can be in a frame."""

import pickle

import pytest

from xgoals.domain.bounds import MAX_A_SIDE, MAX_DISTANCE_M, MAX_SPEED_KMH
from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.frame import OnPitch, without_outsiders
from xgoals.domain.scene import Person
from xgoals.domain.text import clean, is_id, printable, shortened
from xgoals.features.catalogue import CATALOGUES


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Müller", "Müller"), ("A\0B", "AB"), ("\ufeffA", "A"), ("A\u202eB", "AB"), ("\x1b[31mA", "[31mA"),
        ("A\ud83d", "A\ufffd"), ("line\nline", "line\nline"), ("a\tb", "a\tb"), ("محمد\u200cعلی", "محمد\u200cعلی"),
    ],
)  # fmt: skip
def test_what_nothing_can_show_is_taken_out(text: str, shown: str) -> None:
    assert printable(text) == shown
    shown.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "line"), [(" A  B\n", "A B"), ("A\u2028B", "A B"), ("\0 \0", ""), ("A B", "A B")]
)
def test_a_name_is_one_line(text: str, line: str) -> None:
    assert clean(text) == line


@pytest.mark.parametrize("text", ["DFL-MAT-J03WMX", "3895210", "a.b", "x" * 100, "Ü1"])
def test_ids(text: str) -> None:
    assert is_id(text)


@pytest.mark.parametrize(
    "text", ["", ".", "..", "../x", "a/b", "a\\b", "a b", "x" * 101, "a\0", "\ud800", " a"]
)
def test_what_is_no_id(text: str) -> None:
    assert not is_id(text)


def test_long_texts_are_cut_off_with_an_ellipsis() -> None:
    assert (shortened("abc", 3), shortened("abcd", 3)) == ("abc", "ab…")


def test_problems_can_always_be_stored_and_shown() -> None:
    problem = Problem("M\udcfcnchen/a.json", "NUL \0 in it", "x" * 9999, "m\0", "p" * 999, value="\ud800")
    for text in (
        problem.path,
        problem.reason,
        problem.advice,
        problem.match_id,
        problem.place,
        problem.value,
    ):
        assert text is not None
        assert "\0" not in text
        text.encode("utf-8")
    assert problem.path == "M\ufffdnchen/a.json"
    assert (len(problem.advice), len(problem.place or "")) == (500, 200)


def test_so_can_errors_also_after_a_journey_between_processes() -> None:
    error = pickle.loads(pickle.dumps(FeedError("a \0", where="M\udcfcnchen/a.json", advice="b\ud800")))
    assert str(error) == "M\ufffdnchen/a.json: a . b\ufffd"


def person(player_id: str | None, x_m: float = 0.0, *, mate: bool = False) -> Person:
    return Person(x_m, 0.0, mate, False, player_id)


ELEVEN = frozenset(f"O{n}" for n in range(11))
SIDE = [person(f"O{n}", float(n)) for n in range(11)]


def test_a_stranger_beside_eleven_is_left_out() -> None:
    people = [*SIDE[:3], person("SUB", 20.0), *SIDE[3:]]
    kept, out = without_outsiders(people, OnPitch(opponents=ELEVEN), "S")
    assert (list(kept), [p.player_id for p in out]) == (SIDE, ["SUB"])


def test_a_stranger_takes_the_place_of_somebody_who_is_not_seen() -> None:
    """A substitution that the operator has not written down yet."""
    people = [*SIDE[:10], person("SUB", 20.0)]
    kept, out = without_outsiders(people, OnPitch(opponents=ELEVEN), "S")
    assert (list(kept), out) == (people, [])


def test_a_stranger_in_the_very_place_of_a_team_mate_is_his_double() -> None:
    people = [*SIDE[:9], person("SUB", 3.0), person(None, 4.04)]
    kept, out = without_outsiders(people, OnPitch(opponents=ELEVEN), "S")
    assert list(kept) == SIDE[:9]
    assert len(out) == 2


def test_after_a_red_card_ten_are_complete() -> None:
    ten = ELEVEN - {"O10"}
    kept, out = without_outsiders(SIDE, OnPitch(opponents=ten), "S")
    assert ([p.player_id for p in out], len(kept)) == (["O10"], 10)


def test_the_shooter_takes_one_of_his_sides_places() -> None:
    mates = [person(f"O{n}", float(n), mate=True) for n in range(10)]
    stranger = person("SUB", 30.0, mate=True)
    _, out = without_outsiders([*mates, stranger], OnPitch(teammates=ELEVEN), "O10")
    assert out == [stranger]
    _, out = without_outsiders([*mates, stranger], OnPitch(teammates=ELEVEN), "unknown")
    assert out == []


def test_without_a_line_up_nobody_is_a_stranger() -> None:
    people = [*SIDE, person("SUB", 20.0)]
    assert without_outsiders(people, OnPitch(), "S") == (tuple(people), [])


def test_the_catalogues_ranges_are_the_readers_bounds() -> None:
    """What a reader lets through must not leave the range of a feature."""
    highs = {
        feature.name: feature.high for catalogue in CATALOGUES.values() for feature in catalogue.features
    }
    assert highs["PlayerSpeed"] == MAX_SPEED_KMH
    for name in (
        "DistanceToGoal",
        "DistanceToGoalClosest",
        "GoalDistanceGoalkeeper",
        "GoalDistanceGoalkeeperClosest",
    ):
        assert highs[name] == MAX_DISTANCE_M
    for name in ("AmountOfDefenders", "OpponentsGoalSide", "PressureSum"):
        assert highs[name] == MAX_A_SIDE
