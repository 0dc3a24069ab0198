"""A database with mails and warnings of before: after the upgrade nobody is told a second time, and nothing is lost."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, text

from xgoals.domain.errors import XgoalsError
from xgoals.domain.trouble import Trouble
from xgoals.mail.compose import compose_mails
from xgoals.mail.content import News
from xgoals.mail.content.failure import TaskFailure
from xgoals.mail.enqueue import end_failed_run, enqueue_warnings
from xgoals.steps.run_context import FeedSource, RunContext
from xgoals.store import migrate
from xgoals.store import notifications as store
from xgoals.store.troubles import troubles_of
from xgoals.store.upkeep.retention import settled_mails

RECIPIENT = "analysts@localhost"
LONG_AGO = datetime(2024, 11, 23, tzinfo=UTC)
DRIFT = {
    "what": "New shots are unlike others.", "where": "330 shots: header (0.31)", "advice": "See why.",
    "step": "explain", "state": "0123456789ab",
}  # fmt: skip
FIGURES = {
    "other": {"shots": 9, "warning_drift": DRIFT, "decision": "kept: worse than it: log loss +0.0100"},
    "quiet": {"shots": 9, "warning_drift": None, "decision": "no new challenger"},
    "bare": {"shots": 9},
}
MAILS = [
    ("other", "warning", "drift: 0123456789ab"),
    ("other", "warning", "quarantine: ba9876543210"),
    ("other", "warning", "promotion"),
    ("other", "failure", "report try 1"),
    ("other", "digest", "Cup: 2024/25, matchday 3"),
]


def id_of_before(run_id, kind, matter):
    """As mails that were sent before the upgrade bear it."""
    key = json.dumps([run_id, kind, matter, RECIPIENT])
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@xgoals.invalid>"


@pytest.fixture
def before(bare_database):
    """A database of the schema before, with runs and sent mails."""
    url = bare_database.database_url.get_secret_value()
    engine = create_engine(url, connect_args={"options": "-c search_path=xgoals,public"})
    migrate.upgrade(engine, "0008")
    with engine.begin() as connection:
        for run_id, figures in FIGURES.items():
            connection.execute(
                text(
                    """insert into run (run_id, feeds, sources, state, started_at, figures)
                       values (:run_id, '{}', '{}', 'running', :now, cast(:figures as jsonb))"""
                ),
                {"run_id": run_id, "now": LONG_AGO, "figures": json.dumps(figures)},
            )
        for run_id, kind, matter in MAILS:
            connection.execute(
                text(
                    """insert into notification (message_id, run_id, kind, matter, recipient, subject, state,
                                                 attempts, created_at, changed_at)
                       values (:id, :run_id, :kind, :matter, :recipient, 'x', 'sent', 1, :now, :now)"""
                ),
                {
                    "id": id_of_before(run_id, kind, matter), "run_id": run_id, "kind": kind, "matter": matter,
                    "recipient": RECIPIENT, "now": LONG_AGO,
                },
            )  # fmt: skip
    yield engine
    engine.dispose()


@pytest.fixture
def upgraded(before):
    migrate.upgrade(before)
    return before


def contents(engine):
    with engine.connect() as connection:
        return [
            connection.execute(text(f"select to_jsonb(t) from {table} t order by t::text")).scalars().all()
            for table in ("run", "notification")
        ]


def matters(engine, run_id):
    query = text(
        "select kind, matter, state_key from notification where run_id = :run_id order by created_at, kind, matter"
    )
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query, {"run_id": run_id})]


def test_matter_and_state_become_two_columns(upgraded):
    assert sorted(matters(upgraded, "other"), key=str) == [
        ("digest", "Cup: 2024/25, matchday 3", None),
        ("failure", "report try 1", None),
        ("warning", "drift", "0123456789ab"),
        ("warning", "promotion", None),
        ("warning", "quarantine", "ba9876543210"),
    ]


def test_a_state_that_was_told_before_is_not_told_again_by_any_run(upgraded, bare_database):
    context = RunContext(bare_database, "main", "quiet")
    known = Trouble("drift", "x", state_key="0123456789ab")
    enqueue_warnings(context, known, Trouble("drift", "x", state_key="another"))
    assert matters(upgraded, "quiet") == [("warning", "drift", "another")]


@pytest.mark.parametrize(("run_id", "kind", "matter"), MAILS)
def test_a_mail_is_still_the_same_mail(upgraded, bare_database, run_id, kind, matter):
    name, _, state_key = matter.partition(": ") if kind == "warning" else (matter, "", "")
    news = News(
        run_id, kind, name, "x", "x", "x", LONG_AGO, state_key=state_key or None,
        content={
            "facts": [], "error": dict.fromkeys(("task", "what", "where", "advice"), "x"), "items": (), "more": 0,
            "trouble": Trouble("drift", "x"), "matches": (), "best": (), "surprises": (), "others": (),
            "reach": 1.0, "run_line": "x",
        },
    )  # fmt: skip
    mails = compose_mails(news, bare_database)
    assert [mail.message_id for mail in mails] == [id_of_before(run_id, kind, matter)]
    with upgraded.begin() as connection:
        assert store.enqueue(connection, mails, LONG_AGO) == 0, "it is queued already"


def test_a_run_that_was_under_way_tells_at_its_end_what_it_had_found(upgraded, bare_database):
    context = RunContext(
        bare_database, "main", "other", (FeedSource("dfl", bare_database.inbox("dfl", "main")),)
    )
    with upgraded.connect() as connection:
        assert troubles_of(connection, "other") == [
            Trouble("drift", DRIFT["what"], DRIFT["where"], DRIFT["advice"], "explain", "0123456789ab")
        ]
        assert troubles_of(connection, "quiet") == []
    before = matters(upgraded, "other")
    end_failed_run(context, TaskFailure("report", XgoalsError("x")))
    assert matters(upgraded, "other") == before, "everybody knows all of it"
    end_failed_run(context, TaskFailure("report", XgoalsError("x"), try_number=2))
    assert set(matters(upgraded, "other")) - set(before) == {("failure", "report try 2", None)}


def test_figures_have_verdict_and_reason_as_fields_and_no_prefixes(upgraded):
    with upgraded.connect() as connection:
        rows = connection.execute(text("select run_id, figures from run"))
        figures = {row.run_id: row.figures for row in rows}
    assert figures == {
        "other": {
            "shots": 9, "decision": {"verdict": "kept", "reason": "worse than it: log loss +0.0100"},
        },
        "quiet": {"shots": 9, "decision": {"verdict": "no_new_challenger", "reason": None}},
        "bare": {"shots": 9},
    }  # fmt: skip


def test_records_of_lasting_states_stay_and_others_go(upgraded):
    with upgraded.begin() as connection:
        settled_mails(connection, datetime.now(UTC), dry_run=False)
    assert sorted(matters(upgraded, "other")) == [
        ("warning", "drift", "0123456789ab"),
        ("warning", "quarantine", "ba9876543210"),
    ]


def test_the_way_back_restores_every_row(before):
    old = contents(before)
    migrate.upgrade(before)
    new = contents(before)
    migrate.downgrade(before, "0008")
    figures = {row["run_id"]: row["figures"] for row in contents(before)[0]}
    assert figures.pop("quiet") == {"shots": 9, "decision": "no new challenger"}, (
        "nothing found needs no figure"
    )
    assert figures == {name: FIGURES[name] for name in figures}
    assert contents(before)[1] == old[1]
    migrate.upgrade(before)
    assert contents(before) == new
