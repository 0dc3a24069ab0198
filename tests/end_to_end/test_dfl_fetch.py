"""`xgoals fetch` against a server of our own: into the inbox, with licence and citation, nothing twice."""

import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def home(tmp_path: Path):
    """A folder that is served, and its address."""
    folder = tmp_path / "served"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join()


def fetch(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xgoals.cli", "fetch", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_dfl_matches_land_in_the_inbox(empty_database, home):
    folder, address = home
    names = [
        "DFL_02_01_matchinformation_DFL-COM-000001_DFL-MAT-J03WMX.xml",
        "DFL_03_02_events_raw_DFL-COM-000001_DFL-MAT-J03WMX.xml",
        "DFL_04_03_positions_raw_observed_DFL-COM-000001_DFL-MAT-J03WMX.xml",
    ]
    for name in names:
        (folder / name).write_text(f"<{name}/>")
    done = fetch("dfl", "J03WMX", "--home", address)
    assert done.returncode == 0, done.stderr
    assert "3 files fetched" in done.stdout
    assert "CC BY 4.0" in done.stdout
    assert "doi.org/10.1038/s41597-025-04505-y" in done.stdout
    inbox = empty_database.inbox("dfl", "main") / "J03WMX"
    assert {path.name for path in inbox.iterdir()} == set(names)
    assert "0 files fetched (0.0 MB), 3 were there" in fetch("dfl", "J03WMX", "--home", address).stdout


def test_a_competition_and_season_of_statsbomb(empty_database, home, tmp_path):
    folder, address = home
    for path, content in {
        "competitions.json": '[{"competition_id": 9, "season_id": 27}, {"competition_id": 9, "season_id": 281}]',
        "matches/9/27.json": '[{"match_id": 1}]',
        "events/1.json": "[]",
        "lineups/1.json": "[]",
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)
    arguments = ("statsbomb", "--competition", "9", "--season", "27", "--home", address)
    done = fetch(*arguments, "--to", str(tmp_path / "data"))
    assert done.returncode == 0, done.stderr
    assert "Name StatsBomb as the source" in done.stdout
    assert (tmp_path / "data" / "events" / "1.json").read_text() == "[]"
    assert not (tmp_path / "data" / "matches" / "9" / "281.json").exists()


def test_some_that_are_missing_are_named_with_a_code_of_their_own(empty_database, home):
    folder, address = home
    (folder / "DFL_02_01_matchinformation_DFL-COM-000001_DFL-MAT-J03WMX.xml").write_text("<PutDataRequest/>")
    done = fetch("dfl", "J03WMX", "--home", address)
    assert done.returncode == 4
    assert "1 files fetched" in done.stdout
    assert "DFL_03_02_events_raw_DFL-COM-000001_DFL-MAT-J03WMX.xml: the server answers 404" in done.stderr
    assert "2 files could not be had; the rest is there" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(("dfl", "NOBODY"), "match NOBODY is not in the set"), (("dfl", "J03WMX"), "the server answers 404")],
)
def test_what_cannot_be_fetched_is_said_in_one_sentence(empty_database, home, arguments, message):
    _, address = home
    done = fetch(*arguments, "--home", address)
    assert (done.returncode, message in done.stderr) == (3, True)
    assert "Traceback" not in done.stderr
