"""HTTP of names by statistical ids."""

from typing import Annotated, Any

from fastapi import APIRouter

from servicekit.http import Uow, allow
from servicekit.security import Principal
from sgo_core.cards.audience import audience_of
from sgo_core.cards.fields import shown
from sgo_core.catalogue.definition import Audience, CardKind
from sgo_core.pseudonyms import policies, service
from sgo_core.pseudonyms.schemas import (
    NamedStudentOut,
    NamedStudentsOut,
    NamedWorkerOut,
    NamedWorkersOut,
    PseudonymsIn,
)

router = APIRouter(tags=["pseudonyms"])
_NAMES = ("last_name", "first_name", "middle_name")


@router.post("/students/by-statistical-ids")
async def name_students(
    body: PseudonymsIn, principal: Annotated[Principal, allow(policies.NAME_STUDENTS)], uow: Uow
) -> NamedStudentsOut:
    """Кто из обучающихся учтён в отчёте под идентификаторами; чужих в ответе нет, просмотр записывается в журнал доступа."""
    audience = audience_of(principal)
    items = [
        NamedStudentOut(
            statistical_id=one.statistical_id,
            student_id=one.id,
            group=one.group,
            **_names(CardKind.STUDENT, one, audience),
        )
        for one in await service.students(uow, principal, body.statistical_ids)
    ]
    return NamedStudentsOut(items=items)


@router.post("/workers/by-statistical-ids")
async def name_workers(
    body: PseudonymsIn, principal: Annotated[Principal, allow(policies.NAME_WORKERS)], uow: Uow
) -> NamedWorkersOut:
    """Кто из работников учтён в отчёте под идентификаторами; чужих в ответе нет, просмотр записывается в журнал доступа."""
    audience = audience_of(principal)
    items = [
        NamedWorkerOut(
            statistical_id=one.statistical_id,
            worker_id=one.id,
            posts=one.posts,
            **_names(CardKind.WORKER, one, audience),
        )
        for one in await service.workers(uow, principal, body.statistical_ids)
    ]
    return NamedWorkersOut(items=items)


def _names(kind: CardKind, row: Any, audience: Audience) -> dict[str, Any]:
    values, masked = shown(kind, {name: getattr(row, name) for name in _NAMES}, audience, closed=())
    return {"values": values, "masked": masked}
