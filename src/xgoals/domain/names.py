"""What people call a player: feeds give full legal names, of which a page shows the part that is known.

Whom the world knows by another name has it from the feed (a nickname of the line-ups) or from `KNOWN_AS`. Of any
other long name the given name and the first surname are shown: in Spanish and Portuguese names the last word is
the mother's surname, or the second of several, and nobody is known by it. Elsewhere the surname comes last.
"""

from functools import cache

from xgoals.domain.known_names import AMBIGUOUS_GIVEN, COMMON_SURNAMES, GIVEN, KNOWN_AS
from xgoals.domain.text import shortened

FITS_CHARS = 17
"""A name of so many characters is shown as it is where room is short."""

_PARTICLES = frozenset((
    "al", "bel", "ben", "bin", "d", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "e", "el",
    "i", "la", "las", "le", "los", "san", "santa", "st", "st.", "ten", "ter", "van", "von", "y",
))  # fmt: skip
"""Words that belong to the surname after them."""
_GENERATION = frozenset(("junior", "júnior", "jr", "jr.", "filho", "neto", "sobrinho"))
_OF_PORTUGUESE = frozenset(("da", "das", "do", "dos"))
_KNOWN = frozenset(KNOWN_AS.values())
_DOUBLE_GIVEN = frozenset(("José", "Juan"))
"""Who bears one of these before another given name is called by both."""


def common_name(name: str) -> str:
    """The name that people know: "Sergio Leonel Agüero del Castillo" is Sergio Agüero.

    >>> common_name("Francesc Fàbregas i Soler"), common_name("Gareth Frank Bale"), common_name("Kevin De Bruyne")
    ('Cesc Fàbregas', 'Gareth Bale', 'Kevin De Bruyne')
    """
    given, family = _parts(name)
    return f"{given} {family}".strip()


def short_name(name: str) -> str:
    """The same for little room: whole where it fits, else the initial and the surname.

    >>> short_name("Alexis Alejandro Sánchez Sánchez"), short_name("Pierre-Emerick Aubameyang")
    ('Alexis Sánchez', 'P. Aubameyang')
    """
    given, family = _parts(name)
    known = f"{given} {family}".strip()
    if len(known) <= FITS_CHARS:
        return known
    return shortened(f"{given[0]}. {family}" if given and family else known, FITS_CHARS)


def surname(name: str) -> str:
    """The surname alone, for a sentence that has named him; the whole where it is one word.

    >>> surname("Kevin De Bruyne"), surname("Koke")
    ('De Bruyne', 'Koke')
    """
    given, family = _parts(name)
    return family or given


@cache
def _parts(name: str) -> tuple[str, str]:
    """Given name and surname as they are known; the second is empty where one name says it all."""
    known = KNOWN_AS.get(name, name)
    groups = _groups(known)
    if known not in _KNOWN and len(groups) > 2:
        n_given = 2 if groups[0] in _DOUBLE_GIVEN and groups[1] in GIVEN else 1
        return " ".join(groups[:n_given]), _first_surname(groups)
    return (groups[0], " ".join(groups[1:])) if groups else ("", "")


def _groups(name: str) -> list[str]:
    """The words of a name, particles with the word that they belong to, without "Junior" at its end."""
    words = name.split()
    groups: list[str] = []
    waiting: list[str] = []
    for n, word in enumerate(words):
        if n and word.lower() in _PARTICLES and n + 1 < len(words):
            waiting.append(word)
            continue
        groups.append(" ".join((*waiting, word)))
        waiting = []
    while len(groups) > 2 and groups[-1].lower() in _GENERATION:
        groups.pop()
    return groups


def _first_surname(groups: list[str]) -> str:
    """The first surname of a Spanish or Portuguese name of three groups or more, the last one of any other."""
    if not _is_iberian(groups):
        return groups[-1]
    if _is_portuguese(groups):
        return next((group for group in groups[1:] if group not in GIVEN), groups[-1])
    first = groups[-2] if len(groups) > 3 else groups[1]
    return groups[-1] if first in GIVEN else first


def _is_iberian(groups: list[str]) -> bool:
    is_sure = any(group in GIVEN and group not in AMBIGUOUS_GIVEN for group in groups[:2])
    return is_sure or any(_is_iberian_surname(group) for group in groups[1:])


def _is_portuguese(groups: list[str]) -> bool:
    return any(group.split()[0].lower() in _OF_PORTUGUESE and " " in group for group in groups[1:])


def _is_iberian_surname(group: str) -> bool:
    *particles, word = group.split()
    said = word.lower()
    return (
        word in COMMON_SURNAMES
        or said.endswith(("ez", "ães", "ões"))
        or "ñ" in said
        or any(particle.lower() in {*_OF_PORTUGUESE, "del", "i", "y"} for particle in particles)
    )
