"""``ShotAtGoal`` in the feed's own terms: time, place, words, official values."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from xml.etree.ElementTree import Element

from xgoals.domain.bounds import PROBABILITY
from xgoals.domain.circumstances import NOT_SAID, Circumstances
from xgoals.domain.errors import FeedError, Problem, Severity
from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, ShotType, Technique
from xgoals.domain.text import clean
from xgoals.feeds.dfl import vocabulary as words
from xgoals.feeds.dfl.halves import Halves
from xgoals.feeds.dfl.incidents import circumstances_of
from xgoals.feeds.dfl.matchinfo import PROVIDER, MatchInfo
from xgoals.feeds.numbers import parse_number
from xgoals.feeds.safe_xml import parse_time

Word = TypeVar("Word")

LEFT_UNKNOWN = "It is left unknown, and what rests on it missing"
RAW_WORDS = (
    "TypeOfShot",
    "TakerBallControl",
    "TakerSetup",
    "ExtendedTypeOfShot",
    "CounterAttack",
    "BuildUp",
    "AssistAction",
)


@dataclass(frozen=True, slots=True)
class ShotEvent:
    """One ``ShotAtGoal`` as the feed tells it, in the feed's coordinates.

    ``event_xy_m`` is the operator's position, ``tracked_xy_m`` the provider's after synchronisation
    (``X-PositionFromTracking``), both on 105 x 68 with a corner as the origin. Where the event's clock is not right,
    ``time`` is the best that is known.
    """

    shot_id: str
    time: datetime
    is_clock_right: bool
    period: int
    team_id: str
    player_id: str | None
    event_xy_m: tuple[float, float] | None
    tracked_xy_m: tuple[float, float] | None
    frame_n: int | None
    frame_time: datetime | None
    body_part: BodyPart
    shot_type: ShotType
    outcome: Outcome
    ball_control: BallControl
    set_up: SetUp
    technique: Technique
    provider_xg: float | None
    circumstances: Circumstances = NOT_SAID
    official: dict[str, float] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)


class ShotReader:
    """Reads the shots of one match; what cannot be read becomes a Problem, what must not be a FeedError."""

    def __init__(self, info: MatchInfo, where: str, halves: Halves, problems: list[Problem]) -> None:
        self.info = info
        self.where = where
        self.halves = halves
        self.problems = problems
        self.teams = (info.match.home.team_id, info.match.away.team_id)
        self._of_our_teams = 0
        self._stranger: tuple[str, str] | None = None

    def read(self, event: Element, time: datetime) -> Iterator[ShotEvent]:
        """The shots of one event: none, itself, or the one inside a free kick, penalty or corner."""
        for shot, around in _shots_in(event):
            shot_id, team_id = event.get("EventId", ""), shot.get("Team", "")
            if team_id in self.teams:
                self._of_our_teams += 1
                yield self._read_shot(event, shot, around, time)
                continue
            self._stranger = (
                shot_id,
                f"a shot of team '{team_id[:40]}', which does not play in {self.info.match.match_id}",
            )
            self._note(shot_id, "Team", self._stranger[1], "Shot left out; correct its team", severity="shot")

    def check_teams(self) -> None:
        """Raise FeedError if no shot is of a team of this match: the file is another one's."""
        if self._stranger and not self._of_our_teams:
            shot_id, reason = self._stranger
            advice = "Deliver each match's own file"
            raise FeedError(reason, where=f"{self.where}, event {shot_id}", advice=advice)

    def _read_shot(self, event: Element, shot: Element, around: str | None, time: datetime) -> ShotEvent:
        shot_id, team_id = event.get("EventId", ""), shot.get("Team", "")
        player_id = self._shooter(shot_id, shot, team_id)
        outcome, outcome_word = self._outcome(shot_id, shot)
        raw = {name: word for name in RAW_WORDS if (word := shot.get(name)) is not None}
        frame_n = self._number(shot_id, event, "CalculatedFrame")
        frame_time = self._frame_time(shot_id, event)
        control = self._control(shot_id, shot, around)
        played_at, is_clock_right = self._played_at(shot_id, time, frame_time)
        return ShotEvent(
            shot_id=shot_id,
            time=played_at,
            is_clock_right=is_clock_right,
            period=self.halves.period_at(played_at),
            team_id=team_id,
            player_id=player_id,
            event_xy_m=self._place(shot_id, event, "-Position"),
            tracked_xy_m=self._place(shot_id, event, "-PositionFromTracking"),
            frame_n=None if frame_n is None else int(frame_n),
            frame_time=frame_time,
            body_part=self._word(shot_id, shot, "TypeOfShot", words.BODY_PARTS, BodyPart.UNKNOWN),
            shot_type=words.SHOT_TYPES.get(around or "", ShotType.OPEN_PLAY),
            outcome=outcome,
            ball_control=control,
            circumstances=circumstances_of(shot, control),
            set_up=self._set_up(shot_id, shot),
            technique=self._technique(shot_id, shot),
            provider_xg=self._xg(shot_id, shot),
            official={
                name: value
                for name in words.OFFICIAL_VALUES
                if (value := self._number(shot_id, shot, name)) is not None
            },
            raw={**raw, "outcome": outcome_word},
        )

    def _shooter(self, shot_id: str, shot: Element, team_id: str) -> str | None:
        player_id = shot.get("Player") or None
        known = self.info.squads.team_of.get(player_id or "")
        if player_id is None:
            reason, advice = "nobody is named as the shooter", "The shot counts without a name"
            self._note(shot_id, "Player", reason, advice)
        elif known not in (None, team_id):
            self._note(
                shot_id, "Player", f"shooter '{player_id}' is in the line-up of {known}", "Check the line-ups"
            )
        return player_id

    def _frame_time(self, shot_id: str, event: Element) -> datetime | None:
        text = event.get("CalculatedTimestamp")
        if not text:
            return None
        try:
            return parse_time(text, self.where)
        except FeedError as error:
            self._note(shot_id, "CalculatedTimestamp", error.what, "It is left out")
            return None

    def _played_at(self, shot_id: str, time: datetime, frame_time: datetime | None) -> tuple[datetime, bool]:
        """When the shot was: by its event, unless nothing was played then; and whether the event's clock is right."""
        why = self.halves.misfit(time)
        if why is None:
            return time, True
        told = f"EventTime {time.isoformat(timespec='seconds')} is {why}"
        if frame_time is not None and self.halves.misfit(frame_time) is None:
            self._note(shot_id, "EventTime", told, "Its CalculatedTimestamp is taken")
            return frame_time, False
        nearest = self.halves.nearest(time)
        advice = f"It counts as taken in minute {self.halves.minute(nearest)}; correct its time"
        self._note(shot_id, "EventTime", told, advice)
        return nearest, False

    def _outcome(self, shot_id: str, shot: Element) -> tuple[Outcome, str]:
        for child in shot:
            if child.tag.lower() in words.OUTCOMES:
                return words.OUTCOMES[child.tag.lower()], child.tag
        word = shot[0].tag if len(shot) else ""
        self._note(shot_id, "outcome", f"outcome '{word}' is not known", "It counts as 'other'")
        return Outcome.OTHER, word

    def _control(self, shot_id: str, shot: Element, around: str | None) -> BallControl:
        if around in words.SHOT_TYPES and shot.get("TakerBallControl") is None:
            return BallControl.OTHER  # the ball lay still
        return self._word(shot_id, shot, "TakerBallControl", words.BALL_CONTROLS, BallControl.UNKNOWN)

    def _set_up(self, shot_id: str, shot: Element) -> SetUp:
        set_up = self._word(shot_id, shot, "TakerSetup", words.SET_UPS, SetUp.UNKNOWN)
        is_counter = shot.get("CounterAttack", "").lower() == "true"
        return SetUp.COUNTER if is_counter and set_up is SetUp.OPEN_PLAY else set_up

    def _technique(self, shot_id: str, shot: Element) -> Technique:
        if shot.get("ExtendedTypeOfShot") is None:
            return Technique.NORMAL
        return self._word(shot_id, shot, "ExtendedTypeOfShot", words.TECHNIQUES, Technique.UNKNOWN)

    def _word(self, shot_id: str, shot: Element, name: str, table: dict[str, Word], unknown: Word) -> Word:
        word = shot.get(name)
        if word is None:
            self._note(shot_id, name, f"{name} is missing", LEFT_UNKNOWN)
            return unknown
        key = clean(word).lower()
        if key not in table:
            self._note(shot_id, name, f"{name} '{word[:40]}' is not known", LEFT_UNKNOWN)
        return table.get(key, unknown)

    def _xg(self, shot_id: str, shot: Element) -> float | None:
        value = self._number(shot_id, shot, "xG")
        if value is not None and value not in PROBABILITY:
            self._note(shot_id, "xG", f"xG {value} is no probability", "It is left out")
            return None
        return value

    def _place(self, shot_id: str, event: Element, suffix: str) -> tuple[float, float] | None:
        x, y = (self._number(shot_id, event, axis + suffix) for axis in "XY")
        return None if x is None or y is None else (x, y)

    def _number(self, shot_id: str, element: Element, name: str) -> float | None:
        text = element.get(name)
        if text is None:
            return None
        value = parse_number(text)
        if value is not None and abs(value) < 1e9:
            return value
        self._note(shot_id, name, f"{name} '{text[:40]}' is no number", "It is left out")
        return None

    def _note(
        self, shot_id: str, field: str, reason: str, advice: str, *, severity: Severity = "value"
    ) -> None:
        self.problems.append(
            Problem(
                path=self.where,
                reason=reason,
                advice=advice,
                match_id=self.info.match.match_id,
                place=f"shot {shot_id}, {field}",
                severity=severity,
                provider=PROVIDER,
                shot_id=shot_id,
                field=field,
            )
        )


def _shots_in(event: Element) -> Iterator[tuple[Element, str | None]]:
    """Each ``ShotAtGoal`` of an event with the name of the set piece around it."""
    for child in event:
        if child.tag == "ShotAtGoal":
            yield child, None
        else:
            for shot in child.iter("ShotAtGoal"):
                yield shot, child.tag
