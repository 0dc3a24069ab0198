"""The real excerpts through the command line: one at a time, then the whole folder with its contradiction."""

import subprocess
import sys

import pytest

from xgoals.feeds.clips import read_clips

pytestmark = pytest.mark.real_data


@pytest.fixture
def ingest(empty_database, real_data):
    def work(name: str = "", exit_code: int = 0) -> str:
        command = [sys.executable, "-m", "xgoals.cli", "ingest", "--feed", "dfl"]
        source = real_data / "dfl" / name
        done = subprocess.run([*command, "--source", source], capture_output=True, text=True, check=False)
        assert done.returncode == exit_code, done.stderr
        return done.stderr

    return work


def test_a_match_of_which_only_the_kick_off_is_tracked(ingest, query):
    ingest("J03WPY")
    shots = query("select * from shot")
    assert len(shots) == 26
    assert shots["is_goal"].sum() == 1
    assert set(shots["frame_source"]) == {"none"}
    assert shots["x_m"].notna().all()
    assert shots["provider_xg"].notna().all()
    (match,) = query("select * from match").itertuples()
    assert (match.home_score, match.away_score, match.matchday, match.is_simulated) == (0, 1, 12, False)
    remarks = query("select * from quarantine")
    assert len(remarks) == 26  # every shot says why it has no tracking
    assert set(remarks["severity"]) == {"value"}


def test_the_goal_and_the_contradiction_about_it(empty_database, ingest, query):
    ingest("J03WMX_shot")
    (shot,) = query("select * from shot").itertuples()
    assert (shot.frame_source, shot.frame_n, shot.is_goal) == ("official", 21707, True)
    assert shot.clock_offset_s == pytest.approx(1.12, abs=0.01)
    clip = read_clips(empty_database.home / shot.clip_path)[0]
    assert len(clip.frame_n) == 126  # 3 s before to 2 s after
    (values,) = query("select keeper_distance_m, official_keeper_distance_m from dfl_yardstick").itertuples()
    assert values.keeper_distance_m == pytest.approx(values.official_keeper_distance_m, abs=0.05)

    told = ingest(
        exit_code=4
    )  # the whole folder, with another excerpt of the same match under the same MessageTime
    assert "same MessageTime" in told
    refused = query("select path, reason from quarantine where severity = 'match'")
    assert refused["path"].str.contains("J03WMX_kickoff").all()
    assert refused["reason"].str.contains("what is stored stands").all()
    assert query("select count(*) as n from match")["n"].item() == 2
    assert query("select shot_id from shot where match_id = 'DFL-MAT-J03WMX'")["shot_id"].tolist() == [
        shot.shot_id
    ]
