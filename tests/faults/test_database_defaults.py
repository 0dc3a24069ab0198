"""A server, a database or a role whose defaults are others than ours: not one number changes on its way.

What a session is not told is decided by its defaults: how a number or a time is written, whether a null in an array
is one, how long a statement may take.
"""

import random
from collections.abc import Mapping
from datetime import timedelta

import pytest
from chain import Run, work
from sqlalchemy import text
from states import differences, stored
from warm import run_warm

from xgoals.settings import load_settings
from xgoals.steps.upkeep.backup import check_backup
from xgoals.store.database import connect, copy_frame, read_frame

ODD: Mapping[str, tuple[str, ...]] = {
    "TimeZone": ("Pacific/Kiritimati", "America/St_Johns", "Europe/Berlin"),
    "DateStyle": ("SQL, DMY", "German", "Postgres, MDY"),
    "IntervalStyle": ("sql_standard", "iso_8601", "postgres_verbose"),
    "extra_float_digits": ("0", "-15"),
    "bytea_output": ("escape",),
    "standard_conforming_strings": ("off",),
    "array_nulls": ("off",),
    "transform_null_equals": ("on",),
    "search_path": ("pg_catalog", '"$user"'),
    "client_encoding": ("LATIN1", "SQL_ASCII", "EUC_JP"),
    "default_transaction_isolation": ("serializable", "repeatable read"),
    "default_transaction_deferrable": ("on",),
    "lc_numeric": ("C",),
    "statement_timeout": ("4000",),
    "lock_timeout": ("1",),
    "idle_session_timeout": ("2000",),
    "idle_in_transaction_session_timeout": ("2000",),
    "transaction_timeout": ("4000",),
    "quote_all_identifiers": ("on",),
    "xmloption": ("document",),
    "enable_hashjoin": ("off",),
    "enable_hashagg": ("off",),
    "enable_nestloop": ("off",),
    "plan_cache_mode": ("force_generic_plan",),
    "work_mem": ("64kB",),
    "max_parallel_workers_per_gather": ("0",),
    "synchronize_seqscans": ("off",),
}
TASKS = ("ingest", "build_features", "train", "register", "compute_baseline", "explain")


def give_defaults(engine, odd: Mapping[str, str]) -> None:
    """As an administrator does it for one database; sessions from now on have them."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for name, value in odd.items():
            connection.exec_driver_sql(
                f"alter database {engine.url.database} set {name} = "
                + ("''" if not value else value if name == "search_path" else f"'{value}'")
            )


def odd_of(chance: random.Random, n: int) -> dict[str, str]:
    return {name: chance.choice(ODD[name]) for name in chance.sample(sorted(ODD), n)}


def test_values_come_back_as_they_were_whatever_the_defaults_are(home, tries):
    n, chance = tries(60, small=2), random.Random(tries.seed)
    query = """select 0.1::float8 + 0.2::float8 as x, timestamptz '2026-10-25 01:30:00+00' as moment,
                      date '2026-03-04' as day, 'Müller–Łukasz 李' as name, decode('00ff', 'hex') as bytes,
                      '{null,1}'::text[] as list, (select null) = (select null) as unknown"""

    def seen():
        engine = connect(load_settings(), "main")
        try:
            with engine.connect() as connection:
                row = read_frame(connection, query).assign(bytes=lambda t: t["bytes"].map(bytes))
                copied = copy_frame(connection, query)
                written = connection.scalar(
                    text("select cast(interval '1 day 2 h' as text) || current_date::text")
                )
                # Read, not waited for: between two statements a busy machine takes as long as it takes.
                wait = [connection.scalar(text("select current_setting(:name, true)"), {"name": name})
                        for name in ODD if name.endswith("_timeout")]  # fmt: skip
                span = connection.scalar(text("select interval '1 day 02:03:04'"))
                isolation = connection.scalar(text("show transaction_isolation"))
                back = connection.scalar(text("select cast(:given as text)"), {"given": "a\\nb'c\""})
        finally:
            engine.dispose()
        return (
            row.to_dict("records"),
            copied.astype(str).to_dict("records"),
            written,
            wait,
            span,
            isolation,
            back,
        )

    plain = seen()
    assert plain[0][0]["x"] == 0.1 + 0.2
    assert plain[4] == timedelta(days=1, seconds=7384)
    for attempt in range(n):
        odd = odd_of(chance, len(ODD) if attempt == 0 else chance.randint(1, 8))
        with home.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"alter database {home.database} reset all")
        give_defaults(home.engine, odd)
        assert seen() == plain, f"seed {tries.seed}, attempt {attempt}: {odd}"
    tries.done(4, "odd defaults of a session, value by value", n, 60)


def test_a_good_backup_is_called_good_whatever_the_defaults_of_the_role_are(
    home, role, as_administrator, monkeypatch
):
    with home.engine.begin() as connection:
        connection.exec_driver_sql(
            "insert into xgoals.run (run_id, feeds, sources, started_at) values ('first', '{}', '{}', now())"
        )
    as_administrator(f"alter role {role['ROLE']} createdb")
    for name in ("TimeZone", "DateStyle", "extra_float_digits", "statement_timeout"):
        as_administrator(f"alter role {role['ROLE']} set {name} = '{ODD[name][0]}'")
    monkeypatch.setenv("XGOALS_DATABASE_URL", role["XGOALS_DATABASE_URL"])
    assert check_backup(load_settings(), "main") > 0


@pytest.mark.slow
def test_whole_runs_give_the_same_rows_whatever_the_defaults_are(home, thirty_matches, tries, another_home):
    n, chance = tries(2, small=1), random.Random(tries.seed)
    run = Run("first", source=thirty_matches)
    for task in TASKS:
        run_warm(work, task, run, env=home.env).result()
    plain = stored(home.engine)
    for attempt in range(n):
        odd = odd_of(chance, len(ODD) if attempt == 0 else chance.randint(4, 12))
        print(f"attempt {attempt}: {odd}")  # noqa: T201 - shown where a test fails
        other = another_home()
        give_defaults(other.engine, odd)
        for task in TASKS:
            run_warm(work, task, run, env=other.env).result()
        with other.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"alter database {other.database} reset all")
        other.engine.dispose()
        different = differences(plain, stored(other.engine))
        assert different == {}, f"seed {tries.seed}, attempt {attempt}: {odd}"
    tries.done(4, "odd defaults of a session, whole runs", n, 2)
