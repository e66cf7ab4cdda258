"""What auth asks of every caller beyond the token: that nothing has cut it off since, not even a second ago."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from fastapi import Depends

from auth.accounts import service as accounts
from auth.accounts.errors import PasswordChangeRequiredError
from auth.clients import service as clients
from auth.runtime import CurrentAuth
from servicekit.errors import UnauthenticatedError
from servicekit.http import CurrentPrincipal


class InForce:
    """Reads the account itself: other services wait for the event, auth refuses at once.

    ``restricted`` lets in someone who has yet to replace a one-time password.
    """

    def __init__(self, *, restricted: bool = False) -> None:
        self._restricted = restricted

    async def __call__(self, runtime: CurrentAuth, principal: CurrentPrincipal) -> None:
        account_id = None
        with suppress(ValueError):
            account_id = UUID(principal.account_id)
        if account_id is None:
            raise UnauthenticatedError
        async with runtime.uow() as uow:
            standing = await accounts.standing(uow, account_id)
            if standing is None and await clients.is_cut_off(uow, account_id, principal.issued_at):
                raise UnauthenticatedError
        if standing is None:  # a client in force
            return
        if standing.tokens_not_before is not None and principal.issued_at < standing.tokens_not_before:
            raise UnauthenticatedError
        if standing.must_change_password and not self._restricted:
            raise PasswordChangeRequiredError


def in_force(*, restricted: bool = False) -> Any:
    """Dependency of every router that is not open to all."""
    return Depends(InForce(restricted=restricted))
