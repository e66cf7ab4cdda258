"""Governing bodies as contract events."""

from asu_contracts.core import GoverningBodyChanged
from sgo_core.governing_bodies.model import GoverningBody


def governing_body_changed(body: GoverningBody) -> GoverningBodyChanged:
    """The current state of a body, without the names of who answers for what."""
    return GoverningBodyChanged(
        body_id=body.id,
        kind=body.kind,
        full_name=body.full_name,
        short_name=body.short_name,
        municipality=body.municipality,
        address=body.address["text"] if body.address else None,
        phones=tuple(body.phones or ()),
        email=body.email,
        site=body.site,
        abolished_on=body.abolished_on,
    )
