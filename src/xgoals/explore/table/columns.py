"""The columns of a table of shots: what each is called, what stands in it, and how a cell is read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from xgoals.domain.shot import BallControl, BodyPart, SetUp, ShotType, Technique
from xgoals.settings.in_words import did_you_mean

_NUMBER = re.compile(r"[+\-\u2212]?\d+(?:[.,]\d+)?")
_FOOT = "foot"
_YES, _NO = ("yes", "true", "1", "ja", "x"), ("no", "false", "0", "nein")


class CellError(ValueError):
    """A cell that cannot be read: the message is what is wrong, ``advice`` what to write."""

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(problem)
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes
    ----------
    says
        What stands in it, in one line.
    read
        Makes a value of a cell that is not empty.
    example
        A cell that can be read.
    """

    name: str
    says: str
    read: Callable[[str], Any]
    example: str
    is_needed: bool = False


def number(cell: str) -> float:
    """A number, with a decimal point or a decimal comma.

    Raises
    ------
    CellError
        If it is none.

    Examples
    --------
    >>> number("41,5"), number("-3.25")
    (41.5, -3.25)
    """
    if not _NUMBER.fullmatch(cell):
        raise CellError("this is no number", "Write a number in metres such as 41.5, without a unit")
    return float(cell.replace(",", ".").replace("\N{MINUS SIGN}", "-"))


def places(cell: str) -> list[tuple[float, float]]:
    """Places of people: x and y with a space between them, people with a semicolon.

    Raises
    ------
    CellError
        If it is something else.

    Examples
    --------
    >>> places("44 2; 46,5 -1")
    [(44.0, 2.0), (46.5, -1.0)]
    """
    found = []
    for person in re.split(r"[;|]", cell):
        pair = person.split()
        if not pair:
            continue
        if len(pair) != 2 or not all(_NUMBER.fullmatch(part) for part in pair):
            raise CellError(
                f"'{person.strip()}' is no place",
                "Write x and y of each with a space between, and a semicolon between people: 44 2; 46.5 -1",
            )
        found.append((number(pair[0]), number(pair[1])))
    return found


def yes_or_no(cell: str) -> bool:
    """Whether it is so.

    Raises
    ------
    CellError
        If it says neither yes nor no.
    """
    if cell.lower() in _YES:
        return True
    if cell.lower() in _NO:
        return False
    raise CellError("this says neither yes nor no", "Write yes or no")


def word(words: type[StrEnum], **others: StrEnum) -> Callable[[str], StrEnum]:
    """How a word of an enumeration is read, whatever its case: spaces and hyphens are underscores.

    Parameters
    ----------
    others
        Further words that are taken for one of them.
    """
    known: Mapping[str, StrEnum] = {str(of): of for of in words} | others

    def read(cell: str) -> StrEnum:
        plain = re.sub(r"[\s\-]+", "_", cell.lower())
        if plain not in known:
            raise CellError(
                f"there is no such word{did_you_mean(plain, list(known))}",
                f"Write one of: {', '.join(known)}",
            )
        return known[plain]

    return read


def text(cell: str) -> str:
    """A text, as it is."""
    return cell


COLUMNS = (
    Column("x_m", "metres from the pitch's centre towards the goal attacked; the goal line is at half the length",
           number, "41.5", is_needed=True),
    Column("y_m", "metres from the middle of the pitch to the attacker's left; to his right it is negative",
           number, "3.0", is_needed=True),
    Column("body_part", f"{', '.join(BodyPart)}; or simply {_FOOT}",
           word(BodyPart, **{_FOOT: BodyPart.RIGHT_FOOT}), "right_foot", is_needed=True),
    Column("shot_type", f"{', '.join(ShotType)}; empty: open_play", word(ShotType), "open_play"),
    Column("set_up", f"how the chance came about: {', '.join(SetUp)}; empty: open_play", word(SetUp), "cross"),
    Column("technique", f"{', '.join(Technique)}; empty: normal", word(Technique), "volley"),
    Column("ball_control", f"{', '.join(BallControl)} (direct: first touch); empty: other",
           word(BallControl), "direct"),
    Column("keeper_x_m", "where the opponents' keeper stood, as x_m; empty: not known", number, "51.5"),
    Column("keeper_y_m", "the same as y_m", number, "0.5"),
    Column("opponents", "where the other opponents stood: x and y with a space, people with a semicolon; empty: not "
           "known", places, "44 2; 46.5 -1"),
    Column("teammates", "where team-mates stood, in the same way", places, "40 -6"),
    Column("is_won_in_the_air", "yes where a header was won against an opponent in the air; empty: no",
           yes_or_no, "no"),
    Column("since_own_shot_s", "seconds since the same team's shot before; 1 to 5 make a rebound", number, ""),
    Column("pitch_length_m", "length of the pitch in metres; empty: 105", number, "105"),
    Column("pitch_width_m", "its width; empty: 68", number, "68"),
    Column("provider", "with match_id: the stored match that the shot is from; a model that has not seen it answers",
           text, ""),
    Column("match_id", "see provider", text, ""),
)  # fmt: skip
"""In the order of the template; any others that a file has are handed through."""

BY_NAME: Mapping[str, Column] = {column.name: column for column in COLUMNS}
