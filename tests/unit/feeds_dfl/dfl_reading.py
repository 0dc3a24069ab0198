"""Reading a hand-made match, as the tests of odd values do."""

from dfl_files import HandMade, positions

from xgoals.domain.errors import Problem
from xgoals.domain.scene import MatchRecord
from xgoals.domain.shot import Shot
from xgoals.feeds.dfl import discover, read_match


def read(match: HandMade, *sets: str) -> tuple[MatchRecord, list[Problem]]:
    deliveries, problems = discover(match.write(positions=positions(*sets) if sets else None).folder)
    assert problems == []
    return read_match(deliveries[0])


def only_shot(match: HandMade) -> tuple[Shot, list[str]]:
    match.result = "0:0"
    record, problems = read(match)
    (shot,) = record.shots
    return shot, [problem.reason for problem in problems]
