"""What is measured beside the explanations may fail: it is told, and the night goes on."""

import psycopg2
import pytest
from sqlalchemy.exc import OperationalError

from xgoals.domain.errors import StoreError
from xgoals.domain.trouble import Trouble
from xgoals.language import language
from xgoals.report.words.feed_sentences import feed_sentence
from xgoals.steps.explaining.beside import is_unmeasured, measured_beside


def fails(error: Exception):
    def measure() -> Trouble | None:
        raise error

    return measure


def test_what_was_found_is_handed_on() -> None:
    found = Trouble("drift", "New shots are unlike others.")
    assert measured_beside("drift", lambda: found) is found
    assert measured_beside("fairness", lambda: None) is None
    assert not is_unmeasured(found), "monitoring counts it as drift"


def test_a_failure_is_told_once_for_its_reason_and_in_german() -> None:
    told = measured_beside("fairness", fails(ZeroDivisionError("no shot\nat all")))
    assert told is not None
    assert told.matter == "fairness"
    assert is_unmeasured(told), "no drift is found where none could be looked for"
    assert told.where == "ZeroDivisionError: no shot"
    same, other = fails(ZeroDivisionError("no shot\nat all")), fails(ValueError("no shot"))
    assert measured_beside("fairness", same).state_key == told.state_key
    assert measured_beside("fairness", other).state_key != told.state_key
    german = language("de")
    assert feed_sentence(told.what, german).text == "Fairness konnte nicht gemessen werden."
    assert feed_sentence(told.advice, german).is_translated


@pytest.mark.parametrize(
    "error", [StoreError("no room"), OperationalError("", {}, psycopg2.OperationalError("gone"))]
)
def test_without_the_database_the_step_fails(error: Exception) -> None:
    with pytest.raises(type(error)):
        measured_beside("drift", fails(error))
