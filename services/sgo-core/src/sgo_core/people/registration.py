"""Finding or creating students in bulk: one way in for admissions and class lists.

A child is found by СНИЛС, else by document, if the birth date agrees. The unique keys of the table decide between two
transactions that bring the same child at once: the one that comes second finds the other's row and goes on with it.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change, without_same
from sgo_core.cards.fields import to_columns
from sgo_core.catalogue.definition import CardKind
from sgo_core.history.recorded import Author, signature
from sgo_core.people import repository
from sgo_core.people.counting import tell_statistics
from sgo_core.people.events import student_profiled
from sgo_core.people.identity import IdentityRaceError, document_key, same_child, search_name
from sgo_core.people.model import Student
from sgo_core.people.offers import tell_renamed
from sgo_core.people.records import FamilyRecord, Found, Mismatch, Registered, StudentRecord
from sgo_core.vault import Vault, vault_of


class _Keys:
    """Keys of one record."""

    def __init__(self, vault: Vault, record: StudentRecord) -> None:
        self.snils = None if record.snils is None else vault.snils_key(record.snils)
        self.document = (
            None
            if record.document is None
            else document_key(vault, record.document, record.last_name, record.first_name, record.birth_date)
        )


class _Known:
    """Students at hand by key: those in the database and those of this batch."""

    def __init__(self, students: Sequence[Student]) -> None:
        self.by_snils: dict[bytes, Student] = {}
        self.by_document: dict[bytes, Student] = {}
        self.former: set[bytes] = set()
        """Documents that a merged card keeps finding the one that lives on by."""
        living = {student.id: student for student in students if student.merged_into is None}
        for student in students:
            if student.merged_into is None:
                self.add(student)
            elif student.document_key is not None and student.merged_into in living:
                self.by_document[student.document_key] = living[student.merged_into]
                self.former.add(student.document_key)

    def add(self, student: Student) -> None:
        if student.snils_key is not None:
            self.by_snils[student.snils_key] = student
        if student.document_key is not None:
            self.by_document[student.document_key] = student

    def find(self, keys: _Keys) -> Student | None:
        if keys.snils is not None and (found := self.by_snils.get(keys.snils)) is not None:
            return found
        found = None if keys.document is None else self.by_document.get(keys.document)
        if found is not None and keys.snils is not None and found.snils_key is not None:
            return None  # the document of a child whose СНИЛС is another one: somebody mistyped, a note will say so
        return found


async def find_students(uow: UnitOfWork, records: Sequence[StudentRecord]) -> list[Found]:
    """Known children, their rows locked; one not known yet gets a provisional id, the same for each mention."""
    vault = vault_of(uow)
    keys = [_Keys(vault, record) for record in records]
    known = await _known(uow, keys)
    provisional: set[UUID] = set()
    found: list[Found] = []
    for record, one in zip(records, keys, strict=True):
        student = known.find(one)
        if student is None:
            student = Student(id=new_id(), snils_key=one.snils, document_key=one.document, birth_date=record.birth_date)
            known.add(student)
            provisional.add(student.id)
        mismatch = None if same_child(student, record) else Mismatch.CHILD
        found.append(Found(student.id, mismatch, within_batch=student.id in provisional))
    return found


async def _known(uow: UnitOfWork, keys: Sequence[_Keys]) -> _Known:
    return _Known(
        await repository.students_by_keys(
            uow.session,
            {one.snils for one in keys if one.snils is not None},
            {one.document for one in keys if one.document is not None},
        )
    )


async def register_students(
    uow: UnitOfWork,
    families: Sequence[FamilyRecord],
    author: Author,
    *,
    overwrite: bool = False,
    kept_by: UUID | None = None,
) -> list[Registered]:
    """Find or create the child of each family. ``kept_by`` is the organization that opens the new cards.

    What a found card lacks is filled in; what it says stays, or follows the record if told to ``overwrite``.
    """
    vault = vault_of(uow)
    keys = [_Keys(vault, family.student) for family in families]
    result: dict[int, Student] = {}
    created: dict[UUID, int] = {}
    changed: dict[UUID, int] = {}
    notes: list[dict[str, Any]] = []
    pending = list(range(len(families)))
    while pending:
        known = await _known(uow, [keys[i] for i in pending])
        made: dict[UUID, Student] = {}
        for i in pending:
            record = families[i].student
            student = known.find(keys[i])
            if student is None:
                student = _new_student(uow, vault, record, keys[i], known, notes, author)
                student.kept_by = kept_by
                made[student.id] = student
            elif not same_child(student, record):
                raise IdentityRaceError
            else:
                filled = change(
                    student, _news(vault, student, record, keys[i], known, overwrite=overwrite), author, uow.now
                )
                if filled and student.id not in made:
                    changed[student.id] = i
            known.add(student)
            result[i] = student
        inserted = await repository.insert_new(uow.session, _in_key_order(made))
        pending = [i for i in pending if result[i].id in made and result[i].id not in inserted]
        for i, student in result.items():
            if student.id in inserted:
                created.setdefault(student.id, i)
    notes = [row for row in notes if {row["student_id"], row["other_id"]} & created.keys()]
    await _note_duplicates(uow, created, notes)
    await _publish(uow, result, {**changed, **created}, families)
    await tell_renamed(uow, list(changed))
    return [
        Registered(
            student.id,
            student.statistical_id,
            created=created.get(student.id) == i,
            changed=changed.get(student.id) == i,
        )
        for i, student in sorted(result.items())
    ]


def _new_student(
    uow: UnitOfWork,
    vault: Vault,
    record: StudentRecord,
    keys: _Keys,
    known: _Known,
    notes: list[dict[str, Any]],
    author: Author,
) -> Student:
    student_id = new_id()
    rival = None if keys.document is None else known.by_document.get(keys.document)
    if rival is not None:
        notes.append(repository.note(student_id, rival.id, "same_document", uow.now))
    return Student(
        id=student_id,
        statistical_id=vault.statistical_id("student", student_id),
        search_name=search_name(record.last_name, record.first_name, record.middle_name),
        snils_key=keys.snils,
        document_key=None if rival is not None else keys.document,
        version=1,
        **to_columns(CardKind.STUDENT, Student, record.values, vault),
        **signature(author, uow.now),
    )


def _news(
    vault: Vault, student: Student, record: StudentRecord, keys: _Keys, known: _Known, *, overwrite: bool
) -> Mapping[str, Any]:
    """What the record knows and the card does not, or says otherwise; the document of another child is left out."""
    values = without_same(record.values, student)
    if not overwrite:
        values = {name: value for name, value in values.items() if getattr(student, name) is None}
    if keys.document is not None and (
        keys.document in known.former or known.by_document.get(keys.document, student) is not student
    ):
        values.pop("document", None)
    found = to_columns(CardKind.STUDENT, Student, values, vault, student)
    if "snils" in found:
        found["snils_key"] = keys.snils
    if "document" in found:
        found["document_key"] = keys.document
    if found.keys() & {"last_name", "first_name", "middle_name"}:
        names = (found.get(name, getattr(student, name)) for name in ("last_name", "first_name", "middle_name"))
        found["search_name"] = search_name(*names)
    return found


def _in_key_order(made: Mapping[UUID, Student]) -> list[Student]:
    """The same order in every transaction, so that two of them wait for each other and do not deadlock."""
    return sorted(made.values(), key=lambda student: (student.snils_key or b"", student.document_key or b""))


async def _note_duplicates(uow: UnitOfWork, created: Mapping[UUID, int], notes: list[dict[str, Any]]) -> None:
    if created:
        for one, another in await repository.namesakes(uow.session, list(created)):
            notes.append(repository.note(one, another, "same_name_and_birth_date", uow.now))
    await repository.note_duplicates(uow.session, notes)


async def _publish(
    uow: UnitOfWork, result: Mapping[int, Student], touched: Mapping[UUID, int], families: Sequence[FamilyRecord]
) -> None:
    causes = {student_id: families[i].traceparent for student_id, i in touched.items()}
    students = {student_id: result[i] for student_id, i in touched.items()}
    for student in students.values():
        uow.publish(student_profiled(student), version=student.version, traceparent=causes[student.id])
    await tell_statistics(uow, list(students.values()), causes)
