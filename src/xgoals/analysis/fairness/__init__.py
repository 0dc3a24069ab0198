"""Whether a model's numbers are fair to every club, and to every other part of the shots that somebody speaks for.

``facets`` says which parts there are, ``surplus`` what goals say of their xG, ``verdicts`` what that means, ``metrics``
how Clarify's metrics of bias see them, ``measure`` is all of it, as it is stored; ``summary`` reads it back for pages.
"""
