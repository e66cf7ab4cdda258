"""Routes of the log: all of it is public."""

from typing import Annotated

from fastapi import APIRouter, Query

from eu_enrollment.acceptance_log import service
from eu_enrollment.acceptance_log.schemas import BlockOut, ProofOut
from servicekit.http import Limit, Page, Uow, paginate, public

router = APIRouter(tags=["acceptance log"])
_LARGEST = 2**31 - 1


@router.get("/receipts/log/head")
@public
async def log_head(uow: Uow) -> BlockOut:
    """Последний блок журнала приёма."""
    return await service.head(uow)


@router.get("/receipts/log/blocks")
@public
async def log_blocks(
    uow: Uow, limit: Limit = 100, after: Annotated[int, Query(ge=0, le=_LARGEST)] = 0
) -> Page[BlockOut]:
    """Блоки журнала приёма, от первого."""
    return paginate(await service.blocks(uow, after, limit), limit, lambda block: block.number)


@router.get("/receipts/log/proof")
@public
async def log_proof(
    uow: Uow,
    leaf: Annotated[str, Query(pattern=r"^[0-9a-f]{64}$", description="SHA-256 расписки: лист дерева по RFC 9162")],
) -> ProofOut:
    """Доказательство того, что расписка стоит в журнале приёма."""
    return await service.proof(uow, leaf)
