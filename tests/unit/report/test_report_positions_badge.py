"""What is said of a number without positions."""

import pytest

from xgoals.language import language
from xgoals.report.words.positions_badge import positions_badge


@pytest.mark.parametrize(("code", "word"), [("en", "no positions"), ("de", "ohne Positionen")])
def test_a_shot_without_positions_bears_the_badge(code: str, word: str) -> None:
    badge = positions_badge("none", language(code))
    assert badge is not None
    assert badge.word == word
    assert badge.sentence


@pytest.mark.parametrize("source", ["official", "found", "freeze_frame"])
def test_any_other_does_not(source: str) -> None:
    assert positions_badge(source, language("en")) is None
