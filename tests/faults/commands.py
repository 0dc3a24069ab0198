"""What people type beside the nightly runs, each as a call that a process of its own can make and be killed over."""

import os
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from moments import Moment, die_at, watch
from sqlalchemy import create_engine

from xgoals.outputs.exports import export_scenes
from xgoals.settings import Settings, load_settings
from xgoals.steps import models, promote
from xgoals.steps.pages.files import PageFiles
from xgoals.steps.run_context import RunContext
from xgoals.steps.upkeep import backup, clean, matches
from xgoals.steps.upkeep.ages import Ages
from xgoals.store import migrate, registry, runs
from xgoals.store.database import connect

YEARS = timedelta(days=800)
"""Older than this nothing is kept that may go."""
MATCH = "SIM-2023-01-2"


def _clean(settings: Settings, folder: Path) -> None:
    clean.clean(settings, dry_run=False, tell=print, ages=Ages(datetime.now(UTC)))


def _delete(settings: Settings, folder: Path) -> None:
    matches.delete(settings, "main", MATCH, tell=print)


def _backup(settings: Settings, folder: Path) -> None:
    backup.backup(settings, "main", folder / "results.dump")


def _restore(settings: Settings, folder: Path) -> None:
    backup.restore(settings, "main", folder / "given.dump", replace=True)


def _check_backup(settings: Settings, folder: Path) -> None:
    backup.check_backup(settings, "main")


def _export(settings: Settings, folder: Path) -> None:
    export_scenes(settings, "main", folder / "scenes.parquet")


def _upgrade(settings: Settings, folder: Path) -> None:
    assert settings.database_url
    engine = create_engine(settings.database_url.get_secret_value())
    migrate.upgrade(engine)
    engine.dispose()


def _promote(settings: Settings, folder: Path) -> None:
    engine = connect(settings, "main")
    with engine.connect() as connection:
        champion = registry.champion_name(connection)
        others = sorted(str(m["model_version"]) for m in registry.list_models(connection))
    engine.dispose()
    if champion != others[-1]:  # who types it again looks first
        promote.promote(settings, "main", others[-1])


def _roll_back(settings: Settings, folder: Path) -> None:
    promote.roll_back(settings, "main")


def _pin(settings: Settings, folder: Path) -> None:
    promote.pin(settings, "main", models.present_champion(RunContext(settings, "main", "pin")))


COMMANDS: Mapping[str, Callable[[Settings, Path], None]] = {
    "clean": _clean,
    "matches delete": _delete,
    "backup": _backup,
    "restore": _restore,
    "check_backup": _check_backup,
    "export": _export,
    "db upgrade": _upgrade,
    "models promote": _promote,
    "models rollback": _roll_back,
    "models pin": _pin,
}


def command(name: str, folder: Path, dies_at: Moment | None = None) -> None:
    """A command to its end, or to the moment at which its process is killed.

    Parameters
    ----------
    folder
        Where its files go that do not belong into the home.
    """
    tempfile.tempdir = str(folder / "tmp")
    Path(tempfile.tempdir).mkdir(exist_ok=True)
    if dies_at is not None:
        die_at(dies_at)
    COMMANDS[name](load_settings(), folder)


def moments_of_command(name: str, folder: Path) -> list[Moment]:
    """All moments of a command that goes on to its end."""
    tempfile.tempdir = str(folder / "tmp")
    Path(tempfile.tempdir).mkdir(exist_ok=True)
    seen: list[Moment] = []
    watch(seen.append)
    COMMANDS[name](load_settings(), folder)
    return seen


def put_pages(settings: Settings) -> None:
    """A page for each match and its clips, and what lies about after years; so old that all of it may go."""
    engine, pages = connect(settings, "main"), PageFiles.of(settings, "main")
    old_s = (datetime.now(UTC) - YEARS).timestamp()
    with engine.begin() as connection:
        rows = connection.exec_driver_sql("select provider, match_id from match order by 1, 2").all()
        for provider, match_id in rows:
            path, clip = pages.path("match", match_id), f"clips/main/{match_id}.parquet"
            facts = {
                "provider": provider,
                "match_id": match_id,
                "competition": "c",
                "season": "s",
                "round": "1",
            }
            runs.save_report(
                connection, kind="match", scope_id=match_id, title=match_id, path=path, model_version=None,
                sha256=pages.write(path, match_id), run_id="first", facts=facts,
            )  # fmt: skip
            pages.storage.write(clip, match_id.encode())
            connection.exec_driver_sql(
                "update shot set clip_path = %s where (provider, match_id) = (%s, %s)",
                (clip, provider, match_id),
            )
            if match_id != MATCH:
                for file in (path, clip):
                    os.utime(pages.storage.where(file), (old_s, old_s))
        for name in ("outbox/old.eml", "logs/old.log", "reports/main/match/x.html.0123456789ab.part"):
            pages.storage.write(name, b"old")
            os.utime(pages.storage.where(name), (old_s, old_s))
    engine.dispose()


def unfinished(folder: Path) -> list[Path]:
    """What a killed process has left below a folder under a name that says so."""
    return sorted(path for path in folder.rglob("*") if path.suffix in (".part", ".unfinished"))


def days_later(folder: Path) -> None:
    """Let all that lies in a folder be three days old."""
    then_s = time.time() - 3 * 86_400
    for path in [*folder.rglob("*"), folder]:
        os.utime(path, (then_s, then_s), follow_symlinks=False)
