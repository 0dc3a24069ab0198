"""Shot events -> shots and scenes, in metres."""

import math
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

from xgoals.domain.bounds import FIRST_MINUTE, PERIOD_S
from xgoals.domain.errors import FeedError, Problem, Severity
from xgoals.domain.match import Match, OwnGoal
from xgoals.domain.scene import MatchRecord, Scene
from xgoals.domain.shot import UNKNOWN, BodyPart, Outcome, SetUp, Shot, ShotType, Technique
from xgoals.domain.text import MAX_ID_CHARS
from xgoals.feeds.json_file import Json
from xgoals.feeds.json_values import id_of, number, obj, text_of, whole
from xgoals.feeds.statsbomb.circumstances import read_circumstances
from xgoals.feeds.statsbomb.entry import PROVIDER
from xgoals.feeds.statsbomb.frames import FrameReader, location
from xgoals.feeds.statsbomb.lineups import Presence
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
SHOT_TYPE, OWN_GOAL_TYPE = (16, "Shot"), (20, "Own Goal Against")
"""Number and name, each enough: StatsBomb Open Data Events v4.0.0."""

T = TypeVar("T")


def is_shot(event: Json) -> bool:
    """Whether the event is a shot, whenever it was: no other kind has details of one."""
    return _is_of_type(event, SHOT_TYPE) or isinstance(event.get("shot"), dict)


def is_own_goal(event: Json) -> bool:
    """Whether the event is an own goal, told from the side that conceded it; full event files have them."""
    return _is_of_type(event, OWN_GOAL_TYPE)


def has_type(event: Json) -> bool:
    """Whether the event says of which kind it is."""
    said = obj(event.get("type"))
    return text_of(said.get("name")) is not None or whole(said.get("id")) is not None


def _is_of_type(event: Json, type_: tuple[int, str]) -> bool:
    number, name = type_
    said = obj(event.get("type"))
    return said.get("name") == name or whole(said.get("id")) == number


class ShotReader:
    """Turns the shot events of one match into shots and scenes, and collects what is wrong with them."""

    def __init__(
        self, match: Match, path: Path, presence: Presence, passes: Mapping[str, Json] | None = None
    ) -> None:
        self.match = match
        self._passes = passes or {}
        self.path = path
        self.shots: list[Shot] = []
        self.scenes: list[Scene] = []
        self.problems: list[Problem] = []
        self._seen: set[str] = set()
        self._teams = (match.home.team_id, match.away.team_id)
        self._frames = FrameReader(match, presence, self._note)

    def read(self, event: Json) -> None:
        """Append one shot and its scene, or the reason why not; a shoot-out has no shots."""
        shot_id = id_of(event.get("id")) or ""
        details = event.get("shot")
        place = shot_id or f"event {whole(event.get('index'))}"
        if not isinstance(details, dict):
            self._note("shot", place, "shot", "a shot without details", "Shot left out")
            return
        if not _is_of_type(event, SHOT_TYPE):
            said = str(obj(event.get("type")).get("name"))[:40]
            self._note(
                "value", place, "type", f"type = {said!r} of an event with a shot", "Read as a shot", said
            )
        period = self._period(place, event)
        if period is None:
            return
        if shot_id and shot_id in self._seen:
            self._note("shot", place, "id", "a second shot with the same id", "The first one is kept")
        elif not text_of(obj(details.get("outcome")).get("name")):
            self._note(
                "shot", place, "outcome", "a shot without outcome", "Shot left out until the file is mended"
            )
        else:
            self._seen.add(shot_id)
            shot = self._shot(shot_id, period, event, details)
            self.shots.append(shot)
            self.scenes.append(self._frames.scene(shot, details))

    def read_own_goal(self, event: Json) -> OwnGoal | None:
        """An own goal; it counts for the other team than the event's."""
        conceding = id_of(obj(event.get("team")).get("id"))
        place = f"own goal, event {whole(event.get('index'))}"
        if conceding not in self._teams:
            self._note(
                "value", place, "team", f"team {conceding} does not play in this match", "Own goal left out"
            )
            return None
        return OwnGoal(
            team_id=self._other_team(conceding),
            player_id=id_of(obj(event.get("player")).get("id")),
            minute=whole(event.get("minute")) or 0,
            period=whole(event.get("period")),
            second=whole(event.get("second")),
        )

    def check_teams(self) -> None:
        """Raise FeedError if no shot is of a team of this match: the file is another one's."""
        teams = {shot.team_id for shot in self.shots}
        if teams and not teams & set(self._teams):
            first = self.shots[0]
            raise FeedError(
                f"team {first.team_id} of shot {first.shot_id} does not play in match {self.match.match_id}",
                where=str(self.path),
                advice="The file seems to belong to another match: replace it",
            )

    def _shot(self, shot_id: str, period: int, event: Json, details: Json) -> Shot:
        place = shot_id or f"event {whole(event.get('index'))}"
        x_m, y_m = self._location(place, event)
        shot_type = self._translate(SHOT_TYPES, details, "type", ShotType.UNKNOWN, place)
        technique = self._translate(TECHNIQUES, details, "technique", Technique.UNKNOWN, place)
        body_part = self._translate(BODY_PARTS, details, "body_part", BodyPart.UNKNOWN, place)
        in_period_s = _seconds(event.get("timestamp"))
        minute, second = self._clock(place, event, period, in_period_s)
        player_id = id_of(obj(event.get("player")).get("id"))
        if player_id is None:
            self._note(
                "value", place, "player", "nobody is named as the shooter", "The shot counts without a name"
            )
        return Shot(
            shot_id=shot_id,
            event_n=len(self.shots),
            period=period,
            minute=minute,
            second=second,
            period_time_s=in_period_s,
            team_id=id_of(obj(event.get("team")).get("id")) or "",
            player_id=player_id,
            x_m=x_m,
            y_m=y_m,
            body_part=body_part,
            shot_type=shot_type,
            outcome=self._translate(OUTCOMES, details, "outcome", Outcome.OTHER, place),
            ball_control=ball_control(details, shot_type, technique, body_part),
            set_up=self._translate(SET_UPS, event, "play_pattern", SetUp.UNKNOWN, place),
            technique=technique,
            provider_xg=self._provider_xg(place, details.get("statsbomb_xg")),
            raw=raw_words(event, details),
            circumstances=read_circumstances(event, self._passes, partial(self._odd_value, place)),
        )

    def _period(self, place: str, event: Json) -> int | None:
        """The period of the match, by the shot's two clocks where it is not said; None where it is none."""
        said = event.get("period")
        period = whole(said)
        minute, in_period_s = whole(event.get("minute")), _seconds(event.get("timestamp"))
        if period in FIRST_MINUTE:
            return period
        kind = text_of(obj(obj(event.get("shot")).get("type")).get("name"))
        if period == SHOOT_OUT_PERIOD and kind == "Penalty" and (minute is None or minute >= FIRST_MINUTE[3]):
            return None
        starts_at = None if minute is None or in_period_s is None else minute - int(in_period_s // 60)
        found = next((number for number, first in FIRST_MINUTE.items() if first == starts_at), None)
        reason = f"period = {str(said)[:40]} is none of this shot (1 to 4 are a match, 5 is the shoot-out)"
        if found is None:
            self._note("shot", place, "period", reason, "Shot left out; correct its period")
        else:
            self._note(
                "value", place, "period", reason, f"Counted in period {found}, by its minute and timestamp"
            )
        return found

    def _location(self, place: str, event: Json) -> tuple[float | None, float | None]:
        found = location(event.get("location"), self.match.pitch, is_shooter=True)
        if found is None:
            said = str(event.get("location"))[:60]
            reason = f"a shot without a location on the pitch: {said}"
            self._note("value", place, "location", reason, "Its features of place are missing", said)
            return None, None
        return found

    def _clock(self, place: str, event: Json, period: int, in_period_s: float | None) -> tuple[int, int]:
        """Minute and second; by the timestamp where they are no numbers, else -1, which the gate replaces."""
        said = {"minute": event.get("minute"), "second": event.get("second", 0)}
        minute, second = (whole(value) for value in said.values())
        if minute is not None and second is not None:
            return minute, second
        name = "minute" if minute is None else "second"
        reason = f"{name} = {str(said[name])[:40]!r} is no whole number"
        self._note("value", place, name, reason, "Taken from its timestamp, if it has one", str(said[name]))
        if in_period_s is None or in_period_s not in PERIOD_S:
            return -1, -1
        return FIRST_MINUTE[period] + int(in_period_s) // 60, int(in_period_s) % 60

    def _provider_xg(self, place: str, said: object) -> float | None:
        xg = number(said)
        if xg is None and said is not None:
            reason = f"statsbomb_xg = {str(said)[:40]!r} is no number"
            self._note("value", place, "provider_xg", reason, "It is left missing", str(said)[:100])
        return xg

    def _odd_value(self, place: str, field: str, reason: str, value: str) -> None:
        self._note("value", place, field, reason, "It is left missing", value[:100])

    def _translate(self, words: Mapping[str, T], holder: Json, key: str, other: T, place: str) -> T:
        word = text_of(obj(holder.get(key)).get("name")) or "None"
        if word in words:
            return words[word]
        reason = f"unknown {key.replace('_', ' ')} '{word[:MAX_ID_CHARS]}'"
        is_unknown = str(other) == UNKNOWN
        advice = "It is left unknown, and what rests on it missing" if is_unknown else f"Counted as '{other}'"
        self._note("value", place, key, reason, advice, word)
        return other

    def _other_team(self, team_id: str) -> str:
        return self._teams[0] if team_id == self._teams[1] else self._teams[1]

    def _note(
        self, severity: Severity, shot_id: str, field: str, reason: str, advice: str, value: str | None = None
    ) -> None:
        self.problems.append(
            Problem(
                path=str(self.path),
                place=f"shot {shot_id}, {field}",
                reason=reason,
                advice=advice,
                match_id=self.match.match_id,
                severity=severity,
                provider=PROVIDER,
                shot_id=shot_id,
                field=field,
                value=value,
            )
        )


def _seconds(timestamp: object) -> float | None:
    """``"00:09:11.250"`` -> 551.25."""
    try:
        hours, minutes, seconds = str(timestamp).split(":")
        found = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def check_scoreline(record: MatchRecord, path: Path) -> Iterator[Problem]:
    """Where there are more goals than the result has (fewer: files of shots lack own goals)."""
    match = record.match
    if not match.status.counts:
        return
    for team, score in ((match.home, match.home_score), (match.away, match.away_score)):
        goals = sum(shot.is_goal for shot in record.shots if shot.team_id == team.team_id)
        goals += sum(goal.team_id == team.team_id for goal in record.own_goals)
        if score is not None and goals > score:
            reason = f"{team.name}: {goals} goals in the events, {score} in the result"
            yield Problem(str(path), reason, "Check both", match.match_id, "scoreline", provider=PROVIDER)
