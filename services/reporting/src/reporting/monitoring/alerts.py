"""Alerts: a value beyond its threshold opens one, a value within closes it; in between somebody says what is done about it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from asu_contracts.access import UnitKind
from reporting.monitoring import alert_repository as repository
from reporting.monitoring.definition import Indicator, Threshold
from reporting.monitoring.errors import AlertClosedError
from servicekit.errors import ForbiddenError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork


async def judge(uow: UnitOfWork, indicator: Indicator) -> None:
    """Hold the newest value of each series against its threshold; an organization that is closed has none."""
    open_ones = {one.series: one for one in await repository.open_alerts(uow.session, indicator.code)}
    if not open_ones and not indicator.thresholds:
        return
    for value in await repository.newest_values(uow.session, indicator):
        threshold = indicator.thresholds.get(value.holder)
        alert = open_ones.pop(value.series, None)
        beyond = threshold is not None and threshold.crossed(value.value, value.people)
        if beyond and alert is None:
            await _open(uow, indicator, value, threshold)
        elif alert is not None and not beyond:
            await _close(uow, alert, value.id, threshold)
        elif alert is not None and alert.value_id != value.id:
            await repository.change(uow.session, alert.id, {"value_id": value.id})
            await _note(uow, alert.id, "changed", value.id, threshold)
    for alert in open_ones.values():
        await _close(uow, alert, alert.value_id, None)


async def acknowledge(uow: UnitOfWork, principal: Principal, alert_id: UUID, version: int, words: str) -> None:
    """Say what is done about an open alert of the own level; it may be said again.

    Raises ``NotFoundError``, ``ForbiddenError`` for an alert of another level, ``VersionMismatchError``, ``AlertClosedError``.
    """
    found = await repository.find(uow.session, principal, alert_id, hold=True)
    if found is None:
        raise NotFoundError
    if principal.unit.kind is not _level(found):
        raise ForbiddenError
    if found.version != version:
        raise VersionMismatchError
    if found.closed_at is not None:
        raise AlertClosedError
    await repository.change(uow.session, alert_id, {"acknowledged_at": uow.now})
    await _note(uow, alert_id, "acknowledged", found.value_id, None, by=principal.account_id, words=words)


async def get(uow: UnitOfWork, principal: Principal, alert_id: UUID) -> tuple[Any, Sequence[Any]]:
    """An alert in the principal's view, and what became of it; raises ``NotFoundError``."""
    found = await repository.find(uow.session, principal, alert_id)
    if found is None:
        raise NotFoundError
    return found, await repository.steps(uow.session, alert_id)


def _level(alert: Any) -> UnitKind:
    if alert.organization_id is not None:
        return UnitKind.ORGANIZATION
    return UnitKind.REGION if alert.municipality is None else UnitKind.MUNICIPALITY


async def _open(uow: UnitOfWork, indicator: Indicator, value: Any, threshold: Threshold | None) -> None:
    alert_id = new_id()
    unit = {name: getattr(value, name) for name in ("organization_id", "municipality", "subject", "grade", "group_id")}
    await repository.add(
        uow.session,
        {
            "id": alert_id,
            "indicator": indicator.code,
            "series": value.series,
            **unit,
            "value_id": value.id,
            "opened_at": uow.now,
            "version": 1,
        },
    )
    await _note(uow, alert_id, "opened", value.id, threshold)


async def _close(uow: UnitOfWork, alert: Any, value_id: int, threshold: Threshold | None) -> None:
    await repository.change(uow.session, alert.id, {"closed_at": uow.now, "value_id": value_id})
    await _note(uow, alert.id, "closed", value_id, threshold)


async def _note(
    uow: UnitOfWork,
    alert_id: UUID,
    kind: str,
    value_id: int,
    threshold: Threshold | None,
    by: str | None = None,
    words: str | None = None,
) -> None:
    await repository.add_step(
        uow.session,
        {
            "id": new_id(),
            "alert_id": alert_id,
            "at": uow.now,
            "kind": kind,
            "value_id": value_id,
            "low": threshold.low if threshold else None,
            "high": threshold.high if threshold else None,
            "by": by,
            "words": words,
        },
    )
