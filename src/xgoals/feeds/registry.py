"""The feeds that there are: those of this package, and those that other packages bring as entry points `xgoals.feeds`.

Names are known without importing anything, for whoever parses DAG files or completes a word asks for them; a feed's
code, and what it says about itself, are loaded when they are needed.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import Distribution, EntryPoint, distributions

from xgoals.domain.errors import SourceError, XgoalsError
from xgoals.domain.text import MAX_NAME_CHARS, printable, shortened

GROUP = "xgoals.feeds"
OURS = "xgoals"
FUNCTIONS = ("discover", "announce", "read_match")
"""What every feed has."""

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_VALUE = re.compile(r"[A-Za-z_][\w.]*(:[A-Za-z_][\w.]*)?")


@dataclass(frozen=True, slots=True)
class About:
    """What a feed says about itself.

    Attributes
    ----------
    files
        What its files are, in words, such as ``"Acme events (CSV)"``.
    owner
        Who is to be named as the source of its data; None where the files hold anybody's.
    credit
        How the owner wants to be named on every page, such as ``"Acme (CC BY 4.0)"``; by default as ``owner``.
    """

    files: str
    owner: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class KnownFeed:
    """A feed that there is.

    Attributes
    ----------
    name
        What users type, what its inbox is called, and what the column ``provider`` says of its matches.
    target
        Its code: a module, or ``module:object``.
    package
        Which package brings it, with its version.
    told
        What it says about itself, where that is known without its code.
    """

    name: str
    target: str
    package: str = OURS
    told: About | None = field(default=None, compare=False)

    @property
    def is_ours(self) -> bool:
        """Whether it comes with xgoals."""
        return self.package == OURS

    @property
    def about(self) -> About:
        """What it says about itself; of one that cannot be loaded that it cannot."""
        if self.told is not None:
            return self.told
        try:
            about = getattr(self.load(), "about", None)
        except SourceError:
            return About(f"cannot be loaded: {self.package} is broken", self.name)
        return (
            about if isinstance(about, About) else About(f"files of {self.name} ({self.package})", self.name)
        )

    @property
    def trouble(self) -> XgoalsError | None:
        """Why it cannot be used; None where it can."""
        try:
            self.load()
        except SourceError as error:
            return error
        return None

    def load(self) -> object:
        """Its code.

        Raises
        ------
        SourceError
            If it cannot be imported, or lacks a function that every feed has; the package is named.
        """
        try:
            feed: object = EntryPoint(self.name, self.target, GROUP).load()
        except (Exception, SystemExit) as error:  # somebody else's package may fail in any way
            told = shortened(printable(f"{type(error).__name__}: {error}"), MAX_NAME_CHARS)
            raise self._broken(f"cannot be loaded from {self.target} ({told})") from error
        missing = [name for name in FUNCTIONS if not callable(getattr(feed, name, None))]
        if missing:
            raise self._broken(f"has no function {missing[0]} in {self.target}")
        return feed

    def _broken(self, what: str) -> SourceError:
        advice = f"Mend or remove the package {self.package}; the other feeds are not touched by it"
        return SourceError(
            f"feed '{self.name}' of the package {self.package} {what}", where=self.package, advice=advice
        )


@dataclass(frozen=True, slots=True)
class Registered:
    """The feeds by name, ours first, and what is wrong with entry points that are left out."""

    feeds: Mapping[str, KnownFeed]
    problems: tuple[XgoalsError, ...]


def registered() -> Registered:
    """All feeds of this process; other packages are looked for once, and again where the import path has changed."""
    return _registered(tuple(sys.path))


@lru_cache(maxsize=4)
def _registered(path: tuple[str, ...]) -> Registered:
    found: dict[str, list[KnownFeed]] = {}
    problems: list[XgoalsError] = []
    for package, text in _packages(list(path)):
        try:
            points = [(point.name, point.value) for point in _entry_points(text)]
        except Exception as error:  # a file that somebody has written by hand
            problems.append(_left_out(package, f"its entry points cannot be read ({error})"))
            continue
        for name, target in points:
            if reason := _why_not(name, target):
                problems.append(_left_out(package, reason))
            else:
                found.setdefault(name, []).append(KnownFeed(name, target, package))
    feeds = dict(_OURS)
    for name, claims in sorted(found.items()):
        if len(claims) == 1:
            feeds[name] = claims[0]
        else:
            packages = " and ".join(sorted(claim.package for claim in claims))
            reason = f"the feed '{name}' comes from {packages}: neither is used"
            problems.append(_left_out(claims[0].package, reason, "Uninstall all but one of them"))
    return Registered(feeds, tuple(problems))


def _packages(path: list[str]) -> Iterator[tuple[str, str]]:
    """Name and version of each package that mentions the group, and its entry points' text; the first of a name."""
    seen = set[str]()
    for distribution in distributions(path=path):
        text = _text_of(distribution)
        if GROUP not in text:
            continue
        name, version = _name_of(distribution)
        if name not in seen:
            seen.add(name)
            yield f"{name} {version}".strip(), text


def _text_of(distribution: Distribution) -> str:
    try:
        return distribution.read_text("entry_points.txt") or ""
    except (OSError, ValueError):  # not ours to read, or no text
        return ""


def _name_of(distribution: Distribution) -> tuple[str, str]:
    metadata = distribution.metadata
    return str(metadata["Name"] or "a package without a name"), str(metadata["Version"] or "")


def _entry_points(text: str) -> list[EntryPoint]:
    from configparser import ConfigParser

    parser = ConfigParser(delimiters=("=",), comment_prefixes=("#", ";"), interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(text)
    return (
        [EntryPoint(name, value, GROUP) for name, value in parser.items(GROUP)]
        if parser.has_section(GROUP)
        else []
    )


def _why_not(name: str, target: str) -> str | None:
    if name in _OURS:
        return f"the feed '{name}' is xgoals' own, and stays so"
    if not _NAME.fullmatch(name):
        return f"'{name}' is no name of a feed: lower-case letters, digits, - and _, a letter first"
    if not _VALUE.fullmatch(target):
        return f"'{target}' of the feed '{name}' is neither a module nor module:object"
    return None


def _left_out(package: str, reason: str, advice: str = "Mend the package, or uninstall it") -> XgoalsError:
    return XgoalsError(f"an entry point of {GROUP} is left out: {reason}", where=package, advice=advice)


class Feeds(Mapping[str, KnownFeed]):
    """Every feed by its name, in the order of lists that people see: ours first."""

    def __getitem__(self, name: str) -> KnownFeed:
        return registered().feeds[name]

    def __iter__(self) -> Iterator[str]:
        return iter(registered().feeds)

    def __len__(self) -> int:
        return len(registered().feeds)


def _ours(name: str, files: str, owner: str | None = None) -> tuple[str, KnownFeed]:
    return name, KnownFeed(name, f"xgoals.feeds.{name}", told=About(files, owner))


_OURS: Mapping[str, KnownFeed] = dict(
    [
        _ours("statsbomb", "StatsBomb open data", "StatsBomb"),
        _ours("dfl", "DFL / Sportec XML with tracking", "Deutsche Fußball Liga (DFL)"),
        _ours("archive", "Parquet archives that xgoals has written"),
        _ours("wyscout", "Wyscout events, version 2 or 3 (JSON)", "Wyscout"),
        _ours("opta", "Opta F24 with F7 (XML)", "Opta / Stats Perform"),
        _ours("statsperform", "Stats Perform MA3 with MA1 (XML or JSON)", "Stats Perform"),
    ]
)
