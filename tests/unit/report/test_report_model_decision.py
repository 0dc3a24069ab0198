"""What a model's pages say of the decision about it, in both languages, from figures and from stored sentences."""

from datetime import UTC, datetime

import pytest
from reading_html import Page

from xgoals.analysis.evaluated.model_change import ModelChange, shifted_numbers
from xgoals.domain.model import Because, Decision, RecordedDecision
from xgoals.language import language
from xgoals.model.gate import GateCheck
from xgoals.report import model_report
from xgoals.report.words.gate import _ASKS, _BECAUSE, checks_in_words, decision_in_words

EN, DE = language("en"), language("de")
WHEN = datetime(2024, 5, 9, 4, tzinfo=UTC)

PASSED = GateCheck(
    "champion", True, -0.0002, 0.003, "log loss -0.0002 against ...", -0.0005, 0.0001, 30566, 1270
)
FAILED = GateCheck("calibrated", False, 0.0009, 0.0005, "recalibrating would gain ...", n_shots=30566)
OLD = {
    "name": "champion",
    "passed": True,
    "value": -0.0002,
    "bound": 0.003,
    "sentence": "log loss -0.0002, old",
}
DEAD = GateCheck("features_alive_in_window", False, 1, 0, "...", features=("PlayerSpeed",))


def decided(
    verdict="promoted", before="xg-old", challenger="xg-test", reason="As stored.", **evidence
) -> Decision:
    return Decision(challenger, before, verdict, reason, evidence)


def records(*checks: GateCheck) -> list[dict[str, object]]:
    return [check.as_record() for check in checks]


@pytest.mark.parametrize(
    ("decision", "because"),
    [
        (decided(checks=records(PASSED)), Because.NOT_WORSE),
        (decided(checks=[OLD]), Because.NOT_WORSE),  # of before figures were kept
        (decided("kept", checks=records(PASSED, FAILED)), Because.REFUSED),
        (decided("kept", checks=records(PASSED), guards=records(DEAD)), Because.DATA_REFUSED),
        (decided("kept", checks=records(PASSED), pinned=True), Because.PINNED),
        (decided("kept", checks=records(FAILED), pinned=True), Because.REFUSED),
        (decided(before=None, checks=records(PASSED)), Because.FIRST),
        (decided("kept", before=None, checks=records(FAILED)), Because.FIRST_REFUSED),
        (decided("rolled_back"), Because.ROLLED_BACK),
        (decided(because="by_hand"), Because.BY_HAND),
        (decided("kept", checks=[], because="not_comparable"), Because.NOT_COMPARABLE),
        (decided(), None),  # by a person, of before it was kept who
    ],
)
def test_why_is_told_from_the_evidence(decision, because):
    assert decision.because == because
    german = decision_in_words(decision, DE)
    if because is None:
        assert (german.text, german.is_translated) == ("As stored.", False)
        assert decision_in_words(decision, EN).is_translated
    else:
        assert german.is_translated
        assert german.text.startswith(_BECAUSE[because](DE))


def test_every_reason_and_every_check_of_the_gate_has_its_words():
    assert set(_BECAUSE) == set(Because)
    from xgoals.model.promotion import _WHAT_FAILED

    assert set(_ASKS) == {*_WHAT_FAILED, "others_untouched"}, (
        "and the one of versions that differ in levels alone"
    )


def test_a_check_is_a_figure_beside_its_bound_in_the_language_of_the_page():
    (row,) = checks_in_words(decided(checks=records(PASSED)), DE)
    assert (row.asks, row.figure, row.bound) == (
        "Nicht schlechter als der Champion davor", "Log-Loss −0,0002", "max. +0,0030 oder Zufall",
    )  # fmt: skip
    assert row.detail.text == "99-%-Grenzen −0,0005 und 0,0001; 30.566 Schüsse (1.270 Spiele)"
    (old,) = checks_in_words(decided(checks=[OLD]), DE)
    assert (old.figure, old.detail.text, old.detail.is_translated) == (
        "Log-Loss −0,0002", "log loss -0.0002, old", False,
    )  # fmt: skip
    (dead,) = checks_in_words(decided(guards=records(DEAD)), EN)
    assert (dead.figure, dead.bound, dead.detail.text) == ("1", "at most 0", "PlayerSpeed")


def test_the_first_page_answers(shots, model, run, quarantine):
    def first(*decisions: Decision, words="en", change=None) -> Page:
        taken = [RecordedDecision(decision, WHEN) for decision in decisions]
        pages = model_report(
            shots({}, {}), model, run, quarantine, decisions=taken, change=change, language=words
        )
        return Page(pages["summary"])

    page = first(decided(checks=records(PASSED)))
    assert page.said("verdict").startswith("Not worse than the champion before it. Too few goals")
    assert "Not worse than the champion before it" in page.said("gate")
    assert "nothing is left to compare with" in page.said("changed")

    waiting = decided("awaiting_approval", before="xg-test", challenger="xg-new", checks=records(PASSED))
    page = first(waiting, decided(before=None, checks=records(PASSED)))
    assert page.said("verdict").startswith("First model.")
    assert "A challenger waits for approval: xgoals models promote xg-new." in page.said("attention")
    assert "There was none" in page.said("changed")

    refused = decided("kept", before="xg-test", challenger="xg-new", checks=records(PASSED, FAILED))
    page = first(refused, decided(), words="de")
    assert "xg-new: Abgelehnt. Nicht erfüllt: Kalibriert" in page.said("challenge")
    stored = page.root.xpath("//*[@data-test='decision']//*[@lang='en']")
    assert [element.text for element in stored] == ["As stored."]

    approved = decided(because="approved")
    page = first(approved, decided("awaiting_approval", checks=records(PASSED)))
    assert page.said("verdict").startswith("Not worse than the champion before it, and approved.")
    assert "log loss −0.0002" in page.said("gate"), "the checks are those of the decision that rests on some"


def test_what_changed_is_told(shots, model, run, quarantine):
    after = shots(*({"xg": 0.1 * n, "match_id": f"m{n}"} for n in range(1, 5))).assign(
        shot_key=range(4), group_place=[0.3, 0.1, 0.0, 0.0], group_keeper=[0.1, 0.2, 0.4, 0.4]
    )
    before = after.assign(xg=[0.1, 0.25, 0.3, 0.1], group_place=[0.3, 0.1, 0.5, 0.0])
    numbers = shifted_numbers(before, after)
    assert numbers is not None
    change = ModelChange("xg-old", (), (), ("NearestDefender",), (), numbers)
    taken = [RecordedDecision(decided(checks=records(PASSED)), WHEN)]
    pages = model_report(after, model, run, quarantine, decisions=taken, change=change)
    told = Page(pages["summary"]).said("changed")
    assert "Before: xg-old. 50.0\u202f% of 4 shots moved by more than 0.03." in told
    assert "The largest group of features is another one for 25.0\u202f%." in told
    assert "1 new, 0 gone" in told
    moved = Page(pages["decision"]).said("moved")
    assert moved.index("0.100.40") < moved.index("0.250.20"), "the one that moved most first"
