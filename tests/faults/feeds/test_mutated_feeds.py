"""Damaged files: a match is read as a whole, or something is said; the match beside it is read as ever.

What is read holds all that readers promise (`record_promises`); a refusal names file, reason and advice; and no shot,
no match is lost without a word, but where what is left is a whole file that says nothing of it (`UNTOLD`).
"""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from damage import FOLDER
from damage_kinds import UNTOLD, kinds_of
from sources import FEEDS, WITH_PEOPLE, Good, Said, as_good, bare, good_source, read_source, write

from counting import Tries
from record_promises import assert_features_hold, assert_storable
from small_feeds import Files, real_dfl_files, real_statsbomb_files
from xgoals.features.catalogue import CATALOGUES
from xgoals.feeds.clips import read_clips, write_clips

PROMISED = 10_000
WHAT = "files damaged in some of {} ways"
SHARES = {"dfl": 2_600, "statsbomb": 3_000, "archive": 800, "wyscout": 900, "opta": 900, "statsperform": 900}
REAL = {"dfl": 300, "statsbomb": 300}
"""Of the promised; the rest is tracking (`test_mutated_tracking.py`)."""


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Good]:
    known: dict[str, Good] = {}

    def of(feed: str) -> Good:
        if feed not in known:
            known[feed] = good_source(feed, tmp_path_factory.mktemp(feed))
        return known[feed]

    return of


@pytest.mark.parametrize("feed", FEEDS)
def test_the_files_are_good_before_they_are_damaged(feed: str, good: Callable[[str], Good]) -> None:
    said = good(feed).said
    assert len(said.records) == 2
    assert (
        all(len(scene.people) >= 10 for r in said.records.values() for scene in r.scenes)
        or feed not in WITH_PEOPLE
    )
    # Most goals are not in the excerpt.
    assert all("scoreline" in sentence for sentence in said.sentences)


@pytest.mark.parametrize("feed", FEEDS)
def test_there_are_many_kinds_of_damage(feed: str) -> None:
    assert len(kinds_of(feed)) >= 40


@pytest.mark.parametrize("feed", FEEDS)
def test_damaged_files(feed: str, good: Callable[[str], Good], tmp_path: Path, tries: Tries) -> None:
    kinds, n = sorted(kinds_of(feed)), tries(SHARES[feed], small=6)
    for number in range(n):
        rng = random.Random(f"{tries.seed}-{feed}-{number}")
        # Each kind comes as often as any other, alone and with others.
        chosen = [kinds[number % len(kinds)], *rng.sample(kinds, rng.choice([0, 0, 1, 2]))]
        damaged(good(feed), chosen, rng, tmp_path / str(number), f"seed {tries.seed}, number {number}")
    tries.done(5, WHAT.format(sum(len(kinds_of(f)) for f in FEEDS)), n, PROMISED)


@pytest.mark.real_data
@pytest.mark.parametrize("feed", REAL)
def test_real_files_damaged(feed: str, real_data: Path, tmp_path: Path, tries: Tries) -> None:
    files = real_dfl_files(real_data) if feed == "dfl" else real_statsbomb_files(real_data)
    good, kinds, n = (
        as_good(feed, files, tmp_path / "good"),
        sorted(kinds_of(feed)),
        tries(REAL[feed], small=2),
    )
    for number in range(n):
        rng = random.Random(f"{tries.seed}-real-{feed}-{number}")
        chosen = [kinds[number % len(kinds)], *rng.sample(kinds, rng.choice([0, 0, 1]))]
        damaged(good, chosen, rng, tmp_path / str(number), f"real files, seed {tries.seed}, number {number}")
    tries.done(5, WHAT.format(sum(len(kinds_of(f)) for f in FEEDS)), n, PROMISED)


def damaged(good: Good, kinds: list[str], rng: random.Random, folder: Path, name: str) -> None:
    """Damage a source, read it, and say with which damage what went wrong."""
    files = dict(good.files)
    for kind in kinds:
        if files:
            kinds_of(good.feed)[kind](rng, files)
    write(files, folder)
    try:
        said = read_source(good.feed, folder)
        for match_id, record in said.records.items():
            if (
                bare(record) != bare(good.said.records.get(match_id, record))
                or match_id not in good.said.records
            ):
                assert_storable(record)
                assert_features_hold(record, rng.choice(list(CATALOGUES.values())))
            if record.clips and rng.random() < 0.1:
                write_clips(record.clips, folder / "clips.parquet")
                shots = {clip.shot_id for clip in read_clips(folder / "clips.parquet")}
                assert shots <= {shot.shot_id for shot in record.shots}
        assert_untouched(good, files, said)
        if not UNTOLD & set(kinds):
            assert_nothing_lost_without_a_word(good, said)
    except Exception as error:
        error.add_note(f"feed {good.feed}, {name}, damage: {', '.join(kinds)}, files in {folder}")
        raise


def assert_untouched(good: Good, files: Files, said: Said) -> None:
    """The match of which no file has changed is read as it was."""
    changed = {name for name in good.files.keys() | files.keys() if files.get(name) != good.files.get(name)}
    shared = good.files.keys() - set().union(*good.said.files.values())
    if changed & shared:
        return
    for match_id, own in good.said.files.items():
        beside = b"".join(files[name] for name in changed if name in files)
        is_meant = match_id.encode() in beside or any(match_id in name for name in changed)
        if not own & changed and not is_meant and FOLDER not in files.values():
            assert said.digests.get(match_id) == good.said.digests[match_id], f"match {match_id} is touched"


def assert_nothing_lost_without_a_word(good: Good, said: Said) -> None:
    """Where a match or a shot is missing, something is said that was not said of the good files."""
    news = said.sentences - good.said.sentences
    for match_id, before in good.said.records.items():
        now = said.records.get(match_id)
        assert now is not None or news, f"match {match_id} is lost without a word"
        if now is None:
            continue
        lost = {shot.shot_id for shot in before.shots} - {shot.shot_id for shot in now.shots}
        is_renamed = len(now.shots) >= len(before.shots)
        assert not lost or is_renamed or news, (
            f"shots {sorted(lost)} of match {match_id} are lost without a word"
        )
