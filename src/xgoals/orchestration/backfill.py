"""What the tasks of the backfill do: files into a lake by Spark, the lake into the results."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.sdk import Param, get_current_context

from xgoals.domain.errors import FeedError
from xgoals.feeds import FEEDS
from xgoals.orchestration.tasks import run_of, told_plainly

if TYPE_CHECKING:
    from xgoals.settings import Settings
    from xgoals.steps.run_context import RunContext

log = logging.getLogger("xgoals")

TOLD = 20
"""Of matches that were left out, this many are told in the log."""

BACKFILL_FORM = {
    "feed": Param("statsbomb", type="string", enum=list(FEEDS), description="Kind of the feed's files"),
    "source": Param(
        "",
        type="string",
        minLength=1,
        description="Folder that all machines see, or URL of a bucket (s3://...); below XGOALS_HOME or sources.roots",
    ),
    "target": Param(
        None,
        type=["null", "string"],
        description="Folder or URL of the lake of archives; empty: lake in XGOALS_HOME (or storage_url)",
    ),
    "database": Param("main", enum=["main", "demo"], description="Real data, or simulated data"),
}


@dataclass(frozen=True, slots=True)
class Backfill:
    """One run: what it reads, where the lake is, and whose results it fills."""

    run: RunContext
    feed: str
    source: str
    lake: str

    @classmethod
    def of(cls, context: Mapping[str, Any]) -> Backfill:
        """What the form asks for.

        Raises
        ------
        SettingsError
            If a run may not use a folder or bucket that it names.
        """
        from xgoals.steps.allowed_sources import refuse_place

        run, params = run_of(context), context["params"]
        for place in filter(None, (params["source"], params["target"])):
            refuse_place(run.settings, place)
        lake = params["target"] or _own_lake(run.settings, run.database)
        return cls(run, params["feed"], params["source"], lake)


def _own_lake(settings: Settings, database: str) -> str:
    """Simulated matches have a lake of their own."""
    root = settings.storage_url or str(settings.home)
    return f"{root.rstrip('/')}/lake" if database == "main" else f"{root.rstrip('/')}/{database}/lake"


def read_into_lake() -> str:
    """Read what is new or changed in the source into the lake, by Spark; where the lake is."""
    from xgoals.spark.ingest import spark_ingest

    with told_plainly():
        work = Backfill.of(get_current_context())
        done = spark_ingest(
            work.run.settings, feed=work.feed, source=work.source, to=work.lake, tell=log.info
        )
        log.info("%s", done)
    return work.lake


def load_from_lake(lake: str) -> int:
    """Load what is new or changed in the lake, one transaction a match; how many matches of the source lie there.

    Raises
    ------
    AirflowFailException
        When all is loaded, if the source has matches that could not be read.
    """
    with told_plainly():
        work = Backfill.of(get_current_context())
        _load(work.run, _here(work.run.settings, lake))
        return _tell_left_out(work)


def _here(settings: Settings, lake: str) -> Path:
    """The lake as a folder; of one in a bucket a copy is kept, of which only news is fetched."""
    from xgoals.spark.copying import copy_lake
    from xgoals.storage import is_url

    if not is_url(lake):
        return Path(lake.removeprefix("file://"))
    folder = settings.home / "lake_copies" / hashlib.sha256(lake.encode()).hexdigest()[:16]
    log.info("%d files fetched from %s", copy_lake(lake, folder), lake)
    return folder


def _load(run: RunContext, folder: Path) -> None:
    """As a terminal's ``xgoals ingest --feed archive``, with bookkeeping of its own."""
    from xgoals.steps.ingest import ingest, raise_if_newly_refused
    from xgoals.steps.run_context import FeedSource, close_run, open_run

    opened = open_run(
        run.settings,
        database=run.database,
        sources=[FeedSource("archive", folder)],
        dag_run_id=f"backfill__{run.run_id}",
        started_at=None,
    )
    try:
        ingest(opened)
        raise_if_newly_refused(opened)
    except BaseException as error:
        close_run(opened, "failed", "load_archive", str(error) or type(error).__name__)
        raise
    close_run(opened, "success")


def _tell_left_out(work: Backfill) -> int:
    from xgoals.spark.lake import INGESTED, PROBLEMS, Ingested, LakeProblem, read_rows
    from xgoals.storage import storage_at

    lake = storage_at(work.lake)
    left_out = [
        row
        for row in read_rows(lake, PROBLEMS, LakeProblem)
        if row.severity == "match" and (row.feed, row.source) == (work.feed, work.source)
    ]
    for row in left_out[:TOLD]:
        log.warning(
            "left out: %s: %s. %s", ", ".join(filter(None, (row.file, row.place))), row.reason, row.advice
        )
    if left_out:
        first, more = left_out[0], len(left_out) - 1
        others = f" (and {more} more)" if more else ""
        raise FeedError(
            f"left out, the others are loaded: {first.reason}{others}",
            where=first.file,
            advice=f"{first.advice}. All that is left out stands in {lake.where(PROBLEMS)}",
        )
    return len(read_rows(lake, INGESTED, Ingested))
