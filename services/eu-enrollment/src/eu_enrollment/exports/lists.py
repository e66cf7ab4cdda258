"""The lists: columns and rows of each, as one table for every format."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from asu_contracts.access import BODIES
from eu_enrollment.applications import service as applications
from eu_enrollment.applications.schemas import ApplicationIn
from eu_enrollment.campaigns.rules import (
    CLASS_ORDER,
    DISORDERS,
    ORIENTATIONS,
    STAYS,
    BenefitClass,
    ComparatorKind,
    RuleSet,
    TieRule,
)
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.exports import repository
from eu_enrollment.exports.errors import NoAllocationError, UnknownListError
from eu_enrollment.exports.schemas import ExportIn
from eu_enrollment.offers import service as offers
from eu_enrollment.printing import full_name
from eu_enrollment.referrals import service as referrals
from eu_enrollment.runtime import EnrollmentRuntime
from eu_enrollment.worklists import service as worklists
from eu_enrollment.worklists.queues import QUEUES
from eu_enrollment.worklists.schemas import WorkItem
from reportkit.tables import Cell, Column, Kind
from servicekit import audit
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

REGISTER, QUEUE, PLACES, RESULTS = "register", "queue", "places", "results"
_TITLES = {
    REGISTER: "Реестр заявлений",
    QUEUE: "Реестр очереди",
    PLACES: "Свободные места",
    RESULTS: "Результаты распределения",
}
CLASS_TITLES = {
    BenefitClass.EXTRAORDINARY: "внеочередное",
    BenefitClass.PRIORITY: "первоочередное",
    BenefitClass.PREFERENTIAL: "преимущественное",
    BenefitClass.GENERAL: "общее",
}
_PAGE = 500

Rows = AsyncIterator[Sequence[Sequence[Cell]]]


@dataclass(frozen=True)
class Order:
    """A list ordered: by whom, of which campaign, as of when."""

    uow: UnitOfWork
    runtime: EnrollmentRuntime
    principal: Principal
    campaign: Campaign
    sent: ExportIn

    def local(self, at: datetime) -> str:
        """An instant as people of the region write it."""
        return f"{at.astimezone(self.uow.clock.zone):%d.%m.%Y %H:%M:%S}"

    @property
    def organization_id(self) -> UUID | None:
        """Whose rows alone: an organization has no others."""
        return self.principal.unit.organization_id or self.sent.organization_id


@dataclass(frozen=True)
class Made:
    """A list as a table: its title, remarks above it, columns, and pages of rows."""

    title: str
    notes: Sequence[str]
    columns: Sequence[Column]
    rows: Rows


def title_of(sent: ExportIn, principal: Principal) -> str:
    """Title of the list; raises ``UnknownListError`` for one that is not there or not the caller's."""
    title = QUEUES[sent.list].title if sent.list in QUEUES else _TITLES.get(sent.list)
    if title is None or (sent.list == QUEUE and principal.role not in BODIES):
        raise UnknownListError
    return title


async def make(order: Order) -> Made:
    """The list ordered; raises ``NoAllocationError``."""
    title = title_of(order.sent, order.principal)
    match order.sent.list:
        case "queue":
            return _queue(order, title)
        case "places":
            return _places(order, title)
        case "results":
            return await _results(order, title)
    return _register(order, title)


_NEEDS = (Column("Направленность группы", 18), Column("Режим пребывания", 24))


def _needs(orientation: str | None, stay_modes: Sequence[str] | None) -> tuple[Cell, Cell]:
    """Of the preschool group that a family asks for."""
    return ORIENTATIONS.get(orientation or ""), ", ".join(STAYS[one] for one in stay_modes or ())


def _register(order: Order, title: str) -> Made:
    columns = [
        Column("Номер заявления", 24),
        Column("Принято", 20),
        Column("Состояние", 30),
        Column("Срок", 12, Kind.DATE),
        Column("Право", 18),
        Column("Льгота", 24),
        Column("Возраст, лет", 10, Kind.NUMBER),
        *_NEEDS,
        Column("Желаемая дата", 14, Kind.DATE),
        Column("Отметка", 24),
    ]
    if order.sent.names:
        columns += [
            Column("Ребёнок", 34),
            Column("Дата рождения", 14, Kind.DATE),
            Column("Представитель", 34),
            Column("Телефон", 16),
        ]
    return Made(title, (), columns, _register_rows(order))


async def _register_rows(order: Order) -> Rows:
    after: str | UUID | None = None
    while True:
        found, after = await _page(order, after)
        stated: Mapping[UUID, ApplicationIn] = {}
        if order.sent.names:
            ids = [item.id for item in found]
            stated = await applications.stated(order.uow, order.runtime.cipher, ids)
            await audit.record(order.uow, order.principal, f"export.{order.sent.list}", ids)
        yield [_register_row(order, item, stated.get(item.id)) for item in found]
        if after is None:
            return


async def _page(order: Order, after: str | UUID | None) -> tuple[list[WorkItem], str | UUID | None]:
    """One page of the register or of a working queue, and the key of the next."""
    uow, principal, campaign, filters = order.uow, order.principal, order.campaign, order.sent.filters
    if order.sent.list == REGISTER:
        assert not isinstance(after, str)
        found = await worklists.register(uow, principal, campaign, filters, after, _PAGE)
        return found[:_PAGE], found[_PAGE - 1].id if len(found) > _PAGE else None
    assert not isinstance(after, UUID)
    queue = QUEUES[order.sent.list]
    found, keys = await worklists.waiting(uow, principal, campaign, queue, filters, after, _PAGE)
    return found[:_PAGE], keys[_PAGE - 1] if len(found) > _PAGE else None


def _register_row(order: Order, item: WorkItem, stated: ApplicationIn | None) -> list[Cell]:
    benefit = None if item.benefit is None else order.campaign.rules.benefit(item.benefit)
    row: list[Cell] = [
        item.number,
        order.local(item.accepted_at),
        item.status_title,
        item.due_on,
        CLASS_TITLES[item.benefit_class],
        None if benefit is None else benefit.title,
        item.age,
        *_needs(item.orientation, item.stay_modes),
        item.desired_from,
        item.attention if item.rejection is None else item.rejection.title,
    ]
    if stated is not None:
        parent = stated.representatives[0]
        row += [full_name(stated.child), stated.child.birth_date, full_name(parent), parent.phone]
    return row


def _queue(order: Order, title: str) -> Made:
    columns = (
        Column("Организация", 30),
        Column("№ п/п", 8, Kind.NUMBER),
        Column("Номер заявления", 24),
        Column("Принято", 20),
        Column("Право", 18),
        Column("Возраст, лет", 10, Kind.NUMBER),
        *_NEEDS,
        Column("Желаемая дата", 14, Kind.DATE),
        Column("Приоритет организации", 14, Kind.NUMBER),
    )
    lot = order.campaign.rules.tie.by is TieRule.LOTTERY
    notes = ("Порядок среди равных прав определяет жребий; здесь они стоят в порядке приёма.",) if lot else ()
    return Made(title, notes, columns, _queue_rows(order))


async def _queue_rows(order: Order) -> Rows:
    page: list[Sequence[Cell]] = []
    organization, place = None, 0
    async for row in repository.queue(order.uow.session, order.campaign.id, order.organization_id):
        place = place + 1 if row.organization_id == organization else 1
        organization = row.organization_id
        kind = CLASS_TITLES[_class_at(order.campaign.rules, row.priority)]
        accepted = order.local(row.accepted_at)
        needs = _needs(row.orientation, row.stay_modes)
        page.append((row.short_name, place, row.number, accepted, kind, row.age, *needs, row.desired_from, row.rank))
        if len(page) == _PAGE:
            yield page
            page = []
    yield page


def _class_at(rules: RuleSet, priority: int) -> BenefitClass:
    value = rules.rights(priority).get(ComparatorKind.BENEFIT, CLASS_ORDER[BenefitClass.GENERAL])
    return tuple(BenefitClass)[value]


def _places(order: Order, title: str) -> Made:
    columns = (
        Column("Организация", 30),
        Column("Группа (класс)", 24),
        Column("Параллель", 10, Kind.NUMBER),
        Column("Возраст от", 10, Kind.NUMBER),
        Column("Возраст до", 10, Kind.NUMBER),
        Column("Направленность", 18),
        Column("Вид нарушения", 24),
        Column("Режим пребывания", 18),
        Column("Мест", 8, Kind.NUMBER),
        Column("Занято", 8, Kind.NUMBER),
        Column("Свободно", 8, Kind.NUMBER),
    )

    async def rows() -> Rows:
        found = await offers.by_name(order.uow, order.campaign.id, order.organization_id)
        owed = await referrals.owed_by_group(order.uow, [one.group_id for one in found])
        yield [
            (
                one.organization,
                one.group,
                one.grade,
                one.age_from,
                one.age_to,
                ORIENTATIONS.get(one.orientation or ""),
                DISORDERS.get(one.disorder or ""),
                STAYS.get(one.stay_mode or ""),
                one.places,
                one.taken,
                one.free(owed.get(one.group_id, 0)),
            )
            for one in found
        ]

    return Made(title, (), columns, rows())


async def _results(order: Order, title: str) -> Made:
    last = await repository.last_allocation(order.uow.session, order.campaign.id)
    if last is None:
        raise NoAllocationError
    columns = (
        Column("Номер заявления", 24),
        Column("Организация", 30),
        Column("Группа (класс)", 24),
        Column("Приоритет организации", 14, Kind.NUMBER),
    )
    notes = (f"Распределение от {order.local(last.at)}", f"Контрольная сумма: {last.result_hash}")

    async def rows() -> Rows:
        page: list[Sequence[Cell]] = []
        async for row in repository.results(order.uow.session, last.id, order.organization_id):
            page.append((row.number, row.short_name or "место не предоставлено", row.group, row.rank))
            if len(page) == _PAGE:
                yield page
                page = []
        yield page

    return Made(title, notes, columns, rows())
