"""The catalogue over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from asu_contracts.exchanges import Service
from reporting.catalogue import policies
from reporting.catalogue.schemas import Catalogue, CatalogueEntry
from reporting.catalogue.service import reports
from servicekit.http import allow
from servicekit.security import Principal

router = APIRouter(tags=["catalogue"])


@router.get("/catalogue")
async def list_catalogue(
    principal: Annotated[Principal, allow(policies.CATALOGUE_READ)],
    service: Annotated[Service | None, Query(description="Только отчёты одной подсистемы")] = None,
    allowed: Annotated[bool | None, Query(description="Только те, что пользователь может (не может) составить")] = None,
) -> Catalogue:
    """Все отчёты всех подсистем: адрес, параметры, виды, кому доступны."""
    found = [
        CatalogueEntry(**one.model_dump(), allowed=principal.role in one.roles)
        for one in reports()
        if service is None or one.service is service
    ]
    return Catalogue(items=[one for one in found if allowed is None or one.allowed is allowed])
