"""The decision plot: the stages of a shot by hand, who is shown at first, names that stay apart."""

import itertools

import pytest

from xgoals.domain.reason import Part, PartValue, ShotReasons
from xgoals.language import language
from xgoals.report.match.decisions import LABEL_APART, MOST_SHOWN, decision_plot, reached, spread

EN = language("en")


def reasons(*values):
    parts = {part: PartValue(value) for part, value in zip(Part, values, strict=True)}
    return ShotReasons(0.1, 0.1 + sum(value or 0.0 for value in values), parts)


def shot(n, xg, **more):
    named = {"shot_key": n, "key": f"shot-{n}", "side": "home", "clock": f"{n}′", "player": f"Player {n}"}
    return {**named, "xg": xg, "is_goal": False, "is_penalty": False, **more}


def plot(shots, of, screen="wide"):
    return decision_plot(shots, of, EN, screen=screen, width=980, height=380)


def test_a_line_runs_from_the_average_in_footballs_order_to_the_shot():
    of = reasons(0.2, -0.05, None, 0.01)
    assert reached(of) == pytest.approx([0.1, 0.3, 0.25, 0.25, 0.26])
    drawn = plot([shot(1, 0.26, is_goal=True)], {1: of})
    (line,) = drawn.lines
    assert [x for x, _ in line.points] == list(drawn.stages)
    per_xg = (line.points[0][1] - line.points[1][1]) / 0.2
    assert [line.points[0][1] - y for _, y in line.points] == pytest.approx(
        [per_xg * (xg - 0.1) for xg in (0.1, 0.3, 0.25, 0.26)]
    )
    assert drawn.parts == (Part.PLACE, Part.KEEPER, Part.STRIKE), (
        "no shot tells of opponents: they have no stage"
    )
    assert (line.is_goal, line.is_shown, line.label) == (True, True, "Player 1 0.26")
    assert plot([shot(1, 0.26)], {1: of}, "narrow").lines[0].label == "1′ 0.26"


def test_where_only_the_place_is_known_there_is_nothing_to_plot():
    assert plot([shot(1, 0.3)], {1: reasons(0.2, None, None, None)}) is None


def test_the_best_are_shown_at_first_and_no_two_names_touch():
    of = {n: reasons(0.001 * n, 0.0, 0.0, 0.0) for n in range(1, 13)}
    drawn = plot([shot(n, of[n].xg) for n in of], of)
    shown = [line for line in drawn.lines if line.is_shown]
    assert [line.key for line in shown] == [f"shot-{n}" for n in range(5, 13)]
    assert len(drawn.lines) == 12
    assert len(shown) == MOST_SHOWN
    labels = sorted(line.label_y for line in shown)
    assert min(b - a for a, b in itertools.pairwise(labels)) >= LABEL_APART - 1e-9
    assert drawn.top <= labels[0]
    assert labels[-1] <= drawn.bottom


def test_a_penalty_and_a_shot_without_reasons_have_no_line():
    drawn = plot(
        [shot(1, 0.78, is_penalty=True), shot(2, 0.2), shot(3, 0.1)],
        {1: ShotReasons(0.1, 0.78, {}), 3: reasons(0.0, 0.0, 0.0, 0.0)},
    )
    assert [line.key for line in drawn.lines] == ["shot-3"]
    assert plot([shot(2, 0.2)], {}) is None


def test_places_stay_within_and_move_as_little_as_may_be():
    assert spread([20.0, 50.0], 0, 100) == [20.0, 50.0]
    assert spread([20.0, 22.0], 0, 100) == [20.0, 20.0 + LABEL_APART]
    assert spread([95.0, 99.0], 0, 100) == [100.0 - LABEL_APART, 100.0]
    assert spread([], 0, 100) == []
