"""The pages of a model: the first one, which answers, and the chapters behind it, one click deeper.

The first page lies at ``model/<model>.html``, its chapters beside it in a folder of the same name:
``model/<model>/quality.html``. :func:`chapter_path` is the one place that says so.
"""

from dataclasses import dataclass
from typing import Literal

from xgoals.language import Language
from xgoals.report.page.render import local_link

ChapterKey = Literal[
    "summary",
    "decision",
    "quality",
    "importance",
    "features",
    "seasons",
    "fairness",
    "trust",
    "drift",
    "data",
]


@dataclass(frozen=True)
class Chapter:
    """A page of a model; ``parts``: the templates that it is made of, in their order."""

    key: ChapterKey
    title: str
    lead: str
    parts: tuple[str, ...]


CHAPTERS = (
    Chapter("summary", "At a glance", "", ("summary",)),
    Chapter(
        "decision",
        "The decision",
        "What it had to show to become champion, and what changed with it.",
        ("gate", "change", "history"),
    ),
    Chapter(
        "quality",
        "Quality",
        "How good it is, where it is good and where not, by predictions of models that had not seen the match.",
        ("quality", "slices", "shots"),
    ),
    Chapter(
        "importance",
        "What moves it",
        "Where explanations start, which features move the model, and what the article says of its own.",
        ("base_values", "importance", "claims"),
    ),
    Chapter(
        "features",
        "Features",
        "What each value of a feature does, and how two of them depend on each other.",
        ("dependence", "pairs"),
    ),
    Chapter(
        "seasons",
        "Seasons and clubs",
        "Whether the same moves it everywhere, and whether it is as good everywhere.",
        ("seasons", "clubs"),
    ),
    Chapter(
        "fairness",
        "Fairness",
        "Whether every club, and every other part of the shots, scores as many goals as xG says.",
        ("fairness",),
    ),
    Chapter(
        "trust",
        "Trust",
        "What an explanation is worth: whether it adds up, and whether it would be the same tomorrow.",
        ("explainer",),
    ),
    Chapter(
        "drift",
        "Drift",
        "Whether what it sees on new matchdays still is what it has learned from, and since when not.",
        ("drift",),
    ),
    Chapter(
        "data",
        "Data and card",
        "What it has learned from, what is wrong with that, what it is for, and what the words mean.",
        ("data", "provenance", "card", "glossary"),
    ),
)


def texts() -> list[str]:
    """Titles and leads, for the test that every text has its German."""
    return [text for chapter in CHAPTERS for text in (chapter.title, chapter.lead) if text]


def chapter_path(page: str, key: ChapterKey) -> str:
    """Where a page of a model lies below the folder of models.

    Parameters
    ----------
    page
        File name of the first page without its ending.
    """
    return f"{page}.html" if key == "summary" else f"{page}/{key}.html"


@dataclass(frozen=True)
class Addresses:
    """How the pages of a model are linked from one of them.

    Attributes
    ----------
    page
        File name of the first page without its ending.
    here
        The page that the links stand on.
    """

    page: str
    here: ChapterKey

    @property
    def root(self) -> str:
        """From here to the folder of models."""
        return "" if self.here == "summary" else "../"

    def to(self, key: ChapterKey, anchor: str = "") -> str:
        """A link to a chapter, or a place in it; within the same page the place alone."""
        mark = f"#{anchor}" if anchor else ""
        if key == self.here and anchor:
            return mark
        path = chapter_path(self.page, key)
        if self.here != "summary" and key != "summary":
            path = path.split("/", 1)[1]
        elif self.here != "summary":
            path = f"../{path}"
        return local_link(path) + mark

    def out(self, path: str) -> str:
        """A link that is relative to the first page, as it is from here."""
        return local_link(f"{self.root}{path}")


@dataclass(frozen=True)
class Tab:
    """A link on top of every page of a model."""

    title: str
    link: str
    is_here: bool


def tabs(addresses: Addresses, words: Language) -> tuple[Tab, ...]:
    """The links to all pages, in their order."""
    return tuple(
        Tab(words.text(chapter.title), addresses.to(chapter.key), chapter.key == addresses.here)
        for chapter in CHAPTERS
    )
