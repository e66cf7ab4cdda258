"""Forms as their users see them."""

from datetime import date

from pydantic import BaseModel

from reporting.engine.definition import FormDefinition
from reporting.engine.section import Status


class FormSummary(BaseModel):
    """An edition of a form. ``code`` names the form; the edition is picked by the day it is built as of.

    From ``confirmed_to`` on, nobody has checked that the edition is still in force: its reports are drafts.
    """

    code: str
    name: str
    edition: str
    title: str
    okud: str | None
    status: Status
    order: str
    valid_from: date
    valid_to: date | None
    confirmed_to: date | None

    @classmethod
    def of(cls, form: FormDefinition) -> "FormSummary":
        """What the list of forms says of an edition."""
        return cls(
            code=form.form,
            name=form.name,
            edition=form.edition,
            title=form.title,
            okud=form.okud,
            status=form.status,
            order=form.legal.order,
            valid_from=form.valid.since,
            valid_to=form.valid.to,
            confirmed_to=form.valid.confirmed_to,
        )
