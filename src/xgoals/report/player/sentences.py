"""What a player's page says: each sentence a rule on the numbers below it. Nobody is called he or she."""

from xgoals.analysis.player.numbers import (
    KeeperNumbers,
    MakerNumbers,
    OpponentNumbers,
    PlayerNumbers,
    ShooterNumbers,
)
from xgoals.analysis.player.profile import AlikePlayer, Trait
from xgoals.analysis.player.reasons import MIN_SHOTS as MIN_REASONS
from xgoals.analysis.player.reasons import ReasonsAgainstAll
from xgoals.analysis.player.takes import MIN_SHOTS_FACED, TakenPerShot
from xgoals.domain.names import surname
from xgoals.domain.reason import Part
from xgoals.language import Language
from xgoals.report.player.kinds_in_words import trait_in_words
from xgoals.report.player.luck_in_words import capital, goals_text
from xgoals.report.words.positions_badge import parts_not_known

PARTS = {
    Part.PLACE: "the place",
    Part.KEEPER: "the keeper",
    Part.OPPONENTS: "the opponents",
    Part.STRIKE: "the strike",
}
"""The parts of an xG, as a line of a table."""

PER = 100
"""What somebody takes is said for so many shots."""


def called(player_id: str, name: str, words: Language) -> str:
    """The surname, for a sentence of a page that has named the player; of one without a name the title."""
    return surname(name) if name else title_of(player_id, name, words)


def title_of(player_id: str, name: str, words: Language) -> str:
    """The name, or the id where a feed names nobody."""
    return name or words.text("Player %(id)s", id=player_id)


def reasons_answer(reasons: ReasonsAgainstAll | None, n_known: int, who: str, words: Language) -> str:
    """What makes a player's mean chance better or worse than that of all."""
    if reasons is None and n_known >= MIN_REASONS:
        return parts_not_known(words)
    if reasons is None:
        return words.text(
            "Reasons are worked out for %(n)s of these shots; a mean is told from %(min)s on.",
            n=words.count(n_known),
            min=words.count(MIN_REASONS),
        )
    told = words.text(
        "The mean shot of %(who)s is worth %(xg)s xG, that of all players %(of_all)s (penalties apart; reasons are "
        "worked out for %(n)s).",
        who=who,
        xg=words.number(reasons.xg, 3),
        of_all=words.number(reasons.xg_of_all, 3),
        n=words.plural("one shot", "%(n)s shots", reasons.n_shots),
    )
    sure = [part for part in reasons.parts if part.holds]
    if not sure:
        return f"{told} {words.text('No part of the difference is sure.')}"
    said = [f"{words.text(PARTS[part.part])} ({words.number(part.more, 3, signed=True)})" for part in sure]
    return f"{told} {words.text('Surely different: %(parts)s.', parts=words.listing(said))}"


def saved_text(keeper: KeeperNumbers, words: Language) -> str:
    """How many shots on target were saved, penalties by themselves, and what that does not say."""
    told = []
    if keeper.saved is not None:
        told.append(
            words.text(
                "%(saved)s of %(n)s on target saved, penalties apart: %(share)s (%(low)s to %(high)s).",
                saved=words.count(keeper.saved.n_goals),
                n=words.plural("one shot", "%(n)s shots", keeper.saved.n_shots),
                share=words.share(keeper.saved.rate),
                low=words.share(keeper.saved.low),
                high=words.share(keeper.saved.high),
            )
        )
    if keeper.n_penalties:
        told.append(
            words.text(
                "%(saved)s of %(n)s saved.",
                saved=words.count(keeper.n_penalties_saved),
                n=words.plural("one penalty", "%(n)s penalties", keeper.n_penalties),
            )
        )
    told.append(
        words.text(
            "xG rates a chance before the ball is struck: whoever faces well placed shots lets in more than that, and "
            "is no worse for it. There is no xG after the strike here."
        )
    )
    return " ".join(told)


def keeper_takes_answer(taken: TakenPerShot | None, n_known: int, who: str, words: Language) -> str:
    """What a keeper's place took away beside an ordinary keeper's."""
    if taken is None:
        return _too_few(n_known, words)
    return words.text(
        "By where %(who)s stood, %(n)s shots were worth %(takes)s xG less than with an ordinary keeper; keepers at "
        "comparable shots: %(ordinary)s. The difference is %(more)s (%(low)s to %(high)s)%(sure)s.",
        who=who,
        **_taken_values(taken, words),
    )


def opponent_takes_answer(taken: TakenPerShot | None, n_known: int, who: str, words: Language) -> str:
    """What an outfield opponent took away beside an ordinary one."""
    if taken is None:
        return _too_few(n_known, words)
    return words.text(
        "%(n)s shots at which %(who)s stood so that it mattered were worth %(takes)s xG less for it; one opponent at "
        "comparable shots takes %(ordinary)s. The difference is %(more)s (%(low)s to %(high)s)%(sure)s.",
        who=who,
        **_taken_values(taken, words),
    )


def _taken_values(taken: TakenPerShot, words: Language) -> dict[str, str]:
    def per(value: float, *, signed: bool = False) -> str:
        return words.number(PER * value, 1, signed=signed)

    return {
        "n": words.count(PER),
        "takes": per(taken.takes),
        "ordinary": per(taken.ordinary),
        "more": per(taken.more, signed=True),
        "low": per(taken.interval.low, signed=True),
        "high": per(taken.interval.high, signed=True),
        "sure": "" if taken.holds else words.text(", which may be chance"),
    }


def _too_few(n_known: int, words: Language) -> str:
    return words.text(
        "At too few shots it is known what was taken away: %(n)s; it is told from %(min)s on.",
        n=words.count(n_known),
        min=words.count(MIN_SHOTS_FACED),
    )


def takes_note(taken: TakenPerShot, words: Language) -> str:
    """What is measured, and what it is not."""
    told = words.text(
        "Over %(shots)s in %(matches)s; the interval is the middle 95 %% over resampled matches. It is no ranking: who "
        "is often where it is dangerous can take much.",
        shots=words.plural("one shot", "%(n)s shots", taken.n_shots),
        matches=words.plural("one match", "%(n)s matches", taken.n_matches),
    )
    if not taken.n_guessed:
        return told
    guessed = words.plural(
        "At one of them the model has seen nothing like the scene without that person.",
        "At %(n)s of them the model has seen nothing like the scene without that person.",
        taken.n_guessed,
    )
    return f"{told} {guessed}"


def made_answer(maker: MakerNumbers | None, n_told: int, n_matches: int, words: Language) -> str:
    """The shots that the player gave the last pass to, and in how many matches that is known at all."""
    if n_told == 0:
        return words.text("Who played the last pass is not told by the feed of any of these matches.")
    known = words.text(
        "The feed tells of last passes in %(n)s of %(matches)s.",
        n=words.count(n_told),
        matches=words.plural("one match", "%(n)s matches", n_matches),
    )
    if maker is None:
        return f"{words.text('No last pass before a shot.')} {known}"
    made = words.text(
        "The last pass before %(shots)s worth %(xg)s xG; %(goals)s of them (assists).",
        shots=words.plural("one shot", "%(n)s shots", maker.n_shots),
        xg=words.number(maker.xg),
        goals=goals_text(maker.goals, words),
    )
    return f"{made} {known}"


def alike_note(shooter: ShooterNumbers, who: str, min_shots: int, words: Language) -> str:
    """What the measure is, and how far it can tell players apart."""
    if shooter.own_overlap is None:
        return words.text(
            "Players are compared from %(min)s shots on, penalties apart; here there are %(n)s.",
            min=words.count(min_shots),
            n=words.count(shooter.plain.n_shots),
        )
    return words.text(
        "Overlap: how much two players have in common of what they shoot from where, with what, after what, and how "
        "good the chances are; the mean of the four shares, penalties apart, from %(min)s shots on. Chance halves of "
        "the shots of %(who)s overlap by %(own)s: whoever comes near that can hardly be told apart by shots.",
        min=words.count(min_shots),
        who=who,
        own=words.share(shooter.own_overlap),
    )


def shared_text(alike: AlikePlayer, words: Language) -> str:
    """What two players do more than most."""
    return "; ".join(_trait(trait, words) for trait in alike.traits) or words.text(
        "nothing that others do less"
    )


def _trait(trait: Trait, words: Language) -> str:
    return words.text(
        "%(what)s: %(other)s, here %(own)s, all players %(average)s",
        what=trait_in_words(trait.kind, words),
        other=words.share(trait.other),
        own=words.share(trait.own),
        average=words.share(trait.average),
    )


def lead(numbers: PlayerNumbers, words: Language) -> str:
    """The player in a sentence for each side."""
    told = []
    if numbers.keeper is not None:
        told.append(_keeper_lead(numbers.keeper, words))
    if numbers.shooter is not None:
        told.append(_shooter_lead(numbers.shooter, words))
    n_shots = 0 if numbers.shooter is None else len(numbers.shooter.shots)
    if numbers.keeper is None and numbers.opponent is not None and numbers.opponent.n_seen > n_shots:
        told.append(_opponent_lead(numbers.opponent, words))
    if numbers.shooter is None and numbers.keeper is None:
        told.insert(0, words.text("No shot of this player is known."))
    return " ".join(told)


def _shooter_lead(shooter: ShooterNumbers, words: Language) -> str:
    found = shooter.everything
    return words.text(
        "%(goals)s from %(shots)s worth %(xg)s xG, in %(matches)s.",
        goals=capital(goals_text(found.goals, words)),
        shots=words.plural("one shot", "%(n)s shots", found.n_shots),
        xg=words.number(found.xg, 1 if found.xg >= 10 else 2),
        matches=words.plural("one match", "%(n)s matches", len({shot.match for shot in shooter.shots})),
    )


def _keeper_lead(keeper: KeeperNumbers, words: Language) -> str:
    found = keeper.everything
    return words.text(
        "In goal at %(shots)s worth %(xg)s xG in %(matches)s: %(goals)s let in.",
        goals=goals_text(found.goals, words),
        shots=words.plural("one shot", "%(n)s shots", found.n_shots),
        xg=words.number(found.xg, 1 if found.xg >= 10 else 2),
        matches=words.plural("one match", "%(n)s matches", len({shot.match for shot in keeper.shots})),
    )


def _opponent_lead(opponent: OpponentNumbers, words: Language) -> str:
    return words.text(
        "Seen as an opponent at %(shots)s.",
        shots=words.plural("one shot", "%(n)s shots", opponent.n_seen),
    )
