"""What is to be said about a run: subject, lead, and a short list of facts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xgoals.language import Language

FAILED = ("failed", "error")
News = dict[str, Any]

_SAID_ELSEWHERE = frozenset({"auc", "log_loss", "provider_auc", "champion", "decision", "report"})
"""Figures of a run that a message tells in words or in lines of their own."""

_STEP_ADVICE = {
    "ingest": "What was read before stays. Look into the quarantine and the source, then run again.",
    "build_features": "Nothing was lost. Run again after mending what the error names.",
    "train": "The champion stays in place and goes on scoring.",
    "register": "The champion stays in place and goes on scoring.",
    "compute_baseline": "The champion stays in place and goes on scoring.",
    "explain": "Numbers and reports of earlier runs stand.",
    "report": "All numbers are in the database; only the pages are missing.",
}


def run_news(run: Mapping[str, Any], words: Language) -> News:
    """All that the templates of a message need.

    Returns
    -------
    dict
        ``subject, title, lead`` (texts), ``error`` (``what, where, advice`` or None), ``facts`` (label and value
        pairs), ``reports`` (``title, path``), ``simulated`` and ``run_id``.
    """
    failed = run["state"] in FAILED
    subject = _failure_subject(run, words) if failed else _success_subject(run, words)
    if run.get("is_simulated"):
        subject = f"{subject} {words.text('(simulated)')}"
    return {
        "subject": f"xgoals{'' if failed else ':'} {subject}",
        "title": subject,
        "failed": failed,
        "lead": _failure_lead(run, words) if failed else _success_lead(run, words),
        "error": _error(run) if failed else None,
        "facts": _facts(run, words),
        "reports": [{"title": str(r["title"]), "path": str(r["path"])} for r in run.get("reports") or []],
        "simulated": bool(run.get("is_simulated")),
        "run_id": str(run["run_id"]),
    }


def _success_subject(run: Mapping[str, Any], words: Language) -> str:
    parts = [words.text("night of %(day)s", day=_day(run, words))]
    figures = run.get("figures") or {}
    told = []
    if (n := figures.get("matches_read")) is not None:
        told.append(words.plural("one match", "%(n)s matches", n))
    if n := figures.get("matches_quarantined"):
        told.append(words.text("%(n)s in quarantine", n=words.count(n)))
    if decision := run.get("decision"):
        told.append(
            words.text("champion %(verdict)s", verdict=words.text(str(decision["verdict"]).replace("_", " ")))
        )
    if told:
        parts.append(", ".join(told))
    return " — ".join(parts)


def _failure_subject(run: Mapping[str, Any], words: Language) -> str:
    where = run.get("failed_task")
    head = words.text("FAILED at %(task)s", task=where) if where else words.text("FAILED")
    what = (run.get("error") or {}).get("what")
    return f"{head}: {what}" if what else head


def _success_lead(run: Mapping[str, Any], words: Language) -> str:
    sentences = [words.text("The run of %(feed)s came to its end.", feed=run["feed"])]
    if decision := run.get("decision"):
        sentences.append(str(decision["reason"]))
    auc, provider = run.get("auc"), run.get("provider_auc")
    if auc is not None and provider is not None:
        sentences.append(
            words.text(
                "AUC %(auc)s on matches it had not seen, the provider's own xG %(provider)s.",
                auc=words.number(auc, 3),
                provider=words.number(provider, 3),
            )
        )
    elif auc is not None:
        sentences.append(words.text("AUC %(auc)s on matches it had not seen.", auc=words.number(auc, 3)))
    return " ".join(sentences)


def _failure_lead(run: Mapping[str, Any], words: Language) -> str:
    stopped = words.text("The run of %(feed)s stopped.", feed=run["feed"])
    advice = _STEP_ADVICE.get(str(run.get("failed_task")))
    return f"{stopped} {words.text(advice)}" if advice else stopped


def _error(run: Mapping[str, Any]) -> News:
    error = run.get("error") or {}
    return {key: "" if error.get(key) is None else str(error[key]) for key in ("what", "where", "advice")}


def _facts(run: Mapping[str, Any], words: Language) -> list[tuple[str, str]]:
    facts = [
        (words.text("run"), str(run["run_id"])),
        (words.text("source"), f"{run['feed']} {run['source']}"),
        (words.text("database"), str(run["database"])),
        (words.text("started"), words.moment(run.get("started_at"))),
        (words.text("ended"), words.moment(run.get("ended_at"))),
    ]
    for key, value in (run.get("figures") or {}).items():
        if key in _SAID_ELSEWHERE:
            continue
        facts.append((words.text(str(key).replace("_", " ")), words.figure(value)))
    if run.get("champion"):
        facts.append((words.text("champion"), str(run["champion"])))
    for key, label in (("auc", "AUC"), ("provider_auc", "AUC, provider"), ("log_loss", "log loss")):
        if run.get(key) is not None:
            facts.append((words.text(label), words.number(run[key], 4)))
    return facts


def _day(run: Mapping[str, Any], words: Language) -> str:
    moment = run.get("started_at")
    if moment is None:
        return str(run["run_id"])
    day = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return words.day(day).rsplit(" ", 1)[0]
