"""What both versions of Wyscout's shots share."""

from xgoals.domain.bounds import FIRST_MINUTE
from xgoals.domain.errors import Problem, Severity
from xgoals.domain.match import OwnGoal
from xgoals.domain.pitch import Pitch
from xgoals.domain.shot import BodyPart, Shot
from xgoals.feeds.event_files.header import Header
from xgoals.feeds.event_files.places import linear
from xgoals.feeds.json_file import Json
from xgoals.feeds.json_values import id_of, number, obj, whole

PROVIDER = "wyscout"


class ShotReader:
    """Turns events into shots, and collects what is wrong with them."""

    def __init__(self, header: Header, pitch: Pitch, path: str) -> None:
        self.header = header
        self.pitch = pitch
        self.path = path
        self.shots: list[Shot] = []
        self.own_goals: list[OwnGoal] = []
        self.problems: list[Problem] = []

    def place(self, position: object, shot_id: str) -> tuple[float | None, float | None]:
        """Metres of a position in hundredths of the pitch; None, with a note, where there is none."""
        x, y = (_hundredths(obj(position).get(axis)) for axis in ("x", "y"))
        if x is None or y is None:
            said = str(position)[:60]
            self.note(
                shot_id, "place", f"a shot without a place: {said}", "Its features of place are missing", said
            )
            return None, None
        return linear(x, y, self.pitch)

    def shooter(self, player_id: str | None, shot_id: str) -> str | None:
        """Who shot; None, with a note, where nobody is named."""
        if player_id is None:
            self.note(shot_id, "player", "nobody is named as the shooter", "The shot counts without a name")
        return player_id

    def body_part(self, found: BodyPart, said: str, shot_id: str) -> BodyPart:
        """What the ball was struck with; a note where the file does not say it in words that are known."""
        if found is BodyPart.UNKNOWN:
            reason = f"nothing says what the ball was struck with: {said}"
            self.note(shot_id, "body_part", reason, "It is left unknown, and what rests on it missing", said)
        return found

    def other_team(self, team_id: str | None) -> str | None:
        """The opponents of a team; None if it is none of the two."""
        home, away = self.header.team_ids
        return {home: away, away: home}.get(team_id)

    def own_goal(self, team_id: str | None, player_id: str | None, minute: int, event: Json) -> None:
        """An own goal of a team: it counts for the other one."""
        counts_for = self.other_team(team_id)
        if counts_for is None:
            self.note(
                str(event.get("id")), "team", f"an own goal of team {team_id}", "It is left out", str(team_id)
            )
            return
        self.own_goals.append(OwnGoal(counts_for, player_id, minute))

    def note_no_shoot_out(self, event: Json) -> None:
        """Note a shot that is said to be of the shoot-out, and is no penalty."""
        reason = "it is said to be of the shoot-out, and is no penalty"
        advice = "Shot left out; correct its period"
        self.note(str(id_of(event.get("id"))), "period", reason, advice, "P", severity="shot")

    def note(
        self,
        shot_id: str,
        field: str,
        reason: str,
        advice: str,
        value: str | None = None,
        *,
        severity: Severity = "value",
    ) -> None:
        """Note what is wrong with a value of a shot, or (severity ``shot``) why the shot is left out."""
        self.problems.append(
            Problem(
                self.path,
                reason,
                advice,
                self.header.match_id,
                f"shot {shot_id}, {field}",
                severity,
                provider=PROVIDER,
                shot_id=shot_id,
                field=field,
                value=value,
            )
        )


def _hundredths(value: object) -> float | None:
    """A number, also written as text."""
    return number(value) if not isinstance(value, str) else number(whole(value))


def minute_of(period: int, seconds: float) -> tuple[int, int]:
    """Minute and second of play, of seconds since the period began."""
    whole_s = int(seconds)
    return FIRST_MINUTE[period] + whole_s // 60, whole_s % 60
