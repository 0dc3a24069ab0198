"""The way from page to page: a link leads only where a page lies, or will lie once this run has ended."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from xgoals.domain.page_keys import ClubKey, MatchKey, PlayerKey, RoundKey, SeasonKey
from xgoals.steps.pages.files import file_name

PageKind = Literal["model", "article", "season", "club", "player", "matchday", "match"]
PageKey = MatchKey | SeasonKey | RoundKey | ClubKey | PlayerKey

_KINDS: dict[type, PageKind] = {
    MatchKey: "match",
    SeasonKey: "season",
    RoundKey: "matchday",
    ClubKey: "club",
    PlayerKey: "player",
}


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Addresses of pages, relative to any page in one of the folders; for the index take away the leading ``../``.

    Attributes
    ----------
    folder
        Where all pages lie, a folder each kind.
    planned
        Pages that this run writes.
    """

    folder: Path
    planned: set[Path] = field(default_factory=set)

    def path(self, kind: str, scope_id: str) -> Path:
        """Where a page lies."""
        return self.folder / kind / f"{file_name(scope_id)}.html"

    def plan(self, keys: Iterable[PageKey]) -> None:
        """Note that this run is going to write these pages."""
        self.planned.update(self.path(_KINDS[type(key)], key.scope_id) for key in keys)

    def to(self, key: PageKey) -> str | None:
        """The address of a page; None where there is none."""
        path = self.path(_KINDS[type(key)], key.scope_id)
        return f"../{path.parent.name}/{path.name}" if path in self.planned or path.is_file() else None

    def card(self, match: MatchKey, anchor: str) -> str | None:
        """The address of a shot's card on the page of its match (see :func:`xgoals.report.shot.anchors.anchors`)."""
        page = self.to(match)
        return None if page is None else f"{page}#{anchor}"
