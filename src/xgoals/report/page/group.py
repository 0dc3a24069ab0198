"""A page of the profiles of any chosen group of shots."""

from collections.abc import Mapping

from xgoals.analysis.profiles.shown import GroupOnPage
from xgoals.language import language as speaker
from xgoals.report.page.profiles import profile_section
from xgoals.report.page.render import render
from xgoals.report.words.shot_fields import group_name


def group_page(
    wanted: Mapping[str, str], group: GroupOnPage, *, is_simulated: bool = False, language: str = "en"
) -> str:
    """Write the page: one self-contained HTML file.

    Parameters
    ----------
    wanted
        Field -> value of its shots; empty: it is all shots.
    language
        ``"en"`` or ``"de"``.
    """
    words = speaker(language)
    context = {
        "title": group_name(wanted, words) or words.text("All shots"),
        "profiles": profile_section(group, words),
        "simulated": is_simulated,
        "index_path": None,  # it may lie anywhere
        "styles": ["page/profile.css"],
    }
    return render("page/group.html", words, context)
