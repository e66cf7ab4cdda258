"""Parts of an application that a family states about itself: addresses, documents, needs, the place the child has now."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from eu_enrollment.campaigns.rules import BY_DISORDER, Disorder, Orientation, Stay
from servicekit.http import Body, Line

_YEARS = range(1900, 2101)


def _plausible(value: date) -> date:
    if value.year not in _YEARS:
        raise PydanticCustomError("date.implausible", "Дата вне допустимых пределов")
    return value


Day = Annotated[date, AfterValidator(_plausible)]
Short = Annotated[Line, Field(max_length=100)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
"""A language by ISO 639."""
ApplicationNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{5}-[0-9]{4}-[0-9]{8,12}$")]
"""Number of an application in the register, as its receipt has it."""


class AddressIn(Body):
    """An address by the shape of the state register (ГАР): its parts as texts, and ids of the objects the sender knows."""

    settlement: Short | None = None
    street: Short | None = None
    house: Short | None = None
    flat: Short | None = None
    gar_ids: list[UUID] = Field(default_factory=list, max_length=10)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.gar_ids and self.settlement is None:
            raise PydanticCustomError("address.empty", "Укажите населённый пункт или идентификатор адреса по ГАР")
        if self.street is not None and self.settlement is None:
            raise PydanticCustomError("address.settlement", "Улица указана без населённого пункта")
        return self


class AddressesIn(Body):
    """Where the child is registered, and where it lives. Either decides the assigned territory."""

    registered: AddressIn | None = None
    stay: AddressIn | None = None

    @model_validator(mode="after")
    def _one_at_least(self) -> Self:
        if self.registered is None and self.stay is None:
            raise PydanticCustomError("address.missing", "Укажите адрес регистрации или адрес проживания")
        return self


class PaperIn(Body):
    """A document that the family has; ``valid_until`` is its last day, none where it has no end."""

    title: Short
    number: Annotated[Line, Field(max_length=40)] | None = None
    issued_on: Day | None = None
    valid_until: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.issued_on is not None and self.valid_until is not None and self.valid_until < self.issued_on:
            raise PydanticCustomError("document.period", "Документ не может закончиться раньше, чем выдан")
        return self


class BenefitIn(Body):
    """A category of the campaign's rules that the child belongs to, and the document that says so."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    document: PaperIn | None = None


class LanguageTestIn(Body):
    """A passed test of Russian (order 170 of 2025): a foreign child is not admitted to a school without it."""

    passed_on: Day
    organization: Short | None = None


class GroupIn(Body):
    """Which preschool groups the family takes: orientations and stay modes, the most wanted first, the others instead.

    ``disorder`` is named by the ``conclusion`` that groups of some orientations need; ``adapted_consent``: the family agrees to an
    adapted programme.
    """

    orientations: list[Orientation] = Field(default=["general"], min_length=1, max_length=7)
    stay_modes: list[Stay] = Field(default=["full_day"], min_length=1, max_length=5)
    disorder: Disorder | None = None
    conclusion: PaperIn | None = None
    adapted_consent: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        adapted = not BY_DISORDER.isdisjoint(self.orientations)
        if adapted and not self.adapted_consent:
            raise PydanticCustomError(
                "group.consent",
                "Для групп компенсирующей и комбинированной направленности нужно согласие на адаптированную программу",
            )
        if self.disorder is not None and not adapted:
            raise PydanticCustomError(
                "group.disorder", "Вид нарушения указывается для компенсирующей или комбинированной направленности"
            )
        if any(len(set(values)) < len(values) for values in (self.orientations, self.stay_modes)):
            raise PydanticCustomError("group.repeated", "Направленность или режим пребывания указаны дважды")
        return self


class AttendsIn(Body):
    """The place that the child has now, in the registry's ids."""

    organization_id: UUID
    group_id: UUID
