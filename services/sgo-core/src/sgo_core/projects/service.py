"""Use cases of projects."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from servicekit.errors import ForbiddenError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.cards.owning import owner
from sgo_core.groups import service as groups
from sgo_core.history.recorded import Author, sign, signature
from sgo_core.movements.service import require_student
from sgo_core.organizations import service as organizations
from sgo_core.projects import repository
from sgo_core.projects.errors import DefenceDateError, NoSupervisorError, UnknownMemberError, UnknownYearError
from sgo_core.projects.model import Project, ProjectMember
from sgo_core.projects.schemas import ProjectIn, ProjectPatch
from sgo_core.staff import service as staff

_LISTS: Mapping[str, tuple[str, str]] = {
    "supervisors": ("supervisor", "worker"),
    "student_authors": ("author", "student"),
    "worker_authors": ("author", "worker"),
}
"""Role and kind of the people in each list of a body."""
_Key = tuple[str, str, UUID]


async def start(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: ProjectIn) -> Project:
    """Start a project of the caller's organization."""
    await organizations.require_visible(uow, principal, organization_id)
    if await groups.academic_year(uow, body.academic_year) is None:
        raise UnknownYearError
    author = Author(principal.account_id, "Новый проект")
    project = Project(
        id=new_id(),
        organization_id=organization_id,
        state="planned",
        version=1,
        **body.model_dump(exclude=set(_LISTS)),
        **signature(author, uow.now),
    )
    uow.session.add(project)
    await uow.session.flush()
    await _set_members(uow, project, _wanted(body.model_dump()), author)
    return project


def _wanted(lists: Mapping[str, Any]) -> set[_Key]:
    return {(*_LISTS[name], person) for name in _LISTS for person in lists.get(name) or ()}


async def _set_members(uow: UnitOfWork, project: Project, wanted: set[_Key], author: Author) -> bool:
    """Let a project have these members; whether anything changed."""
    if {role for role, _, _ in wanted} != {"supervisor", "author"}:
        raise NoSupervisorError
    known = {(one.role, one.owner_kind, one.owner_id): one for one in await _all_members(uow, project)}
    standing = {key for key, one in known.items() if one.active}
    new = wanted - standing
    await _check_theirs(uow, project.organization_id, new)
    for key in sorted(new, key=str):
        if key in known:
            change(known[key], {"active": True}, author, uow.now)
        else:
            role, kind, person = key
            uow.session.add(
                ProjectMember(
                    id=new_id(),
                    project_id=project.id,
                    role=role,
                    **owner(kind, person),
                    active=True,
                    version=1,
                    **signature(author, uow.now),
                )
            )
    for key in standing - wanted:
        change(known[key], {"active": False}, author, uow.now)
    await uow.session.flush()
    return wanted != standing


async def _all_members(uow: UnitOfWork, project: Project) -> Sequence[ProjectMember]:
    return await repository.members(uow.session, [project.id], active=False)


async def _check_theirs(uow: UnitOfWork, organization_id: UUID, new: set[_Key]) -> None:
    students = {person for _, kind, person in new if kind == "student"}
    workers = {person for _, kind, person in new if kind == "worker"}
    found = await repository.of_organization(uow.session, organization_id, students, workers, uow.clock.today())
    if found != students | workers:
        raise UnknownMemberError


async def edit(uow: UnitOfWork, principal: Principal, project_id: UUID, version: int, body: ProjectPatch) -> Project:
    """Change a project or who takes part in it; a teacher changes what it supervises."""
    project = await require(uow, principal, project_id)
    project = await repository.get(uow.session, project_id, lock=True) or project
    if principal.role is Role.TEACHER and not await _supervises(uow, principal, project):
        raise ForbiddenError
    if project.version != version:
        raise VersionMismatchError
    sent = body.model_dump(exclude_unset=True, exclude={"reason"})
    author = Author(principal.account_id, body.reason)
    values = {name: value for name, value in sent.items() if name not in _LISTS}
    if (values.get("state", project.state) == "defended") != (
        values.get("defended_on", project.defended_on) is not None
    ):
        raise DefenceDateError
    changed = change(project, values, author, uow.now)
    if sent.keys() & _LISTS.keys():
        standing = [one for one in await _all_members(uow, project) if one.active]
        lists = {
            name: sent.get(name, [one.owner_id for one in standing if (one.role, one.owner_kind) == _LISTS[name]])
            for name in _LISTS
        }
        if await _set_members(uow, project, _wanted(lists), author) and not changed:
            sign(project, author, uow.now)
    return project


async def _supervises(uow: UnitOfWork, principal: Principal, project: Project) -> bool:
    return any(
        one.role == "supervisor" and one.owner_id == principal.person_id
        for one in await repository.members(uow.session, [project.id])
    )


async def require(uow: UnitOfWork, principal: Principal, project_id: UUID) -> Project:
    """A project of an organization the caller sees; raises ``NotFoundError``."""
    project = await repository.get(uow.session, project_id)
    if project is None:
        raise NotFoundError
    await organizations.require_visible(uow, principal, project.organization_id)
    return project


async def list_projects(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    academic_year: int | None,
    limit: int,
    after: UUID | None,
) -> Sequence[Project]:
    """One page of an organization's projects, and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    return await repository.page(uow.session, organization_id, academic_year, limit, after)


async def of_student(
    uow: UnitOfWork, principal: Principal, student_id: UUID, limit: int, after: UUID | None
) -> Sequence[Project]:
    """One page of the projects a student is an author of, and one more."""
    await require_student(uow, principal, student_id)
    return await repository.of_person(uow.session, "student", student_id, limit, after)


async def of_worker(
    uow: UnitOfWork, principal: Principal, worker_id: UUID, limit: int, after: UUID | None
) -> Sequence[Project]:
    """One page of the projects a worker supervises or is an author of, and one more: one's own all, else where the caller sees."""
    await staff.require_worker(uow, principal, worker_id)
    seen = None if principal.person_id == worker_id else organizations.visible_ids(principal)
    return await repository.of_person(uow.session, "worker", worker_id, limit, after, seen)


async def members_of(uow: UnitOfWork, projects: Sequence[Project]) -> dict[UUID, list[ProjectMember]]:
    """Members by project."""
    found: dict[UUID, list[ProjectMember]] = {one.id: [] for one in projects}
    for member in await repository.members(uow.session, list(found)):
        found[member.project_id].append(member)
    return found
