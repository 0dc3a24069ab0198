"""Baselines side by side in a terminal: what each is, figures with their order, one shot's columns."""

from dataclasses import replace

from baselines_by_hand import compared
from xgoals.cli.baselines import say_compared


def rows(said):
    """The words of each line by its first one."""
    return {line.split()[0]: line.split() for line in said.splitlines() if line.strip()}


def test_each_baseline_is_told_and_all_stand_side_by_side(capsys):
    say_compared(compared())
    said = capsys.readouterr().out
    assert "file:ours/spot.csv" in said
    assert "One row of spot.csv. It knows nothing of: speed of the shooter." in said
    assert (
        "One shot: Manuel Gulde (Freiburg), minute 69, Bayer Leverkusen – Freiburg, 29 October 2023." in said
    )
    lines = rows(said)
    assert lines["together"] == ["together", "0.3800", "0.3800", "0.3800"]
    assert "38.0" in "".join(lines["another"])
    assert lines["GoalkeeperInterception"][1:] == ["+0.0185", "+0.0114", "-0.0048"]
    assert "Its first reason depends on the start: keeper and place." in said


def test_without_a_shot_there_is_no_second_table_and_a_new_place_has_an_arrow(capsys):
    found = compared(with_shot=False)
    last = found.baselines[-1]
    groups = tuple(replace(part, rank=6 - part.rank) for part in last.moves.groups)
    last = replace(last, moves=replace(last.moves, groups=groups))
    say_compared(replace(found, baselines=(*found.baselines[:-1], last)))
    said = capsys.readouterr().out
    assert "together" not in said
    first = next(line for line in said.splitlines() if line.split()[:1] == [groups[0].name])
    assert first.split() == [groups[0].name, "1.", "0.0400", "1.", "0.0800", "5.", "0.2500", "↓4"]
