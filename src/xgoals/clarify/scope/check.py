"""A configuration, held against what a job does here."""

from xgoals.clarify.config import AnalysisConfig
from xgoals.clarify.note import Note
from xgoals.clarify.scope import bias, data, explanations
from xgoals.clarify.scope.finding import Refusal, Scope
from xgoals.domain.errors import SettingsError


def scope_of(config: AnalysisConfig) -> Scope:
    """What of a configuration is ignored or done otherwise, and what is refused."""
    found = [*data.findings(config), *explanations.findings(config), *bias.findings(config)]
    return Scope(
        tuple(finding for finding in found if isinstance(finding, Note)),
        tuple(finding for finding in found if isinstance(finding, Refusal)),
    )


def check_scope(config: AnalysisConfig, where: str | None = None) -> tuple[Note, ...]:
    """What of a configuration is ignored or done otherwise.

    Parameters
    ----------
    where
        The file that it was read from, for messages.

    Raises
    ------
    SettingsError
        If something is asked for that is not done here, or contradicts itself: all of it in one message.
    """
    scope = scope_of(config)
    if scope.refusals:
        said = "; ".join(f"{refusal.key}: {refusal.says}" for refusal in scope.refusals)
        raise SettingsError(said, where=where, advice="docs/clarify-configuration.md has every key")
    return scope.notes
