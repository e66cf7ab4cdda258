"""Carrying an approved act out: line by line, each looked at again, part by part; what was cut short goes on."""

from collections.abc import Sequence
from uuid import UUID

from servicekit.runs import RunContext
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.catalogue.definition import CardKind
from sgo_core.consents import destroying
from sgo_core.history.recorded import Author
from sgo_core.people import service as people
from sgo_core.retention import repository
from sgo_core.retention.model import DestructionAct, DestructionLine
from sgo_core.retention.selecting import ORDER, Due, select_due

PART = 100
"""Cards emptied in one transaction."""


async def carry_out(context: RunContext) -> None:
    """Carry out an act; who has come back or is held meanwhile is passed over."""
    act_id = UUID(context.params["act_id"])
    while True:
        async with context.runtime.uow() as uow:
            act = await repository.get(uow.session, act_id, lock=True)
            assert act is not None
            lines = [] if act.state == "done" else await repository.open_lines(uow.session, act_id, PART)
            if not lines:
                await _end(context, uow, act)
                return
            await _part(uow, act, lines)
            counts = await repository.counts(uow.session, act_id)
        total = sum(counts.values())
        await context.progress(total - counts.get("open", 0), total)


async def _end(context: RunContext, uow: UnitOfWork, act: DestructionAct) -> None:
    author = Author(act.approved_by or act.drafted_by, f"Акт об уничтожении № {act.number} исполнен")
    if act.state != "done":
        change(act, {"state": "done", "done_at": uow.now}, author, uow.now)
        await uow.session.flush()
    await context.succeed(uow, dict(await repository.counts(uow.session, act.id)))


async def _part(uow: UnitOfWork, act: DestructionAct, lines: Sequence[DestructionLine]) -> None:
    await _lock(uow, lines)
    for kind in ORDER:
        mine = {one.subject_id: one for one in lines if one.subject_kind == kind.value}
        if not mine:
            continue
        due = await select_due(uow, act.organization_id, kind, act.selected_on, only=mine, limit=len(mine))
        still = {one.subject_id: one for one in due}
        kept = await destroying.kept_by_grounds(uow, mine)
        for subject_id, line in sorted(mine.items()):
            await _line(uow, act, kind, line, still.get(subject_id), kept.get(subject_id, set()))
    await uow.session.flush()


async def _lock(uow: UnitOfWork, lines: Sequence[DestructionLine]) -> None:
    """Let nobody be enrolled meanwhile: neither the students of the lines nor the children of the guardians."""
    of = {kind: [one.subject_id for one in lines if one.subject_kind == kind.value] for kind in ORDER}
    children = await people.all_children_of(uow, of[CardKind.GUARDIAN])
    await people.lock_students(uow, {*of[CardKind.STUDENT], *children})


async def _line(
    uow: UnitOfWork, act: DestructionAct, kind: CardKind, line: DestructionLine, due: Due | None, kept: set[str]
) -> None:
    """Destroy what is due still; what another ground keeps is blocked."""
    author = Author(act.approved_by or act.drafted_by, f"Акт об уничтожении № {act.number} от {act.date:%d.%m.%Y}")
    if due is None:
        line.outcome = "returned"
        return
    if due.held:
        line.outcome = "held"
        return
    wanted = set(line.fields) & set(due.fields)
    blocked, doomed = wanted & kept, wanted - kept
    if blocked:
        await destroying.block(uow, kind, line.subject_id, act.id, blocked, author)
    if doomed:
        line.erasure_id = await destroying.destroy(uow, kind, line.subject_id, act.organization_id, doomed, author)
    line.outcome = "destroyed" if doomed else "blocked" if blocked else "nothing"
    line.destroyed, line.destroyed_at = sorted(doomed), uow.now
