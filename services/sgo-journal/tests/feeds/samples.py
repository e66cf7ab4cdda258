"""Sample calls of the routes of calendars to subscribe to."""

from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, Target, World

from ..factories import School, child_of
from ..places import school_of

_OWN = frozenset({Target.OWN})
OWNERS = dict.fromkeys((Role.GUARDIAN, Role.STUDENT, Role.TEACHER), _OWN)
ABOUT = {**OWNERS, Role.TEACHER: frozenset(Target)}
"""A teacher names nobody: whatever the place, the calendar is of the own lessons."""


async def make(world: World, place: Place) -> Call:
    school = await school_of(world, place)
    if world.is_of(Role.TEACHER):
        return Call("/feeds", {"json": {}})
    own = place.target is Target.OWN
    student = await child_of(school, world.person_id if own else new_id(), itself=own and world.is_of(Role.STUDENT))
    return Call("/feeds", {"json": {"student_id": str(student)}})


async def stored(school: School, owner: UUID, student: UUID | None = None) -> tuple[UUID, str]:
    """A calendar of a student, or of a teacher: its id and its secret."""
    secret, feed = token_urlsafe(32), new_id()
    await school.service.fetch(
        "INSERT INTO feed (id, secret_hash, owner_id, role, student_id, organization_id, homework, version, made_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, false, 1, now())",
        *(feed, sha256(secret.encode()).digest(), owner, "teacher" if student is None else "student", student),
        school.organization_id if student is None else None,
    )
    return feed, secret


async def a_feed(world: World, place: Place) -> UUID:
    school = await school_of(world, place)
    feed, _ = await stored(school, world.person_id if place.target is Target.OWN else new_id())
    return feed


async def listed(world: World, place: Place) -> Listed:
    return Listed(Call("/feeds"), await a_feed(world, place))


async def renew(world: World, place: Place) -> Call:
    return Call(f"/feeds/{await a_feed(world, place)}/secret", {"headers": {"If-Match": '"1"'}})


async def revoke(world: World, place: Place) -> Call:
    return Call(f"/feeds/{await a_feed(world, place)}")


async def read(world: World, place: Place) -> Call:
    school = await school_of(world, place)
    student = new_id()
    _, secret = await stored(school, student, student)
    return Call(f"/feeds/{secret}.ics")


SAMPLES: dict[str, Sample | Listing] = {
    "make_feed": Sample(make, visible=ABOUT),
    "list_feeds": Listing(listed, visible=OWNERS),
    "renew_feed": Sample(renew, visible=OWNERS),
    "revoke_feed": Sample(revoke, visible=OWNERS),
    "read_feed": Sample(read, scoped=False),
}
