"""SQL of projects."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, literal, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.projects.model import Project, ProjectMember


async def get(session: AsyncSession, project_id: UUID, *, lock: bool = False) -> Project | None:
    """A project, locked if asked."""
    return await session.get(Project, project_id, with_for_update=lock or None, populate_existing=True)


async def page(
    session: AsyncSession, organization_id: UUID, academic_year: int | None, limit: int, after: UUID | None
) -> Sequence[Project]:
    """One page of an organization's projects, newest first, and one more."""
    query = select(Project).where(Project.organization_id == organization_id)
    if academic_year is not None:
        query = query.where(Project.academic_year == academic_year)
    if after is not None:
        query = query.where(Project.id < after)
    return (await session.scalars(query.order_by(Project.id.desc()).limit(limit + 1))).all()


async def of_person(
    session: AsyncSession, kind: str, person_id: UUID, limit: int, after: UUID | None, organizations: Any = None
) -> Sequence[Project]:
    """One page of the projects a person takes part in (in some organizations, if they are given), newest first, and one more."""
    mine = select(ProjectMember.project_id).where(ProjectMember.owned_by(kind, person_id), ProjectMember.active)
    query = select(Project).where(Project.id.in_(mine))
    if organizations is not None:
        query = query.where(Project.organization_id.in_(organizations))
    if after is not None:
        query = query.where(Project.id < after)
    return (await session.scalars(query.order_by(Project.id.desc()).limit(limit + 1))).all()


async def members(
    session: AsyncSession, project_ids: Collection[UUID], *, active: bool = True
) -> Sequence[ProjectMember]:
    """Members of projects."""
    query = select(ProjectMember).where(ProjectMember.project_id == any_(literal(list(project_ids), ARRAY(Uuid))))
    if active:
        query = query.where(ProjectMember.active)
    return (await session.scalars(query.order_by(ProjectMember.role.desc(), ProjectMember.id))).all()


async def of_organization(
    session: AsyncSession, organization_id: UUID, students: Collection[UUID], workers: Collection[UUID], day: date
) -> set[UUID]:
    """Those of the students and workers who are the organization's on a day."""
    query = text("""
        SELECT student_id FROM membership WHERE student_id = ANY (:students) AND organization_id = :organization
        AND valid_from <= :day AND (valid_to IS NULL OR valid_to > :day)
        UNION
        SELECT worker_id FROM employment WHERE worker_id = ANY (:workers) AND organization_id = :organization
        AND hired_on <= :day AND (dismissed_on IS NULL OR dismissed_on > :day)
    """).bindparams(
        bindparam("students", list(students), ARRAY(Uuid)), bindparam("workers", list(workers), ARRAY(Uuid))
    )
    return set(await session.scalars(query, {"organization": organization_id, "day": day}))
