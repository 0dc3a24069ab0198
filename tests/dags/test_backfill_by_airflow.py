"""The backfill by the real Airflow and the real Spark, on this machine alone."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import text

from small_event_feeds import EVENT_FEEDS
from xgoals.services.airflow.environment import airflow_environment
from xgoals.services.postgres.databases import start_database
from xgoals.settings import Settings, load_settings
from xgoals.store.database import connect


@pytest.fixture
def settings(
    new_home: Callable[[], Path], end_home: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    home = new_home()
    monkeypatch.setenv("XGOALS_HOME", str(home))
    monkeypatch.setenv("XGOALS_SPARK__MASTER", "local[1]")
    yield load_settings()
    end_home(home)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(
    find_spec("pyspark") is None or shutil.which("java") is None,
    reason="SPARK ABSENT: make spark-env, Java 17",
)
def test_files_come_into_the_results_through_the_lake(settings: Settings) -> None:
    start_database(settings, "main")
    source = settings.home / "files"
    for name, content in EVENT_FEEDS["wyscout"]().items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(content)
    form = json.dumps({"feed": "wyscout", "source": str(source)})
    done = subprocess.run(
        [Path(sys.executable).with_name("airflow"), "dags", "test", "xgoals_backfill", "--conf", form],
        env=airflow_environment(load_settings(), ui_port=8080),
        capture_output=True,
        text=True,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "2 of 2 matches read into" in said
    assert len(list((settings.home / "lake").rglob("season=*/*.parquet"))) == 2
    engine = connect(settings, "main")
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from match")) == 2
        assert connection.scalars(text("select state from run")).all() == ["success"]
    engine.dispose()
