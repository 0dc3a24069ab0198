"""Feeds of other packages: known by their names before anything is imported, and none of them stops another."""

import sys
from pathlib import Path

import pytest

from feed_packages import lay_guide, lay_package
from xgoals.domain.errors import SettingsError, SourceError
from xgoals.feeds import FEEDS, load_feed, registered
from xgoals.report.words.providers import SOURCES, credit_of
from xgoals.services import doctor, status

OURS = ["statsbomb", "dfl", "archive", "wyscout", "opta", "statsperform"]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the import path."""
    (tmp_path / "lib").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path / "lib"))
    return tmp_path / "lib"


def module(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.py").write_text(text)


def problems() -> list[str]:
    return [str(problem) for problem in registered().problems]


def test_a_feed_of_another_package_is_known_and_not_imported(path):
    lay_package(path, {"acme": "acme_never_imported"})
    assert list(FEEDS) == [*OURS, "acme"]
    assert FEEDS["acme"].package == "acme-xgoals 0.1.0"
    assert "acme_never_imported" not in sys.modules
    assert problems() == []


def test_the_guide_s_package_is_loaded_and_credited(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(lay_guide(tmp_path) / "src"))
    assert load_feed("acme").discover(tmp_path / "samples")[0][0].match_id == "501"
    assert (SOURCES["acme"], credit_of("acme"), FEEDS["acme"].about.files) == (
        "Acme",
        "Acme (CC BY 4.0)",
        "Acme events (CSV)",
    )
    assert credit_of("wyscout") == "Wyscout"
    assert credit_of("gone") == "gone"


def test_a_module_without_about_is_called_after_its_package(path):
    text = "def discover(*a, **k): ...\ndef announce(d): ...\ndef read_match(d): ...\n"
    module(path, "acme_bare_feed", text)
    lay_package(path, {"bare": "acme_bare_feed"})
    assert FEEDS["bare"].about.files == "files of bare (acme-xgoals 0.1.0)"
    assert FEEDS["bare"].trouble is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("import nothing_of_that_name", "ModuleNotFoundError: No module named 'nothing_of_that_name'"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("def discover(): ...", "has no function announce"),
    ],
)
def test_one_that_is_broken_names_its_package_and_leaves_the_others_alone(path, text, told):
    name = f"acme_broken_{abs(hash(told))}"
    module(path, name, text)
    lay_package(path, {"broken": name})
    with pytest.raises(SourceError, match=r"feed 'broken' of the package acme-xgoals 0\.1\.0") as raised:
        load_feed("broken")
    assert told in str(raised.value)
    assert FEEDS["broken"].about.files == "cannot be loaded: acme-xgoals 0.1.0 is broken"
    assert load_feed("wyscout") is not None
    (found,) = (one for one in doctor._feeds(None) if one.state == "fail")
    assert "acme-xgoals 0.1.0" in found.says
    assert any("acme-xgoals 0.1.0" in sentence for sentence in status._of_feeds())


def test_two_packages_of_one_name_are_both_left_out(path):
    lay_package(path, {"acme": "one"})
    lay_package(path, {"acme": "other", "third": "third"}, name="more-acme")
    assert list(FEEDS) == [*OURS, "third"]
    (told,) = problems()
    assert "acme-xgoals 0.1.0 and more-acme 0.1.0: neither is used" in told
    with pytest.raises(SettingsError, match="neither is used"):
        load_feed("acme")


def test_the_same_package_twice_on_the_path_is_one(path, tmp_path, monkeypatch):
    lay_package(path, {"acme": "one"}, version="0.2.0")
    monkeypatch.syspath_prepend(str(lay_package(tmp_path / "second", {"acme": "one"}, version="0.3.0")))
    assert FEEDS["acme"].package == "acme-xgoals 0.3.0"
    assert problems() == []


@pytest.mark.parametrize(
    ("feeds", "told"),
    [
        ({"opta": "acme_feed"}, "the feed 'opta' is xgoals' own, and stays so"),
        ({"../x": "acme_feed"}, "'../x' is no name of a feed"),
        ({"Acme": "acme_feed"}, "'Acme' is no name of a feed"),
        ({"acme": "no module!"}, "'no module!' of the feed 'acme' is neither a module nor module:object"),
    ],
)
def test_entry_points_that_cannot_be_are_left_out(path, feeds, told):
    lay_package(path, feeds)
    assert list(FEEDS) == OURS
    assert told in problems()[0]
    assert problems()[0].startswith("acme-xgoals 0.1.0: ")


@pytest.mark.parametrize(
    "text", ["[xgoals.feeds\nacme", "[xgoals.feeds]\nacme", "xgoals.feeds", "[xgoals.feeds]"]
)
def test_a_file_of_entry_points_that_is_none_stops_nothing(path, text):
    lay_package(path, {}, text=text)
    assert list(FEEDS) == OURS
    assert len(problems()) == (text != "[xgoals.feeds]")


def test_a_broken_feed_beside_others_is_a_lost_source_of_a_run(path):
    """What `find_matches` makes of it: an error of this source, which goes into the quarantine."""
    lay_package(path, {"broken": "acme_is_not_there"})
    from xgoals.steps.find_matches import _list_guarded
    from xgoals.steps.match_filter import MatchFilter
    from xgoals.steps.run_context import FeedSource

    listing = _list_guarded(None, None, FeedSource("broken", path), MatchFilter())
    assert isinstance(listing.error, SourceError)
    assert "Mend or remove the package acme-xgoals 0.1.0" in listing.lost[0].advice
