"""Two stored shots side by side: named, explained by one model that has seen neither match, refused with a sentence."""

import json

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from xgoals.cli import app
from xgoals.domain.errors import ModelError, SettingsError, XgoalsError
from xgoals.features.catalogue import BEST_17
from xgoals.steps.explaining.two_shots import side_by_side
from xgoals.store.database import connect


@pytest.fixture
def connection(reach):
    run, _ = reach("explained")
    engine = connect(run.settings, "main")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def shots(connection):
    """``provider/match/shot`` of shots that are no penalties, with the sister of their match and their honest xG."""
    rows = connection.execute(
        text(
            """select s.provider || '/' || s.match_id || '/' || s.shot_id as name, mm.sister, x.xg, s.shot_key,
                      s.match_id, s.shot_id
               from shot s join shot_xg x using (shot_key)
               join model_match mm using (model_version, provider, match_id)
               where not s.is_penalty order by 1"""
        )
    ).all()
    assert {row.sister for row in rows} == {1, 2, 3, 4, 5}
    return rows


def pair(shots, *, same_fold):
    one = shots[0]
    other = next(
        row for row in shots if row.match_id != one.match_id and (row.sister == one.sister) == same_fold
    )
    return one, other


def test_shots_of_one_fold_are_explained_by_the_sister_that_has_seen_neither(connection, shots):
    one, other = pair(shots, same_fold=True)
    found = side_by_side(connection, one.name, other.name)
    assert found.speaker.sister == one.sister
    assert not found.speaker.has_seen_shot
    assert not found.speaker.has_seen_other
    # Her numbers are those that were published.
    assert (
        found.shot.xg == pytest.approx(one.xg, abs=1e-9) == pytest.approx(found.shot.published_xg, abs=1e-9)
    )
    assert found.against.xg == pytest.approx(other.xg, abs=1e-9)
    assert found.difference == pytest.approx(one.xg - other.xg, abs=1e-9)
    assert sum(group.value for group in found.groups) == pytest.approx(found.difference, abs=1e-9)
    assert sum(feature.value for feature in found.features) == pytest.approx(found.difference, abs=1e-9)
    assert found.additivity_gap < 1e-9
    assert found.notes == ()


def test_of_two_folds_the_one_that_has_not_seen_the_shot_asked_about_speaks_and_says_so(connection, shots):
    one, other = pair(shots, same_fold=False)
    found = side_by_side(connection, one.name, other.name)
    assert found.speaker.sister == one.sister
    assert found.shot.xg == pytest.approx(one.xg, abs=1e-9)
    assert (found.speaker.has_seen_shot, found.speaker.has_seen_other) == (False, True)
    assert f"{found.speaker.name} has learned from {found.against.match}" in found.notes[0]


def test_a_shorter_end_of_the_name_is_enough_where_it_is_the_only_one(connection, shots):
    one, other = pair(shots, same_fold=True)
    short = f"{one.match_id}/{one.shot_id}"
    assert side_by_side(connection, short, other.name).shot.shot == one.name
    ids = [row.shot_id for row in shots]
    if ids.count(one.shot_id) == 1:
        assert side_by_side(connection, one.shot_id, other.name).shot.shot == one.name
    connection.execute(
        text("update shot set shot_id = 'twin' where shot_key = any(:keys)"),
        {"keys": [one.shot_key, other.shot_key]},
    )
    with pytest.raises(SettingsError, match="2 shots are called 'twin'") as refused:
        side_by_side(connection, "twin", shots[2].name)
    assert f"{one.match_id}/twin" in str(refused.value)


@pytest.mark.parametrize(
    ("change", "kind", "said"),
    [
        (
            "update shot set withdrawn_at = '2024-05-01 10:00+00'",
            ModelError,
            "took this shot back on 2024-05-01",
        ),
        ("update shot set shot_type = 'penalty'", ModelError, "this is a penalty"),
        (
            "update shot_feature set catalogue_version = catalogue_version + 70",
            ModelError,
            r"no features of best-17 version (\d+), .* only those of best-17 version 7\1",
        ),
    ],
)
def test_what_cannot_be_explained_is_refused_by_name(connection, shots, change, kind, said):
    one, other = pair(shots, same_fold=True)
    connection.execute(
        text(
            """insert into feature_catalogue (catalogue, version, features, names)
               select catalogue, version + 70, features, names from feature_catalogue"""
        )
    )
    connection.execute(text(f"{change} where shot_key = :key"), {"key": other.shot_key})
    with pytest.raises(kind, match=said) as refused:
        side_by_side(connection, one.name, other.name)
    assert other.name in str(refused.value)


def test_no_such_shot_and_the_same_shot(connection, shots):
    one = shots[0]
    with pytest.raises(SettingsError, match="no shot 'nobody/knows/it' is stored"):
        side_by_side(connection, one.name, "nobody/knows/it")
    with pytest.raises(SettingsError, match="is held against itself"):
        side_by_side(connection, one.name, one.name)
    with pytest.raises(SettingsError, match="are the same shot"):
        side_by_side(connection, one.name, f"{one.match_id}/{one.shot_id}")


def test_what_is_recorded_of_one_shot_only_is_said(connection, shots):
    one, other = pair(shots, same_fold=True)
    for number, feature in enumerate(BEST_17.features, start=1):
        if feature.group == "keeper":
            connection.execute(
                text(f"update shot_feature set feature_values[{number}] = 'NaN' where shot_key = :key"),
                {"key": other.shot_key},
            )
    found = side_by_side(connection, one.name, other.name)
    known = {group.group: group.is_recorded for group in found.groups}
    assert [name for name, is_recorded in known.items() if not is_recorded] == ["keeper"]
    assert found.notes[0].startswith("Of keeper, something is recorded of one of the two shots only")
    values = {feature.feature: feature.of_other for feature in found.features}
    assert values["GoalkeeperInterception"] is None
    assert sum(group.value for group in found.groups) == pytest.approx(found.difference, abs=1e-9)


def test_on_the_command_line_as_a_table_as_json_and_refused(reach, connection, shots):
    one, other = pair(shots, same_fold=True)
    call = CliRunner().invoke
    said = call(app, ["explain", "--shot", one.name, "--against", other.name])
    assert said.exit_code == 0, said.output
    assert "which has seen neither match" in said.output
    assert "together" in said.output
    found = json.loads(call(app, ["explain", "--shot", one.name, "--against", other.name, "--json"]).output)
    assert found["difference"] == pytest.approx(sum(group["value"] for group in found["groups"]), abs=1e-9)
    assert found["shot"]["shot"] == one.name
    assert call(app, ["explain", "--shot", one.name]).exit_code == 2
    assert call(app, ["explain", "--json"]).exit_code == 2
    refused = call(app, ["explain", "--shot", one.name, "--against", "nobody"])
    assert isinstance(refused.exception, XgoalsError)
