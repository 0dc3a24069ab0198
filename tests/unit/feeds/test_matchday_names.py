"""A matchday's state by the names that people use, as far as they are known."""

from xgoals.feeds.matchday import Expectation, Matchday, State, Verdict
from xgoals.mail.content.run_summary import RunSummary
from xgoals.mail.digest_facts import _missing_as_run_says
from xgoals.steps.matchdays import MatchdayState

NAMES = {
    "C1": "Meridian League",
    "S1": "2026/27",
    "T1": "Ostermar 04",
    "T2": "Kestrelby",
    "M7": "Ostermar 04 – Kestrelby",
}


def verdict(missing, **changes):
    given = {"missing_files": {"M7": ("events",)}, "corrected_matches": ("M8",)} | changes
    return Verdict(Matchday("C1", "S1", 2), State.PARTIAL, Expectation.CLUBS, 9, 8, missing, **given)


def test_competition_season_clubs_and_matches_are_named_and_unknown_ids_stay():
    said = verdict(("a match of T1", "a match of T9")).sentence(NAMES)
    assert said == (
        "Matchday 2 (Meridian League, 2026/27) is partial; 8 of 9 matches (expected by clubs); missing: a match of "
        "Ostermar 04, a match of T9; Ostermar 04 – Kestrelby lacks events; corrected: M8"
    )
    assert "Matchday 2 (C1, S1) is partial" in verdict(()).sentence()


def test_a_digest_says_what_is_missing_as_the_run_has_judged_it():
    state = MatchdayState(verdict(("a match of T1", "a match of T2")), False).as_dict(NAMES)
    run = RunSummary("r", "main", (), (), False, figures={"matchday_states": [state]})
    day = {"competition": "Meridian League", "season": "2026/27", "round": "2"}
    assert _missing_as_run_says(run, day) == ["Ostermar 04", "Kestrelby"]
    assert _missing_as_run_says(run, day | {"round": "3"}) == []
    by_schedule = MatchdayState(verdict(("M7", "M9")), False).as_dict(NAMES)
    assert by_schedule["missing_by_name"] == ["Ostermar 04 – Kestrelby", "M9"]
