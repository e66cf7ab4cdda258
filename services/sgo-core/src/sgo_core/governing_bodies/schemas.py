"""HTTP shapes of governing bodies."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from identifiers import MunicipalityOktmo, Phone
from servicekit.http import ABSENT, Body, Line, Text
from sgo_core.catalogue.types import Email, Site
from sgo_core.catalogue.values import Address, Day

Kind = Literal["ministry", "department", "municipality"]


class Responsible(Body):
    """Who answers for a task in a governing body."""

    task: Annotated[Line, Field(title="За что отвечает")]
    name: Annotated[Line, Field(title="Фамилия, имя, отчество")]
    post: Annotated[Line | None, Field(title="Должность")] = None
    phone: Annotated[Phone | None, Field(title="Телефон")] = None
    email: Annotated[Email | None, Field(title="Электронная почта")] = None


class CabinetIn(Body):
    """What a governing body keeps of itself: contacts, and who answers for what."""

    address: Address | None = ABSENT
    phones: Annotated[list[Phone], Field(max_length=10)] | None = ABSENT
    email: Email | None = ABSENT
    site: Site | None = ABSENT
    responsible: Annotated[list[Responsible], Field(max_length=50)] = ABSENT


class BodyIn(CabinetIn):
    """A governing body to enter; ``municipality`` for a municipal one."""

    kind: Kind
    full_name: Line
    short_name: Line
    municipality: MunicipalityOktmo | None = None


class BodyPatch(CabinetIn):
    """What to change, and why. Names and the end of a body are the regional administrator's."""

    reason: Text
    full_name: Line = ABSENT
    short_name: Line = ABSENT
    abolished_on: Day = ABSENT


class BodyOut(Body):
    """A governing body: its card and its cabinet."""

    id: UUID
    kind: Kind
    full_name: str
    short_name: str
    municipality: str | None
    address: Address | None
    phones: list[str] | None
    email: str | None
    site: str | None
    responsible: list[Responsible]
    abolished_on: date | None
    version: int


class BodiesOut(Body):
    """All governing bodies in force."""

    items: list[BodyOut]
