"""CPU and memory of getting the moments around the shots out of a 400 MB positions file, ours and others'.

    python benchmarks/bench_ingest.py [--folder DIR] [--repeat 3] [--quick] [--json FILE] [--peers PYTHON]

The file is one simulated match of two whole halves in the feed's layout (the generator is part of the
benchmark). Every method runs in a process of its own; CPU is user + system of that process after its imports,
memory its highest resident set. Rows of the fast reader and of the XML parser are compared. ``--quick`` lets
kloppy build one frame a second instead of all 25. floodlight and fast-forward-football need not be in the
project's environment: ``--peers PYTHON`` names the interpreter of another one; what is not installed is named.
"""

import argparse
import hashlib
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

SEED = 7
METHODS = ("hash", "windows", "match", "parser", "kloppy", "floodlight", "fast-forward-football")
TARGETS = {"windows": (1.0, 120)}
PEERS = ("floodlight", "fast-forward-football")
MODULES = {"kloppy": "kloppy", "floodlight": "floodlight", "fast-forward-football": "fastforward"}


def generate(folder: Path) -> None:
    """Write the match, unless it is there."""
    if any(folder.glob("*positions*.xml")):
        return
    from xgoals.feeds.simulator import simulate_matchday
    from xgoals.feeds.simulator.dfl_writer import write_dfl_match

    record = min(simulate_matchday(1, 1), key=lambda r: abs(len(r.shots) - 26))
    write_dfl_match(record, folder, seed=SEED, contiguous=True)


def files(folder: Path) -> tuple[Path, Path, Path]:
    matchinfo, events, positions = (next(folder.glob(f"DFL_{n}_*.xml")) for n in ("02", "03", "04"))
    return matchinfo, events, positions


def run_hash(folder: Path, _: argparse.Namespace) -> Callable[[], str]:
    def work() -> str:
        with files(folder)[2].open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    return work


def windows_wanted(folder: Path) -> list[object]:
    """The windows that reading the match asks for: a clip where the frame is official, else the search."""
    from xgoals.feeds.dfl import discover
    from xgoals.feeds.dfl import tracking as module

    wanted: list[object] = []
    original = module.PositionsFile.windows

    def spy(self: object, windows: list[object]) -> object:
        wanted.extend(windows)
        return original(self, windows)

    module.PositionsFile.windows = spy
    from xgoals.feeds.dfl import read_delivery

    read_delivery(discover(folder)[0][0])
    module.PositionsFile.windows = original
    return wanted


def digest_of(read: list[list[object]]) -> str:
    digest = hashlib.sha256()
    for tracks in read:
        for track in tracks:
            digest.update(f"{track.team_id} {track.person_id}".encode())
            for column in (track.n, track.t_s, track.xyz_m):
                digest.update(column.tobytes())
    return digest.hexdigest()


def run_windows(folder: Path, options: argparse.Namespace) -> Callable[[], str]:
    from xgoals.feeds.dfl.positions import open_positions
    from xgoals.feeds.dfl.tracks import Window

    wanted = [Window(*entry) for entry in json.loads(options.windows)]

    def work() -> str:
        with open_positions(files(folder)[2]) as positions:
            read = positions.windows(wanted)
            if positions.read_path != "seek":
                sys.exit("the fast path was not taken")
        return digest_of(read)

    return work


def run_parser(folder: Path, options: argparse.Namespace) -> Callable[[], str]:
    from xgoals.feeds.dfl.positions_parser import ParsedPositions
    from xgoals.feeds.dfl.tracks import Window

    wanted = [Window(*entry) for entry in json.loads(options.windows)]
    return lambda: digest_of(ParsedPositions(files(folder)[2], "positions").windows(wanted))


def run_match(folder: Path, _: argparse.Namespace) -> Callable[[], str]:
    from xgoals.feeds.dfl import discover, read_delivery

    def work() -> str:
        record = read_delivery(discover(folder)[0][0]).record
        return f"{len(record.shots)} shots, {len(record.clips)} clips"

    return work


def run_kloppy(folder: Path, options: argparse.Namespace) -> Callable[[], str]:
    from kloppy import sportec

    matchinfo, _, positions = files(folder)
    rate = 1 / 25 if options.quick else None

    def work() -> str:
        data = sportec.load_tracking(
            raw_data=positions, meta_data=matchinfo, sample_rate=rate, only_alive=False
        )
        return f"{len(data.records):,} frames"

    return work


def run_floodlight(folder: Path, _: argparse.Namespace) -> Callable[[], str]:
    from floodlight.io.dfl import read_position_data_xml

    matchinfo, _, positions = files(folder)
    return lambda: f"{len(read_position_data_xml(positions, matchinfo))} data sets"


def run_fast_forward(folder: Path, _: argparse.Namespace) -> Callable[[], str]:
    from fastforward import sportec

    matchinfo, _, positions = files(folder)

    def work() -> str:
        data = sportec.load_tracking(raw_data=str(positions), meta_data=str(matchinfo), only_alive=False)
        return f"{len(data.tracking):,} rows"

    return work


RUNNERS = {
    "hash": run_hash,
    "windows": run_windows,
    "match": run_match,
    "parser": run_parser,
    "kloppy": run_kloppy,
    "floodlight": run_floodlight,
    "fast-forward-football": run_fast_forward,
}


def peak_memory_mb() -> float:
    """The highest resident set; ru_maxrss is the second choice, for it counts the parent before exec."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1024**2 if sys.platform == "darwin" else 1024
    )


def measure_here(options: argparse.Namespace) -> None:
    """One method in this process; its figures as JSON on the last line."""
    work = RUNNERS[options.method](options.folder, options)
    started, cpu = time.perf_counter(), time.process_time()
    result = work()
    figures = {
        "cpu_s": time.process_time() - cpu,
        "wall_s": time.perf_counter() - started,
        "memory_mb": peak_memory_mb(),
        "result": result,
    }
    print(json.dumps(figures))


def is_importable(python: str, module: str) -> bool:
    return (
        subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False).returncode == 0
    )


def measure(method: str, options: argparse.Namespace, windows: str) -> dict[str, object] | None:
    module = MODULES.get(method)
    python = str(options.peers) if options.peers and method in PEERS else sys.executable
    if module is not None and not is_importable(python, module):
        return None
    repeat = options.repeat if method in ("hash", "windows", "match") else 1
    runs = []
    for _ in range(repeat):
        command = [python, __file__, "--method", method, "--folder", str(options.folder)]
        command += ["--windows", windows] + (["--quick"] if options.quick else [])
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        runs.append(json.loads(output.splitlines()[-1]))
    return {
        **runs[-1],
        "cpu_s": statistics.median(run["cpu_s"] for run in runs),
        "wall_s": statistics.median(run["wall_s"] for run in runs),
        "memory_mb": max(run["memory_mb"] for run in runs),
    }


def compare(options: argparse.Namespace) -> int:
    generate(options.folder)
    positions = files(options.folder)[2]
    wanted = windows_wanted(options.folder)
    windows = json.dumps([(w.section, w.n_first, w.n_last) for w in wanted])
    print(f"{positions.stat().st_size / 1e6:.0f} MB, {len(wanted)} windows; kloppy: "
          f"{'one frame a second' if options.quick else 'all frames'}")  # fmt: skip
    table: dict[str, dict[str, object]] = {}
    for method in METHODS:
        figures = measure(method, options, windows)
        if figures is None:
            print(f"{method:22} not installed")
            continue
        table[method] = figures
        print(
            f"{method:22} {figures['cpu_s']:8.2f} s CPU {figures['memory_mb']:7.0f} MB   {figures['result']}",
            flush=True,
        )
    if options.json:
        options.json.write_text(json.dumps(table, indent=2))
    return verdict(table)


def verdict(table: dict[str, dict[str, object]]) -> int:
    cpu_s, memory_mb = TARGETS["windows"]
    ours = table["windows"]
    checks = {
        f"hash and windows within {cpu_s} s CPU": ours["cpu_s"] <= cpu_s,
        f"hash and windows within {memory_mb} MB": ours["memory_mb"] <= memory_mb,
        "rows identical to the XML parser's": ours["result"] == table["parser"]["result"],
    }
    if "kloppy" in table:
        times = table["kloppy"]["cpu_s"] / ours["cpu_s"]
        checks[f"at least 100 times less CPU than kloppy ({times:.0f} times)"] = times >= 100
    for name, holds in checks.items():
        print(f"{'ok  ' if holds else 'MISS'} {name}")
    return 0 if all(checks.values()) else 1


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, default=Path(".bench") / "ingest")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--peers", type=Path, help="python of an environment with floodlight and the like")
    parser.add_argument("--method", choices=METHODS, help=argparse.SUPPRESS)
    parser.add_argument("--windows", default="[]", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.method:
        measure_here(options)
        return 0
    return compare(options)


if __name__ == "__main__":
    raise SystemExit(main())
