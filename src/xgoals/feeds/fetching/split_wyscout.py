"""The public Wyscout set as its authors publish it, taken apart: a file a match, and ``matches.csv``.

Their files hold a competition each: ``events_England.json`` is one list of 640,000 events. They are read piece by
piece, from the folder or out of the zip archives that they are published in, so that memory does not grow with them.
"""

import json
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import groupby
from pathlib import Path, PurePath
from typing import IO

import orjson

from xgoals.domain.errors import SourceError
from xgoals.domain.text import is_id
from xgoals.feeds.event_files.matches_csv import MATCHES_CSV
from xgoals.feeds.event_files.skeleton import add_lines
from xgoals.feeds.fetching.wyscout import chosen_matches, listed_matches
from xgoals.feeds.json_file import Json
from xgoals.feeds.json_values import id_of, items, obj
from xgoals.whole_files import UNFINISHED, whole_file, writable

CHUNK_CHARS = 1 << 20
LONGEST_EVENT_CHARS = 1 << 22
"""An event has some 300 characters."""
_BETWEEN = re.compile(r"[\s,]*")
_FILES = "matches_England.json, events_England.json, teams.json, players.json, or the zip archives of these"


@dataclass(frozen=True, slots=True)
class Split:
    """What came of it: matches written, and those that are listed and have no events."""

    written: int
    without_events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A JSON file, in the folder or in an archive of it."""

    name: str
    path: Path
    is_in_archive: bool

    @property
    def where(self) -> str:
        """The file, for sentences."""
        return f"{self.path}: {self.name}" if self.is_in_archive else str(self.path)

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Its bytes.

        Raises
        ------
        SourceError
            If they cannot be read.
        """
        try:
            if self.is_in_archive:
                with zipfile.ZipFile(self.path) as archive, archive.open(self.name) as inner:
                    yield inner
            else:
                with self.path.open("rb") as file:
                    yield file
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            EOFError,
            RuntimeError,
            NotImplementedError,
        ) as error:
            raise SourceError(f"cannot be read ({error})", where=self.where, advice=_AGAIN) from None

    def content(self) -> object:
        """All of it, where it is small.

        Raises
        ------
        SourceError
            If it is no JSON.
        """
        with self.open() as file:
            try:
                return orjson.loads(file.read())
            except orjson.JSONDecodeError as error:
                raise SourceError(f"broken JSON: {error}", where=self.where, advice=_AGAIN) from None


_AGAIN = "Download the file again"


def split_wyscout(source: Path, target: Path, competition_id: int | None = None) -> Split:
    """Write ``events/{match}.json`` and ``matches.csv`` of the set's own files.

    Parameters
    ----------
    source
        The folder with the set's files or their zip archives.
    target
        Gets the files; lines that its ``matches.csv`` has already stay.
    competition_id
        Wyscout's number of one competition; None takes all.

    Raises
    ------
    SourceError
        If the folder lacks lists of matches or events, one of them is broken, or the competition is not in it.
    UnwritableError
        If the disk is full.
    """
    members = {PurePath(member.name).name: member for member in _members(source)}
    lists = {name: member for name, member in members.items() if name.startswith("matches_")}
    events = {name: member for name, member in members.items() if name.startswith("events_")}
    if not lists or not events:
        what = "lists of matches" if not lists else "events"
        raise SourceError(
            f"no {what} of the public set", where=str(source), advice=f"Name the folder with {_FILES}"
        )
    entries = {name: [obj(entry) for entry in items(member.content())] for name, member in lists.items()}
    chosen = chosen_matches(listed_matches(entries), competition_id)
    wanted = {row.match_id for row in chosen}
    people = _People.of(members, entries)
    add_lines(target / MATCHES_CSV, chosen)
    written = set[str]()
    with (
        writable(target),
        tempfile.TemporaryDirectory(prefix=".split-", suffix=UNFINISHED[1], dir=target) as parts,
    ):
        for member in events.values():
            found = _scattered(member, wanted, Path(parts))
            for match_id, seen in sorted(found.items()):
                told = people.of_match(match_id, seen)
                _write_match(Path(parts) / match_id, target / "events" / f"{match_id}.json", told)
            written |= found.keys()
    return Split(len(written), tuple(sorted(wanted - written)))


def _members(source: Path) -> Iterator[Member]:
    """JSON files of the folder and of its archives; what lies there unpacked stands.

    Raises
    ------
    SourceError
        If an archive cannot be read.
    """
    paths = [path for path in sorted(source.rglob("*")) if path.is_file()]
    for path in paths:
        if path.suffix != ".json" and zipfile.is_zipfile(path):
            try:
                with zipfile.ZipFile(path) as archive:
                    names = [name for name in archive.namelist() if name.endswith(".json")]
            except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
                raise SourceError(f"cannot be read ({error})", where=str(path), advice=_AGAIN) from None
            yield from (Member(name, path, is_in_archive=True) for name in names if "__MACOSX" not in name)
    yield from (Member(path.name, path, is_in_archive=False) for path in paths if path.suffix == ".json")


@dataclass(frozen=True, slots=True)
class _People:
    """Teams and players of the set by id, and who was in the squads of a match."""

    teams: Mapping[str, Json]
    players: Mapping[str, Json]
    squads: Mapping[str, Mapping[str, list[str]]]

    @classmethod
    def of(cls, members: Mapping[str, Member], entries: Mapping[str, list[Json]]) -> "_People":
        """Those of the set's files and lists of matches."""
        teams, players = (_by_id(members.get(name)) for name in ("teams.json", "players.json"))
        squads = {
            match_id: {
                str(team_id): list(_squad(obj(team))) for team_id, team in obj(entry.get("teamsData")).items()
            }
            for listed in entries.values()
            for entry in listed
            if (match_id := id_of(entry.get("wyId")))
        }
        return cls(teams, players, squads)

    def of_match(self, match_id: str, seen: Mapping[str, set[str]]) -> Json:
        """As the provider's file of one match has it; people whom the set does not describe are left out.

        ``seen``: who had a part in its events, by team. Lists of matches of some cups lack the squads.
        """
        listed = self.squads.get(match_id, {})
        squads = {
            team_id: [*squad, *sorted(seen.get(team_id, set()) - set(squad))]
            for team_id, squad in listed.items()
        }
        return {
            "teams": {team_id: {"team": self.teams.get(team_id, {"wyId": team_id})} for team_id in squads},
            "players": {
                team_id: [{"player": self.players[one]} for one in squad if one in self.players]
                for team_id, squad in squads.items()
            },
        }


def _by_id(member: Member | None) -> dict[str, Json]:
    people = map(obj, items(member.content())) if member else []
    return {number: one for one in people if (number := id_of(one.get("wyId")))}


def _squad(team: Json) -> Iterator[str]:
    """Ids of line-up and bench."""
    formation = obj(team.get("formation"))
    for part in ("lineup", "bench"):
        for entry in items(formation.get(part)):
            if player_id := id_of(obj(entry).get("playerId")):
                yield player_id


def _scattered(member: Member, wanted: set[str], parts: Path) -> dict[str, dict[str, set[str]]]:
    """Append the events of the wanted matches to a file each, a line an event; by match and team who is in them."""
    found: dict[str, dict[str, set[str]]] = {}
    for match_id, events in groupby(_events(member), lambda event: id_of(event.get("matchId")) or ""):
        if match_id in wanted and is_id(match_id):
            seen = found.setdefault(match_id, {})
            with (parts / match_id).open("ab") as file:
                for event in events:
                    file.write(_as_json(event) + b"\n")
                    if (team_id := id_of(event.get("teamId"))) and (
                        player_id := id_of(event.get("playerId"))
                    ):
                        seen.setdefault(team_id, set()).add(player_id)
    return found


def _as_json(value: Json) -> bytes:
    try:
        return orjson.dumps(value)
    except (
        orjson.JSONEncodeError
    ):  # a number beyond 64 bits, or half a character: whoever reads the match judges it
        return json.dumps(value).encode()


def _events(member: Member) -> Iterator[Json]:
    """The objects of a list, one after the other.

    Raises
    ------
    SourceError
        If the file is no list of objects, or broken.
    """
    decoder = json.JSONDecoder(strict=False)
    with member.open() as file:
        text = TextIOWrapper(file, encoding="utf-8-sig", errors="replace")
        buffer, at = text.read(CHUNK_CHARS).lstrip(), 1
        if not buffer.startswith("["):
            raise SourceError("not a list of events", where=member.where, advice=_AGAIN)
        while True:
            between = _BETWEEN.match(buffer, at)
            at = between.end() if between else at
            if buffer.startswith("]", at):
                return
            try:
                event, at = decoder.raw_decode(buffer, at)
            except json.JSONDecodeError as error:
                more = text.read(CHUNK_CHARS)
                if not more or len(buffer) - at > LONGEST_EVENT_CHARS:
                    what = f"broken JSON: {error.msg}, after {buffer[at - 60 : at].strip()!r}"
                    raise SourceError(what, where=member.where, advice=_AGAIN) from None
                buffer, at = buffer[at:] + more, 0
                continue
            yield obj(event)


def _write_match(part: Path, path: Path, people: Json) -> None:
    """The file of one match, of its events a line each."""
    with whole_file(path) as unfinished:
        rest = orjson.dumps(people)[1:]
        unfinished.write_bytes(b'{"events":[' + b",\n".join(part.read_bytes().splitlines()) + b"]," + rest)
    part.unlink()
