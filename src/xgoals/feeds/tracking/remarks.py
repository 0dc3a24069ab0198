"""What is wrong with a tracking file and leaves the rest of use, in sentences."""

from collections.abc import Iterable, Iterator, Sequence

from xgoals.feeds.tracking.lines import Selected


def unreadable(lines: Sequence[int]) -> Iterator[str]:
    """Lines that cannot be read."""
    if lines:
        n = len(lines)
        yield f"{n} line{'s' if n > 1 else ''} of the positions cannot be read, the first is number {min(lines)}"


def cut_off(selected: Selected) -> Iterator[str]:
    """A file whose last line has no end."""
    if selected.is_cut:
        period, last = selected.ends_with
        told = f" of period {period}" if period else ""
        yield f"the file is cut off: its last line has no end, its last frame is {last}{told}"


def missing_parts(lengths: Iterable[tuple[int, float, float]]) -> Iterator[str]:
    """Periods of which the file holds less than its metadata promise: period, seconds promised, seconds there."""
    for period, promised_s, there_s in lengths:
        if promised_s - there_s > 60:
            yield (
                f"the positions of period {period} end after {there_s / 60:.0f} of {promised_s / 60:.0f} min: "
                f"part of the match is missing"
            )
