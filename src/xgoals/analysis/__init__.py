"""What the shots say together: every statistic that pages, mails and exports share.

One module answers one question and is named by it. All are pure functions over the frame of shots (see
:mod:`xgoals.analysis.shots`): nothing here draws, speaks, reads a clock or asks a database. Results are frozen
dataclasses of numbers; words and pictures are made of them in ``report`` and ``mail``.

===================  ==================================================================================
``results``          what results the chances of a match are worth (Poisson binomial, sequences of shots)
``finishing``        goals against expected goals, and how far from chance
``match``            a match counted: two sides beside each other and who had the chances (``sides``)
``matchday``         the matches of a matchday, the shots that people will talk about
``highlights``       single shots that stand out
``importance``       what moves the model: mean absolute attribution with its interval
``seasons``          the same season by season, and how good the model is in each
``club/``            one club in one season: trends, places, ways, reasons, people, luck, beside its league
``clubs``            the same club by club, and who deviates beyond chance
``agreement``        how alike two rankings of features are
``drift/``           matchdays beside the champion's window: what is otherwise, since when, whose shots make it
``dependence``       how the model answers to one feature, and what happened
``pairs``            how the answer to one feature depends on another
``interactions``     the strength of all pairs of features
``global_summary``   mean attributions by season and club, as they are stored
``calibration``      expected against scored
``quality``          the stored evaluation of a model, read (from ``stored_figures``)
``reference``        the three numbers that are called "the average"
``sources``          how feeds and competitions differ
``completeness``     what the data hold and lack
``model_summary``    what moves a model, from all these sides at once
``player/``          one player's shots, the shots that one faced, and how unusual that is among all
``fairness/``        whether xG is fair to every club and every other part, and Clarify's metrics of bias
``article/``         the statements of the article, each tested; the numbers of its figures; its baseline
``goal_rate``        goals a shot with Wilson's interval
===================  ==================================================================================
"""
