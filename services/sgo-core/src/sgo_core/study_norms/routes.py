"""HTTP of the norms of the curriculum."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from servicekit.http import CreateOnce, Uow, allow
from servicekit.security import Principal
from sgo_core.study_norms import policies, service
from sgo_core.study_norms.schemas import EditionIn, EditionOut, EditionsOut, MaximumOut, ObligatoryOut

router = APIRouter(tags=["study-norms"])
OnDay = Annotated[date | None, Query(alias="date", description="Действующие в этот день; по умолчанию сегодня")]
Everything = Annotated[bool, Query(alias="all", description="Все редакции, прежние и будущие")]


def _out(one: service.Edition) -> EditionOut:
    grades: dict[int, list[UUID]] = {}
    for row in one.obligatory:
        grades.setdefault(row.grade, []).append(row.subject_id)
    return EditionOut.model_validate(
        {
            **{name: getattr(one.edition, name) for name in ("id", "kind", "valid_from", "source", "recorded_at")},
            "valid_to": one.valid_to,
            "maximum_load": [
                MaximumOut(grade=row.grade, week_days=row.week_days, hours=f"{row.hours:.1f}") for row in one.maxima
            ],
            "obligatory_subjects": [ObligatoryOut(grade=grade, subject_ids=ids) for grade, ids in grades.items()],
        }
    )


@router.get("/study-norms")
async def list_study_norms(
    _principal: Annotated[Principal, allow(policies.READ)],
    uow: Uow,
    day: OnDay = None,
    everything: Everything = False,
) -> EditionsOut:
    """Нормы учебного плана: предельная недельная нагрузка и обязательные предметы по классам."""
    on = None if everything else day or uow.clock.today()
    return EditionsOut(items=[_out(one) for one in await service.list_editions(uow, on)])


@router.post("/study-norms", status_code=201, response_model=EditionOut)
async def add_study_norm(
    body: EditionIn, once: CreateOnce, principal: Annotated[Principal, allow(policies.KEEP)], uow: Uow
) -> JSONResponse:
    """Ввести новую редакцию нормы с даты; прежние редакции не меняются."""

    async def add() -> tuple[int, dict[str, Any]]:
        return 201, _out(await service.add_edition(uow, principal, body)).model_dump(mode="json")

    return await once(add)
