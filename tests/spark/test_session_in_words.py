"""What is missing for Spark is said in a sentence, before Spark says it in pages."""

import socket
import stat
from contextlib import closing
from pathlib import Path

import pytest
from spark_processes import free_port

from databases import default_settings
from xgoals.domain.errors import ServiceError, SettingsError
from xgoals.spark import session as sessions
from xgoals.spark.java import check_java
from xgoals.spark.session import _in_words, spark_session


def java(folder: Path, says: str) -> Path:
    """A program that says of itself which Java it is."""
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho '{says}' >&2\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return folder


def test_no_java_in_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        ServiceError, match=r"the PATH: there is no Java, which Spark needs\. Install Java 17"
    ):
        check_java()


def test_java_home_leads_nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "gone"))
    with pytest.raises(ServiceError, match=r"JAVA_HOME=.*gone: there is no Java"):
        check_java()


@pytest.mark.parametrize(
    ("says", "version"), [('openjdk version "11.0.2"', "11"), ('java version "1.8.0_202"', "8")]
)
def test_an_old_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, says: str, version: str) -> None:
    monkeypatch.setenv("JAVA_HOME", str(java(tmp_path, says)))
    with pytest.raises(ServiceError, match=f"Java {version} is too old for Spark"):
        check_java()


@pytest.mark.parametrize("says", ['openjdk version "17.0.15" 2025-04-15', 'openjdk version "21" 2023-09-19'])
def test_a_java_that_does(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, says: str) -> None:
    monkeypatch.setenv("JAVA_HOME", str(java(tmp_path, says)))
    check_java()


@pytest.fixture
def can_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spark and Java are there, as far as anybody looks."""
    monkeypatch.setattr(sessions, "_check_installed", lambda: None)
    monkeypatch.setattr(sessions, "check_java", lambda: None)
    monkeypatch.delenv("PYSPARK_GATEWAY_PORT", raising=False)


@pytest.mark.parametrize(
    ("spark", "who"),
    [
        ({"master": "spark://127.0.0.1:{}"}, "the master"),
        ({"remote": "sc://127.0.0.1:{}"}, "the Spark Connect server"),
    ],
)
def test_nobody_answers(can_start: None, tmp_path: Path, spark: dict[str, str], who: str) -> None:
    there = {name: url.format(free_port()) for name, url in spark.items()}
    with pytest.raises(ServiceError, match=f"{who} does not answer .*Start it, or mend spark"):
        spark_session(default_settings(home=tmp_path, spark=there), "test")


def test_one_of_two_masters_is_enough(can_start: None) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
        sessions._check_that_somebody_answers(f"spark://127.0.0.1:{free_port()},127.0.0.1:{port}")


def test_spark_is_not_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(
        SettingsError, match=r"Spark is not installed\. Install it: pip install 'xgoals\[spark\]'"
    ):
        spark_session(default_settings(home=tmp_path), "test")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            "...\nModuleNotFoundError: No module named 'xgoals'\n at Java",
            "the executors' Python has no xgoals",
        ),
        ("...\nModuleNotFoundError: No module named 'pyarrow'\n", "the executors' Python does not do"),
        (
            'An exception was thrown:\nTraceback:\n  File "x"\nxgoals.domain.errors.ModelError: no champion\n\tat Java',
            "Spark has failed (ModelError: no champion)",
        ),
        (
            "An error occurred while calling None.X.\n: java.lang.IllegalStateException: stopped\n\tat x",
            "Spark has failed (java.lang.IllegalStateException: stopped)",
        ),
        (
            "Job aborted\nCaused by: java.net.ConnectException: refused\n\tat x",
            "Spark has failed (java.net.ConnectException: refused)",
        ),
    ],
)
def test_pages_of_java_become_a_sentence(error: str, told: str) -> None:
    assert _in_words(RuntimeError(error))[0].startswith(told)


def test_something_else_listens_where_spark_should(
    can_start: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Builder:
        def getOrCreate(self) -> None:  # noqa: N802
            raise ConnectionError("All masters are unresponsive! Giving up.")

    monkeypatch.setattr(sessions, "_builder", lambda *_: Builder())
    monkeypatch.setattr(sessions, "_errors_of_spark", lambda: (ConnectionError,))
    with pytest.raises(
        ServiceError, match=r"local\[\*\]: no session begins there: .*unresponsive.*Spark 4\.3 listens there"
    ):
        spark_session(default_settings(home=tmp_path), "test")
