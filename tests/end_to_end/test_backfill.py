"""Matches by choice: a backfill in any order gives what the order of the calendar gives."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from xgoals.domain.errors import SourceError
from xgoals.settings import load_settings
from xgoals.steps import build_features, compute_baseline, explain, find_matches, ingest, register, train
from xgoals.steps.find_matches import Wanted, share_out
from xgoals.store.database import connect

OF_SHOTS = {
    "match": "select to_jsonb(m) from match m",
    "shot": "select to_jsonb(s) - 'shot_key' from shot s",
    "position": "select s.shot_id, to_jsonb(p) - 'shot_key' from shot_position p join shot s using (shot_key)",
    "feature": """select s.shot_id, to_jsonb(f) - array['shot_key', 'features_key']
                  from shot_feature f join shot s using (shot_key) where f.is_current""",
    "value": "select s.shot_id, x.model_version, x.xg from champion_shot x join shot s using (shot_key)",
    "own goal": "select to_jsonb(g) from own_goal g",
    "player": "select to_jsonb(p) from player p",
}


def contents(settings: Any) -> dict[str, list[str]]:
    engine = connect(settings, "main")
    with engine.connect() as connection:
        rows = {name: sorted(map(str, connection.execute(text(q)).all())) for name, q in OF_SHOTS.items()}
    engine.dispose()
    assert all(rows[name] for name in ("match", "shot", "position", "feature", "value", "player"))
    return rows


@pytest.fixture
def backfill(open_run, league) -> Callable[[Iterable[int]], None]:
    """Read matchdays one run each, in the order given, then let the pipeline go on from there."""

    def work(matchdays: Iterable[int]) -> None:
        for number in matchdays:
            context = open_run(f"matchday {number}", "archive", league)
            ingest.ingest(context, Wanted(first_matchday=number, last_matchday=number))
            build_features.build_features(context)
        context = open_run("whole", "archive", league)
        champion = register.register(context, train.train(context))
        compute_baseline.compute_baseline(context, champion)
        explain.explain(context, champion)

    return work


@pytest.mark.slow
def test_a_backfill_in_odd_order_gives_the_rows_of_one_in_order(
    empty_database, backfill, postgres, template_database, monkeypatch
):
    backfill(range(1, 8))
    in_order = contents(empty_database)
    engine = create_engine(postgres.url("postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"create database in_odd_order template {template_database}")
    monkeypatch.setenv("XGOALS_DATABASE_URL", postgres.url("in_odd_order"))
    backfill([5, 1, 7, 2, 6, 4, 3])
    odd = contents(load_settings())
    for name, rows in in_order.items():
        assert odd[name] == rows, name


def test_matches_are_chosen_by_what_the_form_asks_for(empty_database, open_run, league):
    context = open_run("choice", "archive", league)

    def ids(**asked: Any) -> list[str]:
        portions = find_matches.find_matches(context, Wanted(**asked))
        return sorted(match_id for portion in portions for match_id in portion.match_ids)

    everything = ids()
    assert len(everything) == 60
    assert ids(first_matchday=2, last_matchday=3) == [m for m in everything if m[9:11] in ("02", "03")]
    assert ids(first_matchday=7) == [m for m in everything if m[9:11] == "07"]
    assert ids(match_ids=frozenset(everything[:2])) == everything[:2]
    assert ids(season="2023/24") == ids(season="SIM-2023") == everything
    assert ids(season="1899/00") == []
    with pytest.raises(SourceError, match="no match X-1 in it"):
        ids(match_ids=frozenset({"X-1", everything[0]}))

    two = frozenset(everything[:2])
    ingest.ingest(context, Wanted(match_ids=two))
    assert ids(match_ids=two) == []
    assert ids(match_ids=two, again=True) == everything[:2]


@pytest.mark.parametrize(
    ("n", "sizes"), [(0, []), (1, [1]), (24, [1] * 24), (25, [12, 13]), (918, None), (5000, None)]
)
def test_few_matches_have_a_task_each_and_many_share_at_most_24(n, sizes):
    portions = share_out([str(i) for i in range(n)])
    assert [m for portion in portions for m in portion] == [str(i) for i in range(n)]
    if sizes is not None:
        assert [len(portion) for portion in portions] == sizes
    assert len(portions) <= 24
    assert max(map(len, portions), default=0) - min(map(len, portions), default=0) <= 1
