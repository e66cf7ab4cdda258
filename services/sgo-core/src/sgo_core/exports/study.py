"""The teaching load and marks of the years of an organization as imports read them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from reportkit.tables import Cell
from servicekit.uow import UnitOfWork
from sgo_core.cards.fields import to_plain
from sgo_core.catalogue.definition import Audience, CardKind
from sgo_core.consents.standing import closed_fields
from sgo_core.exports.kinds import PAGE, Scope
from sgo_core.groups import service as groups
from sgo_core.loads import service as loads
from sgo_core.people import service as people
from sgo_core.staff import service as staff
from sgo_core.subgroups import service as subgroups
from sgo_core.vault import vault_of
from sgo_core.year_closing import results, roster

Years = dict[int, list[Sequence[Cell]]]


async def _plain(
    uow: UnitOfWork, scope: Scope, kind: CardKind, cards: Mapping[UUID, Any]
) -> dict[UUID, dict[str, Any]]:
    """Values of cards that the organization has a ground to use."""
    closed = await closed_fields(uow, scope.principal, Audience.OFFICE, kind, list(cards))
    return {
        card_id: {
            name: value for name, value in to_plain(kind, card, vault_of(uow)).items() if name not in closed[card_id]
        }
        for card_id, card in cards.items()
    }


async def loads_by_year(uow: UnitOfWork, scope: Scope, organization_id: UUID) -> Years:
    """Lines of the load by academic year."""
    rows = await loads.list_loads(uow, scope.principal, organization_id, {}, None, None, None)
    lines = [row for row in rows if row.TeachingLoad.valid_from < row.TeachingLoad.valid_to]
    workers = await staff.by_ids(uow, {row.TeachingLoad.worker_id for row in lines})
    values = await _plain(uow, scope, CardKind.WORKER, workers)
    years: Years = {}
    for year in {row.TeachingLoad.academic_year for row in lines}:
        classes = {one.id: one.name for one in await groups.named(uow, organization_id, year)}
        parts = {one.id: one for one in await subgroups.named(uow, organization_id, year)}
        years[year] = [
            [
                *_taught(row, classes, parts),
                row.title,
                values[row.TeachingLoad.worker_id].get("snils"),
                " ".join(filter(None, (row.last_name, row.first_name, row.middle_name))),
                row.TeachingLoad.hours_week,
                row.TeachingLoad.valid_from,
                row.TeachingLoad.valid_to,
            ]
            for row in lines
            if row.TeachingLoad.academic_year == year
        ]
    return years


def _taught(row: Any, classes: Mapping[UUID, str], parts: Mapping[UUID, Any]) -> tuple[Cell, Cell]:
    """The class and the teaching group; a subgroup with its division, for several of a class may be called alike."""
    load = row.TeachingLoad
    if load.group_id is not None:
        return row.taught, None
    part = parts.get(load.teaching_group_id)
    if part is None or part.group_id is None:
        return None, row.taught
    return classes.get(part.group_id), f"{part.division}: {part.name}"


async def results_by_year(uow: UnitOfWork, scope: Scope, organization_id: UUID) -> Years:
    """Marks of the year by academic year."""
    years: Years = {}
    classes: dict[int, Mapping[UUID, str]] = {}
    after: UUID | None = None
    while True:
        page = await results.list_results(uow, scope.principal, organization_id, None, None, None, PAGE, after)
        found = page[:PAGE]
        cards = await people.students_by_ids(uow, {one.student_id for one in found})
        values = await _plain(uow, scope, CardKind.STUDENT, cards)
        for one in found:
            year = one.academic_year
            if year not in classes:
                rows = await roster.of_year(uow, organization_id, year)
                classes[year] = {row.id: row.group for row in rows}
            plain = values[one.student_id]
            named = [plain.get(name) for name in _NAMED]
            born = date.fromisoformat(plain["birth_date"])
            marks = (one.subject, one.annual, one.exam, one.final)
            years.setdefault(year, []).append([classes[year].get(one.student_id), *named, born, *marks])
        if len(page) <= PAGE:
            return years
        after = found[-1].id


_NAMED = ("snils", "personal_file_number", "last_name", "first_name", "middle_name")
