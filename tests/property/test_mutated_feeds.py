"""Damaged files: a record that holds what readers promise, or a refusal with file and reason; nothing else, ever."""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from damage import DANGLING, FOLDER, LOOP, PIPE
from damage_kinds import kinds_of
from test_any_scene import assert_features_hold, assert_noted, assert_printable, assert_storable

from small_event_feeds import EVENT_FEEDS
from small_feeds import Files, dfl_files, real_dfl_files, real_statsbomb_files, statsbomb_files
from xgoals.domain.errors import FeedError, SourceError
from xgoals.domain.scene import MatchRecord
from xgoals.features.catalogue import CATALOGUES
from xgoals.feeds import Delivery, load_feed
from xgoals.feeds.clips import read_clips, write_clips

DEFAULT_SEED = 1863
WITH_PEOPLE = ("dfl", "statsbomb")
FEEDS = (*WITH_PEOPLE, *EVENT_FEEDS)


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Files]:
    return {"dfl": dfl_files(tmp_path_factory.mktemp("dfl")), "statsbomb": statsbomb_files()} | {
        feed: files() for feed, files in EVENT_FEEDS.items()
    }


@pytest.mark.parametrize("feed", FEEDS)
def test_the_files_are_good_before_they_are_damaged(
    feed: str, simulated: dict[str, Files], tmp_path: Path
) -> None:
    write(simulated[feed], tmp_path)
    module = load_feed(feed)
    deliveries, problems = module.discover(tmp_path)
    assert problems == []
    assert deliveries
    for delivery in deliveries:
        record, notes = module.read_match(delivery)
        assert {note.place for note in notes} <= {"scoreline"}  # most goals are not in the excerpt
        assert all(len(scene.people) >= 10 for scene in record.scenes) or feed not in WITH_PEOPLE


@pytest.mark.parametrize("feed", FEEDS)
def test_there_are_many_kinds_of_damage(feed: str) -> None:
    assert len(kinds_of(feed)) >= 40


@pytest.mark.parametrize("feed", FEEDS)
def test_every_kind_of_damage_once(feed: str, simulated: dict[str, Files], tmp_path: Path) -> None:
    for n, kind in enumerate(kinds_of(feed)):
        damaged(feed, simulated[feed], tmp_path / str(n), f"{DEFAULT_SEED}-{kind}", [kind])


@pytest.mark.parametrize("feed", FEEDS)
def test_some_damage_together(feed: str, simulated: dict[str, Files], tmp_path: Path) -> None:
    any_damage(feed, simulated[feed], tmp_path, DEFAULT_SEED, n_files=20)


@pytest.mark.slow
@pytest.mark.parametrize("feed", FEEDS)
def test_a_thousand_damaged_sources(feed: str, simulated: dict[str, Files], tmp_path: Path) -> None:
    seed = int(os.environ.get("XGOALS_FUZZ_SEED", time.time_ns() % 10**9))
    any_damage(feed, simulated[feed], tmp_path, seed, n_files=1000)


@pytest.mark.slow
@pytest.mark.real_data
@pytest.mark.parametrize("feed", ["dfl", "statsbomb"])
def test_real_files_damaged(feed: str, real_data: Path, tmp_path: Path) -> None:
    seed = int(os.environ.get("XGOALS_FUZZ_SEED", time.time_ns() % 10**9))
    files = real_dfl_files(real_data) if feed == "dfl" else real_statsbomb_files(real_data)
    any_damage(feed, files, tmp_path, seed, n_files=200)


def any_damage(feed: str, files: Files, folder: Path, seed: int, *, n_files: int) -> None:
    print(f"XGOALS_FUZZ_SEED={seed}")  # noqa: T201 - shown where a test fails
    kinds = sorted(kinds_of(feed))
    for n in range(n_files):
        name = f"{seed}-{feed}-{n}"
        rng = random.Random(name)
        damaged(feed, files, folder / str(n), name, rng.sample(kinds, rng.choice([1, 1, 2, 3])))


def damaged(feed: str, good: Files, folder: Path, seed: str, kinds: list[str]) -> None:
    """Damage a source, read it, and say with which damage what went wrong."""
    rng, files = random.Random(seed), dict(good)
    for kind in kinds:
        if files:
            kinds_of(feed)[kind](rng, files)
    write(files, folder)
    try:
        for record in read_all(feed, folder):
            assert_storable(record)
            assert_features_hold(record, rng.choice(list(CATALOGUES.values())))
            assert_clips_hold(record, folder)
    except Exception as error:
        error.add_note(f"feed {feed}, seed {seed}, damage: {', '.join(kinds)}, files in {folder}")
        raise


def write(files: Files, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if data == FOLDER:
            path.mkdir()
        elif data == PIPE:
            os.mkfifo(path)
        elif data in (DANGLING, LOOP):
            path.symlink_to(path if data == LOOP else folder / "nowhere")
        else:
            path.write_bytes(data)


def read_all(feed: str, folder: Path) -> Iterator[MatchRecord]:
    """The records that can be read; everything else has to be a sentence."""
    module = load_feed(feed)
    try:
        deliveries, problems = module.discover(folder)
    except SourceError as error:
        assert_sentence(error, folder)
        return
    assert_noted(problems)
    for delivery in deliveries:
        try:
            announced = module.announce(delivery)
            assert_printable([announced.match_id, announced.competition, announced.season])
        except FeedError as error:
            assert_sentence(error, folder)
        yield from read_one(module, delivery, folder)


def read_one(module: object, delivery: Delivery, folder: Path) -> Iterator[MatchRecord]:
    try:
        record, problems = module.read_match(delivery)  # type: ignore[attr-defined]
    except FeedError as error:
        assert_sentence(error, folder)
        return
    assert_noted(problems)
    assert record.match.match_id == delivery.match_id
    yield record


def assert_sentence(error: FeedError | SourceError, folder: Path) -> None:
    assert error.what
    assert error.advice
    assert str(folder) in (error.where or "")
    assert_printable([error.what, error.where or "", error.advice])


def assert_clips_hold(record: MatchRecord, folder: Path) -> None:
    if record.clips:
        write_clips(record.clips, folder / "clips.parquet")
        shots = {clip.shot_id for clip in read_clips(folder / "clips.parquet")}
        assert shots <= {shot.shot_id for shot in record.shots}
