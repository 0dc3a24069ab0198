"""xgoals explain --baseline WHAT: what changes with the baseline, as a table, for programs, as files, as a page."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from xgoals.cli.database import settings_with
from xgoals.cli.options import print_json, print_table
from xgoals.domain.errors import SettingsError
from xgoals.settings import Database

if TYPE_CHECKING:
    from xgoals.analysis.baselines.compared import ComparedBaselines
    from xgoals.analysis.baselines.moves import PartMoves
    from xgoals.baselines.own import AskedBaseline
    from xgoals.language import Language

_ENDINGS = {"to": (".csv", ".parquet"), "page": (".html", ".htm")}


def say_baselines(
    database: Database,
    texts: Sequence[str],
    shot: str | None,
    *,
    to: Path | None,
    page: Path | None,
    language: str | None,
    json: bool,
) -> None:
    """Print what changes with each baseline beside the stored one; write values and page where they are wanted.

    Raises
    ------
    SettingsError
        If a baseline is none that there can be, or a file's ending is none; before anything is read.
    """
    from xgoals.outputs.tables import write_table
    from xgoals.report.baselines.page import baselines_report
    from xgoals.steps.explaining.own_baselines.asked import asked_baselines
    from xgoals.steps.explaining.own_baselines.compare import compare_baselines
    from xgoals.store.database import connect
    from xgoals.whole_files import whole_file

    asked: tuple[AskedBaseline, ...] = asked_baselines(texts)
    _check_endings(to=to, page=page)
    settings = settings_with(database)
    with connect(settings, database).connect() as connection:
        compared = compare_baselines(connection, asked, shot)
    if to is not None:
        write_table(compared.values_of_shots, to)
    if page is not None:
        html = baselines_report(compared.told, language=language or settings.report.language)
        with whole_file(page) as unfinished:
            unfinished.write_text(html, "utf-8")
    if json:
        print_json(compared.told)
        return
    say_compared(compared.told)
    for what, path in (("Values of every shot", to), ("Page", page)):
        if path is not None:
            typer.echo(f"{what}: {path}")


def _check_endings(**paths: Path | None) -> None:
    for name, path in paths.items():
        if path is not None and path.suffix not in _ENDINGS[name]:
            raise SettingsError(
                "unknown ending",
                where=f"--{name} {path}",
                advice=f"Let the name end in {' or '.join(_ENDINGS[name][:2])}",
            )


def say_compared(found: "ComparedBaselines") -> None:
    """Print what each baseline is, what moves the model against it, and the values of one shot."""
    from xgoals.features.catalogue import find_catalogue
    from xgoals.language import language
    from xgoals.report.baselines import sentences
    from xgoals.report.baselines.facts import first_reasons

    words, catalogue = language("en"), find_catalogue(found.catalogue)
    typer.echo(" ".join(sentences.of_what(found, words)) + "\n")
    names = [sentences.name_of(number, words) for number in range(len(found.baselines))]
    for name, of in zip(names, found.baselines, strict=True):
        notes = " ".join(sentences.what_to_know(of, catalogue, words))
        typer.echo(
            f"{name:>6}  {of.told.asked.text}\n        {sentences.what_it_is(of.told, words)} {notes}".rstrip()
        )
    typer.echo()
    print_table(list(_rows(found, names, words)), {"what": ""} | {name: name for name in names})
    if found.shot is not None:
        typer.echo("\n" + sentences.one_shot(found.shot, first_reasons(found), words))
        print_table(list(_rows_of_shot(found, names)), {"what": ""} | {name: name for name in names})
    typer.echo(
        "\nMean |value| in xG, with the place in the order before it. Nothing that is stored has changed.\n"
        "Which baseline answers which question: docs/baselines.md"
    )


def _rows(found: "ComparedBaselines", names: Sequence[str], words: "Language") -> Iterator[dict[str, Any]]:
    from xgoals.report.baselines.sentences import estimate

    moves = [of.moves for of in found.baselines]

    def row(what: str, cells: Sequence[str]) -> dict[str, Any]:
        return {"what": what} | dict(zip(names, cells, strict=True))

    yield row("base value", [f"{of.base_value:.4f}" for of in moves])
    for what, changes in (
        ("another first reason, groups", [of.other_first_group for of in moves]),
        ("another first reason, features", [of.other_first_feature for of in moves]),
    ):
        yield row(what, ["", *(estimate(of, words, as_share=True) for of in changes[1:])])
    for parts in ([of.groups for of in moves], [of.features for of in moves]):
        for place in sorted(range(len(parts[0])), key=lambda place: parts[0][place].rank):
            yield row(parts[0][place].name, [_size(of[place]) for of in parts])


def _size(part: "PartMoves") -> str:
    up = part.rank_before - part.rank
    moved = "" if up == 0 else f" {'↑' if up > 0 else '↓'}{abs(up)}"
    return f"{part.rank:>2}. {part.mean_abs.value:.4f}{moved}"


def _rows_of_shot(found: "ComparedBaselines", names: Sequence[str]) -> Iterator[dict[str, Any]]:
    asked = [of.of_shot for of in found.baselines if of.of_shot is not None]
    assert found.shot is not None  # noqa: S101  (it was asked about)

    def row(what: str, values: Sequence[float], form: str) -> dict[str, Any]:
        return {"what": what} | {name: format(value, form) for name, value in zip(names, values, strict=True)}

    yield row("base value", [of.base_value for of in asked], ".4f")
    for name in asked[0].groups:
        yield row(name, [of.groups[name] for of in asked], "+.4f")
    yield row("together", [found.shot.xg for _ in asked], ".4f")
    for name in asked[0].features:
        yield row(f"  {name}", [of.features[name] for of in asked], "+.4f")
