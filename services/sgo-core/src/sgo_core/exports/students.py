"""Students and their guardians as tables."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

from asu_contracts.access import BODIES, OFFICE
from servicekit.uow import UnitOfWork
from sgo_core.cards.fields import to_plain
from sgo_core.catalogue.definition import CardKind
from sgo_core.exports.cards import cells_of, closed_for, items_of, seen
from sgo_core.exports.kinds import PAGE, ExportKind, Line, Scope, fact, organizations_in
from sgo_core.imports.children import STUDENT_READERS
from sgo_core.imports.columns import card_readers
from sgo_core.movements import service as movements
from sgo_core.people import service as people
from sgo_core.vault import vault_of

_STUDENT, _GUARDIAN = CardKind.STUDENT, CardKind.GUARDIAN
GUARDIAN_COLUMNS = card_readers(_GUARDIAN, titles={})
_KINSHIP = {"mother": "мать", "father": "отец", "guardian": "опекун", "other": "иное"}
_OWN = frozenset(one.name for one in STUDENT_READERS)


async def count_students(uow: UnitOfWork, scope: Scope) -> int:
    """Students of the scope on its day."""
    return await movements.count_visible(uow, scope.principal, scope.organization_id, scope.day)


async def pages_of_students(
    uow: UnitOfWork, scope: Scope, organization_id: UUID, *, main: bool | None = None
) -> AsyncIterator[Sequence[Any]]:
    """An organization's students on the day, a row a membership (``main``: only those): pages of rows of the list."""
    after: UUID | None = None
    while True:
        found = list(
            await movements.list_students(uow, scope.principal, organization_id, scope.day, None, main, PAGE, after)
        )
        if found[:PAGE]:
            yield found[:PAGE]
        if len(found) <= PAGE:
            return
        after = found[PAGE - 1].membership_id


async def _students(uow: UnitOfWork, scope: Scope) -> AsyncIterator[Sequence[Line]]:
    vault, wanted = vault_of(uow), scope.fields & _OWN
    async for organization in organizations_in(uow, scope):
        name = organization.short_name
        async for rows in pages_of_students(uow, scope, organization.id):
            ids = [row.id for row in rows]
            cards = await people.students_by_ids(uow, ids)
            closed = await closed_for(uow, scope, scope.audience, _STUDENT, ids)
            lines = []
            for row in rows:
                plain = to_plain(_STUDENT, cards[row.id], vault, dict.fromkeys(wanted))
                cells = cells_of(STUDENT_READERS, seen(_STUDENT, plain, scope.audience, closed[row.id]))
                facts = {"organization": (name,), "group": (row.group_name,), "enrolled_on": (row.since,)}
                lines.append(Line(cells | facts, (row.id,)))
            yield lines


async def _guardians(uow: UnitOfWork, scope: Scope) -> AsyncIterator[Sequence[Line]]:
    vault = vault_of(uow)
    async for organization in organizations_in(uow, scope):
        name = organization.short_name
        async for rows in pages_of_students(uow, scope, organization.id):
            children = {row.id: row for row in rows}
            families = await people.families_on(uow, list(children), scope.day)
            ids = sorted({guardian.id for _, guardian in families})
            closed = await closed_for(uow, scope, scope.audience, _GUARDIAN, ids)
            lines = []
            for tie, guardian in families:
                child = children[tie.student_id]
                plain = to_plain(_GUARDIAN, guardian, vault, dict.fromkeys(scope.fields & _GUARDIANS_OWN))
                cells = cells_of(GUARDIAN_COLUMNS, seen(_GUARDIAN, plain, scope.audience, closed[guardian.id]))
                whose = " ".join(part for part in (child.last_name, child.first_name, child.middle_name) if part)
                facts = {
                    "organization": (name,),
                    "group": (child.group_name,),
                    "child": (whose,),
                    "kinship": (_KINSHIP.get(tie.kinship, tie.kinship),),
                }
                lines.append(Line(cells | facts, (child.id, guardian.id)))
            yield lines


_GUARDIANS_OWN = frozenset(one.name for one in GUARDIAN_COLUMNS)
_ORGANIZATION = fact("organization", "Организация")
STUDENTS = ExportKind(
    name="students",
    title="Обучающиеся",
    roles=BODIES | OFFICE,
    items=[
        _ORGANIZATION,
        fact("group", "Класс (группа)", _STUDENT),
        fact("enrolled_on", "Дата зачисления", _STUDENT),
        *items_of(_STUDENT, STUDENT_READERS),
    ],
    count=count_students,
    rows=_students,
)
GUARDIANS = ExportKind(
    name="guardians",
    title="Родители (законные представители)",
    roles=BODIES | OFFICE,
    items=[
        _ORGANIZATION,
        fact("group", "Класс (группа)", _STUDENT),
        fact("child", "Обучающийся", _GUARDIAN, "children"),
        fact("kinship", "Степень родства", _GUARDIAN),
        *items_of(_GUARDIAN, GUARDIAN_COLUMNS),
    ],
    count=count_students,
    rows=_guardians,
)
