"""Shot events -> shots and scenes, in metres."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.match import Match, OwnGoal
from xgoals.domain.pitch import YARD_M
from xgoals.domain.scene import FrameSource, Person, Scene
from xgoals.domain.shot import BodyPart, Outcome, SetUp, Shot, ShotType, Technique
from xgoals.feeds.statsbomb.words import (
    BODY_PARTS,
    OUTCOMES,
    SET_UPS,
    SHOT_TYPES,
    TECHNIQUES,
    ball_control,
    raw_words,
)

SHOOT_OUT_PERIOD = 5
OUT_OF_PITCH_TOLERANCE_YD = 2.0
"""A shot from the corner arc is recorded up to 0.2 yd outside; further out is a typing error."""

Json = dict[str, Any]
T = TypeVar("T")


def is_shot(event: Json) -> bool:
    """Whether the event is a shot of the match; period 5 is the shoot-out."""
    named = (event.get("type") or {}).get("name") == "Shot"
    return named and event.get("period") in range(1, SHOOT_OUT_PERIOD)


def is_own_goal(event: Json) -> bool:
    """Whether the event is an own goal, told from the side that conceded it; full event files have them."""
    return bool((event.get("type") or {}).get("name") == "Own Goal Against")


def read_own_goal(event: Json, match: Match) -> OwnGoal:
    """An own goal; it counts for the other team than the event's."""
    conceding = str((event.get("team") or {}).get("id"))
    player_id = (event.get("player") or {}).get("id")
    return OwnGoal(
        team_id=match.away.team_id if conceding == match.home.team_id else match.home.team_id,
        player_id=str(player_id) if player_id is not None else None,
        minute=int(event.get("minute") or 0),
    )


class ShotReader:
    """Turns the shot events of one match into shots and scenes, and collects what is wrong with them."""

    def __init__(self, match: Match, path: Path) -> None:
        self.match = match
        self.path = path
        self.shots: list[Shot] = []
        self.scenes: list[Scene] = []
        self.problems: list[Problem] = []
        self._seen: set[str] = set()

    def read(self, event: Json) -> None:
        """Append one shot and its scene, or the reason why not."""
        shot_id = event.get("id")
        details = event.get("shot")
        if not isinstance(shot_id, str) or not isinstance(details, dict):
            self._note("shot", f"event {event.get('index')}", "a shot without id or details", "Shot left out")
        elif shot_id in self._seen:
            self._note("shot", shot_id, "a second shot with the same id", "The first one is kept")
        elif not (details.get("outcome") or {}).get("name"):
            self._note("shot", shot_id, "a shot without outcome", "Shot left out until the file is mended")
        else:
            self._seen.add(shot_id)
            self.shots.append(self._shot(shot_id, event, details))
            self.scenes.append(self._scene(shot_id, details))

    def check_scoreline(self, own_goals: Sequence[OwnGoal]) -> None:
        """Note where there are more goals than the result has (fewer: files of shots lack own goals)."""
        for team, score in (
            (self.match.home, self.match.home_score),
            (self.match.away, self.match.away_score),
        ):
            goals = sum(shot.is_goal for shot in self.shots if shot.team_id == team.team_id)
            goals += sum(goal.team_id == team.team_id for goal in own_goals)
            if score is not None and goals > score:
                self._note(
                    "value", team.name, f"{goals} goals in the events, {score} in the result", "Check both"
                )

    def _shot(self, shot_id: str, event: Json, details: Json) -> Shot:
        team_id = str((event.get("team") or {}).get("id"))
        if team_id not in (self.match.home.team_id, self.match.away.team_id):
            raise FeedError(
                f"team {team_id} of shot {shot_id} does not play in match {self.match.match_id}",
                where=str(self.path),
                advice="The file seems to belong to another match: replace it",
            )
        x_m, y_m = self._place(shot_id, event)
        shot_type = self._translate(SHOT_TYPES, details, "type", ShotType.OPEN_PLAY, shot_id)
        technique = self._translate(TECHNIQUES, details, "technique", Technique.OTHER, shot_id)
        body_part = self._translate(BODY_PARTS, details, "body_part", BodyPart.OTHER, shot_id)
        minute, second = int(event.get("minute") or 0), int(event.get("second") or 0)
        player = event.get("player") or {}
        return Shot(
            shot_id=shot_id,
            event_n=len(self.shots),
            period=int(event["period"]),
            minute=minute,
            second=second,
            period_time_s=_seconds(event.get("timestamp")),
            team_id=team_id,
            player_id=str(player["id"]) if player.get("id") is not None else None,
            x_m=x_m,
            y_m=y_m,
            body_part=body_part,
            shot_type=shot_type,
            outcome=self._translate(OUTCOMES, details, "outcome", Outcome.OTHER, shot_id),
            ball_control=ball_control(details, shot_type, technique, body_part),
            set_up=self._translate(SET_UPS, event, "play_pattern", SetUp.OTHER, shot_id),
            technique=technique,
            provider_xg=_share(details.get("statsbomb_xg")),
            raw=raw_words(event, details),
        )

    def _place(self, shot_id: str, event: Json) -> tuple[float | None, float | None]:
        place = _location(event.get("location"))
        if place is None:
            self._note("value", shot_id, "a shot without a location", "Its features of place are missing")
            return None, None
        return place

    def _scene(self, shot_id: str, details: Json) -> Scene:
        frame = details.get("freeze_frame")
        if not frame:
            return Scene(shot_id=shot_id)
        people = []
        for n, person in enumerate(frame):
            place = _location(person.get("location"))
            if place is None:
                self._note(
                    "value", f"{shot_id}, person {n}", "a player without a location", "Player left out"
                )
                continue
            people.append(_person(person, *place))
        if not any(person.is_keeper and not person.is_teammate for person in people):
            is_penalty = (details.get("type") or {}).get("name") == "Penalty"
            if not is_penalty:
                self._note(
                    "value", shot_id, "a freeze frame without the keeper", "Keeper features are missing"
                )
        return Scene(shot_id=shot_id, people=tuple(people), frame_source=FrameSource.FREEZE_FRAME)

    def _translate(self, words: Mapping[str, T], holder: Json, key: str, other: T, shot_id: str) -> T:
        word = str((holder.get(key) or {}).get("name"))
        if word in words:
            return words[word]
        self._note("value", shot_id, f"unknown {key.replace('_', ' ')} '{word}'", f"Counted as '{other}'")
        return other

    def _note(self, severity: str, place: str, reason: str, advice: str) -> None:
        self.problems.append(
            Problem(
                path=str(self.path),
                place=place,
                reason=reason,
                advice=advice,
                match_id=self.match.match_id,
                severity=severity,
            )
        )


def _location(value: object) -> tuple[float, float] | None:
    """Yards, y downwards -> metres from the centre, y to the attacker's left; None where no place."""
    if not isinstance(value, list) or len(value) < 2:
        return None
    x_yd, y_yd = value[0], value[1]
    if not all(isinstance(v, int | float) for v in (x_yd, y_yd)):
        return None
    slack = OUT_OF_PITCH_TOLERANCE_YD
    if not (-slack <= x_yd <= 120 + slack and -slack <= y_yd <= 80 + slack):
        return None
    return (x_yd - 60) * YARD_M, (40 - y_yd) * YARD_M


def _person(person: Json, x_m: float, y_m: float) -> Person:
    player_id = (person.get("player") or {}).get("id")
    return Person(
        x_m=x_m,
        y_m=y_m,
        is_teammate=bool(person.get("teammate")),
        is_keeper=(person.get("position") or {}).get("name") == "Goalkeeper",
        player_id=str(player_id) if player_id is not None else None,
    )


def _seconds(timestamp: object) -> float | None:
    """``"00:09:11.250"`` -> 551.25."""
    try:
        hours, minutes, seconds = str(timestamp).split(":")
        return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    except ValueError:
        return None


def _share(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and 0 <= value <= 1 else None
