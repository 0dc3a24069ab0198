"""Settings that cannot be used are refused with a sentence: which one, what is wrong, which was meant."""

import os
import re
from pathlib import Path
from typing import get_args

import pytest

from databases import forget_settings
from xgoals.domain.errors import SettingsError
from xgoals.domain.model import CatalogueName
from xgoals.features.catalogue import CATALOGUES
from xgoals.settings import Settings, load_settings
from xgoals.settings.in_words import OTHER_VARIABLES, unknown_variable

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def nothing_of_the_caller(monkeypatch, tmp_path):
    forget_settings(monkeypatch)
    monkeypatch.setenv("XGOALS_HOME", str(tmp_path / "home"))


@pytest.fixture
def refused(monkeypatch, tmp_path):
    """The sentence with which a file (its text or bytes) or variables are refused."""

    def read(file: str | bytes | None = None, **variables: str) -> str:
        if file is not None:
            path = tmp_path / "xgoals.toml"
            path.write_bytes(file.encode() if isinstance(file, str) else file)
            monkeypatch.setenv("XGOALS_CONFIG", str(path))
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SettingsError) as caught:
            load_settings()
        return str(caught.value)

    return read


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("XGOALS_SCHEDUL__TIMEZONE", "XGOALS_SCHEDULE__TIMEZONE"),
        ("XGOALS_SCHEDULE_TIMEZONE", "XGOALS_SCHEDULE__TIMEZONE"),
        ("XGOALS_HOMES", "XGOALS_HOME"),
        ("XGOALS_DATABASEURL", "XGOALS_DATABASE_URL"),
        ("xgoals_ui_base_url", "XGOALS_UI__BASE_URL"),
    ],
)
def test_a_misspelt_variable_is_named_with_the_one_that_was_meant(refused, variable, meant):
    said = refused(**{variable: "x"})
    assert variable in said
    assert f"did you mean {meant}?" in said


def test_a_variable_like_none_is_refused_too_and_every_one_of_ours_is_known(refused):
    assert "there is no setting XGOALS_ZEBRA" in refused(XGOALS_ZEBRA="1")
    files = [
        *(ROOT / "src").rglob("*.py"),
        ROOT / "docker-compose.yml",
        ROOT / "Dockerfile",
        *(ROOT / "docs").glob("*.md"),
    ]
    used = {name for file in files for name in re.findall(r"XGOALS_[A-Z_]*[A-Z]\b", file.read_text())}
    unknown = [
        name for name in used if unknown_variable(Settings, {name: ""}) and not name.endswith("TRAINING__")
    ]
    assert unknown == []
    assert all(unknown_variable(Settings, {name: ""}) is None for name in OTHER_VARIABLES)
    by_step = "XGOALS_EMAIL__RECIPIENTS_BY_STEP__INGEST"
    assert unknown_variable(Settings, {by_step: "", "PATH": "", "xgoals_home": ""}) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[schedule]\ntimezon = 'UTC'", "schedule.timezon: unknown setting; did you mean timezone?"),
        ("[schedul]\ntimezone = 'UTC'", "schedul: unknown setting; did you mean schedule?"),
        ("timezone = 'UTC'", "timezone: unknown setting; did you mean schedule.timezone?"),
        (
            "[training]\ncatalogue = 'best-18'",
            "training.catalogue: 'best-18' is none of 'article-17', 'best-17', 'events-9'",
        ),
        ("[training]\nseed = 'x'", "training.seed: 'x' is no whole number"),
        (
            "[training]\nheld_out_share = 2",
            "training.held_out_share: 2 is too large: it has to be less than 0.9",
        ),
        (
            "[training]\napproval = 'perhaps'",
            "training.approval: 'perhaps' is no yes or no; write true or false",
        ),
        ("[schedule]\npoll_s = 0", "schedule.poll_s: 0 is too small: at least 1"),
        ("[ui]\nuser = 7", "ui.user: 7 is no text; write it in quotes"),
        ("[email]\nrecipients = 'a@b.org'", "email.recipients: 'a@b.org' is no list; write it as"),
        ("[email]\nrecipients = []", "email.recipients: at least 1 has to be named"),
        ("email = 'a@b.org'", "email: 'a@b.org' is no section"),
        ("[schedule]\nnightly_cron = 'soon'", "schedule.nightly_cron: 'soon' is not a cron expression"),
        ("[schedule", "not valid TOML"),
    ],
)
def test_what_is_wrong_in_the_file_is_said_in_plain_words(refused, text, said):
    sentence = refused(text)
    assert said in sentence
    assert "Input should" not in sentence
    assert "Value error" not in sentence
    assert "xgoals.toml" in sentence


def test_a_list_in_a_variable_that_is_no_json_shows_how_to_write_it(refused):
    assert "XGOALS_EMAIL__RECIPIENTS='[\"a@example.org\"]'" in refused(XGOALS_EMAIL__RECIPIENTS="a@b.org")


def test_a_settings_file_that_is_not_there_is_no_default(refused, tmp_path):
    for path in (tmp_path / "nope.toml", tmp_path):
        assert f"XGOALS_CONFIG={path}: there is no such file" in refused(XGOALS_CONFIG=str(path))


def test_files_of_windows_editors(refused, tmp_path, monkeypatch):
    text = "[schedule]\ntimezone = 'Asia/Tokyo'\n"
    for encoding in ("utf-16", "latin-1"):
        assert "Save it again with the encoding UTF-8" in refused(f"# für\n{text}".encode(encoding))
    (tmp_path / "xgoals.toml").write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    assert load_settings().schedule.timezone == "Asia/Tokyo"


@pytest.mark.parametrize("home", ["", " "])
def test_an_empty_home_is_not_the_working_folder(refused, home):
    assert "XGOALS_HOME: it is empty" in refused(XGOALS_HOME=home)


def test_a_home_that_cannot_be_made_is_refused(refused, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    assert f"{tmp_path / 'file'} is a file, no folder" in refused(XGOALS_HOME=str(tmp_path / "file" / "home"))
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "it cannot be made" in refused(XGOALS_HOME=str(tmp_path / "new" / "home"))


def test_the_catalogues_that_can_be_chosen_are_those_that_there_are():
    assert set(get_args(CatalogueName)) == set(CATALOGUES)
