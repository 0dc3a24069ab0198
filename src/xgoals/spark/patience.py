"""A storage that does not answer at once, as buckets do under load (503), is asked again."""

import time
from collections.abc import Callable
from typing import TypeVar

from xgoals.domain.errors import StoreError, UnwritableError

TRIES = 3
WAIT_S = 2.0
"""Before the second try; twice as long before the third."""

Answer = TypeVar("Answer")


def patiently(ask: Callable[[], Answer]) -> Answer:
    """What a storage answers, at the first, second or third try; a refusal stays one.

    Raises
    ------
    StoreError
        If it does not answer at the third try either, or refuses.
    """
    for n in range(1, TRIES):
        try:
            return ask()
        except UnwritableError:
            raise
        except StoreError:
            time.sleep(n * WAIT_S)
    return ask()
