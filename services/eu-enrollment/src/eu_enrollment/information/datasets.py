"""Open data sets: what each holds, field by field, and its rows in a stable order, a chunk at a time."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.rules import Orientation, Stay
from eu_enrollment.information import repository, service
from eu_enrollment.information.model import GroupCard, OrganizationCard, Programme
from eu_enrollment.territories import service as territories
from servicekit.uow import UnitOfWork

CHUNK = 500
_FEW = 100

Row = Sequence[Any]
"""Values of the fields in their order: text, number, yes or no, date, instant, id, or nothing."""
Chunk = tuple[Sequence[Row], Any]
"""Rows, and the key to read on from; ``None`` when they were the last."""


@dataclass(frozen=True)
class Field:
    """A field of a data set."""

    name: str
    type: Literal["uuid", "string", "integer", "boolean", "date", "datetime"]
    title: str


@dataclass(frozen=True)
class Dataset:
    """A data set. ``read`` gives the chunk behind a key (``None``: the first), ``changed`` when its data last changed, if known."""

    name: str
    title: str
    description: str
    fields: Sequence[Field]
    read: Callable[[UnitOfWork, Any], Awaitable[Chunk]]
    changed: Callable[[UnitOfWork], Awaitable[datetime | None]]


async def _organizations(uow: UnitOfWork, after: Any) -> Chunk:
    found = await repository.organizations(uow.session, after, CHUNK)
    rows = found[:CHUNK]
    values = [
        (
            *(row.id, row.kind, row.short_name, row.full_name, row.municipality, row.locality, row.address),
            *("; ".join(row.phones or ()), row.email, row.site),
            *((row.licence or {}).get(name) for name in ("number", "issued_on", "valid_until")),
        )
        for row in rows
    ]
    return values, rows[-1].id if len(found) > CHUNK else None


async def _programmes(uow: UnitOfWork, after: Any) -> Chunk:
    found = await repository.programmes(uow.session, after, CHUNK)
    rows = found[:CHUNK]
    values = [
        (
            *(row.id, row.title, row.organization_id, row.organization, row.municipality, row.orientation),
            *(row.age_from, row.age_to, row.hours, row.duration_months, row.funding, row.adapted),
        )
        for row in rows
    ]
    return values, rows[-1].id if len(found) > CHUNK else None


async def _free_places(uow: UnitOfWork, after: Any) -> Chunk:
    found = await repository.organizations(uow.session, after, _FEW)
    rows = found[:_FEW]
    places = await service.free_places(uow, [row.id for row in rows], uow.clock.today())
    values = [
        (
            *(row.id, row.short_name, row.kind, row.municipality, key.academic_year, key.kind, key.grade),
            *(
                key.age_from,
                key.age_to,
                key.orientation,
                key.disorder,
                key.stay_mode,
                one.groups,
                one.capacity,
                one.occupied,
                one.held,
                one.free,
            ),
        )
        for row in rows
        for key, one in places.get(row.id, [])
    ]
    return values, rows[-1].id if len(found) > _FEW else None


async def _territories(uow: UnitOfWork, after: Any) -> Chunk:
    rows = await territories.lines_in_force(uow.session, uow.clock.today(), after, CHUNK)
    values = [
        (
            *(row.municipality, row.kind, row.organization_id, row.short_name, row.settlement, row.street, row.gar_id),
            *(row.houses, row.house_gar_id, row.shared, row.title, row.act_number, row.issued_on),
            *(row.valid_from, row.valid_to),
        )
        for row in rows
    ]
    return values, (rows[-1].act_id, rows[-1].number) if len(rows) == CHUNK else None


async def _campaigns(uow: UnitOfWork, after: Any) -> Chunk:
    found = await campaigns.page(uow.session, after, CHUNK)
    rows = found[:CHUNK]
    values = [
        (
            *(row.id, row.municipality, row.kind, row.academic_year, row.title, row.rules.id, row.rules.title),
            *(row.opens_at, row.closes_at),
        )
        for row in rows
    ]
    return values, rows[-1].id if len(found) > CHUNK else None


def _told(model: type[OrganizationCard | GroupCard | Programme]) -> Callable[[UnitOfWork], Awaitable[datetime | None]]:
    async def changed(uow: UnitOfWork) -> datetime | None:
        return await repository.last_change(uow.session, model)

    return changed


async def _published(uow: UnitOfWork) -> datetime | None:
    return await territories.last_published(uow.session)


async def _unknown(_uow: UnitOfWork) -> datetime | None:
    return None


_ORGANIZATION_ID = Field("organization_id", "uuid", "Идентификатор организации")
_ORGANIZATION = Field("organization", "string", "Краткое название организации")
_MUNICIPALITY = Field("municipality", "string", "Муниципальное образование, ОКТМО")

_SETS = (
    Dataset(
        "organizations",
        "Образовательные организации",
        "Действующие организации дошкольного, общего и дополнительного образования: названия, контакты, лицензия",
        (
            Field("id", "uuid", "Идентификатор организации"),
            Field("kind", "string", "Вид: school, preschool, additional"),
            Field("short_name", "string", "Краткое название"),
            Field("full_name", "string", "Полное название"),
            _MUNICIPALITY,
            Field("locality", "string", "Местность: urban, rural"),
            Field("address", "string", "Адрес"),
            Field("phones", "string", "Телефоны через точку с запятой"),
            Field("email", "string", "Электронная почта"),
            Field("site", "string", "Сайт"),
            Field("licence_number", "string", "№ лицензии"),
            Field("licence_issued_on", "date", "Дата предоставления лицензии"),
            Field("licence_valid_until", "date", "Лицензия действует до"),
        ),
        _organizations,
        _told(OrganizationCard),
    ),
    Dataset(
        "programmes",
        "Программы дополнительного образования",
        "Реализуемые программы: направленность, возраст, продолжительность, финансирование",
        (
            Field("id", "uuid", "Идентификатор программы"),
            Field("title", "string", "Название"),
            _ORGANIZATION_ID,
            _ORGANIZATION,
            _MUNICIPALITY,
            Field("orientation", "string", "Направленность"),
            Field("age_from", "integer", "Возраст от, полных лет"),
            Field("age_to", "integer", "Возраст до, полных лет включительно"),
            Field("hours", "integer", "Часов всего"),
            Field("duration_months", "integer", "Продолжительность, месяцев"),
            Field("funding", "string", "Финансирование: budget, certificate, paid"),
            Field("adapted", "boolean", "Адаптированная"),
        ),
        _programmes,
        _told(Programme),
    ),
    Dataset(
        "free-places",
        "Свободные места",
        "Места организаций по учебным годам, возрастным группам (классам), направленности и режиму пребывания: "
        "всего, занято, обещано направлениями, свободно",
        (
            _ORGANIZATION_ID,
            _ORGANIZATION,
            Field("organization_kind", "string", "Вид организации"),
            _MUNICIPALITY,
            Field("academic_year", "integer", "Учебный год, год начала"),
            Field("group_kind", "string", "Вид: class, preschool_group, additional_group"),
            Field("grade", "integer", "Параллель"),
            Field("age_from", "integer", "Возраст от, полных лет на 1 сентября"),
            Field("age_to", "integer", "Возраст до, полных лет включительно"),
            Field("orientation", "string", f"Направленность группы детского сада: {', '.join(get_args(Orientation))}"),
            Field("disorder", "string", "Вид нарушения, для которого группа"),
            Field("stay_mode", "string", f"Режим пребывания: {', '.join(get_args(Stay))}"),
            Field("groups", "integer", "Групп (классов)"),
            Field("capacity", "integer", "Мест всего"),
            Field("occupied", "integer", "Занято"),
            Field("held", "integer", "Обещано направлениями"),
            Field("free", "integer", "Свободно"),
        ),
        _free_places,
        _told(GroupCard),
    ),
    Dataset(
        "territories",
        "Закреплённые территории",
        "Улицы и дома, закреплённые за организациями актами, действующими сегодня",
        (
            _MUNICIPALITY,
            Field("kind", "string", "За кем: school, preschool"),
            _ORGANIZATION_ID,
            _ORGANIZATION,
            Field("settlement", "string", "Населённый пункт"),
            Field("street", "string", "Улица; пусто — населённый пункт целиком"),
            Field("gar_id", "uuid", "Идентификатор улицы (населённого пункта) по ГАР"),
            Field("houses", "string", "Дома; пусто — все"),
            Field("house_gar_id", "uuid", "Идентификатор дома по ГАР"),
            Field("shared", "boolean", "Общая территория нескольких организаций"),
            Field("act_title", "string", "Название акта"),
            Field("act_number", "string", "№ акта"),
            Field("act_issued_on", "date", "Дата акта"),
            Field("valid_from", "date", "Действует с"),
            Field("valid_to", "date", "Действует до, не включая"),
        ),
        _territories,
        _published,
    ),
    Dataset(
        "campaigns",
        "Кампании приёма",
        "Сроки приёма заявлений и правила",
        (
            Field("id", "uuid", "Идентификатор кампании"),
            _MUNICIPALITY,
            Field("kind", "string", "Вид кампании"),
            Field("academic_year", "integer", "Учебный год, год начала"),
            Field("title", "string", "Название"),
            Field("rules", "string", "Набор правил"),
            Field("rules_title", "string", "Название набора правил"),
            Field("opens_at", "datetime", "Начало приёма"),
            Field("closes_at", "datetime", "Окончание приёма"),
        ),
        _campaigns,
        _unknown,
    ),
)
DATASETS = {one.name: one for one in _SETS}
