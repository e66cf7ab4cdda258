"""HTTP shapes of personal files."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from servicekit.http import ABSENT, Body, Line

Kind = Literal[
    "application",
    "identity",
    "birth_certificate",
    "registration",
    "contract",
    "consent",
    "medical",
    "commission",
    "study",
    "award",
    "order",
    "other",
]
KINDS: dict[str, str] = {
    "application": "Заявление о приёме",
    "identity": "Копия документа, удостоверяющего личность",
    "birth_certificate": "Копия свидетельства о рождении",
    "registration": "Документ о регистрации по месту жительства",
    "contract": "Договор об образовании",
    "consent": "Согласие на обработку персональных данных",
    "medical": "Медицинская карта, заключение",
    "commission": "Заключение психолого-медико-педагогической комиссии",
    "study": "Документ об обучении, справка с отметками",
    "award": "Грамота, диплом",
    "order": "Выписка из приказа",
    "other": "Иной документ",
}
Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2100, 12, 31))]
Title = Annotated[Line, StringConstraints(max_length=300)]
Sheets = Annotated[int, Field(ge=1, le=1000, title="Листов")]


class PaperIn(Body):
    """A paper put into the file."""

    kind: Kind
    title: Title
    sheets: Sheets
    received_on: Day
    attachment_id: UUID | None = None


class PaperMade(Body):
    """A paper that was entered."""

    id: UUID
    version: int


class PaperPatch(Body):
    """What changes of a paper; handed over: when and to whom, null takes it back; ``void``: it was entered by mistake."""

    title: Title = ABSENT
    sheets: Sheets = ABSENT
    received_on: Day = ABSENT
    handed_over_on: Day | None = ABSENT
    handed_to: Title | None = ABSENT
    attachment_id: UUID | None = ABSENT
    void: bool = ABSENT


class PaperOut(Body):
    """A paper of a file and the organization that holds it, or held it until it was handed over."""

    id: UUID
    student_id: UUID
    organization_id: UUID
    kind: Kind
    title: str
    sheets: int
    received_on: date
    handed_over_on: date | None
    handed_to: str | None
    attachment_id: UUID | None
    void: bool
    version: int
