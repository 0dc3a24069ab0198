"""Commands on the model registry."""

from typing import Annotated

import typer

from xgoals.cli.options import DatabaseOption, JsonOption, print_json, print_table
from xgoals.domain.errors import ModelError
from xgoals.settings import load_settings

app = typer.Typer(no_args_is_help=True)
VersionArgument = Annotated[str, typer.Argument(help="Model version, as in: xgoals models list")]


@app.command("list")
def list_(database: DatabaseOption = "main", json: JsonOption = False) -> None:
    """Every model that was ever trained, newest first."""
    from xgoals.store import registry
    from xgoals.store.database import connect

    with connect(load_settings(), database).connect() as connection:
        models = registry.list_models(connection)
    if json:
        print_json(models)
        return
    for model in models:
        model |= {
            "mark": "*" if model["is_champion"] else "",
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
    typer.echo("* champion. AUC and log loss: held-out matches, without penalties.")


@app.command()
def show(version: VersionArgument, database: DatabaseOption = "main") -> None:
    """One model with all that made it, as JSON (without its bytes)."""
    from xgoals.steps.reporting import model_facts
    from xgoals.store.database import connect

    with connect(load_settings(), database).connect() as connection:
        print_json(model_facts(connection, version))


@app.command()
def promote(version: VersionArgument, database: DatabaseOption = "main") -> None:
    """Make a model champion by hand; the decision is recorded as yours."""
    _install(version, database, "Promoted by hand.")


@app.command()
def rollback(database: DatabaseOption = "main") -> None:
    """Bring back the champion before the present one."""
    from xgoals.store import registry
    from xgoals.store.database import connect

    with connect(load_settings(), database).connect() as connection:
        previous = registry.previous_champion(connection)
    if previous is None:
        raise ModelError("there is no earlier champion to go back to", advice="See: xgoals models list")
    _install(previous, database, "Rolled back by hand.")


def _install(version: str, database: str, reason: str) -> None:
    from xgoals.steps.learning import install_champion

    install_champion(load_settings(), database, version, reason)  # type: ignore[arg-type]
    typer.echo(
        f"{version} is champion. Run 'xgoals baseline', 'explain' and 'report', or wait for the next run."
    )
