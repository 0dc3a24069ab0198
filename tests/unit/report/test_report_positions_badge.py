"""What is said of a number without positions."""

import pytest

from xgoals.language import language
from xgoals.report.words.positions_badge import positions_badge


@pytest.mark.parametrize(("code", "word"), [("en", "no positions"), ("de", "ohne Positionen")])
def test_a_shot_without_positions_bears_the_badge(code: str, word: str) -> None:
    badge = positions_badge(language(code), knows_positions=False)
    assert badge is not None
    assert badge.word == word
    assert badge.sentence


def test_any_other_does_not() -> None:
    assert positions_badge(language("en"), knows_positions=True) is None
