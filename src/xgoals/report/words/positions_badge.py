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


def without_positions(n: int, of: int, words: Language) -> str:
    """What is said of many numbers of which some know nobody's position; empty where all do."""
    if not n:
        return ""
    told = words.text(
        "No positions at %(n)s of %(of)s shots: their numbers know from where and how, not who stood in the way, and "
        "judge no keeper and no defender.",
        n=words.count(n),
        of=words.count(of),
    )
    if n == of:
        return told
    return f"{told} {words.text('They are not comparable with the others.')}"


def parts_not_known(words: Language) -> str:
    """Why nothing is told of the parts of many numbers."""
    return words.text(
        "Where keeper and opponents stood is not known of these shots: what they change cannot be told."
    )
