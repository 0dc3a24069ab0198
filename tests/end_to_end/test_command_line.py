"""Commands as a user types them: exit codes, clear errors, and one whole run through Airflow on real matches."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from xgoals.settings import Settings, load_settings

XGOALS = [sys.executable, "-m", "xgoals.cli"]
BROKEN = 3795506
N_MATCHES = 15
"""From the round of 16 on; the final is broken, and the others are to be enough for a first model."""


def xgoals(*arguments: str, timeout: int = 280) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*XGOALS, *arguments], capture_output=True, text=True, timeout=timeout, check=False)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["ingest", "--source", "no/such/folder"], 3, "no such folder"),
        (["ingest", "--feed", "statsbomb", "--source", "pyproject.toml"], 3, "not a folder"),
        (["ingest", "--feed", "radio"], 2, "unknown feed 'radio'"),
        (["explain"], 6, "there is no champion yet"),
        (["models", "show", "xg-nothing"], 6, "no model version 'xg-nothing'"),
        (["models", "rollback"], 6, "no earlier champion"),
    ],
)
def test_errors_are_one_sentence_and_a_code(empty_database, arguments, code, message):
    done = xgoals(*arguments)
    assert done.returncode == code
    assert done.stderr.splitlines()[-1].startswith("error: ")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_setting_is_refused(empty_database, monkeypatch, tmp_path):
    (tmp_path / "xgoals.toml").write_text("[schedule]\nnightly = 'at night'\n")
    monkeypatch.setenv("XGOALS_CONFIG", str(tmp_path / "xgoals.toml"))
    done = xgoals("status")
    assert (done.returncode, "schedule.nightly: unknown setting" in done.stderr) == (2, True)


def test_help_is_light():
    script = (
        "import sys; from xgoals.cli import app; "
        "print({'pandas', 'xgboost', 'shap', 'matplotlib', 'airflow', 'numba', 'sqlalchemy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_simulate_writes_an_archive(tmp_path):
    done = xgoals("simulate", str(tmp_path), "--seasons", "1")
    assert (done.returncode, "306 simulated matches" in done.stdout) == (0, True)
    assert pd.read_parquet(tmp_path / "league.parquet", columns=["match_id"])["match_id"].nunique() == 306


@pytest.fixture
def a_tournament(real_data: Path, tmp_path: Path) -> Path:
    """The last matches of Euro 2020 as a source of their own, one of them broken."""
    source = tmp_path / "source"
    (source / "events").mkdir(parents=True)
    target = source / "matches" / "55" / "43.json"
    target.parent.mkdir(parents=True)
    listed = json.loads((real_data / "statsbomb" / "matches" / "55" / "43.json").read_text())
    chosen = sorted(listed, key=lambda match: (match["match_date"], match["match_id"]))[-N_MATCHES:]
    target.write_text(json.dumps(chosen))
    for match in chosen:
        name = f"{match['match_id']}.json"
        (source / "events" / name).symlink_to(real_data / "statsbomb" / "events" / name)
    broken = source / "events" / f"{BROKEN}.json"
    broken.unlink()
    broken.write_text("[{")
    return source


@pytest.fixture
def started_before(empty_database, new_home, end_home, monkeypatch) -> Iterator[Settings]:
    """Settings of a home in which Airflow has been started before."""
    home = new_home()
    monkeypatch.setenv("XGOALS_HOME", str(home))
    monkeypatch.setenv("XGOALS_TRAINING__MIN_MATCHES", str(N_MATCHES - 1))
    monkeypatch.setenv("XGOALS_TRAINING__MIN_GOALS", "20")
    yield load_settings()
    end_home(home)


@pytest.mark.real_data
def test_a_run_through_airflow_on_real_matches(started_before, a_tournament, tmp_path):
    source = a_tournament
    ran = xgoals("run", "--feed", "statsbomb", "--source", str(source), "--json")
    assert ran.returncode == 1, "one match is broken"
    outcome = json.loads(ran.stdout)
    states = {task["task_id"]: task["state"] for task in outcome["tasks"]}
    assert states.pop("ingest") == "failed"
    assert set(states.values()) == {"success"}, "the good rest goes on"

    exported = xgoals("export", "shots", "--to", str(tmp_path / "shots.csv"))
    assert exported.returncode == 0, exported.stderr
    shots = pd.read_csv(tmp_path / "shots.csv")
    counted = goals = 0
    for file in (source / "events").iterdir():
        if file.is_symlink():
            events = [
                e for e in json.loads(file.read_text()) if e["type"]["name"] == "Shot" and e["period"] < 5
            ]
            counted += len(events)
            goals += sum(e["shot"]["outcome"]["name"] == "Goal" for e in events)
    assert (len(shots), shots["is_goal"].sum(), shots["match_id"].nunique()) == (
        counted,
        goals,
        N_MATCHES - 1,
    )
    assert shots["xg"].between(0, 1).all()

    models = json.loads(xgoals("models", "list", "--json").stdout)
    assert [model["is_champion"] for model in models] == [True]
    mails = {path.name: path.read_text() for path in (started_before.home / "outbox").glob("*.eml")}
    (failure,) = (text for name, text in mails.items() if ".failure." in name)
    assert f"{BROKEN}.json" in failure
    assert sum(".digest." in name for name in mails) == 3, "the newest of a backfill"
