"""HTTP shapes of organizations."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints

from identifiers import Inn, RegistrationNumber
from servicekit.http import ABSENT, Body, Line

Kind = Literal["school", "preschool"]
Locality = Literal["urban", "rural"]
Oktmo = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")]


class MunicipalityOut(Body):
    """A municipality: ОКТМО of 8 digits and name."""

    oktmo: str
    name: str


class MunicipalitiesOut(Body):
    """All municipalities in force."""

    items: list[MunicipalityOut]


class OrganizationIn(Body):
    """An organization to register."""

    kind: Kind
    full_name: Line
    short_name: Line
    municipality: Oktmo
    locality: Locality
    founder_id: UUID | None = None
    inn: Inn
    ogrn: RegistrationNumber
    address: Line


class OrganizationPatch(Body):
    """Fields to change; what is absent stays."""

    full_name: Line = ABSENT
    short_name: Line = ABSENT
    locality: Locality = ABSENT
    address: Line = ABSENT
    active: bool = ABSENT


class OrganizationOut(Body):
    """An organization's card."""

    id: UUID
    kind: Kind
    full_name: str
    short_name: str
    municipality: str
    locality: Locality
    founder_id: UUID | None
    inn: str
    ogrn: str
    address: str
    active: bool
    version: int
