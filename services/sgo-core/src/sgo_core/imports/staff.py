"""Staff of an organization: cards with the posts held; a worker of several posts has several rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from asu_contracts.access import OFFICE
from servicekit.uow import UnitOfWork
from sgo_core.catalogue.definition import CardKind
from sgo_core.imports import parts
from sgo_core.imports.cells import BadCellError, Row, RowError, day, line
from sgo_core.imports.children import past_day
from sgo_core.imports.columns import Column, card_readers, columns_of, one_of, optional, read_fields, required
from sgo_core.imports.kinds import ImportKind, Outcome, Status, Target
from sgo_core.imports.single import one_by_one
from sgo_core.staff.entering import Dismissal, enter_worker
from sgo_core.staff.posts import POSTS
from sgo_core.staff.schemas import EmploymentIn, HireIn, NewWorkerValues

POST = "Должность"
MAIN = "Основное место работы"
RATE = "Ставка"
HIRED_ON = "Дата приёма"
ORDER_NUMBER = "Приказ о приёме №"
ORDER_DATE = "Дата приказа о приёме"
DISMISSED_ON = "Дата увольнения"
DISMISSAL_ORDER = "Приказ об увольнении №"
CONSENT = "Согласие от"
_IDENTITY = ("last_name", "first_name", "birth_date", "sex")
_MOST = Decimal(2)

READERS = card_readers(
    CardKind.WORKER,
    titles={"awards": "Награды", "education": "Образование", "courses": "Курсы", "qualification": "Категория"},
    required=_IDENTITY,
)
_POSTS = {one.title: code for code, one in POSTS.items() if one.held_in == "organization"}
_PLACES = {
    **{reader.name: reader.columns[0].title for reader in READERS},
    "staff.worker-differs": "СНИЛС",
    "staff.identity-taken": "СНИЛС",
    "staff.no-identity": "СНИЛС",
    "staff.post": POST,
    "staff.main-elsewhere": MAIN,
    "staff.director-taken": POST,
    "staff.employment-dates": DISMISSED_ON,
}
_OF_EMPLOYMENT = {"hired_on": HIRED_ON, "order_number": ORDER_NUMBER, "order_date": ORDER_DATE}
EMPLOYMENT_COLUMNS = (
    Column(POST, required=True, choices=tuple(_POSTS), example="Учитель"),
    Column(MAIN, required=True, choices=("да", "нет"), example="да"),
    Column(RATE, hint="Доля полной ставки, пусто: 1", example="1"),
    Column(HIRED_ON, required=True, hint="ДД.ММ.ГГГГ", example="01.09.2020"),
    Column(ORDER_NUMBER, required=True, example="15-к"),
    Column(ORDER_DATE, hint="ДД.ММ.ГГГГ", example="28.08.2020"),
    Column(DISMISSED_ON, hint="Первый день после увольнения, ДД.ММ.ГГГГ"),
    Column(DISMISSAL_ORDER),
    Column(CONSENT, hint="Дата согласия на обработку персональных данных, ДД.ММ.ГГГГ", example="28.08.2020"),
)


@dataclass(frozen=True)
class WorkerRow:
    """A good row."""

    number: int
    sent: HireIn
    dismissal: Dismissal | None

    @property
    def key(self) -> object:
        """What a row may say once: a post of a worker from a day."""
        values, post = self.sent.values, self.sent.employment
        return values.get("snils") or values.get("document"), post.post_code, post.hired_on


def read(row: Row, target: Target) -> WorkerRow | None:
    """The row, if nothing is wrong with it."""
    values = read_fields(row, READERS)
    if "snils" not in values and "document" not in values and not row.errors:
        row.wrong("СНИЛС", BadCellError("no-identity", "Укажите СНИЛС или документ"))
    post = required(row, POST, one_of(_POSTS))
    main = required(row, MAIN, one_of(parts.YES_NO))
    rate = optional(row, RATE, _rate)
    hired_on = required(row, HIRED_ON, day)
    order_number = required(row, ORDER_NUMBER, line)
    order_date = optional(row, ORDER_DATE, day)
    dismissal = _dismissal(row, hired_on)
    consented_on = past_day(row, CONSENT, optional(row, CONSENT, day), target.today)
    if row.errors:
        return None
    try:
        employment = EmploymentIn(
            post_code=post,
            main=main,
            rate=rate or Decimal(1),
            hired_on=hired_on,
            order_number=order_number,
            order_date=order_date,
        )
    except ValidationError as error:
        wrong = {str(one["loc"][0]) for one in error.errors(include_input=False, include_url=False)}
        for name, title in _OF_EMPLOYMENT.items():
            if name in wrong:
                row.wrong(title, BadCellError("value", "Недопустимое значение"))
        return None
    consented_at = None if consented_on is None else datetime.combine(consented_on, time(), target.zone)
    sent = HireIn.model_construct(values=NewWorkerValues(values), employment=employment, consented_at=consented_at)
    return WorkerRow(row.number, sent, dismissal)


def _rate(text: str) -> Decimal:
    whole, _, rest = text.replace(",", ".").partition(".")
    if not (whole + rest).isascii() or not (whole + rest).isdigit() or len(text) > len("2.000"):
        raise BadCellError("number", "Ставка пишется числом, например 0,75")
    rate = Decimal(f"{whole or 0}.{rest or 0}")
    if not 0 < rate <= _MOST:
        raise BadCellError("rate", "Ставка больше нуля и не больше двух")
    return rate


def _dismissal(row: Row, hired_on: date | None) -> Dismissal | None:
    if not row.has(DISMISSED_ON, DISMISSAL_ORDER):
        return None
    on, order = required(row, DISMISSED_ON, day), required(row, DISMISSAL_ORDER, line)
    if on is None or order is None:
        return None
    if hired_on is not None and on <= hired_on:
        row.wrong(DISMISSED_ON, BadCellError("date-range", "Увольнение не позже приёма"))
    return Dismissal(on, order)


def check(rows: Sequence[WorkerRow]) -> list[RowError]:
    """A post of a worker that stands in the file twice."""
    seen: set[Any] = set()
    errors = []
    for row in rows:
        if row.key in seen:
            title = "Работник на этой должности указан в файле дважды"
            errors.append(RowError(row.number, POST, "imports.row.repeated", title))
        seen.add(row.key)
    return errors


async def apply(uow: UnitOfWork, target: Target, rows: Sequence[WorkerRow]) -> list[Outcome]:
    """Hire who is new, change what differs on the cards and posts of who is there already."""
    organization_id = target.organization_id
    assert organization_id is not None

    async def enter(row: WorkerRow) -> Status:
        _, created, changed = await enter_worker(uow, target.principal, organization_id, row.sent, row.dismissal)
        return Status.CREATED if created else Status.CHANGED if changed else Status.UNCHANGED

    return await one_by_one(uow, rows, enter, _PLACES)


def employment_cells(post: Mapping[str, Any]) -> list[Any]:
    """Cells of the columns of a post, for a table that may be read again."""
    return [post[column.title] for column in EMPLOYMENT_COLUMNS]


STAFF = ImportKind(
    name="staff",
    title="Работники организации",
    roles=OFFICE,
    columns=(*columns_of(READERS), *EMPLOYMENT_COLUMNS),
    read=read,
    check=check,
    apply=apply,
)
