"""Routes of the lots."""

from uuid import UUID

from fastapi import APIRouter, Response

from eu_enrollment.lottery import service
from eu_enrollment.lottery.schemas import LotteryOut
from servicekit.http import Uow, public

router = APIRouter(tags=["lottery"])


@router.get("/public/campaigns/{campaign_id}/lottery")
@public
async def get_lottery(campaign_id: UUID, uow: Uow, response: Response) -> LotteryOut:
    """Жребий кампании: отпечаток зерна известен с её открытия, само зерно публикуется с первым распределением."""
    response.headers["Cache-Control"] = "public, max-age=60"
    return LotteryOut.model_validate(await service.commitment_of(uow, campaign_id))
