"""The events file: its shots, and what is needed to place them in time and on the pitch.

Read directly and not through kloppy (3.19), for kloppy keeps a ``Delete`` as one more event instead of
withdrawing its target, lets an inner attribute be hidden by an outer one of the same name, needs a
``GameSection`` on every half's kick-off to count periods, and refuses a whole file for one unknown card. The
tests compare this reader with kloppy on what both can read.

Times have an offset from UTC; positions are 105 x 68 with the origin in a corner, whatever the real pitch.
``KickOff/@TeamLeft`` attacks towards x = 105.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from xml.etree.ElementTree import Element

from xgoals.domain.errors import FeedError, Problem, Severity
from xgoals.feeds.dfl import vocabulary as words
from xgoals.feeds.dfl.halves import Halves
from xgoals.feeds.dfl.incidents import IncidentNote, Presence, card_of, substitution_of
from xgoals.feeds.dfl.matchinfo import PROVIDER, MatchInfo
from xgoals.feeds.dfl.shots import ShotEvent, ShotReader
from xgoals.feeds.safe_xml import RESEND, parse_time

NO_PLAY = ("Substitution", "Caution", "Delete", "OtherPlayerAction")
"""Events that come in breaks, too."""
SHOTS_AND_GOALS = ("ShotAtGoal", "OwnGoal", "GoalDisallowed")

Timed = tuple[Element, datetime]


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

    ``team_left``: per period the team that attacks towards x = 105. ``keeper_changes``: (time, player who keeps goal
    from then on). ``is_broken_off``: whether a whistle ended the match before its time.
    """

    presence: Presence
    halves: Halves = field(default_factory=Halves)
    team_left: dict[int, str] = field(default_factory=dict)
    keeper_changes: list[tuple[datetime, str]] = field(default_factory=list)
    shots: list[ShotEvent] = field(default_factory=list)
    own_goals: list[GoalNote] = field(default_factory=list)
    disallowed: list[GoalNote] = field(default_factory=list)
    incidents: list[IncidentNote] = field(default_factory=list)
    is_broken_off: bool = False
    problems: list[Problem] = field(default_factory=list)


def read_events(root: Element, info: MatchInfo, where: str) -> EventSheet:
    """Everything about shots in an events file.

    Raises
    ------
    FeedError
        If an event belongs to another match, no shot is of a team that plays in it, no time can be read, or nothing
        says when the halves began.
    """
    return _EventReader(info, where).read(root)


def _is_about_goals(event: Element) -> bool:
    return any(event.find(f".//{tag}") is not None for tag in SHOTS_AND_GOALS)


class _EventReader:
    def __init__(self, info: MatchInfo, where: str) -> None:
        self.info = info
        self.where = where
        self.teams = (info.match.home.team_id, info.match.away.team_id)
        self.sheet = EventSheet(Presence(info.squads.starters))
        self._left_at: dict[datetime, str] = {}

    def read(self, root: Element) -> EventSheet:
        """The events of a file as :func:`read_events` returns them."""
        events = self._standing_events(root)
        for event, time in events:
            for child in event:
                self._read_frame_of_play(child, time)
        self._complete_halves(events)
        self._complete_sides()
        self._read_shots(events)
        return self.sheet

    def _standing_events(self, root: Element) -> list[Timed]:
        """Events with their times, without those that were withdrawn; of one id the last one stands."""
        standing: dict[str, Element] = {}
        deleted: set[str] = set()
        for event in root.iter("Event"):
            event_id = event.get("EventId") or self._made_id(event, standing)
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
            if (before := standing.get(event_id)) is not None:
                self._note_replaced(event_id, before, event)
            standing[event_id] = event
        if not standing:
            raise FeedError("no events in the file", where=self.where, advice=RESEND)
        return self._timed([(i, event) for i, event in standing.items() if i not in deleted])

    def _made_id(self, event: Element, known: Collection[str]) -> str:
        """An id for an event that came without: when it was, and which of those of that time it is."""
        at = "".join(sign for sign in event.get("EventTime", "") if sign.isdecimal())[:17]
        event_id = next(name for n in count(1) if (name := f"no-id-{at}-{n}") not in known)
        event.set("EventId", event_id)
        if _is_about_goals(event):
            advice = "It is called after its time, and is another one once that is corrected"
            self._note(event_id, "an event without EventId", advice, "EventId", "value")
        return event_id

    def _note_replaced(self, event_id: str, before: Element, event: Element) -> None:
        """Say that a shot or goal gives way to another event: a correction has its id and its time."""
        if not _is_about_goals(before):
            return
        kinds = [", ".join(child.tag for child in told) for told in (before, event)]
        times = [told.get("EventTime", "")[:40] for told in (before, event)]
        if not _is_about_goals(event) or times[0] != times[1]:
            reason = f"of this id there is {kinds[0]} at {times[0]}, and later {kinds[1]} at {times[1]}"
            severity: Severity = "value" if _is_about_goals(event) else "shot"
            self._note(event_id, reason, "The later one stands; give each its own id", "EventId", severity)

    def _timed(self, events: Sequence[tuple[str, Element]]) -> list[Timed]:
        """Events whose time can be read; a shot without one is left out, with a note."""
        timed: list[Timed] = []
        errors: list[FeedError] = []
        for event_id, event in events:
            try:
                timed.append((event, self._time_of(event, event_id)))
            except FeedError as error:
                errors.append(error)
                if _is_about_goals(event):
                    self._note(
                        event_id, error.what, "Shot left out; correct its EventTime", "EventTime", "shot"
                    )
        if errors and not timed:
            raise errors[0]
        if errors:
            reason = f"{len(errors)} events without a time that can be read, the first: {errors[0].what}"
            self.sheet.problems.append(self._problem("EventTime", reason, "They are left out"))
        return timed

    def _time_of(self, event: Element, event_id: str) -> datetime:
        """By the event's clock, else by the frame's."""
        where = f"{self.where}, event {event_id}"
        try:
            return parse_time(event.get("EventTime", ""), where)
        except FeedError:
            calculated = event.get("CalculatedTimestamp")
            if not calculated:
                raise
            return parse_time(calculated, where)

    def _read_frame_of_play(self, child: Element, time: datetime) -> None:
        """Kick-offs, whistles, substitutions, cards, keepers, own goals, goals disallowed, shoot-outs."""
        handlers = {
            "FinalWhistle": self._whistle,
            "Substitution": self._substitution,
            "Caution": self._card,
            "OtherPlayerAction": self._player_action,
            "OwnGoal": self._own_goal,
            "GoalDisallowed": self._goal_disallowed,
            "StartPenaltyShootOut": self._shoot_out,
        }
        # Older files say KickoffWhistle.
        handler = self._kick_off if child.tag.lower().startswith("kickoff") else handlers.get(child.tag)
        if handler is not None:
            handler(child, time)

    def _kick_off(self, child: Element, time: datetime) -> None:
        section = child.get("GameSection")
        if section is None:  # after a goal
            return
        self.sheet.halves.begin(section, time)
        left, right = child.get("TeamLeft"), child.get("TeamRight")
        if left in self.teams:
            self._left_at[time] = str(left)
        elif right in self.teams:
            self._left_at[time] = self._other_team(str(right))

    def _whistle(self, child: Element, time: datetime) -> None:
        self.sheet.halves.end(child.get("GameSection", ""), time)
        if child.get("BreakingOff", "").lower() == "true":
            self.sheet.is_broken_off = True

    def _shoot_out(self, _child: Element, time: datetime) -> None:
        self.sheet.halves.begin_shoot_out(time)

    def _substitution(self, child: Element, time: datetime) -> None:
        self.sheet.incidents.append(substitution_of(child, time))
        comes = child.get("PlayerIn") or None
        if child.get("PlayingPosition") == words.KEEPER_POSITION and comes:
            self.sheet.keeper_changes.append((time, comes))
        self.sheet.presence.change(time, child.get("Team", ""), child.get("PlayerOut"), comes)

    def _card(self, child: Element, time: datetime) -> None:
        card = card_of(child, time)
        if card is None:
            return
        self.sheet.incidents.append(card)
        if card.kind.sends_off:
            self.sheet.presence.change(time, card.team_id, card.player_id, None)

    def _player_action(self, child: Element, time: datetime) -> None:
        if child.get("PlayerBecomesGoalkeeper") == "true" and child.get("Player"):
            self.sheet.keeper_changes.append((time, child.get("Player", "")))

    def _own_goal(self, child: Element, time: datetime) -> None:
        scorers_team, for_team = child.get("Team", ""), child.get("TeamOwnGoalCountsFor")
        if for_team not in self.teams and scorers_team in self.teams:
            for_team = self._other_team(scorers_team)
        if for_team not in self.teams:
            reason = f"an own goal of team '{scorers_team[:40]}', which does not play in this match"
            self.sheet.problems.append(self._problem("own goal", reason, "Left out; correct its team"))
            return
        self.sheet.own_goals.append(GoalNote(str(for_team), child.get("Player") or None, time))

    def _goal_disallowed(self, child: Element, time: datetime) -> None:
        player_id = child.get("Player") or None
        self.sheet.disallowed.append(
            GoalNote(child.get("Team", ""), player_id, time, child.get("Reason", "not given"))
        )

    def _complete_halves(self, events: Iterable[Timed]) -> None:
        """Kick-offs that are missing, by what was played when."""
        times = [time for event, time in events if any(child.tag not in NO_PLAY for child in event)]
        planned = self.info.match.kick_off
        assert planned is not None  # noqa: S101  (no match information without it)
        for note in self.sheet.halves.complete(times, planned, self.where):
            self.sheet.problems.append(self._problem("kick-off", note, RESEND))

    def _complete_sides(self) -> None:
        """As the kick-offs say; sides swap at half-time, also where the second one does not repeat them."""
        for period, start in self.sheet.halves.kick_offs.items():
            if start in self._left_at:
                self.sheet.team_left[period] = self._left_at[start]
        for first, second in ((1, 2), (3, 4)):
            for known, unknown in ((first, second), (second, first)):
                if known in self.sheet.team_left and unknown not in self.sheet.team_left:
                    self.sheet.team_left[unknown] = self._other_team(self.sheet.team_left[known])

    def _read_shots(self, events: Iterable[Timed]) -> None:
        halves = self.sheet.halves
        reader = ShotReader(self.info, self.where, halves, self.sheet.problems)
        for event, time in events:
            if halves.shoot_out is None or time < halves.shoot_out:
                self.sheet.shots.extend(reader.read(event, time))
        reader.check_teams()
        self.sheet.shots.sort(key=lambda shot: (shot.period, shot.time, shot.shot_id))

    def _other_team(self, team_id: str) -> str:
        return self.teams[0] if team_id == self.teams[1] else self.teams[1]

    def _note(self, event_id: str, reason: str, advice: str, name: str, severity: Severity) -> None:
        self.sheet.problems.append(self._problem(f"event {event_id}, {name}", reason, advice, severity))

    def _problem(self, place: str, reason: str, advice: str, severity: Severity = "value") -> Problem:
        return Problem(
            self.where,
            reason,
            advice,
            self.info.match.match_id,
            place,
            severity,
            provider=PROVIDER,
            field=place,
        )
