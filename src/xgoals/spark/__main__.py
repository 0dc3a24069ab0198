"""The same for ``spark-submit`` and for machines where only Python is at hand: ``python -m xgoals.spark ingest ...``.

    spark-submit --master spark://host:7077 --conf spark.pyspark.python=/venv/bin/python \
        /venv/lib/python3.11/site-packages/xgoals/spark/__main__.py ingest --feed dfl --source s3://... --to s3://...

What spark-submit has been told (master, memory) stands; the settings are used where it says nothing.
"""

import argparse
import sys
from collections.abc import Sequence

from xgoals.domain.errors import XgoalsError
from xgoals.settings import load_settings
from xgoals.spark.ingest import spark_ingest


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say; the exit code, 4 where some matches were left out."""
    parser = argparse.ArgumentParser(prog="xgoals.spark", description="Feed files into a lake of archives.")
    commands = parser.add_subparsers(dest="command", required=True)
    ingest = commands.add_parser("ingest", help="read what is new or changed in a source into a lake")
    for name, told in (
        ("--feed", "kind of the files"),
        ("--source", "folder or URL to read"),
        ("--to", "folder or URL of the lake"),
    ):
        ingest.add_argument(name, required=True, help=told)
    asked = parser.parse_args(arguments)
    try:
        done = spark_ingest(load_settings(), feed=asked.feed, source=asked.source, to=asked.to, tell=_tell)
    except XgoalsError as error:
        _tell(f"error: {error}")
        return error.exit_code
    sys.stdout.write(f"{done}\n")
    return 4 if done.n_left_out else 0


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
