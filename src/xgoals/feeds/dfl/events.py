"""The events file: its shots, and what is needed to place them in time and on the pitch.

Read directly and not through kloppy (3.19), for kloppy keeps a ``Delete`` as one more event instead of
withdrawing its target, lets an inner attribute be hidden by an outer one of the same name, needs a
``GameSection`` on every half's kick-off to count periods, and refuses a whole file for one unknown card. The
tests compare this reader with kloppy on what both can read.

Times have an offset from UTC; positions are 105 x 68 with the origin in a corner, whatever the real pitch.
``KickOff/@TeamLeft`` attacks towards x = 105.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element

from xgoals.domain.errors import FeedError, Problem
from xgoals.feeds.dfl import vocabulary as words
from xgoals.feeds.dfl.matchinfo import MatchInfo
from xgoals.feeds.dfl.safe_xml import RESEND, parse_time
from xgoals.feeds.dfl.shots import ShotEvent, ShotReader

EARLY_CLOCK = timedelta(seconds=3)
"""An event's clock can run ahead of the kick-off's by this much (real shots: up to 2.1 s)."""
SHORTEST_BREAK = timedelta(minutes=3)
"""An event's clock can run late as well, so that a half's last shot comes after its whistle."""


@dataclass(frozen=True, slots=True)
class GoalNote:
    """An own goal (``team_id``: whom it counts for) or a goal disallowed (whom it does not count for)."""

    team_id: str
    player_id: str | None
    time: datetime
    reason: str = ""


@dataclass(slots=True)
class EventSheet:
    """A match's events as far as shots need them.

    ``kick_offs`` and ``whistles``: start and end of each period. ``team_left``: per period the team that
    attacks towards x = 105. ``keeper_changes``: (time, player who keeps goal from then on).
    """

    kick_offs: dict[int, datetime] = field(default_factory=dict)
    whistles: dict[int, datetime] = field(default_factory=dict)
    team_left: dict[int, str] = field(default_factory=dict)
    keeper_changes: list[tuple[datetime, str]] = field(default_factory=list)
    shots: list[ShotEvent] = field(default_factory=list)
    own_goals: list[GoalNote] = field(default_factory=list)
    disallowed: list[GoalNote] = field(default_factory=list)
    shoot_out: datetime | None = None
    problems: list[Problem] = field(default_factory=list)

    def period_at(self, time: datetime) -> int:
        """The period that a moment belongs to, by the kick-offs; a missing second one shows by the whistle."""
        started = [p for p, start in self.kick_offs.items() if start - EARLY_CLOCK <= time]
        first_whistle = self.whistles.get(1)
        if 2 not in self.kick_offs and first_whistle is not None and time > first_whistle + SHORTEST_BREAK:
            started.append(2)
        return max(started, default=1)


def read_events(root: Element, info: MatchInfo, where: str) -> EventSheet:
    """Everything about shots in an events file.

    Raises
    ------
    FeedError
        If an event belongs to another match, a team does not play in it, or a time cannot be read.
    """
    return _EventReader(info, where).read(root)


class _EventReader:
    def __init__(self, info: MatchInfo, where: str) -> None:
        self.info = info
        self.where = where
        self.teams = (info.match.home.team_id, info.match.away.team_id)
        self.sheet = EventSheet()

    def read(self, root: Element) -> EventSheet:
        """The events of a file as :func:`read_events` returns them."""
        events = self._standing_events(root)
        if not events:
            raise FeedError("no events in the file", where=self.where, advice=RESEND)
        for event, time in events:
            for child in event:
                self._read_frame_of_play(child, time)
        self._complete_sides()
        shots = ShotReader(self.info, self.where, self.sheet.problems)
        for event, time in events:
            if self.sheet.shoot_out is None or time < self.sheet.shoot_out:
                self.sheet.shots.extend(shots.read(event, time, self.sheet.period_at(time)))
        self.sheet.shots.sort(key=lambda shot: (shot.period, shot.time, shot.shot_id))
        return self.sheet

    def _standing_events(self, root: Element) -> list[tuple[Element, datetime]]:
        """Events with their times, without those that were withdrawn; of one id the last one stands."""
        standing: dict[str, tuple[Element, datetime]] = {}
        deleted: set[str] = set()
        for event in root.iter("Event"):
            event_id = event.get("EventId")
            if not event_id:
                raise FeedError("an <Event> without EventId", where=self.where, advice=RESEND)
            match_id = event.get("MatchId", self.info.match.match_id)
            if match_id != self.info.match.match_id:
                raise FeedError(
                    f"an event of match {match_id} in the file of {self.info.match.match_id}",
                    where=f"{self.where}, event {event_id}",
                    advice="Deliver each match's own file",
                )
            if event.find("Delete") is not None:
                deleted.add(event_id)
                continue
            time = parse_time(event.get("EventTime", ""), f"{self.where}, event {event_id}")
            standing[event_id] = (event, time)
        return [entry for event_id, entry in standing.items() if event_id not in deleted]

    def _read_frame_of_play(self, child: Element, time: datetime) -> None:
        """Kick-offs, whistles, keepers, own goals, goals disallowed, shoot-outs."""
        handlers = {
            "KickOff": self._kick_off,
            "FinalWhistle": self._whistle,
            "Substitution": self._substitution,
            "OtherPlayerAction": self._player_action,
            "OwnGoal": self._own_goal,
            "GoalDisallowed": self._goal_disallowed,
            "StartPenaltyShootOut": self._shoot_out,
        }
        handler = handlers.get(child.tag)
        if handler is not None:
            handler(child, time)

    def _kick_off(self, child: Element, time: datetime) -> None:
        section = child.get("GameSection")
        if section is None:  # after a goal
            return
        period = words.PERIODS.get(section)
        if period is None:
            self._shoot_out(child, time)
            return
        self.sheet.kick_offs[period] = time
        left, right = child.get("TeamLeft"), child.get("TeamRight")
        if left in self.teams:
            self.sheet.team_left[period] = str(left)
        elif right in self.teams:
            self.sheet.team_left[period] = self._other_team(str(right))

    def _whistle(self, child: Element, time: datetime) -> None:
        period = words.PERIODS.get(child.get("GameSection", ""))
        if period is not None:
            self.sheet.whistles[period] = time

    def _shoot_out(self, _child: Element, time: datetime) -> None:
        self.sheet.shoot_out = min(time, self.sheet.shoot_out or time)

    def _substitution(self, child: Element, time: datetime) -> None:
        if child.get("PlayingPosition") == words.KEEPER_POSITION and child.get("PlayerIn"):
            self.sheet.keeper_changes.append((time, child.get("PlayerIn", "")))

    def _player_action(self, child: Element, time: datetime) -> None:
        if child.get("PlayerBecomesGoalkeeper") == "true" and child.get("Player"):
            self.sheet.keeper_changes.append((time, child.get("Player", "")))

    def _own_goal(self, child: Element, time: datetime) -> None:
        scorers_team = child.get("Team", "")
        for_team = child.get("TeamOwnGoalCountsFor") or self._other_team(scorers_team)
        self.sheet.own_goals.append(GoalNote(for_team, child.get("Player"), time))

    def _goal_disallowed(self, child: Element, time: datetime) -> None:
        note = GoalNote(child.get("Team", ""), child.get("Player"), time, child.get("Reason", "not given"))
        self.sheet.disallowed.append(note)

    def _complete_sides(self) -> None:
        """Sides swap at half-time, also where the second kick-off does not repeat them."""
        for first, second in ((1, 2), (3, 4)):
            for known, unknown in ((first, second), (second, first)):
                if known in self.sheet.team_left and unknown not in self.sheet.team_left:
                    self.sheet.team_left[unknown] = self._other_team(self.sheet.team_left[known])

    def _other_team(self, team_id: str) -> str:
        return self.teams[0] if team_id == self.teams[1] else self.teams[1]
