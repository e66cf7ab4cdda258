"""The check of a curriculum before it is approved: what it must hold, what somebody should look at."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, Protocol
from uuid import UUID

from servicekit.uow import UnitOfWork
from sgo_core.curricula.model import Curriculum, CurriculumLine
from sgo_core.study_norms import service as study_norms
from sgo_core.study_norms.service import GradeNorms
from sgo_core.subjects import service as subjects

_EXTRACURRICULAR, _MOST_EXTRACURRICULAR = "extracurricular", Decimal(10)
"""Extracurricular work: up to ten hours a week by the ФГОС (not collated with the texts): a warning, not an error."""
_SENIOR, _UNIVERSAL, _LEAST_ADVANCED = frozenset({10, 11}), "universal", 2
"""The curriculum of a profile has two subjects at the advanced level at least by the ФГОС СОО (not collated with the text)."""


@dataclass(frozen=True)
class Finding:
    """One thing found: an error keeps the plan from being approved, a warning does not."""

    level: Literal["error", "warning"]
    code: str
    title: str
    subject_id: UUID | None = None


@dataclass(frozen=True)
class Report:
    """What a check found. ``hours_week``: hours that count towards the load, one number or one a period."""

    hours_week: Sequence[Decimal]
    maximum: Decimal | None
    maximum_source: str | None
    by_component: Mapping[str, Decimal]
    findings: Sequence[Finding]

    @property
    def errors(self) -> Sequence[Finding]:
        """What keeps the plan from being approved."""
        return [one for one in self.findings if one.level == "error"]


class Taught(Protocol):
    """What the check asks of a line: of a class's plan, or of a student's."""

    @property
    def subject_id(self) -> UUID: ...
    @property
    def component(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def hours_week(self) -> Decimal: ...
    def hours_in(self, period: int) -> Decimal: ...


@dataclass(frozen=True)
class Plan:
    """What is checked. ``limited``: whether the sum of the lines is what a student studies, so that the norm limits it."""

    grade: int
    week_days: int
    starts_on: date
    lines: Sequence[Taught]
    subjects: Mapping[UUID, subjects.KnownSubject]
    counted: frozenset[str]
    """Components whose hours count towards the load."""
    norms: GradeNorms
    limited: bool = True
    periods: int = 1
    profile: str | None = None


@dataclass
class _Findings:
    found: list[Finding] = field(default_factory=list)

    def error(self, code: str, title: str, subject_id: UUID | None = None) -> None:
        self.found.append(Finding("error", f"curricula.{code}", title, subject_id))

    def warning(self, code: str, title: str, subject_id: UUID | None = None) -> None:
        self.found.append(Finding("warning", f"curricula.{code}", title, subject_id))


def hours(number: Decimal) -> str:
    """Hours as people write them: without a needless zero."""
    return f"{number:.1f}".removesuffix(".0").replace(".", ",")


def check(plan: Plan) -> Report:
    """Check a plan by the norms in force when its year begins."""
    found = _Findings()
    if not plan.lines:
        found.error("empty", "В плане нет ни одного предмета")
    sums = [_sum(line.hours_in(period) for line in _counted(plan)) for period in range(plan.periods)]
    maximum = None if plan.norms.maximum is None else plan.norms.maximum.get(plan.week_days)
    _check_load(plan, sums, maximum, found)
    _check_obligatory(plan, found)
    _check_lines(plan, found)
    by_component: dict[str, Decimal] = {}
    for line in plan.lines:
        by_component[line.component] = by_component.get(line.component, Decimal(0)) + line.hours_week
    if by_component.get(_EXTRACURRICULAR, Decimal(0)) > _MOST_EXTRACURRICULAR:
        found.warning("extracurricular", "Внеурочной деятельности больше 10 часов в неделю")
    equal = len(set(sums)) == 1
    return Report(sums[:1] if equal else sums, maximum, plan.norms.maximum_source, by_component, found.found)


def _sum(numbers: Iterable[Decimal]) -> Decimal:
    return sum(numbers, Decimal(0))


def _counted(plan: Plan) -> Iterator[Taught]:
    return (line for line in plan.lines if line.component in plan.counted)


def _check_load(plan: Plan, sums: Sequence[Decimal], maximum: Decimal | None, found: _Findings) -> None:
    if plan.norms.maximum is None:
        found.warning("no-norm", "На начало учебного года нет нормы предельной нагрузки: сумма часов не проверена")
        return
    if maximum is None:
        found.error("week-length", f"Для {plan.grade} класса не допускается {plan.week_days}-дневная неделя")
        return
    if not plan.limited:
        return
    for number, total in enumerate(sums, start=1):
        if total > maximum:
            where = f" в периоде {number}" if len(set(sums)) > 1 else ""
            found.error(
                "over-maximum",
                f"Нагрузка{where} {hours(total)} ч в неделю больше предельной {hours(maximum)} ч "
                f"({plan.grade} класс, {plan.week_days}-дневная неделя)",
            )


def _check_obligatory(plan: Plan, found: _Findings) -> None:
    if plan.norms.obligatory is None:
        found.warning("no-obligatory", "На начало учебного года нет перечня обязательных предметов: состав не проверен")
        return
    present = {plan.subjects[line.subject_id].stands_for for line in _counted(plan) if line.subject_id in plan.subjects}
    for subject_id in sorted(plan.norms.obligatory - present):
        subject = plan.subjects.get(subject_id)
        title = "предмет" if subject is None else f"«{subject.title}»"
        found.error("obligatory-missing", f"Нет обязательного предмета {title}", subject_id)


def _check_lines(plan: Plan, found: _Findings) -> None:
    levels: dict[UUID, set[str]] = {}
    for line in plan.lines:
        subject = plan.subjects[line.subject_id]
        levels.setdefault(line.subject_id, set()).add(line.level)
        if not subject.taught_on(plan.starts_on):
            found.error("subject-ended", f"Предмет «{subject.title}» не действует в этом учебном году", subject.id)
        if not subject.grade_from <= plan.grade <= subject.grade_to:
            found.warning(
                "subject-grade", f"Предмет «{subject.title}» обычно не изучают в {plan.grade} классе", subject.id
            )
    if plan.limited:
        for subject_id, found_levels in levels.items():
            if len(found_levels) > 1:
                title = plan.subjects[subject_id].title
                found.error("two-levels", f"Предмет «{title}» указан и на базовом, и на углублённом уровне", subject_id)
    advanced = sum("advanced" in found_levels for found_levels in levels.values())
    profiled = plan.profile is not None and plan.profile != _UNIVERSAL
    if plan.grade in _SENIOR and profiled and advanced < _LEAST_ADVANCED:
        found.warning("profile-advanced", "В плане профиля меньше двух предметов на углублённом уровне")


async def check_curriculum(
    uow: UnitOfWork, curriculum: Curriculum, lines: Sequence[CurriculumLine], *, has_classes: bool, starts_on: date
) -> Report:
    """Check a class's plan; what only it has: its classes, and hours a year that differ from the weeks."""
    norms = await study_norms.of_grade(uow, curriculum.grade, starts_on)
    components = await subjects.terms_in_use(uow, "component", starts_on)
    known = await subjects.by_ids(uow, {line.subject_id for line in lines} | (norms.obligatory or frozenset()))
    report = check(
        Plan(
            grade=curriculum.grade,
            week_days=curriculum.week_days,
            starts_on=starts_on,
            lines=lines,
            subjects=known,
            counted=frozenset(code for code, term in components.items() if term.counts_in_load),
            norms=norms,
            limited=curriculum.kind == "classical",
            periods=curriculum.period_count or 1,
            profile=curriculum.profile,
        )
    )
    more = _Findings(list(report.findings))
    if not has_classes:
        more.warning("no-classes", "План не назначен ни одному классу")
    for line in lines:
        title = known[line.subject_id].title
        if line.hours_year is not None and line.hours_year != line.hours_week * curriculum.weeks:
            more.warning(
                "year-hours",
                f"Предмет «{title}»: {hours(line.hours_year)} ч в год вместо {hours(line.hours_week * curriculum.weeks)} ч",
                line.subject_id,
            )
        spread = line.period_hours
        if spread is not None and not min(map(Decimal, spread)) <= line.hours_week <= max(map(Decimal, spread)):
            more.warning("period-hours", f"Предмет «{title}»: часы периодов не сходятся с недельными", line.subject_id)
    return Report(report.hours_week, report.maximum, report.maximum_source, report.by_component, more.found)
