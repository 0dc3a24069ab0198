"""What Spark reads on two workers is what one machine reads, row for row; a killed worker changes nothing.

By hand with all of it: ALL_MATCHES=1 make test-spark
"""

import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import two_ways
from spark_processes import SparkCluster

from databases import drop_database
from xgoals.feeds.simulator import simulate_league
from xgoals.feeds.simulator.files import write_matches
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.settings import Settings
from xgoals.spark import ingest as spark
from xgoals.spark.session import spark_session

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3000)]

ALL = bool(os.environ.get("ALL_MATCHES"))
WYSCOUT_MATCHES = 496 if ALL else 40
DFL_MATCHES = 20 if ALL else 4


@pytest.fixture
def database(
    postgres: EmbeddedPostgres,
    copy_database: Callable[[str, str], str],
    template_database: str,
    spark_cluster: SparkCluster,
    tmp_path: Path,
) -> Iterator[Callable[[str], Settings]]:
    """``database("direct")``: settings of a new home whose results go to an empty database of its own."""
    made = list[str]()

    def make(name: str) -> Settings:
        made.append(f"spark_{name}_{os.getpid()}")
        return spark_cluster.settings(
            tmp_path / name, database_url=copy_database(template_database, made[-1])
        )

    yield make
    for name in made:
        drop_database(postgres, name)


def report(what: str, done: spark.SparkIngest, content: two_ways.Content) -> None:
    """The figures, for who runs it by hand (pytest -s)."""
    lines = [f"{what}: {done}", f"  {done.seconds} s, peak {done.peak_memory_mb} MB"]
    lines += [f"  {name:10} {n:9,} {digest}" for name, (n, digest) in content.tables.items()]
    sys.stdout.write("\n".join([*lines, f"  clips      {len(content.clips):9,} files", ""]))


def both(
    database: Callable[[str], Settings], feed: str, source: Path, lake: Path
) -> tuple[spark.SparkIngest, two_ways.Content, two_ways.Content]:
    direct, through = database("direct"), database("through_the_lake")
    done = spark.spark_ingest(through, feed=feed, source=str(source), to=str(lake), tell=lambda _: None)
    two_ways.read(direct, feed, source)
    two_ways.read(through, "archive", lake)
    return done, two_ways.content(direct), two_ways.content(through)


def test_real_matches(
    database: Callable[[str], Settings], spark_cluster: SparkCluster, real_data: Path, tmp_path: Path
) -> None:
    source = tmp_path / "wyscout"
    (source / "events").mkdir(parents=True)
    shutil.copy(real_data / "wyscout" / "matches.csv", source)
    for file in sorted((real_data / "wyscout" / "events").glob("*.json"))[:WYSCOUT_MATCHES]:
        (source / "events" / file.name).symlink_to(file)
    done, direct, through = both(database, "wyscout", source, tmp_path / "lake")
    report("Wyscout", done, through)
    assert (done.n_read, done.n_left_out) == (WYSCOUT_MATCHES, 0)
    assert done.n_shots == direct.tables["shots"][0] > 20 * WYSCOUT_MATCHES
    assert through == direct
    assert done.peak_memory_mb
    assert done.peak_memory_mb < 1000
    settings = spark_cluster.settings(tmp_path / "analyst")
    with spark_session(
        settings, "analyst"
    ) as session:  # clips and tables are passed over, folders are columns
        lake = session.read.parquet(str(tmp_path / "lake"))
        shots = (
            lake.where("event_n is not null").groupBy("competition", "season").count().toArrow().to_pylist()
        )
    assert sum(row["count"] for row in shots) == done.n_shots
    assert {row["season"] for row in shots} == {"2017/2018"}
    assert {row["competition"] for row in shots} <= {"Premier League", "1. Bundesliga"}


def test_simulated_matches_with_tracking_while_a_worker_is_killed(
    database: Callable[[str], Settings], spark_cluster: SparkCluster, tmp_path: Path
) -> None:
    source, lake = tmp_path / "dfl", tmp_path / "lake"
    write_matches("dfl", islice(simulate_league(), DFL_MATCHES), source, seed=7)
    is_over = threading.Event()
    killer = threading.Thread(target=kill_after_the_first_match, args=(spark_cluster, lake, is_over))
    killer.start()
    try:
        done, direct, through = both(database, "dfl", source, lake)
    finally:
        is_over.set()
        killer.join()
    assert "one" not in spark_cluster.workers, "the job was over before the worker could be killed"
    spark_cluster.start_worker("one")
    spark_cluster.wait_for(2)
    report("DFL", done, through)
    assert (done.n_read, done.n_left_out) == (DFL_MATCHES, 0)
    assert through == direct
    assert len(through.clips) == DFL_MATCHES
    assert done.n_clips > 15 * DFL_MATCHES
    assert not list(lake.rglob("*.part"))
    assert done.peak_memory_mb
    assert done.peak_memory_mb < 1000
    noted = pq.read_table(lake / "_ingested.parquet")
    assert sorted(noted["path"].to_pylist()) == sorted(
        str(path.relative_to(lake)) for path in lake.glob("provider=*/*/*/*.parquet")
    )


def kill_after_the_first_match(cluster: SparkCluster, lake: Path, is_over: threading.Event) -> None:
    """A machine that loses its power in the middle."""
    while not is_over.wait(0.02):
        if list(lake.rglob("season=*/*.parquet")):
            cluster.kill_worker("one")
            return
