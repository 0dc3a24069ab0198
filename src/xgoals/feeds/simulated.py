"""The mark of files that nobody has played: what is simulated never passes for real, nor what is real for simulated."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from xgoals.domain.errors import FeedError

SIMULATED_BY = "simulated_by"
"""An attribute of an XML file's root, or a key of a JSON object, that only simulated files have."""
LINE_MARK = "simulated_by_xgoals"
"""The same in files of lines: a word that stands in place of a referee's id or of a ball's last state."""


def bears_mark(lines: Iterable[bytes]) -> bool:
    """Whether one of these lines of a tracking file says that nobody has filmed it."""
    mark = LINE_MARK.encode("ascii")
    return any(mark in line for line in lines)


def refuse_mixed(is_simulated: Mapping[Path, bool]) -> None:
    """Files of one match are simulated, all of them, or none is.

    Parameters
    ----------
    is_simulated
        Of each file of the match whether it bears the mark.

    Raises
    ------
    FeedError
        If some do and others do not.
    """
    simulated = [path for path, is_marked in is_simulated.items() if is_marked]
    real = [path for path, is_marked in is_simulated.items() if not is_marked]
    if simulated and real:
        raise FeedError(
            f"the file is simulated, and {real[0].name} of the same match is not",
            where=str(simulated[0]),
            advice="Take the simulated files away from the real ones: the two are never mixed",
        )
