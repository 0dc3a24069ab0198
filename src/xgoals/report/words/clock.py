"""The minute as football writes it."""

from xgoals.report.facts import Facts


def clock(shot: Facts) -> str:
    """The minute as football writes it, the first one being 1′: 17′, 45+2′.

    ``minute`` counts whole minutes played; a goal after 16:30 falls in the 17th minute. Where no half is given,
    stoppage time is that of the second one.
    """
    minute = int(shot["minute"]) + 1
    end = {0: 90, 1: 45, 2: 90, 3: 105, 4: 120}.get(shot.get("period") or 0)
    return f"{end}+{minute - end}′" if end is not None and minute > end else f"{minute}′"
