"""Typical mistakes at the terminal get a sentence at once: nothing is started for them."""

import sys

import pytest
from typer.testing import CliRunner

from databases import forget_settings
from xgoals import cli
from xgoals.domain.errors import SourceError
from xgoals.settings import Settings
from xgoals.steps.upkeep import backup


@pytest.fixture
def typed(monkeypatch, tmp_path, capsys):
    """``typed("run", "--feed", "nope")``: exit code, and what was said on either stream."""
    forget_settings(monkeypatch)
    monkeypatch.setenv("XGOALS_HOME", str(tmp_path / "home"))

    def no_start(*_, **__):
        raise AssertionError("something was started")

    for starts in (
        "xgoals.services.postgres.databases.start_database",
        "xgoals.cli.database.settings_with",
        "xgoals.services.runner.run_pipeline.run_pipeline",
    ):
        monkeypatch.setattr(starts, no_start)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["xgoals", *arguments])
        try:
            cli.main()
        except SystemExit as end:
            streams = capsys.readouterr()
            return end.code, streams.err + streams.out
        return 0, "".join(capsys.readouterr())

    return run


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["run", "--feed", "nope"], 2, "unknown feed 'nope'. Known feeds: archive, dfl, opta, statsbomb"),
        (["run", "--feed", "statsbom"], 2, "did you mean statsbomb? Known feeds"),
        (["ingest", "--feed", "DFL"], 2, "unknown feed 'DFL'"),
        (["run", "--source", "/nope"], 3, "/nope: no such folder. Check the path given as --source"),
        (["score", "--source", "/nope", "--to", "x.csv"], 3, "/nope: no such folder"),
        (
            ["score", "--shots", "/nope", "--to", "x.csv"],
            3,
            "/nope: no such file. Check the path given as --shots",
        ),
        (["score", "--to", "x.csv"], 2, "one of --source, --shots and --template is needed"),
        (
            ["score", "--shots", __file__, "--template"],
            2,
            "one of --source, --shots and --template is needed",
        ),
        (["score", "--shots", __file__], 2, "--to is missing"),
        (["score", "--shots", __file__, "--to", __file__], 2, "--to is the table that --shots reads"),
        (["explore", "--port", "80"], 2, "should be greater than or equal to 1024"),
        (
            ["backup", "--to", "/nope/x.dump"],
            2,
            "/nope: there is no such folder. Mend the path, or make it: mkdir -p",
        ),
        (["rum"], 2, "run"),
    ],
)
def test_a_mistake_is_told_before_anything_is_started(typed, arguments, code, said):
    ended, told = typed(*arguments)
    assert (ended, said in told) == (code, True), told
    assert "Traceback" not in told


def test_what_is_no_backup_is_told_before_anybody_is_asked_to_replace_results(tmp_path, monkeypatch):
    def no_connection(*_, **__):
        raise AssertionError("the database was asked")

    monkeypatch.setattr(backup, "connect", no_connection)
    (tmp_path / "notes.txt").write_text("no backup")
    for name, said in {"gone.dump": "cannot be read", "notes.txt": "this is no backup"}.items():
        with pytest.raises(SourceError, match=said):
            backup.restore(Settings(home=tmp_path), "main", tmp_path / name, replace=False)


def test_what_the_system_refuses_is_a_sentence_with_its_path(typed, monkeypatch):
    def refuse(*_, **__):
        raise NotADirectoryError(20, "Not a directory", "/etc/hosts/home")

    monkeypatch.setattr("xgoals.services.down.down", refuse)
    ended, told = typed("down")
    assert ended == 1
    assert (
        told
        == "error: /etc/hosts/home: Not a directory. Check the path, and that this system user may use it\n"
    )


def test_version_and_completion(typed, monkeypatch):
    assert typed("--version") == (0, "xgoals 0.1.0\n")
    monkeypatch.setattr(
        "shellingham.detect_shell", lambda: ("bash", "/bin/bash")
    )  # whatever the tests run in
    shown = CliRunner().invoke(cli.app, ["--show-completion"], prog_name="xgoals")
    assert "_XGOALS_COMPLETE=complete_bash" in shown.output
    environment = {
        "_XGOALS_COMPLETE": "complete_bash",
        "COMP_WORDS": "xgoals run --feed st",
        "COMP_CWORD": "3",
    }
    assert "statsbomb" in CliRunner().invoke(cli.app, [], prog_name="xgoals", env=environment).output


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--where", "season=2020,season=2021"), "'2021', where season=2020 was asked for already"),
        (("--where", "season=2020", "--where", "season=2020"), "one of each field"),
        (
            ("--team", "Reds", "--where", "team=Blues"),
            "--team: 'Reds', where team=Blues was asked for already",
        ),
    ],
)
def test_a_group_has_one_value_of_each_field(typed, asked, said):
    code, told = typed("profile", *asked)
    assert (code, said in told) == (2, True), told
