"""Who was on the pitch when: by the line-ups' positions, else by the events of a whole match."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from xgoals.domain.bounds import MAX_A_SIDE
from xgoals.domain.frame import OnPitch
from xgoals.feeds.json_file import Json
from xgoals.feeds.json_values import id_of, items, obj, text_of, whole

Moment = tuple[int, int]
"""Period, and seconds of play."""

_SENT_OFF = ("Red Card", "Second Yellow")
_BEGIN: Moment = (1, 0)
_END: Moment = (99, 0)


class Presence:
    """Spells of players on the pitch, by team; a team that does not begin with eleven is unknown."""

    def __init__(self, spells: Iterable[tuple[str, str, Moment, Moment]] = ()) -> None:
        self._spells: dict[str, list[tuple[str, Moment, Moment]]] = defaultdict(list)
        for team_id, player_id, start, end in spells:
            self._spells[team_id].append((player_id, start, end))

    def at(self, moment: Moment, team_id: str, opponents_id: str) -> OnPitch:
        """Who is on the pitch for a team and its opponents."""
        return OnPitch(self._of(team_id, moment), self._of(opponents_id, moment))

    def _of(self, team_id: str, moment: Moment) -> frozenset[str]:
        spells = self._spells.get(team_id, ())
        if sum(start <= _BEGIN for _, start, _ in spells) != MAX_A_SIDE:
            return frozenset()
        return frozenset(player_id for player_id, start, end in spells if start <= moment <= end)


def presence(events: list[Json], lineups: Iterable[Json]) -> Presence:
    """From the line-ups where they have positions with times, else from starting elevens, substitutions and cards."""
    by_lineups = list(_of_lineups(lineups))
    return Presence(by_lineups or _of_events(events))


def _of_lineups(lineups: Iterable[Json]) -> Iterator[tuple[str, str, Moment, Moment]]:
    for team in lineups:
        team_id = id_of(team.get("team_id"))
        for player in map(obj, items(team.get("lineup"))):
            player_id = id_of(player.get("player_id"))
            for spell in map(obj, items(player.get("positions"))):
                start = _moment(spell.get("from_period"), spell.get("from"))
                end = _moment(spell.get("to_period"), spell.get("to")) or _END
                if team_id and player_id and start:
                    yield team_id, player_id, start, end


def _moment(period: object, clock: object) -> Moment | None:
    """``2, "77:59"`` -> (2, 4679)."""
    number, (minutes, _, seconds) = whole(period), (text_of(clock) or "").partition(":")
    if number is None or not (minutes.isdecimal() and seconds.isdecimal()) or len(minutes) > 3:
        return None
    return number, 60 * int(minutes) + int(seconds[:2])


def _of_events(events: Iterable[Json]) -> Iterator[tuple[str, str, Moment, Moment]]:
    since: dict[tuple[str, str], Moment] = {}
    for event in events:
        team_id, now = id_of(obj(event.get("team")).get("id")), _now(event)
        if team_id is None or now is None:
            continue
        gone, come = _changes(event)
        for player_id in gone:
            if (start := since.pop((team_id, player_id), None)) is not None:
                yield team_id, player_id, start, now
        since.update({(team_id, player_id): now for player_id in come})
    for (team_id, player_id), start in since.items():
        yield team_id, player_id, start, _END


def _now(event: Json) -> Moment | None:
    period, minute = whole(event.get("period")), whole(event.get("minute"))
    return (
        None
        if period is None or minute is None
        else (period, 60 * minute + (whole(event.get("second")) or 0))
    )


def _changes(event: Json) -> tuple[list[str], list[str]]:
    """Who leaves the pitch with an event, and who comes."""
    kind = obj(event.get("type")).get("name")
    player = obj(event.get("player"))
    card = obj(obj(event.get("foul_committed")).get("card") or obj(event.get("bad_behaviour")).get("card"))
    if kind == "Starting XI":
        people = [obj(obj(entry).get("player")) for entry in items(obj(event.get("tactics")).get("lineup"))]
        return [], _ids(people)
    if kind == "Substitution":
        return _ids([player]), _ids([obj(obj(event.get("substitution")).get("replacement"))])
    if kind == "Player Off" or card.get("name") in _SENT_OFF:
        return _ids([player]), []
    return [], _ids([player]) if kind == "Player On" else []


def _ids(people: Iterable[Json]) -> list[str]:
    return [player_id for person in people if (player_id := id_of(person.get("id")))]
