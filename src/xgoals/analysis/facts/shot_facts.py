"""What happened at a shot, whatever any model says: what the feed tells, and what follows from the match.

Nothing is guessed: a fact that a feed does not give, or that the goals which are known leave open, is missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import pandas as pd

from xgoals.analysis.facts.goals_in_time import Goal, goals_of_match, score_before
from xgoals.analysis.shots import number_or_none, text_or_empty
from xgoals.domain.circumstances import FLAGS, PassHeight, PassKind, ShotEnd
from xgoals.domain.shot import BodyPart, Outcome, SetUp, ShotType, Technique
from xgoals.features.scenes import REBOUND_WINDOW_S

Word = TypeVar("Word", BodyPart, Outcome, SetUp, ShotType, Technique, PassKind, PassHeight)

_COMES_BACK = (Outcome.SAVED, Outcome.BLOCKED, Outcome.WOODWORK)


@dataclass(frozen=True, slots=True)
class AssistFacts:
    """The pass before a shot: who played it, empty where nobody is named, and what it was."""

    player: str
    kind: PassKind
    height: PassHeight | None = None
    is_switch: bool | None = None


@dataclass(frozen=True, slots=True)
class Rebound:
    """The team's shot from which the ball came back: whose, empty where nobody is named, with what, and its end."""

    player: str
    body_part: BodyPart
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class ShotFacts:
    """What is known of a shot; None where it is not said, which is not "no".

    Attributes
    ----------
    body_part, shot_type, set_up, technique
        As the feed's words were translated.
    assist
        The pass before it.
    rebound_of
        The shot it follows, within the window of a rebound.
    score
        Home and away before the shot; None where not all goals of the match are known with their times.
    keeper
        Who stood in goal, by the frame; empty where not known.
    end
        Where the ball went.
    has_positions, has_keeper
        Whether anybody's position is known, and the keeper's.
    is_first_time, is_one_on_one, is_open_goal, is_aerial_won, is_under_pressure, is_deflected
        As of :class:`xgoals.domain.circumstances.Circumstances`.
    """

    body_part: BodyPart = BodyPart.OTHER
    shot_type: ShotType = ShotType.OPEN_PLAY
    set_up: SetUp = SetUp.OTHER
    technique: Technique = Technique.NORMAL
    assist: AssistFacts | None = None
    rebound_of: Rebound | None = None
    score: tuple[int, int] | None = None
    keeper: str = ""
    end: ShotEnd | None = None
    has_positions: bool = True
    has_keeper: bool = True
    is_first_time: bool | None = None
    is_one_on_one: bool | None = None
    is_open_goal: bool | None = None
    is_aerial_won: bool | None = None
    is_under_pressure: bool | None = None
    is_deflected: bool | None = None


def facts_of_shots(match: Mapping[str, Any], shots: pd.DataFrame) -> dict[str, ShotFacts]:
    """The facts of every shot of a match, by shot id.

    Parameters
    ----------
    match
        As :func:`xgoals.analysis.match.match_numbers` takes it, with ``own_goals`` and the result.
    shots
        The shots of this match; of the columns that ``read_circumstances`` of the store adds, those that are there.
    """
    rows = sorted(shots.to_dict("records"), key=_when)
    goals = goals_of_match(match, rows)
    return {text_or_empty(row["shot_id"]): _facts(row, rows[:n], goals) for n, row in enumerate(rows)}


def _facts(
    row: Mapping[Any, Any], before: Sequence[Mapping[Any, Any]], goals: Sequence[Goal] | None
) -> ShotFacts:
    return ShotFacts(
        body_part=_word(row, "body_part", BodyPart.OTHER),
        shot_type=_word(row, "shot_type", ShotType.PENALTY if row["is_penalty"] else ShotType.OPEN_PLAY),
        set_up=_word(row, "set_up", SetUp.OTHER),
        technique=_word(row, "technique", Technique.NORMAL),
        assist=_assist(row),
        rebound_of=_rebound(row, before),
        score=None if goals is None else score_before(goals, row),
        keeper=text_or_empty(row.get("keeper")),
        end=_end(row),
        has_positions=bool(row.get("has_positions", True)),
        has_keeper=bool(row.get("has_keeper", True)),
        **{name: _flag(row.get(name)) for name in FLAGS},
    )


def _when(row: Mapping[Any, Any]) -> tuple[float, ...]:
    numbers = (number_or_none(row.get(key)) for key in ("period", "minute", "second", "event_n"))
    return tuple(0.0 if number is None else number for number in numbers)


def _word(row: Mapping[Any, Any], column: str, other: Word) -> Word:
    said = text_or_empty(row.get(column))
    return type(other)(said) if said in set(type(other)) else other


def _flag(value: Any) -> bool | None:
    return None if value is None or pd.isna(value) else bool(value)


def _assist(row: Mapping[Any, Any]) -> AssistFacts | None:
    kind = text_or_empty(row.get("assist_kind"))
    if not kind:
        return None
    height = text_or_empty(row.get("assist_height"))
    return AssistFacts(
        player=text_or_empty(row.get("assist_player")),
        kind=PassKind(kind),
        height=PassHeight(height) if height else None,
        is_switch=_flag(row.get("assist_is_switch")),
    )


def _end(row: Mapping[Any, Any]) -> ShotEnd | None:
    x_m, y_m = number_or_none(row.get("end_x_m")), number_or_none(row.get("end_y_m"))
    return None if x_m is None or y_m is None else ShotEnd(x_m, y_m, number_or_none(row.get("end_z_m")))


def _rebound(row: Mapping[Any, Any], before: Sequence[Mapping[Any, Any]]) -> Rebound | None:
    """The team's shot of a moment ago, if the ball came back from it."""
    own = [shot for shot in before if (shot["team"], shot.get("period")) == (row["team"], row.get("period"))]
    if not own or row["is_penalty"]:
        return None
    now_s, then_s = (number_or_none(shot.get("period_time_s")) for shot in (row, own[-1]))
    if now_s is None or then_s is None or not REBOUND_WINDOW_S[0] <= now_s - then_s <= REBOUND_WINDOW_S[1]:
        return None
    outcome = _word(own[-1], "outcome", Outcome.OTHER)
    if outcome not in _COMES_BACK:
        return None
    return Rebound(text_or_empty(own[-1]["player"]), _word(own[-1], "body_part", BodyPart.OTHER), outcome)
