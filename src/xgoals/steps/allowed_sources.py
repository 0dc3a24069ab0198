"""Which folders a run may read that was asked for in the UI: those of `[sources]`, and what a terminal has read before.

Whoever may trigger a run there names a folder in a form; the tasks read it with the rights of the service. A person at
a terminal of the machine reads with his own rights: what he names is written down, for the tasks that do it for him.
"""

from pathlib import Path

from xgoals.domain.errors import SettingsError
from xgoals.settings import Settings
from xgoals.whole_files import whole_file


def allow(settings: Settings, source: Path) -> None:
    """Let runs read this folder or file from now on."""
    known = _named_before(settings)
    if source.resolve() not in known:
        lines = "".join(f"{path}\n" for path in [*known, source.resolve()])
        with whole_file(_file(settings)) as unfinished:
            unfinished.write_text(lines, encoding="utf-8")


def refuse_elsewhere(settings: Settings, source: Path) -> None:
    """Look whether runs may read this folder or file; links in its path count as where they lead.

    Raises
    ------
    SettingsError
        If it lies neither in ``XGOALS_HOME`` nor below one of ``sources.roots``.
    """
    wanted = source.expanduser().resolve()
    roots = [settings.home, *settings.sources.roots, *_named_before(settings)]
    if any(wanted.is_relative_to(root.expanduser().resolve()) for root in roots):
        return
    raise SettingsError(
        "a run may not read this folder: it lies neither in XGOALS_HOME nor below one of sources.roots",
        where=str(source),
        advice="Name a folder above it in xgoals.toml, as roots = [...] in [sources], or start the run in a "
        "terminal: xgoals run --source",
    )


def _file(settings: Settings) -> Path:
    return settings.home / "sources.allowed"


def _named_before(settings: Settings) -> list[Path]:
    try:
        return [Path(line) for line in _file(settings).read_text(encoding="utf-8").splitlines() if line]
    except FileNotFoundError:
        return []
