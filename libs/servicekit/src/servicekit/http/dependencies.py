"""What routes ask for: the transaction, the caller, the permission."""

from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from asu_contracts.access import Role
from servicekit.errors import ForbiddenError, UnauthenticatedError
from servicekit.policies import Policy
from servicekit.rates import is_metered
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Coroutine[Any, Any, Any]])

_bearer = HTTPBearer(auto_error=False, description="Access token of the auth service")


async def get_runtime(request: Request) -> Runtime:
    """The process's runtime. A service that subclasses it declares its own typed alias the same way.

    It is a coroutine because FastAPI runs plain functions in a thread, which costs more than the rest of a request.
    """
    runtime: Runtime = request.app.state.runtime
    return runtime


CurrentRuntime = Annotated[Runtime, Depends(get_runtime)]


async def _open_uow(request: Request) -> AsyncIterator[UnitOfWork]:
    runtime: Runtime = request.app.state.runtime
    async with runtime.uow() as uow:
        yield uow


Uow = Annotated[UnitOfWork, Depends(_open_uow, scope="function")]
"""The request's transaction: committed after the route returns and before the answer is sent."""


async def authenticate(request: Request, credentials: Annotated[Any, Depends(_bearer)]) -> Principal:
    """The caller by the bearer token; raises ``UnauthenticatedError``, for a machine client ``TooManyRequestsError``."""
    runtime: Runtime = request.app.state.runtime
    if credentials is None:
        raise UnauthenticatedError
    principal = await runtime.verifier.verify(credentials.credentials)
    if runtime.revocations.refuses(principal):
        raise UnauthenticatedError
    if runtime.rates is not None and principal.role is Role.PORTAL and is_metered(request.scope):
        runtime.rates.take(principal.account_id, request.scope)
    return principal


CurrentPrincipal = Annotated[Principal, Depends(authenticate)]
"""The verified caller, whatever the role."""


class PolicyCheck:
    """Dependency that lets only a policy's roles in; the matrix of rights is read from it."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    async def __call__(self, principal: CurrentPrincipal) -> Principal:
        if principal.role not in self.policy.roles:
            raise ForbiddenError
        return principal


def allow(policy: Policy) -> Any:
    """Dependency that yields the caller when the policy lets it in, for use inside ``Annotated``."""
    return Depends(PolicyCheck(policy))


def public(endpoint: _Endpoint) -> _Endpoint:
    """Mark a route that needs no token. Every other route must name a policy."""
    endpoint.__public__ = True  # type: ignore[attr-defined]  # read by the matrix of rights
    return endpoint
