"""The bodies cards are created and edited with, made from the catalogue."""

from functools import cache
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, create_model
from pydantic_core import CoreSchema, core_schema

from servicekit.http import ABSENT
from sgo_core.catalogue.definition import CATALOGUE, CardKind

_CONFIG = ConfigDict(extra="forbid", hide_input_in_errors=True)


class CardValues(dict[str, Any]):
    """Values of some of a card's own fields, checked. A field left out stays as it is, null clears it.

    Subclasses name the card, and the fields it cannot be without: those are never null, and a creation has them all.
    """

    kind: ClassVar[CardKind]
    needed: ClassVar[frozenset[str]]
    creates: ClassVar[bool] = False

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(cls._of, handler.generate_schema(cls._model()))

    @classmethod
    def _of(cls, model: BaseModel) -> "CardValues":
        return cls({name: getattr(model, name) for name in sorted(model.model_fields_set)})

    @classmethod
    @cache
    def _model(cls) -> type[BaseModel]:
        fields: dict[str, Any] = {}
        for name, one in CATALOGUE.cards[cls.kind].stored().items():
            title = one.title if one.unit is None else f"{one.title}, {one.unit}"
            needed = name in cls.needed
            default = Field(title=title) if needed and cls.creates else Field(None, title=title)
            if needed and not cls.creates:
                default = Field(default_factory=ABSENT.default_factory, title=title)
            fields[name] = (one.annotation if needed else one.annotation | None, default)
        return create_model(cls.__name__, __config__=_CONFIG, __doc__=cls.__doc__, **fields)
