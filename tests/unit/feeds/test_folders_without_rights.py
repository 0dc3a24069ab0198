"""A folder that may not be entered is told in a sentence, without a traceback."""

from pathlib import Path
from typing import Any

import pytest

from xgoals.steps import find_matches
from xgoals.steps.run_context import FeedSource


def test_a_folder_without_rights_is_told_with_its_path(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: Any) -> None:
        raise PermissionError(13, "Permission denied", "/feeds/events/matches")

    monkeypatch.setattr(find_matches, "_list_source", refuse)
    source: Any = FeedSource("statsbomb", Path("/feeds"))
    nothing: Any = None
    listing = find_matches._list_guarded(nothing, nothing, source, find_matches.NEW_OR_CHANGED)
    assert str(listing.error) == (
        "/feeds: cannot be listed: this system user may not look at /feeds/events/matches. "
        "Mend the permissions of the folders above it"
    )
    assert [problem.severity for problem in listing.lost] == ["match"]
    assert not any(record.exc_info for record in caplog.records)
