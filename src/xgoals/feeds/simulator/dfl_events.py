"""The events file of a simulated match."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import numpy as np

from xgoals.domain import geometry
from xgoals.domain.match import Match
from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, ShotType, Technique
from xgoals.feeds.simulator.dfl_frames import RATE_HZ, TimedShot, last_frame
from xgoals.feeds.simulator.dfl_text import (
    FIRST_FRAME,
    LOCAL,
    SECTIONS,
    Game,
    iso,
    open_message,
    signs_of,
    tag,
)

EVENT_PLACE_SD_M = 1.2

BODY_PARTS = {
    BodyPart.RIGHT_FOOT: "rightLeg",
    BodyPart.LEFT_FOOT: "leftLeg",
    BodyPart.HEAD: "head",
    BodyPart.OTHER: "upperBody",
}
BALL_CONTROLS = {
    BallControl.DIRECT: "direct",
    BallControl.VOLLEY: "volley",
    BallControl.CONTROL: "controlShot",
    BallControl.DRIBBLE_SHORT: "dribblingLess10m",
    BallControl.DRIBBLE_LONG: "dribblingMore10m",
    BallControl.OTHER: "setPiece",
}
SET_UPS = {
    SetUp.CROSS: "crossFromOpenPlay",
    SetUp.OPPONENT_ERROR: "oppositionDefensiveAction",
    SetUp.REBOUND: "reboundGoalkeeper",
    SetUp.CORNER: "cornerKick",
    SetUp.FREE_KICK: "freeKick",
    SetUp.THROW_IN: "throwIn",
    SetUp.OTHER: "other",
}
TECHNIQUES = {
    Technique.VOLLEY: "frontalVolley",
    Technique.HALF_VOLLEY: "frontalVolley",
    Technique.LOB: "scoop",
    Technique.BACKHEEL: "backheel",
    Technique.OVERHEAD: "overHeadKick",
    Technique.DIVING_HEADER: "divingHeader",
}
OUTCOMES = {
    Outcome.GOAL: "SuccessfulShot",
    Outcome.SAVED: "SavedShot",
    Outcome.BLOCKED: "BlockedShot",
    Outcome.OFF_TARGET: "ShotWide",
    Outcome.WOODWORK: "ShotWoodWork",
    Outcome.OTHER: "OtherShot",
}
SET_PIECES = {ShotType.PENALTY: "Penalty", ShotType.FREE_KICK: "FreeKick", ShotType.CORNER: "CornerKick"}

DEFENDER_MARGIN_M = 1.5
"""The real feed counts more defenders than stand in the triangle of shooter and posts: about as many as this far
beside it."""


def event_lines(rng: np.random.Generator, game: Game, time: datetime) -> Iterator[str]:
    """The file, piece by piece: kick-offs, withdrawn events, shots, final whistles."""
    match = game.match
    yield open_message(time, DataStatus="postmatch") + "\n"
    score = {match.home.team_id: 0, match.away.team_id: 0}
    number = 0
    for period, start in sorted(game.starts.items()):
        left = next(team for team, sign in signs_of(match, period).items() if sign > 0)
        right = match.away.team_id if left == match.home.team_id else match.home.team_id
        # Sides are stated at the first kick-off only in every other match: the second half swaps them.
        sides = {"TeamLeft": left, "TeamRight": right} if period % 2 or rng.random() < 0.5 else {}
        number += 1
        kick_off = tag("KickOff", {"GameSection": SECTIONS[period], **sides})
        yield _event(rng, match, f"{match.match_id}-K{number}", start, {}, kick_off)
        of_period = [timed for timed in game.shots if timed.shot.period == period]
        for timed in of_period:
            number += 1
            gone = start + timedelta(seconds=(timed.n - FIRST_FRAME[period]) / RATE_HZ - 20)
            yield _event(rng, match, f"{match.match_id}-D{number}", gone, {}, "<Delete/>")
            yield _shot_event(rng, game, timed, score)
        played_s = (last_frame(of_period, FIRST_FRAME[period]) - FIRST_FRAME[period]) / RATE_HZ
        result = f"{score[match.home.team_id]}:{score[match.away.team_id]}"
        whistle = tag("FinalWhistle", {"GameSection": SECTIONS[period], "FinalResult": result})
        yield _event(
            rng, match, f"{match.match_id}-W{number}", start + timedelta(seconds=played_s), {}, whistle
        )
    yield "</PutDataRequest>\n"


def _event(
    rng: np.random.Generator,
    match: Match,
    event_id: str,
    time: datetime,
    more: Mapping[str, str],
    inside: str,
) -> str:
    attributes = {
        "EventId": event_id,
        "MatchId": match.match_id,
        "EventTime": iso(time.astimezone(LOCAL)),
        **more,
    }
    names = rng.permutation(list(attributes)).tolist()
    return tag("Event", {name: attributes[name] for name in names}, close=False) + f"\n {inside}\n</Event>\n"


def _shot_event(rng: np.random.Generator, game: Game, timed: TimedShot, score: dict[str, int]) -> str:
    shot, match = timed.shot, game.match
    taken = game.starts[shot.period] + timedelta(seconds=(timed.n - FIRST_FRAME[shot.period]) / RATE_HZ)
    event_time = taken + timedelta(seconds=timed.scene.clock_offset_s or 0.0)
    true_place = np.array([shot.x_m, shot.y_m], dtype=float)
    place = true_place + rng.normal(0, EVENT_PLACE_SD_M, 2)
    more = _corner(place, timed.sign, match, "-Position")
    if timed.has_official:
        more |= _corner(true_place, timed.sign, match, "-PositionFromTracking")
        more |= {"CalculatedFrame": str(timed.n), "CalculatedTimestamp": iso(taken.astimezone(LOCAL))}
    outcome = {}
    if shot.outcome is Outcome.GOAL:
        score[shot.team_id] += 1
        outcome["CurrentResult"] = f"{score[match.home.team_id]}:{score[match.away.team_id]}"
    inside = (
        tag("ShotAtGoal", _shot_attributes(timed, match, place), close=False)
        + tag(OUTCOMES[shot.outcome], outcome)
        + "</ShotAtGoal>"
    )
    around = SET_PIECES.get(shot.shot_type)
    if around is not None:
        inside = tag(around, {"Team": shot.team_id}, close=False) + inside + f"</{around}>"
    return _event(rng, match, shot.shot_id, event_time, more, inside)


def _corner(place: geometry.FloatArray, sign: int, match: Match, suffix: str) -> dict[str, str]:
    """A place in the shot's coordinates -> the events' 105 x 68 with a corner as the origin."""
    from_goal_line = match.pitch.goal_x_m - place[0]
    x = 105.0 - from_goal_line if sign > 0 else from_goal_line
    return {f"X{suffix}": f"{x:.2f}", f"Y{suffix}": f"{34.0 + sign * place[1]:.2f}"}


def _shot_attributes(timed: TimedShot, match: Match, event_place: geometry.FloatArray) -> dict[str, object]:
    shot, scene = timed.shot, timed.scene
    attributes: dict[str, object] = {
        "Team": shot.team_id,
        "Player": shot.player_id or "",
        "TypeOfShot": BODY_PARTS[shot.body_part],
        "TakerBallControl": BALL_CONTROLS[shot.ball_control],
        "TakerSetup": SET_UPS.get(shot.set_up, "otherPassFromOpenPlay"),
        "CounterAttack": str(shot.set_up is SetUp.COUNTER).lower(),
    }
    if shot.technique in TECHNIQUES:
        attributes["ExtendedTypeOfShot"] = TECHNIQUES[shot.technique]
    if shot.provider_xg is not None:
        attributes["xG"] = f"{shot.provider_xg:.4f}"
    goal_x = match.pitch.goal_x_m
    true_place = np.array([shot.x_m, shot.y_m], dtype=float)
    x, y = (true_place if timed.has_official else event_place).tolist()
    attributes["DistanceToGoal"] = f"{float(geometry.distance_to_goal_m(x, y, goal_x)):.2f}"
    attributes["AngleToGoal"] = f"{float(geometry.angle_to_goal_deg(x, y, goal_x)):.2f}"
    if not timed.has_official:
        return attributes
    opponents = [p for p in scene.people if not p.is_teammate and not p.is_keeper]
    xs, ys = [p.x_m for p in opponents], [p.y_m for p in opponents]
    attributes["Pressure"] = f"{float(np.sum(geometry.pressure(x, y, xs, ys, goal_x))):.2f}"
    in_the_way = geometry.in_shot_triangle(x, y, xs, ys, goal_x, margin_m=DEFENDER_MARGIN_M)
    attributes["AmountOfDefenders"] = int(np.sum(in_the_way))
    speed_kmh = 3.6 * np.hypot(scene.shooter_vx_ms or 0.0, scene.shooter_vy_ms or 0.0)
    attributes["PlayerSpeed"] = f"{speed_kmh:.2f}"
    for keeper in scene.people:
        if keeper.is_keeper and not keeper.is_teammate:
            attributes["GoalDistanceGoalkeeper"] = f"{goal_x - keeper.x_m:.2f}"
    return attributes
