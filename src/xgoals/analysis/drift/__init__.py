"""Drift over matchdays: what the champion sees of football, matchday by matchday, beside its window.

``points``   matches into points of the series: a matchday, or several small ones together
``sums``     what a point holds, in sums that add up: runs of points, and the window, are sums of them
``limits``   how far a value goes by chance, corrected for how many are looked at and how often
``series``   the values of every point, and which of them are alarms
``since``    when it began, and how sure that is
``causes``   whose shots make it
``alarms``   an alarm with all of that
``told``     what is stored, as pages and commands take it
"""
