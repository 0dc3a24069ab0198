"""The pages of players."""

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection

from xgoals.domain.page_keys import ClubKey, PlayerKey, SeasonKey
from xgoals.steps.pages.player_data import read_everybody
from xgoals.steps.pages.writer import ReportWriter

if TYPE_CHECKING:
    from xgoals.analysis.player.everybody import Everybody
    from xgoals.analysis.player.numbers import PlayerNumbers
    from xgoals.analysis.player.shots import PlayerShot
    from xgoals.analysis.profiles.shown import GroupOnPage
    from xgoals.report.player.facts import Addresses

Key = TypeVar("Key", PlayerKey, ClubKey, SeasonKey)


def write_players(connection: Connection, writer: ReportWriter, changed: Collection[PlayerKey]) -> None:
    """Write the pages of those players of whom something has changed.

    What a page says of all other players is as old as its own newest change: a page is not written again because
    somebody else has shot.
    """
    from xgoals.analysis.player.numbers import player_numbers

    if not changed:
        return
    everybody = read_everybody(connection, writer)
    is_simulated = bool(writer.fixtures["is_simulated"].any())
    namesakes = _by_name(everybody.names)
    for key in changed:
        with writer.or_warn(connection, everybody.names.get(key, key.scope_id)):
            others = [other for other in namesakes.get(everybody.names.get(key, ""), ()) if other != key]
            _write(
                connection,
                writer,
                player_numbers(key, everybody),
                everybody,
                others,
                is_simulated=is_simulated,
            )


def _write(
    connection: Connection,
    writer: ReportWriter,
    numbers: "PlayerNumbers",
    everybody: "Everybody",
    namesakes: list[PlayerKey],
    *,
    is_simulated: bool,
) -> None:
    from xgoals.language import language
    from xgoals.report import player_report
    from xgoals.report.player.sentences import title_of

    html = player_report(
        numbers,
        everybody,
        _addresses(writer, numbers, namesakes),
        namesakes=namesakes,
        is_simulated=is_simulated,
        levels=writer.level_off(connection, numbers.key.provider),
        profiles=_profiles(connection, writer, numbers),
        language=writer.language,
    )
    key = numbers.key
    title = title_of(key.player_id, numbers.name, language(writer.language))
    writer.save(connection, "player", key.scope_id, title, html, _index_facts(numbers, title))


def _profiles(connection: Connection, writer: ReportWriter, numbers: "PlayerNumbers") -> "GroupOnPage | None":
    """What a shooter's chances depend on; nothing is read for one with too few shots."""
    from xgoals.analysis.profiles.group import is_enough

    shots = numbers.shooter.shots if numbers.shooter else ()
    if not is_enough(len(shots), len({shot.match for shot in shots})):
        return None
    return writer.profiles(connection, player=(numbers.key.provider, numbers.key.player_id))


def _by_name(names: Mapping[PlayerKey, str]) -> dict[str, list[PlayerKey]]:
    found: dict[str, list[PlayerKey]] = {}
    for key, name in names.items():
        found.setdefault(name, []).append(key)
    return found


def _addresses(writer: ReportWriter, numbers: "PlayerNumbers", namesakes: Iterable[PlayerKey]) -> "Addresses":
    """Where the links of a page lead."""
    from xgoals.report.player.facts import Addresses

    shots = {shot.shot_key: shot for shot in _shots(numbers)}
    pages = {match: writer.links.to(match) for match in {shot.match for shot in shots.values()}}
    clubs, alike = _clubs(numbers), numbers.shooter.alike if numbers.shooter else ()
    players = [*namesakes, *(other.player for other in alike)]
    return Addresses(
        cards={
            key: f"{pages[shot.match]}#{shot.anchor}"
            for key, shot in shots.items()
            if pages[shot.match] is not None
        },
        players=_where(writer, players),
        clubs=_where(writer, clubs),
        seasons=_where(writer, {club.season for club in clubs}),
    )


def _where(writer: ReportWriter, keys: Iterable[Key]) -> dict[Key, str]:
    return {key: address for key in keys if (address := writer.links.to(key)) is not None}


def _shots(numbers: "PlayerNumbers") -> "list[PlayerShot]":
    """Every shot that the page leads to."""
    shots = [shot for side in (numbers.shooter, numbers.keeper) if side for shot in side.shots]
    shots += numbers.maker.best if numbers.maker else ()
    return shots + [taken.shot for taken in (numbers.opponent.most if numbers.opponent else ())]


def _clubs(numbers: "PlayerNumbers") -> set[ClubKey]:
    """Every club that the page leads to, in each season."""
    found = {line.club for side in (numbers.shooter, numbers.keeper) if side for line in side.seasons}
    return found | {line.club for line in (numbers.opponent.seen if numbers.opponent else ())}


def _index_facts(numbers: "PlayerNumbers", title: str) -> dict[str, Any]:
    """What the index lists and searches."""
    from xgoals.report.player.page import clubs_of

    days = [shot.match_date for shot in _shots(numbers)]
    return {
        "clubs": clubs_of(numbers),
        "match_date": str(max(days)) if days else None,
        "players": [title],
        "seasons": sorted({club.season.scope_id for club in _clubs(numbers)}),
        "provider": numbers.key.provider,
        "player_id": numbers.key.player_id,
    }
