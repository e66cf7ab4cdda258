"""Additional forms over HTTP."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from asu_contracts.core import OrganizationKind
from reporting.additional_forms.definition import Code, Definition, Value, address
from servicekit.http import Body, Line

Respondent = Literal[OrganizationKind.SCHOOL, OrganizationKind.PRESCHOOL, OrganizationKind.ADDITIONAL]


class AdditionalFormIn(Body):
    """A form to be asked. An organization's own one has no ``respondents``: it fills it in itself."""

    title: Line
    definition: Definition
    respondents: Annotated[tuple[Respondent, ...], Field(max_length=3)] = ()
    deadline: Annotated[date | None, Field(description="Последний день; после него ответ опоздал")] = None


class AdditionalForm(BaseModel):
    """A form. Without an organization it is a municipality's, without either the region's."""

    id: UUID
    organization_id: UUID | None
    municipality: str | None
    title: str
    definition: Definition
    respondents: list[str]
    deadline: date | None
    version: int
    published_at: datetime | None


class CellIn(Body):
    """A cell that is filled in; an empty one has no value."""

    row: Code
    column: Code
    value: Value | None = None


class AnswerIn(Body):
    """All cells of an answer: those not named are empty."""

    cells: Annotated[list[CellIn], Field(max_length=6000)]
    send: Annotated[bool, Field(description="Отправить; иначе сохранить как черновик")] = False


class CellOut(BaseModel):
    """A cell; an empty one has no value."""

    row: str
    column: str
    value: Any


class Answer(BaseModel):
    """An organization's answer; version 0: none yet. ``sent_version`` stands as sent since ``sent_at``, whatever is saved later."""

    form_id: UUID
    organization_id: UUID
    version: int
    changed_at: datetime | None
    sent_version: int | None
    sent_at: datetime | None
    cells: list[CellOut]

    @classmethod
    def of(cls, form: Any, organization_id: UUID, found: Any) -> "Answer":
        """Every cell of the form, filled or empty."""
        definition = Definition.model_validate(form.definition)
        filled = {} if found is None else found.cells
        return cls(
            form_id=form.id,
            organization_id=organization_id,
            version=0 if found is None else found.version,
            changed_at=None if found is None else found.changed_at,
            sent_version=None if found is None else found.sent_version,
            sent_at=None if found is None else found.sent_at,
            cells=[
                CellOut(row=row.code, column=column.code, value=filled.get(address(row.code, column.code)))
                for row in definition.rows
                for column in definition.columns
            ],
        )


class FormRespondent(BaseModel):
    """Who fills a form in, and how far it is; ``revised``: a new draft is begun, what was sent stands. ``late``: not sent by the last day.

    ``sent_version`` is what stands, since ``sent_at``; a correction of what came in time is not late.
    """

    organization_id: UUID
    short_name: str
    municipality: str
    state: Literal["none", "draft", "sent", "revised"]
    sent_version: int | None
    sent_at: datetime | None
    late: bool
