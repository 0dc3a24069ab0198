"""What must not get in: each refused with file, place and reason, in little time and memory."""

import gzip
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from dfl_files import AWAY, HOME, MATCH, HandMade, frame, frame_set, iso, positions
from dfl_files import KICK_OFF as START

from xgoals.domain.errors import FeedError
from xgoals.feeds.dfl import discover, read_match

FRAMES = range(10_000, 10_400)


def good_sets() -> list[str]:
    still = "".join(frame(n, 40, 4) for n in FRAMES)
    return [
        frame_set("H9", HOME, still),
        frame_set("A1", AWAY, still),
        frame_set("ball", "BALL", "".join(frame(n, 40, 4, z=0.1) for n in FRAMES)),
    ]


@pytest.fixture
def good(hand_made: HandMade) -> HandMade:
    """A match that is read without any problem; the tests below break one thing each."""
    hand_made.result = "0:0"
    hand_made.kick_offs()
    hand_made.shot("S1", 11, attributes='X-Position="94.00" Y-Position="34.00" CalculatedFrame="10250"')
    hand_made.write(positions=positions(*good_sets()))
    return hand_made


@pytest.fixture(autouse=True)
def in_bounds() -> Iterator[None]:
    """Every test here stays under 512 MB and 5 s."""
    tracemalloc.start()
    started = time.perf_counter()
    yield
    took_s, (_, peak) = time.perf_counter() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took_s < 5
    assert peak < 512e6


def refusal(match: HandMade) -> FeedError:
    deliveries, _ = discover(match.folder)
    with pytest.raises(FeedError) as caught:
        read_match(deliveries[0])
    assert caught.value.where is not None
    assert str(match.folder) in caught.value.where
    assert caught.value.advice
    return caught.value


def change(path: Path, edit: Callable[[str], str]) -> None:
    before = path.read_text(encoding="utf-8")
    after = edit(before)
    assert after != before
    path.write_text(after, encoding="utf-8")


FILES = ("matchinformation.xml", "events.xml", "positions.xml")


def test_the_good_match_is_good(good: HandMade) -> None:
    record, problems = read_match(discover(good.folder)[0][0])
    assert problems == []
    assert record.scenes[0].frame_n == 10_250


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("share", [0.5, 0.9, 0.999])
def test_a_truncated_file(good: HandMade, name: str, share: float) -> None:
    path = good.folder / name
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    error = refusal(good)
    assert name in str(error.where)
    assert "cut off" in error.what or "not well-formed" in error.what
    assert any(word in str(error.where) for word in ("byte", "line"))


@pytest.mark.parametrize("name", FILES)
def test_an_empty_file(good: HandMade, name: str) -> None:
    good_name = good.folder / name
    empty = good_name.with_name(f"{good_name.stem}_{MATCH}.xml")  # only its name says what it should be
    good_name.unlink()
    empty.write_bytes(b"")
    error = refusal(good)
    assert error.what == "the file is empty"
    assert empty.name in str(error.where)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/evil.dtd">',
    ],
)
def test_an_entity_attack(good: HandMade, name: str, doctype: str) -> None:
    change(good.folder / name, lambda text: text.replace("?>\n", f"?>\n{doctype}", 1))
    error = refusal(good)
    assert "document type" in error.what
    assert name in str(error.where)


def test_a_billion_laughs_in_the_events(good: HandMade) -> None:
    levels = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    doctype = f'<!DOCTYPE x [<!ENTITY e0 "ha">{levels}]>'
    change(good.folder / "events.xml", lambda text: text.replace("?>\n", f"?>\n{doctype}", 1))
    change(
        good.folder / "events.xml", lambda text: text.replace("</PutDataRequest>", "&e11;</PutDataRequest>")
    )
    assert "document type" in refusal(good).what


@pytest.mark.parametrize("name", FILES)
def test_a_10_mb_attribute(good: HandMade, name: str) -> None:
    element = {
        "matchinformation.xml": "<Environment",
        "events.xml": "<ShotAtGoal",
        "positions.xml": "<Frame",
    }[name]
    giant = f'{element} Note="{"x" * 10_000_000}"'

    def edit(text: str) -> str:
        at = text.rfind('N="10250"') if name == "positions.xml" else text.find(element) + 1
        at = text.rfind(element, 0, at + len(element))
        return text[:at] + giant + text[at + len(element) :]

    change(good.folder / name, edit)
    error = refusal(good)
    assert "refused" in error.what
    assert name in str(error.where)


@pytest.mark.parametrize("name", FILES)
def test_a_wrong_encoding(good: HandMade, name: str) -> None:
    """Latin-1 bytes in a file that calls itself UTF-8."""
    path = good.folder / name
    change(
        path, lambda text: text.replace("F4", "Fü4").replace('"direct"', '"dïrect"').replace('"A1"', '"Ä1"')
    )
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    error = refusal(good)
    assert "not well-formed" in error.what
    assert name in str(error.where)


@pytest.mark.parametrize("name", FILES)
def test_a_declared_other_encoding_is_read(good: HandMade, name: str) -> None:
    path = good.folder / name
    text = path.read_text(encoding="utf-8").replace('encoding="UTF-8"', 'encoding="UTF-16"')
    path.write_bytes(text.encode("utf-16"))
    record, problems = read_match(discover(good.folder)[0][0])
    assert problems == []
    assert record.scenes[0].frame_n == 10_250


@pytest.mark.parametrize("name", FILES)
def test_an_unknown_encoding(good: HandMade, name: str) -> None:
    change(good.folder / name, lambda text: text.replace('encoding="UTF-8"', 'encoding="EBCDIC-XX"'))
    error = refusal(good)
    assert "encoding" in error.what
    assert name in str(error.where)


def test_no_xml_at_all(good: HandMade) -> None:
    (good.folder / "events.xml").unlink()
    path = good.folder / f"events_raw_{MATCH}.xml"
    path.write_bytes(bytes(range(256)) * 100)
    assert "not well-formed" in refusal(good).what


def test_positions_without_ball(good: HandMade) -> None:
    good.write(positions=positions(*good_sets()[:-1]))
    error = refusal(good)
    assert error.what == "positions without the ball"
    assert "positions.xml" in str(error.where)


def test_positions_of_another_match(good: HandMade) -> None:
    sets = good_sets()
    sets[1] = sets[1].replace(MATCH, "DFL-MAT-OTHER1")
    good.write(positions=positions(*sets))
    error = refusal(good)
    assert error.what == f"positions of match DFL-MAT-OTHER1 in the file of {MATCH}"
    assert "A1" in str(error.where)


def test_positions_of_two_other_teams(good: HandMade) -> None:
    sets = [s.replace(HOME, "DFL-CLU-X").replace(AWAY, "DFL-CLU-Y") for s in good_sets()]
    good.write(positions=positions(*sets))
    assert refusal(good).what == "nobody of the two teams is in the positions"


def test_a_file_whose_name_says_another_match(good: HandMade) -> None:
    (good.folder / "positions.xml").rename(good.folder / "positions_DFL-MAT-OTHER1.xml")
    deliveries, _ = discover(good.folder)
    by_id = {delivery.match_id: delivery for delivery in deliveries}
    with pytest.raises(FeedError, match=f"the file belongs to match {MATCH}, its name to DFL-MAT-OTHER1"):
        read_match(by_id["DFL-MAT-OTHER1"])
    record, _ = read_match(by_id[MATCH])  # goes in, without tracking
    assert record.scenes[0].frame_n is None


def jumped(seconds: float, from_n: int) -> list[str]:
    def time_of(n: int) -> str:
        return iso(START + timedelta(seconds=(n - 10_000) / 25 + (seconds if n >= from_n else 0)))

    frames = "".join(frame(n, 40, 4, z=0.1, time=time_of(n)) for n in FRAMES)
    return [*good_sets()[:-1], frame_set("ball", "BALL", frames)]


@pytest.mark.parametrize("seconds", [3600.0, -3600.0, 2.0])
def test_a_clock_that_jumps(good: HandMade, seconds: float) -> None:
    good.write(positions=positions(*jumped(seconds, 10_200)))
    error = refusal(good)
    assert "the clock jumps" in error.what
    assert f"{seconds:+.2f} s" in error.what
    assert "firstHalf, N=" in str(error.where)


def test_a_clock_that_jitters_within_a_second_is_taken(good: HandMade) -> None:
    good.write(positions=positions(*jumped(0.5, 10_200)))
    assert read_match(discover(good.folder)[0][0])[0].scenes[0].frame_n == 10_250


def test_frames_that_go_back(good: HandMade) -> None:
    back = "".join(frame(n, 40, 4) for n in [*range(10_000, 10_300), *range(10_200, 10_400)])
    good.write(positions=positions(frame_set("H9", HOME, back), *good_sets()[1:]))
    assert refusal(good).what == "frame numbers go back"


def test_a_frame_without_a_number(good: HandMade) -> None:
    good.write(positions=positions(good_sets()[0].replace('N="10251" ', ""), *good_sets()[1:]))
    assert "a frame without a number" in refusal(good).what


def test_positions_without_frames(good: HandMade) -> None:
    good.write(positions=positions())
    (good.folder / "positions.xml").rename(good.folder / f"positions_{MATCH}.xml")
    assert refusal(good).what == "no frames in the file"


@pytest.mark.parametrize("name", ["matchinformation.xml", "events.xml"])
def test_a_missing_file(good: HandMade, name: str) -> None:
    (good.folder / name).unlink()
    assert refusal(good).what.startswith("no match information" if "info" in name else "no events")


def test_a_transmission_that_is_not_complete(good: HandMade) -> None:
    change(good.folder / "events.xml", lambda text: text.replace('Complete="true"', 'Complete="false"'))
    assert "transmission is not complete" in refusal(good).what


@pytest.mark.parametrize("name", FILES)
def test_a_broken_gzip_stream(good: HandMade, name: str) -> None:
    path = good.folder / name
    packed = gzip.compress(path.read_bytes())
    path.unlink()
    target = path.with_name(f"{path.stem}_{MATCH}.xml.gz")
    target.write_bytes(packed[: len(packed) // 2])
    error = refusal(good)
    assert "gzip" in error.what
    assert target.name in str(error.where)


@pytest.mark.parametrize("name", FILES)
def test_two_gzip_streams_one_behind_the_other_are_one_file(good: HandMade, name: str) -> None:
    """As programs write it that add to a file; zeros behind the last stream are padding."""
    path = good.folder / name
    data = path.read_bytes()
    path.unlink()
    halves = gzip.compress(data[:500]) + gzip.compress(data[500:])
    path.with_name(f"{path.name}.gz").write_bytes(halves + b"\0" * 512)
    record, problems = read_match(discover(good.folder)[0][0])
    assert problems == []
    assert record.scenes[0].frame_n == 10_250


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("behind", [b"more", b"\x1f\x8b\x08"], ids=["text", "half a stream"])
def test_something_behind_a_gzip_stream(good: HandMade, name: str, behind: bytes) -> None:
    path = good.folder / name
    packed = gzip.compress(path.read_bytes()) + behind
    path.unlink()
    path.with_name(f"{path.name}.gz").write_bytes(packed)
    assert "gzip" in refusal(good).what


def test_a_gzip_bomb(good: HandMade) -> None:
    (good.folder / "events.xml").unlink()
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    megabyte = b" " * (1 << 20)
    head = b'<?xml version="1.0"?><PutDataRequest><Event MatchId="' + MATCH.encode() + b'"/>'
    bomb = packer.compress(head) + b"".join(packer.compress(megabyte) for _ in range(200)) + packer.flush()
    (good.folder / "events.xml.gz").write_bytes(bomb)
    assert "inflates to more than" in refusal(good).what


def test_all_other_matches_go_in(good: HandMade, tmp_path: Path) -> None:
    """One broken match beside a good one."""
    other = tmp_path / "match" / "other"
    other.mkdir()
    for name in FILES:
        text = (good.folder / name).read_text(encoding="utf-8").replace(MATCH, "DFL-MAT-OTHER1")
        (other / name).write_text(text[: len(text) // 2] if name == "events.xml" else text, encoding="utf-8")
    deliveries, problems = discover(good.folder)
    assert problems == []
    assert [delivery.match_id for delivery in deliveries] == ["DFL-MAT-OTHER1", MATCH]
    with pytest.raises(FeedError):
        read_match(deliveries[0])
    assert len(read_match(deliveries[1])[0].shots) == 1
