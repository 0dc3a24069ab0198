"""What benchmarks share: measuring a call, naming the machine, and writing a section of a page."""

import os
import platform
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil


@dataclass(frozen=True)
class Cost:
    """What a call took: the fastest of its runs, and the memory at its peak above what there was before."""

    wall_s: float
    cpu_s: float
    peak_mb: float


def measure(call: Callable[[], Any], repeat: int) -> tuple[Any, Cost]:
    """Call ``repeat`` times; return the last result and the cost."""
    before = psutil.Process().memory_info().rss
    _forget_peak()
    walls, cpus = [], []
    result = None
    for number in range(repeat):
        time.sleep(0.3 if number else 0)  # on a shared machine, another moment may be a quieter one
        wall, cpu = time.perf_counter(), time.process_time()
        result = call()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return result, Cost(min(walls), min(cpus), max(_peak() - before, 0) / 1e6)


def _forget_peak() -> None:
    """Linux keeps a process's highest memory until it is told to start anew."""
    marker = Path("/proc/self/clear_refs")
    if marker.exists():
        marker.write_text("5")


def _peak() -> int:
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\s+(\d+)", status.read_text()).group(1)) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS


def machine() -> str:
    """The processor, its cores, the system and Python."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        name = re.search(r"model name\s*:\s*(.+)", cpuinfo.read_text()).group(1)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{name}, {cores} cores, {platform.system()}, Python {platform.python_version()}"


def versions(*packages: str) -> str:
    """Installed versions, and which packages are absent."""
    found = []
    for package in packages:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            found.append(f"{package} absent")
    return ", ".join(found)


def load() -> str:
    """How busy the machine is: processes that want a core, over the last five minutes."""
    return f"{os.getloadavg()[1]:.1f}"


def write_section(page: Path, heading: str, text: str) -> None:
    """Replace the section under ``## heading`` of a Markdown page, or add it at the end."""
    section = f"## {heading}\n\n{text.strip()}\n"
    content = page.read_text(encoding="utf-8") if page.exists() else "# Benchmarks\n"
    present = re.compile(rf"^## {re.escape(heading)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    if present.search(content):
        content = present.sub(lambda _: section + "\n", content)
    else:
        content = content.rstrip() + "\n\n" + section
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(content.rstrip() + "\n", encoding="utf-8")
