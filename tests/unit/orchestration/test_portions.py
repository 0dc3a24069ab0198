"""What the mapped tasks are given survives the way through Airflow, and says what each of them is."""

import json
from typing import Any
from unittest.mock import Mock

import pytest

from xgoals.domain.errors import Problem, SourceError
from xgoals.orchestration import portions as mapped_tasks
from xgoals.orchestration.portions import NOTHING_NEW, ingest_portion, mapped, unmapped
from xgoals.steps import ingest
from xgoals.steps.portions import Portion

SOME = [Portion("dfl", ("a", "b")), Portion("dfl", (), is_lost=True), Portion("archive", ("c",))]


def test_portions_come_back_as_they_were() -> None:
    assert unmapped(json.loads(json.dumps(mapped(SOME)))) == SOME
    assert unmapped(mapped([])) == []
    assert mapped([]) == [NOTHING_NEW]


def test_what_an_earlier_release_has_handed_out_is_understood() -> None:
    assert unmapped([{"feed": "dfl", "match_ids": ["a"]}]) == [Portion("dfl", ("a",))]


@pytest.mark.parametrize(
    ("portion", "name"),
    [(SOME[0], "2 matches from a"), (SOME[1], "dfl: something is lost"), (SOME[2], "c")],
)
def test_a_task_bears_the_name_of_what_it_reads_and_is_red_for_what_is_lost(
    portion: Portion, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    context: dict[str, Any] = {"ti": Mock()}

    def ingest_matches(run: object, given: Portion, *, reread: bool) -> list[Problem]:
        assert given == portion
        if given.is_lost:
            raise SourceError("no such folder", where="/inbox", advice="Mount it")
        return []

    monkeypatch.setattr(mapped_tasks, "get_current_context", lambda: context)
    monkeypatch.setattr(mapped_tasks, "pipeline_run", _Run)
    monkeypatch.setattr(ingest, "ingest_matches", ingest_matches)
    (given,) = mapped([portion])
    if portion.is_lost:
        with pytest.raises(SourceError, match="no such folder"):
            ingest_portion(given, reread=False)
    else:
        ingest_portion(given, reread=False)
    assert context["what"] == name


class _Run:
    def __enter__(self) -> object:
        return object()

    def __exit__(self, *_: object) -> None:
        pass
