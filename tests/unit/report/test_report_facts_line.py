"""The line of facts: by hand, then every clause of every shot of the whole real matches against its raw events."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from by_hand import MATCH

from xgoals.analysis.facts.shot_facts import AssistFacts, Rebound, ShotFacts, facts_of_shots
from xgoals.analysis.match import match_numbers
from xgoals.domain.circumstances import FLAGS, PassHeight, PassKind
from xgoals.domain.names import common_name, surname
from xgoals.domain.scene import MatchRecord
from xgoals.domain.shot import BodyPart, Outcome, SetUp, ShotType, Technique
from xgoals.feeds.statsbomb import discover, read_match
from xgoals.language import language
from xgoals.report.words.facts_line import facts_line, missing_line
from xgoals.report.words.scorers import GoalsInWords, goals_in_words, scorers

EN, DE = language("en"), language("de")
FOOT = BodyPart.RIGHT_FOOT


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            ShotFacts(
                FOOT, assist=AssistFacts("Kieran Trippier", PassKind.CROSS), score=(0, 0), keeper="Thibaut Courtois",
                is_first_time=True, is_one_on_one=True,
            ),
            "Right foot, first time, from Trippier's cross, at 0–0, one on one; Courtois in goal.",
        ),
        (ShotFacts(FOOT), "Right foot."),
        (ShotFacts(BodyPart.OTHER), "Neither foot nor head."),
        (ShotFacts(BodyPart.HEAD, is_first_time=True, is_aerial_won=True), "Header, won in the air."),
        (ShotFacts(BodyPart.HEAD, technique=Technique.DIVING_HEADER), "Diving header."),
        (
            ShotFacts(
                BodyPart.LEFT_FOOT, ShotType.FREE_KICK, SetUp.FREE_KICK, is_first_time=True, is_under_pressure=True
            ),
            "Direct free kick, left foot, under pressure.",
        ),
        (ShotFacts(FOOT, ShotType.PENALTY, is_one_on_one=True, score=(1, 2)), "Penalty, right foot, at 1–2."),
        (
            ShotFacts(FOOT, set_up=SetUp.CORNER, assist=AssistFacts("", PassKind.CORNER)),
            "Right foot, from a corner.",
        ),
        (
            ShotFacts(FOOT, set_up=SetUp.CORNER, assist=AssistFacts("Koke", PassKind.PASS, PassHeight.GROUND)),
            "Right foot, from Koke's pass, after a corner.",
        ),
        (
            ShotFacts(FOOT, assist=AssistFacts("Koke", PassKind.PASS, PassHeight.HIGH)),
            "Right foot, from Koke's high pass.",
        ),
        (
            ShotFacts(FOOT, assist=AssistFacts("Koke", PassKind.PASS, PassHeight.HIGH, True)),
            "Right foot, from Koke's switch of play.",
        ),
        (
            ShotFacts(FOOT, rebound_of=Rebound("Marco Verratti", BodyPart.HEAD, Outcome.WOODWORK)),
            "Right foot, after Verratti's header against the woodwork.",
        ),
        (ShotFacts(FOOT, set_up=SetUp.REBOUND), "Right foot, a rebound."),
        (ShotFacts(FOOT, set_up=SetUp.CROSS), "Right foot, from a cross."),
        (ShotFacts(FOOT, is_open_goal=True, is_one_on_one=True, keeper="A. B"), "Right foot, into an empty net."),
        (ShotFacts(FOOT, is_deflected=True, technique=Technique.VOLLEY), "Right foot, volley, deflected."),
    ],
)  # fmt: skip
def test_what_is_known_is_told_in_one_line(facts: ShotFacts, said: str) -> None:
    assert facts_line(facts, EN) == said
    assert "%" not in facts_line(facts, DE)


def test_german_has_its_own_score_and_order() -> None:
    facts = ShotFacts(
        FOOT, assist=AssistFacts("Kieran Trippier", PassKind.CROSS), score=(1, 0), keeper="Courtois"
    )
    assert (
        facts_line(facts, DE) == "Rechter Fuß, nach Flanke von Trippier, beim Stand von 1:0; Courtois im Tor."
    )


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (ShotFacts(), ""),
        (ShotFacts(has_keeper=False), "The keeper's position is not recorded."),
        (ShotFacts(has_positions=False, has_keeper=False), "Where the others stood is not recorded."),
        (ShotFacts(shot_type=ShotType.PENALTY, has_positions=False, has_keeper=False), ""),
    ],
)
def test_what_is_missing_is_said(facts: ShotFacts, said: str) -> None:
    assert missing_line(facts, EN) == said


def test_scorers_own_goals_half_time_and_sendings_off(shots) -> None:
    goal = {"is_goal": True, "outcome": "goal"}
    frame = shots(
        {"player": "Florian Wirtz", "minute": 16, **goal},
        {"player": "Florian Wirtz", "minute": 46, **goal, "is_penalty": True},
        {"player": None, "minute": 60, "period": 2, **goal},
        {"player": None, "minute": 61, "period": 2, **goal},
    )
    own = {"team": "Blues", "player": "Jonathan Tah", "minute": 8, "period": 1, "second": 0}
    red = {"team": "Reds", "player": "Jonathan Tah", "period": 2, "minute": 90, "kind": "red_card"}
    match = {**MATCH, "home_score": 4, "away_score": 1, "own_goals": [own], "incidents": [red]}
    assert goals_in_words(match_numbers(match, frame), EN) == GoalsInWords(
        scorers={
            "home": "Wirtz 17′, 45+2′ (penalty), Unknown player 61′, Unknown player 62′",
            "away": "Tah 9′ (own goal)",
        },
        half_time="2–1",
        sent_off={"home": "Tah 90+1′", "away": ""},
    )
    assert goals_in_words(match_numbers(match, frame), DE).half_time == "2:1"
    (first, *_) = scorers(match_numbers(match, frame), "home", EN)
    assert [(time.said, time.shot_id) for time in first.times] == [("17′", "s0"), ("45+2′ (penalty)", "s1")]
    lacking = goals_in_words(match_numbers({**match, "away_score": 2}, frame), EN)
    assert lacking.half_time == ""
    assert lacking.scorers["away"] == "Tah 9′ (own goal), one goal without a shot in the data"


# --- every clause of every shot of the whole real matches

PASSES = {
    "cross": lambda p: p.get("cross") and not p.get("cut_back"),
    "cut-back": lambda p: p.get("cut_back"),
    "through ball": lambda p: p.get("technique", {}).get("name") == "Through Ball",
    "corner": lambda p: p.get("type", {}).get("name") == "Corner",
    "free kick": lambda p: p.get("type", {}).get("name") == "Free Kick",
    "throw-in": lambda p: p.get("type", {}).get("name") == "Throw-in",
    "switch of play": lambda p: p.get("switch"),
    "high pass": lambda p: p["height"]["name"] == "High Pass",
    "pass": lambda p: p["height"]["name"] != "High Pass",
}
PATTERNS = {
    "on the counter": "From Counter", "after a corner": "From Corner", "after a free kick": "From Free Kick",
    "after a throw-in": "From Throw In",
}  # fmt: skip
FLAG_CLAUSES = {
    "first time": "first_time", "one on one": "one_on_one", "into an empty net": "open_goal",
    "won in the air": "aerial_won", "deflected": "deflected",
}  # fmt: skip
WORDS = {
    "right foot": ("body_part", "Right Foot"), "left foot": ("body_part", "Left Foot"), "header": ("body_part", "Head"),
    "neither foot nor head": ("body_part", "Other"), "volley": ("technique", "Volley"),
    "half-volley": ("technique", "Half Volley"), "lob": ("technique", "Lob"), "backheel": ("technique", "Backheel"),
    "overhead kick": ("technique", "Overhead Kick"), "diving header": ("technique", "Diving Header"),
    "penalty": ("type", "Penalty"), "direct free kick": ("type", "Free Kick"),
}  # fmt: skip


class Oracle:
    """Says of a clause whether it is true, from the raw events and line-ups alone."""

    def __init__(self, folder: Path, match_id: str, entry: dict[str, Any]) -> None:
        self.events = json.loads((folder / f"events/{match_id}.json").read_text())
        self.by_id = {event["id"]: event for event in self.events}
        self.home = entry["home_team"]["home_team_name"]
        self.nicknames = {
            player["player_id"]: player["player_nickname"] or player["player_name"]
            for team in json.loads((folder / f"lineups/{match_id}.json").read_text())
            for player in team["lineup"]
        }

    def name(self, player: dict[str, Any]) -> str:
        return surname(common_name(self.nicknames.get(player["id"], player["name"])))

    def is_true(self, clause: str, shot: dict[str, Any]) -> bool:
        details = shot["shot"]
        if clause in WORDS:
            key, word = WORDS[clause]
            return details[key]["name"] == word
        if clause in FLAG_CLAUSES:
            return details.get(FLAG_CLAUSES[clause]) is True
        if clause in PATTERNS:
            return shot["play_pattern"]["name"] == PATTERNS[clause]
        if clause == "under pressure":
            return shot.get("under_pressure") is True
        if clause.startswith("at "):
            return clause == f"at {self.score_before(shot)}"
        if clause.endswith(" in goal"):
            return clause == f"{self.keeper(shot)} in goal"
        return self.is_pass(clause, shot) or self.is_rebound(clause, shot)

    def is_pass(self, clause: str, shot: dict[str, Any]) -> bool:
        found = re.fullmatch(r"from (.+)'s (.+)", clause)
        event = self.by_id.get(shot["shot"].get("key_pass_id"))
        if found is None or event is None:
            return False
        return found[1] == self.name(event["player"]) and bool(PASSES[found[2]](event["pass"]))

    def is_rebound(self, clause: str, shot: dict[str, Any]) -> bool:
        found = re.fullmatch(
            r"after (.+)'s (shot|header) (was saved|was blocked|against the woodwork)", clause
        )
        before = [e for e in self.shots() if e["team"] == shot["team"] and e["period"] == shot["period"]]
        first = before[before.index(shot) - 1]
        gap_s = seconds(shot) - seconds(first)
        ends = {
            "was saved": ("Saved", "Saved to Post"),
            "was blocked": ("Blocked",),
            "against the woodwork": ("Post",),
        }
        return (
            found is not None
            and 1 <= gap_s <= 5
            and found[1] == self.name(first["player"])
            and (found[2] == "header") == (first["shot"]["body_part"]["name"] == "Head")
            and first["shot"]["outcome"]["name"] in ends[found[3]]
        )

    def shots(self) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"]["name"] == "Shot"]

    def score_before(self, shot: dict[str, Any]) -> str:
        """Counted through the events in their own order, own goals by the event of the side that they count for."""
        score = {True: 0, False: 0}
        for event in self.events[: self.events.index(shot)]:
            scored = event["type"]["name"] == "Own Goal For" or (
                event["type"]["name"] == "Shot" and event["shot"]["outcome"]["name"] == "Goal"
            )
            score[event["team"]["name"] == self.home] += scored
        return f"{score[True]}–{score[False]}"

    def keeper(self, shot: dict[str, Any]) -> str:
        keepers = [
            person
            for person in shot["shot"]["freeze_frame"]
            if not person["teammate"] and person["position"]["name"] == "Goalkeeper"
        ]
        return self.name(keepers[0]["player"])


def seconds(event: dict[str, Any]) -> float:
    hours, minutes, rest = event["timestamp"].split(":")
    return 3600 * int(hours) + 60 * int(minutes) + float(rest)


def frame_of(record: MatchRecord) -> pd.DataFrame:
    """The columns that the store hands to a page, from a record."""
    names = {
        player.player_id: common_name(player.short_name or player.name or "") for player in record.players
    }
    teams = {team.team_id: team.name for team in record.teams}
    rows = []
    for shot, scene in zip(record.shots, record.scenes, strict=True):
        said = shot.circumstances
        keepers = [p for p in scene.people if p.is_keeper and not p.is_teammate]
        rows.append(
            {
                "match_id": record.match.match_id, "shot_id": shot.shot_id, "event_n": shot.event_n,
                "period": shot.period, "minute": shot.minute, "second": shot.second,
                "period_time_s": shot.period_time_s, "team": teams[shot.team_id],
                "player": names.get(shot.player_id or ""), "body_part": shot.body_part.value,
                "shot_type": shot.shot_type.value, "outcome": shot.outcome.value, "set_up": shot.set_up.value,
                "technique": shot.technique.value, "is_goal": shot.is_goal, "is_penalty": shot.is_penalty,
                "assist_player": said.assist and names.get(said.assist.player_id or ""),
                "assist_kind": said.assist and said.assist.kind.value,
                "assist_height": said.assist and said.assist.height and said.assist.height.value,
                "assist_is_switch": said.assist and said.assist.is_switch,
                "has_positions": bool(scene.people), "has_keeper": bool(keepers),
                "keeper": names.get(keepers[0].player_id or "") if keepers else None,
                **{name: getattr(said, name) for name in FLAGS},
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


@pytest.mark.real_data
def test_every_clause_of_every_whole_real_match_is_measured_from_its_events(real_data: Path) -> None:
    folder = real_data / "statsbomb"
    ids = sorted(path.stem for path in (folder / "lineups").glob("*.json"))
    entries = {str(e["match_id"]): e for e in json.loads((folder / "matches/9/281.json").read_text())}
    told: dict[str, int] = {}
    for delivery in discover(folder, match_ids=ids)[0]:
        record, _ = read_match(delivery)
        oracle = Oracle(folder, delivery.match_id, entries[delivery.match_id])
        teams = {team.team_id: team.name for team in record.teams}
        match = {
            "home_team": record.match.home.name, "away_team": record.match.away.name,
            "home_score": record.match.home_score, "away_score": record.match.away_score,
            "own_goals": [
                {"team": teams[g.team_id], "player": None, "minute": g.minute, "period": g.period, "second": g.second}
                for g in record.own_goals
            ],
        }  # fmt: skip
        for shot_id, facts in facts_of_shots(match, frame_of(record)).items():
            line, raw = facts_line(facts, EN), oracle.by_id[shot_id]
            clauses = re.split(r", |; ", line.rstrip("."))
            clauses[0] = clauses[0][0].lower() + clauses[0][1:]
            wrong = [clause for clause in clauses if not oracle.is_true(clause, raw)]
            assert not wrong, f"{delivery.match_id} {shot_id}: {wrong} in {line}"
            assert f"at {oracle.score_before(raw)}" in clauses, "every goal of these matches is known"
            for clause in clauses:
                kind = re.sub(r"^(from|after) .+'s ", r"\1 x's ", re.sub(r"\d+–\d+", "n", clause))
                told[re.sub(r".+ in goal", "x in goal", kind)] = told.get(kind, 0) + 1
    assert {
        "from x's cross",
        "from x's corner",
        "from x's cut-back",
        "one on one",
        "first time",
        "x in goal",
    } <= set(told)
    assert any(kind.startswith("after x's shot") for kind in told)


def test_what_the_feed_says_of_no_part_of_the_body_is_left_out():
    unknown = ShotFacts(body_part=BodyPart.UNKNOWN, technique=Technique.UNKNOWN, set_up=SetUp.UNKNOWN)
    assert facts_line(unknown, EN) == ""
    assert facts_line(replace(unknown, score=(1, 0)), EN) == "At 1–0."
