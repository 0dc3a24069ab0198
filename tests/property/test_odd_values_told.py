"""A value that cannot be is never passed over: the match is refused, or a note names it. One value at a time."""

import copy
import json
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from small_event_feeds import (
    CSV_HEAD,
    CSV_TAIL,
    Files,
    f7,
    f24,
    ma1,
    ma3,
    ten_attempts,
    wyscout_v2,
    wyscout_v3,
    xml,
)
from xgoals.domain.errors import FeedError, Problem, SourceError
from xgoals.feeds import load_feed

GONE = object()
NO_NUMBER = [GONE, None, "", "abc", [], {}, True, math.nan, math.inf, "nan", "1e400"]
NO_PLACE = [*NO_NUMBER, -50, 1e9, "1000000000"]
NO_CLOCK = [*NO_NUMBER, -5, 1e9, "-3"]
NO_WORD = [GONE, None, "", [], {}, True, 7, "between"]
NO_COUNT = ["abc", 3.7, -5, "1000"]
"""Of what may be missing: where it is there it has to make sense."""
ODD_XML = (str, int, float)


@dataclass(frozen=True)
class Document:
    """A file of a small source, its values by name, and how it is written."""

    feed: str
    name: str
    content: Any
    beside: Files
    odd: dict[str, list[Any]]

    def written(self, content: Any) -> bytes:
        return xml(content) if isinstance(content, Element) else json.dumps(content).encode()


def documents() -> list[Document]:
    attempts = ten_attempts()
    csv = (CSV_HEAD + CSV_TAIL + "7,1,League,2,2024/2025,2024-08-02,1,11,Home,12,Away,2,0\n").encode()
    v3 = wyscout_v3(7, ten_attempts())
    events, results = f24(7, attempts, home_score="2", away_score="0"), f7(7, score=(2, 0))
    told_by_ma1 = ma1("m7")
    of_opta = {"min": NO_CLOCK, "sec": [*NO_CLOCK, 75], "x": NO_PLACE, "y": NO_PLACE, "type_id": NO_NUMBER,
               "period_id": [*NO_NUMBER, 9], "team_id": ["", "x", -5], "qualifier_id": NO_NUMBER}  # fmt: skip
    names = {"timeMin": "min", "timeSec": "sec", "typeId": "type_id", "periodId": "period_id",
             "contestantId": "team_id", "qualifierId": "qualifier_id"}  # fmt: skip
    of_ma3 = {"x": NO_PLACE, "y": NO_PLACE} | {theirs: of_opta[ours] for theirs, ours in names.items()}
    return [
        Document("wyscout", "7.json", wyscout_v2(7, attempts), {"matches.csv": csv}, {
            "eventSec": NO_CLOCK, "x": NO_PLACE, "y": NO_PLACE, "matchPeriod": NO_WORD, "tags": [[], None, GONE, "x"],
            "teamId": [GONE, None, "x", -5], "playerId": [GONE, None, [], 0]}),
        Document("wyscout", "7.json", v3, {}, {
            "matchTimestamp": NO_WORD, "x": NO_PLACE, "y": NO_PLACE, "matchPeriod": NO_WORD, "minute": NO_CLOCK[6:],
            "primary": NO_WORD, "bodyPart": NO_WORD, "goalZone": ["between"], "xg": ["abc", -1, 7, [], math.nan],
            "label": ["Home", 7], "gameweek": NO_COUNT, "dateutc": ["soon", 7]}),
        Document("statsperform", "ma3.json", ma3("m7", attempts), {"ma1.json": json.dumps(told_by_ma1).encode()},
                 of_ma3),
        Document("statsperform", "ma1.json", told_by_ma1, {"ma3.json": json.dumps(ma3("m7", attempts)).encode()}, {
            "week": NO_COUNT, "home": NO_COUNT, "away": NO_COUNT, "position": NO_WORD}),
        Document("opta", "f24.xml", events, {"f7.xml": xml(results)}, of_opta | {
            "matchday": NO_COUNT, "home_score": NO_COUNT, "game_date": ["soon", "2024-13-01"]}),
        Document("opta", "f7.xml", results, {"f24.xml": xml(f24(7, attempts))}, {
            "Score": NO_COUNT, "Side": ["", "Left"], "TeamRef": ["x", "t99"]}),
    ]  # fmt: skip


DOCUMENTS = documents()
IDS = [f"{document.feed} {document.name} {n}" for n, document in enumerate(DOCUMENTS)]


@pytest.fixture
def look(tmp_path: Path) -> Callable[[Document, bytes], set[str] | None]:
    """What is noted of a source with a changed file; None where its match is refused."""

    def notes(document: Document, data: bytes) -> set[str] | None:
        for name, content in (document.beside | {document.name: data}).items():
            (tmp_path / name).write_bytes(content)
        module = load_feed(document.feed)
        try:
            deliveries, found = module.discover(tmp_path)
            for delivery in deliveries:
                found += module.read_match(delivery)[1]
        except (FeedError, SourceError):
            return None
        return set(map(said, found))

    return notes


def said(problem: Problem) -> str:
    assert problem.advice
    return f"{problem.place}: {problem.reason}"


def holders(content: Any, name: str) -> list[Any]:
    """Every object with a value of this name; of places the first of an event, which is where it happened."""
    if isinstance(content, Element):
        return [element.attrib for element in content.iter() if name in element.attrib]
    found = []
    for value in content.values() if isinstance(content, dict) else content:
        if isinstance(value, dict | list):
            found += holders(value, name)
    here = isinstance(content, dict) and name in content
    return (
        [content]
        if here
        else found[:1]
        if name in "xy" and isinstance(content, list) and len(found) == 2
        else found
    )


def put(document: Document, name: str, value: Any, rng: random.Random) -> bytes:
    content = copy.deepcopy(document.content)
    holder = rng.choice(holders(content, name))
    if value is GONE:
        del holder[name]
    else:
        holder[name] = str(value) if isinstance(content, Element) else value
    return document.written(content)


def changes(document: Document) -> Iterator[tuple[str, Any]]:
    for name, values in document.odd.items():
        for value in values:
            is_attribute = (
                not isinstance(document.content, Element) or isinstance(value, ODD_XML) or value is GONE
            )
            if is_attribute:
                yield name, value


@pytest.mark.parametrize("document", DOCUMENTS, ids=IDS)
def test_an_odd_value_is_told_or_refused(document: Document, look: Callable[..., set[str] | None]) -> None:
    at_rest = look(document, document.written(document.content))
    assert at_rest == set()
    silent = []
    for name, value in changes(document):
        rng = random.Random(f"{name} {value}")
        if look(document, put(document, name, value, rng)) == at_rest:
            silent.append((name, "gone" if value is GONE else value))
    assert silent == []


@pytest.mark.slow
@pytest.mark.parametrize("document", DOCUMENTS, ids=IDS)
def test_a_file_that_is_cut_anywhere(document: Document, look: Callable[..., set[str] | None]) -> None:
    """At each byte: refused, or told that something is missing; only white space may go."""
    whole = document.written(document.content)
    for at in range(len(whole)):
        assert look(document, whole[:at]) != set() or not whole[at:].strip(), f"cut at {at}"
