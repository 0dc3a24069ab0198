"""Tracking beside Opta's events that comes late, comes better, leaves, and events that are corrected after it."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_dfl_deliveries import rows, shots

from xgoals.feeds.simulator import simulate_matchday
from xgoals.feeds.simulator.provider_game import Manner, Told
from xgoals.feeds.simulator.provider_writer import write_opta_tracab
from xgoals.steps import build_features
from xgoals.steps import ingest as ingest_step

N_SHOTS = 14
TRACKING = ("tracab", "tracab_metadata")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Told]:
    """A match, the same by a camera that loses the ball, and another match."""
    first, second = simulate_matchday(1, 20)[:2]
    holes = Manner(clock_s=12.0, ball_missing=0.15)
    return {
        name: write_opta_tracab(
            replace(record, shots=record.shots[:N_SHOTS], scenes=record.scenes[:N_SHOTS]),
            tmp_path_factory.mktemp(name),
            seed=seed,
            manner=manner,
        )
        for name, record, seed, manner in (
            ("whole", first, 1, Manner(clock_s=12.0)), ("holes", first, 1, holes), ("other", second, 2, Manner())
        )
    }  # fmt: skip


@pytest.fixture
def night(open_run, empty_database, tmp_path: Path) -> Callable[[], dict[str, Any]]:
    """Read what has come and build features; the run's figures."""
    names = iter("abcdefgh")

    def work() -> dict[str, Any]:
        context = open_run(name := next(names), "opta", tmp_path)
        ingest_step.ingest(context)
        build_features.build_features(context)
        return rows(empty_database, f"select figures from run where run_id = '{name}'")[0][0]

    return work


def lay(told: Told, folder: Path, kinds: tuple[str, ...]) -> list[Path]:
    folder.mkdir(exist_ok=True)
    return [Path(shutil.copy(told.files[kind], folder)) for kind in kinds]


def sources(settings) -> dict[str, int]:
    """How many of the first match's shots have a frame, and how many have none."""
    return dict(
        rows(
            settings,
            f"select frame_source, count(*) from shot where match_id = '{first_match(settings)}' group by 1",
        )
    )


def first_match(settings) -> str:
    return rows(settings, "select match_id from feed_file where path like '%/first/%' limit 1")[0][0]


def test_six_nights(empty_database, night, told, tmp_path) -> None:
    events = lay(told["whole"], tmp_path / "first", ("f24", "f7"))[0]
    lay(told["other"], tmp_path / "second", ("f24", "f7", *TRACKING))

    # The events come alone: the shots count, and nobody is around them.
    assert night()["matches_read"] == 2
    assert sources(empty_database) == {"none": N_SHOTS}

    # A day later the tracking of one match comes, by a camera that loses the ball.
    tracking = lay(told["holes"], tmp_path / "first", TRACKING)
    figures = night()
    assert (figures["matches_read"], figures["matches_unchanged"]) == (1, 1)
    with_holes = sources(empty_database)
    assert 3 <= with_holes["found"] < N_SHOTS
    speeds = """select count(*) from shot_position p join shot s using (shot_key)
                where s.frame_source = 'found' and p.vx_ms is not null"""
    assert rows(empty_database, speeds)[0][0] > 20 * with_holes["found"]

    # A better file in its place: every shot has a frame now.
    lay(told["whole"], tmp_path / "first", TRACKING)
    assert night()["matches_read"] == 1
    assert sources(empty_database) == {"found": N_SHOTS}
    clips = rows(empty_database, "select count(distinct clip_path), count(clip_path) from shot")
    assert clips == [(2, 2 * N_SHOTS)]

    # The tracking leaves the inbox: what came of it stays, and nothing is read.
    before = shots(empty_database)
    for path in tracking:
        path.unlink()
    assert night()["matches_read"] == 0
    assert shots(empty_database) == before

    # The events are corrected after that: one shot was a header. Its frame stays as all others' do.
    shot_id = corrected(events)
    figures = night()
    assert (figures["matches_corrected"], figures["shots_corrected"]) == (1, 1)
    after = shots(empty_database)
    assert {key for key in before if after[key] != before[key]} == {shot_id}
    assert sources(empty_database) == {"found": N_SHOTS}
    notes = rows(
        empty_database, f"select reason from quarantine where match_id = '{first_match(empty_database)}'"
    )
    assert [(f"corrected without its positions, which have left the inbox: {N_SHOTS} frames stay",)] == [
        note for note in notes if "positions" in note[0]
    ]

    # Metadata alone are no tracking, and cost no frames.
    lay(told["whole"], tmp_path / "first", TRACKING[1:])
    night()
    assert sources(empty_database) == {"found": N_SHOTS}
    features = """select count(*) from shot_feature f join shot using (shot_key)
                  where f.is_current and frame_source = 'found' and 'NaN' = any(feature_values)"""
    assert rows(empty_database, features) == [(0,)]


def corrected(events: Path) -> str:
    """A newer file in which a shot with the right foot was a header; the shot's id."""
    content = events.read_text()
    found = re.search(r'<Event id="(\d+)"[^>]*>(?:(?!</Event>).)*?qualifier_id="20"', content)
    assert found
    header = found[0].replace('qualifier_id="20"', 'qualifier_id="15"')
    content = content.replace(found[0], header)
    events.write_text(re.sub(r'(<Games timestamp=")\d{4}', r"\g<1>2040", content))
    return found[1]
