"""HTTP shapes of workers and employments."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from servicekit.http import ABSENT, Body, Line, Text
from sgo_core.cards.schemas import Closed, Masked, Values
from sgo_core.cards.values import CardValues
from sgo_core.catalogue.definition import CardKind
from sgo_core.catalogue.values import Day
from sgo_core.consents.schemas import Grounds
from sgo_core.staff.posts import Post

Rate = Annotated[Decimal, Field(gt=0, le=2, max_digits=4, decimal_places=3, title="Ставка")]
_NEEDED = frozenset({"last_name", "first_name", "birth_date", "sex"})


class NewWorkerValues(CardValues):
    """Поля карточки нового работника."""

    kind = CardKind.WORKER
    needed = _NEEDED
    creates = True


class WorkerValues(CardValues):
    """Поля карточки работника: что не указано, остаётся; null очищает поле."""

    kind = CardKind.WORKER
    needed = _NEEDED


class EmploymentIn(Body):
    """A post to be held from a day, by an order; ``main``: the main place of work, else a combined one."""

    post_code: Annotated[Line, Field(title="Должность (код справочника)")]
    main: Annotated[bool, Field(title="Основное место работы")]
    rate: Rate = Decimal(1)
    hired_on: Annotated[Day, Field(title="Дата приёма")]
    order_number: Annotated[Line, Field(title="№ приказа о приёме")]
    order_date: Annotated[Day | None, Field(title="Дата приказа")] = None


class HireIn(Body):
    """A worker to hire: one known by СНИЛС or document keeps the card there is.

    ``consented_at`` is when the worker signed the consent to the fields that need one.
    """

    values: NewWorkerValues
    employment: EmploymentIn
    consented_at: AwareDatetime | None = None


class WorkerPatch(Body):
    """Fields to change, and why; ``grounds`` for fields kept without consent."""

    reason: Text
    values: WorkerValues
    grounds: Grounds = Field(default_factory=dict)


class EmploymentPatch(Body):
    """What changes in an employment, and why: the rate, or its end with the order."""

    reason: Text
    rate: Rate = ABSENT
    dismissed_on: Annotated[Day, Field(title="Первый день после увольнения")] | None = ABSENT
    dismissal_order: Annotated[Line, Field(title="№ приказа об увольнении")] | None = ABSENT


class EmploymentOut(Body):
    """A post held [hired_on, dismissed_on) in an organization or a governing body."""

    id: UUID
    organization_id: UUID | None
    body_id: UUID | None
    post_code: str
    title: str
    category: str
    main: bool
    rate: str
    hired_on: date
    order_number: str
    order_date: date | None
    dismissed_on: date | None
    dismissal_order: str | None
    version: int


class WorkerLine(Body):
    """A worker in a list, as the reader may see it."""

    id: UUID
    values: Values
    masked: Masked
    posts: list[str]


class WorkerOut(Body):
    """A worker's card; ``version`` is null as of a past instant."""

    id: UUID
    values: Values
    masked: Masked
    closed: Closed
    archived_on: date | None
    employments: list[EmploymentOut]
    version: int | None


class HiredOut(Body):
    """Whose card it is, and whether it was made now or known before."""

    worker_id: UUID
    employment_id: UUID
    created: bool


class PostsOut(Body):
    """All posts."""

    items: list[Post]
