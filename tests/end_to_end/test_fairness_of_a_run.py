"""Whether numbers are fair is measured by a run once, stored, exported, and told where something new is off."""

from dataclasses import replace

import pandas as pd
import pytest
from champions import champion, change, query, xgoals

from xgoals.analysis.fairness import measure
from xgoals.domain.findings.fairness import SURPLUS, Facet, Verdict
from xgoals.steps.explain import explain
from xgoals.steps.explaining import drift
from xgoals.steps.explaining.fairness import measure_fairness
from xgoals.store.comparisons.fairness import read_bias
from xgoals.store.database import connect
from xgoals.store.schema.sql_files import broken_promises
from xgoals.store.troubles import troubles_of


@pytest.fixture
def database(first_run):
    """Settings that lead to what the first run has left."""
    return first_run.settings


@pytest.fixture
def engine(database):
    engine = connect(database, "main")
    yield engine
    engine.dispose()


def figures(engine, name):
    with engine.connect() as connection:
        return read_bias(connection, name)


def test_measured_once_stored_as_found_and_exported(database, first_run, engine, monkeypatch, tmp_path):
    name = champion(database)
    found = figures(engine, name)
    assert found, "a run measures it"
    clubs = [one for one in found if one.facet is Facet.CLUB and one.metric == SURPLUS]
    in_shots = "select count(*) from shot where not is_penalty and withdrawn_at is null"
    assert 0 < sum(one.n_shots for one in clubs) <= query(database, in_shots)[0][0]
    assert {one.verdict for one in clubs} <= {Verdict.FAIR, Verdict.CANNOT_SAY, Verdict.NOT_TESTED}
    with engine.connect() as connection:
        assert "verdicts_of_surpluses" not in broken_promises(connection)

    with monkeypatch.context() as quiet:
        quiet.setattr(measure, "measure_fairness", lambda *_: pytest.fail("nothing is new"))
        assert measure_fairness(engine, first_run, name) is None
    wide = first_run.settings.model_copy(
        update={"fairness": first_run.settings.fairness.model_copy(update={"margin_per_100_shots": 9.0})}
    )
    measure_fairness(engine, replace(first_run, settings=wide), name)
    assert {one.verdict for one in figures(engine, name) if one.facet is Facet.VENUE and one.verdict} == {
        Verdict.FAIR
    }

    table = tmp_path / "bias.csv"
    assert xgoals("export", "bias", "--to", str(table)).returncode == 0
    exported = pd.read_csv(table)
    assert len(exported) == len(found)
    assert set(exported["model_version"]) == {name}
    assert '"n_fair": 2' in xgoals("models", "show", name, "--json").stdout

    change(database, "delete from bias_metric")
    assert "was not measured yet" in xgoals("export", "bias", "--to", str(table)).stderr
    measure_fairness(engine, first_run, name)
    assert figures(engine, name), "what somebody took away is measured again"


def test_what_is_newly_off_is_told_once(database, first_run, engine, monkeypatch):
    name = champion(database)
    measured = measure.measure_fairness

    def with_off(*clubs):
        def found(shots, margin):
            figures = measured(shots, margin)
            tested = [one for one in figures if one.facet is Facet.VENUE and one.metric == SURPLUS]
            off = {one.facet_value: replace(one, verdict=Verdict.TOO_LOW, value=2.5) for one in tested}
            return [
                off[one.facet_value] if one in tested and one.facet_value in clubs else one for one in figures
            ]

        monkeypatch.setattr(measure, "measure_fairness", found)
        change(database, "delete from bias_metric")
        return measure_fairness(engine, first_run, name)

    assert with_off() is None
    told = with_off("home")
    assert (told.matter, told.where) == ("fairness", "xG too low (goals minus xG per 100 shots): Home (+2.5)")
    assert with_off("home").state_key == told.state_key, "mails know it: nobody is told again"
    more = with_off("home", "away")
    assert (more.where, more.state_key != told.state_key) == (
        "xG too low (goals minus xG per 100 shots): Away (+2.5)",
        True,
    )
    assert with_off() is None


def test_drift_that_could_not_be_measured_costs_no_numbers_and_is_tried_again(
    database, first_run, engine, monkeypatch
):
    name = champion(database)
    drifting = "select facts ->> 'is_drifting' from derived_state where name = 'explanations'"

    def told():
        explain(first_run, name, reasons="none")
        with engine.connect() as connection:
            return [trouble.what for trouble in troubles_of(connection, first_run.run_id)]

    change(database, "delete from derived_state where name = 'explanations'")
    with monkeypatch.context() as broken:
        broken.setattr(drift, "watch_drift", lambda *_: 1 / 0)
        assert "Drift could not be measured." in told()
    assert query(database, drifting)[0][0] == "false"
    assert "Drift could not be measured." not in told()
