"""Additional forms over HTTP."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from reporting.additional_forms import policies, service
from reporting.additional_forms.schemas import AdditionalForm, AdditionalFormIn, Answer, AnswerIn, FormRespondent
from reporting.outward import service as outward
from reporting.printing.sheets import FILES, as_file
from reportkit.footer import Footer
from servicekit import audit
from servicekit.clock import Clock
from servicekit.http import CreateOnce, CurrentRuntime, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.http.reports import Format, ReportOut
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_LAST_VERSION = 10**9
router = APIRouter(tags=["additional-forms"])

Definer = Annotated[Principal, allow(policies.FORMS_DEFINE)]
Reader = Annotated[Principal, allow(policies.FORMS_READ)]
Filler = Annotated[Principal, allow(policies.FORMS_FILL)]
As = Annotated[Format, Query(alias="format", description="На экран, таблицей, документом или списком чисел")]

SentVersion = Annotated[
    int | None, Query(ge=1, le=_LAST_VERSION, description="Отправленная версия; без неё — сохранённая последней")
]


@router.post("/additional-forms", status_code=201, response_model=AdditionalForm)
async def create_additional_form(
    body: AdditionalFormIn, principal: Definer, uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Составить черновик дополнительной формы своего уровня."""

    async def make() -> tuple[int, dict[str, Any]]:
        form_id = await service.create(uow, principal, _described(body))
        return 201, (await _shown(uow, principal, form_id)).model_dump(mode="json")

    return await once(make)


@router.get("/additional-forms")
async def list_additional_forms(
    principal: Reader, uow: Uow, limit: Limit = 100, after: UUID | None = None
) -> Page[AdditionalForm]:
    """Дополнительные формы: свои, нижестоящих и те, что спрашивают сверху."""
    rows = await service.listed(uow, principal, after=after, limit=limit + 1)
    return paginate([_form(row) for row in rows], limit, lambda one: one.id)


@router.get("/additional-forms/{form_id}")
async def get_additional_form(form_id: UUID, principal: Reader, uow: Uow, response: Response) -> AdditionalForm:
    """Дополнительная форма."""
    found = await _shown(uow, principal, form_id)
    response.headers["ETag"] = etag(found.version)
    return found


@router.put("/additional-forms/{form_id}")
async def change_additional_form(
    form_id: UUID, body: AdditionalFormIn, version: IfMatch, principal: Definer, uow: Uow
) -> AdditionalForm:
    """Изменить черновик; опубликованная форма не меняется."""
    await service.change(uow, principal, form_id, version, _described(body))
    return await _shown(uow, principal, form_id)


@router.post("/additional-forms/{form_id}/publication")
async def publish_additional_form(form_id: UUID, version: IfMatch, principal: Definer, uow: Uow) -> AdditionalForm:
    """Опубликовать форму: её можно заполнять и больше нельзя менять."""
    await service.publish(uow, principal, form_id, version)
    return await _shown(uow, principal, form_id)


@router.get("/additional-forms/{form_id}/answers/{organization_id}")
async def get_additional_answer(
    form_id: UUID, organization_id: UUID, principal: Reader, uow: Uow, response: Response, version: SentVersion = None
) -> Answer:
    """Ответ организации, все ячейки формы: как сохранён последним или как был отправлен."""
    form, found = await service.answer(uow, principal, form_id, organization_id, version)
    shown = Answer.of(form, organization_id, found)
    response.headers["ETag"] = etag(shown.version)
    return shown


@router.put("/additional-forms/{form_id}/answers/{organization_id}")
async def put_additional_answer(
    form_id: UUID, organization_id: UUID, body: AnswerIn, version: IfMatch, principal: Filler, uow: Uow
) -> Answer:
    """Заполнить форму за свою организацию: сохранить черновик или отправить; отправленное раньше действует, пока не отправлено новое."""
    cells = [(one.row, one.column, one.value) for one in body.cells]
    await service.fill(uow, principal, form_id, organization_id, version, cells, send=body.send)
    form, found = await service.answer(uow, principal, form_id, organization_id)
    return Answer.of(form, organization_id, found)


@router.get("/additional-forms/{form_id}/respondents")
async def list_form_respondents(
    form_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: UUID | None = None
) -> Page[FormRespondent]:
    """Кто заполняет форму, кто отправил, кто опоздал."""
    form, rows = await service.board(uow, principal, form_id, after=after, limit=limit + 1)
    lines = [_respondent(form, row, uow.clock) for row in rows]
    return paginate(lines, limit, lambda one: one.organization_id)


@router.get("/additional-forms/{form_id}/summary", response_model=ReportOut, responses=FILES)
async def get_form_summary(
    form_id: UUID, principal: Reader, uow: Uow, runtime: CurrentRuntime, form: As = Format.JSON
) -> ReportOut | Response:
    """Свод отправленных ответов дополнительной формы; выгрузка файлом записывается в журнал."""
    unit, sheet = await service.summary(uow, principal, form_id)
    end = Footer.by(principal, uow.now.astimezone(runtime.clock.zone))
    if form is Format.JSON:
        shown: dict[str, Any] = sheet.shown()
        return ReportOut(**shown, organization=unit.name, footer=list(end.lines()))
    file = await as_file(sheet, unit.name, form, end)
    await audit.record(uow, principal, "additional-form.exported", [form_id])
    of = (unit.organization_id, unit.municipality)
    await outward.record_table(uow, principal, file.title, *of, form.value, file.content)
    return file.answer()


def _described(body: AdditionalFormIn) -> service.Described:
    return body.title, body.definition, body.respondents, body.deadline


def _form(row: Any) -> AdditionalForm:
    return AdditionalForm.model_validate(row, from_attributes=True)


async def _shown(uow: UnitOfWork, principal: Principal, form_id: UUID) -> AdditionalForm:
    return _form(await service.get(uow, principal, form_id))


def _respondent(form: Any, row: Any, clock: Clock) -> FormRespondent:
    sent_on: date = clock.today() if row.first_sent_at is None else clock.date_of(row.first_sent_at)
    return FormRespondent(
        organization_id=row.id,
        short_name=row.short_name,
        municipality=row.municipality,
        state=_state(row),
        sent_version=row.sent_version,
        sent_at=row.sent_at,
        late=form.deadline is not None and sent_on > form.deadline,
    )


def _state(row: Any) -> str:
    if row.sent_version is None:
        return "none" if row.version is None else "draft"
    return "revised" if row.version > row.sent_version else "sent"
