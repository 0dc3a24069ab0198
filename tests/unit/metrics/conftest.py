"""A snapshot made by hand: one database that answers, one that does not."""

from datetime import UTC, datetime

import pytest

from xgoals.metrics.snapshot import DatabaseSnapshot, Disk, Snapshot
from xgoals.store.monitoring.champion import ChampionFigures, Interval, Level, SplitQuality
from xgoals.store.monitoring.figures import Figures, MailFigures, OwedFigures, RunFigures
from xgoals.store.monitoring.kept_counts import KeptCounts, NewestFile, ProviderCounts, QuarantineCount

NIGHT = datetime(2026, 11, 27, 4, 30, tzinfo=UTC)
"""1,795,753,800 s after 1970 began."""


@pytest.fixture
def figures() -> Figures:
    return Figures(
        schema_version="0025",
        counts=KeptCounts(
            (ProviderCounts("dfl", 3, 70, NIGHT), ProviderCounts("opta", 1, 0, None)),
            (NewestFile("dfl", NIGHT),),
            (QuarantineCount("dfl", "match", 2),),
        ),
        runs=RunFigures({"running": 1, "success": 4, "failed": 2}, NIGHT, NIGHT, NIGHT, {"ingest": 1.5}),
        mails=MailFigures({"pending": 1, "sent": 5, "outbox": 0, "failed": 2, "given_up": 3}, NIGHT),
        owed=OwedFigures(6, 7, 8),
        champion=ChampionFigures(
            "xg-1",
            "best-17",
            NIGHT,
            NIGHT,
            (SplitQuality("held_out", 0.265, 0.81, 6079, 626), SplitQuality("out_of_fold", 0.25, None, 9, 0)),
            Interval(1.01, 0.97, 1.05),
            Interval(0.99, 0.95, 1.03),
            (
                Level("opta", "off", 500, 40, Interval(1.2, 1.1, 1.3)),
                Level("wyscout", "too_few", 5, 0, None),
            ),
        ),
        is_drifting=True,
        n_drift_alarms=2,
        attribution_ndcg={"La Liga": 0.97},
        n_without_reasons=9,
        size_bytes={"xgoals": 1000, "airflow": 10},
    )


@pytest.fixture
def snapshot(figures: Figures) -> Snapshot:
    asked = (DatabaseSnapshot("main", figures, 0.02), DatabaseSnapshot("demo", None, 5.0))
    return Snapshot("1.2.3", asked, Disk(100, 40), {"scheduler": NIGHT})
