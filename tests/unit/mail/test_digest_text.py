"""What a digest says of results, scorers and shots: from matches counted by hand to both bodies of a mail."""

from dataclasses import asdict

import pandas as pd
import pytest
from by_hand import MATCH, OTHER
from reading_mails import bodies

from xgoals.analysis.matchday import matchday_numbers
from xgoals.domain.reason import Part, PartValue, ShotReasons
from xgoals.language import language
from xgoals.mail.content.digest import digest_news, shown_shots
from xgoals.report.shot.card import PEOPLE, deal_cards
from xgoals.report.shot.facts import add_facts, shot_cards
from xgoals.report.words.clock import clock
from xgoals.report.words.scorers import goals_in_words


@pytest.fixture
def told(day, model, run, settings):
    def tell(code: str) -> tuple[str, str]:
        day["shot_key"] = range(len(day))
        words = language(code)
        red = {"team": "Blues", "player": "Jonathan Tah", "period": 2, "minute": 53, "kind": "red_card"}
        numbers = matchday_numbers([{**MATCH, "incidents": [red]}, OTHER], day)
        facts = {
            "matches": [
                {
                    "path": None,
                    "sides": {side: asdict(own) for side, own in one.sides.items()},
                    **asdict(goals_in_words(one, words)),
                }
                for one in numbers.matches
            ],
            "totals": asdict(numbers.totals),
            "best": shot_cards(numbers.highlights.best, model),
            "surprises": shot_cards(numbers.highlights.surprises, model),
            "title": "League 2023, matchday 3", "competition": "League", "season": "2023", "round": "3", "path": None,
            "lead": "", "missing": (),
        }  # fmt: skip
        add_facts(shown_shots(facts), [MATCH, OTHER], day)
        people = pd.DataFrame([("m1", "s2", 50.0, 1.0, False, True, "Kay", None, None)], columns=PEOPLE)
        held = PartValue(0.5, 0.01, 20, is_told=True)
        reasons = ShotReasons(
            0.1, 0.6, dict.fromkeys(Part, PartValue(0.0)) | {Part.KEEPER: held}, n_refits=20
        )
        deal_cards(shown_shots(facts), day, people, {2: reasons}, words)
        for shot in shown_shots(facts):
            shot["clock"] = clock(shot)
        return bodies(digest_news(facts, run, settings, words), code)

    return tell


def test_results_have_their_scorers_sendings_off_and_half_time(told):
    text, html = told("en")
    assert "- Reds 2–1 (2–1) Blues xG" in text
    assert "Reds: Anna 11′, 21′" in text
    assert "Blues: Cleo 41′ (penalty); sent off: Tah 54′" in text
    assert "Anna 11′, 21′" in html
    assert "Cleo 41′ (penalty); sent off: Tah 54′" in html
    german, _ = told("de")
    assert "Blues: Cleo 41′ (Elfmeter); Platzverweis: Tah 54′" in german


def test_a_shot_is_told_with_facts_then_rank_and_once(told):
    text, _ = told("en")
    assert (
        "0.60 xG, no goal. Right foot, at 2–0. (no positions) Better than 77 of 100 shots with the foot: it goes in"
        in text
    )
    assert "The least likely goals - Anna (Reds, 11′, Reds – Blues)" in text
    assert "0.50 xG, goal. Right foot, at 0–0. (no positions) A goal that hardly anybody expects" in text
    assert text.count("Anna (Reds, 11′") == 1
    assert "ordinary shot" not in text


def test_a_shot_has_the_reasons_of_its_card_in_both_bodies(told):
    said = "Kay stood worse than keepers usually do from there (+0.50): 2.5 m off his line"
    assert all(said in " ".join(body.split()) for body in told("en"))
    assert "Kay stand schlechter als" in " ".join(told("de")[0].split())
