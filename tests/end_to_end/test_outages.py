"""The database goes away at moments of our choice: nothing is half-written, and a retry mends it."""

from itertools import islice

import pytest
from airflow.sdk.exceptions import AirflowFailException
from sqlalchemy import create_engine, text

from xgoals.domain.errors import FeedError, StoreError
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league
from xgoals.orchestration.tasks import told_plainly
from xgoals.steps import build_features, ingest
from xgoals.store import features, matches
from xgoals.store.database import RefusedError

N_MATCHES = 4


@pytest.fixture(scope="module")
def four_matches(tmp_path_factory):
    folder = tmp_path_factory.mktemp("four")
    write_archive(folder / "four.parquet", islice(simulate_league(), N_MATCHES))
    return folder / "four.parquet"


@pytest.fixture
def end_sessions(empty_database):
    """``end_sessions("xgoals ingest")``: end those of this name in the run's database, as a switch-over does."""
    address = empty_database.database_url.get_secret_value()

    def end(pattern):
        engine = create_engine(address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            ended = connection.scalars(
                text(
                    """select pg_terminate_backend(pid, 5000) from pg_stat_activity
                       where datname = current_database() and application_name like :pattern"""
                ),
                {"pattern": pattern},
            ).all()
        engine.dispose()
        assert ended

    return end


def once(function, n, action):
    """A function that does something beside, before its n-th call."""
    calls = []

    def wrapped(*args, **kwargs):
        calls.append(args)
        if len(calls) == n:
            action()
        return function(*args, **kwargs)

    return wrapped


def counts(query):
    (row,) = query(
        """select (select count(*) from match) as matches, (select count(*) from quarantine) as quarantined,
                  (select count(*) from shot s where not exists (
                      select from match m where (m.provider, m.match_id) = (s.provider, s.match_id))) as lost_shots"""
    ).to_dict("records")
    return row


@pytest.mark.parametrize("pattern", ["xgoals ingest", "run first, ingest"])
def test_ingest_ends_at_once_and_a_retry_reads_the_rest(
    open_run, four_matches, query, end_sessions, monkeypatch, pattern
):
    context = open_run("first", "archive", four_matches)
    with monkeypatch.context() as patch:
        patch.setattr(matches, "save_match", once(matches.save_match, 3, lambda: end_sessions(pattern)))
        with pytest.raises(StoreError, match=r"went away|the lock was lost"), told_plainly():
            ingest.ingest(context)
    assert counts(query) == {"matches": 2, "quarantined": 0, "lost_shots": 0}, (
        "an outage is no fault of a match"
    )
    ingest.ingest(context)
    assert counts(query) == {"matches": N_MATCHES, "quarantined": 0, "lost_shots": 0}


def test_features_are_stored_as_a_whole_or_not_at_all(
    open_run, four_matches, query, end_sessions, monkeypatch
):
    context = open_run("first", "archive", four_matches)
    ingest.ingest(context)
    with monkeypatch.context() as patch:
        saved = once(features.save_features, 1, lambda: end_sessions("xgoals build_features"))
        patch.setattr(features, "save_features", saved)
        with pytest.raises(StoreError, match="went away"), told_plainly():
            build_features.build_features(context)
    assert query("select count(*) as n from shot_feature")["n"].item() == 0
    build_features.build_features(context)
    assert query("select count(*) as n from shot_feature")["n"].item() == query("select * from shot").shape[0]


@pytest.mark.parametrize(
    "error", [FeedError("a broken file"), RefusedError("a value"), ValueError("our code")]
)
def test_what_stays_broken_is_not_tried_again(error):
    with pytest.raises(AirflowFailException, match=str(error).rstrip(".")), told_plainly():
        raise error


@pytest.mark.parametrize("error", [StoreError("it is away"), OSError(5, "a drive"), MemoryError()])
def test_what_may_pass_is_tried_again(error):
    with pytest.raises(type(error)), told_plainly():
        raise error
