"""Every clause of every sentence is measured again from the raw event, by code of its own.

Attributions are drawn at random, so that each fact is told sooner or later, in either direction.
"""

import json
import re
from collections import Counter

import numpy as np
import pytest
from picture_oracle import RawShot

from xgoals.features.build import build_features
from xgoals.features.catalogue import ARTICLE_17, BEST_17
from xgoals.features.interception import FITTED
from xgoals.features.scenes import Scenes
from xgoals.feeds import load_feed
from xgoals.language import language
from xgoals.report.sentences import shot_story

pytestmark = pytest.mark.real_data
EN = language("en")
CLAUSE = re.compile(r"the (place|keeper|opponents|execution|situation)(?: \(([^()]*)\))?")
N = r"([\d.]+)"


def near(said, measured, digits):
    """The number said is the number measured, rounded (the feed's own rounding may tip it)."""
    assert float(said) == pytest.approx(measured, abs=0.5 * 10**-digits + 0.02), (said, measured)


def more(measured, ordinary, sign):
    """The shot differs from the ordinary one in the direction that makes this a reason."""
    assert (measured - ordinary) * sign > -1e-6


# Checkers: each gets what its pattern found, the raw shot, the ordinary values, and the direction.


def distance(said, raw, ordinary, sign):
    near(said, raw.distance, 0)
    more(-raw.distance, -ordinary["DistanceToGoal"], sign)


def distance_closest(said, raw, ordinary, sign):
    near(said, raw.distance_to_nearest_point, 0)
    more(-raw.distance_to_nearest_point, -ordinary["DistanceToGoalClosest"], sign)


def angle(kind, said, raw, ordinary, sign):
    near(said, raw.angle, 0)
    usual = ordinary["AngleToGoal"]
    more(raw.angle, usual, sign)
    kinds = [
        "a wide" if angle > 1.4 * usual else "a tight" if angle < 0.75 * usual else "an"
        for angle in (raw.angle - 0.1, raw.angle + 0.1)  # 8 yards are 7.315 m, the goal of the laws 7.32 m
    ]
    assert kind in kinds


def keeper_reaches(said, usual, raw, ordinary, sign):
    share = 100 * raw.keeper_share(FITTED)
    assert float(said) == pytest.approx(share, abs=1.0)
    near(usual, ordinary["GoalkeeperInterception"], 0)
    more(-share, -ordinary["GoalkeeperInterception"] - 0.1 * sign, sign)


def keeper_hides(said, usual, raw, ordinary, sign):
    assert float(said) == pytest.approx(100 * raw.hidden_share(), abs=1.0)
    more(-100 * raw.hidden_share(), -ordinary["GoalkeeperCoverage"] - 0.1 * sign, sign)


def keeper_out(said, usual, raw, ordinary, sign):
    ways = {
        "GoalDistanceGoalkeeper": raw.keeper_out,
        "GoalDistanceGoalkeeperClosest": raw.keeper_out_nearest,
    }
    assert any(
        abs(float(said) - way) < 0.08 and abs(float(usual) - ordinary[name]) < 0.06
        and (way - ordinary[name]) * sign > 0
        for name, way in ways.items()
    )  # fmt: skip


def no_keeper(raw, ordinary, sign):
    assert raw.keeper is None


def in_the_way(said, raw, ordinary, sign):
    n = {"nobody": 0, "one": 1}.get(said) if not said.isdigit() else int(said)
    surely = sum(d < 1.45 for d in raw.distances_from_triangle)
    perhaps = sum(d < 1.55 for d in raw.distances_from_triangle)
    assert surely <= n <= perhaps
    more(-n, -ordinary["AmountOfDefenders"], sign)


def leave_open(said, usual, raw, ordinary, sign):
    share = 100 * raw.unblocked_share(FITTED)
    assert float(said) == pytest.approx(share, abs=1.0)
    near(usual, ordinary["UnblockedShare"], 0)
    more(share, ordinary["UnblockedShare"] + 0.1 * -sign, sign)


def goal_side(said, raw, ordinary, sign):
    assert {"nobody": 0, "one": 1}.get(said, said) in (raw.goal_side, str(raw.goal_side))
    more(-raw.goal_side, -ordinary["OpponentsGoalSide"], sign)


def nearest(said, raw, ordinary, sign):
    near(said, raw.nearest_opponent, 1)
    more(raw.nearest_opponent, 8 * (1 - ordinary["PressureNearest"]), sign)


def nobody_near(said, raw, ordinary, sign):
    assert raw.nearest_opponent >= float(said) - 1e-6
    assert sign > 0


def pressure(said, raw, ordinary, sign):
    measured = {"PressureSum": sum(raw.pressures), "PressureMax": max(raw.pressures, default=0.0)}
    assert any(amount(value, ordinary[name]) == said for name, value in measured.items() if name in ordinary)
    assert sign == (-1 if said == "much" else 1)


def tight(said, raw, ordinary, sign):
    kind = amount(max(raw.pressures, default=0.0), ordinary["PressureMax"])
    assert kind == ("much" if said == "an opponent" else "little")
    assert sign == (-1 if said == "an opponent" else 1)


def header(raw, ordinary, sign):
    assert raw.word("body_part") == "Head"
    assert sign < 0


def not_the_foot(raw, ordinary, sign):
    assert "Foot" not in raw.word("body_part")
    assert sign < 0


def free_kick(raw, ordinary, sign):
    assert raw.word("type") == "Free Kick"


def first_time(raw, ordinary, sign):
    assert raw.details.get("first_time") or raw.word("body_part") == "Head"


def under_control(raw, ordinary, sign):
    assert raw.word("body_part") != "Head"
    assert not raw.details.get("first_time") or raw.details.get("follows_dribble")


def dribble(raw, ordinary, sign):
    assert raw.details.get("follows_dribble")


def technique(said, raw, ordinary, sign):
    assert raw.word("technique") in TECHNIQUES[said]


def set_up(said, raw, ordinary, sign):
    assert raw.event["play_pattern"]["name"] in SET_UPS[said]


def rebound(raw, ordinary, sign):
    assert 1 <= raw.gap_s <= 5


def dead_ball(raw, ordinary, sign):
    assert raw.word("type") in ("Free Kick", "Corner")


def amount(value, ordinary):
    if value == 0:
        return "no"
    return "much" if value > 1.5 * ordinary else "little" if value < 0.5 * ordinary else "middling"


TECHNIQUES = {
    "a volley": {"Volley"},
    "a half-volley": {"Half Volley"},
    "a half-volley, first time": {"Half Volley"},
    "a half-volley after a touch": {"Half Volley"},
    "a lob": {"Lob"},
    "a backheel": {"Backheel"},
    "an overhead kick": {"Overhead Kick"},
    "a backheel or overhead kick": {"Backheel", "Overhead Kick"},
    "a diving header": {"Diving Header"},
}
SET_UPS = {
    "from open play": {"Regular Play"},
    "on the counter": {"From Counter"},
    "after a corner": {"From Corner"},
    "after a free kick": {"From Free Kick"},
    "after a throw-in": {"From Throw In"},
    "after a goal kick": {"From Goal Kick", "From Keeper"},
    "after kick-off": {"From Kick Off"},
}
PER_CENT = "\u202f%"
PATTERNS = [
    (rf"{N} m out", distance),
    (rf"{N} m from the nearest point of the goal", distance_closest),
    (rf"(a wide|a tight|an) angle of {N}°", angle),
    (rf"gets to {N}{PER_CENT} of the goal, ordinarily {N}{PER_CENT}", keeper_reaches),
    (rf"hides {N}{PER_CENT} of the goal, ordinarily {N}{PER_CENT}", keeper_hides),
    (rf"{N} m from goal, ordinarily {N} m", keeper_out),
    ("position unknown", no_keeper),
    (r"(nobody|one|\d+) in the way", in_the_way),
    (rf"leave {N}{PER_CENT} of the goal open, ordinarily {N}{PER_CENT}", leave_open),
    (r"(nobody|one|\d+) goal-side", goal_side),
    (rf"the nearest {N} m away", nearest),
    (rf"nobody within {N} m", nobody_near),
    ("(no|little|much) pressure", pressure),
    ("(an opponent|nobody) tight on the shooter", tight),
    ("a header", header),
    ("not with the foot", not_the_foot),
    ("a direct free kick", free_kick),
    ("first time from a rebound|a rebound", rebound),
    (f"({'|'.join(sorted(TECHNIQUES, key=len, reverse=True))})", technique),
    ("first time", first_time),
    ("the ball under control", under_control),
    ("after a short dribble", dribble),
    ("a dead ball", dead_ball),
    (f"({'|'.join(SET_UPS)})", set_up),
]


def check_facts(text, raw, ordinary, sign, told):
    """Take fact after fact off the text; whatever no pattern knows was invented."""
    while text:
        pattern, check = next(
            ((found, check) for p, check in PATTERNS if (found := re.match(f"(?:{p})(?=, |$)", text))),
            (None, None),
        )
        assert pattern is not None, f"nobody can check: {text!r}"
        check(*(group for group in pattern.groups() if group is not None), raw, ordinary, sign)
        told[check.__name__, sign] += 1
        text = text[pattern.end() :].removeprefix(", ")


def check_body(body, shot, raw, ordinary, told):
    for sentence in re.findall(r"[^.]+(?:\.\d[^.]*)*\.(?: |$)", body):
        opening, rest = sentence.strip().removesuffix(".").split(": ", 1)
        sign = {"In its favour": 1, "Against it": -1}[opening]
        for group, facts in CLAUSE.findall(rest):
            assert shot["groups"][group] * sign > 0
            check_facts(facts, raw, ordinary, sign, told)
        assert re.sub(CLAUSE, "", rest).replace(" and ", "").replace(", ", "") == ""


def raw_shots(folder, match_id):
    events = json.loads((folder / "statsbomb" / "events" / f"{match_id}.json").read_text("utf-8"))
    last, found = {}, {}
    for event in events:
        if "shot" not in event:
            continue
        hours, minutes, seconds = event["timestamp"].split(":")
        at = 3600 * int(hours) + 60 * int(minutes) + float(seconds)
        key = (event["team"]["id"], event["period"])
        found[event["id"]] = RawShot(event, at - last.get(key, -1e9))
        last[key] = at
    return found


@pytest.fixture(scope="module")
def real_shots(real_data):
    """(scenes of the feed, raw shots by id) of every 100th match."""
    feed = load_feed("statsbomb")
    deliveries, _ = feed.discover(real_data / "statsbomb")
    chosen = [
        delivery for _, delivery in zip(range(0, len(deliveries), 100), deliveries[::100], strict=False)
    ]
    records = [feed.read_match(delivery)[0] for delivery in chosen]
    raw = {}
    for delivery in chosen:
        raw |= raw_shots(real_data, delivery.match_id)
    return Scenes.of(records), raw


@pytest.mark.parametrize("catalogue", [BEST_17, ARTICLE_17], ids=lambda catalogue: catalogue.name)
def test_no_clause_is_invented_and_none_contradicts_the_picture(real_shots, catalogue):
    scenes, raw = real_shots
    features = build_features(scenes, catalogue)
    continuous = {f.name for f in catalogue.features if f.kind in ("continuous", "count")}
    ordinary = {
        name: float(features[name].mean() if name in continuous else features[name].mode()[0])
        for name in catalogue.names
        if features[name].notna().any()
    }
    rng = np.random.default_rng(7)
    told: Counter[tuple[str, int]] = Counter()
    for i, identity in enumerate(scenes.shots[["shot_id", "is_goal", "is_penalty"]].to_dict("records")):
        if identity["is_penalty"]:
            continue
        for _ in range(2):
            shot = random_shot(catalogue, features.iloc[i], ordinary, rng) | identity
            body = shot_story(shot, 0.1, EN).body
            check_body(body, shot, raw[identity["shot_id"]], ordinary, told)
    kinds = {kind for kind, _ in told}
    assert len(kinds) >= 12, kinds
    assert min(told["distance", 1], told["distance", -1], told["keeper_out", 1], told["keeper_out", -1]) > 10


def random_shot(catalogue, values, ordinary, rng):
    told = []
    for feature in catalogue.as_records():
        value = float(values[feature["name"]])
        is_ordinary = np.isnan(value) or value == ordinary.get(feature["name"])
        push = 0.0 if is_ordinary else float(rng.normal())  # as exact values have it
        value = None if np.isnan(value) else value
        told.append(
            feature | {"value": value, "baseline": ordinary.get(feature["name"]), "attribution": push}
        )
    groups = {group: sum(f["attribution"] for f in told if f["group"] == group) for group in catalogue.groups}
    return {"xg": 0.2, "features": told, "groups": groups}
