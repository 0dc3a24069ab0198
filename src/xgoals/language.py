"""The language of a page or message: words, numbers and dates, in English or German.

Texts stand in English where they are used. The German page looks them up in ``templates/de.toml``,
a flat table ``"English" = "German"``; a test collects every text in use and fails when one has no German.
"""

import math
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path

from xgoals.domain.text import is_number, isolated
from xgoals.settings import asset_folder

LANGUAGES = ("en", "de")

MINUS = "\N{MINUS SIGN}"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
THIN = "\N{NARROW NO-BREAK SPACE}"

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
}


@dataclass(frozen=True)
class Language:
    """How a page speaks.

    Attributes
    ----------
    code
        ``"en"`` or ``"de"``.
    catalogue
        English text -> text of this language; empty for English.
    """

    code: str
    catalogue: Mapping[str, str] = field(default_factory=dict)

    def text(self, english: str, **values: object) -> str:
        """The text in this language, ``%(name)s`` replaced by ``values`` (plain text, not HTML)."""
        text = self.catalogue.get(english, english)
        if not values:
            return text
        return text % {
            name: isolated(value) if isinstance(value, str) else value for name, value in values.items()
        }

    def plural(self, one: str, many: str, n: int, **values: object) -> str:
        """``one`` where n is 1, else ``many``; ``%(n)s`` is the number with its separators."""
        return self.text(one if n == 1 else many, n=self.count(n), **values)

    def number(self, value: float | None, decimals: int = 2, *, signed: bool = False) -> str:
        """A number with a fixed count of decimals and a real minus sign; a dash where it is missing.

        What rounds to zero bears no sign.
        """
        if value is None or math.isnan(value):
            return "–"
        text = f"{abs(value):,.{decimals}f}"
        if self.code == "de":
            text = text.translate(str.maketrans(",.", ".,"))
        if not any(digit in text for digit in "123456789"):
            return text
        plus = "+" if signed else ""
        return f"{MINUS if value < 0 else plus}{text}"

    def xg(self, value: float | None) -> str:
        """Expected goals: two decimals, three where two would say nothing."""
        return self.number(value, 3 if value is not None and abs(value) < 0.01 else 2)

    def count(self, value: float | None) -> str:
        """A whole number with separators."""
        return self.number(value, 0)

    def figure(self, value: object) -> str:
        """A figure of a run, whatever it is: a count, a measure, or a text of its own."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return "–" if value is None else str(value)
        if isinstance(value, int):
            return self.count(value)
        return f"{value:.0e}" if 0 < abs(value) < 0.001 else self.number(value, 3)

    def share(self, value: float | None, decimals: int = 0) -> str:
        """A share of 1 as a percentage."""
        if value is None or math.isnan(value):
            return "–"
        return f"{self.number(100 * value, decimals)}{THIN}%"

    def day(self, value: date | str) -> str:
        """A date in words; text in ISO format is read as such."""
        moment = value if isinstance(value, date) else datetime.fromisoformat(value)
        month = _MONTHS[self.code].split()[moment.month - 1]
        dot = "." if self.code == "de" else ""
        return f"{moment.day}{dot} {month} {moment.year}"

    def round_name(self, name: str) -> str:
        """What a round is called: a matchday by its number, a day in words, a stage by its name in this language."""
        if is_number(name):
            return self.text("Matchday %(n)s", n=name)
        if _DAY.fullmatch(name):
            with suppress(ValueError):  # a stage with such a name
                return self.day(date.fromisoformat(name))
        return self.text(name)

    def moment(self, value: datetime | str | None) -> str:
        """Date and time to the minute, with the time zone's offset where there is one."""
        if value is None:
            return "–"
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        zone = f" {moment.tzname()}" if moment.tzinfo else ""
        return f"{self.day(moment)}, {moment:%H:%M}{zone}"

    def seconds(self, value: float | None) -> str:
        """A duration in the unit that a person would use."""
        if value is None or math.isnan(value):
            return "–"
        if value < 10:
            return f"{self.number(value, 1)}{THIN}s"
        if value < 90:
            return f"{self.number(value, 0)}{THIN}s"
        minutes, rest = divmod(round(value), 60)
        return f"{minutes}{THIN}min {rest:02d}{THIN}s"

    def score(self, text: str) -> str:
        """Scores in a text as this language writes them: 2–1, 2:1."""
        return re.sub(r"(\d)–(\d)", r"\1:\2", text) if self.code == "de" else text

    def listing(self, parts: list[str]) -> str:
        """``a``, ``a and b``, ``a, b and c``."""
        if len(parts) < 2:
            return "".join(parts)
        return f"{', '.join(parts[:-1])} {self.text('and')} {parts[-1]}"


@cache
def language(code: str) -> Language:
    """The language with this code.

    Raises
    ------
    ValueError
        If xgoals does not speak it.
    """
    if code not in LANGUAGES:
        raise ValueError(f"no language {code!r}; there are {', '.join(LANGUAGES)}")
    if code == "en":
        return Language("en")
    table = tomllib.loads(Path(asset_folder("templates") / f"{code}.toml").read_text("utf-8"))
    return Language(code, table)
