"""Rows of the archive to domain objects, with every value checked at the door.

Null and NaN both mean "missing". A value that cannot be is left missing and reported; where a match makes no
sense without it (who played, when), the match as a whole is refused.
"""

import math
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from itertools import zip_longest
from typing import Any, TypeVar

from xgoals.domain.circumstances import FLAGS, Assist, Circumstances, PassHeight, PassKind, ShotEnd
from xgoals.domain.errors import FeedError, Problem, Severity
from xgoals.domain.incident import Incident, IncidentKind
from xgoals.domain.match import Match, MatchStatus, OwnGoal, Player, Team
from xgoals.domain.pitch import Pitch
from xgoals.domain.plausible import plausible
from xgoals.domain.scene import Clip, FrameSource, MatchRecord, Person, Scene
from xgoals.domain.shot import UNKNOWN, BallControl, BodyPart, Outcome, SetUp, Shot, ShotType, Technique
from xgoals.feeds.archive.schema import PEOPLE, from_stored_time

Row = dict[str, Any]
Word = TypeVar("Word", bound=StrEnum)

ADVICE = "Correct it where the archive was written"


def record_from_rows(
    rows: list[Row], path: str, problems: list[Problem], *, clips: tuple[Clip, ...] = ()
) -> MatchRecord:
    """Put one match together.

    Parameters
    ----------
    rows
        The rows of the match, in the order of the file.
    path
        The file, for messages.
    problems
        Receives what had to be left missing.
    clips
        Those that lie beside the archive.

    Raises
    ------
    FeedError
        If the match cannot be used.
    """
    read = _Reader(path, str(rows[0]["match_id"]), problems).record(rows)
    record, notes = plausible(replace(read, clips=clips), path)
    problems += notes
    return record


class _Reader:
    """Reads the values of one match and remembers which are not of the archive's kind."""

    def __init__(self, path: str, match_id: str, problems: list[Problem]) -> None:
        self.path = path
        self.match_id = match_id
        self.problems = problems

    def record(self, rows: list[Row]) -> MatchRecord:
        """The match of some rows: its shots, and the scenes of those that have one, in their stored order."""
        first = next((row for row in rows if row["teams"] is not None), rows[0])
        rows = [row for row in rows if self.is_whole(row)]
        with_scene = sorted((row for row in rows if row["scene_n"] is not None), key=lambda r: r["scene_n"])
        return MatchRecord(
            match=self.match(first),
            teams=tuple(Team(t["team_id"] or "", t["name"] or "") for t in self.entries(first, "teams")),
            players=tuple(
                Player(p["player_id"] or "", p["name"], p["short_name"])
                for p in self.entries(first, "players")
            ),
            shots=tuple(self.shot(row) for row in rows if row["event_n"] is not None),
            scenes=tuple(self.scene(row) for row in with_scene),
            own_goals=tuple(self.own_goals(first)),
            incidents=tuple(self.incidents(first)),
        )

    def match(self, row: Row) -> Match:
        """The match that a row names; raise FeedError where what identifies it is missing."""
        return Match(
            provider=self.need(row, "provider"),
            match_id=self.need(row, "match_id"),
            competition_id=self.need(row, "competition_id"),
            competition=row["competition"] or "",
            season_id=self.need(row, "season_id"),
            season=row["season"] or "",
            match_date=self.need(row, "match_date"),
            home=Team(self.need(row, "home_team_id"), row["home_team"] or ""),
            away=Team(self.need(row, "away_team_id"), row["away_team"] or ""),
            pitch=Pitch(self.need(row, "pitch_length_m"), self.need(row, "pitch_width_m")),
            matchday=row["matchday"],
            stage=row["stage"],
            kick_off=from_stored_time(row["kick_off"], row["kick_off_offset_s"]),
            home_score=row["home_score"],
            away_score=row["away_score"],
            message_time=from_stored_time(row["message_time"], row["message_time_offset_s"]),
            is_simulated=self.need(row, "is_simulated"),
            status=self.status(row),
        )

    def status(self, row: Row) -> MatchStatus:
        """Archives of before this column hold matches that were played."""
        if row.get("status") is None:
            return MatchStatus.PLAYED
        return self.word(row, "status", MatchStatus, MatchStatus.PLAYED)

    def is_whole(self, row: Row) -> bool:
        """False for the row of a shot of which nobody knows when it was or what came of it; it is reported."""
        missing = [name for name in ("period", "outcome") if row[name] is None]
        if row["event_n"] is None or not missing:
            return True
        self.report(f"{missing[0]} is missing, the shot is left out", row, missing[0], severity="shot")
        return False

    def shot(self, row: Row) -> Shot:
        """The shot of a row; a word that nobody knows is reported."""
        return Shot(
            shot_id=row["shot_id"] or "",
            event_n=row["event_n"],
            period=row["period"],
            minute=_or(row["minute"], -1),
            second=_or(row["second"], -1),
            period_time_s=row["period_time_s"],
            team_id=row["team_id"] or "",
            player_id=row["player_id"],
            x_m=row["x_m"],
            y_m=row["y_m"],
            body_part=self.word(row, "body_part", BodyPart, BodyPart.UNKNOWN),
            shot_type=self.word(row, "shot_type", ShotType, ShotType.UNKNOWN),
            outcome=self.word(row, "outcome", Outcome, Outcome.OTHER),
            ball_control=self.word(row, "ball_control", BallControl, BallControl.UNKNOWN),
            set_up=self.word(row, "set_up", SetUp, SetUp.UNKNOWN),
            technique=self.word(row, "technique", Technique, Technique.UNKNOWN),
            event_time=from_stored_time(row["event_time"], row["event_time_offset_s"]),
            provider_xg=row["provider_xg"],
            official={name: value for name, value in row["official"] or () if value is not None},
            raw={name: word for name, word in row["raw"] or () if word is not None},
            circumstances=self.circumstances(row),
        )

    def circumstances(self, row: Row) -> Circumstances:
        """How the chance of a row came about; archives of before these columns say nothing of it."""
        return Circumstances(
            assist=self.assist(row),
            end=_end(row),
            **{name: row.get(name) for name in FLAGS},
        )

    def assist(self, row: Row) -> Assist | None:
        """The pass before a shot; a kind that nobody knows is reported, and counts as a pass."""
        if row.get("assist_kind") is None:
            return None
        height = row.get("assist_height")
        if height is not None and height not in set(PassHeight):
            self.report(f"assist_height '{height}' is unknown and left missing", row, "assist_height")
            height = None
        return Assist(
            player_id=row.get("assist_player_id"),
            kind=self.word(row, "assist_kind", PassKind, PassKind.PASS),
            height=None if height is None else PassHeight(height),
            is_switch=row.get("assist_is_switch"),
        )

    def incidents(self, row: Row) -> Iterator[Incident]:
        """Cards and substitutions, from the first row of a match; an unknown kind is left out, and reported."""
        for said in self.entries(row, "incidents"):
            if said["kind"] not in set(IncidentKind):
                self.report(f"an incident of kind '{said['kind']}' is unknown and left out", row, "incidents")
                continue
            yield Incident(
                kind=IncidentKind(said["kind"]),
                team_id=said["team_id"] or "",
                player_id=said["player_id"],
                period=_or(said["period"], 0),
                minute=_or(said["minute"], -1),
                second=_or(said["second"], -1),
                replacement_id=said["replacement_id"],
            )

    def own_goals(self, row: Row) -> Iterator[OwnGoal]:
        """The own goals of a match; when exactly is known where the archive has the times."""
        goals = row["own_goals"] or ()
        times = (row.get("own_goal_times") or ())[: len(goals)]
        for goal, time in zip_longest(goals, times):
            if goal is None:
                self.report_empty(row, "own_goals")
                continue
            minute, when = _or(goal["minute"], -1), time or {}
            yield OwnGoal(
                goal["team_id"] or "", goal["player_id"], minute, when.get("period"), when.get("second")
            )

    def entries(self, row: Row, name: str) -> Iterator[Row]:
        """What a list of a row holds; an entry in which nothing stands is left out, and reported."""
        for said in row.get(name) or ():
            if said is None:
                self.report_empty(row, name)
            else:
                yield said

    def report_empty(self, row: Row, name: str) -> None:
        """Note an entry of a list that is null as a whole: nobody knows what it was."""
        self.report(f"an entry of {name} in which nothing stands is left out", row, name)

    def scene(self, row: Row) -> Scene:
        """The scene of a row; values that cannot be are left missing and reported."""
        return Scene(
            shot_id=row["shot_id"] or "",
            people=self.people(row),
            frame_source=self.word(row, "frame_source", FrameSource, FrameSource.NONE),
            frame_n=row["frame_n"],
            clock_offset_s=row["clock_offset_s"],
            confidence=row["confidence"],
            shooter_vx_ms=row["shooter_vx_ms"],
            shooter_vy_ms=row["shooter_vy_ms"],
            ball_x_m=row["ball_x_m"],
            ball_y_m=row["ball_y_m"],
            ball_z_m=row["ball_z_m"],
        )

    def people(self, row: Row) -> tuple[Person, ...]:
        """The people of a row; who is of no team, or may be keeper or not, is left out and reported."""
        people = []
        for x, y, is_teammate, is_keeper, player_id, vx, vy in row[PEOPLE]:
            if is_teammate is None or is_keeper is None:
                who = f"{PEOPLE} ({player_id})" if player_id else PEOPLE
                self.report("a person of no team, or who may be keeper or not, is left out", row, who)
                continue
            place = _or(x, math.nan), _or(y, math.nan)
            people.append(Person(*place, is_teammate, is_keeper, player_id, _or_none(vx), _or_none(vy)))
        return tuple(people)

    def word(self, row: Row, name: str, words: type[Word], other: Word) -> Word:
        """A word of ours; one that is missing or that nobody knows becomes ``other`` and is reported."""
        value = row[name]
        try:
            return words(value)
        except ValueError:
            taken = "left so" if other.value == UNKNOWN else f"taken as '{other.value}'"
            self.report(f"{name} '{value}' is unknown and {taken}", row, name)
            return other

    def need(self, row: Row, name: str) -> Any:
        """A value that must be there; raise FeedError where it is missing."""
        if row[name] is None:
            where = f"{self.path}, match {self.match_id}"
            raise FeedError(f"{name} is missing", where=where, advice=ADVICE)
        return row[name]

    def report(self, reason: str, row: Row, name: str, severity: Severity = "value") -> None:
        """Note what is wrong with a value of a row."""
        shot_id = row.get("shot_id")
        self.problems.append(
            Problem(
                path=self.path,
                reason=reason,
                advice=ADVICE,
                match_id=self.match_id,
                place=f"shot {shot_id}, {name}" if shot_id else name,
                severity=severity,
                provider=row.get("provider"),
                shot_id=shot_id,
                field=name,
                value=str(row.get(name))[:100],
            )
        )


def _end(row: Row) -> ShotEnd | None:
    x_m, y_m = row.get("end_x_m"), row.get("end_y_m")
    return None if x_m is None or y_m is None else ShotEnd(x_m, y_m, row.get("end_z_m"))


def _or(value: Any, other: Any) -> Any:
    return other if value is None else value


def _or_none(value: float | None) -> float | None:
    """NaN, too, is how some write a missing number."""
    return None if value is None or math.isnan(value) else value
