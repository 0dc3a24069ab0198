"""What a feed says about itself, and what it lists of good files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from xgoals.domain.errors import Problem, SourceError
from xgoals.domain.text import is_id
from xgoals.feed_check.reading import UNINSTALLED, code_of, where_it_failed
from xgoals.feed_check.report import Check, failed, judged, passed
from xgoals.feeds import Delivery, Feed, KnownFeed
from xgoals.feeds.registry import About
from xgoals.feeds.seen import SeenFiles

FAR_AHEAD_NS = 1 << 62
"""A time at which every file has settled."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What was listed: matches, what is wrong, and why listing it failed."""

    deliveries: tuple[Delivery, ...]
    problems: tuple[Problem, ...]
    failure: str | None = None


def list_source(feed: Feed, source: Path, seen: SeenFiles | None = None) -> Listed:
    """List a source; an error that is no `SourceError` is told.

    Raises
    ------
    SourceError
        If the feed says that there is nothing to list.
    """
    try:
        deliveries, problems = feed.discover(source, seen=seen)
    except SourceError:
        raise
    except Exception as error:
        return Listed((), (), where_it_failed(error))
    return Listed(tuple(deliveries), tuple(problems))


def about_the_feed(known: KnownFeed) -> Iterator[Check]:
    """Whether a feed says what its files are, and whose."""
    about = known.told or getattr(code_of(known), "about", None)
    if not isinstance(about, About) or not about.files:
        do = 'Give it about = About(files="Acme events (CSV)", owner="Acme")'
        yield failed("about", "it does not say what its files are, and whose data they hold", do)
    else:
        yield passed("about", f"{about.files}; data of {about.owner or 'anybody'}")


def about_the_listing(known: KnownFeed, source: Path, listed: Listed) -> Iterator[Check]:
    """What was found, by which ids."""
    if listed.failure is not None:
        do = "Listing never raises but SourceError: a file that cannot be read is a Problem"
        yield failed("listing", "the folder cannot be listed", do, [listed.failure])
        return
    if not listed.deliveries:
        do = "Name a folder with good files of this feed"
        yield failed("listing", "no match was found", do, list(map(_said, listed.problems)))
        return
    told = (
        f", {len(listed.problems)} notes, the first: {_said(listed.problems[0])}" if listed.problems else ""
    )
    yield passed("listing", f"{len(listed.deliveries)} matches found{told}")
    yield _ids(known, listed.deliveries)
    yield _the_same_again(known, source, listed)


def _said(problem: Problem) -> str:
    return f"{problem.path}: {problem.reason}"


def _ids(known: KnownFeed, deliveries: Sequence[Delivery]) -> Check:
    wrong = [
        f"'{one.match_id[:60]}' is no id: one clean word" for one in deliveries if not is_id(one.match_id)
    ]
    keys = [(one.provider, one.match_id) for one in deliveries]
    wrong += [
        f"match {key[1]} comes {keys.count(key)} times" for key in sorted(set(keys)) if keys.count(key) > 1
    ]
    strangers = sorted({one.provider for one in deliveries} - {known.name})
    if strangers and known.package != UNINSTALLED and known.about.owner is not None:
        wrong.append(f"provider is {strangers[0]}, and the feed is called {known.name}")
    wrong += [f"match {one.match_id} has no files" for one in deliveries if not one.files]
    do = "One delivery a match, with the provider's own id, and the feed's name as its provider"
    return judged("ids", wrong, f"{len(keys)} different ids", "ids are not what they should be", do)


def _the_same_again(known: KnownFeed, source: Path, listed: Listed) -> Check:
    name, feed = "listing again", code_of(known)
    first = {one.match_id: one.fingerprint for one in listed.deliveries}
    learnt = SeenFiles(now_ns=lambda: FAR_AHEAD_NS)
    by_answers = list_source(feed, source, learnt)
    remembered = list_source(feed, source, SeenFiles(known=learnt.found))
    wrong = []
    for what, other in (("listed twice", by_answers), ("listed with what SeenFiles remembers", remembered)):
        if {one.match_id: one.fingerprint for one in other.deliveries} != first:
            wrong.append(f"{what}, matches or fingerprints differ")
    chosen = listed.deliveries[len(listed.deliveries) // 2].match_id
    try:
        some, _ = feed.discover(source, match_ids=[chosen])
    except Exception as error:
        wrong.append(f"match_ids=['{chosen}']: {where_it_failed(error)}")
    else:
        if {one.match_id: one.fingerprint for one in some} != {chosen: first[chosen]}:
            wrong.append(
                f"match_ids=['{chosen}'] lists {', '.join(one.match_id for one in some[:4]) or 'nothing'}"
            )
    prints = list(first.values())
    same = {p for p in prints if prints.count(p) > 1} if len(prints) < 5_000 else set()
    if same and len({one.files for one in listed.deliveries}) > 1:
        shared = [match_id for match_id, value in first.items() if value in same]
        files = {one.match_id: one.files for one in listed.deliveries}
        if len({files[match_id] for match_id in shared}) > 1:
            wrong.append(f"matches {', '.join(shared[:4])} of different files have one fingerprint")
    do = "The same files give the same deliveries: no clock, no random number, no order of a set in a fingerprint"
    return judged(name, wrong, "the same matches and fingerprints", "listing again gives something else", do)
