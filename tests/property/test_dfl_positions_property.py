"""Whatever a positions file looks like, the fast reader gives the parser's rows or leaves it to the parser."""

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xgoals.feeds.dfl.positions import open_positions
from xgoals.feeds.dfl.positions_parser import ParsedPositions
from xgoals.feeds.dfl.tracks import Positions, Window


@st.composite
def layouts(draw: st.DrawFn) -> dict[str, object]:
    """How a provider might write a file: nothing of it is guaranteed."""
    return {
        "seed": draw(st.integers(0, 2**32 - 1)),
        "objects": draw(st.integers(1, 4)),
        "frames": draw(st.integers(0, 400)),
        "order": draw(st.permutations(["N", "T", "X", "Y", "S", "M"])),
        "between_frames": draw(st.sampled_from(["", "\n", "\r\n", "\n      ", " \t"])),
        "between_sets": draw(st.sampled_from(["", "\n", "\n\n  "])),
        "closing": draw(st.sampled_from(["/>", " />", "></Frame>"])),
        "equals": draw(st.sampled_from(["=", " = "])),
        "hole": draw(st.integers(0, 5_000)),
        "oddity": draw(
            st.sampled_from(
                ["", "", "", "quotes", "no x", "text", "comment", "entity", "empty set", "long", "cdata"]
            )
        ),
    }


def write(layout: dict[str, object], path: Path) -> None:
    rng = random.Random(layout["seed"])
    sets = []
    for number in range(int(str(layout["objects"]))):
        frames, n = [], 10_000 + rng.randrange(50)
        for i in range(int(str(layout["frames"]))):
            values = {
                "N": str(n),
                "T": f"2023-05-27T13:30:{(n // 25) % 60:02d}.000+00:00",
                "X": f"{rng.uniform(-55, 55):.2f}",
                "Y": f"{rng.uniform(-36, 36):.{rng.randrange(4)}f}",
                "S": "0.00",
                "M": "1",
            }
            names, quote = list(layout["order"]), '"'  # type: ignore[call-overload]
            if i % 37 == 5:
                quote = "'" if layout["oddity"] == "quotes" else quote
                names = [name for name in names if name != "X" or layout["oddity"] != "no x"]
                values["M"] = "1" * 700 if layout["oddity"] == "long" else "1"
            text = "".join(f" {name}{layout['equals']}{quote}{values[name]}{quote}" for name in names)
            frames.append(f"<Frame{text}{layout['closing']}")
            n += 1 if i != 150 else 1 + int(str(layout["hole"]))
        team = "BALL" if number == 0 else f"DFL-CLU-{number % 2}"
        tag = f'FrameSet GameSection="firstHalf" MatchId="M" TeamId="{team}" PersonId="P{number}"'
        sets.append(f"<{tag}>{str(layout['between_frames']).join(frames)}</FrameSet>")
    odd = {
        "text": "stray",
        "comment": "<!-- </FrameSet> -->",
        "entity": "<Note A='&amp;'/>",
        "empty set": "<FrameSet/>",
        "cdata": "<![CDATA[<FrameSet>]]>",
    }
    sets.append(odd.get(str(layout["oddity"]), ""))
    body = str(layout["between_sets"]).join(sets)
    path.write_text(f'<?xml version="1.0"?>\n<PutDataRequest><Positions>{body}</Positions></PutDataRequest>')


def rows(positions: Positions, windows: list[Window]) -> list[list[tuple[object, ...]]]:
    return [
        [(t.team_id, t.person_id, t.n.tolist(), t.t_s.tolist(), t.xyz_m.tolist()) for t in tracks]
        for tracks in positions.windows(windows)
    ]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    layouts(), st.lists(st.tuples(st.integers(9_900, 16_000), st.integers(0, 600)), min_size=1, max_size=4)
)
def test_both_readers_agree(tmp_path: Path, layout: dict[str, object], spans: list[tuple[int, int]]) -> None:
    path = tmp_path / "positions.xml"
    write(layout, path)
    if layout["frames"] == 0:
        return
    windows = [Window("firstHalf", first, first + length) for first, length in spans]
    parsed = ParsedPositions(path, "positions.xml")
    with open_positions(path) as fast:
        np.testing.assert_equal(rows(fast, windows), rows(parsed, windows))
        assert fast.sha256 == parsed.sha256
        assert list(fast.heads) == list(parsed.heads)
        is_plain = layout["closing"] != "></Frame>" and layout["equals"] == "="
        if layout["oddity"] in ("comment", "entity", "empty set", "text", "cdata"):
            assert fast.read_path == "parser"
        elif layout["oddity"] in ("", "no x") and is_plain:
            assert fast.read_path == "seek"


@pytest.mark.parametrize("frames", [1, 2, 399])
def test_the_plain_layout_takes_the_fast_path(tmp_path: Path, frames: int) -> None:
    layout: dict[str, object] = {
        "seed": 1,
        "objects": 3,
        "frames": frames,
        "order": ["N", "T", "X", "Y", "S", "M"],
        "between_frames": "\n",
        "between_sets": "",
        "closing": " />",
        "equals": "=",
        "hole": 0,
        "oddity": "",
    }
    write(layout, tmp_path / "p.xml")
    with open_positions(tmp_path / "p.xml") as positions:
        assert positions.read_path == "seek"
        assert len(positions.windows([Window("firstHalf", 0, 10**6)])[0]) == 3
