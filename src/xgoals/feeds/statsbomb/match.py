"""One match: the listing's entry, the events and the line-ups -> its record."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import cast

from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.match import Match, OwnGoal, Player, Team
from xgoals.domain.pitch import STATSBOMB_PITCH
from xgoals.domain.plausible import plausible
from xgoals.domain.scene import MatchRecord
from xgoals.feeds import Delivery
from xgoals.feeds.json_file import Json, NoNumber, read_list
from xgoals.feeds.json_values import id_of, items, obj, text_of
from xgoals.feeds.statsbomb.circumstances import passes_by_id
from xgoals.feeds.statsbomb.entry import PROVIDER, Entry, place_of, read_entry
from xgoals.feeds.statsbomb.incidents import is_incident, read_incidents, replacement_of
from xgoals.feeds.statsbomb.lineups import presence
from xgoals.feeds.statsbomb.shots import ShotReader, check_scoreline, has_type, is_own_goal, is_shot


def read_match(delivery: Delivery) -> tuple[MatchRecord, list[Problem]]:
    """Read one match: its shots, shoot-outs left out, each with the scene of its freeze frame.

    Raises
    ------
    FeedError
        If the events are no JSON list, or a list of something else, the listing's entry is incomplete, or no team of
        the shots plays in this match. The message names the file.
    """
    events_file = delivery.files[0]
    events, no_numbers = read_list(events_file)
    without_type = _without_type(events, events_file)
    entry = _entry(delivery, events)
    lineups, lineup_problems = _read_lineups(delivery.files[1:], entry.match)
    passes = passes_by_id(events)
    reader = ShotReader(entry.match, events_file, presence(events, lineups), passes)
    problems = [
        *entry.problems,
        *_of_no_numbers(no_numbers, events, events_file, entry.match),
        *lineup_problems,
        *_of_no_type(without_type, events_file, entry.match),
    ]
    shots = [event for event in events if is_shot(event)]
    for event in shots:
        reader.read(event)
    reader.check_teams()
    own_goals = tuple(
        goal for event in events if is_own_goal(event) and (goal := reader.read_own_goal(event))
    )
    record = MatchRecord(
        match=entry.match,
        teams=(entry.match.home, entry.match.away),
        players=_players(_of_people(events, passes), lineups, own_goals),
        shots=tuple(reader.shots),
        scenes=tuple(reader.scenes),
        own_goals=own_goals,
        incidents=tuple(read_incidents(events)),
    )
    checked, notes = plausible(record, str(events_file), match_place=_listing_name(delivery))
    return checked, [*problems, *reader.problems, *notes, *check_scoreline(checked, events_file)]


def _without_type(events: Sequence[Json], path: Path) -> list[int]:
    """The numbers of entries that do not say what kind of event they are: shots among them would be lost unseen.

    Raises
    ------
    FeedError
        If no entry does: the file holds something else, such as line-ups or a listing.
    """
    found = [n for n, event in enumerate(events) if not (is_shot(event) or has_type(event))]
    if events and len(found) == len(events):
        raise FeedError(
            "a list of which no entry is an event (none has a type)",
            where=str(path),
            advice="The file seems to be another one: replace it",
        )
    return found


def _of_no_type(found: Sequence[int], path: Path, match: Match) -> Iterator[Problem]:
    """A word on the entries that nobody can read, one for all of them."""
    if found:
        n = "1 event does" if len(found) == 1 else f"{len(found):,} events do"
        yield Problem(
            path=str(path),
            reason=f"{n} not say of which type (the first is entry {found[0]})",
            advice="Whatever it was is left out; fetch the file again",
            match_id=match.match_id,
            place=f"event {found[0]}, type",
            provider=PROVIDER,
            field="type",
        )


def _entry(delivery: Delivery, events: Iterable[Json]) -> Entry:
    entry = delivery.extra["entry"]
    if entry is None:
        return Entry(_unlisted_match(delivery.match_id, events), [])
    listing = Path(str(delivery.extra["listing"]))
    return read_entry(cast(Json, entry), listing=listing, events=delivery.files[0])


def _listing_name(delivery: Delivery) -> str:
    """Where who plays whom is said: problems of a match name its own file, and this as the place."""
    return "" if delivery.extra["entry"] is None else place_of(Path(str(delivery.extra["listing"])))


def _read_lineups(files: Sequence[Path], match: Match) -> tuple[list[Json], list[Problem]]:
    """The line-ups, and why they cannot be read: a match does without them."""
    lineups: list[Json] = []
    problems = []
    for path in files:
        try:
            lineups += read_list(path)[0]
        except FeedError as error:
            problems.append(Problem(str(path), error.what, error.advice or "", match.match_id, "line-ups"))
    return lineups, problems


def _of_people(events: Iterable[Json], passes: Mapping[str, Json]) -> Iterator[Json]:
    """The events whose people have a place in the record."""
    for event in events:
        if is_shot(event) or is_own_goal(event) or is_incident(event):
            yield event
        key_pass = passes.get(id_of(obj(event.get("shot")).get("key_pass_id")) or "")
        if key_pass is not None:
            yield key_pass


def _players(
    events: Iterable[Json], lineups: Iterable[Json], own_goals: Sequence[OwnGoal]
) -> tuple[Player, ...]:
    """Everybody who shoots, passes to a shot, stands in a frame, is booked, comes on or is in a line-up."""
    book = _PlayerBook()
    for event in events:
        book.add(obj(event.get("player")))
        book.add(replacement_of(event))
        for person in items(obj(event.get("shot")).get("freeze_frame")):
            book.add(obj(obj(person).get("player")))
    for team in lineups:
        for player in map(obj, items(team.get("lineup"))):
            named = {"id": player.get("player_id"), "name": player.get("player_name")}
            book.add(named, short_name=text_of(player.get("player_nickname")))
    for goal in own_goals:
        book.add({"id": goal.player_id})
    return book.all()


class _PlayerBook:
    """Names of players by id; a placeholder such as "Player 1234" is no name, nor is a list."""

    def __init__(self) -> None:
        self._players: dict[str, Player] = {}

    def add(self, player: Json, short_name: str | None = None) -> None:
        """Take a player in; who has no usable name is known by his id."""
        player_id = id_of(player.get("id"))
        if player_id is None:
            return
        name = text_of(player.get("name"))
        known = self._players.get(player_id, Player(player_id))
        self._players[player_id] = Player(
            player_id=player_id,
            name=known.name if name in (None, f"Player {player_id}") else name,
            short_name=short_name or known.short_name,
        )

    def all(self) -> tuple[Player, ...]:
        """Everybody, in the order of the ids."""
        return tuple(self._players[key] for key in sorted(self._players))


def _of_no_numbers(
    found: Iterable[NoNumber], events: Sequence[Json], path: Path, match: Match
) -> Iterable[Problem]:
    for no_number in found:
        event = events[no_number.item_n]
        shot_id = id_of(event.get("id")) if is_shot(event) else None
        place = f"shot {shot_id}" if shot_id else f"event {no_number.item_n}"
        yield Problem(
            path=str(path),
            reason=f"{no_number.field} is {no_number.value}, which is no JSON",
            advice="It counts as missing; write null in its place, or fetch the file again",
            match_id=match.match_id,
            place=f"{place}, {no_number.field}",
            provider=PROVIDER,
            shot_id=shot_id,
            field=no_number.field,
            value=no_number.value,
        )


def _unlisted_match(match_id: str, events: Iterable[Json]) -> Match:
    """What the events say of a match that no listing names: who plays, not when or where."""
    named = [obj(event.get("team")) for event in events]
    ids = {team_id: team for team in named if (team_id := id_of(team.get("id")))}
    teams = [Team(team_id, text_of(team.get("name")) or team_id) for team_id, team in ids.items()]
    home, away, *_ = [*teams, Team("unknown home", "unknown"), Team("unknown away", "unknown")]
    return Match(
        provider=PROVIDER, match_id=match_id, competition_id="", competition="", season_id="", season="",
        match_date=date.min, home=home, away=away, pitch=STATSBOMB_PITCH,
    )  # fmt: skip
