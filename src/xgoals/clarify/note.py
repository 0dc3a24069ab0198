"""What a job tells beside its results: what of a configuration or its data was left out or done otherwise."""

from dataclasses import dataclass
from typing import Literal

NoteKind = Literal["ignored", "otherwise", "read"]
"""Left out; done, in another way than Clarify does it; how data were read where there was a choice."""


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to know about a job.

    Attributes
    ----------
    key
        The configuration's key that it is about (``"methods.shap.num_samples"``), or ``"data"``.
    says
        What and why, a sentence.
    """

    key: str
    kind: NoteKind
    says: str
