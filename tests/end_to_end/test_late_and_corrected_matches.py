"""Whatever comes in whatever order: every published match has its page, and people are told of everything once."""

import random
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from itertools import islice, pairwise

import pytest
from sqlalchemy import text

from xgoals.domain.shot import Outcome
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league
from xgoals.mail.enqueue import end_run
from xgoals.settings import load_settings
from xgoals.steps import build_features, explain, ingest, models, report
from xgoals.steps.run_context import close_run
from xgoals.store import match_news, migrate
from xgoals.store.database import connect

N_BEFORE, N_AFTER = 60, 81
"""The first run has read six matchdays of nine and six matches of the seventh; 21 come after it: the ninth is whole."""


@pytest.fixture
def told(empty_database):
    """Subject and text of the mails about matchdays, in the order in which they were written."""

    def read(run="%"):
        engine = connect(empty_database, "main")
        query = text(
            "select message from notification where kind = 'digest' and run_id like :run order by created_at"
        )
        with engine.connect() as connection:
            messages = [
                message_from_bytes(bytes(m), policy=default) for m in connection.scalars(query, {"run": run})
            ]
        engine.dispose()
        return [(" ".join(m["Subject"].split()), m.get_body(("plain",)).get_content()) for m in messages]

    return read


@pytest.fixture
def night(open_run, tmp_path):
    """A run that reads these matches, to its end; ``fails``: its report is written, and it dies before its end."""

    def work(name, records, *, fails=False):
        path = tmp_path / f"{name}.parquet"
        write_archive(path, records)
        run = open_run(name, "archive", path)
        ingest.ingest(run)
        build_features.build_features(run)
        champion = explain.explain(run, models.present_champion(run))
        if fails:
            return
        report.report(run, champion)
        end_run(run)

    return work


@pytest.fixture
def told_of_the_first(reach, plain_pages, told):
    reach("told")
    assert len(told()) == 3


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_any_order_of_arrival_gives_every_match_its_page_and_tells_it_once(
    empty_database, told_of_the_first, night, told, query, seed
):
    coming = list(islice(simulate_league(), N_BEFORE, N_AFTER))
    order = random.Random(seed)
    order.shuffle(coming)
    cuts = [0, *sorted(order.sample(range(1, len(coming)), 2)), len(coming)]
    failing = order.randrange(2)
    for n, (start, end) in enumerate(pairwise(cuts)):
        night(f"night {n}", coming[start:end], fails=n == failing)

    matches = query("select match_id, competition, season, matchday from match")
    pages = query("select kind, scope_id, path from report")
    written = pages[pages["kind"] == "match"]["scope_id"]
    assert set(written) == {f"simulated-{match_id}" for match_id in matches["match_id"]}
    for (competition, season, matchday), of_day in matches.groupby(["competition", "season", "matchday"]):
        (page,) = pages[pages["scope_id"] == f"{competition} {season}, matchday {matchday}"]["path"]
        assert set((load_settings().home / page).read_text().split()) == set(of_day["match_id"])

    subjects = [subject for subject, _ in told("night%")]
    for matchday in (8, 9):
        first = [s for s in subjects if f"Matchday {matchday} —" in s and "Added later" not in s]
        assert len(first) == 1, subjects
    assert not [s for s in subjects if "Matchday 7 —" in s and "Added later" not in s], (
        "told by the first run"
    )
    assert not [s for s in subjects if "Correction" in s]
    owed = query("select * from match_news where page <> 'written' or mail_due")
    assert owed.empty


def test_a_late_match_is_called_one_and_the_totals_are_the_matchday_s(told_of_the_first, night, told, query):
    *others, late = islice(simulate_league(), N_BEFORE, N_BEFORE + 3)
    night("others", others)
    ((subject, plain),) = told("others")
    assert "Added later" in subject
    assert (
        f"Still missing: the match of {' and '.join(sorted((late.match.home.name, late.match.away.name)))}."
        in plain
    )
    night("late", [late])
    ((subject, plain),) = told("late")
    match = late.match
    result = f"{match.home.name} {match.home_score}–{match.away_score} {match.away.name}"
    assert "Added later" in subject
    assert subject.endswith(f"Matchday 7 — {result} (simulated)")
    assert "Still missing" not in plain
    goals = len(
        query("select shot_id from shot join match using (provider, match_id) where is_goal and matchday = 7")
    )
    assert f"{goals} goals from shots in 9 matches" in plain.replace("\n", " ")


def test_a_correction_says_which_shot_from_what_to_what_and_is_no_new_digest(
    told_of_the_first, night, told, query
):
    record = next(iter(simulate_league()))
    shot = next(s for s in record.shots if s.outcome is not Outcome.GOAL)
    shots = tuple(replace(s, outcome=Outcome.GOAL) if s is shot else s for s in record.shots)
    night("correction", [replace(record, shots=shots)])
    ((subject, plain),) = told("correction")
    of_match = f"match_id = '{record.match.match_id}' and shot_id = '{shot.shot_id}'"
    (xg,) = query(f"select xg from champion_shot where {of_match}")["xg"]
    assert subject.startswith("xgoals: Correction: ")
    assert f": goal ({xg:.2f} xG), was no goal ({xg:.2f} xG)" in subject
    assert "in 9 matches" in plain.replace("\n", " "), "the totals are the whole matchday's"
    night("again", [replace(record, shots=shots)])
    assert told("again") == []


@pytest.mark.parametrize(("state", "is_owed"), [("success", False), ("failed", True)])
def test_after_an_upgrade_what_was_told_counts_as_told_and_what_a_failed_run_published_is_owed(
    reach, query, state, is_owed
):
    run, _ = reach("explained")
    close_run(run, state)
    engine = connect(run.settings, "main")
    migrate.downgrade(engine, "0009")
    migrate.upgrade(engine)
    news = query("select page, mail_due, told is null as is_untold from match_news")
    assert len(news) == 60
    assert set(news["page"]) == {"due" if is_owed else "written"}
    assert set(news["mail_due"]) == set(news["is_untold"]) == {is_owed}
    with engine.begin() as connection:
        connection.execute(text("update match_news set mail_due = true"))
        assert len(match_news.read_news(connection).news) == (60 if is_owed else 0), (
            "nothing has changed since"
        )
    engine.dispose()
