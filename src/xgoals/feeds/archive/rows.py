"""Rows of the archive to domain objects, with every value checked at the door.

Null and NaN both mean "missing". A value that cannot be is left missing and reported; where a match makes no
sense without it (who played, which kind of shot, what came of it), the match as a whole is refused.
"""

import math
from enum import StrEnum
from typing import Any, TypeVar

from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.match import Match, OwnGoal, Player, Team
from xgoals.domain.pitch import Pitch
from xgoals.domain.scene import FrameSource, MatchRecord, Person, Scene
from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, Shot, ShotType, Technique
from xgoals.feeds.archive.schema import PEOPLE, from_stored_time

Row = dict[str, Any]
Word = TypeVar("Word", bound=StrEnum)

FASTEST_MS = 15.0
"""Nobody runs faster than this; tracking that says so is wrong."""
PERIODS = (1, 2, 3, 4)
ADVICE = "Correct it where the archive was written"


def record_from_rows(rows: list[Row], path: str, problems: list[Problem]) -> MatchRecord:
    """Put one match together.

    Parameters
    ----------
    rows
        The rows of the match, in the order of the file.
    path
        The file, for messages.
    problems
        Receives what had to be left missing.

    Raises
    ------
    FeedError
        If the match cannot be used.
    """
    return _Reader(path, str(rows[0]["match_id"]), problems).record(rows)


class _Reader:
    """Reads the values of one match and remembers what is wrong with them."""

    def __init__(self, path: str, match_id: str, problems: list[Problem]) -> None:
        self.path = path
        self.match_id = match_id
        self.problems = problems
        self.limit_m = math.inf

    def record(self, rows: list[Row]) -> MatchRecord:
        """The match of some rows: its shots, and the scenes of those that have one, in their stored order."""
        match = self.match(rows[0])
        # A pitch of double size is generous: what lies outside of it is no position but an error.
        self.limit_m = max(match.pitch.length_m, match.pitch.width_m)
        first = next((row for row in rows if row["teams"] is not None), rows[0])
        rows = [row for row in rows if self.is_of_the_game(row)]
        with_scene = sorted((row for row in rows if row["scene_n"] is not None), key=lambda r: r["scene_n"])
        return MatchRecord(
            match=match,
            teams=tuple(Team(self.need(t, "team_id"), self.need(t, "name")) for t in first["teams"] or ()),
            players=tuple(
                Player(self.need(p, "player_id"), p["name"], p["short_name"]) for p in first["players"] or ()
            ),
            shots=tuple(self.shot(row) for row in rows if row["event_n"] is not None),
            scenes=tuple(self.scene(row) for row in with_scene),
            own_goals=tuple(
                OwnGoal(self.need(g, "team_id"), g["player_id"], self.need(g, "minute"))
                for g in first["own_goals"] or ()
            ),
        )

    def match(self, row: Row) -> Match:
        """The match that a row names; raise FeedError where something is missing or the pitch impossible."""
        length_m, width_m = self.need(row, "pitch_length_m"), self.need(row, "pitch_width_m")
        if not (0 < length_m < 1000 and 0 < width_m < 1000):
            raise self.refusal(f"a pitch of {length_m} m x {width_m} m")
        return Match(
            provider=self.need(row, "provider"),
            match_id=self.need(row, "match_id"),
            competition_id=self.need(row, "competition_id"),
            competition=self.need(row, "competition"),
            season_id=self.need(row, "season_id"),
            season=self.need(row, "season"),
            match_date=self.need(row, "match_date"),
            home=Team(self.need(row, "home_team_id"), self.need(row, "home_team")),
            away=Team(self.need(row, "away_team_id"), self.need(row, "away_team")),
            pitch=Pitch(length_m, width_m),
            matchday=row["matchday"],
            stage=row["stage"],
            kick_off=from_stored_time(row["kick_off"], row["kick_off_offset_s"]),
            home_score=row["home_score"],
            away_score=row["away_score"],
            message_time=from_stored_time(row["message_time"], row["message_time_offset_s"]),
            is_simulated=self.need(row, "is_simulated"),
        )

    def is_of_the_game(self, row: Row) -> bool:
        """False for the row of a shot outside the four periods of a match; it is reported."""
        if row["event_n"] is None or self.need(row, "period") in PERIODS:
            return True
        reason = f"a shot in period {row['period']} is left out (a shoot-out is no shot for the model)"
        self.report(reason, row, "period", severity="shot")
        return False

    def shot(self, row: Row) -> Shot:
        """The shot of a row; values that cannot be are left missing and reported."""
        x_m = self.number(row, "x_m", -self.limit_m, self.limit_m)
        y_m = self.number(row, "y_m", -self.limit_m, self.limit_m)
        return Shot(
            shot_id=self.need(row, "shot_id"),
            event_n=row["event_n"],
            period=row["period"],
            minute=self.need(row, "minute"),
            second=self.need(row, "second"),
            period_time_s=self.number(row, "period_time_s"),
            team_id=self.need(row, "team_id"),
            player_id=row["player_id"],
            x_m=x_m,
            y_m=y_m,
            body_part=self.word(row, "body_part", BodyPart, BodyPart.OTHER),
            shot_type=self.word(row, "shot_type", ShotType),
            outcome=self.word(row, "outcome", Outcome),
            ball_control=self.word(row, "ball_control", BallControl, BallControl.OTHER),
            set_up=self.word(row, "set_up", SetUp, SetUp.OTHER),
            technique=self.word(row, "technique", Technique, Technique.OTHER),
            event_time=from_stored_time(row["event_time"], row["event_time_offset_s"]),
            provider_xg=self.number(row, "provider_xg", 0.0, 1.0),
            official=dict(row["official"] or ()),
            raw=dict(row["raw"] or ()),
        )

    def scene(self, row: Row) -> Scene:
        """The scene of a row; values that cannot be are left missing and reported."""
        return Scene(
            shot_id=self.need(row, "shot_id"),
            people=self.people(row),
            frame_source=self.word(row, "frame_source", FrameSource, FrameSource.NONE),
            frame_n=row["frame_n"],
            clock_offset_s=self.number(row, "clock_offset_s"),
            confidence=self.number(row, "confidence", 0.0, 1.0),
            shooter_vx_ms=self.number(row, "shooter_vx_ms", -FASTEST_MS, FASTEST_MS),
            shooter_vy_ms=self.number(row, "shooter_vy_ms", -FASTEST_MS, FASTEST_MS),
            ball_x_m=self.number(row, "ball_x_m", -self.limit_m, self.limit_m),
            ball_y_m=self.number(row, "ball_y_m", -self.limit_m, self.limit_m),
            ball_z_m=self.number(row, "ball_z_m", -self.limit_m, self.limit_m),
        )

    def people(self, row: Row) -> tuple[Person, ...]:
        """The people of a row; who cannot be placed is left out and reported."""
        limit, people = self.limit_m, []
        for x, y, is_teammate, is_keeper, player_id, vx, vy in row[PEOPLE]:
            placed = x is not None and y is not None and abs(x) <= limit and abs(y) <= limit
            if not placed or is_teammate is None or is_keeper is None:
                who = f"{PEOPLE} ({player_id})" if player_id else PEOPLE
                self.report(f"a person at ({x}, {y}) cannot be placed and is left out", row, who)
                continue
            velocity = self.velocity(row, vx), self.velocity(row, vy)
            people.append(Person(x, y, is_teammate, is_keeper, player_id, *velocity))
        return tuple(people)

    def velocity(self, row: Row, value: float | None) -> float | None:
        """A component of a velocity in m/s, or None; one that is too fast is reported."""
        if value is None or math.isnan(value):
            return None
        if abs(value) > FASTEST_MS:
            self.report(f"a person at {value} m/s; the speed is left missing", row, PEOPLE)
            return None
        return value

    def number(self, row: Row, name: str, low: float = -math.inf, high: float = math.inf) -> float | None:
        """A number or None; impossible ones are reported."""
        value: float | None = row[name]
        if value is None or math.isnan(value):
            return None
        if not low <= value <= high or math.isinf(value):
            self.report(f"{name} = {value} cannot be and is left missing", row, name)
            return None
        return value

    def word(self, row: Row, name: str, words: type[Word], other: Word | None = None) -> Word:
        """A word of ours; an unknown one becomes ``other`` and is reported, or refuses the match."""
        value = row[name]
        try:
            return words(value)
        except ValueError:
            if other is None:
                raise self.refusal(f"{name} '{value}' is unknown", self.place(row)) from None
        self.report(f"{name} '{value}' is unknown and taken as '{other.value}'", row, name)
        return other

    def need(self, row: Row, name: str) -> Any:
        """A value that must be there; raise FeedError where it is missing."""
        if row[name] is None:
            raise self.refusal(f"{name} is missing", self.place(row))
        return row[name]

    def place(self, row: Row) -> str | None:
        """The shot that a row is of, for messages; None for a row without one."""
        shot_id = row.get("shot_id")
        return f"shot {shot_id}" if shot_id else None

    def refusal(self, what: str, place: str | None = None) -> FeedError:
        """The error that refuses the match."""
        where = f"{self.path}, match {self.match_id}" + (f", {place}" if place else "")
        return FeedError(what, where=where, advice=ADVICE)

    def report(self, reason: str, row: Row, name: str, severity: str = "value") -> None:
        """Note a problem with one value of a row."""
        place = self.place(row)
        self.problems.append(
            Problem(self.path, reason, ADVICE, self.match_id, f"{place}, {name}" if place else name, severity)
        )
