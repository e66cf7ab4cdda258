"""Documents about one student or one order: personal card, personal file, order, certificate, notice."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.audience import audience_of, audience_of_guardian
from sgo_core.cards.fields import shown, to_plain
from sgo_core.cards.hints import hint
from sgo_core.cards.printing import printed
from sgo_core.catalogue.definition import CATALOGUE, Audience, CardKind
from sgo_core.consents.standing import closed_fields
from sgo_core.movements import orders
from sgo_core.movements import service as movements
from sgo_core.movements.card import derived
from sgo_core.movements.titles import KIND_TITLES, kind_title
from sgo_core.organizations import service as organizations
from sgo_core.people import service as people
from sgo_core.personal_files import service as personal_files
from sgo_core.personal_files.schemas import KINDS
from sgo_core.printing import PRINTER
from sgo_core.printouts import repository
from sgo_core.printouts.books import person, where
from sgo_core.printouts.errors import NotAcceptedError, NotEnrolledError
from sgo_core.printouts.footer import footer
from sgo_core.staff import service as staff
from sgo_core.transfers import carrying as transfers_of
from sgo_core.transfers import service as transfers
from sgo_core.vault import vault_of

_PAPERS = 1000
_NAME = ("last_name", "first_name", "middle_name")
KINSHIP = {"mother": "мать", "father": "отец", "guardian": "опекун", "other": "иной представитель"}
_STATES = {"draft": "проект", "checked": "проверен, не подписан", "signed": "", "withdrawn": "отозван"}


async def _card(uow: UnitOfWork, principal: Principal, student_id: UUID, audience: Audience) -> dict[str, Any]:
    """The student's fields that the reader may see, with titles, and the guardians."""
    student = await people.get_student(uow, student_id)
    vault = vault_of(uow)
    closed = (await closed_fields(uow, principal, audience, CardKind.STUDENT, [student_id]))[student_id]
    plain = to_plain(CardKind.STUDENT, student, vault)
    plain |= {**await derived(uow, principal, audience, student_id, None), "movement": None}  # printed as a table
    values, _ = shown(CardKind.STUDENT, plain, audience, closed)
    fields = CATALOGUE.cards[CardKind.STUDENT].fields
    family = []
    ties = await people.family_of(uow, student_id)
    shut = await closed_fields(uow, principal, audience, CardKind.GUARDIAN, [one.id for _, one in ties])
    for tie, guardian in ties:
        known, _ = shown(
            CardKind.GUARDIAN,
            to_plain(CardKind.GUARDIAN, guardian, vault),
            audience_of_guardian(principal, guardian.id),
            shut[guardian.id],
        )
        family.append({"title": KINSHIP.get(tie.kinship, tie.kinship), "fields": _pairs(CardKind.GUARDIAN, known)})
    return {
        "person": " ".join(values[one] for one in _NAME if values.get(one)),
        "fields": [
            [fields[name].title, text]
            for name in fields
            if (text := printed(fields[name], values.get(name))) is not None
        ],
        "family": family,
    }


def _pairs(kind: CardKind, values: dict[str, Any]) -> list[list[str]]:
    fields = CATALOGUE.cards[kind].fields
    return [
        [fields[name].title, text]
        for name in fields
        if name in values and (text := printed(fields[name], values[name])) is not None
    ]


async def _movement(uow: UnitOfWork, principal: Principal, student_id: UUID) -> list[list[Any]]:
    rows = await repository.movement_of(uow.session, student_id, organizations.visible_ids(principal))
    return [
        [
            row.effective_date,
            row.organization,
            kind_title(row.kind, opens=row.opened_id is not None, closes=row.closed_id is not None),
            " → ".join(name for name in (row.out_of, row.into) if name),
            where(row.reason, row.destination),
            f"№ {row.number} от {row.date:%d.%m.%Y}",
        ]
        for row in rows
    ]


async def personal_card(uow: UnitOfWork, principal: Principal, student_id: UUID) -> bytes:
    """The student's card with guardians and movement."""
    await movements.require_student(uow, principal, student_id)
    data = {
        **await _card(uow, principal, student_id, audience_of(principal)),
        "movement": await _movement(uow, principal, student_id),
    }
    await audit.record(uow, principal, "student.card.print", [student_id])
    return await PRINTER.render("personal-card", data, footer(uow, principal))


async def personal_file(uow: UnitOfWork, principal: Principal, student_id: UUID) -> bytes:
    """Title page, inventory of papers, results of years, movement."""
    await movements.require_student(uow, principal, student_id)
    student = await people.get_student(uow, student_id)
    assert principal.unit.organization_id is not None
    organization = (await organizations.by_ids(uow, [principal.unit.organization_id]))[principal.unit.organization_id]
    papers = await personal_files.list_papers(uow, principal, student_id, _PAPERS, None)
    results = await repository.year_results(uow.session, student_id)
    data = {
        "organization": organization.full_name,
        "person": person(student, audience_of(principal))[0],
        "born": student.birth_date,
        "number": student.personal_file_number,
        "papers": [
            [number, KINDS[one.kind], one.title, one.sheets, one.received_on, one.handed_over_on, one.handed_to]
            for number, one in enumerate(papers, start=1)
        ],
        "sheets": sum(one.sheets for one in papers if one.handed_over_on is None),
        "results": [
            [f"{row.academic_year}/{row.academic_year + 1}", row.subject, row.annual, row.exam, row.final]
            for row in results
        ],
        "movement": await _movement(uow, principal, student_id),
    }
    await audit.record(uow, principal, "personal-file.print", [student_id])
    return await PRINTER.render("personal-file", data, footer(uow, principal))


async def order(uow: UnitOfWork, principal: Principal, order_id: UUID) -> tuple[str, bytes]:
    """An order with its lines, and its number: those carried out, or those asked for while it is not signed."""
    found = await orders.get_order(uow, principal, order_id)
    organization = (await organizations.by_ids(uow, [found.organization_id]))[found.organization_id]
    made = await repository.lines_of_order(uow.session, order_id)
    asked = [] if made else orders.LINES.validate_python(found.lines)
    students = list({one.student_id for one in made} | {one.student_id for one in asked})
    audience = audience_of(principal)
    named = await _named(uow, principal, {one.student_id for one in asked}) | {one.student_id for one in made}
    known = {
        row.id: person(row, audience) if row.id in named else (hint(row._asdict()), None)
        for row in await repository.names(uow.session, students)
    }
    groups = await repository.group_names(uow.session, [one.group_id for one in asked if one.group_id is not None])
    lines: list[Sequence[Any]] = [
        [
            *known[row.student_id],
            kind_title(row.kind, opens=row.opened_id is not None, closes=row.closed_id is not None),
            row.effective_date,
            " → ".join(name for name in (row.out_of, row.into) if name),
            where(row.reason, row.destination),
        ]
        for row in made
    ] or [
        [
            *known.get(one.student_id, ("", None)),
            KIND_TITLES[one.kind],
            one.effective_date,
            "" if one.group_id is None else groups.get(one.group_id),
            where(one.reason, one.destination),
        ]
        for one in asked
    ]
    data = {
        "organization": organization.full_name,
        "number": found.number,
        "date": found.date,
        "state": _STATES[found.state],
        "cancels": found.cancels is not None,
        "lines": lines,
        "head": (await staff.heads_of(uow, organization.id, found.date))["director"],
    }
    await audit.record(uow, principal, "order.print", students)
    return found.number, await PRINTER.render("order", data, footer(uow, principal))


async def _named(uow: UnitOfWork, principal: Principal, student_ids: Collection[UUID]) -> set[UUID]:
    """Whose names stand in an order before it is signed: anybody's id may be written into a draft."""
    coming = await transfers_of.on_the_way(uow, student_ids, organizations.visible_ids(principal))
    return coming | await movements.students_seen(uow, principal, student_ids)


async def certificate(uow: UnitOfWork, principal: Principal, student_id: UUID) -> bytes:
    """That the student studies here today, in what class, since when, by what order; raises ``NotEnrolledError``."""
    await movements.require_student(uow, principal, student_id)
    organization_id, today = principal.unit.organization_id, uow.clock.today()
    assert organization_id is not None
    stay = await repository.main_stay(uow.session, student_id, organization_id, today)
    if stay is None:
        raise NotEnrolledError
    student = await people.get_student(uow, student_id)
    organization = (await organizations.by_ids(uow, [organization_id]))[organization_id]
    data = {
        "organization": organization.full_name,
        "person": person(student, audience_of(principal))[0],
        "born": student.birth_date,
        "today": today,
        "since": stay.valid_from,
        "group": stay.group_name,
        "order": None if stay.number is None else f"№ {stay.number} от {stay.date:%d.%m.%Y}",
        "head": (await staff.heads_of(uow, organization_id, today))["director"],
    }
    await audit.record(uow, principal, "student.certificate.print", [student_id])
    return await PRINTER.render("certificate", data, footer(uow, principal))


async def notice(uow: UnitOfWork, principal: Principal, transfer_id: UUID) -> bytes:
    """The receiver's notice to the sender; raises ``NotAcceptedError`` before the enrolment."""
    row = await transfers.shown(uow, principal, transfer_id)
    transfer = row.Transfer
    if transfer.acceptance_order_id is None:
        raise NotAcceptedError
    known = await organizations.by_ids(uow, [transfer.from_organization_id, transfer.to_organization_id])
    if len(known) != len({transfer.from_organization_id, transfer.to_organization_id}):
        raise NotFoundError
    name, born = person(row, audience_of(principal))
    data = {
        "sender": known[transfer.from_organization_id].full_name,
        "receiver": known[transfer.to_organization_id].full_name,
        "person": name,
        "born": born,
        "released": None if row.release_number is None else f"№ {row.release_number} от {row.release_date:%d.%m.%Y}",
        "order": f"№ {row.acceptance_number} от {row.acceptance_date:%d.%m.%Y}",
        "since": transfer.accepted_on,
        "file": transfer.file_received_on,
        "head": (await staff.heads_of(uow, transfer.to_organization_id, uow.clock.today()))["director"],
    }
    await audit.record(uow, principal, "transfer.notice.print", [transfer.student_id])
    return await PRINTER.render("transfer-notice", data, footer(uow, principal))
