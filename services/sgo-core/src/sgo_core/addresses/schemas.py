"""HTTP shapes of the address book."""

from typing import Literal
from uuid import UUID

from servicekit.http import Body
from sgo_core.catalogue.values import Address

Level = Literal["region", "district", "settlement", "street", "house"]


class ObjectOut(Body):
    """An address object: its own name with its type, and the whole address."""

    id: UUID
    gar_id: UUID | None
    level: Level
    type_name: str
    name: str
    full_text: str
    postal_code: str | None
    oktmo: str | None


class ObjectsOut(Body):
    """Address objects found, the likeliest first."""

    items: list[ObjectOut]


class AddressOut(Body):
    """A card's address made of an object, and the flat if there is one."""

    address: Address


class CandidateOut(Body):
    """An object that a text typed by hand may mean; ``likeness`` 0 to 1."""

    id: UUID
    full_text: str
    likeness: float


class UnmatchedOut(Body):
    """An address of a student's card that was typed by hand and names no object of the book; ``key`` is the page's."""

    key: str
    student_id: UUID
    field: Literal["residence", "registration"]
    text: str
    candidates: list[CandidateOut]
