"""The animation of a clip: what a page is given, worked out by hand."""

import json

import numpy as np
import pandas as pd
import pytest
from by_hand import MATCH
from reading_html import Page

from xgoals.domain.scene import Clip
from xgoals.language import language
from xgoals.reasons.if_now import IfNow
from xgoals.report import match_report
from xgoals.report.shot.animation import Footage, animation, clip_data, frames_shown, steps
from xgoals.report.shot.clip_curve import curve_view, runs
from xgoals.report.shot.clip_in_words import clip_story

EN = language("en")
NASTY = "</script><img src=x onerror=alert(1)>\"'&"
NOBODY = pd.DataFrame(
    columns=["shot_id", "x_m", "y_m", "is_teammate", "is_keeper", "player", "vx_ms", "vy_ms"]
)
CARD = {"xg": 0.3, "is_penalty": False, "features": []}


def a_clip(shot_id: str = "s0") -> Clip:
    """Five seconds at 25 Hz, the shot after three; everybody stands still, the shooter 11 m out, 2 m to the left."""
    n = np.arange(126)
    places = [[41.5, 2.0], [52.0, 0.0], [45.0, -3.0], [30.0, 5.0]]
    return Clip(
        shot_id=shot_id,
        frame_n=n,
        time_s=(n - 75) / 25,
        xy_m=np.tile(np.float32(places), (126, 1, 1)),
        ball_xyz_m=np.c_[40 + 0.1 * n, np.full(126, 2.0), np.full(126, 0.5)].astype(np.float32),
        player_ids=("nine", "one", "four", "ten"),
        is_teammate=(True, False, False, True),
        is_keeper=(False, True, False, False),
    )


def answers(xg, *, has_ball=True, alike=50, step_s=0.08) -> IfNow:
    n = len(xg)
    return IfNow(
        time_s=-step_s * np.arange(n)[::-1],
        xg=np.array(xg, dtype=float),
        has_ball=np.broadcast_to(has_ball, n).copy(),
        alike=np.broadcast_to(alike, n).copy(),
        n_training=1234,
    )


def footage(now=None, clip=None, shooter_id="nine", names=None) -> Footage:
    return Footage(clip or a_clip(), shooter_id, 52.5, names or {"nine": "Anna"}, now)


def test_every_other_frame_is_shown_and_the_shots_own_among_them():
    shown = frames_shown(a_clip())
    assert np.diff(shown).tolist() == [2] * (len(shown) - 1)
    assert 75 in shown
    assert (shown[0], shown[-1]) == (1, 125)


def test_places_travel_as_steps_in_centimetres_and_add_up():
    assert steps([1.0, 1.234, np.nan, 1.5, 1.0]) == [100, 23, None, 27, -50]
    path = np.cumsum(np.random.default_rng(1).normal(0, 0.1, 500))
    back = np.cumsum(steps(path)) / 100
    assert np.abs(back - path).max() <= 0.005 + 1e-9  # rounding errors do not pile up


def test_the_picture_has_the_goal_on_top_and_the_attackers_left_on_the_left():
    data = clip_data(footage(), frames_shown(a_clip()))
    nine = data["people"][0]
    assert (nine["kind"], nine["name"], nine["x"][0], nine["y"][0]) == ("shooter", "Anna", -200, 1100)
    assert [person["kind"] for person in data["people"]] == ["shooter", "keeper", "opponent", "mate"]
    assert (data["from_s"], data["step_s"]) == (-2.96, 0.08)
    assert data["ball"]["x"][:2] == [-200, 0]
    assert data["ball"]["y"][:2] == [1240, -20]  # 0.2 m nearer to the goal in two frames
    assert data["ball"]["z"][0] == 50


def test_the_line_is_cut_where_the_ball_comes_and_shaded_where_nothing_like_it_was_seen():
    now = answers([0.1, 0.1, 0.2, 0.3], has_ball=[False, False, True, True], alike=[9, 9, 10, 50])
    view = curve_view(now, np.array([-0.24, -0.16, -0.08, 0.0, 0.08]))
    left, right, bottom, top = view.left, view.right, view.bottom, view.top
    assert view.highest == 0.4
    assert view.end == pytest.approx((left + 0.75 * (right - left), bottom - 0.75 * (bottom - top)))
    assert [(line.has_ball, len(line.points)) for line in view.lines] == [(False, 3), (True, 2)]
    assert view.lines[0].points[-1] == view.lines[1].points[0]
    (band,) = view.unseen  # from the first moment to halfway between the second and the third
    assert band.x == pytest.approx(left)
    assert band.width == pytest.approx((right - left) * 0.12 / 0.32)


def test_an_unseen_shooter_leaves_a_gap():
    view = curve_view(answers([0.1, np.nan, 0.2, 0.3]), np.array([-0.24, -0.16, -0.08, 0.0]))
    assert [len(line.points) for line in view.lines] == [2]


def test_runs_of_flags():
    assert runs(np.array([True, False, True, True])) == [(0, 1), (2, 4)]
    assert runs(np.array([False])) == []


EARLY = [0.1] * 4 + [0.2] * 4
"""0.56 s of moments."""
NO_MATTER = (
    "No moment with the ball in his reach was much better or worse: {} s earlier a shot would have been "
    "worth {}."
)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (
            answers(EARLY[::-1]),
            "The better moment had passed: 0.6 s earlier a shot would have been worth 0.20, not 0.10.",
        ),
        (
            answers(EARLY),
            "Waiting paid: 0.6 s earlier, with the ball already in his reach, a shot would have been worth 0.10.",
        ),
        (answers([0.11] * 8), NO_MATTER.format(0.6, "0.11")),
        (answers([0.04] * 4 + [0.02] * 4), NO_MATTER.format(0.6, "0.04")),
        (
            answers([0.3] * 4 + [0.1] * 4, has_ball=[False] * 4 + [True] * 4),
            "He shot at once: the ball had only just come into his reach.",
        ),
        (answers(EARLY, has_ball=[True] * 7 + [False]), ""),
        (answers(EARLY[::-1], alike=[9] * 4 + [10] * 4), NO_MATTER.format(0.2, "0.10")),
        (answers(EARLY[::-1], alike=[10] * 7 + [9]), ""),
    ],
)
def test_what_the_line_says(now, said):
    assert clip_story(now, EN) == said


def test_a_card_without_clip_has_no_animation():
    assert animation(CARD, None, EN) is None


@pytest.mark.parametrize(
    ("card", "shooter_id", "why"),
    [
        ({**CARD, "is_penalty": True}, "nine", "A penalty is worth the same"),
        (CARD, "stranger", "does not show the shooter"),
        (CARD, None, "does not show the shooter"),
        (CARD, "nine", "the log of the run says why"),
    ],
)
def test_a_clip_without_line_says_why(card, shooter_id, why):
    told = animation(card, footage(shooter_id=shooter_id), EN)
    assert told.curve is None
    assert why in told.why_no_line
    assert len(told.stills) == 4


def test_a_line_that_ends_elsewhere_than_the_card_says_so():
    assert animation(CARD, footage(answers([0.1, 0.3])), EN).ends_at is None
    assert animation(CARD, footage(answers([0.1, 0.306])), EN).ends_at == pytest.approx(0.306)


def test_the_table_holds_every_quarter_of_a_second_and_the_shot():
    rows = animation(CARD, footage(answers(np.linspace(0, 0.3, 38))), EN).rows
    assert rows[-1].time_s == 0
    assert np.diff([row.time_s for row in rows]) == pytest.approx(0.24)
    assert rows[-1].xg == pytest.approx(0.3)


def test_a_page_with_clips_stays_small_and_takes_names_as_text(shots, model):
    frame = shots({"xg": 0.3, "player": NASTY})
    clip = footage(answers([0.1, 0.2, 0.3]), names={"nine": NASTY, "ten": "</script>"})
    html = match_report(MATCH, frame, NOBODY, model, footage={"s0": clip})
    page = Page(html)
    (section,) = page.hook("animation")
    data = json.loads(section.xpath(".//script[@class='clip-data']")[0].text_content())
    assert data["people"][0]["name"] == NASTY
    assert data["xg"] == [0.1, 0.2, 0.3]
    assert page.root.xpath("//img") == []
    assert "0.30" in section.xpath(".//svg//text[contains(@class, 'end-xg')]/text()")
    assert len(html) < 150_000


def test_a_page_without_clips_carries_no_player(shots, model):
    html = match_report(MATCH, shots({"xg": 0.3}), NOBODY, model)
    assert Page(html).hook("animation") == []
    assert "requestAnimationFrame" not in html


def test_german_cards_speak_german(shots, model):
    clip = {"s0": footage(answers(EARLY))}
    html = match_report(MATCH, shots({"xg": 0.2}), NOBODY, model, footage=clip, language="de")
    assert "Das Warten lohnte sich: 0,6 s früher" in Page(html).said("clip-story")
