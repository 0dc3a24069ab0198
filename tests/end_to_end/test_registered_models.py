"""Models in the registry: the same bytes again, tampered rows, and what people are shown of them."""

import json

import pytest
import xgboost
from champions import champion, change, query, xgoals

from leagues import N_SEEDS, OTHER_SEED
from xgoals.steps import models, register, train

BYTES = "select booster, golden from model_version where seed = 20150801"


def test_same_data_seed_and_version_give_predictions_of_equal_bytes(database, first, open_run, league):
    (booster, golden) = query(database, BYTES)[0]
    change(database, f"delete from model_version where seed = {OTHER_SEED}")
    xg = query(database, "select shot_key, xg, is_held_out from out_of_fold order by 1")
    change(database, "delete from champion", "delete from anchor", "delete from promotion")
    change(database, "delete from model_version")
    train.train(open_run("again", "archive", league), even_if_not_due=True)
    (booster_again, golden_again) = query(database, BYTES)[0]
    assert bytes(booster_again) == bytes(booster)
    assert golden_again == golden
    assert query(database, "select shot_key, xg, is_held_out from out_of_fold order by 1") == xg


@pytest.mark.parametrize("tampering", ["bytes", "predictions"])
def test_a_tampered_model_is_refused_wherever_it_would_be_used(
    database, first, train_another, league, tmp_path, tampering
):
    old = champion(database)
    context, challenger = train_another()
    register.register(context, challenger)
    assert champion(database) == challenger
    change(database, "delete from baseline")  # one that is there is not computed again
    if tampering == "bytes":
        words = "not those that were registered"
        change(
            database,
            "alter table model_version drop constraint model_version_check",
            "update model_version set booster = set_byte(booster, 2000, get_byte(booster, 2000) # 1)",
        )
    else:
        words = "predicts its golden rows differently"
        change(
            database,
            "update model_version set golden = jsonb_set(golden, '{predictions,0}', '0.99')",
        )
    for command in (
        ("models", "rollback"),
        ("models", "promote", old),
        ("models", "diff", old, challenger),
        ("baseline",),
        ("score", "--feed", "archive", "--source", str(league), "--to", str(tmp_path / "s.csv")),
    ):
        done = xgoals(*command)
        assert done.returncode == 6, (command, done.stderr)
        assert words in done.stderr.splitlines()[-1]
        assert "Traceback" not in done.stderr
    assert champion(database) == challenger
    assert not (tmp_path / "s.csv").exists()
    assert query(database, "select count(*) from shot_xg") == [(0,)]


def test_show_and_diff_tell_everything_as_json_too(database, first, train_another):
    old = champion(database)
    context, challenger = train_another()
    register.register(context, challenger)
    shown = json.loads(xgoals("models", "show", challenger, "--json").stdout)
    assert shown["is_champion"] is True
    is_better = shown["decisions"][0]["evidence"]["renews_anchor"]  # another seed may surely be
    assert shown["is_anchor"] is is_better
    assert shown["anchor"]["model_version"] == (challenger if is_better else old)
    assert shown["metrics"]["held_out"]["model"]["auc"] > 0.5
    assert shown["decisions"][0]["evidence"]["checks"]
    (raw,) = query(database, f"select booster from model_version where model_version = '{challenger}'")[0]
    n_trees = xgboost.Booster(model_file=bytearray(raw)).num_boosted_rounds()
    assert shown["trees_in_booster"] == n_trees == N_SEEDS * shown["params"]["n_trees"]
    assert f"{n_trees:,} trees in the booster" in xgoals("models", "show", challenger).stdout
    assert len(json.loads(xgoals("models", "show", old, "--json").stdout)["baseline"]) == 17

    found = json.loads(xgoals("models", "diff", old, challenger, "--json").stdout)
    assert found["window"]["seed"] == [20150801, OTHER_SEED]
    assert found["features"] == {"added": [], "removed": []}
    loss = found["metrics"]["after"]["log_loss"] - found["metrics"]["before"]["log_loss"]
    assert found["metrics"]["log_loss_difference"]["mean"] == pytest.approx(loss, abs=1e-9)
    gaps = [abs(shot["after_xg"] - shot["before_xg"]) for shot in found["moved"]]
    assert gaps == sorted(gaps, reverse=True)
    assert len(gaps) == models.N_MOVED
    for words in ("show", challenger), ("diff", old, challenger):
        printed = xgoals("models", *words)
        assert printed.returncode == 0, printed.stderr
        assert challenger in printed.stdout
