"""One shot as pages and mails show it: what is measured of its scene, told, and drawn.

``positions`` measures where everybody stood; ``told`` speaks of it, ``scene`` draws it, ``waterfall`` the reasons;
``card`` puts them together. ``goal_mouth`` and ``animation`` belong to the picture.
"""
