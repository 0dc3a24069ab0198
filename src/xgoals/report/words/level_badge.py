"""What is said of numbers that are not at their provider's level."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from xgoals.domain.provider_level import KindLevel, ProviderLevel
from xgoals.language import Language
from xgoals.report.words.providers import SOURCES


@dataclass(frozen=True, slots=True)
class LevelNote:
    """What a page says of hatched numbers of one provider."""

    provider: str
    sentence: str


def level_notes(levels: Mapping[str, ProviderLevel], words: Language) -> tuple[LevelNote, ...]:
    """A note for each provider whose numbers on a page are off; none where all of them are at their level."""
    return tuple(
        LevelNote(SOURCES.get(name, name), _sentence(SOURCES.get(name, name), level, words))
        for name, level in sorted(levels.items())
        if level.is_off
    )


def _sentence(provider: str, level: ProviderLevel, words: Language) -> str:
    found = level.shots
    assert found.xg_per_goal is not None  # noqa: S101  (what is off was measured)
    said = {
        "provider": provider,
        "share": words.share(abs(found.xg_per_goal - 1)),
        "shots": words.plural("one shot", "%(n)s shots", level.n_shots),
        "ratio": words.number(found.xg_per_goal, 2),
        "low": words.number(found.low, 2),
        "high": words.number(found.high, 2),
    }
    if found.xg_per_goal < 1:
        return words.text(
            "Hatched: these numbers expect %(share)s too few goals from %(provider)s shots (%(shots)s; sum of xG over "
            "goals %(ratio)s, 95 %% interval %(low)s to %(high)s). Compare them with other %(provider)s numbers only.",
            **said,
        )
    return words.text(
        "Hatched: these numbers expect %(share)s too many goals from %(provider)s shots (%(shots)s; sum of xG over "
        "goals %(ratio)s, 95 %% interval %(low)s to %(high)s). Compare them with other %(provider)s numbers only.",
        **said,
    )


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A provider in the model page's table of levels; figures are None where there is no goal."""

    provider: str
    n_matches: int
    n_shots: int
    xg_per_goal: float | None
    interval: tuple[float, float] | None
    headers: float | None
    headers_interval: tuple[float, float] | None
    verdict: str


def level_rows(
    levels: Mapping[str, ProviderLevel], corrected: Collection[str], words: Language
) -> tuple[LevelRow, ...]:
    """The providers that a model's numbers are of, by name.

    Parameters
    ----------
    corrected
        Those with a level of their own.
    """
    return tuple(
        LevelRow(
            SOURCES.get(name, name),
            level.n_matches,
            level.n_shots,
            level.shots.xg_per_goal,
            _interval(level.shots),
            level.headers.xg_per_goal,
            _interval(level.headers),
            _verdict(level, name in corrected, words),
        )
        for name, level in sorted(levels.items())
    )


def _interval(of: KindLevel) -> tuple[float, float] | None:
    return None if of.low is None or of.high is None else (of.low, of.high)


def _verdict(level: ProviderLevel, is_corrected: bool, words: Language) -> str:
    verdicts = {
        "own": words.text("the only one it has learned from"),
        "too_few": words.text("too few shots to say"),
        "off": words.text("off: hatched"),
        "at_level": words.text("at its level"),
    }
    told = verdicts[level.verdict]
    return words.text("%(verdict)s, by a level of its own", verdict=told) if is_corrected else told
