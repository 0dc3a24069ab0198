"""A feed of event files: an adapter with the functions that every feed has."""

import hashlib
import json
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.match import Match
from xgoals.domain.pitch import Pitch
from xgoals.domain.plausible import plausible, plausible_match
from xgoals.domain.scene import MatchRecord, Scene
from xgoals.feeds import Announcement, Delivery, MatchReading, Message
from xgoals.feeds.event_files.adapter import Adapter, Told
from xgoals.feeds.event_files.checks import at_the_right_end, doubts, refuse_strangers
from xgoals.feeds.event_files.discovery import Found, FoundFile, chosen, find_files
from xgoals.feeds.event_files.header import (
    USUAL_PITCH,
    Header,
    joined,
    match_of,
    match_to_score,
    notes_on_odd,
)
from xgoals.feeds.event_files.matches_csv import MatchRow
from xgoals.feeds.registry import About
from xgoals.feeds.resends import kept_messages, sha256_of
from xgoals.feeds.seen import SeenFiles
from xgoals.feeds.synchronise.follow import Followed, follow
from xgoals.feeds.tracking.kinds import POSITIONS

KINDS, ROW, TO_SCORE, REFUSED = "kinds", "row", "to_score", "refused"
"""Keys of ``Delivery.extra``: the files by kind, the line of ``matches.csv``, whether the match need not be known, and
why the files cannot be read, where that has shown already."""
CSV_KIND = "matches.csv"


@dataclass(frozen=True)
class EventFeed:
    """The functions of a feed, over one provider's adapter; they are described in `xgoals.feeds`.

    ``about`` is what the feed says about itself, where nothing else does.
    """

    adapter: Adapter
    about: About | None = None

    def discover(
        self,
        source: Path,
        *,
        stored_sha256: Container[str] = (),
        match_ids: Collection[str] | None = None,
        seen: SeenFiles | None = None,
    ) -> tuple[list[Delivery], list[Problem]]:
        """List the matches of a folder, sorted by id, and what cannot be used.

        The fingerprint covers the files, the line of ``matches.csv``, and the adapter's version.

        Raises
        ------
        SourceError
            If there is no such folder, or nothing of the provider's in it.
        """
        seen = seen or SeenFiles()
        return self._listed(find_files(self.adapter, source, seen), stored_sha256, match_ids, seen)

    def discover_to_score(self, source: Path) -> tuple[list[Delivery], list[Problem]]:
        """List the matches that can be scored: also those of which nothing says which or when they were."""
        seen = SeenFiles()
        found = find_files(self.adapter, source, seen, may_be_nameless=True)
        deliveries, problems = self._listed(found, (), None, seen)
        return [replace(d, extra={**d.extra, TO_SCORE: True}) for d in deliveries], problems

    def _listed(
        self, found: Found, stored_sha256: Container[str], match_ids: Collection[str] | None, seen: SeenFiles
    ) -> tuple[list[Delivery], list[Problem]]:
        deliveries, problems = list[Delivery](), list(found.problems)
        wanted = found.files.keys() if match_ids is None else found.files.keys() & set(match_ids)
        lists = found.lists()
        for match_id in sorted(wanted):
            if all(one.path in lists and one.piece.kind != self._main_kind for one in found.files[match_id]):
                continue  # results of a season beside the events of a few of its matches
            try:
                one = self._deliver(match_id, found, stored_sha256, seen, problems)
            except OSError as error:  # gone or locked since it was listed
                path = str(error.filename or found.files[match_id][0].path)
                reason = f"cannot be read: {error.strerror}"
                one = Problem(path, reason, "Mend its permissions", match_id, severity="match")
            if isinstance(one, Delivery):
                deliveries.append(one)
            else:
                problems.append(one)
        return deliveries, problems

    def headers(self, source: Path) -> tuple[list[Header], list[Problem]]:
        """All that is known of the matches of a folder, for who writes down the rest.

        Raises
        ------
        SourceError
            If there is no such folder, or nothing of the provider's in it.
        """
        deliveries, problems = self.discover(source)
        headers = []
        for delivery in deliveries:
            try:
                headers.append(self._header(delivery)[0])
            except FeedError as error:
                where = error.where or str(delivery.files[0])
                problems.append(
                    Problem(where, error.what, error.advice or "", delivery.match_id, severity="match")
                )
        return headers, problems

    def announce(self, delivery: Delivery) -> Announcement:
        """Who plays when.

        Raises
        ------
        FeedError
            If neither the files nor ``matches.csv`` say so.
        """
        header, _ = self._header(delivery)
        path = str(_files(delivery)[self._main_kind])
        match = match_of(header, self.adapter.provider, _pitch(_row(delivery)), path)
        return Announcement.of(plausible_match(match, path))

    def read_match(self, delivery: Delivery) -> tuple[MatchRecord, list[Problem]]:
        """Read one match: its shots and, where tracking lies beside the events, who was around them.

        Raises
        ------
        FeedError
            If its files cannot be read, are not of one match, or it is not known who plays when.
        """
        reading = self._read(delivery)
        return reading.record, reading.problems

    def read_delivery(self, delivery: Delivery) -> MatchReading:
        """The same with the hashes of the files, by which a later delivery is compared."""
        reading = self._read(delivery)
        others = [path for path in delivery.files if path not in reading.sha256] if delivery.messages else []
        return replace(reading, sha256={**reading.sha256, **{path: sha256_of(path) for path in others}})

    @property
    def _main_kind(self) -> str:
        return next(iter(self.adapter.kinds))

    def _read(self, delivery: Delivery) -> MatchReading:
        """The match, with the hashes of those files that were hashed as they were read."""
        files, row, pitch = _files(delivery), _row(delivery), _pitch(_row(delivery))
        path = str(files[self._main_kind])
        _refuse_broken(delivery)
        told = self.adapter.read(files, pitch)
        header, contradictions = joined(told.header, row, path, self.adapter.provider)
        match = self._match(delivery, header, pitch, path)
        refuse_strangers(match, told.shots, path)
        shots, turned = at_the_right_end(match, told.shots, path)
        record = MatchRecord(
            match=match,
            teams=(match.home, match.away),
            players=told.players,
            shots=tuple(replace(shot, event_n=n) for n, shot in enumerate(shots)),
            scenes=tuple(Scene(shot.shot_id) for shot in shots),
            own_goals=told.own_goals,
        )
        followed = _with_tracking(record, told, files, delivery)
        checked, notes = plausible(followed.record, path)
        odd = notes_on_odd(replace(header, match_id=match.match_id), path, self.adapter.provider)
        problems = [*contradictions, *odd, *told.problems, *turned, *followed.problems, *notes]
        return MatchReading(checked, [*problems, *doubts(checked, path)], sha256=followed.sha256)

    def _match(self, delivery: Delivery, header: Header, pitch: Pitch, path: str) -> Match:
        header = replace(header, match_id=delivery.match_id)
        if delivery.extra.get(TO_SCORE):
            return match_to_score(header, self.adapter.provider, pitch)
        return match_of(header, self.adapter.provider, pitch, path)

    def _header(self, delivery: Delivery) -> tuple[Header, list[Problem]]:
        files = _files(delivery)
        _refuse_broken(delivery)
        header = replace(self.adapter.header(files), match_id=delivery.match_id)
        return joined(header, _row(delivery), str(files[self._main_kind]), self.adapter.provider)

    def _deliver(
        self,
        match_id: str,
        found: Found,
        stored_sha256: Container[str],
        seen: SeenFiles,
        problems: list[Problem],
    ) -> Delivery | Problem:
        files, contradictions = chosen(self.adapter, found.files[match_id], match_id, stored_sha256, seen)
        problems += contradictions
        if self._main_kind not in files:
            first, kinds = next(iter(files.values())), self.adapter.kinds
            reason = (
                f"there are no {kinds[self._main_kind]} of match {match_id}, only {kinds[first.piece.kind]}"
            )
            return Problem(str(first.path), reason, "Add the file and run again", match_id, severity="match")
        row = found.rows.get(match_id)
        paths = tuple(one.path for one in files.values())
        messages = self._messages(files, row) if self.adapter.has_messages else ()
        return Delivery(
            provider=self.adapter.provider,
            match_id=match_id,
            files=tuple(message.path for message in messages) or paths,
            fingerprint=self._fingerprint(paths, row, seen),
            message_time=max((t for f in files.values() if (t := f.piece.message_time)), default=None),
            messages=messages,
            extra={
                KINDS: {kind: str(one.path) for kind, one in files.items()},
                ROW: row.as_plain() if row else None,
                REFUSED: [
                    (str(f.path), f.piece.reason, f.piece.advice) for f in files.values() if f.piece.reason
                ],
            },
        )

    def _messages(self, files: Mapping[str, FoundFile], row: MatchRow | None) -> tuple[Message, ...]:
        """The files, and the ``matches.csv`` that completes them: what changes in it changes the match."""
        messages = [Message(kind, one.path, one.piece.message_time) for kind, one in files.items()]
        return (*messages, Message(CSV_KIND, Path(row.path))) if row else tuple(messages)

    def _fingerprint(self, paths: Sequence[Path], row: MatchRow | None, seen: SeenFiles) -> str:
        said = row.content() if row else None  # a line that moves is no other line
        digest = hashlib.sha256(json.dumps([self.adapter.version, said], sort_keys=True).encode())
        for path in paths:
            digest.update(bytes.fromhex(seen.sha256(path)))
        return digest.hexdigest()


def _with_tracking(
    record: MatchRecord, told: Told, files: Mapping[str, Path], delivery: Delivery
) -> Followed:
    """The record with what the tracking adds; where a file of it has gone, what is stored of it stays as it is."""
    if told.tracking is None or kept_messages(delivery):
        return Followed(record, [])
    return follow(record, told.members, told.tracking, str(files[POSITIONS]))


def _files(delivery: Delivery) -> dict[str, Path]:
    """The files by kind; of messages those that came with what is stored count, too."""
    if delivery.messages:
        return {message.kind: message.path for message in delivery.messages if message.kind != CSV_KIND}
    kinds = cast(Mapping[str, str], delivery.extra[KINDS])
    return {kind: Path(path) for kind, path in kinds.items()}


def _row(delivery: Delivery) -> MatchRow | None:
    told = delivery.extra.get(ROW)
    return MatchRow.of_plain(cast(Mapping[str, object], told)) if told else None


def _pitch(row: MatchRow | None) -> Pitch:
    if row is None:
        return USUAL_PITCH
    return Pitch(row.pitch_length_m or USUAL_PITCH.length_m, row.pitch_width_m or USUAL_PITCH.width_m)


def _refuse_broken(delivery: Delivery) -> None:
    for path, reason, advice in cast(list[tuple[str, str, str]], delivery.extra.get(REFUSED, [])):
        raise FeedError(reason, where=path, advice=advice)
