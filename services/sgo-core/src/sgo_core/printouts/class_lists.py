"""Lists of a class, each for one use."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from reportkit.sheets import Column, Section, Sheet, figure
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.audience import audience_of_guardian
from sgo_core.cards.fields import shown, to_plain
from sgo_core.catalogue.definition import CATALOGUE, Audience, CardKind
from sgo_core.class_teachers import service as class_teachers
from sgo_core.consents.standing import closed_fields
from sgo_core.movements import service as movements
from sgo_core.people import service as people
from sgo_core.printouts import repository
from sgo_core.printouts.books import NAME, cards
from sgo_core.printouts.papers import KINSHIP
from sgo_core.printouts.parameters import Parameters, Variant
from sgo_core.vault import vault_of

_FIELDS = CATALOGUE.cards[CardKind.STUDENT].fields
_GUARDIAN = CardKind.GUARDIAN
_PHONES = ("mobile_phone", "home_phone")
_COLUMNS: Mapping[Variant, Sequence[str]] = {
    Variant.NAMES: (),
    Variant.BASIC: ("birth_date", "sex", "personal_file_number"),
    Variant.STUDY: ("instruction_language", "native_language", "foreign_languages", "extended_day", "boarding"),
    Variant.CONTACTS: ("birth_date", "residence", *_PHONES),
}
_WIDE = frozenset({Variant.STUDY, Variant.CONTACTS})


async def of_group(
    uow: UnitOfWork, principal: Principal, group: Any, asked: Parameters
) -> tuple[Sheet, Sequence[UUID]]:
    """Who is in the class or group on the day, with the columns of a variant; contacts name the guardians too."""
    day, columns = asked.day(uow), _COLUMNS[asked.variant]
    student_ids = await repository.members(uow.session, group.id, day, day)
    with_guardians = asked.variant is Variant.CONTACTS
    told = await _guardians(uow, principal, student_ids, day) if with_guardians else {}
    rows = [
        (
            number,
            one.name,
            *(one.printed(column) for column in columns),
            *(("\n".join(told.get(one.student_id, ())),) if with_guardians else ()),
        )
        for number, one in enumerate(await cards(uow, principal, student_ids, columns), start=1)
    ]
    titles = [
        figure("№", 9),
        Column("Фамилия, имя, отчество", 60 if columns else None),
        *(Column(_FIELDS[name].title) for name in columns),
        *((Column("Родители (законные представители)", 80),) if with_guardians else ()),
    ]
    section = Section("Список", titles, rows)
    return Sheet(
        "Список класса (группы)", f"на {day:%d.%m.%Y}", [section], landscape=asked.variant in _WIDE
    ), student_ids


async def _guardians(
    uow: UnitOfWork, principal: Principal, student_ids: Sequence[UUID], day: date
) -> Mapping[UUID, list[str]]:
    """Guardians of each child on the day with their telephones, as the reader may see them; of who left by now nobody's."""
    seen = await movements.students_seen(uow, principal, student_ids)
    families = await people.families_on(uow, [one for one in student_ids if one in seen], day)
    audiences = await class_teachers.audiences(uow, principal, student_ids)
    vault = vault_of(uow)
    closed: dict[tuple[Audience, UUID], frozenset[str]] = {}
    for audience in set(audiences.values()):
        ids = sorted({guardian.id for tie, guardian in families if audiences[tie.student_id] is audience})
        found = await closed_fields(uow, principal, audience, _GUARDIAN, ids)
        closed |= {(audience, one): fields for one, fields in found.items()}
    told: dict[UUID, list[str]] = {}
    for tie, guardian in families:
        of_child = audiences[tie.student_id]
        audience = audience_of_guardian(principal, guardian.id, of_child)
        plain = to_plain(_GUARDIAN, guardian, vault, dict.fromkeys((*NAME, *_PHONES)))
        values, _ = shown(_GUARDIAN, plain, audience, closed[of_child, guardian.id])
        name = " ".join(values[one] for one in NAME if values.get(one))
        phones = [values[one] for one in _PHONES if values.get(one)]
        told.setdefault(tie.student_id, []).append(
            ", ".join([f"{KINSHIP.get(tie.kinship, tie.kinship)}: {name}", *phones])
        )
    return told
