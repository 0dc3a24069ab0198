"""The explorer's page: what can be chosen is what the domain knows, and nothing of another server is asked for."""

import json
import re

import pytest
from lxml import html as parser

from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, ShotType, Technique
from xgoals.explore.page import explorer_file, explorer_page
from xgoals.language import LANGUAGES
from xgoals.settings import asset_folder

PAGE = explorer_page("en", database="demo", is_simulated=True, home="../reports/demo/index.html")
MODULES = sorted((asset_folder("templates") / "explore").glob("*.js"))


@pytest.mark.parametrize(
    ("name", "known"),
    [("shot_type", ShotType), ("set_up", SetUp), ("ball_control", BallControl), ("technique", Technique)],
)
def test_a_list_offers_every_word_of_the_domain(name, known) -> None:
    options = parser.fromstring(PAGE.html).xpath(f"//select[@name='{name}']/option/@value")
    assert sorted(options) == sorted(known)


def test_a_ball_is_struck_with_every_part_of_the_body_and_ends_in_every_way() -> None:
    page = parser.fromstring(PAGE.html)
    assert set(page.xpath("//input[@name='body_part']/@value")) == set(BodyPart)
    words = json.loads(page.xpath("string(//script[@id='words'])"))
    assert {name.removeprefix("outcome_") for name in words if name.startswith("outcome_")} == set(Outcome)


@pytest.mark.parametrize("code", LANGUAGES)
def test_scripts_say_only_what_the_page_has_words_for(code) -> None:
    page = parser.fromstring(explorer_page(code, database="main").html)
    words = json.loads(page.xpath("string(//script[@id='words'])"))
    said = {name for path in MODULES for name in re.findall(r'\btext\("(\w+)"', path.read_text("utf-8"))}
    assert said <= set(words)
    assert page.xpath("string(/html/@lang)") == code


def test_scripts_find_the_elements_that_they_look_for() -> None:
    ids = set(parser.fromstring(PAGE.html).xpath("//@id"))
    asked = {
        name for path in MODULES for name in re.findall(r'\bbyId\("([\w-]+)"\)', path.read_text("utf-8"))
    }
    assert len(asked) > 20
    assert asked <= ids


def test_its_scripts_and_styles_are_served_and_nothing_else() -> None:
    page = parser.fromstring(PAGE.html)
    for address in page.xpath("//script/@src | //link/@href"):
        assert explorer_file(address.removeprefix("files/")) is not None
    imported = {
        name for path in MODULES for name in re.findall(r'from "\./([\w.]+)"', path.read_text("utf-8"))
    }
    assert all(explorer_file(name) for name in imported)
    assert imported | {"main.js"} == {path.name for path in MODULES}, "no module that nothing needs"
    for name in ("page.html", "words.html", "../de.toml", "", "main.js/"):
        assert explorer_file(name) is None


def test_the_policy_lets_in_this_server_alone() -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in PAGE.policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["connect-src"] == "'self'"
    assert "unsafe" not in rules["script-src"]
    assert "http" not in PAGE.policy
    assert rules["frame-ancestors"] == "'self'"


def test_the_way_back_is_there_where_there_are_reports_and_invented_shots_are_called_so() -> None:
    assert "../reports/demo/index.html" in PAGE.html
    assert "Simulated." in PAGE.html
    without = explorer_page("en", database="main").html
    assert "index.html" not in without
    assert "Simulated." not in without
