"""Use cases of people: registering families, reading and editing a student's card."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.access import Role
from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.messaging.republish import Aggregate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.cards.emptying import NAMES, emptied
from sgo_core.cards.fields import to_columns, to_plain
from sgo_core.cards.values import CardValues
from sgo_core.catalogue.definition import CardKind
from sgo_core.catalogue.values import Document
from sgo_core.chunks import chunked
from sgo_core.consents.standing import NamedGround, require_ground
from sgo_core.history import service as history
from sgo_core.history.recorded import Author
from sgo_core.people import repository
from sgo_core.people.counting import statistics, tell_statistics
from sgo_core.people.errors import (
    BirthDateError,
    GuardianshipEndError,
    IdentityTakenError,
    MergedError,
    NoIdentityError,
)
from sgo_core.people.events import (
    STATISTICS,
    guardian_profiled,
    guardianship_changed,
    student_profiled,
)
from sgo_core.people.families import add_guardian, find_families, register_families
from sgo_core.people.identity import IdentityRaceError, document_key, search_name
from sgo_core.people.model import Guardian, Guardianship, Student
from sgo_core.people.offers import tell_renamed
from sgo_core.people.records import (
    DocumentRecord,
)
from sgo_core.vault import vault_of

__all__ = [
    "MODELS",
    "Guardian",
    "IdentityRaceError",
    "Student",
    "add_guardian",
    "all_children_of",
    "by_ids",
    "card_of",
    "children_of",
    "duplicates_of",
    "edit_guardianship",
    "edit_student",
    "erase",
    "families_ever",
    "families_on",
    "family",
    "family_of",
    "find_families",
    "find_student",
    "get_student",
    "guardian_chunks",
    "guardians_of",
    "guardianships",
    "history_of",
    "lock_students",
    "next_guardians",
    "profiles",
    "register_families",
    "seen_by",
    "sees",
    "statistical_ids",
    "statistics",
    "student_as_of",
    "students_by_ids",
    "survivor_of",
    "tie_in_force",
]

MODELS: Mapping[CardKind, type[Student | Guardian]] = {CardKind.STUDENT: Student, CardKind.GUARDIAN: Guardian}
"""Tables of the cards, for those who look at their columns."""
_NAME = frozenset({"last_name", "first_name", "middle_name"})
_WHOSE_DOCUMENT = ("last_name", "first_name", "birth_date")


async def find_student(uow: UnitOfWork, student_id: UUID) -> Student | None:
    """A student's card, if there is one."""
    return await repository.get_student(uow.session, student_id)


async def by_ids(uow: UnitOfWork, student_ids: Collection[UUID]) -> Sequence[Student]:
    """Cards of students."""
    return (await uow.session.scalars(select(Student).where(Student.id.in_(student_ids)))).all()


async def lock_students(uow: UnitOfWork, student_ids: Collection[UUID]) -> Mapping[UUID, Student]:
    """Students by id, their rows locked: whoever changes memberships takes these locks first, then those of groups."""
    return await repository.lock_students(uow.session, student_ids)


async def guardians_of(uow: UnitOfWork, student_ids: Collection[UUID]) -> Collection[UUID]:
    """Ids of the guardians of these students."""
    return await repository.guardians_of(uow.session, student_ids)


async def lock_pseudonyms(uow: UnitOfWork, student_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """The same lock for many students, giving their statistical ids alone."""
    return await repository.lock_pseudonyms(uow.session, student_ids)


async def lock_living(uow: UnitOfWork, student_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """The same lock, giving the id of the card that lives on: the card's own, or the one it was merged into."""
    return await repository.lock_living(uow.session, student_ids)


async def next_guardians(uow: UnitOfWork, student_ids: Collection[UUID]) -> Mapping[Guardian, set[UUID]]:
    """The guardians of these students with a new version each, and all children of each.

    The guardian's row is locked before anything is read about the children: of two transactions that tell of one guardian the
    later version has seen what the earlier one wrote.
    """
    ids = await repository.guardians_of(uow.session, student_ids)
    guardians = await repository.next_versions(uow.session, ids, uow.now)
    children = await repository.ties_in_force(uow.session, Guardianship.guardian_id.in_(ids), uow.clock.today())
    return {guardian: children[guardian.id] for guardian in guardians}


async def students_by_ids(uow: UnitOfWork, student_ids: Collection[UUID]) -> Mapping[UUID, Student]:
    """Cards of students by id."""
    return {one.id: one for one in await repository.students_by_ids(uow.session, student_ids)}


async def families_ever(uow: UnitOfWork, student_ids: Collection[UUID]) -> Sequence[tuple[Guardianship, Guardian]]:
    """Guardians that students have or had."""
    return await repository.families_of(uow.session, student_ids)


async def families_on(
    uow: UnitOfWork, student_ids: Collection[UUID], day: date
) -> Sequence[tuple[Guardianship, Guardian]]:
    """Guardians that students have on a day, child by child."""
    found = await repository.families_of(uow.session, student_ids)
    held = [
        pair for pair in found if pair[0].valid_from <= day and (pair[0].valid_to is None or pair[0].valid_to > day)
    ]
    return sorted(held, key=lambda pair: (pair[0].student_id, pair[1].id))


async def get_student(uow: UnitOfWork, student_id: UUID) -> Student:
    """A student's card; raises ``NotFoundError`` or ``MergedError``. Whether the caller sees it, membership says."""
    student = await repository.get_student(uow.session, student_id)
    if student is None:
        raise NotFoundError
    if student.merged_into is not None:
        raise MergedError.into(student.merged_into)
    return student


async def family_of(
    uow: UnitOfWork, student_id: UUID, instant: datetime | None = None
) -> Sequence[tuple[Guardianship, Guardian]]:
    """Guardians of a student, now or as they were known at an instant."""
    if instant is None:
        return await repository.families_of(uow.session, [student_id])
    ties = [
        tie
        for tie in await history.rows_as_of(uow, Guardianship, [student_id], instant)
        if tie.student_id == student_id
    ]
    guardians = await history.rows_as_of(uow, Guardian, [tie.guardian_id for tie in ties], instant)
    known = {guardian.id: guardian for guardian in guardians}
    return [(tie, known[tie.guardian_id]) for tie in sorted(ties, key=lambda tie: tie.guardian_id)]


async def duplicates_of(uow: UnitOfWork, student_id: UUID) -> Sequence[tuple[UUID, str]]:
    """Other cards that may be the same child, with the reason."""
    return await repository.duplicates_of(uow.session, student_id)


async def history_of(uow: UnitOfWork, student_id: UUID, limit: int, after: str | None) -> Sequence[history.Change]:
    """One page of the history of a student's card and its guardianships, and one more."""
    return await history.changes_of(uow, [Student, Guardianship], student_id, limit, after)


async def student_as_of(uow: UnitOfWork, student_id: UUID, instant: datetime) -> Student:
    """The card as it was known at an instant; raises ``NotFoundError`` if there was none yet."""
    found = await history.rows_as_of(uow, Student, [student_id], instant)
    if not found:
        raise NotFoundError
    if found[0].merged_into is not None:
        raise MergedError.into(found[0].merged_into)
    return found[0]


async def edit_student(
    uow: UnitOfWork,
    student_id: UUID,
    version: int,
    values: CardValues,
    author: Author,
    *,
    organization_id: UUID | None,
    grounds: Mapping[str, NamedGround],
) -> Student:
    """Change a card; what stood before goes to the history. СНИЛС and document may be taken away, one of them has to stay.

    What needs consent is stored on a consent to the organization or on one of the ``grounds``.
    """
    student = await repository.get_student(uow.session, student_id, lock=True)
    if student is None:
        raise NotFoundError
    if student.merged_into is not None:
        raise MergedError.into(student.merged_into)
    if student.version != version:
        raise VersionMismatchError
    if values.get("birth_date", student.birth_date) > uow.clock.today():
        raise BirthDateError
    columns = _columns(uow, student, values)
    news = {name: value for name, value in values.items() if name in columns}
    await require_ground(uow, CardKind.STUDENT, student_id, organization_id, news, grounds, author)
    await _take_over_key(uow, student, columns, author)
    changed = change(student, columns, author, uow.now)
    if not changed:
        return student
    if student.snils is None and student.document is None:
        raise NoIdentityError
    try:
        await uow.session.flush()
    except IntegrityError:
        raise IdentityTakenError from None
    if changed & _NAME:
        uow.publish(student_profiled(student), version=student.version)
        await tell_renamed(uow, [student.id])
    if changed & STATISTICS:
        await tell_statistics(uow, [student], {})
    return student


async def edit_guardianship(
    uow: UnitOfWork, student_id: UUID, guardian_id: UUID, version: int, values: Mapping[str, Any], author: Author
) -> Guardianship:
    """Change what a guardian may and until when."""
    tie = await repository.get_tie(uow.session, student_id, guardian_id)
    if tie is None:
        raise NotFoundError
    if tie.version != version:
        raise VersionMismatchError
    if (values.get("valid_to") or tie.valid_from) < tie.valid_from:
        raise GuardianshipEndError
    if change(tie, values, author, uow.now):
        uow.publish(guardianship_changed(tie), version=tie.version)
    return tie


async def tie_in_force(uow: UnitOfWork, guardian_id: UUID, student_id: UUID) -> Guardianship | None:
    """What ties a guardian to a child today, locked: so it stays until what rests on it is written."""
    tie = await repository.get_tie(uow.session, student_id, guardian_id)
    return tie if tie is not None and (tie.valid_to is None or tie.valid_to > uow.clock.today()) else None


async def sees(uow: UnitOfWork, principal: Principal, student_id: UUID) -> bool:
    """Whether a person may see a student's data: the own, or as a guardian who may."""
    return bool(await seen_by(uow, principal, [student_id]))


async def seen_by(uow: UnitOfWork, principal: Principal, student_ids: Collection[UUID]) -> set[UUID]:
    """Those of the students whose data a person may see."""
    if principal.person_id is None:
        return set()
    if principal.role is Role.STUDENT:
        return {principal.person_id} & set(student_ids)
    mine = (Guardianship.guardian_id == principal.person_id) & Guardianship.may_see
    children = await repository.ties_in_force(uow.session, mine, uow.clock.today())
    return children.get(principal.person_id, set()) & set(student_ids)


async def children_of(uow: UnitOfWork, guardian_id: UUID) -> Collection[UUID]:
    """Ids of a guardian's children of today."""
    mine = Guardianship.guardian_id == guardian_id
    return (await repository.ties_in_force(uow.session, mine, uow.clock.today())).get(guardian_id, set())


async def all_children_of(uow: UnitOfWork, guardian_ids: Collection[UUID]) -> Collection[UUID]:
    """Ids of the children that guardians have or had."""
    return await repository.children_of(uow.session, guardian_ids)


async def family(uow: UnitOfWork, guardian_id: UUID) -> Sequence[tuple[Guardianship, Student]]:
    """A guardian's guardianships in force, with the children."""
    return await repository.wards(uow.session, guardian_id, uow.clock.today())


async def card_of(uow: UnitOfWork, kind: CardKind, subject_id: UUID) -> Student | Guardian:
    """The card of a student or a guardian; raises ``NotFoundError``."""
    model: type[Student | Guardian] = Student if kind is CardKind.STUDENT else Guardian
    card: Student | Guardian | None = await uow.session.get(model, subject_id)
    if card is None:
        raise NotFoundError
    if card.merged_into is not None:
        raise MergedError.into(card.merged_into)
    return card


async def erase(uow: UnitOfWork, kind: CardKind, subject_id: UUID, fields: Collection[str], author: Author) -> None:
    """Empty fields of a card and of those merged into it, and tell of what readers knew of them. The history is not touched."""
    model: type[Any] = MODELS[kind]
    cards = select(model).where(or_(model.id == subject_id, model.merged_into == subject_id)).order_by(model.id)
    found = await uow.session.scalars(cards.with_for_update().execution_options(populate_existing=True))
    counted: list[Student] = []
    for card in found.all():
        changed = change(card, emptied(card, fields), author, uow.now)
        if changed and NAMES & set(fields):
            gone = student_profiled(card) if isinstance(card, Student) else guardian_profiled(card, set())
            uow.publish(gone, version=card.version)
        if changed & STATISTICS and isinstance(card, Student) and card.merged_into is None:
            counted.append(card)
    await uow.session.flush()
    await tell_statistics(uow, counted, {})


async def _take_over_key(uow: UnitOfWork, student: Student, columns: Mapping[str, Any], author: Author) -> None:
    """A document that a merged card kept finding this child by is the card's own from now on."""
    key = columns.get("document_key")
    if key is not None and (holder := await repository.holder_of(uow.session, key, student.id)) is not None:
        change(holder, {"document_key": None}, author, uow.now)
        await uow.session.flush()


async def survivor_of(uow: UnitOfWork, kind: CardKind, card_id: UUID) -> UUID | None:
    """The card that a student's or guardian's was merged into."""
    model: type[Student | Guardian] = Student if kind is CardKind.STUDENT else Guardian
    return await repository.survivor_of(uow.session, model, card_id)


def _columns(uow: UnitOfWork, student: Student, values: CardValues) -> dict[str, Any]:
    """Columns to set, with the keys the child is found by."""
    vault = vault_of(uow)
    columns = to_columns(CardKind.STUDENT, Student, values, vault, student)
    if "snils" in columns:
        columns["snils_key"] = None if values["snils"] is None else vault.snils_key(values["snils"])
    if columns.keys() & _NAME:
        names = [columns.get(name, getattr(student, name)) for name in ("last_name", "first_name", "middle_name")]
        columns["search_name"] = search_name(*names)
    if "document" in columns or (student.document_key is not None and columns.keys() & set(_WHOSE_DOCUMENT)):
        stands = to_plain(CardKind.STUDENT, student, vault, {"document": None})["document"]
        document = values.get("document") if "document" in columns else Document.model_validate(stands)
        whose = [columns.get(name, getattr(student, name)) for name in _WHOSE_DOCUMENT]
        columns["document_key"] = None if document is None else document_key(vault, DocumentRecord.of(document), *whose)
    return columns


async def profiles(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every student's name, for a reader that is rebuilt."""
    async for chunk in chunked(session, select(Student), Student.id):
        yield [Aggregate(student_profiled(one), one.updated_at, one.version) for one in chunk]


async def guardianships(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every guardianship, for a reader that is rebuilt."""
    async for chunk in chunked(session, select(Guardianship), Guardianship.id):
        yield [Aggregate(guardianship_changed(one), one.updated_at, one.version) for one in chunk]


async def guardian_chunks(session: AsyncSession, today: date) -> AsyncIterator[Mapping[Guardian, set[UUID]]]:
    """Every guardian with the ids of the children."""
    async for chunk in chunked(session, select(Guardian), Guardian.id):
        mine = Guardianship.guardian_id.in_([one.id for one in chunk])
        children = await repository.ties_in_force(session, mine, today)
        yield {one: children.get(one.id, set()) for one in chunk}


async def statistical_ids(session: AsyncSession, student_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """Reporting pseudonyms by student."""
    query = select(Student.id, Student.statistical_id).where(Student.id.in_(student_ids))
    return {row[0]: row[1] for row in await session.execute(query)}
