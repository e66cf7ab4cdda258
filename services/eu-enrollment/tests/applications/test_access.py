"""Who sees and moves which applications."""

import pytest

from asu_contracts.access import Role
from servicekit.ids import new_id

from ..factories import SOCHI, Town, group, organization


@pytest.fixture
async def sent(town: Town) -> str:
    """Id of an application the town's portal sent."""
    found = organization()
    place = group(found.organization_id, 20)
    await town.hear(found, place)
    await town.open({place: 5})
    receipt = await town.apply(1, found.organization_id)
    return str(receipt["id"])


READS = ("", "/history", "/position", "/referrals")


@pytest.mark.parametrize("path", READS)
async def test_seen_by_its_sender_its_municipality_and_the_region(town: Town, sent: str, path: str) -> None:
    region = town.service.tokens.headers(Role.REGION_ADMIN)
    for by in (town.portal, town.operator, region):
        await town.get(f"/applications/{sent}{path}", by=by)


@pytest.mark.parametrize("path", [*READS, "/outcome"])
async def test_not_there_for_others(town: Town, sent: str, path: str) -> None:
    tokens = town.service.tokens
    for by in (
        tokens.headers(Role.PORTAL, account_id="portal-2"),
        tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=SOCHI),
    ):
        answer = await town.service.client.get(f"/applications/{sent}{path}", headers=by)
        assert answer.status_code == 404
        page = await town.get(f"/applications?campaign_id={town.campaign_id}", by=by)
        assert page == {"items": [], "next": None}


@pytest.mark.parametrize("role", [Role.GUARDIAN, Role.TEACHER, Role.COORDINATOR])
async def test_forbidden_to_other_roles(town: Town, sent: str, role: Role) -> None:
    by = town.service.tokens.headers(role, organization_id=new_id())
    assert (await town.service.client.get(f"/applications/{sent}", headers=by)).status_code == 403


async def test_reading_a_card_is_audited(town: Town, sent: str) -> None:
    card = await town.get(f"/applications/{sent}", by=town.portal)
    assert card["child"]["last_name"] == "Иванова"
    (row,) = await town.fetch("SELECT * FROM audit")
    assert (row["action"], row["account_id"], str(row["subjects"][0])) == ("application.card.read", "portal-1", sent)


async def test_a_portal_decides_nothing(town: Town, sent: str) -> None:
    for step in ("verifications/confirm", "refuse"):
        await town.post(
            f"/applications/{sent}/{step}",
            403,
            json={"note": "Проверено"} if step != "refuse" else {"ground": "documents"},
        )


async def test_an_operator_moves_only_along_the_way(town: Town, sent: str) -> None:
    await town.post(f"/applications/{sent}/restore", 409, town.operator)
    await town.examine()
    await town.post(f"/applications/{sent}/verifications/confirm", 409, town.operator)
    await town.post(f"/applications/{sent}/refuse", 422, town.operator)
    await town.post(
        f"/applications/{sent}/refuse",
        204,
        town.operator,
        {"ground": "documents", "note": "Свидетельство не представлено"},
    )
    await town.post(f"/applications/{sent}/withdraw", 409)
    history = await town.get(f"/applications/{sent}/history")
    assert [line["reason"] for line in history] == ["submitted", "checked", "refused"]
    assert [line["actor"] for line in history] == ["applicant", "system", "operator"]


async def test_lists_page_by_key_and_filter(town: Town, sent: str) -> None:
    (choice,) = (await town.get(f"/applications/{sent}"))["choices"]
    for number in range(2, 6):
        await town.apply(number, choice["organization_id"])
    seen, path = [], f"/applications?campaign_id={town.campaign_id}&limit=2"
    after: str | None = ""
    while after is not None:
        page = await town.get(f"{path}{after and '&after='}{after}")
        seen += [item["id"] for item in page["items"]]
        after = page["next"]
    assert len(seen) == len(set(seen)) == 5
    assert (await town.get(f"{path}&status=enrolled"))["items"] == []
    for nonsense in ("nonsense", "unknown"):
        answer = await town.service.client.get(f"{path}&status={nonsense}", headers=town.operator)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/query/status")


async def test_a_stated_right_waits_for_an_operator(town: Town, sent: str) -> None:
    """Whoever states a benefit or a sibling goes ahead of others only when an operator has seen the documents."""
    (choice,) = (await town.get(f"/applications/{sent}"))["choices"]
    wanted = choice["organization_id"]
    stated = [await town.apply(2, wanted, benefit="judge"), await town.apply(3, wanted, siblings_in=[wanted])]
    assert (await town.allocate())["applicants"] == 1
    page = f"/applications?campaign_id={town.campaign_id}&attention="
    assert {item["id"] for item in (await town.get(f"{page}true"))["items"]} == {item["id"] for item in stated}
    assert {item["attention"] for item in (await town.get(f"{page}true"))["items"]} == {"rights_stated"}
    assert [item["id"] for item in (await town.get(f"{page}false"))["items"]] == [sent]
    for receipt in stated:
        await town.confirm(receipt)
    assert (await town.get(f"{page}true"))["items"] == []
    await town.allocate()
    assert {item["application_id"] for item in await town.referrals()} == {sent, *(item["id"] for item in stated)}
