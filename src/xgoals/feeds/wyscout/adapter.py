"""Wyscout's files: which match they are of, and what they tell of it."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from xgoals.domain.errors import FeedError
from xgoals.domain.pitch import Pitch
from xgoals.feeds.event_files.adapter import Piece, Told
from xgoals.feeds.event_files.header import Header
from xgoals.feeds.json_file import Json, read_object
from xgoals.feeds.json_values import id_of, items, obj
from xgoals.feeds.safe_xml import read_head
from xgoals.feeds.wyscout.header import header_of, players_of
from xgoals.feeds.wyscout.v2 import ShotsV2
from xgoals.feeds.wyscout.v3 import ShotsV3

PROVIDER = "wyscout"
EVENTS = "events"
HEAD_BYTES = 1 << 16
LARGEST_UNKNOWN_BYTES = 16 << 20
"""A larger file is looked into only where its beginning is one of Wyscout's."""
_SIGNS = re.compile(rb'"(?:matchPeriod|eventSec|matchTimestamp)"\s*:')
_MATCH_ID = re.compile(rb'"matchId"\s*:\s*"?([0-9]{1,18})\b')
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
        head = read_head(path, HEAD_BYTES)
        is_wyscout = _SIGNS.search(head) is not None
        if not is_wyscout and path.stat().st_size > LARGEST_UNKNOWN_BYTES:
            return None
        try:
            events = items(read_object(path).get("events"))
        except FeedError as error:
            match_id = _named_match(head, path)
            if not is_wyscout and match_id is None:
                return None
            return Piece(EVENTS, match_id, reason=error.what, advice=error.advice or "")
        if not any("matchPeriod" in obj(event) for event in events[:100]):
            return None
        ids = [match_id for event in events if (match_id := id_of(obj(event).get("matchId")))]
        others = set(ids) - {ids[0]} if ids else set()
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
        return header_of(read_object(files[EVENTS]))

    def read(self, files: Mapping[str, Path], pitch: Pitch) -> Told:
        """All that the file tells.

        Raises
        ------
        FeedError
            If it cannot be read, or does not have two teams.
        """
        path = files[EVENTS]
        content = read_object(path)
        header = header_of(content)
        events = [event for event in map(obj, items(content.get("events"))) if event]
        _refuse_other_teams(events, header, path)
        reader_class = ShotsV3 if any("type" in event for event in events) else ShotsV2
        reader = reader_class(header, pitch, str(path))
        reader.read(events)
        return Told(
            header=header,
            shots=tuple(sorted(reader.shots, key=lambda shot: (shot.period, shot.period_time_s or 0.0))),
            own_goals=tuple(reader.own_goals),
            players=tuple(players_of(content)),
            problems=tuple(reader.problems),
        )


def _named_match(head: bytes, path: Path) -> str | None:
    """The match of a file that cannot be read as a whole."""
    if _SIGNS.search(head) and (said := _MATCH_ID.search(head)):
        return said[1].decode()
    named = _NAMED.fullmatch(path.name.split(".")[0])
    return named[1] if named else None


def _refuse_other_teams(events: list[Json], header: Header, path: Path) -> None:
    """Two teams play, and events are theirs."""
    acting = {team for event in events if (team := _team_id(event)) not in (None, "0")}
    if len(acting) > 2:
        raise FeedError(
            f"events of {len(acting)} teams ({', '.join(sorted(map(str, acting))[:4])})",
            where=str(path),
            advice="A match has two: fetch the file again",
        )
    if None not in header.team_ids and acting and not acting <= set(header.team_ids):
        stranger = min(map(str, acting - set(header.team_ids)))
        raise FeedError(
            f"events of team {stranger}, which is none of the file's teams ({', '.join(map(str, header.team_ids))})",
            where=str(path),
            advice="Fetch the file again",
        )


def _team_id(event: Json) -> str | None:
    return id_of(event.get("teamId", obj(event.get("team")).get("id")))
