"""Damaged tracking files: the shots stand with what can be used, and a sentence says what cannot be; never else."""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sources import write

from counting import Tries
from record_promises import assert_features_hold, assert_noted, assert_storable
from small_feeds import Files, read_files
from xgoals.features.catalogue import CATALOGUES
from xgoals.feeds import load_feed
from xgoals.feeds.clips import read_clips, write_clips
from xgoals.feeds.simulator import simulate_matchday
from xgoals.feeds.simulator.provider_game import Manner
from xgoals.feeds.simulator.provider_writer import write_opta_tracab, write_statsperform_ma25
from xgoals.feeds.synchronise.follow import UNFORESEEN

N_SHOTS = 6
WRITERS = {"opta": write_opta_tracab, "statsperform": write_statsperform_ma25}
Rng = random.Random
Damage = Callable[[Rng, bytes], bytes]
NUMBERS = (
    b"nan",
    b"inf",
    b"-inf",
    b"1e999",
    b"99999999999999999999",
    b"",
    b"-",
    b"--1",
    b"0x1F",
    b"1_000",
    b"\xd9\xa3",
    b" 7 ",
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Files]:
    """By feed the files of a match of six shots, by a camera of 5 Hz."""
    record = simulate_matchday(1, 1)[0]
    record = replace(record, shots=record.shots[:N_SHOTS], scenes=record.scenes[:N_SHOTS])
    files = {}
    for feed, writer in WRITERS.items():
        folder = tmp_path_factory.mktemp(feed)
        writer(record, folder, seed=3, manner=Manner(rate_hz=5, clock_s=2.0))
        files[feed] = read_files(folder)
    return files


def tracking_of(files: Files) -> list[str]:
    return sorted(name for name in files if re.search(r"\.dat$|_metadata\.xml$|_ma25\.txt$", name))


def at(rng: Rng, data: bytes) -> int:
    return rng.randrange(len(data) + 1)


def flipped(n: int) -> Damage:
    def damage(rng: Rng, data: bytes) -> bytes:
        content = bytearray(data)
        for _ in range(n):
            content[rng.randrange(len(content))] = rng.randrange(256)
        return bytes(content)

    return damage


def inserted(*what: bytes) -> Damage:
    return lambda rng, data: data[: (i := at(rng, data))] + rng.choice(what) + data[i:]


def of_lines(change: Callable[[Rng, list[bytes]], list[bytes]]) -> Damage:
    return lambda rng, data: b"".join(change(rng, data.splitlines(keepends=True)))


def swapped(rng: Rng, lines: list[bytes]) -> list[bytes]:
    for _ in range(20):
        i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
        lines[i], lines[j] = lines[j], lines[i]
    return lines


def with_odd_numbers(rng: Rng, data: bytes) -> bytes:
    """Every hundredth number is another one."""
    return re.sub(
        rb"-?\d+(?:\.\d+)?", lambda found: rng.choice(NUMBERS) if rng.random() < 0.01 else found[0], data
    )


def without_a_slice(rng: Rng, data: bytes) -> bytes:
    i = at(rng, data)
    return data[:i] + data[i + rng.choice([1, 300, 30_000]) :]


KINDS: dict[str, Damage] = {
    "cut off at the end": lambda rng, data: data[: at(rng, data)],
    "cut off at the start": lambda rng, data: data[at(rng, data) :],
    "cut off in the last line": lambda rng, data: data[: -rng.randrange(1, 500)],
    "a slice lost": without_a_slice,
    "a byte flipped": flipped(1),
    "50 bytes flipped": flipped(50),
    "5,000 bytes flipped": flipped(5000),
    "bytes that are no text": inserted(b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b[31m"),
    "separators inserted": inserted(b":", b";", b",", b"\n", b"\r", b";;;;", b":::", b",,,"),
    "odd numbers": with_odd_numbers,
    "lines swapped": of_lines(swapped),
    "lines shuffled": of_lines(lambda rng, lines: rng.sample(lines, len(lines))),
    "lines backwards": of_lines(lambda rng, lines: lines[::-1]),
    "lines twice": of_lines(lambda rng, lines: [line for line in lines for _ in range(2)]),
    "every other line lost": of_lines(lambda rng, lines: lines[::2]),
    "the same line again and again": of_lines(lambda rng, lines: [rng.choice(lines)] * len(lines)),
    "all in one line": lambda rng, data: data.replace(b"\n", b""),
    "Windows": lambda rng, data: data.replace(b"\n", b"\r\n"),
    "old Macintosh": lambda rng, data: data.replace(b"\n", b"\r"),
    "commas for points": lambda rng, data: data.replace(b".", b","),
    "minus signs lost": lambda rng, data: data.replace(b"-", b""),
    "UTF-16": lambda rng, data: data.decode("latin-1").encode("utf-16"),
    "empty": lambda rng, data: b"",
    "a page in its place": lambda rng, data: b"<html><body>Log in</body></html>",
}  # fmt: skip


@pytest.mark.parametrize("feed", WRITERS)
def test_the_files_are_good_before_they_are_damaged(
    feed: str, whole: dict[str, Files], tmp_path: Path
) -> None:
    write(whole[feed], tmp_path)
    (delivery,), _ = load_feed(feed).discover(tmp_path)
    record, _ = load_feed(feed).read_match(delivery)
    assert len(record.clips) == N_SHOTS


@pytest.mark.parametrize("feed", WRITERS)
def test_damaged_tracking(feed: str, whole: dict[str, Files], tmp_path: Path, tries: Tries) -> None:
    kinds, n = sorted(KINDS), tries(150, small=2)
    for number in range(n):
        rng = Rng(f"{tries.seed}-{feed}-{number}")
        kind, name = kinds[(number + tries.seed) % len(kinds)], rng.choice(tracking_of(whole[feed]))
        damaged(feed, whole[feed], tmp_path / str(number), f"{tries.seed}-{number}", name, kind)
    tries.done(5, "tracking files damaged", n, 300)


def damaged(feed: str, good: Files, folder: Path, seed: str, name: str, kind: str) -> None:
    rng = Rng(seed)
    write({**good, name: KINDS[kind](rng, good[name])}, folder)
    module = load_feed(feed)
    try:
        deliveries, problems = module.discover(folder)
        assert_noted(problems)
        (delivery,) = deliveries
        record, notes = module.read_match(delivery)
        assert_noted(notes)
        assert not any(UNFORESEEN in note.reason for note in notes), [note.reason for note in notes]
        assert len(record.shots) == len(record.scenes) == N_SHOTS
        assert_storable(record)
        assert_features_hold(record, rng.choice(list(CATALOGUES.values())))
        write_clips(record.clips, folder / "clips.parquet")
        assert {c.shot_id for c in read_clips(folder / "clips.parquet")} <= {
            shot.shot_id for shot in record.shots
        }
    except Exception as error:
        error.add_note(f"feed {feed}, seed {seed}, {kind} in {name}, files in {folder}")
        raise
