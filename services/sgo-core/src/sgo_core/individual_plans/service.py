"""Use cases of individual plans: choosing, checking by the same norms as a class, approving."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from asu_contracts.access import UnitKind
from servicekit.errors import FieldError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.curricula import service as curricula
from sgo_core.curricula.checking import Finding, Plan, Report, check
from sgo_core.curricula.errors import InForceDateError
from sgo_core.curricula.schemas import ApprovalIn
from sgo_core.groups import service as groups
from sgo_core.history.recorded import Author, signature
from sgo_core.individual_plans import repository
from sgo_core.individual_plans.errors import (
    CheckFailedError,
    ChoiceError,
    LaterPlanError,
    NotADraftError,
    OtherCurriculumError,
)
from sgo_core.individual_plans.model import IndividualPlan
from sgo_core.individual_plans.schemas import LINES, Elective, PlanIn, PlanPatch, StudentLine
from sgo_core.movements import service as movements
from sgo_core.organizations import service as organizations
from sgo_core.study_norms import service as study_norms
from sgo_core.subjects import service as subjects

_OF_LINE = ("subject_id", "component", "level", "hours_week", "period_hours")
_NO_LINE = ("individual-plans.line-unknown", "В учебном плане класса нет такой строки")
_TWICE = ("individual-plans.twice", "Предмет уже выбран")
_NO_SUBJECT = ("individual-plans.subject-unknown", "Нет такого предмета в справочнике организации")
_NO_COMPONENT = ("individual-plans.component-unknown", "Нет такого компонента учебного плана")


async def draft(uow: UnitOfWork, principal: Principal, student_id: UUID, body: PlanIn) -> IndividualPlan:
    """Draft a plan of a student of the caller's organization by an approved curriculum."""
    await movements.require_student(uow, principal, student_id)
    whole = await curricula.get_curriculum(uow, principal, body.curriculum_id)
    if whole.curriculum.state != "approved":
        raise OtherCurriculumError
    lines = await _choose(uow, whole, body.chosen, body.electives)
    plan = IndividualPlan(
        id=new_id(),
        organization_id=whole.curriculum.organization_id,
        student_id=student_id,
        curriculum_id=whole.curriculum.id,
        state="draft",
        lines=LINES.dump_python(lines, mode="json"),
        version=1,
        **signature(Author(principal.account_id, "Проект индивидуального учебного плана"), uow.now),
    )
    uow.session.add(plan)
    await uow.session.flush()
    return plan


async def _choose(
    uow: UnitOfWork, whole: curricula.Whole, chosen: Sequence[UUID], electives: Sequence[Elective]
) -> list[StudentLine]:
    """Lines of the curriculum by id, and electives; raises ``ChoiceError``."""
    offered = {line.id: line for line in whole.lines}
    errors: list[FieldError] = []
    lines: list[StudentLine] = []
    for number, line_id in enumerate(chosen):
        line = offered.get(line_id)
        if line is None:
            errors.append(FieldError(f"/body/chosen/{number}", *_NO_LINE))
            continue
        values = {name: getattr(line, name) for name in _OF_LINE}
        lines.append(StudentLine.model_validate({"line_id": line.id, **values}))
    organization_id = whole.curriculum.organization_id
    known = await subjects.usable_by(uow, organization_id, {one.subject_id for one in electives})
    starts_on = await curricula.first_day(uow, whole.curriculum.academic_year)
    components = await subjects.terms_in_use(uow, "component", starts_on)
    for number, one in enumerate(electives):
        if one.subject_id not in known:
            errors.append(FieldError(f"/body/electives/{number}/subject_id", *_NO_SUBJECT))
        if one.component not in components:
            errors.append(FieldError(f"/body/electives/{number}/component", *_NO_COMPONENT))
        lines.append(StudentLine(line_id=None, **one.model_dump()))
    keys = [(line.subject_id, line.component) for line in lines]
    if len(set(keys)) < len(keys):
        errors.append(FieldError("/body", *_TWICE))
    if errors:
        raise ChoiceError(errors=errors)
    return lines


def lines_of(plan: IndividualPlan) -> list[StudentLine]:
    """What the student studies."""
    return LINES.validate_python(plan.lines)


async def require_plan(uow: UnitOfWork, principal: Principal, plan_id: UUID) -> IndividualPlan:
    """A plan of the caller's organization; raises ``NotFoundError``."""
    plan = await repository.get(uow.session, plan_id)
    if plan is None or plan.organization_id != principal.unit.organization_id:
        raise NotFoundError
    return plan


async def of_student(uow: UnitOfWork, principal: Principal, student_id: UUID) -> Sequence[IndividualPlan]:
    """Plans of a student: its own organization's; the student and the guardians see those approved."""
    await movements.require_student(uow, principal, student_id)
    found = await repository.of_student(uow.session, student_id)
    if principal.unit.kind is UnitKind.PERSON:
        return [one for one in found if one.state == "approved"]
    return [one for one in found if one.organization_id == principal.unit.organization_id]


async def list_plans(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, day: date | None, limit: int, after: UUID | None
) -> Sequence[IndividualPlan]:
    """One page of an organization's plans in force on a day (None: all), and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    return await repository.page(uow.session, organization_id, day, limit, after)


async def _locked(uow: UnitOfWork, principal: Principal, plan_id: UUID, version: int) -> IndividualPlan:
    plan = await repository.get(uow.session, plan_id, lock=True)
    if plan is None or plan.organization_id != principal.unit.organization_id:
        raise NotFoundError
    if plan.version != version:
        raise VersionMismatchError
    if plan.state != "draft":
        raise NotADraftError
    return plan


async def edit(uow: UnitOfWork, principal: Principal, plan_id: UUID, version: int, body: PlanPatch) -> IndividualPlan:
    """Change what is chosen in a draft."""
    plan = await _locked(uow, principal, plan_id, version)
    whole = await curricula.get_curriculum(uow, principal, plan.curriculum_id)
    there, sent = lines_of(plan), body.model_fields_set
    chosen = body.chosen if "chosen" in sent else [line.line_id for line in there if line.line_id is not None]
    electives = (
        body.electives
        if "electives" in sent
        else [
            Elective.model_validate(line.model_dump(exclude={"line_id", "period_hours"}))
            for line in there
            if line.line_id is None
        ]
    )
    lines = LINES.dump_python(await _choose(uow, whole, chosen, electives), mode="json")
    change(plan, {"lines": lines}, Author(principal.account_id, "Изменение индивидуального плана"), uow.now)
    await uow.session.flush()
    return plan


async def withdraw(uow: UnitOfWork, principal: Principal, plan_id: UUID, version: int) -> IndividualPlan:
    """Give a draft up, for good."""
    plan = await _locked(uow, principal, plan_id, version)
    change(plan, {"state": "withdrawn"}, Author(principal.account_id, "Отзыв индивидуального плана"), uow.now)
    await uow.session.flush()
    return plan


async def check_plan(uow: UnitOfWork, principal: Principal, plan: IndividualPlan) -> Report:
    """What the plan lacks or has too much of, by the norms of the class's curriculum."""
    curriculum = (await curricula.get_curriculum(uow, principal, plan.curriculum_id)).curriculum
    starts_on = await curricula.first_day(uow, curriculum.academic_year)
    norms = await study_norms.of_grade(uow, curriculum.grade, starts_on)
    components = await subjects.terms_in_use(uow, "component", starts_on)
    lines = lines_of(plan)
    known = await subjects.by_ids(uow, {line.subject_id for line in lines} | (norms.obligatory or frozenset()))
    return check(
        Plan(
            grade=curriculum.grade,
            week_days=curriculum.week_days,
            starts_on=starts_on,
            lines=lines,
            subjects=known,
            counted=frozenset(code for code, term in components.items() if term.counts_in_load),
            norms=norms,
            periods=curriculum.period_count or 1,
            profile=curriculum.profile,
        )
    )


def failures(report: Report) -> list[FieldError]:
    """Errors of a check as an answer names them."""
    found: Sequence[Finding] = report.errors
    return [FieldError("/body", one.code, one.title) for one in found]


async def approve(
    uow: UnitOfWork, principal: Principal, plan_id: UUID, version: int, body: ApprovalIn
) -> IndividualPlan:
    """Approve a draft; the student's former plan ends on that day. The class has to study by the plan's curriculum then."""
    plan = await _locked(uow, principal, plan_id, version)
    curriculum = (await curricula.get_curriculum(uow, principal, plan.curriculum_id)).curriculum
    year = await groups.academic_year(uow, curriculum.academic_year)
    day = body.in_force_from
    if year is None or not year.starts_on <= day < year.ends_on:
        raise InForceDateError
    group_id = await repository.class_of(uow.session, plan.organization_id, plan.student_id, day)
    in_force = await curricula.in_force(uow, [] if group_id is None else [group_id], day)
    if curriculum.id not in {one.id for one, _ in in_force.values()}:
        raise OtherCurriculumError
    report = await check_plan(uow, principal, plan)
    if report.errors:
        raise CheckFailedError(errors=failures(report))
    author = Author(principal.account_id, f"Индивидуальный план утверждён, документ № {body.document_number}")
    for former in await repository.in_force_from(uow.session, plan.organization_id, plan.student_id, day):
        if former.valid_from is not None and former.valid_from > day:
            raise LaterPlanError
        change(former, {"valid_to": day}, author, uow.now)
    await uow.session.flush()
    values = {
        "state": "approved",
        "approved_by": principal.account_id,
        "document_number": body.document_number,
        "document_date": body.document_date,
        "valid_from": day,
        "valid_to": year.ends_on,
    }
    change(plan, values, author, uow.now)
    try:
        await uow.session.flush()
    except IntegrityError:  # another plan of the student was approved meanwhile
        raise LaterPlanError from None
    return plan
