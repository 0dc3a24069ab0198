"""What killed processes and finished searches leave behind goes, and nothing of anybody who is at work."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text

from databases import database_name
from xgoals.domain.errors import StoreError
from xgoals.steps.upkeep import backup
from xgoals.store.features import save_catalogue
from xgoals.store.tuning import open_study, save_result
from xgoals.store.upkeep import retention
from xgoals.store.upkeep.scratch import scratch_database


def scratch_names(engine):
    with engine.connect() as connection:
        query = "select datname from pg_database where left(datname, length(current_database())) = current_database()"
        return set(connection.scalars(text(query))) - {engine.url.database}


def test_a_check_removes_what_killed_ones_have_left(engine, empty_database):
    name = database_name(empty_database)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f'create database "{name}_restore_check_4711"')
        connection.exec_driver_sql(f'create database "{name}_of_somebody"')
    assert backup.check_backup(empty_database, "main") == 0
    assert scratch_names(engine) == {f"{name}_of_somebody"}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f'drop database "{name}_of_somebody"')


def test_of_two_checks_at_once_one_says_so_and_the_other_is_left_alone(engine):
    with scratch_database(engine) as scratch:
        with (
            pytest.raises(StoreError, match="another check of a backup is under way"),
            scratch_database(engine),
        ):
            pass
        with scratch.connect() as connection:
            assert connection.scalar(text("select 1")) == 1
        (name,) = scratch_names(engine)
        assert name == scratch.url.database
    assert scratch_names(engine) == set()


def test_who_may_not_create_databases_is_told_so_and_another_role_may_do_it(engine):
    name = f"check_{uuid.uuid4().hex[:8]}"
    with engine.begin() as connection:
        connection.exec_driver_sql(f"create role {name} login password 'x'")
    url = engine.url.set(username=name, password="x")
    poor = create_engine(url)
    with (
        pytest.raises(StoreError, match=r"permission denied.*CREATEDB.*backup_check_url"),
        scratch_database(poor),
    ):
        pass
    with scratch_database(poor, engine.url.render_as_string(hide_password=False)) as scratch:
        assert scratch.url.username == engine.url.username
    with engine.begin() as connection:
        connection.exec_driver_sql(f"alter role {name} createdb")
    with scratch_database(engine, url.render_as_string(hide_password=False)) as scratch:
        assert scratch.url.username == name
    poor.dispose()
    with engine.begin() as connection:
        connection.exec_driver_sql(f"drop role {name}")


def test_finished_searches_go_with_their_trials_and_one_under_way_stays(engine):
    now = datetime.now(UTC)
    with engine.begin() as connection:
        save_catalogue(connection, "c", 1, [{"name": "x", "group": "g"}])
    for name, age_days in (("old", 100), ("young", 1), ("under way", None)):
        with open_study(engine, name) as study:
            for value in (0.1, 0.2):
                trial = study.ask()
                trial.suggest_float("eta", 0, 1)
                trial.report(value, 1)
                study.tell(trial, value)
        if age_days is not None:
            with engine.begin() as connection:
                save_result(
                    connection, catalogue="c", catalogue_version=1, study_name=name, parameters={}, is_adopted=False,
                    reason="r", evidence={}, run_id="r", searched_at=now - timedelta(days=age_days),
                )  # fmt: skip
    before = now - timedelta(days=90)
    with engine.begin() as connection:
        counted = retention.studies(connection, before, dry_run=True)
        assert counted[0] == 2
        assert retention.studies(connection, before, dry_run=False) == counted
    with engine.begin() as connection:
        names = set(connection.scalars(text("select study_name from optuna.studies")))
        assert names == {"young", "under way"}
        assert connection.scalar(text("select count(*) from optuna.trials")) == 4
        assert connection.scalar(text("select count(*) from optuna.trial_params")) == 4
        assert connection.scalar(text("select count(*) from tuning_result")) == 2, "what came of them stays"
        assert retention.studies(connection, before, dry_run=False) == (0, 0)
    with open_study(engine, "under way") as study:
        assert len(study.trials) == 2
