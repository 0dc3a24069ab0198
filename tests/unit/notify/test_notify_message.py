"""What a message says, and what nobody can make it say."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from xgoals.domain.errors import SettingsError
from xgoals.notify import build_run_message

SUCCESS = {
    "run_id": "scheduled__2024-11-23",
    "database": "main",
    "feed": "statsbomb",
    "source": "season",
    "state": "success",
    "started_at": datetime(2024, 11, 23, 4, 30, tzinfo=UTC),
    "ended_at": datetime(2024, 11, 23, 4, 32, 5, tzinfo=UTC),
    "figures": {
        "matches_read": 1270,
        "matches_quarantined": 0,
        "shots": 31198,
        "training": "used again",
        "auc": 0.8123,
        "gap": 0.12,
    },
    "is_simulated": False,
    "decision": {"verdict": "kept", "reason": "Not better by the margin."},
    "champion": "xg-7",
    "auc": 0.8123,
    "provider_auc": 0.806,
    "log_loss": 0.2554,
    "reports": [{"kind": "model", "title": "Model report", "path": "reports/model.html"}],
}
FAILURE = {
    **SUCCESS,
    "state": "failed",
    "failed_task": "ingest",
    "error": {"what": "the source is not a folder", "where": "/data/x", "advice": "Name a folder"},
    "decision": None,
    "reports": [],
}
TO = ["analyst@example.org", "ops@example.org"]


def message(run, to=TO):
    return build_run_message(run, sender="xgoals@localhost", recipients=to)


def bodies(run):
    built = message(run)
    return tuple(built.get_body((kind,)).get_content() for kind in ("plain", "html"))


def test_the_subject_says_the_outcome():
    assert message(SUCCESS)["Subject"] == "xgoals: night of 23 November — 1,270 matches, champion kept"
    assert message(FAILURE)["Subject"] == "xgoals FAILED at ingest: the source is not a folder"


def test_the_subject_names_quarantine_and_simulation():
    figures = {"matches_read": 1, "matches_quarantined": 2}
    subject = message({**SUCCESS, "figures": figures, "is_simulated": True})["Subject"]
    assert subject == "xgoals: night of 23 November — one match, 2 in quarantine, champion kept (simulated)"


def test_text_and_html_say_the_same_things():
    for body in bodies(SUCCESS):
        for said in (
            "Not better by the margin.",
            "AUC 0.812",
            "31,198",
            "reports/model.html",
            "xg-7",
            "used again",
            "0.120",
        ):
            assert said in body
    for body in bodies(FAILURE):
        for said in ("the source is not a folder", "/data/x", "Name a folder", "What was read before stays."):
            assert said in body


def test_nothing_is_told_twice():
    assert bodies(SUCCESS)[0].count("0.8123") == 1


def test_success_carries_no_error_and_failure_without_details_still_stands():
    assert "What:" not in bodies(SUCCESS)[0]
    bare = {**FAILURE, "error": None, "failed_task": None}
    assert message(bare)["Subject"] == "xgoals FAILED"
    assert "The run of statsbomb stopped." in bodies(bare)[0]


def test_the_id_is_the_same_for_the_same_news_and_another_for_other_news():
    first = message(SUCCESS)["Message-ID"]
    assert message({**SUCCESS, "figures": {}}, TO[::-1])["Message-ID"] == first
    others = [message(FAILURE), message({**SUCCESS, "run_id": "x"}), message(SUCCESS, TO[:1])]
    assert len({first, *(other["Message-ID"] for other in others)}) == 4


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r", "\u2028", "\x00"])
def test_no_text_can_start_a_header(ending):
    what = f"broken{ending}Bcc: spy@example.org{ending}{ending}body"
    built = message({**FAILURE, "error": {"what": what, "where": what, "advice": what}, "failed_task": what})
    assert built["Bcc"] is None
    assert "broken Bcc: spy@example.org" in built["Subject"]
    assert b"\nBcc:" not in built.as_bytes().split(b"\r\n\r\n")[0]


@pytest.mark.parametrize("address", ["a@b.org\r\nBcc: c@d.org", "nobody", "", "a@b.org, c@d.org", "@x.org"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(SettingsError, match="is not an e-mail address"):
        message(SUCCESS, [address])
    with pytest.raises(SettingsError, match="is not an e-mail address"):
        build_run_message(SUCCESS, sender=address, recipients=TO)


def test_somebody_has_to_be_told():
    with pytest.raises(SettingsError, match="nobody to write to"):
        message(SUCCESS, [])


def test_nasty_characters_are_text_in_html():
    text, html = bodies({**SUCCESS, "source": "<script>alert(1)</script>"})
    assert "<script>" in text
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_long_error_does_not_fill_the_subject():
    built = message({**FAILURE, "error": {"what": "x" * 5000}})
    assert len(built["Subject"]) == 160


def test_header_fields_for_machines():
    built = message(SUCCESS)
    assert built["Date"].datetime == SUCCESS["ended_at"]
    assert built["Auto-Submitted"] == "auto-generated"
    assert built["To"] == "analyst@example.org, ops@example.org"
    assert built.get_content_type() == "multipart/alternative"
    open_ended = message({**SUCCESS, "ended_at": None, "started_at": None})
    assert open_ended["Date"] is None
    assert "scheduled__2024-11-23" in open_ended["Subject"]


def test_moments_may_be_text():
    assert (
        message({**SUCCESS, "started_at": "2024-11-23T04:30:00+00:00"})["Subject"]
        == message(SUCCESS)["Subject"]
    )


def test_it_imports_nothing_heavy():
    code = "import sys, xgoals.notify; print(sorted({'pandas', 'numpy', 'airflow', 'matplotlib'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
