"""What is done to files, and that a feed which hangs, ends its process or fails is told, not followed."""

import gzip
import json
import sys
from collections import Counter
from pathlib import Path

import pytest

from xgoals.feed_check.attempts import Attempts
from xgoals.feed_check.damage import KINDS, NoFile, damages
from xgoals.feed_check.twice import changed

FEED = """
import os, time
from xgoals.feeds.kit import FeedError, SourceError

def discover(source, **_):
    what = (source / "what").read_text()
    if what == "hang": time.sleep(60)
    if what == "end": os._exit(3)
    if what == "memory": bytearray(5 << 30)
    if what == "deep": return discover(source)
    if what == "wrong": return {}["key"]
    if what == "no advice": raise SourceError("nothing")
    if what == "told": raise SourceError("nothing", where=str(source), advice="Look")
    return [], []

def announce(delivery): ...
def read_match(delivery): ...
"""


@pytest.fixture(scope="module")
def attempt(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "acme_hostile.py").write_text(FEED)
    sys.path.insert(0, str(folder))
    with Attempts("acme_hostile", 2.0) as attempts:

        def one(what):
            (folder / "what").write_text(what)
            return attempts.attempt(str(folder))

        yield one
    sys.path.remove(str(folder))


@pytest.mark.parametrize(
    ("what", "fault"),
    [
        ("fine", None),
        ("told", None),
        ("wrong", "discover: KeyError: 'key' (acme_hostile.py, line"),
        ("no advice", "SourceError 'nothing' has no where"),
        ("memory", "discover: MemoryError"),
        ("deep", "discover: RecursionError"),
        ("end", "the process that reads it ends (exit code 3)"),
    ],
)
def test_what_a_feed_does_is_told(attempt, what, fault):
    faults = attempt(what).faults
    assert faults == [] if fault is None else faults[0].startswith(fault)
    assert attempt("fine").faults == []  # the same process, or one that has been started anew


@pytest.mark.slow
def test_a_feed_that_hangs_is_ended(attempt):
    assert attempt("fine").faults == []
    assert attempt("hang").faults == ["it does not come to an end within 2 s"]


def all_ways(tmp_path: Path, name: str, data: bytes) -> Counter[str]:
    path = tmp_path / name
    path.write_bytes(data)
    found = list(damages(path, None, len(data)))
    assert all(isinstance(one.data, NoFile) or one.data != data for one in found if one.kind != "encoding")
    assert [(d.how, d.data) for d in found] == [(d.how, d.data) for d in damages(path, None, len(data))]
    return Counter(one.kind for one in found)


def test_json_loses_every_key_once(tmp_path):
    document = {"events": [{"id": 1, "place": {"x": 1, "y": 2}}, {"id": 2}], "teams": {"7": {"name": "A"}}}
    data = json.dumps(document).encode()
    path = tmp_path / "a.json"
    path.write_bytes(data)
    lost = {
        one.how: json.loads(one.data) for one in damages(path, None, len(data)) if one.kind == "lost fields"
    }
    assert lost["without events[].id"]["events"] == [{"place": {"x": 1, "y": 2}}, {}]
    assert lost["without teams.*"]["teams"] == {}
    assert set(lost) == {
        f"without {name}"
        for name in ("events", "events[].id", "events[].place", "events[].place.x", "events[].place.y", "teams",
                     "teams.*", "teams.*.name")
    }  # fmt: skip


def test_every_sort_of_file_suffers_all_that_it_can(tmp_path):
    as_json = all_ways(tmp_path, "a.json", b'{"a": 1, "b": [{"c": 2}]}')
    as_xml = all_ways(tmp_path, "a.xml", b'<?xml version="1.0"?><A id="1"><B x="2" y="3"/></A>')
    as_csv = all_ways(tmp_path, "a.csv", b"id,x,y\n1,2,3\n4,5,6\n")
    packed = all_ways(tmp_path, "a.json.gz", gzip.compress(b'{"a": 1, "b": [{"c": 2}]}', mtime=0))
    other = {"another's file"}
    assert set(KINDS) - set(as_xml) == other
    assert set(KINDS) - set(as_json) == set(KINDS) - set(packed) == other | {"document type"}
    assert set(KINDS) - set(as_csv) == other | {"document type", "deep nesting"}
    assert as_xml["lost fields"] == 4  # id, x, y, and the element B
    assert as_csv["lost fields"] == 6


@pytest.mark.parametrize("data", [b"abc 5 def", b"abc", b"9", b'{"a": 12}', b"\xff"])
def test_a_changed_byte(data):
    assert len(changed(data)) == len(data)
    assert sum(a != b for a, b in zip(changed(data), data, strict=True)) == 1


def test_every_field_of_json_is_once_a_list(tmp_path):
    path = tmp_path / "plays.json"
    path.write_text(json.dumps({"game": 1, "plays": [{"what": "SHT", "foot": "L"}]}))
    said = {damage.how for damage in damages(path, None, 100) if damage.kind == "odd values"}
    assert {f"{field} is a list" for field in ("game", "plays", "plays[].what", "plays[].foot")} <= said
