"""Labels that never touch: each takes the first free place around its dot, a shorter text, or none at all."""

from collections.abc import Sequence

from xgoals.report.facts import Facts

Box = tuple[float, float, float, float]
"""left, top, right, bottom."""

_CHARACTER = 0.6
"""Width of a character in sizes of the font."""


def place_labels(dots: Sequence[Facts], texts: Sequence[Sequence[str]], *, font: float, bounds: Box) -> None:
    """Give each dot a label near it that touches neither another label nor another dot.

    Parameters
    ----------
    dots
        ``x, y, r``; ``label`` (None where there is no room), ``label_x, label_y`` (middle of the text's baseline) are
        added.
    texts
        What each dot may be called, the best first.
    font
        Size of the text in the drawing's units.
    bounds
        Labels stay within.
    """
    taken: list[Box] = [_square(dot) for dot in dots]
    for dot, names in sorted(zip(dots, texts, strict=True), key=lambda item: item[0]["x"]):
        dot["label"], dot["label_x"], dot["label_y"] = None, dot["x"], dot["y"]
        for text in names:
            width = _CHARACTER * font * len(text)
            spots = _spots(dot, width, font)
            free = next((s for s in spots if _is_free(_box(s, width, font), taken, bounds)), None)
            if free is not None:
                dot["label"], (dot["label_x"], dot["label_y"]) = text, free
                taken.append(_box(free, width, font))
                break


def _square(dot: Facts) -> Box:
    x, y, r = dot["x"], dot["y"], dot["r"]
    return x - r, y - r, x + r, y + r


def _spots(dot: Facts, width: float, font: float) -> list[tuple[float, float]]:
    """Places for the text around a dot: above, below, left, right, and the same further out."""
    x, y, gap = dot["x"], dot["y"], dot["r"] + 0.35 * font
    beside = gap + width / 2
    spots = []
    for out in (0.0, 1.15 * font, 2.3 * font, 3.45 * font):
        spots += [
            (x, y - gap - out),
            (x, y + gap + 0.75 * font + out),
            (x - beside, y + 0.3 * font - out),
            (x + beside, y + 0.3 * font + out),
            (x - width * 0.6, y - gap - out),
            (x + width * 0.6, y + gap + 0.75 * font + out),
        ]
    return spots


def _box(spot: tuple[float, float], width: float, font: float) -> Box:
    x, baseline = spot
    return x - width / 2, baseline - 0.8 * font, x + width / 2, baseline + 0.25 * font


def _is_free(box: Box, taken: list[Box], bounds: Box) -> bool:
    inside = box[0] >= bounds[0] and box[1] >= bounds[1] and box[2] <= bounds[2] and box[3] <= bounds[3]
    return inside and not any(touch(box, other) for other in taken)


def touch(a: Box, b: Box) -> bool:
    """Whether two boxes share ground."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
