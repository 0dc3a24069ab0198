"""Cards, substitutions and who is on the pitch by them; the pass before a shot. All in the domain's words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element

from xgoals.domain.bounds import FIRST_MINUTE, MAX_A_SIDE
from xgoals.domain.circumstances import Assist, Circumstances, PassKind
from xgoals.domain.frame import OnPitch
from xgoals.domain.incident import Incident, IncidentKind
from xgoals.domain.shot import BallControl
from xgoals.feeds.dfl.halves import Halves

CARDS = {
    "yellow": IncidentKind.YELLOW_CARD,
    "yellowred": IncidentKind.SECOND_YELLOW_CARD,
    "red": IncidentKind.RED_CARD,
}
"""``CardColor`` in lower case."""

ASSISTS = {
    "header": PassKind.PASS,
    "longpassfromopenplay": PassKind.PASS,
    "otherpassfromopenplay": PassKind.PASS,
    "onetwo": PassKind.PASS,
    "teammateaction": PassKind.PASS,
    "crossfromopenplay": PassKind.CROSS,
    "freekick": PassKind.FREE_KICK,
    "cornerkick": PassKind.CORNER,
    "throwin": PassKind.THROW_IN,
}
"""``AssistAction`` in lower case; what is no pass (a team-mate's shot, a rebound) is not among them."""

FIRST_TIME = {
    BallControl.DIRECT: True,
    BallControl.VOLLEY: True,
    BallControl.CONTROL: False,
    BallControl.DRIBBLE_SHORT: False,
    BallControl.DRIBBLE_LONG: False,
}


@dataclass(frozen=True, slots=True)
class IncidentNote:
    """A card or substitution with its time, as yet of no period."""

    kind: IncidentKind
    team_id: str
    player_id: str | None
    replacement_id: str | None
    time: datetime


class Presence:
    """The people of both teams, with every change; a team whose starting eleven is not named in full is unknown."""

    def __init__(self, starters: Mapping[str, frozenset[str]]) -> None:
        self._starters = starters
        self._changes: dict[str, list[tuple[datetime, str | None, str | None]]] = defaultdict(list)

    def change(self, time: datetime, team_id: str, leaves: str | None, comes: str | None) -> None:
        """Note a substitution or, if nobody comes, a red card."""
        self._changes[team_id].append((time, leaves, comes))

    def at(self, time: datetime, team_id: str, opponents_id: str) -> OnPitch:
        """Who is on the pitch for a team and its opponents."""
        return OnPitch(self._of(team_id, time), self._of(opponents_id, time))

    def _of(self, team_id: str, time: datetime) -> frozenset[str]:
        present = set(self._starters.get(team_id, ()))
        if len(present) != MAX_A_SIDE:
            return frozenset()
        for when, leaves, comes in sorted(self._changes.get(team_id, ()), key=lambda change: change[0]):
            if when <= time:
                present.discard(leaves or "")
                present |= {comes} if comes else set()
        return frozenset(present)


def card_of(child: Element, time: datetime) -> IncidentNote | None:
    """The card of a ``Caution``; None where its colour is none."""
    kind = CARDS.get(child.get("CardColor", "").lower())
    return (
        None if kind is None else IncidentNote(kind, child.get("Team", ""), child.get("Player"), None, time)
    )


def substitution_of(child: Element, time: datetime) -> IncidentNote:
    """A ``Substitution``."""
    out, come = child.get("PlayerOut"), child.get("PlayerIn")
    return IncidentNote(IncidentKind.SUBSTITUTION, child.get("Team", ""), out, come, time)


def in_periods(notes: Iterable[IncidentNote], halves: Halves) -> Iterator[Incident]:
    """The same by the match's clock, in the order of time; what happens in a break belongs to the half after it."""
    for note in sorted(notes, key=lambda note: note.time):
        period = halves.period_at(note.time)
        whistle = halves.whistles.get(period)
        seconds = halves.seconds_in(period, note.time) or 0.0
        if whistle is not None and note.time > whistle and period + 1 in halves.kick_offs:
            period, seconds = period + 1, 0.0
        minute, second = divmod(int(seconds), 60)
        yield Incident(
            note.kind,
            note.team_id,
            note.player_id,
            period,
            FIRST_MINUTE[period] + minute,
            second,
            note.replacement_id,
        )


def circumstances_of(shot: Element, control: BallControl) -> Circumstances:
    """What a ``ShotAtGoal`` says of the pass and the first touch.

    An assist that is not ``direct`` went by another player, mostly an opponent: it is nobody's pass to the shooter.
    """
    kind = ASSISTS.get(shot.get("AssistAction", "").lower())
    player_id = shot.get("AssistShotAtGoal") or None
    is_direct = shot.get("AssistTypeShotAtGoal", "").lower() == "direct"
    assist = Assist(player_id, kind) if kind is not None and player_id and is_direct else None
    return Circumstances(assist=assist, is_first_time=FIRST_TIME.get(control))
