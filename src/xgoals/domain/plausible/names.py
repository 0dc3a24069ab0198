"""Names of teams and players: printable, of a length that fits, and never empty where one is shown."""

from collections.abc import Iterable

from xgoals.domain.match import Match, Player, Team
from xgoals.domain.plausible.notes import Notes
from xgoals.domain.text import MAX_ID_CHARS, MAX_NAME_CHARS, clean, shortened

SHOWN_BY_ID = "Its id is shown; add the name where the file comes from"


def name_or_none(name: str | None, field: str, notes: Notes) -> str | None:
    """A clean name, cut off with a note where it is far too long; None where there is none."""
    text = clean(name or "")
    if len(text) > MAX_NAME_CHARS:
        notes.add(field, f"{field} with {len(text):,} characters", advice="It is cut off", value=text)
    return shortened(text, MAX_NAME_CHARS) or None


def name_or_id(name: str, identity: str, field: str, notes: Notes) -> str:
    """A clean name; the id, with a note, where there is none."""
    known = name_or_none(name, field, notes)
    if known is None and identity:
        notes.add(field, f"{field} is empty", advice=SHOWN_BY_ID, value=name)
    return known or identity


def checked_teams(teams: Iterable[Team], match: Match, notes: Notes) -> tuple[Team, ...]:
    """The two teams of the match, and whichever others the record has, once each."""
    known = {team.team_id: team for team in (match.home, match.away)}
    order: dict[str, Team] = {}
    for team in teams:
        team_id = clean(team.team_id)
        if 0 < len(team_id) <= MAX_ID_CHARS and team_id not in order:
            named = known.get(team_id) or Team(
                team_id, name_or_id(team.name, team_id, f"team {team_id}", notes)
            )
            order[team_id] = named
    return tuple(
        {**order, **{team_id: team for team_id, team in known.items() if team_id not in order}}.values()
    )


class PlayerBook:
    """The players of one match by id."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._players: dict[str, Player] = {}
        self._listed: set[str] = set()
        self._noted: set[str] = set()

    def add(self, player: Player) -> None:
        """A player of the line-ups; of one id the first name counts."""
        player_id = clean(player.player_id)
        if not 0 < len(player_id) <= MAX_ID_CHARS:
            self._notes.add("player id", "a player without a usable id", value=player_id)
            return
        field = f"player {player_id}"
        name = name_or_none(player.name, field, self._notes)
        short_name = name_or_none(player.short_name, field, self._notes)
        self._listed.add(player_id)
        known = self._players.get(player_id, Player(player_id))
        self._players[player_id] = Player(player_id, known.name or name, known.short_name or short_name)

    def need(self, player_id: str | None, place: str) -> None:
        """Somebody who has shot or scored: he may have no line-up and no name, but he has his shot."""
        if player_id is None or player_id in self._noted:
            return
        known = self._players.setdefault(player_id, Player(player_id))
        if known.name is None and known.short_name is None:
            self._noted.add(player_id)
            reason = (
                f"player '{player_id}' {'has no name' if player_id in self._listed else 'is in no line-up'}"
            )
            advice = "He counts without a name; check the line-up"
            self._notes.add(place, reason, advice=advice, value=player_id)

    def all(self) -> tuple[Player, ...]:
        """Everybody, in the order in which they came."""
        return tuple(self._players.values())
