"""HTTP of the search."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query

from servicekit import audit
from servicekit.http import After, Limit, Page, Uow, allow, paginate
from servicekit.security import Principal
from sgo_core.cards.audience import audience_of
from sgo_core.cards.fields import plain_value, shown
from sgo_core.cards.hints import hint
from sgo_core.catalogue.definition import CATALOGUE, Audience, CardKind
from sgo_core.finding import policies, service
from sgo_core.finding.likeness import weighed
from sgo_core.finding.schemas import ElsewhereOut, FoundOut, FoundStudentsOut, PairedOut, PairOut, Reason, Sought
from sgo_core.http import after_id

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
        elsewhere=[ElsewhereOut(hint=hint(_card(row)), found_by=_reasons(row)) for row in found.elsewhere],
        more=found.more,
    )


@router.get("/students/duplicates")
async def list_duplicates(
    principal: Annotated[Principal, allow(policies.READ_DUPLICATES)],
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    different: Annotated[bool, Query(description="Пары, которые признаны разными людьми")] = False,
) -> Page[PairOut]:
    """Карточки, которые, возможно, заведены на одного обучающегося; просмотр записывается в журнал доступа."""
    found = await service.duplicates(uow, principal, limit, after_id(after), different=different)
    page = paginate([_pair(row, audience_of(principal)) for row in found], limit, lambda pair: pair.id)
    told = {card.student_id for pair in page.items for card in pair.cards if card.student_id is not None}
    await audit.record(uow, principal, "students.duplicates.read", sorted(told))
    return page


def _seen(row: Any, audience: Audience) -> FoundOut:
    values, masked = _shown(_card(row), audience)
    return FoundOut(student_id=row.id, values=values, masked=masked, found_by=_reasons(row))


def _pair(row: Any, audience: Audience) -> PairOut:
    score, reasons = weighed(row)
    cards = [_paired(row, side, audience) for side in ("one", "other")]
    return PairOut(id=row.id, noted_at=row.noted_at, score=score, reasons=reasons, cards=cards)


def _paired(row: Any, side: str, audience: Audience) -> PairedOut:
    card = _card(row, f"{side}_")
    if not getattr(row, f"{side}_seen"):
        return PairedOut(student_id=None, values={}, masked=[], hint=hint(card))
    values, masked = _shown(card, audience)
    return PairedOut(student_id=getattr(row, f"{side}_id"), values=values, masked=masked, hint=None)


def _card(row: Any, prefix: str = "") -> dict[str, Any]:
    return {name: getattr(row, prefix + name) for name in (*_NAMES, "birth_date")}


def _shown(card: Mapping[str, Any], audience: Audience) -> tuple[dict[str, Any], list[str]]:
    plain = {name: plain_value(_FIELDS[name], value) for name, value in card.items()}
    return shown(CardKind.STUDENT, plain, audience, closed=())


def _reasons(row: Any) -> list[Reason]:
    return [reason for reason in _REASONS if getattr(row, reason)]
