"""Files made to harm: the process that reads them stays small and quick, asks nobody, opens nothing else.

Each is read in a process of its own that may take 1.5 GB more than it has and compute for 30 seconds (`limited.py`),
with the good match of the same feed beside it.
"""

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from attacks_files import ANY, JSON, PARQUET, Lay
from attacks_xml import HARMLESS, REFUSED, SECRET, Target
from limited import Listener, Touched, read_limited
from sources import archive_pair, dfl_pair, write

from counting import Tries
from small_event_feeds import EVENT_FEEDS
from small_feeds import Files, statsbomb_files

DFL_KINDS = ("matchinformation", "events", "positions")
XML_FILES = [("dfl", f"0/*{kind}*") for kind in DFL_KINDS] + [
    ("opta", "f24*101*"), ("opta", "srml*101*"), ("statsperform", "second/*ma3*"), ("statsperform", "second/ma1*"),
]  # fmt: skip
JSON_FILES = [
    ("statsbomb", "events/101.json"), ("statsbomb", "matches/1/2.json"), ("statsbomb", "lineups/101.json"),
    ("wyscout", "events/101.json"), ("statsperform", "first/ma3.json"), ("statsperform", "first/ma1.json"),
]  # fmt: skip
PARQUET_FILES = [("archive", "0.parquet")]
N_ATTACKS = 200
"""Of some hundreds, others each day."""
LISTING = "matches/1/2.json"


@dataclass(frozen=True)
class Case:
    """An attack on one file of a feed."""

    name: str
    feed: str
    pattern: str
    lay: Lay | None = None
    is_refused: bool = False

    def __str__(self) -> str:
        return f"{self.name}, {self.feed} {self.pattern}"


def xml_cases() -> Iterator[Case]:
    """Every attack on XML, on every kind of file that is XML."""
    for feed, pattern in XML_FILES:
        yield from (Case(name, feed, pattern, is_refused=True) for name in REFUSED)
        yield from (Case(name, feed, pattern) for name in HARMLESS)


def file_cases() -> Iterator[Case]:
    """Every attack by what a file is, on every kind of file."""
    for feed, pattern in (*XML_FILES, *JSON_FILES, *PARQUET_FILES):
        yield from (Case(name, feed, pattern, lay) for name, lay in ANY.items())
    for feed, pattern in JSON_FILES:
        yield from (Case(name, feed, pattern, lay) for name, lay in JSON.items())
    for feed, pattern in PARQUET_FILES:
        yield from (Case(name, feed, pattern, lay) for name, lay in PARQUET.items())


@dataclass(frozen=True)
class Arena:
    """Where attacks are laid: the good files by feed, what is read of them, and what nobody may touch."""

    folder: Path
    files: dict[str, Files]
    good: Callable[[str], Touched]
    listener: Listener


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    folder = tmp_path_factory.mktemp("attacks")
    files = {
        "dfl": dfl_pair(folder / "dfl"), "archive": archive_pair(folder / "archive"), "statsbomb": statsbomb_files(),
    } | {feed: make() for feed, make in EVENT_FEEDS.items()}  # fmt: skip
    (folder / "secret.txt").write_text(SECRET)
    listener, known = Listener(), dict[str, Touched]()

    def good(feed: str) -> Touched:
        if feed not in known:
            write(files[feed], folder / "good" / feed / "src")
            known[feed] = read_limited(feed, folder / "good" / feed / "src")
            assert known[feed].outcome.faults == []
            assert len(known[feed].outcome.digests) == 2
        return known[feed]

    yield Arena(folder, files, good, listener)
    listener.close()


def test_attacks_by_xml(arena: Arena, tries: Tries) -> None:
    cases = list(xml_cases())
    n = tries(N_ATTACKS, small=1)
    for case in random.Random(tries.seed).sample(cases, n):
        attack(arena, case, tries.seed)
    tries.done(
        5,
        f"attacks by XML ({len(REFUSED) + len(HARMLESS)} on each of {len(XML_FILES)} kinds of files)",
        n,
        N_ATTACKS,
    )


def test_attacks_by_files(arena: Arena, tries: Tries) -> None:
    cases = list(file_cases())
    n = tries(N_ATTACKS, small=1)
    for case in random.Random(tries.seed).sample(cases, n):
        attack(arena, case, tries.seed)
    tries.done(5, "bombs, giants, pipes, links, names and rights", n, N_ATTACKS)


def attack(arena: Arena, case: Case, seed: int) -> None:
    """Lay an attack, read it, and look at what was touched."""
    source = arena.folder / f"attacked {abs(hash(case))}" / "src"
    write(arena.files[case.feed], source)
    try:
        _lay(arena, case, source)
        _judge(arena, case, read_limited(case.feed, source))
    except BaseException as error:
        error.add_note(f"attack: {case}; seed {seed}")
        raise
    finally:
        _remove(source)


def _lay(arena: Arena, case: Case, source: Path) -> None:
    (path,) = source.glob(case.pattern)
    if case.lay is not None:
        case.lay(path)
        return
    target = Target(path.read_bytes(), str(arena.folder / "secret.txt"), arena.listener.address)
    path.write_bytes((REFUSED | HARMLESS)[case.name](target))


def _judge(arena: Arena, case: Case, touched: Touched) -> None:
    outcome, good = touched.outcome, arena.good(case.feed).outcome
    assert outcome.faults == []
    assert touched.outside == []
    assert touched.forbidden == []
    assert not arena.listener.has_been_called()
    assert not any(SECRET in sentence for sentence in outcome.sentences)
    news = set(outcome.sentences) - set(good.sentences)
    lost = good.digests.keys() - outcome.digests.keys()
    assert not lost or news, "a match is lost without a word"
    assert not case.is_refused or news, "what is no file of a feed is taken for one"
    if case.pattern != LISTING and case.name != "nobody may look into its folder":
        assert len(lost) <= 1, f"the match beside it is lost, too: {news}"


def _remove(source: Path) -> None:
    for path in [source, *source.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o700)
    for folder, folders, names in os.walk(source, topdown=False):
        for name in (*names, *folders):
            path = Path(folder, name)
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    source.rmdir()
