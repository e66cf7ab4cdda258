"""Use cases of conversions between scales: how marks of another scale count; for the editor and for means."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from orgdirectory import require_visible
from servicekit.errors import FieldError, NotFoundError, VersionMismatchError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.scales import conversion_repository, repository, service
from sgo_journal.scales.conversion import By, Conversion, by_thresholds
from sgo_journal.scales.errors import ConversionInvalidError
from sgo_journal.scales.model import ScaleValue
from sgo_journal.scales.schemas import ConversionIn

Line = tuple[ScaleValue, ScaleValue | None, By]


async def conversions(
    uow: UnitOfWork, organization_id: UUID, to_id: int, from_ids: Collection[int]
) -> Mapping[int, Conversion]:
    """How marks of scales count where another is used, by scale; the scale itself is not among them."""
    others = set(from_ids) - {to_id}
    if not others:
        return {}
    values = await service.values_of(uow, {to_id, *others})
    tables = await conversion_repository.tables(uow.session, organization_id, others, to_id)
    return {one: Conversion(values[one], values[to_id], tables[one]) for one in others}


async def read(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, from_id: int, to_id: int
) -> tuple[int, list[Line]]:
    """A conversion as it is in force, each value of the one scale in the other, and its version; 0 where no table was made."""
    await _require_scales(uow, principal, organization_id, from_id, to_id)
    version = await conversion_repository.version(uow.session, organization_id, from_id, to_id)
    found = (await conversions(uow, organization_id, to_id, [from_id]))[from_id]
    return version, _lines(found)


def _lines(conversion: Conversion) -> list[Line]:
    return [(one, *conversion.of(one.code)) for one in conversion.source]


async def put(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    scales: tuple[int, int],
    version: int,
    body: ConversionIn,
    *,
    preview: bool,
) -> tuple[int, list[Line]]:
    """Decide what values of one scale count as in another, by value or by thresholds of points; a preview writes nothing.

    What the body does not name counts as without a table. Raises ``ConversionInvalidError``, ``VersionMismatchError``.
    """
    from_id, to_id = scales
    await _require_scales(uow, principal, organization_id, from_id, to_id)
    values = await service.values_of(uow, {from_id, to_id})
    table = _table(body, values[from_id], values[to_id])
    if preview:
        return version, _lines(Conversion(values[from_id], values[to_id], table))
    if not await conversion_repository.put(uow.session, organization_id, from_id, to_id, version, table):
        raise VersionMismatchError
    return version + 1, _lines(Conversion(values[from_id], values[to_id], table))


def _table(body: ConversionIn, source: Sequence[ScaleValue], target: Sequence[ScaleValue]) -> dict[str, str | None]:
    known, there = {one.code for one in source}, {one.code for one in target}
    wrong = []
    bounds: dict[str, Decimal] = {}
    for place, threshold in enumerate(body.thresholds):
        if threshold.to not in there:
            wrong.append(_field(f"thresholds/{place}/to", "to-unknown", "Такого значения в шкале нет"))
        if threshold.to in bounds or threshold.at_least in bounds.values():
            wrong.append(_field(f"thresholds/{place}", "threshold-twice", "Порог уже задан"))
        bounds[threshold.to] = threshold.at_least
    table = by_thresholds(source, bounds) if bounds else {}
    named: set[str] = set()
    for place, line in enumerate(body.values):
        if line.code not in known or line.code in named:
            wrong.append(
                _field(f"values/{place}/code", "code-unknown", "Такого значения в шкале нет, или оно уже названо")
            )
        if line.to is not None and line.to not in there:
            wrong.append(_field(f"values/{place}/to", "to-unknown", "Такого значения в шкале нет"))
        named.add(line.code)
        table[line.code] = line.to
    if wrong:
        raise ConversionInvalidError(errors=wrong)
    return table


def _field(place: str, code: str, title: str) -> FieldError:
    return FieldError(f"/body/{place}", f"scale.conversion-{code}", title)


async def _require_scales(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, from_id: int, to_id: int
) -> None:
    """Two scales, one the organization may use, the other too or one of marks that were brought to it."""
    await require_visible(uow, principal, organization_id)
    usable = [await repository.one(uow.session, organization_id, one) is not None for one in (from_id, to_id)]
    known = usable[0] or await conversion_repository.brought(uow.session, organization_id, from_id)
    if from_id == to_id or not known or not usable[1]:
        raise NotFoundError
