"""What a mail says, how it is built, and what nobody can make it say."""

import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from email.utils import parsedate_to_datetime

import pytest
from reading_mails import bodies, mail

from xgoals.domain.errors import Problem, XgoalsError
from xgoals.domain.trouble import Trouble
from xgoals.language import language
from xgoals.mail.content import News, Picture
from xgoals.mail.content.failure import TaskFailure, failure_news
from xgoals.mail.content.health import health_news
from xgoals.mail.content.troubles import late_trouble, troubles_of_run
from xgoals.mail.content.warning import SHOWN_ITEMS, warning_news
from xgoals.mail.content.wording import for_database

EN = language("en")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.fixture
def health(run, settings):
    return health_news(run, settings, EN)


@pytest.fixture
def failure(run, settings):
    def make(**changes):
        error = XgoalsError("no such folder", where="/data/x", advice="Name a folder")
        return failure_news(TaskFailure(**{"task": "ingest", "error": error, **changes}), run, settings, EN)

    return make


def test_a_quiet_night_says_so_and_how_long_it_took(health):
    assert mail(health)["Subject"] == "xgoals: night of 23 November — nothing new, 48\u202fs"
    for body in bodies(health):
        assert "Champion xg-7: AUC 0.812, log loss 0.2554 on matches it had not seen" in body
        assert "0.806" in body
        assert "1,270 matches, 31,198 shots" in body
        assert "https://xg.example.org/xgoals/reports/main/index.html" in body


@pytest.mark.parametrize(
    ("zone", "night", "began"),
    [
        ("Asia/Tokyo", "night of 24 November", "24 November 2024, 04:30 JST"),
        ("America/New_York", "night of 23 November", "23 November 2024, 14:30 EST"),
        ("Europe/Berlin", "night of 23 November", "23 November 2024, 20:30 CET"),
    ],
)
def test_a_night_and_its_times_are_those_of_the_schedule_s_place(run, settings, zone, night, began):
    evening = replace(run, started_at=datetime(2024, 11, 23, 19, 30, tzinfo=UTC))
    there = settings.model_copy(update={"schedule": settings.schedule.model_copy(update={"timezone": zone})})
    news = health_news(evening, there, EN)
    assert mail(news)["Subject"].startswith(f"xgoals: {night} ")
    assert began in bodies(news)[0]


def test_steps_are_told_in_the_order_in_which_they_work(run, settings):
    seconds = {"report": 3.0, "sum_up": 1.0, "zeta": 9.0, "ingest": 2.0, "find_matches": 1.0, "train": 4.0}
    text = bodies(health_news(replace(run, seconds_by_task=seconds), settings, EN))[0]
    places = [
        text.index(f"{step} ") for step in ("find_matches", "ingest", "sum_up", "train", "report", "zeta")
    ]
    assert places == sorted(places)


def test_pages_that_could_not_be_written_are_counted(with_figures, settings):
    assert (
        "pages that could not be written 2"
        in bodies(health_news(with_figures(reports_failed=2), settings, EN))[0]
    )


def test_a_run_by_hand_is_no_night_and_what_it_read_stands_in_the_subject(with_figures, settings):
    promoted = {"verdict": "promoted", "reason": "better"}
    run = with_figures(matches_read=9, matches_quarantined=2, decision=promoted)
    run = replace(run, run_id="manual__1", is_simulated=True)
    subject = mail(health_news(run, settings, EN))["Subject"]
    assert subject == (
        "xgoals: run of 23 November — 9 matches, 2 in quarantine, new champion, 48\u202fs (simulated)"
    )


def test_figures_that_are_zero_are_not_told(run, with_figures, settings):
    assert "in quarantine" not in bodies(health_news(run, settings, EN))[0]
    run = with_figures(matches_quarantined=3)
    assert "matches in quarantine 3" in bodies(health_news(run, settings, EN))[0]


def test_a_failure_names_task_reason_place_advice_and_the_way_to_log_and_retry(failure):
    page = "https://xg.example.org/dags/xgoals_pipeline/runs/scheduled__2024-11-23T03%3A30%3A00%2B00%3A00"
    assert mail(failure())["Subject"] == "xgoals FAILED at ingest: no such folder"
    for body in bodies(failure()):
        for said in ("no such folder", "/data/x", "Name a folder", "What was read before stays."):
            assert said in body
        assert f"{page}/tasks/ingest" in body
        assert "Clear, Shift+C" in body
    log, retry = (link.url for link in failure(try_number=2).links[:2])
    assert (log, retry) == (f"{page}/tasks/ingest?try_number=2", f"{page}/tasks/ingest/details")
    mapped = failure(map_index=3, label="match 77")
    assert mail(mapped)["Subject"] == "xgoals FAILED at ingest [match 77]: no such folder"
    assert f"{page}/tasks/ingest/mapped/3" in bodies(mapped)[0]


def test_a_failure_without_details_still_stands(failure):
    text = bodies(failure(error=XgoalsError("its process ended without a word"), task="elsewhere"))[0]
    assert "What: its process ended without a word" in text
    assert "Where:" not in text
    assert "Do:" not in text


def test_a_failure_is_dated_by_its_moment_not_by_the_run_s_beginning(failure):
    moment = datetime(2024, 11, 23, 5, 1, 2, tzinfo=UTC)
    assert parsedate_to_datetime(mail(failure(failed_at=moment))["Date"]) == moment


def test_without_a_champion_nobody_says_that_it_stays(run, settings):
    def said(champion):
        failed = TaskFailure("train", XgoalsError("too little"))
        return bodies(failure_news(failed, replace(run, champion=champion), settings, EN))[0]

    assert "The champion stays in place" in said("xg-7")
    assert "The champion" not in said(None)
    assert "There is no champion yet" in said(None)


def test_a_failed_maintenance_leads_to_its_own_pages(run, settings):
    weekly = replace(run, dag_id="xgoals_maintenance", feeds=(), sources=())
    news = failure_news(TaskFailure("make_room", XgoalsError("no permission")), weekly, settings, EN)
    assert all("/dags/xgoals_maintenance/" in link.url for link in news.links)
    assert "stopped" not in bodies(news)[0]


@pytest.mark.parametrize(
    ("advice", "for_demo"),
    [
        ("anew: xgoals train, xgoals register.",
         "anew: xgoals train --database demo, xgoals register --database demo."),
        ("xgoals models promote xg-4b71", "xgoals models promote xg-4b71 --database demo"),
        ("All the same: xgoals models promote.", "All the same: xgoals models promote --database demo."),
        ("xgoals report --all", "xgoals report --all --database demo"),
        ("xgoals run --database demo", "xgoals run --database demo"),
        ("xgoals clean, xgoals status, xgoals up", "xgoals clean, xgoals status, xgoals up"),
    ],
)  # fmt: skip
def test_advice_names_the_database_that_it_is_about(advice, for_demo):
    assert for_database(advice, "demo") == for_demo
    assert for_database(advice, "main") == advice


def test_another_try_or_part_is_another_outcome_the_same_one_is_not(failure):
    ids = [mail(n)["Message-ID"] for n in (failure(), failure(try_number=2), failure(map_index=0), failure())]
    assert len(set(ids)) == 3
    assert ids[0] == ids[3]


def test_the_id_depends_on_outcome_and_recipient_only(health):
    first = mail(health)["Message-ID"]
    assert mail(replace(health, subject="other", lead="other"))["Message-ID"] == first
    others = [
        mail(health, "b@example.org"),
        mail(replace(health, run_id="x")),
        mail(replace(health, matter="x")),
    ]
    assert len({first, *(other["Message-ID"] for other in others)}) == 4


def test_what_is_in_quarantine_is_one_warning_with_places_and_advice(run, settings):
    problem = Problem("events/7.json", "", "Fetch it again", severity="match")
    problems = [replace(problem, reason=f"broken {n}", match_id=str(n)) for n in range(SHOWN_ITEMS + 2)]
    (trouble,) = troubles_of_run(run, problems, [], EN)
    news = warning_news(trouble, run, settings, EN, moment=run.ended_at)
    assert news.step == "ingest"
    assert mail(news)["Subject"] == "xgoals warning: 12 matches left out and in quarantine."
    for body in bodies(news):
        assert "broken 0" in body
        assert "events/7.json" in body
        assert "Fetch it again. A file that is replaced in the inbox is read by itself" in body
        assert "2 more" in body
        assert f"broken {SHOWN_ITEMS}" not in body
    (same,) = troubles_of_run(run, problems[::-1], [], EN)
    (other,) = troubles_of_run(run, problems[1:], [], EN)
    assert same.matter == trouble.matter == other.matter
    assert same.state_key == trouble.state_key != other.state_key


@pytest.mark.parametrize(
    ("verdict", "reason", "matters"),
    [
        ("kept", "worse by 0.01", ["promotion"]),
        ("awaiting_approval", "not worse", ["approval"]),
        ("promoted", "better", []),
        ("no_new_challenger", None, []),
        (None, None, []),
    ],
)
def test_a_refused_or_waiting_promotion_is_a_warning_and_others_are_not(
    with_figures, verdict, reason, matters
):
    run = with_figures(decision={"verdict": verdict, "reason": reason} if verdict else None)
    troubles = list(troubles_of_run(run, [], [], EN))
    assert [trouble.matter for trouble in troubles] == matters
    assert all(trouble.step == "register" for trouble in troubles)
    assert all(trouble.where == reason for trouble in troubles)


@pytest.mark.parametrize(
    ("verdict", "reason", "said"),
    [("kept", "worse: by 0.01", "kept: worse: by 0.01"), ("no_new_challenger", None, "no new challenger")],
)
def test_the_health_mail_says_what_became_of_the_challenger(with_figures, settings, verdict, reason, said):
    run = with_figures(decision={"verdict": verdict, "reason": reason})
    assert f"decision {said}" in bodies(health_news(run, settings, EN))[0]


def test_what_steps_have_found_is_told_as_they_say_it(run):
    found = [
        Trouble("drift", "Feature X has moved", advice="Retrain", step="explain"),
        Trouble("matchday", "Matchday 3 is partial; missing: 5"),
    ]
    assert list(troubles_of_run(run, [], found, EN)) == found


def test_a_trouble_with_a_state_is_another_outcome_for_each_state(run, settings):
    def mail_about(state_key):
        trouble = Trouble("drift", "X has moved", state_key=state_key)
        news = warning_news(trouble, run, settings, EN, moment=run.ended_at)
        assert mail(news)["Subject"] == "xgoals warning: X has moved"
        return mail(news)["Message-ID"]

    assert mail_about("0123") == mail_about("0123")
    assert len({mail_about("0123"), mail_about("4567"), mail_about(None)}) == 3


def test_a_matchday_that_stays_incomplete_is_a_warning_with_what_is_missing(with_figures):
    overdue = {"sentence": "Matchday 3 is partial; 8 of 9 matches; missing: 77", "is_overdue": True}
    complete = {"sentence": "Matchday 4 is complete", "is_overdue": False}
    (trouble,) = troubles_of_run(with_figures(matchday_states=[overdue, complete]), [], [], EN)
    assert trouble.step == "ingest"
    assert "missing: 77" in trouble.where
    overdue["sentence"] = "Matchday 3 is partial; 8 of 9 matches; missing: 78"
    (other,) = troubles_of_run(with_figures(matchday_states=[overdue, complete]), [], [], EN)
    assert trouble.state_key
    assert other.matter == trouble.matter
    assert other.state_key != trouble.state_key


def test_a_late_night_names_the_time(run, settings):
    trouble = late_trouble(datetime(2024, 11, 23, 6, 0, tzinfo=UTC), EN)
    news = warning_news(trouble, run, settings, EN, moment=run.ended_at)
    assert "The run has not ended by 23 November 2024, 06:00 UTC" in mail(news)["Subject"]


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r", "\u2028", "\x00"])
def test_no_text_can_start_a_header(failure, ending):
    what = f"broken{ending}Bcc: spy@example.org{ending}{ending}body"
    news = failure(error=XgoalsError(what, where=what, advice=what), task=what, label=what)
    built = message_from_bytes(bytes(mail(news)), policy=default)
    assert built["Bcc"] is None
    assert "broken Bcc: spy@example.org" in mail(news)["Subject"]
    assert b"\nBcc:" not in bytes(mail(news)).split(b"\r\n\r\n")[0]


def test_nasty_characters_are_text_in_html_and_cannot_leave_a_link(run, settings):
    run = replace(run, sources=["<script>alert(1)</script>"], run_id='x"><img src=x onerror=y>')
    text, html = bodies(health_news(run, settings, EN))
    assert "<script>" in text
    assert "<script>" not in html
    assert "<img" not in html


def test_a_long_error_ends_after_a_word_in_the_subject_and_what_is_said_of_the_run_stays(run, settings):
    error = XgoalsError(", ".join(f"line {n} does not close what line {n - 1} opens" for n in range(1, 200)))
    news = failure_news(TaskFailure("ingest", error), replace(run, is_simulated=True), settings, EN)
    subject = mail(news)["Subject"]
    assert re.fullmatch(r"xgoals FAILED at ingest: line 1 does .* \w+ … \(simulated\)", subject)
    assert len(subject) <= 160
    assert len(mail(failure_news(TaskFailure("x" * 5000, error), run, settings, EN))["Subject"]) <= 200


def test_the_mail_is_ascii_with_crlf_and_says_that_no_person_wrote_it(health):
    raw = bytes(mail(replace(health, lead="Müller traf zum 1–0 …", subject="Fußball")))
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) < 998
    read = message_from_bytes(raw, policy=default)
    assert read["Subject"] == "Fußball"
    assert (read["From"], read["To"]) == ("xgoals <xgoals@localhost>", "analyst@example.org")
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Date"].datetime == health.moment


def test_pictures_travel_inside_the_mail_and_the_html_refers_to_them(health):
    news = replace(health, pictures=(Picture("one", PNG, "A shot"),))
    read = message_from_bytes(bytes(mail(news)), policy=default)
    assert [part.get_content_type() for part in read.walk()] == [
        "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
    ]  # fmt: skip
    picture = list(read.walk())[-1]
    assert picture.get_content() == PNG
    assert picture["Content-ID"] == "<one@xgoals.invalid>"
    assert picture.get_content_disposition() == "inline"


def test_the_html_loads_nothing_and_uses_what_outlook_knows(health, failure):
    for news in (health, failure()):
        html = bodies(news)[1]
        for unknown in ("<svg", "<script", "<link", "display:grid", "display:flex", "@import", "url("):
            assert unknown not in html
        assert "<!--[if mso]>" in html
        assert "prefers-color-scheme: dark" in html
        assert 'name="viewport"' in html


def test_every_mail_speaks_german(with_figures, settings):
    de = language("de")
    run = with_figures(decision={"verdict": "kept", "reason": "worse"})
    assert "Nacht" in mail(health_news(run, settings, de), code="de")["Subject"]
    failed = failure_news(TaskFailure("train", XgoalsError("x")), run, settings, de)
    text, html = bodies(failed, "de")
    assert "GESCHEITERT in train" in failed.subject
    assert "Der Champion bleibt" in text
    assert '<html lang="de"' in html
    (trouble,) = troubles_of_run(run, [], [], de)
    assert warning_news(trouble, run, settings, de, moment=run.ended_at).title.startswith("Etwas")


def test_a_news_needs_a_time(run, settings):
    with pytest.raises(ValueError, match="without any time"):
        health_news(replace(run, ended_at=None, started_at=None), settings, EN)


def test_it_imports_nothing_heavy():
    code = (
        "import sys, xgoals.mail.content, xgoals.orchestration.callbacks;"
        "print(sorted({'pandas', 'numpy', 'matplotlib', 'mplsoccer', 'xgoals.steps'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_news_are_plain_values(health):
    assert isinstance(health, News)
    assert health == replace(health)
