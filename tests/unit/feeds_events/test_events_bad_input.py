"""Event files that cannot be used: what is said of them, and that the others are read all the same."""

import json
from pathlib import Path

import pytest

from small_event_feeds import (
    AWAY,
    CSV_HEAD,
    CSV_TAIL,
    HOME,
    Attempt,
    f7,
    f24,
    ma1,
    ma3,
    matches_csv,
    ten_attempts,
    wyscout_v2,
    wyscout_v3,
    xml,
)
from xgoals.domain.errors import FeedError, Problem, SourceError
from xgoals.feeds import load_feed

F24, F7 = "f24-1-2024-7-eventdetails.xml", "srml-1-2024-f7-matchresults.xml"


def refusal(feed: str, folder: Path) -> FeedError:
    """Why the one match of a folder is not read; the other one, 8, is."""
    module = load_feed(feed)
    deliveries, _ = module.discover(folder)
    found = {delivery.match_id: delivery for delivery in deliveries}
    assert len(module.read_match(found.pop("8"))[0].shots) == 10
    (delivery,) = found.values()
    with pytest.raises(FeedError) as caught:
        module.read_match(delivery)
    assert caught.value.advice
    return caught.value


def good(feed: str) -> dict[str, bytes]:
    """Match 8."""
    if feed == "wyscout":
        return {"8.json": as_json(wyscout_v3(8, ten_attempts()))}
    if feed == "opta":
        return {"f24-1-2024-8-eventdetails.xml": xml(f24(8, ten_attempts())), "f7-8-match.xml": xml(f7(8))}
    return {"8/ma3.json": as_json(ma3("8", ten_attempts()))}


def as_json(content: object) -> bytes:
    return json.dumps(content).encode()


def only_problem(feed: str, folder: Path) -> Problem:
    deliveries, (problem,) = load_feed(feed).discover(folder)
    assert [delivery.match_id for delivery in deliveries] == ["8"]
    return problem


@pytest.mark.parametrize("name", [F24, F7])
def test_a_document_type_is_refused_before_anything_is_expanded(source, name):
    files = {F24: xml(f24(7, ten_attempts())), F7: xml(f7(7))}
    attack = b'?>\n<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    files[name] = files[name].replace(b"?>", attack, 1)
    error = refusal("opta", source(files | good("opta")))
    assert "refused: a document type declaration" in error.what
    assert error.where.endswith(f"{name}, document type")


@pytest.mark.parametrize("feed", ["wyscout", "statsperform"])
def test_cut_json_names_file_and_match(source, feed):
    content = wyscout_v2(7, ten_attempts()) if feed == "wyscout" else ma3("7", ten_attempts())
    error = refusal(feed, source({"x7.json": as_json(content)[:-200]} | good(feed)))
    assert error.what.startswith("broken JSON")
    assert error.where.endswith("x7.json")


def test_cut_xml_names_file_line_and_column(source):
    files = {F24: xml(f24(7, ten_attempts()))[:-200], F7: xml(f7(7))}
    error = refusal("opta", source(files | good("opta")))
    assert error.what.startswith("not well-formed XML")
    assert f"{F24}, line " in error.where


def test_line_ups_of_another_match(source):
    files = {F24: xml(f24(7, ten_attempts())), F7: xml(f7(7, home=31, away=32))}
    error = refusal("opta", source(files | good("opta")))
    assert error.what == f"F24 has events of team 11, F7 ({F7}) is of teams 31 and 32"


def test_results_of_another_match(source):
    other = ma1("7")
    other["matchInfo"]["contestant"][0]["id"] = "31"
    files = {"7/ma3.json": as_json(ma3("7", ten_attempts())), "7/ma1.json": as_json(other)}
    error = refusal("statsperform", source(files | good("statsperform")))
    assert error.what == "MA3 is of teams 11 and 12, MA1 (ma1.json) of 31 and 12"


def test_events_of_a_team_that_nobody_knows(source):
    events = [*ten_attempts(), Attempt(team=99)]
    error = refusal("wyscout", source({"7.json": as_json(wyscout_v3(7, events))} | good("wyscout")))
    assert "99" in error.what
    error = refusal("opta", source({F24: xml(f24(7, events)), F7: xml(f7(7))} | good("opta")))
    assert "events of team 99" in error.what


def test_a_shot_of_an_unknown_player_stays_without_a_name(read):
    events = [*ten_attempts(), Attempt(player=777, shot_id=1)]
    record, problems = read("wyscout", {"7.json": as_json(wyscout_v3(7, events))})
    assert len(record.shots) == 11
    assert [p.reason for p in problems] == ["player '777' is in no line-up"]


def test_an_empty_roster_costs_the_names_alone(read):
    record, problems = read("wyscout", {"7.json": as_json(wyscout_v3(7, ten_attempts(), players={}))})
    assert len(record.shots) == 10
    assert [p.reason for p in problems] == ["player '501' is in no line-up"]
    results = xml(f7(7)).replace(b"<Player ", b"<Nobody ").replace(b"</Player>", b"</Nobody>")
    record, problems = read("opta", {F24: xml(f24(7, ten_attempts())), F7: results})
    assert "the line-ups are empty" in [p.reason for p in problems]


def test_sides_reversed_in_the_csv_are_told_where_the_file_knows_better(read):
    line = "7,1,League,2,2024/2025,2024-08-02,1,12,Away,11,Home,0,2\n"
    csv = (CSV_HEAD + CSV_TAIL + line).encode()
    record, problems = read("wyscout", {"7.json": as_json(wyscout_v3(7, ten_attempts())), "matches.csv": csv})
    assert record.match.home.team_id == str(HOME)
    assert "home_team_id is 11 in the file and 12 in matches.csv, line 2" in [p.reason for p in problems]
    assert "home_score is 2 in the file and 0 in matches.csv, line 2" in [p.reason for p in problems]


def test_a_csv_of_other_teams_is_refused(source):
    line = "7,1,League,2,2024/2025,2024-08-02,1,31,X,32,Y,0,2\n"
    files = {
        "7.json": as_json(wyscout_v2(7, ten_attempts())),
        "matches.csv": (CSV_HEAD + CSV_TAIL + line).encode(),
    }
    error = refusal("wyscout", source(files | good("wyscout")))
    assert error.what == "the file has teams 11 and 12, matches.csv, line 2 has 31 and 32"


def test_places_turned_round_in_one_half_are_mended_and_told(read):
    events = [
        Attempt(team=AWAY, period=3, second=100 * n, x=10, y=40, tags=[402, 1210], shot_id=n + 1)
        for n in range(4)
    ]
    record, problems = read("wyscout", {"7.json": as_json(wyscout_v3(7, [*ten_attempts(), *events]))})
    turned = [shot for shot in record.shots if shot.shot_id in "1234"]
    assert {(shot.x_m, round(shot.y_m, 2)) for shot in turned} == {(42.0, -6.8)}
    assert "all shots of Away in period 3 are from its own half" in [p.reason for p in problems]


def test_two_shots_from_the_own_half_are_no_half(read):
    events = [Attempt(period=3, second=100 * n, x=10 + n, tags=[402, 1210]) for n in range(2)]
    record, problems = read("wyscout", {"7.json": as_json(wyscout_v3(7, [*ten_attempts(), *events]))})
    assert sum(shot.x_m < 0 for shot in record.shots) == 2
    assert "2 of 12 shots are from the shooters' own half" in [p.reason for p in problems]


def test_places_turned_round_everywhere_are_refused(source):
    events = ten_attempts()
    for event in events:
        event.x, event.y = 100 - event.x, 100 - event.y
    error = refusal("wyscout", source({"7.json": as_json(wyscout_v3(7, events))} | good("wyscout")))
    assert "its places are turned round" in error.what


def test_two_matches_in_one_file(source):
    content = wyscout_v2(7, ten_attempts())
    content["events"][3]["matchId"] = 9
    error = refusal("wyscout", source({"7.json": as_json(content)} | good("wyscout")))
    assert error.what == "the file has events of matches 7 and 9"


def test_two_matches_in_one_folder_are_told_apart(source):
    files = {"a/1.xml": xml(f24(7, ten_attempts())), "a/2.xml": xml(f7(7)), "a/3.xml": xml(f24(8, ten_attempts())),
             "a/4.xml": xml(f7(8))}  # fmt: skip
    deliveries, problems = load_feed("opta").discover(source(files))
    assert [[path.name for path in d.files] for d in deliveries] == [["1.xml", "2.xml"], ["3.xml", "4.xml"]]
    assert problems == []


def test_a_file_without_an_id_beside_two_matches_is_left_out_with_both_ways(source):
    nameless = f24(7, ten_attempts())
    nameless.find("Game").attrib.pop("id")
    files = {"x.xml": xml(nameless), "a.xml": xml(f24(8, ten_attempts())), "b.xml": xml(f7(9)),
             "c.xml": xml(f24(9, ten_attempts()))}  # fmt: skip
    deliveries, (problem,) = load_feed("opta").discover(source(files))
    assert [delivery.match_id for delivery in deliveries] == ["8", "9"]
    assert problem.reason == "the file does not say which match it is of, and neither does its name"
    assert "into its name" in problem.advice
    assert "column events of matches.csv" in problem.advice


def test_a_file_without_an_id_alone_with_the_other_one(source):
    nameless = f24(7, ten_attempts())
    nameless.find("Game").attrib.pop("id")
    files = {"7/x.xml": xml(nameless), "7/y.xml": xml(f7(7)), "8/a.xml": xml(f24(8, ten_attempts()))}
    deliveries, problems = load_feed("opta").discover(source(files))
    assert [(d.match_id, len(d.files)) for d in deliveries] == [("7", 2), ("8", 1)]
    assert problems == []


def test_line_ups_without_events(source):
    problem = only_problem("opta", source({F7: xml(f7(7))} | good("opta")))
    assert problem.reason == "there are no events (F24) of match 7, only line-ups and result (F7)"
    assert problem.match_id == "7"


def test_a_newer_message_stands_and_a_contradiction_is_told(source):
    older = xml(f24(7, ten_attempts()[:9])).replace(b"2024-08-02T22:00:00", b"2024-08-02T21:00:00")
    files = {"a.xml": older, "b.xml": xml(f24(7, ten_attempts())), F7: xml(f7(7))}
    module = load_feed("opta")
    (delivery,), problems = module.discover(source(files))
    assert len(module.read_match(delivery)[0].shots) == 10
    assert problems == []
    files["a.xml"] = older.replace(b"2024-08-02T21:00:00", b"2024-08-02T22:00:00")
    _, (problem,) = module.discover(source(files))
    assert "different content: the first one is taken" in problem.reason


@pytest.mark.parametrize("feed", ["wyscout", "opta", "statsperform"])
def test_a_match_that_nobody_knows_names_the_line_to_add(source, feed):
    if feed == "wyscout":
        files = {"7.json": as_json(wyscout_v2(7, ten_attempts()))}
    elif feed == "opta":
        document = f24(7, ten_attempts(), game_date="", competition_id="", competition_name="")
        files = {F24: xml(document)}
    else:
        content = ma3("7", ten_attempts())
        content["matchInfo"] = {"id": "7", "contestant": content["matchInfo"]["contestant"]}
        files = {"7.json": as_json(content)}
    folder = source(files | good(feed))
    error = refusal(feed, folder)
    assert error.what.startswith("the files of match 7 do not say its date")
    assert "Add to matches.csv beside them: 7,,?," in error.advice
    assert f"xgoals matches-csv DIR --feed {feed}" in error.advice
    (folder / "matches.csv").write_bytes(matches_csv(7))
    deliveries, _ = load_feed(feed).discover(folder)
    assert len(load_feed(feed).read_match(deliveries[0])[0].shots) == 10


def test_a_match_that_nobody_knows_can_be_scored(source):
    module = load_feed("wyscout")
    (delivery,), _ = module.discover_to_score(source({"7.json": as_json(wyscout_v2(7, ten_attempts()))}))
    record, _ = module.read_match(delivery)
    assert len(record.shots) == 10
    assert record.match.home.name == "Home"


@pytest.mark.parametrize("feed", ["wyscout", "opta", "statsperform"])
def test_nothing_of_the_feed(source, feed):
    folder = source({"notes.txt": b"hello", "other.json": b"[1, 2]", "other.xml": b"<html/>"})
    with pytest.raises(SourceError, match="no files of this feed"):
        load_feed(feed).discover(folder)
    with pytest.raises(SourceError, match="no such folder"):
        load_feed(feed).discover(folder / "elsewhere")


def test_few_shots_and_a_far_penalty_are_told(read):
    events = [*ten_attempts()[:3], Attempt(sub_event=35, x=70, tags=[402, 1210], shot_id=1)]
    content = wyscout_v2(7, events)
    _, problems = read("wyscout", {"7.json": as_json(content), "matches.csv": matches_csv(7)})
    reasons = [p.reason for p in problems]
    assert "4 shots, where matches have 8 to 60" in reasons
    assert "a penalty from 31.5 m" in reasons


def test_what_is_simulated_bears_a_mark(read):
    record, _ = read("wyscout", {"7.json": as_json(wyscout_v3(7, ten_attempts(), simulated_by="xgoals"))})
    assert record.match.is_simulated
    events, results = f24(7, ten_attempts()), f7(7)
    for root in (events, results):
        root.set("simulated_by", "xgoals")
    record, _ = read("opta", {F24: xml(events), F7: xml(results)})
    assert record.match.is_simulated


def test_files_that_have_become_nothing_are_told(source):
    """Beside whole ones: an empty file, a folder in place of one, and one of another sort that `matches.csv` names."""
    whole = json.dumps(wyscout_v2(104, ten_attempts())).encode()
    files = {
        "104.json": whole,
        "101.json": b"",
        "102.json": b'{"message": "rate limit"}',
        "matches.csv": matches_csv(102, 104),
    }
    folder = source(files)
    (folder / "103.json").mkdir()
    deliveries, problems = load_feed("wyscout").discover(folder)
    assert [delivery.match_id for delivery in deliveries] == ["104"]
    told = {Path(problem.path).name: problem.reason for problem in problems}
    assert told["101.json"] == "the file is empty"
    assert told["103.json"] == "is a folder, no file"
    assert told["102.json"] == "match 102 by its name, and nothing of Wyscout's events, {match_id}.json in it"


def test_a_match_of_which_nobody_says_the_teams_asks_for_them(source):
    root = f24(7, ten_attempts())
    game = root.find("Game")
    for name in [name for name in game.attrib if name.startswith(("home_", "away_"))]:
        del game.attrib[name]
    deliveries, _ = load_feed("opta").discover_to_score(source({F24: xml(root)}))
    with pytest.raises(FeedError, match="the files of match 7 do not say which teams play") as refused:
        load_feed("opta").read_match(deliveries[0])
    assert "line-ups" in refused.value.advice


def test_other_files_beside_a_feed_s_are_none_of_its_business(source):
    files = {"104.json": json.dumps(wyscout_v2(104, ten_attempts())).encode(), "notes.json": b'{"a": 1}',
             "matches.csv": matches_csv(104), "players_2017.json": b"[1, 2]"}  # fmt: skip
    deliveries, problems = load_feed("wyscout").discover(source(files))
    assert ([delivery.match_id for delivery in deliveries], problems) == (["104"], [])


@pytest.mark.parametrize("feed", ["opta", "statsperform"])
def test_home_and_away_reversed_between_events_and_results(read, feed):
    if feed == "opta":
        events = f24(7, ten_attempts(), home_team_id=str(AWAY), home_team_name="Away", away_team_id=str(HOME),
                     away_team_name="Home", home_score="0", away_score="2")  # fmt: skip
        files = {F24: xml(events), F7: xml(f7(7))}
    else:
        content = ma3("7", ten_attempts())
        for team, side in zip(content["matchInfo"]["contestant"], ("away", "home"), strict=True):
            team["position"] = side
        files = {"ma3.json": as_json(content), "ma1.json": as_json(ma1("7"))}
    record, problems = read(feed, files)
    assert (record.match.home.name, record.match.home_score, record.match.away_score) == ("Home", 2, 0)
    assert [p.reason for p in problems] == ["the events take 12 for the home team, the results 11"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_another_encoding_is_named_where_it_cannot_be_read(source, encoding):
    data = json.dumps(wyscout_v3(7, ten_attempts())).encode(encoding)
    error = refusal("wyscout", source({"7.json": data} | good("wyscout")))
    assert error.what == "the file is in UTF-16, not in UTF-8"


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_xml_is_read_in_the_encoding_that_it_declares(read, encoding):
    files = {
        name: data.decode()
        .replace("UTF-8", encoding)
        .replace('"Home" away', '"Köln" away')
        .replace(">Home<", ">Köln<")
        .encode(encoding)
        for name, data in {F24: xml(f24(7, ten_attempts())), F7: xml(f7(7))}.items()
    }
    record, problems = read("opta", files)
    assert (record.match.home.name, len(record.shots), problems) == ("Köln", 10, [])


@pytest.mark.parametrize("marked", [F24, F7])
def test_simulated_and_real_files_are_never_of_one_match(read, marked):
    roots = {F24: f24(7, ten_attempts()), F7: f7(7)}
    roots[marked].set("simulated_by", "xgoals")
    with pytest.raises(FeedError, match=r"the file is simulated, and .* of the same match is not") as refused:
        read("opta", {name: xml(root) for name, root in roots.items()})
    assert Path(refused.value.where).name == marked


@pytest.mark.parametrize(
    ("feed", "name", "data", "reason"),
    [
        ("wyscout", "7.json", b"", "the file is empty"),
        ("opta", "f24-1-2024-7-eventdetails.xml", b"", "the file is empty"),
        ("statsperform", "7/ma1.json", b"", "the file is empty"),
        ("statsperform", "7/x_MA3.json", b'{"matchI', "broken JSON"),
    ],
)
def test_what_is_left_of_a_file_is_told(source, feed, name, data, reason):
    assert only_problem(feed, source({name: data} | good(feed))).reason.startswith(reason)


def test_the_beginning_of_a_file_that_is_called_after_its_match(source):
    error = refusal("wyscout", source({"777.json": b'{"even'} | good("wyscout")))
    assert error.what.startswith("broken JSON")
