"""A profile in words: where a curve is lowest and highest, and what a group's swing says."""

from xgoals.analysis.profiles.everybody import EverybodysCurve
from xgoals.analysis.profiles.grid import Grid
from xgoals.analysis.profiles.group import GroupProfile
from xgoals.analysis.profiles.shown import ShownProfile
from xgoals.analysis.shots import FloatArray
from xgoals.language import Language
from xgoals.report.words.feature_values import feature_value


def axis_of(grid: Grid, words: Language) -> str:
    """The feature and its unit below a line; of rows, which name their values, the feature alone."""
    label, unit = words.text(grid.feature["label"]), grid.feature["unit"]
    return f"{label}, {'°' if unit == 'deg' else unit}" if unit and grid.kind == "line" else label


def change_in_words(everybody: EverybodysCurve, mean: FloatArray, words: Language) -> str:
    """What a picture of a mean curve shows: its ends, at the usual values that are worst and best for everybody."""
    feature, values = everybody.grid.feature, everybody.grid.points
    return words.text(
        "%(label)s, all else as it was: mean xG from %(a)s at %(worst)s to %(b)s at %(best)s.",
        label=_sentence(words.text(feature["label"])),
        a=words.number(float(mean[everybody.worst]), 3),
        worst=feature_value(feature, float(values[everybody.worst]), words),
        b=words.number(float(mean[everybody.best]), 3),
        best=feature_value(feature, float(values[everybody.best]), words),
    )


def _sentence(label: str) -> str:
    return label[:1].upper() + label[1:]


def swing_in_words(shown: ShownProfile, words: Language) -> str:
    """A group's swing beside everybody's, and what chance has to say; that there is none off the map."""
    profile = shown.profile
    if not shown.is_compared:
        return words.text("Nothing is compared: too much of this curve is off the map.")
    everybody, swing = profile.everybody, profile.swing
    feature, values = everybody.grid.feature, everybody.grid.points
    told = words.text(
        "From %(worst)s to %(best)s these chances gain %(own)s xG, everybody's %(others)s.",
        worst=feature_value(feature, float(values[everybody.worst]), words),
        best=feature_value(feature, float(values[everybody.best]), words),
        own=words.number(swing.own, 3),
        others=words.number(everybody.swing, 3),
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
