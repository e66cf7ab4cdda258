"""Sample calls of the routes of organizations, groups, people and movements."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, Target, World

from ..world import Registry, class_, inn, new_child, new_parent, ogrn, row, xlsx

NOTHING: frozenset[Target] = frozenset()
PERSONS = {Role.GUARDIAN: frozenset({Target.OWN}), Role.STUDENT: frozenset({Target.OWN})}
"""A guardian reaches its own child, a student itself."""
SUBJECTS = {**PERSONS, Role.TEACHER: NOTHING}
"""Of data about students a teacher, who may ask about itself, reaches nothing."""
_numbers = iter(range(1000, 10_000_000))


async def place_organization(world: World, place: Place) -> Registry:
    """The organization of a place, under the id the position names."""
    return await world.once("organization", place, lambda: _organization(world, place))


async def _organization(world: World, place: Place) -> Registry:
    registry, number = Registry(world.service), next(_numbers)
    await world.service.fetch(
        "INSERT INTO governing_body (id, kind, full_name, short_name, responsible, recorded_at, recorded_by, reason) "
        "VALUES ($1, 'department', 'Департамент', 'Департамент', '[]', now(), 'test', 'Проверка') ON CONFLICT DO NOTHING",
        place.founder_id,
    )
    await world.service.fetch(
        "INSERT INTO organization (id, kind, full_name, short_name, search_name, municipality, founder_id, locality, "
        "inn, ogrn, legal_address, recorded_at, recorded_by, reason) VALUES ($1, 'school', 'Школа', 'Школа', 'школа', "
        "$2, $3, 'urban', $4, $5, '{\"text\": \"г. Образцовск\"}', now(), 'test', 'Проверка') ON CONFLICT DO NOTHING",
        place.organization_id,
        place.municipality,
        place.founder_id,
        inn(number),
        ogrn(number),
    )
    return registry


async def place_group(world: World, place: Place) -> tuple[Registry, UUID]:
    registry = await place_organization(world, place)
    name = f"1-{next(_numbers)}"
    return registry, await world.once("group", place, lambda: registry.school_class(place.organization_id, name))


async def another_group(world: World, place: Place) -> tuple[Registry, UUID]:
    """A class of the place for the caller's sample alone."""
    registry = await place_organization(world, place)
    return registry, await registry.school_class(place.organization_id, f"1-{next(_numbers)}")


async def place_student(world: World, place: Place) -> tuple[Registry, UUID]:
    registry, group_id = await place_group(world, place)
    number = next(_numbers)
    return registry, await world.once(
        "student", place, lambda: registry.student(place.organization_id, group_id, number)
    )


async def another_student(world: World, place: Place) -> tuple[Registry, UUID]:
    """A student of the place for the caller's sample alone, which may change its card or let it go."""
    registry, group_id = await place_group(world, place)
    return registry, await registry.student(place.organization_id, group_id, next(_numbers))


async def own_child(world: World, place: Place) -> tuple[Registry, UUID]:
    """A student of the place; at the caller's own place a guardian's own child, or the student that calls."""
    registry, student_id = await place_student(world, place)
    if place.target is Target.OWN and world.is_of(Role.GUARDIAN):
        await become_guardian(registry, student_id, world.person_id)
    if place.target is Target.OWN and world.is_of(Role.STUDENT):
        await become_student(registry, student_id, world.person_id)
        student_id = world.person_id
    return registry, student_id


async def become_student(registry: Registry, student_id: UUID, person_id: UUID) -> None:
    """Let a person have a card and a membership like a student's."""
    await registry.service.fetch(
        "INSERT INTO student (id, statistical_id, search_name, last_name, first_name, birth_date, sex, citizenship, "
        "recorded_at, recorded_by, reason) SELECT $1, $1, search_name, last_name, first_name, birth_date, sex, "
        "citizenship, recorded_at, recorded_by, reason FROM student WHERE id = $2 ON CONFLICT DO NOTHING",
        person_id,
        student_id,
    )
    await registry.service.fetch(
        "INSERT INTO membership (id, student_id, organization_id, main, valid_from) "
        "SELECT gen_random_uuid(), $1, organization_id, main, valid_from FROM membership WHERE student_id = $2 "
        "ON CONFLICT DO NOTHING",
        person_id,
        student_id,
    )


async def become_guardian(registry: Registry, student_id: UUID, person_id: UUID) -> None:
    """Let a person be a guardian of the child beside those it has."""
    await registry.service.fetch(
        "INSERT INTO guardian (id, search_name, last_name, first_name, recorded_at, recorded_by, reason) "
        "VALUES ($1, 'опекунова мария', 'Опекунова', 'Мария', now(), 'test', 'Проверка') ON CONFLICT DO NOTHING",
        person_id,
    )
    await registry.service.fetch(
        "INSERT INTO guardianship (id, guardian_id, student_id, kinship, valid_from, recorded_at, recorded_by, reason) "
        "VALUES ($1, $2, $3, 'mother', current_date - 1, now(), 'test', 'Проверка') ON CONFLICT DO NOTHING",
        new_id(),
        person_id,
        student_id,
    )


def of_organization(suffix: str = "") -> Callable[[World, Place], Awaitable[Call]]:
    async def make(world: World, place: Place) -> Call:
        await place_organization(world, place)
        return Call(f"/organizations/{place.organization_id}{suffix}")

    return make


def of_student(suffix: str = "") -> Callable[[World, Place], Awaitable[Call]]:
    async def make(world: World, place: Place) -> Call:
        _, student_id = await own_child(world, place)
        return Call(f"/students/{student_id}{suffix}")

    return make


def plain(path: str) -> Sample:
    async def make(_world: World, _place: Place) -> Call:
        return Call(path)

    return Sample(make, scoped=False)


def organization_in(path: str) -> Callable[[World, Place], Awaitable[Listed]]:
    async def make(world: World, place: Place) -> Listed:
        await place_organization(world, place)
        return Listed(Call(path), place.organization_id)

    return make


async def group_in_list(world: World, place: Place) -> Listed:
    _, group_id = await place_group(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/groups"), group_id)


async def student_in_list(world: World, place: Place) -> Listed:
    _, student_id = await place_student(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/students"), student_id)


async def register_organization(_world: World, place: Place) -> Call:
    number = next(_numbers)
    values = {
        "kind": "preschool",
        "full_name": "Детский сад",
        "short_name": "Сад",
        "municipality": place.municipality,
        "locality": "rural",
        "inn": inn(number),
        "ogrn": ogrn(number),
        "legal_address": {"text": "ст. Образцовая"},
    }
    return Call("/organizations", {"json": {"values": values}})


async def edit_organization(world: World, place: Place) -> Call:
    await place_organization(world, place)
    return Call(
        f"/organizations/{place.organization_id}",
        {
            "json": {"reason": "Переезд", "values": {"legal_address": {"text": "г. Образцовск, 2"}}},
            "headers": {"If-Match": '"1"'},
        },
    )


async def open_groups(world: World, place: Place) -> Call:
    await place_organization(world, place)
    body = {"academic_year": 2026, "groups": [class_(f"2-{next(_numbers)}")]}
    return Call(f"/organizations/{place.organization_id}/groups", {"json": body})


async def get_group(world: World, place: Place) -> Call:
    _, group_id = await place_group(world, place)
    return Call(f"/groups/{group_id}")


async def edit_group(world: World, place: Place) -> Call:
    _, group_id = await another_group(world, place)
    return Call(f"/groups/{group_id}", {"json": {"capacity": 30}, "headers": {"If-Match": '"1"'}})


async def edit_student(world: World, place: Place) -> Call:
    _, student_id = await place_student(world, place)
    body = {"reason": "Смена фамилии", "values": {"last_name": "Примеров"}}
    return Call(f"/students/{student_id}", {"json": body, "headers": {"If-Match": '"1"'}})


async def edit_guardianship(world: World, place: Place) -> Call:
    registry, student_id = await place_student(world, place)
    guardian_id = await registry.value("SELECT guardian_id FROM guardianship WHERE student_id = $1", student_id)
    body = {"reason": "Решение суда", "may_see": False}
    return Call(f"/students/{student_id}/guardians/{guardian_id}", {"json": body, "headers": {"If-Match": '"1"'}})


async def run_of_another(world: World, place: Place) -> Call:
    registry = await place_organization(world, place)
    answer = await registry.upload(place.organization_id, xlsx([row(1)]))
    return Call(f"/runs/{answer.json()['id']}")


async def open_student_card(world: World, place: Place) -> Call:
    await place_organization(world, place)
    body = {"values": new_child(next(_numbers)), "guardians": [{"values": new_parent(), "kinship": "mother"}]}
    return Call(f"/organizations/{place.organization_id}/students", {"json": body})


async def add_guardian(world: World, place: Place) -> Call:
    _, student_id = await place_student(world, place)
    body = {"values": new_parent(), "kinship": "guardian", "reason": "Акт опеки"}
    return Call(f"/students/{student_id}/guardians", {"json": body})


async def _guardian(world: World, place: Place) -> UUID:
    registry, student_id = await place_student(world, place)
    if place.target is Target.OWN and world.is_of(Role.GUARDIAN):
        await become_guardian(registry, student_id, world.person_id)
        return world.person_id
    found: UUID = await registry.value("SELECT guardian_id FROM guardianship WHERE student_id = $1", student_id)
    return found


def of_guardian(suffix: str = "") -> Callable[[World, Place], Awaitable[Call]]:
    async def make(world: World, place: Place) -> Call:
        return Call(f"/guardians/{await _guardian(world, place)}{suffix}")

    return make


async def edit_guardian(world: World, place: Place) -> Call:
    guardian_id = await _guardian(world, place)
    version = await Registry(world.service).value("SELECT version FROM guardian WHERE id = $1", guardian_id)
    body = {"reason": "Смена фамилии", "values": {"last_name": "Примерова"}}
    return Call(f"/guardians/{guardian_id}", {"json": body, "headers": {"If-Match": f'"{version}"'}})


SAMPLES: dict[str, Sample | Listing] = {
    "get_catalogue": plain("/catalogue"),
    "list_municipalities": plain("/municipalities"),
    "list_academic_years": plain("/academic-years"),
    "list_organizations": Listing(organization_in("/organizations")),
    "list_contingents": Listing(organization_in("/contingent"), key="organization_id"),
    "register_organization": Sample(register_organization, denied=403),
    "get_organization": Sample(of_organization()),
    "edit_organization": Sample(edit_organization),
    "list_organization_changes": Sample(of_organization("/history")),
    "open_groups": Sample(open_groups),
    "list_groups": Listing(group_in_list, denied=404),
    "get_group": Sample(get_group),
    "edit_group": Sample(edit_group),
    "list_students": Listing(student_in_list, denied=404),
    "open_student_card": Sample(open_student_card),
    "add_guardian": Sample(add_guardian),
    "get_guardian": Sample(of_guardian(), visible=PERSONS),
    "edit_guardian": Sample(edit_guardian),
    "list_guardian_changes": Sample(of_guardian("/history"), visible=PERSONS),
    "get_student": Sample(of_student(), visible=PERSONS),
    "edit_student": Sample(edit_student),
    "edit_guardianship": Sample(edit_guardianship),
    "list_card_changes": Sample(of_student("/history"), visible=PERSONS),
    "list_movements": Sample(of_organization("/movements")),
    "list_student_movements": Sample(of_student("/movements")),
    "get_contingent": Sample(of_organization("/contingent")),
    "get_run": Sample(run_of_another, visible=dict.fromkeys(Role, NOTHING)),
}
