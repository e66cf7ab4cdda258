"""HTTP shapes of organizations."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from servicekit.http import ABSENT, Body, Text
from sgo_core.cards.schemas import Values
from sgo_core.cards.values import CardValues
from sgo_core.catalogue.definition import CardKind

Kind = Literal["school", "preschool", "additional"]
Locality = Literal["urban", "rural"]
Oktmo = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")]
_NEEDED = frozenset({"full_name", "short_name", "kind", "municipality", "locality", "inn", "ogrn", "legal_address"})


class MunicipalityOut(Body):
    """A municipality: ОКТМО of 8 digits and name."""

    oktmo: str
    name: str


class MunicipalitiesOut(Body):
    """All municipalities in force."""

    items: list[MunicipalityOut]


class NewOrganizationValues(CardValues):
    """Поля карточки новой организации."""

    kind = CardKind.ORGANIZATION
    needed = _NEEDED
    creates = True


class OrganizationValues(CardValues):
    """Поля карточки организации: что не указано, остаётся; null очищает поле."""

    kind = CardKind.ORGANIZATION
    needed = _NEEDED


class OrganizationIn(Body):
    """An organization to register: the body that founded it, the head organization of a branch, the card."""

    founder_id: UUID | None = None
    parent_id: UUID | None = None
    values: NewOrganizationValues


class OrganizationPatch(Body):
    """What to change, and why; what is absent stays."""

    reason: Text
    values: OrganizationValues = Field(default_factory=OrganizationValues)
    founder_id: UUID | None = ABSENT
    active: bool = ABSENT


class OrganizationLine(Body):
    """An organization in a list."""

    id: UUID
    kind: Kind
    full_name: str
    short_name: str
    municipality: str
    locality: Locality
    founder_id: UUID | None
    parent_id: UUID | None
    active: bool


class SuccessionLink(Body):
    """A predecessor or a successor of an organization, since a day, by an act."""

    organization_id: UUID
    short_name: str
    valid_from: date
    reorganization_id: UUID
    document_title: str
    document_number: str
    document_date: date


class SuccessionOut(Body):
    """Whom an organization succeeds, and who succeeds it."""

    predecessors: list[SuccessionLink] = Field(default_factory=list)
    successors: list[SuccessionLink] = Field(default_factory=list)


class OrganizationOut(SuccessionOut):
    """An organization's card; ``version`` is null as of a past instant."""

    id: UUID
    founder_id: UUID | None
    parent_id: UUID | None
    active: bool
    values: Values
    version: int | None
