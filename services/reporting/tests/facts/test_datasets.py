"""Workers, groups, placements, languages, forms of study: each cell of a form that counts them all is a naive count."""

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.base import Event
from asu_contracts.core import (
    EmploymentCounted,
    GroupChanged,
    GroupKind,
    MovementRecorded,
    OrganizationChanged,
    OrganizationKind,
    SpecialNeeds,
    StaffCategory,
    StudentStatisticsChanged,
    StudyFormChanged,
    StudyFormKind,
    WorkerStatisticsChanged,
)
from asu_contracts.journal import DaycareMonthCounted
from asu_contracts.people import Sex
from reporting.builds import repository
from reporting.engine.section import Column, Row, Section
from reporting.facts.sources import Scope

from ..everything import EVERYTHING
from ..factories import KRASNODAR, NOON, SOCHI, Region, Reporting

START = date(2026, 9, 1)
LANGUAGES = (None, "Русский", "русский язык", "адыгейский", "армянский")
FORMS = (
    StudyFormKind.AT_HOME, StudyFormKind.FULL_TIME, StudyFormKind.PART_TIME, StudyFormKind.EXTRAMURAL, StudyFormKind.FAMILY
)  # fmt: skip
MONTHS = (date(2025, 12, 1), date(2026, 1, 1), date(2026, 9, 1), date(2026, 10, 1))
AFTER = NOON + timedelta(days=1000)

Facts = Mapping[str, list[dict[str, Any]]]


class World:
    """Three organizations of two municipalities with all that may happen in them, told once each."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.region = Region(seed)
        self.organizations = [
            self.region.organization(kind, municipality)
            for kind, municipality in (
                (OrganizationKind.SCHOOL, KRASNODAR),
                (OrganizationKind.PRESCHOOL, KRASNODAR),
                (OrganizationKind.SCHOOL, SOCHI),
            )
        ]
        self.groups = [self._group(self.chance.choice(self.organizations)) for _ in range(7)]
        self.statistics: list[StudentStatisticsChanged] = []
        self.movements: list[MovementRecorded] = []
        self.study_forms: list[StudyFormChanged] = []
        self.workers: list[WorkerStatisticsChanged] = []
        self.months = [self._month(group, month) for group in self.groups for month in MONTHS]
        for _ in range(10):
            self._learner()
            self._worker()

    @property
    def events(self) -> list[Event]:
        parts = (
            self.organizations,
            self.groups,
            self.statistics,
            self.movements,
            self.study_forms,
            self.workers,
            self.months,
        )
        return [event for part in parts for event in part]

    def _day(self) -> date:
        return START + timedelta(days=self.chance.randrange(40))

    def _group(self, organization: OrganizationChanged) -> GroupChanged:
        group = self.region.group(organization, 1 if organization.kind is OrganizationKind.SCHOOL else None)
        kind = GroupKind.ADDITIONAL_GROUP if self.chance.random() < 0.3 else group.kind
        more = {
            "kind": kind, "capacity": self.chance.randrange(30), "shift": self.chance.choice((None, 1, 2)),
            "combined_set": self.chance.choice((None, "комплект", "комплект", "второй")),
            "age_from": self.chance.choice((None, 1, 3, 4)),
        }  # fmt: skip
        return group.model_copy(update={**more, "starts_on": self.chance.choice((START, START + timedelta(20)))})

    def _month(self, group: GroupChanged, month: date) -> DaycareMonthCounted:
        numbers = {name: self.chance.randrange(40) for name in ("attended", "missed_illness", "missed_other")}
        return self.region.month(group, month, working_days=self.chance.choice((20, 21, 22)), **numbers)

    def _learner(self) -> None:
        child = self.region.id()
        words = self.chance.sample(("английский", "Немецкий"), self.chance.randrange(3))
        self.statistics.append(
            self.region.statistics(
                date(2015, 5, 5), self.chance.choice(list(Sex)), of=child, foreign_languages=tuple(words),
                instruction_language=self.chance.choice(LANGUAGES),
                special_needs=self.chance.choice((None, SpecialNeeds.SIGHT)),
            )
        )  # fmt: skip
        main = self.chance.choice(
            [one for one in self.groups if one.kind is not GroupKind.ADDITIONAL_GROUP] or self.groups
        )
        for group in {
            main.group_id: main,
            **{one.group_id: one for one in self.chance.sample(self.groups, 2)},
        }.values():
            if group is main or group.kind is GroupKind.ADDITIONAL_GROUP:
                stay = self.region.stay(group, main=group is main)
                self.movements.append(self.region.movement(child, self._day(), opened=stay))
        beside = [StudyFormKind.INDIVIDUAL_PLAN] if self.chance.random() < 0.5 else []
        for kind in [self.chance.choice(FORMS), *beside]:
            since = self._day()
            organization = main.organization_id if self.chance.random() < 0.8 else self.organizations[0].organization_id
            self.study_forms.append(
                StudyFormChanged(
                    study_form_id=self.region.id(), student_id=self.region.id(), statistical_id=child, kind=kind,
                    organization_id=organization, valid_from=since,
                    valid_to=self.chance.choice((None, since + timedelta(10))),
                )
            )  # fmt: skip

    def _worker(self) -> None:
        posts: list[EmploymentCounted] = []
        for number in range(self.chance.randrange(4)):
            since = self._day()
            posts.append(
                self.region.post(
                    self.chance.choice(self.organizations), since, self.chance.choice((None, since + timedelta(10))),
                    main=number == 0, rate=Decimal(self.chance.choice(("1", "0.5", "0.25", "0.333"))),
                    category=self.chance.choice((StaffCategory.TEACHING, StaffCategory.SERVICE)),
                )
            )  # fmt: skip
        since = date(2026, 12, 31) - timedelta(days=self.chance.choice((10, 11)) * 365)
        self.workers.append(self.region.worker(*posts, service_since=self.chance.choice((None, since))))

    def facts(self, organizations: set[UUID], day: date) -> Facts:
        placements = list(self._placements(organizations, day))
        mates: dict[UUID, list[str]] = {}
        for one in placements:
            if one["main"]:
                mates.setdefault(one["group"], []).append(one["study_form"])
        return {
            "placements": placements,
            "learners": [
                one | {"size": len(mates[one["group"]]), "class_form": form_of(mates[one["group"]])}
                for one in placements
                if one["main"]
            ],
            "workers": list(self._posts(organizations, day)),
            "groups": list(self._groups(organizations, day)),
            "daycare": list(self._months(organizations, day)),
        }

    def _placements(self, organizations: set[UUID], day: date) -> Iterator[dict[str, Any]]:
        groups = {one.group_id: one for one in self.groups}
        learners = {one.statistical_id: one for one in self.statistics}
        for one in self.movements:
            stay = one.opened
            if stay is None or stay.organization_id not in organizations or one.effective_date > day:
                continue
            group, learner = groups[stay.group_id], learners[one.statistical_id]
            taught = group.starts_on <= day
            held = [
                form.kind
                for form in self.study_forms
                if (form.statistical_id, form.organization_id) == (one.statistical_id, stay.organization_id)
                and form.valid_from <= day
                and (form.valid_to is None or day < form.valid_to)
            ]
            yield {
                "fact": stay.placement_id, "subject": one.statistical_id, "group": stay.group_id, "main": stay.main,
                "set": (group.organization_id, group.combined_set) if taught and group.combined_set else None,
                "group_kind": group.kind.value if taught else None, "sex": learner.sex.value,
                "foreign_languages": tuple(sorted(word.casefold() for word in learner.foreign_languages)),
                "instruction_language": learner.instruction_language and learner.instruction_language.casefold(),
                "special_needs": learner.special_needs and learner.special_needs.value,
                "study_form": next((kind.value for kind in held if kind in FORMS), "full_time"),
                "individual_plan": StudyFormKind.INDIVIDUAL_PLAN in held,
            }  # fmt: skip

    def _posts(self, organizations: set[UUID], day: date) -> Iterator[dict[str, Any]]:
        for worker in self.workers:
            here = [
                one for one in worker.posts if one.valid_from <= day and (one.valid_to is None or day < one.valid_to)
            ]
            mains = {one.organization_id for one in here if one.main}
            for post in here:
                if post.organization_id in organizations:
                    beside = "internal" if post.organization_id in mains else "external"
                    since = worker.service_since
                    yield {
                        "fact": post.employment_id, "subject": worker.statistical_id, "rate": post.rate,
                        "category": post.category.value, "terms": "main" if post.main else beside,
                        "service_years": None if since is None else 2027 - since.year - ((since.month, since.day) > (1, 1)),
                    }  # fmt: skip

    def _groups(self, organizations: set[UUID], day: date) -> Iterator[dict[str, Any]]:
        for group in self.groups:
            if group.organization_id in organizations and group.starts_on <= day:
                stays = [one.opened for one in self.movements if one.opened and one.effective_date <= day]
                size = sum(
                    stay.group_id == group.group_id and (stay.main or group.kind is GroupKind.ADDITIONAL_GROUP)
                    for stay in stays
                )
                yield {
                    "fact": group.group_id, "group": group.group_id, "group_kind": group.kind.value, "size": size,
                    "capacity": group.capacity,
                }  # fmt: skip

    def _months(self, organizations: set[UUID], day: date) -> Iterator[dict[str, Any]]:
        groups = {one.group_id: one for one in self.groups}
        for one in self.months:
            if one.organization_id not in organizations or not date(day.year, 1, 1) <= one.month <= day:
                continue
            group = groups[one.group_id]
            rivals = [
                other
                for other in self.months
                if (other.organization_id, other.month) == (one.organization_id, one.month)
            ]
            yield {
                "fact": one.daycare_month_id, "group": one.group_id, "attended": one.attended,
                "missed_illness": one.missed_illness, "missed_other": one.missed_other, "working_days": one.working_days,
                "age_from": group.age_from if group.starts_on < (one.month + timedelta(31)).replace(day=1) else None,
                "longest": one is min(rivals, key=lambda other: (-other.working_days, other.daycare_month_id)),
            }  # fmt: skip


def form_of(learners: list[str]) -> str | None:
    """The form most learners of a class study in."""
    found = ["full_time" if one == "at_home" else one for one in learners]
    numbers = {form: found.count(form) for form in ("full_time", "part_time", "extramural")}
    first = max(numbers, key=numbers.__getitem__)
    return first if numbers[first] else None


def naive(section: Section, told: Facts) -> dict[tuple[str, ...], Any]:
    cells: dict[tuple[str, ...], Any] = {}
    terms = {term.code: term.words for key in section.keys for term in key.terms}
    for row in section.rows:
        for column in section.columns:
            address = (section.code, row.code, column.code)
            if address[1:] not in section.tallies:
                continue
            filters = (section.filter, row.filter, column.filter)
            found = [one for one in told[section.facts] if all(passed.matches(one) for passed in filters)]
            if row.by is None:
                cells[address] = taken(section, row, column, found)
                continue
            named = {word for words in terms.values() for word in words}
            for code, words in terms.items():
                lines = [
                    one for one in found
                    if one[row.by] in words or (not words and one[row.by] is not None and one[row.by] not in named)
                ]  # fmt: skip
                cells[*address, code] = taken(section, row, column, lines)
    there = {(row, keys[0]) for (_, row, _, *keys), value in cells.items() if keys and value}
    return {
        address: value for address, value in cells.items() if len(address) == 3 or (address[1], address[3]) in there
    }


def taken(section: Section, row: Row, column: Column, found: list[dict[str, Any]]) -> Any:
    tally = section.tally(row, column)
    assert tally is not None
    if tally.field is not None:
        return round(sum((one[tally.field] for one in found), start=Decimal(0)), section.decimals(row, column))
    return len({one[tally.over] for one in found} - {None})


async def counted(session: AsyncSession, scope: Scope) -> dict[tuple[str, ...], Any]:
    return dict(await repository.count_cells(session, EVERYTHING, scope))


@pytest.mark.parametrize("seed", range(12))
async def test_every_cell_of_every_dataset_is_a_naive_count(reporting: Reporting, seed: int) -> None:
    world = World(seed)
    world.chance.shuffle(events := [*world.events, *world.events[::3]])
    await reporting.tell(*events)
    first = world.organizations[0]
    units = [
        ((first.organization_id, None), {first.organization_id}),
        ((None, KRASNODAR), {one.organization_id for one in world.organizations[:2]}),
        ((None, None), {one.organization_id for one in world.organizations}),
    ]
    async with reporting.service.runtime.sessions() as session:
        for unit, organizations in units:
            day = START + timedelta(days=world.chance.randrange(50))
            told = world.facts(organizations, day)
            expected = {
                address: value for section in EVERYTHING.sections for address, value in naive(section, told).items()
            }
            for known_at in (None, AFTER):
                assert await counted(session, Scope(*unit, day, date(2027, 1, 1), known_at)) == expected


def test_some_world_has_something_for_every_cell() -> None:
    filled = set()
    for seed in range(12):
        world = World(seed)
        told = world.facts({one.organization_id for one in world.organizations}, START + timedelta(30))
        filled |= {
            address for section in EVERYTHING.sections for address, value in naive(section, told).items() if value
        }
    assert {one[:3] for one in filled} == {
        (section.code, *cell) for section in EVERYTHING.sections for cell in section.tallies
    }
