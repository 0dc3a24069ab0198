"""Opta's files: which match they are of, and what they tell of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.pitch import Pitch
from xgoals.feeds.event_files.adapter import Piece, Told
from xgoals.feeds.event_files.header import Header, note_on_reversed_sides
from xgoals.feeds.event_files.opta_shots import OptaEvent, odd_texts, read_shots, unread_time
from xgoals.feeds.event_files.opta_words import DELETED, Qualifiers
from xgoals.feeds.event_files.xml_text import (
    attributes_in,
    head_of,
    number_of,
    text_in,
    text_of,
    time_of,
)
from xgoals.feeds.json_values import whole
from xgoals.feeds.opta.header import (
    complete,
    header_of_f7,
    header_of_f24,
    members_of,
    number_in,
    players_of,
)
from xgoals.feeds.simulated import refuse_mixed
from xgoals.feeds.small_file import read_small
from xgoals.feeds.tracking.kinds import (
    POSITIONS,
    TRACAB_KINDS,
    is_tracab_json,
    tracab_kind,
    tracab_windows,
)

PROVIDER = "opta"
F24, F7 = "f24", "f7"
ZONE = ZoneInfo("Europe/London")
"""Opta's times without a zone are British."""
_GAME = re.compile(r"<(?:\w+:)?Game\b([^<>]*)>")
_EVENT = re.compile(r"<(?:\w+:)?Event\b[^<>]*\btype_id\s*=")
_DOCUMENT = re.compile(r"<(?:\w+:)?SoccerDocument\b([^<>]*)>")
_MATCH = re.compile(r"<(?:\w+:)?MatchData\b")
_MATCH_DATA = re.compile(r"<(?:\w+:)?(?:MatchData|TeamData)\b")
_STAMPED = re.compile(r"<(?:\w+:)?(?:Games|SoccerFeed|MatchInfo)\b([^<>]*)>")
_F24_NAME = re.compile(r"^f24[-_].*?(\d+)[-_]eventdetails", re.IGNORECASE)
_F7_NAME = re.compile(r"^(?:srml|f0?7)[-_].*?f?(\d+)[-_](?:matchresults|match)", re.IGNORECASE)


class OptaAdapter:
    """Opta's F24 and F7."""

    provider = PROVIDER
    version = 3
    endings = (".xml", ".dat", ".json")
    kinds: ClassVar[Mapping[str, str]] = {F24: "events (F24)", F7: "line-ups and result (F7)", **TRACAB_KINDS}
    has_messages = True
    files_in_words = "Opta's F24 and F7 files, *.xml"

    def sniff(self, path: Path) -> Piece | None:
        """A file's kind, match and time, by its head; its name says the match where that does not."""
        if path.name.lower().removesuffix(".gz").endswith(".json"):
            return _json_piece(path)
        head = head_of(path)
        game, document = _GAME.search(head), _DOCUMENT.search(head)
        if (game or _F24_NAME.match(path.name)) and (_EVENT.search(head) or _F24_NAME.match(path.name)):
            ids = [number for tag in _GAME.findall(text_in(path)) if (number := attributes_in(tag).get("id"))]
            return _piece(F24, ids or [_named(_F24_NAME, path)], head)
        if document and _MATCH_DATA.search(head):
            return self._results(path, head)
        tracking = tracab_kind(path)
        return Piece(tracking[0], None, hint=tracking[1]) if tracking else None

    def _results(self, path: Path, head: str) -> Piece | None:
        """Of line-ups: one match; the results of a season (F1) are none."""
        text = text_in(path)
        documents = _DOCUMENT.findall(text)
        if len(_MATCH.findall(text)) > max(len(documents), 1):
            return None
        ids = [number for tag in documents if (number := number_in(attributes_in(tag).get("uID")))]
        return _piece(F7, ids or [_named(_F7_NAME, path)], head)

    def header(self, files: Mapping[str, Path]) -> Header:
        """What both files say of the match.

        Raises
        ------
        FeedError
            If they cannot be read, or are of two matches.
        """
        return self._header(files, *self._roots(files))

    def read(self, files: Mapping[str, Path], pitch: Pitch) -> Told:
        """All that the files tell.

        Raises
        ------
        FeedError
            If they cannot be read, or are of two matches.
        """
        events_root, results_root = self._roots(files)
        header = self._header(files, events_root, results_root)
        path = str(files[F24])
        of_events = header_of_f24(events_root, _game(events_root, path), ZONE)
        reversed_sides = note_on_reversed_sides(of_events, header, path, PROVIDER)
        events = [_event(element) for element in _game(events_root, path).iter("Event")]
        found = read_shots([e for e in events if e.type_id != DELETED], header, pitch, path, PROVIDER)
        players = tuple(players_of(results_root)) if results_root is not None else ()
        return Told(
            header,
            found.shots,
            found.own_goals,
            players,
            (*reversed_sides, *found.problems, *_about_players(files, players, header)),
            members=tuple(members_of(results_root)) if results_root is not None else (),
            tracking=tracab_windows(files),
        )

    def _roots(self, files: Mapping[str, Path]) -> tuple[Element, Element | None]:
        events_root, _ = read_small(files[F24])
        return events_root, read_small(files[F7])[0] if F7 in files else None

    def _header(
        self, files: Mapping[str, Path], events_root: Element, results_root: Element | None
    ) -> Header:
        path = str(files[F24])
        of_events = header_of_f24(events_root, _game(events_root, path), ZONE)
        if results_root is None:
            return of_events
        of_results = header_of_f7(results_root, ZONE)
        _refuse_other_match(of_events, of_results, _game(events_root, path), files)
        refuse_mixed({files[F24]: of_events.is_simulated, files[F7]: of_results.is_simulated})
        return complete(of_events, of_results)


def _piece(kind: str, ids: Sequence[str | None], head: str) -> Piece:
    """A file of one match; where it is of several each of them is refused."""
    different = list(dict.fromkeys(ids))
    if len(different) == 1:
        return Piece(kind, different[0], _message_time(head))
    reason = f"the file is of matches {' and '.join(map(str, different[:3]))}"
    advice = "Deliver each match in a file of its own"
    first, *others = (Piece(kind, one, _message_time(head), reason, advice) for one in different)
    return replace(first, others=tuple(others))


def _json_piece(path: Path) -> Piece | None:
    """What to say of tracking in a form that is not read; Opta has nothing else as JSON."""
    if not is_tracab_json(path):
        return None
    reason = "this is TRACAB tracking as JSON, and only .dat with its XML metadata are read"
    return Piece(
        POSITIONS, None, reason=reason, advice="Ask for those; until then the shots go without tracking"
    )


def _game(root: Element, path: str) -> Element:
    found = root if root.tag == "Game" else root.find(".//Game")
    if found is None:
        raise FeedError("no Game in the file", where=path, advice="Ask the provider to send the file again")
    return found


def _refuse_other_match(
    of_events: Header, of_results: Header, game: Element, files: Mapping[str, Path]
) -> None:
    """Events and line-ups have the same teams."""
    teams = {team for event in game.iter("Event") if (team := text_of(event, "team_id")) not in (None, "0")}
    teams |= {team for team in of_events.team_ids if team}
    strangers = sorted(map(str, teams - set(of_results.team_ids)))
    if strangers and None not in of_results.team_ids:
        home, away = of_results.team_ids
        raise FeedError(
            f"F24 has events of team {strangers[0]}, F7 ({files[F7].name}) is of teams {home} and {away}",
            where=str(files[F24]),
            advice="One of the two is of another match, or has a wrong id: deliver each match's own files",
        )


def _event(element: Element) -> OptaEvent:
    said = [(q.get("qualifier_id"), q.get("value")) for q in element.iter("Q")]
    time = time_of(element.get("timestamp_utc"), UTC) or time_of(element.get("timestamp"), ZONE)
    return OptaEvent(
        event_id=text_of(element, "id") or "",
        type_id=whole(element.get("type_id")),
        period=whole(element.get("period_id")),
        minute=whole(element.get("min")),
        second=whole(element.get("sec")),
        team_id=text_of(element, "team_id"),
        player_id=text_of(element, "player_id"),
        x=number_of(element.get("x")),
        y=number_of(element.get("y")),
        time=time,
        qualifiers=Qualifiers({n: value for text, value in said if (n := whole(text)) is not None}),
        odd=odd_texts(
            [
                *(text for text, _ in said if whole(text) is None),
                *unread_time(element.get("timestamp"), time),
            ]
        ),
    )


def _message_time(head: str) -> datetime | None:
    """The newest of the times that a file's head bears."""
    tags = [attributes_in(tag) for tag in _STAMPED.findall(head)]
    stamps = (time_of(tag.get("timestamp") or tag.get("TimeStamp"), ZONE) for tag in tags)
    return max((stamp for stamp in stamps if stamp), default=None)


def _named(pattern: re.Pattern[str], path: Path) -> str | None:
    found = pattern.match(path.name)
    return found[1] if found else None


def _about_players(files: Mapping[str, Path], players: tuple[object, ...], header: Header) -> list[Problem]:
    if players:
        return []
    if F7 not in files:
        path, reason = files[F24], "there are no line-ups (F7) beside the events (F24)"
    else:
        path, reason = files[F7], "the line-ups are empty"
    advice = "Players count without names; add the F7 file of the match"
    return [
        Problem(str(path), reason, advice, header.match_id, "line-ups", provider=PROVIDER, field="line-ups")
    ]
