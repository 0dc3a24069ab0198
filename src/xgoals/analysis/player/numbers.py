"""One player in numbers, from each side that he is known from."""

from collections.abc import Sequence
from dataclasses import dataclass

from xgoals.analysis.goal_rate import GoalRate, goal_rate
from xgoals.analysis.player.chances import SHOWN, Chances, ChancesFaced, chances, chances_faced, highest
from xgoals.analysis.player.everybody import Everybody, Seen
from xgoals.analysis.player.goals import Among, GoalsAgainstXg, goals_against_xg
from xgoals.analysis.player.profile import AlikePlayer, KindsOfShots, kinds_of_shots, own_overlap
from xgoals.analysis.player.reasons import ReasonsAgainstAll, reasons_against_all
from xgoals.analysis.player.seasons import SeasonLine, season_lines
from xgoals.analysis.player.shots import PlayerShot, Shots, open_play
from xgoals.analysis.player.takes import Taken, TakenPerShot, most_taken, taken_per_shot
from xgoals.domain.page_keys import PlayerKey
from xgoals.domain.shot import Outcome


@dataclass(frozen=True, slots=True)
class ShooterNumbers:
    """A player's own shots.

    Attributes
    ----------
    shots
        In the order of play.
    everything, plain
        Goals against xG with and without penalties.
    among
        How unusual the goals without penalties are; None with too few shots.
    kinds
        Shots without penalties by kind, against all players'.
    reasons
        The mean shot against that of all; None with too few reasons.
    chances
        Shots to see again.
    alike, own_overlap
        Whose shots are most like these, and how alike two chance halves of these are; none and None with too few shots.
    seasons
        A line a season and club.
    """

    shots: Shots
    everything: GoalsAgainstXg
    plain: GoalsAgainstXg
    among: Among | None
    kinds: KindsOfShots
    reasons: ReasonsAgainstAll | None
    chances: Chances
    alike: tuple[AlikePlayer, ...]
    own_overlap: float | None
    seasons: tuple[SeasonLine, ...]


@dataclass(frozen=True, slots=True)
class MakerNumbers:
    """The shots that a player gave the last pass to.

    Attributes
    ----------
    n_shots, goals, xg
        How many, the goals from them (assists), what they were worth.
    best
        The best of them.
    """

    n_shots: int
    goals: int
    xg: float
    best: tuple[PlayerShot, ...]


@dataclass(frozen=True, slots=True)
class KeeperNumbers:
    """The shots at which a player kept goal.

    Attributes
    ----------
    shots
        In the order of play.
    everything, plain
        Goals let in against xG faced, with and without penalties.
    saved
        Of the shots on target, penalties apart, the share that was saved; None without one.
    n_penalties, n_penalties_saved
        Kicks from the spot faced, and saved.
    among
        How unusual the goals let in are, penalties apart; None with too few shots.
    n_taken, taken
        At how many shots it is known what he took away; what per shot, None with too few.
    chances
        Shots to see again.
    seasons
        A line a season and club.
    """

    shots: Shots
    everything: GoalsAgainstXg
    plain: GoalsAgainstXg
    saved: GoalRate | None
    n_penalties: int
    n_penalties_saved: int
    among: Among | None
    n_taken: int
    taken: TakenPerShot | None
    chances: ChancesFaced
    seasons: tuple[SeasonLine, ...]


@dataclass(frozen=True, slots=True)
class OpponentNumbers:
    """A player as an outfield opponent of shooters.

    Attributes
    ----------
    seen
        Where he is seen in frames, a line a season and club.
    n_seen
        At how many shots.
    n_changed
        At how many of them he changes the xG at all, as far as reasons are worked out.
    taken
        What he took away per shot at which he changed anything; None with too few.
    most
        The shots at which he took most, the most first.
    """

    seen: tuple[Seen, ...]
    n_seen: int
    n_changed: int
    taken: TakenPerShot | None
    most: tuple[Taken, ...]


@dataclass(frozen=True, slots=True)
class PlayerNumbers:
    """A player from each side; None where he is not known from it."""

    key: PlayerKey
    name: str
    shooter: ShooterNumbers | None
    maker: MakerNumbers | None
    keeper: KeeperNumbers | None
    opponent: OpponentNumbers | None


def player_numbers(key: PlayerKey, everybody: Everybody) -> PlayerNumbers:
    """Everything about one player; a player of whom nothing is known has no side, one without a name an empty one."""
    taken = {role: of.get(key, ()) for role, of in everybody.taken_by.items()}
    return PlayerNumbers(
        key=key,
        name=everybody.names.get(key, ""),
        shooter=_shooter(key, everybody) if key in everybody.shot_by else None,
        maker=_maker(everybody.made_by[key]) if key in everybody.made_by else None,
        keeper=_keeper(everybody.faced_by[key], taken["keeper"], everybody)
        if key in everybody.faced_by
        else None,
        opponent=_opponent(everybody.seen[key], taken["opponent"]) if key in everybody.seen else None,
    )


def _shooter(key: PlayerKey, everybody: Everybody) -> ShooterNumbers:
    shots = everybody.shot_by[key]
    plain, alike = goals_against_xg(open_play(shots)), everybody.profiles.most_like(key)
    return ShooterNumbers(
        shots=shots,
        everything=goals_against_xg(shots),
        plain=plain,
        among=everybody.shooters.among(plain),
        kinds=kinds_of_shots(shots, everybody.profiles.average),
        reasons=reasons_against_all(shots, everybody.usual),
        chances=chances(shots),
        alike=alike,
        own_overlap=own_overlap(shots) if alike else None,
        seasons=season_lines(shots, lambda shot: shot.club),
    )


def _maker(shots: Shots) -> MakerNumbers:
    return MakerNumbers(
        n_shots=len(shots),
        goals=sum(shot.is_goal for shot in shots),
        xg=sum(shot.xg for shot in shots),
        best=highest(shots, SHOWN),
    )


def _keeper(shots: Shots, taken: Sequence[Taken], everybody: Everybody) -> KeeperNumbers:
    cut = open_play(shots)
    plain = goals_against_xg(cut)
    n_saved = sum(shot.outcome == Outcome.SAVED for shot in cut)
    n_on_target = n_saved + plain.goals
    penalties = [shot for shot in shots if shot.is_penalty]
    return KeeperNumbers(
        shots=shots,
        everything=goals_against_xg(shots),
        plain=plain,
        saved=goal_rate(n_saved, n_on_target) if n_on_target else None,
        n_penalties=len(penalties),
        n_penalties_saved=sum(shot.outcome == Outcome.SAVED for shot in penalties),
        among=everybody.keepers.among(plain),
        n_taken=len(taken),
        taken=taken_per_shot(taken),
        chances=chances_faced(shots),
        seasons=season_lines(shots, lambda shot: shot.opponent),
    )


def _opponent(seen: tuple[Seen, ...], taken: Sequence[Taken]) -> OpponentNumbers:
    return OpponentNumbers(
        seen=seen,
        n_seen=sum(line.n_shots for line in seen),
        n_changed=len(taken),
        taken=taken_per_shot(taken),
        most=most_taken(taken, SHOWN),
    )
