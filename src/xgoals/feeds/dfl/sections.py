"""Names of the halves in a positions file: as the events have them, else told by the frames' numbers."""

from collections.abc import Mapping, Sequence

from xgoals.feeds.dfl import vocabulary as words
from xgoals.feeds.dfl.tracks import FrameSetHead

SECTION_OF = {period: section for section, period in words.PERIODS.items()}
FIRST_FRAME = {1: 10_000, 2: 100_000, 3: 200_000, 4: 250_000}
"""What the first frame of each period is called."""
_PERIODS = {section.lower(): period for section, period in words.PERIODS.items()}


def period_of(section: str) -> int | None:
    """The period that a ``GameSection`` names, whatever its case; None where the name is not known."""
    return _PERIODS.get(section.lower())


def sections_by_period(heads: Sequence[FrameSetHead]) -> Mapping[int, str]:
    """For every period the ``GameSection`` of its frames in a file, by name or, if that is not known, by number."""
    sections = dict(SECTION_OF)
    named = {period: head.section for head in heads if (period := period_of(head.section))}
    sections.update(named)
    for head in heads:
        if period_of(head.section) is None:
            period = max((p for p, first in FIRST_FRAME.items() if first <= head.n_first), default=1)
            if period not in named:
                sections[period] = head.section
    return sections
