"""Words about a run that mails of several kinds share."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from xgoals.language import Language
from xgoals.mail.content.run_summary import RunSummary
from xgoals.settings import Settings

SUBJECT_CHARS = 100
"""So much of a sentence stands in a subject, beside what is said of the run; all of it stands in the mail."""

_WITH_DATABASE = re.compile(
    r"xgoals (?:(?:ingest|features|train|register|baseline|explain|report --all|report|run|backup|evaluate)\b"
    r"|models (?:list|rollback)\b|models (?:promote|show|diff)\b(?: [\w-]*\d[\w-]*)*)(?! --database)"
)
"""Commands that work on one of the two databases."""


def simulated_mark(run: RunSummary, words: Language) -> str:
    """What a subject ends with if the matches are invented."""
    return f" {words.text('(simulated)')}" if run.is_simulated else ""


def sources_of(run: RunSummary) -> str:
    """What a run read, as its mails name it: kind of the files and folder, of each feed."""
    return ", ".join(f"{feed} {source}" for feed, source in zip(run.feeds, run.sources, strict=True))


def which_run(run: RunSummary, words: Language) -> list[tuple[str, str]]:
    """Label and value of what tells this run from others."""
    return [
        (words.text("run"), run.run_id),
        (words.text("source"), sources_of(run)),
        (words.text("database"), run.database),
    ]


def started(run: RunSummary, settings: Settings, words: Language) -> tuple[str, str]:
    """Label and value of when the run began."""
    return words.text("started"), words.moment(local(run.started_at, settings))


def local(moment: datetime | None, settings: Settings) -> datetime | None:
    """The same moment on the clock of the place that the schedule is made for."""
    return moment.astimezone(ZoneInfo(settings.schedule.timezone)) if moment else None


def in_a_subject(sentence: str) -> str:
    """As much of a sentence as a subject holds, whole words only."""
    line = " ".join(sentence.split())
    if len(line) <= SUBJECT_CHARS:
        return line
    return f"{line[:SUBJECT_CHARS].rsplit(' ', 1)[0].rstrip(' ,;:.(')} …"


def for_database(advice: str, database: str) -> str:
    """Advice with commands that work on the database which it is about."""
    return _WITH_DATABASE.sub(rf"\g<0> --database {database}", advice) if database != "main" else advice


def run_line(run: RunSummary, words: Language) -> str:
    """The health of a run in one sentence, for the foot of a digest."""
    return words.text(
        "The run took %(took)s. %(champion)s",
        took=words.seconds(run.duration_s),
        champion=champion_sentence(run, words),
    ).strip()


def champion_sentence(run: RunSummary, words: Language) -> str:
    """Who the champion is and how good, beside the provider's own xG where that is known; empty without a champion."""
    if not run.champion:
        return ""
    values = {
        "name": run.champion,
        "auc": words.number(run.auc, 3),
        "loss": words.number(run.log_loss, 4),
    }
    if run.provider_auc is None:
        return words.text(
            "Champion %(name)s: AUC %(auc)s, log loss %(loss)s on matches it had not seen.", **values
        )
    return words.text(
        "Champion %(name)s: AUC %(auc)s, log loss %(loss)s on matches it had not seen"
        " (the provider's own xG: %(provider_auc)s, %(provider_loss)s).",
        **values,
        provider_auc=words.number(run.provider_auc, 3),
        provider_loss=words.number(run.provider_log_loss, 4),
    )
