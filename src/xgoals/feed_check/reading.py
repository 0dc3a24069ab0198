"""Reading the good files: once for all checks."""

import hashlib
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from xgoals.domain.errors import FeedError, Problem, SettingsError
from xgoals.domain.scene import MatchRecord
from xgoals.feeds import FEEDS, Announcement, Delivery, Feed, KnownFeed, known_feeds_in_words

UNINSTALLED = "not installed"


@dataclass(frozen=True, slots=True)
class GoodMatch:
    """A match as it was read; ``record`` has no clips."""

    delivery: Delivery
    announced: Announcement
    record: MatchRecord
    problems: tuple[Problem, ...]
    digest: str
    cpu_s: float


@dataclass(frozen=True, slots=True)
class GoodMatches:
    """What came of good files: matches, and sentences on those that could not be read."""

    matches: tuple[GoodMatch, ...]
    failures: tuple[str, ...]

    @property
    def records(self) -> list[MatchRecord]:
        """What was read."""
        return [match.record for match in self.matches]


def known_feed(reference: str) -> KnownFeed:
    """The feed of a name, or of code that nobody has installed, as ``module`` or ``module:object``.

    Raises
    ------
    SettingsError
        If there is none of that name.
    """
    if reference in FEEDS:
        return FEEDS[reference]
    if not _is_code(reference):
        what = f"'{reference}' is neither a feed nor a module that can be found here"
        raise SettingsError(what, advice=f"Name module or module:object. {known_feeds_in_words()}")
    return KnownFeed(reference, reference, UNINSTALLED)


def _is_code(reference: str) -> bool:
    try:
        return find_spec(reference.partition(":")[0]) is not None
    except (ImportError, ValueError):
        return False


def code_of(known: KnownFeed) -> Feed:
    """A feed's functions."""
    return cast(Feed, known.load())


def read_good(feed: Feed, deliveries: Sequence[Delivery], source: Path) -> GoodMatches:
    """Read all matches; what is raised is told, whatever it is."""
    matches, failures = list[GoodMatch](), list[str]()
    for delivery in deliveries:
        began = time.process_time()
        try:
            announced = feed.announce(delivery)
            record, problems = feed.read_match(delivery)
        except FeedError as error:
            failures.append(f"match {delivery.match_id}: {error}")
            continue
        except Exception as error:
            failures.append(f"match {delivery.match_id}: {where_it_failed(error)}")
            continue
        cpu_s = time.process_time() - began
        digest = digest_of(record, problems, source)
        bare = replace(record, clips=())
        matches.append(GoodMatch(delivery, announced, bare, tuple(problems), digest, cpu_s))
    return GoodMatches(tuple(matches), tuple(failures))


def where_it_failed(error: BaseException) -> str:
    """An error's last line, and the line of code that it came from."""
    frames = traceback.extract_tb(error.__traceback__)
    at = (
        f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno}, in {frames[-1].name})"
        if frames
        else ""
    )
    return f"{type(error).__name__}: {error}"[:300] + at


def digest_of(record: MatchRecord, problems: Sequence[Problem], source: Path) -> str:
    """One text for all that was read, wherever the source lies; the sort of an equality that crosses processes."""
    shown = "\n".join(map(repr, (replace(record, clips=()), *problems))).replace(str(source), "")
    shown = shown.replace(str(source.parent), "") if source.parent.name else shown
    digest = hashlib.sha256(shown.encode("utf-8", "replace"))
    for clip in record.clips:
        for values in (clip.frame_n, clip.time_s, clip.xy_m, clip.ball_xyz_m):
            digest.update(values.tobytes())
    return digest.hexdigest()
