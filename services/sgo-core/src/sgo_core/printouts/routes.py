"""HTTP of printed books, lists, cards, orders and certificates."""

from datetime import date as day_type
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from servicekit.http import Uow, allow
from servicekit.security import Principal
from sgo_core.contingents.errors import PeriodError
from sgo_core.movements.schemas import Day
from sgo_core.printing import pdf
from sgo_core.printouts import books, health, papers, policies

router = APIRouter(tags=["printouts"], default_response_class=Response)
_PDF: dict[int | str, dict[str, object]] = {200: {"content": {"application/pdf": {}}}}
Booker = Annotated[Principal, allow(policies.BOOKS)]
Filer = Annotated[Principal, allow(policies.FILE)]
Since = Annotated[Day, Query(alias="from", description="Первый день")]
Until = Annotated[Day, Query(alias="to", description="Последний день")]
Healer = Annotated[Principal, allow(policies.HEALTH)]
SinceToday = Annotated[Day | None, Query(alias="from", description="Первый день; по умолчанию сегодня")]
UntilSame = Annotated[Day | None, Query(alias="to", description="Последний день; по умолчанию первый")]
Columns = Annotated[
    list[str], Query(max_length=12, description="Поля карточки обучающегося по каталогу данных, столбцами по порядку")
]
_LONGEST = timedelta(days=3660)


def _check(since: day_type, until: day_type) -> None:
    if not timedelta(0) <= until - since <= _LONGEST:
        raise PeriodError


def _days(uow: Uow, since: day_type | None, until: day_type | None) -> tuple[day_type, day_type]:
    """The days asked for, both included; raises ``PeriodError``."""
    first = since or uow.clock.today()
    last = until or first
    _check(first, last)
    return first, last


@router.get("/organizations/{organization_id}/movement-book", responses=_PDF)
async def print_movement_book(
    organization_id: UUID, since: Since, until: Until, principal: Booker, uow: Uow
) -> Response:
    """Книга движения за период (PDF)."""
    _check(since, until)
    return pdf(await books.movement_book(uow, principal, organization_id, since, until), "Книга движения")


@router.get("/organizations/{organization_id}/alphabet-book", responses=_PDF)
async def print_alphabet_book(
    organization_id: UUID, since: Since, until: Until, principal: Booker, uow: Uow
) -> Response:
    """Алфавитная книга: все, кто обучался в период (PDF)."""
    _check(since, until)
    return pdf(await books.alphabet_book(uow, principal, organization_id, since, until), "Алфавитная книга")


@router.get("/groups/{group_id}/class-list", responses=_PDF)
async def print_class_list(
    group_id: UUID,
    principal: Annotated[Principal, allow(policies.LIST)],
    uow: Uow,
    columns: Columns = [],  # noqa: B006 - read only
    date: Annotated[Day | None, Query(description="Дата; по умолчанию сегодня")] = None,
) -> Response:
    """Список класса (группы) на дату с выбранными столбцами (PDF)."""
    day = date or uow.clock.today()
    name, content = await books.class_list(uow, principal, group_id, day, list(dict.fromkeys(columns)))
    return pdf(content, f"Список {name}")


@router.get("/groups/{group_id}/health-sheet", responses=_PDF)
async def print_health_sheet(
    group_id: UUID,
    principal: Healer,
    uow: Uow,
    date: Annotated[Day | None, Query(description="Дата; по умолчанию сегодня")] = None,
) -> Response:
    """Листок здоровья класса (группы) на дату (PDF)."""
    name, content = await health.sheet(uow, principal, group_id, date or uow.clock.today())
    return pdf(content, f"Листок здоровья {name}")


@router.get("/groups/{group_id}/pe-exemptions", responses=_PDF)
async def print_pe_exemptions(
    group_id: UUID, principal: Healer, uow: Uow, since: SinceToday = None, until: UntilSame = None
) -> Response:
    """Освобождённые от физической культуры класса (группы) за период (PDF)."""
    first, last = _days(uow, since, until)
    name, content = await health.exemptions(uow, principal, group_id, first, last)
    return pdf(content, f"Освобождения от физкультуры {name}")


@router.get("/organizations/{organization_id}/pe-exemptions", responses=_PDF)
async def print_pe_exemptions_of_organization(
    organization_id: UUID,
    principal: Annotated[Principal, allow(policies.HEALTH_OF_ALL)],
    uow: Uow,
    since: SinceToday = None,
    until: UntilSame = None,
) -> Response:
    """Освобождённые от физической культуры организации за период, по классам (PDF)."""
    first, last = _days(uow, since, until)
    content = await health.exemptions_of_organization(uow, principal, organization_id, first, last)
    return pdf(content, "Освобождения от физкультуры")


@router.get("/students/{student_id}/card.pdf", responses=_PDF)
async def print_personal_card(
    student_id: UUID, principal: Annotated[Principal, allow(policies.CARD)], uow: Uow
) -> Response:
    """Личная карточка обучающегося (PDF)."""
    return pdf(await papers.personal_card(uow, principal, student_id), "Личная карточка")


@router.get("/students/{student_id}/personal-file.pdf", responses=_PDF)
async def print_personal_file(student_id: UUID, principal: Filer, uow: Uow) -> Response:
    """Личное дело: титульный лист, опись, итоги годов, движение (PDF)."""
    return pdf(await papers.personal_file(uow, principal, student_id), "Личное дело")


@router.get("/students/{student_id}/certificate.pdf", responses=_PDF)
async def print_certificate(student_id: UUID, principal: Filer, uow: Uow) -> Response:
    """Справка об обучении (PDF)."""
    return pdf(await papers.certificate(uow, principal, student_id), "Справка об обучении")


@router.get("/orders/{order_id}/order.pdf", responses=_PDF)
async def print_order(order_id: UUID, principal: Booker, uow: Uow) -> Response:
    """Приказ о движении (PDF)."""
    number, content = await papers.order(uow, principal, order_id)
    return pdf(content, f"Приказ № {number}")


@router.get("/transfers/{transfer_id}/notice.pdf", responses=_PDF)
async def print_transfer_notice(transfer_id: UUID, principal: Booker, uow: Uow) -> Response:
    """Уведомление исходной организации о зачислении (PDF)."""
    return pdf(await papers.notice(uow, principal, transfer_id), "Уведомление о зачислении")
