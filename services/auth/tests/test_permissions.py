"""Every route in every position, compared with its policy and with what each role may give."""

from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from servicekit.testing import ServiceUnderTest
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World, check_matrix

from .factories import ADMIN, ADMIN_PASSWORD, PASSWORD, People, of_organization

NUMBERS = count(1)
GIVEN = {
    Role.REGION_ADMIN: Role.ORGANIZATION_ADMIN,
    Role.DEPARTMENT_OFFICER: Role.ORGANIZATION_ADMIN,
    Role.MUNICIPALITY_OPERATOR: Role.ORGANIZATION_ADMIN,
    Role.HEAD: Role.TEACHER,
    Role.ORGANIZATION_ADMIN: Role.TEACHER,
}
"""A role each position may give in an organization; the others may give none."""


async def grant(world: World, place: Place) -> dict[str, Any]:
    """A position in the place's organization that the caller's role may give."""
    await People(world.service).organization(
        place.municipality, organization_id=place.organization_id, founder_id=place.founder_id
    )
    return {"role": given(world.role).value, "unit": of_organization(place.organization_id)}


def given(role: Role) -> Role:
    return GIVEN.get(role, Role.TEACHER)


async def account(world: World, place: Place) -> dict[str, Any]:
    """An account with such a position, given by whoever may."""
    sent = {"login": f"holder-{next(NUMBERS)}", "display_name": "Иванова Мария", "grants": [await grant(world, place)]}
    answer = await world.service.client.post("/accounts", json=sent, headers=giver(world, place))
    made: dict[str, Any] = answer.json()["account"]
    return made


def giver(world: World, place: Place) -> dict[str, str]:
    """Whoever may give the position that the caller's role may."""
    if given(world.role) is not Role.TEACHER:
        return world.service.tokens.headers(Role.REGION_ADMIN)
    return world.service.tokens.headers(
        Role.ORGANIZATION_ADMIN, municipality=place.municipality, organization_id=place.organization_id
    )


async def open_account(world: World, place: Place) -> Call:
    sent = {"login": f"new-{next(NUMBERS)}", "display_name": "Иванова Мария", "grants": [await grant(world, place)]}
    return Call("/accounts", {"json": sent})


async def list_accounts(world: World, place: Place) -> Listed:
    held = await account(world, place)
    return Listed(Call("/accounts", {"params": {"organization_id": str(place.organization_id)}}), held["id"])


async def give_grant(world: World, place: Place) -> Call:
    """The position an account lost is given again."""
    held = await account(world, place)
    region = world.service.tokens.headers(Role.REGION_ADMIN)
    local = world.service.tokens.headers(
        Role.ORGANIZATION_ADMIN, municipality=place.municipality, organization_id=place.organization_id
    )
    (position,) = held["grants"]
    for headers in (region, local):
        await world.service.client.post(f"/grants/{position['id']}/end", headers=headers)
    return Call(f"/accounts/{held['id']}/grants", {"json": await grant(world, place)})


async def end_grant(world: World, place: Place) -> Call:
    held = await account(world, place)
    return Call(f"/grants/{held['grants'][0]['id']}/end")


async def issue_slip(world: World, place: Place) -> Call:
    return Call(f"/accounts/{(await account(world, place))['id']}/slip")


async def list_offers(world: World, place: Place) -> Listed:
    people = People(world.service)
    await people.organization(place.municipality, organization_id=place.organization_id, founder_id=place.founder_id)
    guardian_id = await people.guardian(place.organization_id)
    return Listed(Call("/offers", {"params": {"organization_id": str(place.organization_id)}}), guardian_id)


async def list_worker_offers(world: World, place: Place) -> Listed:
    people = People(world.service)
    await people.organization(place.municipality, organization_id=place.organization_id, founder_id=place.founder_id)
    worker_id = await people.worker((place.organization_id, True))
    return Listed(Call("/offers/workers", {"params": {"organization_id": str(place.organization_id)}}), worker_id)


async def employed(world: World, place: Place) -> UUID:
    people = People(world.service)
    await people.organization(place.municipality, organization_id=place.organization_id, founder_id=place.founder_id)
    return await people.worker((place.organization_id, True))


async def open_worker_account(world: World, place: Place) -> Call:
    worker_id = await employed(world, place)
    sent = {"login": f"worker-{next(NUMBERS)}", "grants": [await grant(world, place)]}
    return Call(f"/offers/workers/{worker_id}/account", {"json": sent})


async def give_worker_grant(world: World, place: Place) -> Call:
    """A position in the place for a worker whose account another organization opened."""
    people = People(world.service)
    await people.organization(place.municipality, organization_id=place.organization_id, founder_id=place.founder_id)
    other = await people.organization(place.municipality)
    worker_id = await people.worker((place.organization_id, True), (other, True))
    sent = {"login": f"worker-{next(NUMBERS)}", "grants": [{"role": "teacher", "unit": of_organization(other)}]}
    headers = world.service.tokens.headers(
        Role.ORGANIZATION_ADMIN, municipality=place.municipality, organization_id=other
    )
    opened = await world.service.client.post(f"/offers/workers/{worker_id}/account", json=sent, headers=headers)
    assert opened.status_code == 201, opened.text
    return Call(f"/offers/workers/{worker_id}/grants", {"json": await grant(world, place)})


async def tie_worker_account(world: World, place: Place) -> Call:
    held = await account(world, place)
    return Call(f"/offers/workers/{await employed(world, place)}/account", {"json": {"account_id": held["id"]}})


async def untie_worker_account(world: World, place: Place) -> Call:
    tied = await tie_worker_account(world, place)
    answer = await world.service.client.put(tied.path, **tied.options, headers=giver(world, place))
    assert answer.status_code == 200, answer.text
    return Call(tied.path)


async def list_student_offers(world: World, place: Place) -> Listed:
    people = People(world.service)
    await people.organization(place.municipality, organization_id=place.organization_id, founder_id=place.founder_id)
    student_id = await people.student(place.organization_id)
    return Listed(Call("/offers/students", {"params": {"organization_id": str(place.organization_id)}}), student_id)


async def give_student_account(world: World, place: Place) -> Call:
    people = People(world.service)
    await people.organization(place.municipality, organization_id=place.organization_id, founder_id=place.founder_id)
    return Call(f"/offers/students/{await people.student(place.organization_id)}/account")


async def end_student_account(world: World, place: Place) -> Call:
    given = await give_student_account(world, place)
    await world.service.client.post(given.path, headers=world.service.tokens.headers(Role.REGION_ADMIN))
    return Call(f"{given.path}/end")


async def give_account(world: World, place: Place) -> Call:
    await People(world.service).organization(
        place.municipality, organization_id=place.organization_id, founder_id=place.founder_id
    )
    guardian_id: UUID = await People(world.service).guardian(place.organization_id)
    return Call(f"/offers/{guardian_id}/account")


async def end_guardian_account(world: World, place: Place) -> Call:
    given = await give_account(world, place)
    await world.service.client.post(given.path, headers=world.service.tokens.headers(Role.REGION_ADMIN))
    return Call(f"{given.path}/end")


async def sign_in(world: World, _place: Place) -> Call:
    await People(world.service).region_admin()
    return Call("/sessions", {"json": {"login": ADMIN, "password": ADMIN_PASSWORD}})


async def refresh(world: World, _place: Place) -> Call:
    people = People(world.service)
    await people.region_admin()
    signed_in = (await people.sign_in(ADMIN, ADMIN_PASSWORD)).json()
    return Call("/sessions/refresh", {"json": {"refresh_token": signed_in["refresh_token"]}})


async def register_client(_world: World, _place: Place) -> Call:
    return Call("/clients", {"json": {"name": "Портал", "role": "portal"}})


async def end_client(world: World, _place: Place) -> Call:
    headers = world.service.tokens.headers(Role.REGION_ADMIN)
    made = await world.service.client.post("/clients", json={"name": "Портал", "role": "portal"}, headers=headers)
    return Call(f"/clients/{made.json()['client_id']}/end")


async def renew_client_secret(world: World, place: Place) -> Call:
    return Call((await end_client(world, place)).path.replace("/end", "/secret"))


async def list_workers_visits(world: World, place: Place) -> Listed:
    people = People(world.service)
    await people.organization(place.municipality, organization_id=place.organization_id, founder_id=place.founder_id)
    sent = {
        "login": f"watched-{next(NUMBERS)}",
        "display_name": "Иванова Мария",
        "grants": [{"role": "teacher", "unit": of_organization(place.organization_id)}],
    }
    headers = world.service.tokens.headers(
        Role.ORGANIZATION_ADMIN, municipality=place.municipality, organization_id=place.organization_id
    )
    opened = await world.service.client.post("/accounts", json=sent, headers=headers)
    assert opened.status_code == 201, opened.text
    # It is of yesterday that the list tells.
    await world.service.fetch(
        "UPDATE position_grant SET given_at = given_at - interval '2 days' WHERE ended_at IS NULL"
    )
    call = Call("/visits/workers", {"params": {"organization_id": str(place.organization_id)}})
    return Listed(call, opened.json()["account"]["id"])


def plain(path: str) -> Callable[[World, Place], Awaitable[Call]]:
    async def make(_world: World, _place: Place) -> Call:
        return Call(path)

    return make


SAMPLES: dict[str, Sample | Listing] = {
    "open_account": Sample(open_account),
    "list_accounts": Listing(list_accounts, denied=404),
    "give_grant": Sample(give_grant),
    "end_grant": Sample(end_grant),
    "issue_slip": Sample(issue_slip),
    "list_offers": Listing(list_offers, key="guardian_id", denied=404),
    "open_worker_account": Sample(open_worker_account),
    "tie_worker_account": Sample(tie_worker_account),
    "untie_worker_account": Sample(untie_worker_account),
    "give_worker_grant": Sample(give_worker_grant),
    "list_worker_offers": Listing(list_worker_offers, key="worker_id", denied=404),
    "list_student_offers": Listing(list_student_offers, key="student_id", denied=404),
    "give_student_account": Sample(give_student_account),
    "end_student_account": Sample(end_student_account),
    "give_account": Sample(give_account),
    "end_guardian_account": Sample(end_guardian_account),
    "list_workers_visits": Listing(list_workers_visits, key="account_id", denied=404),
    "sign_in": Sample(sign_in, scoped=False),
    "refresh_session": Sample(refresh, scoped=False),
    "sign_out": Sample(plain("/sessions/current"), scoped=False),
    "register_client": Sample(register_client, scoped=False),
    "list_clients": Sample(plain("/clients"), scoped=False),
    "end_client": Sample(end_client, scoped=False),
    "renew_client_secret": Sample(renew_client_secret, scoped=False),
    "get_jwks": Sample(plain("/jwks"), scoped=False),
}
OWN_CREDENTIALS = {"change_password", "issue_client_token"}
"""Routes that take the caller's own credentials, which no sample can know: who may is checked below and in ``test_journey``."""


async def test_every_route_in_every_position(service: ServiceUnderTest) -> None:
    wrong = await check_matrix(service, SAMPLES)
    assert [line.partition(" call")[0] for line in sorted(wrong)] == [
        f"{name}: no sample" for name in sorted(OWN_CREDENTIALS)
    ]


async def test_whose_password_is_changed_by_whom(service: ServiceUnderTest) -> None:
    body = {"old_password": "прежний-Ключ-1", "new_password": PASSWORD}
    assert (await service.client.post("/password", json=body)).status_code == 401
    portal = service.tokens.headers(Role.PORTAL)
    assert (await service.client.post("/password", json=body, headers=portal)).status_code == 403
