"""Random files and settings for facets and labels: text, numbers, truths, missing values, thresholds."""

from dataclasses import dataclass

import numpy as np

N_READINGS = 500
_SEED = 27_112_026


@dataclass(frozen=True)
class Reading:
    """A CSV file with the columns facet, label, predicted, group, a, b, and what a job says about it."""

    csv: str
    facet_values: list[int | float | str] | None
    label_values: list[int | float | str]
    has_group: bool


def reading(number: int) -> Reading:
    """The file and the settings of this number."""
    rng = np.random.default_rng([_SEED, number])
    n = int(rng.integers(8, 41)) if rng.random() < 0.25 else int(rng.integers(61, 150))
    facet, facet_values = _facet(rng, n)
    label, predicted, label_values = _label(rng, n)
    group_kind = rng.random()
    group = (
        [f"g{x}" for x in rng.integers(0, 3, n)]
        if group_kind < 0.6
        else [str(x) for x in rng.integers(0, 3, n)]
    )
    if group_kind > 0.9:
        group = _with_holes(rng, group)
    a = [f"{x:.3f}" for x in rng.random(n)]
    b = (
        [str(x) for x in rng.integers(0, 30, n)]
        if rng.random() < 0.85
        else [f"t{x}" for x in rng.integers(0, 3, n)]
    )
    lines = ["facet,label,predicted,group,a,b"]
    lines += [",".join(row) for row in zip(facet, label, predicted, group, a, b)]  # noqa: B905 - also read by 3.9
    return Reading("\n".join(lines) + "\n", facet_values, label_values, has_group=bool(rng.random() < 0.8))


def _with_holes(rng: np.random.Generator, cells: list[str]) -> list[str]:
    return ["" if hole else cell for cell, hole in zip(cells, rng.random(len(cells)) < 0.15)]  # noqa: B905


def _facet(rng: np.random.Generator, n: int) -> tuple[list[str], list[int | float | str] | None]:
    kind = int(rng.integers(0, 9))
    of_three = rng.integers(1, 4, n)
    if kind <= 1:  # texts, with holes
        cells = [f"v{x}" for x in of_three]
        cells = _with_holes(rng, cells) if kind else cells
        return cells, _pick(rng, [None, ["v1"], ["v2", "v3"], ["nobody"]])
    if kind == 2:
        return [str(x == 1) for x in of_three], _pick(rng, [None, [1], ["True"], [0]])
    if kind == 3:  # whole numbers: categories in long tables, continuous in short ones
        return [str(x) for x in of_three], _pick(rng, [[1], [2], ["2"], [2, 3], ["1.0"]])
    if kind == 4:
        return [str(x) for x in of_three % 2], _pick(rng, [None, [1], [0], [0.5]])
    if kind == 5:
        return [str(x) for x in rng.integers(18, 90, n)], _pick(rng, [[40], ["40"], [40.5], [17], [95]])
    if kind == 6:
        return [f"{x:.2f}" for x in 100 * rng.random(n)], _pick(rng, [[50], [50.5], ["20"], [-1]])
    if kind == 7:
        return _with_holes(rng, [f"{x:.2f}" for x in 100 * rng.random(n)]), _pick(rng, [[50], [99.5]])
    return [str(-x) for x in rng.integers(18, 90, n)], _pick(rng, [[-40], [-60]])


def _label(rng: np.random.Generator, n: int) -> tuple[list[str], list[str], list[int | float | str]]:
    kind = int(rng.integers(0, 6))
    happened, said = rng.integers(0, 3, n), rng.integers(0, 3, n)
    if kind == 0:
        return [str(x % 2) for x in happened], [str(x % 2) for x in said], _pick(rng, [[1], [0], ["1"]])
    if kind == 1:
        return ["yes" if x else "no" for x in happened], ["yes" if x else "no" for x in said], ["yes"]
    if kind == 2:
        return [str(x == 1) for x in happened], [str(x == 1) for x in said], _pick(rng, [[1], ["True"]])
    if kind == 3:
        return [str(x) for x in happened], [str(x) for x in said], [1, 2]
    if kind == 4:
        return (
            _with_holes(rng, [f"c{x}" for x in happened]),
            [f"c{x}" for x in said],
            _pick(rng, [["c1"], ["c0", "c2"]]),
        )
    return (
        [f"{x:.2f}" for x in rng.random(n)],
        [f"{x:.2f}" for x in rng.random(n)],
        _pick(rng, [[0.5], [0.3], ["0.4"]]),
    )


def _pick(rng: np.random.Generator, choices: list) -> list | None:  # type: ignore[type-arg]
    return choices[int(rng.integers(0, len(choices)))]
