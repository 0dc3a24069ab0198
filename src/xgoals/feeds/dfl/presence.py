"""Who is on the pitch when: starting elevens, substitutions, red cards."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from xgoals.domain.bounds import MAX_A_SIDE
from xgoals.domain.frame import OnPitch

RED_CARDS = ("red", "yellowred")


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
