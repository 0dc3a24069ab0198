"""What the tasks of a night cost on a long generated history: each in a process of its own, imports included."""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from common import _peak
from generated_history import begin, generate, write_corrected_match, write_new_matchday
from sqlalchemy import text

from xgoals.domain.model import Decision
from xgoals.services.postgres.postmaster import find_postmaster
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.settings import Settings
from xgoals.store import registry
from xgoals.store.database import connect

TASKS = (
    "find_matches",
    "ingest",
    "build_features",
    "train",
    "register",
    "compute_baseline",
    "explain",
    "report",
)
NIGHTS = {
    "release": "the first night after a release",
    "quiet": "a quiet night",
    "matchday": "a matchday of nine",
    "correction": "a correction of one match of it",
    "champion": "a new champion",
    "training": "training, on request",
}


def run_task(task: str, home: Path, run_id: str, source: Path | None) -> dict[str, float]:
    """Do one task in this process; seconds since it began, CPU seconds (the server's too), and its highest memory."""
    server_before_s = _cpu_of_server_s(home)
    run = begin(Settings(home=home), run_id, source)
    _WORK[task](run)
    process = psutil.Process()
    own = process.cpu_times()
    return {
        "seconds": time.time() - process.create_time(),
        "cpu_s": own.user + own.system + _cpu_of_server_s(home) - server_before_s,
        "peak_mb": _peak() / 1e6,
    }


def _cpu_of_server_s(home: Path) -> float:
    """Of all processes of the embedded server, those that have ended too."""
    postmaster = find_postmaster(home / "postgres" / "cluster" / "data")
    assert postmaster
    times = [postmaster.process.cpu_times()]
    for child in postmaster.process.children():
        with suppress(psutil.NoSuchProcess):
            times.append(child.cpu_times())
    return sum(t.user + t.system + t.children_user + t.children_system for t in times)


def _find_matches(run: Any) -> None:
    from xgoals.steps import find_matches

    find_matches.find_matches(run)


def _ingest(run: Any) -> None:
    from xgoals.steps import ingest

    ingest.ingest(run)


def _build_features(run: Any) -> None:
    from xgoals.steps import build_features, sum_up

    sum_up.sum_up(run, [])
    build_features.build_features(run)


def _train(run: Any) -> None:
    from xgoals.steps import train

    train.train(run, even_if_not_due=run.run_id.startswith("training"))


def _register(run: Any) -> None:
    from xgoals.steps import models, register

    register.register(run, models.latest_model(run) if run.run_id.startswith("training") else None)


def _with_champion(name: str) -> Any:
    def work(run: Any) -> None:
        from xgoals import steps
        from xgoals.steps import compute_baseline, explain, models, report  # noqa: F401

        champion = models.present_champion(run)
        getattr(getattr(steps, name), name)(run, champion)

    return work


def _report(run: Any) -> None:
    from xgoals.mail.enqueue import end_run
    from xgoals.steps import models, report

    report.report(run, models.present_champion(run))
    end_run(run)


_WORK = {
    "find_matches": _find_matches,
    "ingest": _ingest,
    "build_features": _build_features,
    "train": _train,
    "register": _register,
    "compute_baseline": _with_champion("compute_baseline"),
    "explain": _with_champion("explain"),
    "report": _report,
}


def measure_nights(n_shots: int, nights: list[str]) -> dict[str, dict[str, dict[str, float]]]:
    """Night -> task -> ``seconds, peak_mb``; the database lives and dies with this call."""
    home = Path(tempfile.mkdtemp(prefix="xgoals-growth-"))
    home.chmod(0o755)  # else a server of root's, which runs as nobody, would leave its files elsewhere
    try:
        began = time.monotonic()
        settings = generate(home, n_shots)
        print(f"{n_shots:,} shots generated in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        return {night: _measure(night, settings) for night in ["release", *nights]}
    finally:
        EmbeddedPostgres(home).stop()
        shutil.rmtree(home, ignore_errors=True)


def _measure(night: str, settings: Settings) -> dict[str, dict[str, float]]:
    source, run_id = None, f"{night}__{time.time():.0f}"
    if night == "matchday":
        source = settings.home / "matchday.parquet"
        write_new_matchday(source)
    if night == "correction":
        source = settings.home / "matchday.parquet"
        write_corrected_match(source)
    if night == "champion":
        _crown_another(settings)
    tasks = [task for task in TASKS if source or task != "ingest"]
    costs = {}
    for task in tasks:
        command = [sys.executable, __file__, "--task", task, "--home", str(settings.home), "--run-id", run_id]
        done = subprocess.run(
            [*command, *(["--source", str(source)] if source else [])],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        costs[task] = json.loads(done.stdout.splitlines()[-1])
        print(f"{night}: {task} {costs[task]}", file=sys.stderr, flush=True)
    return costs


def _crown_another(settings: Settings) -> None:
    """The champion again under another name, which has explained nothing yet."""
    engine = connect(settings, "demo")
    with engine.begin() as connection:
        champion, other = registry.champion_name(connection), "xg-generated"
        columns = ", ".join(c for c in registry._COLUMNS if c != "model_version")
        connection.execute(
            text(
                f"""insert into model_version (model_version, {columns})
                    select :other, {columns} from model_version where model_version = :champion"""
            ),
            {"other": other, "champion": champion},
        )
        connection.execute(
            text(
                """insert into out_of_fold (model_version, shot_key, xg, is_held_out)
                   select :other, shot_key, xg, is_held_out from out_of_fold where model_version = :champion"""
            ),
            {"other": other, "champion": champion},
        )
        decision = Decision(other, champion, "promoted", "A benchmark says so", {})
        registry.record_decision(connection, decision, run_id=None, decided_at=datetime.now(UTC))
    engine.dispose()


def table(found: dict[int, dict[str, dict[str, dict[str, float]]]]) -> str:
    """Seconds and peak memory of every task, a row a night and size; what it costs against the shortest history."""
    lines = [
        "| night | shots | " + " | ".join(TASKS) + " | in all | CPU s | x CPU |",
        "| --- | ---: |" + " ---: |" * (len(TASKS) + 3),
    ]
    first = found[min(found)]
    for n_shots, nights in found.items():
        for night, costs in nights.items():
            cells = [
                f"{c['seconds']:.1f} / {c['peak_mb']:,.0f}" if (c := costs.get(t)) else "–" for t in TASKS
            ]
            total, cpu_s = _total(costs, "seconds"), _total(costs, "cpu_s")
            most = max(cost["peak_mb"] for cost in costs.values())
            lines.append(
                f"| {NIGHTS[night]} | {n_shots:,} | {' | '.join(cells)} | **{total:.1f}** / {most:,.0f} | {cpu_s:.1f}"
                f" | {cpu_s / _total(first[night], 'cpu_s'):.1f} |"
            )
    return "\n".join(lines)


def _total(costs: dict[str, dict[str, float]], of: str) -> float:
    return sum(cost[of] for cost in costs.values())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--task", required=True, choices=_WORK)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--run-id", required=True)
    parser.add_argument("--source", type=Path)
    options = parser.parse_args()
    print(json.dumps(run_task(options.task, options.home, options.run_id, options.source)))
