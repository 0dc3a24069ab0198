"""What executors have explained goes into Postgres: as by the explain task, all or nothing, and no row that is wrong.

Without Spark: the functions that it calls on executors are called here, and write what it would have written.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from champions import xgoals
from sqlalchemy import create_engine

from leagues import Stage
from xgoals.domain.errors import ModelError, SourceError
from xgoals.feeds.archive.schema import SCHEMA
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.spark import explain as spark_side
from xgoals.spark import load
from xgoals.spark.build import PROBLEM, build_batches
from xgoals.spark.explain import SISTER, explain_batches, read_speakers, who_speaks
from xgoals.spark.folders import DONE, FILE, ROW
from xgoals.spark.load import load_explanations
from xgoals.steps.explain import explain
from xgoals.steps.run_context import RunContext
from xgoals.store.database import connect
from xgoals.store.explanations import read_explained
from xgoals.store.features import read_features
from xgoals.store.schema.sql_files import broken_promises

KEYS = ["provider", "match_id", "shot_id"]
BY_KEY = [(name, "ascending") for name in KEYS]


def features_of(league: Path) -> pa.Table:
    """As `xgoals spark features` writes them."""
    rows = pq.read_table(league, schema=SCHEMA)
    rows = rows.append_column(FILE, pa.array([str(league)] * len(rows)))
    rows = rows.append_column(ROW, pa.array(range(len(rows)))).sort_by([*BY_KEY[:2], (ROW, "ascending")])
    return pa.Table.from_batches(build_batches(rows.to_batches(), "best-17")).drop_columns(PROBLEM)


def explanations_of(features: pa.Table, run: RunContext) -> pa.Table:
    """As `xgoals spark explain` writes them."""
    engine = connect(run.settings, "main")
    with engine.connect() as connection:
        speakers = read_speakers(connection)
        names = ["provider", "match_id", "match_date", "home_team", "away_team"]
        who = who_speaks(connection, speakers, features.select(names).group_by(names).aggregate([]))
    engine.dispose()
    assert len(set(who.column(SISTER).to_pylist())) > 2
    joined = features.join(who, ["provider", "match_id"]).combine_chunks()
    return pa.Table.from_batches(explain_batches(joined.to_batches(), speakers))


def written(table: pa.Table, folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, folder / "part-0.parquet")
    (folder / DONE).touch()
    return str(folder)


@pytest.fixture
def crowned(reach: Callable[[str], tuple[RunContext, str]]) -> RunContext:
    return reach("crowned")[0]


@pytest.fixture
def features(league: Path) -> pa.Table:
    return features_of(league)


@pytest.fixture
def explained(crowned: RunContext, features: pa.Table) -> pa.Table:
    return explanations_of(features, crowned)


def in_database(run: RunContext, query: str) -> list[tuple[object, ...]]:
    engine = connect(run.settings, "main")
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.exec_driver_sql(query)]
    engine.dispose()
    return rows


CONTENT = """select md5(string_agg(x::text, ',' order by features_key)) from shot_xg x
             union all select md5(string_agg(e::text, ',' order by features_key)) from shot_explanation e"""


def test_features_and_explanations_are_those_of_the_tasks_and_a_second_load_changes_nothing(
    crowned: RunContext,
    features: pa.Table,
    explained: pa.Table,
    tmp_path: Path,
    stage_of_the_first_run: Callable[[str], Stage],
    postgres: EmbeddedPostgres,
) -> None:
    engine = connect(crowned.settings, "main")
    with engine.connect() as connection:
        stored = read_features(connection, "best-17", features.column("catalogue_version")[0].as_py())
    ours = features.to_pandas().set_index(KEYS)
    theirs = stored.astype(dict.fromkeys(KEYS, str)).set_index(KEYS).loc[ours.index]
    names = [name for name in ours.columns if name in theirs.columns and name[0].isupper()]
    assert len(ours) == len(stored)
    assert len(names) == 17
    assert ours[names].to_numpy().tobytes() == theirs[names].to_numpy().tobytes()
    assert list(ours["features_hash"]) == list(theirs["features_hash"])

    place = written(explained, tmp_path / "explained")
    loaded = load_explanations(crowned, place)
    assert (loaded.n_added, loaded.n_before, loaded.n_published) == (len(stored), 0, len(stored))
    assert loaded.refusals == ()
    with engine.connect() as connection:
        bulk = read_explained(connection, loaded.model_version).set_index(KEYS)
        assert broken_promises(connection) == {}
    engine.dispose()

    of_the_task = create_engine(
        postgres.url(stage_of_the_first_run("explained").database),
        connect_args={"options": "-c search_path=xgoals"},
    )
    with of_the_task.connect() as connection:
        task = read_explained(connection, loaded.model_version).set_index(KEYS).loc[bulk.index]
    of_the_task.dispose()
    assert list(bulk["scored_by"]) == list(task["scored_by"])
    values = [name for name in bulk if str(name).startswith(("shap_", "group_"))] + [
        "xg",
        "published_xg",
        "base_value",
    ]
    assert len(values) == 17 + 5 + 3
    assert np.abs(bulk[values].to_numpy() - task[values].to_numpy()).max() <= 1e-12

    before = in_database(crowned, CONTENT)
    again = load_explanations(crowned, place)
    assert (again.n_added, again.n_before, again.n_published, again.refusals) == (0, len(stored), 0, ())
    assert in_database(crowned, CONTENT) == before
    explain(crowned, loaded.model_version, reasons="none")
    assert in_database(crowned, CONTENT) == before


def test_a_load_that_is_ended_in_the_middle_leaves_nothing(
    crowned: RunContext, explained: pa.Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, staged = written(explained, tmp_path / "explained"), load.staged_tables

    def interrupted(*asked):
        yield next(iter(staged(*asked)))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(load, "staged_tables", interrupted)
        with pytest.raises(KeyboardInterrupt):
            load_explanations(crowned, place)
    assert in_database(crowned, "select count(*) from shot_xg") == [(0,)]
    (tmp_path / "explained" / DONE).unlink()
    with pytest.raises(SourceError, match="was ended before it was done"):
        load_explanations(crowned, place)
    assert in_database(crowned, "select count(*) from shot_xg") == [(0,)]


def changed(table: pa.Table, row: int, **values: object) -> pa.Table:
    for name, value in values.items():
        at = table.schema.get_field_index(name)
        kind = table.schema.field(at).type
        is_row = pa.array([i == row for i in range(len(table))])
        table = table.set_column(at, name, pc.if_else(is_row, pa.scalar(value, kind), table.column(at)))
    return table


def test_rows_that_are_wrong_are_refused_with_a_sentence_and_the_good_rest_is_loaded(
    crowned: RunContext, explained: pa.Table, tmp_path: Path
) -> None:
    rows = explained.sort_by(BY_KEY)
    taken_back = rows.slice(3, 1).to_pylist()[0]
    engine = connect(crowned.settings, "main")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "update shot set withdrawn_at = now() where (provider, match_id, shot_id) = (%s, %s, %s)",
            tuple(taken_back[name] for name in KEYS),
        )
    engine.dispose()
    xg = rows.column("xg").to_pylist()
    spoilt = changed(rows, 0, model_version="xg-other")
    spoilt = changed(spoilt, 1, shot_id="nobody's")
    spoilt = changed(spoilt, 2, features_hash="of before")
    spoilt = changed(spoilt, 4, xg=xg[4] + 1e-6)
    spoilt = changed(spoilt, 5, shap_Header=float("nan"))
    spoilt = changed(spoilt, 6, xg=None)
    spoilt = changed(spoilt, 7, sister=99)
    spoilt = pa.concat_tables([spoilt, rows.slice(8, 1)])
    loaded = load_explanations(crowned, written(spoilt, tmp_path / "spoilt"))
    assert loaded.n_added == len(rows) - 8
    assert {refusal.reason: refusal.n_rows for refusal in loaded.refusals} == {
        "model": 1, "unknown": 1, "features": 1, "withdrawn": 1, "sum": 3, "speaker": 1, "twice": 1,
    }  # fmt: skip
    told = "\n".join(loaded.sentences)
    assert "of another model than the champion" in told
    assert "/nobody's. Load their matches first" in told
    assert f"{taken_back['match_id']}/{taken_back['shot_id']}" in told
    assert loaded.n_refused == 9

    # Once the files are right again, what was refused is added; of the shot that is away nothing is.
    assert load_explanations(crowned, written(rows, tmp_path / "right")).n_added == 7
    # Values that add up to another number than the stored one change nothing.
    other = changed(rows, 9, xg=xg[9] + 0.01, shap_Header=rows.column("shap_Header")[9].as_py() + 0.01)
    other = changed(other, 9, group_execution=rows.column("group_execution")[9].as_py() + 0.01)
    again = load_explanations(crowned, written(other, tmp_path / "other"))
    assert {refusal.reason for refusal in again.refusals} == {"number", "withdrawn"}
    assert again.n_added == 0


def test_files_of_something_else_are_refused_as_a_whole(
    crowned: RunContext, features: pa.Table, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match="columns are missing"):
        load_explanations(crowned, written(features, tmp_path / "features"))
    with pytest.raises(SourceError, match="there is no such folder"):
        load_explanations(crowned, str(tmp_path / "nowhere"))
    (tmp_path / "features" / "part-0.parquet").write_bytes(b"PAR1 cut off")
    with pytest.raises(SourceError, match="the file is damaged"):
        load_explanations(crowned, str(tmp_path / "features"))


def test_the_command_loads_what_it_has_explained_and_tells_what_it_refuses(
    crowned: RunContext, explained: pa.Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on_a_cluster(*_: object, to: str, **__: object) -> spark_side.Explained:
        written(changed(explained, 0, shot_id="nobody's"), Path(to))
        return spark_side.Explained(len(explained), "xg-x", to)

    monkeypatch.setattr(spark_side, "spark_explain", on_a_cluster)
    to = str(tmp_path / "explained")
    done = xgoals("spark", "explain", "--source", "features", "--to", to, "--load")
    assert done.returncode == 4
    assert f"{len(explained):,} shots explained by xg-x -> {to}" in done.stdout
    assert f"{len(explained) - 1:,} shots have explanations" in done.stdout
    assert "1 rows refused: they are not stored; the first: shot " in done.stderr
    assert in_database(crowned, "select count(*) from shot_xg where publication = 1") == [
        (len(explained) - 1,)
    ]
    assert xgoals("spark", "explain", "--source", "features", "--to", to).returncode == 0
    nowhere = xgoals("spark", "features", "--source", str(tmp_path / "nowhere"), "--to", to)
    assert (nowhere.returncode, "there is no such file or folder" in nowhere.stderr) == (3, True)


def test_without_a_champion_nothing_is_explained(empty_database) -> None:
    engine = connect(empty_database, "main")
    with engine.connect() as connection, pytest.raises(ModelError, match="no champion yet"):
        read_speakers(connection)
    engine.dispose()
