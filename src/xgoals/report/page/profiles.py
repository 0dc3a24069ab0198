"""The profiles of a group of shots, as pages of clubs and players and the command show them."""

from dataclasses import dataclass

from xgoals.analysis.profiles.group import MIN_MATCHES, MIN_SHOTS, GroupProfile, is_enough
from xgoals.analysis.profiles.manifold import MAX_SHARE
from xgoals.analysis.profiles.shown import GroupOnPage, ShownProfile
from xgoals.language import Language
from xgoals.report.draw.profile_chart import Curve, LineChart, RowChart, line_chart, row_chart
from xgoals.report.words.feature_values import feature_value
from xgoals.report.words.profile import axis_of, change_in_words, left_out, nothing_compared, swing_in_words


@dataclass(frozen=True, slots=True)
class ProfileFigure:
    """One feature of a group: its chart, what it shows, and the table behind it."""

    title: str
    said: str
    chart: LineChart | RowChart
    alt: str
    axis: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ProfileSection:
    """The profiles of a group.

    Attributes
    ----------
    lead
        How many shots they are of, and out of how many features these were chosen.
    figures
        One a feature.
    few
        That there is too little to say much; empty where there is enough.
    source
        By which model, and who everybody is.
    """

    lead: str
    figures: tuple[ProfileFigure, ...]
    few: str
    source: str


def profile_section(group: GroupOnPage, words: Language) -> ProfileSection:
    """The profiles of a group in words and places."""
    few = "" if is_enough(group.n_shots, group.n_matches) else words.text(
        "Fewer than %(shots)s shots in %(matches)s matches: chance speaks louder than these chances.",
        shots=words.count(MIN_SHOTS),
        matches=words.count(MIN_MATCHES),
    )  # fmt: skip
    basis = group.basis
    return ProfileSection(
        _lead(group, words),
        tuple(_figure(one, group.n_shots, words) for one in group.shown),
        few,
        words.text(
            "Everybody: %(shots)s shots of %(matches)s matches. By %(model)s, each shot's curve by a sister of it that "
            "has not seen the match.",
            shots=words.count(basis.n_shots),
            matches=words.count(basis.n_matches),
            model=basis.model_version,
        ),
    )


def _lead(group: GroupOnPage, words: Language) -> str:
    counts = {
        "shots": words.plural("one shot", "%(n)s shots", group.n_shots),
        "matches": words.plural("one match", "%(n)s matches", group.n_matches),
    }
    if len(group.shown) <= 1:
        lead = words.text("Of %(shots)s in %(matches)s.", **counts)
        return lead if group.shown else f"{lead} {nothing_compared(words)}"
    return words.text(
        "Of %(shots)s in %(matches)s. Of %(all)s features these differ most from everybody's; the intervals hold for "
        "all of them at once.",
        all=words.count(group.n_features),
        **counts,
    )


def _figure(one: ShownProfile, n_shots: int, words: Language) -> ProfileFigure:
    profile = one.profile
    said = (swing_in_words(profile, words), left_out(n_shots - profile.own.n_shots, words))
    grid = profile.everybody.grid
    return ProfileFigure(
        words.text(grid.feature["label"]),
        " ".join(filter(None, said)),
        _chart(one, words),
        change_in_words(grid, profile.own.mean, profile.swing.worst, profile.swing.best, words),
        axis_of(grid, words),
        *_table(one, words),
    )


def _chart(one: ShownProfile, words: Language) -> LineChart | RowChart:
    profile, is_off = one.profile, one.off > MAX_SHARE
    grid = profile.everybody.grid
    curves = (_curve_of_everybody(profile), Curve("own", profile.own.mean, profile.own.low, profile.own.high))
    if grid.kind == "values":
        labels = [feature_value(grid.feature, value, words) for value in grid.points.tolist()]
        return row_chart(labels, curves, shares=profile.shares, is_off=is_off)
    return line_chart(grid.points, curves, shares=profile.shares, is_off=is_off, height=230.0)


def _curve_of_everybody(profile: GroupProfile) -> Curve:
    curve = profile.everybody.curve
    return Curve("others", curve.mean, curve.low, curve.high)


def _table(one: ShownProfile, words: Language) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    profile, grid = one.profile, one.profile.everybody.grid
    own, everybody = profile.own, profile.everybody
    titles = (
        *(words.text("Value"), words.text("share of shots"), words.text("mean xG")),
        *(
            words.text("95 % from"),
            words.text("95 % to"),
            words.text("everybody's"),
            words.text("unlike any"),
        ),
    )
    rows = [
        (
            feature_value(grid.feature, value, words),
            words.share(profile.shares[n]),
            *(words.number(of[n], 3) for of in (own.mean, own.low, own.high, everybody.curve.mean)),
            words.share(one.off[n]),
        )
        for n, value in enumerate(grid.points.tolist())
    ]
    missing = (words.text("missing"), "", words.number(profile.at_missing, 3), "", "")
    rows.append((*missing, words.number(everybody.at_missing, 3), ""))
    return titles, tuple(rows)
