"""xgoals drift: whether new matchdays still are what the champion has learned from."""

from dataclasses import asdict

import typer

from xgoals.cli.database import settings_with
from xgoals.cli.options import DatabaseOption, JsonOption, print_json, print_table

app = typer.Typer()


@app.command()
def drift(database: DatabaseOption = "main", json: JsonOption = False) -> None:
    """Say what has drifted since the champion's window, since when, and whose shots make it."""
    from xgoals.steps.explaining.drift_state import drift_state

    found = drift_state(settings_with(database), database)
    if json:
        print_json(asdict(found))
        return
    if not found.competitions:
        typer.echo(
            f"{found.model_version}: nothing was held against its window yet. "
            "It takes 1,000 shots there, a matchday of 150, and xgoals explain."
        )
        return
    for alarm in found.alarms:
        typer.echo(f"{alarm.competition}. {alarm.sentence}")
    if not found.alarms:
        typer.echo(f"{found.model_version}: no alarm.")
    rows = [
        {
            "competition": of.competition,
            "reference": "itself" if of.reference == "competition" else "the whole window",
            "newest": of.newest,
            "since_window": of.n_points_since_window,
            "ndcg": "" if of.attribution_ndcg is None else f"{of.attribution_ndcg:.3f}",
            "surplus": "" if of.goals_minus_xg_per_100 is None else f"{of.goals_minus_xg_per_100:+.1f}",
            "alarms": of.n_alarms,
        }
        for of in found.competitions
    ]
    headings = {
        "competition": "competition", "reference": "held against", "newest": "newest", "since_window": "since window",
        "ndcg": "nDCG", "surplus": "goals - xG a 100", "alarms": "alarms",
    }  # fmt: skip
    print_table(rows, headings)
