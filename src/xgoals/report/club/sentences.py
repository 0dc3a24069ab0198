"""A club in a few sentences: what kind of team it is by its chances, what is luck, and what is not known."""

from xgoals.analysis.club.blocks import Direction
from xgoals.analysis.club.comparison import Comparisons, Difference
from xgoals.analysis.club.finishing import Surplus
from xgoals.analysis.club.numbers import ClubNumbers
from xgoals.analysis.club.trend import Change
from xgoals.language import Language
from xgoals.report.club.facts import ClubAbout
from xgoals.report.club.words import standing_part, way_in_words
from xgoals.report.words.positions_badge import without_positions

MOST_TOLD = 3
"""So many differences that stand are told at the top."""
_FEWEST_RANKED = 4
"""Of fewer clubs a rank says nothing."""


def lead(about: ClubAbout, numbers: ClubNumbers, words: Language) -> str:
    """Two sentences: the team by its chances, and what is luck."""
    if not numbers.matches:
        return words.text("No match of this club has been played to its end.")
    shots = sum(len(side.shots) for side in numbers.sides.values())
    if not shots:
        return words.plural(
            "One match, and no shot of it is known.",
            "%(n)s matches, and no shot of them is known.",
            len(numbers.matches),
        )
    return f"{_kind(about, numbers, words)} {_luck(numbers, words)}"


def _kind(about: ClubAbout, numbers: ClubNumbers, words: Language) -> str:
    made, allowed = (numbers.sides[direction] for direction in Direction)
    said = words.plural(
        "In one match %(club)s had chances worth %(xg)s xG%(rank)s and allowed %(against)s%(rank_against)s",
        "In %(n)s matches %(club)s had chances worth %(xg)s xG a match%(rank)s and allowed %(against)s%(rank_against)s",
        len(numbers.matches),
        club=about.name,
        xg=words.xg(made.per_match.mean),
        against=words.xg(allowed.per_match.mean),
        rank=_rank(Direction.FOR, numbers, words),
        rank_against=_rank(Direction.AGAINST, numbers, words),
    )
    apart = standing(numbers, words)[:MOST_TOLD]
    if apart:
        return words.text("%(said)s; beyond chance, %(what)s.", said=said, what=words.listing(apart))
    if _is_tested(numbers):
        return words.text(
            "%(said)s; how they come about differs from the league no more than chance explains.", said=said
        )
    return words.text("%(said)s; too few matches to say what sets it apart.", said=said)


def _rank(direction: Direction, numbers: ClubNumbers, words: Language) -> str:
    rank = numbers.sides[direction].rank
    if rank is None or numbers.n_ranked < _FEWEST_RANKED:
        return ""
    if direction is Direction.FOR:
        said = words.text("(rank %(rank)s of %(n)s)", rank=rank, n=numbers.n_ranked)
    else:
        said = words.text("(rank %(rank)s of %(n)s, 1 being the least)", rank=rank, n=numbers.n_ranked)
    return f" {said}"


def _is_tested(numbers: ClubNumbers) -> bool:
    return any(side.finishing_beside_league.is_tested for side in numbers.sides.values())


def standing(numbers: ClubNumbers, words: Language) -> list[str]:
    """What sets the club apart beyond chance: parts of the xG first, then ways and zones, the surest first."""
    parts: list[tuple[float, str]] = []
    shares: list[tuple[float, str]] = []
    for direction, side in numbers.sides.items():
        if side.reasons:
            parts += [
                (of.p, standing_part(part, direction, of.value, words))
                for part, of in side.reasons.parts.items()
                if of.stands
            ]
        for kind, rows in (("zone", side.zones), ("origin", side.origins), ("pass", side.passes)):
            shares += [
                (way.share.p, _share(kind, way.name, direction, way.share, words))
                for way in rows
                if way.share.stands
            ]
    return [said for found in (parts, shares) for _, said in sorted(found)]


def _share(kind: str, name: str, direction: Direction, share: Difference, words: Language) -> str:
    values = {
        "what": way_in_words(kind, name, words),
        "club": words.share(share.mean),
        "league": words.share(share.league),
    }
    if direction is Direction.FOR:
        return words.text("“%(what)s” is %(club)s of its shots (others %(league)s)", **values)
    return words.text("“%(what)s” is %(club)s of the shots it faces (others %(league)s)", **values)


def _luck(numbers: ClubNumbers, words: Language) -> str:
    made, allowed = (numbers.sides[direction].finishing for direction in Direction)
    goals = words.text(
        "Penalties apart it scored %(goals)s from %(xg)s xG and conceded %(conceded)s from %(against)s",
        goals=made.goals,
        xg=words.number(made.xg, 1),
        conceded=allowed.goals,
        against=words.number(allowed.xg, 1),
    )
    said = {"goals": goals, "a": _range(made, words), "b": _range(allowed, words)}
    out = (made.is_beyond_chance, allowed.is_beyond_chance)
    told = words.text(LUCK[out], **said)
    if not any(out) or numbers.n_ranked < _FEWEST_RANKED:
        return told
    by_chance = words.number(0.05 * numbers.n_ranked, 1)
    return f"{told} " + words.text(
        "Of %(n)s clubs up to %(k)s would be so far out by chance alone.", n=numbers.n_ranked, k=by_chance
    )


LUCK = {
    (False, False): "%(goals)s: chance alone gives %(a)s and %(b)s, so luck can explain both.",
    (True, True): "%(goals)s: chance alone gives %(a)s and %(b)s; both are further out.",
    (
        True,
        False,
    ): "%(goals)s: chance alone gives %(a)s and %(b)s, so luck can explain the second, not the first.",
    (
        False,
        True,
    ): "%(goals)s: chance alone gives %(a)s and %(b)s, so luck can explain the first, not the second.",
}
"""Whether the goals scored, and those conceded, are beyond chance."""


def _range(surplus: Surplus, words: Language) -> str:
    low, high = surplus.by_chance
    return words.text("%(low)s to %(high)s", low=low, high=high)


def missing(about: ClubAbout, numbers: ClubNumbers, words: Language) -> list[str]:
    """What the page lacks, and why."""
    told = []
    if about.n_to_come:
        told.append(
            words.plural(
                "The season is under way: one match of the club is still to come.",
                "The season is under way: %(n)s matches of the club are still to come.",
                about.n_to_come,
            )
        )
    if about.n_not_counted:
        told.append(
            words.plural(
                "One match was not played to its end and is left out.",
                "%(n)s matches were not played to their end and are left out.",
                about.n_not_counted,
            )
        )
    if about.namesakes:
        told.append(
            words.text(
                "Another provider has a club of this name; this page is of %(provider)s's.",
                provider=about.provider,
            )
        )
    if len(numbers.matches) == about.n_season_matches > 1:
        told.append(
            words.text(
                "Only matches of this club are known of the season: “the league” is its opponents in these matches."
            )
        )
    if numbers.n_without_positions:
        told.append(without_positions(numbers.n_without_positions, numbers.n_without_penalties, words))
    if numbers.n_seen_by_model:
        told.append(
            words.plural(
                "One shot's number comes from a model that had learned from its match; no comparison of goals has it.",
                "The numbers of %(n)s shots come from a model that had learned from their matches; "
                "no comparison of goals has them.",
                numbers.n_seen_by_model,
            )
        )
    return told


def passes_in_words(numbers: ClubNumbers, words: Language) -> str:
    """Of how many matches the feed tells the last pass."""
    known = numbers.passes_known
    if not known.n_matches:
        return words.text(
            "The feed names no pass before a shot: crosses, cut-backs, through balls and who set it up are not known."
        )
    if known.n_matches < known.n_of:
        return words.text(
            "The feed names passes in %(n)s of %(of)s matches; the table is of those.",
            n=known.n_matches,
            of=known.n_of,
        )
    return ""


def family_in_words(comparisons: Comparisons, family: str, words: Language) -> str:
    """How many comparisons are looked at in a table, of all clubs, and how many stand."""
    tested = comparisons.n_tested(family)
    if not tested:
        return words.text(
            "Fewer than two clubs have five matches, so nothing is tested among all clubs: "
            "of twenty intervals one leaves out 0 by chance."
        )
    stand = comparisons.n_stand(family)
    if not stand:
        return words.text(
            "Of %(tested)s such comparisons, of all clubs, for and against, none is beyond chance.",
            tested=words.count(tested),
        )
    return words.text(
        "Of %(tested)s such comparisons, of all clubs, for and against, %(stand)s are beyond chance; "
        "about one in twenty of these is wrong.",
        tested=words.count(tested),
        stand=words.count(stand),
    )


def change_in_words(change: Change, words: Language) -> str:
    """What chance has to say of a difference between two groups of matches."""
    if change.low != change.low:
        return words.text("too few matches to say")
    return words.text("beyond chance") if change.is_beyond_chance else words.text("may be chance")


def luck_in_words(surplus: Surplus, beside: Difference, words: Language) -> str:
    """How surprising goals minus xG is, by itself and among all clubs."""
    often = words.text("so far out %(share)s of the time", share=_percent(surplus.chance, words))
    if not beside.is_tested:
        return often
    if beside.stands:
        return words.text("%(often)s; stands out among all clubs", often=often)
    return words.text("%(often)s; nothing unusual among all clubs", often=often)


def points_in_words(about: ClubAbout, words: Language) -> str:
    """Points beside those that such chances give; empty where there are none."""
    row = about.points
    if row is None:
        return ""
    low, high = row.points_interval
    return words.text(
        "Points: %(points)s. Such chances give %(expected)s on average, and %(low)s to %(high)s in 95 of 100 seasons; "
        "so far out %(often)s of the time.",
        points=row.points_covered,
        expected=words.number(row.expected_points, 1),
        low=low,
        high=high,
        often=_percent(row.chance, words),
    )


def _percent(share: float, words: Language) -> str:
    return words.share(share) if share >= 0.01 else words.text("less than 1 %")
