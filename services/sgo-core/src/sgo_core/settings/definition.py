"""The settings there are (``registry.yaml``): meaning, values, default, who may set them."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from asu_contracts.access import Role
from servicekit.packaged import read_yaml


class Setting(BaseModel):
    """A setting. ``organization`` names who may set an organization's own value; nobody: the region's stands for all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    type: Literal["choice", "integer", "flag"]
    options: Mapping[str, str] | None = None
    least: int | None = None
    most: int | None = None
    default: str | int | bool
    region: tuple[Role, ...] = (Role.REGION_ADMIN,)
    organization: tuple[Role, ...] = ()
    read_by: tuple[str, ...] = Field(min_length=1)

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """Checks a value."""
        if self.type == "choice":
            codes: Any = Literal[tuple(self.options or ())]  # the options are data
            return TypeAdapter(codes)
        if self.type == "integer":
            return TypeAdapter(Annotated[int, Field(strict=True, ge=self.least, le=self.most)])
        return TypeAdapter(Annotated[bool, Field(strict=True)])

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.type == "choice") != (self.options is not None):
            raise ValueError(f"{self.name}: options belong to a choice")
        if (self.type == "integer") != (self.least is not None and self.most is not None):
            raise ValueError(f"{self.name}: least and most belong to an integer")
        self.adapter.validate_python(self.default)
        return self


def _load() -> Mapping[str, Setting]:
    return {
        one.name: one
        for one in TypeAdapter(list[Setting]).validate_python(read_yaml("sgo_core.settings", "registry.yaml"))
    }


SETTINGS = _load()
