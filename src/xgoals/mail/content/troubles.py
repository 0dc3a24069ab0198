"""What a run, its end or its deadline has brought to light that wants a person, in words."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from xgoals.domain.errors import Problem
from xgoals.domain.model import RunVerdict
from xgoals.domain.trouble import Trouble
from xgoals.language import Language
from xgoals.mail.content.run_summary import RunSummary
from xgoals.report.words.feed_sentences import feed_sentence


def troubles_of_run(
    run: RunSummary, quarantined: Sequence[Problem], found_by_steps: Iterable[Trouble], words: Language
) -> Iterator[Trouble]:
    """What a run has found that wants a person.

    Parameters
    ----------
    run
        Of its figures count what ``register`` came to, and those ``matchday_states`` that are overdue.
    quarantined
        What this run has left out.
    found_by_steps
        What its steps have found.
    """
    if quarantined:
        yield _quarantine(quarantined, words)
    if promotion := _promotion(run.verdict, words):
        yield promotion
    for state in run.figures.get("matchday_states") or ():
        if state.get("is_overdue"):
            yield _overdue(state, words)
    yield from (_in_the_language(trouble, words) for trouble in found_by_steps)


def _in_the_language(trouble: Trouble, words: Language) -> Trouble:
    """What a step has found, stored in English, as the mail says it."""
    what, where, advice = (
        feed_sentence(text, words).text for text in (trouble.what, trouble.where, trouble.advice)
    )
    return replace(trouble, what=what, where=where, advice=advice)


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


def stuck_trouble(since: datetime, waiting: str, words: Language) -> Trouble:
    """A run of which no task is at work, although nothing keeps it from going on."""
    return Trouble(
        matter="late",
        what=words.text(
            "The run does not go on: no task has worked since %(since)s.", since=words.moment(since)
        ),
        where=waiting,
        advice=words.text(
            "'xgoals status' says which service is ill; 'xgoals down' and 'xgoals up' end what hangs, and the run"
            " goes on."
        ),
    )


def _quarantine(problems: Sequence[Problem], words: Language) -> Trouble:
    matches = {problem.match_id or problem.path for problem in problems if problem.severity == "match"}
    n_shots = sum(problem.severity == "shot" for problem in problems)
    parts = []
    if matches:
        parts.append(words.plural("one match", "%(n)s matches", len(matches)))
    if n_shots:
        parts.append(words.plural("one shot", "%(n)s shots", n_shots))
    told = (feed_sentence(problem.advice, words).text for problem in problems if problem.advice)
    advice = dict.fromkeys(f"{text.rstrip('.')}." for text in told)
    by_itself = words.text(
        "A file that is replaced in the inbox is read by itself within half a minute where the watcher runs"
        " (xgoals up)."
    )
    return Trouble(
        matter="quarantine",
        what=words.text("%(what)s left out and in quarantine.", what=words.listing(parts)),
        advice=" ".join([*list(advice)[:3], by_itself]),
        step="ingest",
        state_key=_state_key(sorted(f"{p.path}|{p.place}|{p.reason}" for p in problems)),
        items=tuple((_place(problem), feed_sentence(problem.reason, words).text) for problem in problems),
    )


def _overdue(state: Mapping[str, Any], words: Language) -> Trouble:
    sentence = str(state["sentence"])
    return Trouble(
        matter="matchday",
        what=words.text("A matchday is incomplete past its deadline, and was taken in as it is."),
        where=sentence,
        advice=words.text(
            "Ask for what is missing and lay it into the inbox: the matchday is taken in again then."
        ),
        step="ingest",
        state_key=_state_key([sentence]),
    )


def _promotion(verdict: RunVerdict | None, words: Language) -> Trouble | None:
    if verdict is None:
        return None
    if verdict.verdict == "kept":
        return Trouble(
            matter="promotion",
            what=words.text("The challenger was not promoted: the champion stays."),
            where=verdict.reason or "",
            advice=words.text("Nothing has to be done. To promote it all the same: xgoals models promote."),
            step="register",
        )
    if verdict.verdict == "awaiting_approval":
        return Trouble(
            matter="approval",
            what=words.text("A promotion waits for your approval."),
            where=verdict.reason or "",
            advice=words.text(
                "Approve or reject it in Airflow: the run of xgoals_approval, Required Actions."
            ),
            step="register",
        )
    return None


def _place(problem: Problem) -> str:
    return ", ".join(part for part in (problem.path, problem.place) if part)


def _state_key(told: Iterable[str]) -> str:
    """The same for the same lines."""
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:12]
