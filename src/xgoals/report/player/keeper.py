"""A keeper's side of the page: the shots that were faced."""

from xgoals.analysis.player.everybody import Everybody
from xgoals.analysis.player.goals import MIN_SHOTS_FACED
from xgoals.analysis.player.numbers import KeeperNumbers
from xgoals.analysis.player.shots import open_play
from xgoals.domain.shot import Outcome
from xgoals.language import Language
from xgoals.report.player.blocks import luck, season_rows, shot_list, taken_differences
from xgoals.report.player.facts import Addresses, KeeperFacts
from xgoals.report.player.luck_in_words import among_text, beaten_answer
from xgoals.report.player.sentences import keeper_takes_answer, saved_text
from xgoals.report.player.shot_map import shot_map, shown_shot
from xgoals.report.player.shown import GoalMouth, ShownShot

_ON_TARGET = (Outcome.GOAL, Outcome.SAVED)


def keeper_facts(
    keeper: KeeperNumbers, who: str, everybody: Everybody, addresses: Addresses, words: Language
) -> KeeperFacts:
    """The side of the keeper."""
    return KeeperFacts(
        luck=luck(
            keeper.everything,
            keeper.plain,
            words,
            key="beaten",
            title=words.text("Fewer goals than the chances were worth?"),
            answer=beaten_answer(keeper.plain, keeper.among, MIN_SHOTS_FACED, words),
            among=among_text(keeper.plain, keeper.among, MIN_SHOTS_FACED, words),
        ),
        saved=saved_text(keeper, words),
        taken=taken_differences(
            keeper.taken, keeper_takes_answer(keeper.taken, keeper.n_taken, who, words), words
        ),
        mouth=_mouth(keeper, addresses, words),
        map=shot_map(
            keeper.shots,
            addresses,
            words,
            key="faced",
            title=words.text("The shots faced"),
            text=words.text(
                "The goal defended is on top. The area of a mark is its xG; choose one to see its card."
            ),
            names_shooter=True,
        ),
        lists=(
            shot_list(
                words.text("Best saves, by the chance saved"),
                keeper.chances.saves,
                addresses,
                words,
                nothing=words.text("No save but of penalties."),
                names_shooter=True,
            ),
            shot_list(
                words.text("Least likely goals let in"),
                keeper.chances.let_in,
                addresses,
                words,
                nothing=words.text("No goal but from penalties."),
                names_shooter=True,
            ),
        ),
        seasons=season_rows(keeper.seasons, addresses),
    )


def _mouth(keeper: KeeperNumbers, addresses: Addresses, words: Language) -> GoalMouth | None:
    """Where shots on target ended, where that is known of any."""
    on_target = [shot for shot in open_play(keeper.shots) if shot.outcome in _ON_TARGET]
    shown: list[ShownShot] = []
    for shot in on_target:
        if shot.end_left_m is not None and shot.end_height_m is not None:
            at = shown_shot(shot, addresses, words, names_shooter=True)
            shown.append(at.placed(-shot.end_left_m, -shot.end_height_m))
    return GoalMouth(tuple(shown), len(shown), len(on_target)) if shown else None
