"""A player's own shots, and those that the player made, as the page shows them."""

from xgoals.analysis.player.everybody import Everybody
from xgoals.analysis.player.goals import MIN_SHOTS
from xgoals.analysis.player.numbers import PlayerNumbers, ShooterNumbers
from xgoals.analysis.player.profile import Aspect, KindsOfShots
from xgoals.analysis.player.reasons import ReasonsAgainstAll
from xgoals.language import Language
from xgoals.report.player.blocks import differences, luck, season_rows, shot_list
from xgoals.report.player.facts import (
    Addresses,
    Alike,
    AlikeRow,
    Differences,
    MakerFacts,
    ShareRow,
    ShareTable,
    ShooterFacts,
)
from xgoals.report.player.kinds_in_words import ASPECTS, kind_in_words
from xgoals.report.player.luck_in_words import among_text, luck_answer
from xgoals.report.player.sentences import (
    PARTS,
    alike_note,
    made_answer,
    reasons_answer,
    shared_text,
    title_of,
)
from xgoals.report.player.shot_map import shot_map
from xgoals.report.player.shown import Link, ShotList


def shooter_facts(
    shooter: ShooterNumbers, who: str, everybody: Everybody, addresses: Addresses, words: Language
) -> ShooterFacts:
    """The side of the shooter."""
    n_known = sum(bool(shot.reasons) for shot in shooter.shots)
    return ShooterFacts(
        luck=luck(
            shooter.everything,
            shooter.plain,
            words,
            key="luck",
            title=words.text("Is %(who)s lucky?", who=who),
            answer=luck_answer(shooter.plain, shooter.among, MIN_SHOTS, words),
            among=among_text(shooter.plain, shooter.among, MIN_SHOTS, words),
        ),
        map=shot_map(
            shooter.shots,
            addresses,
            words,
            key="map",
            title=words.text("Where the shots come from"),
            text=words.text(
                "The goal attacked is on top. The area of a mark is its xG; choose one to see its card."
            ),
        ),
        kinds=_kinds(shooter.kinds, words),
        kinds_note=words.text(
            "Penalties apart. Bar: the share of these shots, with its 95 % interval; upright line: the share of all "
            "players' shots."
        ),
        reasons=_reasons(shooter.reasons, n_known, who, words),
        lists=_lists(shooter, addresses, words),
        alike=_alike(shooter, everybody, addresses, who, words),
        seasons=season_rows(shooter.seasons, addresses),
    )


def _kinds(kinds: KindsOfShots, words: Language) -> tuple[ShareTable, ...]:
    return tuple(
        ShareTable(
            words.text(ASPECTS[aspect]),
            tuple(
                ShareRow(
                    label=kind_in_words(row.kind, words),
                    n_shots=row.n_shots,
                    goals=row.goals,
                    xg=row.xg,
                    share=row.share,
                    low=row.low,
                    high=row.high,
                    average=row.average,
                )
                for row in rows
            ),
        )
        for aspect, rows in kinds.items()
    )


def _reasons(reasons: ReasonsAgainstAll | None, n_known: int, who: str, words: Language) -> Differences:
    answer = reasons_answer(reasons, n_known, who, words)
    rows = [
        (words.text(PARTS[part.part]), part.more, part.interval.low, part.interval.high, part.holds)
        for part in (reasons.parts if reasons else ())
    ]
    note = words.text(
        "What each part gives the mean shot beyond that of all players, in xG; the parts add up to the whole "
        "difference. Line: the middle 95 % over resampled matches; pale where it holds 0. So many "
        "lines are drawn for so many players that one in twenty leaves out 0 by chance."
    )
    return differences(rows, answer, note if rows else "")


def _lists(shooter: ShooterNumbers, addresses: Addresses, words: Language) -> tuple[ShotList, ...]:
    found = shooter.chances
    lists = (
        (words.text("Best chances"), found.best, words.text("No shot but penalties.")),
        (words.text("Best chances missed"), found.missed, words.text("None beside those above.")),
        (words.text("Least likely goals"), found.unlikely, words.text("None beside those above.")),
    )
    return tuple(
        shot_list(title, shots, addresses, words, nothing=nothing, names_shooter=False)
        for title, shots, nothing in lists
    )


def _alike(
    shooter: ShooterNumbers, everybody: Everybody, addresses: Addresses, who: str, words: Language
) -> Alike:
    rows = tuple(
        AlikeRow(
            link=Link(
                title_of(alike.player.player_id, everybody.names.get(alike.player, ""), words),
                addresses.players.get(alike.player),
            ),
            n_shots=alike.n_shots,
            overlap=alike.overlap,
            aspects=tuple(alike.by_aspect[aspect] for aspect in Aspect),
            shared=shared_text(alike, words),
        )
        for alike in shooter.alike
    )
    titles = tuple(words.text(ASPECTS[aspect]) for aspect in Aspect)
    return Alike(rows, titles, alike_note(shooter, who, MIN_SHOTS, words))


def maker_facts(numbers: PlayerNumbers, addresses: Addresses, words: Language) -> MakerFacts | None:
    """The shots that the player made; None of somebody who neither shot nor made any."""
    if numbers.shooter is None and numbers.maker is None:
        return None
    shots = numbers.shooter.shots if numbers.shooter else ()
    made = numbers.maker.best if numbers.maker else ()
    told = {shot.match: shot.tells_assists for shot in (*shots, *made)}
    answer = made_answer(numbers.maker, sum(told.values()), len(told), words)
    if not made:
        return MakerFacts(answer, None)
    title, nothing = words.text("Best chances made"), ""
    return MakerFacts(answer, shot_list(title, made, addresses, words, nothing=nothing, names_shooter=True))
