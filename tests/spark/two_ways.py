"""A source into a database, directly or through a lake that Spark has written, and what then stands there."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, text

from xgoals.settings import Database, Settings
from xgoals.steps import build_features, ingest
from xgoals.steps.run_context import FeedSource, close_run, open_run
from xgoals.store.database import connect

_OF_SHOT = """|| jsonb_build_object('of', s.provider, 'match', s.match_id, 'shot', s.shot_id) as row"""
TABLES = {
    "matches": "select to_jsonb(t) - '{feed,fingerprint}'::text[] as row from xgoals.match t",
    "teams": "select to_jsonb(t) as row from xgoals.team t",
    "players": "select to_jsonb(t) as row from xgoals.player t",
    "own goals": "select to_jsonb(t) as row from xgoals.own_goal t",
    "incidents": "select to_jsonb(t) as row from xgoals.match_incident t",
    "shots": "select to_jsonb(t) - '{shot_key}'::text[] as row from xgoals.shot t",
    "scenes": f"""select (to_jsonb(t) - '{{shot_key}}'::text[]) {_OF_SHOT}
                  from xgoals.shot_position t join xgoals.shot s using (shot_key)""",
    "features": f"""select (to_jsonb(t) - '{{shot_key,features_key}}'::text[]) {_OF_SHOT}
                    from xgoals.shot_feature t join xgoals.shot s using (shot_key)""",
}
"""Whole rows, but for keys that a database gives out by itself and for where they came from."""


@dataclass(frozen=True)
class Content:
    """Of each table its number of rows and their hash, and of each file of clips its hash."""

    tables: dict[str, tuple[int, str]]
    clips: dict[str, str]


def read(settings: Settings, feed: str, source: Path, database: Database = "main") -> None:
    """Read a source and build features, as a terminal does."""
    sources = [FeedSource(feed, source)]
    run = open_run(settings, database=database, sources=sources, dag_run_id=f"read {feed}", started_at=None)
    ingest.ingest(run)
    build_features.build_features(run)
    close_run(run, "success")


def content(settings: Settings, database: Database = "main") -> Content:
    """What stands in a database, and in the clips of its home."""
    engine = connect(settings, database)
    try:
        tables = {name: _hashed(engine, rows) for name, rows in TABLES.items()}
    finally:
        engine.dispose()
    folder = settings.home / "clips"
    files = sorted(folder.rglob("*.parquet"))
    return Content(
        tables,
        {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files},
    )


def _hashed(engine: Engine, rows: str) -> tuple[int, str]:
    statement = f"""select count(*), md5(coalesce(string_agg(hash, '' order by hash), ''))
                    from (select md5(row::text) as hash from ({rows}) as of_table) as hashes"""
    with engine.connect() as connection:
        n, digest = connection.execute(text(statement)).one()
    return int(n), str(digest)
