"""Settings of journals over HTTP."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field

from servicekit.http import Body

EditDays = Annotated[
    int | None,
    Field(ge=0, le=366, title="Сколько дней после урока учитель может править журнал; пусто: до закрытия периода"),
]
ClassTeacherWrites = Annotated[bool, Field(title="Классный руководитель пишет во все журналы своего класса")]
_Bound = Annotated[Decimal, Field(gt=0, le=5, max_digits=3, decimal_places=2)]
FiveFrom = Annotated[_Bound, Field(title="С какого среднего балла предлагается «5»")]
FourFrom = Annotated[_Bound, Field(title="С какого среднего балла предлагается «4»")]
ThreeFrom = Annotated[_Bound, Field(title="С какого среднего балла предлагается «3»")]
LeastMarks = Annotated[int, Field(ge=1, le=20, title="Сколько отметок за период нужно, чтобы аттестовать")]
DebtDays = Annotated[
    int | None,
    Field(ge=1, le=366, title="Через сколько дней нужно закрыть долг («точку»); пусто: срок называет учитель"),
]
OverdueDebtsCount = Annotated[bool, Field(title="Просроченный долг считать за «2» в среднем балле")]


class SettingsIn(Body):
    """What an organization decides about its journals; thresholds fall."""

    edit_days: EditDays
    class_teacher_writes: ClassTeacherWrites
    five_from: FiveFrom = Decimal("4.5")
    four_from: FourFrom = Decimal("3.5")
    three_from: ThreeFrom = Decimal("2.5")
    least_marks: LeastMarks = 3
    debt_days: DebtDays = None
    overdue_debts_count: OverdueDebtsCount = False


class SettingsOut(BaseModel):
    """Settings in force; version 0: nobody has changed them yet."""

    edit_days: EditDays
    class_teacher_writes: ClassTeacherWrites
    five_from: FiveFrom
    four_from: FourFrom
    three_from: ThreeFrom
    least_marks: LeastMarks
    debt_days: DebtDays
    overdue_debts_count: OverdueDebtsCount
    version: int
