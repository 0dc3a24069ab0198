"""The game as frozen data: pitch, match, shot, scene, errors. No I/O, no pandas, units in names.

Coordinates everywhere inside xgoals: metres, origin at the pitch centre, x towards the goal that the
shooter attacks, y to the attacker's left::

                      y_m = +width/2 (attacker's left)
        +-----------------------+-----------------------+
        |                       |                       |
        |                       |                   +---|
        |  own goal           (0,0) ------ x_m ---> | G |   goal centre = (length/2, 0)
        |                       |                   +---|
        |                       |                       |
        +-----------------------+-----------------------+
                      y_m = -width/2 (attacker's right)
"""
