"""HTTP of projects and topics."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from servicekit import audit
from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.audience import audience_of
from sgo_core.cards.naming import names_for
from sgo_core.cards.schemas import without_people
from sgo_core.cards.texts import withheld
from sgo_core.catalogue.definition import CardKind
from sgo_core.groups.schemas import Year
from sgo_core.http import after_id
from sgo_core.projects import policies, service
from sgo_core.projects.model import Project
from sgo_core.projects.schemas import MemberOut, ProjectIn, ProjectOut, ProjectPatch

router = APIRouter(tags=["projects"])
Reader = Annotated[Principal, allow(policies.READ)]
Writer = Annotated[Principal, allow(policies.WRITE)]


async def _out(uow: UnitOfWork, principal: Principal, projects: Sequence[Project]) -> list[ProjectOut]:
    members = await service.members_of(uow, projects)
    people: dict[CardKind, list[UUID]] = defaultdict(list)
    for found in members.values():
        for one in found:
            people[CardKind(one.owner_kind)].append(one.owner_id)
    names = await names_for(uow, principal, people)
    texts = withheld(audience_of(principal), Project.__tablename__)
    return [
        ProjectOut(
            **{name: getattr(project, name) for name in ProjectOut.model_fields if name != "members"} | texts,
            members=[
                MemberOut(
                    role=one.role,
                    person_kind=one.owner_kind,
                    person_id=one.owner_id,
                    values=names.get(one.owner_id, {}),
                )
                for one in members[project.id]
            ],
        )
        for project in projects
    ]


def _people(found: Sequence[ProjectOut]) -> list[UUID]:
    return sorted({one.person_id for project in found for one in project.members})


@router.post("/organizations/{organization_id}/projects", status_code=201, response_model=ProjectOut)
async def start_project(
    organization_id: UUID, body: ProjectIn, once: CreateOnce, principal: Writer, uow: Uow
) -> JSONResponse:
    """Завести проект или тему с руководителем и авторами."""

    async def start() -> tuple[int, dict[str, Any]]:
        project = await service.start(uow, principal, organization_id, body)
        return 201, (await _out(uow, principal, [project]))[0].model_dump(mode="json")

    return await once(start, kept=without_people)


@router.get("/organizations/{organization_id}/projects")
async def list_projects(
    organization_id: UUID,
    principal: Reader,
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    academic_year: Year | None = None,
) -> Page[ProjectOut]:
    """Портфолио проектов и тем организации."""
    found = await service.list_projects(uow, principal, organization_id, academic_year, limit, after_id(after))
    page = paginate(await _out(uow, principal, found), limit, lambda one: one.id)
    await audit.record(uow, principal, "projects.list", _people(page.items))
    return page


@router.get("/students/{student_id}/projects")
async def list_student_projects(
    student_id: UUID,
    principal: Annotated[Principal, allow(policies.OF_STUDENT)],
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
) -> Page[ProjectOut]:
    """Проекты и темы обучающегося."""
    found = await service.of_student(uow, principal, student_id, limit, after_id(after))
    page = paginate(await _out(uow, principal, found), limit, lambda one: one.id)
    await audit.record(uow, principal, "student.projects.read", [student_id])
    return page


@router.get("/workers/{worker_id}/projects")
async def list_worker_projects(
    worker_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[ProjectOut]:
    """Проекты и темы, которыми работник руководит или автором которых является."""
    found = await service.of_worker(uow, principal, worker_id, limit, after_id(after))
    page = paginate(await _out(uow, principal, found), limit, lambda one: one.id)
    await audit.record(uow, principal, "worker.projects.read", [worker_id, *_people(page.items)])
    return page


@router.get("/projects/{project_id}")
async def get_project(project_id: UUID, principal: Reader, uow: Uow, response: Response) -> ProjectOut:
    """Проект или тема."""
    project = await service.require(uow, principal, project_id)
    response.headers["ETag"] = etag(project.version)
    (shown,) = await _out(uow, principal, [project])
    await audit.record(uow, principal, "project.read", _people([shown]))
    return shown


@router.patch("/projects/{project_id}")
async def edit_project(
    project_id: UUID, body: ProjectPatch, version: IfMatch, principal: Writer, uow: Uow, response: Response
) -> ProjectOut:
    """Изменить проект, его состояние, руководителей или авторов; педагог меняет те, которыми руководит."""
    project = await service.edit(uow, principal, project_id, version, body)
    response.headers["ETag"] = etag(project.version)
    return (await _out(uow, principal, [project]))[0]
