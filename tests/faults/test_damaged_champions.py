"""Nights whose champion a disk has damaged: one task says so, nothing is half done, and a roll-back mends it."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import nights
import pytest
import states
from fault_home import Home
from model_damage import bytes_damaged
from nights import Given, Night
from sqlalchemy import Connection, text

from counting import Tries
from xgoals.domain.scene import MatchRecord
from xgoals.feeds import load_feed
from xgoals.feeds.archive import write_archive
from xgoals.feeds.reading import read_all
from xgoals.orchestration.tasks import told_plainly
from xgoals.steps import promote, train

KNOWN, PROMISED = 24, 24
MODELS = ("model_version", "model_sister")
BESIDE = {"model_reference": "content", "model_refit": "booster", "surrogate_booster": "booster"}
"""What can be made anew of the shots, and where its bytes stand."""


@dataclass(frozen=True)
class Damage:
    """What was damaged, and whether a night has to stop for it: True, False, or None where it may."""

    what: str
    stops: bool | None


def told_by_tasks(night: Night) -> dict[str, str]:
    """What each task of a night fails with, as Airflow shows it; after one that fails, only the run's end follows."""
    nights._prepare(night)
    run, given, told = night.opened(), Given(), dict[str, str]()
    for name, task in nights.TASKS.items():
        if told and name != "deliver":
            continue
        try:
            with told_plainly():
                given = task(run, given)
        except Exception as error:
            told[name] = str(error)
    return told


@contextmanager
def session(home: Home) -> Iterator[Connection]:
    with home.engine.begin() as connection:
        connection.execute(text("set local search_path to xgoals, public"))
        yield connection


@pytest.fixture
def rivals(
    home: Home, thirty_matches: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, list[MatchRecord]]:
    """A home whose champion has reasons, refits and an earlier champion behind it; matches that are still to come."""
    monkeypatch.setenv(nights.TAKEN, str(tmp_path / "mails"))
    monkeypatch.setenv("XGOALS_LIMITS__REASONS_MINUTES", "5")
    records = [r.record for _, r in read_all("archive", load_feed("archive").discover(thirty_matches)[0])]
    write_archive(tmp_path / "known.parquet", records[:KNOWN])
    known = Night("before", "archive", tmp_path / "known.parquet")
    assert told_by_tasks(known) == {}
    monkeypatch.setenv("XGOALS_TRAINING__SEED", "7")
    champion = train.train(known.opened(), even_if_not_due=True)
    assert champion is not None
    promote.promote(home.settings, "main", champion)
    monkeypatch.setenv("XGOALS_TRAINING__MIN_MATCHES", "9999")  # no night finds another one
    write_archive(tmp_path / "rival.parquet", records[KNOWN : KNOWN + 2])
    assert told_by_tasks(Night("the rival's", "archive", tmp_path / "rival.parquet")) == {}
    with session(home) as connection:
        for table in (*MODELS, *BESIDE):
            named = "select conname from pg_constraint where conrelid = cast(:table as regclass) and contype = 'c'"
            for name in connection.scalars(text(named), {"table": table}).all():
                connection.execute(text(f"alter table {table} drop constraint {name}"))
            n_rows = connection.scalar(
                text(f"select count(*) from {table} where model_version = :v"), {"v": champion}
            )
            assert n_rows or table == "surrogate_booster", f"there is no {table} to damage"
            connection.execute(text(f"create table public.kept_{table} as select * from {table}"))
    return champion, records[KNOWN + 2 :]


def _damage(chance: random.Random, connection: Connection, champion: str) -> Damage:
    table = chance.choice(
        [
            *MODELS,
            *MODELS,
            *(name for name in BESIDE if connection.scalar(text(f"select exists (select from {name})"))),
        ]
    )
    if table == "model_version" and chance.random() < 0.3:
        change = chance.choice([
            "golden = '{}'", "seal = 'x'", "feature_names = feature_names[2:] || feature_names[1:1]",
            "golden = jsonb_set(golden, '{predictions,1}', '0.987')",
        ])  # fmt: skip
        connection.execute(text(f"update {table} set {change} where model_version = :v"), {"v": champion})
        return Damage(f"{table}: {change}", stops=True)
    column = BESIDE.get(table, "booster")
    where = f"where ctid = (select min(ctid) from {table} where model_version = :v)"
    stored = bytes(connection.scalar(text(f"select {column} from {table} {where}"), {"v": champion}))
    damage = bytes_damaged(chance, stored)
    fits = ", sha256 = encode(sha256(cast(:data as bytea)), 'hex')" if chance.random() < 0.5 else ""
    connection.execute(
        text(f"update {table} set {column} = :data{fits} {where}"), {"data": damage.data, "v": champion}
    )
    stops = damage.data != stored if table == "model_version" else None if table == "model_sister" else False
    return Damage(f"{table}: {damage.what}{', its checksum fits' if fits else ''}", stops)


def _undamaged(connection: Connection) -> None:
    for table in MODELS:
        sets = ", ".join(f"{name} = kept.{name}" for name in ("booster", "sha256", "golden", "seal"))
        if table == "model_version":
            sets += ", feature_names = kept.feature_names"
        same = "kept.model_version = t.model_version" + (
            " and kept.sister = t.sister" if table != "model_version" else ""
        )
        connection.execute(text(f"update {table} t set {sets} from public.kept_{table} kept where {same}"))
    for table in BESIDE:
        connection.execute(text(f"delete from {table}"))
        connection.execute(text(f"insert into {table} select * from public.kept_{table}"))


NUMBERS = "select features_key, model_version, xg from shot_xg order by 1, 2"
WITHOUT_A_NUMBER = """select count(*) from shot where match_id = :match and withdrawn_at is null and shot_key not in (
    select f.shot_key from shot_feature f join shot_xg using (features_key))"""


@pytest.mark.slow
def test_a_damaged_champion_costs_a_task_that_says_so_and_a_roll_back_mends_it(
    home: Home, rivals: tuple[str, list[MatchRecord]], tmp_path: Path, tries: Tries
) -> None:
    champion, records = rivals
    n = tries(PROMISED, small=6)
    for number in range(n):
        chance = random.Random(f"{tries.seed}:{number}")
        record = chance.choice(records)
        n_shots = 2 + number % (len(record.shots) - 2)  # so that every night has news
        record = replace(record, shots=record.shots[:n_shots], scenes=record.scenes[:n_shots], clips=())
        write_archive(tmp_path / f"{number}.parquet", [record])
        night = Night(f"night {number}", "archive", tmp_path / f"{number}.parquet")
        with session(home) as connection:
            before = connection.execute(text(NUMBERS)).all()
            damage = _damage(chance, connection, champion)
        pages = states.files(home.folder / "reports")
        said = f"seed {tries.seed}, number {number}, {damage.what}"
        told = told_by_tasks(night)
        with session(home) as connection:
            after = connection.execute(text(NUMBERS)).all()
        assert set(before) <= set(after), said
        if told:
            assert damage.stops is not False, (said, told)
            assert set(told) == {"explain"}, (said, told)
            assert champion in told["explain"], (said, told)
            assert "xgoals models rollback" in told["explain"], (said, told)
            assert len(told["explain"]) < 1_000, (said, told)
            assert before == after, said
            assert states.files(home.folder / "reports") == pages, said
            promote.roll_back(home.settings, "main")
            assert told_by_tasks(replace(night, name=f"after {number}")) == {}, said
        assert told or damage.stops is not True, said
        with session(home) as connection:
            lacking = connection.scalar(text(WITHOUT_A_NUMBER), {"match": record.match.match_id})
            assert lacking == 0, said
            _undamaged(connection)
        if told:
            promote.promote(home.settings, "main", champion)
    tries.done(6, "nights whose champion is damaged", n, PROMISED)
