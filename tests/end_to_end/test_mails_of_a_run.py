"""What a run on a simulated league tells, from the matches to the mail."""

from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import text

from xgoals.domain.errors import ModelError, XgoalsError
from xgoals.domain.trouble import Trouble
from xgoals.mail import enqueue
from xgoals.mail.content.digest import SHOWN_SHOTS
from xgoals.mail.content.failure import TaskFailure
from xgoals.mail.digest_facts import MAX_DIGESTS
from xgoals.mail.enqueue import end_failed_run, end_run, enqueue_warnings
from xgoals.steps import ingest
from xgoals.store import match_news
from xgoals.store import notifications as store
from xgoals.store.database import connect


@pytest.fixture
def mails_of(empty_database):
    """The mails that a run has written down, as (kind, recipient, matter, message)."""

    def read(run_id):
        engine = connect(empty_database, "main")
        with engine.connect() as connection:
            rows = connection.execute(
                text(
                    "select kind, recipient, matter, message from notification where run_id = :run order by kind"
                ),
                {"run": run_id},
            ).all()
        engine.dispose()
        return [
            (r.kind, r.recipient, r.matter, message_from_bytes(bytes(r.message), policy=default))
            for r in rows
        ]

    return read


def with_email(context, **changes):
    email = context.settings.email.model_copy(update=changes)
    return replace(context, settings=context.settings.model_copy(update={"email": email}))


def test_a_matchday_is_a_digest_and_a_quiet_night_a_line(reach, open_run, league, mails_of):
    run, _ = reach("published")
    context = with_email(
        run,
        recipients=("analyst@x.org",),
        recipients_by_kind={"health": ("analyst@x.org", "ops@x.org")},
    )
    summary = end_run(context)
    end_run(context)  # again, as the callback does
    told = mails_of("first")
    assert sorted((kind, who) for kind, who, *_ in told) == [
        *[("digest", "analyst@x.org")] * MAX_DIGESTS,
        ("health", "ops@x.org"),
    ], "whoever gets the digest has the health line at its foot"
    _, _, matter, message = told[0]
    plain = message.get_body(("plain",)).get_content()
    assert message["Subject"].endswith("expected (simulated)")
    assert matter.split(", matchday")[0] in plain
    assert plain.count(" xG, ") in range(SHOWN_SHOTS, 2 * SHOWN_SHOTS + 1)
    assert summary["champion"] in plain
    html = message.get_body(("html",)).get_content()
    inline = [part for part in message.walk() if part["Content-ID"]]
    assert inline
    for part in inline:
        assert part.get_content().startswith(b"\x89PNG")
        assert f"cid:{part['Content-ID'][1:-1]}" in html
    night = open_run("second", "archive", league)
    ingest.ingest(night)
    end_run(night)
    assert [kind for kind, *_ in mails_of("second")] == ["health"], "nothing new is no matchday"


def test_a_failure_is_written_down_with_its_run_or_not_at_all(open_run, league, mails_of, empty_database):
    context = with_email(open_run("broken", "archive", league), recipients_by_step={"train": ("ds@x.org",)})
    failure = TaskFailure("train", ModelError("too little data", advice="Ingest more matches"))
    end_failed_run(context, failure)
    end_failed_run(context, failure)
    end_failed_run(context, replace(failure, try_number=2))
    told = mails_of("broken")
    assert [(kind, who, matter) for kind, who, matter, _ in told] == [
        ("failure", "ds@x.org", "train try 1"),
        ("failure", "ds@x.org", "train try 2"),
    ]
    assert "Ingest more matches" in told[0][3].get_body(("plain",)).get_content()


def test_trouble_with_a_text_does_not_keep_a_run_from_ending(open_run, league, mails_of, monkeypatch, caplog):
    context = open_run("run", "archive", league)
    monkeypatch.setattr(enqueue, "health_news", lambda *_: 1 / 0)
    summary = end_run(context)
    assert summary["state"] == "success"
    assert mails_of("run") == []
    assert "could not be written" in caplog.text


def test_a_warning_is_told_once_a_run_and_a_lasting_one_once(open_run, league, mails_of):
    first, second = open_run("first", "archive", league), open_run("second", "archive", league)
    for context in (first, first, second):
        lasting = Trouble("quarantine", "one match left out", state_key="abc")
        enqueue_warnings(context, Trouble("drift", "X has moved"), lasting)
    assert sorted(matter for _, _, matter, _ in mails_of("first")) == ["drift", "quarantine"]
    assert [matter for _, _, matter, _ in mails_of("second")] == ["drift"]


def test_numbers_of_a_failed_run_are_told_by_the_next(reach, open_run, league, empty_database, mails_of):
    run, _ = reach("published")
    end_failed_run(run, TaskFailure("report", XgoalsError("disk full")))
    engine = connect(empty_database, "main")
    with engine.begin() as connection:
        assert len(match_news.read_news(connection).news) == 60
        assert not store.end_is_enqueued(connection, "first")
    end_run(open_run("second", "archive", league))
    assert [kind for kind, *_ in mails_of("second")].count("digest") == MAX_DIGESTS
    with engine.begin() as connection:
        assert match_news.read_news(connection).news == ()
    engine.dispose()


def test_a_failed_maintenance_is_told_with_its_own_links_and_fails_no_run_of_the_pipeline(
    open_run, league, mails_of, query
):
    pipeline = open_run("scheduled__2026", "archive", league)
    maintenance = replace(pipeline, dag_id="xgoals_maintenance", sources=())
    end_failed_run(maintenance, TaskFailure("make_room", XgoalsError("no permission")))
    ((kind, _, _, message),) = mails_of("scheduled__2026")
    plain = message.get_body(("plain",)).get_content()
    assert kind == "failure"
    assert "/dags/xgoals_maintenance/runs/scheduled__2026/tasks/make_room" in plain
    assert "xgoals_pipeline" not in plain
    assert query("select state from run")["state"].tolist() == ["running"]
