"""What of a configuration a job can do here: refusals, and notes on what is done otherwise."""

from xgoals.clarify.config import AnalysisConfig
from xgoals.clarify.note import Note
from xgoals.domain.errors import SettingsError


def check_scope(config: AnalysisConfig) -> tuple[Note, ...]:
    """What is done otherwise than asked.

    Raises
    ------
    SettingsError
        If something is asked for that is not done here.
    """
    if config.dataset_type == "application/x-image":
        raise SettingsError(f"dataset_type: {config.dataset_type} is not read here, only tables are")
    return ()
