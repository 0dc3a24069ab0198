"""`xgoals status` tells the truth of each component, and the unit for systemd is one that systemd takes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from xgoals.domain.errors import SettingsError
from xgoals.services import status as module
from xgoals.services import up as up_module
from xgoals.services.airflow.components import COMPONENTS
from xgoals.services.airflow.files import processes_path, watch_path
from xgoals.services.airflow.health import component_health
from xgoals.services.airflow.stuck import StuckRun
from xgoals.services.orphans import Orphan
from xgoals.services.processes import RememberedProcess, end, launch, remember
from xgoals.services.status import status
from xgoals.services.systemd import unit_file, write_unit
from xgoals.settings import Settings

HEALTHY = {
    name: {"status": "healthy"} for name in ("metadatabase", "scheduler", "dag_processor", "triggerer")
}


class Api:
    """Answers as the health page does; nothing where nobody answers."""

    def __init__(self, answer=HEALTHY):
        self.answer = answer

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def health(self):
        return {name: part["status"] for name, part in self.answer.items()}


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Everything runs and is well, as far as processes and Airflow's page tell."""
    settings = Settings(home=tmp_path)
    sleeper = launch(
        "x",
        [sys.executable, "-c", "import time; time.sleep(600)"],
        environment=os.environ,
        log=tmp_path / "x.log",
    )
    remember(
        processes_path(settings),
        [RememberedProcess(name, sleeper.pid, sleeper.started_s) for name in COMPONENTS],
    )
    remember(watch_path(settings), [sleeper])
    monkeypatch.setattr(module, "client", lambda _: Api())
    monkeypatch.setattr(module, "stuck_runs", lambda *_: [])
    postgres = SimpleNamespace(running=True, port=1, data_folder=tmp_path, version="18", user="x")
    monkeypatch.setattr(module, "EmbeddedPostgres", lambda _: SimpleNamespace(status=lambda: postgres))
    yield settings
    end([sleeper])


def states(found):
    return {part.name: part.state for part in found.components}


def forget(settings, *names):
    """These have died."""
    remember(
        processes_path(settings),
        [
            RememberedProcess(known.name, known.pid, 0.0 if known.name in names else known.started_s)
            for known in module.remembered(processes_path(settings))
        ],
    )


def test_all_is_well_only_if_all_is(settings):
    found = status(settings)
    assert set(states(found).values()) == {"healthy"}
    assert (found.problems, found.exit_code, found.running) == ((), 0, True)


def test_nothing_was_started(tmp_path, monkeypatch):
    found = status(Settings(home=tmp_path))
    assert set(states(found).values()) == {"stopped"}
    assert (found.problems, found.exit_code, found.url) == ((), 3, None)


def test_each_component_is_judged_for_itself(settings):
    forget(settings, "scheduler", "triggerer")
    found = status(settings)
    assert states(found) == {
        "api-server": "healthy", "scheduler": "dead", "dag-processor": "healthy", "triggerer": "dead"
    }  # fmt: skip
    assert found.url, "the UI answers"
    assert found.exit_code == 1
    assert "the scheduler has died; see " in found.problems[0]


def test_a_silent_scheduler_is_ill_and_a_silent_api_server_says_nothing_of_the_others(settings, monkeypatch):
    ill = HEALTHY | {"scheduler": {"status": "unhealthy"}}
    monkeypatch.setattr(module, "client", lambda _: Api(ill))
    found = status(settings)
    assert states(found)["scheduler"] == "unhealthy"
    assert found.exit_code == 1
    monkeypatch.setattr(module, "client", lambda _: Api({}))
    found = status(settings)
    assert states(found) == dict.fromkeys(COMPONENTS, "unknown") | {"api-server": "unhealthy"}
    assert (
        component_health(Api(HEALTHY | {"metadatabase": {"status": "unhealthy"}}))["scheduler"] == "unknown"
    )


@pytest.mark.parametrize("what", ["postgres", "watch", "orphan", "stuck"])
def test_whatever_else_is_wrong_is_said_and_is_not_exit_code_0(settings, monkeypatch, what):
    if what == "postgres":
        stopped = SimpleNamespace(running=False, port=1, data_folder=Path(), version="18", user="x")
        monkeypatch.setattr(module, "EmbeddedPostgres", lambda _: SimpleNamespace(status=lambda: stopped))
    elif what == "watch":
        watch_path(settings).unlink()
    elif what == "orphan":
        left = [Orphan("scheduler", SimpleNamespace(pid=4711))]
        monkeypatch.setattr(module, "orphans", lambda *_: left)
    else:
        since = module.datetime(2026, 11, 26, tzinfo=module.UTC)
        monkeypatch.setattr(
            module, "stuck_runs", lambda *_: [StuckRun("night", since, "report scheduled", {})]
        )
    found = status(settings)
    said = {
        "postgres": "Postgres does not run",
        "watch": "nobody watches",
        "orphan": "4711",
        "stuck": "run night",
    }
    (problem,) = found.problems
    assert said[what] in problem
    assert found.exit_code == 1


def test_the_unit_starts_this_xgoals_with_these_settings(tmp_path, monkeypatch):
    home = tmp_path / 'a "b" 100 % $HOME'
    home.mkdir()
    monkeypatch.setenv("XGOALS_CONFIG", str(tmp_path / "my.toml"))
    text = unit_file(Settings(home=home / ".xgoals"), user=False)
    assert f'ExecStart="{sys.executable}" "-m" "xgoals.cli" "up" "--watch"' in text
    assert f'Environment="XGOALS_CONFIG={tmp_path}/my.toml"' in text
    assert 'a \\"b\\" 100 %% $HOME/.xgoals"' in text
    assert "Restart=on-failure" in text
    assert "User=" in text
    assert "WantedBy=multi-user.target" in text


def test_a_unit_names_no_settings_file_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.delenv("XGOALS_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    assert "XGOALS_CONFIG" not in unit_file(Settings(home=tmp_path), user=True)
    (tmp_path / "xgoals.toml").touch()
    text = unit_file(Settings(home=tmp_path), user=True)
    assert f'Environment="XGOALS_CONFIG={tmp_path}/xgoals.toml"\n' in text


def test_the_unit_of_a_user_names_no_user(tmp_path):
    text = unit_file(Settings(home=tmp_path), user=True)
    assert "User=" not in text
    assert "WantedBy=default.target" in text


def test_a_folder_that_is_not_there_is_told_in_a_sentence(tmp_path):
    assert write_unit(Settings(home=tmp_path), tmp_path, user=True).read_text().startswith("# Written by")
    with pytest.raises(SettingsError, match=r"/nowhere/xgoals\.service: the unit cannot be written there"):
        write_unit(Settings(home=tmp_path), tmp_path / "nowhere", user=True)


def test_a_path_that_would_write_lines_of_its_own_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="control characters"):
        unit_file(Settings(home=Path("/x\nExecStart=/bin/sh")), user=True)


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="NOT CHECKED: no systemd-analyze on this machine"
)
def test_systemd_takes_the_unit(tmp_path):
    path = tmp_path / "xgoals.service"
    path.write_text(unit_file(Settings(home=tmp_path), user=False))
    done = subprocess.run(["systemd-analyze", "verify", path], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_up_names_a_settings_file_in_the_home_that_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(up_module, "are_up", lambda _: True)
    for name in ("start_databases", "bring_all_up_to_date", "_wait_until_healthy", "status"):
        monkeypatch.setattr(up_module, name, lambda *_: None)
    monkeypatch.setenv("XGOALS_CONFIG", os.devnull)
    said = list[str]()
    up_module.up(Settings(home=tmp_path), said.append, watched=False)
    assert said == []
    (tmp_path / "xgoals.toml").write_text("")
    up_module.up(Settings(home=tmp_path), said.append, watched=False)
    assert said == [f"Not read: {tmp_path}/xgoals.toml. Start in that folder, or set XGOALS_CONFIG to it"]
