"""From an empty installation to a parent with an account, by the public routes alone."""

from typing import Any

import pytest
from joserfc import jwt
from sqlalchemy import text

from asu_contracts.access import Role
from asu_contracts.auth import AccessRevoked
from auth.bootstrap import SERVICE
from servicekit.ids import new_id

from .factories import MUNICIPALITY, PASSWORD, People, bearer, of_organization


async def test_rights_go_down_the_structure(people: People) -> None:
    region = await people.region_admin()
    organization_id = await people.organization()
    _, operator = await people.operator(region)
    _, admin = await people.organization_admin(operator["access_token"], organization_id)
    by = admin["access_token"]

    teacher = await people.appoint(by, "Teacher-01", "teacher", **of_organization(organization_id))
    assert teacher.login == "teacher-01"
    assert teacher.grants[0]["unit"] == {
        "kind": "organization",
        "municipality": MUNICIPALITY,
        "organization_id": str(organization_id),
        "founder_id": None,
    }
    slip = await people.sign_in(teacher.login, teacher.password)
    assert slip.json()["must_change_password"] is True
    signed_in = await people.settle(teacher)
    assert signed_in["must_change_password"] is False
    assert signed_in["positions"] == teacher.grants

    guardian_id = await people.guardian(organization_id)
    offers = await people.client.get("/offers", params={"organization_id": str(organization_id)}, headers=bearer(by))
    assert offers.json()["items"] == [
        {"guardian_id": str(guardian_id), "display_name": "Образцова Мария Тестовна", "account_id": None, "login": None}
    ]
    given = await people.client.post(f"/offers/{guardian_id}/account", headers=bearer(by))
    assert given.status_code == 200, given.text
    again = await people.client.post(f"/offers/{guardian_id}/account", json={}, headers=bearer(by))
    first, second = given.json(), again.json()
    assert first["account"]["id"] == second["account"]["id"]
    assert first["slip"]["password"] != second["slip"]["password"]
    assert (await people.sign_in(first["slip"]["login"], first["slip"]["password"])).status_code == 401
    parent = await people.sign_in(second["slip"]["login"], second["slip"]["password"])
    claims = jwt.decode(parent.json()["access_token"], people.runtime.keys.public, algorithms=["ES256"]).claims
    assert claims["person_id"] == str(guardian_id)
    assert (claims["role"], claims["unit"]["kind"], claims["name"]) == ("guardian", "person", None)


async def test_claims_of_an_access_token(people: People) -> None:
    region = await people.region_admin()
    decoded = jwt.decode(region, people.runtime.keys.public, algorithms=["ES256"])
    claims = decoded.claims
    assert set(claims) == {"iss", "sub", "sid", "role", "unit", "person_id", "name", "iat", "exp"}
    assert claims["name"]
    assert claims["iss"] == "asu-so"
    assert claims["person_id"] == claims["sub"]
    assert claims["exp"] - claims["iat"] <= 600
    published = (await people.client.get("/jwks")).json()["keys"]
    assert (decoded.header["alg"], decoded.header["kid"]) == ("ES256", published[0]["kid"])
    assert "d" not in published[0]


async def test_portal_gets_a_token_by_its_credentials(people: People) -> None:
    region = await people.region_admin()
    body = {"name": "Региональный портал", "role": "portal"}
    answer = await people.client.post("/clients", json=body, headers=bearer(region))
    assert answer.status_code == 201
    client = answer.json()
    form = {"grant_type": "client_credentials"}
    token = await people.client.post("/token", data=form, auth=(client["client_id"], client["client_secret"]))
    assert token.status_code == 200
    principal = await people.runtime.verifier.verify(token.json()["access_token"])
    assert (principal.account_id, principal.role) == (client["client_id"], Role.PORTAL)
    assert await people.probe(token.json()["access_token"]) == 403
    for pair in ((client["client_id"], "wrong"), ("nobody", client["client_secret"])):
        assert (await people.client.post("/token", data=form, auth=pair)).status_code == 401
    assert (await people.client.post("/token", data=form)).status_code == 401
    assert (await people.client.post("/token", data={"grant_type": "password"})).status_code == 422


async def test_a_client_is_ended(people: People) -> None:
    region = await people.region_admin()
    made = []
    for name in ("Портал", "Портал с новым ключом"):
        answer = await people.client.post("/clients", json={"name": name, "role": "portal"}, headers=bearer(region))
        made.append((answer.json()["client_id"], answer.json()["client_secret"]))
    form, path = {"grant_type": "client_credentials"}, f"/clients/{made[0][0]}/end"
    token = (await people.client.post("/token", data=form, auth=made[0])).json()["access_token"]
    ends = [await people.client.post(path, headers=bearer(region)) for _ in range(2)]
    assert [answer.status_code for answer in ends] == [204, 409]
    again = [await people.client.post("/token", data=form, auth=pair) for pair in made]
    assert [answer.status_code for answer in again] == [401, 200]
    assert await people.probe(token) == 401
    listed = (await people.client.get("/clients", headers=bearer(region))).json()["items"]
    assert [(one["id"], one["ended_at"] is None) for one in listed] == [(made[0][0], False), (made[1][0], True)]
    # The others are told, and told again when they are rebuilt.
    async with people.runtime.uow() as uow:
        outbox = "SELECT payload FROM outbox WHERE subject = :client"
        told = AccessRevoked.model_validate_json(await uow.session.scalar(text(outbox), {"client": made[0][0]}))
        (chunk,) = [chunk async for chunk in SERVICE.sources[AccessRevoked](uow.session)]
    assert [found.event for found in chunk] == [told]
    principal = await people.runtime.verifier.verify(token)
    assert principal.issued_at < told.not_before
    unknown = await people.client.post(f"/clients/{new_id()}/end", headers=bearer(region))
    assert unknown.status_code == 404


@pytest.mark.parametrize("ended", [False, True])
async def test_a_client_goes_on_under_another_secret(people: People, ended: bool) -> None:
    region = bearer(await people.region_admin())
    client = people.client
    made = (await client.post("/clients", json={"name": "Портал", "role": "portal"}, headers=region)).json()
    path, form = f"/clients/{made['client_id']}", {"grant_type": "client_credentials"}

    async def token(secret: str) -> Any:
        return await client.post("/token", data=form, auth=(made["client_id"], secret))

    old = (await token(made["client_secret"])).json()["access_token"]
    if ended:
        assert (await client.post(f"{path}/end", headers=region)).status_code == 204
    renewed = (await client.post(f"{path}/secret", headers=region)).json()
    assert renewed["client_id"] == made["client_id"]
    assert (await token(made["client_secret"])).status_code == 401
    new = (await token(renewed["client_secret"])).json()["access_token"]
    assert [await people.probe(one) for one in (old, new)] == [401, 403]
    (listed,) = (await client.get("/clients", headers=region)).json()["items"]
    assert listed["ended_at"] is None
    # The others are told of the last cut-off, later than the old token and earlier than the new one.
    async with people.runtime.uow() as uow:
        ((told,),) = [chunk async for chunk in SERVICE.sources[AccessRevoked](uow.session)]
    principals = [await people.runtime.verifier.verify(one) for one in (old, new)]
    assert isinstance(told.event, AccessRevoked)
    assert principals[0].issued_at < told.event.not_before <= principals[1].issued_at
    assert (await client.post(f"/clients/{new_id()}/secret", headers=region)).status_code == 404


async def test_one_time_password_opens_nothing_but_its_change(people: People) -> None:
    region = await people.region_admin()
    unit = {"kind": "municipality", "municipality": MUNICIPALITY}
    person = await people.appoint(region, "operator-1", "municipality_operator", **unit)
    first = (await people.sign_in(person.login, person.password)).json()
    refused = await people.client.get("/accounts", headers=bearer(first["access_token"]))
    assert (refused.status_code, refused.json()["code"]) == (403, "accounts.password-change-required")
    # Other services know one issuer only, and this token names another.
    claims = jwt.decode(first["access_token"], people.runtime.keys.public, algorithms=["ES256"]).claims
    assert claims["iss"] == "asu-so/password"
    changed = await people.change_password(first["access_token"], person.password, PASSWORD)
    assert changed.status_code == 204, changed.text
    renewed = await people.refresh(first["refresh_token"])
    assert renewed.json()["must_change_password"] is False
    assert await people.probe(renewed.json()["access_token"]) == 200
