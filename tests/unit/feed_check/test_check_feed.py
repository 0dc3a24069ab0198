"""The whole check: every feed passes it on its samples, and what a feed does wrong is named with what to do."""

from pathlib import Path

import pytest

from feed_packages import lay_guide
from small_event_feeds import EVENT_FEEDS, Files
from xgoals.feed_check import FeedReport, Verdict, check_feed


def lay(files: Files, folder: Path) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def failures(report: FeedReport) -> dict[str, tuple[str, ...]]:
    return {check.name: check.examples for check in report.failures}


@pytest.mark.parametrize(
    "feed", ["wyscout", *(pytest.param(one, marks=pytest.mark.slow) for one in ("opta", "statsperform"))]
)
def test_our_feeds_of_event_files_pass(feed, tmp_path):
    report = check_feed(feed, lay(EVENT_FEEDS[feed](), tmp_path / "in"))
    assert report.passed, report.as_text()
    assert (report.package, report.n_matches, report.n_shots) == ("xgoals", 2, 20)


@pytest.fixture
def guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(lay_guide(tmp_path) / "src"))
    return tmp_path


def test_the_guide_s_template_passes(guide):
    report = check_feed("acme", guide / "samples")
    assert report.passed, report.as_text()
    assert report.package == "acme-xgoals 0.1.0"
    assert "ok: " in report.as_text()


def test_the_guide_s_template_with_positions_passes(guide):
    report = check_feed("xgoals_acme.frames", guide / "frames")
    assert report.passed, report.as_text()


CARELESS = """
import json, random
from datetime import date
from xgoals.feeds.kit import *

about = About(files="careless", owner="Nobody")

def discover(source, *, stored_sha256=(), match_ids=None, seen=None):
    paths = [p for p in source.iterdir() if p.name.endswith(".json")]
    return [
        Delivery("careless", p.stem, (p,), str(len(p.read_bytes())), extra={"when": random.random()}) for p in paths
    ], []

def announce(delivery):
    return Announcement("x", "1", "L", "1", "S", None, ("a", "b"))

def read_match(delivery):
    told = json.loads(delivery.files[0].read_text())
    home, away = Team("a", "A"), Team("b", "B")
    day = date(2024, 1, 1)
    match = Match("careless", delivery.match_id, "1", "L", "1", "S", day, home, away, Pitch(105.0, 68.0))
    words = BodyPart.HEAD, ShotType.OPEN_PLAY, Outcome.GOAL, BallControl.OTHER, SetUp.OTHER, Technique.OTHER
    shots = tuple(
        Shot(s["id"], n, 1, n, 0, 0.0, s["team"], s["player"], s["x"], 0.0, *words) for n, s in enumerate(told["shots"])
    )
    return MatchRecord(match, (home, away), (), shots, tuple(Scene(s.shot_id) for s in shots)), []
"""


def test_a_careless_feed_is_told_all_of_it(tmp_path, monkeypatch):
    (tmp_path / "careless_feed.py").write_text(CARELESS)
    monkeypatch.syspath_prepend(str(tmp_path))
    source = tmp_path / "in"
    source.mkdir()
    for n in range(2):
        shots = [{"id": str(i), "team": "a", "player": "p", "x": -30.0} for i in range(9)]
        (source / f"{n}.json").write_text(f'{{"shots": {str(shots).replace(chr(39), chr(34))}}}')
    report = check_feed("careless_feed", source)
    found = failures(report)
    assert set(found) >= {
        "announcement",
        "records",
        "ends",
        "fingerprints",
        "again",
        "empty",
        "cut off",
        "lost fields",
    }
    assert "announced and read: match_id: 'x' and " in found["announcement"][0]
    assert ".json: a byte is changed, and the fingerprint is not" in found["fingerprints"][0]
    assert "JSONDecodeError" in found["empty"][0]
    assert "read_match: KeyError: 'shots' (careless_feed.py, line" in " ".join(found["lost fields"])
    assert all(check.do for check in report.failures)
    assert Verdict.NOT_JUDGED in {check.verdict for check in report.checks}
    assert "FAILED: " in report.as_text()
    assert report.as_plain()["passed"] is False
