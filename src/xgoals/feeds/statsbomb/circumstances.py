"""How a chance came about: the key pass, the flags of a shot, and where it ended."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from xgoals.domain.circumstances import Assist, Circumstances, PassHeight, PassKind, ShotEnd
from xgoals.domain.pitch import YARD_M
from xgoals.feeds.json_file import Json
from xgoals.feeds.json_values import flag, id_of, items, number, obj, text_of

Note = Callable[[str, str, str], None]
"""Takes a field, what is wrong with it and the value."""
T = TypeVar("T")

FLAGS = {
    "is_first_time": "first_time",
    "is_one_on_one": "one_on_one",
    "is_open_goal": "open_goal",
    "is_aerial_won": "aerial_won",
    "is_deflected": "deflected",
}
"""Ours -> the feed's, which are there only where they are true."""

PASS_TYPES = {
    "Corner": PassKind.CORNER,
    "Free Kick": PassKind.FREE_KICK,
    "Throw-in": PassKind.THROW_IN,
    "Goal Kick": PassKind.GOAL_KICK,
    "Kick Off": PassKind.KICK_OFF,
    "Recovery": PassKind.PASS,
    "Interception": PassKind.PASS,
}
HEIGHTS = {"Ground Pass": PassHeight.GROUND, "Low Pass": PassHeight.LOW, "High Pass": PassHeight.HIGH}


def passes_by_id(events: Iterable[Json]) -> dict[str, Json]:
    """The passes of a file that holds every event; none of one that holds the shots alone."""
    found = {}
    for event in events:
        event_id = id_of(event.get("id"))
        if event_id and obj(event.get("type")).get("name") == "Pass":
            found[event_id] = event
    return found


def read_circumstances(event: Json, passes: Mapping[str, Json], note: Note) -> Circumstances:
    """What a shot's event says of how the chance came about.

    Parameters
    ----------
    event
        Of the shot.
    passes
        Pass events by id; the assist is left out where its event is not among them.
    note
        Told of values that are no such thing.
    """
    details = obj(event.get("shot"))
    return Circumstances(
        assist=_assist(passes.get(id_of(details.get("key_pass_id")) or ""), note),
        end=_end(details.get("end_location"), note),
        is_under_pressure=_flag(event, "under_pressure", note),
        **{ours: _flag(details, theirs, note) for ours, theirs in FLAGS.items()},
    )


def _flag(holder: Json, key: str, note: Note) -> bool | None:
    said = holder.get(key)
    if said is None:
        return False
    value = flag(said)
    if value is None:
        note(key, f"{key} = {str(said)[:40]!r} is neither true nor false", str(said))
    return value


def _assist(event: Json | None, note: Note) -> Assist | None:
    if event is None:
        return None
    details = obj(event.get("pass"))
    height = _word(details, "height", HEIGHTS, note)
    return Assist(
        player_id=id_of(obj(event.get("player")).get("id")),
        kind=_kind(details, note),
        height=height,
        is_switch=_flag(details, "switch", note),
    )


def _kind(details: Json, note: Note) -> PassKind:
    """A set piece is one however it was played; a cut-back, which the feed calls a cross too, is told as that."""
    kind = _word(details, "type", PASS_TYPES, note) or PassKind.PASS
    if kind is not PassKind.PASS:
        return kind
    if text_of(obj(details.get("technique")).get("name")) == "Through Ball" or flag(
        details.get("through_ball")
    ):
        return PassKind.THROUGH_BALL
    if flag(details.get("cut_back")):
        return PassKind.CUT_BACK
    return PassKind.CROSS if flag(details.get("cross")) else PassKind.PASS


def _word(holder: Json, key: str, words: Mapping[str, T], note: Note) -> T | None:
    word = text_of(obj(holder.get(key)).get("name"))
    if word is not None and word not in words:
        note(f"pass {key}", f"unknown {key} '{word[:40]}' of the pass before the shot", word)
    return words.get(word or "")


def _end(place: object, note: Note) -> ShotEnd | None:
    """Yards, y downwards -> metres from the centre, y to the attacker's left; a blocked shot has no height."""
    if place is None:
        return None
    x_yd, y_yd, z_yd = (*map(number, items(place)[:3]), None, None, None)[:3]
    if x_yd is None or y_yd is None:
        note("end_location", f"end_location {str(place)[:40]} is no place", str(place))
        return None
    return ShotEnd((x_yd - 60) * YARD_M, (40 - y_yd) * YARD_M, None if z_yd is None else z_yd * YARD_M)
