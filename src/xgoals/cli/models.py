"""Commands on the model registry."""

from typing import Annotated, Any

import typer

from xgoals.cli.database import connection_to, settings_with
from xgoals.cli.options import DatabaseOption, JsonOption, print_json, print_table
from xgoals.domain.model import Decision

app = typer.Typer(no_args_is_help=True)
VersionArgument = Annotated[str, typer.Argument(help="Model version, as in: xgoals models list")]


@app.command("list")
def list_(database: DatabaseOption = "main", json: JsonOption = False) -> None:
    """Every model that was ever trained, newest first."""
    from xgoals.store import registry

    with connection_to(database) as connection:
        models = registry.list_models(connection)
    if json:
        print_json(models)
        return
    for model in models:
        model |= {
            "mark": ("*" if model["is_champion"] else "") + ("!" if model["is_pinned"] else ""),
            "trained": f"{model['created_at']:%Y-%m-%d %H:%M}",
            "window": f"{model['window_from']} to {model['window_to']}",
            "auc": f"{float(str(model['auc'])):.4f}",
            "log_loss": f"{float(str(model['log_loss'])):.4f}",
        }
    headings = {
        "mark": "", "model_version": "model", "trained": "trained (UTC)", "n_matches": "matches", "n_shots": "shots",
        "window": "window", "auc": "AUC", "log_loss": "log loss", "decision": "decision",
    }  # fmt: skip
    print_table(models, headings)
    typer.echo("* champion, ! pinned. AUC and log loss: held-out matches, without penalties.")


@app.command()
def show(version: VersionArgument, database: DatabaseOption = "main", json: JsonOption = False) -> None:
    """Everything about one model: window, parameters, metrics, baseline, every decision with its evidence."""
    from xgoals.steps import models

    with connection_to(database) as connection:
        facts = models.show(connection, version)
    if json:
        print_json(facts)
    else:
        _say_facts(facts)


@app.command()
def diff(
    before: VersionArgument,
    after: VersionArgument,
    database: DatabaseOption = "main",
    json: JsonOption = False,
) -> None:
    """What differs between two models: parameters, window, features, metrics, and the shots that moved most."""
    from xgoals.steps import models

    with connection_to(database) as connection:
        found = models.diff(connection, before, after)
    if json:
        print_json(found)
    else:
        _say_diff(found)


@app.command()
def promote(version: VersionArgument, database: DatabaseOption = "main", json: JsonOption = False) -> None:
    """Make a model champion by hand, or approve one that waits for it; the decision is recorded as yours."""
    from xgoals.steps.promote import promote as by_hand

    _say_decision(by_hand(settings_with(database), database, version), json)


@app.command()
def rollback(database: DatabaseOption = "main", json: JsonOption = False) -> None:
    """Bring back the champion that the present one replaced."""
    from xgoals.steps.promote import roll_back

    _say_decision(roll_back(settings_with(database), database), json)


@app.command()
def pin(
    version: Annotated[str | None, typer.Argument(help="The present champion.")] = None,
    none: Annotated[bool, typer.Option("--none", help="Let challengers replace it again.")] = False,
    database: DatabaseOption = "main",
) -> None:
    """Keep the champion whatever challengers come: they are judged and recorded, and do not replace it."""
    from xgoals.steps.promote import pin as pin_by_hand

    if (version is None) is not none:
        raise typer.BadParameter("give the champion's version, or --none")
    typer.echo(pin_by_hand(settings_with(database), database, version))


def _say_decision(decision: Decision, json: bool) -> None:
    if json:
        print_json(decision)
        return
    typer.echo(f"{decision.challenger} is champion. {decision.reason}")
    typer.echo("Run 'xgoals baseline', 'explain' and 'report', or wait for the next run.")


def _say_facts(facts: dict[str, Any]) -> None:
    marks = [name for name in ("champion", "anchor", "pinned") if facts[f"is_{name}"]]
    typer.echo(f"{facts['model_version']}  {', '.join(marks)}".rstrip())
    typer.echo(
        f"trained {facts['created_at']:%Y-%m-%d %H:%M} UTC on {facts['n_shots']:,} shots with {facts['n_goals']:,} "
        f"goals of {facts['n_matches']:,} matches, {facts['window_from']} to {facts['window_to']}"
    )
    typer.echo(
        f"{facts['catalogue']} version {facts['catalogue_version']}, seed {facts['seed']}, sha256 {facts['sha256']}"
    )
    typer.echo(", ".join(f"{name} {version}" for name, version in facts["library_versions"].items()))
    typer.echo(
        "\nparameters: " + ", ".join(f"{name} {value}" for name, value in facts["params"].items())
        + f"\n{facts['trees_in_booster']:,} trees in the booster, {len(facts['sisters'])} sisters\n"
    )  # fmt: skip
    rows = [
        {"on": f"{part.replace('_', ' ')}, {facts['metrics'][part]['n_shots']:,} shots", "of": of}
        | _rounded(figures)
        for part in ("held_out", "out_of_fold")
        for of, figures in facts["metrics"][part].items()
        if isinstance(figures, dict) and "auc" in figures
    ]
    print_table(rows, {"on": "on", "of": "", **_METRICS})
    if facts["baseline"]:
        typer.echo(
            f"\nprediction at the baseline {facts['prediction_at_baseline']:.4f}, mean prediction "
            f"{facts['mean_prediction']:.4f}, goal rate {facts['goal_rate']:.4f}"
        )
        typer.echo(
            "baseline: " + ", ".join(f"{name} {value:.4g}" for name, value in facts["baseline"].items())
        )
    for of in facts["fairness"]:
        off = [
            f"xG too {side} for {', '.join(names)}"
            for side, names in (("low", of.too_low), ("high", of.too_high))
            if names
        ]
        counted = f"{of.n_fair} fair, {of.n_cannot_say} cannot be said, {of.n_not_tested} not tested"
        typer.echo(f"fairness by {of.facet.replace('_', ' ')}: {'; '.join([*off, counted])}")
    for decision in facts["decisions"]:
        verdict = decision["verdict"].replace("_", " ")
        typer.echo(f"\n{decision['decided_at']:%Y-%m-%d %H:%M} UTC  {decision['challenger']} {verdict}")
        typer.echo(f"  {decision['reason']}")
        for check in (*decision["evidence"].get("guards", ()), *decision["evidence"].get("checks", ())):
            typer.echo(f"  {'+' if check['passed'] else '-'} {check['name']}: {check['sentence']}")


def _say_diff(found: dict[str, Any]) -> None:
    changed = [
        {"what": name, "before": pair[0], "after": pair[1]}
        for part in ("window", "parameters")
        for name, pair in found[part].items()
    ]
    changed += [
        {"what": f"feature {name}", "before": "", "after": "added"} for name in found["features"]["added"]
    ]
    changed += [
        {"what": f"feature {name}", "before": "removed", "after": ""} for name in found["features"]["removed"]
    ]
    print_table(changed, {"what": "", "before": found["before"], "after": found["after"]})
    if found["metrics"]:
        typer.echo(
            f"\non the same {found['metrics']['n_shots']:,} shots, by predictions that had not seen the match:"
        )
        rows = [{"of": found[part]} | _rounded(found["metrics"][part]) for part in ("before", "after")]
        print_table(rows, {"of": "", **_METRICS})
        loss = found["metrics"]["log_loss_difference"]
        typer.echo(f"log loss {loss['mean']:+.5f} (99 % bounds {loss['low']:+.5f} and {loss['high']:+.5f})")
    typer.echo("\nshots whose xG moved most:")
    moved = [row | {name: f"{row[name]:.3f}" for name in ("before_xg", "after_xg")} for row in found["moved"]]
    headings = {
        "match_date": "date", "team": "team", "is_goal": "goal", "before_xg": "before", "after_xg": "after",
        "match_id": "match", "shot_id": "shot",
    }  # fmt: skip
    print_table(moved, headings)


_METRICS = {"auc": "AUC", "log_loss": "log loss", "brier": "Brier", "ece": "ECE"}


def _rounded(figures: dict[str, Any]) -> dict[str, str]:
    return {name: f"{figures[name]:.4f}" for name in _METRICS}
