"""xgoals explain --shot A --against B: why one shot is worth more than another, for people or for programs."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import typer

from xgoals.cli.database import connection_to
from xgoals.cli.options import print_json, print_table
from xgoals.settings import Database

if TYPE_CHECKING:
    from xgoals.domain.side_by_side import Side, SideBySide

_TOLD_FROM = 0.0005
"""A feature that changes less stays out of the table; --json has all of them."""


def say_side_by_side(database: Database, shot: str, against: str, *, json: bool) -> None:
    """Print why one stored shot is worth more, or less, than another."""
    from xgoals.steps.explaining.two_shots import side_by_side

    with connection_to(database) as connection:
        found = side_by_side(connection, shot, against)
    if json:
        print_json(found)
        return
    typer.echo(f"{_told(found.shot)}\nagainst {_told(found.against)}\n")
    unseen = not (found.speaker.has_seen_shot or found.speaker.has_seen_other)
    seen = ", which has seen neither match" if unseen else ""
    typer.echo(f"Both numbers are those of {found.speaker.name}{seen}.")
    for note in found.notes:
        typer.echo(f"{note}.")
    typer.echo()
    headings = {"what": "", "one": "this shot", "other": "the other", "value": "worth"}
    print_table(list(_rows(found)), headings)
    typer.echo(
        "\nGroups change as a whole and add up to the difference; features, each by itself, do so in a game of their "
        "own.\nOn the way mixtures of the two shots are asked about, and some of them cannot be taken."
    )


def _told(side: "Side") -> str:
    published = (
        "" if side.published_xg is None else f" (published: {side.published_xg:.3f} by {side.published_by})"
    )
    who = f"{side.player or 'unknown'}, {side.team}, minute {side.minute}{', goal' * side.is_goal}"
    return f"{side.xg:.3f} xG  {who}; {side.match}{published}\n           {side.shot}"


def _rows(found: "SideBySide") -> Iterator[dict[str, Any]]:
    for group in found.groups:
        yield {"what": group.group, "value": f"{group.value:+.3f}"}
        own = [feature for feature in found.features if feature.group == group.group]
        for feature in sorted(own, key=lambda feature: -abs(feature.value)):
            if abs(feature.value) >= _TOLD_FROM:
                unit = f", {feature.unit}" if feature.unit else ""
                yield {
                    "what": f"  {feature.label}{unit}",
                    "one": _value(feature.of_shot),
                    "other": _value(feature.of_other),
                    "value": f"  {feature.value:+.3f}",
                }
    yield {"what": "together", "one": f"{found.shot.xg:.3f}", "other": f"{found.against.xg:.3f}",
           "value": f"{found.difference:+.3f}"}  # fmt: skip


def _value(value: float | str | None) -> str:
    if value is None:
        return "not recorded"
    return value if isinstance(value, str) else f"{value:.4g}"
