"""What wants a person: what was left out, a refused or waiting promotion, and whatever a step warns of."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from xgoals.language import Language
from xgoals.mail.content.links import report_page, run_page, task_page
from xgoals.mail.content.news import Facts, Link, News, Trouble
from xgoals.mail.content.run_news import sources_of
from xgoals.settings import Settings

SHOWN_ITEMS = 10
"""Of a long list so many are told; the rest is counted."""

WARNING_PREFIX = "warning_"
"""A figure of a run with such a name is a warning: a sentence, or ``what, where, advice, step``.

With a ``state`` as well, a word for what is the matter, it is told once, until that changes."""


def troubles_of_run(run: Facts, words: Language) -> list[Trouble]:
    """What a run has found that wants a person.

    Parameters
    ----------
    run
        ``figures``, and ``quarantined``: what this run left out (``path, match_id, place, reason, advice,
        severity``). Of the figures these count: ``decision``, ``matchday_states`` (those that are overdue) and
        every ``warning_<name>``.
    """
    figures: Mapping[str, Any] = run["figures"] or {}
    found = [
        _quarantine(run["quarantined"], words) if run["quarantined"] else None,
        _promotion(str(figures.get("decision") or ""), words),
        *(
            _overdue(state, words)
            for state in figures.get("matchday_states") or ()
            if state.get("is_overdue")
        ),
        *(
            _of_figure(name.removeprefix(WARNING_PREFIX), value)
            for name, value in sorted(figures.items())
            if name.startswith(WARNING_PREFIX) and value
        ),
    ]
    return [trouble for trouble in found if trouble]


def late_trouble(deadline: datetime, words: Language) -> Trouble:
    """A run that has not reached its end in time."""
    return Trouble(
        matter="late",
        what=words.text(
            "The run has not ended by %(deadline)s, the time set for it.", deadline=words.moment(deadline)
        ),
        advice=words.text(
            "Open the run: the task that runs shows its log. It may be waiting for another run, or for memory."
        ),
    )


def trouble_news(trouble: Trouble, run: Facts, settings: Settings, words: Language) -> News:
    """A warning as news.

    Parameters
    ----------
    run
        ``run_id, database, feeds, sources, is_simulated, moment``.
    """
    links = [Link(words.text("This run in Airflow"), run_page(settings, run["run_id"]))]
    if trouble.step:
        page = task_page(settings, run["run_id"], trouble.step)
        links.insert(0, Link(words.text("Log of the task %(task)s", task=trouble.step), page))
    links.append(Link(words.text("All reports"), report_page(settings, run["database"])))
    simulated = f" {words.text('(simulated)')}" if run["is_simulated"] else ""
    return News(
        run_id=run["run_id"],
        kind="warning",
        matter=trouble.matter,
        subject=f"xgoals {words.text('warning')}: {trouble.what}{simulated}",
        title=words.text("Something wants your attention"),
        lead=trouble.what,
        moment=run["moment"],
        is_simulated=bool(run["is_simulated"]),
        step=trouble.step,
        links=tuple(links),
        content={
            "trouble": trouble,
            "items": trouble.items[:SHOWN_ITEMS],
            "more": max(0, len(trouble.items) - SHOWN_ITEMS),
            "facts": [
                (words.text("run"), str(run["run_id"])),
                (words.text("source"), sources_of(run)),
                (words.text("database"), str(run["database"])),
            ],
        },
    )


def is_about_a_state(trouble: Trouble) -> bool:
    """Whether the next run will find the same again: such trouble is told once, until it changes."""
    return ":" in trouble.matter


def _quarantine(rows: Sequence[Facts], words: Language) -> Trouble:
    matches = {str(row["match_id"] or row["path"]) for row in rows if row["severity"] == "match"}
    n_shots = sum(row["severity"] == "shot" for row in rows)
    parts = []
    if matches:
        parts.append(words.plural("one match", "%(n)s matches", len(matches)))
    if n_shots:
        parts.append(words.plural("one shot", "%(n)s shots", n_shots))
    advice = dict.fromkeys(str(row["advice"]) for row in rows if row["advice"])
    return Trouble(
        matter=f"quarantine: {_fingerprint(rows)}",
        what=words.text("%(what)s left out and in quarantine.", what=words.listing(parts)),
        advice=" ".join(list(advice)[:3]),
        step="ingest",
        items=tuple((_place(row), str(row["reason"])) for row in rows),
    )


def _overdue(state: Facts, words: Language) -> Trouble:
    sentence = str(state["sentence"])
    return Trouble(
        matter=f"matchday: {hashlib.sha256(sentence.encode()).hexdigest()[:12]}",
        what=words.text("A matchday is incomplete past its deadline, and was taken in as it is."),
        where=sentence,
        advice=words.text(
            "Ask for what is missing and lay it into the inbox: the matchday is taken in again then."
        ),
        step="ingest",
    )


def _promotion(decision: str, words: Language) -> Trouble | None:
    verdict, _, reason = decision.partition(": ")
    if verdict == "kept":
        return Trouble(
            matter="promotion",
            what=words.text("The challenger was not promoted: the champion stays."),
            where=reason,
            advice=words.text("Nothing has to be done. To promote it all the same: xgoals models promote."),
            step="register",
        )
    if verdict == "awaiting_approval":
        return Trouble(
            matter="approval",
            what=words.text("A promotion waits for your approval."),
            where=reason,
            advice=words.text(
                "Approve or reject it in Airflow: the run of xgoals_approval, Required Actions."
            ),
            step="register",
        )
    return None


def _of_figure(name: str, value: Any) -> Trouble:
    if not isinstance(value, Mapping):
        return Trouble(matter=name, what=str(value))
    given = {key: str(value[key]) for key in ("what", "where", "advice", "step") if value.get(key)}
    matter = f"{name}: {value['state']}" if value.get("state") else name
    return Trouble(**{"matter": matter, "what": name, **given})  # type: ignore[arg-type]


def _place(row: Facts) -> str:
    parts = [str(row["path"]), str(row["place"] or "")]
    return ", ".join(part for part in parts if part)


def _fingerprint(rows: Sequence[Facts]) -> str:
    told = sorted(f"{row['path']}|{row['place']}|{row['reason']}" for row in rows)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:12]
