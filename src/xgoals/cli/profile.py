"""xgoals profile: what the chances of any chosen group of shots depend on."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from xgoals.cli.database import connection_to
from xgoals.cli.options import DatabaseOption, JsonOption, print_json, print_table
from xgoals.domain.errors import SettingsError
from xgoals.settings.in_words import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from xgoals.analysis.profiles.shown import GroupOnPage

app = typer.Typer()

FIELDS = ("competition", "season", "team", "opponent", "player", "body_part", "shot_type", "provider")
_ENDINGS = (".csv", ".parquet", ".html")
_NEXT_FIELD = re.compile(r",\s*(?=[a-z_]+=)")
"""A comma before the next field: values hold commas, too."""


@app.command()
def profile(
    feature: Annotated[
        list[str] | None,
        typer.Option(
            "--feature",
            help="Of this feature; may be repeated. Default: those whose curves are furthest from everybody's.",
        ),
    ] = None,
    team: Annotated[str | None, typer.Option("--team", help="Shots by this club: its name or id.")] = None,
    player: Annotated[
        str | None, typer.Option("--player", help="Shots by this player: the name or id.")
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            "--where",
            help='Shots where, as "competition=La Liga,season=2015/2016"; may be repeated. '
            f"Fields: {', '.join(FIELDS)}.",
        ),
    ] = None,
    to: Annotated[Path | None, typer.Option("--to", help="File to write: .csv, .parquet or .html.")] = None,
    language: Annotated[
        Literal["en", "de"] | None,
        typer.Option("--language", help="Of an HTML page; default: the setting report.language."),
    ] = None,
    database: DatabaseOption = "main",
    json: JsonOption = False,
) -> None:
    """What a group's chances depend on: its mean xG, were one thing about the shots different, beside everybody's.

    By the present champion; each shot's curve by a sister that has not seen its match. Without --team, --player and
    --where: of all shots. Penalties are left out.
    """
    if to is not None and to.suffix not in _ENDINGS:
        raise SettingsError(
            "unknown ending", where=str(to), advice=f"Let the name end in {', '.join(_ENDINGS)}"
        )
    wanted = conditions(where or (), team=team, player=player)
    found, is_simulated = _profile(database, feature, wanted)
    table = found.table()
    if to is not None:
        _write(to, found, table, wanted, language, is_simulated=is_simulated)
    if json:
        print_json(_in_json(found, table, to))
    elif to is None:
        _print(found, table)
    else:
        typer.echo(f"{len(found.shown)} profiles of {found.n_shots} shots -> {to}")


def conditions(
    texts: "list[str] | tuple[str, ...]", *, team: str | None = None, player: str | None = None
) -> dict[str, str]:
    """Field -> wanted value, of texts like ``competition=La Liga,season=2015/2016``, club and player.

    Raises
    ------
    SettingsError
        If a text is no such thing, names a field that there is not, or one is asked for twice.
    """
    found: dict[str, str] = {}
    for text in texts:
        for part in _NEXT_FIELD.split(text):
            name, sign, value = (piece.strip() for piece in part.partition("="))
            if not sign or not value:
                raise SettingsError(
                    f"'{part}' is no condition", where="--where", advice="Write it as field=value"
                )
            if name not in FIELDS:
                raise SettingsError(
                    f"unknown field '{name}'{did_you_mean(name, FIELDS)}",
                    where="--where",
                    advice=f"Known: {', '.join(FIELDS)}",
                )
            _refuse_twice(name, value, found, "--where")
            found[name] = value
    for name, own in (("team", team), ("player", player)):
        if own is not None:
            _refuse_twice(name, own, found, f"--{name}")
            found[name] = own
    return found


def _refuse_twice(name: str, value: str, found: dict[str, str], where: str) -> None:
    if name in found:
        raise SettingsError(
            f"'{value}', where {name}={found[name]} was asked for already: a group has one of each field",
            where=where,
            advice="Ask for one of them",
        )


def _profile(database: Any, features: list[str] | None, wanted: dict[str, str]) -> "tuple[GroupOnPage, bool]":
    from xgoals.steps.pages.profiles import profile_where
    from xgoals.store import matches as match_store

    with connection_to(database) as connection:
        return profile_where(connection, features, wanted), match_store.is_simulated(connection)


def _write(
    to: Path,
    found: "GroupOnPage",
    table: "pd.DataFrame",
    wanted: dict[str, str],
    language: Literal["en", "de"] | None,
    *,
    is_simulated: bool,
) -> None:
    from xgoals.outputs.tables import write_table
    from xgoals.report.page.group import group_page
    from xgoals.settings import load_settings
    from xgoals.whole_files import whole_file

    if to.suffix != ".html":
        write_table(table, to)
        return
    code = language or load_settings().report.language
    with whole_file(to) as unfinished:
        unfinished.write_text(group_page(wanted, found, is_simulated=is_simulated, language=code), "utf-8")


def _in_json(found: "GroupOnPage", table: "pd.DataFrame", to: Path | None) -> dict[str, Any]:
    rows = table.astype(object).where(table.notna(), None)
    return {
        "model_version": found.basis.model_version,
        "shots": found.n_shots,
        "matches": found.n_matches,
        "everybody": {"shots": found.basis.n_shots, "matches": found.basis.n_matches},
        "features_compared": found.n_features,
        "swings": [
            {
                "feature": one.name,
                "worst": float(one.grid_values[one.profile.swing.worst]),
                "best": float(one.grid_values[one.profile.swing.best]),
                "own": one.profile.swing.own,
                "everybody": one.profile.swing.everybody,
                "more": one.profile.swing.more,
                "low": one.profile.swing.low,
                "high": one.profile.swing.high,
                "is_compared": one.profile.swing.is_compared,
                "beyond_chance": one.profile.swing.is_beyond_chance,
            }
            for one in found.shown
        ],
        "path": to,
        "profiles": [] if to is not None else rows.to_dict("records"),
    }


def _print(found: "GroupOnPage", table: "pd.DataFrame") -> None:
    from xgoals.language import language as speaker
    from xgoals.report.words.profile import left_out, nothing_compared, swing_in_words

    words = speaker("en")
    typer.echo(f"{found.n_shots} shots in {found.n_matches} matches, by {found.basis.model_version}")
    if not found.shown:
        typer.echo(nothing_compared(words))
    headings = {
        "in_words": "value", "share": "share", "xg": "mean xG", "interval": "95 %", "xg_everybody": "everybody's",
        "share_unlike": "unlike any",
    }  # fmt: skip
    for one in found.shown:
        rows = table[table["feature"] == one.name]
        typer.echo(f"\n{words.text(one.profile.everybody.grid.feature['label'])} ({one.name})")
        print_table(
            [_line(one.profile.everybody.grid.feature, row) for row in rows.to_dict("records")], headings
        )
        typer.echo(swing_in_words(one.profile, words))
        if missing := left_out(found.n_shots - one.profile.own.n_shots, words):
            typer.echo(missing)
    from xgoals.analysis.profiles.group import MIN_MATCHES, MIN_SHOTS, is_enough

    if not is_enough(found.n_shots, found.n_matches):
        typer.echo(f"fewer than {MIN_SHOTS} shots in {MIN_MATCHES} matches: mostly chance", err=True)


def _line(feature: Any, row: dict[Any, Any]) -> dict[str, Any]:
    from xgoals.language import language as speaker
    from xgoals.report.words.feature_values import feature_value

    words = speaker("en")
    known = {name: words.number(row[name], 3) for name in ("xg", "xg_everybody")}
    if row["low"] == row["low"]:
        known["interval"] = f"{words.number(row['low'], 3)} to {words.number(row['high'], 3)}"
    for name in ("share", "share_unlike"):
        known[name] = "" if row[name] != row[name] else words.share(row[name])
    return {"in_words": feature_value(feature, row["value"], words), **known}
