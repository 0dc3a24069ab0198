"""An alarm of drift in a sentence: where, since when, what, and whose shots make it."""

from collections.abc import Mapping, Sequence
from typing import Any

from xgoals.analysis.drift.alarms import Alarm, Cause, Matchday
from xgoals.analysis.drift.causes import Part, who_makes_it
from xgoals.language import Language
from xgoals.report.words.feature_values import category_word, feature_value
from xgoals.report.words.providers import SOURCES

Features = Mapping[str, Mapping[str, Any]]
"""Name -> definition, as in the catalogue."""


def alarm_sentence(alarm: Alarm, features: Features, words: Language) -> str:
    """Since when what is otherwise, whose shots make it, and on how many shots that rests."""
    cause = alarm.cause
    parts = [
        words.text(
            "Since %(since)s%(between)s: %(what)s",
            since=matchday_words(cause.since, words),
            between=_between(cause, words),
            what=what_moved(alarm, features, words),
        ),
        who_words(cause, words),
        words.text(
            "%(shots)s of %(matches)s",
            shots=words.plural("one shot", "%(n)s shots", cause.n_shots),
            matches=words.plural("one match", "%(n)s matches", cause.n_matches),
        ),
    ]
    return "; ".join(part for part in parts if part) + "."


def matchday_words(matchday: Matchday, words: Language) -> str:
    """A matchday as people call it, by its day where it has no number."""
    if matchday.matchday is None:
        return words.day(matchday.date)
    return words.text("matchday %(n)s of %(season)s", n=matchday.matchday, season=matchday.season)


def _between(cause: Cause, words: Language) -> str:
    if cause.earliest == cause.latest:
        return ""
    ends = (cause.earliest, cause.latest)
    if any(end.matchday is None or end.season != cause.since.season for end in ends):
        told = [words.day(end.date) for end in ends]
    else:
        told = [str(end.matchday) for end in ends]
    return " " + words.text("(between %(first)s and %(last)s)", first=told[0], last=told[1])


def series_name(kind: str, name: str, features: Features, words: Language) -> str:
    """How a series is called."""
    fixed = {
        ("attribution", "ndcg"): words.text("ranking of features"),
        ("calibration", "level"): words.text("goals minus xG"),
        ("calibration", "slope"): words.text("calibration slope"),
        ("venue", "home"): words.text("goals minus xG, home"),
        ("venue", "away"): words.text("goals minus xG, away"),
        ("body_part", "foot"): words.text("goals minus xG, shots with the foot"),
        ("body_part", "head"): words.text("goals minus xG, headers"),
        ("body_part", "other"): words.text("goals minus xG, neither foot nor head"),
    }
    if (kind, name) in fixed:
        return fixed[kind, name]
    if kind == "feature":
        return words.text(str(features[name]["label"])) if name in features else name
    return words.text("goals minus xG, %(name)s", name=name)


def what_moved(alarm: Alarm, features: Features, words: Language) -> str:
    """What is otherwise than in the window, with both figures."""
    cause, name = alarm.cause, series_name(alarm.kind, alarm.name, features, words)
    if alarm.kind == "attribution":
        labels = [series_name("feature", of or "", features, words) for of in (cause.risen, cause.fallen)]
        return words.text(
            "other features move the model (nDCG %(value)s): %(risen)s weighs more, %(fallen)s less",
            value=words.number(cause.value), risen=labels[0], fallen=labels[1],
        )  # fmt: skip
    if alarm.kind == "feature":
        return _feature(
            cause, name, features.get(alarm.name) or {"kind": "", "unit": "", "categories": None}, words
        )
    if alarm.name == "slope":
        return words.text(
            "%(name)s %(now)s instead of %(before)s",
            name=name, now=words.number(cause.value), before=words.number(cause.window_value),
        )  # fmt: skip
    return words.text(
        "%(name)s %(now)s a hundred shots instead of %(before)s",
        name=name,
        now=words.number(100 * cause.value, 1, signed=True),
        before=words.number(100 * cause.window_value, 1, signed=True),
    )


def _feature(cause: Cause, name: str, feature: Mapping[str, Any], words: Language) -> str:
    if cause.mean is not None and feature["kind"] != "binary":
        now, before = (feature_value(feature, of, words) for of in (cause.mean, cause.window_mean))
        return words.text(
            "%(name)s %(now)s on average instead of %(before)s", name=name, now=now, before=before
        )
    if cause.mean is not None and cause.window_mean is not None:
        shares = ((cause.mean + 1) / 2, (cause.window_mean + 1) / 2)  # -1 and 1 are no and yes
    else:
        shares = (cause.share or 0.0, cause.window_share or 0.0)
    figures = {"now": words.share(shares[0]), "before": words.share(shares[1])}
    if cause.is_missing:
        return words.text(
            "%(name)s is missing in %(now)s of shots instead of %(before)s", name=name, **figures
        )
    if feature["kind"] == "category" and cause.code is None:
        return words.text(
            "%(name)s has a code in %(now)s of shots that the window does not know", name=name, **figures
        )
    if feature["kind"] == "category" and feature["categories"] and cause.code is not None:
        name = f"{name}, {words.text(category_word(feature, cause.code))}"
    return words.text("%(name)s in %(now)s of shots instead of %(before)s", name=name, **figures)


def who_words(cause: Cause, words: Language) -> str:
    """Whose shots make it; that all clubs are alike in it is told, too."""
    told = [
        _who(cause.parts.get(facet, ()), said, words)
        for facet, said in (
            ("club", "mostly shots of %(names)s"),
            ("opponent", "mostly shots against %(names)s"),
        )
    ]
    found = [text for text in told if text][:1]
    if not found and len(cause.parts.get("club", ())) > 1:
        found = [words.text("in the shots of all clubs alike")]
    providers = cause.parts.get("provider", ())
    if len(providers) == 1:
        found.append(words.text("provider %(name)s", name=_provider(providers[0])))
    elif who := who_makes_it(providers):
        found.append(
            words.text("mostly provider %(name)s", name=words.listing([_provider(part) for part in who]))
        )
    return "; ".join(found)


def _provider(part: Part) -> str:
    return SOURCES.get(part.name, part.name)


def _who(parts: Sequence[Part], said: str, words: Language) -> str:
    who = who_makes_it(parts)
    if not who or len(parts) < 2:
        return ""
    names = words.listing([part.name for part in who])
    if said == "mostly shots of %(names)s":
        mostly = words.text("mostly shots of %(names)s", names=names)
    else:
        mostly = words.text("mostly shots against %(names)s", names=names)
    return words.text(
        "%(mostly)s (%(share)s of the shift with %(shots)s of the shots)",
        mostly=mostly,
        share=words.share(min(1.0, sum(part.share for part in who))),
        shots=words.share(sum(part.share_of_shots for part in who)),
    )
