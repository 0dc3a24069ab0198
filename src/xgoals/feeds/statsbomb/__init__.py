"""StatsBomb open data: ``matches/{competition}/{season}.json``, ``events/`` and ``lineups/{match}.json``.

A match is listed in a ``matches`` file; its shots, each with a freeze frame of the players in view, are
events of type "Shot" in its ``events`` file, which may hold every event of the match or the shots alone.
``lineups/{match}.json`` adds nicknames and is optional. Source of the format: "StatsBomb Open Data
Specification", versions 1.1 and 4.0.

Coordinates are yards on a 120 x 80 pitch, the shooting team always plays towards x = 120, y grows downwards.
One yard is 0.9144 m, which keeps the goal 7.32 m wide. Period 5 is the shoot-out: no shots for the model.
"""

import hashlib
from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from typing import Any, cast

import orjson

from xgoals.domain.errors import FeedError, Problem, SourceError
from xgoals.domain.match import Match, Player, Team
from xgoals.domain.pitch import STATSBOMB_PITCH
from xgoals.domain.scene import MatchRecord
from xgoals.feeds import Announcement, Delivery
from xgoals.feeds.statsbomb.shots import ShotReader, is_own_goal, is_shot, read_own_goal

PROVIDER = "statsbomb"
Json = dict[str, Any]


def discover(
    source: Path, *, stored_sha256: Collection[str] = (), match_ids: Collection[str] | None = None
) -> tuple[list[Delivery], list[Problem]]:
    """List the matches of an open-data folder.

    Parameters
    ----------
    source
        The folder that holds ``matches`` and ``events`` (or the ``data`` folder above them).
    stored_sha256
        Of no use here: a match has one events file, which stands as it is.
    match_ids
        Ids of the matches to list; None lists all.

    Returns
    -------
    deliveries
        Sorted by date and match id. The fingerprint covers the listing's entry and the bytes of the files.
    problems
        Broken listings, matches without an events file.

    Raises
    ------
    SourceError
        If ``source`` is not a folder or holds no listing.
    """
    root = _open_data_root(source)
    listings = _json_files(root / "matches")
    if not listings:
        raise SourceError(
            "no match listings (matches/<competition>/<season>.json)",
            where=str(source),
            advice="Name the folder that holds competitions.json, matches and events",
        )
    entries, problems = _listed(listings)
    deliveries: list[Delivery] = []
    for match_id, (listing, entry) in entries.items():
        if match_ids is not None and match_id not in match_ids:
            continue
        found = _deliver(root, listing, match_id, entry)
        if isinstance(found, Delivery):
            deliveries.append(found)
        else:
            problems.append(found)
    return sorted(deliveries, key=lambda d: (str(_entry(d).get("match_date")), d.match_id)), problems


def announce(delivery: Delivery) -> Announcement:
    """What the listing's entry says.

    Raises
    ------
    FeedError
        If it is incomplete.
    """
    return Announcement.of(_match(_entry(delivery), where=str(delivery.extra["listing"])))


def discover_to_score(source: Path) -> tuple[list[Delivery], list[Problem]]:
    """List the matches that can be scored: also those that no listing names, or names in full.

    Scores need places and people, which the events have; competition, season and date of such a match are unknown.

    Raises
    ------
    SourceError
        If there are neither listings nor events.
    """
    root = _open_data_root(source)
    entries, problems = _listed(_json_files(root / "matches"))
    deliveries = []
    for events in _json_files(root / "events"):
        listing, entry = entries.pop(events.stem, (events, None))
        try:
            _match(entry or {}, where=str(listing))
        except FeedError as error:
            problems.append(
                Problem(str(listing), error.what if entry else "no listing names it", "Scored all the same")
            )
            entry = None
        lineups = root / "lineups" / f"{events.stem}.json"
        files = (events, lineups) if lineups.is_file() else (events,)
        extra = {"entry": entry, "listing": str(listing)}
        deliveries.append(Delivery(PROVIDER, events.stem, files, fingerprint="", extra=extra))
    problems += [_without_events(root, listing, match_id) for match_id, (listing, _) in entries.items()]
    if not deliveries:
        raise SourceError(
            "no events (events/<match>.json)",
            where=str(source),
            advice="Name the folder that holds events, and matches where there are listings",
        )
    return deliveries, problems


def _json_files(folder: Path) -> list[Path]:
    """Of a folder and its subfolders, which may be links."""
    return sorted({*folder.glob("*.json"), *folder.glob("*/*.json")})


def _listed(listings: Iterable[Path]) -> tuple[dict[str, tuple[Path, Json]], list[Problem]]:
    """Match id -> its listing and its newest entry; and the listings that cannot be read."""
    problems: list[Problem] = []
    entries: dict[str, tuple[Path, Json]] = {}
    for listing in listings:
        try:
            for entry in _read_list(listing):
                _keep_newest(entries, listing, entry)
        except FeedError as error:
            problems.append(_problem(error, listing))
    return entries, problems


def read_match(delivery: Delivery) -> tuple[MatchRecord, list[Problem]]:
    """Read one match: its shots, shoot-outs left out, each with the scene of its freeze frame.

    Raises
    ------
    FeedError
        If the events are no JSON list, the listing's entry is incomplete, or a team of the events does not
        play in this match. The message names the file and, where it can, the event.
    """
    try:
        return _read_match(delivery)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # JSON of any shape can lie under the right name; what is not of the feed's shape is the file's fault.
        raise FeedError(
            f"not of the shape of StatsBomb events ({error!r})",
            where=str(delivery.files[0]),
            advice="Fetch the file again",
        ) from error


def _read_match(delivery: Delivery) -> tuple[MatchRecord, list[Problem]]:
    events_file = delivery.files[0]
    all_events = _read_list(events_file)
    if delivery.extra["entry"] is None:
        match = _unlisted_match(delivery.match_id, all_events)
    else:
        match = _match(_entry(delivery), where=str(delivery.extra["listing"]))
    events = [event for event in all_events if is_shot(event)]
    own_goal_events = [event for event in all_events if is_own_goal(event)]
    reader = ShotReader(match, events_file)
    for event in events:
        reader.read(event)
    own_goals = tuple(read_own_goal(event, match) for event in own_goal_events)
    reader.check_scoreline(own_goals)
    players = _PlayerBook()
    for event in (*events, *own_goal_events):
        players.add(event.get("player"))
        for person in (event.get("shot") or {}).get("freeze_frame") or ():
            players.add(person.get("player"))
    for lineups_file in delivery.files[1:]:
        try:
            players.add_lineups(_read_list(lineups_file))
        except FeedError as error:
            reader.problems.append(_problem(error, lineups_file, severity="value", match_id=match.match_id))
    record = MatchRecord(
        match=match,
        teams=(match.home, match.away),
        players=players.all(),
        shots=tuple(reader.shots),
        scenes=tuple(reader.scenes),
        own_goals=own_goals,
    )
    return record, reader.problems


class _PlayerBook:
    """Names of players by id; a placeholder such as "Player 1234" is no name."""

    def __init__(self) -> None:
        self._players: dict[str, Player] = {}

    def add(self, player: Json | None, short_name: str | None = None) -> None:
        """Note a player of an event, if there is one; a known name is never lost."""
        if not player or player.get("id") is None:
            return
        player_id = str(player["id"])
        name = player.get("name")
        known = self._players.get(player_id, Player(player_id))
        self._players[player_id] = Player(
            player_id=player_id,
            name=known.name if name in (None, f"Player {player_id}") else name,
            short_name=short_name or known.short_name,
        )

    def add_lineups(self, lineups: Iterable[Json]) -> None:
        """Note all players of a match's line-ups, with their nicknames."""
        for team in lineups:
            for player in team.get("lineup") or ():
                entry = {"id": player.get("player_id"), "name": player.get("player_name")}
                self.add(entry, short_name=player.get("player_nickname"))

    def all(self) -> tuple[Player, ...]:
        """Everybody noted, by id."""
        return tuple(self._players[key] for key in sorted(self._players))


def _open_data_root(source: Path) -> Path:
    if not source.exists():
        raise SourceError("no such folder", where=str(source), advice="Check the path given as --source")
    if not source.is_dir():
        raise SourceError(
            "not a folder", where=str(source), advice="Name the folder that holds matches and events"
        )
    folders = [
        source,
        source / "data",
        *sorted(p for p in source.glob("*") if p.is_dir()),
        *source.glob("*/data"),
    ]
    roots = [folder for folder in folders if (folder / "matches").is_dir() or (folder / "events").is_dir()]
    return roots[0] if roots else source


def _keep_newest(entries: dict[str, tuple[Path, Json]], listing: Path, entry: Json) -> None:
    match_id = str(entry.get("match_id"))
    known = entries.get(match_id)
    if known is None or str(known[1].get("last_updated") or "") < str(entry.get("last_updated") or ""):
        entries[match_id] = (listing, entry)


def _deliver(root: Path, listing: Path, match_id: str, entry: Json) -> Delivery | Problem:
    events = root / "events" / f"{match_id}.json"
    if not events.is_file():
        return _without_events(root, listing, match_id)
    lineups = root / "lineups" / f"{match_id}.json"
    files = (events, lineups) if lineups.is_file() else (events,)
    digest = hashlib.sha256(orjson.dumps(entry, option=orjson.OPT_SORT_KEYS))
    try:
        for file in files:
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    except OSError as error:
        return Problem(
            str(file), f"cannot be read: {error.strerror}", "Mend its permissions", match_id, severity="match"
        )
    return Delivery(
        provider=PROVIDER,
        match_id=match_id,
        files=files,
        fingerprint=digest.hexdigest(),
        extra={"entry": entry, "listing": str(listing)},
    )


def _without_events(root: Path, listing: Path, match_id: str) -> Problem:
    return Problem(
        path=str(root / "events" / f"{match_id}.json"),
        reason=f"no events file for a match that {listing.parent.name}/{listing.name} lists",
        advice="Add the file and run again; the match is left out until then",
        match_id=match_id,
        severity="match",
    )


def _entry(delivery: Delivery) -> Json:
    return cast(Json, delivery.extra["entry"])


def _match(entry: Json, *, where: str) -> Match:
    try:
        home, away = entry["home_team"], entry["away_team"]
        stage = entry.get("competition_stage") or {}
        return Match(
            provider=PROVIDER,
            match_id=str(entry["match_id"]),
            competition_id=str(entry["competition"]["competition_id"]),
            competition=entry["competition"]["competition_name"],
            season_id=str(entry["season"]["season_id"]),
            season=entry["season"]["season_name"],
            match_date=date.fromisoformat(entry["match_date"]),
            home=Team(str(home["home_team_id"]), home["home_team_name"]),
            away=Team(str(away["away_team_id"]), away["away_team_name"]),
            pitch=STATSBOMB_PITCH,
            matchday=entry.get("match_week") or None,
            stage=stage.get("name"),
            home_score=entry.get("home_score"),
            away_score=entry.get("away_score"),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise FeedError(
            f"the entry of match {entry.get('match_id')} is incomplete or wrong ({error!r})",
            where=where,
            advice="Compare it with the other entries of the listing",
        ) from None


def _unlisted_match(match_id: str, events: Iterable[Json]) -> Match:
    """What the events say of a match that no listing names: who plays, not when or where."""
    named = [event["team"] for event in events if event.get("team")]
    teams = {str(team["id"]): Team(str(team["id"]), str(team.get("name") or team["id"])) for team in named}
    home, away, *_ = [*teams.values(), Team("unknown home", "unknown"), Team("unknown away", "unknown")]
    return Match(
        provider=PROVIDER, match_id=match_id, competition_id="", competition="", season_id="", season="",
        match_date=date.min, home=home, away=away, pitch=STATSBOMB_PITCH,
    )  # fmt: skip


def _read_list(path: Path) -> list[Json]:
    try:
        content = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise FeedError(f"broken JSON: {error}", where=str(path), advice="Fetch the file again") from None
    except OSError as error:
        raise FeedError(
            f"cannot be read: {error.strerror}", where=str(path), advice="Mend its permissions"
        ) from None
    if not isinstance(content, list) or not all(isinstance(item, dict) for item in content):
        raise FeedError("not a JSON list of objects", where=str(path), advice="Fetch the file again")
    return content


def _problem(
    error: FeedError, path: Path, *, severity: str = "match", match_id: str | None = None
) -> Problem:
    return Problem(str(path), error.what, error.advice or "", match_id=match_id, severity=severity)
