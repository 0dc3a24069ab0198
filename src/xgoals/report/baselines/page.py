"""Several baselines side by side, as one page."""

from xgoals.analysis.baselines.compared import ComparedBaselines
from xgoals.features.catalogue import find_catalogue
from xgoals.language import language as speaker
from xgoals.report.baselines import sentences
from xgoals.report.baselines.facts import baselines_facts, first_reasons
from xgoals.report.page.render import render
from xgoals.report.words.providers import credit_of


def baselines_report(found: ComparedBaselines, *, language: str = "en") -> str:
    """Write the page.

    Parameters
    ----------
    language
        ``"en"`` or ``"de"``.

    Returns
    -------
    str
        One self-contained HTML page.
    """
    words = speaker(language)
    context = {
        "found": found,
        "facts": baselines_facts(found, find_catalogue(found.catalogue), words),
        "lead": sentences.lead(found, words),
        "of_what": sentences.of_what(found, words),
        "of_shot": "" if found.shot is None else sentences.one_shot(found.shot, first_reasons(found), words),
        "sources": sorted({credit_of(provider) for provider in found.providers}),
        "simulated": found.is_simulated,
        "index_path": "",
        "styles": ["baselines/style.css"],
    }
    return render("baselines/page.html", words, context)
