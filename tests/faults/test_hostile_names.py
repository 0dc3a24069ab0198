"""Names of people who mean harm, from the feed through the database into pages, mails, tables and log lines."""

import csv
import io
import logging
import re
import unicodedata
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from itertools import islice
from pathlib import Path
from random import Random

import pytest
from chain import TASKS, Run
from hostile_league import with_hostile_names
from pages_read import text_of, what_is_not_ours
from sqlalchemy import Engine, text

import leagues
from browsers import Kind, Tabs
from hostile import SCRIPTS, names
from xgoals.domain.errors import Problem, XgoalsError
from xgoals.domain.plausible import plausible
from xgoals.domain.scene import MatchRecord
from xgoals.domain.text import MAX_NAME_CHARS, clean, is_id, isolated
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league
from xgoals.language import language
from xgoals.outputs.tables import FORMULA_STARTS, write_table
from xgoals.steps.pages.files import file_name
from xgoals.storage import parts_of

PROMISED = 200
PAGES = 60
"""So many pages are opened in a browser, some of each kind."""
RUN_ID = 'first "><script>hit()</script>\r\nBcc: spy@canary.invalid {{7*7}} %s'
_MAIL_HEADERS = {
    "from", "to", "subject", "message-id", "date", "auto-submitted", "mime-version", "content-type",
    "content-transfer-encoding",
}  # fmt: skip


def seen(text: str) -> str:
    """What a reader sees of a text: letters, figures and signs, without marks and spaces."""
    return "".join(
        c for c in text if unicodedata.category(c)[0] in "LNPS" and c not in "\u115f\u1160\u2800\u3164\uffa0"
    )


def harmless(text: str) -> bool:
    """Whether a stored text can be shown in one line: no control, no turn of direction, no half of a pair."""
    return all(
        unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp") and not "\u202a" <= c <= "\u202e"
        and not "\u2060" <= c <= "\u206f" and c not in "\u061c\u200b\u200e\u200f\ufeff"
        for c in text
    ) and not any(unicodedata.category(c) == "Mn" for c in text[:1])  # fmt: skip


def one_match(given: list[str]) -> MatchRecord:
    return next(with_hostile_names(islice(simulate_league(), 1), given))


def test_the_gate_lets_names_through_as_they_are_seen_and_nothing_else_of_them(tries):
    given = names(tries(PROMISED, small=PROMISED), tries.seed)
    whole = next(iter(simulate_league()))
    plain = replace(
        whole, players=whole.players[:3], shots=(), scenes=(), clips=(), own_goals=(), incidents=()
    )
    for name in given:
        record = replace(
            plain,
            match=replace(plain.match, competition=name, season=name, stage=name, home=replace(plain.match.home,
            name=name)),
            players=tuple(replace(player, name=name, short_name=name) for player in plain.players),
        )  # fmt: skip
        told = f"seed {tries.seed}, name {name[:80]!r}"
        kept, _ = plausible(record, "x")
        said = (kept.match.competition, kept.match.season, kept.match.home.name)
        letters_given = seen(name.encode("utf-8", "replace").decode().replace("?", ""))
        for shown, identity in zip(
            said, (plain.match.competition_id, plain.match.season_id, plain.match.home.team_id), strict=True
        ):
            assert harmless(shown), told
            assert shown.strip() == shown != "", told
            assert len(shown) <= MAX_NAME_CHARS, told
            letters = seen(shown).replace("\ufffd", "").replace("?", "")
            assert letters == identity or letters_given.startswith(letters.removesuffix("…")), told
            assert len(shown) > MAX_NAME_CHARS // 2 or letters in (letters_given, identity), told
        assert clean(clean(name)) == clean(name), told
    tries.done(7, "names through the gate of all feeds", len(given), PROMISED)


@pytest.mark.parametrize(
    "name", ["\u200b", "\u3164", "\u2800 \u115f", "\u0301", " \u00a0\u2003", "\u202e\u2067", "\x00"]
)
def test_a_name_of_which_nothing_is_seen_is_none(name):
    assert clean(name) == ""
    plain = next(iter(simulate_league()))
    kept, notes = plausible(replace(plain, match=replace(plain.match, stage=name, competition=name)), "x")
    assert kept.match.stage is None
    assert kept.match.competition == plain.match.competition_id
    assert any("competition is empty" in note.reason for note in notes)


def test_marks_on_a_letter_end_and_those_of_languages_stay():
    assert clean("Zal" + "\u0301" * 500 + "go") == "Zal" + "\u0301" * 8 + "go"
    for name in (
        "Nguye\u0302\u0303n Va\u0306n",
        "\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd",
        "\u0e01\u0e47",
        "👩\u200d👩\u200d👧\u200d👦",
        "1\ufe0f\u20e3",
    ):
        assert clean(name) == name


def test_pages_of_any_name_have_a_file_name_of_their_own_that_every_file_system_takes(tries):
    given = names(tries(PROMISED, small=PROMISED), tries.seed)
    found = {}
    for name in {clean(name)[:MAX_NAME_CHARS] for name in given}:
        for scope in (f"{name} {name}", f"{name} {name}, matchday 1"):
            path = f"reports/main/season/{file_name(scope)}.html"
            assert parts_of(path) is not None, scope
            assert re.fullmatch(r"[A-Za-z0-9.-]{1,200}", file_name(scope)), scope
            assert found.setdefault(path, scope) == scope, f"{scope!r} and {found[path]!r} share {path}"
    long = file_name("W" * 200 + " " + "W" * 200)
    assert len(f"{long}.html.part") < 255
    assert long != file_name("W" * 200 + " " + "W" * 199 + "V")


def test_a_round_of_any_name_is_told(tries):
    for code in ("en", "de"):
        words = language(code)
        for name in (
            *names(tries(PROMISED, small=60), tries.seed),
            "2024 play-offs",
            "²",
            "٣",
            "2024-13-45",
            "1234",
            "12",
        ):
            assert bool(words.round_name(name)) == bool(name)
        assert words.round_name("2024 play-offs") == "2024 play-offs"
        assert words.round_name("²") == "²"
        assert words.round_name("2021-07-11") == words.day("2021-07-11")
    assert language("de").round_name("12") == "12. Spieltag"


def test_a_name_written_from_right_to_left_turns_nothing_after_it():
    words = language("en")
    assert words.text("%(who)s, %(n)s", who="Mohamed Salah", n=3) == "Mohamed Salah, 3"
    told = words.text("%(who)s, %(n)s", who="محمد صلاح", n=3)
    assert told == "\u2066محمد صلاح\u2069, 3"
    assert isolated("אבי") == "\u2066אבי\u2069"


def test_no_cell_is_a_formula_and_no_text_a_row(tries, tmp_path):
    import pandas as pd

    given = [
        name.encode("utf-8", "replace").decode()
        for name in names(tries(PROMISED, small=PROMISED), tries.seed)
    ]
    write_table(pd.DataFrame({"player": given, "n": range(len(given))}), tmp_path / "names.csv")
    written = (tmp_path / "names.csv").read_bytes().decode()
    rows = list(csv.reader(io.StringIO(written, newline="")))
    assert len(rows) == len(given) + 1
    for name, (cell, n) in zip(given, rows[1:], strict=True):
        assert cell.removeprefix("'") == name.removeprefix("'"), f"row {n}, seed {tries.seed}"
        assert not cell.startswith(FORMULA_STARTS) or re.fullmatch(r"[+-]?[0-9.,]+", cell), cell


def test_a_problem_and_an_error_never_write_lines_of_their_own(tries, caplog):
    from xgoals.logs import formatter

    lines = formatter(None, "%(levelname)s %(message)s")
    for name in names(tries(PROMISED, small=PROMISED), tries.seed):
        problem = Problem(name, name, name, match_id=name)
        error = XgoalsError(name, where=name, advice=name)
        record = logging.makeLogRecord({"msg": "%s: %s", "args": (error, problem.path), "levelname": "INFO"})
        line = lines.format(record)
        _, *more = line.splitlines()
        assert all(part.startswith("    ") for part in more), f"seed {tries.seed}: {line!r}"
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", line), (
            f"seed {tries.seed}: {line!r}"
        )


@pytest.mark.parametrize("name", SCRIPTS[:21])
def test_what_a_name_could_make_of_a_page_is_found(name, tmp_path):
    """The eyes of the test below: where nothing is escaped, they see what has happened, but for what closes nothing."""
    page = tmp_path / "x.html"
    in_text = f"<p>{name}</p>"
    in_attribute = f"<a title=\"{name}\">x</a><a title='{name}'>x</a>"
    found = [
        *what_is_not_ours(f"<html><body>{in_text}".encode(), page),
        *what_is_not_ours(in_attribute.encode(), page),
    ]
    assert found or name.startswith(("`", "&"))


@pytest.fixture
def archive(tmp_path: Path, tries) -> tuple[Path, list[str]]:
    """Matches in which everything has a hostile name, and the names."""
    given = [
        name.encode("utf-8", "replace").decode()
        for name in names(900 if not tries.is_small else 80, tries.seed)
    ]
    source = tmp_path / "league" / "league.parquet"
    source.parent.mkdir()
    league = islice(simulate_league(), 1 if tries.is_small else 30)
    write_archive(source, with_hostile_names(league, given))
    return source, given


def test_from_the_feed_to_page_and_mail_a_name_is_text(home, archive, tries, request, tmp_path):
    source, given = archive
    n = 1 if tries.is_small else 30
    with pytest.MonkeyPatch.context() as patch:
        leagues.small_models(patch)
        for task in ("ingest",) if tries.is_small else tuple(TASKS):
            TASKS[task](Run(RUN_ID, source=source).opened())
    _stored_names_are_harmless(home.engine, n, tries.seed)
    if tries.is_small:  # pages take a whole run: at scale
        return
    pages = sorted((home.folder / "reports").rglob("*.html"))
    kinds = {page.parent.name for page in pages}
    assert {"match", "matchday", "season", "club", "player", "model", "article"} <= kinds
    with home.engine.connect() as connection:
        figures = connection.execute(text("select figures from xgoals.run")).scalar_one()
        shown = set(connection.scalars(text("select name from xgoals.team")))
        mails = connection.scalars(text("select message from xgoals.notification")).all()
    assert figures["reports_failed"] == 0
    read = ""
    for page in pages:
        content = page.read_bytes()
        assert what_is_not_ours(content, page) == [], f"{page}, seed {tries.seed}"
        read += text_of(content)
    read = " ".join(read.split())
    assert [name for name in shown if name not in read] == [], f"seed {tries.seed}"
    assert mails
    for mail in mails:
        _mail_is_ours(bytes(mail), tries.seed)
    tries.done(7, "hostile names from the feed to pages and mails", len(given), PROMISED)
    _browser_runs_nothing(request.getfixturevalue("tabs"), _some_of_each(pages, tries.seed), tries)


def _stored_names_are_harmless(engine: Engine, n: int, seed: int) -> None:
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from xgoals.match")) == n
        for column in (
            "team.name", "player.name", "player.short_name", "match.competition", "match.season", "match.stage",
            "match.match_id", "shot.shot_id", "player.player_id", "team.team_id",
        ):  # fmt: skip
            table, name = column.split(".")
            for value in connection.scalars(text(f"select distinct {name} from xgoals.{table}")):
                assert value is None or (harmless(value) and seen(value)), f"{column} {value!r}, seed {seed}"
        ids = connection.scalars(text("select match_id from xgoals.match")).all()
    assert all(map(is_id, ids))


def _mail_is_ours(raw: bytes, seed: int) -> None:
    mail = message_from_bytes(raw, policy=default)
    told = f"mail {mail['Subject']!r}, seed {seed}"
    assert raw.isascii(), told
    assert {name.lower() for name, _ in mail.items()} <= _MAIL_HEADERS, told
    assert len(mail.keys()) == len(set(mail.keys())), told
    assert mail["To"] == "analysts@localhost", told
    assert harmless(re.sub("[\u2066\u2069]", "", str(mail["Subject"]))), told
    for part in mail.walk():
        if part.get_content_type() == "text/html":
            assert what_is_not_ours(part.get_content().encode()) == [], told
        elif part.get_content_type() == "image/png":
            assert re.fullmatch(r"[a-z0-9.-]+", part.get_filename()), told


def _some_of_each(pages: list[Path], seed: int) -> list[Path]:
    chance = Random(seed)
    by_kind: dict[str, list[Path]] = {}
    for page in pages:
        by_kind.setdefault(page.parent.name, []).append(page)
    share = -(-PAGES // len(by_kind))
    return [page for kind in by_kind.values() for page in chance.sample(kind, min(share, len(kind)))]


def _browser_runs_nothing(tabs: Tabs, pages: list[Path], tries) -> None:
    """Nothing is run or asked for, the console is silent, and no word leads out of a telephone's screen."""
    tab = tabs.take(Kind(), width=360, scheme="light")
    tab.page.context.add_init_script("window.hit = () => { window.__hit = true; }")
    tab.page.on("dialog", lambda dialog: (tab.complaints.append("a dialog"), dialog.dismiss()))
    for page in pages:
        told = f"{page}, seed {tries.seed}"
        tab.asked, tab.complaints = [], []
        tab.page.goto(page.as_uri())
        tab.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        for width in (360, 1180):
            tab.page.set_viewport_size({"width": width, "height": 900})
            assert tab.page.evaluate("document.documentElement.scrollWidth") == width, told
        assert not tab.page.evaluate("window.__hit"), told
        assert [r.url for r in tab.asked if not r.url.startswith(("data:", page.as_uri()))] == [], told
        assert tab.complaints == [], told
    tab.page.context.close()
    tries.done(7, "pages of hostile names in a browser", len(pages), PAGES)
