"""HTTP shapes of academic years, classes and groups."""

from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from servicekit.http import ABSENT, Body, Line, Text
from sgo_core.groups.naming import LETTER_LENGTH, class_name, letter_of

GroupKind = Literal["class", "preschool_group", "additional_group"]
ClassType = Literal["ordinary", "adapted", "in_depth", "gymnasium", "lyceum", "cadet"]
PlanType = Literal["classical", "individual"]
Orientation = Literal["general", "compensating", "combined", "wellness", "care", "early", "family"]
Disorder = Literal[
    "hearing", "speech", "vision", "intellect", "mental_delay", "musculoskeletal", "autism", "complex", "other"
]
StayMode = Literal["full_day", "shortened_day", "extended_day", "short_stay", "round_the_clock"]
Year = Annotated[int, Field(ge=2000, le=2100, description="Календарный год начала учебного года")]
GroupName = Annotated[Line, StringConstraints(max_length=60)]
Letter = Annotated[Line, StringConstraints(max_length=LETTER_LENGTH)]
Profile = Annotated[Line, StringConstraints(max_length=100)]
Capacity = Annotated[int, Field(ge=1, le=500)]
Grade = Annotated[int, Field(ge=1, le=11)]
Age = Annotated[int, Field(ge=0, le=8)]
Shift = Annotated[int, Field(ge=1, le=3)]
Headcount = Annotated[int, Field(ge=0, le=500)]

_OF_CLASS = ("grade", "letter", "class_type", "plan_type", "profile", "combined_set")
_OF_PRESCHOOL = ("age_from", "age_to", "orientation", "disorder", "stay_mode")
_DEFAULTS: dict[str, dict[str, Any]] = {
    "class": {"class_type": "ordinary", "plan_type": "classical"},
    "preschool_group": {"orientation": "general", "stay_mode": "full_day"},
    "additional_group": {},
}


class AcademicYearOut(Body):
    """An academic year: [starts_on, ends_on)."""

    year: int
    starts_on: date
    ends_on: date


class AcademicYearsOut(Body):
    """Academic years of the region."""

    items: list[AcademicYearOut]


class GroupIn(Body):
    """A class, a preschool group or a group of additional education.

    A class has a grade and a letter; named without the other, the one follows from the other («5» and «Б» make «5Б»). A preschool
    group has ages in full years on 1 September, both inclusive. A group of additional education follows a programme.
    """

    kind: GroupKind
    name: Annotated[GroupName | None, Field(title="Название")] = None
    grade: Annotated[Grade | None, Field(title="Параллель")] = None
    letter: Annotated[Letter | None, Field(title="Буква (название) класса в параллели")] = None
    class_type: Annotated[ClassType | None, Field(title="Вид класса")] = None
    plan_type: Annotated[PlanType | None, Field(title="Учебный план: классический, индивидуальный")] = None
    profile: Annotated[Profile | None, Field(title="Профиль")] = None
    combined_set: Annotated[Letter | None, Field(title="Класс-комплект, в котором класс учится")] = None
    age_from: Age | None = None
    age_to: Age | None = None
    orientation: Annotated[Orientation | None, Field(title="Направленность группы")] = None
    disorder: Annotated[Disorder | None, Field(title="Вид нарушения (компенсирующая, комбинированная)")] = None
    stay_mode: Annotated[StayMode | None, Field(title="Режим пребывания")] = None
    programme_id: Annotated[UUID | None, Field(title="Дополнительная образовательная программа")] = None
    shift: Annotated[Shift | None, Field(title="Смена")] = None
    room_id: Annotated[UUID | None, Field(title="Кабинет")] = None
    reference_headcount: Annotated[Headcount | None, Field(title="Численность на 20 сентября")] = None
    capacity: Capacity

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        match self.kind:
            case "class":
                self._check_class()
            case "preschool_group":
                self._check_preschool_group()
            case "additional_group":
                self._check_additional_group()
        return self

    def _any(self, *names: str) -> bool:
        return any(getattr(self, name) is not None for name in names)

    def _check_class(self) -> None:
        named = self.name is not None or self.letter is not None
        if self.grade is None or not named or self._any(*_OF_PRESCHOOL, "programme_id"):
            raise PydanticCustomError(
                "groups.class-fields",
                "У класса указываются параллель и буква или название, но не возраст и не программа",
            )
        if self.letter is None and len(letter_of(self.grade, self.name or "")) > LETTER_LENGTH:
            raise PydanticCustomError("groups.letter", "Буква (название) класса в параллели длиннее 15 знаков")

    def _check_preschool_group(self) -> None:
        if self.name is None or self.age_from is None or self.age_to is None or self._any(*_OF_CLASS, "programme_id"):
            raise PydanticCustomError(
                "groups.preschool-fields", "У группы указываются название и возраст и не указывается параллель"
            )
        if self.age_from > self.age_to:
            raise PydanticCustomError("groups.ages", "Возраст «от» больше возраста «до»")
        if self.disorder is not None and self.orientation not in {"compensating", "combined"}:
            raise PydanticCustomError(
                "groups.disorder",
                "Вид нарушения указывается у группы компенсирующей или комбинированной направленности",
            )

    def _check_additional_group(self) -> None:
        if self.name is None or self.programme_id is None or self._any(*_OF_CLASS, *_OF_PRESCHOOL):
            raise PydanticCustomError(
                "groups.additional-fields", "У группы дополнительного образования указываются название и программа"
            )

    def columns(self) -> dict[str, Any]:
        """Columns of the group: what was left out and follows from its kind is filled in."""
        values = self.model_dump()
        values |= {name: value for name, value in _DEFAULTS[self.kind].items() if values[name] is None}
        if self.grade is not None:
            values["letter"] = self.letter or letter_of(self.grade, self.name or "")
            values["name"] = self.name or class_name(self.grade, values["letter"])
        return values


class GroupsIn(Body):
    """Classes or groups to open in an academic year."""

    academic_year: Year
    groups: Annotated[list[GroupIn], Field(min_length=1, max_length=200)]


class GroupPatch(Body):
    """Fields to change, and why; what is absent stays. Kind, grade and programme of a group stay for its year.

    A new letter renames a class whose name was made of it, a new name gives a class its letter.
    """

    reason: Text = "Изменение класса (группы)"
    name: GroupName = ABSENT
    letter: Letter = ABSENT
    class_type: ClassType = ABSENT
    plan_type: PlanType = ABSENT
    profile: Profile | None = ABSENT
    combined_set: Letter | None = ABSENT
    age_from: Age = ABSENT
    age_to: Age = ABSENT
    orientation: Orientation = ABSENT
    disorder: Disorder | None = ABSENT
    stay_mode: StayMode = ABSENT
    shift: Shift | None = ABSENT
    room_id: UUID | None = ABSENT
    reference_headcount: Headcount | None = ABSENT
    capacity: Capacity = ABSENT
    active: bool = ABSENT


class GroupOut(Body):
    """A class or a group. ``occupied`` counts the places taken; as of a past instant it and ``version`` are null."""

    id: UUID
    organization_id: UUID
    academic_year: int
    kind: GroupKind
    name: str
    grade: int | None
    letter: str | None
    class_type: ClassType | None
    plan_type: PlanType | None
    profile: str | None
    combined_set: str | None
    age_from: int | None
    age_to: int | None
    orientation: Orientation | None
    disorder: Disorder | None
    stay_mode: StayMode | None
    programme_id: UUID | None
    shift: int | None
    room_id: UUID | None
    reference_headcount: int | None
    capacity: int
    occupied: int | None
    starts_on: date
    ends_on: date
    active: bool
    version: int | None


class GroupsOut(Body):
    """Opened groups."""

    items: list[GroupOut]
