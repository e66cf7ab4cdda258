"""The matrix of rights: every route × role × own / sibling / foreign object / ended grant, called for real.

A service's test gives a sample call per route. The expectation comes from the policy and the unit of the position; a sample
states its own only where a role's view is not a unit of the structure (a guardian's child, a portal's applications).
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from asu_contracts.access import UNIT_OF_ROLE, Role, UnitKind
from servicekit.http.rights import RouteRights, rights_of
from servicekit.ids import new_id
from servicekit.testing.harness import ServiceUnderTest

OWN_MUNICIPALITY = "03701000"
FOREIGN_MUNICIPALITY = "03705000"

_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _FIRST_REDIRECT = 401, 403, 404, 300


class Target(StrEnum):
    """Whose object the call is about, seen from the caller's position."""

    OWN = "own"
    SIBLING = "sibling"
    FOREIGN = "foreign"


@dataclass(frozen=True)
class Place:
    """The organization of a target. A guardian's or a teacher's own objects belong to ``person_id`` at OWN."""

    target: Target
    organization_id: UUID
    municipality: str


@dataclass(frozen=True)
class World:
    """Three organizations around one position: its own, another of its municipality, one of another municipality.

    ``role`` is the position's, for a sample whose valid call depends on it: each role gives another role's rights.
    """

    service: ServiceUnderTest
    role: Role = Role.REGION_ADMIN
    person_id: UUID = field(default_factory=new_id)
    places: Mapping[Target, Place] = field(
        default_factory=lambda: {
            Target.OWN: Place(Target.OWN, new_id(), OWN_MUNICIPALITY),
            Target.SIBLING: Place(Target.SIBLING, new_id(), OWN_MUNICIPALITY),
            Target.FOREIGN: Place(Target.FOREIGN, new_id(), FOREIGN_MUNICIPALITY),
        }
    )

    def headers(self, role: Role, account_id: UUID | None = None) -> dict[str, str]:
        """The position's token."""
        kind = UNIT_OF_ROLE[role]
        own = self.places[Target.OWN]
        return self.service.tokens.headers(
            role,
            municipality=own.municipality if kind in {UnitKind.MUNICIPALITY, UnitKind.ORGANIZATION} else None,
            organization_id=own.organization_id if kind is UnitKind.ORGANIZATION else None,
            person_id=self.person_id if role is not Role.PORTAL else None,
            account_id=account_id,
        )


@dataclass(frozen=True)
class Call:
    """One valid request: path under ``/api/<short>/v1``, and what httpx takes."""

    path: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sample:
    """A valid call of a route about a place; it makes the objects the call needs.

    ``scoped`` is false for a route about no organization. ``visible`` names, for a role whose view is no unit, the targets it
    reaches (by default none for such roles). ``denied`` is the status outside one's view, 404 unless the object is public.
    """

    make: Callable[[World, Place], Awaitable[Call]]
    scoped: bool = True
    visible: Mapping[Role, frozenset[Target]] = field(default_factory=dict)
    denied: int = _NOT_FOUND


def _reaches(sample: Sample, role: Role, target: Target) -> bool:
    if not sample.scoped:
        return True
    if role in sample.visible:
        return target in sample.visible[role]
    match UNIT_OF_ROLE[role]:
        case UnitKind.REGION:
            return True
        case UnitKind.MUNICIPALITY:
            return target is not Target.FOREIGN
        case UnitKind.ORGANIZATION:
            return target is Target.OWN
        case UnitKind.PERSON:
            return False


async def check_matrix(service: ServiceUnderTest, samples: Mapping[str, Sample]) -> list[str]:
    """Call every route in every position; returns what differs from the expectation (empty when all is right)."""
    wrong: list[str] = []
    routes = {route.name: route for route in rights_of(service.definition.all_routers)}
    wrong += [f"{name}: no sample" for name in routes.keys() - samples.keys()]
    wrong += [f"{name}: sample of no route" for name in samples.keys() - routes.keys()]
    for name in sorted(routes.keys() & samples.keys()):
        wrong += await _check_route(service, routes[name], samples[name])
    return wrong


async def _check_route(service: ServiceUnderTest, route: RouteRights, sample: Sample) -> list[str]:
    wrong: list[str] = []

    async def observe(world: World, target: Target, headers: dict[str, str]) -> int:
        call = await sample.make(world, world.places[target])
        options = dict(call.options)
        options["headers"] = {**options.get("headers", {}), **headers}
        answer = await service.client.request(route.method, call.path, **options)
        return answer.status_code

    def compare(who: str, target: Target, expected: str, status: int, *, right: bool) -> None:
        if not right:
            wrong.append(f"{route.method} {route.path} by {who} on {target.value}: {status}, expected {expected}")

    targets = list(Target) if sample.scoped else [Target.OWN]
    for role in Role:
        for target in targets:
            world = World(service, role)
            status = await observe(world, target, world.headers(role))
            if not route.admits(role):
                compare(role.value, target, "403", status, right=status == _FORBIDDEN)
            elif route.public or _reaches(sample, role, target):
                compare(role.value, target, "2xx", status, right=status < _FIRST_REDIRECT)
            else:
                compare(role.value, target, str(sample.denied), status, right=status == sample.denied)
    if not route.public:
        status = await observe(World(service), Target.OWN, {})
        compare("nobody", Target.OWN, "401", status, right=status == _UNAUTHORIZED)
        status = await _observe_ended(service, observe)
        compare("an ended grant", Target.OWN, "401", status, right=status == _UNAUTHORIZED)
    return wrong


async def _observe_ended(
    service: ServiceUnderTest, observe: Callable[[World, Target, dict[str, str]], Awaitable[int]]
) -> int:
    """A token whose account was cut off after the token was issued."""
    account, world = new_id(), World(service)
    headers = world.headers(Role.REGION_ADMIN, account)
    connection = await service.database.connect()
    try:
        await connection.execute("INSERT INTO revocation VALUES ($1, now() + interval '1 minute', '1')", account)
        await service.runtime.revocations.reload()
        return await observe(world, Target.OWN, headers)
    finally:
        await connection.execute("DELETE FROM revocation WHERE account_id = $1", account)
        await connection.close()
