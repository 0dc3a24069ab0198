"""xgoals models evaluate: what a model's honest predictions are worth."""

from typing import Annotated, Any

import typer

from xgoals.cli.database import settings_with
from xgoals.cli.options import DatabaseOption, JsonOption, print_json, print_table

_NAMES = {
    "held_out": "the latest matches, predicted from the earlier ones",
    "out_of_fold": "every match, predicted from the other folds",
    "unseen_competition": "every large competition, predicted from the others (features were designed on all)",
}
_METRICS = {
    "auc": "AUC", "log_loss": "log loss", "brier": "Brier", "ece": "ECE", "xg_per_goal": "xG / goals", "slope": "slope",
    "surplus_per_100": "goals - xG a 100", "surplus_p": "p",
}  # fmt: skip


def evaluate(
    version: Annotated[str, typer.Argument(help="Model version, as in: xgoals models list")],
    slice_: Annotated[
        str,
        typer.Option(
            "--slice",
            help="all, distance, body_part, shot_type, competition, season, club, provider, quantile, "
            "with_sharp_dead_balls, sharp_dead_balls, penalties, no_keeper or no_positions.",
        ),
    ] = "all",
    database: DatabaseOption = "main",
    json: JsonOption = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="The table for a text page.")] = False,
) -> None:
    """What a model's honest predictions are worth, with intervals; computed now if it was never evaluated."""
    from xgoals.analysis.evaluated.quality_markdown import quality_markdown
    from xgoals.domain.errors import ModelError
    from xgoals.steps.evaluate import evaluate_model

    figures = evaluate_model(settings_with(database), database, version)
    if json:
        print_json(figures.astype(object).where(figures.notna(), None).to_dict("records"))
        return
    if markdown:
        typer.echo(quality_markdown(figures))
        return
    chosen = figures[figures["slice"] == slice_]
    if chosen.empty:
        known = ", ".join(dict.fromkeys(figures["slice"]))
        raise ModelError(f"no figures of a slice '{slice_}'", advice=f"Known: {known}")
    typer.echo(f"{version}, 95 % intervals of this one fit, by resampling whole matches")
    if slice_ == "quantile":
        _print_quantiles(chosen)
        return
    for split, rows in chosen.groupby("split"):
        typer.echo(f"\n{_NAMES[str(split)]}:")
        groups = rows.groupby(["slice_value", "forecaster", "compared_with"], sort=True)
        lines = [_line(group) for _, group in groups]
        headings = {"who": "", "shots": "shots", "goals": "goals"} | _METRICS | {"note": ""}
        if slice_ != "all":
            headings = {"slice_value": slice_.replace("_", " ")} | headings
        print_table(lines, headings)


def _line(rows: Any) -> dict[str, Any]:
    """One forecaster's figures, or his difference from another, in a row of the table."""
    first, notes = rows.iloc[0], rows["note"].dropna()
    is_difference = first["compared_with"] != "none"
    line = {
        "slice_value": first["slice_value"],
        "who": f"{first['forecaster']} - {first['compared_with']}" if is_difference else first["forecaster"],
        "shots": first["n_shots"],
        "goals": first["n_goals"],
        "note": notes.iloc[0] if len(notes) == len(rows) else None,
    }
    for row in rows[rows["note"].isna()].itertuples():
        sign = "+" if is_difference else ""
        line[row.metric] = f"{row.value:{sign}.4f}"
        if row.low == row.low:  # not NaN
            line[row.metric] += f" ({row.low:{sign}.4f} to {row.high:{sign}.4f})"
    return line


def _print_quantiles(rows: Any) -> None:
    for forecaster, own in rows.groupby("forecaster", sort=True):
        typer.echo(f"\n{forecaster}, twenty quantiles of xG, out of fold:")
        lines = [
            {
                "quantile": value,
                "shots": group["n_shots"].iloc[0],
                **{row.metric: f"{row.value:.4f}" for row in group.itertuples()},
                "interval": " to ".join(
                    f"{v:.4f}" for v in group[["low", "high"]].dropna().to_numpy().ravel()
                ),
            }
            for value, group in own.groupby("slice_value", sort=True)
        ]
        headings = {"quantile": "quantile", "shots": "shots", "expected": "expected", "scored": "scored"}
        print_table(lines, headings | {"interval": "95 % interval"})
