"""What the page of baselines shows: columns, falls and lines, as places in per cent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from xgoals.analysis.baselines.compared import ComparedBaselines, ShotAgainst
from xgoals.analysis.baselines.moves import PartMoves
from xgoals.features.catalogue import Catalogue, Feature
from xgoals.language import Language
from xgoals.report.baselines import sentences
from xgoals.report.shot.waterfall import Scale
from xgoals.report.words.feature_values import feature_value

NOTHING = 0.0005
"""What moves less everywhere has no line and no step."""


@dataclass(frozen=True, slots=True)
class Column:
    """One baseline in words: ``mark`` is the style of its mark, the same everywhere."""

    mark: str
    name: str
    asked: str
    what: str
    answers: str
    notes: tuple[str, ...]
    base_value: float
    base_span: str
    first_group: str
    first_feature: str


@dataclass(frozen=True, slots=True)
class FallStep:
    """A group's value on the way from the base value to the xG; places in per cent."""

    name: str
    value: float
    left_pct: float
    width_pct: float

    @property
    def right_pct(self) -> float:
        """Where the bar ends."""
        return self.left_pct + self.width_pct


@dataclass(frozen=True, slots=True)
class Fall:
    """One shot against one baseline."""

    column: Column
    base_value: float
    base_pct: float
    steps: tuple[FallStep, ...]
    xg: float
    xg_pct: float


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a baseline's mark stands on a line, and what it says."""

    mark: str
    at_pct: float
    said: str


@dataclass(frozen=True, slots=True)
class Line:
    """How much a part moves, against each baseline."""

    label: str
    marks: tuple[Mark, ...]
    low_pct: float
    high_pct: float
    is_reordered: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: a heading a column, and rows of label and cells."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class BaselinesFacts:
    """All of the page; what is of one shot is empty where none was asked about."""

    columns: tuple[Column, ...]
    falls: tuple[Fall, ...]
    of_shot: Grid
    groups: tuple[Line, ...]
    features: tuple[Line, ...]
    scale_end: float
    sizes: Grid
    values: Grid


def baselines_facts(found: ComparedBaselines, catalogue: Catalogue, words: Language) -> BaselinesFacts:
    """The page's facts."""
    columns = tuple(_columns(found, catalogue, words))
    labels = {feature.name: words.text(feature.label) for feature in catalogue.features}
    labels |= {group: words.text(group) for group in catalogue.groups}
    groups = [of.moves.groups for of in found.baselines]
    features = [of.moves.features for of in found.baselines]
    most = max(part.mean_abs.value for parts in (*groups, *features) for part in parts) or 1.0
    return BaselinesFacts(
        columns=columns,
        falls=tuple(_falls(found, columns, labels)),
        of_shot=_of_shot(found, columns, catalogue, words),
        groups=tuple(_lines(groups, columns, labels, most, words)),
        features=tuple(_lines(features, columns, labels, most, words)),
        scale_end=most,
        sizes=_sizes((groups, features), columns, labels, words),
        values=_values(found, columns, catalogue, words),
    )


def first_reasons(found: ComparedBaselines) -> list[str]:
    """The group with the largest |value| of the one shot against each baseline."""
    asked = [of.of_shot.groups for of in found.baselines if of.of_shot is not None]
    return [max(groups, key=lambda name: abs(groups[name])) for groups in asked]


def _columns(found: ComparedBaselines, catalogue: Catalogue, words: Language) -> Iterable[Column]:
    for number, of in enumerate(found.baselines):
        low, high = (words.number(end, 4) for end in (of.moves.base_low, of.moves.base_high))
        yield Column(
            mark=f"m{number}",
            name=sentences.name_of(number, words),
            asked=of.told.asked.text,
            what=sentences.what_it_is(of.told, words),
            answers=sentences.what_it_answers(of.told, words),
            notes=sentences.what_to_know(of, catalogue, words),
            base_value=of.moves.base_value,
            base_span="" if low == high else f"{low}–{high}",
            first_group="–"
            if number == 0
            else sentences.estimate(of.moves.other_first_group, words, as_share=True),
            first_feature="–"
            if number == 0
            else sentences.estimate(of.moves.other_first_feature, words, as_share=True),
        )


def _falls(found: ComparedBaselines, columns: Sequence[Column], labels: Mapping[str, str]) -> Iterable[Fall]:
    """Of the one shot, all on one scale, the groups in the order of the stored baseline's."""
    asked = [of.of_shot for of in found.baselines if of.of_shot is not None]
    if found.shot is None or not asked:
        return
    order = sorted(asked[0].groups, key=lambda name: -abs(asked[0].groups[name]))
    reached = [at for of in asked for at in _reached(of, order)]
    low, high = min(0.0, *reached), max(reached)
    scale = Scale(low, high + 0.16 * (high - low))
    for column, of in zip(columns, asked, strict=True):
        at, steps = of.base_value, []
        for name in order:
            value = of.groups[name]
            left, right = sorted((scale.place_pct(at), scale.place_pct(at + value)))
            at += value
            if any(abs(other.groups[name]) >= NOTHING for other in asked):
                steps.append(FallStep(labels[name], value, left, right - left))
        base = of.base_value
        yield Fall(
            column, base, scale.place_pct(base), tuple(steps), found.shot.xg, scale.place_pct(found.shot.xg)
        )


def _reached(of: ShotAgainst, order: Sequence[str]) -> list[float]:
    reached = [of.base_value]
    for name in order:
        reached.append(reached[-1] + of.groups[name])
    return reached


def _lines(
    found: Sequence[Sequence[PartMoves]],
    columns: Sequence[Column],
    labels: Mapping[str, str],
    most: float,
    words: Language,
) -> Iterable[Line]:
    """The parts that move anything, the largest against the stored baseline first."""
    for place in sorted(range(len(found[0])), key=lambda place: found[0][place].rank):
        parts = [of[place] for of in found]
        if all(part.mean_abs.value < NOTHING for part in parts):
            continue
        at = [92 * part.mean_abs.value / most for part in parts]
        marks = tuple(
            Mark(column.mark, left, f"{column.name}: {words.number(part.mean_abs.value, 4)}")
            for column, part, left in zip(columns, parts, at, strict=True)
        )
        is_reordered = any(part.rank != part.rank_before for part in parts)
        yield Line(labels[parts[0].name], marks, min(at), max(at), is_reordered)


def _sizes(
    found: Sequence[Sequence[Sequence[PartMoves]]],
    columns: Sequence[Column],
    labels: Mapping[str, str],
    words: Language,
) -> Grid:
    """Mean |value| with its interval and rank, groups first."""
    rows = []
    for of_kind in found:
        for place in sorted(range(len(of_kind[0])), key=lambda place: of_kind[0][place].rank):
            parts = [of[place] for of in of_kind]
            cells = [f"{part.rank}. {sentences.estimate(part.mean_abs, words)}" for part in parts]
            rows.append((labels[parts[0].name], *cells))
    return Grid((words.text("Mean |value|, xG"), *(column.name for column in columns)), tuple(rows))


def _of_shot(
    found: ComparedBaselines, columns: Sequence[Column], catalogue: Catalogue, words: Language
) -> Grid:
    """The one shot's features, and what each is worth against each baseline."""
    head = (words.text("Feature"), words.text("this shot"), *(column.name for column in columns))
    asked = [of.of_shot for of in found.baselines if of.of_shot is not None]
    if found.shot is None:
        return Grid(head, ())
    shot = found.shot
    rows = [(words.text("base value"), "", *(words.number(of.base_value, 4) for of in asked))]
    for feature in catalogue.features:
        values = (words.number(of.features[feature.name], 4, signed=True) for of in asked)
        rows.append((words.text(feature.label), _shown(feature, shot.features[feature.name], words), *values))
    rows.append((words.text("together"), "", *(words.number(shot.xg, 4) for _ in asked)))
    return Grid(head, tuple(rows))


def _values(
    found: ComparedBaselines, columns: Sequence[Column], catalogue: Catalogue, words: Language
) -> Grid:
    """What each baseline says of every feature."""
    rows = [
        (
            words.text(feature.label),
            *(_shown(feature, of.told.typical[feature.name], words) for of in found.baselines),
        )
        for feature in catalogue.features
    ]
    return Grid((words.text("Feature"), *(column.name for column in columns)), tuple(rows))


def _shown(feature: Feature, value: float, words: Language) -> str:
    from dataclasses import asdict

    return feature_value(asdict(feature), value, words) or words.text("normal")
