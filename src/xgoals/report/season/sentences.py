"""What the page of a season says: what is known of it, its story, and what is luck."""

from collections.abc import Mapping, Sequence

from xgoals.analysis.season.coverage import Coverage
from xgoals.analysis.season.luck import GoalLuck, Spread
from xgoals.analysis.season.numbers import KEEPER_SHOTS, SeasonNumbers
from xgoals.analysis.season.table import ClubRow
from xgoals.domain.page_keys import ClubKey, PlayerKey
from xgoals.domain.reason import Part
from xgoals.language import Language
from xgoals.report.words.how_often import how_often
from xgoals.report.words.positions_badge import without_positions

_CLEAR = 0.05
"""A spread that chance gives less often than this is not chance alone."""


def part_name(part: Part, words: Language) -> str:
    """What a part of an xG is called in a table."""
    return {
        Part.PLACE: words.text("Place of the shot"),
        Part.KEEPER: words.text("Keeper"),
        Part.OPPONENTS: words.text("Opponents"),
        Part.STRIKE: words.text("Strike"),
    }[part]


def season_lead(numbers: SeasonNumbers, words: Language) -> str:
    """Goals against chances, the top of the table by points and by chances, and who is furthest from them."""
    told = [_totals(numbers, words)]
    if numbers.coverage.has_table and numbers.table:
        told += [_top(numbers, words), _furthest(numbers.table, words)]
    return " ".join(sentence for sentence in told if sentence)


def what_is_missing(numbers: SeasonNumbers, words: Language) -> list[str]:
    """Sentences about what of the season is not known; none where all of it is."""
    known = numbers.coverage
    told = [
        _matches_missing(known, words),
        without_positions(numbers.n_without_positions, numbers.reasons.n_shots, words),
    ]
    if known.n_covered < known.n_counted:
        told.append(
            words.text(
                "Shots are known of %(covered)s of the %(counted)s matches: what is said of chances is of those.",
                covered=words.count(known.n_covered),
                counted=words.count(known.n_counted),
            )
        )
    if known.n_counted < known.n_matches:
        told.append(
            words.plural(
                "One match was not played to its end, or has no result yet: it is not counted.",
                "%(n)s matches were not played to their end, or have no result yet: they are not counted.",
                known.n_matches - known.n_counted,
            )
        )
    if numbers.n_seen:
        told.append(
            words.plural(
                "The number of one shot comes from a model that has learned from its match.",
                "The numbers of %(n)s shots come from a model that has learned from their matches.",
                numbers.n_seen,
            )
        )
    return [sentence for sentence in told if sentence]


def no_table(known: Coverage, words: Language) -> str:
    """Why there is no table of points."""
    if known.only_club is not None:
        return words.text(
            "No table: all of these are matches of one club, %(club)s. The others' rows tell only of their matches "
            "against it.",
            club=known.only_club.name,
        )
    if not known.is_league:
        return words.text(
            "No table of points: this competition is no league, or its matchdays are not known."
        )
    return words.text(
        "No table: these are too few of the matches played. Means of a match are told in its place."
    )


def luck_of_clubs(rows: Sequence[GoalLuck[ClubKey]], of_all: Spread, words: Language) -> str:
    """How many clubs are outside their intervals, who stands among all, and whether the spread is more than chance."""
    if not rows:
        return words.text("No shot is known.")
    names = [row.whose.name for row in rows if row.stands]
    told = (
        _outside(of_all, words),
        _standing(names, words),
        _spread(of_all, words, is_apart_from=bool(names)),
    )
    return " ".join(sentence for sentence in told if sentence)


def luck_of_players(
    rows: Sequence[GoalLuck[PlayerKey]], names: Mapping[PlayerKey, str], words: Language
) -> str:
    """The same of players, of whom the furthest of many is far off by chance alone."""
    if not rows:
        return words.text("No shot of a player with a name is known.")
    told = words.plural(
        "One player had a shot.",
        "%(n)s players had a shot: by chance alone, the rarest of so many is at about 1 in %(n)s.",
        len(rows),
    )
    return f"{told} {_standing([names.get(row.whose, '') for row in rows if row.stands], words)}"


def luck_of_keepers(
    rows: Sequence[GoalLuck[PlayerKey]], n_keepers: int, names: Mapping[PlayerKey, str], words: Language
) -> str:
    """The same of keepers, and who is not listed."""
    if not rows:
        return words.text("No keeper is known to have faced %(n)s shots.", n=KEEPER_SHOTS)
    told = words.text(
        "%(listed)s of %(all)s keepers faced %(n)s shots or more. xG is of the chance before the ball was struck: "
        "shots beside the goal are among them, and where in the goal a shot went does not count.",
        listed=len(rows),
        all=n_keepers,
        n=KEEPER_SHOTS,
    )
    return f"{told} {_standing([names.get(row.whose) or row.whose.player_id for row in rows if row.stands], words)}"


def luck_of_points(rows: Sequence[ClubRow], words: Language) -> str:
    """Whose points stand out among those of all clubs."""
    names = [row.club.name for row in rows if row.stands]
    if not names:
        return words.text("With all clubs tested together nobody's points are beyond chance.")
    return words.text(
        "With all clubs tested together, beyond chance: the points of %(clubs)s.", clubs=words.listing(names)
    )


def reasons_known(numbers: SeasonNumbers, words: Language) -> str:
    """Of how many shots the reasons are known."""
    of = numbers.reasons
    if not of.n_with_reasons:
        return words.text("Why these shots have their numbers has not been worked out yet.")
    return words.text(
        "Known so far of %(n)s of %(all)s shots without penalties, in %(matches)s.",
        n=words.count(of.n_with_reasons),
        all=words.count(of.n_shots),
        matches=words.plural("one match", "%(n)s matches", of.n_matches),
    )


def _totals(numbers: SeasonNumbers, words: Language) -> str:
    if not numbers.n_shots:
        return words.text("No shot of this season is known.")
    return words.text(
        "%(goals)s from shots in %(matches)s, %(xg)s expected.",
        goals=words.plural("One goal", "%(n)s goals", numbers.goals),
        matches=words.plural("one match", "%(n)s matches", numbers.coverage.n_matches),
        xg=words.number(numbers.xg, 1),
    )


def _top(numbers: SeasonNumbers, words: Language) -> str:
    first = numbers.table[0]
    told = words.text(
        "At the top: %(club)s with %(points)s points.", club=first.club.name, points=words.count(first.points)
    )
    if first.expected_rank is None:
        return told
    by_chances = next(row for row in numbers.table if row.expected_rank == 1)
    if by_chances is first:
        return f"{told} {words.text('By their chances, too.')}"
    by = words.text(
        "By chances it would be %(club)s (%(expected)s points expected; %(first)s: %(theirs)s).",
        club=by_chances.club.name,
        expected=words.number(by_chances.expected_points, 1),
        first=first.club.name,
        theirs=words.number(first.expected_points, 1),
    )
    return f"{told} {by}"


def _furthest(rows: Sequence[ClubRow], words: Language) -> str:
    row = min(rows, key=lambda found: (found.chance, found.club))
    if row.chance >= 0.1:
        return words.text("No club's points are far from what its chances give.")
    return words.text(
        "Furthest from its chances: %(club)s, %(points)s points where such chances give %(expected)s (%(often)s).",
        club=row.club.name,
        points=words.count(row.points_covered),
        expected=words.number(row.expected_points, 1),
        often=how_often(row.chance, words),
    )


def _matches_missing(known: Coverage, words: Language) -> str:
    if known.only_club is not None:
        return words.text(
            "Only matches of %(club)s are known: %(n)s of this competition.",
            club=known.only_club.name,
            n=words.count(known.n_matches),
        )
    if known.n_by_now is None:
        return "" if known.is_league else words.text("What is told is of the matches that are known.")
    told = ""
    if known.n_missing:
        told = words.text(
            "Covers %(n)s of the %(all)s matches up to matchday %(day)s.",
            n=words.count(known.n_counted),
            all=words.count(known.n_by_now),
            day=words.count(known.last_matchday),
        )
    if known.is_under_way and known.has_table:
        on = words.text(
            "The season is under way: matchday %(day)s of %(days)s.",
            day=words.count(known.last_matchday),
            days=words.count(2 * (known.n_clubs - 1)),
        )
        return f"{on} {told}".strip()
    return told


def _outside(of_all: Spread, words: Language) -> str:
    if not of_all.n_outside:
        return words.text("None of %(all)s clubs is outside its own interval.", all=words.count(of_all.n))
    return words.plural(
        "One of %(all)s clubs is outside its own interval; by chance alone up to %(expected)s would be.",
        "%(n)s of %(all)s clubs are outside their own intervals; by chance alone up to %(expected)s would be.",
        of_all.n_outside,
        all=words.count(of_all.n),
        expected=words.number(of_all.outside_by_chance, 1),
    )


def _standing(names: Sequence[str], words: Language) -> str:
    if not names:
        return words.text("With all of them tested together nobody is beyond chance.")
    return words.text(
        "With all of them tested together, beyond chance: %(names)s.", names=words.listing(list(names))
    )


def _spread(of_all: Spread, words: Language, *, is_apart_from: bool) -> str:
    if of_all.p is None or of_all.ratio is None:
        return ""
    if of_all.p >= _CLEAR and is_apart_from:
        return words.text("Apart from that, they are no further from their xG than chance puts them.")
    if of_all.p >= _CLEAR:
        return words.text(
            "All together they are no further from their xG than chance puts them: who is over and who is under says "
            "nothing of how good they are."
        )
    return words.text(
        "All together they are further from their xG than chance alone puts them: about %(share)s of the spread is not "
        "luck. It may be the players, or what the model does not see.",
        share=words.share(1 - 1 / of_all.ratio),
    )
