"""xgoals profile on a stored league: any group, beside everybody, to any kind of file."""

import json

import pandas as pd
from typer.testing import CliRunner

from xgoals.cli import app


def call(*words):
    found = CliRunner().invoke(app, ["profile", *words])
    return found, None if found.exception is None else str(found.exception)


def test_any_group_of_shots_has_its_profile(reach, tmp_path):
    reach("crowned")

    found, error = call("--json", "--to", str(tmp_path / "all.html"), "--language", "de")
    assert error is None, error
    assert "Wovon Chancen abhängen" in (tmp_path / "all.html").read_text("utf-8")
    everybody = json.loads(found.stdout)
    assert everybody["shots"] > 1000
    assert everybody["features_compared"] > 2
    assert len(everybody["swings"]) <= 4
    feature = everybody["swings"][0]["feature"]
    assert abs(everybody["swings"][0]["more"]) < 0.02, "all shots are no other than everybody's"

    to = tmp_path / "heads.csv"
    found, error = call("--feature", feature, "--where", "body_part=HEAD", "--to", str(to))
    assert error is None, error
    table = pd.read_csv(to)
    assert set(table["feature"]) == {feature}
    assert 0 < table["n_shots"].iloc[0] < everybody["shots"]
    assert table["xg"].between(0, 1).all()
    assert pd.isna(table["value"].iloc[-1])

    for words, said in (
        (("--feature", "Angel"), "no feature 'Angel'"),
        (("--team", "Nobody"), "no shot has the team 'Nobody'"),
        (("--where", "colour=red"), "unknown field 'colour'"),
        (("--where", "season"), "is no condition"),
        (("--to", "a.xlsx"), "unknown ending"),
    ):
        assert said in str(call(*words)[1])
