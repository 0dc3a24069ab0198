"""A match of two whole halves (400 MB): the fast path, its bounds, and half a half missing."""

import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from xgoals.domain.errors import FeedError
from xgoals.domain.scene import FrameSource
from xgoals.feeds.dfl import discover, read_delivery
from xgoals.feeds.simulator import simulate_matchday
from xgoals.feeds.simulator.dfl_writer import DflTruth, write_dfl_match

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> DflTruth:
    record = min(simulate_matchday(1, 1), key=lambda r: abs(len(r.shots) - 26))
    return write_dfl_match(record, tmp_path_factory.mktemp("whole"), seed=7, contiguous=True)


def test_a_whole_match_takes_the_fast_path_and_has_every_frame(whole: DflTruth) -> None:
    assert whole.positions.stat().st_size > 350e6
    reading = read_delivery(discover(whole.positions.parent)[0][0])
    assert reading.read_path == "seek"
    assert reading.problems == []
    for scene in reading.record.scenes:
        assert scene.frame_source in (FrameSource.OFFICIAL, FrameSource.FOUND)
        assert abs(scene.frame_n - whole.frames[scene.shot_id]) <= 3
        assert len(scene.people) >= 12


def test_it_stays_below_120_mb(whole: DflTruth) -> None:
    """In a process of its own, whose highest memory the kernel knows."""
    code = (
        "import sys; from pathlib import Path; from xgoals.feeds.dfl import discover, read_delivery; "
        "read_delivery(discover(Path(sys.argv[1]))[0][0]); "
        "print([l for l in open('/proc/self/status') if l.startswith('VmHWM')][0].split()[1])"
    )
    if not Path("/proc/self/status").exists():
        pytest.skip("PEAK MEMORY NOT MEASURED: no /proc on this system")
    run = subprocess.run(
        [sys.executable, "-c", code, str(whole.positions.parent)], capture_output=True, text=True, check=True
    )
    assert int(run.stdout) / 1024 < 120


def test_it_takes_at_most_a_second_of_cpu(whole: DflTruth) -> None:
    (delivery,), _ = discover(whole.positions.parent)
    times = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_SELF)
        read_delivery(delivery)
        after = resource.getrusage(resource.RUSAGE_SELF)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(times) <= 1.0


def test_half_a_half_missing_refuses_the_match(whole: DflTruth, tmp_path: Path) -> None:
    for path in (whole.matchinfo, whole.events):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    lost = re.compile(
        r'<Frame N="1(?:3\d|4\d|5\d|6[0-4])\d{3}"'
    )  # frames 130000 to 164999 of the second half
    with whole.positions.open() as source, (tmp_path / whole.positions.name).open("w") as target:
        for line in source:
            if not lost.match(line):
                target.write(line)
            elif "</FrameSet>" in line:
                target.write(line[line.index("</FrameSet>") :])
    with pytest.raises(FeedError, match="part of the match is missing") as caught:
        read_delivery(discover(tmp_path)[0][0])
    assert "secondHalf, N=1" in str(caught.value.where)
    assert whole.positions.name in str(caught.value.where)
