"""Use cases of actions over many applications.

What is shown is found out by doing it and taking it back, so that it cannot differ from what is done. What is carried out is what
was shown: an application that has changed since is left alone, and each of the others is done whole or not at all.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from eu_enrollment.applications import service as applications
from eu_enrollment.bulk import errors, repository
from eu_enrollment.bulk.actions import ACTIONS, Action, Parameters, Work
from eu_enrollment.bulk.schemas import MOST, BulkIn, BulkItemOut, BulkOut
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.worklists import service as worklists
from eu_enrollment.worklists.schemas import Filters, WorkItem
from servicekit import audit, runs
from servicekit.acting import acting, kept
from servicekit.errors import DomainError, FieldError, ForbiddenError, NotFoundError
from servicekit.ids import new_id
from servicekit.runs import Run, RunContext
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

KIND = "enrollment.bulk"
_LIFE = timedelta(hours=1)
"""How long what was shown can be carried out."""
_AT_ONCE = 25
"""Applications in one transaction."""


class _UndoneError(Exception):
    """Nothing of what was tried stays."""


async def preview(uow: UnitOfWork, principal: Principal, campaign: Campaign, sent: BulkIn) -> BulkOut:
    """Find out what an action would do to each of the applications; nothing is changed but the note of what was shown."""
    action = _action(principal, sent)
    found = await _chosen(uow, principal, campaign, sent)
    parameters = Parameters(sent.note, sent.due_on, sent.ground)
    bulk_id, shown = new_id(), list[dict[str, object]]()
    await applications.lock(uow, [one.id for one in found])
    for one in found:
        refusal = await _tried(Work(uow, principal, campaign, one.id, parameters), action)
        shown.append(
            {
                "bulk_id": bulk_id,
                "application_id": one.id,
                "number": one.number,
                "version": one.version,
                "allowed": refusal is None,
                "code": refusal and refusal.code,
                "title": refusal and refusal.title,
            }
        )
    values = {
        "id": bulk_id,
        "campaign_id": campaign.id,
        "action": action.name,
        "parameters": _stored(parameters),
        "account_id": principal.account_id,
        "principal": kept(principal),
        "shown_at": uow.now,
    }
    await repository.add(uow.session, values, shown)
    return await get(uow, principal, bulk_id)


def _action(principal: Principal, sent: BulkIn) -> Action:
    action = ACTIONS.get(sent.action)
    if action is None or principal.role not in action.policy.roles:
        raise ForbiddenError
    missing = [name for name in action.needs if getattr(sent, name) is None]
    if missing:
        error = errors.ParameterMissingError
        raise error(errors=[FieldError(f"/body/{name}", error.code, "Заполните поле") for name in missing])
    return action


async def _chosen(uow: UnitOfWork, principal: Principal, campaign: Campaign, sent: BulkIn) -> list[WorkItem]:
    if sent.applications is not None:
        found = await worklists.by_ids(uow, principal, campaign, sent.applications)
    elif sent.queue is not None:
        queue = worklists.queue_named(sent.queue)
        found, _ = await worklists.waiting(uow, principal, campaign, queue, sent.filters or Filters(), None, MOST)
    else:
        found = await worklists.register(uow, principal, campaign, sent.filters or Filters(), None, MOST)
    if not found:
        raise errors.NobodyChosenError
    if len(found) > MOST:
        raise errors.TooManyError
    return sorted(found, key=lambda one: one.id)


async def _tried(work: Work, action: Action) -> DomainError | None:
    """Do it and take it back; why it cannot be done, if so."""
    try:
        async with work.uow.attempt():
            await action.apply(work)
            raise _UndoneError
    except _UndoneError:
        return None
    except DomainError as error:
        return error


async def get(uow: UnitOfWork, principal: Principal, bulk_id: UUID) -> BulkOut:
    """What was shown to the caller, and what has become of it; raises ``NotFoundError``."""
    found = await repository.get(uow.session, bulk_id, principal.account_id)
    if found is None:
        raise NotFoundError
    items = [BulkItemOut.model_validate(row) for row in await repository.items(uow.session, bulk_id)]
    return BulkOut(
        id=found.id,
        campaign_id=found.campaign_id,
        action=found.action,
        action_title=ACTIONS[found.action].title,
        shown_at=found.shown_at,
        run_id=found.run_id,
        total=len(items),
        allowed=sum(item.allowed for item in items),
        done=sum(item.done is True for item in items),
        items=items,
    )


async def begin(uow: UnitOfWork, principal: Principal, bulk_id: UUID) -> Run:
    """Carry out what was shown, once: again it is the same run. Raises ``PreviewExpiredError``."""
    found = await repository.get(uow.session, bulk_id, principal.account_id, lock=True)
    if found is None or found.principal["unit"] != kept(principal)["unit"]:
        raise NotFoundError
    if found.run_id is not None:
        return await runs.get(uow, principal, found.run_id)
    if found.shown_at < uow.now - _LIFE:
        raise errors.PreviewExpiredError
    run = await runs.start(uow, principal, KIND, {"bulk_id": str(bulk_id)})
    await repository.begin(uow.session, bulk_id, run.id)
    return run


async def carry_out(context: RunContext) -> None:
    """Handler of the run: some applications a transaction, from where it stopped.

    A worker that has lost its lock may still be at it: each takes what the other has left.
    """
    bulk_id = UUID(context.params["bulk_id"])
    async with context.runtime.uow() as uow:
        found = await repository.by_id(uow.session, bulk_id)
        campaign = await campaigns.campaign_by_id(uow, found.campaign_id)
        total = sum(row.allowed for row in await repository.items(uow.session, bulk_id))
    principal, action = acting(found.principal), ACTIONS[found.action]
    parameters = _restored(found.parameters)
    while True:
        async with context.runtime.uow() as uow:
            rows = await repository.waiting(uow.session, bulk_id, _AT_ONCE)
            if not rows:
                break
            await _settle(uow, rows, action, principal, campaign, parameters)
            settled = await repository.settled(uow.session, bulk_id)
        await context.progress(settled, total)
    async with context.runtime.uow() as uow:
        rows = await repository.items(uow.session, bulk_id)
        done = sum(row.done is True for row in rows)
        await context.succeed(uow, {"bulk_id": str(bulk_id), "done": done, "refused": len(rows) - done})


async def _settle(
    uow: UnitOfWork,
    rows: Sequence[Any],
    action: Action,
    principal: Principal,
    campaign: Campaign,
    parameters: Parameters,
) -> None:
    ids = [row.application_id for row in rows]
    await applications.lock(uow, ids)
    standing = {one.id: one.version for one in await worklists.by_ids(uow, principal, campaign, ids)}
    done = []
    for row in rows:
        refusal: DomainError | None = None
        try:
            async with uow.attempt():
                if standing.get(row.application_id) != row.version:
                    raise errors.ChangedMeanwhileError
                await action.apply(Work(uow, principal, campaign, row.application_id, parameters))
                done.append(row.application_id)
        except DomainError as error:
            refusal = error
        told = None if refusal is None else (refusal.code, refusal.title)
        await repository.settle(uow.session, row.bulk_id, row.application_id, told)
    await audit.record(uow, principal, f"bulk.{action.name}", done)


def _stored(parameters: Parameters) -> dict[str, object]:
    values = asdict(parameters)
    return values | {"due_on": None if parameters.due_on is None else parameters.due_on.isoformat()}


def _restored(stored: dict[str, Any]) -> Parameters:
    due_on = stored["due_on"]
    return Parameters(stored["note"], None if due_on is None else date.fromisoformat(due_on), stored["ground"])
