"""What nobody has played or filmed says so in every file, and is never joined with what is real."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from provider_matches import Telling, read, sentences, tracked

from xgoals.domain.errors import FeedError
from xgoals.feeds import load_feed
from xgoals.feeds.dfl import discover, read_match
from xgoals.feeds.simulator import simulate_matchday
from xgoals.feeds.simulator.dfl_writer import write_dfl_match
from xgoals.feeds.statsbomb.entry import read_entry
from xgoals.settings import Settings
from xgoals.steps import ingest
from xgoals.steps.run_context import RunContext

MARKS = (
    ' simulated_by="xgoals"',
    '"simulated_by": "xgoals", ',
    "simulated_by_xgoals",
    ' RequestId="xgoals-simulator"',
)


def stripped(path: Path) -> None:
    """Take the mark out of a file; it must have had one."""
    text = path.read_text()
    mark = next(mark for mark in MARKS if mark in text)
    plain = {"simulated_by_xgoals": "1"}.get(mark, "")
    path.write_text(text.replace(mark, plain))


def of_kind(folder: Path, part: str) -> Path:
    return next(path for path in sorted(folder.iterdir()) if part in path.name.lower())


def test_simulated_tracking_never_lands_beside_real_events_nor_real_beside_simulated(
    copied: Path, tracab: Telling
) -> None:
    assert tracked(read("opta", copied)) > 0
    for part in (".dat", "_metadata"):
        stripped(of_kind(copied, part))
    reading = read("opta", copied)
    assert tracked(reading) == 0
    assert len(reading.record.shots) == len(tracab.record.shots)
    assert sentences(reading)[0].startswith("the match is simulated, and the tracking is not")


@pytest.mark.parametrize(("part", "simulated"), [(".dat", "_metadata.xml"), ("_metadata", ".dat")])
def test_the_two_files_of_a_tracab_match_are_of_one_world(copied: Path, part: str, simulated: str) -> None:
    stripped(of_kind(copied, part))
    reading = read("opta", copied)
    assert tracked(reading) == 0
    assert re.match(rf"\d+{re.escape(simulated)} is simulated, and \d+\S+ is not", sentences(reading)[0])


def test_ma25_bears_a_mark_of_its_own(copied_ma25: Path, ma25: Telling) -> None:
    stripped(of_kind(copied_ma25, "_ma25"))
    reading = read("statsperform", copied_ma25)
    assert (tracked(reading), reading.record.match.is_simulated) == (0, True)
    assert sentences(reading)[0].startswith("the match is simulated, and the tracking is not")


def test_real_events_take_no_simulated_ma25(copied_ma25: Path) -> None:
    for path in copied_ma25.glob("*.json"):
        stripped(path)
    reading = read("statsperform", copied_ma25)
    assert (tracked(reading), reading.record.match.is_simulated) == (0, False)
    assert sentences(reading)[0].startswith("the tracking is simulated, and the match is not")


@pytest.mark.parametrize("number", [0, 1])
def test_one_file_of_stats_performs_that_is_real_refuses_the_match(copied_ma25: Path, number: int) -> None:
    stripped(sorted(copied_ma25.glob("*.json"))[number])
    (delivery,), _ = load_feed("statsperform").discover(copied_ma25)
    with pytest.raises(FeedError, match=r"the file is simulated, and .*json of the same match is not"):
        load_feed("statsperform").read_match(delivery)


@pytest.mark.parametrize("part", ["matchinformation", "events_raw", "positions"])
def test_one_file_of_the_dfl_that_is_real_refuses_the_match(tmp_path: Path, part: str) -> None:
    write_dfl_match(simulate_matchday(1, 1, clubs=4)[0], tmp_path, seed=1)
    stripped(of_kind(tmp_path, part))
    (delivery,), problems = discover(tmp_path)
    assert problems == []
    with pytest.raises(FeedError, match=rf"the file is simulated, and .*{part}.* of the same match is not"):
        read_match(delivery)


@pytest.mark.parametrize("more", [{}, {"simulated_by": "somebody"}])
def test_an_entry_of_statsbombs_listing_may_bear_the_mark(more: dict[str, str], tmp_path: Path) -> None:
    teams = {
        f"{side}_team": {f"{side}_team_id": n, f"{side}_team_name": side}
        for n, side in enumerate(("home", "away"))
    }
    entry = {
        "match_id": 7, "match_date": "2024-03-02", **teams, **more,
        "competition": {"competition_id": 1, "competition_name": "Cup"},
        "season": {"season_id": 2, "season_name": "2023/2024"},
    }  # fmt: skip
    assert read_entry(entry, listing=tmp_path / "1.json").match.is_simulated == bool(more)


@pytest.mark.parametrize(("database", "is_simulated", "is_refused"),
                         [("demo", False, True), ("demo", True, False), ("main", False, False)])  # fmt: skip
def test_the_demos_database_takes_nothing_real_not_even_as_its_first_match(
    database, is_simulated: bool, is_refused: bool, tracab: Telling, tmp_path: Path
) -> None:
    record = replace(tracab.record, match=replace(tracab.record.match, is_simulated=is_simulated))
    context = RunContext(Settings(home=tmp_path), database, "run")
    if not is_refused:
        ingest._refuse_real_in_demo(context, record)
        return
    with pytest.raises(FeedError, match=r"a real match, where the demo's database .* --database main"):
        ingest._refuse_real_in_demo(context, record)
