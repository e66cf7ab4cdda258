"""A stored plan as a workbook, and a workbook as the topics of a stored plan."""

import asyncio
from collections.abc import Iterable
from itertools import groupby
from uuid import UUID

from reportkit.footer import Footer
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.plans import service
from sgo_journal.plans.errors import WorkbookTooLongError
from sgo_journal.plans.schemas import SectionIn, TopicIn
from sgo_journal.plans.service import Contents, Plan
from sgo_journal.plans.workbooks import PlanRow, read_plan, write_plan

MOST_BYTES = 5 * 1024 * 1024


async def export(uow: UnitOfWork, principal: Principal, plan_id: UUID) -> tuple[Plan, bytes]:
    """A plan as a workbook; an empty one is the form to fill in."""
    plan, contents = await service.read(uow, principal, plan_id)
    rows = [
        PlanRow(section.title or "", topic.title, topic.hours, topic.planned_on, topic.homework, topic.note)
        for section, topic in contents
    ]
    footer = Footer.by(principal, uow.now.astimezone(uow.clock.zone))
    return plan, await asyncio.to_thread(write_plan, rows, footer)


async def replace(
    uow: UnitOfWork, principal: Principal, plan_id: UUID, version: int, content: bytes
) -> tuple[Plan, Contents]:
    """Let a workbook be all there is of a plan; a topic named as before in its section stays that topic, with its lessons.

    Raises what ``workbooks.read_plan`` and ``service.put_contents`` do.
    """
    if len(content) > MOST_BYTES:
        raise WorkbookTooLongError
    plan = await service.changeable(uow, principal, plan_id)
    rows = await asyncio.to_thread(read_plan, content)
    known = await service.contents_of(uow, plan)
    return await service.put_contents(uow, principal, plan_id, version, list(_sections(rows, known)))


def _sections(rows: Iterable[PlanRow], known: Contents) -> Iterable[SectionIn]:
    left: dict[tuple[str, str], list[UUID]] = {}
    for section, topic in known:
        left.setdefault((section.title or "", topic.title), []).append(topic.id)
    for title, of_section in groupby(rows, lambda row: row.section):
        topics = []
        for row in of_section:
            same = left.get((row.section, row.topic), [])
            topics.append(
                TopicIn.model_construct(
                    id=same.pop(0) if same else None,
                    title=row.topic,
                    hours=row.hours,
                    planned_on=row.planned_on,
                    homework=row.homework or None,
                    note=row.note or None,
                )
            )
        yield SectionIn.model_construct(title=title or None, topics=tuple(topics))
