"""The positions file of a simulated match."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TextIO

import numpy as np

from xgoals.feeds.simulator.dfl_frames import (
    RATE_HZ,
    Floats,
    HalfFrames,
    Ints,
    excerpts,
    fill,
    last_frame,
    noisy,
)
from xgoals.feeds.simulator.dfl_text import FIRST_FRAME, SECTIONS, Game, iso, open_message, tag

BALL_ID = "DFL-OBJ-0000XT"


def write_positions(
    rng: np.random.Generator, game: Game, time: datetime, file: TextIO, *, contiguous: bool
) -> None:
    """Write the file: the ball and everybody in the scenes, half by half, object by object."""
    match = game.match
    one_line, names_pitch = rng.random() < 0.5, rng.random() < 0.5
    between = "" if one_line else "\n"
    layout = rng.permutation(["D", "S", "A"]).tolist()
    file.write(
        open_message(time) + between + tag("Positions", {"EventTime": iso(time)}, close=False) + between
    )
    if names_pitch:
        size = {"X": f"{match.pitch.length_m:.2f}", "Y": f"{match.pitch.width_m:.2f}"}
        meta = tag("MetaData", {"MatchId": match.match_id, "Type": "pitch-size"}, close=False)
        file.write(meta + tag("PitchSize", size) + "</MetaData>" + between)
    for period, start in sorted(game.starts.items()):
        of_period = [timed for timed in game.shots if timed.shot.period == period]
        half = excerpts(rng, of_period, match.pitch)
        first = FIRST_FRAME[period]
        if contiguous:
            half = fill(rng, half, of_period, first, last_frame(of_period, first), game.team_of)
        clock = _Clock(start, first)
        for header, frames, is_ball in _objects(game, period, half):
            file.write(tag("FrameSet", header, close=False) + "\n")
            for n, places in frames:
                file.writelines(_rows(n, noisy(rng, places), places, clock, layout, is_ball=is_ball))
            file.write("</FrameSet>" + between)
    file.write("</Positions></PutDataRequest>\n")


def _objects(
    game: Game, period: int, half: HalfFrames
) -> Iterator[tuple[dict[str, str], Sequence[tuple[Ints, Floats]], bool]]:
    common = {"GameSection": SECTIONS[period], "MatchId": game.match.match_id}
    for player_id in sorted(half.people, key=lambda i: (game.team_of[i], i)):
        yield (
            common | {"TeamId": game.team_of[player_id], "PersonId": player_id},
            half.people[player_id],
            False,
        )
    if half.ball:
        yield common | {"TeamId": "BALL", "PersonId": BALL_ID}, half.ball, True


class _Clock:
    """Times of frames as text, written out once per half."""

    def __init__(self, start: datetime, first: int) -> None:
        self.start, self.first = start.astimezone(UTC), first
        self._texts: dict[int, str] = {}

    def text(self, n: int) -> str:
        """The time of frame ``n``, as the feed writes it."""
        known = self._texts.get(n)
        if known is None:
            known = self._texts[n] = iso(self.start + timedelta(milliseconds=40 * (n - self.first)))
        return known


def _rows(
    n: Ints,
    measured: Floats,
    places: Floats,
    clock: _Clock,
    layout: Sequence[str],
    *,
    is_ball: bool,
) -> Iterator[str]:
    step = np.diff(places[:, :2], axis=0, append=places[-1:, :2])
    speed_kmh = np.linalg.norm(step, axis=1) * RATE_HZ * 3.6
    ball_end = ' BallPossession="1" BallStatus="1"' if is_ball else ""
    numbers = np.column_stack([measured, speed_kmh]).round(2).tolist()
    for number, values in zip(n.tolist(), numbers, strict=True):
        z = f' Z="{values[2]:.2f}"' if is_ball else ""
        rest = "".join(f' {name}="{values[-1] if name == "S" else 0.0:.2f}"' for name in layout)
        yield (
            f'<Frame N="{number}" T="{clock.text(number)}" X="{values[0]:.2f}" Y="{values[1]:.2f}"{z}{rest}'
            f' M="1"{ball_end}/>\n'
        )
