"""Use cases of the scales: what marks a journal may hold (regulation App.1 2.2)."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from orgdirectory import require_visible
from servicekit.errors import FieldError, ForbiddenError, NotFoundError, VersionMismatchError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.scales import repository
from sgo_journal.scales.errors import ScaleInvalidError, ScaleTitleTakenError, ScaleValueUsedError
from sgo_journal.scales.model import FIVE_POINTS, UNMARKED, Scale, ScaleValue
from sgo_journal.scales.schemas import ScaleIn, ValueIn

__all__ = ["FIVE_POINTS", "UNMARKED", "Scale", "ScaleValue"]

WithValues = tuple[Scale, Sequence[ScaleValue]]


async def list_scales(uow: UnitOfWork, principal: Principal, organization_id: UUID) -> list[WithValues]:
    """Scales an organization may use, with their values: the region's first."""
    await require_visible(uow, principal, organization_id)
    found = await repository.of_organization(uow.session, organization_id)
    values = await values_of(uow, {scale.id for scale in found})
    return [(scale, values[scale.id]) for scale in found]


async def values_of(uow: UnitOfWork, scale_ids: set[int]) -> Mapping[int, Sequence[ScaleValue]]:
    """Values of scales, each in its order; those out of use too."""
    found: dict[int, list[ScaleValue]] = {scale_id: [] for scale_id in scale_ids}
    for value in await repository.values(uow.session, scale_ids):
        found[value.scale_id].append(value)
    return found


async def usable(uow: UnitOfWork, organization_id: UUID, scale_id: int) -> bool:
    """Whether a journal of the organization may be given the scale."""
    scale = await repository.one(uow.session, organization_id, scale_id)
    return scale is not None and scale.active


async def make_scale(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: ScaleIn) -> WithValues:
    """Make a scale of the organization's own."""
    await require_visible(uow, principal, organization_id)
    _check(body)
    scale = await repository.add(uow.session, organization_id, body.title, active=body.active)
    if scale is None:
        raise ScaleTitleTakenError
    await repository.put_values(uow.session, _rows(scale.id, body))
    return scale, (await values_of(uow, {scale.id}))[scale.id]


async def change_scale(uow: UnitOfWork, principal: Principal, scale_id: int, version: int, body: ScaleIn) -> WithValues:
    """Replace a scale's title and values; one that is left out is put out of use.

    A value that marks stand of keeps what it says and counts (``ScaleValueUsedError``).
    """
    organization_id = principal.unit.organization_id
    scale = await repository.one(uow.session, organization_id, scale_id) if organization_id else None
    if scale is None or organization_id is None:
        raise NotFoundError
    if scale.organization_id is None:
        raise ForbiddenError
    before = {value.code: value for value in (await values_of(uow, {scale_id}))[scale_id]}
    _check(body, before)
    try:
        changed = await repository.change(uow.session, scale, version, {"title": body.title, "active": body.active})
    except IntegrityError as error:
        raise ScaleTitleTakenError from error
    if not changed:
        raise VersionMismatchError
    named = {value.code: value for value in body.values}
    redefined = [code for code, value in named.items() if code in before and _meaning(value) != _meaning(before[code])]
    await repository.hold_values(uow.session, scale_id, redefined)
    if redefined and await repository.used(uow.session, organization_id, scale_id, redefined):
        raise ScaleValueUsedError
    left = [value for code, value in before.items() if code not in named]
    rows = [*_rows(scale_id, body), *(_retired(value, len(named) + place) for place, value in enumerate(left, 1))]
    await repository.put_values(uow.session, rows)
    uow.session.expunge_all()
    found = await repository.one(uow.session, organization_id, scale_id)
    assert found is not None
    return found, (await values_of(uow, {scale_id}))[scale_id]


def _meaning(value: ScaleValue | ValueIn) -> tuple[object, ...]:
    return value.sign, value.title, value.points, value.grade


def _retired(value: ScaleValue, position: int) -> dict[str, object]:
    kept = {name: getattr(value, name) for name in ("scale_id", "code", "sign", "title", "points", "grade", "debt")}
    return {**kept, "position": position, "active": False}


def _rows(scale_id: int, body: ScaleIn) -> list[dict[str, object]]:
    return [
        {"scale_id": scale_id, "position": place, **value.model_dump()} for place, value in enumerate(body.values, 1)
    ]


def _check(body: ScaleIn, before: Mapping[str, ScaleValue] | None = None) -> None:
    wrong = []
    codes: set[str] = set()
    signs: set[str] = set()
    for place, value in enumerate(body.values):
        if value.code in codes:
            wrong.append(FieldError(f"/body/values/{place}/code", "scale.code-twice", "Код уже занят"))
        if value.sign in signs:
            wrong.append(FieldError(f"/body/values/{place}/sign", "scale.sign-twice", "Обозначение уже занято"))
        if value.debt and value.points is not None and value.grade is None:
            wrong.append(
                FieldError(
                    f"/body/values/{place}/grade", "scale.debt-grade", "Долг с баллом должен соответствовать отметке"
                )
            )
        was = (before or {}).get(value.code)
        if was is not None and was.debt != value.debt:
            wrong.append(
                FieldError(
                    f"/body/values/{place}/debt",
                    "scale.debt-changed",
                    "Значение не может стать долгом или перестать им быть: добавьте другое",
                )
            )
        codes.add(value.code)
        signs.add(value.sign)
    if wrong:
        raise ScaleInvalidError(errors=wrong)
