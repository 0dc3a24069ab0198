"""A decision about the champion in words: what was asked, what was found, and why it came out as it did.

All of it is said anew from typed figures, in the language of the page. What was stored as a sentence alone, before
there were figures, is shown as it was written: in English.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from xgoals.domain.model import Because, Decision
from xgoals.language import Language
from xgoals.model.gate import GateCheck
from xgoals.report.words.said import Said


@dataclass(frozen=True)
class CheckInWords:
    """One check as a row of a table.

    Attributes
    ----------
    name, asks
        Its name in the evidence, and what is asked.
    figure, bound, passed
        What was found, and what was let pass.
    detail
        How sure it is and on how many shots; of a check of before that was kept its stored sentence.
    """

    name: str
    asks: str
    figure: str
    bound: str
    passed: bool
    detail: Said


_Ask = tuple[str, Callable[[GateCheck, Language], str], Callable[[GateCheck, Language], str]]


def _log_loss(check: GateCheck, words: Language) -> str:
    return words.text("log loss %(value)s", value=words.number(check.value, 4, signed=True))


def _auc(check: GateCheck, words: Language) -> str:
    return f"AUC {words.number(check.value, 4, signed=True)}"


def _margin(check: GateCheck, words: Language) -> str:
    return words.text("at most %(bound)s, or chance", bound=words.number(check.bound, 4, signed=True))


def _one_by_chance(_: GateCheck, words: Language) -> str:
    return words.text("1, or chance")


def _plain(decimals: int) -> Callable[[GateCheck, Language], str]:
    return lambda check, words: words.number(check.value, decimals)


def _at_most(decimals: int) -> Callable[[GateCheck, Language], str]:
    return lambda check, words: words.text("at most %(bound)s", bound=words.number(check.bound, decimals))


def _share(check: GateCheck, words: Language) -> str:
    return words.text("%(share)s apart", share=words.share(check.value, 1))


_ASKS: dict[str, _Ask] = {
    "geometry": (
        "Not worse than distance, angle and header alone",
        _log_loss,
        lambda _, words: words.text("not surely above 0"),
    ),
    "calibrated_slope": (
        "Keeps its promises, small and large (slope)",
        _plain(3),
        _one_by_chance,
    ),
    "calibrated_sum": ("Promises as many goals as fell (xG a goal)", _plain(3), _one_by_chance),
    "as_many_matches": (
        "As many matches as the champion before",
        _plain(0),
        lambda check, words: words.text("at least %(bound)s", bound=words.count(check.bound)),
    ),
    "features_alive_in_window": ("No feature in use has died in its window", _plain(0), _at_most(0)),
    "features_alive_in_new_matches": (
        "No feature in use has died in the new matches",
        _plain(0),
        _at_most(0),
    ),
    "champion": ("Not worse than the champion before it", _log_loss, _margin),
    "latest": ("Nor on the latest matches", _log_loss, _margin),
    "anchor": ("Not worse than the anchor, an early champion", _log_loss, _margin),
    "calibrated": ("Keeps its promises: gain by recalibrating", _plain(5), _at_most(5)),
    "plausible_gain": (
        "Not too good to be true beside the champion",
        _auc,
        lambda check, words: words.text(
            "not surely above %(bound)s", bound=words.number(check.bound, 2, signed=True)
        ),
    ),
    "plausible_over_geometry": (
        "Not too good beside distance, angle and header",
        _auc,
        lambda check, words: words.text("at most %(bound)s", bound=words.number(check.bound, 2, signed=True)),
    ),
    "few_sharp_disagreements": (
        "Hardly a shot is judged wholly otherwise",
        _plain(0),
        _at_most(0),
    ),
    "published_sum": (
        "What publishes is what was judged: sum of xG",
        _share,
        lambda check, words: words.text("at most %(bound)s apart", bound=words.share(check.bound)),
    ),
    "level_gain": (
        "A provider's level: not worse on its shots",
        _log_loss,
        lambda _, words: words.text("at most %(bound)s", bound=words.number(0, 4)),
    ),
    "level_sum": ("A provider's level: xG a goal on its shots", _plain(3), _one_by_chance),
    "others_untouched": ("Other providers' numbers stay", _plain(6), _at_most(6)),
    "published_order": (
        "The same: order of shots (correlation lost)",
        _plain(3),
        _at_most(2),
    ),
}


def texts() -> list[str]:
    """What is asked, for the test that every text has its German."""
    return [asks for asks, _, _ in _ASKS.values()]


def checks_in_words(decision: Decision, words: Language) -> tuple[CheckInWords, ...]:
    """Every check that a decision rests on, guards of the data first; none where a person decided."""
    records = (*decision.evidence.get("guards", ()), *decision.evidence.get("checks", ()))
    return tuple(_in_words(record, words) for record in records)


def _in_words(record: Mapping[str, Any], words: Language) -> CheckInWords:
    check = GateCheck.of_record(record)
    asks, figure, bound = _ASKS[check.name]
    detail = _detail(check, words)
    if not detail and (words.code == "en" or "low" not in record):  # of before such figures were kept
        told = Said(check.sentence, is_translated=words.code == "en")
    else:
        told = Said(detail)
    return CheckInWords(
        check.name, words.text(asks), figure(check, words), bound(check, words), check.passed, told
    )


def _detail(check: GateCheck, words: Language) -> str:
    """How sure it is, on how many shots, which features; empty where nothing of it was kept."""
    found = []
    if check.low is not None and check.high is not None:
        bounds = (
            words.number(value, 4 if abs(check.value) < 0.5 else 3) for value in (check.low, check.high)
        )
        low, high = bounds
        found.append(words.text("99 %% bounds %(low)s and %(high)s", low=low, high=high))
    elif check.low is not None:
        found.append(words.text("lower 99 %% bound %(low)s", low=words.number(check.low, 4)))
    if check.n_shots is not None:
        shots = words.plural("one shot", "%(n)s shots", check.n_shots)
        if check.n_matches is not None:
            matches = words.plural("one match", "%(n)s matches", check.n_matches)
            shots = words.text("%(shots)s of %(matches)s", shots=shots, matches=matches)
        found.append(shots)
    if check.features:
        found.append(words.listing(list(check.features)))
    return "; ".join(found)


def decision_in_words(decision: Decision, words: Language) -> Said:
    """Why a decision came out as it did, in a sentence or two."""
    because = decision.because
    if because is None:
        return Said(decision.reason, is_translated=words.code == "en")
    found = [_BECAUSE[because](words)]
    if because in (Because.DATA_REFUSED, Because.REFUSED, Because.FIRST_REFUSED):
        failed = [row.asks for row in checks_in_words(decision, words) if not row.passed]
        found.append(words.text("Not fulfilled: %(checks)s.", checks="; ".join(failed)))
    if because is Because.NOT_COMPARABLE and "n_judged" in decision.evidence:
        numbers = {name: words.count(decision.evidence[name]) for name in ("n_window", "n_judged", "n_goals")}
        found.append(
            words.text(
                "Of %(n_window)s shots of its window the champion can predict %(n_judged)s that are judged, with "
                "%(n_goals)s goals.",
                **numbers,
            )
        )
    if decision.verdict == "awaiting_approval":
        found.append(
            words.text(
                "It waits for a person: %(command)s.", command=f"xgoals models promote {decision.challenger}"
            )
        )
    return Said(" ".join(found))


_BECAUSE: dict[Because, Callable[[Language], str]] = {
    Because.FIRST: lambda words: words.text(
        "There was no champion to compare it with; it is good enough to begin."
    ),
    Because.FIRST_REFUSED: lambda words: words.text("The first model was refused."),
    Because.NOT_WORSE: lambda words: words.text(
        "Not worse than the champion before it, calibrated, plausible."
    ),
    Because.LEVEL: lambda words: words.text(
        "The trees of the champion before it, with a level of its own for a provider that it was off for."
    ),
    Because.DATA_REFUSED: lambda words: words.text("Refused: something is wrong with its data."),
    Because.REFUSED: lambda words: words.text("Refused."),
    Because.NOT_COMPARABLE: lambda words: words.text("Refused: it cannot be compared with the champion."),
    Because.PINNED: lambda words: words.text("It would have passed; the champion is pinned and stays."),
    Because.BY_HAND: lambda words: words.text("Promoted by hand."),
    Because.APPROVED: lambda words: words.text("It passed, and a person approved it."),
    Because.ROLLED_BACK: lambda words: words.text("Brought back by hand."),
}
