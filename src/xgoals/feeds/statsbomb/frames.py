"""Freeze frames -> scenes, in metres."""

from typing import Protocol

from xgoals.domain.bounds import PERSON_OUTSIDE_M, SHOT_OUTSIDE_M, is_on
from xgoals.domain.errors import Severity
from xgoals.domain.frame import OnPitch, without_outsiders
from xgoals.domain.match import Match
from xgoals.domain.pitch import YARD_M, Pitch
from xgoals.domain.scene import FrameSource, Person, Scene
from xgoals.domain.shot import Shot, ShotType
from xgoals.feeds.json_file import Json
from xgoals.feeds.json_values import flag, id_of, number, obj
from xgoals.feeds.statsbomb.lineups import Presence

LEFT_OUT = "Player left out"


class Note(Protocol):
    """How a reader is told what is wrong with a shot."""

    def __call__(
        self, severity: Severity, shot_id: str, field: str, reason: str, advice: str, value: str | None = None
    ) -> None:
        """Note it."""


class FrameReader:
    """Reads the freeze frames of one match."""

    def __init__(self, match: Match, presence: Presence, note: Note) -> None:
        self._match = match
        self._presence = presence
        self._note = note

    def scene(self, shot: Shot, details: Json) -> Scene:
        """The scene of a shot; empty where it has no freeze frame."""
        frame = details.get("freeze_frame")
        if not frame:
            return Scene(shot_id=shot.shot_id)
        if not isinstance(frame, list):
            reason = f"the freeze frame is no list: {str(frame)[:40]}"
            self._note("value", shot.shot_id, "freeze_frame", reason, "The shot goes without its frame")
            return Scene(shot_id=shot.shot_id)
        found = [self._person(shot.shot_id, n, obj(person)) for n, person in enumerate(frame)]
        people = [person for person in found if person is not None]
        on_pitch = self._on_pitch(shot)
        kept, outsiders = without_outsiders(people, on_pitch, shot.player_id)
        for person in outsiders:
            reason = f"player {person.player_id} is in the frame and not on the pitch"
            self._note(
                "value", shot.shot_id, "freeze_frame", reason, f"{LEFT_OUT}; check line-up and substitutions"
            )
        if shot.shot_type is not ShotType.PENALTY and not any(
            p.is_keeper and not p.is_teammate for p in kept
        ):
            reason = "a freeze frame without the keeper"
            self._note("value", shot.shot_id, "freeze_frame", reason, "Keeper features are missing")
        return Scene(shot_id=shot.shot_id, people=kept, frame_source=FrameSource.FREEZE_FRAME)

    def _on_pitch(self, shot: Shot) -> OnPitch:
        home, away = self._match.home.team_id, self._match.away.team_id
        opponents = away if shot.team_id == home else home
        return self._presence.at((shot.period, 60 * shot.minute + shot.second), shot.team_id, opponents)

    def _person(self, shot_id: str, n: int, person: Json) -> Person | None:
        place = location(person.get("location"), self._match.pitch, is_shooter=False)
        is_teammate = flag(person.get("teammate"))
        if place is None or is_teammate is None:
            said = str(person.get("location"))[:60]
            reason = (
                f"a player without a location on the pitch: {said}"
                if place is None
                else "a player of no team"
            )
            self._note("value", shot_id, f"person {n}", reason, LEFT_OUT, said)
            return None
        return Person(
            x_m=place[0],
            y_m=place[1],
            is_teammate=is_teammate,
            is_keeper=obj(person.get("position")).get("name") == "Goalkeeper",
            player_id=id_of(obj(person.get("player")).get("id")),
        )


def location(value: object, pitch: Pitch, *, is_shooter: bool) -> tuple[float, float] | None:
    """Yards, y downwards -> metres from the centre, y to the attacker's left; None where no place."""
    if not isinstance(value, list) or len(value) < 2:
        return None
    x_yd, y_yd = number(value[0]), number(value[1])
    if x_yd is None or y_yd is None:
        return None
    x_m, y_m = (x_yd - 60) * YARD_M, (40 - y_yd) * YARD_M
    return (x_m, y_m) if is_on(pitch, x_m, y_m, SHOT_OUTSIDE_M if is_shooter else PERSON_OUTSIDE_M) else None
