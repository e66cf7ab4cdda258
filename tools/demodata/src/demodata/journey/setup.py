"""Accounts, organizations, groups and class lists, each entered by whoever does it in life."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from demodata.journey.client import eventually
from demodata.journey.errors import ApiError, JourneyError
from demodata.journey.keys import fresh_password
from demodata.journey.sessions import Account, Portal
from demodata.journey.world import World

# A unit or a group is known to a service only when the event about it has come.
_NOT_YET = frozenset({403, 404, 422})
_PRECONDITION_FAILED = 412
_CREATED_BEFORE = frozenset({"accounts.login-taken", "offers.worker-has-account"})
_SIGN_INS_AT_ONCE = 4
_IMPORTS_AT_ONCE = 4


async def appoint(world: World, region_admin: Account) -> None:
    """The region administrator registers the portal and appoints the municipality's operator."""
    world.remember("region-admin", region_admin)
    with world.steps.step("appoint", "Администратор региона: портал и оператор муниципалитета"):
        client = await world.api.post(
            "/api/auth/v1/clients", region_admin, {"name": "Региональный портал", "role": "portal"}
        )
        world.portal = Portal(world.api, client["client_id"], client["client_secret"])
        for person in world.staff("municipality_operator"):
            await _open_account(world, region_admin, person, {"kind": "municipality", "municipality": person["unit"]})


async def register_organizations(world: World) -> None:
    """The operator registers organizations and appoints their heads and administrators."""
    organizations = world.organizations
    with world.steps.step("organizations", "Организации", len(organizations)) as step:

        async def register(organization: dict[str, Any]) -> None:
            fields = ("kind", "full_name", "short_name", "municipality", "locality", "inn", "ogrn")
            values = {name: organization[name] for name in fields} | {
                "legal_address": {"text": organization["address"]}
            }
            created = await world.api.post("/api/core/v1/organizations", world.operator, {"values": values})
            world.organization_ids[organization["key"]] = created["id"]
            step.advance()

        await world.api.each(organizations, register)
    first = [*world.staff("head"), *world.staff("organization_admin")]
    with world.steps.step("first", "Руководители и администраторы организаций", len(first)) as step:
        gate = asyncio.Semaphore(_SIGN_INS_AT_ONCE)

        async def appoint_first(person: dict[str, Any]) -> None:
            async with gate:
                await _open_account(world, world.operator, person, organization_unit(world, person["unit"]))
                step.advance()

        await world.api.each(first, appoint_first)


async def open_groups(world: World) -> None:
    """Each organization opens its classes or groups for the school year."""
    with world.steps.step("groups", "Классы и группы", len(world.organizations)) as step:

        async def open_in(organization: dict[str, Any]) -> None:
            fields = ("kind", "name", "grade", "age_from", "age_to", "capacity")
            body = {
                "academic_year": world.region["academic_year"],
                "groups": [{name: group[name] for name in fields} for group in organization["groups"]],
            }
            path = f"/api/core/v1/organizations/{world.organization_ids[organization['key']]}/groups"
            answer = await world.api.post(path, world.admin(organization["key"]), body)
            by_name = {group["name"]: group["id"] for group in items(answer)}
            for group in organization["groups"]:
                world.group_ids[group["key"]] = by_name[group["name"]]
            step.advance()

        await world.api.each(world.organizations, open_in)


async def import_class_lists(world: World) -> None:
    """Administrators upload the lists they keep; several imports run at once, each row is checked."""
    total = world.region["totals"]["students"]
    imported: dict[str, int] = {}
    with world.steps.step("import", "Списки классов: дети", total) as step:
        gate = asyncio.Semaphore(_IMPORTS_AT_ONCE)

        async def upload(organization: dict[str, Any]) -> None:
            async with gate:
                key, admin = organization["key"], world.admin(organization["key"])
                suffix = world.region["class_list_format"]
                content = (world.data / "class-lists" / f"{key}.{suffix}").read_bytes()
                response = await world.api.call(
                    "POST",
                    "/api/core/v1/imports",
                    admin,
                    files={"file": (f"{key}.{suffix}", content)},
                    data={
                        "kind": "students",
                        "organization_id": world.organization_ids[key],
                        "academic_year": str(world.region["academic_year"]),
                    },
                )
                result = await world.api.finish("core", response.json(), admin)
                if result["created"] != organization["enrolled"]:
                    raise JourneyError(f"{organization['short_name']}: список не принят: {result}")
                imported[key] = result["created"]
                step.at(sum(imported.values()))

        await world.api.each(world.organizations, upload)
    world.summary["imported"] = {"lists": len(imported), "students": sum(imported.values())}


async def appoint_teachers(world: World) -> None:
    """The demo school hires its teachers, a preschool an educator; each gets the account that is offered then."""
    teachers = list(world.staff("teacher"))
    with world.steps.step("teachers", "Учителя школы, воспитатель детского сада", len(teachers)) as step:
        gate = asyncio.Semaphore(_SIGN_INS_AT_ONCE)

        async def appoint_teacher(person: dict[str, Any]) -> None:
            async with gate:
                unit = organization_unit(world, person["unit"])
                admin = world.admin(person["unit"])
                workers = f"/api/core/v1/organizations/{unit['organization_id']}/workers"
                card = {"values": person["card"], "employment": person["employment"]}
                worker_id = (await world.api.post(workers, admin, card))["worker_id"]
                offered = f"/api/auth/v1/offers/workers/{worker_id}/account"
                body = {"login": person["login"], "grants": [{"role": person["role"], "unit": unit}]}
                await _sign_in(world, admin, person["login"], partial(world.api.post, offered, admin, body))
                if "leads" in person:
                    await _appoint_leader(world, admin, person, worker_id)
                else:
                    world.teacher_ids.append((person["login"], worker_id))
                step.advance()

        await world.api.each(teachers, appoint_teacher)
    world.teacher_ids.sort()


async def _appoint_leader(world: World, admin: Account, person: dict[str, Any], worker_id: str) -> None:
    path = f"/api/core/v1/groups/{world.group_ids[person['leads']]}/teachers"
    year_start = f"{world.region['academic_year']}-09-01"
    await world.api.post(path, admin, {"worker_id": worker_id, "valid_from": year_start})


async def let_write(world: World, organization_key: str) -> None:
    """Let teachers of an organization write as long as the period is open: the days may be over for longer than they usually have."""
    path = f"/api/journal/v1/organizations/{world.organization_ids[organization_key]}/journal-settings"
    body = {"edit_days": None, "class_teacher_writes": False}
    admin = world.admin(organization_key)
    try:
        await world.api.call("PUT", path, admin, json=body, headers={"If-Match": '"0"'})
    except ApiError as error:
        if error.status != _PRECONDITION_FAILED:  # it was changed, only the answer was lost
            raise


def organization_unit(world: World, key: str) -> dict[str, Any]:
    """The unit of a position in an organization."""
    municipality = world.municipality["oktmo"]
    return {"kind": "organization", "municipality": municipality, "organization_id": world.organization_ids[key]}


def items(answer: Any) -> list[dict[str, Any]]:
    """The items of a list answer, paged or plain."""
    found: list[dict[str, Any]] = answer["items"] if isinstance(answer, dict) else answer
    return found


async def _open_account(world: World, by: Account, person: dict[str, Any], unit: dict[str, Any]) -> None:
    """Create an account, then sign in with its slip and set a password of one's own."""
    body = {
        "login": person["login"],
        "display_name": person["display_name"],
        "grants": [{"role": person["role"], "unit": unit}],
    }
    await _sign_in(world, by, person["login"], partial(world.api.post, "/api/auth/v1/accounts", by, body))


async def _sign_in(world: World, by: Account, login: str, create: Callable[[], Awaitable[Any]]) -> None:
    try:
        created = await eventually(create, statuses=_NOT_YET)
    except ApiError as error:
        if error.code not in _CREATED_BEFORE:
            raise
        # The answer to a creation was lost, and the password on its slip with it: ask for another slip.
        accounts = world.api.pages("/api/auth/v1/accounts", by)
        identifiers = [account["id"] async for account in accounts if account["login"] == login]
        created = await world.api.post(f"/api/auth/v1/accounts/{identifiers[0]}/slip", by)
    account = Account(world.api, created["slip"]["login"], created["slip"]["password"])
    await account.replace_password(fresh_password())
    world.remember(login, account)
