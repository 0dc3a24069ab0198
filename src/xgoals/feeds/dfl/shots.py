"""``ShotAtGoal`` in the feed's own terms: time, place, words, official values."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from xml.etree.ElementTree import Element

from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, ShotType, Technique
from xgoals.feeds.dfl import vocabulary as words
from xgoals.feeds.dfl.matchinfo import MatchInfo
from xgoals.feeds.dfl.safe_xml import parse_time

Word = TypeVar("Word")

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
    (``X-PositionFromTracking``), both on 105 x 68 with a corner as the origin.
    """

    shot_id: str
    time: datetime
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
    official: dict[str, float] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)


class ShotReader:
    """Reads the shots of one match; what cannot be read becomes a Problem, what must not be a FeedError."""

    def __init__(self, info: MatchInfo, where: str, problems: list[Problem]) -> None:
        self.info = info
        self.where = where
        self.problems = problems
        self.teams = (info.match.home.team_id, info.match.away.team_id)

    def read(self, event: Element, time: datetime, period: int) -> Iterator[ShotEvent]:
        """The shots of one event: none, itself, or the one inside a free kick, penalty or corner."""
        for shot, around in _shots_in(event):
            yield self._read_shot(event, shot, around, time, period)

    def _read_shot(
        self, event: Element, shot: Element, around: str | None, time: datetime, period: int
    ) -> ShotEvent:
        shot_id = event.get("EventId", "")
        team_id = shot.get("Team", "")
        if team_id not in self.teams:
            raise FeedError(
                f"a shot of team '{team_id[:40]}', which does not play in {self.info.match.match_id}",
                where=f"{self.where}, event {shot_id}",
                advice="Deliver each match's own file",
            )
        player_id = shot.get("Player")
        if self.info.squads.team_of.get(player_id or "") != team_id:
            self._note(
                shot_id, f"shooter '{player_id}' is not in the line-up of {team_id}", "Check the line-up"
            )
        outcome, outcome_word = self._outcome(shot_id, shot)
        raw = {name: word for name in RAW_WORDS if (word := shot.get(name)) is not None}
        frame_n = self._number(shot_id, event, "CalculatedFrame")
        frame_text = event.get("CalculatedTimestamp")
        return ShotEvent(
            shot_id=shot_id,
            time=time,
            period=period,
            team_id=team_id,
            player_id=player_id,
            event_xy_m=self._place(shot_id, event, "-Position"),
            tracked_xy_m=self._place(shot_id, event, "-PositionFromTracking"),
            frame_n=None if frame_n is None else int(frame_n),
            frame_time=parse_time(frame_text, f"{self.where}, event {shot_id}") if frame_text else None,
            body_part=self._word(shot_id, shot, "TypeOfShot", words.BODY_PARTS, BodyPart.OTHER),
            shot_type=words.SHOT_TYPES.get(around or "", ShotType.OPEN_PLAY),
            outcome=outcome,
            ball_control=self._word(
                shot_id, shot, "TakerBallControl", words.BALL_CONTROLS, BallControl.OTHER
            ),
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

    def _outcome(self, shot_id: str, shot: Element) -> tuple[Outcome, str]:
        for child in shot:
            if child.tag.lower() in words.OUTCOMES:
                return words.OUTCOMES[child.tag.lower()], child.tag
        word = shot[0].tag if len(shot) else ""
        self._note(shot_id, f"outcome '{word}' is not known", "It counts as 'other'")
        return Outcome.OTHER, word

    def _set_up(self, shot_id: str, shot: Element) -> SetUp:
        set_up = self._word(shot_id, shot, "TakerSetup", words.SET_UPS, SetUp.OTHER)
        is_counter = shot.get("CounterAttack", "").lower() == "true"
        return SetUp.COUNTER if is_counter and set_up is SetUp.OPEN_PLAY else set_up

    def _technique(self, shot_id: str, shot: Element) -> Technique:
        if shot.get("ExtendedTypeOfShot") is None:
            return Technique.NORMAL
        return self._word(shot_id, shot, "ExtendedTypeOfShot", words.TECHNIQUES, Technique.OTHER)

    def _word(self, shot_id: str, shot: Element, name: str, table: dict[str, Word], other: Word) -> Word:
        word = shot.get(name)
        if word is None:
            return other
        if word.lower() not in table:
            self._note(shot_id, f"{name} '{word[:40]}' is not known", "It counts as 'other'")
        return table.get(word.lower(), other)

    def _xg(self, shot_id: str, shot: Element) -> float | None:
        value = self._number(shot_id, shot, "xG")
        if value is not None and not 0 <= value <= 1:
            self._note(shot_id, f"xG {value} is no probability", "It is left out")
            return None
        return value

    def _place(self, shot_id: str, event: Element, suffix: str) -> tuple[float, float] | None:
        x, y = (self._number(shot_id, event, axis + suffix) for axis in "XY")
        return None if x is None or y is None else (x, y)

    def _number(self, shot_id: str, element: Element, name: str) -> float | None:
        text = element.get(name)
        if text is None:
            return None
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if abs(value) < 1e9:
            return value
        self._note(shot_id, f"{name} '{text[:40]}' is no number", "It is left out")
        return None

    def _note(self, shot_id: str, reason: str, advice: str) -> None:
        self.problems.append(
            Problem(
                path=self.where,
                reason=reason,
                advice=advice,
                match_id=self.info.match.match_id,
                place=f"event {shot_id}",
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
