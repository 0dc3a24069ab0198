"""What a digest says of results, scorers and shots: from matches counted by hand to both bodies of a mail."""

from dataclasses import asdict

import pytest
from by_hand import MATCH, OTHER
from reading_mails import bodies
from xgoals.report.sentences import shot_story

from xgoals.analysis.matchday import matchday_numbers
from xgoals.language import language
from xgoals.mail.content.digest import digest_news, shown_shots
from xgoals.report.sentences_match import clock
from xgoals.report.summarise_shots import add_facts, shot_cards
from xgoals.report.words.facts_line import facts_line
from xgoals.report.words.scorers import goals_in_words


@pytest.fixture
def told(day, model, run, settings):
    def tell(code: str) -> tuple[str, str]:
        words = language(code)
        red = {"team": "Blues", "player": "Jonathan Tah", "period": 2, "minute": 53}
        numbers = matchday_numbers([{**MATCH, "sent_off": [red]}, OTHER], day)
        facts = {
            "matches": [
                {
                    "path": None,
                    "sides": {side: asdict(own) for side, own in one.sides.items()},
                    **goals_in_words(one, words),
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
        for shot in shown_shots(facts):
            shot["clock"], shot["story"] = clock(shot), shot_story(shot, words)
            shot["facts_line"] = facts_line(shot["facts"], words)
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
        "0.60 xG, no goal. Right foot, at 2–0. Better than 77 of 100 shots with the foot: it goes in" in text
    )
    assert "The least likely goals - Anna (Reds, 11′, Reds – Blues)" in text
    assert "0.50 xG, goal. Right foot, at 0–0. A goal that hardly anybody expects" in text
    assert text.count("Anna (Reds, 11′") == 1
    assert "ordinary shot" not in text
