"""Sample calls of amendments, ends and suspensions."""

from servicekit.testing.matrix import Call, Listing, Place, Sample, World

from .places import SENDERS, application, new_application, of_application


async def amend(world: World, place: Place) -> Call:
    town, application_id = await application(world, place)
    version = (await town.get(f"/applications/{application_id}"))["version"]
    sent = {"json": {"agree_other": True}, "headers": {"If-Match": f'"{version}"'}}
    return Call(f"/applications/{application_id}", sent)


async def correct(world: World, place: Place) -> Call:
    town, application_id = await application(world, place)
    found = await town.get(f"/applications/{application_id}")
    child = found["child"] | {"first_name": "Марина"}
    sent = {"child": child, "ground": "Опечатка", "document": {"title": "Свидетельство о рождении"}}
    headers = {"If-Match": f'"{found["version"]}"'}
    return Call(f"/applications/{application_id}/corrections", {"json": sent, "headers": headers})


async def need(world: World, place: Place) -> Call:
    town, application_id = await new_application(world, place)
    await town.examine()
    return Call(f"/applications/{application_id}/need", {"json": {}})


SAMPLES: dict[str, Sample | Listing] = {
    "amend_application": Sample(amend, visible=SENDERS),
    "correct_application": Sample(correct),
    "list_corrections": Sample(of_application("/applications/{}/corrections")),
    "refuse_application": Sample(of_application("/applications/{}/refuse", json={"ground": "documents"})),
    "archive_application": Sample(of_application("/applications/{}/archive", json={})),
    "confirm_need": Sample(need, visible=SENDERS),
    "freeze_application": Sample(of_application("/applications/{}/freeze", json={}), visible=SENDERS),
}
