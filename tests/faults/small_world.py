"""A few matches that feeds tell more than once: first deliveries, corrections, re-sends, files that come late.

A world is drawn from a seed, and so is every order of its deliveries. What a match is in the end does not depend on
the order: of messages with a time the newest stands, of those without the one that came last, so these keep their order
within a match; and what was deleted comes again, or was deleted last.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path

import numpy as np
from corrections import CORRECTIONS, ODD_DAYS, Rng, without_a_shot

from small_feeds import dfl_files, read_files, statsbomb_files
from xgoals.domain.scene import MatchRecord
from xgoals.domain.shot import Outcome
from xgoals.feeds.archive import write_archive
from xgoals.feeds.matchday import Matchday
from xgoals.feeds.schedule import SCHEDULE_FILE, PlannedMatch, write_schedule
from xgoals.feeds.simulated import LINE_MARK
from xgoals.feeds.simulator import simulate_matchday
from xgoals.feeds.simulator.provider_game import Manner
from xgoals.feeds.simulator.provider_writer import write_opta_tracab, write_statsperform_ma25

FEEDS = ("archive", "dfl", "statsbomb", "opta", "statsperform")
N_SHOTS = 8
"""Of each archived match the first so many, and all goals."""


@dataclass(frozen=True)
class Delivery:
    """Files that come together, by path below an inbox (None: they are taken away), or a match that is deleted.

    ``is_timed``: it says when it was told, so that it stands or falls whenever it comes.
    """

    what: str
    match: str
    feed: str
    files: dict[str, bytes | None]
    is_timed: bool
    deletes: str | None = None

    def __str__(self) -> str:
        return f"{self.match}: {self.what}"


@dataclass(frozen=True)
class World:
    """All deliveries, each match's in the order of their truth: its last telling is true."""

    deliveries: tuple[Delivery, ...]

    def truth(self) -> list[Delivery]:
        """The same in order; whatever is false in the end comes first."""
        return list(self.deliveries)

    def shuffled(self, rng: Rng) -> list[Delivery]:
        """Another order with the same end."""
        at: dict[str, list[float]] = {}
        for match in dict.fromkeys(d.match for d in self.deliveries):
            at[match] = _places(rng, [d for d in self.deliveries if d.match == match])
        placed = [(at[d.match].pop(0), n, d) for n, d in enumerate(self.deliveries)]
        return [d for *_, d in sorted(placed, key=lambda of: of[:2])]


def _places(rng: Rng, deliveries: Sequence[Delivery]) -> list[float]:
    """When each comes: at any time where it says its own time, else in order; a deletion and what follows it, too."""
    last_deletion = max((n for n, d in enumerate(deliveries) if d.deletes), default=-1)
    before, after = deliveries[: last_deletion + 1], deliveries[last_deletion + 1 :]
    cut = rng.random() if before else 0.0
    places = [*(rng.random(len(before)) * cut), *(cut + rng.random(len(after)) * (1 - cut))]
    if before:
        places[last_deletion] = cut
    in_order = [n for n, d in enumerate(deliveries) if not d.is_timed]
    for n, place in zip(in_order, sorted(places[n] for n in in_order), strict=True):
        places[n] = place
    return [float(place) for place in places]


def batches(rng: Rng, order: Sequence[Delivery]) -> Iterator[list[Delivery]]:
    """The deliveries in runs: one, several, or all at once."""
    share = float(rng.choice([0.0, 0.05, 0.1, 0.15, 0.4]))
    batch: list[Delivery] = []
    for delivery in order:
        batch.append(delivery)
        if rng.random() < share:
            yield batch
            batch = []
    if batch:
        yield batch


def draw_world(seed: int, folder: Path) -> World:
    """The world of a seed; ``folder`` is for files on their way."""
    rng = np.random.default_rng([seed, 18])
    deliveries: list[Delivery] = []
    for n, (season, matchday, number) in enumerate(((1, 1, 0), (1, 2, 1), (1, 9, 0), (1, 9, 3))):
        deliveries += _archived(rng, f"A{n + 1}", _real(season, matchday, number), folder)
    deliveries += _statsbomb(rng) + _dfl(rng) + _schedules(rng)
    if rng.random() < 0.25:
        deliveries += _with_tracking(rng)
    return World(tuple(deliveries))


def _real(season: int, matchday: int, number: int) -> MatchRecord:
    record = _matchday(season, matchday)[number]
    goals = [shot.shot_id for shot in record.shots if shot.outcome is Outcome.GOAL]
    kept = {*goals, *(shot.shot_id for shot in record.shots[:N_SHOTS])}
    return replace(
        record,
        match=replace(record.match, is_simulated=False),
        shots=tuple(shot for shot in record.shots if shot.shot_id in kept),
        scenes=tuple(scene for scene in record.scenes if scene.shot_id in kept),
    )


@cache
def _matchday(season: int, matchday: int) -> list[MatchRecord]:
    return simulate_matchday(season, matchday)


def _archived(rng: Rng, name: str, record: MatchRecord, folder: Path) -> list[Delivery]:
    """A match that is told one to four times; in one world of four it is deleted between, or in the end."""
    told = [(_at(record, 0), "first")]
    for n in range(1, int(rng.integers(1, 5))):
        what, change = CORRECTIONS[int(rng.integers(len(CORRECTIONS)))]
        told.append((_at(change(rng, told[-1][0]), n), what))
    if rng.random() < 0.3:
        told[0] = (without_a_shot(rng, told[0][0]), "first, a shot is missing")
    deliveries = [
        Delivery(what, name, "archive", {f"{name}/{n}.parquet": _parquet(version, folder)}, is_timed=True)
        for n, (version, what) in enumerate(told)
    ]
    match = record.match
    deletion = Delivery(
        "deleted", name, "archive", {path: None for d in deliveries for path in d.files}, is_timed=True,
        deletes=f"{match.provider}:{match.match_id}",
    )  # fmt: skip
    chance = rng.random()
    if chance < 0.15:
        return [*deliveries, deletion]
    if chance < 0.3:
        return [*deliveries, deletion, *deliveries[-1:]]
    return deliveries


def _parquet(record: MatchRecord, folder: Path) -> bytes:
    path = folder / "on_its_way.parquet"
    write_archive(path, [record])
    return path.read_bytes()


def _at(record: MatchRecord, n: int) -> MatchRecord:
    time = datetime(2024, 6, 1, 12, tzinfo=UTC) + timedelta(hours=n)
    return replace(record, match=replace(record.match, message_time=time))


# --- Open data without message times: what came last stands


def _statsbomb(rng: Rng) -> list[Delivery]:
    """Two matches; line-ups late, events corrected, a file that is broken until it comes whole."""
    files = _statsbomb_files()
    listing = json.loads(files["matches/1/2.json"])
    by_match = {101: listing[0], 102: listing[1]}
    common = {"competitions.json": files["competitions.json"]}
    deliveries = []
    for match_id, entry in by_match.items():
        events = json.loads(files[f"events/{match_id}.json"])
        path = f"events/{match_id}.json"
        own = common | {f"matches/1/{match_id}.json": json.dumps([entry]).encode()}
        told: list[tuple[str, dict[str, bytes | None]]] = []
        if rng.random() < 0.4:
            told.append(("broken", own | {path: b'[{"id": '}))
        told.append(("first", own | {path: json.dumps(events).encode()}))
        for _ in range(int(rng.integers(3))):
            events = _other_events(rng, events)
            told.append(("corrected", own | {path: json.dumps(events).encode()}))
        if lineup := files.get(f"lineups/{match_id}.json"):
            n = int(rng.integers(len(told) + 1))
            told.insert(n, ("line-ups", own | {f"lineups/{match_id}.json": lineup}))
        deliveries += [Delivery(what, f"S{match_id}", "statsbomb", of, is_timed=False) for what, of in told]
    return deliveries


@cache
def _statsbomb_files() -> dict[str, bytes]:
    return statsbomb_files(n_shots=4)


def _other_events(rng: Rng, events: list[dict[str, object]]) -> list[dict[str, object]]:
    events = json.loads(json.dumps(events))
    event = events[int(rng.integers(len(events)))]
    if rng.random() < 0.3 and len(events) > 2:
        events.remove(event)
    elif rng.random() < 0.5:
        event["location"] = [float(rng.integers(95, 119)), float(rng.integers(20, 60))]
    else:
        event["player"] = {"id": 900 + int(rng.integers(3)), "name": f"Somebody {int(rng.integers(9))}"}
    return events


# --- Messages of three kinds, each with a time of its own


def _dfl(rng: Rng) -> list[Delivery]:
    """A match in three files; each may come alone, and corrected later: the newest of each kind stands."""
    versions = _dfl_versions()
    n_versions = int(rng.integers(1, len(versions) + 1))
    first = {f"0/{name}": data for name, data in versions[0].items()}
    deliveries = [Delivery("all three files", "D", "dfl", dict(first), is_timed=True)]
    for n, version in enumerate(versions[1:n_versions], start=1):
        kinds = [name for name in sorted(version) if rng.random() < 0.6] or sorted(version)[:1]
        files: dict[str, bytes | None] = {f"{n}/{name}": version[name] for name in kinds}
        deliveries.append(Delivery(f"{len(files)} newer files", "D", "dfl", files, is_timed=True))
    return deliveries


@cache
def _dfl_versions() -> list[dict[str, bytes]]:
    """The files as they came first, and a minute and two later, with other shots in the events."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        files = dfl_files(Path(folder), n_shots=3)
    real = {
        name: data.replace(b'RequestId="xgoals-simulator"', b'RequestId="1"') for name, data in files.items()
    }
    return [{name: _told_later(data, n, "events" in name) for name, data in real.items()} for n in range(3)]


def _told_later(data: bytes, minutes: int, is_events: bool) -> bytes:
    times = set(re.findall(rb'MessageTime="([^"]+)"', data))
    assert times, "a message without a time"
    for before in times:
        later = datetime.fromisoformat(before.decode()) + timedelta(minutes=minutes)
        told = later.isoformat(timespec="milliseconds").encode()
        data = data.replace(b'MessageTime="' + before, b'MessageTime="' + told)
    if is_events and minutes:
        data = data.replace(b"leftLeg", b"rightLeg" if minutes == 1 else b"head")
    return data


# --- What may lie beside: tracking by other providers, and schedules


def _with_tracking(rng: Rng) -> list[Delivery]:
    """A match of a provider of events; its tracking comes with it, or later, as its files have no times."""
    feed = str(rng.choice(["opta", "statsperform"]))
    files = _tracked_files()[feed]
    frames = {name for name in files if re.search(r"\.dat$|_metadata\.xml$|_ma25\.txt$", name)}
    assert frames, sorted(files)
    events = {name: data for name, data in files.items() if name not in frames}
    told: list[tuple[str, dict[str, bytes | None]]] = [("events", dict(events))]
    if rng.random() < 0.5:
        told.append(("tracking that is cut off", {n: files[n][: len(files[n]) // 2] for n in frames}))
    told.append(("tracking", {name: files[name] for name in frames}))
    return [Delivery(what, "T", feed, of, is_timed=False) for what, of in told]


@cache
def _tracked_files() -> dict[str, dict[str, bytes]]:
    """By feed the files of a match of three shots, by a camera of 5 Hz."""
    import tempfile

    record = _matchday(1, 3)[2]
    record = replace(record, shots=record.shots[:3], scenes=record.scenes[:3])
    writers = {"opta": write_opta_tracab, "statsperform": write_statsperform_ma25}
    files = {}
    for feed, writer in writers.items():
        with tempfile.TemporaryDirectory() as folder:
            writer(record, Path(folder), seed=3, manner=Manner(rate_hz=5, clock_s=2.0))
            files[feed] = {name: _as_real(data) for name, data in read_files(Path(folder)).items()}
    return files


def _as_real(data: bytes) -> bytes:
    """Without the marks of what is simulated, which is not stored beside what is real."""
    data = re.sub(rb' simulated_by="[^"]*"', b"", data).replace(b'"simulated_by"', b'"told_by"')
    return data.replace(LINE_MARK.encode(), b"1")


def _schedules(rng: Rng) -> list[Delivery]:
    """Which matches are to come, told once or twice: the last file is the one that lies there, readable or not."""
    planned = [
        PlannedMatch(Matchday("c", "s", n + 1), f"m{n}", datetime.combine(day, time(0), UTC))
        for n, day in enumerate(ODD_DAYS)
    ]
    deliveries = []
    for n in range(int(rng.integers(1, 3))):
        data = b"no, schedule\n" if rng.random() < 0.3 else _schedule(planned[n:])
        deliveries.append(Delivery("a schedule", "P", "archive", {SCHEDULE_FILE: data}, is_timed=False))
    return deliveries


def _schedule(planned: Sequence[PlannedMatch]) -> bytes:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        write_schedule(path := Path(folder) / SCHEDULE_FILE, planned)
        return path.read_bytes()
