"""Stats Perform's files: which match they are of, and what they tell of it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import ClassVar

from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.match import MatchStatus, Player
from xgoals.domain.pitch import Pitch
from xgoals.feeds.event_files.adapter import Piece, Told
from xgoals.feeds.event_files.header import Header, note_on_reversed_sides, with_odd
from xgoals.feeds.event_files.opta_shots import OptaEvent, odd_texts, read_shots, unread_time
from xgoals.feeds.event_files.opta_words import DELETED, Qualifiers
from xgoals.feeds.event_files.xml_text import head_of, number_of, time_of
from xgoals.feeds.json_values import whole
from xgoals.feeds.simulated import refuse_mixed
from xgoals.feeds.statsperform.document import Document, Texts, read_document, read_documents
from xgoals.feeds.synchronise.identities import Member
from xgoals.feeds.tracking.kinds import MA25_KINDS, POSITIONS, is_ma25, ma25_windows

PROVIDER = "statsperform"
MA3, MA1 = "ma3", "ma1"
_INFO = re.compile(r'<(?:\w+:)?matchInfo\b|"matchInfo"\s*:')
_MATCH_ID = re.compile(
    r"""(?:<(?:\w+:)?matchInfo\b[^<>]*?\bid\s*=\s*["']|"matchInfo"\s*:\s*\{\s*"id"\s*:\s*")([^"']+)"""
)
_NAME = re.compile(r"(?<![a-z])ma([13])(?![0-9a-z])", re.IGNORECASE)
_STATUSES = {"Played": MatchStatus.PLAYED, "Fixture": MatchStatus.UNFINISHED, "Playing": MatchStatus.UNFINISHED,
             "Postponed": MatchStatus.UNFINISHED, "Suspended": MatchStatus.ABANDONED,
             "Abandoned": MatchStatus.ABANDONED, "Awarded": MatchStatus.AWARDED,
             "Cancelled": MatchStatus.CANCELLED}  # fmt: skip


class StatsPerformAdapter:
    """Stats Perform's MA3 and MA1."""

    provider = PROVIDER
    version = 3
    endings = (".xml", ".json", ".txt")
    kinds: ClassVar[Mapping[str, str]] = {MA3: "events (MA3)", MA1: "line-ups and result (MA1)", **MA25_KINDS}
    has_messages = True
    files_in_words = "Stats Perform's MA3 and MA1 files, *.xml or *.json"

    def sniff(self, path: Path) -> Piece | None:
        """A file's kind, match and time; a broken one, too, where its beginning says which match it is of."""
        head = head_of(path)
        if not _INFO.search(head):
            return Piece(POSITIONS, None) if is_ma25(path) else _broken_by_name(path)
        try:
            documents = read_documents(path)
        except FeedError as error:
            said = _MATCH_ID.search(head)
            kind = MA3 if "typeId" in head else MA1
            return Piece(kind, said[1] if said else None, reason=error.what, advice=error.advice or "")
        first, *others = map(_piece_of, documents)
        return replace(first, others=tuple(others))

    def header(self, files: Mapping[str, Path]) -> Header:
        """What both files say of the match.

        Raises
        ------
        FeedError
            If they cannot be read, or are of two matches.
        """
        return _header_of(_documents(files), files)

    def read(self, files: Mapping[str, Path], pitch: Pitch) -> Told:
        """All that the files tell.

        Raises
        ------
        FeedError
            If they cannot be read, or are of two matches.
        """
        documents = _documents(files)
        header, path = _header_of(documents, files), str(files[MA3])
        events = [event for event in _events(documents[MA3]) if event.type_id != DELETED]
        found = read_shots(events, header, pitch, path, PROVIDER)
        players = tuple(_players(documents))
        problems = [] if players else [_no_players(files, header)]
        return Told(
            header,
            found.shots,
            found.own_goals,
            players,
            (
                *note_on_reversed_sides(_header(documents[MA3]), header, path, PROVIDER),
                *found.problems,
                *problems,
            ),
            members=tuple(_members(documents)),
            tracking=ma25_windows(files, pitch),
        )


def _broken_by_name(path: Path) -> Piece | None:
    """A file that is called MA1 or MA3 and holds nothing of the kind."""
    called = _NAME.search(path.name)
    if called is None:
        return None
    try:
        read_documents(path)
    except FeedError as error:
        return Piece(f"ma{called[1]}", None, reason=error.what, advice=error.advice or "")
    return None


def _piece_of(document: Document) -> Piece:
    kind = MA3 if document.events else MA1
    return Piece(kind, document.info.get("id"), time_of(document.info.get("lastUpdated"), UTC))


def _documents(files: Mapping[str, Path]) -> dict[str, Document]:
    """Events, and of the results those of the same match."""
    events = read_document(files[MA3])
    if MA1 not in files:
        return {MA3: events}
    return {MA3: events, MA1: read_document(files[MA1], events.info.get("id"))}


def _members(documents: Mapping[str, Document]) -> Iterator[Member]:
    """Those of the line-ups, with shirts and names."""
    for document in documents.values():
        for player in document.players:
            if "playerId" in player and "contestantId" in player:
                yield Member(
                    player["playerId"],
                    player["contestantId"],
                    whole(player.get("shirtNumber")),
                    player.get("lastName") or player.get("matchName"),
                    "Goalkeeper" in (player.get("position"), player.get("subPosition")),
                )


def _header_of(documents: Mapping[str, Document], files: Mapping[str, Path]) -> Header:
    events, results = documents[MA3], documents.get(MA1, documents[MA3])
    header = _header(results)
    others = _header(events)
    if {*header.team_ids} != {*others.team_ids} and None not in (*header.team_ids, *others.team_ids):
        raise FeedError(
            f"MA3 is of teams {' and '.join(map(str, others.team_ids))}, MA1 ({files[MA1].name}) of "
            f"{' and '.join(map(str, header.team_ids))}",
            where=str(files[MA3]),
            advice="One of the two is of another match: deliver each match's own files",
        )
    refuse_mixed({files[kind]: document.is_simulated for kind, document in documents.items()})
    return header


def _header(document: Document) -> Header:
    info, competition, season = document.info, document.competition, document.season
    sides = {team.get("position", ""): team for team in document.contestants}
    home, away = sides.get("home", {}), sides.get("away", {})
    header = Header(
        match_id=info.get("id", ""),
        competition_id=competition.get("id"),
        competition=competition.get("name"),
        season_id=season.get("id"),
        season=season.get("name"),
        match_date=_date(info.get("localDate") or info.get("date")),
        matchday=whole(info.get("week")),
        home_team_id=home.get("id"),
        home_team=home.get("name"),
        away_team_id=away.get("id"),
        away_team=away.get("name"),
        home_score=whole(document.total.get("home")),
        away_score=whole(document.total.get("away")),
        stage=document.stage.get("name"),
        kick_off=_kick_off(info),
        status=_STATUSES.get(document.details.get("matchStatus", ""), MatchStatus.PLAYED),
        is_simulated=document.is_simulated,
    )
    said = {"match_date": info.get("localDate") or info.get("date"), "kick_off": info.get("time"),
            "matchday": info.get("week"), "home_score": document.total.get("home"),
            "away_score": document.total.get("away")}  # fmt: skip
    return with_odd(header, said)


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def _kick_off(info: Texts) -> datetime | None:
    day, time = info.get("date", "").rstrip("Z"), info.get("time", "")
    return time_of(f"{day}T{time}", UTC) if day and time else None


def _events(document: Document) -> Iterator[OptaEvent]:
    for event, qualifiers in zip(document.events, document.qualifiers, strict=True):
        known = {n: value for text, value in qualifiers.items() if (n := whole(text)) is not None}
        time = time_of(event.get("timeStamp"), UTC)
        yield OptaEvent(
            event_id=event.get("id", ""),
            type_id=whole(event.get("typeId")),
            period=whole(event.get("periodId")),
            minute=whole(event.get("timeMin")),
            second=whole(event.get("timeSec")),
            team_id=event.get("contestantId"),
            player_id=event.get("playerId"),
            x=number_of(event.get("x")),
            y=number_of(event.get("y")),
            time=time,
            qualifiers=Qualifiers(known),
            odd=odd_texts(
                [
                    *(text for text in qualifiers if whole(text) is None),
                    *unread_time(event.get("timeStamp"), time),
                ]
            ),
        )


def _players(documents: Mapping[str, Document]) -> Iterator[Player]:
    """Those of the line-ups, and those whom events name."""
    for document in documents.values():
        for player in document.players:
            names = [name for key in ("firstName", "lastName") if (name := player.get(key))]
            whole_name = player.get("knownName") or " ".join(names)
            if "playerId" in player:
                yield Player(player["playerId"], whole_name or None, player.get("matchName"))
    for event in documents[MA3].events:
        if "playerId" in event and "playerName" in event:
            yield Player(event["playerId"], None, event["playerName"])


def _no_players(files: Mapping[str, Path], header: Header) -> Problem:
    advice = "Players count without names; add the MA1 file of the match"
    path = str(files.get(MA1, files[MA3]))
    return Problem(
        path, "neither line-ups nor events name players", advice, header.match_id, "line-ups", provider=PROVIDER,
        field="line-ups",
    )  # fmt: skip
