"""What docs/feeds-dfl.md draws: a search in a positions file, and one shot's seven terms."""

import re
from pathlib import Path

import numpy as np
import pytest
import shot_frame_terms
from dfl_files import HOME, HandMade, frame, frame_set, positions

from xgoals.feeds.dfl.positions_seek import HALVE_EVERY, SoughtPositions
from xgoals.feeds.dfl.tracks import Window
from xgoals.feeds.synchronise.shot_frame import log_likelihood

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "feeds-dfl.md").read_text(encoding="utf-8")
WINDOW = Window("firstHalf", 30_750, 31_121)


def whole(text: str) -> int:
    return int(text.replace(",", ""))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A half of 67,500 short frames, of the ball and of one person."""
    path = tmp_path_factory.mktemp("page") / "positions.xml"
    frames = "".join(frame(n, 10 + n % 1000 / 100, 5) for n in range(10_000, 77_500))
    sets = [frame_set("ball", "BALL", frames), frame_set("H9", HOME, frames)]
    path.write_text(HandMade(path.parent).message(positions(*sets)), encoding="utf-8")
    return path


def test_the_search_that_the_page_shows(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guesses: list[tuple[int, int]] = []
    frame_at = SoughtPositions._frame_at

    def noted(self: SoughtPositions, offset: int, limit: int, n_limit: int) -> tuple[int, int]:
        found = frame_at(self, offset, limit, n_limit)
        guesses.append((offset, found[1]))
        return found

    with file.open("rb", buffering=0) as opened:
        sought = SoughtPositions(opened, "positions.xml")
        frames = sought._sets[1]
        monkeypatch.setattr(SoughtPositions, "_frame_at", noted)
        track = sought._cut(frames, WINDOW)
    assert track is not None
    assert (track.n[0], track.n[-1], len(track.n)) == (30_750, 31_121, 372)
    assert "as 372 frames have on average" in PAGE
    described = re.search(r"from byte ([\d,]+) to ([\d,]+)\)", PAGE)
    assert described is not None
    assert (frames.first_frame, frames.last_frame) == tuple(map(whole, described.groups()))
    rows = re.findall(r"^\| (\d) \| (\w+) \| ([\d,]+) \| ([\d,]+) \| (\w+) end \|$", PAGE, re.MULTILINE)
    assert guesses == [(whole(offset), whole(n)) for _, _, offset, n, _ in rows]
    for number, how, _, n, end in rows:
        assert (how == "middle") == (int(number) % HALVE_EVERY == 0)
        assert (end == "lower") == (whole(n) <= WINDOW.n_first)


def test_the_terms_of_a_shot_are_those_of_the_command() -> None:
    """Curves to a step, numbers to the last digit shown: another build of numpy may round otherwise."""
    printed = PAGE.split(f"## {shot_frame_terms.HEADING}\n")[1].split("\n## ")[0].strip()
    computed = shot_frame_terms.section().strip()
    for page, ours in zip(printed.splitlines(), computed.splitlines(), strict=True):
        if set(page) & set(shot_frame_terms.LEVELS):
            levels = [np.array([shot_frame_terms.LEVELS.find(c) for c in line]) for line in (page, ours)]
            assert len(page) == len(ours)
            assert np.abs(levels[0] - levels[1]).max() <= 1
        else:
            number = r"[+-]?\d+\.\d+"
            assert re.sub(number, "#", page) == re.sub(number, "#", ours)
            np.testing.assert_allclose(
                [float(n) for n in re.findall(number, page)],
                [float(n) for n in re.findall(number, ours)],
                atol=0.11,
            )


def test_the_sum_of_the_terms_finds_the_true_frame_of_that_shot() -> None:
    case = shot_frame_terms.example()
    score = log_likelihood(case.window)
    assert int(np.nanargmax(score)) == case.true_index
    assert abs(case.window.event_index - case.true_index) > 25, (
        "the event's clock is off by more than a second"
    )
