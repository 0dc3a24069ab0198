"""Why our numbers and the provider's differ: fitted once, told where they are apart, silent where little is known."""

import numpy as np
import pytest
from sqlalchemy import text

from xgoals.steps.explaining.comparisons import compare_and_measure
from xgoals.store.comparisons.trust import read_trust
from xgoals.store.database import connect
from xgoals.store.differences import fits, read_differences

# A provider whose number is the distance's and the keeper's alone, and of no other feature.
OF_FEATURES = """
    update shot s set provider_xg = 1 / (1 + exp(0.16 * f.feature_values[4] - 0.4 + 0.02 * f.feature_values[2]))
    from shot_feature f where f.shot_key = s.shot_key and f.is_current and f.feature_values[2] <> 'NaN'"""
FORGOTTEN = "truncate model_surrogate, surrogate_booster, shot_difference"


@pytest.fixture
def engine(reach):
    run, _ = reach("explained")
    engine = connect(run.settings, "main")
    yield engine
    engine.dispose()


@pytest.fixture
def version(engine):
    with engine.connect() as connection:
        return connection.scalar(text("select model_version from champion"))


def again(engine, version, *statements):
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    return compare_and_measure(engine, version)["differences_told"]


def rows(engine, columns="*"):
    with engine.connect() as connection:
        return connection.execute(text(f"select {columns} from shot_difference order by features_key")).all()


def test_a_provider_on_other_knowledge_than_ours_is_fitted_once_and_nothing_is_told(engine, version):
    """The simulated provider knows more than the features: its surrogate is noted with its fit."""
    with engine.connect() as connection:
        (fit,) = fits(connection, version).values()
        assert fit.r2_log_odds is not None
        if fit.r2_log_odds < 0.8:
            assert not rows(engine)
        assert read_trust(connection, version) == []  # the league is too small to set a hundred shots aside
    assert again(engine, version) == 0


def test_every_large_difference_is_told_and_adds_up(engine, version):
    n_told = again(engine, version, FORGOTTEN, OF_FEATURES)
    assert n_told > 50
    with engine.connect() as connection:
        (fit,) = fits(connection, version).values()
        assert fit.r2_log_odds > 0.8
        n_apart = connection.scalar(
            text(
                """select count(*) from shot_xg x join shot s using (shot_key)
                   where x.publication is not null and not s.is_penalty and abs(x.xg - s.provider_xg) >= 0.03"""
            )
        )
        matches = connection.execute(text("select provider, match_id from match")).all()
        found = read_differences(connection, [tuple(match) for match in matches])
    assert n_told == n_apart == len(found) == len(rows(engine))
    for difference in found.values():
        together = difference.average + sum(difference.parts.values()) + difference.rest
        assert together == pytest.approx(difference.xg - difference.provider_xg, abs=1e-9)
        assert difference.fit_r2 == fit.r2_log_odds
    opponents = [abs(of.parts["opponents"]) for of in found.values() if "opponents" in of.parts]
    assert np.mean(opponents) > 0.005  # the provider knows none, we do


def test_a_corrected_number_of_the_providers_is_told_anew_and_alone(engine, version):
    again(engine, version, FORGOTTEN, OF_FEATURES)
    key = rows(engine, "features_key")[0].features_key
    of_shot = f"shot_key = (select shot_key from shot_feature where features_key = {key})"
    assert again(engine, version, f"update shot set provider_xg = 0.9 where {of_shot}") == 1
    assert {row.features_key: row.provider_xg for row in rows(engine)}[key] == 0.9
    # Where it is taken away, what was told of it is read no more.
    again(engine, version, f"update shot set provider_xg = null where {of_shot}")
    with engine.connect() as connection:
        matches = connection.execute(text("select provider, match_id from match")).all()
        told = read_differences(connection, [tuple(match) for match in matches])
    assert len(told) == len(rows(engine)) - 1


def test_without_the_providers_number_there_is_nothing_to_fit_or_tell(engine, version):
    assert again(engine, version, FORGOTTEN, "update shot set provider_xg = null") == 0
    with engine.connect() as connection:
        assert fits(connection, version) == {}


def test_other_bytes_than_those_stored_are_told_and_fitted_anew(engine, version, caplog):
    again(engine, version, FORGOTTEN, OF_FEATURES)
    before = [str(row) for row in rows(engine)]  # as text: what is not known is equal to itself
    n_told = again(
        engine,
        version,
        "update surrogate_booster set booster = '\\x00'::bytea where sister = 1",
        "delete from shot_difference",
    )
    assert n_told == len(before)
    assert "are not those that were stored; fitted anew" in caplog.text
    assert [str(row) for row in rows(engine)] == before
