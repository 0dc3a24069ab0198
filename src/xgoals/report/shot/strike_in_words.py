"""How the ball was struck: "a volley, with the first touch"."""

from xgoals.language import Language
from xgoals.report.facts import Facts
from xgoals.report.words.feature_values import CATEGORIES, category_word

_MANNERS = ("StrikeType", "TakerBallControl", "ExtendedTypeOfShot")
"""Features that say how, in the order in which they are told."""

_OF_EVERY_HEADER = frozenset({"first touch", "direct"})


def strike_words(shot: Facts, words: Language) -> list[str]:
    """What is known of the strike, plainly; nothing where it was an ordinary one."""
    told = []
    for feature in shot["features"]:
        if feature["value"] is None:
            continue
        if feature["name"] in _MANNERS:
            word = category_word(feature, feature["value"])
            if shot["body_part"] == "head" and word in _OF_EVERY_HEADER:
                continue
            told.append(words.text(CATEGORIES.get(word, word)))
        elif feature["name"] == "PlayerSpeed":
            told.append(words.text("at %(speed)s km/h", speed=words.number(feature["value"], 0)))
    return [text for text in dict.fromkeys(told) if text]
