"""A governing body's token never receives a field that the catalogue hides or masks for it: no route, export or history.

Every card gets a mark of its own in every field; then every reading route is called by every role of a body, and the answer is
searched: JSON, workbooks and PDF alike.
"""

import io
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from asu_contracts.access import BODIES
from identifiers import complete_inn, complete_snils
from servicekit.http.rights import rights_of
from servicekit.testing import ServiceUnderTest
from servicekit.testing.matrix import Call, Grounds, Target, World
from servicekit.uow import UnitOfWork
from sgo_core.cards.fields import to_columns
from sgo_core.catalogue.definition import CATALOGUE, Audience, CardKind, FieldDef, Level
from sgo_core.consents.standing import GivenConsent, record_consents
from sgo_core.database import Base
from sgo_core.history.recorded import Author
from sgo_core.people.model import Guardian, Student
from sgo_core.staff.model import Worker
from sgo_core.vault import vault_of

from . import samples

TABLES: dict[CardKind, type[Base]] = {
    CardKind.STUDENT: Student,
    CardKind.GUARDIAN: Guardian,
    CardKind.WORKER: Worker,
}
HIDDEN = {Level.MASKED, Level.NONE}
DAY = date(1999, 7, 13)


def mark(kind: CardKind, name: str) -> str:
    return f"Метка-{kind.value}-{name}".replace("_", "-")


def marked(kind: CardKind, name: str, one: FieldDef, number: int) -> Any:
    """A valid value of the field that can be found again in an answer, and None for one that cannot be marked."""
    text = mark(kind, name)
    whole: dict[str, Any] = {
        **dict.fromkeys(("name", "line", "text"), text),
        "lines": [text],
        "policy": text,
        "snils": complete_snils(f"{710_000_000 + number:09d}"),
        "person_inn": complete_inn(f"{2_377_000_000 + number}"),
        "phone": f"+7977{number:07d}",
        "email": f"{kind.value}.{name}@example.org".replace("_", "-"),
        "address": {"text": text, "street": text, "house": "1", "settlement": "г. Образцовск"},
        "document": {"kind": "other", "series": "", "number": text[:30].upper(), "issued_by": text},
        **dict.fromkeys(("birth_date", "adult_birth_date"), DAY),
        "past_date": date(1998, 7, 13),
    }
    value = whole.get(one.type)
    return None if value is None else one.adapter.validate_python(value)


def secrets(kind: CardKind, number: int) -> dict[str, list[str]]:
    """What must not be found, by field: the value's texts as they might be shown."""
    found: dict[str, list[str]] = {}
    for name, one in CATALOGUE.cards[kind].stored().items():
        value = marked(kind, name, one, number)
        if value is None or CATALOGUE.level(one, Audience.BODY) not in HIDDEN:
            continue
        if isinstance(value, date):
            found[name] = [value.isoformat(), f"{value:%d.%m.%Y}"]
        elif one.type == "snils":
            found[name] = [value, value[:9]]
        elif one.type == "document":
            found[name] = [value.number, value.issued_by]
        elif one.type == "address":
            found[name] = [value.text]
        elif isinstance(value, list):
            found[name] = list(value)
        else:
            found[name] = [str(value)]
    return found


async def mark_everything(service: ServiceUnderTest) -> None:
    """Put the marks into all cards there are, twice, so that the history holds them too."""
    for _ in range(2):
        async with service.runtime.uow() as uow:
            vault = vault_of(uow)
            for kind, model in TABLES.items():
                for card in await uow.session.scalars(select(model)):
                    number = NUMBERS.setdefault(card.id, len(NUMBERS))  # type: ignore[attr-defined]  # every card has one
                    fields = CATALOGUE.cards[kind].stored()
                    values = {name: marked(kind, name, one, number) for name, one in fields.items()}
                    values = {name: value for name, value in values.items() if value is not None}
                    for name, column in to_columns(kind, model, values, vault).items():
                        setattr(card, name, column)
                    await consent_to_everything(uow, kind, card.id)  # type: ignore[attr-defined]


async def consent_to_everything(uow: UnitOfWork, kind: CardKind, card_id: UUID) -> None:
    """So that nothing is hidden for want of consent: only the catalogue may hide it here."""
    consent = GivenConsent(
        kind=kind,
        subject_id=card_id,
        organization_id=None,
        operator="Министерство",
        purposes=("contingent",),
        fields=CATALOGUE.cards[kind].on_consent,
        method="paper",
        given_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    await record_consents(uow, [consent], Author("test", "Проверка"))


STATES = {
    "quality_issue": "explained_by = 'test', explained_at = now(), card_version = 1, ",
    "sample_check": "state = 'answered', answered_on = current_date, drawn_in = 'another', ",
}
"""What else a row must say to have its texts; a check is another body's."""
REASONS = ("student", "guardian", "worker", "guardianship", "employment", "study_form")


async def mark_texts(service: ServiceUnderTest) -> dict[str, str]:
    """Put marks into the free texts of all records, and into the reasons of changes: where each belongs, by mark."""
    marks = {f"Метка-{relation}-{name}": relation for relation, names in CATALOGUE.texts.items() for name in names}
    connection = await service.database.connect()
    try:
        await connection.execute("SET session_replication_role = replica")
        for relation, names in CATALOGUE.texts.items():
            values = ", ".join(f"{name} = 'Метка-{relation}-{name}'" for name in names)
            done = await connection.execute(f"UPDATE {relation} SET {STATES.get(relation, '')}{values}")
            assert done != "UPDATE 0", f"no sample makes a row of {relation}"
        for relation in REASONS:
            await connection.execute(f"UPDATE {relation} SET reason = 'Метка-причина'")
    finally:
        await connection.close()
    return {**marks, "Метка-причина": "reason"}


NUMBERS: dict[UUID, int] = {}


def texts(answer: Any) -> Iterator[str]:
    """All texts of an answer, whatever its format."""
    kind = answer.headers.get("content-type", "")
    if "spreadsheet" in kind:
        book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
        for name in book.sheet_names:
            for row in book.get_sheet_by_name(name).to_python():
                yield from (str(cell) for cell in row)
    elif "pdf" in kind:
        for page in PdfReader(io.BytesIO(answer.content)).pages:
            yield page.extract_text()
    else:
        yield answer.text


def hidden_names(value: Any, kind: CardKind) -> Iterator[str]:
    """Names of fields that must be absent, where JSON shows fields of a card of this kind."""
    if isinstance(value, Mapping):
        yield from (name for name in value if name in ABSENT[kind])
        for inner in value.values():
            yield from hidden_names(inner, kind)
    elif isinstance(value, list):
        for inner in value:
            yield from hidden_names(inner, kind)


ONLY = {
    kind: {
        name
        for name in card.fields
        if not any(name in other.fields for one, other in CATALOGUE.cards.items() if one is not kind)
    }
    for kind, card in CATALOGUE.cards.items()
}
ABSENT = {
    kind: {name for name in ONLY[kind] if CATALOGUE.level(card.fields[name], Audience.BODY) is Level.NONE}
    for kind, card in CATALOGUE.cards.items()
}
"""Fields that a body may not see at all, of those whose name says whose they are."""


async def calls_of_bodies(service: ServiceUnderTest) -> dict[str, list[tuple[str, Call, dict[str, str]]]]:
    """A valid call of every reading route, with its headers, by every role of a body that may."""
    routes = {route.name: route for route in rights_of(service.definition.all_routers) if route.method == "GET"}
    calls: dict[str, list[tuple[str, Call, dict[str, str]]]] = {role: [] for role in sorted(BODIES)}
    for module, found in samples.MODULES.items():
        shared = World(service, shares=True)
        for name in sorted(routes.keys() & found.keys()):
            world = World(service) if module in samples.APART else shared
            grounds = Grounds(world, found[name], [Target.OWN])
            for role in (one for one in sorted(BODIES) if routes[name].admits(one)):
                ground = await grounds.of(role)
                calls[role].append((name, ground.calls[Target.OWN], ground.world.headers(role)))
    assert all(len(calls[role]) == sum(route.admits(role) for route in routes.values()) for role in BODIES)
    return calls


async def test_no_route_shows_a_body_what_the_catalogue_hides(service: ServiceUnderTest) -> None:
    NUMBERS.clear()
    calls = await calls_of_bodies(service)
    await mark_everything(service)
    marks = await mark_texts(service)
    assert NUMBERS, "no card was made by the samples"
    forbidden = {
        text: f"{kind.value}.{name}"
        for kind in TABLES
        for number in NUMBERS.values()
        for name, found in secrets(kind, number).items()
        for text in found
    } | marks
    shown: set[tuple[str, str, str]] = set()
    for role, made in calls.items():
        answered = 0
        for name, call, headers in made:
            options = {**call.options, "headers": {**call.options.get("headers", {}), **headers}}
            answer = await service.client.get(call.path, **options)
            answered += answer.status_code == 200
            whole = "\n".join(texts(answer))
            shown |= {(role, name, field) for text, field in forbidden.items() if text in whole}
            if "json" in answer.headers.get("content-type", "") and name != "get_catalogue":
                body = json.loads(answer.text)
                shown |= {
                    (role, name, f"{kind.value}.{field}") for kind in TABLES for field in hidden_names(body, kind)
                }
        assert answered >= len(made) // 2, f"the samples answer {role} too little for this test to say anything"
    assert shown == set()


FREE = {"remark", "annotation", "explanation", "conclusion", "answer", "wish", "note"}
OPEN = {
    "reorganization": "bodies write it",
    "destruction_act": "no body reads acts",
    "subject_request": "no body reads requests",
}


def test_every_free_text_is_withheld_from_bodies_or_said_to_be_open() -> None:
    for table in Base.metadata.sorted_tables:
        free = FREE & set(table.columns.keys())
        assert not free or table.name in OPEN or free <= set(CATALOGUE.texts[table.name]), table.name
    for relation, names in CATALOGUE.texts.items():
        assert set(names) <= set(Base.metadata.tables[relation].columns.keys()), relation
