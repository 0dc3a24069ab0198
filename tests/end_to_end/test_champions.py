"""Champions come and go: evidence, approval, anchor, rollback, and a process that is killed in between."""

import json
import signal
import subprocess
import sys

import pytest
from champions import champion, change, query, xgoals

from leagues import OTHER_SEED
from xgoals.domain.errors import ModelError
from xgoals.steps import promote, register, run_context, train

CAN_ANSWER = "select model_version from champion join baseline using (model_version)"
"""Whoever scores a scene asks for both, from the moment in which it is champion."""


def test_a_good_challenger_is_promoted_with_its_evidence_and_the_first_champion_is_the_anchor(
    database, first, train_another
):
    old = champion(database)
    context, challenger = train_another()
    assert register.register(context, challenger) == champion(database) == challenger != old
    assert query(database, CAN_ANSWER) == [(challenger,)]
    (evidence,) = query(database, "select evidence from promotion order by decision_n desc limit 1")[0]
    assert {check["name"] for check in evidence["checks"]} >= {"champion", "latest", "anchor", "calibrated"}
    assert {guard["name"] for guard in evidence["guards"]} >= {"as_many_matches", "features_alive_in_window"}
    assert all(check["passed"] for check in evidence["checks"] + evidence["guards"])
    ((anchor, reason),) = query(database, "select model_version, reason from anchor")
    if evidence["renews_anchor"]:  # another seed may be surely better than the first
        assert (anchor, reason.startswith("It was better")) == (challenger, True)
    else:
        assert (anchor, reason) == (old, "It was the first champion.")
    # judged once, whoever is champion: the same decision is not taken again
    n = len(query(database, "select from promotion"))
    assert register.register(context, challenger) == challenger
    assert len(query(database, "select from promotion")) == n


def test_a_model_whose_run_broke_off_before_it_was_judged_is_judged_by_the_next(
    database, first, open_run, league
):
    (rival,) = query(database, "select model_version from model_version where created_by_run = 'other seed'")[
        0
    ]
    night = open_run("next night", "archive", league)
    assert train.train(night) is None, "its run is under way, and will judge it"
    change(database, "update run set state = 'failed' where run_id = 'other seed'")
    assert train.train(night) == rival
    assert train.train(open_run("other seed", "archive", league)) == rival, (
        "so will a second try of its own run"
    )
    register.register(night, rival)
    assert train.train(night) is None, "it was judged"


def test_a_decision_is_told_whatever_becomes_of_the_process_that_took_it(
    database, first, train_another, monkeypatch
):
    context, challenger = train_another()

    def die(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run_context, "_note_work", die)
        with pytest.raises(KeyboardInterrupt):
            register.register(context, challenger)
    told = "select figures -> 'decision' from run where run_id = " + f"'{context.run_id}'"
    ((decision,),) = query(database, told)
    ((verdict, reason),) = query(
        database, "select verdict, reason from promotion order by decision_n desc limit 1"
    )
    assert decision == {"verdict": verdict, "reason": reason}
    register.register(context, challenger)
    assert query(database, told) == [(decision,)], "a second try of the run tells it, too"


def test_with_approval_a_person_has_the_last_word(database, first, train_another):
    old = champion(database)
    context, challenger = train_another(approval=True)
    assert register.register(context, challenger) == champion(database) == old
    verdicts = query(database, "select verdict, champion_after from promotion order by decision_n")
    assert verdicts[-1] == ("awaiting_approval", old)
    listed = {m["model_version"]: m for m in json.loads(xgoals("models", "list", "--json").stdout)}
    assert listed[challenger]["decision"] == "awaiting_approval"
    assert "waits for a person" in xgoals("models", "show", challenger).stdout

    done = xgoals("models", "promote", challenger, "--json")
    assert json.loads(done.stdout)["reason"] == "Approved by hand."
    assert query(database, CAN_ANSWER) == [(challenger,)]
    assert champion(database) == challenger
    ((evidence,),) = query(database, "select evidence from promotion where verdict = 'awaiting_approval'")
    assert query(database, "select model_version from anchor") == [
        (challenger if evidence["renews_anchor"] else old,)
    ]
    again = xgoals("models", "promote", challenger)
    assert (again.returncode, "is champion already" in again.stderr) == (6, True)


def test_an_approval_holds_for_the_champion_that_it_was_judged_against_only(database, first, train_another):
    old = champion(database)
    context, challenger = train_another(approval=True)
    register.register(context, challenger)
    asked = promote.waiting_for_approval(database, "main")
    assert asked is not None
    decision_n, decision = asked
    assert (decision.challenger, decision.champion_before) == (challenger, old)

    _, other = train_another(8)
    promote.promote(database, "main", other)
    assert promote.waiting_for_approval(database, "main") is None, "nobody is asked for what no longer holds"
    done = xgoals("models", "promote", challenger)
    assert done.returncode == 6
    assert f"was judged against {old}, and the champion is {other} by now" in done.stderr
    assert f"xgoals register {challenger}" in done.stderr
    assert champion(database) == other

    register.register(context, challenger)  # what the sentence advises
    again = promote.waiting_for_approval(database, "main")
    assert again is not None
    assert again[0] > decision_n, "another decision, about which people are asked anew"
    with pytest.raises(ModelError, match=f"judged again since decision {decision_n} was asked about"):
        promote.promote(database, "main", challenger, decision_n=decision_n)
    promote.promote(database, "main", challenger, decision_n=again[0])
    assert champion(database) == challenger


def test_a_pinned_champion_stays_and_challengers_are_judged_all_the_same(database, first, train_another):
    old = champion(database)
    context, challenger = train_another()
    refused = xgoals("models", "pin", challenger)
    assert (refused.returncode, f"which is {old}" in refused.stderr) == (6, True)
    assert "is pinned" in xgoals("models", "pin", old).stdout
    assert register.register(context, challenger) == champion(database) == old
    verdict, reason, evidence = query(
        database, "select verdict, reason, evidence from promotion order by decision_n desc limit 1"
    )[0]
    assert (verdict, evidence["pinned"]) == ("kept", True)
    assert "The champion is pinned and stays. log loss" in reason
    assert f"xgoals models promote {challenger}" in reason
    assert all(check["passed"] for check in evidence["checks"])
    listed = {m["model_version"]: m for m in json.loads(xgoals("models", "list", "--json").stdout)}
    assert [name for name, model in listed.items() if model["is_pinned"]] == [old]
    assert json.loads(xgoals("models", "show", old, "--json").stdout)["is_pinned"] is True
    status = json.loads(xgoals("status", "--json").stdout)
    assert status["champions"] == [{"database": "main", "model_version": old, "is_pinned": True}]
    for command in (("models", "promote", challenger), ("models", "pin"), ("models", "pin", old, "--none")):
        assert xgoals(*command).returncode != 0
    assert champion(database) == old

    assert "no longer pinned" in xgoals("models", "pin", "--none").stdout
    assert "Nothing was pinned" in xgoals("models", "pin", "--none").stdout
    assert xgoals("models", "promote", challenger).returncode == 0
    assert champion(database) == challenger


def test_a_model_without_its_out_of_fold_predictions_counts_as_not_there(database, first, train_another):
    """Retention takes them from refused models; the same data make the same name again, and the model whole."""
    old = champion(database)
    context, challenger = train_another()
    (before,) = query(database, f"select sha256 from model_version where model_version = '{challenger}'")
    n = query(database, f"select count(*) from out_of_fold where model_version = '{challenger}'")
    change(
        database,
        f"delete from out_of_fold where model_version = '{challenger}'",
        f"update model_version set booster = null where model_version = '{challenger}'",
    )
    with pytest.raises(ModelError, match="is no longer whole"):
        register.register(context, challenger)
    for command in (("models", "promote", challenger), ("register", challenger)):
        done = xgoals(*command)
        assert done.returncode == 6
        assert "xgoals train" in done.stderr.splitlines()[-1]
    assert xgoals("models", "show", challenger).returncode == 0
    assert champion(database) == old
    context, again = train_another()
    assert again == challenger
    assert query(database, f"select sha256 from model_version where model_version = '{challenger}'") == [
        before
    ]
    assert query(database, f"select count(*) from out_of_fold where model_version = '{challenger}'") == n
    assert register.register(context, challenger) == challenger


def test_a_model_that_a_person_puts_in_place_is_the_new_anchor(database, first, train_another):
    _, challenger = train_another()
    promote.promote(database, "main", challenger)
    assert query(database, "select model_version, reason from anchor") == [
        (challenger, "It was promoted by hand.")
    ]


def test_rolling_back_goes_back_step_by_step_and_not_in_circles(database, first, train_another):
    names = [champion(database)]
    for seed in (OTHER_SEED, 8):
        context, challenger = train_another(seed)
        names.append(register.register(context, challenger))
    assert len(set(names)) == 3, "each must have been promoted"
    assert f"{names[1]} is champion" in xgoals("models", "rollback").stdout
    assert json.loads(xgoals("models", "rollback", "--json").stdout)["challenger"] == names[0]
    none_left = xgoals("models", "rollback")
    assert (none_left.returncode, "no earlier champion" in none_left.stderr) == (6, True)
    assert champion(database) == names[0]


KILLED = """
import sys, time
from datetime import UTC, datetime
from xgoals.domain.model import Decision
from xgoals.settings import load_settings
from xgoals.store import registry
from xgoals.store.database import connect

challenger, champion = sys.argv[1:]
engine = connect(load_settings(), "main")
with engine.begin() as connection:
    decision = Decision(challenger, champion, "promoted", "killed in between", {})
    n = registry.record_decision(connection, decision, run_id=None, decided_at=datetime.now(UTC))
    registry.set_anchor(connection, challenger, decision_n=n, reason="killed in between")
    assert registry.champion_name(connection) == challenger
    print("in the middle", flush=True)
    time.sleep(60)
"""


def test_a_process_that_is_killed_in_the_middle_of_a_promotion_leaves_the_old_champion(
    database, first, train_another
):
    old = champion(database)
    _, challenger = train_another()
    before = query(database, "select decision_n from promotion")
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, challenger, old], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "in the middle\n"
    assert champion(database) == old, "nobody sees a promotion before it is whole"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert champion(database) == old
    assert query(database, "select model_version from anchor") == [(old,)]
    assert query(database, "select decision_n from promotion") == before
    promote.promote(database, "main", challenger)  # and no lock is left behind
    assert champion(database) == challenger


def test_no_two_champions_even_if_asked_for(database, first):
    with pytest.raises(Exception, match="violates"):
        change(
            database,
            "insert into champion (only_row, model_version, decision_n) "
            "select true, model_version, decision_n from champion",
        )
