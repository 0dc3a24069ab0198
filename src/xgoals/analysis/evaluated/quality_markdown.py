"""The table of a model's quality as a text page shows it: three metrics, three splits, and what is sure of the lead."""

import pandas as pd

from xgoals.analysis.stored_figures import Row

SPLITS = {
    "held_out": "latest fifth of the matches",
    "out_of_fold": "out of fold",
    "unseen_competition": "other competitions",
}
METRICS = {"auc": "AUC", "log_loss": "log loss", "brier": "Brier"}
FORECASTERS = {
    "model": "xgoals",
    "provider": "the provider's own xG",
    "geometry": "distance, angle and header only",
    "glass_box": "glass-box peer",
}
_WHERE = {
    "held_out": "On the latest fifth of the matches",
    "out_of_fold": "Out of fold",
    "unseen_competition": "On other competitions",
}
_HIGHER_IS_BETTER = "auc"
_SPECIAL = {
    "with_sharp_dead_balls": "with the free and corner kicks from less than 12 degrees, which are in no other figure",
    "sharp_dead_balls": "these kicks alone",
    "penalties": "penalties",
    "no_keeper": "shots without a keeper in their frame",
    "no_positions": "shots of which nobody's position is known",
}


def quality_markdown(figures: pd.DataFrame) -> str:
    """Table and sentences of a stored evaluation, in Markdown.

    Parameters
    ----------
    figures
        As :func:`xgoals.store.evaluations.read_evaluation` returns them.
    """
    splits = [split for split in SPLITS if _rows(figures, split, "all", "none")]
    heads = [
        f"{SPLITS[split]}: {metric}" if number == 0 else metric
        for split in splits
        for number, metric in enumerate(METRICS.values())
    ]
    lines = ["| model | " + " | ".join(heads) + " |", "| --- |" + " --- |" * len(heads)]
    lines += [
        f"| {words} | " + " | ".join(_own(figures, split, who, metric) for split in splits for metric in METRICS) + " |"
        for who, words in FORECASTERS.items()
        if who != "glass_box" or "glass_box" in set(figures["forecaster"])
    ]  # fmt: skip
    leads = [_lead(figures, split, "all", _WHERE[split]) for split in splits]
    apart = [
        _lead(
            figures,
            "out_of_fold",
            "with_sharp_dead_balls",
            f"Out of fold {_SPECIAL['with_sharp_dead_balls']}",
        )
    ]
    counts = [
        _counts(figures, name) for name in ("sharp_dead_balls", "penalties", "no_keeper", "no_positions")
    ]
    told = [*[f"- {line}" for line in leads + apart if line], *[f"- {line}" for line in counts if line]]
    return "\n".join([*lines, "", "Model minus provider, 95 % intervals:", "", *told])


def verdict(metric: str, low: float, high: float) -> str:
    """Whether the model is surely better or worse than the one it is compared with, by the interval of a difference."""
    if low <= 0 <= high:
        return "cannot be told"
    return "better" if (low > 0) == (metric == _HIGHER_IS_BETTER) else "worse"


def _lead(figures: pd.DataFrame, split: str, slice_: str, words: str) -> str | None:
    known = (row for row in _rows(figures, split, slice_, "provider") if pd.notna(row["low"]))
    rows = {row["metric"]: row for row in known}
    told = [
        f"{name} {_signed(rows[metric]['value'])} ({_signed(rows[metric]['low'])} to {_signed(rows[metric]['high'])}: "
        f"{verdict(metric, rows[metric]['low'], rows[metric]['high'])})"
        for metric, name in METRICS.items()
        if metric in rows
    ]
    return f"{words}: {', '.join(told)}." if told else None


def _counts(figures: pd.DataFrame, slice_: str) -> str | None:
    rows = {(row["forecaster"], row["metric"]): row for row in _rows(figures, "out_of_fold", slice_, "none")}
    ours, theirs = rows.get(("model", "surplus_per_100")), rows.get(("provider", "surplus_per_100"))
    if ours is None or pd.isna(ours["value"]):
        return None
    told = f"{ours['n_shots']} shots, {ours['n_goals']} goals, {_expected(ours)} expected"
    if theirs is not None and pd.notna(theirs["value"]):
        told += f", {_expected(theirs)} by the provider"
    p = rows["model", "surplus_p"]["value"]
    words = _SPECIAL[slice_]
    return f"{words[:1].upper()}{words[1:]}: {told} (so far out by chance alone: {_chance(p)})."


def _expected(surplus: Row) -> str:
    return f"{surplus['n_goals'] - surplus['value'] * surplus['n_shots'] / 100:.1f}"


def _chance(p: float) -> str:
    return "less than 1 in 10,000" if p < 0.0001 else f"{100 * p:.2g} %"


def _own(figures: pd.DataFrame, split: str, who: str, metric: str) -> str:
    for row in _rows(figures, split, "all", "none"):
        if (row["forecaster"], row["metric"]) == (who, metric) and pd.notna(row["value"]):
            return f"{row['value']:.4f}".lstrip("0")
    return "–"


def _rows(figures: pd.DataFrame, split: str, slice_: str, compared_with: str) -> list[Row]:
    chosen = (figures["split"] == split) & (figures["slice"] == slice_)
    return list(figures[chosen & (figures["compared_with"] == compared_with)].to_dict("records"))


def _signed(value: float) -> str:
    return f"{value:+.4f}".replace("+0.", "+.").replace("-0.", "\N{MINUS SIGN}.")
