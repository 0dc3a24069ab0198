"""A year of nights in fast motion: what grows grows with matches, and a process that lives on holds no more."""

import os

import pytest
from warm import Started
from year import Night, Plan, live

N_NIGHTS, N_MATCHDAYS = 365, 38
KEPT = ("reports", "clips", "outbox", "logs", "runs", "challengers")
CHAMPIONS_KEPT = 7
"""The champion, five before it, and the anchor."""


@pytest.mark.slow
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("has_mail_server", [True, False])
def test_a_year_grows_with_matches_and_by_nothing_else(
    reach, league, monkeypatch, tmp_path, tries, has_mail_server
):
    reach("told")
    promised = 60 if has_mail_server else N_NIGHTS
    n = tries(promised, small=8)
    n_matchdays = n * N_MATCHDAYS // N_NIGHTS if n > 20 else 0
    plan = Plan(
        n_nights=n,
        n_matchdays=n_matchdays,
        brings_until=(brings_until := n * 6 // 10 if n_matchdays else 0),
        maintained_every=14 if n > 200 else 2,
        trained_every=max(2, n // 18),
        trained_until=n if n > 200 else brings_until,
        has_mail_server=has_mail_server,
    )
    days = max(1, n // 12)
    for part in KEPT:
        monkeypatch.setenv(f"XGOALS_RETENTION__{part.upper()}_DAYS", str(days))
    (temporary := tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    nights = Started(live, plan, league, env=dict(_environment())).wait(2900).result()

    maintained = [night for night in nights if (night.night + 1) % plan.maintained_every == 0]
    settled = [
        night for night in maintained if night.night > plan.brings_until + days + plan.maintained_every
    ]
    assert len(settled) > 1, "there is nothing to compare"
    told_as = f"{plan}, retention of {days} days, seed {tries.seed}"
    _does_not_grow(settled[0], settled[-1], told_as)
    if plan.n_matchdays:
        last = settled[-1].rows
        n_shots = last['xgoals."shot"']
        assert last['xgoals."out_of_fold"'] <= CHAMPIONS_KEPT * n_shots, told_as
        assert last['xgoals."shot_explanation"'] <= 3 * n_shots, told_as
    what = "with a mail server" if has_mail_server else "every mail into the outbox"
    tries.done(9, f"nights in one process, {what}", n, promised)


def _environment() -> dict[str, str]:
    return {
        **os.environ,
        "XGOALS_TRAINING__MIN_MATCHES": "20",
        "XGOALS_EMAIL__RECIPIENTS": '["a@example.org", "b@example.org"]',
    }


def _does_not_grow(first: Night, last: Night, told_as: str) -> None:
    """Two nights after maintenance, long after the last match: nothing is more."""
    more = {name: (first.rows[name], n) for name, n in last.rows.items() if n > first.rows[name]}
    assert more == {}, f"rows that grow by nights, {told_as}"
    slack = 2 * 8192  # pages that were half full
    sizes = {name: (first.table_bytes[name], n) for name, n in last.table_bytes.items()}
    assert {name: was for name, was in sizes.items() if was[1] > was[0] + slack} == {}, told_as
    folders = {name: (first.folder_bytes.get(name, 0), n) for name, n in last.folder_bytes.items()}
    files = {name: (first.folder_files.get(name, 0), n) for name, n in last.folder_files.items()}
    assert {name: was for name, was in files.items() if was[1] > was[0]} == {}, told_as
    # As many mails as before, but what each says of champion and times may be a word longer.
    most = {name: was[0] * (1.01 if name == "outbox" else 1) for name, was in folders.items()}
    assert {name: was for name, was in folders.items() if was[1] > most[name]} == {}, told_as
    assert last.rss_mb <= first.rss_mb + 8, told_as
    for held in ("n_files", "n_threads", "n_sessions", "n_temporary"):
        assert getattr(last, held) <= getattr(first, held), f"{held}, {told_as}"
