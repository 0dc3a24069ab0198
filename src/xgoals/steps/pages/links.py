"""The way from page to page: a link leads only where a page lies, or will lie once this run has ended."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from xgoals.domain.page_keys import ClubKey, MatchKey, PlayerKey, RoundKey, SeasonKey
from xgoals.steps.pages.files import PageFiles

PageKind = Literal["model", "article", "season", "club", "player", "matchday", "match"]
PageKey = MatchKey | SeasonKey | RoundKey | ClubKey | PlayerKey

_KINDS: dict[type, PageKind] = {
    MatchKey: "match",
    SeasonKey: "season",
    RoundKey: "matchday",
    ClubKey: "club",
    PlayerKey: "player",
}


def address(path: str) -> str:
    """A page's address, relative to any page in one of the folders."""
    return "../" + "/".join(path.split("/")[-2:])


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Addresses of pages, relative to any page in one of the folders; for the index take away the leading ``../``.

    Attributes
    ----------
    pages
        Those that lie there.
    planned
        Pages that this run writes.
    """

    pages: PageFiles
    planned: set[str] = field(default_factory=set)

    def plan(self, keys: Iterable[PageKey]) -> None:
        """Note that this run is going to write these pages."""
        self.planned.update(self.pages.path(_KINDS[type(key)], key.scope_id) for key in keys)

    def to(self, key: PageKey) -> str | None:
        """The address of a page; None where there is none."""
        path = self.pages.path(_KINDS[type(key)], key.scope_id)
        return address(path) if path in self.planned or self.pages.lies(path) else None

    def card(self, match: MatchKey, anchor: str) -> str | None:
        """The address of a shot's card on the page of its match (see :func:`xgoals.report.shot.anchors.anchors`)."""
        page = self.to(match)
        return None if page is None else f"{page}#{anchor}"
