"""Forms over HTTP."""

from typing import Annotated

from fastapi import APIRouter

from reporting.forms import policies, service
from reporting.forms.schemas import FormSummary
from servicekit.http import Page, allow
from servicekit.security import Principal

router = APIRouter(tags=["forms"])


@router.get("/forms")
async def list_forms(_principal: Annotated[Principal, allow(policies.FORMS_READ)]) -> Page[FormSummary]:
    """Перечень форм и редакций, которые умеет строить подсистема."""
    return Page(items=[FormSummary.of(form) for form in service.catalog()])
