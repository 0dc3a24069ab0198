"""Which pages lie in the storage, asked of it as seldom as can be; and what links make of that."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from xgoals.domain.page_keys import MatchKey, PlayerKey
from xgoals.steps.pages.files import PageFiles
from xgoals.steps.pages.links import PageLinks
from xgoals.storage import StoredFile


@dataclass
class InMemory:
    """A storage that counts what it is asked."""

    kept: dict[str, bytes] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)

    def where(self, path: str = "") -> str:
        return f"memory/{path}"

    def exists(self, path: str) -> bool:
        self.calls["exists"] += 1
        return path in self.kept

    def read(self, path: str) -> bytes | None:
        self.calls["read"] += 1
        return self.kept.get(path)

    def write(self, path: str, content: bytes) -> None:
        self.calls["write"] += 1
        self.kept[path] = content

    def files(self, folder: str = "", *, suffix: str = "") -> Iterator[StoredFile]:
        self.calls["files"] += 1
        for path in sorted(self.kept):
            if path.startswith(f"{folder}/") and path.endswith(suffix):
                yield StoredFile(path, 1, datetime.now(UTC))

    def remove(self, paths: Iterable[str]) -> None:
        self.calls["remove"] += 1
        for path in paths:
            self.kept.pop(path, None)

    def local(self, path: str) -> AbstractContextManager[Path]:
        raise NotImplementedError


def test_three_thousand_pages_and_a_thousand_links_each_cost_one_listing_a_kind() -> None:
    storage = InMemory()
    pages = PageFiles(storage, "reports/main")
    matches = [MatchKey("p", str(n)) for n in range(1500)]
    players = [PlayerKey("p", str(n)) for n in range(1500)]
    for key in matches[:750] + players[:750]:
        pages.write(pages.path("match" if isinstance(key, MatchKey) else "player", key.scope_id), "<html>")
    links = PageLinks(pages)
    for _ in range(20):
        assert sum(links.to(key) is not None for key in (*matches, *players)) == 1500
    for key in matches[750:]:
        pages.write(pages.path("match", key.scope_id), "<html>")
    assert sum(links.to(key) is not None for key in (*matches, *players)) == 2250
    assert storage.calls == {"write": 2250, "files": 2}


def test_what_is_written_lies_there_and_what_is_removed_does_not() -> None:
    storage = InMemory({"reports/main/match/p-1.html": b"", "reports/demo/match/p-2.html": b""})
    pages = PageFiles(storage, "reports/main")
    one, two = (pages.path("match", f"p-{n}") for n in (1, 2))
    assert (pages.lies(one), pages.lies(two)) == (True, False)
    assert pages.write(two, "ä") == hashlib.sha256(b"\xc3\xa4").hexdigest()
    assert storage.kept[two] == "ä".encode()
    assert pages.lies(two)
    pages.remove([one, "reports/demo/match/p-2.html", "/etc/passwd"])
    assert not pages.lies(one)
    assert "reports/demo/match/p-2.html" in storage.kept, "another database's pages are not these"
    assert not pages.lies("/srv/old/reports/main/match/p-2.html"), "nor is a page of another time"
    assert not pages.lies(pages.index)
    pages.write(pages.index, "")
    assert pages.lies(pages.index)


def test_a_link_leads_to_pages_that_lie_there_or_are_planned() -> None:
    pages = PageFiles(InMemory({"reports/main/match/p-1.html": b""}), "reports/main")
    links = PageLinks(pages)
    assert links.to(MatchKey("p", "1")) == "../match/p-1.html"
    assert links.card(MatchKey("p", "1"), "shot-3") == "../match/p-1.html#shot-3"
    assert links.to(MatchKey("p", "2")) is None
    assert links.card(MatchKey("p", "2"), "shot-3") is None
    links.plan([MatchKey("p", "2")])
    assert links.to(MatchKey("p", "2")) == "../match/p-2.html"
    assert not pages.lies(pages.path("match", "p-2")), "planned is not written"
