"""Small disks in memory, and folders that a server's own user can enter."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Disk:
    """A small one, mounted somewhere."""

    folder: Path

    def set(self, options: str) -> None:
        """Make it larger, or closed to writers."""
        mount("-o", f"remount,{options}", str(self.folder))

    def remove(self) -> None:
        """Take it away, whoever has files of it open."""
        subprocess.run(["umount", "--lazy", str(self.folder)], check=False, capture_output=True)

    def fill(self) -> Path:
        """Leave room for nothing."""
        path = self.folder / "filler"
        with pytest.raises(OSError, match="No space"), path.open("wb", buffering=0) as file:  # noqa: PT012
            while True:
                file.write(bytes(4096))
        return path


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)


@pytest.fixture
def small_disk(open_folder: Path) -> Iterator[Callable[..., Disk]]:
    """``small_disk(folder, "size=64k")``."""
    mounted: list[Disk] = []

    def make(folder: Path, options: str) -> Disk:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            mount("-t", "tmpfs", "-o", options, "tmpfs", str(folder))
        except (subprocess.CalledProcessError, FileNotFoundError) as error:
            pytest.skip(f"NOT TRIED, no small disk can be mounted here: {error}")
        mounted.append(Disk(folder))
        return mounted[-1]

    yield make
    for disk in mounted:
        disk.remove()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """One that the user of a server can enter, who is not ours where we are root."""
    folder = Path(tempfile.mkdtemp(prefix="xgoals-test-disks-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
