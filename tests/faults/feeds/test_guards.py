"""Each guard of reading, tried with it and without it: what holds with it breaks where it is taken away.

A guard that nothing depends on protects nobody. Each case lays or makes something hostile and asserts the promise; then
the guard is removed, and the same assertion has to turn red.
"""

import gzip
import json
import math
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

import pytest
from sources import write

from counting import Tries
from record_promises import assert_noted, assert_storable
from small_feeds import excerpt, statsbomb_files
from xgoals.domain.errors import FeedError, Problem, SettingsError
from xgoals.domain.match import OwnGoal, Player
from xgoals.domain.pitch import Pitch
from xgoals.domain.plausible import plausible
from xgoals.domain.scene import MatchRecord, Person
from xgoals.feeds import json_file, load_feed, numbers, small_file
from xgoals.feeds.archive import write_archive
from xgoals.feeds.json_file import read_json
from xgoals.feeds.json_values import number
from xgoals.feeds.safe_xml import parse_bytes
from xgoals.feeds.schedule import read_planned_matches
from xgoals.feeds.small_file import read_small

NO_LIMIT = 1 << 60


class TooLateError(BaseException):
    """Of a kind that nobody who reads files catches: a `TimeoutError` is an error of a file to `os.walk`."""


RED = (
    AssertionError,
    pytest.fail.Exception,
    TooLateError,
    RecursionError,
    ArithmeticError,
    ValueError,
    KeyError,
)
"""How a broken promise shows; anything else is a mistake in the case."""
Trial = Callable[[Path], None]


@dataclass(frozen=True)
class Guard:
    """A guard: what to put in its place, by its path, and a trial that needs it."""

    name: str
    at: str
    instead: Any
    trial: Trial

    def __str__(self) -> str:
        return self.name


def yes(*_: object, **__: object) -> bool:
    return True


def nothing(*_: object, **__: object) -> None:
    return None


def same(value: Any, *_: object, **__: object) -> Any:
    return value


# --- Files


def refused(words: str, read: Callable[[Path], object], data: bytes | Callable[[Path], None]) -> Trial:
    """A file that is refused for its own reason."""

    def trial(folder: Path) -> None:
        path = folder / "file"
        data(path) if callable(data) else path.write_bytes(data)
        with within(1.0 if data is os.mkfifo else 60.0), pytest.raises(FeedError, match=words):
            read(path)

    return trial


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Whoever waits for a pipe is woken."""

    def late(*_: object) -> NoReturn:
        raise TooLateError

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def xml(data: bytes, words: str = "refused") -> Trial:
    return refused(words, lambda path: parse_bytes(path.read_bytes(), str(path)), data)


def sparse(size: int) -> Callable[[Path], None]:
    def lay(path: Path) -> None:
        path.write_bytes(b"")
        os.truncate(path, size)

    return lay


XML, JSON = "xgoals.feeds.safe_xml.", "xgoals.feeds.json_file."
SMALL, BOMB = small_file.MAX_SMALL_FILE_BYTES + 1, gzip.compress(b" " * (70 << 20), 1)


def a_climbing_id(folder: Path) -> None:
    """A match called after a place outside of the source is none of it."""
    files = statsbomb_files()
    entries = json.loads(files["matches/1/2.json"])
    entries[0]["match_id"] = "../../secret"
    write(files | {"matches/1/2.json": json.dumps(entries).encode()}, folder / "source")
    (folder / "secret.json").write_text("[]")
    deliveries, problems = load_feed("statsbomb").discover(folder / "source")
    assert [delivery.match_id for delivery in deliveries] == ["102"]
    assert any("is no id of a match" in problem.reason for problem in problems)


def a_large_archive(folder: Path) -> None:
    """With a limit of no bytes at all, an archive is too large."""
    write_archive(folder / "a.parquet", [excerpt(1)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("xgoals.feeds.parquet_size.MAX_BYTES", 10)
        with pytest.raises(Exception, match="in one go are not plausible"):
            load_feed("archive").discover(folder)


def circles(folder: Path) -> None:
    """Links in circles lead to each archive once."""
    write_archive(folder / "a.parquet", [excerpt(1)])
    for name in ("one", "other"):
        (folder / name).symlink_to(folder, target_is_directory=True)
    deliveries, problems = load_feed("archive").discover(folder)
    assert len(deliveries) == 1
    assert problems == []


def round_and_round() -> Callable[[str, list[str], set[str]], list[str]]:
    """Looks into all folders, however often; whoever has seen a thousand of three is lost."""
    looks = count()

    def all_of_them(_folder: str, names: list[str], _been: set[str]) -> list[str]:
        assert next(looks) < 1_000, "it walks in circles"
        return names

    return all_of_them


def a_far_kick_off(folder: Path) -> None:
    """A kick-off to which no hour can be added is none."""
    path = folder / "schedule.csv"
    path.write_text(
        "competition_id,season_id,matchday,match_id,kick_off\n1,2,3,4,9999-12-31T23:59:59+00:00\n"
    )
    with pytest.raises(SettingsError, match="is no kick-off"):
        read_planned_matches(path)


def a_long_matchday(folder: Path) -> None:
    path = folder / "schedule.csv"
    path.write_text(f"competition_id,season_id,matchday,match_id\n1,2,{'9' * 5000},4\n")
    with pytest.raises(SettingsError, match="is no matchday"):
        read_planned_matches(path)


def no_finite_number(_: Path) -> None:
    assert numbers.parse_number("1e999") is None
    assert number(math.inf) is None


def a_problem_with_nul(_: Path) -> None:
    assert_noted([Problem("a\0b.xml", "\ud800 is no name\0", "Correct it")])


PARQUET_SIZE = "xgoals.feeds.archive.opening.why_too_large"
XML_SIZE, JSON_SIZE = "xgoals.feeds.small_file.MAX_SMALL_FILE_BYTES", f"{JSON}MAX_BYTES"
DOCTYPE = b'<!DOCTYPE a [<!ENTITY e "x">]><a b="&e;"/>'
LISTS, VALUES = b"[" + b"[]," * 2_000_001 + b"1]", b"[" + b"1," * 8_000_001 + b"1]"
MANY_ATTRIBUTES = b"<a %s/>" % b" ".join(b'a%d=""' % n for n in range(501))

FILES = [
    Guard("document types", f"{XML}_ClosedTreeBuilder.doctype", nothing, xml(DOCTYPE)),
    Guard("levels of XML", f"{XML}MAX_LEVELS", NO_LIMIT, xml(b"<a>" * 101 + b"</a>" * 101)),
    Guard("attributes", f"{XML}MAX_ATTRIBUTES", NO_LIMIT, xml(MANY_ATTRIBUTES)),
    Guard("long attributes", f"{XML}MAX_ATTRIBUTE_CHARS", NO_LIMIT, xml(b'<a b="%s"/>' % (b"x" * 20_001))),
    Guard("size of XML", XML_SIZE, NO_LIMIT, refused("are plausible", read_small, sparse(SMALL))),
    Guard("inflated XML", XML_SIZE, NO_LIMIT, refused("inflates to more", read_small, BOMB)),
    Guard("levels of JSON", f"{JSON}MAX_LEVELS", NO_LIMIT, refused("JSON nested", read_json, b"[" * 101 + b"]" * 101)),
    Guard("pipes", f"{JSON}why_no_file", nothing, refused("no regular file", read_json, os.mkfifo)),
    Guard("ids that are places", "xgoals.feeds.statsbomb.listing.is_id", yes, a_climbing_id),
    Guard("size of Parquet", PARQUET_SIZE, nothing, a_large_archive),
    Guard("years of a schedule", "xgoals.feeds.schedule.YEAR", range(10_000), a_far_kick_off),
    Guard("matchdays of a schedule", "xgoals.feeds.schedule.parse_count", int, a_long_matchday),
    Guard("numbers without end", "math.isfinite", yes, no_finite_number),
    Guard("texts of problems", "xgoals.domain.errors.printable", same, a_problem_with_nul),
]  # fmt: skip
LARGE = [
    Guard("elements", f"{XML}MAX_ELEMENTS", NO_LIMIT, xml(b"<a>" + b"<b/>" * 500_001 + b"</a>")),
    Guard(
        "size of JSON",
        JSON_SIZE,
        NO_LIMIT,
        refused("are plausible", read_json, sparse(json_file.MAX_BYTES + 1)),
    ),
    Guard("inflated JSON", JSON_SIZE, NO_LIMIT, refused("inflates to more", read_json, BOMB)),
    Guard(
        "lists of JSON",
        f"{JSON}MAX_HOLDERS",
        NO_LIMIT,
        refused("objects", read_json, LISTS),
    ),
    Guard("values of JSON", f"{JSON}MAX_VALUES", NO_LIMIT, refused("values", read_json, VALUES)),
    Guard(
        "links in circles",
        "xgoals.feeds.archive.listing._not_seen",
        round_and_round(),
        circles,
    ),
]
"""Those that take a second each."""

# --- The gate


@cache
def good() -> MatchRecord:
    """Two shots of a simulated match."""
    record, problems = plausible(excerpt(2), "a.json")
    assert problems == []
    return record


def noted(change: Callable[[MatchRecord], MatchRecord], words: str = "") -> Trial:
    """A record that cannot be stored as it is leaves the gate as one that can, with a note."""

    def trial(_: Path) -> None:
        checked, problems = plausible(change(good()), "a.json")
        assert_storable(checked)
        assert any(words in f"{problem.place} {problem.reason}" for problem in problems), problems

    return trial


def no_match(change: Callable[[MatchRecord], MatchRecord]) -> Trial:
    """A match that makes no sense is refused."""

    def trial(_: Path) -> None:
        with pytest.raises(FeedError):
            plausible(change(good()), "a.json")

    return trial


def shot(**values: Any) -> Callable[[MatchRecord], MatchRecord]:
    """The first shot with other values."""
    return lambda record: replace(record, shots=(replace(record.shots[0], **values), *record.shots[1:]))


def scene(**values: Any) -> Callable[[MatchRecord], MatchRecord]:
    return lambda record: replace(record, scenes=(replace(record.scenes[0], **values), *record.scenes[1:]))


def match(**values: Any) -> Callable[[MatchRecord], MatchRecord]:
    return lambda record: replace(record, match=replace(record.match, **values))


def people(
    change: Callable[[tuple[Person, ...]], tuple[Person, ...]],
) -> Callable[[MatchRecord], MatchRecord]:
    return lambda record: scene(people=change(record.scenes[0].people))(record)


def again(record: MatchRecord) -> MatchRecord:
    """The first shot under a second id."""
    return replace(record, shots=(*record.shots, replace(record.shots[0], shot_id="again")))


def doubles(record: MatchRecord) -> MatchRecord:
    """Two shots of one id."""
    return shot(shot_id=record.shots[1].shot_id)(record)


def long_name(record: MatchRecord) -> MatchRecord:
    return replace(record, players=(Player(record.players[0].player_id, "x" * 10_000), *record.players[1:]))


def a_crowd(all_: tuple[Person, ...]) -> tuple[Person, ...]:
    """Every opponent a second time, a step beside himself and under another id."""
    others = [person for person in all_ if not person.is_teammate]
    return (*all_, *(replace(p, player_id=f"x{n}", x_m=p.x_m - 1 - n / 9) for n, p in enumerate(others)))


def _own_goal(record: MatchRecord) -> MatchRecord:
    return replace(record, own_goals=(OwnGoal("nobody", None, 5),))


def unlisted(record: MatchRecord) -> MatchRecord:
    return replace(shot(player_id="stranger")(record), players=())


GATE = "xgoals.domain.plausible."
SHOTS, SCENES, MATCHES, NAMES = f"{GATE}shots.", f"{GATE}scenes.", f"{GATE}matches.", f"{GATE}names."
IN_RANGE = "xgoals.domain.bounds.Range.__contains__"

RECORDS = [
    Guard("a minute of no half", IN_RANGE, yes, noted(shot(minute=40_000))),
    Guard("a second of no minute", IN_RANGE, yes, noted(shot(second=75))),
    Guard("an xG that is none", IN_RANGE, yes, noted(shot(provider_xg=37.0), "provider_xg")),
    Guard("a score beyond all", IN_RANGE, yes, noted(match(home_score=2**31), "home_score")),
    Guard("a matchday beyond all", IN_RANGE, yes, noted(match(matchday=2**31), "matchday")),
    Guard("an event number beyond all", f"{SHOTS}ShotGate._event_n", lambda _self, shot: shot.event_n,
          lambda _: assert_storable(plausible(shot(event_n=2**31)(good()), "a.json")[0])),
    Guard("a frame number beyond all", IN_RANGE, yes, noted(scene(frame_n=2**63), "frame_n")),
    Guard("a clock that is years off", IN_RANGE, yes, noted(scene(clock_offset_s=1e308), "clock_offset_s")),
    Guard("an endless value of the provider", IN_RANGE, yes, noted(shot(official={"a": math.inf}), "a")),
    Guard("a shot from nowhere", f"{SHOTS}is_on", yes, noted(shot(x_m=math.inf, y_m=0.0), "place")),
    Guard("people from nowhere", f"{SCENES}is_on", yes,
          noted(people(lambda all_: (*all_[1:], replace(all_[0], x_m=math.inf))), "people")),
    Guard("more people than play", f"{SCENES}crowd", nothing, noted(people(a_crowd), "people")),
    Guard("somebody twice in a frame", f"{SCENES}without_doubles", lambda people, _: (people, []),
          noted(people(lambda all_: (*all_[:-1], all_[0])), "people")),
    Guard("faster than anybody", f"{SCENES}MAX_SPEED_KMH", NO_LIMIT,
          noted(scene(shooter_vx_ms=99.0, shooter_vy_ms=0.0), "speed")),
    Guard("a ball out of the stadium", f"{SCENES}is_ball_place", yes,
          noted(scene(ball_x_m=math.inf, ball_y_m=0.0), "ball")),
    Guard("one shot twice", f"{SHOTS}ShotGate._is_double", lambda *_: False, noted(again, "second id")),
    Guard("two shots of one id", f"{SHOTS}ShotGate._why_not", nothing, noted(doubles, "same id")),
    Guard("a shot of another team", f"{SHOTS}ShotGate._why_not", nothing, noted(shot(team_id="nobody"), "team")),
    Guard("a shot of no period", f"{SHOTS}FIRST_MINUTE", dict.fromkeys(range(10), 0), noted(shot(period=7), "period")),
    Guard("an own goal of another team", f"{GATE}checked_own_goals", lambda goals, *_: tuple(goals),
          noted(_own_goal, "own goal")),
    Guard("a shooter of no line-up", f"{NAMES}PlayerBook.need", nothing, noted(unlisted, "line-up")),
    Guard("long names", f"{NAMES}MAX_NAME_CHARS", NO_LIMIT, noted(long_name, "characters")),
    Guard("NUL in names", f"{NAMES}clean", same,
          lambda _: assert_storable(plausible(match(competition="A\0B")(good()), "a.json")[0])),
    Guard("long ids", f"{SHOTS}MAX_ID_CHARS", NO_LIMIT, noted(shot(shot_id="x" * 10_000), "id")),
    Guard("a match without an id", f"{MATCHES}is_id", yes, no_match(match(match_id="../x"))),
    Guard("a pitch of 10 m", f"{MATCHES}is_pitch", yes, no_match(match(pitch=Pitch(10.0, 10.0)))),
    Guard("a match before football", f"{MATCHES}YEAR", range(10_000), no_match(match(match_date=date(1, 1, 1)))),
    Guard("a kick-off before football", f"{MATCHES}YEAR", range(10_000),
          noted(match(kick_off=datetime(1, 1, 1, tzinfo=UTC)), "kick_off")),
]  # fmt: skip


@pytest.mark.parametrize("guard", [*FILES, *RECORDS], ids=str)
def test_a_promise_holds_with_its_guard_and_breaks_without(
    guard: Guard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "with").mkdir()
    (tmp_path / "without").mkdir()
    guard.trial(tmp_path / "with")
    monkeypatch.setattr(guard.at, guard.instead)
    with pytest.raises(RED):
        guard.trial(tmp_path / "without")


@pytest.mark.slow
@pytest.mark.parametrize("guard", LARGE, ids=str)
def test_guards_against_giants(guard: Guard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    test_a_promise_holds_with_its_guard_and_breaks_without(guard, tmp_path, monkeypatch)


def test_all_guards_are_counted(tries: Tries) -> None:
    n = len(FILES) + len(RECORDS) + (0 if tries.is_small else len(LARGE))
    tries.done(5, "guards of reading, each removed once", n, len(FILES) + len(RECORDS) + len(LARGE))
