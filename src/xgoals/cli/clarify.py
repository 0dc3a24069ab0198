"""xgoals clarify: a job of SageMaker Clarify by its own configuration, with results in its layout."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from xgoals.cli.options import DatabaseOption, JsonOption, print_json
from xgoals.domain.errors import SourceError

if TYPE_CHECKING:
    from xgoals.clarify.job import Done
    from xgoals.settings import Settings

app = typer.Typer()


def _there(context: typer.Context, path: Path) -> Path:
    """A file, or folder, that is there; told before anything is started for it."""
    if not path.exists() and not context.resilient_parsing:
        raise SourceError("no such file", where=str(path), advice="Check the path")
    return path


@app.command()
def clarify(
    config: Annotated[
        Path, typer.Option("--config", callback=_there, help="analysis_config.json, as Clarify has it.")
    ],
    data: Annotated[
        Path, typer.Option("--data", callback=_there, help="The dataset: a file, or a folder of files.")
    ],
    model: Annotated[
        str,
        typer.Option(
            "--model",
            help="A model file of XGBoost (.json, .ubj), a version of the registry, or champion.",
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", help="Folder of the results: new, empty, or a former result.")
    ],
    method: Annotated[
        Literal["exact", "kernel"],
        typer.Option(
            "--method", help="exact: every coalition. kernel: num_samples of them, as Clarify does."
        ),
    ] = "exact",
    language: Annotated[
        Literal["en", "de"] | None,
        typer.Option("--language", help="Of the report; default: as the settings say."),
    ] = None,
    database: DatabaseOption = "main",
    json: JsonOption = False,
) -> None:
    """Explain a model and measure bias by the configuration of a SageMaker Clarify job; results in its layout.

    A model file needs no database. docs/clarify.md has the rest.
    """
    from xgoals.clarify.quick_import import import_xgboost_alone

    import_xgboost_alone()
    from xgoals.clarify.job import Asked, run_job
    from xgoals.clarify.model import is_registered
    from xgoals.settings import load_settings

    own_settings = load_settings()

    def settings() -> "Settings":
        from xgoals.cli.database import settings_with

        return settings_with(database) if is_registered(model) else own_settings

    done = run_job(
        Asked(config, data, model, output, method, language or own_settings.report.language, database),
        settings,
    )
    if json:
        print_json(done)
    else:
        _say(done)


def _say(done: "Done") -> None:
    rows = "one row" if done.rows == 1 else f"{done.rows:,} rows"
    typer.echo(f"{rows}. {done.model}")
    for note in done.notes:
        typer.echo(f"note: {note}")
    if done.additivity_gap is not None:
        typer.echo(f"every row adds up to its prediction within {done.additivity_gap:.0e}")
    for file in done.files:
        typer.echo(f"-> {done.output / file}")
