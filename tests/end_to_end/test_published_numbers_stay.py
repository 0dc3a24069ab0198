"""Published numbers stay when the champion changes, when matches are added, and after a rollback."""

from itertools import islice

import numpy as np
import pandas as pd
import pytest
from champions import champion, query

from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league
from xgoals.outputs import exports
from xgoals.settings import load_settings
from xgoals.steps import build_features, compute_baseline, explain, ingest, promote, register
from xgoals.steps.run_context import FeedSource, RunContext
from xgoals.store import registry
from xgoals.store.database import connect
from xgoals.store.schema.sql_files import broken_promises


@pytest.fixture
def export(database, tmp_path):
    def read():
        exports.export_shots(database, "main", tmp_path / "shots.parquet")
        return pd.read_parquet(tmp_path / "shots.parquet").set_index("shot_id")

    return read


def test_published_numbers_stay_when_the_champion_changes_and_new_ones_are_the_new_champions(
    database, first, train_another, export, tmp_path
):
    old = champion(database)
    explain.explain(first, old)
    before = export()
    assert set(before["model_version"]) == set(before["champion_version"]) == {old}

    context, new = train_another()
    assert register.register(context, new) == new
    compute_baseline.compute_baseline(context, new)
    explain.explain(context, new)
    after = export()
    pd.testing.assert_series_equal(after["xg"], before["xg"])
    assert set(after["model_version"]) == {old}
    assert set(after["champion_version"]) == {new}
    assert (after["champion_xg"] - after["xg"]).abs().max() > 0.001
    # the explanation of the published number adds up to it, beside the new champion's
    gaps = query(
        database,
        """select max(abs(e.base_value + (select sum(v) from unnest(e.shap_values) v) - x.xg)), count(*)
           from shot_xg x join shot_explanation e using (features_key, model_version)
           where x.publication is not null""",
    )
    assert gaps[0][0] < 1e-6
    assert gaps[0][1] == len(before)

    more = tmp_path / "more.parquet"
    write_archive(more, islice(simulate_league(), 60, 63))
    matchday = RunContext(load_settings(), "main", context.run_id, (FeedSource("archive", more),))
    ingest.ingest(matchday)
    build_features.build_features(matchday)
    explain.explain(matchday, new)
    latest = export()
    fresh = latest.index.difference(before.index)
    assert len(fresh) > 0
    assert set(latest.loc[fresh, "model_version"]) == {new}
    np.testing.assert_array_equal(latest.loc[fresh, "xg"], latest.loc[fresh, "champion_xg"])
    pd.testing.assert_series_equal(latest.loc[before.index, "xg"], before["xg"])

    # rolled back: what was published stays, and the old champion's numbers stand beside the new matches'
    promote.roll_back(database, "main")
    explain.explain(matchday, old)
    rolled_back = export()
    pd.testing.assert_series_equal(rolled_back["xg"], latest["xg"])
    assert set(rolled_back["champion_version"]) == {old}
    engine = connect(database, "main")
    with engine.connect() as connection:
        assert broken_promises(connection) == {}
        assert registry.champion_name(connection) == old
    engine.dispose()
