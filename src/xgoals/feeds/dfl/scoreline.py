"""Do the goals add up? Goals from shots and own goals against the official result; goals taken back."""

from dataclasses import dataclass, replace
from datetime import timedelta

from xgoals.domain.errors import Problem
from xgoals.domain.shot import Outcome
from xgoals.feeds.dfl.events import EventSheet, GoalNote
from xgoals.feeds.dfl.matchinfo import MatchInfo
from xgoals.feeds.dfl.shots import ShotEvent

REVIEW = timedelta(minutes=10)
"""A goal is disallowed within this time of being scored."""


@dataclass(frozen=True, slots=True)
class Scoreline:
    """Shots with goals taken back marked as such, and what does not add up."""

    shots: list[ShotEvent]
    problems: list[Problem]


def settle(sheet: EventSheet, info: MatchInfo, where: str) -> Scoreline:
    """Mark goals that were taken back, and compare what stands with the official result.

    A ``GoalDisallowed`` event takes back the goal of the same player within ten minutes, but only while the
    team has more goals than its official result: mostly the feed itself has withdrawn the goal already.
    A goal taken back stays a shot, with outcome OTHER and the reason in ``raw["taken_back"]``.
    """
    match = info.match
    official = {match.home.team_id: match.home_score, match.away.team_id: match.away_score}
    shots = list(sheet.shots)
    for note in sheet.disallowed:
        score = official.get(note.team_id)
        if score is None or _goals(shots, sheet, note.team_id) > score:
            _take_back(shots, note)
    problems = []
    for team in (match.home, match.away):
        score = official[team.team_id]
        goals = _goals(shots, sheet, team.team_id)
        if score is not None and goals != score:
            own = sum(note.team_id == team.team_id for note in sheet.own_goals)
            problems.append(
                Problem(
                    path=where,
                    reason=f"{team.name or team.team_id}: {goals} goals in the events "
                    f"({own} of them own goals of the opponent), {score} in the official result {info.result_text}",
                    advice="The page of the match shows the official result; check the events",
                    match_id=match.match_id,
                    place="scoreline",
                )
            )
    return Scoreline(shots, problems)


def _goals(shots: list[ShotEvent], sheet: EventSheet, team_id: str) -> int:
    scored = sum(shot.outcome is Outcome.GOAL and shot.team_id == team_id for shot in shots)
    return scored + sum(note.team_id == team_id for note in sheet.own_goals)


def _take_back(shots: list[ShotEvent], note: GoalNote) -> None:
    for i in reversed(range(len(shots))):
        shot = shots[i]
        is_scorers = shot.team_id == note.team_id and note.player_id in (None, shot.player_id)
        if shot.outcome is Outcome.GOAL and is_scorers and abs(note.time - shot.time) <= REVIEW:
            raw = {**shot.raw, "taken_back": note.reason}
            shots[i] = replace(shot, outcome=Outcome.OTHER, raw=raw)
            return
