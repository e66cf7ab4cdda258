"""Routes of the notices."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from servicekit.http import Limit, Page, Uow, allow, paginate
from servicekit.security import Principal
from sgo_journal.notices import policies, service
from sgo_journal.notices.kinds import Kind
from sgo_journal.notices.schemas import NoticeOut, NoticeSide

router = APIRouter(tags=["notices"])


def _side(told: Mapping[str, Any], names: service.Names) -> NoticeSide | None:
    if not told:
        return None
    teacher, room = (told.get(name) for name in ("teacher_id", "room_id"))
    return NoticeSide(
        date=told["date"],
        number=told["number"],
        teacher=names.teachers.get(UUID(teacher)) if teacher else None,
        room=names.rooms.get(UUID(room)) if room else None,
    )


def _page(found: Sequence[service.Notice], names: service.Names, limit: int) -> Page[NoticeOut]:
    shown = [
        NoticeOut(
            **{name: getattr(one, name) for name in ("id", "date", "until", "number", "text", "source_id", "made_at")},
            kind=Kind(one.kind),
            title=Kind(one.kind).words,
            learners=names.learners.get(one.learners_id),
            subject=None if one.journal_id is None else names.subjects.get(one.journal_id),
            old=_side(one.old, names),
            new=_side(one.new, names),
        )
        for one in found
    ]
    return paginate(shown, limit, lambda one: one.id)


@router.get("/groups/{learners_id}/notices")
async def list_class_notices(
    learners_id: UUID,
    principal: Annotated[Principal, allow(policies.READ)],
    uow: Uow,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Page[NoticeOut]:
    """Извещения классу об изменениях в расписании, начиная с последних."""
    found, names = await service.of_class(uow, principal, learners_id, after, limit)
    return _page(found, names, limit)


@router.get("/students/{student_id}/notices")
async def list_own_notices(
    student_id: UUID,
    principal: Annotated[Principal, allow(policies.READ_OWN)],
    uow: Uow,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Page[NoticeOut]:
    """Извещения об изменениях в расписании ребёнка, начиная с последних."""
    found, names = await service.of_own(uow, principal, student_id, after, limit)
    return _page(found, names, limit)
