"""A Stats Perform file, XML or JSON, as one form: texts and numbers by the provider's names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from xgoals.domain.errors import FeedError
from xgoals.domain.text import clean
from xgoals.feeds.json_file import Json, read_json
from xgoals.feeds.json_values import items, obj
from xgoals.feeds.safe_xml import read_head
from xgoals.feeds.simulated import SIMULATED_BY
from xgoals.feeds.small_file import read_small

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Document:
    """What both forms say, as texts; ``qualifiers`` go with ``events``, by their ``qualifierId``."""

    info: Texts
    competition: Texts
    season: Texts
    stage: Texts
    contestants: tuple[Texts, ...]
    details: Texts
    total: Texts
    players: tuple[Texts, ...]
    events: tuple[Texts, ...]
    qualifiers: tuple[Mapping[str, str | None], ...]
    is_simulated: bool = False


def read_documents(path: Path) -> list[Document]:
    """The matches of a file of either form: one, or as many as a list of results has.

    Raises
    ------
    FeedError
        If it cannot be read, or says nothing of a match.
    """
    head = read_head(path, 512).lstrip(b"\xef\xbb\xbf \t\r\n")
    documents = _in_xml(read_small(path)[0]) if head.startswith(b"<") else _in_json(read_json(path))
    found = [document for document in documents if document.info]
    if not found:
        raise FeedError(
            "no matchInfo in the file", where=str(path), advice="Ask the provider to send the file again"
        )
    return found


def read_document(path: Path, match_id: str | None = None) -> Document:
    """The match of a file; of several the one with this id.

    Raises
    ------
    FeedError
        If it cannot be read, or does not tell of that match.
    """
    documents = read_documents(path)
    if len(documents) == 1:
        return documents[0]
    found = next((document for document in documents if document.info.get("id") == match_id), None)
    if found is None:
        what = f"the file has {len(documents)} matches" + (
            f", and none of them is {match_id}" if match_id else ""
        )
        raise FeedError(what, where=str(path), advice="Write this match into a file of its own")
    return found


def _in_json(content: object) -> Iterator[Document]:
    """A match, or a list of them, with or without a name."""
    listed = obj(content).get("match", content)
    return map(_of_json, map(obj, listed if isinstance(listed, list) else [listed]))


def _in_xml(root: Element) -> Iterator[Document]:
    matches = [element for element in root.iterfind("match") if element.find("matchInfo") is not None]
    return map(_of_xml, matches or [root])


def _of_json(content: Json) -> Document:
    info, live = obj(content.get("matchInfo")), obj(content.get("liveData"))
    details = obj(live.get("matchDetails"))
    listed = (
        items(live.get("event")) or items(live.get("events")) or items(obj(live.get("events")).get("event"))
    )
    events = list(map(obj, listed))
    line_ups = map(obj, items(live.get("lineUp")))
    return Document(
        info=_texts(info),
        competition=_texts(obj(info.get("competition"))),
        season=_texts(obj(info.get("tournamentCalendar"))),
        stage=_texts(obj(info.get("stage"))),
        contestants=tuple(map(_texts, map(obj, items(info.get("contestant"))))),
        details=_texts(details),
        total=_texts(obj(obj(details.get("scores")).get("total"))),
        players=tuple(
            _texts(obj(p)) | _team_of(_texts(line_up))
            for line_up in line_ups
            for p in items(line_up.get("player"))
        ),
        events=tuple(map(_texts, events)),
        qualifiers=tuple(_qualifiers(map(_texts, map(obj, items(e.get("qualifier"))))) for e in events),
        is_simulated=SIMULATED_BY in content,
    )


def _of_xml(root: Element) -> Document:
    info = root.find("matchInfo")
    events = list(root.iterfind("liveData/event")) or list(root.iterfind("liveData/events/event"))
    return Document(
        info=_attributes(info),
        competition=_attributes(None if info is None else info.find("competition")),
        season=_attributes(None if info is None else info.find("tournamentCalendar")),
        stage=_attributes(None if info is None else info.find("stage")),
        contestants=tuple(map(_attributes, [] if info is None else info.iter("contestant"))),
        details=_attributes(root.find("liveData/matchDetails")),
        total=_attributes(root.find("liveData/matchDetails/scores/total")),
        players=tuple(
            _attributes(p) | _team_of(_attributes(line_up))
            for line_up in root.iter("lineUp")
            for p in line_up.iter("player")
        ),
        events=tuple(map(_attributes, events)),
        qualifiers=tuple(_qualifiers(map(_attributes, event.iter("qualifier"))) for event in events),
        is_simulated=SIMULATED_BY in root.attrib,
    )


def _team_of(line_up: Texts) -> dict[str, str]:
    return {"contestantId": line_up["contestantId"]} if "contestantId" in line_up else {}


def _qualifiers(found: Iterator[Texts]) -> dict[str, str | None]:
    """By their numbers; those without one as ``no qualifierId``."""
    return {q.get("qualifierId", "no qualifierId"): q.get("value") for q in found}


def _texts(holder: Json) -> dict[str, str]:
    """The plain values of an object."""
    return {key: text for key, value in holder.items() if (text := _plain(value))}


def _plain(value: Any) -> str:
    return clean(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _attributes(element: Element | None) -> dict[str, str]:
    """Attributes, and the text as ``name``, where JSON has it."""
    if element is None:
        return {}
    texts = {name: clean(value) for name, value in element.attrib.items() if clean(value)}
    name = clean(element.text or "")
    return ({"name": name} if name else {}) | texts
