"""What each route demands of its caller, read from the routes themselves: the source of the table of rights."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from asu_contracts.access import Role
from servicekit.http.dependencies import PolicyCheck, authenticate
from servicekit.policies import Policy


class UnguardedRouteError(RuntimeError):
    """A route neither names a policy, nor asks who is calling, nor is declared public."""


@dataclass(frozen=True)
class RouteRights:
    """One route. ``policy`` is None for a public route and for one open to everyone signed in."""

    name: str
    method: str
    path: str
    policy: Policy | None
    public: bool

    def admits(self, role: Role) -> bool:
        """Whether the role gets past the door; what it sees behind it is the slice's affair."""
        return self.public or self.policy is None or role in self.policy.roles


def _dependencies(dependant: Dependant) -> Iterator[object]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _dependencies(inner)


def _rights(route: APIRoute) -> RouteRights:
    calls = list(_dependencies(route.dependant))
    policies = [call.policy for call in calls if isinstance(call, PolicyCheck)]
    public = getattr(route.endpoint, "__public__", False)
    if len(policies) > 1 or (public and policies):
        raise UnguardedRouteError(f"{route.name}: one policy, or public")
    if not public and not policies and authenticate not in calls:
        raise UnguardedRouteError(f"{route.name}: give its principal a policy (allow) or mark the route @public")
    method = next(iter(sorted((route.methods or set()) - {"HEAD", "OPTIONS"})))
    return RouteRights(route.name, method, route.path, policies[0] if policies else None, public)


def rights_of(routers: Sequence[APIRouter]) -> list[RouteRights]:
    """Rights of every route of a service; raises ``UnguardedRouteError`` for a route that forgot to say."""
    return [_rights(route) for router in routers for route in router.routes if isinstance(route, APIRoute)]
