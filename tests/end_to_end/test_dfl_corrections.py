"""A correction after publication: the corrected shot is explained anew, all others keep their numbers."""

import re

import pandas as pd
import pytest
from sqlalchemy import text
from test_dfl_deliveries import NEWER, saved_shot, send, three_matches

from xgoals.steps import build_features, explain, ingest, register, train
from xgoals.store.database import connect
from xgoals.store.schema.sql_files import broken_promises

__all__ = ["three_matches"]


@pytest.fixture
def numbers(empty_database):
    """Every published number and explanation of the DFL's shots, with the features that they refer to."""

    def read() -> pd.DataFrame:
        engine = connect(empty_database, "main")
        with engine.connect() as connection:
            frame = pd.read_sql_query(
                text(
                    """select s.shot_id, x.publication, x.features_key, f.is_current, x.xg, e.shap_values::text as shap
                       from shot s join shot_xg x using (shot_key) join shot_feature f using (features_key)
                       join shot_explanation e using (features_key, model_version)
                       where s.provider = 'dfl' order by s.shot_id, x.publication"""
                ),
                connection,
            )
            assert broken_promises(connection) == {}
        engine.dispose()
        return frame

    return read


@pytest.fixture
def next_run(open_run):
    """What a later night does."""

    def work(name, source):
        context = open_run(name, "dfl", source)
        ingest.ingest(context)
        build_features.build_features(context)
        assert train.train(context) is None
        explain.explain(context, register.register(context, None))
        return context

    return work


def test_five_nights(empty_database, first_run, next_run, numbers, three_matches, tmp_path):
    shot_id, old, new = saved_shot(three_matches / "m1")

    def of_shot(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["shot_id"] == shot_id]

    def of_others(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["shot_id"] != shot_id].reset_index(drop=True)

    next_run("matchday", three_matches)
    first = numbers()
    assert set(first["publication"]) == {1}
    assert first["shot_id"].is_unique
    published = of_shot(first).iloc[0]

    # The match comes again, and says the same of the game.
    next_run("again", send(three_matches / "m1", tmp_path / "again", NEWER))
    pd.testing.assert_frame_equal(numbers(), first)

    # One shot is corrected: it is explained and published anew, what was published of it stays.
    corrected = send(three_matches / "m1", tmp_path / "corrected", NEWER.replace("2030", "2031"), (old, new))
    next_run("corrected", corrected)
    second = numbers()
    pd.testing.assert_frame_equal(of_others(second), of_others(first))
    was, now = of_shot(second).itertuples()
    assert (was.publication, was.features_key, was.is_current) == (1, published["features_key"], False)
    assert (was.xg, was.shap) == (published["xg"], published["shap"])
    assert (now.publication, now.is_current) == (2, True)
    assert now.xg < was.xg  # from the same place, by head

    # The correction is taken back: the number from before it is the latest again.
    back = send(three_matches / "m1", tmp_path / "back", NEWER.replace("2030", "2032"))
    next_run("taken back", back)
    third = numbers()
    pd.testing.assert_frame_equal(of_others(third), of_others(first))
    assert of_shot(third)["publication"].tolist() == [2, 3]
    latest = of_shot(third).iloc[-1]
    assert (latest["features_key"], latest["xg"]) == (published["features_key"], published["xg"])

    # The shot is withdrawn: it counts nowhere, the summaries are over what is left, and its published numbers stay.
    delete = re.sub(r">.*</Event>", "><Delete/></Event>", old, flags=re.DOTALL)
    withdrawn = send(
        three_matches / "m1", tmp_path / "gone", NEWER.replace("2030", "2033"), (old, old + delete)
    )
    next_run("withdrawn", withdrawn)
    fourth = numbers()
    kept = ["publication", "features_key", "xg", "shap"]
    pd.testing.assert_frame_equal(of_shot(fourth)[kept], of_shot(third)[kept])
    assert not of_shot(fourth)["is_current"].any()
    pd.testing.assert_frame_equal(of_others(fourth), of_others(first))
    engine = connect(empty_database, "main")
    with engine.connect() as connection:
        shots = connection.scalar(
            text("select count(*) from shot where not is_penalty and withdrawn_at is null")
        )
        summarised = connection.scalars(
            text("select distinct n_shots from global_explanation where scope = 'all'")
        ).all()
        shown = text("select count(*) from xgoals_views.champion_shot where shot_id = :id")
        assert connection.scalar(shown, {"id": shot_id}) == 0
    engine.dispose()
    assert summarised == [shots]
