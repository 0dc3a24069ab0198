"""A profile in words: where a curve is lowest and highest, and what a group's swing says."""

from xgoals.analysis.profiles.grid import Grid
from xgoals.analysis.profiles.group import GroupProfile
from xgoals.analysis.shots import FloatArray
from xgoals.language import Language
from xgoals.report.words.feature_values import feature_value


def axis_of(grid: Grid, words: Language) -> str:
    """The feature and its unit below a line; of rows, which name their values, the feature alone."""
    label, unit = words.text(grid.feature["label"]), grid.feature["unit"]
    return f"{label}, {'°' if unit == 'deg' else unit}" if unit and grid.kind == "line" else label


def change_in_words(grid: Grid, mean: FloatArray, worst: int, best: int, words: Language) -> str:
    """What a picture of a mean curve shows: its values at two places of the grid."""
    return words.text(
        "%(label)s, all else as it was: mean xG from %(a)s at %(worst)s to %(b)s at %(best)s.",
        label=_sentence(words.text(grid.feature["label"])),
        a=words.number(float(mean[worst]), 3),
        worst=feature_value(grid.feature, float(grid.points[worst]), words),
        b=words.number(float(mean[best]), 3),
        best=feature_value(grid.feature, float(grid.points[best]), words),
    )


def _sentence(label: str) -> str:
    return label[:1].upper() + label[1:]


def swing_in_words(profile: GroupProfile, words: Language) -> str:
    """A group's swing beside everybody's, and what chance has to say; that there is none off the map."""
    grid, swing = profile.everybody.grid, profile.swing
    if not swing.is_compared:
        return words.text("Nothing is compared: too much of this curve is off the map.")
    told = words.text(
        "From %(worst)s to %(best)s these chances gain %(own)s xG, everybody's %(others)s.",
        worst=feature_value(grid.feature, float(grid.points[swing.worst]), words),
        best=feature_value(grid.feature, float(grid.points[swing.best]), words),
        own=words.number(swing.own, 3),
        others=words.number(swing.everybody, 3),
    )
    return f"{told} {_verdict(profile, words)}"


def _verdict(profile: GroupProfile, words: Language) -> str:
    swing = profile.swing
    if swing.low != swing.low:  # one match alone tells
        return words.text("How sure that is cannot be said: all shots are of one match.")
    values = {
        "more": words.number(swing.more, 3, signed=True),
        "low": words.number(swing.low, 3, signed=True),
        "high": words.number(swing.high, 3, signed=True),
    }
    if swing.is_beyond_chance:
        return words.text("Difference %(more)s (%(low)s to %(high)s): beyond chance.", **values)
    return words.text("Difference %(more)s (%(low)s to %(high)s): may be chance.", **values)


def nothing_compared(words: Language) -> str:
    """That there is no feature to show of a group."""
    return words.text(
        "None of their features can be compared: of some nobody knows a value, and any other value of the rest makes "
        "them unlike all shots that the model has learned from."
    )


def left_out(n_shots: int, words: Language) -> str:
    """How many shots of a group have no value of a feature; empty where all have."""
    if not n_shots:
        return ""
    return words.plural(
        "One of these shots has no value of it and is left out.",
        "%(n)s of these shots have no value of it and are left out.",
        n_shots,
    )
