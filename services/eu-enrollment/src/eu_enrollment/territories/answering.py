"""What a look-up says to people: the organizations by name, and why there may be none."""

from collections.abc import Sequence
from datetime import date

from eu_enrollment.information import service as information
from eu_enrollment.information.schemas import BodyOut
from eu_enrollment.territories import repository
from eu_enrollment.territories.address import Address
from eu_enrollment.territories.model import TerritoryKind
from eu_enrollment.territories.schemas import ActOut, AssignedOut, KindOut, TerritoriesOut
from eu_enrollment.territories.service import Found, Outcome
from servicekit.uow import UnitOfWork

_WHOM = {TerritoryKind.SCHOOL: "школой", TerritoryKind.PRESCHOOL: "детским садом"}
_EXPLANATIONS = {
    Outcome.HOUSE_NEEDED: "Улица поделена между организациями: укажите номер дома",
    Outcome.AMBIGUOUS: "Так называется несколько улиц или населённых пунктов: выберите нужный из подсказки",
    Outcome.NO_ACT: "На эту дату акт о закреплении территорий не опубликован; обратитесь в орган управления образованием",
}


async def explain(
    uow: UnitOfWork, municipality: str, address: Address, day: date, found: Sequence[Found]
) -> TerritoriesOut:
    """The answer to a look-up."""
    ids = {line.organization_id for one in found for line in one.lines}
    known = await repository.organizations(uow.session, ids)
    body = await information.body_of(uow, municipality)
    names = {id_: row.short_name for id_, row in known.items()}
    return TerritoriesOut(
        municipality=municipality,
        settlement=address.settlement,
        street=address.street,
        house=address.house,
        day=day,
        items=[
            KindOut(
                kind=one.kind,
                outcome=one.outcome,
                explanation=_explanation(one),
                act=ActOut.of(one.act) if one.act else None,
                organizations=[
                    AssignedOut(
                        organization_id=line.organization_id,
                        organization=names.get(line.organization_id, ""),
                        houses=line.houses,
                        shared=line.shared,
                    )
                    for line in one.lines
                ],
            )
            for one in found
        ],
        body=BodyOut.model_validate(body, from_attributes=True) if body is not None else None,
    )


def _explanation(found: Found) -> str:
    whom = _WHOM[found.kind]
    if found.outcome is Outcome.ASSIGNED:
        several = len({line.organization_id for line in found.lines}) > 1
        return f"Адрес закреплён за {'несколькими организациями, можно выбрать любую' if several else whom}"
    if found.outcome is Outcome.NOT_ASSIGNED:
        authority = found.act.authority if found.act else ""
        return f"Адрес не закреплён ни за одной организацией (искали за {whom}); обратитесь: {authority}"
    return _EXPLANATIONS[found.outcome]
