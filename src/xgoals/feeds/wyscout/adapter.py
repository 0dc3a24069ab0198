"""Wyscout's files: which match they are of, and what they tell of it."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.pitch import Pitch
from xgoals.feeds.event_files.adapter import Piece, Told
from xgoals.feeds.event_files.header import Header
from xgoals.feeds.event_files.xml_text import head_of
from xgoals.feeds.json_file import FETCH, Json, read_json
from xgoals.feeds.json_values import id_of, items, obj, text_of
from xgoals.feeds.wyscout.header import acting_teams, header_of, players_of
from xgoals.feeds.wyscout.v2 import ShotsV2
from xgoals.feeds.wyscout.v3 import ShotsV3
from xgoals.feeds.wyscout.words import shot_type_v3

PROVIDER = "wyscout"
EVENTS = "events"
LARGEST_UNKNOWN_BYTES = 16 << 20
"""A larger file is looked into only where its beginning is one of Wyscout's; a larger list is of many matches."""
MANY_MATCHES = "a list of the events of many matches, as in the public set's own files"
TAKE_APART = "'xgoals fetch wyscout --from DIR' writes each match into a file of its own, and matches.csv"
_SIGNS = re.compile(r'"(?:matchPeriod|eventSec|matchTimestamp)"\s*:')
_MATCH_ID = re.compile(r'"matchId"\s*:\s*"?([0-9]{1,18})\b')
_NAMED = re.compile(r"(?:events?[_-])?([0-9]{3,})")


class WyscoutAdapter:
    """Wyscout's files, version 2 and 3."""

    provider = PROVIDER
    version = 2
    endings = (".json",)
    kinds: ClassVar[Mapping[str, str]] = {EVENTS: "events"}
    has_messages = False
    files_in_words = "Wyscout's events, {match_id}.json"

    def sniff(self, path: Path) -> Piece | None:
        """A file of events; a broken one, too, where its beginning or its name says which match it is of."""
        head = head_of(path)
        is_wyscout = _SIGNS.search(head) is not None
        if not is_wyscout and path.stat().st_size > LARGEST_UNKNOWN_BYTES:
            return None
        is_list = head.lstrip("\ufeff\ufffd \t\r\n").startswith("[")
        if is_list and path.stat().st_size > LARGEST_UNKNOWN_BYTES:
            return Piece(EVENTS, None, reason=MANY_MATCHES, advice=TAKE_APART)
        try:
            events = items(_as_object(read_json(path), path).get("events"))
        except FeedError as error:
            match_id = _named_match(head, path)
            if not is_wyscout and match_id is None:
                return None
            return Piece(EVENTS, match_id, reason=error.what, advice=error.advice or "")
        if not any("matchPeriod" in obj(event) for event in events[:100]):
            return None
        ids = [match_id for event in events if (match_id := id_of(obj(event).get("matchId")))]
        others = set(ids) - {ids[0]} if ids else set()
        if others and is_list:
            return Piece(EVENTS, None, reason=MANY_MATCHES, advice=TAKE_APART)
        if others:
            reason = f"the file has events of matches {ids[0]} and {min(others)}"
            return Piece(EVENTS, ids[0], reason=reason, advice="Write each match into a file of its own")
        return Piece(EVENTS, ids[0] if ids else None)

    def header(self, files: Mapping[str, Path]) -> Header:
        """What the file says of the match.

        Raises
        ------
        FeedError
            If it cannot be read.
        """
        return header_of(_as_object(read_json(files[EVENTS]), files[EVENTS]))

    def read(self, files: Mapping[str, Path], pitch: Pitch) -> Told:
        """All that the file tells.

        Raises
        ------
        FeedError
            If it cannot be read, or does not have two teams.
        """
        path = files[EVENTS]
        content = _as_object(read_json(path), path)
        header = header_of(content)
        events = [obj(event) for event in items(content.get("events"))]
        _refuse_other_teams(events, header, path)
        reader_class = ShotsV3 if any("type" in event for event in events) else ShotsV2
        reader = reader_class(header, pitch, str(path))
        reader.read(events)
        return Told(
            header=header,
            shots=tuple(sorted(reader.shots, key=lambda shot: (shot.period, shot.period_time_s or 0.0))),
            own_goals=tuple(reader.own_goals),
            players=tuple(players_of(content)),
            problems=(*reader.problems, *_without_type(events, header, path)),
        )


def _as_object(content: object, path: Path) -> Json:
    """The object of a file, or of one that holds the list of a match's events alone."""
    if isinstance(content, list) and content:
        return {"events": content}
    if not isinstance(content, dict):
        raise FeedError("not a JSON object", where=str(path), advice=FETCH)
    return content


def _without_type(events: list[Json], header: Header, path: Path) -> list[Problem]:
    """What to say of events of which nobody knows whether they were shots."""
    places = ((n, event) for n, event in enumerate(events, start=1) if not _has_type(event))
    unknown = [str(event.get("id") or f"at position {n}")[:40] for n, event in places]
    if not unknown:
        return []
    reason = (
        f"{len(unknown)} events say no type (the first: {unknown[0]}): if they were shots, these are missing"
    )
    told = Problem(
        str(path), reason, "Fetch the file again", header.match_id, "events", provider=PROVIDER, field="type"
    )
    return [told]


def _has_type(event: Json) -> bool:
    """Whether it says what it is; of version 3 also whether an event with a shot's details is called a shot."""
    if primary := text_of(obj(event.get("type")).get("primary")):
        secondary = {word for word in items(obj(event.get("type")).get("secondary")) if isinstance(word, str)}
        return not obj(event.get("shot")) or shot_type_v3(primary, secondary) is not None
    return any(event.get(key) for key in ("subEventId", "subEventName", "eventId", "eventName"))


def _named_match(head: str, path: Path) -> str | None:
    """The match of a file that cannot be read as a whole."""
    if _SIGNS.search(head) and (said := _MATCH_ID.search(head)):
        return said[1]
    named = _NAMED.fullmatch(path.name.split(".")[0])
    return named[1] if named else None


def _refuse_other_teams(events: list[Json], header: Header, path: Path) -> None:
    """Two teams play, and events are theirs."""
    acting = acting_teams(events)
    if len(acting) > 2:
        raise FeedError(
            f"events of {len(acting)} teams ({', '.join(sorted(acting)[:4])})",
            where=str(path),
            advice="A match has two: fetch the file again",
        )
    if None not in header.team_ids and acting and not acting <= set(header.team_ids):
        stranger = min(acting - set(header.team_ids))
        raise FeedError(
            f"events of team {stranger}, which is none of the file's teams ({', '.join(map(str, header.team_ids))})",
            where=str(path),
            advice="Fetch the file again",
        )
