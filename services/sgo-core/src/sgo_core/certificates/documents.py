"""What leaves the system of certificates: the printed issue book, the file for the federal register (ФИС ФРДО)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from reportkit import tables, xlsx
from reportkit.footer import Footer, Subsystem
from servicekit.packaged import read_yaml
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.cards.fields import to_plain
from sgo_core.catalogue.definition import CardKind
from sgo_core.certificates import repository
from sgo_core.certificates.errors import NobodyError
from sgo_core.certificates.model import Certificate
from sgo_core.certificates.schemas import FederalFileIn
from sgo_core.history.recorded import Author
from sgo_core.organizations import service as organizations
from sgo_core.people import service as people
from sgo_core.printing import PRINTER
from sgo_core.vault import vault_of

TITLES = {
    "basic": "Аттестат об основном общем образовании",
    "secondary": "Аттестат о среднем общем образовании",
    "study_note": "Справка об обучении",
}
LEVELS = {"basic": "Основное общее образование", "secondary": "Среднее общее образование"}
HANDED = {"graduate": "лично", "representative": "представителю", "post": "почтой"}


@dataclass(frozen=True)
class Layout:
    """The columns of the register's file; ``assumed``: the template in force was not at hand."""

    version: str
    assumed: bool
    sheet: str
    fields: Sequence[tuple[str, str]]


def _load() -> Layout:
    read = read_yaml("sgo_core.certificates", "frdo.yaml")
    fields = [(one["field"], one["title"]) for one in read["columns"]]
    return Layout(read["version"], read["assumed"], read["sheet"], fields)


LAYOUT = _load()


def footer_of(uow: UnitOfWork, principal: Principal) -> Footer:
    """The footer of regulation 4.5 for a caller."""
    return Footer.by(principal, uow.now.astimezone(uow.clock.zone), Subsystem.SGO)


async def print_book(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, kind: str
) -> tuple[bytes, set[UUID]]:
    """The issue book of a kind as PDF, spoilt blanks under it; the students in it."""
    organization = await organizations.require_visible(uow, principal, organization_id)
    entered = await repository.entered(uow.session, organization_id, kind)
    originals = {one.id: one.registration_number for one in entered}
    spoilt = await repository.spoilt_of(uow.session, [one.id for one in entered])
    data = {
        "organization": organization.full_name,
        "title": TITLES[kind],
        "entries": [
            [
                one.registration_number,
                " ".join(part for part in (one.last_name, one.first_name, one.middle_name) if part),
                one.birth_date,
                one.blank or "",
                "; ".join(f"{mark['subject']}: {mark['mark']}" for mark in one.marks),
                f"№ {one.order_number} от {one.order_date:%d.%m.%Y}",
                _remarks(one, originals),
                one.handed_on or "",
                "" if one.handed_to is None else HANDED[one.handed_to],
            ]
            for one in entered
        ],
        "spoilt": [[one.number, one.spoilt_on, one.reason, one.act] for _, one in spoilt],
    }
    return await PRINTER.render("certificate-book", data, footer_of(uow, principal)), {
        one.student_id for one in entered
    }


def _remarks(one: Certificate, originals: Mapping[UUID, int | None]) -> str:
    said = ["с отличием"] if one.honours else []
    if one.duplicate_of is not None:
        said.append(f"дубликат записи № {originals.get(one.duplicate_of)}")
    return ", ".join(said)


async def federal_file(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, body: FederalFileIn
) -> tuple[bytes, set[UUID]]:
    """A file of what the register does not have yet, each certificate marked as sent; the students in it."""
    await organizations.require_visible(uow, principal, organization_id)
    states = {"not_sent", "rejected"} | ({"sent"} if body.again else set())
    found = await repository.to_send(uow.session, organization_id, body.academic_year, states)
    if not found:
        raise NobodyError
    cards = await people.lock_students(uow, {one.student_id for one in found})
    plain = {key: to_plain(CardKind.STUDENT, card, vault_of(uow)) for key, card in cards.items()}
    originals = await repository.by_ids(
        uow.session, {one.duplicate_of for one in found if one.duplicate_of is not None}
    )
    rows = [
        _row(one, plain[one.student_id], originals.get(one.duplicate_of) if one.duplicate_of else None) for one in found
    ]
    for one in found:
        values = {"federal_state": "sent", "federal_on": uow.clock.today(), "federal_note": None}
        change(one, values, Author(principal.account_id, "Выгрузка в федеральный реестр"), uow.now)
    columns = [
        tables.Column(title, 24, tables.Kind.DATE if field in _DATES else tables.Kind.TEXT)
        for field, title in LAYOUT.fields
    ]
    table = tables.Table(LAYOUT.sheet, columns, [[row[field] for field, _ in LAYOUT.fields] for row in rows])
    footer = footer_of(uow, principal)
    metadata = {"layout": LAYOUT.version, "assumed": str(LAYOUT.assumed).lower()}
    content = await asyncio.to_thread(xlsx.render, table, footer=footer, ending=False, metadata=metadata)
    return content, {one.student_id for one in found}


_DATES = frozenset({"issued_on", "birth_date", "original_date"})


def _row(one: Certificate, card: Mapping[str, Any], original: Certificate | None) -> dict[str, Any]:
    name = TITLES[one.kind]
    return {
        "name": "Аттестат",
        "kind": f"{name} с отличием" if one.honours else name,
        "status": "Дубликат" if original is not None else "Оригинал",
        "lost": "Да" if original is not None else "Нет",
        "exchanged": "Нет",
        "destroyed": "Нет",
        "series": "" if one.blank is None else one.blank[:5],
        "blank": "" if one.blank is None else one.blank[5:],
        "issued_on": one.handed_on or one.registered_on,
        "registration_number": str(one.registration_number),
        "level": LEVELS[one.kind],
        "finished": str(one.academic_year + 1),
        "last_name": one.last_name,
        "first_name": one.first_name,
        "middle_name": one.middle_name or "",
        "birth_date": one.birth_date,
        "sex": "Муж" if card["sex"] == "male" else "Жен",
        "snils": card["snils"] or "",
        "citizenship": card["citizenship"],
        "original_name": "" if original is None else TITLES[original.kind],
        "original_series": "" if original is None or original.blank is None else original.blank[:5],
        "original_blank": "" if original is None or original.blank is None else original.blank[5:],
        "original_number": "" if original is None else str(original.registration_number),
        "original_date": None if original is None else original.handed_on,
        "original_last_name": "" if original is None else original.last_name,
        "original_first_name": "" if original is None else original.first_name,
        "original_middle_name": "" if original is None else original.middle_name or "",
    }
