"""Use cases of textbooks: what there is, who studies by it, whether it is enough."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.curricula import service as curricula
from sgo_core.groups import service as groups
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations import service as organizations
from sgo_core.subjects import service as subjects
from sgo_core.textbooks import repository
from sgo_core.textbooks.errors import (
    NoCopiesError,
    TextbookClassesError,
    TextbookExistsError,
    TextbookGradesError,
    TextbookSubjectError,
)
from sgo_core.textbooks.model import Textbook, TextbookCopies, TextbookUse
from sgo_core.textbooks.schemas import ClassesIn, CopiesIn, TextbookIn, TextbookPatch

_WHOLE = 100


async def add(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: TextbookIn) -> Textbook:
    """Enter a textbook of the organization."""
    await organizations.require_visible(uow, principal, organization_id)
    if body.subject_id not in await subjects.usable_by(uow, organization_id, [body.subject_id]):
        raise TextbookSubjectError
    textbook = Textbook(
        id=new_id(),
        organization_id=organization_id,
        received=0,
        written_off=0,
        active=True,
        version=1,
        **body.model_dump(),
        **signature(Author(principal.account_id, "Внесение учебника"), uow.now),
    )
    _check(textbook)
    uow.session.add(textbook)
    await _flush(uow)
    return textbook


def _check(textbook: Textbook) -> None:
    if textbook.grade_from > textbook.grade_to:
        raise TextbookGradesError


async def _flush(uow: UnitOfWork) -> None:
    try:
        await uow.session.flush()
    except IntegrityError:  # of the constraints, only the edition's can be broken here
        raise TextbookExistsError from None


async def get(uow: UnitOfWork, principal: Principal, textbook_id: UUID) -> Textbook:
    """A textbook of an organization the caller sees; raises ``NotFoundError``."""
    textbook = await repository.get(uow.session, textbook_id)
    if textbook is None:
        raise NotFoundError
    await organizations.require_visible(uow, principal, textbook.organization_id)
    return textbook


async def _locked(uow: UnitOfWork, principal: Principal, textbook_id: UUID) -> Textbook:
    textbook = await repository.get(uow.session, textbook_id, lock=True)
    if textbook is None or textbook.organization_id != principal.unit.organization_id:
        raise NotFoundError
    return textbook


async def edit(uow: UnitOfWork, principal: Principal, textbook_id: UUID, version: int, body: TextbookPatch) -> Textbook:
    """Change what is known of a textbook, or put it out of use."""
    textbook = await _locked(uow, principal, textbook_id)
    if textbook.version != version:
        raise VersionMismatchError
    values = body.model_dump(exclude_unset=True, exclude={"reason"})
    change(textbook, values, Author(principal.account_id, body.reason), uow.now)
    _check(textbook)
    await _flush(uow)
    return textbook


async def list_textbooks(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    subject_id: UUID | None,
    grade: int | None,
    limit: int,
    after: UUID | None,
) -> Sequence[Textbook]:
    """One page of an organization's textbooks, and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    return await repository.page(uow.session, organization_id, subject_id, grade, limit, after)


async def count_copies(
    uow: UnitOfWork, principal: Principal, textbook_id: UUID, body: CopiesIn
) -> tuple[Textbook, TextbookCopies]:
    """Take copies in, or write them off: never more than there are."""
    textbook = await _locked(uow, principal, textbook_id)
    if body.kind == "written_off" and body.copies > textbook.available:
        raise NoCopiesError
    entry = TextbookCopies(
        id=new_id(),
        textbook_id=textbook_id,
        recorded_at=uow.now,
        recorded_by=principal.account_id,
        **body.model_dump(),
    )
    uow.session.add(entry)
    author = Author(principal.account_id, f"Документ {body.document}")
    change(textbook, {body.kind: getattr(textbook, body.kind) + body.copies}, author, uow.now)
    await uow.session.flush()
    return textbook, entry


async def list_copies(
    uow: UnitOfWork, principal: Principal, textbook_id: UUID, limit: int, after: UUID | None
) -> Sequence[TextbookCopies]:
    """One page of what came and was written off, and one more."""
    await get(uow, principal, textbook_id)
    return await repository.page_of_copies(uow.session, textbook_id, limit, after)


async def put_classes(
    uow: UnitOfWork, principal: Principal, textbook_id: UUID, version: int, body: ClassesIn
) -> tuple[Textbook, Sequence[UUID]]:
    """Let these classes of a year study by a textbook, and no others of the year."""
    textbook = await _locked(uow, principal, textbook_id)
    if textbook.version != version:
        raise VersionMismatchError
    of_year = await repository.classes(uow.session, textbook.organization_id, body.academic_year)
    fits = {one.id for one in of_year if textbook.grade_from <= one.grade <= textbook.grade_to}
    wanted = set(body.group_ids)
    if not wanted <= fits or (wanted and not textbook.active):
        raise TextbookClassesError
    author = Author(principal.account_id, "Классы, занимающиеся по учебнику")
    there = {one.group_id: one for one in await repository.uses(uow.session, textbook_id, [one.id for one in of_year])}
    for group_id, known in there.items():
        change(known, {"active": group_id in wanted}, author, uow.now)
    uow.session.add_all(
        TextbookUse(
            id=new_id(),
            organization_id=textbook.organization_id,
            textbook_id=textbook_id,
            group_id=group_id,
            active=True,
            version=1,
            **signature(author, uow.now),
        )
        for group_id in sorted(wanted - there.keys())
    )
    textbook.version += 1
    textbook.updated_at = uow.now
    await uow.session.flush()
    return textbook, sorted(wanted)


@dataclass(frozen=True)
class Supplied:
    """A textbook of a class; ``need`` is of all the classes of the year that share its copies."""

    textbook: Textbook
    need: int

    @property
    def percent(self) -> int:
        """Per cent of the students that have a copy, each class alike."""
        if self.need == 0:
            return _WHOLE
        return min(_WHOLE, self.textbook.available * _WHOLE // self.need)


@dataclass(frozen=True)
class ClassSupply:
    """Supply of a class; ``without`` are subjects of its curriculum that have no textbook."""

    group_id: UUID
    name: str
    students: int
    textbooks: Sequence[Supplied]
    without: Sequence[UUID]

    @property
    def percent(self) -> int | None:
        """The worst supplied of its textbooks; None where it has none."""
        return min((one.percent for one in self.textbooks), default=None)


async def supply(uow: UnitOfWork, principal: Principal, organization_id: UUID, academic_year: int) -> list[ClassSupply]:
    """Students beside copies, for each class of a year.

    The curriculum is the one in force today, of a year to come on its first day, of a past one on its last.
    """
    await organizations.require_visible(uow, principal, organization_id)
    classes = await repository.classes(uow.session, organization_id, academic_year)
    students = {one.id: one.occupied for one in classes}
    used = await repository.used_by(uow.session, list(students))
    need: dict[UUID, int] = {}
    for group_id, textbook in used:
        need[textbook.id] = need.get(textbook.id, 0) + students[group_id]
    year = await groups.academic_year(uow, academic_year)
    today = uow.clock.today()
    day = today if year is None else max(year.starts_on, min(today, year.ends_on - year.ends_on.resolution))
    plans = await curricula.in_force(uow, list(students), day)
    found = []
    for one in classes:
        own = [Supplied(textbook, need[textbook.id]) for group_id, textbook in used if group_id == one.id]
        covered = {supplied.textbook.subject_id for supplied in own}
        _, lines = plans.get(one.id, (None, []))
        without = list(dict.fromkeys(line.subject_id for line in lines if line.subject_id not in covered))
        found.append(ClassSupply(one.id, one.name, one.occupied, own, without))
    return found
