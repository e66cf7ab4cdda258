"""Who sees a student: one rule, as a condition on a table of students.

An organization sees those who are or will be in it; one it has released, until another accepts the child; of those who left them all,
the ones whose last stay ended in it; a card it opened, until a stay says whose the child is. A stay that was undone ends where it
begins: it never was, unless nothing else says whose a card is.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Uuid, and_, exists, literal, or_
from sqlalchemy.orm import aliased

from sgo_core.movements.model import Membership
from sgo_core.transfers import carrying as transfers


def lasts(stay: Any) -> ColumnElement[bool]:
    """Not a stay that was undone."""
    return or_(stay.valid_to.is_(None), stay.valid_to > stay.valid_from)


@dataclass(frozen=True)
class Sight:
    """Whom organizations (ids, or a subquery of them) see on a day; ``own`` is the one whose opened cards count."""

    organizations: Any
    own: UUID | None
    today: date

    def __call__(self, student: FromClause) -> ColumnElement[bool]:
        """The condition on a table of students; never null."""
        stay, later = aliased(Membership), aliased(Membership)
        mine = and_(stay.student_id == student.c.id, lasts(stay))
        here = stay.organization_id.in_(self.organizations)
        ahead = or_(stay.valid_to.is_(None), stay.valid_to > self.today)
        nobodys = and_(~lasts(stay), student.c.kept_by.is_(None))
        after = exists().where(
            later.student_id == stay.student_id,
            or_(
                and_(lasts(later), or_(~lasts(stay), later.valid_to > stay.valid_to)),
                and_(~lasts(later), ~lasts(stay), later.id > stay.id),
            ),
        )
        opened = and_(student.c.kept_by.is_not(None), student.c.kept_by == literal(self.own, Uuid))
        return or_(
            exists().where(mine, here, ahead),
            transfers.released_by(student.c.id, self.organizations),
            and_(
                ~exists().where(mine, ahead),
                exists().where(stay.student_id == student.c.id, here, or_(lasts(stay), nobodys), ~after),
            ),
            and_(literal(self.own is not None), opened, student.c.merged_into.is_(None), ~exists().where(mine)),
        )
