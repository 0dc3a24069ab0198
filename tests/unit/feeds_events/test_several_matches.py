"""Files that tell of several matches, files that name none, and how the providers' files come otherwise."""

import json
from xml.etree.ElementTree import Element, SubElement

import pytest

from small_event_feeds import Attempt, as_xml, f7, f24, ma1, ma3, ten_attempts, xml
from xgoals.domain.errors import FeedError
from xgoals.feeds import discover_to_score, load_feed


def as_json(content: object) -> bytes:
    return json.dumps(content).encode()


def results(form: str, *match_ids: str) -> bytes:
    """The results of a season in one file."""
    if form == "json":
        return as_json({"match": [ma1(match_id) for match_id in match_ids]})
    root = Element("matches")
    for match_id in match_ids:
        root.append(as_xml(ma1(match_id), "match"))
    return xml(root)


@pytest.mark.parametrize("form", ["json", "xml"])
def test_results_of_a_season_beside_the_events_of_two_matches(source, form):
    folder = source(
        {
            f"ma1_season.{form}": results(form, "m6", "m7", "m8", "m9"),
            "events/m7.json": as_json(ma3("m7", ten_attempts())),
            "events/m8.json": as_json(ma3("m8", ten_attempts())),
        }
    )
    module = load_feed("statsperform")
    deliveries, problems = module.discover(folder)
    assert problems == []  # m6 and m9 have no events, which is nothing to tell
    assert [delivery.match_id for delivery in deliveries] == ["m7", "m8"]
    for delivery in deliveries:
        record, notes = module.read_match(delivery)
        assert (record.match.match_id, record.match.home_score, len(record.shots)) == (
            delivery.match_id,
            2,
            10,
        )
        assert {player.player_id: player.name for player in record.players}["501"] == "Given Family"
        assert notes == []


@pytest.mark.parametrize("wrap", [b"cb(%s)", b"/**/ window.opta.cb1(%s);\n"])
def test_a_callback_around_the_answer(read, wrap):
    answers = {"ma3.json": ma3("m7", ten_attempts()), "ma1.json": ma1("m7")}
    record, problems = read(
        "statsperform", {name: wrap % as_json(answer) for name, answer in answers.items()}
    )
    assert (len(record.shots), record.match.home_score, problems) == (10, 2, [])


@pytest.mark.parametrize("wrap", [lambda events: events, lambda events: {"event": events}])
def test_events_under_their_other_name(read, wrap):
    content = ma3("m7", ten_attempts())
    content["liveData"]["events"] = wrap(content["liveData"].pop("event"))
    assert len(read("statsperform", {"ma3.json": as_json(content)})[0].shots) == 10


def test_events_of_two_matches_in_one_f24_are_refused_under_both(source):
    root = f24(7, ten_attempts())
    root.append(f24(8, ten_attempts()).find("Game"))
    module = load_feed("opta")
    deliveries, problems = module.discover(source({"x.xml": xml(root)}))
    assert problems == []
    assert [delivery.match_id for delivery in deliveries] == ["7", "8"]
    for delivery in deliveries:
        with pytest.raises(FeedError, match="the file is of matches 7 and 8"):
            module.read_match(delivery)


def test_two_documents_of_one_match_are_one(read):
    root = f7(7)
    root.append(f7(7).find("SoccerDocument"))
    record, problems = read("opta", {"a.xml": xml(f24(7, ten_attempts())), "b.xml": xml(root)})
    assert (record.match.home_score, record.match.away_score, problems) == (2, 0, [])


def test_line_ups_of_two_matches_are_refused(source):
    root = f7(7)
    root.append(f7(8).find("SoccerDocument"))
    (delivery, *_), _ = load_feed("opta").discover(
        source({"a.xml": xml(f24(7, ten_attempts())), "b.xml": xml(root)})
    )
    with pytest.raises(FeedError, match="the file is of matches 7 and 8"):
        load_feed("opta").read_match(delivery)


def test_a_season_s_results_beside_it_are_none_of_it(source):
    """F1: one document with the data of every match."""
    season = Element("SoccerFeed")
    document = SubElement(season, "SoccerDocument", Type="RESULTS Latest")
    for n in (7, 8):
        SubElement(document, "MatchData", uID=f"g{n}").append(Element("TeamData", TeamRef="t11"))
    files = {
        "a.xml": xml(f24(7, ten_attempts())),
        "b.xml": xml(f7(7)),
        "srml-1-2024-results.xml": xml(season),
    }
    (delivery,), problems = load_feed("opta").discover(source(files))
    assert (len(delivery.files), problems) == (2, [])


def without_ids() -> dict[str, bytes]:
    events, line_ups = f24(7, ten_attempts()), f7(7)
    events.find("Game").attrib.pop("id")
    line_ups.find("SoccerDocument").attrib.pop("uID")
    return {"events.xml": xml(events), "line-ups.xml": xml(line_ups)}


def test_a_pair_without_ids_is_scored_under_its_place(source):
    folder = source(
        {f"{n}/{name}": data for n in ("first", "second") for name, data in without_ids().items()}
    )
    deliveries, problems = discover_to_score("opta", folder)
    assert problems == []
    assert [(d.match_id, len(d.files)) for d in deliveries] == [("first-events", 2), ("second-events", 2)]
    assert len(load_feed("opta").read_match(deliveries[0])[0].shots) == 10


def test_such_a_pair_is_not_stored_before_somebody_says_which_match_it_is(source):
    deliveries, problems = load_feed("opta").discover(source(without_ids()))
    assert deliveries == []
    assert {problem.reason for problem in problems} == {
        "the file does not say which match it is of, and neither does its name"
    }
    csv = b"match_id,competition,season,events\nmy-7,League,2024/25,events.xml\n"
    (delivery,), problems = load_feed("opta").discover(source({"matches.csv": csv}))
    assert (delivery.match_id, len(delivery.files), problems) == ("my-7", 3, [])


def test_two_pairs_in_one_folder_are_nobody_s(source):
    files = {f"{n}-{name}": data for n in "ab" for name, data in without_ids().items()}
    deliveries, problems = discover_to_score("opta", source(files))
    assert (deliveries, len(problems)) == ([], 4)


@pytest.mark.parametrize(
    ("attribute", "value", "reason"),
    [
        ("type_id", "x", "1 events say no type (the first: 1): if they were shots, these are missing"),
        ("player_id", "", "nobody is named as the shooter"),
        ("timestamp", "noon", "'noon' cannot be read"),
        ("x", "1e9", "a shot from x_m ="),
        ("x", "", "a shot without a place: x = None"),
        ("min", "-4", "minute = -4 cannot be"),
        ("sec", "75", "second = 75 cannot be"),
        ("period_id", "9", "a shot in period 9"),
    ],
)
def test_what_is_odd_in_an_f24_is_told(read, attribute, value, reason):
    root = f24(7, [*ten_attempts(), Attempt(shot_id=1)])
    list(root.iter("Event"))[-1].set(attribute, value)
    _, problems = read("opta", {"a.xml": xml(root), "b.xml": xml(f7(7))})
    assert any(problem.reason.startswith(reason) for problem in problems), problems


def test_a_qualifier_that_is_no_number_is_told(read):
    root = f24(7, [*ten_attempts(), Attempt(shot_id=1)])
    next(list(root.iter("Event"))[-1].iter("Q")).set("qualifier_id", "right foot")
    _, problems = read("opta", {"a.xml": xml(root), "b.xml": xml(f7(7))})
    assert "'right foot' cannot be read" in [problem.reason for problem in problems]


@pytest.mark.parametrize(
    ("game", "reason"),
    [
        ({"matchday": "final"}, "matchday = 'final' cannot be read"),
        ({"home_score": "two"}, "home_score = 'two' cannot be read"),
    ],
)
def test_what_is_odd_in_the_header_is_told(read, game, reason):
    _, problems = read("opta", {"a.xml": xml(f24(7, ten_attempts(), **game)), "b.xml": xml(f7(7))})
    assert reason in [problem.reason for problem in problems]
