"""The page of a season."""

from collections.abc import Collection, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection

from xgoals.domain.page_keys import ClubKey, MatchKey, PlayerKey, RoundKey
from xgoals.steps.pages.links import PageLinks, address
from xgoals.steps.pages.season_data import SeasonData
from xgoals.steps.pages.writer import ReportWriter

if TYPE_CHECKING:
    from xgoals.analysis.season.numbers import SeasonNumbers
    from xgoals.report.season.links import SeasonLinks

Key = TypeVar("Key", MatchKey, RoundKey, ClubKey, PlayerKey)


def write_season(connection: Connection, writer: ReportWriter, data: SeasonData) -> None:
    """Write the page of a season."""
    from xgoals.analysis.season.numbers import season_numbers
    from xgoals.report import season_report
    from xgoals.report.page.run import sources

    title = data.key.scope_id
    with writer.or_warn(connection, title):
        numbers = season_numbers(data.key, data.matches, data.shots, data.reasons)
        html = season_report(
            numbers,
            data.players,
            _links(writer, data, numbers),
            sources=tuple(sources(data.shots)),
            is_simulated=any(match.is_simulated for match in data.matches),
            levels=writer.levels_off(connection, data.shots),
            language=writer.language,
        )
        writer.save(connection, "season", data.key.scope_id, title, html, _index_facts(data))


def _links(writer: ReportWriter, data: SeasonData, numbers: "SeasonNumbers") -> "SeasonLinks":
    from xgoals.report.model.chapters import chapter_path
    from xgoals.report.season.links import SeasonLinks

    links, found = writer.links, numbers.extremes
    model = writer.path("model", writer.model_version)  # the run that writes seasons writes this page, too
    return SeasonLinks(
        clubs=_known(links, data.clubs),
        players=_known(links, data.players),
        matches=_known(links, [match.key for match in data.matches]),
        missing={
            match.key: address(writer.path("match", match.key.scope_id))
            for match in data.matches
            if match.n_shots and links.to(match.key) is None
        },
        rounds=_known(links, {match.round for match in data.matches}),
        cards={
            int(row["shot_key"]): card
            for shots in (found.surprises, found.best, found.misses)
            for row in shots.to_dict("records")
            if (card := links.card(MatchKey(row["provider"], row["match_id"]), row["anchor"]))
        },
        model=f"../model/{chapter_path(PurePosixPath(model).stem, 'seasons')}",
    )


def _known(links: PageLinks, keys: Collection[Key]) -> Mapping[Key, str]:
    return {key: path for key in keys if (path := links.to(key))}


def _index_facts(data: SeasonData) -> dict[str, object]:
    """What the index lists and searches."""
    return {
        "competition": data.key.competition,
        "season": data.key.season,
        "match_date": str(data.matches[-1].match_date) if data.matches else None,
        "clubs": [club.name for club in data.clubs],
    }
