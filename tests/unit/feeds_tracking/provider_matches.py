"""Simulated matches told by two providers, read by their feed, and how far off the frames are."""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import numpy as np

from xgoals.domain.scene import FrameSource, MatchRecord
from xgoals.feeds import MatchReading
from xgoals.feeds.simulator import simulate_matchday
from xgoals.feeds.simulator.provider_game import Manner, Told
from xgoals.feeds.simulator.provider_writer import write_opta_tracab, write_statsperform_ma25

WRITERS = {"opta": write_opta_tracab, "statsperform": write_statsperform_ma25}


@dataclass(frozen=True)
class Telling:
    """A match as it was, and as two providers tell it."""

    feed: str
    record: MatchRecord
    told: Told
    folder: Path


@cache
def matches(season: int, matchday: int) -> list[MatchRecord]:
    return simulate_matchday(season, matchday)


def tell(feed: str, folder: Path, manner: Manner, *, season: int = 3, number: int = 1) -> Telling:
    record = matches(season, 1)[number]
    return Telling(
        feed, record, WRITERS[feed](record, folder, seed=100 * season + number, manner=manner), folder
    )


def read(feed: str, folder: Path) -> MatchReading:
    module = import_module(f"xgoals.feeds.{feed}")
    deliveries, problems = module.discover(folder)
    assert problems == []
    (delivery,) = deliveries
    return module.read_delivery(delivery)


@cache
def as_told(feed: str, folder: Path) -> MatchReading:
    """A match whose files nobody changes, read once."""
    return read(feed, folder)


def errors_of(telling: Telling, record: MatchRecord) -> np.ndarray:
    """By how many frames each shot that has one is off."""
    errors = [
        abs(scene.frame_n - telling.told.frames[scene.shot_id])
        for scene in record.scenes
        if scene.frame_source is FrameSource.FOUND
    ]
    return np.array(errors)


def sentences(reading: MatchReading) -> list[str]:
    return [f"{problem.reason}. {problem.advice}" for problem in reading.problems]


def tracked(reading: MatchReading) -> int:
    return sum(scene.frame_source is FrameSource.FOUND for scene in reading.record.scenes)
