"""What is not known of a player, said on the page."""

from xgoals.analysis.player.numbers import PlayerNumbers
from xgoals.analysis.player.shots import PlayerShot
from xgoals.language import Language


def missing(numbers: PlayerNumbers, words: Language) -> tuple[str, ...]:
    """One sentence for each thing that is not known."""
    shots = _shots(numbers)
    told = []
    if not numbers.name:
        told.append(words.text("The feed names this player by an id alone."))
    if numbers.shooter is None:
        told.append(words.text("No shot taken by this player is stored."))
    told.append(
        words.text(
            "Line-ups are not stored: minutes on the pitch, and anything for 90 minutes, are not known."
        )
    )
    told += _of_shots(shots, words)
    return tuple(told)


def _of_shots(shots: list[PlayerShot], words: Language) -> list[str]:
    counts = (
        (
            sum(not shot.has_positions for shot in shots),
            words.text(
                "Nobody's position is recorded at %(n)s of %(all)s shots: their numbers know from where and how, not "
                "who stood in the way."
            ),
        ),
        (
            sum(not shot.reasons and not shot.is_penalty for shot in shots),
            words.text("At %(n)s of %(all)s shots the reasons are not worked out yet."),
        ),
        (
            sum(shot.has_seen_match for shot in shots),
            words.text("%(n)s of %(all)s numbers are of a model that has learned from the match."),
        ),
    )
    return [text % {"n": words.count(n), "all": words.count(len(shots))} for n, text in counts if n]


def _shots(numbers: PlayerNumbers) -> list[PlayerShot]:
    """The shots that the player took or faced."""
    return [shot for side in (numbers.shooter, numbers.keeper) if side for shot in side.shots]
