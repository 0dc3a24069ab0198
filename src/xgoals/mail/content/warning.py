"""A warning: something that wants a person."""

from dataclasses import replace
from datetime import datetime

from xgoals.domain.trouble import Trouble
from xgoals.language import Language
from xgoals.mail.content.links import index_page, log_page, run_page
from xgoals.mail.content.news import Link, News
from xgoals.mail.content.run_summary import RunSummary
from xgoals.mail.content.wording import for_database, in_a_subject, simulated_mark, which_run
from xgoals.settings import Settings

SHOWN_ITEMS = 10
"""Of a long list so many are told; the rest is counted."""


def warning_news(
    trouble: Trouble, run: RunSummary, settings: Settings, words: Language, *, moment: datetime
) -> News:
    """A warning as news.

    Parameters
    ----------
    moment
        When it was found.
    """
    return News(
        dag_id=run.dag_id,
        run_id=run.run_id,
        kind="warning",
        matter=trouble.matter,
        state_key=trouble.state_key,
        subject=f"xgoals {words.text('warning')}: {in_a_subject(trouble.what)}{simulated_mark(run, words)}",
        title=words.text("Something wants your attention"),
        lead=trouble.what,
        moment=moment,
        is_simulated=run.is_simulated,
        step=trouble.step,
        links=_links(trouble, run, settings, words),
        content={
            "trouble": replace(trouble, advice=for_database(trouble.advice, run.database)),
            "items": trouble.items[:SHOWN_ITEMS],
            "more": max(0, len(trouble.items) - SHOWN_ITEMS),
            "facts": which_run(run, words),
        },
    )


def _links(trouble: Trouble, run: RunSummary, settings: Settings, words: Language) -> tuple[Link, ...]:
    links = [
        Link(words.text("This run in Airflow"), run_page(settings, run)),
        Link(words.text("All reports"), index_page(settings, run.database)),
    ]
    if trouble.step:
        page = log_page(settings, run, trouble.step)
        links.insert(0, Link(words.text("Log of the task %(task)s", task=trouble.step), page))
    return tuple(links)
