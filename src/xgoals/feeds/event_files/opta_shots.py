"""Opta's events, from whichever file -> shots and own goals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from xgoals.domain.bounds import FIRST_MINUTE
from xgoals.domain.errors import Problem, Severity
from xgoals.domain.match import OwnGoal
from xgoals.domain.pitch import Pitch
from xgoals.domain.shot import BodyPart, Shot, ShotType, Technique
from xgoals.domain.text import clean, shortened
from xgoals.feeds.event_files import opta_words as words
from xgoals.feeds.event_files.header import Header
from xgoals.feeds.event_files.opta_words import Qualifiers
from xgoals.feeds.event_files.places import by_opta_zones

W = TypeVar("W")


@dataclass(frozen=True, slots=True)
class OptaEvent:
    """One event; None where a value is missing or no number."""

    event_id: str
    type_id: int | None
    period: int | None
    minute: int | None
    second: int | None
    team_id: str | None
    player_id: str | None
    x: float | None
    y: float | None
    time: datetime | None
    qualifiers: Qualifiers
    odd: tuple[str, ...] = ()
    """Numbers of qualifiers, and times, that are there and cannot be read."""


@dataclass(frozen=True, slots=True)
class OptaShots:
    """What was read, and what is wrong with it."""

    shots: tuple[Shot, ...]
    own_goals: tuple[OwnGoal, ...]
    problems: tuple[Problem, ...]


def read_shots(
    events: Sequence[OptaEvent], header: Header, pitch: Pitch, path: str, provider: str
) -> OptaShots:
    """The shots of a match in the order of its clock, shoot-outs and deleted events left out."""
    reader = _Reader(header, pitch, path, provider)
    played = [event for event in events if event.type_id in words.SHOTS and event.period in FIRST_MINUTE]
    reader.has_first_touch = words.has_first_touch(event.qualifiers for event in played)
    for event in played:
        reader.read(event)
    reader.note_lost(events)
    in_order = sorted(reader.shots, key=lambda shot: (shot.period, shot.minute, shot.second))
    return OptaShots(tuple(in_order), tuple(reader.own_goals), tuple(reader.problems))


SHOOT_OUT = 5
"""Its period."""


class _Reader:
    def __init__(self, header: Header, pitch: Pitch, path: str, provider: str) -> None:
        self.header, self.pitch, self.path, self.provider = header, pitch, path, provider
        self.has_first_touch = False
        self.shots: list[Shot] = []
        self.own_goals: list[OwnGoal] = []
        self.problems: list[Problem] = []

    def read(self, event: OptaEvent) -> None:
        """Append a shot or an own goal."""
        if event.type_id == words.GOAL and words.OWN_GOAL in event.qualifiers:
            self._own_goal(event)
            return
        assert event.type_id is not None and event.period is not None  # noqa: PT018, S101  (played)
        shot_type = _of(words.SHOT_TYPES, event.qualifiers) or ShotType.OPEN_PLAY
        body_part = _of(words.BODY_PARTS, event.qualifiers)
        if body_part is None:
            reason = "no qualifier says what the ball was struck with"
            self._note(event, "body_part", reason, "It is left unknown, and what rests on it missing")
        x_m, y_m = self._place(event)
        if event.player_id is None:
            self._note(event, "player", "nobody is named as the shooter", "The shot counts without a name")
        for text in event.odd:
            self._note(event, "qualifiers", f"'{text}' cannot be read", "It is left out; ask the provider")
        period_time_s = _seconds_of_period(event)
        self.shots.append(
            Shot(
                shot_id=event.event_id,
                event_n=len(self.shots),
                period=event.period,
                minute=-1 if event.minute is None else event.minute,
                second=-1 if event.second is None else event.second,
                period_time_s=period_time_s,
                team_id=event.team_id or "",
                player_id=event.player_id,
                x_m=x_m,
                y_m=y_m,
                body_part=body_part or BodyPart.UNKNOWN,
                shot_type=shot_type,
                outcome=words.outcome(event.type_id, event.qualifiers),
                ball_control=words.ball_control(
                    shot_type, event.qualifiers, has_first_touch=self.has_first_touch
                ),
                set_up=words.set_up(shot_type, event.qualifiers),
                technique=_of(words.TECHNIQUES, event.qualifiers) or Technique.NORMAL,
                event_time=event.time,
                provider_xg=self._provider_xg(event),
                raw={"type": str(event.type_id), "qualifiers": ", ".join(event.qualifiers.names())},
            )
        )

    def note_lost(self, events: Sequence[OptaEvent]) -> None:
        """Say of shots that are of no period of a match why they are left out, and of events without a type."""
        unknown = [event.event_id for event in events if event.type_id is None]
        if unknown:
            first = unknown[0] or "without an id"
            reason = f"{len(unknown)} events say no type (the first: {first}): if they were shots, these are missing"
            self.problems.append(
                Problem(
                    self.path, reason, "Ask the provider", self.header.match_id, "events", provider=self.provider,
                    field="type",
                )
            )  # fmt: skip
        for event in events:
            if (
                event.type_id in words.SHOTS
                and event.period not in FIRST_MINUTE
                and not _is_of_shoot_out(event)
            ):
                reason = (
                    f"a shot in period {event.period} (a match has 1 to 4, 5 is the shoot-out, of penalties)"
                )
                self._note(event, "period", reason, "Shot left out; correct its period", severity="shot")

    def _own_goal(self, event: OptaEvent) -> None:
        home, away = self.header.team_ids
        counts_for = {home: away, away: home}.get(event.team_id)
        if counts_for is None:
            reason = f"an own goal of team {event.team_id}, which does not play in this match"
            self._note(event, "team", reason, "It is left out")
            return
        if event.minute is None:
            self._note(event, "minute", "an own goal without its minute", "It counts, as of minute 0")
        self.own_goals.append(OwnGoal(counts_for, event.player_id, event.minute or 0))

    def _place(self, event: OptaEvent) -> tuple[float | None, float | None]:
        if event.x is None or event.y is None:
            reason = f"a shot without a place: x = {event.x}, y = {event.y}"
            self._note(event, "place", reason, "Its features of place are missing")
            return None, None
        return by_opta_zones(event.x, event.y, self.pitch)

    def _provider_xg(self, event: OptaEvent) -> float | None:
        text = event.qualifiers[words.PROVIDER_XG]
        try:
            return float(text) if text else None
        except ValueError:
            self._note(event, "provider_xg", f"xG = '{text}' is no number", "It is left missing")
            return None

    def _note(
        self, event: OptaEvent, field: str, reason: str, advice: str, *, severity: Severity = "value"
    ) -> None:
        self.problems.append(
            Problem(
                self.path,
                reason,
                advice,
                self.header.match_id,
                f"shot {event.event_id}, {field}",
                severity,
                self.provider,
                event.event_id,
                field,
            )
        )


def odd_texts(texts: Iterable[str | None]) -> tuple[str, ...]:
    """What is there and cannot be read, for sentences."""
    return tuple(shortened(clean(text or ""), 40) for text in texts)


def unread_time(text: str | None, time: datetime | None) -> tuple[str, ...]:
    """The text of a time that is none."""
    return (text,) if text and time is None else ()


def _is_of_shoot_out(event: OptaEvent) -> bool:
    """Whether it is where it says that it is: a penalty, or at least after a whole match."""
    is_late = event.minute is None or event.minute >= FIRST_MINUTE[3]
    return event.period == SHOOT_OUT and (is_late or words.PENALTY in event.qualifiers)


def _of(table: Mapping[int, W], qualifiers: Qualifiers) -> W | None:
    return next((word for number, word in table.items() if number in qualifiers), None)


def _seconds_of_period(event: OptaEvent) -> float | None:
    """By the clock of the match, in whole seconds; stoppage time goes on counting."""
    if event.minute is None or event.second is None or event.period is None:
        return None
    return 60.0 * (event.minute - FIRST_MINUTE[event.period]) + event.second
