"""A new installation: a run that finds nothing is no failure."""

import errno
from pathlib import Path

import pytest

from leagues import plain_matches
from xgoals.domain.errors import ModelError, UnwritableError
from xgoals.mail.enqueue import end_run
from xgoals.steps import build_features, compute_baseline, explain, ingest, register, report, train
from xgoals.steps.pages.selection import PageSelection


def test_a_run_without_any_match_ends_green_and_says_so(empty_database, open_run, query, caplog):
    caplog.set_level("INFO", "xgoals")
    inbox = empty_database.inbox("archive", "main")
    run = open_run("first", "archive", inbox)
    ingest.ingest(run)
    build_features.build_features(run)
    champion = register.register(run, train.train(run))
    compute_baseline.compute_baseline(run, champion)
    explain.explain(run, champion)
    index = report.report(run, champion)
    end_run(run)
    assert Path(index).name == "index.html"
    assert "nothing to do yet" in caplog.text
    assert query("select state from run")["state"].tolist() == ["success"]
    assert set(query("select kind from notification")["kind"]) == {"health"}
    with pytest.raises(ModelError, match="too little to train on"):
        train.train(run, even_if_not_due=True)  # by hand it was asked for


def test_a_full_disk_ends_the_report_with_the_path_and_the_next_run_writes_what_is_owed(
    reach, query, plain_pages, monkeypatch
):
    run, champion = reach("explained")
    written = Path.write_bytes

    def fails_at_the_tenth(self, content):
        fails_at_the_tenth.n += 1
        if fails_at_the_tenth.n >= 10:
            raise OSError(errno.ENOSPC, "No space left on device")
        return written(self, content)

    fails_at_the_tenth.n = 0
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", fails_at_the_tenth)
        with pytest.raises(UnwritableError, match="the disk is full") as caught:
            report.report(run, champion)
    assert str(run.settings.home / "reports" / "main") in str(caught.value)
    assert query("select * from report").empty
    report.report(run, champion, PageSelection())
    assert len(query("select * from report where kind = 'match'")) == 60


def test_a_page_that_breaks_takes_neither_the_others_nor_the_index(reach, query, monkeypatch, caplog):
    run, champion = reach("explained")
    plain_matches(monkeypatch)
    monkeypatch.setattr("xgoals.report.article_report", lambda *_, **__: 1 / 0)
    monkeypatch.setattr("xgoals.report.model_report", lambda *_, **__: int("?"))
    monkeypatch.setattr("xgoals.steps.pages.match_pages.record_store.read_people", broken_for_one())
    report.report(run, champion)
    kinds = query("select kind, count(*) n from report group by kind").set_index("kind")["n"]
    assert kinds.to_dict() == {"match": 59, "matchday": 7, "index": 1}
    assert query("select figures ->> 'reports_failed' n from run")["n"].tolist() == ["3"]
    assert len(query("select * from match_news where page = 'due'")) == 1, "it is tried again by the next run"
    end_run(run)
    assert "digest" in set(query("select kind from notification")["kind"])


def broken_for_one():
    """A database that refuses one query of one page: the others' bookkeeping is not lost with it."""
    from sqlalchemy import text

    from xgoals.store.records import read_people

    asked = []

    def read(connection, *key):
        if not asked:
            asked.append(key)
            connection.execute(text("select 1 / 0"))
        return read_people(connection, *key)

    return read
