"""Every clause of every sentence is measured again from the raw event, by code of its own.

Reasons are drawn at random, so that each kind of clause is told sooner or later, in either direction.
"""

import json
import re
from collections import Counter

import numpy as np
import pytest
from picture_oracle import RawShot, plane

from xgoals.domain.reason import Actor, Part, PartValue, ShotReasons
from xgoals.features.build import build_features
from xgoals.features.catalogue import ARTICLE_17, BEST_17
from xgoals.features.scenes import Scenes
from xgoals.feeds import load_feed
from xgoals.language import language
from xgoals.report.shot.positions import positions
from xgoals.report.shot.told import told

pytestmark = pytest.mark.real_data
EN = language("en")
NUMBERS = [
    *("nobody", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
]
COUNT = rf"({'|'.join(NUMBERS)})"
N = r"(\d+\.\d)"
VALUE = r"\(([+−]\d\.\d\d)\)"
HOW = "(with the head|with the foot|with another part of the body|as a direct free kick)"
CLOSE = r"(nobody within 3 m|the nearest, No\d+, \d+\.\d m away)"
WHERE = r"\((\d+\.\d) m away, (in the way|goal-side|behind the ball)\)"


def near(said, measured):
    """The number said is the number measured, rounded (the feed's own rounding may tip it)."""
    assert float(said) == pytest.approx(measured, abs=0.07), (said, measured)


def number_of(name):
    """Everybody is called by his number, so that a name is a place in the raw event."""
    return int(name.removeprefix("No"))


class Case:
    """A shot as it is told, and as the feed has it."""

    def __init__(self, raw, people, reasons, features):
        self.raw, self.people, self.reasons, self.features = raw, people, reasons, features
        self.usual = 2.4

    def of(self, part):
        return self.reasons.parts[part].value

    def value(self, said, part, *, is_more):
        assert said == EN.number(self.of(part), 2, signed=True)
        assert (self.of(part) > 0) is is_more

    def at(self, name):
        return self.people[number_of(name)]

    def many(self, said, surely, perhaps):
        assert surely <= NUMBERS.index(said.lower()) <= perhaps, (said, surely, perhaps)


# Checkers: each gets the case and what its pattern found.


def from_there(case, few, how, often):
    raw = case.raw
    body = raw.word("body_part")
    assert {
        "with the head": body == "Head",
        "as a direct free kick": raw.word("type") == "Free Kick",
        "with the foot": "Foot" in body,
        "with another part of the body": body == "Other",
    }[how]
    assert bool(few) == (case.reasons.farthest_m > 3 or len(case.reasons.references) < 24)
    xg = case.reasons.average_xg + case.of(Part.PLACE)
    if found := re.fullmatch(r"about one in (\w+) goes in", often):
        n = NUMBERS.index(found[1]) if found[1] in NUMBERS else int(found[1])
        assert n == pytest.approx(1 / xg, rel=0.2)
    elif found := re.fullmatch(r"about (\w+) in ten go in", often):
        assert NUMBERS.index(found[1]) / 10 == pytest.approx(xg, abs=0.051)
    else:
        bounds = {
            "fewer than one in a hundred goes in": (0, 0.01),
            "about every second one goes in": (0.45, 0.55),
            "nearly every one goes in": (0.95, 1),
        }
        assert bounds[often][0] <= xg <= bounds[often][1]


def keeper(case, name, quality, value, where):
    case.value(value, Part.KEEPER, is_more=quality == "worse")
    raw = case.raw
    assert tuple(case.at(name)) == pytest.approx(tuple(raw.keeper))
    if found := re.fullmatch(rf"{N} m from the middle of the goal, (out of the way|behind the ball)", where):
        near(found[1], float(np.hypot(*raw.keeper)))
        assert (
            (raw.keeper[1] >= raw.at[1] - 0.05)
            if found[2] == "behind the ball"
            else raw.distance_from_triangle(raw.keeper) > 1.45
        )
        return
    depth, aside = where.split(", ", 1)
    assert raw.distance_from_triangle(raw.keeper) < 1.55
    depth, usual = re.fullmatch(rf"(.+?)(?: \(usually {N} m off it\))?", depth).groups()
    assert (usual is not None) == (abs(raw.keeper_off_line - case.usual) >= 0.5)
    if depth == "on his line":
        assert raw.keeper_off_line < 0.52
    else:
        near(re.fullmatch(rf"{N} m off his line", depth)[1], raw.keeper_off_line)
    off = raw.keeper_off_middle
    if aside == "in the middle of the angle":
        assert abs(off) < 0.55
        return
    said, towards = re.fullmatch(rf"{N} m off the middle of the angle, (.+)", aside).groups()
    near(said, abs(off))
    side = "left" if off < 0 else "right"
    ball = "left" if raw.at[0] < 0 else "right"
    assert {"to the shooter's left": side == "left", "to the shooter's right": side == "right",
            "towards the near post": side == ball, "towards the far post": side != ball}[towards]  # fmt: skip
    assert ("post" in towards) == (abs(raw.at[0]) >= 1)


def took_more_by_name(case, value, who):
    case.value(value, Part.OPPONENTS, is_more=False)
    found = re.findall(rf"(No\d+) {WHERE}", who)
    assert re.sub(rf"No\d+ {WHERE}", "", who).replace(" and ", "").replace(", ", "") == ""
    taken = {a.person_n: a for a in case.reasons.actors}
    for name, distance, where in found:
        near(distance, case.raw.distance_to(case.at(name)))
        assert where in case.raw.where(case.at(name))
        assert taken[number_of(name)].removed_xg >= 0.01
        assert taken[number_of(name)].value < 0


def took(case, much, value, way, close):
    case.value(value, Part.OPPONENTS, is_more=much == "less")
    in_way(case, way)
    if close is None:
        assert case.raw.word("type") == "Free Kick", "only the law hides how near they were"
    elif found := re.fullmatch(rf"the nearest, (No\d+), {N} m away", close):
        near(found[2], case.raw.nearest_opponent)
        near(found[2], case.raw.distance_to(case.at(found[1])))
    else:
        assert close == "nobody within 3 m"
        assert case.raw.nearest_opponent > 2.99


def in_way(case, said):
    words = [case.raw.where(at) for at in case.raw.outfield]
    case.many(said, sum(w == {"in the way"} for w in words), sum("in the way" in w for w in words))


def scene(case, crowd, way, close, line):
    in_way(case, way)
    distances = np.array([case.raw.distance_to(at) for at in case.raw.outfield])
    if close:
        case.many(close, (distances < 2.99).sum(), (distances < 3.01).sum())
    else:
        assert not (distances < 2.99).any()
    on_line = [abs(at[0]) <= 3.66 and at[1] <= 1.5 for at in case.raw.outfield]
    assert NUMBERS.index(line or "nobody") == sum(on_line)
    assert bool(crowd) == ((distances <= 3).sum() >= 3 or NUMBERS.index(way.lower()) >= 5)


def alone(case, name, xg):
    actor = next(a for a in case.reasons.actors if a.person_n == number_of(name))
    assert actor.is_ordinary
    assert float(xg) == pytest.approx(case.reasons.xg + actor.removed_xg, abs=0.0051)


def strike(case, kind, value, what):
    case.value(value, Part.STRIKE, is_more=kind == "An easier")
    assert case.raw.word("type") != "Free Kick"
    for word in re.split(r"(?<!volley), ", what):
        assert STRIKES[word](case.raw), word


def nothing_else(case):
    parts = (Part.KEEPER, Part.OPPONENTS, Part.STRIKE)
    assert any(case.of(part) is not None for part in parts)


def technique(*names):
    return lambda raw: raw.word("technique") in names


STRIKES = {
    "a volley": technique("Volley"),
    "a half-volley": technique("Half Volley"),
    "a half-volley, first time": technique("Half Volley"),
    "a half-volley after a touch": technique("Half Volley"),
    "a lob": technique("Lob"),
    "a backheel": technique("Backheel"),
    "an overhead kick": technique("Overhead Kick"),
    "a backheel or overhead kick": technique("Backheel", "Overhead Kick"),
    "a diving header": technique("Diving Header"),
    "a header won in the air": lambda raw: raw.details.get("aerial_won") and raw.word("body_part") == "Head",
    "first time": lambda raw: raw.details.get("first_time") and raw.word("body_part") != "Head",
    "first time from a rebound": lambda raw: 1 <= raw.gap_s <= 5,
    "the ball under control": lambda raw: raw.word("body_part") != "Head"
    and (not raw.details.get("first_time") or raw.details.get("follows_dribble")),
    "after a short dribble": lambda raw: raw.details.get("follows_dribble"),
}  # fmt: skip
SENTENCES = [
    (rf"From (about )?there, (?:where few shoot from, )?{HOW}, (.+?)\.", from_there),
    (rf"(A crowd: )?{COUNT} in the way(?:, {COUNT} within 3 m)?(?:, {COUNT} on the goal line)?\.", scene),
    (rf"(No\d+) stood (worse|better) than keepers usually do from there {VALUE}: (.+?)\.", keeper),
    (rf"The opponents took (more|less) than usual from there {VALUE}: {COUNT} in the way(?:, {CLOSE})?\.", took),
    (rf"The opponents took more than usual from there {VALUE}: (No\d+ .+?)\.", took_more_by_name),
    (r"Without (No\d+) alone it would be (\d\.\d+)\.", alone),
    (rf"(An easier|A harder) strike than usual from there {VALUE}: (.+?)\.", strike),
    (r"Nothing else surely made this one better or worse than that\.", nothing_else),
]  # fmt: skip


def check(text, case, heard):
    """Take sentence after sentence off the text; whatever no pattern knows was invented."""
    while text:
        found = next(
            (
                (match, checker)
                for pattern, checker in SENTENCES
                if (match := re.match(rf"{pattern}(?= |$)", text, re.IGNORECASE if checker is scene else 0))
            ),
            None,
        )
        assert found, f"nobody can check: {text!r}"
        match, checker = found
        checker(case, *match.groups())
        heard[checker.__name__] += 1
        text = text[match.end() :].lstrip()


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
    around = dict(iter(scenes.people.groupby("row")))
    rng = np.random.default_rng(7)
    heard: Counter[str] = Counter()
    for i, row in enumerate(scenes.shots.to_dict("records")):
        if row["is_penalty"]:
            continue
        of_shot = raw[row["shot_id"]]
        people = around.get(i, scenes.people.iloc[:0]).reset_index(drop=True)
        people = people.assign(
            goal_x_m=row["pitch_length_m"] / 2,
            player=[f"No{n}" for n in people.index],
            vx_ms=np.nan,
            vy_ms=np.nan,
        )
        shot = a_shot(row, features.iloc[i], catalogue)
        where = positions(shot, people)
        in_the_feed = {p.person_n: np.array([p.x, p.y]) for p in where.people}
        frame = [plane(person["location"]) for person in of_shot.details.get("freeze_frame") or []]
        assert all(min(np.hypot(*(at - p)) for p in frame) < 0.02 for at in in_the_feed.values())
        for _ in range(2):
            reasons = some_reasons(where, rng)
            case = Case(of_shot, in_the_feed, reasons, features.iloc[i])
            text = str(told(shot, reasons, where, EN, usual_off_line_m=case.usual))
            check(text, case, heard)
    assert set(heard) == {checker.__name__ for _, checker in SENTENCES}
    assert min(heard[name] for name in ("keeper", "took", "took_more_by_name", "strike", "scene")) > 10, heard


def a_shot(row, values, catalogue):
    told = [
        feature | {"value": None if np.isnan(values[feature["name"]]) else float(values[feature["name"]])}
        for feature in catalogue.as_records()
    ]
    place = {"depth_m": row["pitch_length_m"] / 2 - row["x_m"], "left_m": row["y_m"]}
    kinds = {key: row[key] for key in ("is_penalty", "body_part", "shot_type")}
    return kinds | place | {"features": told, "knows_positions": True}


def some_reasons(around, rng):
    """Reasons of any size and certainty; parts of which the frame knows nothing are missing."""
    parts = {}
    known = {
        Part.PLACE: True,
        Part.STRIKE: True,
        Part.KEEPER: around.keeper is not None,
        Part.OPPONENTS: bool(around.people),
    }
    for part in Part:
        value = float(rng.uniform(0.0, 0.6)) if part is Part.PLACE else float(rng.normal(0, 0.1))
        is_told = bool(rng.random() < 0.6) and abs(value) > 0.01
        parts[part] = PartValue(value, 0.01, 20, is_told) if known[part] else PartValue(None)
    others = sum(parts[part].value or 0.0 for part in Part if part is not Part.PLACE)
    parts[Part.PLACE] = PartValue(max(parts[Part.PLACE].value, 0.02 - 0.1, 0.02 - 0.1 - others), 0.01, 20)
    actors = tuple(
        Actor(p.person_n, p.kind == "keeper", n + 1, -taken, taken, bool(rng.random() < 0.8))
        for n, p in enumerate(around.people)
        if p.kind != "mate" and rng.random() < 0.3
        for taken in [float(rng.normal(0.03, 0.05))]
    )
    references = tuple(range(24 if rng.random() < 0.8 else 7))
    xg = 0.1 + sum(part.value or 0.0 for part in parts.values())
    return ShotReasons(
        0.1, xg, parts, Part.PLACE, 20, 20, references, float(rng.uniform(0.5, 3.3)), 0.5, actors
    )
