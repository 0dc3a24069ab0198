"""Commands on single matches."""

from typing import Annotated, Any

import typer

from xgoals.cli.database import connection_to, settings_with
from xgoals.cli.options import DatabaseOption, JsonOption, print_json

app = typer.Typer(no_args_is_help=True)
MatchArgument = Annotated[
    str, typer.Argument(help="The match's id, as its provider gives it, or provider:id.")
]
ProviderOption = Annotated[
    str | None, typer.Option("--provider", help="Whose match, where several have one of this id.")
]


@app.command()
def show(
    match_id: MatchArgument,
    provider: ProviderOption = None,
    database: DatabaseOption = "main",
    json: JsonOption = False,
) -> None:
    """What is stored of a match: its files, shots, published numbers, pages, and what is in quarantine."""
    from xgoals.steps.upkeep import matches

    with connection_to(database) as connection:
        facts = matches.show(connection, match_id, provider)
    if json:
        print_json(facts)
    else:
        _say_facts(facts)


@app.command()
def delete(
    match_id: MatchArgument,
    provider: ProviderOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    database: DatabaseOption = "main",
    json: JsonOption = False,
) -> None:
    """Remove a match with its shots, numbers, clips and pages; models keep what they have learned from it."""
    from xgoals.steps.upkeep import matches

    settings = settings_with(database)
    with connection_to(database) as connection:
        facts = matches.show(connection, match_id, provider)
    if not yes:
        _say_facts(facts)
        typer.confirm("Remove all of this?", abort=True)
    match_id = facts["match_id"]
    erased = matches.delete(
        settings, database, match_id, provider=facts["provider"], tell=lambda line: typer.echo(line, err=True)
    )
    left = [path for path in erased.feed_files if path.exists()]
    if json:
        print_json(
            {"match_id": match_id, "shots": erased.n_shots, "numbers": erased.n_published, "files_left": left}
        )
        return
    typer.echo(f"removed: match {match_id}, {erased.n_shots} shots, {erased.n_published} published numbers")
    typer.echo("The next run writes the pages that name it; until then: xgoals report")
    if left:
        typer.echo("Its files are still there, and the next run reads them again unless you take them away:")
        for path in left:
            typer.echo(f"  {path}")


def _say_facts(facts: dict[str, Any]) -> None:
    score = "" if facts["home_score"] is None else f" {facts['home_score']}:{facts['away_score']}"
    day = facts["stage"] or (f"matchday {facts['matchday']}" if facts["matchday"] else "")
    typer.echo(f"{facts['home_team']} – {facts['away_team']}{score}, {facts['match_date']}")
    typer.echo(f"{', '.join(filter(None, [facts['competition'], facts['season'], day]))}")
    typer.echo(
        f"{facts['provider']} {facts['match_id']}, feed {facts['feed']}{', simulated' * facts['is_simulated']}"
    )
    typer.echo(
        f"{facts['shots']} shots, {facts['goals']} goals, {facts['own_goals']} own goals; "
        f"{facts['with_positions']} with positions, {facts['with_clip']} with a clip"
    )
    for row in facts["published_by"]:
        typer.echo(f"published: {row['shots']} numbers by {row['model_version']}")
    for row in facts["feed_files"]:
        typer.echo(f"file: {row['path']}")
    for row in facts["pages"]:
        typer.echo(f"page: {row['path']}")
    for row in facts["owed"]:
        owed = {"a page": row["page"] != "written", "a mail": row["mail_due"]}
        if any(owed.values()):
            typer.echo(f"owed: {' and '.join(name for name, is_due in owed.items() if is_due)}")
    for row in facts["quarantine"]:
        typer.echo(f"in quarantine ({row['severity']}): {row['place'] or row['path']}: {row['reason']}")
