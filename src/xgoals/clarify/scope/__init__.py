"""What of a configuration a job does here: the schema accepts more than there is, and more than makes sense."""

from xgoals.clarify.scope.check import check_scope, scope_of
from xgoals.clarify.scope.finding import Refusal, Scope

__all__ = ["Refusal", "Scope", "check_scope", "scope_of"]
