"""The metadata of a TRACAB file: rate, pitch, when the periods are, and, in newer ones, who wears which shirt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from xml.etree.ElementTree import Element

from xgoals.domain.bounds import FIRST_MINUTE, is_pitch
from xgoals.domain.pitch import Pitch
from xgoals.feeds.numbers import parse_count, parse_number
from xgoals.feeds.simulated import SIMULATED_BY
from xgoals.feeds.small_file import read_small
from xgoals.feeds.synchronise.tracking import Side, TrackedPerson, unusable

RATES_HZ = (5.0, 100.0)
LONGEST_HALF_MIN = {1: 75, 2: 75, 3: 30, 4: 30}
"""A half of 45 or 15 minutes with its stoppage time; longer interruptions stop the cameras' count."""
METADATA_AGAIN = "Ask for the metadata file that belongs to it, or leave the tracking out"


@dataclass(frozen=True, slots=True)
class TracabMetadata:
    """What a metadata file says; ``frames`` has the first and the last frame of each period."""

    match_id: str | None
    match_date: date | None
    rate_hz: float
    pitch: Pitch | None
    frames: Mapping[int, tuple[int, int]]
    people: Mapping[str, TrackedPerson]
    sha256: str
    is_simulated: bool = False


def read_tracab_metadata(path: Path) -> TracabMetadata:
    """Read a metadata file of either layout (attributes of ``match``, or one element a value).

    Raises
    ------
    FeedError
        If it cannot be read, or says no rate and no periods that can be.
    """
    root, sha256 = read_small(path)
    match = root.find("match")
    values = _by_attributes(match) if match is not None else _by_elements(root)
    rate_hz = parse_number(values.get("rate")) or 0.0
    if not RATES_HZ[0] <= rate_hz <= RATES_HZ[1]:
        raise unusable(f"'{values.get('rate')}' is no frame rate", str(path), METADATA_AGAIN)
    frames = _periods(values)
    if not frames:
        raise unusable("it says of no period from which frame to which it is", str(path), METADATA_AGAIN)
    for period, (first, last) in frames.items():
        minutes = (last - first) / rate_hz / 60
        if minutes > LONGEST_HALF_MIN[period]:
            told = f"at {rate_hz:g} frames a second period {period} would last {minutes:.0f} min"
            raise unusable(f"{told}: the frame rate is wrong", str(path), METADATA_AGAIN)
    return TracabMetadata(
        match_id=values.get("id") or None,
        match_date=_date(values.get("date")),
        rate_hz=rate_hz,
        pitch=_pitch(values),
        frames=frames,
        people=_people(root),
        sha256=sha256,
        is_simulated=SIMULATED_BY in root.attrib,
    )


def _by_attributes(match: Element) -> dict[str, str]:
    names = {
        "iId": "id",
        "dtDate": "date",
        "iFrameRateFps": "rate",
        "fPitchXSizeMeters": "length",
        "fPitchYSizeMeters": "width",
    }
    values = {ours: match.get(theirs, "") for theirs, ours in names.items()}
    for period in match.iter("period"):
        number = period.get("iId", "")
        values |= {
            f"first {number}": period.get("iStartFrame", ""),
            f"last {number}": period.get("iEndFrame", ""),
        }
    return values


def _by_elements(root: Element) -> dict[str, str]:
    names = {"GameID": "id", "FrameRate": "rate", "PitchLongSide": "length", "PitchShortSide": "width"}
    values = {ours: (root.findtext(theirs) or "").strip() for theirs, ours in names.items()}
    for number in FIRST_MINUTE:
        values[f"first {number}"] = root.findtext(f"Phase{number}StartFrame") or ""
        values[f"last {number}"] = root.findtext(f"Phase{number}EndFrame") or ""
    return values


def _periods(values: Mapping[str, str]) -> dict[int, tuple[int, int]]:
    frames = {}
    for number in FIRST_MINUTE:
        first, last = (parse_count(values.get(f"{which} {number}")) or 0 for which in ("first", "last"))
        if 0 < first < last:
            frames[number] = first, last
    return frames


def _pitch(values: Mapping[str, str]) -> Pitch | None:
    """The pitch, in metres or centimetres, if there can be such a one."""
    length, width = (parse_number(values.get(name)) for name in ("length", "width"))
    if length is None or width is None:
        return None
    pitches = (Pitch(scale * length, scale * width) for scale in (1.0, 0.01))
    return next(filter(is_pitch, pitches), None)


def _date(text: str | None) -> date | None:
    try:
        return datetime.fromisoformat(text or "").date()
    except ValueError:
        return None


def _people(root: Element) -> dict[str, TrackedPerson]:
    people = {}
    sides: tuple[tuple[Side, str], ...] = (("home", "HomeTeam"), ("away", "AwayTeam"))
    for side, tag in sides:
        team = root.find(tag)
        for person in () if team is None else team.findall("Players/*"):
            shirt = parse_count(person.findtext("JerseyNo"))
            if shirt is None:
                continue
            names = (person.findtext("FirstName"), person.findtext("LastName"))
            key = f"{side} {shirt}"
            people[key] = TrackedPerson(
                key,
                side,
                shirt,
                (person.findtext("PlayerId") or person.findtext("PlayerID") or "").strip() or None,
                " ".join(name for name in names if name) or None,
                (person.findtext("StartingPosition") or "").strip().upper() == "G",
            )
    return people
