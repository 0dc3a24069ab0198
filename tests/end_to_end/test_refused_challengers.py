"""Challengers that are refused, and data that no challenger can be trained on."""

import pytest
from champions import champion, change, query, xgoals

from xgoals.domain.errors import ModelError
from xgoals.steps import build_features, ingest, register, train


def test_a_feature_that_died_and_a_smaller_window_are_refused_by_the_guards(
    database, first, train_another, open_run, league
):
    old = champion(database)
    names = query(database, "select names from feature_catalogue where catalogue = 'best-17'")[0][0]
    place = names.index("DistanceToGoal") + 1
    change(
        database,
        f"update shot_feature set feature_values[{place}] = 18, features_hash = features_hash || 'x'",
    )
    context, challenger = train_another()
    assert register.register(context, challenger) == old
    verdict, reason = query(
        database, "select verdict, reason from promotion order by decision_n desc limit 1"
    )[0]
    assert verdict == "kept"
    assert "DistanceToGoal is constant" in reason

    change(
        database,
        "delete from match where match_id in (select match_id from match order by match_date desc limit 6)",
    )
    context, challenger = train_another(8)
    assert register.register(context, challenger) == old
    reason = query(database, "select reason from promotion order by decision_n desc limit 1")[0][0]
    assert "54 matches to learn from, the champion had 60" in reason


def test_a_gap_that_knows_the_outcome_is_named_and_stops_no_night(database, first, train_another):
    old = champion(database)
    names = query(database, "select names from feature_catalogue where catalogue = 'best-17'")[0][0]
    header = names.index("Header") + 1
    change(
        database,
        f"update shot_feature f set feature_values[{header}] = 'NaN', features_hash = features_hash || 'x' "
        "from shot s where s.shot_key = f.shot_key and not s.is_goal",
    )
    context, challenger = train_another()
    assert challenger is None
    assert register.register(context, challenger) == old
    figures = query(database, f"select figures from run where run_id = '{context.run_id}'")[0][0]
    assert "is missing in 0% of goals and 100% of other shots" in figures["training_notes"]
    assert figures["training"].startswith("too little to train on: 0 matches")
    again = train.train(context, even_if_not_due=True)
    assert again is None, "told again, and nothing is read for it"
    change(database, "delete from champion", "delete from anchor")
    done = xgoals("train")
    assert done.returncode == 6
    assert "Header of" in done.stderr
    assert "No shot of" in done.stderr


def test_a_first_model_that_is_too_good_to_be_true_is_refused(empty_database, open_run, league):
    context = open_run("leak", "archive", league)
    ingest.ingest(context)
    build_features.build_features(context)
    names = query(empty_database, "select names from feature_catalogue where catalogue = 'best-17'")[0][0]
    place = names.index("PressureSum") + 1
    change(
        empty_database,
        f"update shot_feature f set feature_values[{place}] = s.is_goal::int + 5, features_hash = f.shot_key::text "
        "from shot s where s.shot_key = f.shot_key",
    )
    challenger = train.train(context)
    for _ in range(2):  # Airflow tries the task again
        with pytest.raises(ModelError, match="Too good to be true"):
            register.register(context, challenger)
    assert champion(empty_database) is None
    assert query(empty_database, "select count(*) from promotion")[0][0] == 1


def test_a_first_model_that_knows_nothing_is_refused_with_its_figures_and_what_was_ingested_stays(
    empty_database, open_run, league
):
    context = open_run("noise", "archive", league)
    ingest.ingest(context)
    build_features.build_features(context)
    noise = "array(select abs(hashtext(f.shot_key || ' ' || n)::bigint) / 2147483648.0 from generate_series(1, 17) n)"
    change(
        empty_database,
        f"update shot_feature f set feature_values = {noise}, features_hash = f.shot_key::text",
    )
    model = train.train(context)
    with pytest.raises(
        ModelError, match=r"no champion: .*Worse than plain geometry: .*99 % bounds"
    ) as refused:
        register.register(context, model)
    assert "What was ingested stays" in str(refused.value)
    with pytest.raises(ModelError, match=r"no champion: .*Worse than plain geometry"):
        register.register(context, None)  # the next night, which need not train
    assert champion(empty_database) is None
    assert query(empty_database, "select count(*) from shot_xg") == [(0,)]
    assert query(empty_database, "select count(*) from match") == [(60,)]
    assert query(empty_database, "select verdict from promotion") == [("kept",)]


def test_a_challenger_that_shares_no_shot_with_the_champion_is_no_error(database, first, train_another):
    """Every match was withdrawn and read anew under other ids, say."""
    old = champion(database)
    change(
        database,
        "update shot_feature set catalogue_version = catalogue_version where false",
        "insert into feature_catalogue select 'other', 1, features, names from feature_catalogue limit 1",
    )
    context, challenger = train_another()
    change(
        database,
        f"update model_version set catalogue = 'other', catalogue_version = 1, seal = null "
        f"where model_version = '{old}'",
    )
    assert register.register(context, challenger) == old
    verdict, reason = query(
        database, "select verdict, reason from promotion order by decision_n desc limit 1"
    )[0]
    assert verdict == "kept"
    assert "cannot be compared with the champion" in reason


@pytest.mark.parametrize(
    ("statements", "message"),
    [
        (["update shot set outcome = 'saved'"], "60 matches with 0 goals"),
        (["delete from match where match_id <> (select min(match_id) from match)"], "1 matches with"),
    ],
)
def test_no_goals_and_a_single_match_are_told_plainly_and_a_champion_stays(
    database, first, train_another, statements, message
):
    old = champion(database)
    change(database, *statements)
    context, challenger = train_another()
    assert challenger is None
    assert register.register(context, challenger) == old
    change(database, "delete from champion", "delete from anchor")
    done = xgoals("train")
    assert done.returncode == 6
    assert message in done.stderr.splitlines()[-1]
