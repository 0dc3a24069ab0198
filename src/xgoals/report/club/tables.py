"""The tables of a club's page: numbers in words, row by row."""

import math
from collections.abc import Callable, Sequence

from xgoals.analysis.club.blocks import Direction
from xgoals.analysis.club.comparison import Difference
from xgoals.analysis.club.defenders import Defender
from xgoals.analysis.club.finishing import PlayerPasses, PlayerShots, Surplus
from xgoals.analysis.club.keepers import Keeper
from xgoals.analysis.club.numbers import ClubNumbers, SideOfClub
from xgoals.analysis.club.trend import Change, ClubMatch
from xgoals.analysis.club.ways import Way
from xgoals.language import Language
from xgoals.report.club.facts import (
    Bar,
    ChangeRow,
    ClubAbout,
    ClubLinks,
    Compared,
    DefenderRow,
    KeeperRow,
    LuckRow,
    MatchRow,
    PartRow,
    PlayerRow,
    ReasonTable,
    Verdict,
    WayRow,
    WayTable,
)
from xgoals.report.club.sentences import change_in_words, luck_in_words
from xgoals.report.club.words import part_in_words, way_in_words, what_it_means

Say = Callable[[float], str]
MOST_PLAYERS = 30
"""So many players are listed; who shot less is counted."""
LEAST_SHOTS_OF_WAY = 1
"""A way that the club never took is listed where its league is different enough to be tested."""


def direction_in_words(direction: Direction, words: Language) -> str:
    """Its own shots, or those that it faced."""
    return words.text("Its own shots") if direction is Direction.FOR else words.text("Shots it faced")


def way_tables(kind: str, numbers: ClubNumbers, words: Language) -> tuple[WayTable, ...]:
    """The ways of one kind, for and against; a table without a row is left out."""
    found = {direction: _ways_of(kind, side) for direction, side in numbers.sides.items()}
    shown = {
        direction: [way for way in rows if way.n_shots >= LEAST_SHOTS_OF_WAY or way.share.stands]
        for direction, rows in found.items()
    }
    every = [way for rows in shown.values() for way in rows]
    share_reach = _reach([way.share for way in every])
    shot_reach = _reach([way.per_shot for way in every])
    return tuple(
        WayTable(
            direction_in_words(direction, words),
            tuple(_way_row(kind, way, share_reach, shot_reach, words) for way in rows),
        )
        for direction, rows in shown.items()
        if rows
    )


def _ways_of(kind: str, side: SideOfClub) -> tuple[Way, ...]:
    return {"zone": side.zones, "origin": side.origins, "pass": side.passes}[kind]


def _way_row(kind: str, way: Way, share_reach: float, shot_reach: float, words: Language) -> WayRow:
    label, is_group = way_in_words(kind, way.name, words), way.name == "set_pieces"
    share = _compared(way.share, share_reach, words.share, lambda value: _points(value, words), words)
    per_shot = _compared(way.per_shot, shot_reach, *_thousandths(words), words)
    return WayRow(label, is_group, way.n_shots, way.n_goals, way.xg, share, per_shot)


def _thousandths(words: Language) -> tuple[Say, Say]:
    """How an xG per shot and a difference of it are said."""
    return lambda value: words.number(value, 3), lambda value: words.number(value, 3, signed=True)


def _points(value: float, words: Language) -> str:
    return words.number(100 * value, 1, signed=True)


def _reach(differences: Sequence[Difference]) -> float:
    """The largest bound of an interval: where a bar's line ends."""
    bounds = [abs(bound) for of in differences for bound in (of.low, of.high) if not math.isnan(bound)]
    return max(bounds, default=1.0) or 1.0


def _compared(of: Difference, reach: float, say: Say, say_more: Say, words: Language) -> Compared:
    has_interval = not math.isnan(of.low) and not math.isnan(of.value)
    more = ""
    if has_interval:
        more = words.text(
            "%(more)s (%(low)s to %(high)s)",
            more=say_more(of.value),
            low=say_more(of.low),
            high=say_more(of.high),
        )
    return Compared(
        say(of.mean), say(of.league), more, _bar(of.value, of.low, of.high, reach) if has_interval else None,
        _verdict(of),
    )  # fmt: skip


def _verdict(of: Difference) -> Verdict:
    if of.stands or math.isnan(of.low):
        return "stands" if of.stands else "few"
    leaves_out_0 = of.low > 0 or of.high < 0
    return "close" if of.is_tested and leaves_out_0 else "chance"


def _bar(value: float, low: float, high: float, reach: float) -> Bar:
    def at(number: float) -> float:
        return 50 + 50 * max(-1.0, min(1.0, number / reach))

    return Bar(at(low), max(0.5, at(high) - at(low)), at(value))


def reason_tables(numbers: ClubNumbers, words: Language) -> tuple[ReasonTable, ...]:
    """Why shots are worth what they are, for and against; what has no reasons is left out."""
    found = {direction: side.reasons for direction, side in numbers.sides.items() if side.reasons}
    reach = _reach([of for reasons in found.values() for of in (*reasons.parts.values(), reasons.xg)])

    say, say_more = _thousandths(words)
    return tuple(
        ReasonTable(
            direction_in_words(direction, words),
            words.text(
                "%(n)s of %(of)s shots without penalties have reasons.",
                n=words.count(reasons.n_shots),
                of=words.count(reasons.n_of),
            ),
            (
                *(
                    PartRow(
                        part_in_words(part, words),
                        what_it_means(part, words),
                        _compared(of, reach, say_more, say_more, words),
                    )
                    for part, of in reasons.parts.items()
                ),
                PartRow(
                    words.text("xG per shot"),
                    words.text("the average and all four together"),
                    _compared(reasons.xg, reach, say, say_more, words),
                ),
            ),
        )
        for direction, reasons in found.items()
    )


def match_rows(numbers: ClubNumbers, links: ClubLinks, words: Language) -> tuple[MatchRow, ...]:
    """All matches, by date."""
    return tuple(
        MatchRow(
            words.day(match.match_date),
            match.opponent,
            words.text("home") if match.is_home else words.text("away"),
            words.score(f"{match.goals}–{match.conceded}"),
            "won" if match.goals > match.conceded else "lost" if match.goals < match.conceded else "drawn",
            match.xg,
            match.xg_against,
            links.matches.get(match.key),
        )
        for match in numbers.matches
    )


def player_rows(
    about: ClubAbout, numbers: ClubNumbers, links: ClubLinks, words: Language
) -> tuple[PlayerRow, ...]:
    """Who shot, the largest xG first, then who only set shots up."""
    passes = {row.player_id: row for row in numbers.passers}
    shooters = {row.player_id for row in numbers.players}
    rows = [
        _player_row(row, passes.get(row.player_id), about, links, words)
        for row in numbers.players[:MOST_PLAYERS]
    ]
    only = [row for row in numbers.passers if row.player_id not in shooters]
    return (*rows, *(_passer_row(row, about, links, words) for row in only[: MOST_PLAYERS - len(rows)]))


def _player_row(
    row: PlayerShots, passes: PlayerPasses | None, about: ClubAbout, links: ClubLinks, words: Language
) -> PlayerRow:
    return PlayerRow(
        called(row.player_id, about, words), links.players.get(row.player_id), row.n_matches, row.n_shots, row.goals,
        f"{row.penalty_goals}/{row.penalties}" if row.penalties else "", row.xg,
        None if math.isnan(row.best) else row.best, over(row.open, words), row.open.is_beyond_chance,
        words.xg(passes.xg) if passes else "",
    )  # fmt: skip


def _passer_row(row: PlayerPasses, about: ClubAbout, links: ClubLinks, words: Language) -> PlayerRow:
    name, href = called(row.player_id, about, words), links.players.get(row.player_id)
    return PlayerRow(name, href, None, 0, 0, "", 0.0, None, "", False, words.xg(row.xg))


def called(player_id: str, about: ClubAbout, words: Language) -> str:
    """What a player is called; his number with the provider where nobody knows his name."""
    name = about.names.get(player_id, "")
    if not name or name == player_id:
        return words.text("no name known (%(id)s)", id=player_id)
    return name


def over(surplus: Surplus, words: Language, sign: int = 1) -> str:
    """Goals minus xG with its exact interval; of a keeper (``sign`` -1) xG minus goals."""
    low, high = sorted((sign * surplus.low, sign * surplus.high))
    return words.text(
        "%(more)s (%(low)s to %(high)s)",
        more=words.number(sign * surplus.over, 1, signed=True),
        low=words.number(low, 0, signed=True),
        high=words.number(high, 0, signed=True),
    )


def keeper_rows(
    about: ClubAbout, numbers: ClubNumbers, links: ClubLinks, words: Language
) -> tuple[KeeperRow, ...]:
    """Who kept goal, who faced most first."""
    return tuple(_keeper_row(row, about, links, words) for row in numbers.keepers.keepers)


def _keeper_row(row: Keeper, about: ClubAbout, links: ClubLinks, words: Language) -> KeeperRow:
    target = row.on_target
    return KeeperRow(
        called(row.player_id, about, words), links.players.get(row.player_id), row.n_matches, row.faced.n_shots,
        row.faced.goals, row.faced.xg, over(row.faced, words, -1), target.n_shots if target else None,
        target.xg if target else None, over(target, words, -1) if target else "",
    )  # fmt: skip


def defender_rows(
    about: ClubAbout, numbers: ClubNumbers, links: ClubLinks, words: Language
) -> tuple[DefenderRow, ...]:
    """Who took xG away, beside his team-mates at the same shots."""
    found = numbers.defenders.defenders
    known = [abs(bound) for row in found for bound in (row.low, row.high) if not math.isnan(bound)]
    reach = max(known, default=1.0) or 1.0
    return tuple(_defender_row(row, reach, about, links, words) for row in found)


def _defender_row(
    row: Defender, reach: float, about: ClubAbout, links: ClubLinks, words: Language
) -> DefenderRow:
    has_interval = not math.isnan(row.low)
    more = words.number(100 * row.more, 1, signed=True)
    if has_interval:
        low, high = (words.number(100 * bound, 1, signed=True) for bound in (row.low, row.high))
        more = words.text("%(more)s (%(low)s to %(high)s)", more=more, low=low, high=high)
    return DefenderRow(
        called(row.player_id, about, words), links.players.get(row.player_id), row.n_matches, row.n_seen, row.takes,
        100 * row.per_shot, 100 * row.others, more, _bar(row.more, row.low, row.high, reach) if has_interval else None,
        row.is_beyond_chance, row.most, links.cards.get(row.most_shot),
    )  # fmt: skip


def half_rows(numbers: ClubNumbers, words: Language) -> tuple[ChangeRow, ...]:
    """The second half of the matches against the first."""
    return tuple(
        _change_row(_per_match(direction, words), side.halves, None, words)
        for direction, side in numbers.sides.items()
        if side.halves is not None
    )


def home_rows(numbers: ClubNumbers, words: Language) -> tuple[ChangeRow, ...]:
    """Home against away, beside what that is worth in the league."""
    league = {Direction.FOR: numbers.home_advantage, Direction.AGAINST: -numbers.home_advantage}
    return tuple(
        _change_row(_per_match(direction, words), side.at_home, league[direction], words)
        for direction, side in numbers.sides.items()
        if side.at_home is not None
    )


def _per_match(direction: Direction, words: Language) -> str:
    if direction is Direction.FOR:
        return words.text("xG a match")
    return words.text("xG allowed a match")


def _change_row(label: str, change: Change, league: float | None, words: Language) -> ChangeRow:
    more = words.number(change.value, 2, signed=True)
    if not math.isnan(change.low):
        low, high = (words.number(bound, 2, signed=True) for bound in (change.low, change.high))
        more = words.text("%(more)s (%(low)s to %(high)s)", more=more, low=low, high=high)
    return ChangeRow(label, change.before, change.after, more, change_in_words(change, words), league)


def record(matches: Sequence[ClubMatch], words: Language) -> str:
    """Wins, draws, losses and goals of some matches."""
    won, drawn, lost = (sum(test(match) for match in matches) for test in (_is_won, _is_drawn, _is_lost))
    return words.text(
        "%(won)s won, %(drawn)s drawn, %(lost)s lost, %(goals)s goals",
        won=won,
        drawn=drawn,
        lost=lost,
        goals=words.score(f"{sum(m.goals for m in matches)}–{sum(m.conceded for m in matches)}"),
    )


def _is_won(match: ClubMatch) -> bool:
    return match.goals > match.conceded


def _is_drawn(match: ClubMatch) -> bool:
    return match.goals == match.conceded


def _is_lost(match: ClubMatch) -> bool:
    return match.goals < match.conceded


def luck_rows(numbers: ClubNumbers, words: Language) -> tuple[LuckRow, ...]:
    """Goals beside xG, for and against."""
    rows = []
    for direction, side in numbers.sides.items():
        low, high = side.finishing.by_chance
        rows.append(
            LuckRow(
                words.text("Scored") if direction is Direction.FOR else words.text("Conceded"),
                side.finishing.n_shots, side.finishing.goals, side.finishing.xg, over(side.finishing, words),
                words.text("%(low)s to %(high)s", low=low, high=high),
                luck_in_words(side.finishing, side.finishing_beside_league, words),
            )
        )  # fmt: skip
    return tuple(rows)
