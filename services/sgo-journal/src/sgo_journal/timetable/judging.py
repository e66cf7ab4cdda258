"""Judging a template, and lessons against those that stand."""

import asyncio
import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

from servicekit.errors import FieldError
from servicekit.uow import UnitOfWork
from sgo_journal.study import service as study
from sgo_journal.substitutions import service as absences
from sgo_journal.timetable import gathering, repository
from sgo_journal.timetable.clashes import Clash, Reason, barred, clashes, unfit
from sgo_journal.timetable.dating import dated
from sgo_journal.timetable.difficulty import Day, Taught, week_of
from sgo_journal.timetable.errors import ConflictsError
from sgo_journal.timetable.model import Timetable, TimetableLine
from sgo_journal.timetable.values import Bound, Dated, Parity, Slot

SideKind = Literal["line", "lesson", "unavailability", "event"]
_SHOWN = 500
_NAMED = 20


@dataclass(frozen=True)
class Side:
    """A side of a conflict, as it is called."""

    id: UUID
    kind: SideKind
    title: str


@dataclass(frozen=True)
class Conflict:
    """A clash with both sides named."""

    clash: Clash
    sides: tuple[Side, ...]


@dataclass(frozen=True)
class Judgement:
    """How many conflicts there are, and the first of them, the blocking ones before the rest; how many of all are ``blocking``."""

    total: int
    conflicts: Sequence[Conflict]
    blocking: int

    def require_none(self) -> None:
        """Raise ``ConflictsError`` that names the first of the blocking conflicts, unless there is none."""
        if not self.blocking:
            return
        raise ConflictsError(
            f"Накладок: {self.blocking}",
            errors=[
                FieldError("/body", one.clash.reason.value, f"{one.clash.reason.words}: {_sides(one)}")
                for one in self.conflicts[: min(_NAMED, self.blocking)]
            ],
        )


def _sides(conflict: Conflict) -> str:
    place = f"{conflict.clash.day:%d.%m.%Y}, урок {conflict.clash.number}"
    return "; ".join([*(side.title for side in conflict.sides), place])


def named(
    found: Collection[Clash],
    scene: gathering.Scene,
    names: Mapping[UUID, str],
    journal_of: Mapping[UUID, UUID],
    kinds: Mapping[UUID, SideKind],
) -> Judgement:
    """Clashes with their sides named; ``journal_of`` and ``kinds`` tell of what ``Clash.one`` and ``other`` are."""
    bans = {ban.id: ban.of for ban in scene.bans}

    def side(key: UUID) -> Side:
        if bans.get(key) is Bound.EVENT:
            return Side(key, "event", "мероприятие")
        if key in bans:
            return Side(key, "unavailability", "объявленная недоступность")
        return Side(key, kinds.get(key, "line"), names.get(journal_of.get(key, key), "урок"))

    ordered = sorted(
        found, key=lambda clash: (not clash.reason.blocking, clash.day, clash.number, clash.reason.value, clash.one)
    )
    return Judgement(
        len(ordered),
        [
            Conflict(clash, tuple(side(key) for key in (clash.one, clash.other) if key is not None))
            for clash in ordered[:_SHOWN]
        ],
        sum(clash.reason.blocking for clash in ordered),
    )


async def judge_template(uow: UnitOfWork, timetable: Timetable, rows: Sequence[TimetableLine]) -> Judgement:
    """Conflicts among the lines of a template over its days; a line whose learners core has not told of yet is one.

    Teachers who are away some of the days and rooms that an event holds are told of, yet nothing is refused for it: the lessons stand
    till somebody substitutes or gives them another room.
    """
    since, until = timetable.valid_from, timetable.valid_to
    year = await gathering.year_of(uow, timetable.organization_id, timetable.academic_year)
    key = timetable.organization_id, timetable.academic_year
    scene = await gathering.scene(uow, *key, {row.journal_id for row in rows}, since, until)
    absent = await absences.bans(uow, *key, since, until)
    scene = replace(scene, bans=[*scene.bans, *absent, *await gathering.events(uow, key[0], since, until)])
    lines = [line for row in rows if (line := scene.line(row)) is not None]
    told = {line.id for line in lines}
    untold = [Clash(Reason.VALIDITY, row.id, None, since, row.number) for row in rows if row.id not in told]
    away = {ban.id for ban in scene.bans if ban.absence} | {ban.id for ban in absent}
    # A year of a large school is some seconds of work: other requests go on meanwhile.
    never = await asyncio.to_thread(unfit, lines, year, since, until)
    slots = await asyncio.to_thread(dated, lines, year, since, until)
    met = await asyncio.to_thread(clashes, slots, scene.rooms, scene.bans)
    found = [*untold, *never, *(replace(one, reason=_of_days(one, away)) for one in met)]
    names = await gathering.names_of(uow, scene)
    return named(found, scene, names, {row.id: row.journal_id for row in rows}, {})


def _of_days(clash: Clash, away: Collection[UUID]) -> Reason:
    """Why a line cannot stand: what meets it on some days alone is put right on those days."""
    if clash.other in away:
        return Reason.TEACHER_AWAY
    return Reason.ROOM_EVENT_ON_DAYS if clash.reason is Reason.ROOM_EVENT else clash.reason


async def require_room_for(
    uow: UnitOfWork, scene: gathering.Scene, new: Collection[Dated], standing: Iterable[Slot]
) -> None:
    """Raise ``ConflictsError`` if lessons that are to be clash with each other or with those that stand.

    Of one whose hours nobody knows only bans are judged.
    """
    asked = {slot.source for slot in new}
    days: set[dt.date] = {slot.day for slot in new}
    there = [slot for slot in standing if slot.day in days and slot.source not in asked]
    timed = [one for one in new if isinstance(one, Slot)]
    every = await asyncio.to_thread(clashes, [*timed, *there], scene.rooms, scene.bans)
    found = [clash for clash in every if {clash.one, clash.other} & asked]
    found += barred((one for one in new if not isinstance(one, Slot)), scene.bans)
    if not found:
        return
    kinds: dict[UUID, SideKind] = {slot.source: "lesson" for slot in (*new, *there)}
    journal_of = {slot.source: slot.journal_id for slot in (*new, *there)}
    named(found, scene, await gathering.names_of(uow, scene), journal_of, kinds).require_none()


def own_points(judged: Iterable[Mapping[str, Any]]) -> dict[tuple[int, str], int]:
    """An organization's judgement of subjects as the engine takes it."""
    return {(one["grade"], one["subject"]): one["points"] for one in judged}


async def remarks_on(
    uow: UnitOfWork, timetable: Timetable, rows: Sequence[TimetableLine]
) -> list[tuple[UUID, Parity, list[Day]]]:
    """What sanitary rules have against the weeks of each class; once where odd and even weeks are the same."""
    scene = await gathering.scene(
        uow,
        timetable.organization_id,
        timetable.academic_year,
        {row.journal_id for row in rows},
        timetable.valid_from,
        timetable.valid_to,
    )
    codes = await study.subject_codes(uow, {one.subject_id for one in scene.journals.values() if one.subject_id})
    judged = await repository.points(uow.session, timetable.organization_id)
    own = {} if judged is None else own_points(judged.points)
    weeks: dict[tuple[UUID, int], dict[Parity, list[Taught]]] = {}
    for row in rows:
        learners, journal = scene.learners_of(row.journal_id), scene.journals.get(row.journal_id)
        if learners is None or journal is None or learners.grade is None or journal.subject_id is None:
            continue
        subject = codes.get(journal.subject_id, "")
        parities = (Parity.ODD, Parity.EVEN) if row.parity == Parity.EVERY else (Parity(row.parity),)
        for of_class in learners.classes:
            week = weeks.setdefault((of_class, learners.grade), {Parity.ODD: [], Parity.EVEN: []})
            for parity in parities:
                week[parity] += [
                    Taught(row.weekday, number, subject) for number in range(row.number, row.number + row.length)
                ]
    found = []
    for (of_class, grade), week in sorted(weeks.items()):
        odd, even = (week_of(grade, week[parity], own) for parity in (Parity.ODD, Parity.EVEN))
        found += (
            [(of_class, Parity.EVERY, odd)]
            if odd == even
            else [(of_class, Parity.ODD, odd), (of_class, Parity.EVEN, even)]
        )
    return found
