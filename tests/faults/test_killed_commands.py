"""What people type is killed, and typed again: it ends as if nothing had been, and what is left lying about goes."""

import random
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest
from commands import COMMANDS, command, days_later, moments_of_command, put_pages, unfinished
from moments import Kind, Moment
from nights import copy_home
from sqlalchemy import text
from states import differences, files, stored
from test_killed_tasks import draw
from warm import run_warm

from databases import drop_database
from xgoals.domain.errors import ModelError, SettingsError
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league
from xgoals.settings import load_settings
from xgoals.steps import ingest
from xgoals.steps.run_context import FeedSource, open_run
from xgoals.steps.upkeep import backup, clean
from xgoals.steps.upkeep.ages import Ages

ITEM, PROMISED, OF_MODELS_PROMISED = 1, 70, 15
OF_MODELS = ("models promote", "models rollback", "models pin")
DONE_BEFORE = {
    "matches delete": (SettingsError, "no match"),
    "models rollback": (ModelError, "no earlier champion"),
}
"""What is said to those who type again what was done before they were told."""
VIEW = """create schema bi; create view bi.dash as select count(*) as n from xgoals.shot;
    create view bi.on_dash as select n from bi.dash"""


@pytest.fixture
def as_before(home, copy_database, postgres, tmp_path):
    """``as_before(keep=True)`` keeps database, home and folder as they are; ``as_before()`` brings them back."""
    kept, name, folder = tmp_path / "kept", f"{home.database}_kept", tmp_path / "folder"

    def bring(*, keep: bool = False) -> Path:
        home.engine.dispose()
        if keep:
            copy_database(home.database, name)
            copy_home(home.folder, kept / "home")
            copy_home(folder, kept / "folder")
        else:
            copy_database(name, home.database)
            copy_home(kept / "home", home.folder)
            copy_home(kept / "folder", folder)
        return folder

    yield bring
    home.engine.dispose()
    drop_database(postgres, name)


def fill(home, folder: Path) -> None:
    """Two matches with pages and clips, somebody's views, and a backup of before one of the matches."""
    folder.mkdir(exist_ok=True)
    league, source = list(islice(simulate_league(), 2)), folder / "two.parquet"
    for n in (1, 2):
        write_archive(source, league[:n])
        run = open_run(
            load_settings(), database="main", sources=[FeedSource("archive", source)], dag_run_id=f"run {n}",
            started_at=datetime.now(UTC) - timedelta(days=900),
        )  # fmt: skip
        ingest.ingest(run)
        if n == 1:
            with home.engine.begin() as connection:
                connection.exec_driver_sql(VIEW)
            backup.backup(run.settings, "main", folder / "given.dump")
    put_pages(run.settings)


def state(home, folder: Path) -> dict[str, str]:
    """Rows, files that last, views of others, and databases beside."""
    lasting = {
        path: sha
        for place in (home.folder, folder)
        for path, sha in files(place).items()
        if not unfinished_part(path) and Path(path).name not in ("results.dump", "given.dump")
    }
    with home.engine.connect() as connection:
        views = connection.scalars(
            text("select viewname from pg_views where schemaname in ('bi', 'xgoals_views')")
        )
        waits = str(connection.scalar(text("select to_regclass('public.xgoals_set_aside')")))
        found = {"views": ",".join(sorted(views)), "waits": waits}
        version = connection.scalar(text("select to_regclass('public.xgoals_schema_version')"))
        pins = connection.scalar(text("select count(*) from xgoals.pin")) if version else None
    return {**stored(home.engine), **lasting, **found, "pins": str(pins)}


def unfinished_part(path: str) -> bool:
    return any(part.endswith((".part", ".unfinished")) for part in path.split("/"))


def check_cleaned(home, folder: Path, monkeypatch) -> None:
    """What is unfinished is known by its name, and goes after two days."""
    days_later(home.folder)
    days_later(folder / "tmp")
    with monkeypatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(folder / "tmp"))
        clean.clean(load_settings(), dry_run=False, tell=str, ages=Ages(datetime.now(UTC)))
    assert unfinished(home.folder) == []
    assert list((folder / "tmp").iterdir()) == []


def type_again(name: str, folder: Path, home) -> None:
    ended = run_warm(command, name, folder, env=home.env)
    if ended.error is not None:
        kind, words = DONE_BEFORE.get(name, (AssertionError, ""))
        if not (isinstance(ended.error, kind) and words in str(ended.error)):
            raise ended.error
    assert ended.code == 0


def tried(home, as_before, chance, n, names, monkeypatch) -> list[str]:
    """Kill each of these commands so many times in all; what was wrong."""
    folder = as_before(keep=True)
    moments: dict[str, list[Moment]] = {}
    after: dict[str, dict[str, str]] = {}
    for name in names:
        as_before()
        moments[name] = run_warm(moments_of_command, name, folder, env=home.env).result()
        after[name] = state(home, folder)
    wrong = []
    for number in range(n):
        name, told = names[number % len(names)], []
        as_before()
        for moment in chosen(name, moments[name], number < len(names), chance):
            ended = run_warm(command, name, folder, moment, env=home.env)
            told.append(str(moment) if ended.code else f"{moment}, which did not come")
        try:
            type_again(name, folder, home)
            assert differences(after[name], state(home, folder)) == {}
            check_cleaned(home, folder, monkeypatch)
        except Exception as error:
            wrong.append(f"number {number}: {name} died {', then '.join(told)}: {error!r}")
            print(wrong[-1])  # noqa: T201 - at once: such a run is long
    return wrong


def chosen(name: str, moments: list[Moment], is_first: bool, chance: random.Random) -> list[Moment]:
    """The moments at which a command dies: the first time where it was found to be weak, then anywhere."""
    weak = [moment for moment in moments if (name, moment.kind) in LAST_OF]
    return (
        weak[-1:] if weak and is_first else [draw(moments, chance) for _ in range(chance.choice((1, 1, 2)))]
    )


LAST_OF = (
    ("clean", Kind.AFTER_REMOVAL),
    ("matches delete", Kind.BEFORE_REMOVAL),
    ("restore", Kind.AFTER_PROGRAM),
)
"""Where commands were found to leave rows without files, files without rows, or nothing of what others had built."""


def test_a_command_that_was_killed_is_typed_again(home, as_before, tmp_path, tries, monkeypatch):
    names = [name for name in COMMANDS if name not in OF_MODELS]
    n, chance = tries(PROMISED, small=2), random.Random(tries.seed)
    fill(home, tmp_path / "folder")
    names = chance.sample(names, 1) if tries.is_small else names
    wrong = tried(home, as_before, chance, n, names, monkeypatch)
    assert not wrong, f"--fault-seed={tries.seed}\n" + "\n".join(wrong)
    tries.done(ITEM, "a command is killed, and typed again", n, PROMISED)


def test_a_command_about_models_that_was_killed_is_typed_again(home, reach, as_before, tries, monkeypatch):
    n, chance = tries(OF_MODELS_PROMISED, small=1), random.Random(tries.seed)
    run, _ = reach("rivalled")
    home.engine.dispose()
    (home.folder.parent / "folder").mkdir()
    with home.engine.begin() as connection:  # the rival was promoted once: there is somebody to go back to
        connection.exec_driver_sql("update xgoals.run set state = 'success'")
    COMMANDS["models promote"](run.settings, home.folder)
    names = [chance.choice(OF_MODELS)] if tries.is_small else list(OF_MODELS)
    wrong = tried(home, as_before, chance, n, names, monkeypatch)
    assert not wrong, f"--fault-seed={tries.seed}\n" + "\n".join(wrong)
    tries.done(ITEM, "a command about models is killed, and typed again", n, OF_MODELS_PROMISED)
