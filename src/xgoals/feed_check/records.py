"""Whether what was read can be stored, is what was announced, survives every way it goes, and gives features."""

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import replace

from xgoals.domain.errors import FeedError
from xgoals.domain.plausible import plausible
from xgoals.domain.scene import MatchRecord
from xgoals.features.build import FailedFormula, OutOfRange, build_features
from xgoals.features.catalogue import CATALOGUES
from xgoals.features.scenes import Scenes
from xgoals.feed_check.listing import Listed
from xgoals.feed_check.reading import GoodMatch, GoodMatches, where_it_failed
from xgoals.feed_check.report import Check, failed, judged, not_judged, passed
from xgoals.feeds import Announcement, archive
from xgoals.feeds.handover import as_text, from_text
from xgoals.whole_files import scratch_folder

ARCHIVED_MATCHES = 100
SLOWEST_S_PER_MB = 5.0
START_S = 2.0
"""Whatever a match's size."""


def about_the_records(listed: Listed, good: GoodMatches) -> Iterator[Check]:
    """All that holds of each match on its own."""
    if not listed.deliveries:
        return
    do = "Good files are read; a match that cannot be is a FeedError that says why"
    yield judged("reading", good.failures, f"{len(good.matches)} matches read", "matches cannot be read", do)
    if not good.matches:
        return
    yield _announced(good.matches)
    yield _valid(good.matches)
    yield _handed_over(good.matches)
    yield _archived(good.records)
    yield _features(good.records)
    yield _speed(good.matches)


def _announced(matches: Sequence[GoodMatch]) -> Check:
    wrong = []
    for match in matches:
        said, read = match.announced, Announcement.of(match.record.match)
        if said != read:
            names = [name for name in Announcement.__slots__ if getattr(said, name) != getattr(read, name)]
            pairs = (f"{name}: {getattr(said, name)!r} and {getattr(read, name)!r}" for name in names)
            wrong.append(f"match {read.match_id}, announced and read: {'; '.join(pairs)}")
        if read.match_id != match.delivery.match_id:
            wrong.append(f"match {read.match_id} is listed as {match.delivery.match_id}")
    do = "announce and read_match take the match from the same function"
    return judged(
        "announcement", wrong, "as the match that is read", "announced is another match than read", do
    )


def _valid(matches: Sequence[GoodMatch]) -> Check:
    wrong = []
    for match in matches:
        fault = why_not_valid(match.record)
        if fault is not None:
            wrong.append(f"match {match.record.match.match_id}: {fault}")
    do = "End read_match with: record, notes = plausible(record, path), and return both"
    return judged(
        "records", wrong, "ids, teams, players, places and times can be", "records that cannot be", do
    )


def why_not_valid(record: MatchRecord) -> str | None:
    """What is wrong with a record, by the gate that every one goes through."""
    bare = replace(record, clips=())
    try:
        checked, problems = plausible(bare, "the record")
    except FeedError as error:
        return error.what
    except Exception as error:  # a value of another type than the domain's
        return f"values of the wrong type: {where_it_failed(error)}"
    if problems and checked != bare:
        return "; ".join(dict.fromkeys(problem.reason for problem in problems[:3]))
    return None if checked == bare else "texts, ids or players are not as the gate leaves them"


def _handed_over(matches: Sequence[GoodMatch]) -> Check:
    wrong = []
    for match in matches[:ARCHIVED_MATCHES]:
        try:
            text = as_text(match.delivery)
            if as_text(from_text(text)) != text:
                wrong.append(f"match {match.delivery.match_id}: its delivery is another one as text")
            if pickle.loads(pickle.dumps((match.record, match.problems))) != (match.record, match.problems):  # noqa: S301
                wrong.append(f"match {match.delivery.match_id}: its record is another one in another process")
        except Exception as error:
            wrong.append(f"match {match.delivery.match_id}: {where_it_failed(error)}")
    do = "Keep plain values in Delivery.extra (texts, numbers, lists, dicts), and the domain's in the record"
    says = "cannot be handed to another task or process"
    return judged("handing over", wrong, "deliveries as text, records between processes", says, do)


def _archived(records: Sequence[MatchRecord]) -> Check:
    some = list(records[:ARCHIVED_MATCHES])
    with scratch_folder("feed-check") as folder:
        path = folder / "archive.parquet"
        try:
            archive.write_archive(path, some)
            again = [archive.read_match(delivery)[0] for delivery in archive.discover(path)[0]]
        except Exception as error:
            do = "Look at the types of the record's values"
            return failed("archive", "the records cannot be archived", do, [where_it_failed(error)])
    read = {(record.match.provider, record.match.match_id): record for record in again}
    wrong = []
    for record in some:
        other = read.get((record.match.provider, record.match.match_id))
        if other is None or other != record:
            names = [
                name
                for name in record.__slots__
                if other is None or getattr(record, name) != getattr(other, name)
            ]
            wrong.append(f"match {record.match.match_id} comes back with other {', '.join(names)}")
    do = "Look at these values: times, types, and words that are no members of the enumerations"
    return judged(
        "archive", wrong, f"{len(some)} matches come back as they were", "matches come back changed", do
    )


def _features(records: Sequence[MatchRecord]) -> Check:
    if not any(record.shots for record in records):
        return not_judged("features", "there is no shot")
    wrong = features_that_cannot_be(records)
    do = "Look at the places and words of these shots"
    n = sum(len(record.shots) for record in records)
    return judged("features", wrong, f"of {n} shots, by every catalogue", "features that cannot be", do)


def features_that_cannot_be(
    records: Sequence[MatchRecord], catalogues: Sequence[str] = tuple(CATALOGUES)
) -> list[str]:
    """Sentences on features outside of their range, and on formulas that fail."""
    if not any(record.shots for record in records):
        return []
    scenes = Scenes.of(records)
    outside, broken = list[OutOfRange](), list[FailedFormula]()
    for name in catalogues:
        build_features(scenes, CATALOGUES[name], out_of_range=outside, failed=broken)
    wrong = [f"shot {scenes.shots['shot_id'].map(str)[one.row]}: {one.sentence}" for one in outside]
    return [*dict.fromkeys(wrong), *(f"{one.feature.name}: {where_it_failed(one.error)}" for one in broken)]


def _speed(matches: Sequence[GoodMatch]) -> Check:
    wrong = []
    for match in matches:
        megabytes = sum(path.stat().st_size for path in match.delivery.files if path.is_file()) / 1e6
        if match.cpu_s > START_S + SLOWEST_S_PER_MB * megabytes:
            wrong.append(f"match {match.record.match.match_id}: {match.cpu_s:.1f} s for {megabytes:.1f} MB")
    seconds = sum(match.cpu_s for match in matches)
    if wrong:
        return failed(
            "speed",
            f"more than {SLOWEST_S_PER_MB:g} s a megabyte",
            "Look for what is read or parsed twice",
            wrong,
        )
    return passed("speed", f"{1000 * seconds / len(matches):,.0f} ms of CPU a match")
