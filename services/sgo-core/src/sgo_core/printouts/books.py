"""Books and lists of an organization: movement book, alphabet book, list of a class."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from identifiers import normal_name
from servicekit import audit
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.audience import audience_of
from sgo_core.cards.fields import plain_value, shown, to_plain
from sgo_core.cards.printing import printed
from sgo_core.catalogue.definition import CATALOGUE, Audience, CardKind, Level
from sgo_core.class_teachers import service as class_teachers
from sgo_core.consents.standing import closed_fields
from sgo_core.groups import service as groups
from sgo_core.movements import service as movements
from sgo_core.movements.reasons import REASONS
from sgo_core.movements.titles import kind_title
from sgo_core.organizations import service as organizations
from sgo_core.people import service as people
from sgo_core.printing import PRINTER
from sgo_core.printouts import repository
from sgo_core.printouts.errors import ColumnError, HiddenColumnError
from sgo_core.printouts.footer import footer
from sgo_core.vault import vault_of

_FIELDS = CATALOGUE.cards[CardKind.STUDENT].fields
_STORED = CATALOGUE.cards[CardKind.STUDENT].stored()
NAME = ("last_name", "first_name", "middle_name")


async def movement_book(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, since: date, until: date
) -> bytes:
    """The movement book of a period."""
    organization = await organizations.require_visible(uow, principal, organization_id)
    rows = await repository.movement_book(uow.session, organization_id, since, until)
    audience = audience_of(principal)
    lines = [
        [
            number,
            row.effective_date,
            *person(row, audience),
            kind_title(row.kind, opens=row.opened_id is not None, closes=row.closed_id is not None),
            " → ".join(name for name in (row.out_of, row.into) if name),
            where(row.reason, row.destination),
            f"№ {row.number} от {row.date:%d.%m.%Y}",
        ]
        for number, row in enumerate(rows, start=1)
    ]
    await audit.record(uow, principal, "movement-book.print", {row.student_id for row in rows})
    data = {"organization": organization.full_name, "since": since, "until": until, "lines": lines}
    return await PRINTER.render("movement-book", data, footer(uow, principal))


async def alphabet_book(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, since: date, until: date
) -> bytes:
    """The alphabet book: everybody who studied in a period, by name."""
    organization = await organizations.require_visible(uow, principal, organization_id)
    rows = await repository.alphabet_book(uow.session, organization_id, since, until)
    audience = audience_of(principal)
    lines = [
        [
            number,
            *person(row, audience),
            cell("sex", row.sex, audience),
            cell("personal_file_number", row.personal_file_number, audience),
            row.valid_from,
            row.group_name,
            row.valid_to,
            "" if row.valid_to is None else where(row.reason, row.destination),
            "" if row.valid_to is None or row.number is None else f"№ {row.number} от {row.date:%d.%m.%Y}",
        ]
        for number, row in enumerate(sorted(rows, key=_by_name), start=1)
    ]
    await audit.record(uow, principal, "alphabet-book.print", {row.student_id for row in rows})
    data = {"organization": organization.full_name, "since": since, "until": until, "lines": lines}
    return await PRINTER.render("alphabet-book", data, footer(uow, principal))


@dataclass(frozen=True)
class Listed:
    """A student in a list: the name, and plain values of the card as the reader may see them."""

    student_id: UUID
    name: str
    values: Mapping[str, Any]

    def printed(self, column: str) -> str | None:
        """A value in Russian."""
        return printed(_FIELDS[column], self.values.get(column))


async def listed(
    uow: UnitOfWork, principal: Principal, student_ids: Sequence[UUID], columns: Sequence[str]
) -> list[Listed]:
    """Students by name with columns of their cards; raises ``ColumnError``, ``HiddenColumnError``."""
    audiences = await class_teachers.audiences(uow, principal, student_ids)
    for one in set(audiences.values()) or {audience_of(principal)}:
        check_columns(columns, one)
    return await cards(uow, principal, student_ids, columns)


async def cards(
    uow: UnitOfWork, principal: Principal, student_ids: Sequence[UUID], columns: Sequence[str]
) -> list[Listed]:
    """Students by name with those columns of their cards that the reader may see.

    Of who left by now a list of past days has the name alone.
    """
    known = await people.by_ids(uow, student_ids)
    audiences = await class_teachers.audiences(uow, principal, student_ids)
    closed: dict[UUID, frozenset[str]] = {}
    for audience in set(audiences.values()):
        mine = [one for one in student_ids if audiences[one] is audience]
        closed |= await closed_fields(uow, principal, audience, CardKind.STUDENT, mine)
    vault, seen = vault_of(uow), await movements.students_seen(uow, principal, student_ids)
    found = []
    for student in sorted(known, key=_by_name):
        told = columns if student.id in seen else ()
        plain = to_plain(CardKind.STUDENT, student, vault, dict.fromkeys((*NAME, *told)))
        values, _ = shown(CardKind.STUDENT, plain, audiences[student.id], closed[student.id])
        found.append(Listed(student.id, " ".join(values[one] for one in NAME if values.get(one)), values))
    return found


async def class_list(
    uow: UnitOfWork, principal: Principal, group_id: UUID, day: date, columns: Sequence[str]
) -> tuple[str, bytes]:
    """The list of a class or group with the columns asked for, and its name; raises ``ColumnError``, ``HiddenColumnError``."""
    group = await groups.get_group(uow, principal, group_id)
    organization = await organizations.require_visible(uow, principal, group.organization_id)
    student_ids = await repository.members(uow.session, group_id, day, day)
    lines = [
        [number, one.name, *(one.printed(column) for column in columns)]
        for number, one in enumerate(await listed(uow, principal, student_ids, columns), start=1)
    ]
    await audit.record(uow, principal, "class-list.print", student_ids)
    data = {
        "organization": organization.full_name,
        "group": group.name,
        "day": day,
        "columns": [_FIELDS[one].title for one in columns],
        "lines": lines,
    }
    return group.name, await PRINTER.render("class-list", data, footer(uow, principal))


def check_columns(columns: Iterable[str], audience: Audience) -> None:
    """Raise for a column that is no field of the card, and for one that the audience may not see."""
    for one in columns:
        if one not in _STORED or one in NAME:
            raise ColumnError
        if CATALOGUE.level(_FIELDS[one], audience) is Level.NONE:
            raise HiddenColumnError


def _by_name(row: Any) -> tuple[str, Any]:
    return normal_name(" ".join(getattr(row, one) for one in NAME if getattr(row, one))), row.birth_date


def person(row: Any, audience: Audience) -> tuple[str, str | None]:
    """Name and birth date as the reader may see them."""
    return " ".join(getattr(row, one) for one in NAME if getattr(row, one)), cell(
        "birth_date", row.birth_date, audience
    )


def cell(name: str, value: Any, audience: Audience) -> str | None:
    """A field of the card as the reader may see it, printed."""
    values: Mapping[str, Any]
    values, _ = shown(CardKind.STUDENT, {name: plain_value(_FIELDS[name], value)}, audience, closed=())
    return printed(_FIELDS[name], values.get(name))


def where(reason: str | None, destination: str | None) -> str:
    """Why and where to."""
    title = None if reason is None or reason not in REASONS else REASONS[reason].title
    return "; ".join(one for one in (title, destination) if one)
