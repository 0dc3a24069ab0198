"""The league's shots against baselines of one's own: honest, adding up, told side by side; nothing stored changes."""

import json

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from xgoals.cli import app
from xgoals.domain.errors import ModelError, SettingsError
from xgoals.features.catalogue import BEST_17
from xgoals.steps.explaining.own_baselines import compare
from xgoals.steps.explaining.own_baselines.asked import asked_baselines
from xgoals.steps.explaining.own_baselines.compare import compare_baselines
from xgoals.store.database import connect

NAMES = list(BEST_17.names)


@pytest.fixture
def connection(reach):
    run, _ = reach("explained")
    engine = connect(run.settings, "main")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def shots(connection):
    """Shots with their explanation by the champion, no penalties."""
    return connection.execute(
        text(
            """select s.provider || '/' || s.match_id || '/' || s.shot_id as name, s.match_id, s.shot_id, m.competition,
                      m.season, x.xg, e.base_value, e.shap_values, e.group_values, f.feature_values, s.shot_key,
                      x.model_version || coalesce('/' || x.sister, '') as scored_by
               from shot s join match m using (provider, match_id) join shot_feature f using (shot_key)
               join shot_xg x using (features_key) join shot_explanation e using (features_key)
               where not s.is_penalty and f.is_current order by s.match_id, s.shot_id"""
        )
    ).all()


def test_everything_beside_the_stored_baseline(connection, shots, tmp_path):
    one, other = shots[0], next(shot for shot in shots if shot.match_id != shots[0].match_id)
    path = tmp_path / "rows.csv"
    pd.DataFrame([one.feature_values, other.feature_values], columns=NAMES).to_csv(path, index=False)
    texts = [
        f"file:{path}", f"shot:{other.name}", f"segment:competition={one.competition},season={one.season}",
        "clusters:2", "sample:3",
    ]  # fmt: skip
    before = connection.scalar(text("select count(*) from shot_explanation"))
    found = compare_baselines(connection, asked_baselines(texts), one.name)
    told, values = found.told, found.values_of_shots
    assert [of.told.asked.text for of in told.baselines] == ["model", *texts]
    assert [of.told.n_rows for of in told.baselines] == [1, 2, 1, 1, 2, 3]
    assert [of.told.base_error is not None for of in told.baselines] == [False] * 5 + [True]
    assert told.n_shots == told.n_stored == len(shots)
    assert (told.n_seen, told.additivity_gap < 1e-5) == (0, True)
    assert connection.scalar(text("select count(*) from shot_explanation")) == before

    # The stored baseline gives what is stored, by who has not seen the match.
    stored = values[values["baseline"] == "model"].sort_values(["match_id", "shot_id"])
    assert stored["scored_by"].tolist() == [shot.scored_by for shot in shots]
    assert stored["xg"].to_numpy() == pytest.approx([shot.xg for shot in shots], abs=1e-6)
    assert stored["base_value"].to_numpy() == pytest.approx([shot.base_value for shot in shots], abs=1e-6)
    explained = np.array([shot.shap_values for shot in shots])
    assert stored[[f"shap_{name}" for name in NAMES]].to_numpy() == pytest.approx(explained, abs=1e-6)
    grouped = np.array([shot.group_values for shot in shots])
    assert stored[[f"group_{name}" for name in BEST_17.groups]].to_numpy() == pytest.approx(grouped, abs=1e-6)

    # Every column adds up: each shot's, the one shot's, the means.
    for prefix in ("shap_", "group_"):
        columns = [column for column in values if column.startswith(prefix)]
        together = values["base_value"] + values[columns].sum(axis="columns")
        assert together.to_numpy() == pytest.approx(values["xg"].to_numpy(), abs=1e-9)
    assert told.shot.scored_by == one.scored_by
    assert told.shot.xg == pytest.approx(one.xg, abs=1e-6)
    for of in told.baselines:
        moves, shot = of.moves, of.of_shot
        assert shot.base_value + sum(shot.groups.values()) == pytest.approx(told.shot.xg, abs=1e-9)
        assert shot.base_value + sum(shot.features.values()) == pytest.approx(told.shot.xg, abs=1e-9)
        means = moves.base_value + sum(part.mean for part in moves.features)
        assert means == pytest.approx(told.mean_prediction, abs=1e-9)
    assert told.baselines[0].moves.other_first_group.value == 0
    assert any(of.moves.other_first_group.value > 0 for of in told.baselines[1:])

    # Against two rows: the mean of the values against each, one of which is the shot itself.
    against_other = told.baselines[2].of_shot
    of_both = told.baselines[1].of_shot
    for name in NAMES:
        assert of_both.features[name] == pytest.approx(against_other.features[name] / 2, abs=1e-9)
    assert told.baselines[2].told.shot.name == other.name
    assert 0 <= told.baselines[2].told.seen_share <= 1


def test_what_is_no_baseline_of_these_shots_is_refused_with_a_sentence(connection, shots, tmp_path):
    one = shots[0]

    def refused(kind, said, *texts, shot=None):
        with pytest.raises(kind, match=said):
            compare_baselines(connection, asked_baselines(texts), shot)

    odd = one.shot_id[:-1] + ("0" if one.shot_id[-1] != "0" else "1") + "x"
    refused(SettingsError, f"no shot '{odd}' is stored.*did you mean", f"shot:{odd}")
    refused(
        SettingsError,
        "no shot 'nobody' is stored; did you mean|no shot 'nobody' is stored. A shot",
        shot="nobody",
    )
    refused(SettingsError, "is held against itself", f"shot:{one.name}", shot=one.name)
    refused(SettingsError, "no shot has season=1900.*There (is|are): ", "segment:season=1900")
    refused(
        SettingsError,
        rf"has [0-9] shots .*too few .*match_id={one.match_id} alone has",
        f"segment:match_id={one.match_id},body_part=head",
    )
    rows = pd.DataFrame([one.feature_values], columns=NAMES)

    def file(frame):
        frame.to_csv(tmp_path / "rows.csv", index=False)
        return f"file:{tmp_path / 'rows.csv'}"

    refused(SettingsError, "1 of 17 features are not there: Header", file(rows.drop(columns="Header")))
    refused(
        SettingsError,
        "'Heeder' is no feature of the model; did you mean Header",
        file(rows.rename(columns={"Header": "Heeder"})),
    )
    refused(
        SettingsError, "row 1, Header: 0 cannot be. It has to be one of -1, 1", file(rows.assign(Header=0))
    )
    refused(SettingsError, "row 1, DistanceToGoal: 900 cannot be", file(rows.assign(DistanceToGoal=900)))
    refused(SettingsError, "row 1, StrikeType: 99 cannot be", file(rows.assign(StrikeType=99)))
    refused(SettingsError, "row 1, Penalty: this is a penalty", file(rows.assign(Penalty=1)))
    connection.execute(
        text("update shot set shot_type = 'penalty' where shot_key = :key"), {"key": one.shot_key}
    )
    refused(ModelError, "this is a penalty", f"shot:{one.name}")
    refused(ModelError, "this is a penalty", "model", shot=one.name)


def test_on_the_command_line_for_programs_as_files_and_as_a_page(
    reach, connection, shots, tmp_path, monkeypatch
):
    # With more pairs than time, whole matches.
    monkeypatch.setattr(compare, "MOST_PAIRS", len(shots))
    monkeypatch.setattr(compare, "FEWEST_SHOTS", 1)
    one, to, page = shots[0], tmp_path / "all.csv", tmp_path / "page.html"
    asked = ["explain", "--baseline", "sample:2", "--shot", one.name, "--json", "--language", "de"]
    said = CliRunner().invoke(app, [*asked, "--to", str(to), "--page", str(page)])
    assert said.exit_code == 0, said.output
    found = json.loads(said.output)
    assert [of["told"]["asked"]["text"] for of in found["baselines"]] == ["model", "sample:2"]
    assert found["shot"]["xg"] == pytest.approx(one.xg, abs=1e-6)
    assert found["n_stored"] == len(shots)
    assert 0 < found["n_shots"] <= len(shots) // 3
    counts = pd.Series([shot.match_id for shot in shots]).value_counts()
    for _, kept in pd.read_csv(to, dtype={"match_id": str}).groupby("baseline"):
        assert len(kept) == found["n_shots"]
        assert all(counts[match] == n for match, n in kept["match_id"].value_counts().items())
    assert '<html lang="de">' in page.read_text("utf-8")


@pytest.mark.parametrize(
    "options",
    [
        ["--baseline", "mean"],
        ["--baseline", "model", "--to", "values.xlsx"],
        ["--baseline", "model", "--page", "page.pdf"],
        ["--baseline", "model", "--shot", "a", "--against", "b"],
        ["--page", "page.html"],
        ["--to", "values.csv"],
        ["--language", "de"],
    ],
)
def test_what_cannot_be_asked_is_refused_before_anything_is_read(options):
    refused = CliRunner().invoke(app, ["explain", *options])
    assert refused.exit_code in (1, 2)
    assert isinstance(refused.exception, SettingsError | SystemExit)
