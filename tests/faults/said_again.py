"""All that follows from features, from scratch, by a process whose environment is another."""

import json
import sys

from small_world import FEEDS
from sqlalchemy import Engine, text

from xgoals.settings import load_settings
from xgoals.steps import build_features, explain, report
from xgoals.steps.run_context import FeedSource, open_run
from xgoals.store.database import connect

DERIVED = (
    "derived_state", "shot_xg", "shot_explanation", "shot_interaction", "explanation_sum", "global_explanation",
    "interaction_explanation", "drift_sum", "drift_point", "bias_metric", "provider_level", "report", "page_source",
    "match_news",
)  # fmt: skip


def forget_what_follows(engine: Engine) -> None:
    """Numbers, explanations, sums and pages are to be made anew."""
    with engine.begin() as connection:
        connection.execute(text(f"truncate {', '.join(f'xgoals.{table}' for table in DERIVED)} cascade"))


def turn_rows_round(engine: Engine, seed: float) -> None:
    """Every table's rows lie in another order on the disk."""
    with engine.begin() as connection:
        connection.execute(text("set local session_replication_role = replica"))  # nothing has changed
        connection.execute(text("select setseed(:seed)"), {"seed": seed})
        tables = connection.scalars(
            text(
                """select table_name from information_schema.tables
                   where table_schema = 'xgoals' and table_type = 'BASE TABLE' order by 1"""
            )
        ).all()
        for table in tables:
            columns = ", ".join(
                f'"{name}"'
                for name in connection.scalars(
                    text(
                        """select column_name from information_schema.columns where table_schema = 'xgoals'
                           and table_name = :table and is_generated = 'NEVER' order by ordinal_position"""
                    ),
                    {"table": table},
                )
            )
            connection.execute(
                text(f"create temporary table kept on commit drop as select {columns} from xgoals.{table}")
            )
            connection.execute(text(f"delete from xgoals.{table}"))
            connection.execute(
                text(
                    f"insert into xgoals.{table} ({columns}) overriding system value"
                    " select * from kept order by random()"
                )
            )
            connection.execute(text("drop table kept"))


def say_again(model: str, seed: float) -> None:
    """Turn all rows round, and make everything from features on anew."""
    settings = load_settings()
    engine = connect(settings, "main")
    forget_what_follows(engine)
    turn_rows_round(engine, seed)
    engine.dispose()
    inboxes = {feed: settings.inbox(feed, "main") for feed in FEEDS}
    sources = [FeedSource(feed, inbox) for feed, inbox in inboxes.items() if inbox.is_dir()]
    run = open_run(settings, database="main", sources=sources, dag_run_id="said again", started_at=None)
    build_features.build_features(run)
    explain.explain(run, model)
    report.report(run, model)


if __name__ == "__main__":
    say_again(*json.loads(sys.argv[1]))
