"""Ingest of a whole matchday into Postgres: eight excerpts around the shots and one match of 400 MB.

    python benchmarks/bench_matchday.py [--folder DIR] [--repeat 3] [--contiguous 1] [--json FILE]

The files are a simulated matchday of nine matches in the DFL's layout. Each repetition runs the command
``xgoals ingest`` from its start to its end on an empty database of an embedded server that is up already, then
once more on the same files. CPU is user + system of the command with its processes, memory the highest resident
set of any one of them; the server's own work is in the wall time only.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

from xgoals.services.postgres.databases import bring_up_to_date
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.settings import Settings

SEED = 34
TARGET_S = 12.0


def generate(folder: Path, contiguous: int) -> None:
    """Write the matchday, unless it is there."""
    if folder.exists():
        return
    from xgoals.feeds.simulator import simulate_matchday
    from xgoals.feeds.simulator.dfl_writer import write_dfl_match

    unfinished = folder.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    for number, record in enumerate(simulate_matchday(3, 34)):
        target = unfinished / record.match.match_id
        write_dfl_match(record, target, seed=SEED + number, contiguous=number < contiguous)
    unfinished.rename(folder)


def ingest(folder: Path, home: Path, url: str) -> dict[str, float]:
    """One run of the command: wall, CPU, memory."""
    variables = {key: value for key, value in os.environ.items() if not key.startswith("XGOALS_")}
    variables |= {
        "XGOALS_HOME": str(home),
        "XGOALS_DATABASE_URL": url,
        "XGOALS_CONFIG": str(home / "none.toml"),
    }
    command = [sys.executable, "-m", "xgoals.cli", "ingest", "--feed", "dfl", "--source", str(folder)]
    began = time.perf_counter()
    process = subprocess.Popen(command, env=variables, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"the command failed with exit code {process.returncode}")
    return {
        "wall_s": time.perf_counter() - began,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "memory_mb": usage.ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024),
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, help="where the files are or go; default: below .bench")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--contiguous", type=int, default=1, help="matches of 400 MB among the nine")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    folder = options.folder or Path(".bench") / f"matchday-{options.contiguous}"
    generate(folder, options.contiguous)
    size = sum(path.stat().st_size for path in folder.rglob("*.xml"))
    print(f"9 matches, {size / 1e6:.0f} MB", flush=True)
    home = Path(tempfile.mkdtemp(prefix="xgoals-bench-"))
    home.chmod(0o755)
    server = EmbeddedPostgres(home)
    server.ensure_started()
    runs: dict[str, list[dict[str, float]]] = {"new": [], "unchanged": []}
    try:
        for _ in range(options.repeat):
            database = f"bench_{uuid.uuid4().hex[:8]}"
            server.create_database(database)
            bring_up_to_date(Settings(home=home, database_url=server.url(database)), "main")
            for name, found in runs.items():
                found.append(ingest(folder, home, server.url(database)))
                last = found[-1]
                print(
                    f"{name:10} {last['wall_s']:6.2f} s wall {last['cpu_s']:6.2f} s CPU "
                    f"{last['memory_mb']:6.0f} MB",
                    flush=True,
                )
    finally:
        server.stop()
        shutil.rmtree(home)
    medians = {
        name: {key: statistics.median(run[key] for run in found) for key in found[0]}
        for name, found in runs.items()
    }
    if options.json:
        options.json.write_text(json.dumps(medians, indent=2))
    holds = medians["new"]["wall_s"] <= TARGET_S
    print(
        f"{'ok  ' if holds else 'MISS'} a matchday within {TARGET_S:.0f} s wall, Postgres included (median)"
    )
    return 0 if holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
