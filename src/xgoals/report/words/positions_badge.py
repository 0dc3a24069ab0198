"""What a number without positions can and cannot say."""

from dataclasses import dataclass

from xgoals.language import Language


@dataclass(frozen=True, slots=True)
class Badge:
    """A word beside a number, and the sentence that explains it."""

    word: str
    sentence: str


def positions_badge(words: Language, *, knows_positions: bool) -> Badge | None:
    """The badge of a number that knows nobody's position but the shooter's; None of any other."""
    if knows_positions:
        return None
    return Badge(
        words.text("no positions"),
        words.text(
            "No positions: this number knows from where and how, not who stood in the way. Two shots from the same "
            "spot get the same number."
        ),
    )
