"""Lets ``python -m xgoals.cli`` do what ``xgoals`` does."""

from xgoals.cli import main

main()
