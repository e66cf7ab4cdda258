"""Reference data: reasons of departure (``reasons.yaml``)."""

from collections.abc import Mapping
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter


class Reason(BaseModel):
    """Why a student leaves; ``destination``: whether it must be said where to; ``graduation``: having finished."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    title: str
    destination: bool
    graduation: bool = False


def _load() -> Mapping[str, Reason]:
    text = files("sgo_core.movements").joinpath("reasons.yaml").read_text(encoding="utf-8")
    return {one.code: one for one in TypeAdapter(list[Reason]).validate_python(yaml.safe_load(text))}


REASONS = _load()
SUCCESSION = "reorganization"
"""Reason of the lines that an act on organizations makes: such an order is undone by another act only."""
