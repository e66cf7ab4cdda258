"""Bodies of verifications."""

from datetime import date, datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from eu_enrollment.verifications.kinds import CheckKind
from eu_enrollment.verifications.model import State
from servicekit.http import Body, Line, Text

TITLES = {
    CheckKind.BENEFIT: "Документ о льготе",
    CheckKind.SIBLING: "Брат или сестра в организации",
    CheckKind.ORIENTATION: "Заключение, по которому принимают в группу такой направленности",
    CheckKind.ADDRESS: "Адрес и закреплённая территория",
    CheckKind.DISTANCE: "Расстояние от места жительства до организации",
    CheckKind.AGE: "Возраст вне установленных границ",
    CheckKind.STAY_DOCUMENT: "Законность пребывания иностранного гражданина",
    CheckKind.LANGUAGE_TEST: "Тестирование по русскому языку",
    CheckKind.HELD_PLACE: "Место, из которого переводится ребёнок",
    CheckKind.DUPLICATE: "Заявление на ребёнка в другом муниципалитете",
    CheckKind.REGISTRY: "Реестр не принял зачисление",
    CheckKind.CONDITION: "Условие приёма не выполнено",
}


class VerificationOut(BaseModel):
    """A check of an application. ``due_on``: last day of the operator, or of the family where documents are awaited."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    application_id: UUID
    campaign_id: UUID
    kind: CheckKind
    title: str
    subject: str
    state: State
    due_on: date
    overdue: bool
    assignee: str | None
    opened_at: datetime
    decided_at: datetime | None
    source: str | None
    note: str | None
    metres: int | None


class DecisionIn(Body):
    """What an operator has found. ``note``: why not, or which documents are asked for; no personal data.

    ``metres``: of a distance, as it was measured.
    """

    outcome: Literal["confirmed", "not_confirmed", "documents_requested"]
    note: Text | None = None
    metres: int | None = Field(default=None, ge=0, le=1_000_000)

    @model_validator(mode="after")
    def _said_why(self) -> Self:
        if self.outcome != "confirmed" and self.note is None:
            raise PydanticCustomError("note.missing", "Укажите, что не подтвердилось или какие документы нужны")
        return self


class AssigneeIn(Body):
    """The account of the operator who has taken it; null: nobody."""

    account_id: Line | None = Field(max_length=100)


class CountOut(BaseModel):
    """How many checks of a kind are undecided, and of these whose last day has passed or is near."""

    kind: CheckKind
    title: str
    state: State
    total: int
    overdue: int
    soon: int
