"""Three organizations in two municipalities with some of every kind of facts, told in events and, apart from them, as plain rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from random import Random
from typing import Any
from uuid import UUID

from asu_contracts.base import Event
from asu_contracts.core import (
    ClassType,
    EducationLevel,
    EmploymentCounted,
    GroupChanged,
    GroupKind,
    GroupOrientation,
    Locality,
    OrganizationChanged,
    OrganizationKind,
    PlanType,
    QualificationCategory,
    SpecialNeeds,
    StaffCategory,
    StayMode,
    StudyFormChanged,
    StudyFormKind,
    WorkerEducation,
)
from asu_contracts.enrollment import ApplicationStatus, ApplicationStatusChanged
from asu_contracts.people import Sex

from ..factories import KRASNODAR, SOCHI, Region

SEPTEMBER, DAY = date(2026, 9, 1), date(2026, 10, 1)
"""When everything begins, and the day it is counted on."""

MARKS = ("Альфа", "Бета", "Гамма")
"""A word in the names of each organization."""
CITIZENSHIPS = dict(zip(MARKS, ("112", "398", "860"), strict=True))
"""The citizenship that only its learners have."""

Row = dict[str, Any]
_LEVELS = [EducationLevel.HIGHER, EducationLevel.SECONDARY_SPECIAL, EducationLevel.SECONDARY, EducationLevel.BASIC]
_STANDINGS = ("excellent", "good", "one_three", "satisfactory", "not_attested", "failing", "unmarked")


@dataclass
class Told:
    """An organization: what was told of it, and words that nobody else has."""

    organization: OrganizationChanged
    mark: str
    groups: list[GroupChanged] = field(default_factory=list)

    @property
    def id(self) -> str:
        return str(self.organization.organization_id)

    @property
    def unit(self) -> dict[str, Any]:
        return {"municipality": self.organization.municipality, "organization_id": self.organization.organization_id}


class FactsWorld:
    """``events`` to tell, and ``rows`` of each dataset as one who has read them would list them on ``DAY``."""

    def __init__(
        self, seed: int, learners: int = 30, organizations: Sequence[OrganizationChanged] = (), gaps: float = 0.1
    ) -> None:
        """``organizations``: which three they are; by default a school, a preschool beside it and a school elsewhere.

        ``gaps``: of what part of the learners nothing is told but where they study; without gaps all is known of workers too.
        """
        self._gaps = gaps
        self.random = Random(seed)
        self.region = Region(seed)
        self.events: list[Event] = []
        self.rows: dict[str, list[Row]] = {}
        self.told = [
            self._organization(mark, made) for mark, made in zip(MARKS, organizations or self._three(), strict=True)
        ]
        for number in range(learners):
            self._learner(self.told[number % 3])
        for one in self.told:
            for group in one.groups[3:]:
                self._learner(one, group)
        for number in range(learners // 2):
            self._worker(self.told[number % 3])
        for number in range(learners):
            self._application(self.told[number % 3])
        for one in self.told:
            self._classes(one)

    def further(self, one: Told) -> list[Event]:
        """More of everything that is told of an organization alone; ``rows`` stay as they were first told."""
        kept, self.rows, first = self.rows, {}, len(self.events)
        for group in [*[None] * 10, *one.groups]:
            self._learner(one, group)
            self._application(one)
            post = self.region.post(one.organization, SEPTEMBER)
            self.events.append(self.region.worker(post, qualification=QualificationCategory.HIGHEST))
        self._classes(one)
        further, self.events, self.rows = self.events[first:], self.events[:first], kept
        return further

    def marked(self, one: Told, common: str) -> str:
        """A word that all have, or the organization alone."""
        return self.random.choice((common, f"{common} {one.mark}"))

    def maybe(self, values: Sequence[Any]) -> Any:
        return self.random.choice((None, *values))

    def _add(self, dataset: str, row: Row) -> None:
        self.rows.setdefault(dataset, []).append(row)

    def _three(self) -> Iterator[OrganizationChanged]:
        kinds = (OrganizationKind.SCHOOL, OrganizationKind.PRESCHOOL, OrganizationKind.SCHOOL)
        for mark, kind, place in zip(MARKS, kinds, (KRASNODAR, KRASNODAR, SOCHI), strict=True):
            locality = self.random.choice([Locality.URBAN, Locality.RURAL])
            yield self.region.organization(kind, place, f"Организация {mark}").model_copy(update={"locality": locality})

    def _organization(self, mark: str, made: OrganizationChanged) -> Told:
        told = Told(made, mark)
        self.events.append(made)
        school = made.kind is OrganizationKind.SCHOOL
        kinds = [GroupKind.CLASS, GroupKind.CLASS] if school else [GroupKind.PRESCHOOL_GROUP, GroupKind.PRESCHOOL_GROUP]
        for number, group_kind in enumerate((*kinds, GroupKind.ADDITIONAL_GROUP)):
            told.groups.append(self._group(told, group_kind, number))
        if not school:  # results are told of classes
            told.groups.append(self.region.group(made, 1).model_copy(update={"name": f"4 {mark}"}))
        self.events += told.groups
        return told

    def _group(self, told: Told, kind: GroupKind, number: int) -> GroupChanged:
        klass, preschool = kind is GroupKind.CLASS, kind is GroupKind.PRESCHOOL_GROUP
        more: Row = {"kind": kind, "name": f"{number + 1} {told.mark}", "capacity": self.random.randint(10, 30)}
        if klass:
            more |= {
                "class_type": self.maybe(list(ClassType)), "plan_type": self.maybe(list(PlanType)),
                "profile": self.maybe([self.marked(told, "физика")]), "shift": self.maybe([1, 2]),
                "combined_set": self.maybe([self.marked(told, "комплект")]),
            }  # fmt: skip
        if preschool:
            more |= {
                "age_from": 3, "age_to": self.maybe([4, 5]), "orientation": self.maybe(list(GroupOrientation)),
                "disorder": self.maybe([self.marked(told, "речь")]), "stay_mode": self.maybe(list(StayMode)),
            }  # fmt: skip
        grade = self.random.randint(1, 11) if klass else None
        return self.region.group(told.organization, grade).model_copy(update=more)

    def _of_organization(self, told: Told) -> Row:
        made = told.organization
        return {
            "organization": told.id, "municipality": made.municipality, "organization_kind": made.kind.value,
            "locality": made.locality.value, "branch": made.parent_id is not None, "private": made.founder_id is None,
        }  # fmt: skip

    @staticmethod
    def _of_group(group: GroupChanged) -> Row:
        names = ("class_type", "plan_type", "profile", "combined_set", "shift", "age_from", "age_to", "orientation")
        row: Row = {name: _plain(getattr(group, name)) for name in (*names, "disorder", "stay_mode", "grade")}
        return {**row, "group_kind": group.kind.value, "group_name": group.name, "_group": str(group.group_id)}

    def _learner(self, told: Told, main: GroupChanged | None = None) -> None:
        child = self.region.id()
        state: Row = {}
        if self.random.random() >= self._gaps:
            state = self._statistics(told, child)
        ways = self._ways(told, child)
        stays = [(main or self.random.choice(told.groups[:2]), True)]
        if self.random.random() < 0.3:
            stays.append((told.groups[2], False))
        for group, is_main in stays:
            stay = self.region.stay(group, main=is_main)
            self.events.append(self.region.movement(child, SEPTEMBER, opened=stay))
            row = {
                **self._of_organization(told), **self._of_group(group), **_NO_LEARNER, **state, **ways, "main": is_main,
                "_subject": str(child),
            }  # fmt: skip
            self._add("placements", row)
            if is_main:
                self._add("learners", row)

    def _statistics(self, told: Told, child: UUID) -> Row:
        born = date(self.random.randint(2009, 2023), self.random.randint(1, 12), self.random.choice((1, 2, 28)))
        own = CITIZENSHIPS[told.mark]
        given: Row = {
            "sex": self.random.choice([Sex.MALE, Sex.FEMALE]), "citizenship": self.random.choice(["643", "643", own]),
            "second_citizenship": self.maybe([own]), "native_language": self.maybe([self.marked(told, "язык").casefold()]),
            "instruction_language": "русский", "special_needs": self.random.choice([None, None, *SpecialNeeds]),
            "disability": self.random.random() < 0.2, "extended_day": self.maybe([True, False]),
            "boarding": self.maybe([True, False]), "distance_learning": self.maybe([True, False]),
        }  # fmt: skip
        given["adapted_programme"] = self.random.choice(["5.1", "7.2"]) if given["special_needs"] else None
        more = {name: value for name, value in given.items() if name not in {"sex", "citizenship"}}
        self.events.append(self.region.statistics(born, given["sex"], given["citizenship"], child, **more))
        return {**{name: _plain(value) for name, value in given.items()}, "age": _years(born)}

    def _ways(self, told: Told, child: UUID) -> Row:
        row: Row = {
            "study_form": "full_time", "individual_plan": False, "network_form": False, "temporary_stay": False
        }  # fmt: skip
        kinds = [
            self.maybe([StudyFormKind.PART_TIME, StudyFormKind.AT_HOME]),
            self.maybe([StudyFormKind.INDIVIDUAL_PLAN]),
        ]
        for kind in kinds:
            if kind is not None:
                self.events.append(
                    StudyFormChanged(
                        study_form_id=self.region.id(), student_id=self.region.id(), statistical_id=child,
                        organization_id=told.organization.organization_id, kind=kind, valid_from=SEPTEMBER,
                    )
                )  # fmt: skip
        row["study_form"] = kinds[0].value if kinds[0] else "full_time"
        row["individual_plan"] = kinds[1] is not None
        return row

    def _worker(self, told: Told) -> None:
        known = self.maybe if self._gaps else self.random.choice
        worker = self.region.id()
        born, since = date(self.random.randint(1955, 2003), 5, 5), date(self.random.randint(2005, 2025), 9, 1)
        level = self.random.choice(_LEVELS)
        given: Row = {
            "sex": known([Sex.MALE, Sex.FEMALE]), "birth_date": known([born]),
            "qualification": known(list(QualificationCategory)), "staff_category": known(list(StaffCategory)),
            "service_since": known([since]), "teaching_since": known([since]), "degree": self.random.random() < 0.2,
        }  # fmt: skip
        pedagogical = self.random.random() < 0.5
        education = known([(WorkerEducation(level=level, pedagogical=pedagogical),)]) or ()
        posts, rows = [], []
        places = [told, *self.random.sample(self.told, self.random.choice([0, 0, 1]))]
        for number, place in enumerate(places):
            code = self.marked(place, "teacher").replace(" ", "_")
            category, rate = self.random.choice(list(StaffCategory)), Decimal(self.random.randint(1, 6)) / 4
            posts.append(
                self.region.post(
                    place.organization, SEPTEMBER, code=code, category=category, rate=rate, main=number == 0
                )
            )
            terms = "main" if number == 0 else "internal" if place is told else "external"
            rows.append((place, {"code": code, "category": category.value, "rate": rate, "terms": terms}))
        for place, held in zip(places, posts, strict=True):
            self._load(place, held, {"code": held.code, "_subject": str(worker)})
        self.events.append(self.region.worker(*posts, of=worker, education=education, **given))
        of_worker = {
            "education": level.value if education else None, "pedagogical": pedagogical if education else False,
            "age": _years(given["birth_date"]), "service_years": _years(given["service_since"]),
            "teaching_years": _years(given["teaching_since"]), "degree": given["degree"],
            **{name: _plain(given[name]) for name in ("sex", "qualification", "staff_category")},
        }  # fmt: skip
        for place, row in rows:
            self._add("workers", {**self._of_organization(place), **of_worker, **row, "_subject": str(worker)})

    def _load(self, told: Told, held: EmploymentCounted, row: Row) -> None:
        """Some lines of a post, one of them over by the day of counting."""
        for number in range(self.random.randint(0, 3)):
            given = {"subject_title": self.marked(told, "Физика"), "grade": self.maybe([1, 7, 10])}
            hours = Decimal(self.random.randint(1, 20)) / 2
            until = DAY if number == 2 else date(2027, 9, 1)
            self.events.append(self.region.load(held, float(hours), valid_to=until, **given))
            if until > DAY:
                place = {"organization": told.id, "municipality": told.organization.municipality}
                self._add("loads", {**place, **row, **given, "hours_week": hours})

    def _application(self, told: Told) -> None:
        referred = self.random.random() < 0.7
        campaign = UUID(int=Random(told.mark + str(self.random.randint(0, 1))).getrandbits(128), version=4)
        status = self.random.choice(list(ApplicationStatus))
        self.events.append(
            ApplicationStatusChanged(
                application_id=self.region.id(), campaign_id=campaign, municipality=told.organization.municipality,
                status=status, changed_at=datetime(2026, 4, 1, tzinfo=UTC),
                organization_id=told.organization.organization_id if referred else None,
            )
        )  # fmt: skip
        self._add(
            "applications",
            {
                "organization": told.id if referred else None, "municipality": told.organization.municipality,
                "status": status.value, "campaign": str(campaign),
            },
        )  # fmt: skip

    def _classes(self, told: Told) -> None:
        for group in told.groups:
            placed = [row for row in self.rows["placements"] if row["_group"] == str(group.group_id)]
            size = sum(1 for row in placed if row["main"] or group.kind is GroupKind.ADDITIONAL_GROUP)
            forms = [
                "full_time" if row["study_form"] == "at_home" else row["study_form"] for row in placed if row["main"]
            ]
            form = max(("full_time", "part_time"), key=forms.count) if forms else None
            for row in placed:
                row |= {"size": size, "class_form": form}
            own = {**self._of_organization(told), **self._of_group(group)}
            self._add("groups", {**own, "capacity": group.capacity, "size": size})
            counted = {name: own[name] for name in ("organization", "municipality", "grade", "group_name", "_group")}
            self._lessons(told, group, counted)
            self._results(told, group, counted)
            if group.kind is GroupKind.PRESCHOOL_GROUP:
                numbers = {
                    "planned": 400,
                    "attended": self.random.randint(0, 300),
                    "missed_illness": 7,
                    "missed_other": 3,
                }
                others = [row for row in self.rows.get("daycare", ()) if row["organization"] == told.id]
                days = 20 - len(others)
                self.events.append(self.region.month(group, SEPTEMBER, working_days=days, **numbers))
                of_month = {"month": "2026-09", "working_days": days, "longest": not others, "age_from": group.age_from}
                self._add("daycare", {**counted, **numbers, **of_month})

    def _lessons(self, told: Told, group: GroupChanged, counted: Row) -> None:
        for day in (date(2026, 9, 2), date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 2)):
            told_of: Row = {
                "subject_name": self.marked(told, "Чтение"), "learners": self.random.randint(1, 30),
                "absent": self.random.randint(0, 5), "marks": self.random.randint(0, 9),
                "attendance_checked": self.random.random() < 0.5,
            }  # fmt: skip
            self.events.append(self.region.lesson(group, day, **told_of))
            if day <= DAY:
                self._add("lessons", {**counted, **told_of, "month": f"{day:%Y-%m}"})

    def _results(self, told: Told, group: GroupChanged, counted: Row) -> None:
        """Of the terms of classes: a group has students of classes once more, the year those of its terms."""
        for closed, period in ((True, 1), (False, 1), (True, 0)):
            standings = {name: self.random.randint(0, 9) for name in self.random.sample(_STANDINGS, 4)}
            numbers: Row = {
                "title": self.marked(told, "Сентябрь"), "with_gaps": self.random.random() < 0.5,
                "learners": self.random.randint(1, 30), "student_lessons": 500, "absent_days": self.random.randint(0, 40),
            }  # fmt: skip
            days = {"first_day": SEPTEMBER, "last_day": date(2026, 9, 30)}
            self.events.append(
                self.region.period(group, period=period, closed=closed, standings=standings, **days, **numbers)
            )
            if closed and period and group.kind is GroupKind.CLASS:
                self._add("results", {**counted, **dict.fromkeys(_STANDINGS, 0), **standings, **numbers})

    def of(self, dataset: str, unit: Row | None) -> Iterator[Row]:
        """Rows of a dataset of a unit, as a query names it."""
        names = {"organization_id": "organization", "municipality": "municipality"}
        named = [(names[name], value) for name, value in (unit or {}).items() if name in names]
        for row in self.rows.get(dataset, []):
            if all(row[name] == value for name, value in named):
                yield row


_NO_LEARNER: Row = dict.fromkeys(
    (
        "age", "sex", "citizenship", "second_citizenship", "native_language", "instruction_language", "special_needs",
        "adapted_programme", "disability", "extended_day", "boarding", "distance_learning",
    )
)  # fmt: skip


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, StrEnum) else value


def _years(since: date | None) -> int | None:
    """Full years on the day of counting."""
    return None if since is None else DAY.year - since.year - ((since.month, since.day) > (DAY.month, DAY.day))
