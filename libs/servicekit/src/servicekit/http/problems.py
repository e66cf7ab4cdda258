"""RFC 9457 problems: the one place where errors become HTTP answers. Nothing of the input is repeated."""

import re
from collections.abc import Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from servicekit.errors import DomainError, FieldError, InvalidValueError, Kind
from servicekit.faults import CONTENTION, is_infrastructure, refusal, sqlstate
from servicekit.telemetry import current_trace_id

log = structlog.get_logger(__name__)

STATUS: dict[Kind, int] = {
    Kind.BAD_REQUEST: 400,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.GONE: 410,
    Kind.CONFLICT: 409,
    Kind.PRECONDITION_FAILED: 412,
    Kind.TOO_LARGE: 413,
    Kind.UNSUPPORTED_MEDIA: 415,
    Kind.INVALID: 422,
    Kind.PRECONDITION_REQUIRED: 428,
    Kind.TOO_MANY: 429,
    Kind.UNAVAILABLE: 503,
}

_HTTP_TITLES = {
    400: ("bad-request", "Запрос не разобран"),
    401: ("unauthenticated", "Требуется вход в систему"),
    403: ("forbidden", "Недостаточно прав"),
    404: ("not-found", "Не найдено"),
    405: ("method-not-allowed", "Метод не поддерживается"),
    406: ("not-acceptable", "Формат ответа не поддерживается"),
    413: ("body-too-large", "Слишком большой запрос"),
    415: ("unsupported-media-type", "Тип данных не поддерживается"),
}

_VALIDATION_TITLES = {
    "missing": "Обязательное поле не заполнено",
    "extra_forbidden": "Неизвестное поле",
    "json_invalid": "Тело запроса не является JSON",
    "string_too_short": "Слишком короткое значение",
    "string_too_long": "Слишком длинное значение",
    "string_type": "Ожидается строка",
    "string_pattern_mismatch": "Значение не соответствует формату",
    "int_parsing": "Ожидается целое число",
    "int_type": "Ожидается целое число",
    "int_from_float": "Ожидается целое число",
    "bool_parsing": "Ожидается да или нет",
    "bool_type": "Ожидается да или нет",
    "date_parsing": "Неверная дата",
    "date_from_datetime_parsing": "Неверная дата",
    "date_from_datetime_inexact": "Ожидается дата без времени",
    "date_type": "Ожидается дата",
    "datetime_parsing": "Неверные дата и время",
    "datetime_from_date_parsing": "Неверные дата и время",
    "datetime_type": "Ожидаются дата и время",
    "timezone_aware": "Не указан часовой пояс",
    "uuid_parsing": "Неверный идентификатор",
    "uuid_type": "Неверный идентификатор",
    "enum": "Значение не из списка",
    "literal_error": "Значение не из списка",
    "list_type": "Ожидается список",
    "tuple_type": "Ожидается список",
    "dict_type": "Ожидается объект",
    "model_type": "Ожидается объект",
    "model_attributes_type": "Ожидается объект",
    "too_short": "Слишком мало элементов",
    "too_long": "Слишком много элементов",
    "greater_than": "Значение слишком мало",
    "greater_than_equal": "Значение слишком мало",
    "less_than": "Значение слишком велико",
    "less_than_equal": "Значение слишком велико",
}
_STRUCTURED = re.compile(r"application/(.+\+)?json|multipart/form-data|application/x-www-form-urlencoded")
_CUSTOM_CODE = re.compile(r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")


class FieldProblem(BaseModel):
    """One wrong field."""

    pointer: str
    code: str
    title: str


class Problem(BaseModel):
    """RFC 9457 problem. ``code`` is stable; ``title`` and ``detail`` are for people, in Russian."""

    type: str
    title: str
    status: int
    code: str
    detail: str | None = None
    trace_id: str | None = None
    errors: list[FieldProblem] | None = None


class ProblemResponse(JSONResponse):
    """A problem as an answer."""

    media_type = "application/problem+json"


def problem_body(
    status: int, code: str, title: str, detail: str | None = None, errors: Sequence[FieldError] = ()
) -> dict[str, Any]:
    """The problem object, empty members left out."""
    return Problem(
        type=f"urn:asu:problem:{code}",
        title=title,
        status=status,
        code=code,
        detail=detail,
        trace_id=current_trace_id(),
        errors=[FieldProblem(pointer=e.pointer, code=e.code, title=e.title) for e in errors] or None,
    ).model_dump(exclude_none=True)


def problem(
    status: int,
    code: str,
    title: str,
    detail: str | None = None,
    errors: Sequence[FieldError] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    """A problem answer."""
    return ProblemResponse(problem_body(status, code, title, detail, errors), status_code=status, headers=headers)


def _on_domain_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    headers: dict[str, str] = {}
    if error.kind is Kind.UNAUTHENTICATED:
        headers["WWW-Authenticate"] = "Bearer"
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    body = problem_body(STATUS[error.kind], error.code, error.title, error.detail, error.errors)
    return ProblemResponse({**error.members, **body}, status_code=STATUS[error.kind], headers=headers)


def field_errors(errors: Sequence[Any]) -> list[FieldError]:
    """Pydantic errors as field errors: type and place, never the value, nor the name of an unknown field."""
    found = []
    for error in errors:
        kind = error["type"]
        place = list(error["loc"])
        if kind == "extra_forbidden":
            place = place[:-1]
        if kind == "json_invalid":
            place = place[:1]
        custom = _CUSTOM_CODE.match(kind) is not None
        title = error["msg"] if custom else _VALIDATION_TITLES.get(kind, "Недопустимое значение")
        code = kind if custom else f"field.{kind.replace('_', '-')}"
        found.append(FieldError("/" + "/".join(str(part) for part in place), code, title))
    return found


def _on_validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    sent_as = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if any(one["loc"] == ("body",) for one in error.errors()) and not _STRUCTURED.fullmatch(sent_as):
        code, title = _HTTP_TITLES[415]
        return problem(415, code, title, "Нужен заголовок Content-Type: application/json")
    return problem(422, "request.invalid", "Данные заполнены неверно", errors=field_errors(error.errors()))


def _on_http_exception(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code, title = _HTTP_TITLES.get(error.status_code, ("error", "Запрос не выполнен"))
    return problem(error.status_code, code, title, headers=dict(error.headers or {}))


def _on_database_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, (DBAPIError, PoolTimeoutError))
    refused = refusal(error)
    if refused is not None:
        return _on_domain_error(request, refused)
    if is_infrastructure(error):
        log.warning("database_unavailable", error=type(error).__name__)
        return problem(503, "unavailable", "Сервис временно недоступен, повторите позже", headers={"Retry-After": "2"})
    state = sqlstate(error)
    if state in CONTENTION:
        return problem(409, "busy", "Данные заняты другим действием, повторите", headers={"Retry-After": "1"})
    if state is None or state.startswith("22"):
        invalid = InvalidValueError
        return problem(STATUS[invalid.kind], invalid.code, invalid.title)
    return _on_unexpected(request, error)


def _on_unavailable(_request: Request, error: Exception) -> Response:
    log.warning("dependency_unavailable", error=type(error).__name__)
    return problem(503, "unavailable", "Сервис временно недоступен, повторите позже", headers={"Retry-After": "2"})


def _on_unexpected(_request: Request, error: Exception) -> Response:
    log.error("unexpected_error", exc_info=error)
    # The server drops the connection after such an answer: unless it says so, the gateway sends somebody's next request into it.
    return problem(500, "internal", "Внутренняя ошибка, обратитесь в поддержку", headers={"Connection": "close"})


def install_problems(app: FastAPI) -> None:
    """Turn every error of the application into a problem."""
    app.add_exception_handler(DomainError, _on_domain_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    for kind in (DBAPIError, OperationalError, InterfaceError, PoolTimeoutError):
        app.add_exception_handler(kind, _on_database_error)
    app.add_exception_handler(ConnectionError, _on_unavailable)
    app.add_exception_handler(TimeoutError, _on_unavailable)
    app.add_exception_handler(Exception, _on_unexpected)
