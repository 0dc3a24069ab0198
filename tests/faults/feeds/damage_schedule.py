"""Damage to a schedule that somebody has written by hand."""

from collections.abc import Iterable

from damage import BYTES, PIPE, Damage, Rng

from small_feeds import Files
from xgoals.domain.scene import MatchRecord

NAME = "schedule.csv"
HEAD = b"competition_id,season_id,matchday,match_id,kick_off\n"


def schedule_of(records: Iterable[MatchRecord]) -> bytes:
    """The schedule of some matches."""
    lines = (
        f"{r.match.competition_id},{r.match.season_id},1,{r.match.match_id},\n".encode() for r in records
    )
    return HEAD + b"".join(lines)


def _line(*lines: bytes) -> Damage:
    """One more line."""

    def damage(rng: Rng, files: Files) -> None:
        files[NAME] += rng.choice(lines) + b"\n"

    return damage


def _says(data: bytes) -> Damage:
    def damage(_: Rng, files: Files) -> None:
        files[NAME] = data

    return damage


def _bytes(rng: Rng, files: Files) -> None:
    files[NAME] = rng.choice(sorted(BYTES.items()))[1](rng, files[NAME])


SCHEDULE: dict[str, Damage] = {
    "any bytes": _bytes,
    "a matchday of many digits": _line(b"1,2," + b"9" * 5000 + b",7,", "1,2,\u0663,7,".encode(), "1,2,²,7,".encode()),
    "an odd matchday": _line(b"1,2,0,7,", b"1,2,101,7,", b"1,2,-1,7,", b"1,2,1.0,7,", b"1,2,1e1,7,", b"1,2, 3 ,7,"),
    "an odd kick-off": _line(
        b"1,2,1,7,0001-01-01T00:00:00+02:00", b"1,2,1,7,9999-12-31T23:59:59-12:00", b"1,2,1,7,2024-02-30T20:00:00Z",
        b"1,2,1,7,2025-08-22T20:30:00+02:00:30", b"1,2,1,7,2025-08-22", b"1,2,1,7,24:00",
    ),
    "an odd id": _line(b"1,2,1,\0,", b"1,2,1,,", b"\x1b[31m,2,1,7,", b"1,2,1," + b"x" * 10_000 + b",", b"1,2,1,../x,"),
    "a quote that never ends": _line(b'1,2,1,"7'),
    "a field of 200 kB": _line(b'1,2,1,"' + b"x" * 200_000 + b'",'),
    "every match again": lambda _, files: files.update({NAME: files[NAME] + files[NAME].removeprefix(HEAD)}),
    "no columns": _says(b"a,b,c\n1,2,3\n"),
    "a pipe": _says(PIPE),
    "twenty megabytes": _says(HEAD + b"1,2,1,7,\n" * 2_500_000),
}  # fmt: skip
