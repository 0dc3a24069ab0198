"""Log lines: sentences as ever, or a JSON object a line that any collector reads, without a secret in it."""

import io
import json
import logging
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from databases import default_settings, forget_settings
from xgoals.domain.errors import FeedError, SettingsError
from xgoals.logs import about, formatter
from xgoals.services.runner.display import RunDisplay
from xgoals.settings import Logs, Metrics, Settings

_PASSWORD, _TOKEN = "p@ss/w0rd", "a-token-of-sixteen"


@pytest.fixture
def settings(tmp_path) -> Settings:
    settings = default_settings(
        home=tmp_path,
        database_url="postgresql://owner:p%40ss%2Fw0rd@host:5432/xgoals",
        metrics=Metrics(token=_TOKEN),
    )
    return settings.model_copy(update={"logs": Logs(format="json")})


@pytest.fixture
def logged(request):
    """``logged(settings)``: a logger of its own, and what it has written, line by line."""
    log = logging.getLogger(f"xgoals.{request.node.name}")
    log.propagate = False
    log.setLevel(logging.INFO)

    def start(settings):
        stream = io.StringIO()
        handler = logging.StreamHandler(stream)
        handler.setFormatter(formatter(settings))
        log.handlers = [handler]
        return log, lambda: stream.getvalue().splitlines()

    yield start
    log.handlers = []


def test_each_record_is_one_line_with_the_fields_that_every_reader_looks_for(settings, logged):
    log, lines = logged(settings)
    before = datetime.now(UTC)
    with about(settings, run_id="manual__1", step="ingest", database="main"):
        with about(settings, match="m1"):
            log.warning("match %s: %d shots\nleft out", "m1", 2)
        log.info("done", extra={"seconds": 1.5})
    log.info("nothing of a run")
    first, second, third = map(json.loads, lines())
    at = datetime.fromisoformat(first.pop("time"))
    assert before - timedelta(seconds=1) < at < datetime.now(UTC) + timedelta(seconds=1)
    assert first == {
        "level": "warning", "logger": log.name, "message": "match m1: 2 shots\nleft out", "run_id": "manual__1",
        "step": "ingest", "database": "main", "match": "m1",
    }  # fmt: skip
    assert (second["seconds"], second["run_id"]) == (1.5, "manual__1")
    assert "match" not in second
    assert third.keys() == {"time", "level", "logger", "message"}


def test_an_exception_stands_inside_its_line(settings, logged):
    log, lines = logged(settings)
    try:
        raise FeedError("not JSON", where="m1.json", advice="Fetch it again")
    except FeedError:
        log.exception("match m1 cannot be read")
    (line,) = map(json.loads, lines())
    assert (line["level"], line["message"]) == ("error", "match m1 cannot be read")
    assert line["error"].startswith("xgoals.domain.errors.FeedError: m1.json: not JSON")
    assert line["traceback"].startswith("Traceback")
    assert "raise FeedError" in line["traceback"]


def test_no_secret_of_the_settings_nor_of_anybody_is_written(settings, logged):
    log, lines = logged(settings)
    log.error("could not log in to %s with %s", settings.database_url.get_secret_value(), _PASSWORD)
    log.error(
        "GET https://bob:hunter2@example.org with Authorization: Bearer abc.def-123", extra={"shown": _TOKEN}
    )
    try:
        raise ValueError(_PASSWORD)
    except ValueError:
        log.exception("bad")
    text = "\n".join(lines())
    for secret in (_PASSWORD, "p%40ss", "hunter2", "abc.def-123", _TOKEN):
        assert secret not in text
    assert "postgresql://owner:***@host" in text


def test_what_is_no_text_is_a_line_still(settings, logged):
    log, lines = logged(settings)
    log.warning("file %s", "a\udcff\x00b\u2028c")
    (line,) = lines()
    assert json.loads(line)["message"] == "file a?\x00b\u2028c"


def test_sentences_stay_sentences(settings, logged):
    as_text = settings.model_copy(update={"logs": Logs()})
    log, lines = logged(as_text)
    with about(as_text, run_id="manual__1"):
        log.info("read %d of %d matches", 3, 4)
    assert lines() == ["read 3 of 4 matches"]
    log, lines = logged(None)
    log.info("settings that cannot be read are no reason to say nothing")
    assert lines() == ["settings that cannot be read are no reason to say nothing"]


def test_a_command_that_fails_says_so_in_a_line(tmp_path, monkeypatch):
    forget_settings(monkeypatch)
    monkeypatch.setenv("XGOALS_HOME", str(tmp_path))
    monkeypatch.setenv("XGOALS_LOGS__FORMAT", "json")
    command = [sys.executable, "-m", "xgoals.cli", "run", "--feed", "nope"]
    done = subprocess.run(command, capture_output=True, text=True)
    (line,) = map(json.loads, done.stderr.splitlines())
    assert (line["level"], line["logger"]) == ("error", "xgoals")
    assert line["message"].startswith("unknown feed 'nope'")
    assert (done.returncode, done.stdout) == (SettingsError.exit_code, "")


def test_the_progress_of_a_run_is_told_in_lines_of_the_log(caplog, capsys):
    with caplog.at_level(logging.INFO, "xgoals"), RunDisplay(("ingest",), as_log=True) as display:
        display.task("ingest", "running")
        display.task("ingest", "success", 3.04)
        display.say("Run manual__1: done in 4 s")
    told = [(record.getMessage(), getattr(record, "step", None)) for record in caplog.records]
    assert told == [
        ("ingest running", "ingest"),
        ("ingest done in 3.0 s", "ingest"),
        ("Run manual__1: done in 4 s", None),
    ]
    assert capsys.readouterr().err == ""
