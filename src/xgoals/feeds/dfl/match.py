"""The three files of a match -> one MatchRecord."""

from collections.abc import Iterable
from pathlib import Path
from typing import cast

from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.plausible import plausible, plausible_match
from xgoals.domain.scene import MatchRecord
from xgoals.feeds import Announcement, Delivery, MatchReading
from xgoals.feeds.dfl.delivery import HEAD_BYTES, REFUSED, is_simulated
from xgoals.feeds.dfl.events import read_events
from xgoals.feeds.dfl.matchinfo import read_match_info
from xgoals.feeds.dfl.record import RecordBuilder
from xgoals.feeds.dfl.scoreline import settle
from xgoals.feeds.dfl.sides import follow, signs_by_events
from xgoals.feeds.dfl.tracking import Tracking
from xgoals.feeds.safe_xml import read_head
from xgoals.feeds.simulated import refuse_mixed
from xgoals.feeds.small_file import read_small

Refused = tuple[Path, str, str]


def announce(delivery: Delivery) -> Announcement:
    """What the match information says.

    Raises
    ------
    FeedError
        If it has not come, or is broken.
    """
    path = next((message.path for message in delivery.messages if message.kind == "matchinfo"), None)
    if path is None:
        raise FeedError(
            f"no match information for match {delivery.match_id}",
            where=str(delivery.files[0]),
            advice="Wait for it, or ask for it",
        )
    info = read_match_info(read_small(path)[0], delivery.message_time, str(path))
    return Announcement.of(plausible_match(info.match, str(path)))


def read_match(delivery: Delivery) -> tuple[MatchRecord, list[Problem]]:
    """Read one match: shots, scenes and clips.

    Raises
    ------
    FeedError
        If the match must be quarantined; the message names file, place and reason.
    """
    reading = read_delivery(delivery)
    return reading.record, reading.problems


def read_delivery(delivery: Delivery) -> MatchReading:
    """As :func:`read_match`, with the files' hashes and the way the positions were read (None: there are none)."""
    for path, reason, advice in cast("Iterable[Refused]", delivery.extra[REFUSED]):
        raise FeedError(reason, where=str(path), advice=advice)
    matchinfo, events, positions_path = _files(delivery)
    _refuse_mixed([path for path in (matchinfo, events, positions_path) if path is not None])
    root, info_hash = read_small(matchinfo)
    info = read_match_info(root, delivery.message_time, str(matchinfo))
    if info.match.match_id != delivery.match_id:
        raise FeedError(
            f"match information of {info.match.match_id} in the delivery of {delivery.match_id}",
            where=str(matchinfo),
            advice="Deliver each match's own file",
        )
    root, events_hash = read_small(events)
    sheet = read_events(root, info, str(events))
    signs = signs_by_events(sheet, info, str(events))
    hashes = {matchinfo: info_hash, events: events_hash}
    tracking, read_path = Tracking(), None
    if positions_path is not None:
        followed = follow(positions_path, sheet, info, signs)
        info, tracking, signs, read_path = (
            followed.info,
            followed.tracking,
            followed.signs,
            followed.read_path,
        )
        hashes[positions_path] = followed.sha256
    line = settle(sheet, info, str(events))
    builder = RecordBuilder(info, sheet, signs, str(events))
    record, notes = plausible(
        builder.record(line.shots, tracking.shots), str(events), match_path=str(matchinfo)
    )
    problems = [
        *info.problems,
        *sheet.problems,
        *line.problems,
        *tracking.problems,
        *builder.problems,
        *notes,
    ]
    return MatchReading(record, problems, hashes, read_path)


def _refuse_mixed(paths: Iterable[Path]) -> None:
    """All files of a match are simulated, or none is."""
    refuse_mixed({path: is_simulated(read_head(path, HEAD_BYTES)) for path in paths})


def _files(delivery: Delivery) -> tuple[Path, Path, Path | None]:
    """Match information, events and, if there are any, positions."""
    by_kind = {message.kind: message.path for message in delivery.messages}
    for kind, words_for_it in (("matchinfo", "match information"), ("events", "events")):
        if kind not in by_kind:
            raise FeedError(
                f"no {words_for_it} for match {delivery.match_id}",
                where=str(delivery.files[0]),
                advice="Wait for it, or ask for it",
            )
    return by_kind["matchinfo"], by_kind["events"], by_kind.get("positions")
