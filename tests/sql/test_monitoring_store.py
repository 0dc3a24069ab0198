"""What a results database tells a monitoring system: right against rows counted by hand, and cheap for ever."""

import hashlib
import json
import math
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine, event, text
from structlog.contextvars import get_contextvars

from xgoals.domain.model import Decision, ModelVersion
from xgoals.domain.provider_level import KindLevel, ProviderLevel
from xgoals.metrics.snapshot import Monitored
from xgoals.settings import Logs
from xgoals.steps.run_context import RunContext, writing
from xgoals.store import features, registry
from xgoals.store.levels import judged
from xgoals.store.matches import save_match
from xgoals.store.migrate import VERSION_TABLE
from xgoals.store.monitoring.champion import Interval, Level, SplitQuality
from xgoals.store.monitoring.figures import read_figures
from xgoals.store.monitoring.kept_counts import keep_counts, read_counts
from xgoals.store.runs import close_run, note_figures, open_run

NOW = datetime(2026, 11, 27, 4, 30, tzinfo=UTC)
GROW_WITH_HISTORY = {
    "match", "shot", "shot_position", "shot_feature", "shot_xg", "shot_explanation", "out_of_fold", "feed_file",
    "seen_file", "quarantine", "model_evaluation", "report",
}  # fmt: skip


def told(engine):
    with engine.connect() as connection:
        return read_figures(connection)


def run(engine, run_id, state, *, ended_at=NOW, seconds=()):
    with engine.begin() as connection:
        open_run(connection, run_id, feeds=["dfl"], sources=["x"], started_at=ended_at - timedelta(hours=1))
        for step, took in dict(seconds).items():
            note_figures(connection, run_id, {}, task=step, seconds=took)
        if state != "running":
            close_run(connection, run_id, state=state, ended_at=ended_at)


def store(engine, record, *, feed="dfl"):
    with engine.begin() as connection:
        save_match(connection, record, feed=feed, fingerprint=record.match.match_id)


def keep(engine):
    with engine.begin() as connection:
        keep_counts(connection)


def test_counts_are_those_of_the_rows_and_withdrawn_shots_count_no_more(engine, record, shot_of):
    kick_off = datetime(2026, 8, 1, 18, 30, tzinfo=UTC)
    store(engine, record("m1", kick_off=kick_off))
    store(engine, record("m2"))
    keep(engine)
    (of_p,) = told(engine).counts.providers
    assert (of_p.provider, of_p.n_matches, of_p.n_shots, of_p.newest_match) == ("p", 2, 4, kick_off)
    store(engine, record("m2", shots=(shot_of(0),)))  # its second shot is taken back
    keep(engine)
    (of_p,) = told(engine).counts.providers
    assert (of_p.n_matches, of_p.n_shots) == (2, 3)
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from shot")) == 4


def test_a_day_without_kick_off_counts_from_midnight_utc(engine, record):
    store(engine, record("m1"))
    keep(engine)
    (of_p,) = told(engine).counts.providers
    assert of_p.newest_match == datetime(2024, 8, 1, tzinfo=UTC)


def test_files_and_quarantine_are_told_by_feed(engine, record):
    seen = "insert into seen_file values ('dfl', :path, 'head', :state, 'x')"
    left_out = """insert into quarantine (feed, path, reason, advice, severity, found_by_run)
                  values ('dfl', :path, 'odd', 'mend', :severity, 'r')"""
    with engine.begin() as connection:
        # Size, contents changed, came here (both in ns), inode; of two files one after the other.
        connection.execute(text(seen), {"path": "a", "state": "9:1000000000:3000000000:5 8:1:7000000000:6"})
        connection.execute(text(seen), {"path": "b", "state": "9:9000000000:4000000000:5"})
        connection.execute(text(seen), {"path": "c", "state": "of another release"})
        for n, severity in enumerate(("match", "value", "value")):
            connection.execute(text(left_out), {"path": str(n), "severity": severity})
    store(engine, record("m1"))
    keep(engine)
    counts = told(engine).counts
    assert [(one.feed, one.changed_at.timestamp()) for one in counts.newest_files] == [("dfl", 7.0)]
    assert [(one.severity, one.n) for one in counts.quarantine] == [("match", 1), ("value", 2)]


def test_nothing_is_counted_again_while_nothing_has_changed(engine, record):
    store(engine, record("m1"))
    keep(engine)
    with statements(engine) as said:
        keep(engine)
        assert not [one for one in said if " group by " in one]
        store(engine, record("m2"))
        said.clear()
        keep(engine)
    counted = [one for one in said if " group by " in one]
    assert {
        table for table in ("match", "shot", "quarantine") for one in counted if f"from {table} " in one
    } == {
        "match",
        "shot",
    }
    with engine.connect() as connection:
        assert read_counts(connection) == told(engine).counts


def test_runs_are_told_without_single_steps_of_a_terminal(engine):
    run(engine, "manual__1", "success", seconds={"ingest": 2.0, "train": 9.0})
    run(engine, "manual__2", "success", ended_at=NOW + timedelta(days=1), seconds={"ingest": 3.0})
    run(engine, "manual__3", "failed", ended_at=NOW + timedelta(days=2))
    run(engine, "manual__4", "running", ended_at=NOW + timedelta(days=3))
    run(engine, "cli__report__5", "success", ended_at=NOW + timedelta(days=4), seconds={"report": 1.0})
    runs = told(engine).runs
    assert runs.n_by_state == {"running": 1, "success": 2, "failed": 1}
    assert (runs.last_success, runs.last_failure) == (NOW + timedelta(days=1), NOW + timedelta(days=2))
    assert runs.running_since == NOW + timedelta(days=3) - timedelta(hours=1)
    assert runs.seconds_by_step == {"ingest": 3.0, "train": 9.0}, "of each step the last time it was done"


def test_mails_pages_and_what_steps_found(engine, record):
    insert = """insert into notification (message_id, run_id, kind, matter, recipient, subject, message, state,
                                          created_at, changed_at)
                values (:id, 'r', 'digest', :id, 'a@b.de', 's', case when :state = 'sent' then null else 'm'::bytea end,
                        :state, :at, :at)"""
    with engine.begin() as connection:
        for n, state in enumerate(("sent", "failed", "pending", "given_up", "given_up")):
            at = NOW + timedelta(hours=n)
            connection.execute(text(insert), {"id": str(n), "state": state, "at": at})
    for n, (page, mail_due) in enumerate(
        (("due", True), ("later", False), ("written", True), ("written", False))
    ):
        store(engine, record(f"m{n}"))
        with engine.begin() as connection:
            connection.execute(
                text(
                    "insert into match_news (provider, match_id, page, mail_due) values ('p', :id, :page, :due)"
                ),
                {"id": f"m{n}", "page": page, "due": mail_due},
            )
    told_of_drift = {"is_drifting": True, "n_drift_alarms": 3, "attribution_ndcg": {"League": 0.93}}
    states = {"explanations": told_of_drift, "reasons": {"n_left": 12}}
    with engine.begin() as connection:
        for name, facts in states.items():
            insert_state = "insert into derived_state values (:name, 'k', cast(:facts as jsonb))"
            connection.execute(text(insert_state), {"name": name, "facts": json.dumps(facts)})
    found = told(engine)
    assert found.mails.n_by_state == {"pending": 1, "sent": 1, "outbox": 0, "failed": 1, "given_up": 2}
    assert found.mails.waiting_since == NOW + timedelta(hours=1)
    assert (found.owed.pages_due, found.owed.pages_later, found.owed.mails_due) == (1, 1, 2)
    assert (found.is_drifting, found.n_without_reasons) == (True, 12)
    assert (found.n_drift_alarms, found.attribution_ndcg) == (3, {"League": 0.93})


def test_an_empty_database_tells_noughts_and_no_champion(engine):
    found = told(engine)
    assert (found.champion, found.counts.providers, found.runs.last_success) == (None, (), None)
    assert (found.n_drift_alarms, found.attribution_ndcg) == (None, {})
    assert (found.is_drifting, found.mails.waiting_since, found.runs.seconds_by_step) == (False, None, {})
    assert set(found.runs.n_by_state.values()) == set(found.mails.n_by_state.values()) == {0}
    (size,) = found.size_bytes.values()
    assert size > 1_000_000


def test_no_question_touches_what_grows_with_history(engine):
    """However many matches there are: none of these tables is looked at, by index or without."""
    with statements(engine) as said:
        told(engine)
    touched = set()
    with engine.connect() as connection:
        for statement, parameters in said.items():
            plan = connection.exec_driver_sql(f"explain (format json) {statement}", parameters).scalar_one()
            touched |= set(relations(plan))
    assert {"run", "notification", "match_news", "derived_state"} <= touched
    assert not touched & GROW_WITH_HISTORY


def relations(plan):
    if isinstance(plan, list):
        for part in plan:
            yield from relations(part)
    elif isinstance(plan, dict):
        if "Relation Name" in plan:
            yield plan["Relation Name"]
        for part in plan.values():
            yield from relations(part)


class statements(dict):  # noqa: N801  (reads as a word: with statements(engine) as said)
    """What is handed to the server, with its parameters, while this lasts."""

    def __init__(self, engine):
        self._engine = engine

    def __enter__(self):
        event.listen(self._engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_):
        event.remove(self._engine, "before_cursor_execute", self._note)

    def _note(self, _connection, _cursor, statement, parameters, _context, _many):
        self[" ".join(statement.split())] = parameters


def test_readers_are_told_all_of_it(engine, empty_database):
    run(engine, "manual__1", "success", seconds={"ingest": 2.0})
    keep(engine)
    url = empty_database.database_url.get_secret_value()
    as_reader = create_engine(
        url, connect_args={"options": "-c role=xgoals_reader -c search_path=xgoals,public"}
    )
    try:
        assert told(as_reader) == told(engine)
    finally:
        as_reader.dispose()


def test_a_database_of_another_release_or_without_a_server_is_told_as_down(empty_database, engine, caplog):
    with engine.begin() as connection:
        connection.execute(text(f"update public.{VERSION_TABLE} set version_num = '0001'"))
    nobody = SecretStr("postgresql://xgoals:secret@127.0.0.1:1/xgoals")
    for settings in (empty_database, empty_database.model_copy(update={"database_url": nobody})):
        caplog.clear()
        monitored = Monitored(settings)
        (main,) = monitored.snapshot().databases
        monitored.close()
        assert (main.database, main.figures) == ("main", None)
        assert "tells no metrics" in caplog.text
        assert "secret" not in caplog.text


def test_who_asks_is_answered_again_once_the_server_is_back(empty_database, engine):
    monitored = Monitored(empty_database)
    assert monitored.snapshot().databases[0].figures is not None
    with engine.begin() as connection:
        connection.execute(
            text(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'xgoals metrics'"
            )
        )
    assert monitored.snapshot().databases[0].figures is not None, "a session that was cut is no outage"
    monitored.close()


@pytest.mark.parametrize("shared", [False, True])
def test_a_step_that_works_alone_keeps_counts_and_one_beside_others_leaves_it_to_the_next(
    empty_database, engine, record, shared
):
    """Beside others, rows that they have not committed yet would be missed, and never counted."""
    store(engine, record("m1"))
    with writing(RunContext(empty_database, "main", "manual__1"), "build_features", shared=shared):
        assert get_contextvars() == {}, "sentences name no fields"
    assert [one.n_shots for one in told(engine).counts.providers] == ([] if shared else [2])


def test_lines_of_a_step_name_its_run_where_they_are_json(empty_database):
    settings = empty_database.model_copy(update={"logs": Logs(format="json")})
    with writing(RunContext(settings, "main", "manual__1"), "build_features"):
        assert get_contextvars() == {"run_id": "manual__1", "step": "build_features", "database": "main"}
    assert get_contextvars() == {}


def test_the_champion_is_told_with_sample_sizes_and_a_level_of_too_few_shots_is_none(engine):
    kinds = KindLevel(60, 0.86, 0.81, 0.92)
    levels = {
        "two": ProviderLevel("off", 50, 1200, kinds, kinds),
        "three": ProviderLevel("too_few", 3, 72, kinds, kinds),
    }
    parts = {"log_loss": 0.265, "auc": 0.81, "n_shots": 6079, "goals": 626}
    metrics = {
        "held_out": {"model": parts},
        "out_of_fold": {"model": parts | {"n_shots": 30566, "auc": math.nan}},
        "calibration": {"slope": 1.006, "slope_interval": [0.973, 1.04], "xg_per_goal": None},
    }
    day, booster = date(2024, 8, 1), b"trees"
    model = ModelVersion(
        "xg-1", "test-1", 1, ["distance_m"], {}, 1, day, day, 1, 1, 0, "hash", {}, False, booster,
        hashlib.sha256(booster).hexdigest(), {}, metrics, "run", NOW,
    )  # fmt: skip
    no_window = pd.DataFrame(columns=["shot_key", "xg", "xg_held_out", "is_held_out"])
    with engine.begin() as connection:
        features.save_catalogue(connection, "test-1", 1, [{"name": "distance_m", "group": "place"}])
        registry.save_model(connection, model, no_window)
        decision = Decision("xg-1", None, "promoted", "the first", {})
        registry.record_decision(connection, decision, run_id=None, decided_at=NOW + timedelta(hours=1))
        judged.save_levels(connection, "xg-1", levels)
    champion = told(engine).champion
    assert (champion.model_version, champion.catalogue, champion.trained_at) == ("xg-1", "test-1", NOW)
    assert champion.champion_since == NOW + timedelta(hours=1)
    assert champion.quality == (
        SplitQuality("held_out", 0.265, 0.81, 6079, 626),
        SplitQuality("out_of_fold", 0.265, None, 30566, 626),
    )
    assert champion.calibration_slope == Interval(1.006, 0.973, 1.04)
    assert champion.xg_per_goal is None
    assert champion.levels == (
        Level("three", "too_few", 72, 60, None),
        Level("two", "off", 1200, 60, Interval(0.86, 0.81, 0.92)),
    )
