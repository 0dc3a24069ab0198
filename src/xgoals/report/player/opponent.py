"""The side of a defender, or of any outfield player, at the shots of others."""

from xgoals.analysis.player.numbers import OpponentNumbers
from xgoals.language import Language
from xgoals.report.player.blocks import taken_differences
from xgoals.report.player.facts import Addresses, OpponentFacts, SeenRow
from xgoals.report.player.sentences import opponent_takes_answer
from xgoals.report.player.shot_map import shown_shot
from xgoals.report.player.shown import Link, ShotList


def opponent_facts(
    opponent: OpponentNumbers, who: str, addresses: Addresses, words: Language
) -> OpponentFacts:
    """The side of an outfield opponent of shooters."""
    answer = opponent_takes_answer(opponent.taken, opponent.n_changed, who, words)
    most = tuple(
        shown_shot(of.shot, addresses, words, names_shooter=True).with_taken(of.takes) for of in opponent.most
    )
    return OpponentFacts(
        taken=taken_differences(opponent.taken, answer, words),
        most=ShotList(
            words.text("Where most was taken away"),
            most,
            words.text("No shot is known at which this player took anything away."),
        ),
        seen=tuple(
            SeenRow(
                season=Link(line.club.season.scope_id, addresses.seasons.get(line.club.season)),
                club=Link(line.club.name, addresses.clubs.get(line.club)),
                n_matches=line.n_matches,
                n_shots=line.n_shots,
            )
            for line in opponent.seen
        ),
    )
