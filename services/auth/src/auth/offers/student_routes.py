"""Routes of students' accounts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from auth.dependencies import in_force
from auth.grants.schemas import AccountWithSlip
from auth.offers import policies, students
from auth.offers.schemas import StudentOfferOut
from auth.runtime import CurrentAuth
from servicekit import audit
from servicekit.http import Limit, Page, Uow, allow, paginate
from servicekit.security import Principal

router = APIRouter(tags=["offers"], dependencies=[in_force()])

Offering = Annotated[Principal, allow(policies.OFFER_STUDENTS)]
AfterId = Annotated[UUID | None, Query(description="Ключ следующей страницы")]


@router.get("/offers/students")
async def list_student_offers(
    organization_id: UUID, principal: Offering, uow: Uow, limit: Limit = 100, after: AfterId = None
) -> Page[StudentOfferOut]:
    """Обучающиеся организации, которым можно выдать учётную запись."""
    found = await students.of_organization(uow, principal, organization_id, after=after, limit=limit + 1)
    page = paginate([StudentOfferOut.of(offer) for offer in found], limit, lambda offer: offer.student_id)
    await audit.record(uow, principal, "offers.students.read", [offer.student_id for offer in page.items])
    return page


@router.post("/offers/students/{student_id}/account")
async def give_student_account(
    student_id: UUID, runtime: CurrentAuth, principal: Offering, uow: Uow
) -> AccountWithSlip:
    """Выдать обучающемуся учётную запись, а если она уже есть, новый одноразовый пароль к ней."""
    holder, slip = await students.give_account(uow, runtime.passwords, runtime.slip_lifetime, principal, student_id)
    return AccountWithSlip.of(holder, slip)


@router.post("/offers/students/{student_id}/account/end", status_code=204)
async def end_student_account(student_id: UUID, principal: Offering, uow: Uow) -> None:
    """Прекратить доступ обучающегося; выданные токены перестают действовать, учётную запись можно выдать снова."""
    await students.end_account(uow, principal, student_id)
