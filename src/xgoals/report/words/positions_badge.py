"""What a number without positions can and cannot say."""

from dataclasses import dataclass

from xgoals.domain.scene import FrameSource
from xgoals.language import Language


@dataclass(frozen=True, slots=True)
class Badge:
    """A word beside a number, and the sentence that explains it."""

    word: str
    sentence: str


def positions_badge(frame_source: str, words: Language) -> Badge | None:
    """The badge of a shot of which nobody's position but the shooter's is known; None of any other."""
    if frame_source != FrameSource.NONE:
        return None
    return Badge(
        words.text("no positions"),
        words.text(
            "No positions: this number knows from where and how, not who stood in the way. Two shots from the same "
            "spot get the same number."
        ),
    )
