"""Blocks of the page that a shooter's side and a keeper's share."""

from collections.abc import Iterable, Sequence

from xgoals.analysis.player.goals import GoalsAgainstXg
from xgoals.analysis.player.seasons import SeasonLine
from xgoals.analysis.player.shots import PlayerShot
from xgoals.analysis.player.takes import TakenPerShot
from xgoals.language import Language
from xgoals.report.draw.goals_by_chance import goals_bars
from xgoals.report.draw.whiskers import whiskers
from xgoals.report.player.facts import Addresses, DifferenceRow, Differences, GoalsRow, Luck, SeasonRow
from xgoals.report.player.luck_in_words import bars_alt
from xgoals.report.player.sentences import PER, takes_note
from xgoals.report.player.shot_map import shown_shot
from xgoals.report.player.shown import Link, ShotList


def luck(
    everything: GoalsAgainstXg,
    plain: GoalsAgainstXg,
    words: Language,
    *,
    key: str,
    title: str,
    answer: str,
    among: str,
) -> Luck:
    """Goals against xG with and without penalties, and what chance gives."""
    rows = [(words.text("without penalties"), plain)]
    if everything.n_shots > plain.n_shots:
        rows.append((words.text("with penalties"), everything))
    return Luck(
        key=key,
        title=title,
        answer=answer,
        among=among,
        rows=tuple(_goals_row(label, found) for label, found in rows),
        bars=goals_bars(plain.distribution, plain.goals, plain.fewest, plain.most) if plain.n_shots else None,
        alt=bars_alt(plain, words),
    )


def _goals_row(label: str, found: GoalsAgainstXg) -> GoalsRow:
    return GoalsRow(label, found.n_shots, found.goals, found.xg, found.over, found.fewest, found.most)


def season_rows(lines: Iterable[SeasonLine], addresses: Addresses) -> tuple[SeasonRow, ...]:
    """A row a season and club."""
    return tuple(
        SeasonRow(
            season=Link(line.club.season.scope_id, addresses.seasons.get(line.club.season)),
            club=Link(line.club.name, addresses.clubs.get(line.club)),
            n_matches=line.n_matches,
            n_shots=line.everything.n_shots,
            goals=line.everything.goals,
            xg=line.everything.xg,
            plain_goals=line.plain.goals,
            plain_xg=line.plain.xg,
            fewest=line.plain.fewest,
            most=line.plain.most,
        )
        for line in lines
    )


def shot_list(
    title: str,
    shots: Iterable[PlayerShot],
    addresses: Addresses,
    words: Language,
    *,
    nothing: str,
    names_shooter: bool,
) -> ShotList:
    """Shots to see again; ``nothing`` is said where there is none."""
    shown = tuple(shown_shot(shot, addresses, words, names_shooter=names_shooter) for shot in shots)
    return ShotList(title, shown, nothing)


def taken_differences(taken: TakenPerShot | None, answer: str, words: Language) -> Differences:
    """What somebody takes per hundred shots beyond an ordinary one, on its axis."""
    if taken is None:
        return Differences(answer, "", (), 0.0)
    label = words.text("xG taken away, per %(n)s shots, beyond an ordinary one", n=words.count(PER))
    row = (label, PER * taken.more, PER * taken.interval.low, PER * taken.interval.high, taken.holds)
    return differences([row], answer, takes_note(taken, words))


def differences(rows: Sequence[tuple[str, float, float, float, bool]], answer: str, note: str) -> Differences:
    """Label, value, interval, and whether that leaves out 0, of each row, on one axis."""
    drawn = whiskers([value for _, value, *_ in rows], [(low, high) for _, _, low, high, _ in rows])
    return Differences(
        answer=answer,
        note=note,
        rows=tuple(DifferenceRow(*row, whisker) for row, whisker in zip(rows, drawn.rows, strict=True)),
        zero=drawn.zero,
    )
