"""Cut-offs as events."""

from asu_contracts.auth import AccessRevoked
from auth.accounts.model import Account


def revoked(account: Account) -> AccessRevoked:
    """The cut-off of an account that was cut off at least once; its version is ``access_version``."""
    if account.tokens_not_before is None:
        raise ValueError("the account was never cut off")
    return AccessRevoked(account_id=account.id, not_before=account.tokens_not_before)
