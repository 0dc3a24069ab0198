"""The one gate that every reader's record goes through: what cannot be is left missing, with a note.

Readers translate; whether a value can be is decided here, by the bounds of :mod:`xgoals.domain.bounds`, for all of them
alike. What leaves the gate can be stored, shown and turned into features, whatever the feed has sent.
"""

from collections.abc import Iterable
from dataclasses import replace

from xgoals.domain.errors import Problem
from xgoals.domain.incident import Incident
from xgoals.domain.match import Match, OwnGoal, Player
from xgoals.domain.plausible.incidents import checked_incidents, checked_own_goals
from xgoals.domain.plausible.matches import checked_match
from xgoals.domain.plausible.names import PlayerBook, checked_teams
from xgoals.domain.plausible.notes import Notes
from xgoals.domain.plausible.scenes import checked_scenes
from xgoals.domain.plausible.shots import ShotGate
from xgoals.domain.scene import MatchRecord
from xgoals.domain.shot import Shot
from xgoals.domain.text import clean

__all__ = ["plausible", "plausible_match"]


def plausible_match(match: Match, path: str) -> Match:
    """The match alone, as it will be in the record.

    Raises
    ------
    FeedError
        If it makes no sense.
    """
    return checked_match(match, Notes(match.provider, match.match_id, path))


def plausible(
    record: MatchRecord, path: str, *, match_path: str | None = None, match_place: str = ""
) -> tuple[MatchRecord, list[Problem]]:
    """The record without what cannot be, and a note on each value that was left out.

    Parameters
    ----------
    record
        As a reader has put it together: of the right types, with any values.
    path
        The file of the shots, to name.
    match_path, match_place
        The file that says who plays whom, if it is another one, and the place in it.

    Returns
    -------
    record
        Texts are printable, ids unique, places, speeds, minutes, scores and numbers of people within bounds;
        whoever shoots is among the players, and every scene belongs to a shot.
    problems
        Of severity ``"value"``, or ``"shot"`` where a shot had to be left out.

    Raises
    ------
    FeedError
        If the match itself makes no sense: no id, one team against itself, an impossible pitch or date.
    """
    provider, match_id = record.match.provider, record.match.match_id
    of_match = Notes(provider, match_id, match_path or path, match_place)
    match = checked_match(record.match, of_match)
    notes = Notes(provider, match_id, path)
    gate = ShotGate(match, notes)
    taken = [(shot, gate.checked(shot)) for shot in record.shots]
    shots, scenes = checked_scenes(match, taken, record.scenes, notes)
    own_goals = checked_own_goals(record.own_goals, match, notes)
    incidents = checked_incidents(record.incidents, match, notes)
    new_ids = {shot.shot_id: kept.shot_id for shot, kept in reversed(taken) if kept is not None}
    clips = [
        replace(clip, shot_id=new_ids[clip.shot_id], player_ids=tuple(map(clean, clip.player_ids)))
        for clip in record.clips
        if clip.shot_id in new_ids
    ]
    checked = replace(
        record,
        match=match,
        teams=checked_teams(record.teams, match, of_match),
        players=_players(record.players, shots, own_goals, incidents, of_match),
        shots=shots,
        scenes=scenes,
        clips=tuple(clips),
        own_goals=own_goals,
        incidents=incidents,
    )
    return checked, [*of_match.problems, *notes.problems]


def _players(
    players: Iterable[Player],
    shots: Iterable[Shot],
    own_goals: Iterable[OwnGoal],
    incidents: Iterable[Incident],
    notes: Notes,
) -> tuple[Player, ...]:
    """Those of the line-ups, and whoever else has shot, passed, scored, been booked or replaced."""
    book = PlayerBook(notes)
    for player in players:
        book.add(player)
    for shot in shots:
        book.need(shot.player_id, f"shot {shot.shot_id}, shooter")
        if shot.circumstances.assist is not None:
            book.need(shot.circumstances.assist.player_id, f"shot {shot.shot_id}, assist")
    for n, goal in enumerate(own_goals, start=1):
        book.need(goal.player_id, f"own goal {n}, player")
    for incident in incidents:
        for player_id in (incident.player_id, incident.replacement_id):
            if player_id is not None:
                book.add(Player(player_id))
    return book.all()
