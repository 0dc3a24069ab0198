"""A page of the profiles of any chosen group of shots."""

from xgoals.analysis.profiles.shown import GroupOnPage
from xgoals.language import language as speaker
from xgoals.report.page.profiles import profile_section
from xgoals.report.page.render import render


def group_page(name: str, group: GroupOnPage, *, is_simulated: bool = False, language: str = "en") -> str:
    """Write the page: one self-contained HTML file.

    Parameters
    ----------
    name
        What the group is called; empty: it is all shots.
    language
        ``"en"`` or ``"de"``.
    """
    words = speaker(language)
    context = {
        "title": name or words.text("All shots"),
        "profiles": profile_section(group, words),
        "simulated": is_simulated,
        "index_path": None,  # it may lie anywhere
        "styles": ["page/profile.css"],
    }
    return render("page/group.html", words, context)
