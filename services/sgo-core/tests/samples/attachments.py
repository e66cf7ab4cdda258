"""Sample calls of the routes of scans."""

from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..scans import PDF, attached, send
from ..world import Registry
from .registry import place_organization, plain


async def upload_scan(_world: World, _place: Place) -> Call:
    return Call("/uploads", {"files": {"file": ("скан.pdf", PDF)}})


async def _charter(world: World, place: Place) -> str:
    registry = await place_organization(world, place)
    office = registry.office(place.organization_id)
    return await attached(registry, office, ("organization", place.organization_id), "charter")


async def attach_scan(world: World, place: Place) -> Call:
    registry: Registry = await place_organization(world, place)
    sent = await send(registry, world.headers(world.role))
    upload_id = sent.json().get("upload_id", str(world.account_id))
    subject = {"subject_kind": "organization", "subject_id": str(place.organization_id), "kind": "charter"}
    return Call("/attachments", {"json": {"upload_id": upload_id, **subject}})


async def list_attachments(world: World, place: Place) -> Listed:
    attachment_id = await _charter(world, place)
    params = {"subject_kind": "organization", "subject_id": str(place.organization_id)}
    return Listed(Call("/attachments", {"params": params}), attachment_id)


async def read_scan(world: World, place: Place) -> Call:
    return Call(f"/attachments/{await _charter(world, place)}/file")


async def remove_scan(world: World, place: Place) -> Call:
    options = {"json": {"reason": "Устарел"}, "headers": {"If-Match": '"1"'}}
    return Call(f"/attachments/{await _charter(world, place)}/removal", options)


SAMPLES: dict[str, Sample | Listing] = {
    "list_document_kinds": plain("/document-kinds"),
    "upload_scan": Sample(upload_scan, scoped=False),
    "attach_scan": Sample(attach_scan),
    "list_attachments": Listing(list_attachments, denied=404),
    "read_scan": Sample(read_scan),
    "remove_scan": Sample(remove_scan),
}
