"""A warning: something that wants a person."""

from datetime import datetime

from xgoals.domain.trouble import Trouble
from xgoals.language import Language
from xgoals.mail.content.links import report_page, run_page, task_page
from xgoals.mail.content.news import Link, News
from xgoals.mail.content.run_summary import RunSummary
from xgoals.mail.content.wording import simulated_mark, which_run
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
        subject=f"xgoals {words.text('warning')}: {trouble.what}{simulated_mark(run, words)}",
        title=words.text("Something wants your attention"),
        lead=trouble.what,
        moment=moment,
        is_simulated=run.is_simulated,
        step=trouble.step,
        links=_links(trouble, run, settings, words),
        content={
            "trouble": trouble,
            "items": trouble.items[:SHOWN_ITEMS],
            "more": max(0, len(trouble.items) - SHOWN_ITEMS),
            "facts": which_run(run, words),
        },
    )


def _links(trouble: Trouble, run: RunSummary, settings: Settings, words: Language) -> tuple[Link, ...]:
    links = [
        Link(words.text("This run in Airflow"), run_page(settings, run.run_id, dag_id=run.dag_id)),
        Link(words.text("All reports"), report_page(settings, run.database)),
    ]
    if trouble.step:
        page = task_page(settings, run.run_id, trouble.step, dag_id=run.dag_id)
        links.insert(0, Link(words.text("Log of the task %(task)s", task=trouble.step), page))
    return tuple(links)
