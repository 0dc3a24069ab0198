"""Which folders a run may read that was asked for in the UI: those of `[sources]`, and what a terminal has read before.

Whoever may trigger a run there names a folder in a form; the tasks read it with the rights of the service. A person at
a terminal of the machine reads with his own rights: what he names is written down, for the tasks that do it for him.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from xgoals.domain.errors import SettingsError
from xgoals.settings import Settings
from xgoals.storage import is_url
from xgoals.whole_files import whole_file

_URL = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]+):/+(?P<rest>[^/].*)")


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
    roots = [settings.home, *settings.sources.roots, *_named_before(settings)]
    if _lies_in(roots, source):
        return
    raise SettingsError(
        "a run may not read this folder: it lies neither in XGOALS_HOME nor below one of sources.roots",
        where=str(source),
        advice="Name a folder above it in xgoals.toml, as roots = [...] in [sources], or start the run in a "
        "terminal: xgoals run --source",
    )


def refuse_place(settings: Settings, place: str) -> None:
    """The same for a place that may be a bucket, and that a run may read or write with the rights of the service.

    Raises
    ------
    SettingsError
        If it is a folder that runs may not read; or a URL neither below ``storage_url`` nor one of ``sources.roots``.
    """
    if not is_url(place):
        refuse_elsewhere(settings, Path(place.removeprefix("file://")))
        return
    roots = [str(root) for root in settings.sources.roots] + (
        [settings.storage_url] if settings.storage_url else []
    )
    wanted = _url(place)
    if wanted is not None and any(
        wanted == root or wanted.startswith(f"{root}/") for root in map(_url, roots) if root is not None
    ):
        return
    raise SettingsError(
        "a run may not use this bucket: it lies neither below storage_url nor below one of sources.roots",
        where=place,
        advice="Name a URL above it in xgoals.toml, as roots = [...] in [sources], or work in a terminal",
    )


def _lies_in(roots: Iterable[Path], place: Path) -> bool:
    wanted = place.expanduser().resolve()
    return any(wanted.is_relative_to(root.expanduser().resolve()) for root in roots if not _url(str(root)))


def _url(text: str) -> str | None:
    """A URL in one form, also where a path has taken one of its slashes; None where it is none, or leads upwards."""
    found = _URL.fullmatch(text)
    if found is None or ".." in found["rest"].split("/"):
        return None
    return f"{found['scheme']}://{'/'.join(part for part in found['rest'].split('/') if part)}"


def _file(settings: Settings) -> Path:
    return settings.home / "sources.allowed"


def _named_before(settings: Settings) -> list[Path]:
    try:
        return [Path(line) for line in _file(settings).read_text(encoding="utf-8").splitlines() if line]
    except FileNotFoundError:
        return []
