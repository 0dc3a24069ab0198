"""The same work again changes nothing, and says the same under another environment."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import said_again
from final_state import final_state, told_differences
from inbox_pipeline import Pipeline, pages_of
from small_world import draw_world
from sqlalchemy import text
from states import differences, files, stored

import leagues
from counting import Tries
from xgoals.mail.enqueue import end_run
from xgoals.steps import build_features, compute_baseline, explain, ingest, register, report, train
from xgoals.steps.run_context import RunContext

ELSEWHERE = {
    "PYTHONHASHSEED": "4711", "TZ": "Asia/Tokyo", "LC_ALL": "C", "OMP_NUM_THREADS": "2", "NUMBA_NUM_THREADS": "2",
}  # fmt: skip


def _steps(run: RunContext, model: str) -> dict[str, object]:
    return {
        "ingest": lambda: ingest.ingest(run),
        "build_features": lambda: build_features.build_features(run),
        "train": lambda: train.train(run),
        "register": lambda: register.register(run, model),
        "compute_baseline": lambda: compute_baseline.compute_baseline(run, model),
        "explain": lambda: explain.explain(run, model),
        "report": lambda: report.report(run, model),
        "end_run": lambda: end_run(run),
    }


def test_what_is_done_again_changes_nothing(
    pipeline: Pipeline, tries: Tries, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    if tries.is_small:
        leagues.plain_pages(monkeypatch)
    world = draw_world(tries.seed, tmp_path)
    pipeline.play([world.truth()])
    run = pipeline.begin()
    for name, step in _steps(run, pipeline.model).items():
        step()
        once = stored(pipeline.engine), files(run.settings.home)
        for _ in range(2):
            step()
            again = stored(pipeline.engine), files(run.settings.home)
            told = [differences(*pair) for pair in zip(once, again, strict=True)]
            assert told == [{}, {}], f"{name} again, --fault-seed={tries.seed}"
    tries.done(2, "each step three times", 3 * 8, 3 * 8)
    n_runs = tries(10, small=1)
    for n in range(n_runs):
        for step in _steps(pipeline.begin(), pipeline.model).values():
            step()
        with pipeline.engine.begin() as connection:  # that a run went well is told of every one
            connection.execute(text("delete from xgoals.notification where kind = 'health'"))
        again = stored(pipeline.engine), files(run.settings.home)
        told = [differences(*pair) for pair in zip(once, again, strict=True)]
        assert told == [{}, {}], f"run {n}, --fault-seed={tries.seed}"
    tries.done(2, "the whole run again", n_runs, 10)


@pytest.mark.slow  # two processes that begin from nothing
def test_another_environment_says_the_same(pipeline: Pipeline, tries: Tries, tmp_path: Path):
    """Whatever lies in another order on the disk, with other hashes of texts, clock, language, threads and home."""
    n_tries = tries(5, small=1)
    for n in range(n_tries):
        world = draw_world(tries.seed + n, tmp_path)
        pipeline.play([world.truth()])
        home, elsewhere = pipeline.settings.home, tmp_path / f"another home {n}"
        shutil.copytree(home, elsewhere)
        said = []
        for where, other in ((home, {}), (elsewhere, ELSEWHERE)):
            subprocess.run(
                [sys.executable, said_again.__file__, json.dumps([pipeline.model, (n + bool(other)) / 10])],
                env=os.environ | other | {"XGOALS_HOME": str(where), "PYTHONPATH": os.pathsep.join(sys.path)},
                check=True,
            )
            said.append((final_state(pipeline.engine), pages_of(where)))
        (rows, pages), (other_rows, other_pages) = said
        assert not told_differences(rows, other_rows), f"--fault-seed={tries.seed + n}"
        assert pages.keys() == other_pages.keys()
        differing = [path for path, page in pages.items() if page != other_pages[path]]
        assert differing == [], f"--fault-seed={tries.seed + n}"
    tries.done(2, "pages again: rows turned round, other hashes, clock, language, threads, home", n_tries, 5)
