"""The matrix of rights: every route × role × own / sibling / foreign object / ended grant, called for real.

A service's test gives a sample call per route, and for a list an object it must show to some and hide from the others. The
expectation comes from the policy and the unit of the position; a sample states its own only where a role's view is not a unit
of the structure (a guardian's child, a portal's applications).
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from asu_contracts.access import UNIT_OF_ROLE, Role, UnitKind
from servicekit.http.rights import RouteRights, rights_of
from servicekit.ids import new_id
from servicekit.testing.harness import ServiceUnderTest

T = TypeVar("T")
OWN_MUNICIPALITY = "03701000"
FOREIGN_MUNICIPALITY = "03705000"
OWN_FOUNDER = UUID("01900000-0000-7000-8000-0000000000f1")
OTHER_FOUNDER = UUID("01900000-0000-7000-8000-0000000000f2")

_OK, _FIRST_REDIRECT, _UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND = 200, 300, 401, 403, 404
_PAGE = 500


class Target(StrEnum):
    """Whose object the call is about, seen from the caller's position."""

    OWN = "own"
    SIBLING = "sibling"
    FOREIGN = "foreign"


_REACHED: Mapping[UnitKind, frozenset[Target]] = {
    UnitKind.REGION: frozenset(Target),
    UnitKind.DEPARTMENT: frozenset({Target.OWN, Target.FOREIGN}),
    UnitKind.MUNICIPALITY: frozenset({Target.OWN, Target.SIBLING}),
    UnitKind.ORGANIZATION: frozenset({Target.OWN}),
    UnitKind.PERSON: frozenset(),
}


@dataclass(frozen=True)
class Place:
    """The organization of a target. A guardian's or a teacher's own objects belong to ``person_id`` at OWN."""

    target: Target
    organization_id: UUID
    municipality: str
    founder_id: UUID


@dataclass(frozen=True)
class World:
    """Three organizations around one position: its own, another of its municipality, one of another municipality.

    The founder's line crosses the territory's: the department that founded the own one founded the foreign one too, and not
    the one beside it.
    ``position`` is the caller's, for a sample whose valid call depends on it: each role gives another role's rights.
    ``account_id`` and ``person_id`` are the caller's, for a sample whose objects belong to an account or a person.
    ``shares``: samples find again what others needed of a place.
    """

    service: ServiceUnderTest
    position: Role = Role.REGION_ADMIN
    shares: bool = False
    account_id: UUID = field(default_factory=new_id)
    person_id: UUID = field(default_factory=new_id)
    places: Mapping[Target, Place] = field(
        default_factory=lambda: {
            Target.OWN: Place(Target.OWN, new_id(), OWN_MUNICIPALITY, OWN_FOUNDER),
            Target.SIBLING: Place(Target.SIBLING, new_id(), OWN_MUNICIPALITY, OTHER_FOUNDER),
            Target.FOREIGN: Place(Target.FOREIGN, new_id(), FOREIGN_MUNICIPALITY, OWN_FOUNDER),
        }
    )
    _kept: dict[tuple[str, UUID | Role], Any] = field(default_factory=dict)
    _asked: dict[frozenset[Role], bool] = field(default_factory=dict)

    def beside(self, role: Role) -> "World":
        """A caller among the same organizations: the same one whenever the role is."""
        key = ("caller", role)
        if key not in self._kept:
            self._kept[key] = replace(self, position=role, account_id=new_id(), person_id=new_id())
        caller: World = self._kept[key]
        return replace(caller, _asked={})

    async def once(self, what: str, place: Place, make: Callable[[], Awaitable[T]]) -> T:
        """What samples need of a place and do not change: made for the first of them, where they share."""
        if not self.shares:
            return await make()
        key = (what, place.organization_id)
        if key not in self._kept:
            self._kept[key] = await make()
        made: T = self._kept[key]
        return made

    def is_of(self, *roles: Role) -> bool:
        """Whether the caller has one of the roles. What a sample asks decides which roles may share what it made."""
        asked = frozenset(roles)
        return self._asked.setdefault(asked, self.position in asked)

    @property
    def role(self) -> Role:
        """The caller's role: a sample that needs it makes everything for this role alone."""
        self.is_of(self.position)
        return self.position

    def suits(self, role: Role) -> bool:
        """Whether the samples would have made the same for this role."""
        return all((role in asked) is answer for asked, answer in self._asked.items())

    def headers(self, role: Role, account_id: UUID | None = None) -> dict[str, str]:
        """The position's token: the same one whenever it is asked for."""
        account = account_id or self.account_id
        key = (f"token of {account}, {self.person_id}", role)
        if key not in self._kept:
            self._kept[key] = self._issued(role, account)
        headers: dict[str, str] = self._kept[key]
        return headers

    def _issued(self, role: Role, account_id: UUID) -> dict[str, str]:
        kind = UNIT_OF_ROLE[role]
        own = self.places[Target.OWN]
        return self.service.tokens.headers(
            role,
            municipality=own.municipality if kind in {UnitKind.MUNICIPALITY, UnitKind.ORGANIZATION} else None,
            organization_id=own.organization_id if kind is UnitKind.ORGANIZATION else None,
            founder_id=own.founder_id if kind is UnitKind.DEPARTMENT else None,
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


@dataclass(frozen=True)
class Listed:
    """The call of a list that shows an object to whoever reaches it, and the object's id there."""

    call: Call
    id: object


@dataclass(frozen=True)
class Listing:
    """A list of objects of many places: ``make`` puts one object into a place.

    All three places get their object before the lists are read; the pages must show every object the position reaches and
    none of the others. ``key`` names the id in an item. ``visible`` is as in a sample. ``denied`` is the status of the list
    of a place outside one's view: 200 for a list that names no place.
    """

    make: Callable[[World, Place], Awaitable[Listed]]
    key: str = "id"
    visible: Mapping[Role, frozenset[Target]] = field(default_factory=dict)
    denied: int = _OK


def reaches(sample: Sample | Listing, role: Role, target: Target) -> bool:
    """Whether the role's position reaches the objects of a target."""
    if isinstance(sample, Sample) and not sample.scoped:
        return True
    return target in sample.visible.get(role, _REACHED[UNIT_OF_ROLE[role]])


async def make_call(sample: Sample | Listing, world: World, target: Target) -> Call:
    """A valid call of the sample's route about the target's place."""
    made = await sample.make(world, world.places[target])
    return made.call if isinstance(made, Listed) else made


async def check_matrix(service: ServiceUnderTest, samples: Mapping[str, Sample | Listing]) -> list[str]:
    """Call every route in every position; returns what differs from the expectation (empty when all is right)."""
    return missing_samples(service, samples) + await check_routes(service, samples)


def missing_samples(service: ServiceUnderTest, samples: Mapping[str, Sample | Listing]) -> list[str]:
    """Routes without a sample, samples without a route."""
    routes = {route.name for route in rights_of(service.definition.all_routers)}
    wrong = [f"{name}: no sample call in SAMPLES of tests/test_permissions.py" for name in routes - samples.keys()]
    return wrong + [f"{name}: sample of no route" for name in samples.keys() - routes]


async def check_routes(
    service: ServiceUnderTest, samples: Mapping[str, Sample | Listing], *, apart: bool = False
) -> list[str]:
    """The matrix of the routes that have a sample here: a service with many checks its slices one by one.

    The routes share their places; ``apart`` gives each its own, where samples change what they find there for good.
    """
    wrong: list[str] = []
    world = World(service, shares=True)
    routes = {route.name: route for route in rights_of(service.definition.all_routers)}
    for name in sorted(routes.keys() & samples.keys()):
        wrong += await _RouteCheck(World(service) if apart else world, routes[name], samples[name]).run()
    return wrong


@dataclass
class Ground:
    """A world and what the sample made in it, by target."""

    world: World
    calls: dict[Target, Call] = field(default_factory=dict)
    listed: dict[Target, Listed] = field(default_factory=dict)


class Grounds:
    """The objects about which roles call one route: shared wherever the sample makes the same for both roles."""

    def __init__(self, world: World, sample: Sample | Listing, targets: Sequence[Target]) -> None:
        self._world = world
        self._sample = sample
        self._targets = targets
        self._made: list[Ground] = []

    async def of(self, role: Role) -> Ground:
        """Those that another role's call needed too, or new ones."""
        found = next((one for one in self._made if one.world.suits(role)), None)
        if found is None:
            found = Ground(self._world.beside(role))
            for target in self._targets:
                made = await self._sample.make(found.world, found.world.places[target])
                found.calls[target] = made.call if isinstance(made, Listed) else made
                if isinstance(made, Listed):
                    found.listed[target] = made
            self._made.append(found)
        return found


class _RouteCheck:
    """One route in every position. What a call changes is taken back after it, so that the next role finds the same objects."""

    def __init__(self, world: World, route: RouteRights, sample: Sample | Listing) -> None:
        self._service = world.service
        self._route = route
        self._sample = sample
        unscoped = isinstance(sample, Sample) and not sample.scoped
        self._targets = [Target.OWN] if unscoped else list(Target)
        self._grounds = Grounds(world, sample, self._targets)
        self._wrong: list[str] = []

    async def run(self) -> list[str]:
        """What differs from the expectation."""
        admitted = [role for role in Role if self._route.admits(role)]
        await self._shut_out([role for role in Role if role not in admitted])
        for role in admitted:
            if isinstance(self._sample, Listing):
                await self._lists(role, self._sample)
            else:
                await self._admitted(role, self._sample)
        return self._wrong

    async def _shut_out(self, refused: Sequence[Role]) -> None:
        """One call about the own place is tried by all whom the door shuts out: it asks for the role alone, and nothing happens."""
        if self._route.public and not refused:
            return
        ground = await self._grounds.of(Role.REGION_ADMIN)
        call, world = ground.calls[Target.OWN], ground.world
        for role in refused:
            self._expect(role.value, Target.OWN, _FORBIDDEN, await self._send(call, world.headers(role)))
        if not self._route.public:
            self._expect("nobody", Target.OWN, _UNAUTHORIZED, await self._send(call, {}))
            self._expect("an ended grant", Target.OWN, _UNAUTHORIZED, await self._send_ended(call, world))

    async def _admitted(self, role: Role, sample: Sample) -> None:
        ground = await self._grounds.of(role)
        headers = ground.world.headers(role)
        for target in self._targets:
            reached = self._route.public or reaches(sample, role, target)
            expected = None if reached else sample.denied
            self._expect(role.value, target, expected, await self._try(ground.calls[target], headers))

    async def _try(self, call: Call, headers: dict[str, str]) -> int:
        if self._route.method == "GET":
            return await self._send(call, headers)
        async with self._service.rehearsal():
            return await self._send(call, headers)

    async def _lists(self, role: Role, listing: Listing) -> None:
        ground = await self._grounds.of(role)
        headers, made = ground.world.headers(role), ground.listed
        reached = {target for target in Target if reaches(listing, role, target)}
        for target in Target:
            status, shown = await self._read(made[target].call, headers, listing.key)
            self._expect(role.value, target, None if target in reached else listing.denied, status)
            if target in reached and str(made[target].id) not in shown:
                self._differs(role.value, target, "the object is not shown", "shown")
            for other in set(Target) - reached:
                if str(made[other].id) in shown:
                    self._differs(role.value, other, f"the object is shown in the list of {target.value}", "not shown")

    async def _read(self, call: Call, headers: dict[str, str], key: str) -> tuple[int, set[str]]:
        """Status of a list's first page, and the ids of all its pages."""
        shown: set[str] = set()
        params = {"limit": _PAGE, **call.options.get("params", {})}
        while True:
            answer = await self._service.client.get(call.path, params=params, headers=headers)
            if answer.status_code >= _FIRST_REDIRECT:
                return answer.status_code, shown
            page = answer.json()
            shown |= {str(item[key]) for item in page["items"]}
            if page.get("next") is None:
                return answer.status_code, shown
            params["after"] = page["next"]

    async def _send(self, call: Call, headers: dict[str, str]) -> int:
        options = dict(call.options)
        options["headers"] = {**options.get("headers", {}), **headers}
        answer = await self._service.client.request(self._route.method, call.path, **options)
        return answer.status_code

    async def _send_ended(self, call: Call, world: World) -> int:
        """A token whose account was cut off after the token was issued."""
        account = new_id()
        headers = world.headers(Role.REGION_ADMIN, account)
        try:
            await self._service.fetch("INSERT INTO revocation VALUES ($1, now() + interval '1 minute', '1')", account)
            await self._service.runtime.revocations.reload()
            return await self._send(call, headers)
        finally:
            await self._service.fetch("DELETE FROM revocation WHERE account_id = $1", account)

    def _expect(self, who: str, target: Target, expected: int | None, status: int) -> None:
        """``expected`` is None for any 2xx."""
        right = status < _FIRST_REDIRECT if expected is None else status == expected
        if not right:
            self._differs(who, target, str(status), "2xx" if expected is None else str(expected))

    def _differs(self, who: str, target: Target, seen: str, expected: str) -> None:
        self._wrong.append(
            f"{self._route.method} {self._route.path} by {who} on {target.value}: {seen}, expected {expected}"
        )
