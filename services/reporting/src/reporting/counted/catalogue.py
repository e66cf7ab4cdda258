"""The counted reports: what each is called, for whom, asked with what."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from reporting.counted import policies
from reporting.counted.counting import Counting
from reporting.counted.parameters import ON_A_DAY, OVER_A_PERIOD, Parameter
from reporting.counted.reports import (
    cards,
    classes,
    daycare,
    entry,
    head,
    movement,
    places,
    results,
    social,
    staff,
    teaching,
    visits,
)
from reportkit.sheets import Section
from servicekit.policies import Policy


@dataclass(frozen=True)
class CountedReport:
    """A report: every one also takes its unit (``organization_id`` or ``municipality``) and goes out in every format."""

    code: str
    title: str
    policy: Policy
    parameters: tuple[Parameter, ...]
    count: Callable[[Counting], Awaitable[list[Section]]]

    @property
    def period(self) -> bool:
        """Whether it is over a period; else it is as of a day."""
        return Parameter.FROM in self.parameters


_ALL = (
    CountedReport("classes", "Классы и численность обучающихся", policies.COUNTED, ON_A_DAY, classes.sections),
    CountedReport("movement", "Движение обучающихся за период", policies.COUNTED, OVER_A_PERIOD, movement.sections),
    CountedReport("social-passport", "Социальный паспорт в числах", policies.COUNTED, ON_A_DAY, social.sections),
    CountedReport("staff", "Кадры: образование, категория, возраст, стаж", policies.COUNTED, ON_A_DAY, staff.sections),
    CountedReport("teaching-load", "Нагрузка педагогов", policies.COUNTED, ON_A_DAY, teaching.sections),
    CountedReport("results", "Успеваемость за учебные периоды", policies.COUNTED, OVER_A_PERIOD, results.sections),
    CountedReport("daycare", "Посещаемость дошкольных групп", policies.COUNTED, OVER_A_PERIOD, daycare.sections),
    CountedReport("queue", "Очередь и места", policies.ENROLLMENT, ON_A_DAY, places.queue),
    CountedReport("allocation", "Итоги распределения мест", policies.ENROLLMENT, ON_A_DAY, places.allocation),
    CountedReport("cards", "Полнота и достоверность карточек", policies.COUNTED, ON_A_DAY, cards.sections),
    CountedReport("entry", "Своевременность заполнения журнала", policies.USE, OVER_A_PERIOD, entry.sections),
    CountedReport("visits", "Посещения системы", policies.USE, OVER_A_PERIOD, visits.sections),
    CountedReport(
        "head",
        "Отчёт руководителя об использовании системы и результатах работы",
        policies.USE,
        (Parameter.DATE, *OVER_A_PERIOD),
        head.sections,
    ),
)
REPORTS: Mapping[str, CountedReport] = {one.code: one for one in _ALL}
