"""What feeds and the gate of plausible values say of files, and what has drifted, in the language of a page or mail.

Their sentences are stored in English, as they were found. ``templates/feeds_de.toml`` has the German of their kinds:
``"no events file for a match that %(listing)s lists" = "..."``; what stands in a sentence for a placeholder goes where
the German has it; what stands for ``labels`` or ``more_labels`` is a list of features, or other parts, with a figure
each, and for ``expected_goals`` a figure; figures are told as the language writes them. A sentence without a German
stays English, and says so (``lang="en"``).
"""

import re
import tomllib
from functools import cache
from pathlib import Path

from xgoals.language import Language
from xgoals.report.words.said import Said
from xgoals.settings import asset_folder

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_LABEL = re.compile(r"[^\s,(][^,(]*[^\s,(](?= \()")
"""A feature in "angle to goal (0.21), header (0.17)"."""
_FIGURE = re.compile(r"(?<![^(])([+-]?)\d+\.(\d+)(?![^)])")
"""Alone, or in brackets of its own."""
_ONE_AFTER_ANOTHER = re.compile(r"(?<=\.) (?=[A-Z])")


def feed_sentence(english: str, words: Language) -> Said:
    """A reason or an advice of quarantine; of several sentences in one each by itself."""
    if words.code == "en" or not english:
        return Said(english)
    if (known := _translated(english, words)) is not None:
        return Said(known)
    parts = _ONE_AFTER_ANOTHER.split(english)
    found = [_translated(part, words) or _translated(part.rstrip("."), words) for part in parts]
    if len(parts) > 1 and all(found):
        return Said(" ".join(f"{part.rstrip('.')}." for part in found if part))
    return Said(english, is_translated=False)


def _translated(english: str, words: Language) -> str | None:
    for pattern, text in _patterns(words.code):
        if (match := pattern.fullmatch(english)) is not None:
            values = match.groupdict()
            for name in values.keys() & {"labels", "more_labels"}:
                values[name] = _LABEL.sub(lambda found: words.text(found[0]), values[name])
            for name in values.keys() & {"labels", "more_labels", "expected_goals"}:
                values[name] = _FIGURE.sub(lambda found: _figure(found, words), values[name])
            return text % values
    return None


def _figure(found: re.Match[str], words: Language) -> str:
    return words.number(float(found[0]), len(found[2]), signed=bool(found[1]))


@cache
def _patterns(code: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """English as a pattern and the other language; the most literal first, so that none hides a closer one."""
    table: dict[str, str] = tomllib.loads(
        (Path(asset_folder("templates")) / f"feeds_{code}.toml").read_text("utf-8")
    )
    ordered = sorted(table.items(), key=lambda item: -len(_PLACEHOLDER.sub("", item[0])))
    return tuple((_pattern(english), text) for english, text in ordered)


def _pattern(english: str) -> re.Pattern[str]:
    parts = _PLACEHOLDER.split(english)
    pieces = [re.escape(part) if n % 2 == 0 else f"(?P<{part}>.+?)" for n, part in enumerate(parts)]
    return re.compile("".join(pieces), re.DOTALL)
