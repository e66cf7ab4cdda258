"""Measuring an organization: what is missing, what is doubtful, and telling the readers where the numbers changed."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.core import QualityMeasured
from servicekit.ids import new_id
from servicekit.messaging.republish import Aggregate
from servicekit.runtime import Runtime
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.cards.fields import opened
from sgo_core.catalogue.definition import CardKind
from sgo_core.chunks import chunked
from sgo_core.history.recorded import Author, signature
from sgo_core.quality import repository, scans
from sgo_core.quality.duties import Duty, in_force
from sgo_core.quality.events import quality_measured
from sgo_core.quality.model import QualityIssue, QualityStanding
from sgo_core.quality.rules import BY_CODE, KINDS, OPENED, RULES
from sgo_core.vault import vault_of

log = structlog.get_logger(__name__)

_FOUND = Author("core", "Правило нашло сомнение")
_SETTLED = Author("core", "Правило больше не находит сомнения")
_REOPENED = Author("core", "Карточка изменилась или пояснению больше года")
_UNEXPLAINED = dict.fromkeys(("explanation", "explained_by", "explained_at", "card_version"))
_BATCH = 50
_TRUSTED = timedelta(days=365)
"""How long somebody's word that an old value is right stands against a rule that asks whether it still is."""


async def measure(uow: UnitOfWork, organization_id: UUID) -> None:
    """Measure an organization today: gaps, issues, numbers. Measured twice, it is as measured once."""
    await repository.lock(uow.session, organization_id)
    today = uow.clock.today()
    duties = in_force(await repository.duties(uow.session, organization_id, today))
    for kind in CardKind:
        await _measure_kind(uow, organization_id, kind, duties[kind], today)
    await _tell(uow, organization_id, today)


async def _measure_kind(uow: UnitOfWork, organization_id: UUID, kind: CardKind, duty: Duty, today: date) -> None:
    counted = await scans.measure_gaps(uow.session, kind, organization_id, today, str(uow.clock.zone))
    issues = await _issues(uow, organization_id, kind, today)
    await repository.store_measure(
        uow.session,
        {
            "organization_id": organization_id,
            "card_kind": kind.value,
            "measured_on": today,
            "cards": counted.cards,
            "mandatory": counted.mandatory,
            "missing": counted.missing,
            "without_ground": counted.without_ground,
            "overdue": await repository.count_overdue(uow.session, kind, organization_id, duty.overdue_before(today)),
            "issues": issues,
        },
    )


async def _issues(uow: UnitOfWork, organization_id: UUID, kind: CardKind, today: date) -> dict[str, int]:
    """Bring the issues up to date; how many are unexplained, by kind of rule."""
    found = await _broken(uow, organization_id, kind, today)
    known = {(one.card_id, one.rule): one for one in await repository.issues_of(uow.session, kind, organization_id)}
    for key, one in known.items():
        if key not in found:
            change(one, {"settled_on": today}, _SETTLED, uow.now)
    await repository.add_issues(
        uow.session,
        [
            {
                "id": new_id(),
                "organization_id": organization_id,
                "card_kind": kind.value,
                "card_id": card_id,
                "rule": rule,
                "since": today,
                **signature(_FOUND, uow.now),
            }
            for card_id, rule in sorted(found.keys() - known.keys())
        ],
    )
    for key in found.keys() & known.keys():
        one = known[key]
        if one.explained_at is not None and (found[key] != one.card_version or _is_old(one, uow.now - _TRUSTED)):
            change(one, _UNEXPLAINED, _REOPENED, uow.now)
    explained = {key for key, one in known.items() if one.explanation is not None}
    counts = Counter(BY_CODE[rule].kind for card_id, rule in found if (card_id, rule) not in explained)
    return {name: counts[name] for name in KINDS if counts[name]}


def _is_old(issue: QualityIssue, before: datetime) -> bool:
    return BY_CODE[issue.rule].kind == "stale" and issue.explained_at is not None and issue.explained_at < before


async def _broken(uow: UnitOfWork, organization_id: UUID, kind: CardKind, today: date) -> dict[tuple[UUID, str], int]:
    """Version of the card, by card and rule, of all that a rule finds fault with."""
    rules = [one for one in RULES if one.card is kind]
    found = {
        (row.id, row.rule): row.version for row in await scans.broken(uow.session, kind, rules, organization_id, today)
    }
    vault = vault_of(uow)
    for rule in OPENED:
        if rule.card is not kind:
            continue
        for row in await scans.to_open(uow.session, rule, organization_id, today):
            if rule.broken(opened(kind, rule.field, row.sealed, vault), row.birth_date, today):
                found[row.id, rule.code] = row.version
    return found


async def _tell(uow: UnitOfWork, organization_id: UUID, today: date) -> None:
    """Keep when the organization was measured; tell the readers if anything they count has changed."""
    await uow.session.flush()
    standing = await repository.standing(uow.session, organization_id)
    measures = await repository.measures_of(uow.session, organization_id, today)
    confirmed_on = None if standing is None else standing.confirmed_on
    event = quality_measured(organization_id, measures, today, confirmed_on)
    told = event.model_dump(mode="json")
    if standing is None:
        standing = QualityStanding(organization_id=organization_id, told=None, version=0)
        uow.session.add(standing)
    changed = standing.told is None or _numbers(standing.told) != _numbers(told)
    standing.measured_on = today
    if changed:
        standing.told, standing.version, standing.updated_at = told, standing.version + 1, uow.now
        uow.publish(event, version=standing.version)


def _numbers(told: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in told.items() if name != "measured_on"}


async def measure_all(runtime: Runtime) -> None:
    """Measure every active organization that was not measured today, each in its own transaction.

    One that cannot be measured (a field sealed by a lost key) is left for the next turn and keeps none of the others waiting.
    """
    after: UUID | None = None
    while True:
        async with runtime.uow() as uow:
            waiting: Sequence[UUID] = await repository.unmeasured(uow.session, uow.clock.today(), _BATCH, after)
        for organization_id in waiting:
            try:
                async with runtime.uow() as uow:
                    await measure(uow, organization_id)
            except Exception as error:  # noqa: BLE001 - logged and tried again
                log.warning("quality_not_measured", organization_id=str(organization_id), error=type(error).__name__)
        if len(waiting) < _BATCH:
            return
        after = waiting[-1]


async def states(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """What was told of every organization, for a reader that is rebuilt."""
    async for chunk in chunked(session, select(QualityStanding), QualityStanding.organization_id):
        yield [Aggregate(QualityMeasured.model_validate(one.told), one.updated_at, one.version) for one in chunk]
