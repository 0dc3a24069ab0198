"""The guide's feed, in a package of its own, through commands as a user types them; a broken one beside it."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from feed_packages import lay_guide, lay_package
from xgoals.feeds.archive import discover, read_match


def xgoals(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xgoals.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)


@pytest.fixture
def guide(empty_database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = lay_guide(tmp_path / "acme")
    lay_package(folder / "src", {"broken": "raises_when_imported"}, name="broken-feed")
    (folder / "src" / "raises_when_imported.py").write_text("raise RuntimeError('half installed')")
    monkeypatch.setenv("PYTHONPATH", str(folder / "src"))
    return folder


def test_it_is_listed_read_stored_and_taken_out_again(guide, empty_database, tmp_path):
    listed = xgoals("feeds", "--json")
    feeds = {feed["name"]: feed for feed in json.loads(listed.stdout)["feeds"]}
    assert listed.returncode == 1, "a package is broken"
    assert feeds["acme"]["package"] == "acme-xgoals 0.1.0"
    assert feeds["acme"]["trouble"] is None
    assert "RuntimeError: half installed" in feeds["broken"]["trouble"]

    inbox = Path(feeds["acme"]["inbox"])
    inbox.mkdir(parents=True)
    (inbox / "acme_501.csv").write_bytes((guide / "samples" / "acme_501.csv").read_bytes())
    (inbox / "acme_502.csv").write_text("match_id,half\n502,1\n")
    done = xgoals("ingest")
    assert done.returncode == 4, "one match is newly left out"
    assert "there is no column minute" in done.stdout + done.stderr

    to = tmp_path / "shots.parquet"
    assert xgoals("export", "shots", "--to", str(to)).returncode == 0
    shots = pd.read_parquet(to)
    assert (set(shots["provider"]), set(shots["match_id"]), len(shots)) == ({"acme"}, {"501"}, 9)
    penalty = shots[shots["shot_type"] == "penalty"].iloc[0]
    assert (52.5 - penalty["x_m"], penalty["y_m"]) == (pytest.approx(11.025), pytest.approx(0.0))

    archived = tmp_path / "scenes.parquet"
    assert xgoals("export", "scenes", "--to", str(archived)).returncode == 0
    record, _ = read_match(discover(archived)[0][0])
    assert record.match.provider == "acme"
    assert [goal.team_id for goal in record.own_goals] == ["United"]


@pytest.mark.slow
def test_the_form_offers_it_and_imports_nothing_of_it(guide):
    script = (
        "import sys; from xgoals.orchestration.run_form import RUN_FORM; "
        "print([name for name in RUN_FORM['feed'].schema['enum'] if name][-3:]); "
        "print([name for name in sys.modules if name.startswith(('xgoals_acme', 'raises'))])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-2:] == ["['acme', 'acme-frames', 'broken']", "[]"]


def test_a_reading_process_finds_it(guide, monkeypatch):
    """Heavy sources are read by processes of their own, which are started anew."""
    import pickle

    from xgoals.feeds import load_feed

    monkeypatch.syspath_prepend(str(guide / "src"))
    (delivery,), _ = load_feed("acme").discover(guide / "samples")
    done = subprocess.run(
        [sys.executable, "-m", "xgoals.feeds.reader_process"],
        input=pickle.dumps(("acme", delivery)),
        capture_output=True,
        check=True,
    )
    assert len(pickle.loads(done.stdout).record.shots) == 9
