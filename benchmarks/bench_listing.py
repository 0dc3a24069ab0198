"""What `find_matches` costs when nothing has changed, by how many matches lie in the source.

    python benchmarks/bench_listing.py                                 40,000 small matches of each feed
    python benchmarks/bench_listing.py --matches 4000 --feeds dfl      fewer, of some feeds
    python benchmarks/bench_listing.py --to docs/benchmarks.md         also writes the section to the page

The matches are made for this: they have all that a listing looks at (listings, heads, row groups) and hardly anything
else, and they are written into the tables without being read. A first look opens every file, as after an upgrade; then
every file is known, and what is measured is a night on which nothing has come. Files of real matches are larger, which
matters to the first look alone: no later one opens them.
"""

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from common import Cost, load, machine, measure, write_section
from sqlalchemy import Connection

from xgoals.feeds import Delivery, load_feed
from xgoals.feeds.archive.schema import SCHEMA, VERSION, VERSION_KEY
from xgoals.feeds.seen import SETTLED_NS
from xgoals.services.postgres.databases import bring_up_to_date
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.settings import Settings
from xgoals.steps.find_matches import find_matches
from xgoals.steps.inbox import snapshot
from xgoals.steps.run_context import FeedSource, open_run
from xgoals.store.database import connect, copy_rows

FEEDS = ("statsbomb", "dfl", "archive")
MATCHES_A_LISTING = 380
DAY_ONE = date(2000, 1, 1)
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<PutDataRequest MessageTime="2020-01-01T20:00:00+01:00" TransmissionComplete="true">
<{tag} MatchId="{match_id}"/></PutDataRequest>
"""
DFL_FILES = {
    "matchinformation": "MatchInformation",
    "events_raw": "Event",
    "positions_raw": "Positions",
}


def write_statsbomb(folder: Path, n: int) -> None:
    """Listings of a season each, and a file of events a match."""
    for name in ("matches/1", "events"):
        (folder / name).mkdir(parents=True)
    for start in range(0, n, MATCHES_A_LISTING):
        entries = [_entry(k) for k in range(start, min(start + MATCHES_A_LISTING, n))]
        (folder / "matches" / "1" / f"{start}.json").write_text(json.dumps(entries))
    for k in range(n):
        (folder / "events" / f"{k}.json").write_text("[]")


def _entry(k: int) -> dict[str, object]:
    home, away = (
        {f"{side}_team_id": k % 20 + n, f"{side}_team_name": f"Team {k % 20 + n}"}
        for side, n in (("home", 0), ("away", 50))
    )
    return {
        "match_id": k,
        "match_date": str(DAY_ONE + timedelta(k // 10)),
        "competition": {"competition_id": 1, "competition_name": "League"},
        "season": {"season_id": k // MATCHES_A_LISTING, "season_name": "Season"},
        "home_team": home,
        "away_team": away,
        "home_score": 1,
        "away_score": 0,
        "match_week": k // 10 % 38 + 1,
    }


def write_dfl(folder: Path, n: int) -> None:
    """Three files a match, a folder for every hundred."""
    for k in range(n):
        match_id, inside = f"DFL-MAT-{k:06d}", folder / f"{k // 100}"
        inside.mkdir(parents=True, exist_ok=True)
        for name, tag in DFL_FILES.items():
            text = HEAD.format(tag=tag, match_id=match_id)
            (inside / f"DFL_{name}_DFL-COM-000001_{match_id}.xml").write_text(text)


def write_archive(folder: Path, n: int) -> None:
    """One file with a row a match."""
    folder.mkdir(parents=True)
    columns = [
        pa.array(
            [f"m{k}" for k in range(n)]
            if field.name == "match_id"
            else ["p"] * n
            if field.name == "provider"
            else [None] * n,
            field.type,
        )
        for field in SCHEMA
    ]
    table = pa.Table.from_arrays(columns, schema=SCHEMA.with_metadata({VERSION_KEY: VERSION.encode()}))
    pq.write_table(table, folder / "all.parquet", row_group_size=2_000)


WRITERS: dict[str, Callable[[Path, int], None]] = {
    "statsbomb": write_statsbomb,
    "dfl": write_dfl,
    "archive": write_archive,
}


def store(connection: Connection, feed: str, deliveries: list[Delivery]) -> None:
    """Write the matches as if they had been read: what a listing is compared with."""
    providers = {delivery.provider for delivery in deliveries}
    copy_rows(
        connection,
        "team",
        ("provider", "team_id", "name"),
        [(p, t, f"Team {t}") for p in providers for t in "ab"],
    )
    columns = (
        "provider", "match_id", "competition_id", "competition", "season_id", "season", "match_date", "home_team_id",
        "away_team_id", "pitch_length_m", "pitch_width_m", "is_simulated", "feed", "fingerprint", "message_time",
    )  # fmt: skip
    rows = (
        (
            d.provider, d.match_id, "1", "League", "1", "Season", DAY_ONE, "a", "b", 105.0, 68.0, True, feed,
            d.fingerprint, d.message_time,
        )
        for d in deliveries
    )  # fmt: skip
    copy_rows(connection, "match", columns, rows)
    columns = ("feed", "path", "provider", "match_id", "fingerprint", "kind", "sha256", "message_time")
    copy_rows(connection, "feed_file", columns, _files(feed, deliveries))


def _files(feed: str, deliveries: list[Delivery]) -> Iterator[tuple[object, ...]]:
    for d in deliveries:
        kinds = {message.path: message.kind for message in d.messages}
        for path in d.files:
            yield feed, str(path), d.provider, d.match_id, d.fingerprint, kinds.get(path), "-", d.message_time


def nights(settings: Settings, feed: str, source: Path, repeat: int) -> tuple[Cost, Cost]:
    """The first look at a source, and a later one, with all its matches stored."""
    engine = connect(settings, "main")
    with engine.begin() as connection:
        store(connection, feed, load_feed(feed).discover(source)[0])
        connection.exec_driver_sql("analyze match, feed_file")
    engine.dispose()

    def night(name: str) -> None:
        context = open_run(
            settings, database="main", sources=[FeedSource(feed, source)], dag_run_id=name, started_at=datetime.now(UTC)
        )  # fmt: skip
        assert find_matches(context) == []

    _, first = measure(lambda: night("first"), 1)
    _, later = measure(lambda: night("later"), repeat)
    return first, later


def main() -> None:
    """Measure, print, and write the page if asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--matches", type=int, default=40_000)
    parser.add_argument("--feeds", nargs="+", choices=FEEDS, default=FEEDS)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--to", type=Path)
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="listing"))
    server = EmbeddedPostgres(folder / "postgres")
    try:
        server.ensure_started()
        rows = [_row(server, folder, feed, args.matches, args.repeat) for feed in args.feeds]
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    text = page(rows, args.matches)
    print(text)
    if args.to:
        write_section(args.to, "Looking at a source", text)


def _row(server: EmbeddedPostgres, folder: Path, feed: str, n: int, repeat: int) -> str:
    source = folder / feed
    print(f"writing {n:,} small matches of the feed {feed} ...", flush=True)
    WRITERS[feed](source, n)
    time.sleep(SETTLED_NS / 1e9 + 0.1)  # what has just changed is not remembered
    server.create_database(feed)
    settings = Settings(home=folder / "home", database_url=server.url(feed))
    bring_up_to_date(settings, "main")
    first, later = nights(settings, feed, source, repeat)
    _, watching = measure(lambda: snapshot(source), repeat)
    cells = (f"{cost.wall_s:.1f} / {cost.cpu_s:.1f}" for cost in (first, later))
    row = f"| {feed} | {' | '.join(cells)} | {later.peak_mb:.0f} | {watching.wall_s:.2f} |"
    print(row, flush=True)
    return row


def page(rows: list[str], n: int) -> str:
    """The section."""
    lines = [
        f"`find_matches` on {n:,} stored matches of which nothing has changed. They were made for this: small files,",
        "with all that a listing looks at.",
        "",
        "| feed | first look, s | every later look, s | MB | the watcher's look at all files, s |",
        "| --- | ---: | ---: | ---: | ---: |",
        *rows,
        "",
        "Wall seconds / CPU seconds of the process (without the database's), the fastest of several runs; MB is the",
        "peak above what the process held before. The first look opens every file, later ones none but StatsBomb's",
        "listings. The watcher looks at all files of such an inbox every ten seconds, at its folders every five.",
        "",
        f"{machine()}; load {load()} (above 2, other work shared the machine).",
        "",
        "Again: `python benchmarks/bench_listing.py`.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
