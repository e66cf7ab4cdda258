"""An organization's tables as imports read them: what a register that is empty yet takes in again."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from reportkit import csv
from reportkit.tables import Cell, Column, Table
from servicekit.uow import UnitOfWork
from sgo_core.cards.fields import to_plain
from sgo_core.catalogue.definition import Audience, CardKind
from sgo_core.consents.standing import closed_fields, consents_of
from sgo_core.exports import study
from sgo_core.exports.kinds import Scope
from sgo_core.exports.students import pages_of_students
from sgo_core.groups import service as groups
from sgo_core.imports import groups as group_table
from sgo_core.imports import past_movements
from sgo_core.imports import staff as staff_table
from sgo_core.imports import students as student_table
from sgo_core.imports.children import GUARDIANS, STUDENT_READERS
from sgo_core.imports.columns import written
from sgo_core.imports.loads import LOADS
from sgo_core.imports.year_results import YEAR_RESULTS
from sgo_core.movements import archive
from sgo_core.movements.reasons import REASONS
from sgo_core.people import service as people
from sgo_core.staff import service as staff
from sgo_core.staff.posts import POSTS
from sgo_core.vault import vault_of

_KINSHIP = {code: title for title, code in student_table.KINSHIP.items()}


async def tables(uow: UnitOfWork, scope: Scope) -> list[tuple[str, bytes, int]]:
    """Path, content and number of rows of each table."""
    assert scope.organization_id is not None
    made = [
        ("students", student_table.STUDENTS, await _students(uow, scope, scope.organization_id)),
        ("staff", staff_table.STAFF, await _staff(uow, scope, scope.organization_id)),
        ("past-movements", past_movements.PAST_MOVEMENTS, await _past(uow, scope, scope.organization_id)),
    ]
    years = await _groups(uow, scope, scope.organization_id)
    loads = await study.loads_by_year(uow, scope, scope.organization_id)
    results = await study.results_by_year(uow, scope, scope.organization_id)
    made += [
        (f"{kind.name}-{year}", kind, of_year[year])
        for kind, of_year in ((group_table.GROUPS, years), (LOADS, loads), (YEAR_RESULTS, results))
        for year in sorted(of_year)
    ]
    return [
        (f"import/{name}.csv", csv.render(Table(name, [Column(one.title) for one in kind.columns], rows)), len(rows))
        for name, kind, rows in made
    ]


async def _closed(uow: UnitOfWork, scope: Scope, kind: CardKind, ids: Sequence[UUID]) -> Mapping[UUID, frozenset[str]]:
    return await closed_fields(uow, scope.principal, Audience.OFFICE, kind, ids)


def _open(plain: Mapping[str, Any], closed: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in plain.items() if name not in closed}


async def _students(uow: UnitOfWork, scope: Scope, organization_id: UUID) -> list[Sequence[Cell]]:
    rows: list[Sequence[Cell]] = []
    async for page in pages_of_students(uow, scope, organization_id, main=True):
        placed = {one.id: one for one in page if one.group_id is not None}
        ids = list(placed)
        cards = await people.students_by_ids(uow, ids)
        closed = await _closed(uow, scope, CardKind.STUDENT, ids)
        orders = await archive.placed_by(uow.session, organization_id, ids, scope.day)
        consented = await _consented(uow, organization_id, ids)
        families: dict[UUID, list[Any]] = {one: [] for one in ids}
        for tie, guardian in await people.families_on(uow, ids, scope.day):
            families[tie.student_id].append((tie, guardian))
        guardians = [guardian.id for family in families.values() for _, guardian in family]
        closed_of_guardians = await _closed(uow, scope, CardKind.GUARDIAN, guardians)
        for student_id in ids:
            since, number, dated = orders.get(student_id, (None, None, None))
            plain = _open(to_plain(CardKind.STUDENT, cards[student_id], vault_of(uow)), closed[student_id])
            row: list[Cell] = [placed[student_id].group_name, *written(STUDENT_READERS, plain)]
            row += [since, number, dated, consented.get(student_id)]
            rows.append([*row, *_guardians(uow, families[student_id], closed_of_guardians)])
    return rows


async def _consented(uow: UnitOfWork, organization_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Any]:
    """Day of the newest consent to the organization that stands, by subject."""
    found: dict[UUID, Any] = {}
    for one in await consents_of(uow, ids):
        if one.organization_id == organization_id and one.withdrawn_at is None:
            found.setdefault(one.subject_id, uow.clock.date_of(one.given_at))
    return found


def _guardians(uow: UnitOfWork, family: Sequence[Any], closed: Mapping[UUID, frozenset[str]]) -> list[Cell]:
    cells: list[Cell] = []
    for place, prefix in enumerate(GUARDIANS):
        readers = student_table.GUARDIAN_READERS[prefix]
        if place >= len(family):
            cells += [None] * (1 + sum(len(one.columns) for one in readers))
            continue
        tie, guardian = family[place]
        plain = _open(to_plain(CardKind.GUARDIAN, guardian, vault_of(uow)), closed[guardian.id])
        cells += [_KINSHIP[tie.kinship], *written(readers, plain)]
    return cells


async def _groups(uow: UnitOfWork, scope: Scope, organization_id: UUID) -> dict[int, list[Sequence[Cell]]]:
    """Classes and groups by academic year."""
    programmes = await group_table.programme_titles(uow, scope.principal, organization_id)
    years: dict[int, list[Sequence[Cell]]] = {}
    async for chunk in groups.of_organization(uow.session, organization_id):
        for one in chunk:
            if one.active:
                years.setdefault(one.academic_year, []).append(
                    group_table.cells(one, programmes.get(one.programme_id) if one.programme_id else None)
                )
    return years


async def _staff(uow: UnitOfWork, scope: Scope, organization_id: UUID) -> list[Sequence[Cell]]:
    rows: list[Sequence[Cell]] = []
    async for workers, posts in staff.ever_employed(uow.session, organization_id):
        cards = {one.id: one for one in workers}
        closed = await _closed(uow, scope, CardKind.WORKER, list(cards))
        consented = await _consented(uow, organization_id, list(cards))
        for post in posts:
            worker = cards[post.worker_id]
            plain = _open(to_plain(CardKind.WORKER, worker, vault_of(uow)), closed[worker.id])
            row: list[Cell] = [*written(staff_table.READERS, plain), POSTS[post.post_code].title, post.main]
            row += [str(post.rate.normalize()).replace(".", ","), post.hired_on, post.order_number, post.order_date]
            rows.append([*row, post.dismissed_on, post.dismissal_order, consented.get(worker.id)])
    return rows


async def _past(uow: UnitOfWork, scope: Scope, organization_id: UUID) -> list[Sequence[Cell]]:
    rows: list[Sequence[Cell]] = []
    async for page in archive.past_book(uow.session, organization_id, scope.day):
        cards = await people.students_by_ids(uow, [one[0].student_id for one in page])
        opened = {one[3] for one in page if one[3] is not None}
        named, years = await groups.names_of(uow, opened), await groups.described(uow.session, opened)
        for movement, number, dated, group in page:
            plain = to_plain(CardKind.STUDENT, cards[movement.student_id], vault_of(uow))
            left = group is None and movement.kind == _BETWEEN_ORGANIZATIONS
            reason = REASONS.get("to_organization" if left else movement.reason or "")
            row = written(past_movements.READERS, plain)
            row += [past_movements.EVENT_TITLES[_past_kind(movement.kind, left=left)], movement.effective_date]
            row += [None, None] if group is None else [str(years[group][0]), named[group]]
            rows.append(
                [
                    *row,
                    number,
                    dated,
                    None if reason is None else reason.title,
                    movement.destination or ("другая организация" if left else None),
                ]
            )
    return rows


_BETWEEN_ORGANIZATIONS = "transferred_between_organizations"


def _past_kind(kind: str, *, left: bool) -> str:
    """What a movement is in the table of past years: whoever comes from another organization enrols here and has left there."""
    if kind in {_BETWEEN_ORGANIZATIONS, "restored"}:
        return "departed" if left else "enrolled"
    return kind
