"""Free texts of records that may name a person: no mask fits them, so no governing body reads them (``texts`` of the catalogue)."""

from typing import TypeVar

from pydantic import BaseModel

from sgo_core.catalogue.definition import CATALOGUE, Audience

Shape = TypeVar("Shape", bound=BaseModel)


def withheld(audience: Audience, relation: str) -> dict[str, None]:
    """What stands in place of the free texts of a record for an audience: nothing for those who read them."""
    return dict.fromkeys(CATALOGUE.texts[relation], None) if audience is Audience.BODY else {}


def without_texts(shape: Shape, audience: Audience, relation: str) -> Shape:
    """A record as an audience reads it."""
    return shape.model_copy(update=withheld(audience, relation))
