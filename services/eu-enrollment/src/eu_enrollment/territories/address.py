"""An address as the rules of enrolment and the look-up know it."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Address:
    """An address by the shape of the state register (ГАР): texts of its parts, and the ids of those the client knows.

    ``gar_ids`` are ids of any of its objects (settlement, street, house), in any order: one that an act names decides without
    the texts. ``settlement`` and ``street`` carry their types («г. Краснодар», «ул. Красная») or leave them out; ``house`` is
    as people type it («12А», «12 корп. 2»). What is unknown is ``None``. Give it to ``territories.service.told``.
    """

    settlement: str | None = None
    street: str | None = None
    house: str | None = None
    gar_ids: frozenset[UUID] = frozenset()
