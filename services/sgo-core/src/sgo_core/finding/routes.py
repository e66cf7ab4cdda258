"""HTTP of the search."""

from typing import Annotated, Any

from fastapi import APIRouter

from servicekit.http import Uow, allow
from servicekit.security import Principal
from sgo_core.cards.audience import audience_of
from sgo_core.cards.fields import plain_value, shown
from sgo_core.catalogue.definition import CATALOGUE, Audience, CardKind
from sgo_core.finding import policies, service
from sgo_core.finding.schemas import ElsewhereOut, FoundOut, FoundStudentsOut, Reason, Sought

_FIELDS = CATALOGUE.cards[CardKind.STUDENT].fields
_NAMES = ("last_name", "first_name", "middle_name")
_REASONS: tuple[Reason, ...] = ("snils", "document", "name")

router = APIRouter(tags=["students"])


@router.post("/students/search")
async def find_students(
    body: Sought, principal: Annotated[Principal, allow(policies.FIND_STUDENTS)], uow: Uow
) -> FoundStudentsOut:
    """Найти обучающегося по имени (и с ошибками), СНИЛС или документу; поиск записывается в журнал доступа."""
    found = await service.find_students(uow, principal, body)
    audience = audience_of(principal)
    return FoundStudentsOut(
        items=[_seen(row, audience) for row in found.seen],
        elsewhere=[ElsewhereOut(hint=_hint(row), found_by=_reasons(row)) for row in found.elsewhere],
        more=found.more,
    )


def _seen(row: Any, audience: Audience) -> FoundOut:
    plain = {name: plain_value(_FIELDS[name], getattr(row, name)) for name in (*_NAMES, "birth_date")}
    values, masked = shown(CardKind.STUDENT, plain, audience, closed=())
    return FoundOut(student_id=row.id, values=values, masked=masked, found_by=_reasons(row))


def _hint(row: Any) -> str:
    initials = " ".join(f"{name[0]}." for name in (getattr(row, part) for part in _NAMES) if name)
    return f"{initials}, {row.birth_date.year} г. р."


def _reasons(row: Any) -> list[Reason]:
    return [reason for reason in _REASONS if getattr(row, reason)]
